"""Recognised text beside written fields: always a suggestion, never over what was already read."""

import pytest

from forms.ocr import OcrText
from forms.results import FieldReading, FormReading
from forms.suggest import suggest
from forms.template import Kind


def field(name: str, kind: Kind, value: str | None = None) -> FieldReading:
    """A field in which something was seen but not read."""
    return FieldReading(name, kind, value, True, 0.3, "Something is written here.", 1, (0, 0, 10, 10), 1)


FORM = FormReading(
    "a", "1", (1,),
    {
        "child_name": field("child_name", Kind.TEXT),
        "signed_on": field("signed_on", Kind.DATE),
        "tell_others": field("tell_others", Kind.YES_NO, "unclear"),
        "parent_name": field("parent_name", Kind.TEXT, "Rosa Flint"),
        "signature": field("signature", Kind.SIGNATURE),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "confidence", "value"),
    [
        ("child_name", "Pia  Flint\n", 0.8, "Pia Flint"),
        ("child_name", "Pia\x00Flint", 0.8, "Pia Flint"),
        ("child_name", "x" * 500, 0.8, "x" * 200),
        ("child_name", "~~ |", 0.1, None),
        ("child_name", "", 0.9, None),
        ("signed_on", "03/04/2026", 0.2, "2026-04-03"),
        ("signed_on", "31/02/2026", 0.9, None),
        ("tell_others", "yes", 0.99, "unclear"),
        ("parent_name", "Rose Flynt", 0.99, "Rosa Flint"),
        ("signature", "R Flint", 0.99, None),
    ],
)
def test_suggestion(name: str, text: str, confidence: float, value: str | None) -> None:
    found = suggest(FORM, {name: OcrText(text, confidence)}).fields[name]
    assert found.value == value
    assert found.review
    assert found.reason


def test_a_date_that_cannot_be_read_says_why() -> None:
    found = suggest(FORM, {"signed_on": OcrText("31/02/2026", 0.9)}).fields["signed_on"]
    assert found.reason == "There is no such day in the calendar. Read it from the picture."


def test_a_text_for_no_field_changes_nothing() -> None:
    assert suggest(FORM, {"nowhere": OcrText("text", 0.9)}) == FORM
