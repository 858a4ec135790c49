"""Is a page a blank sheet, is there something faint on it, or is it plainly written on? A page called blank beside a form is looked at by nobody.

So a withdrawal in hard pencil, a form whose scan is much too light, or one line at the foot must never pass for the back of a sheet.
Show-through of a back is as faint as pencil, but soft; its edges are not those of strokes.
"""

from enum import StrEnum

import cv2
import numpy as np

from forms.blank_pages import FEATURE_DPI
from forms.page import Grey, above

STROKE = 70
"""How dark (of 255) the strokes of a pen or of print are that the scan shows plainly."""
WRITTEN_MM2 = 6.0
"""Less ink than a signature's on a whole page, specks left out. Show-through of a back stays below it."""
FAINT = 40
FAINT_MM2 = 20.0
"""So much ink of so little darkness, and..."""
EDGED, EDGED_MM2, LEAST_LONG = 25, 12.0, 10
"""...so much that is so much darker than the paper within some millimetres, in pieces of so many pixels (2.5 mm). Of 43 blank pages of generated post, shaded,
shown through and grained, one has both; three lines in hard pencil and a form of a quarter of its darkness do."""
AROUND = 5.0  # px: what is as wide as this is no stroke
EDGE_MM, BAND_MM2, MOST_HIGH_MM, LEAST_PIECES = 4.0, 2.5, 12.0, 4
"""At the head and the foot, where borders and the marks of feeders lie: so far from the paper's end, so much ink in so many pieces no higher than this are words."""
_MM = FEATURE_DPI / 25.4


class Emptiness(StrEnum):
    """How much is on a page."""

    EMPTY = "empty"
    FAINT = "faint"
    WRITTEN = "written"


def emptiness_of(strokes: Grey) -> Emptiness:
    """`strokes`: the page's darkness at FEATURE_DPI (0 is paper). Borders, holes and specks do not count."""
    height, width = strokes.shape
    edge_y, edge_x = height // 16, width // 14
    inner = strokes[edge_y : height - edge_y, edge_x : width - edge_x]
    if _is_written(above(inner, STROKE)) or _has_words(strokes, edge_y, edge_x):
        return Emptiness.WRITTEN
    if cv2.countNonZero(above(inner, FAINT)) / _MM**2 < FAINT_MM2:
        return Emptiness.EMPTY
    level = inner.astype(np.float32)
    edged = (level - cv2.GaussianBlur(level, (0, 0), AROUND) > EDGED).astype(np.uint8)
    return Emptiness.FAINT if _area(edged, 8, LEAST_LONG) >= EDGED_MM2 else Emptiness.EMPTY


def _is_written(dark: Grey) -> bool:
    # Each pixel that begins a square of four lies in a stroke: enough of them, and nothing has to be counted one by one.
    if cv2.countNonZero(cv2.erode(dark, np.ones((2, 2), np.uint8))) / _MM**2 >= WRITTEN_MM2:
        return True
    return _area(dark, 4, 1) >= WRITTEN_MM2


def _area(set_: Grey, least: int, long: int) -> float:
    """Of the pieces of so many pixels, and as long, the area in mm²."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(set_, connectivity=8)
    if count < 2:
        return 0.0
    areas = stats[1:, cv2.CC_STAT_AREA]
    longest = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return float(areas[(areas >= least) & (longest >= long)].sum()) / _MM**2


def _has_words(strokes: Grey, edge_y: int, edge_x: int) -> bool:
    """Whether a line of writing stands at the very head or foot. What touches the end of the band is the border of a scan."""
    height, width = strokes.shape
    off = round(EDGE_MM * _MM)
    for top, bottom in ((off, edge_y), (height - edge_y, height - off)):
        if top >= bottom:  # on a slip that is hardly 7 cm high the head and the foot are edges alone
            continue
        band = above(strokes[top:bottom, edge_x : width - edge_x], STROKE)
        count, _, stats, _ = cv2.connectedComponentsWithStats(band, connectivity=8)
        left, y, wide, high, area = stats[1:].T if count > 1 else np.zeros((5, 0), np.int32)
        outer = (y == 0) if top == off else (y + high == band.shape[0])
        words = ~outer & (high <= MOST_HIGH_MM * _MM) & (area >= 4) & (left > 0) & (left + wide < band.shape[1])
        if np.count_nonzero(words) >= LEAST_PIECES and float(area[words].sum()) / _MM**2 >= BAND_MM2:
            return True
    return False
