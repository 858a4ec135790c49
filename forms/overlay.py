"""Draws what was read beside the ink of a page, for a person to compare. Never over the ink: not a dot of it changes colour.

Boxes are outlined; values stand near them in plain capitals, so that they are not taken for handwriting.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Placement, grown, place_box
from forms.results import FieldReading, PageReading

READ = (30, 120, 30)
ASKED = (190, 40, 40)
QUIET = (130, 130, 150)
"""Red, green, blue."""
OUTSIDE_PT, LINE_PT, TEXT_PT = 1.5, 0.4, 6.5
MOST_LETTERS = 24
LETTER_PX = 22.0
"""Height of a capital of OpenCV's plain letters at size 1."""
INK_BELOW = 200 / 255
"""Share of the paper's brightness below which a dot counts as ink."""
PAPER_PX = 100
LEAST_GAP_PT, STEP_PT, FURTHEST_STEPS = 2.5, 4.0, 14
INK_COSTS_PT = 400.0
"""A text that lies on one part in a hundred of ink is as bad as one that stands this many hundredths of points further off."""


def draw(pixels: NDArray[np.uint8], reading: PageReading, stretch: tuple[float, float] = (1.0, 1.0)) -> bytes:
    """A PNG of the page turned upright with every field outlined and its value beside it.

    `pixels` as they were given to `read_page`. A page on which nothing was read is only turned upright. `stretch` makes the
    upright page so much wider and higher, where a fax has dots that are not square or another size is wanted.
    """
    upright = np.ascontiguousarray(np.rot90(pixels, -(reading.turned // 90)))
    if stretch != (1.0, 1.0):
        wide, high = (max(1, round(side * by)) for side, by in zip(upright.shape[1::-1], stretch, strict=True))
        upright = np.asarray(cv2.resize(upright, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
    shown = cv2.cvtColor(upright, cv2.COLOR_GRAY2RGB) if upright.ndim == 2 else upright[:, :, :3].copy()
    canvas = np.asarray(shown, np.uint8)
    if reading.placement is not None:
        dark, taken = _dark(upright), _frames(upright.shape[:2], scaled(reading.placement, *stretch), reading.fields)
        for field in reading.fields:
            _outline(canvas, dark, taken, scaled(reading.placement, *stretch), field)
    _, encoded = cv2.imencode(".png", cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR))
    return bytes(encoded)


def _frames(shape: tuple[int, ...], placement: Placement, fields: Sequence[FieldReading]) -> NDArray[np.bool_]:
    """The boxes of marks, where no text may stand."""
    taken = np.zeros(shape, np.bool_)
    for field in fields:
        if field.kind.is_mark:
            left, top, right, bottom = (round(value) for value in place_box(placement, field.box))
            taken[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return taken


def scaled(placement: Placement, across: float, down: float) -> Placement:
    """The placement on the same page made so much wider and higher."""
    a, b, c, d, e, f, g, h, i = placement
    return (a * across, b * across, c * across, d * down, e * down, f * down, g, h, i)


def _outline(
    canvas: NDArray[np.uint8], dark: NDArray[np.bool_], taken: NDArray[np.bool_], placement: Placement, field: FieldReading
) -> None:  # fmt: skip
    """Draws one field, and marks in `taken` where its value now stands, so that no other is written over it."""
    colour = ASKED if field.review else (QUIET if field.value in (None, "blank", "absent") else READ)
    left, top, right, bottom = (
        round(value) for value in place_box(placement, grown(field.box, OUTSIDE_PT, OUTSIDE_PT))
    )
    point = max(0.5, (right - left) / (field.box[2] - field.box[0] + 2 * OUTSIDE_PT))
    thick = max(1, round(LINE_PT * point))
    frame = np.zeros(dark.shape, np.uint8)
    cv2.rectangle(frame, (left, top), (right, bottom), 255, thick)
    _paint(canvas, dark, frame, colour)
    if colour == QUIET:
        return
    text = f"{(field.value or '').upper()}{' ?' if field.review else ''}".strip()
    text = text.encode("ascii", "replace").decode("ascii")[:MOST_LETTERS]
    size, pen = TEXT_PT * point / LETTER_PX, max(1, round(point / 2.2))
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, pen)
    place = _nearest(dark, taken, (left, top, right, bottom), (width + 6, height + 6), point)
    if place is None:
        return
    x, y = place
    taken[y : y + height + 6, x : x + width + 6] = True
    letters = np.zeros(dark.shape, np.uint8)
    cv2.putText(letters, text, (x + 3, y + height + 3), cv2.FONT_HERSHEY_SIMPLEX, size, 255, pen)
    _paint(canvas, dark, letters, colour)


def _paint(
    canvas: NDArray[np.uint8], dark: NDArray[np.bool_], shape: NDArray[np.uint8], colour: tuple[int, int, int]
) -> None:  # fmt: skip
    """Colours the shape where the page has no ink: what a person wrote stays as it is."""
    canvas[(shape > 0) & ~dark] = colour


def _dark(page: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where the page is darker than the paper around: ink and print, on white or coloured paper and in a photo's shadow."""
    grey = page if page.ndim == 2 else cv2.cvtColor(page[:, :, :3], cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(small, np.ones((PAPER_PX // 4, PAPER_PX // 4), np.uint8)), (9, 9))
    return np.asarray(grey < cv2.resize(paper, (width, height)) * INK_BELOW, np.bool_)


def _nearest(
    dark: NDArray[np.bool_], taken: NDArray[np.bool_], box: tuple[int, int, int, int], size: tuple[int, int], point: float
) -> tuple[int, int] | None:  # fmt: skip
    """Where a text of this width and height stands best: near the box, on little ink, on no other text; None if nowhere."""
    left, top, right, bottom = box
    width, height = size
    inset = round(2 * point)
    best: tuple[float, tuple[int, int]] | None = None
    for step in range(FURTHEST_STEPS):
        gap = round((LEAST_GAP_PT + STEP_PT * step) * point)
        places = [(right + gap, top), (left - gap - width, top), (left, bottom + gap), (left, top - gap - height)]
        if right - left > 3 * width:
            places.append((right - inset - width - gap, top + inset))
        for x, y in places:
            if x < 0 or y < 0 or x + width > dark.shape[1] or y + height > dark.shape[0]:
                continue
            if taken[y : y + height, x : x + width].any():
                continue
            cost = float(dark[y : y + height, x : x + width].mean()) * INK_COSTS_PT + STEP_PT * step
            if best is None or cost < best[0]:
                best = (cost, (x, y))
    return best[1] if best else None
