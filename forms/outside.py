"""Is something written or stamped on a page where the form asks nothing: over a heading, at the foot, in a margin, on a page of the policy?

No question can say what such words mean. "I agree to none of this" at the head of a form turns every tick round, and a withdrawal may stand on
the policy that came with it; so whoever confirms the form is told, and looks. Stamps, stains and folds are told as well.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI, POINT
from forms.ink import Added
from forms.register import Registration
from forms.template import Field

SOMETHING_MM2, LEAST_PIECES = 4.0, 3
"""So much ink in so many pieces close together is something: a word."""
BETWEEN_MM = (7.0, 2.5)
"""How far pieces of one word or line lie apart at most, across and down; specks lie anywhere."""
LINE_MM, LINE_FLAT = 15.0, 10.0
"""A piece as long, and as many times longer than wide, is a fold or a streak."""
LEAST_LONG_MM, LEAST_MM2 = 1.8, 0.2
"""Smaller pieces are specks."""
EDGE_MM = (6.0, 3.0)
"""How near to the paper's edge, at its sides and at its head and foot, borders and the marks of feeders lie."""
BESIDE_MARKS_PT, BESIDE_WRITING_PT = 6.0, 12.0
"""How far around the row of a question, and around a place to write, ink is of that: other rules look at it."""
_HALF = BLANK_DPI / 25.4 / 2


def is_written_on(found: Registration, fields: Sequence[Field], added: Added) -> bool:
    """Whether there is something outside of the questions and places of these fields. `added`: what `ink.added_to` found on the page."""
    small = _halved(added.ink)
    asked = np.zeros(small.shape, np.bool_)
    for field in fields:
        boxes = [*field.boxes.values(), *field.own_labels.values()]
        if field.kind.is_mark:
            boxes = [
                (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
            ]
        around = BESIDE_MARKS_PT if field.kind.is_mark else BESIDE_WRITING_PT
        for left, top, right, bottom in boxes:
            x0, y0, x1, y1 = (
                round(n * POINT / 2) for n in (left - around, top - around, right + around, bottom + around)
            )
            asked[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)] = True
    off_x, off_y = (round(mm * _HALF) for mm in EDGE_MM)
    inner, theirs = small[off_y:-off_y, off_x:-off_x], asked[off_y:-off_y, off_x:-off_x]
    # Most of a piece that counts lies outside of what the form asks. Most pages have less there than would do, and need no closer look.
    if np.count_nonzero(inner > theirs) * 2 < SOMETHING_MM2 * _HALF**2:
        return False
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    if count <= LEAST_PIECES:
        return False
    left, top, wide, high, area = stats.T
    within = np.bincount(labels[theirs], minlength=count)
    own = within * 2 < area  # most of it lies outside of what the form asks
    own[0] = False
    own &= (left > 0) & (top > 0) & (left + wide < inner.shape[1]) & (top + high < inner.shape[0])
    longest, shortest = np.maximum(wide, high), np.minimum(wide, high)
    own &= (longest >= LEAST_LONG_MM * _HALF) & (area >= LEAST_MM2 * _HALF**2)
    own &= (longest < LINE_MM * _HALF) | (longest < LINE_FLAT * shortest)
    if int(own.sum()) < LEAST_PIECES or area[own].sum() < SOMETHING_MM2 * _HALF**2:
        return False
    rows = slice(top[own].min(), (top + high)[own].max())
    columns = slice(left[own].min(), (left + wide)[own].max())
    return _has_a_word(np.asarray(labels[rows, columns], np.int32), own, area)


def _has_a_word(labels: NDArray[np.int32], own: NDArray[np.bool_], area: NDArray[np.integer]) -> bool:
    """Whether enough of these pieces lie close together. `labels`: each pixel's piece, where all of `own` lie; `own` and `area` by piece."""
    reach = np.ones((round(BETWEEN_MM[1] * _HALF), round(BETWEEN_MM[0] * _HALF)), np.uint8)
    _, groups = cv2.connectedComponents(cv2.dilate(own[labels].view(np.uint8), reach), connectivity=8)
    of_piece = np.zeros(len(own), np.int64)
    of_piece[labels.ravel()] = groups.ravel()  # a piece lies in one group with all of its pixels
    pieces = np.bincount(of_piece[own])
    ink = np.bincount(of_piece[own], weights=area[own]) / _HALF**2
    return bool(((pieces >= LEAST_PIECES) & (ink >= SOMETHING_MM2)).any())


def _halved(layer: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Half the size; 1 where any of four is set. A thin stroke stays one."""
    height, width = layer.shape[0] // 2 * 2, layer.shape[1] // 2 * 2
    four = layer[:height, :width].view(np.uint8)
    rows = four[::2] | four[1::2]
    return np.asarray((rows.view(np.uint16) != 0).view(np.uint8), np.uint8)  # two neighbours at once
