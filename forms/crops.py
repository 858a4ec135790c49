"""Pictures cut from a page: what an officer must see to judge a field, and the writing alone for whatever recognises it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI, POINT
from forms.geometry import Box, around, clipped, grown, place_box
from forms.register import Registration, Upright, offset_near
from forms.template import Field
from forms.writing.places import PAD_PX, RECOGNITION_DPI, SIDE_PT


def _shown(field: Field) -> Box:
    """What an officer must see to judge a field: its boxes, the printed words beside them and a margin."""
    held = around([*field.boxes.values(), *field.labels.values()])
    return grown(held, 12.0, 6.0) if field.kind.is_mark else grown(field.box, 8.0, 7.0)


def crop_of(
    found: Registration, upright: Upright, field: Field
) -> tuple[tuple[int, int, int, int] | None, bytes | None]:
    """Where a field lies on the upright page (left, top, right, bottom in pixels), and a PNG of it; None, None off the page."""
    height, width = upright.source.shape[:2]
    left, top, right, bottom = clipped(place_box(found.placement, _shown(field)), width, height)
    place = (int(left), int(top), round(right), round(bottom))
    if place[2] - place[0] < 4 or place[3] - place[1] < 4:
        return None, None
    cut = upright.source[place[1] : place[3], place[0] : place[2]]
    return place, _png(cut)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    shown = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    longest = 1400
    if shown.shape[1] > longest:
        shown = cv2.resize(
            shown, (longest, max(1, shown.shape[0] * longest // shown.shape[1])), interpolation=cv2.INTER_AREA
        )
    _, encoded = cv2.imencode(".png", shown)
    return bytes(encoded)


def for_recognition(found: Registration, field: Field) -> bytes:
    """Only the writing, black on white, with the print taken away, at twice the working size."""
    dark = writing_alone(found, grown(field.box, SIDE_PT, 5.0))
    light = cv2.bitwise_not(cv2.GaussianBlur(dark, (0, 0), 0.6))
    large = cv2.resize(
        light, None, fx=RECOGNITION_DPI / BLANK_DPI, fy=RECOGNITION_DPI / BLANK_DPI, interpolation=cv2.INTER_CUBIC
    )
    padded = cv2.copyMakeBorder(large, PAD_PX, PAD_PX, PAD_PX, PAD_PX, cv2.BORDER_CONSTANT, value=255)
    _, encoded = cv2.imencode(".png", padded)
    return bytes(encoded)


def writing_alone(found: Registration, box: Box) -> NDArray[np.uint8]:
    """The darkness of a part of the page (points on the blank) at BLANK_DPI, with the print taken away."""
    dx, dy, _ = offset_near(found, [box])
    left, top, right, bottom = (round(value * POINT) for value in box)
    left, right, top, bottom = left + round(dx), right + round(dx), top + round(dy), bottom + round(dy)
    window = (slice(max(0, top), bottom), slice(max(0, left), right))
    dark = found.darkness[window].copy()
    dark[found.blank.print_near[window] > 0] = 0
    return np.asarray(dark, np.uint8)
