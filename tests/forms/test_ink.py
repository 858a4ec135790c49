"""The measures of ink: quick forms of what `numpy` does, the same as the plain ones; and where a question's paper lies."""

from dataclasses import replace

import numpy as np
import pytest

from forms.blank_pages import CELL_PX
from forms.catalogue import load_catalogue
from forms.ink import NEAR_CELLS, _gaps, _near, _row
from forms.strokes import any_of


@pytest.mark.parametrize("wanted", [[], [3], [3, 7], [0, 1, 2, 3, 4]])
def test_any_of_some_labels(wanted: list[int]) -> None:
    labels = np.random.default_rng(1).integers(0, 9, (20, 30)).astype(np.int32)
    assert np.array_equal(any_of(labels, wanted), np.isin(labels, wanted))


@pytest.mark.parametrize("wide", [0, 1, 2])
def test_the_usual_number_of_specks(wide: int) -> None:
    random = np.random.default_rng(2)
    specks = random.random((60, 40)).astype(np.float32)
    specks[random.random(specks.shape) < 0.3] = -1  # mostly print
    place = (10 * CELL_PX, 20 * CELL_PX, (10 + wide) * CELL_PX, 20 * CELL_PX)
    cells = specks[20 - NEAR_CELLS : 21 + NEAR_CELLS, 10 - NEAR_CELLS : 11 + wide + NEAR_CELLS]
    assert _near([place], specks) == float(np.median(cells[cells >= 0]))
    assert _near([place], np.full_like(specks, -1)) == 0.0


def test_the_paper_between_a_pair_of_boxes_belongs_to_the_question_whichever_way_they_stand() -> None:
    """A mark half way between Yes and No belongs to neither box, and is not nothing."""
    field = load_catalogue().get("westminster-consent", "2023").field("store_on_database")
    beside = replace(field, boxes={"yes": (100, 200, 114, 214), "no": (180, 200, 194, 214)}, labels={})
    under = replace(field, boxes={"yes": (100, 200, 114, 214), "no": (100, 250, 114, 264)}, labels={})
    worded = replace(beside, labels={"yes": (118, 202, 134, 212), "no": (198, 202, 210, 212)})
    close = replace(field, boxes={"yes": (100, 200, 114, 214), "no": (116, 200, 130, 214)}, labels={})
    half_way = [(147, 207), (107, 232), (155, 207), (115, 207)]
    for one, (x, y), wanted in zip((beside, under, worded, close), half_way, (True, True, True, False), strict=True):
        held = [left < x < right and top < y < bottom for left, top, right, bottom in _row(one, [one])]
        assert any(held) is wanted, one.boxes


@pytest.mark.parametrize(
    ("top", "left", "gap"),
    [
        (240, 100, (214, 240)),  # the next box below
        (160, 100, (174, 200)),  # the next above
        (240, 160, None),  # another column
        (216, 100, None),  # no room for a mark
        (300, 100, None),  # too far off
    ],
)
def test_the_paper_between_two_questions_boxes(top: float, left: float, gap: tuple[float, float] | None) -> None:
    """A tick that stands there may be that of either."""
    field = load_catalogue().get("westminster-consent", "2023").field("contact_legal")
    one = replace(field, boxes={"tick": (100, 200, 114, 214)})
    other = replace(field, id="contact_health", boxes={"tick": (left, top, left + 14, top + 14)})
    found = _gaps(one, [one, other])
    assert [(box[1], box[3]) for box in found] == ([gap] if gap else [])
    assert all(box[0] < 100 and box[2] > 114 for box in found)


def test_the_nearest_box_above_and_below_is_the_next() -> None:
    field = load_catalogue().get("westminster-consent", "2023").field("contact_legal")
    boxes = [(100.0, 200.0 + 26 * row, 114.0, 214.0 + 26 * row) for row in range(4)]
    fields = [replace(field, id=f"row_{row}", boxes={"tick": box}) for row, box in enumerate(boxes)]
    assert [(box[1], box[3]) for box in _gaps(fields[1], fields)] == [(214, 226), (240, 252)]
    assert [(box[1], box[3]) for box in _gaps(fields[3], fields)] == [(266, 278)]
