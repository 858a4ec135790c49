"""Blanks that are filled in on a screen: their fields are boxes, whether or not anything is drawn for them."""

import io

import numpy as np
import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

from forms.drafting.draft import draft_template
from forms.drafting.parts import pictures_of
from forms.drafting.widgets import places_of
from forms.geometry import Box
from forms.template import Field, Kind
from tests.forms.drafting.drawing import BOX, pdf_of, printed

PT = 72 / 25.4
HIGH = 841.89
PUSH_BUTTON, COMB = 1 << 16, 1 << 24


def field(kind: str, left: float, top: float, width: float, height: float, **more: int) -> DictionaryObject:
    """A form field at a place in millimetres from the top left, with a border."""
    x, y = left * PT, HIGH - (top + height) * PT
    made = {
        "/Type": NameObject("/Annot"), "/Subtype": NameObject("/Widget"), "/FT": NameObject(kind), "/F": NumberObject(4),
        "/T": TextStringObject(f"{left} {top}"),
        "/Rect": ArrayObject([FloatObject(n) for n in (x, y, x + width * PT, y + height * PT)]),
    }  # fmt: skip
    return DictionaryObject(
        {NameObject(n): v for n, v in (made | {f"/{n}": NumberObject(v) for n, v in more.items()}).items()}
    )


def fillable(body: str, *fields: DictionaryObject) -> bytes:
    """A page that is described in Typst, with form fields on it."""
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(pdf_of(body)))
    held = ArrayObject([writer._add_object(one) for one in fields])
    writer.pages[0][NameObject("/Annots")] = held
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): held})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def drafted(body: str, *fields: DictionaryObject) -> tuple[Field, ...]:
    return draft_template(fillable(body, *fields), "drawn", "1").fields


WORDS = (
    printed(20, 40, "May we keep your details?")
    + printed(108, 40, "Yes")
    + printed(128, 40, "No")
    + printed(20, 60, "Signature")
)
BOXES = (field("/Btn", 102, 40, 4, 4), field("/Btn", 122, 40, 4, 4))


def _mm(*places: float) -> Box:
    left, top, width, height = (n * PT for n in places)
    return (left, top, left + width, top + height)


def test_fields_for_the_screen_are_boxes_and_places_to_write() -> None:
    asked, signed = drafted(WORDS, *BOXES, field("/Tx", 60, 58, 90, 9))
    assert (asked.kind, asked.item) == (Kind.YES_NO, "store")
    assert asked.boxes["yes"] == pytest.approx(_mm(102, 40, 4, 4), abs=0.1)
    assert signed.kind is Kind.SIGNATURE
    assert signed.boxes["area"] == pytest.approx(_mm(60, 58, 90, 9), abs=0.1)


def test_what_is_also_drawn_is_found_once() -> None:
    body = f"May we keep your details? #h(1cm) {BOX} Yes #h(1cm) {BOX} No"
    (plain,) = draft_template(pdf_of(body), "drawn", "1").fields
    over = [field("/Btn", box[0] / PT - 0.4, box[1] / PT - 0.4, 5, 5) for box in plain.boxes.values()]
    assert drafted(body, *over) == (plain,)


def test_a_comb_is_divided_and_a_date_of_eight_figures_is_read_by_figure() -> None:
    (one,) = drafted(printed(20, 40, "Date of birth"), field("/Tx", 60, 38, 56, 8, Ff=COMB, MaxLen=8))
    assert (one.kind, len(one.comb)) == (Kind.DATE, 8)
    assert one.comb[2] == pytest.approx(_mm(60 + 14, 38, 7, 8), abs=0.1)


def test_buttons_and_hidden_fields_are_no_places_to_fill_in() -> None:
    hidden, push = (
        field("/Tx", 60, 70, 90, 9) | {NameObject("/F"): NumberObject(2)},
        field("/Btn", 60, 90, 5, 5, Ff=PUSH_BUTTON),
    )
    (page,) = places_of(fillable(WORDS, DictionaryObject(hidden), push))
    assert page == ()


def test_the_picture_of_a_blank_shows_what_a_printer_shows() -> None:
    shown = field("/Tx", 60, 58, 90, 9)
    shown[NameObject("/MK")] = DictionaryObject({NameObject("/BC"): ArrayObject([FloatObject(0)])})
    (page,) = pictures_of(fillable(WORDS, shown))
    left, top, right, _ = (round(n * 200 / 72) for n in _mm(60, 58, 90, 9))
    assert np.mean(page[top - 2 : top + 5, left + 20 : right - 20].min(axis=0) < 128) > 0.9
