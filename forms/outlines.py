"""Is the box itself there? How much of each box's own printed outline the scan lacks: under a note, correction fluid or a glare all of it.

A box without any ink looks empty, and one that lies under something has none either. What tells them apart is the box's own print.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from forms.blank_pages import POINT
from forms.geometry import Box
from forms.ink import FAINT, FieldInk
from forms.page import Grey, above
from forms.register import Registration, offset_near
from forms.template import Field

EDGE_PX, OFF_PX = 5, 4
"""Within how many pixels (BLANK_DPI) of a box's edges its outline is printed, and how much further off it may lie on a scan."""
CORNER_PX = 3
"""What of a side's ends is left out: there another side begins."""
PRINTED, SIDE = 128, 0.8
"""How dark an outline is on the blank; and what share of a side must be printed there, or it has no outline on that side."""
LEAST_SIDES = 3
"""A box with fewer printed sides has no outline that could be missed."""
_DOWN, _ACROSS = np.ones((3, 1), np.uint8), np.ones((1, 3), np.uint8)

Sides = tuple[float, float, float, float]
"""Of the upper, lower, left and right side the share that is there, 0 to 1."""


def with_outlines(
    inks: Mapping[str, FieldInk], fields: Sequence[Field], registration: Registration, dark: Grey
) -> dict[str, FieldInk]:
    """The ink of each field with the share of its outline that is gone, in every box that can be marked. `dark`: the page's darkness to judge by."""
    found = dict(inks)
    for field in fields:
        if field.kind.is_mark:
            off = offset_near(registration, list(field.boxes.values()))[:2]
            boxes = {
                name: replace(ink, gone=gone_of(registration.blank.darkness, dark, field.boxes[name], off))
                for name, ink in inks[field.id].boxes.items()
            }
            found[field.id] = replace(inks[field.id], boxes=boxes)
    return found


def gone_of(blank: Grey, dark: Grey, box: Box, off: tuple[float, float]) -> float:
    """The share of a box's outline that is not there, 0 to 1: the mean of its printed sides; 0 for a box that has no outline on the blank.

    `blank`, `dark`: height × width at BLANK_DPI; `off`: by how many pixels the page is off here.
    """
    seen = _sides(dark, box, (round(off[0]), round(off[1])), FAINT, EDGE_PX + OFF_PX)
    if min(seen) >= SIDE:  # mostly; then it does not matter which sides are printed
        return 1 - sum(seen) / len(seen)
    printed = _sides(blank, box, (0, 0), PRINTED, EDGE_PX)
    counted = [there for there, own in zip(seen, printed, strict=True) if own >= SIDE]
    return 1 - sum(counted) / len(counted) if len(counted) >= LEAST_SIDES else 0.0


def _sides(dark: Grey, box: Box, off: tuple[int, int], level: int, reach: int) -> Sides:
    """How much of each side of a box is a line within `reach` pixels of where it should be: dark from `level` on, straight to a pixel."""
    left, top, right, bottom = (round(edge * POINT) for edge in box)
    left, top, right, bottom = left + off[0], top + off[1], right + off[0], bottom + off[1]
    y0, x0 = max(0, top - reach), max(0, left - reach)
    cut = dark[y0 : max(y0, bottom + reach), x0 : max(x0, right + reach)]
    if not cut.size:
        return 0.0, 0.0, 0.0, 0.0
    on = above(cut, level - 1)
    along = slice(max(0, left + CORNER_PX - x0), max(0, right - CORNER_PX - x0))
    level_lines = cv2.dilate(np.ascontiguousarray(on[:, along]), _DOWN)
    upright_lines = cv2.dilate(
        np.ascontiguousarray(on[max(0, top + CORNER_PX - y0) : max(0, bottom - CORNER_PX - y0)]), _ACROSS
    )
    if not level_lines.size or not upright_lines.size:
        return 0.0, 0.0, 0.0, 0.0
    rows = (cv2.reduce(level_lines, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[:, 0] / 255).tolist()
    columns = (cv2.reduce(upright_lines, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[0] / 255).tolist()
    return (
        _most(rows, top - y0, reach),
        _most(rows, bottom - y0, reach),
        _most(columns, left - x0, reach),
        _most(columns, right - x0, reach),
    )


def _most(shares: Sequence[float], at: int, reach: int) -> float:
    return max(shares[max(0, at - reach) : max(0, at + reach)], default=0.0)
