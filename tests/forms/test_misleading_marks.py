"""What people put into and over boxes that says no, or nothing, and looks like a tick to whoever sees only the box."""

import cv2
import numpy as np
import pytest

from forms.answers import LINE
from forms.lines import _coarse, long_lines, over
from forms.reading import read_page
from forms.shapes import PX_PER_MM
from forms.template import Field, Kind
from tests.golden.drawn import CATALOGUE, POINT, Pixels, blank, filled, noisy, picture, skewed

PEN = 40
THIN = 4
Points = list[tuple[float, float]]
LETTERS: dict[str, list[Points]] = {
    "N": [[(0.0, 1.0), (0.0, 0.0), (1.0, 1.0), (1.0, 0.0)]],
    "0": [[(0.5 + 0.4 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in np.linspace(0, 6.4, 24)]],
    "dash": [[(-0.1, 0.55), (1.1, 0.45)]],
    "tick": [[(0.0, 0.5), (0.35, 1.0), (1.1, -0.1)]],
}


def marks_of(form: str, page: int) -> list[Field]:
    template = blank(form, page).known.template
    assert template is not None
    return [one for one in template.on_page(page) if one.kind.is_mark]


def stroke(pixels: Pixels, points: Points, width: int = THIN) -> None:
    """A line through places in points of the page."""
    at = np.array([(round(x * POINT * 8), round(y * POINT * 8)) for x, y in points], np.int32)
    cv2.polylines(pixels, [at], False, PEN, width, cv2.LINE_AA, shift=3)


def write(pixels: Pixels, field: Field, box: str, letter: str) -> None:
    """A letter as high as a box lets it be, in its middle."""
    left, top, right, bottom = field.boxes[box]
    high = min(bottom - top, 14.0) * 0.7
    x, y = (left + right) / 2 - high * 0.4, (top + bottom) / 2 - high / 2
    for line in LETTERS[letter]:
        stroke(pixels, [(x + px * high * 0.8, y + py * high) for px, py in line])


def taken(pixels: Pixels) -> dict[str, str]:
    """The answers of marks that nobody is asked about, on a scan that is a little askew and grained."""
    reading, _ = read_page(noisy(skewed(pixels, 0.3), 4.0), (200.0, 200.0), 1, CATALOGUE)
    assert reading.fields, reading.reason
    return {one.id: str(one.value) for one in reading.fields if one.kind.is_mark and not one.review}


PAGES = [("westminster-consent", 1), ("northamptonshire-consent", 2)]


@pytest.mark.parametrize(("form", "page"), PAGES)
@pytest.mark.parametrize("letter", ["N", "0", "dash"])
def test_a_letter_a_figure_or_a_dash_in_every_second_box_is_no_yes(form: str, page: int, letter: str) -> None:
    pixels = picture(form, page)
    fields = marks_of(form, page)
    for number, field in enumerate(fields):
        write(pixels, field, "yes" if field.kind is Kind.YES_NO else "tick", letter if number % 2 else "tick")
    found = taken(pixels)
    assert [field.id for field in fields[1::2] if found.get(field.id) == "yes"] == []
    assert sum(found.get(field.id) == "yes" for field in fields[::2]) >= len(fields[::2]) - 2  # a tick is still a tick


@pytest.mark.parametrize(("form", "page"), PAGES)
def test_a_letter_in_a_no_box_is_a_no(form: str, page: int) -> None:
    pairs = [one for one in marks_of(form, page) if one.kind is Kind.YES_NO]
    pixels = picture(form, page)
    for field in pairs:
        write(pixels, field, "no", "dash")
    assert all(value == "no" for name, value in taken(pixels).items() if name in {one.id for one in pairs})


@pytest.mark.parametrize(("form", "page"), PAGES)
def test_one_line_through_all_ticks_of_a_column_takes_none_of_them(form: str, page: int) -> None:
    pairs = [one for one in marks_of(form, page) if one.kind is Kind.YES_NO]
    pixels = filled(form, page, [(one.id, "yes", "tick") for one in pairs])
    boxes = [one.boxes["yes"] for one in pairs if abs(one.boxes["yes"][0] - pairs[-1].boxes["yes"][0]) < 4]
    x = (boxes[0][0] + boxes[0][2]) / 2
    stroke(pixels, [(x - 2, boxes[0][1] - 4), (x + 2, boxes[-1][3] + 4)])
    found = taken(pixels)
    crossed = [one.id for one in pairs if one.boxes["yes"] in boxes]
    assert [name for name in crossed if found.get(name) == "yes"] == []


@pytest.mark.parametrize(("form", "page"), PAGES)
def test_a_page_crossed_out_from_corner_to_corner_is_asked_about(form: str, page: int) -> None:
    fields = marks_of(form, page)
    pixels = filled(form, page, [(one.id, "yes" if "yes" in one.boxes else "tick", "tick") for one in fields])
    stroke(pixels, [(40, 50), (550, 780)])
    stroke(pixels, [(550, 50), (40, 780)])
    reading, _ = read_page(noisy(skewed(pixels, 0.3), 4.0), (200.0, 200.0), 1, CATALOGUE)
    asked = [one for one in reading.fields if one.kind.is_mark]
    assert all(one.review for one in asked)
    assert sum(one.reason == LINE for one in asked) > len(asked) / 2


SHAPE = (1200, 900)
MIDDLE = (440.0, 590.0, 460.0, 610.0)
DRAWN = [
    ("a diagonal around the box", [(300, 400), (600, 900)], True),
    ("a diagonal of another section", [(100, 700), (300, 900)], False),
    ("a diagonal over most of the page", [(500, 100), (890, 1100)], True),
    ("an upright line through it", [(450, 300), (452, 900)], True),
    ("an upright line far beside it", [(600, 300), (602, 900)], False),
    ("a level line under it", [(200, 660), (800, 663)], False),
    ("a short stroke through it", [(400, 600), (500, 600)], False),
    ("nothing", [], False),
]


@pytest.mark.parametrize(("points", "hit"), [row[1:] for row in DRAWN], ids=[row[0] for row in DRAWN])
def test_a_long_line_is_over_the_boxes_that_it_runs_through_or_around(points: list[tuple[int, int]], hit: bool) -> None:
    ink = np.zeros(SHAPE, np.uint8)
    if points:
        cv2.line(ink, points[0], points[1], 1, 4)
    length = over(long_lines(ink.view(np.bool_)), [MIDDLE])
    assert (length >= 2.5) is hit
    if hit:
        assert length <= np.hypot(*np.subtract(points[1], points[0])) / PX_PER_MM / 10 + 0.5


def test_grain_has_no_lines() -> None:
    ink = np.random.default_rng(1).random(SHAPE) < 0.4
    assert long_lines(ink) == []


def test_coarse_pixels_have_ink_where_three_of_sixteen_have() -> None:
    ink = np.random.default_rng(2).random((203, 158)) < 0.19
    counts = ink[:200, :156].reshape(50, 4, 39, 4).sum(axis=(1, 3))
    assert np.array_equal(_coarse(ink), (counts >= 3).astype(np.uint8))


@pytest.mark.parametrize("seed", range(6))
def test_lines_near_boxes_are_those_of_the_whole_page(seed: int) -> None:
    """Not to look where no line can be over a box changes nothing that is said of any box."""
    random = np.random.default_rng(seed)
    ink = np.zeros(SHAPE, np.uint8)
    for _ in range(int(random.integers(1, 4))):
        start = random.uniform((50, 50), (850, 1150))
        angle, length = random.choice([0.0, np.pi / 2, random.uniform(0, np.pi)]), random.uniform(60, 900)
        steps = np.arange(0, length, 1.0)
        steps = steps[(steps % random.uniform(40, 90)) > random.uniform(0, 16)]  # hidden by print here and there
        for x, y in start + steps[:, None] * [np.cos(angle), np.sin(angle)]:
            cv2.circle(ink, (round(x), round(y)), 2, 1, -1)
    whole = long_lines(ink.view(np.bool_))
    for _ in range(60):
        x, y = random.uniform((20, 20), (880, 1180))
        box = (x - 10, y - 10, x + 10, y + 10)
        assert over(long_lines(ink.view(np.bool_), [box]), [box]) == over(whole, [box])


def test_where_no_line_can_be_over_a_box_none_is_looked_for() -> None:
    ink = np.zeros(SHAPE, np.uint8)
    cv2.line(ink, (600, 300), (602, 900), 1, 4)
    assert long_lines(ink.view(np.bool_), [MIDDLE]) == []
    assert long_lines(ink.view(np.bool_), [(590.0, 590.0, 610.0, 610.0)]) == long_lines(ink.view(np.bool_)) != []
