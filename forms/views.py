"""What a scorer of marks sees of each box: a small window of the registered page beside the same window of the blank.

A window is 20 × 14 mm around the middle of the box, 5 px to the millimetre, in four layers (uint8): the page's darkness, the
blank's darkness, the box itself, and every other box that is there. Nothing else of the page is seen, and nothing is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI, POINT, VIEW_PX_PER_MM, for_view
from forms.geometry import MM_PER_INCH, Box
from forms.page import Grey
from forms.register import Registration, offset_near
from forms.template import Field

WIDTH, HEIGHT = 100, 70
LAYERS = 4
_SHRINK = VIEW_PX_PER_MM / (BLANK_DPI / MM_PER_INCH)
_INCH = round(VIEW_PX_PER_MM * MM_PER_INCH)  # pixels of a view

Views = NDArray[np.uint8]


@dataclass(frozen=True)
class Seen:
    """The windows of a page's boxes: `keys` are field id and box name, `views` n × 4 × 70 × 100."""

    keys: tuple[tuple[str, str], ...]
    views: Views


def views(registration: Registration, fields: Sequence[Field]) -> Seen:
    """A window for every box that can be marked, in template order."""
    marks = [field for field in fields if field.kind.is_mark]
    blank = registration.blank.viewed
    page = _seen_around(registration, marks, blank.shape)
    all_boxes = np.zeros(blank.shape, np.uint8)
    for field in marks:
        for box in field.boxes.values():
            _paint(all_boxes, _pixels(box))
    keys: list[tuple[str, str]] = []
    found: list[NDArray[np.uint8]] = []
    for field in marks:
        dx, dy, _ = offset_near(registration, list(field.boxes.values()))
        for name, box in field.boxes.items():
            left, top, right, bottom = _pixels(box)
            x, y = (left + right) / 2, (top + bottom) / 2
            here = _window(page, x + dx * _SHRINK, y + dy * _SHRINK)
            own = np.zeros((HEIGHT, WIDTH), np.uint8)
            left, right = left - x + WIDTH / 2, right - x + WIDTH / 2
            top, bottom = top - y + HEIGHT / 2, bottom - y + HEIGHT / 2
            _paint(own, (left, top, right, bottom))
            others = np.where(own > 0, 0, _window(all_boxes, x, y)).astype(np.uint8)
            keys.append((field.id, name))
            found.append(np.stack([here, _window(blank, x, y), own, others]))
    empty = np.zeros((0, LAYERS, HEIGHT, WIDTH), np.uint8)
    return Seen(tuple(keys), np.stack(found) if found else empty)


def _seen_around(registration: Registration, marks: Sequence[Field], shape: tuple[int, ...]) -> Grey:
    """The page's darkness at VIEW_PX_PER_MM where windows around its boxes may look; elsewhere 0. `shape`: height and width.

    By bands an inch high: an inch is a whole number of pixels in both, so that they come out as of the whole page.
    """
    seen = np.zeros(shape[:2], np.uint8)
    reach: dict[int, tuple[int, int]] = {}  # which columns are wanted of each band, in inches
    for field in marks:
        dx, dy, _ = offset_near(registration, list(field.boxes.values()))
        for left, top, right, bottom in field.boxes.values():
            x, y = (left + right) / 2 * POINT + dx, (top + bottom) / 2 * POINT + dy
            first, last = _inches(x, WIDTH), _inches(y, HEIGHT)
            for band in range(max(0, last[0]), last[1]):
                known = reach.get(band, first)
                reach[band] = min(known[0], first[0]), max(known[1], first[1])
    for band, (start, end) in reach.items():
        across = slice(max(0, start) * BLANK_DPI, max(0, end) * BLANK_DPI)
        cut = registration.darkness[band * BLANK_DPI : (band + 1) * BLANK_DPI, across]
        if cut.size:
            small = for_view(np.ascontiguousarray(cut))
            top, left = band * _INCH, max(0, start) * _INCH
            here = seen[top : top + small.shape[0], left : left + small.shape[1]]
            here[:] = small[: here.shape[0], : here.shape[1]]
    return seen


def _inches(middle: float, wide: int) -> tuple[int, int]:
    """From which inch to before which a window reaches: its middle in pixels at BLANK_DPI, its width in pixels of a view."""
    reach = (wide / 2 + 3) / _SHRINK
    return int(np.floor((middle - reach) / BLANK_DPI)), int(np.floor((middle + reach) / BLANK_DPI)) + 1


def _pixels(box: Box) -> Box:
    left, top, right, bottom = (value * POINT * _SHRINK for value in box)
    return left, top, right, bottom


def _paint(layer: Grey, box: Box) -> None:
    left, top, right, bottom = (round(value) for value in box)
    layer[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = 255


def _window(layer: Grey, x: float, y: float) -> Grey:
    """The window around a place, to a fraction of a pixel; what lies off the page is paper."""
    reach_x, reach_y = WIDTH // 2 + 2, HEIGHT // 2 + 2
    left, top = int(np.floor(x)) - reach_x, int(np.floor(y)) - reach_y
    cut = np.zeros((2 * reach_y + 1, 2 * reach_x + 1), np.uint8)
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(layer.shape[0], top + cut.shape[0]), min(layer.shape[1], left + cut.shape[1])
    if y1 > y0 and x1 > x0:
        cut[y0 - top : y1 - top, x0 - left : x1 - left] = layer[y0:y1, x0:x1]
    centre = (x - left - 0.5, y - top - 0.5)
    return np.asarray(cv2.getRectSubPix(cut, (WIDTH, HEIGHT), centre), np.uint8)
