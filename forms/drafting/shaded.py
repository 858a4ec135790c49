"""Boxes to tick that have no outline of their own in the PDF: an area of another shade than what is around it, and small pictures of a box."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from forms.geometry import POINTS_PER_INCH, Box

Grey = NDArray[np.uint8]
_AROUND_PT = 2.5
_UNLIKE = 12.0
"""Levels of grey by which an area must be lighter or darker than what is around it."""
_EVEN = 12.0
_PALE = 150.0
"""A tick shows on no darker ground; what is darker, or is a hole in something dark, is an ornament or a mark for the machine."""
_EDGE, _INNER = 0.2, 0.3
"""Shares of a picture's sides: its outline is looked for in the first at each edge, and nothing may be within the second."""
_THIN = 0.15
_INK = 140


def shaded_boxes(picture: Grey, dpi: int, areas: Iterable[Box]) -> list[Box]:
    """The areas that are pale, even, and of another shade than the paper around them. `picture`: the page, 0 is black."""
    return [area for area in areas if _stands_out(picture, dpi / POINTS_PER_INCH, area)]


def pictured_boxes(picture: Grey, dpi: int, pictures: Iterable[Box]) -> list[Box]:
    """The small pictures that show an outline on every side and nothing in the middle."""
    return [one for one in pictures if _is_outline(picture, dpi / POINTS_PER_INCH, one)]


def layered_boxes(picture: Grey, dpi: int, areas: Iterable[Box]) -> list[Box]:
    """The dark areas on which a pale one lies, so that a thin outline is seen: one that is thick is a mark for the machine."""
    scale = dpi / POINTS_PER_INCH
    return [one for one in areas if _is_outline(picture, scale, one, _THIN) and _around(picture, scale, one) > _PALE]


def _around(picture: Grey, scale: float, area: Box) -> float:
    """How light the paper is around an area: what is dark there has this as its hole."""
    wide = _cut(picture, scale, area, 1.8).astype(np.float64)
    within = _cut(picture, scale, area, 0.8)
    return float((wide.sum() - within.sum(dtype=np.float64)) / max(1, wide.size - within.size))


def _stands_out(picture: Grey, scale: float, area: Box) -> bool:
    inside = _cut(picture, scale, area, -1.0)
    wide = _cut(picture, scale, area, _AROUND_PT).astype(np.float64)
    within = _cut(picture, scale, area, 1.0)
    if inside.size == 0 or wide.size <= within.size:
        return False
    ring = (wide.sum() - within.sum(dtype=np.float64)) / (wide.size - within.size)
    level = float(inside.mean())
    return min(level, ring) > _PALE and float(inside.std()) < _EVEN and abs(level - ring) > _UNLIKE


def _is_outline(picture: Grey, scale: float, area: Box, inner: float = _INNER) -> bool:
    seen = _cut(picture, scale, area, 0.5) < _INK
    if min(seen.shape) < 8:
        return False
    down, across = (max(2, round(_EDGE * side)) for side in seen.shape)
    edges = (
        seen[:down].any(axis=0), seen[-down:].any(axis=0), seen[:, :across].any(axis=1), seen[:, -across:].any(axis=1)
    )  # fmt: skip
    high, wide = (round(inner * side) for side in seen.shape)
    return bool(all(edge.mean() > 0.6 for edge in edges)) and not seen[high:-high, wide:-wide].any()


def _cut(picture: Grey, scale: float, area: Box, room: float) -> Grey:
    """A part of the page with so many points of room around it."""
    left, top = (max(0, round((edge - room) * scale)) for edge in area[:2])
    right, bottom = (max(0, round((edge + room) * scale)) for edge in area[2:])
    return picture[top:bottom, left:right]
