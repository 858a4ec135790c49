"""Long lines that somebody drew over a page: what they run through may be crossed out, and says nothing by itself.

A tick, a cross or a word is short. A line down a column of ticks, a diagonal over a section or a cross over the whole page is
not, and the scorer of marks, which sees 20 × 14 mm, takes the piece of it in a box for a mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.ink import FieldInk
from forms.page import Grey
from forms.shapes import PX_PER_MM
from forms.template import Field

LONG_MM, GAP_MM = 25.0, 2.2
"""How long a straight line is at least, and how much of it print may hide at once."""
COARSE = 4
"""By how much a page is made smaller to look for lines: then one that a hand drew is straight to a pixel."""
INKED = 3
"""A coarse pixel has ink where so many of its sixteen have."""
STROKE_MM = 3.0
"""Smaller pieces are specks, of which thousands lie in a line somewhere."""
MOST_INK = 0.06
"""Where more of the page is ink it is grain or shadow, in which every line can be found."""
WHOLE_PAGE_MM, ASLANT_MM = 80.0, 45.0
"""A line so long, and so far both across and down, crosses out the page, not a section of it: print hides parts of it, so it is found in pieces."""
BESIDE_MM = 1.5
"""How near to the middle of a box the rectangle around a line must come."""

Line = tuple[float, float, float, float]
"""From x, y to x, y in pixels at BLANK_DPI."""


def with_lines(
    inks: Mapping[str, FieldInk], fields: Sequence[Field], ink: NDArray[np.bool_], point: float
) -> dict[str, FieldInk]:
    """The ink of each field, and for fields of marks in `words` under `line` the length of the longest line over it, in centimetres.

    `ink`: what the blank does not have; `point`: pixels to a point of the blank.
    """
    lines = long_lines(ink, [box for field in fields if field.kind.is_mark for box in _scaled(field, point)])
    return {
        field.id: replace(inks[field.id], words={**inks[field.id].words, "line": over(lines, _scaled(field, point))})
        if field.kind.is_mark
        else inks[field.id]
        for field in fields
    }


def _scaled(field: Field, by: float) -> list[Box]:
    return [(box[0] * by, box[1] * by, box[2] * by, box[3] * by) for box in field.boxes.values()]


def long_lines(ink: NDArray[np.bool_], near: Sequence[Box] | None = None) -> list[Line]:
    """The straight lines of a page's ink (height × width at BLANK_DPI) that are longer than anything that is a mark.

    `near`: boxes in the same pixels. Where no line can be over any of them none is looked for, which is so for most pages and costs most of the time.
    """
    coarse = _coarse(ink)
    if near is not None and not _may_be_over(coarse, near):
        return []
    per_mm = PX_PER_MM / COARSE
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(coarse, np.ones((3, 3), np.uint8)))
    large = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= STROKE_MM * per_mm
    large[0] = False  # the paper
    coarse[~large[labels]] = 0
    if not coarse.any() or float(coarse.mean()) > MOST_INK:
        return []
    votes, long = round(0.7 * LONG_MM * per_mm), LONG_MM * per_mm
    found = cv2.HoughLinesP(coarse, 0.5, np.pi / 360, votes, minLineLength=long, maxLineGap=GAP_MM * per_mm)
    if found is None:
        return []
    ends = (np.asarray(found, np.float64).reshape(-1, 4) + 0.5) * COARSE
    return [(float(one[0]), float(one[1]), float(one[2]), float(one[3])) for one in ends]


def _coarse(ink: NDArray[np.bool_]) -> Grey:
    """1 where at least INKED of COARSE × COARSE pixels are ink, 0 elsewhere; what is left over at the right and at the bottom is left out."""
    height, width = (side // COARSE for side in ink.shape)
    rows = ink.view(np.uint8)[: height * COARSE]
    four = cv2.add(cv2.add(rows[0::COARSE], rows[1::COARSE]), cv2.add(rows[2::COARSE], rows[3::COARSE]))
    # Four counts beside each other are a number; times this one, their sum stands in its highest byte.
    beside = np.ascontiguousarray(four[:, : width * COARSE]).view(np.uint32)
    return ((beside * np.uint32(0x01010101)) >> np.uint32(24) >= INKED).view(np.uint8)


def _may_be_over(coarse: Grey, boxes: Sequence[Box]) -> bool:
    """Whether some connected ink, gaps of GAP_MM closed, is as long as a line and as near to a box as one must be. `boxes`: in pixels at BLANK_DPI."""
    height, width = coarse.shape
    even = np.zeros((height + height % 2, width + width % 2), np.uint8)
    even[:height, :width] = coarse
    rows = np.maximum(even[0::2], even[1::2])
    small = np.maximum(rows[:, 0::2], rows[:, 1::2])
    pixel = 2 * COARSE
    # Ends of a gap lie five coarse pixels apart at most, three of these: grown by one each they touch. What lies within another's outline
    # is nowhere nearer to a box than that one; and an outline has as many pixels as it is long, or more.
    outlines, _ = cv2.findContours(
        cv2.dilate(small, np.ones((3, 3), np.uint8)), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    least = (LONG_MM * PX_PER_MM // COARSE) * COARSE
    found = [cv2.boundingRect(one) for one in outlines if len(one) * pixel >= least]
    left, top, wide, high = np.array(found, np.int64).reshape(-1, 4).T * pixel
    if ((wide >= ASLANT_MM * PX_PER_MM) & (high >= ASLANT_MM * PX_PER_MM)).any():
        return True
    beside = BESIDE_MM * PX_PER_MM
    middles = np.array([((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in boxes]).reshape(-1, 2, 1)
    across = (middles[:, 0] >= left - beside) & (middles[:, 0] <= left + wide + beside)
    down = (middles[:, 1] >= top - beside) & (middles[:, 1] <= top + high + beside)
    long = np.maximum(wide, high) >= least
    return bool((across & down & long).any())


def over(lines: Sequence[Line], boxes: Sequence[Box]) -> float:
    """The length in centimetres of the longest line over one of the boxes (in the same pixels), 0 for none.

    A line is over a box where the rectangle around the line holds the middle of the box: a diagonal stands for all of its section, a very long
    one for the whole page. A level or upright line has hardly any rectangle, so it must run through the box.
    """
    return max((_length(line) / 10 for line in lines for box in boxes if _is_over(line, box)), default=0.0)


def _length(line: Line) -> float:
    """In mm."""
    return float(np.hypot(line[2] - line[0], line[3] - line[1])) / PX_PER_MM


def _is_over(line: Line, box: Box) -> bool:
    x0, y0, x1, y1 = line
    if _length(line) >= WHOLE_PAGE_MM and min(abs(x1 - x0), abs(y1 - y0)) >= ASLANT_MM * PX_PER_MM:
        return True
    beside = BESIDE_MM * PX_PER_MM
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    across = min(x0, x1) - beside <= x <= max(x0, x1) + beside
    return across and min(y0, y1) - beside <= y <= max(y0, y1) + beside
