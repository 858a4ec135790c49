"""The fitted scorer: chances that add up, the same whatever else is on the page, and a window that is cut where the box lies."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from forms.blank_pages import VIEW_PX_PER_MM, blank_pages, for_view
from forms.catalogue import load_catalogue
from forms.marks import Content
from forms.page import page_of
from forms.register import Registration, register, turn
from forms.scorer import CONTENTS, Below, Calibration, Closer, Scorer, calibrated, scorer
from forms.views import HEIGHT, LAYERS, WIDTH, Views, views
from tests.golden import drawn

CATALOGUE = load_catalogue()
TEMPLATE = CATALOGUE.get("westminster-consent", "2023")
FIELDS = TEMPLATE.on_page(1)


def registered(marks: list[tuple[str, str, str]]) -> Registration:
    """A page of the form with these marks (field, box, shape), scanned straight."""
    pixels = drawn.filled("westminster-consent", 1, marks, seed=4)
    page = page_of(pixels, (200.0, 200.0))
    assert page is not None
    blank = next(one for one in blank_pages(CATALOGUE) if one.known.template is TEMPLATE)
    found = register(blank, turn(page, pixels, 0), np.eye(3))
    assert found is not None
    return found


def test_every_box_has_one_window() -> None:
    seen = views(registered([]), FIELDS)
    wanted = [(field.id, name) for field in FIELDS if field.kind.is_mark for name in field.boxes]
    assert list(seen.keys) == wanted
    assert seen.views.shape == (len(wanted), LAYERS, HEIGHT, WIDTH)


def test_the_window_shows_the_box_in_its_middle_as_large_as_it_is() -> None:
    seen = views(registered([]), FIELDS)
    for (field_id, name), view in zip(seen.keys, seen.views, strict=True):
        left, top, right, bottom = TEMPLATE.field(field_id).boxes[name]
        rows, columns = np.nonzero(view[2])
        assert abs((columns.min() + columns.max() + 1) / 2 - WIDTH / 2) <= 1
        assert abs((rows.min() + rows.max() + 1) / 2 - HEIGHT / 2) <= 1
        area = (right - left) * (bottom - top) * (VIEW_PX_PER_MM * 25.4 / 72) ** 2
        assert 0.8 * area < len(rows) < 1.2 * area


def test_a_window_shows_what_it_would_show_of_the_whole_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the bands around the boxes are reduced."""
    found = registered([("contact_health", "tick", "tick"), ("contact_legal", "tick", "cross")])
    bands = views(found, FIELDS).views
    monkeypatch.setattr("forms.views._seen_around", lambda registration, *_: for_view(registration.darkness))
    assert np.array_equal(bands, views(found, FIELDS).views)


def test_chances_add_up_and_know_a_tick_from_an_empty_box() -> None:
    chances = scorer().chances(views(registered([("contact_health", "tick", "tick")]), FIELDS))
    assert all(sum(one.values()) == pytest.approx(1.0) for one in chances.values())
    assert chances["contact_health", "tick"][Content.TICKED] > 0.9
    assert chances["contact_legal", "tick"][Content.EMPTY] > 0.9


def test_each_window_is_scored_by_itself() -> None:
    seen = views(registered([("contact_health", "tick", "cross")]), FIELDS).views
    together = scorer().of_windows(seen)
    alone = np.concatenate([scorer().of_windows(view[None]) for view in seen])
    assert np.allclose(together, alone, atol=1e-3)


class Told:
    """A network that says of each window what its first pixel points at, and counts how many it was asked about."""

    def __init__(self, *rows: list[float]) -> None:
        self.rows, self.asked = np.array(rows), 0

    def scores(self, windows: Views) -> NDArray[np.float64]:
        self.asked += len(windows)
        return np.asarray(self.rows[windows[:, 0, 0, 0]], np.float64)


def windows(*numbers: int) -> Views:
    made = np.zeros((len(numbers), LAYERS, HEIGHT, WIDTH), np.uint8)
    made[:, 0, 0, 0] = numbers
    return made


def test_the_larger_network_looks_where_the_first_is_not_sure_and_only_there() -> None:
    sure_empty, sure_tick, sure_odd, unsure = (
        [9.0, 0, 0, 0, 0, 0, 0],
        [0, 9.0, 8.0, 0, 0, 0, 0],
        [0, 0, 0, 0, 9.0, 0, 0],
        [1.0, 2, 0, 0, 0, 0, 0],
    )
    first = Told(sure_empty, sure_tick, sure_odd, unsure)
    larger = Told(*[[0, 0, 0, 0, 0, 0, 6.0]] * 4)
    calibration = Calibration("", 1.0, 0.0)
    found = Scorer(first, calibration, Closer(larger, calibration, Below(0.99, 0.99))).of_windows(
        windows(3, 0, 1, 2, 3)
    )
    assert larger.asked == 3  # both unsure ones, and what is neither empty nor marked
    assert np.allclose(found[1:3], calibrated(np.array([sure_empty, sure_tick]), calibration))
    both = (np.array([unsure]) + larger.rows[:1]) / 2
    assert np.allclose(found[[0, 4]], calibrated(both, calibration))


def test_an_empty_box_is_sure_enough_before_a_mark_is() -> None:
    """Both a little under one in a hundred: only the mark, which may become a yes, is looked at again."""
    empty, tick = [4.5, 0, -9, -9, -9, -9, -9], [0, 4.5, -9, -9, -9, -9, -9]
    larger, calibration = Told([6.0, 0, 0, 0, 0, 0, 0]), Calibration("", 1.0, 0.0)
    larger.rows = np.repeat(larger.rows, 2, axis=0)
    Scorer(Told(empty, tick), calibration, Closer(larger, calibration, Below(0.98, 0.998))).of_windows(windows(0, 1))
    assert larger.asked == 1


def test_a_scorer_without_a_larger_network_says_what_the_first_says() -> None:
    first, calibration = Told([1.0, 2, 0, 0, 0, 0, 0]), Calibration("", 1.0, 0.0)
    assert np.allclose(Scorer(first, calibration).of_windows(windows(0)), calibrated(first.rows, calibration))


@given(
    st.lists(st.lists(st.floats(-40, 40), min_size=7, max_size=7), min_size=1, max_size=4),
    st.floats(0.3, 4), st.floats(0, 0.01),
)  # fmt: skip
def test_calibration_keeps_the_order_and_never_promises_more_than_the_floor_allows(
    rows: list[list[float]], temperature: float, floor: float
) -> None:
    scores = np.array(rows)
    chances = calibrated(scores.copy(), Calibration("", temperature, floor))
    assert np.allclose(chances.sum(axis=1), 1)
    assert (chances <= 1 - floor * 6 / 7 + 1e-9).all()
    assert (chances.max(axis=1) == chances[np.arange(len(rows)), scores.argmax(axis=1)]).all()


def test_the_model_is_small_and_belongs_to_these_contents() -> None:
    from forms.scorer import MODELS

    assert sum((MODELS / name).stat().st_size for name in ("marks.onnx", "marks-closer.onnx")) < 3_000_000
    assert len(CONTENTS) == 7
    assert (MODELS / "marks.md").exists()


CELL = (70.0, 700.0, 190.0, 745.0)
"""A cell of 42 × 16 mm, in points, where the page has no other box."""


def seen_of_a_cell(*strokes: tuple[int, int]) -> Views:
    """The window of a large cell with strokes that begin at these points (from its upper left corner, in points) and are 6 mm long."""
    found = registered([])
    dark = np.zeros_like(found.darkness)
    for x, y in strokes:
        start = (round((CELL[0] + x) * 200 / 72), round((CELL[1] + y) * 200 / 72))
        cv2.line(dark, start, (start[0] + 40, start[1] - 30), 200, 4)
    vars(found)["darkness"] = dark  # which it has worked out, and keeps
    field = replace(TEMPLATE.field("contact_health"), boxes={"tick": CELL})
    return views(found, [field]).views


@pytest.mark.parametrize("place", [(4, 20), (95, 40), (50, 30)])
def test_of_a_large_cell_the_part_is_seen_that_its_ink_lies_in(place: tuple[int, int]) -> None:
    (view,) = seen_of_a_cell(place)
    assert int((view[0] > 100).sum()) > 60
    rows, columns = np.nonzero(view[2])
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == pytest.approx((90, 60), abs=2)
    assert (view[3] > 0).mean() < 0.02, "the rest of the cell is no other box"


def test_a_large_cell_without_ink_or_with_ink_all_over_is_seen_around_its_middle() -> None:
    for strokes in ((), ((4, 20), (100, 40))):
        (view,) = seen_of_a_cell(*strokes)
        assert view[2].all()


def test_a_tick_anywhere_in_a_large_cell_is_one() -> None:
    (view,) = seen_of_a_cell((4, 20))
    chances = scorer().of_windows(view[None])[0]
    assert chances[CONTENTS.index(Content.EMPTY)] < 0.2
    assert chances[CONTENTS.index(Content.BESIDE)] < 0.2
