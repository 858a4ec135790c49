"""What a scorer of marks sees of each box: a small window of the registered page beside the same window of the blank.

A window is 20 × 14 mm around the middle of the box, 5 px to the millimetre, in four layers (uint8): the page's darkness, the
blank's darkness, the box itself, and every other box that is there. Nothing else of the page is seen, and nothing is judged.
Of a cell that is larger than a window the part is seen that its ink lies in, as if that were the box.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI, POINT, UNPACKED, VIEW_PX_PER_MM, for_view, viewed
from forms.geometry import MM_PER_INCH, POINTS_PER_INCH, Box
from forms.page import Grey
from forms.register import Registration, offset_near
from forms.template import Field

WIDTH, HEIGHT = 100, 70
LAYERS = 4
_SHRINK = VIEW_PX_PER_MM / (BLANK_DPI / MM_PER_INCH)
_INCH = round(VIEW_PX_PER_MM * MM_PER_INCH)  # pixels of a view

_MM = POINTS_PER_INCH / MM_PER_INCH
LARGER_PT, PART_PT = (19.0 * _MM, 13.0 * _MM), (18.0 * _MM, 12.0 * _MM)
"""From which width or height on a cell is larger than what the scorer was fitted on, and the part of such a cell that is seen as a box."""
_INK, _LEAST_INK_PX = 44, 12
_EDGE_PX = 6
"""Pixels at BLANK_DPI along the edge of a cell in which its own printed line may show."""

Views = NDArray[np.uint8]


@dataclass(frozen=True)
class Seen:
    """The windows of a page's boxes: `keys` are field id and box name, `views` n × 4 × 70 × 100."""

    keys: tuple[tuple[str, str], ...]
    views: Views


def views(registration: Registration, fields: Sequence[Field]) -> Seen:
    """A window for every box that can be marked, in template order."""
    marks = [field for field in fields if field.kind.is_mark]
    blank = registration.blank
    moved = {field.id: offset_near(registration, list(field.boxes.values())) for field in marks}
    shown = {
        (field.id, name): _part_to_see(registration, box, moved[field.id])
        for field in marks
        for name, box in field.boxes.items()
    }
    page = _seen_around(registration, marks, shown, blank.viewed.shape)
    keys = tuple(shown)
    found = np.empty((len(keys), LAYERS, HEIGHT, WIDTH), np.uint8)
    for window, (field_id, name) in zip(found, keys, strict=True):
        left, top, right, bottom = _pixels(shown[field_id, name])
        dx, dy, _ = moved[field_id]
        window[0] = _window(page, (left + right) / 2 + dx * _SHRINK, (top + bottom) / 2 + dy * _SHRINK)
    if keys:
        boxes = tuple(box for field in marks for box in field.boxes.values())
        found[:, 1:] = _printed(blank.picture, tuple(shown.values()), boxes)
    return Seen(keys, found)


@lru_cache(maxsize=UNPACKED)
def _printed(picture: bytes, shown: tuple[Box, ...], boxes: tuple[Box, ...]) -> Views:
    """All layers of each window but the first: n × 3 × 70 × 100. They are the same for every page of one kind, unless a large cell is seen in part.

    `picture`: the blank's; `shown`: of each box the part that is seen; `boxes`: on the blank.
    """
    blank = viewed(picture)
    all_boxes = np.zeros(blank.shape, np.uint8)
    for box in boxes:
        _paint(all_boxes, _pixels(box))
    found = np.empty((len(boxes), LAYERS - 1, HEIGHT, WIDTH), np.uint8)
    for window, box, part in zip(found, boxes, shown, strict=True):
        left, top, right, bottom = _pixels(part)
        x, y = (left + right) / 2, (top + bottom) / 2
        own, whole = (
            _painted((one[0] - x + WIDTH / 2, one[1] - y + HEIGHT / 2, one[2] - x + WIDTH / 2, one[3] - y + HEIGHT / 2))
            for one in ((left, top, right, bottom), _pixels(box))
        )
        window[0], window[1] = _window(blank, x, y), own
        window[2] = np.where(whole > 0, 0, _window(all_boxes, x, y))
    return found


def _part_to_see(registration: Registration, box: Box, moved: tuple[float, float, float]) -> Box:
    """A box, or the part of a larger cell that its ink lies in; the middle of the cell where that is more than a part of this size.

    `moved`: by how many pixels at BLANK_DPI the page is off here, across and down.
    """
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if wide <= LARGER_PT[0] and high <= LARGER_PT[1]:
        return box
    wide, high = min(wide, PART_PT[0]), min(high, PART_PT[1])
    ink = _ink_in(registration, box, moved)
    if ink is None or ink[2] - ink[0] > wide or ink[3] - ink[1] > high:
        return box
    x = min(max((ink[0] + ink[2]) / 2, left + wide / 2), right - wide / 2)
    y = min(max((ink[1] + ink[3]) / 2, top + high / 2), bottom - high / 2)
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _ink_in(registration: Registration, box: Box, moved: tuple[float, float, float]) -> Box | None:
    """Around all that was added in a cell, in points on the blank; None where nothing was."""
    across, down = round(moved[0]), round(moved[1])
    left, top, right, bottom = (round(edge * POINT) for edge in box)
    x, y = max(0, left + across + _EDGE_PX), max(0, top + down + _EDGE_PX)
    window = slice(y, max(y, bottom + down - _EDGE_PX)), slice(x, max(x, right + across - _EDGE_PX))
    added = (registration.darkness[window] > _INK) & (registration.blank.print_near[window] == 0)
    if not added.any():
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats(added.astype(np.uint8), connectivity=8)
    pieces = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= _LEAST_INK_PX]
    if not len(pieces):
        return None
    first, last = pieces[:, :2].min(axis=0), (pieces[:, :2] + pieces[:, 2:4]).max(axis=0)
    return (
        (x - across + int(first[0])) / POINT, (y - down + int(first[1])) / POINT,
        (x - across + int(last[0])) / POINT, (y - down + int(last[1])) / POINT,
    )  # fmt: skip


def _painted(box: Box) -> Grey:
    """A window's layer with a box in it."""
    layer = np.zeros((HEIGHT, WIDTH), np.uint8)
    _paint(layer, box)
    return layer


def _seen_around(
    registration: Registration, marks: Sequence[Field], shown: Mapping[tuple[str, str], Box], shape: tuple[int, ...]
) -> Grey:
    """The page's darkness at VIEW_PX_PER_MM where windows around its boxes may look; elsewhere 0. `shape`: height and width.

    By bands an inch high: an inch is a whole number of pixels in both, so that they come out as of the whole page.
    """
    seen = np.zeros(shape[:2], np.uint8)
    reach: dict[int, tuple[int, int]] = {}  # which columns are wanted of each band, in inches
    for field in marks:
        dx, dy, _ = offset_near(registration, list(field.boxes.values()))
        for left, top, right, bottom in (shown[field.id, name] for name in field.boxes):
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
