"""Pictures cut from a page: what an officer must see to judge a field, and the writing alone for whatever recognises it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI, POINT
from forms.geometry import Box, around, clipped, grown, overlap, place_box
from forms.page import above
from forms.register import Registration, Upright, offset_near
from forms.template import Field, Kind
from forms.writing.places import PAD_PX, RECOGNITION_DPI, SIDE_PT

LONGEST = 1400
SQUARE = 1.4
"""Pixels less than so many times as high as wide, or as wide as high, are shown as they are."""
PACKED = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP),
)
"""Of all ways to pack a PNG that were tried the fastest or next to it on scans of every kind, and the smallest of these."""


def _shown(found: Registration, field: Field) -> Box:
    """What an officer must see to judge a field: its boxes, the printed words beside them and a margin; of a date all that is read."""
    held = around([*field.boxes.values(), *field.own_labels.values()])
    return grown(held, 12.0, 6.0) if field.kind.is_mark else grown(_reached(found, field), 8.0, 7.0)


def crop_of(
    found: Registration, upright: Upright, field: Field
) -> tuple[tuple[int, int, int, int] | None, bytes | None]:
    """Where a field lies on the upright page (left, top, right, bottom in pixels), and a PNG of it; None, None off the page."""
    height, width = upright.source.shape[:2]
    left, top, right, bottom = clipped(place_box(found.placement, _shown(found, field)), width, height)
    place = (int(left), int(top), round(right), round(bottom))
    if place[2] - place[0] < 4 or place[3] - place[1] < 4:
        return None, None
    cut = upright.source[place[1] : place[3], place[0] : place[2]]
    return place, _png(cut, (float(upright.to_source[0, 0]), float(upright.to_source[1, 1])))


def _png(pixels: NDArray[np.uint8], finer: tuple[float, float]) -> bytes:
    """`finer`: how many pixels, across and down, are one at WORK_DPI."""
    across, down = finer
    if max(across, down) < SQUARE * min(across, down):  # else a fax, whose pixels are twice as high as they are wide
        # Two hundred dots to the inch show a person all there is, and are packed in half the time.
        across = down = 1.0 if _is_black_and_white(pixels) else max(1.0, across)
    by = max(1.0, pixels.shape[1] / across / LONGEST)
    width, height = (
        max(1, round(side / (each * by))) for side, each in zip(pixels.shape[1::-1], (across, down), strict=True)
    )
    shown = pixels
    if (width, height) != pixels.shape[1::-1]:
        # Of less than two pixels the mean of the nearest two is as good, and several times faster.
        how = cv2.INTER_AREA if min(across, down) * by >= 1.99 else cv2.INTER_LINEAR
        shown = np.asarray(cv2.resize(pixels, (width, height), interpolation=how), np.uint8)
    return _packed(np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGB2BGR), np.uint8) if shown.ndim == 3 else shown)


def _is_black_and_white(pixels: NDArray[np.uint8]) -> bool:
    """Whether there is nothing between black and white: such a picture packs well, and would not once it is made smaller."""
    return pixels.ndim == 2 and not cv2.inRange(pixels, 1, 254).any()


def _packed(pixels: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", pixels, PACKED)[1])


def for_recognition(found: Registration, field: Field) -> bytes:
    """Only the writing, black on white, with the print taken away, at one and a half times the working size."""
    light = cv2.bitwise_not(cv2.GaussianBlur(written_in(found, _reached(found, field)), (0, 0), 0.6))
    large = cv2.resize(
        light, None, fx=RECOGNITION_DPI / BLANK_DPI, fy=RECOGNITION_DPI / BLANK_DPI, interpolation=cv2.INTER_CUBIC
    )
    padded = cv2.copyMakeBorder(large, PAD_PX, PAD_PX, PAD_PX, PAD_PX, cv2.BORDER_CONSTANT, value=255)
    return _packed(np.asarray(padded, np.uint8))


FURTHER_PT, APART_PT = 42.0, 5.0
"""How far to the right of its field a date is looked for that runs out of it, and how far apart its figures then stand at most."""
_STROKE = 0.25
"""What is less than this share of its field high says nothing of whether writing runs out of it: dust, a dash, the rest of a line."""


def _reached(found: Registration, field: Field) -> Box:
    """The field, further to the right where a date runs out of it over free paper and ends there.

    Not where it would run into print or another field, or goes on for ever, as a scanner's streak does.
    """
    left, top, right, bottom = field.box
    if field.kind is not Kind.DATE:
        return field.box
    window, _ = _window(found, (left, top, right + SIDE_PT + FURTHER_PT, bottom))
    near = found.blank.print_near[window]
    bare = np.asarray(cv2.subtract(found.darkness[window], near), np.uint8)
    edge, apart = round((right - left + SIDE_PT) * POINT), round(APART_PT * POINT)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(above(bare, _STROKES_FROM, 1), connectivity=8)
    tall = stats[:, cv2.CC_STAT_HEIGHT] >= _STROKE * bare.shape[0]
    tall[0] = False
    inked = np.flatnonzero(tall[labels].any(axis=0))
    inside = inked[inked < edge]
    end = int(inside[-1]) if len(inside) else -apart
    for column in inked[inked >= edge]:
        if column - end > apart:
            break
        end = int(column)
    goes_on = end + apart >= bare.shape[1]
    if end < edge or goes_on or near[:, edge : end + 1].any():
        return field.box
    reached = (left, top, right + (end - edge) / POINT + 1.0, bottom)
    known = found.blank.known.template
    others = [one.box for one in known.fields if one.id != field.id and one.page == field.page] if known else []
    return field.box if any(overlap(reached, other) for other in others) else reached


MARGIN_PT, REACH_PT = 5.0, 15.0
"""What is shown above and below a field in any case, and how far a letter of it may hang out."""
_BRIDGED = 9
"""Pixels: a printed line with its margins (7) and one to each side."""
_LEAN = 2
_CROSSING = 16
"""Pixels: no stroke crosses a line in more than two millimetres; what is longer is a rest of the line."""
_HELD = 0.5
"""The share of a stroke's ink that lies in a field whose it is."""
_FAINTEST = 40
_STROKES_FROM = 70
"""Darkness of a stroke that may tell that writing goes on: more than dust and bleeding ink have."""


def written_in(found: Registration, box: Box) -> NDArray[np.uint8]:
    """The darkness of what is written in a field (points on the blank) at BLANK_DPI, with the print taken away.

    Strokes that cross a printed line are whole again, and letters that hang out of the field are shown whole; what hangs into it from
    another line is left out.
    """
    looked_at = grown(box, SIDE_PT, REACH_PT)
    window, start = _window(found, looked_at)
    near, dark = found.blank.print_near[window], found.darkness[window]
    bare = np.asarray(cv2.subtract(dark, near), np.uint8)
    whole = np.asarray(cv2.max(bare, _bridges(bare, near, dark)), np.uint8)
    top, bottom = (round((box[n] - looked_at[1]) * POINT) - start for n in (1, 3))
    inked = above(whole, _FAINTEST, 1)
    left, y, wide, high = cv2.boundingRect(inked)
    # With a pixel more on each side, for what is left out below takes its edge along.
    left, y, right, end = max(0, left - 1), max(0, y - 1), left + wide + 1, y + high + 1
    here = np.ascontiguousarray(inked[y:end, left:right])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(here, connectivity=8)
    held = (
        np.bincount(labels[max(0, top - y) : max(0, bottom - y)].ravel(), minlength=count)
        >= _HELD * stats[:, cv2.CC_STAT_AREA]
    )
    # Paper and soft edges of strokes are no piece of their own: they stay where nothing else's ink is near.
    others = ~held
    others[0] = False
    if others.any():
        whole[y:end, left:right][cv2.dilate(others[labels].view(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
    kept = held.copy()
    kept[0] = False
    rows = stats[kept]
    rows[:, cv2.CC_STAT_TOP] += y
    margin = round(MARGIN_PT * POINT)
    first, last = top - margin, bottom + margin
    if len(rows):
        first = min(first, int(rows[:, cv2.CC_STAT_TOP].min()) - 2)
        last = max(last, int((rows[:, cv2.CC_STAT_TOP] + rows[:, cv2.CC_STAT_HEIGHT]).max()) + 2)
    return np.asarray(whole[max(0, first) : max(0, last)], np.uint8)


def _bridges(bare: NDArray[np.uint8], near: NDArray[np.uint8], dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What strokes lost where they cross printed lines: print with ink on both of its sides, straight over or leaning a little.

    `near`: 255 where there is print.
    """
    over = np.zeros_like(bare)
    for shape in ((_BRIDGED, 2 * _LEAN + 1), (2 * _LEAN + 1, _BRIDGED)):
        kernel = np.ones(shape, np.uint8)
        across = shape[0] < shape[1]
        ends = [(0, _LEAN), (_BRIDGED - 1, _LEAN)] if across else [(_LEAN, 0), (_LEAN, _BRIDGED - 1)]
        cv2.max(over, cv2.min(*(cv2.dilate(bare, kernel, anchor=end) for end in ends)), dst=over)
    over = np.asarray(cv2.bitwise_and(cv2.min(over, dark), near), np.uint8)
    inked = above(over, _FAINTEST, 1)
    left, top, wide, high = cv2.boundingRect(inked)
    kept = np.zeros_like(over)
    if not wide:
        return kept
    # Of a field it is a strip along its line: to number pieces takes as long for what is empty.
    here = (slice(top, top + high), slice(left, left + wide))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(inked[here]), connectivity=8)
    short = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= _CROSSING
    short[0] = False
    kept[here] = np.where(short[labels], over[here], np.uint8(0))
    return kept


def writing_alone(found: Registration, box: Box) -> NDArray[np.uint8]:
    """The darkness of a part of the page (points on the blank) at BLANK_DPI, with the print taken away."""
    window, _ = _window(found, box)
    dark = found.darkness[window].copy()
    dark[found.blank.print_near[window] > 0] = 0
    return np.asarray(dark, np.uint8)


def _window(found: Registration, box: Box) -> tuple[tuple[slice, slice], int]:
    """Where a part of the page lies in the registered pictures, and how many rows of it lie above them."""
    dx, dy, _ = offset_near(found, [box])
    left, top, right, bottom = (round(value * POINT) for value in box)
    left, right, top, bottom = left + round(dx), right + round(dx), top + round(dy), bottom + round(dy)
    return (slice(max(0, top), bottom), slice(max(0, left), right)), max(0, -top)
