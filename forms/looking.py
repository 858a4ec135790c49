"""Makes the look of a page that is no known form, from its grey pixels. What a look is, and when two are the same page's: see `looks`."""

from base64 import b64encode

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.looks import COLUMNS, LEAST_CELLS, ROWS
from forms.page import Grey, darkness_of

DARK = 60
LEAST_PX, MOST_SHARE = 4, 0.35
SOLID, HOLE_PX = 0.65, 9
"""Specks, punched holes, and what is as large as a shadow or a picture's frame, are no writing."""
_EDGE = 0.02
_CUT = 0.004
_STEEPEST, _STEP, _POINTS = 3.0, 0.2, 20_000


def look_of(small: Grey) -> str | None:
    """The look as text; None for a page with too little on it. `small`: height × width at about 100 dots to the inch."""
    ink = _ink(small)
    if not ink.any():
        return None
    cut = _cut(_straight(ink))
    if min(cut.shape) < 16:
        return None
    share = cv2.resize(cut.astype(np.float32), (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    inked = share[share > 0.02]
    if not inked.size:
        return None
    cells = share > max(0.05, float(np.median(inked)))
    if int(cells.sum()) < LEAST_CELLS:
        return None
    return b64encode(np.packbits(cells).tobytes()).decode("ascii")


def _ink(small: Grey) -> NDArray[np.uint8]:
    """1 where there is writing or print; dirt, and whatever touches the edge of the scan, left out."""
    dark = (darkness_of(small, 20) > DARK).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    height, width = dark.shape
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    edge_x, edge_y = round(width * _EDGE), round(height * _EDGE)
    keep = (stats[:, cv2.CC_STAT_AREA] >= LEAST_PX) & (left >= edge_x) & (top >= edge_y)
    keep &= (right <= width - edge_x) & (bottom <= height - edge_y)
    around = (right - left) * (bottom - top)
    keep &= around <= MOST_SHARE * height * width
    solid = stats[:, cv2.CC_STAT_AREA] > SOLID * around
    keep &= ~(solid & (np.minimum(right - left, bottom - top) >= HOLE_PX))
    keep[0] = False
    return np.asarray(keep[labels], np.uint8) if count > 1 else np.zeros_like(dark)


def _straight(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with its lines level: turned by the angle, and by a quarter if need be, at which its rows differ most."""
    stood = np.ascontiguousarray(np.rot90(ink))
    (lying, angle), (standing, other) = _levelled(ink), _levelled(stood)
    if standing > lying:
        ink, angle = stood, other
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST), np.uint8)


def _levelled(ink: NDArray[np.uint8]) -> tuple[float, float]:
    """By how much rows differ at the best angle, and that angle in degrees."""
    down, across = np.nonzero(ink)
    few = slice(None, None, max(1, len(down) // _POINTS))
    down, across = down[few].astype(np.float64), across[few] - ink.shape[1] / 2

    def level(angle: float) -> float:
        rows = np.round(down - across * np.tan(np.radians(angle))).astype(np.int64)
        return float(np.square(np.diff(np.bincount(rows - rows.min()))).sum())

    return max((level(float(angle)), float(angle)) for angle in np.arange(-_STEEPEST, _STEEPEST + _STEP / 2, _STEP))


def _cut(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The inked part alone; a few strays at its sides do not widen it."""
    top, bottom = _ends(ink.sum(axis=1, dtype=np.float64))
    left, right = _ends(ink.sum(axis=0, dtype=np.float64))
    return ink[top:bottom, left:right]


def _ends(sums: NDArray[np.float64]) -> tuple[int, int]:
    run = np.cumsum(sums) / max(1.0, float(sums.sum()))
    return int(np.searchsorted(run, _CUT)), int(np.searchsorted(run, 1 - _CUT)) + 1
