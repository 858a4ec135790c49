"""The measures of ink: quick forms of what `numpy` does, the same as the plain ones; and where a question's paper lies."""

from dataclasses import replace

import numpy as np
import pytest

from forms.blank_pages import CELL_PX
from forms.catalogue import load_catalogue
from forms.ink import NEAR_CELLS, _near, _row
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
