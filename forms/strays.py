"""Strokes from one question to another: an arrow that moves a tick to another row, a brace beside several rows.

What they mean for the boxes beside them only a person can say.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import POINT
from forms.page import Grey
from forms.shapes import MM2, PX_PER_MM

Place = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels at BLANK_DPI."""

LEAST_MM2, DARK_SHARE = 0.8, 0.5
"""Less ink is a speck or the end of a stroke; a stain or a fold is hardly dark."""
WIDE_MM, HIGH_MM = (1.8, 60.0), (5.0, 120.0)
"""An arrow has a head or a bow, a brace its ends: what is as narrow as a pen is a scanner's streak, or a printed line that lies a little off."""
BESIDE_PT, OFF_PX = 26.0, 8
"""How far beside a box such a stroke stands, and how far before the middle of a box it may end."""
APART_MM = 3.0
"""Boxes whose upper edges are nearer than this stand in one row."""


class Inked(Protocol):
    """All added ink of a page, as in `forms.ink`: its darkness, from where on it is strong, where it lies, of which stroke it is, and their sizes."""

    @property
    def dark(self) -> Grey: ...
    @property
    def strong(self) -> int: ...
    @property
    def places(self) -> NDArray[np.int64]: ...
    @property
    def numbers(self) -> NDArray[np.int32]: ...
    @property
    def sizes(self) -> NDArray[np.int64]: ...


@dataclass(frozen=True)
class _Stroke:
    left: int
    top: int
    right: int
    bottom: int

    @property
    def high(self) -> float:
        """In mm."""
        return (self.bottom - self.top + 1) / PX_PER_MM


def linked(strokes: Inked, boxes: Mapping[tuple[str, str], Place], others: AbstractSet[int]) -> dict[str, float]:
    """The height in mm of the largest stroke that runs from a box of a field to one of another row, by field; those without are left out.

    `boxes`: of field and box name; `others`: the strokes of places for writing and of boxes, which may run far.
    """
    found: dict[str, float] = {}
    by = BESIDE_PT * POINT
    for stroke in _large(strokes, others):
        near = [
            (field, box)
            for (field, _), box in boxes.items()
            if box[0] - by < stroke.right
            and box[2] + by > stroke.left
            and stroke.top - OFF_PX <= (box[1] + box[3]) / 2 <= stroke.bottom + OFF_PX
        ]
        tops = [box[1] for _, box in near]
        if len({field for field, _ in near}) >= 2 and max(tops) - min(tops) > APART_MM * PX_PER_MM:
            found |= {field: max(stroke.high, found.get(field, 0.0)) for field, _ in near}
    return found


def _large(strokes: Inked, others: AbstractSet[int]) -> list[_Stroke]:
    """The strokes that are large and dark enough to run from row to row."""
    large = np.flatnonzero(strokes.sizes >= LEAST_MM2 * MM2)
    wanted = np.zeros(len(strokes.sizes), bool)
    wanted[[number for number in large.tolist() if number not in others]] = True
    here = wanted[strokes.numbers]
    places, numbers = strokes.places[here], strokes.numbers[here]
    order = np.argsort(numbers, kind="stable")
    places, numbers = places[order], numbers[order]
    found = []
    for some in np.split(places, np.flatnonzero(np.diff(numbers)) + 1):
        if not len(some):
            continue
        rows, columns = np.divmod(some, strokes.dark.shape[1])
        one = _Stroke(int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max()))
        wide = (one.right - one.left + 1) / PX_PER_MM
        fits = WIDE_MM[0] <= wide <= WIDE_MM[1] and HIGH_MM[0] <= one.high <= HIGH_MM[1]
        if fits and float((strokes.dark.ravel()[some] >= strokes.strong).mean()) >= DARK_SHARE:
            found.append(one)
    return found
