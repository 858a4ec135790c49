"""Typed and filled-in PDFs: what is plainly typed is read, and all that may look different is left to the picture."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from forms.answers import NOT_MARKED, NOT_NAMED
from forms.catalogue import BLANKS, load_catalogue
from forms.fillable import read_digital
from forms.results import FieldReading, PageKind
from forms.template import Template

CATALOGUE = load_catalogue()
FORM = CATALOGUE.get("westminster-consent")
BLANK = BLANKS / "westminster-consent.pdf"


def middle(field: str, box: str) -> tuple[float, float]:
    left, top, right, bottom = FORM.field(field).boxes[box]
    return (left + right) / 2, (top + bottom) / 2


def typed(*texts: tuple[float, float, str], mode: int = 0) -> bytes:
    """The blank with Helvetica letters around these places (points from the top left). `mode` 3 makes them invisible."""
    writer = PdfWriter(clone_from=BLANK)
    page = writer.pages[0]
    height = float(page.mediabox.height)
    font = DictionaryObject(
        {
            NameObject(k): NameObject(v)
            for k, v in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica"))
        }
    )
    page["/Resources"]["/Font"][NameObject("/Typed")] = font  # type: ignore[index]  # a dictionary in our blanks
    drawn = "".join(f"BT {mode} Tr /Typed 9 Tf {x - 3} {height - y - 3} Td ({text}) Tj ET\n" for x, y, text in texts)
    old = page.get_contents()
    assert old is not None
    stream = DecodedStreamObject()
    stream.set_data(b"q\n" + old.get_data() + b"\nQ\n" + drawn.encode("ascii"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_button(field: str, box: str, state: str) -> bytes:
    """The blank with a check box of a fillable form over one of its boxes."""
    left, top, right, bottom = FORM.field(field).boxes[box]
    writer = PdfWriter(clone_from=BLANK)
    height = float(writer.pages[0].mediabox.height)
    button = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Btn"),
            NameObject("/T"): TextStringObject("box"),
            NameObject("/F"): NumberObject(4),
            NameObject("/V"): NameObject(state),
            NameObject("/AS"): NameObject(state),
            NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (left, height - bottom, right, height - top)]),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(button)])
    return written(writer)


def fields(data: bytes) -> dict[str, FieldReading]:
    pages = read_digital(data, CATALOGUE)
    assert pages is not None
    return {field.id: field for page in pages for field in page.fields}


@pytest.mark.parametrize("template", CATALOGUE.templates(), ids=lambda one: one.id)
def test_a_blank_reads_blank(template: Template) -> None:
    pdf = BLANKS / f"{template.id}.pdf"
    found = fields(pdf.read_bytes())
    assert found
    for field in found.values():
        assert field.value == ("blank" if field.kind.is_mark else "absent" if field.id == "signature" else None)
        assert not field.review


def test_the_policy_before_the_form_is_known() -> None:
    pages = read_digital((BLANKS / "westminster-policy-and-consent.pdf").read_bytes(), CATALOGUE)
    assert pages is not None
    assert [page.kind for page in pages] == [PageKind.POLICY] * 3 + [PageKind.FORM]
    assert [page.template_sum for page in pages] == [None] * 3 + [FORM.content_sum]


def test_typed_marks_names_and_dates_are_read() -> None:
    found = fields(
        typed(
            (*middle("contact_by_email", "yes"), "X"),
            (*middle("contact_by_post", "no"), "x"),
            (*middle("contact_health", "tick"), "X"),
            (230, 515, "Pia Flint"),
            (225, 550, "03"), (258, 550, "04"), (285, 550, "2015"),
        )
    )  # fmt: skip
    got = {name: (one.value, one.review) for name, one in found.items() if one.value not in ("blank", None, "absent")}
    assert got == {
        "contact_by_email": ("yes", False),
        "contact_by_post": ("no", False),
        "contact_health": ("yes", False),
        "child_name": ("Pia Flint", False),
        "date_of_birth": ("2015-04-03", False),
    }


@pytest.mark.parametrize(
    ("ticked", "words", "after"),
    [(True, True, None), (True, False, NOT_NAMED), (False, True, NOT_MARKED), (False, False, None)],
)
def test_a_typed_other_and_its_words_belong_together(ticked: bool, words: bool, after: str | None) -> None:
    """F20."""
    left, _, _, bottom = FORM.field("contact_other_1_name").box
    texts = [(*middle("contact_other_1", "tick"), "X")] * ticked + [(left + 12, bottom - 6, "Grandmother")] * words
    found = fields(typed(*texts))
    assert found["contact_other_1_name"].value == ("Grandmother" if words else None)
    assert (found["contact_other_1"].reason, found["contact_other_1"].review) == (after, after is not None)
    assert not found["contact_other_2"].review


def test_both_boxes_typed_are_asked_about() -> None:
    found = fields(typed((*middle("contact_by_email", "yes"), "X"), (*middle("contact_by_email", "no"), "X")))
    assert (found["contact_by_email"].value, found["contact_by_email"].review) == ("unclear", True)


@pytest.mark.parametrize("text", ["?", "n", "no", "-"])
def test_other_letters_in_a_box_are_asked_about(text: str) -> None:
    found = fields(typed((*middle("contact_legal", "tick"), text)))
    assert (found["contact_legal"].value, found["contact_legal"].review) == ("unclear", True)


def test_words_beside_a_question_are_asked_about() -> None:
    _, y = middle("contact_by_text", "no")
    found = fields(typed((*middle("contact_by_text", "yes"), "X"), (520, y, "not at work")))
    assert (found["contact_by_text"].value, found["contact_by_text"].review) == ("yes", True)


def test_a_typed_name_is_no_plain_signature() -> None:
    found = fields(typed((200, 632, "Rosa Flint")))
    assert (found["signature"].value, found["signature"].review) == ("present", True)


@pytest.mark.parametrize(("state", "value"), [("/Yes", "yes"), ("/Off", "blank")])
def test_a_check_box_says_its_state(state: str, value: str) -> None:
    found = fields(with_button("contact_health", "tick", state))
    assert (found["contact_health"].value, found["contact_health"].review) == (value, False)


def test_invisible_letters_are_left_to_the_picture() -> None:
    assert read_digital(typed((*middle("contact_health", "tick"), "X"), mode=3), CATALOGUE) is None


def scan() -> bytes:
    """A picture of the blank as a PDF, as a scanner makes it."""
    picture = Image.open(BLANKS / "westminster-consent.2023-1.png").convert("L")
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=200)
    return out.getvalue()


def test_a_scan_is_left_to_the_picture() -> None:
    assert read_digital(scan(), CATALOGUE) is None


def test_marks_drawn_as_lines_are_left_to_the_picture() -> None:
    writer = PdfWriter(clone_from=BLANK)
    page = writer.pages[0]
    old = page.get_contents()
    assert old is not None
    stream = DecodedStreamObject()
    stream.set_data(b"q\n" + old.get_data() + b"\nQ\n310 390 m 320 400 l S\n")
    page[NameObject("/Contents")] = writer._add_object(stream)
    assert read_digital(written(writer), CATALOGUE) is None


def test_a_note_laid_over_a_page_is_left_to_the_picture() -> None:
    writer = PdfWriter(clone_from=BLANK)
    writer.add_annotation(0, FreeText(text="no", rect=(300, 380, 330, 410)))
    assert read_digital(written(writer), CATALOGUE) is None


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", BLANK.read_bytes()[:4000]])
def test_damaged_files_are_left_to_others(data: bytes) -> None:
    assert read_digital(data, CATALOGUE) is None


def test_a_locked_file_is_left_to_others() -> None:
    writer = PdfWriter(clone_from=PdfReader(BLANK))
    writer.encrypt("secret", algorithm="RC4-128")
    assert read_digital(written(writer), CATALOGUE) is None
