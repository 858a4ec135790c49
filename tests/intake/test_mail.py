"""A saved e-mail becomes pages: its text, then each attachment's pages. What cannot be shown whole is stopped (P6)."""

from email.message import EmailMessage

import numpy as np
import pytest

from intake.admission import FileType, RefusalCode, admit
from intake.mail import MOST_PARTS
from intake.pages import open_document
from intake.sandbox.client import DocumentSandbox, PageResult
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Stopped
from tests.hostile import docx, good, locked, saved, sheet

LIMITS = Limits()


def mail(
    text: str | None = "Dear Ms Quill,\nthe report is attached.", *attached: tuple[bytes, str, str]
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Morgan Testwood <m@example.org>", "office@example.org", "Report"
    made["Message-ID"], made["MIME-Version"] = "<1@example.org>", "1.0"
    if text is not None:
        made.set_content(text)
    for data, kind, name in attached:
        main, sub = kind.split("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made


def opened(message: EmailMessage | bytes) -> list[np.ndarray]:
    document = open_document(message if isinstance(message, bytes) else message.as_bytes(), LIMITS)
    return [document.page(number).pixels for number in range(1, document.pages + 1)]


def refusal(message: EmailMessage | bytes) -> RefusalCode:
    with pytest.raises(Stopped) as stopped:
        opened(message)
    return stopped.value.code


PDF = (good(2), "application/pdf", "report.pdf")
PHOTO = (saved(sheet("RGB"), "JPEG"), "image/jpeg", "photo.jpg")


def test_its_text_comes_first_then_each_attachments_pages() -> None:
    pages = opened(mail("Dear Ms Quill", PDF, PHOTO))
    assert len(pages) == 4
    assert pages[0].shape == (1754, 1240) and pages[0].min() < 50
    assert pages[1].shape == pages[2].shape != pages[0].shape


def test_it_is_read_inside_the_sandbox() -> None:
    data = mail("Dear Ms Quill", PDF, PHOTO).as_bytes()
    assert admit(data[:4096], len(data), 1 << 20) is FileType.EMAIL
    pages: list[PageResult] = []
    with DocumentSandbox(reader="none") as sandbox:
        result = sandbox.read(data, LIMITS, pages.append)
    assert (result.refusal, result.pages, [page.number for page in pages]) == (None, 4, [1, 2, 3, 4])


def test_a_long_text_runs_over_several_pages_and_loses_no_line() -> None:
    few, many = opened(mail("line\n" * 10)), opened(mail("line\n" * 200))
    assert (len(few), len(many)) == (1, 5)
    assert all(page.min() < 50 for page in many)


def test_a_line_without_end_is_cut_into_lines() -> None:
    assert len(opened(mail("word " * 5000))) > 3
    assert len(opened(mail("x" * 20_000))) > 3


def test_a_text_in_two_dresses_is_shown_once() -> None:
    both = mail("Dear Ms Quill")
    both.add_alternative("<p>Dear Ms Quill</p>", subtype="html")
    assert len(opened(both)) == 1


def test_html_shows_its_words_and_none_of_its_scripts() -> None:
    only = mail(None)
    only.set_content("<style>x{}</style><script>alert(1)</script>", subtype="html")
    words = mail(None)
    words.set_content("<p>Dear</p><p>Ms Quill</p>", subtype="html")
    (empty,), (shown,) = opened(only), opened(words)
    assert (shown < 128).sum() > (empty < 128).sum() + 200


@pytest.mark.parametrize(
    ("attached", "code"),
    [
        pytest.param((docx(), "application/msword", "a.docx"), RefusalCode.ATTACHMENT, id="office file"),
        pytest.param((b"MZ" + bytes(99), "application/pdf", "a.pdf"), RefusalCode.ATTACHMENT, id="program named pdf"),
        pytest.param((mail().as_bytes(), "text/plain", "a.txt"), RefusalCode.ATTACHMENT, id="e-mail as a file"),
        pytest.param((locked(), "application/pdf", "a.pdf"), RefusalCode.PASSWORD, id="locked"),
        pytest.param((good(3)[:-2000], "application/pdf", "a.pdf"), RefusalCode.CUT_SHORT, id="cut short"),
    ],
)
def test_an_attachment_that_cannot_be_opened_stops_the_whole(
    attached: tuple[bytes, str, str], code: RefusalCode
) -> None:
    assert refusal(mail("Dear", PDF, attached)) is code


def test_an_email_inside_an_email_stops_it() -> None:
    outer = mail("See below")
    outer.add_attachment(mail("inside"))
    assert refusal(outer) is RefusalCode.ATTACHMENT


def test_writing_that_cannot_be_drawn_stops_it() -> None:
    assert refusal(mail("محمد")) is RefusalCode.ATTACHMENT
    assert len(opened(mail("Zoë’s café – “50 €” ☺"))) == 1


def test_too_many_parts_or_pages_stop_it() -> None:
    assert refusal(mail("x", *[PHOTO] * (MOST_PARTS + 1))) is RefusalCode.TOO_MANY_PAGES
    with pytest.raises(Stopped) as stopped:
        open_document(mail("x", PDF).as_bytes(), Limits(pages=2))
    assert stopped.value.code is RefusalCode.TOO_MANY_PAGES


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_half_an_email_never_passes_for_a_whole_one(share: float) -> None:
    data = mail("Dear", PDF).as_bytes()
    assert refusal(data[: int(len(data) * share)]) in (
        RefusalCode.CUT_SHORT,
        RefusalCode.DAMAGED,
        RefusalCode.ATTACHMENT,
    )


def test_an_email_cut_between_two_attachments_is_noticed() -> None:
    data = mail("Dear", PHOTO, PDF).as_bytes()
    boundary = data.rindex(b"\n--", 0, data.index(b"report.pdf"))
    assert refusal(data[:boundary]) is RefusalCode.CUT_SHORT


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Date: Monday\nFrom: us\nTo: you\nDear all, the minutes", id="notes of a meeting"),
        pytest.param(b"From: a@example.org\r\nSubject: form\r\n", id="too little"),
        pytest.param(b"%PDF-1.7\nFrom: a\nTo: b\nMIME-Version: 1.0\n", id="pdf"),
    ],
)
def test_what_only_looks_like_an_email_is_none(head: bytes) -> None:
    assert admit(head, len(head), 1 << 20) is not FileType.EMAIL
