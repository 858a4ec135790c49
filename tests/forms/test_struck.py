"""One thin level stroke through a question's words, or through its printed Yes or No, is seen under the print and asked about (R23)."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from forms.answers import STRUCK
from forms.blank_pages import POINT
from forms.page import page_of
from forms.reading import read_page
from forms.register import register, turn
from forms.results import FieldReading
from forms.struck import is_struck
from forms.template import Box, Field
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

DPI = (200.0, 200.0)
W, N = "westminster-consent", "northamptonshire-consent"
MARKS = {
    W: [("store_on_database", "yes", "tick"), ("contact_by_email", "yes", "tick"), ("contact_health", "tick", "tick")],
    N: [
        ("keep_details_on_database", "yes", "tick"),
        ("contact_on_behalf", "yes", "tick"),
        ("tell_others", "no", "tick"),
    ],
}
EDITION = {W: "2023", N: "2025"}


def field_of(form: str, name: str) -> Field:
    return next(field for field in CATALOGUE.get(form, EDITION[form]).fields if field.id == name)


def drawn_over(
    page: Pixels, box: Box, down: float, *, beyond: float = 1.0, share: float = 1.0, ink: int = 70
) -> Pixels:
    """A stroke of 0.4 mm along a label, so far down it (share of its height), `beyond` millimetres longer than it at either end."""
    left, top, right, bottom = (value * POINT for value in box)
    y, more = top + down * (bottom - top), beyond * 200 / 25.4
    start, end = (round(left - more), round(y)), (round(left + share * (right - left) + more), round(y) + 1)
    page = page.copy()
    cv2.line(page, start, end, ink, 3, cv2.LINE_AA)
    return page


def read(page: Pixels, name: str) -> FieldReading:
    reading, _ = read_page(page, DPI, 1, CATALOGUE)
    return next(field for field in reading.fields if field.id == name)


@pytest.mark.parametrize(
    ("form", "name", "label", "share"),
    [
        (W, "store_on_database", "text", 1.0),
        (W, "contact_by_email", "text", 1.0),
        (W, "contact_by_email", "text", 0.4),
        (W, "contact_by_email", "yes", 1.0),
        (W, "contact_health", "text", 1.0),
        (N, "contact_on_behalf", "text", 1.0),
        (N, "contact_on_behalf", "yes", 1.0),
    ],
)
@pytest.mark.parametrize("ink", [70, 120])
def test_a_stroke_through_words_is_asked_about(form: str, name: str, label: str, share: float, ink: int) -> None:
    page = drawn.filled(form, 1, MARKS[form])
    before = read(page, name)
    assert (before.value, before.review) == ("yes", False)
    after = read(drawn_over(page, field_of(form, name).labels[label], 0.55, share=share, ink=ink), name)
    assert after.review and after.evidence["words.struck"] == 1.0
    assert after.reason == STRUCK or "words" in (after.reason or "")


@pytest.mark.parametrize("form", [W, N])
@pytest.mark.parametrize("scan", ["as it is", "noisy", "two tones", "small and two tones"])
def test_words_that_nobody_struck_out_are_not(form: str, scan: str) -> None:
    page = drawn.filled(form, 1, MARKS[form])
    if scan == "noisy":
        page = drawn.noisy(page)
    if scan == "small and two tones":  # letters run into each other
        page = np.asarray(cv2.resize(cv2.GaussianBlur(page, (0, 0), 1.6), None, fx=0.75, fy=0.75), np.uint8)
    if "two tones" in scan:
        page = np.asarray(np.where(page > 175, 255, 0), np.uint8)
    reading, _ = read_page(page, (150.0, 150.0) if "small" in scan else DPI, 1, CATALOGUE)
    marks = [field for field in reading.fields if field.kind.is_mark]
    assert marks and [field.id for field in marks if field.evidence["words.struck"]] == []


def test_a_line_that_is_printed_through_the_place_of_words_strikes_nothing_out() -> None:
    """A rule of a table, or the line to write on, is on every copy."""
    page = drawn.picture(W)
    whole = page_of(page, DPI)
    assert whole is not None
    found = register(drawn.blank(W), turn(whole, page, 0), np.eye(3))
    assert found is not None
    printed = drawn.blank(W).darkness > 100
    long = cv2.erode(printed.astype(np.uint8), np.ones((1, 300), np.uint8))
    y, x = (int(each[0]) for each in np.nonzero(long))
    rule = ((x - 140) / POINT, (y - 12) / POINT, (x + 140) / POINT, (y + 12) / POINT)
    field = replace(field_of(W, "contact_by_email"), labels={"text": rule})
    assert not is_struck(found, field, 255.0)
    assert _is_dark(found.darkness[y - 1 : y + 2, x - 140 : x + 140])


def _is_dark(line: Pixels) -> bool:
    return bool((line.max(axis=0) > 115).mean() > 0.95)


def test_words_that_are_underlined_are_not_struck_out() -> None:
    page = drawn_over(drawn.filled(W, 1, MARKS[W]), field_of(W, "contact_by_email").labels["text"], 1.05)
    assert read(page, "contact_by_email").evidence["words.struck"] == 0.0
