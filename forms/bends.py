"""By how much is each place of a page off once the whole of it lies right? Paper that was bent, creased or fed unevenly. Pure but for numpy and cv2.

One transform lays a flat page on its blank. What is left over of the offsets of its print, where neighbours agree, is a smooth bend:
the page is straightened by it, or its print would be taken for ink beside the blank's.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.page import Grey

STEP = 48
"""Pixels (FEATURE_DPI) between the places at which a bend is worked out: 12 mm."""
NEAREST = 7
FLAT, MOST_FLAT = 0.6, 0.9
"""A page of which so large a share of the print is off by less than this (pixels at FEATURE_DPI) is left as it lies: print is
fattened by more when ink is counted."""
_DOWN = 2.0
"""How much further off a place counts up and down than across: a scanner's feed bends rows together."""

Offsets = NDArray[np.float64]


@dataclass(frozen=True)
class Bend:
    """What to add to a place of the blank to find its print on the page, at every STEP-th pixel: rows × columns × (x, y)."""

    shifts: NDArray[np.float32]

    def straightened(self, picture: Grey, scale: int = 1) -> Grey:
        """The picture as it would lie on the blank if the paper were flat. `scale`: its pixels in one at FEATURE_DPI."""
        height, width = picture.shape
        rows, columns = self.shifts.shape[:2]
        step = STEP * scale
        # Node n stands in the middle of the n-th square, so that the squares make a picture which can be enlarged.
        large = cv2.resize(self.shifts * scale, (columns * step, rows * step), interpolation=cv2.INTER_LINEAR)
        # OpenCV adds the places themselves: to make them here costs more than all the rest. One map of both ways wants no second, which
        # OpenCV's types do not know.
        how = cv2.INTER_LINEAR | cv2.WARP_RELATIVE_MAP
        moved = cv2.remap(picture, large[:height, :width], None, how, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
        return np.asarray(moved, np.uint8)

    def and_then(self, other: "Bend") -> "Bend":
        """This bend, and what was left over after it."""
        return Bend(self.shifts + other.shifts)


def bend_of(centres: Offsets, offsets: Offsets, found: NDArray[np.bool_], size: tuple[int, int]) -> Bend | None:
    """The bend that the offsets of a page's print tell of; None where it lies flat, or too little of it was found.

    `centres`, `offsets`: n × (x, y) at FEATURE_DPI; `found`: which of them are to be believed; `size`: height and width of the page there.
    """
    known, off = centres[found], offsets[found]
    if len(known) < 3 * NEAREST or float((np.hypot(off[:, 0], off[:, 1]) < FLAT).mean()) >= MOST_FLAT:
        return None
    rows, columns = -(-size[0] // STEP), -(-size[1] // STEP)
    y, x = np.mgrid[0:rows, 0:columns] * STEP + STEP / 2
    places = np.stack([x.ravel(), y.ravel()], axis=1)
    away = np.hypot(places[:, None, 0] - known[None, :, 0], _DOWN * (places[:, None, 1] - known[None, :, 1]))
    nearest = np.argpartition(away, NEAREST - 1, axis=1)[:, :NEAREST]
    # The median: a patch that was found in a wrong place does not bend the page.
    shifts = np.median(off[nearest], axis=1).reshape(rows, columns, 2).astype(np.float32)
    return Bend(np.asarray(cv2.GaussianBlur(shifts, (3, 3), 0.8, borderType=cv2.BORDER_REPLICATE), np.float32))
