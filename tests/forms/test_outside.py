"""Words where the form asks nothing, on a page of a form or of the policy, are told to whoever confirms: they may turn every tick round."""

import cv2
import numpy as np
import pytest

from forms.assemble import WRITTEN_ON
from forms.blank_pages import POINT
from forms.outside import BESIDE_MARKS_PT
from forms.reading import read_page
from forms.results import PageKind
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

DPI = (200.0, 200.0)
W = "westminster-consent"
TICKS = [("store_on_database", "yes", "tick"), ("contact_by_email", "no", "tick"), ("contact_health", "tick", "tick")]


def said(page: Pixels, words: str, place: tuple[float, float]) -> Pixels:
    """`place`: shares of the page's width and height."""
    page = page.copy()
    at = (round(page.shape[1] * place[0]), round(page.shape[0] * place[1]))
    cv2.putText(page, words, at, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.3, 60, 3, cv2.LINE_AA)
    return page


def reason(page: Pixels) -> tuple[PageKind, str | None]:
    reading, _ = read_page(page, DPI, 1, CATALOGUE)
    return reading.kind, reading.reason


@pytest.mark.parametrize("place", [(0.2, 0.03), (0.2, 0.975), (0.45, 0.075)])
def test_a_sentence_at_the_head_or_the_foot_is_told_and_the_marks_are_read(place: tuple[float, float]) -> None:
    page = said(drawn.filled(W, 1, TICKS), "I agree to none of this", place)
    assert reason(page) == (PageKind.FORM, WRITTEN_ON)


def test_a_form_that_is_only_filled_in_says_nothing() -> None:
    assert reason(drawn.filled(W, 1, TICKS)) == (PageKind.FORM, None)
    assert reason(drawn.noisy(drawn.filled(W, 1, TICKS))) == (PageKind.FORM, None)


def test_a_date_and_a_signature_in_their_places_say_nothing() -> None:
    page = drawn.filled(W, 1, TICKS)
    for field in CATALOGUE.get(W, "2023").on_page(1):
        if not field.kind.is_mark:
            left, _, _, bottom = field.box
            page = said(page, "Ada", ((left + 12) / 595.3, (bottom - 4) / 841.9))
    assert reason(page) == (PageKind.FORM, None)


def test_a_black_edge_and_punched_holes_say_nothing() -> None:
    page = drawn.filled(W, 1, TICKS)
    page[:14] = page[:, :12] = 25
    for y in (860, 1480):
        cv2.circle(page, (60, y), 22, 40, -1)
    assert reason(np.ascontiguousarray(page)) == (PageKind.FORM, None)


def test_words_that_run_a_little_into_a_question_are_told() -> None:
    """What begins at the edge of the paper and ends in a row's own room is no answer to it."""
    page = drawn.filled(W, 1, TICKS)
    before = page.copy()
    row = CATALOGUE.get(W, "2023").field("contact_by_email")
    left = min(box[0] for box in (*row.boxes.values(), *row.own_labels.values())) - BESIDE_MARKS_PT
    middle = (row.box[1] + row.box[3]) / 2
    assert left > 40, "room beside it"
    for down in (-14, 0, 14):
        x, y = round((left - 24) * POINT), round(middle * POINT) + down
        cv2.line(page, (x, y), (round((left + 4) * POINT), y - 4), 60, 3, cv2.LINE_AA)
    assert (page != before).any()
    assert reason(page) == (PageKind.FORM, WRITTEN_ON)


def test_a_broken_fold_and_what_comes_in_from_the_edge_say_nothing() -> None:
    page = drawn.filled(W, 1, TICKS)
    for start in (150, 300, 450):  # one line across the foot, broken into pieces of 16 mm
        cv2.line(page, (start, 2262), (start + 130, 2263), 60, 3)
    assert reason(page) == (PageKind.FORM, None)
    page = drawn.filled(W, 1, TICKS)
    for x in (300, 330, 360, 390):  # the marks of a feeder
        cv2.line(page, (x, 0), (x + 6, 60), 40, 9)
    assert reason(page) == (PageKind.FORM, None)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_page_of_the_policy_that_is_written_on_is_told(number: int) -> None:
    page = drawn.picture("westminster-policy", number)
    assert reason(page) == (PageKind.POLICY, None)
    assert reason(said(page, "I withdraw my consent", (0.2, 0.035))) == (PageKind.POLICY, WRITTEN_ON)
