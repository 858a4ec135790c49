"""Whether a long line may be over a box is told from outlines; it is what the pieces themselves say."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forms.lines import ASLANT_MM, BESIDE_MM, COARSE, LONG_MM, _may_be_over
from forms.shapes import PX_PER_MM

Layer = NDArray[np.uint8]
BOX = (200.0, 200.0, 240.0, 240.0)


def drawn(*strokes: tuple[int, int, int, int], ring: int = 0) -> Layer:
    """A coarse page with strokes from x, y to x, y, and a ring of this radius around the middle of BOX."""
    coarse = np.zeros((585, 413), np.uint8)
    for x0, y0, x1, y1 in strokes:
        cv2.line(coarse, (x0, y0), (x1, y1), 1, 1)
    if ring:
        cv2.circle(coarse, (55, 55), ring, 1, 1)
    return coarse


def by_pieces(coarse: Layer) -> bool:
    """The same from every piece, those that lie within others too."""
    small = np.zeros((coarse.shape[0] // 2 + 1, coarse.shape[1] // 2 + 1), np.uint8)
    for y, x in np.argwhere(coarse).tolist():
        small[y // 2, x // 2] = 1
    stats = cv2.connectedComponentsWithStats(cv2.dilate(small, np.ones((3, 3), np.uint8)))[2][1:]
    middle_x, middle_y, by = (BOX[0] + BOX[2]) / 2, (BOX[1] + BOX[3]) / 2, BESIDE_MM * PX_PER_MM
    least = (LONG_MM * PX_PER_MM // COARSE) * COARSE
    for left, top, wide, high, _ in (stats * 2 * COARSE).tolist():
        if min(wide, high) >= ASLANT_MM * PX_PER_MM:
            return True
        near = left - by <= middle_x <= left + wide + by and top - by <= middle_y <= top + high + by
        if near and max(wide, high) >= least:
            return True
    return False


@pytest.mark.parametrize(
    ("coarse", "may"),
    [
        (drawn(), False),
        (drawn((40, 55, 70, 55)), False),
        (drawn((30, 55, 90, 55)), True),
        (drawn((55, 30, 55, 85)), True),
        (drawn((30, 90, 90, 90)), False),
        (drawn((200, 300, 300, 400)), True),
        (drawn(ring=30), True),
        (drawn((35, 55, 75, 55), ring=30), True),
        (drawn((30, 55, 50, 55), (54, 55, 90, 55)), True),
    ],
    ids=["nothing", "short", "level", "upright", "elsewhere", "aslant", "a ring", "a ring around a line", "with a gap"],
)
def test_what_is_long_and_near_a_box(coarse: Layer, *, may: bool) -> None:
    assert by_pieces(coarse) is may
    assert _may_be_over(coarse, [BOX]) is may


def test_any_page_of_strokes() -> None:
    random = np.random.default_rng(4)
    said = set()
    for _ in range(60):
        ends = random.integers(0, 130, (3, 2))
        lengths = random.integers(-40, 40, (3, 2))
        coarse = drawn(*np.hstack([ends, ends + lengths]).tolist(), ring=int(random.choice([0, 0, 12, 26])))
        said.add(_may_be_over(coarse, [BOX]))
        assert _may_be_over(coarse, [BOX]) is by_pieces(coarse)
    assert said == {True, False}
