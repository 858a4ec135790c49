"""Whether a sheet holds a second page beside the one that was found: two pages copied onto one sheet, or a book laid open.

Only one of them would be read, and the other, which may be another family's, would be lost without a word.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from forms.page import Grey, Matrix

WITHIN = 0.9
"""The share of the place beside a page that must lie on the scan to hold another: a photograph with the table around it has less."""
DARK, EDGE = 70, 0.06
"""From which darkness on something is ink; how much of each side of the place counts as edge, where fingers, borders and the fold lie."""
INK = 0.004
"""The share of the place that is ink where a page lies there: our forms and policies have 0.05 and more, a letter of six lines 0.016, empty paper none."""
MOST = 0.6
"""A page that fills more of the sheet than this leaves no room for another."""


def holds_another(strokes: Grey, frame: Matrix, size: tuple[int, int]) -> bool:
    """Whether something is printed or written where another page of the same size lies right beside, above or below the one that was found.

    `strokes`: the darkness of the upright sheet; `frame`: from pixels of the found page's blank (`size`: width, height) to pixels of the sheet.
    """
    whole = strokes.shape[0] * strokes.shape[1]
    if _area(_corners(frame, size, 0, 0)) > whole * MOST:
        return False
    return any(_is_written_on(strokes, place) for place in _places(frame, size))


def _places(frame: Matrix, size: tuple[int, int]) -> Iterator[Matrix]:
    for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        yield _corners(frame, size, across, down)


def _corners(frame: Matrix, size: tuple[int, int], across: int, down: int) -> Matrix:
    """The corners, on the sheet, of the place so many pages across and down: 4 × (x, y)."""
    width, height = size
    ends = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    ends += np.array([across * width, down * height])
    return np.asarray(cv2.perspectiveTransform(ends[None], frame)[0], np.float64)


def _area(corners: Matrix) -> float:
    return float(cv2.contourArea(corners.astype(np.float32)))


def _is_written_on(strokes: Grey, corners: Matrix) -> bool:
    height, width = strokes.shape
    left, top = np.clip(corners.min(axis=0), 0, (width, height)).astype(int)
    right, bottom = np.clip(corners.max(axis=0), 0, (width, height)).astype(int)
    wide, high = corners.max(axis=0) - corners.min(axis=0)
    if (right - left) * (bottom - top) < WITHIN * wide * high:
        return False
    x, y = int(EDGE * wide), int(EDGE * high)
    inner = strokes[top + y : bottom - y, left + x : right - x]
    return inner.size > 0 and float((inner >= DARK).mean()) >= INK
