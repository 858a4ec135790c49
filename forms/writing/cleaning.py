"""The writing of one field alone: paper, grain, specks, a scanner's streaks and what is left of printed rules taken away."""

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.writing.places import PAD_PX

_OVER = 17
"""Quarter pixels: no stroke is as wide as five millimetres and a half."""
_SPECK, _MANY_SPECKS, _SOFTEN = 9, 40, 2.0
"""Pieces no larger than so many pixels are specks; with so many of them the paper is grainy, and is looked at as softly as this."""
_TALL, _WIDE = 0.72, 90
"""A straight upright line this share of the field high, or one so many pixels (7.6 mm) across, is no figure's."""
_THICK = 12
"""Pixels: so thick at most is a line of which both sides are looked at for strokes that cross it."""
_STRONG = 110
"""Darkness from which a pixel is the heart of a stroke, after the darkest stroke has been made black."""


def inked(grey: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """The darkness of the writing (uint8, height × width, 0 is paper), strokes made black, specks, streaks and rules taken away.

    `grey`: uint8, height × width, 255 is paper. None when there is no writing.
    """
    dark = np.asarray(cv2.subtract(cv2.bitwise_not(grey), _paper(grey)), np.uint8)
    level = _blackened(dark)
    if level is None:
        return None
    grainy = _specks(level) > _MANY_SPECKS
    if grainy:
        level = _blackened(np.asarray(cv2.GaussianBlur(dark, (0, 0), _SOFTEN), np.uint8))
        if level is None:
            return None
    level = _without_lines(level)
    count, labels, stats = _pieces_of(level)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    if not len(heights):
        return None
    tall = _figure_height(heights)
    # Specks are small both ways; what is left of a printed rule is long and thin. A dash of a date is neither.
    kept = (np.maximum(heights, widths) >= 0.22 * tall) & ~((widths > 1.6 * tall) & (heights < 0.3 * tall))
    # Small pieces above and below the row of figures come from other lines, or are dirt.
    tops, ends = stats[1:, cv2.CC_STAT_TOP], stats[1:, cv2.CC_STAT_TOP] + heights
    row = kept & (heights >= 0.6 * tall)
    if row.any():
        middle = (tops + ends) / 2
        kept &= (heights >= 0.6 * tall) | ((middle >= tops[row].min()) & (middle <= ends[row].max()))
    mask = np.concatenate(([False], kept))[labels]
    if count < 2 or not mask.any():
        return None
    return np.where(mask, level, np.uint8(0))


def _paper(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How dark the paper itself is, everywhere: a shadow, the band of a fold, grey paper. No stroke is as wide as what this looks over."""
    size = (max(1, grey.shape[1] // 4), max(1, grey.shape[0] // 4))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(cv2.bitwise_not(small), cv2.MORPH_OPEN, np.ones((_OVER, _OVER), np.uint8))
    paper = cv2.blur(paper, (_OVER // 2, _OVER // 2))
    return np.asarray(cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _blackened(dark: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """The darkness, stretched so that the darkest strokes are black; None where nothing is dark."""
    black = float(np.percentile(dark, 99.7))
    return None if black < 20 else np.clip(dark * (255.0 / black), 0, 255).astype(np.uint8)


def _pieces_of(level: NDArray[np.uint8]) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    joined = cv2.dilate((level > _STRONG).astype(np.uint8), np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    return count, np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def _specks(level: NDArray[np.uint8]) -> int:
    """How many pieces are specks."""
    _, _, stats = _pieces_of(level)
    return int((np.maximum(stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]) <= _SPECK).sum())


def _without_lines(level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without straight lines that run through the whole picture: a scanner's streak, a printed rule that lies off its place.

    Strokes that cross one are joined again.
    """
    for upright in (True, False):
        turned = level if upright else np.ascontiguousarray(level.T)
        long = round((level.shape[0] - 2 * PAD_PX) * _TALL) if upright else _WIDE
        strong = cv2.dilate((turned > _STRONG).astype(np.uint8), np.ones((1, 5), np.uint8))
        line = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((max(9, long), 1), np.uint8))
        if not line.any():
            continue
        line = cv2.dilate(line, np.ones((3, 3), np.uint8))
        rest = np.where(line > 0, np.uint8(0), turned)
        left, right = (cv2.dilate(rest, np.ones((5, _THICK), np.uint8), anchor=(at, 2)) for at in (0, _THICK - 1))
        crossing = np.minimum(np.minimum(left, right), turned)
        turned = np.where(line > 0, crossing, turned)
        level = turned if upright else np.ascontiguousarray(turned.T)
    return level


def _figure_height(heights: NDArray[np.number]) -> float:
    """About the height of a figure: the middle one of all pieces at least half as tall as the tallest."""
    return float(np.median(heights[heights >= heights.max() / 2]))
