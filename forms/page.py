"""One page image as it was scanned: grey pixels, and what is known of its resolution.

Pixels are uint8, height × width, 0 is black. A fax has 204 dots to the inch across and 98 down, so every step from
pixels to lengths goes through both figures. Nothing here knows of forms. Pure but for numpy and cv2.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import A4_INCHES

Grey = NDArray[np.uint8]
Matrix = NDArray[np.float64]

LEAST_SIDE = 200  # px; a page smaller than this shows nothing that could be read
LONGEST_PAGE_INCHES = 18.0
SHORTEST_PAGE_INCHES = 6.0
_WORTH_IT = 40
"""Rows of white paper that are dealt with by themselves: for fewer the rest is not parted."""
WIDE_REACH = 60  # px at half the working resolution: wider than a corner mark or the strokes of a heading


@dataclass(frozen=True)
class Page:
    """A page as scanned, not turned. `dpi` is across and down, measured or guessed from the size of A4."""

    grey: Grey
    dpi: tuple[float, float]


def page_of(pixels: NDArray[np.uint8], dpi: tuple[float, float] | None) -> Page | None:
    """The page that these pixels show, or None if they are no picture of a page at all.

    Resolutions in files are often wrong (1, 72 or 96 for everything): one that makes the page impossibly large or
    small is not believed, and the page is then taken for A4.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or min(pixels.shape[:2]) < LEAST_SIDE:
        return None
    if pixels.ndim == 2:
        grey = np.ascontiguousarray(pixels)
    elif pixels.shape[2] in (3, 4):
        grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels[:, :, :3]), cv2.COLOR_RGB2GRAY), np.uint8)
    else:
        grey = np.ascontiguousarray(pixels[:, :, 0])
    height, width = grey.shape
    return Page(grey, _believable(dpi, width, height))


def _believable(dpi: tuple[float, float] | None, width: int, height: int) -> tuple[float, float]:
    if dpi is not None and min(dpi) > 1 and 0.4 < dpi[0] / dpi[1] < 2.5:
        longest = max(width / dpi[0], height / dpi[1])
        if SHORTEST_PAGE_INCHES <= longest <= LONGEST_PAGE_INCHES:
            return (float(dpi[0]), float(dpi[1]))
    guess = max(width, height) / A4_INCHES[1]
    if abs(width - 1728) <= 8 and height < 1500:  # a standard-resolution fax line without its resolution
        return (204.0, 98.0)
    return (guess, guess)


def halved(grey: Grey) -> Grey:
    """Half the size, each pixel the mean of four. An odd last row or column is left out: it makes this many times faster."""
    height, width = grey.shape[0] // 2 * 2, grey.shape[1] // 2 * 2
    return np.asarray(
        cv2.resize(grey[:height, :width], (width // 2, height // 2), interpolation=cv2.INTER_AREA), dtype=np.uint8
    )


def reduced(page: Page, dpi: float) -> tuple[Grey, Matrix]:
    """The page at a lower, square resolution, and the transform from its pixels to those of the page."""
    grey, across, down = page.grey, page.dpi[0] / dpi, page.dpi[1] / dpi
    # Pixel centres: the middle of pixel 0 lies half a pixel from the edge at either resolution.
    back = np.eye(3)
    while min(across, down) >= 1.99 and min(grey.shape) >= 32:
        grey, across, down = halved(grey), across / 2, down / 2
        back = back @ np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])
    height, width = grey.shape
    small_width, small_height = max(8, round(width / across)), max(8, round(height / down))
    if (small_width, small_height) == (width, height):
        return grey, np.asarray(back, np.float64)
    # What is left is less than half: two pixels across are enough for the mean. A fax differs across and down.
    far = max(across, down) >= 1.99
    small = cv2.resize(grey, (small_width, small_height), interpolation=cv2.INTER_AREA if far else cv2.INTER_LINEAR)
    across, down = width / small_width, height / small_height
    back = back @ np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])
    return np.asarray(small, dtype=np.uint8), np.asarray(back, np.float64)


def _shades(grey: Grey, reach: int) -> Grey:
    """The shade of the paper, print and writing up to `reach` pixels wide filled in: a picture of an eighth of the size (of a tiny one: of the same).

    Ink is measured against the paper around it: one level for the whole page is what loses pencil and worn pens.
    """
    step = 8
    small = halved(halved(halved(grey))) if min(grey.shape) >= 64 else grey
    side = max(3, 2 * round(reach / step / 2) + 1)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.blur(closed, (5, 5), borderType=cv2.BORDER_REPLICATE), np.uint8)


def above(layer: Grey, limit: int, shown: int = 255) -> Grey:
    """255, or what else is to be `shown`, where a layer is above a limit; 0 elsewhere."""
    return np.asarray(cv2.threshold(layer, limit, shown, cv2.THRESH_BINARY)[1], np.uint8)


def ranked(shades: NDArray[np.uint8], per_cent: float) -> float:
    """The shade below which so many per cent of them (one at least) lie: what `np.percentile` says, in a fraction of the time."""
    place = (shades.size - 1) * (per_cent / 100)
    first = int(place)
    upto = np.cumsum(np.bincount(shades.ravel(), minlength=256))
    low, high = np.searchsorted(upto, [first, min(first + 1, shades.size - 1)], side="right").tolist()
    part, step = place - first, high - low
    return float(low + step * part if part < 0.5 else high - step * (1 - part))


def darkness_of(grey: Grey, reach: int) -> Grey:
    """How much darker each pixel is than the paper around it: 0 is paper, 255 black."""
    height, width = grey.shape
    shades = _shades(grey, reach)
    paper = np.asarray(cv2.resize(shades, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    # In place: pages are large, and a fresh one costs as much as the arithmetic.
    if cv2.minMaxLoc(shades)[0] < 40:  # a black border is not paper, and must not turn its noise into ink
        np.maximum(paper, 40, out=paper)
    for top, bottom, is_white in _bands(shades, height):
        here, there = grey[top:bottom], paper[top:bottom]
        if is_white:  # a scan of black and white is nearly all of it
            cv2.bitwise_not(here, dst=there)
        else:
            cv2.divide(here, there, dst=there, scale=255.0)
            cv2.bitwise_not(there, dst=there)
    return paper


def _bands(shades: Grey, height: int) -> Iterator[tuple[int, int, bool]]:
    """Top and bottom of bands of rows of a page so high, and whether its paper is white all over there."""
    white = np.r_[False, (shades == 255).all(axis=1), False]
    changes = np.flatnonzero(white[1:] != white[:-1]).reshape(-1, 2).tolist()
    rows, done = len(shades), 0
    for first, last in changes:
        # A row of the page lies between two of the shades: the first and the last belong to both.
        top = 0 if first == 0 else -(-(first + 1) * height // rows)
        bottom = height if last == rows else (last - 1) * height // rows
        if bottom - top < _WORTH_IT:
            continue
        if top > done:
            yield done, top, False
        yield top, bottom, True
        done = bottom
    if done < height:
        yield done, height, False
