"""What lies over printed words, and what is written beside the boxes of a row (R23): only what a hand put there with the page's own pen."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forms.shapes import PX_PER_MM
from forms.strokes import Place, Strokes, around_boxes, over_words, standing_in, strokes_of, written_in

SHAPE = (500, 900)
WORDS: Place = (200, 230, 500, 258)
BOX: Place = (300, 300, 326, 326)
PEN = 150


def mm(value: float) -> int:
    """Pixels of so many millimetres."""
    return round(value * PX_PER_MM)


def page(*lines: tuple[tuple[int, int], tuple[int, int], float, int]) -> Strokes:
    """A page with straight strokes: from, to, thickness in mm, darkness."""
    dark = np.zeros(SHAPE, np.uint8)
    for start, end, thick, level in lines:
        cv2.line(dark, start, end, level, max(1, mm(thick)))
    return strokes_of(dark, dark >= 44, 96)


def free() -> NDArray[np.bool_]:
    """Nowhere on the page is a box."""
    return np.zeros(SHAPE, bool)


STRUCK = ((190, 244), (510, 240), 0.6, PEN)
FOLD = ((0, 244), (SHAPE[1], 244), 0.6, 60)
STREAK = ((350, 0), (350, SHAPE[0]), 0.4, 200)
LEANING = ((330, 150), (372, 340), 0.6, PEN)
SPECK = ((300, 240), (306, 246), 0.6, 200)


@pytest.mark.parametrize(
    ("what", "line", "counts"),
    [
        ("words struck through", STRUCK, True),
        ("the same line by a pen that is a little paler", (*STRUCK[:3], 130), True),
        ("a stroke down through the words", LEANING, True),
        ("a fold, or the ring of a cup", FOLD, False),
        ("a scanner's streak", STREAK, False),
        ("a speck", SPECK, False),
    ],
)
def test_over_words_only_the_pen_of_the_page_counts(
    what: str, line: tuple[tuple[int, int], tuple[int, int], float, int], counts: bool
) -> None:
    held = over_words(page(line), set(), WORDS, free(), dark_from=round(0.8 * PEN))
    assert (held >= 0.5) is counts, what


def test_what_is_over_words_is_measured_where_the_words_are() -> None:
    strokes = page(STRUCK)
    whole = over_words(strokes, set(), WORDS, free(), 100)
    left, top, right, bottom = WORDS
    half = over_words(strokes, set(), (left, top, (left + right) // 2, bottom), free(), 100)
    assert half == pytest.approx(whole / 2, rel=0.05)
    assert over_words(strokes, {int(strokes.labels[242, 350])}, WORDS, free(), 100) == 0.0, "a mark is no line"
    assert over_words(strokes, set(), (left, top, left, bottom), free(), 100) == 0.0, "no place at all"


GAP: Place = (280, 330, 346, 380)
"""The paper under a box, down to the next."""
FOOT = ((292, 352), (302, 366), 0.5, PEN)


@pytest.mark.parametrize(
    ("what", "lines", "stands"),
    [
        ("a tick", [FOOT, ((302, 366), (330, 340), 0.5, PEN)], True),
        ("the foot of a long tick that goes on into the box above", [FOOT, ((302, 366), (360, 200), 0.5, PEN)], False),
        ("a tick paler than the page's pen", [(*FOOT[:3], 60), ((302, 366), (330, 340), 0.5, 60)], False),
        ("a dash", [((290, 355), (336, 355), 0.4, PEN)], False),
        ("a scanner's streak", [((310, 0), (310, SHAPE[0]), 0.4, PEN)], False),
    ],
)
def test_a_mark_stands_where_most_of_it_is(
    what: str, lines: list[tuple[tuple[int, int], tuple[int, int], float, int]], stands: bool
) -> None:
    strokes = page(*lines)
    assert (standing_in(strokes, set(), GAP, dark_from=round(0.8 * PEN)) >= 0.5) is stands, what
    assert standing_in(strokes, {int(strokes.labels[y, x]) for (x, y), *_ in lines}, GAP, 100) == 0.0, "owned"


def tick_round_the_box() -> list[tuple[tuple[int, int], tuple[int, int], float, int]]:
    """A tick whose strokes go along the outline of a small box: what lies under it is masked."""
    _, top, right, bottom = BOX
    return [((right + 2, bottom - 4), (right + 40, top - 20), 0.5, PEN)]


def the_word_no() -> list[tuple[tuple[int, int], tuple[int, int], float, int]]:
    """NO, written so that it touches the outline of the box."""
    _, top, right, bottom = BOX
    at, high = right + 2, bottom - top
    n = [((at, bottom), (at, top)), ((at, top), (at + 18, bottom)), ((at + 18, bottom), (at + 18, top))]
    o = [((at + 26, top), (at + 26 + high, top)), ((at + 26, bottom), (at + 26 + high, bottom)),
         ((at + 26, top), (at + 26, bottom)), ((at + 26 + high, top), (at + 26 + high, bottom))]  # fmt: skip
    return [(start, end, 0.3, PEN) for start, end in n + o]


def test_what_goes_round_an_empty_box_is_its_mark_and_no_word_beside_it() -> None:
    strokes, marks = page(*tick_round_the_box()), {("q", "yes"): BOX}
    row = (BOX[2], BOX[1], BOX[2] + 90, BOX[3])
    assert written_in(strokes, set(), row, 100) > 0.5, "by itself it would be something written"
    mine = around_boxes(strokes, {}, marks)
    assert mine and written_in(strokes, mine, row, 100) == 0.0


def test_a_word_that_touches_the_box_stays_a_word() -> None:
    strokes, marks = page(*the_word_no()), {("q", "yes"): BOX}
    assert around_boxes(strokes, {}, marks) == set()


def test_beside_a_mark_that_lies_in_the_box_nothing_else_is_taken_for_it() -> None:
    strokes = page(((304, 304), (312, 312), 0.4, PEN), *tick_round_the_box())
    inside = int(strokes.labels[308, 308])
    tail = int(strokes.labels[BOX[1], BOX[2] + 22])
    assert inside != tail
    assert around_boxes(strokes, {inside: ("q", "yes")}, {("q", "yes"): BOX}) == set()


def test_what_stands_away_from_the_box_is_not_its_mark() -> None:
    _, top, right, _ = BOX
    strokes = page(((right + mm(1.5), top + 20), (right + mm(5), top - 10), 0.5, PEN))
    assert around_boxes(strokes, {}, {("q", "yes"): BOX}) == set()
