"""Quick forms of what `numpy` does, in the measures of ink: the same as the plain ones."""

import numpy as np
import pytest

from forms.blank_pages import CELL_PX
from forms.ink import NEAR_CELLS, _any_of, _near


@pytest.mark.parametrize("wanted", [[], [3], [3, 7], [0, 1, 2, 3, 4]])
def test_any_of_some_labels(wanted: list[int]) -> None:
    labels = np.random.default_rng(1).integers(0, 9, (20, 30)).astype(np.int32)
    assert np.array_equal(_any_of(labels, wanted), np.isin(labels, wanted))


@pytest.mark.parametrize("wide", [0, 1, 2])
def test_the_usual_number_of_specks(wide: int) -> None:
    random = np.random.default_rng(2)
    specks = random.random((60, 40)).astype(np.float32)
    specks[random.random(specks.shape) < 0.3] = -1  # mostly print
    place = (10 * CELL_PX, 20 * CELL_PX, (10 + wide) * CELL_PX, 20 * CELL_PX)
    cells = specks[20 - NEAR_CELLS : 21 + NEAR_CELLS, 10 - NEAR_CELLS : 11 + wide + NEAR_CELLS]
    assert _near([place], specks) == float(np.median(cells[cells >= 0]))
    assert _near([place], np.full_like(specks, -1)) == 0.0
