"""An arrow, a brace and a ring around the head of a column say something of several rows, and a mark that lies mostly outside of a box is not nothing."""

import cv2
import numpy as np
import pytest

from forms.answers import LINKED
from forms.judging import Measured, judge_page
from forms.marks import BESIDE, Content
from forms.reading import read_page
from forms.template import Field, Kind
from tests.golden.drawn import BALLPOINT, CATALOGUE, POINT, Pixels, blank, filled, mark, noisy, skewed

Points = list[tuple[float, float]]
TABLE = ("northamptonshire-consent", 2)
BOXES = ("westminster-consent", 1)


def pairs_of(form: str, page: int) -> list[Field]:
    """The questions of the longest column of Yes and No, from the top."""
    template = blank(form, page).known.template
    assert template is not None
    pairs = [one for one in template.on_page(page) if one.kind is Kind.YES_NO]
    last = pairs[-1].boxes["yes"][0]
    return [one for one in pairs if abs(one.boxes["yes"][0] - last) < 4]


def stroke(pixels: Pixels, points: Points) -> None:
    """A line through places in points of the page."""
    at = np.array([(round(x * POINT * 8), round(y * POINT * 8)) for x, y in points], np.int32)
    cv2.polylines(pixels, [at], False, BALLPOINT.shade, 4, cv2.LINE_AA, shift=3)


def answers(pixels: Pixels) -> dict[str, tuple[str | None, bool, str | None]]:
    reading, _ = read_page(noisy(skewed(pixels, 0.3), 4.0), (200.0, 200.0), 1, CATALOGUE)
    assert reading.fields, reading.reason
    return {one.id: (one.value, one.review, one.reason) for one in reading.fields if one.kind.is_mark}


def middle(field: Field, box: str = "yes") -> tuple[float, float]:
    left, top, right, bottom = field.boxes[box]
    return (left + right) / 2, (top + bottom) / 2


@pytest.mark.parametrize("rows", [1, 2])
def test_an_arrow_that_moves_a_tick_to_another_row_is_asked_about(rows: int) -> None:
    pairs = pairs_of(*BOXES)[-4:]
    pixels = filled(*BOXES, [(pairs[0].id, "yes", "tick")])
    x = pairs[0].boxes["yes"][2] + 5
    y0, y1 = middle(pairs[0])[1], middle(pairs[rows])[1]
    stroke(pixels, [(x, y0), (x + 7, y0 + 3), (x + 10, (y0 + y1) / 2), (x + 6, y1 - 3), (x, y1)])
    stroke(pixels, [(x + 2, y1 - 5), (x, y1), (x + 6, y1 + 1)])
    found = answers(pixels)
    assert found[pairs[0].id][1] and found[pairs[rows].id][1]


def test_a_brace_over_rows_of_a_table_is_asked_about() -> None:
    pairs = pairs_of(*TABLE)
    pixels = filled(*TABLE, [(pairs[1].id, "yes", "tick")])
    x, top, bottom = pairs[0].boxes["yes"][0] - 8, middle(pairs[0])[1], middle(pairs[2])[1]
    half = (top + bottom) / 2
    stroke(
        pixels,
        [
            (x + 4, top - 3),
            (x, top + 3),
            (x, half - 4),
            (x - 4, half),
            (x, half + 4),
            (x, bottom - 3),
            (x + 4, bottom + 3),
        ],
    )
    found = answers(pixels)
    assert [found[one.id][2] for one in pairs[:3]] == [LINKED] * 3
    assert found[pairs[4].id] == ("blank", False, None)


@pytest.mark.parametrize("head", ["yes", "no"])
def test_a_ring_around_the_head_of_a_column_is_asked_about(head: str) -> None:
    pairs = pairs_of(*TABLE)
    pixels = filled(*TABLE, [])
    left, top, right, bottom = pairs[0].labels[head]
    x, y, wide, high = (left + right) / 2, (top + bottom) / 2, (right - left) / 2 + 4, (bottom - top) / 2 + 3
    stroke(pixels, [(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in np.linspace(0.2, 6.6, 40)])
    assert all(answers(pixels)[one.id][:2] == ("unclear", True) for one in pairs)


@pytest.mark.parametrize(("form", "page"), [TABLE, BOXES])
def test_plain_ticks_under_one_another_are_answers(form: str, page: int) -> None:
    pairs = pairs_of(form, page)[:-1]  # the last may want a name
    pixels = filled(form, page, [])
    for number, one in enumerate(pairs):
        mark(pixels, one, "yes", "tick", seed=number)
    found = answers(pixels)
    assert {found[one.id][:2] for one in pairs} == {("yes", False)}


@pytest.mark.parametrize(("reach", "asked"), [(0.9, True), (0.2, False)])
def test_a_box_whose_own_strokes_lie_outside_of_it_is_not_empty(reach: float, asked: bool) -> None:
    ink = {"inside": 0.1, "total": 1.0, "reach": reach}
    names = ("foreign", "tail", "around", "extent", "density", "crossing", "faint", "filled", "hooked", "off_centre")
    evidence: dict[str, float | str] = {"fit": 1.0, **{f"tick.{name}": 0.0 for name in names}}
    evidence |= {f"tick.{name}": value for name, value in ink.items()}
    evidence |= {f"tick.chance.{one}": 0.99994 if one is Content.EMPTY else 0.00001 for one in Content}
    answer = judge_page({"f": Measured(Kind.TICK, evidence)})["f"]
    assert (answer.review, answer.reason) == ((True, BESIDE) if asked else (False, None))
