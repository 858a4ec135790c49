"""Draws what was read beside the ink of a page, for a person to compare. Never over the ink: boxes are outlined, values stand outside.

Letters are drawn in plain capitals on white, so that they are not taken for handwriting.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box, Placement, grown, place_box
from forms.results import FieldReading, PageReading

READ = (30, 120, 30)
ASKED = (190, 40, 40)
QUIET = (130, 130, 150)
"""Red, green, blue."""
OUTSIDE_PT = 1.5
LEAST_GAP = 6


def draw(pixels: NDArray[np.uint8], reading: PageReading) -> bytes:
    """A PNG of the page turned upright with every field outlined and its value beside it.

    `pixels` as they were given to `read_page`. A page on which nothing was read is only turned upright.
    """
    upright = np.ascontiguousarray(np.rot90(pixels, -(reading.turned // 90)))
    shown = cv2.cvtColor(upright, cv2.COLOR_GRAY2RGB) if upright.ndim == 2 else upright[:, :, :3].copy()
    canvas = np.asarray(shown, np.uint8)
    if reading.placement is not None:
        dark = _dark(upright)
        for field in reading.fields:
            _outline(canvas, dark, reading.placement, field)
    _, encoded = cv2.imencode(".png", cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR))
    return bytes(encoded)


def _outline(canvas: NDArray[np.uint8], dark: NDArray[np.bool_], placement: Placement, field: FieldReading) -> None:
    """Draws one field, and marks in `dark` where its value now stands, so that no other is written over it."""
    colour = ASKED if field.review else (QUIET if field.value in (None, "blank", "absent") else READ)
    left, top, right, bottom = (
        round(value) for value in place_box(placement, grown(field.box, OUTSIDE_PT, OUTSIDE_PT))
    )
    for x0, y0, x1, y1 in (
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    ):
        line = (slice(max(0, y0), max(0, y1 + 1)), slice(max(0, x0), max(0, x1 + 1)))
        canvas[line][~dark[line]] = colour
    if colour == QUIET:
        return
    text = f"{(field.value or '').upper()}{' ?' if field.review else ''}".strip()
    text = text.encode("ascii", "replace").decode("ascii")[:24]
    size = max(0.35, (bottom - top) / 60)
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    place = _free(dark, (left, top, right, bottom), width + 4, height + 6)
    if place is not None:
        dark[place[1] : place[1] + height + 6, place[0] : place[0] + width + 4] = True
        at = (place[0] + 2, place[1] + height + 3)
        cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)


def _dark(page: NDArray[np.uint8]) -> NDArray[np.bool_]:
    grey = page if page.ndim == 2 else page[:, :, :3].min(axis=2)
    return np.asarray(grey < 200, np.bool_)


def _free(dark: NDArray[np.bool_], box: Box, width: int, height: int) -> tuple[int, int] | None:
    """The nearest place beside the box, right or left of it, above or below, where a text covers no ink; None if there is none."""
    left, top, right, bottom = (int(value) for value in box)
    for gap in range(LEAST_GAP, dark.shape[1], 8):
        for x, y in ((right + gap, top), (left - gap - width, top), (left, bottom + gap), (left, top - gap - height)):
            inside = x >= 0 and y >= 0 and x + width <= dark.shape[1] and y + height <= dark.shape[0]
            if inside and not dark[y : y + height, x : x + width].any():
                return x, y
    return None
