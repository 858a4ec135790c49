"""The shape of one mark: how large, dense and crossed it is, how wide its head is, and whether it looks like a letter or a dash. Knows pixels alone."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI
from forms.geometry import MM_PER_INCH

PX_PER_MM = BLANK_DPI / MM_PER_INCH
MM2 = PX_PER_MM**2


@dataclass(frozen=True)
class Shape:
    """As in `forms.ink.BoxInk`."""

    extent: float = 0.0
    density: float = 0.0
    crossing: float = 0.0
    hooked: float = 0.0
    doubled: float = 0.0
    hole: float = 0.0
    flat: float = 0.0


def shape_of(mark: NDArray[np.bool_]) -> Shape:
    """The shape of what is set in a picture at BLANK_DPI; all 0 where nothing is."""
    left, top, width, height = cv2.boundingRect(mark.view(np.uint8))
    if not width:
        return Shape()
    cut = mark[top : top + height, left : left + width]
    ink = _count(cut)
    # A cross has ink in all four corners; a tick has none at the bottom right.
    third_y, third_x = max(1, round(height * 0.36)), max(1, round(width * 0.36))
    corners = [cut[:third_y, :third_x], cut[:third_y, -third_x:], cut[-third_y:, :third_x], cut[-third_y:, -third_x:]]
    least = min(_count(corner) for corner in corners)
    return Shape(
        extent=max(height, width) / PX_PER_MM,
        density=ink / cut.size,
        crossing=4 * least / ink,
        hooked=_hooked(cut),
        doubled=_doubled(cut),
        hole=_hole(cut),
        flat=width / height,
    )


def _count(cut: NDArray[np.bool_]) -> int:
    return cv2.countNonZero(cut.view(np.uint8))


def _doubled(cut: NDArray[np.bool_]) -> float:
    """The share of a mark's rows that two strokes or more cross: nearly all of an N or of two letters, none of a dash, some of a tick or a cross."""
    begun = np.count_nonzero(cut[:, 1:] & ~cut[:, :-1], axis=1) + cut[:, 0]
    return float((begun[cut.any(axis=1)] >= 2).mean())


def _hole(cut: NDArray[np.bool_]) -> float:
    """The largest piece of paper that a mark goes all round, in mm², as in a 0: neither a tick nor a plain cross has any."""
    paper = cv2.copyMakeBorder((~cut).view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    around = int(labels[0, 0])
    return max((float(stats[n, cv2.CC_STAT_AREA]) for n in range(1, count) if n != around), default=0.0) / MM2


def _hooked(cut: NDArray[np.bool_]) -> float:
    """How much wider the mark's head is than its foot, as in a question mark: a tick's head is its thin end."""
    third = max(1, round(cut.shape[0] * 0.34))
    head = float(cut[:third].any(axis=0).mean())
    foot = float(cut[-third:].any(axis=0).mean())
    return head if head > foot else 0.0
