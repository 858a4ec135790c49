"""Printed words that a copy lost in part say what they said: they are asked about only where a word is gone, or something else stands there."""

import cv2
import numpy as np
import pytest

from forms.blank_pages import POINT
from forms.geometry import Box
from forms.missing import Remains
from forms.reading import read_page
from forms.results import FieldReading, PageKind
from forms.template import LEAD, Field
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

DPI = (200.0, 200.0)
FORM, EDITION, PAGE = "westminster-consent", "2023", 1
TICKS = [("store_on_database", "yes", "tick"), ("contact_by_email", "yes", "tick"), ("contact_by_post", "no", "tick")]
WHERE = ["text", LEAD]


def field() -> Field:
    return CATALOGUE.get(FORM, EDITION).field("contact_by_email")


def worn(page: Pixels, box: Box, share: float, seed: int) -> Pixels:
    """The page, with so much of the print in a box gone in blots of a millimetre, as weak toner leaves it."""
    left, top, right, bottom = (round(value * POINT) for value in box)
    page, rng = page.copy(), np.random.default_rng(seed)
    here = page[top - 8 : bottom + 8, left - 8 : right + 8]
    noise = cv2.GaussianBlur(rng.random(here.shape).astype(np.float32), (0, 0), 3)
    here[noise < np.quantile(noise, share)] = page.max()
    return page


def read(page: Pixels) -> FieldReading:
    found, _ = read_page(page, DPI, PAGE, CATALOGUE)
    assert found.kind is PageKind.FORM
    return next(one for one in found.fields if one.id == "contact_by_email")


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("seed", range(3))
def test_an_answer_under_worn_words_is_taken(where: str, seed: int) -> None:
    page = worn(drawn.filled(FORM, PAGE, TICKS), field().labels[where], 0.35, seed)
    found = read(page)
    fit = found.evidence["question" if where == "text" else "lead"]
    assert isinstance(fit, float) and fit < 0.86, "the words are as good as whole: this test shows nothing"
    assert (found.value, found.review) == ("yes", False)


@pytest.mark.parametrize("where", WHERE)
def test_a_word_that_is_gone_is_asked_about(where: str) -> None:
    left, top, right, bottom = (round(value * POINT) for value in field().labels[where])
    page = worn(drawn.filled(FORM, PAGE, TICKS), field().labels[where], 0.45, 1)
    page[top - 2 : bottom + 2, (left + right) // 2 - 40 : (left + right) // 2 + 40] = page.max()
    assert read(page).review


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("share", [0.3, 0.45, 0.6])
def test_other_words_are_asked_about_however_worn(where: str, share: float) -> None:
    page = drawn.filled(FORM, PAGE, TICKS)
    left, top, right, bottom = (round(value * POINT) for value in field().labels[where])
    page[top - 2 : bottom + 2, left - 2 : right + 2] = page.max()
    cv2.putText(page, "I never want any of this", (left, bottom - 6), cv2.FONT_HERSHEY_DUPLEX, 0.85, 30, 2, cv2.LINE_AA)
    assert read(worn(page, field().labels[where], share, 1)).review


@pytest.mark.parametrize(
    ("left", "whole"),
    [
        (Remains(0.5, 0.0, 0.2), True),
        (Remains(0.5, 0.0, 0.0), False),
        (Remains(0.5, 0.05, 0.2), False),
        (Remains(0.05, 0.0, 0.05), False),
    ],
    ids=["worn", "a word is gone", "something else is there", "next to nothing is left"],
)
def test_words_are_all_there_if_some_of_each_is_left_and_nothing_else(left: Remains, *, whole: bool) -> None:
    assert left.is_all_there is whole
