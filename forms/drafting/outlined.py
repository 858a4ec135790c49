"""Does each box to mark lie on the box that is printed? A box that is off by half holds half of a mark, or that of another question.

Boxes have an outline, or the lines of a table around them, or none at all. So a box is only found wrong where its own edges meet little
print and it fits well a little further on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import POINT
from forms.geometry import Box, around
from forms.page import Grey
from forms.template import Field

_INK = 200
_NEAR_PT = 1.4
"""How far from an edge its printed line may lie."""
_PART = 0.3
"""So much of a side is left out at both ends: corners may be round."""
_MEETS_LITTLE, _FITS = 0.6, 0.92
_STEP_PT = 1.0
_REACH = 0.75
"""Of the box's own sides."""
_LEAST_OFF_PT = 2.0


@dataclass(frozen=True)
class _Edges:
    """Where print lies near enough to be an edge of what is there, looked for across (`upright`) and down (`flat`)."""

    upright: NDArray[np.uint8]
    flat: NDArray[np.uint8]


def faults(fields: Sequence[Field], picture: Grey) -> list[str]:
    """The boxes of one page that lie beside printed ones, in words. `picture`: its blank (BLANK_DPI, 255 is paper)."""
    return [
        f"The box of {called} is off: the printed one lies at [{', '.join(f'{edge:.1f}' for edge in better)}]."
        for called, better in _loose(fields, picture)
        if better is not None
    ]


def advice(fields: Sequence[Field], picture: Grey) -> list[str]:
    """The boxes of one page round which nothing is printed."""
    called = [called for called, better in _loose(fields, picture) if better is None]
    if not called:
        return []
    boxes, size = ("box", "it has the place and size") if len(called) == 1 else ("boxes", "each has the place and size")
    return [
        f"Nothing is printed where the edges of the {boxes} of {', '.join(called)} are. Look whether {size} of the printed one."
    ]


def _loose(fields: Sequence[Field], picture: Grey) -> Iterator[tuple[str, Box | None]]:
    """The boxes whose edges meet little print, as a person calls them, each with the printed box near it, if there is one."""
    edges, boxes = _edges(picture), list(_boxes(fields))
    for one in fields:
        for name, box in one.boxes.items() if one.kind.is_mark else ():
            if _met(box, edges) <= _MEETS_LITTLE:
                called = one.id if name == "tick" else f"{one.id} ({name})"
                yield called, _printed_near(box, edges, [other for other in boxes if other != box])


def _boxes(fields: Sequence[Field]) -> Iterator[Box]:
    return (box for one in fields if one.kind.is_mark for box in one.boxes.values())


def _edges(picture: Grey) -> _Edges:
    ink = np.where(picture < _INK, 255, 0).astype(np.uint8)
    reach = 2 * round(_NEAR_PT * POINT) + 1
    upright = cv2.dilate(ink, np.ones((1, reach), np.uint8))
    flat = cv2.dilate(ink, np.ones((reach, 1), np.uint8))
    return _Edges(np.asarray(upright, np.uint8), np.asarray(flat, np.uint8))


def _printed_near(box: Box, edges: _Edges, others: Sequence[Box]) -> Box | None:
    """The printed box that this one should lie on; None if there is none that is nobody's."""
    wide, high = box[2] - box[0], box[3] - box[1]
    moved = [
        (box[0] + x, box[1] + y, box[2] + x, box[3] + y)
        for x in np.arange(-_REACH * wide, _REACH * wide + 0.1, _STEP_PT).tolist()
        for y in np.arange(-_REACH * high, _REACH * high + 0.1, _STEP_PT).tolist()
        if max(abs(x), abs(y)) >= _LEAST_OFF_PT
    ]
    fitting = [one for one in moved if _met(one, edges) >= _FITS and not any(_same(one, other) for other in others)]
    nearest = min(fitting, key=lambda one: abs(one[0] - box[0]) + abs(one[1] - box[1]), default=None)
    if nearest is None:
        return None
    # An edge may lie a little to either side of its line: the middle of all places that fit is the printed box.
    alike = [
        one for one in fitting if max(abs(one[0] - nearest[0]), abs(one[1] - nearest[1])) <= 2 * _NEAR_PT + _STEP_PT
    ]
    left, top = (sum(one[n] for one in alike) / len(alike) for n in (0, 1))
    return (left, top, left + wide, top + high)


def _same(one: Box, two: Box) -> bool:
    whole = around([one, two])
    return max(whole[2] - whole[0] - (one[2] - one[0]), whole[3] - whole[1] - (one[3] - one[1])) < 2 * _LEAST_OFF_PT


def _met(box: Box, edges: _Edges) -> float:
    """Which share of its edges meets print: the mean over its four sides, the corners left out."""
    left, top, right, bottom = (round(edge * POINT) for edge in box)
    high, wide = edges.flat.shape
    if left < 0 or top < 0 or right >= wide or bottom >= high:
        return 0.0
    across = slice(round(left + _PART * (right - left)), round(right - _PART * (right - left)) + 1)
    down = slice(round(top + _PART * (bottom - top)), round(bottom - _PART * (bottom - top)) + 1)
    sides = (edges.flat[top, across], edges.flat[bottom, across], edges.upright[down, left], edges.upright[down, right])
    return float(np.mean([np.mean(side > 0) for side in sides]))
