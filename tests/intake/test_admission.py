"""What may be opened is decided by size and first bytes, and every refusal says what to do."""

import pytest

from intake.admission import FileType, Refusal, RefusalCode, Unreadable, admit, file_type, refuse
from tests.hostile import docx, good

LARGEST = 1000


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        pytest.param(b"%PDF-1.4\n", FileType.PDF, id="pdf"),
        pytest.param(b"\r\n\x00scanner\n%PDF-1.7\n", FileType.PDF, id="pdf behind a scanner's own bytes"),
        pytest.param(b"II*\0\x08\0\0\0", FileType.TIFF, id="tiff"),
        pytest.param(b"MM\0*\0\0\0\x08", FileType.TIFF, id="tiff, big-endian"),
        pytest.param(b"II+\0\x08\0\0\0", FileType.TIFF, id="big tiff"),
        pytest.param(b"\xff\xd8\xff\xe0", FileType.JPEG, id="jpeg"),
        pytest.param(b"\x89PNG\r\n\x1a\n", FileType.PNG, id="png"),
    ],
)
def test_scans_are_admitted(head: bytes, kind: FileType) -> None:
    assert admit(head, len(head), LARGEST) is kind


@pytest.mark.parametrize(
    ("head", "words"),
    [
        pytest.param(docx(), "Word document", id="docx"),
        pytest.param(docx(("xl/workbook.xml", b"x")), "Word|spreadsheet", id="xlsx"),
        pytest.param(docx(("mimetype", b"application/vnd.oasis.opendocument.text")), "Writer|Word", id="odt"),
        pytest.param(b"PK\x03\x04" + b"scan.pdf %PDF-1.4", "zip archive", id="zip with a pdf in it"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8), "Office document", id="doc or msg"),
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC", id="heic"),
        pytest.param(b"From: school@example.org\r\nSubject: form\r\n", "saved e-mail", id="piece of an e-mail"),
        pytest.param(b"\n<!doctype html><html>", "web page", id="html"),
        pytest.param(b"Dear all, please see %PDF-1.4 attached", "plain text", id="text that names a pdf"),
        pytest.param("Annwyl bawb, diolch â phob dymuniad".encode(), "plain text", id="welsh text"),
        pytest.param(b"MZ\x90\0", "program", id="exe"),
        pytest.param(b"\x7fELF\2", "program", id="elf"),
        pytest.param(b"GIF89a", "GIF", id="gif"),
        pytest.param(bytes([7, 200, 3, 0, 9]) * 10, "It is not a scan", id="anything else"),
    ],
)
def test_other_files_are_named_and_refused(head: bytes, words: str) -> None:
    refused = admit(head, len(head), LARGEST)
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.WRONG_TYPE
    assert any(word in refused.message for word in words.split("|"))


@pytest.mark.parametrize(
    ("size", "code"),
    [(LARGEST - 1, None), (LARGEST, None), (LARGEST + 1, RefusalCode.TOO_BIG), (0, RefusalCode.EMPTY)],
)
def test_the_size_limit_is_exact(size: int, code: RefusalCode | None) -> None:
    found = admit(good()[: size or 0], size, LARGEST)
    assert (found.code if isinstance(found, Refusal) else None) is code


def test_a_file_of_zeros_is_damaged() -> None:
    found = admit(bytes(100), 100, LARGEST)
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.DAMAGED


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_is_a_sentence_with_advice(code: RefusalCode) -> None:
    for part in (None, Unreadable(3, 5)):
        message = refuse(code, part, limit=100).message
        assert message.startswith("It ")
        assert message.endswith(".")
        assert message.count(". ") >= 1


def test_a_part_that_can_be_read_is_counted() -> None:
    assert "3 of 5 pages can be read" in refuse(RefusalCode.CUT_SHORT, Unreadable(3, 5)).message
    assert "3 of 5 pages can be read" in refuse(RefusalCode.DAMAGED, Unreadable(3, 5)).message
    assert "0 of" not in refuse(RefusalCode.DAMAGED, Unreadable(0, 5)).message


def test_the_type_is_none_for_what_is_not_opened() -> None:
    assert file_type(b"GIF89a") is None
