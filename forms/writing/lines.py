"""One line of writing made ready for the model of figures: print and specks gone, one height, one darkness.

The model sees every date the same way, `dd/mm/yyyy` on one line. Where the form tells the places of day, month and year
(figure boxes, or three gaps between printed slashes), the pieces are cut out, moved together and given slashes of our own.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.writing.cleaning import inked
from forms.writing.places import Groups

HEIGHT = 24
"""Pixels of a line as the model sees it; figures are then about 18 high."""
WIDEST = 320
STEP = 2
"""Columns of a line to one step of the model."""
_MARGIN = 2
_AS_TALL = 0.45
_INK = 70
"""Darkness from which a pixel counts as ink, after the darkest stroke has been made black."""


def one_line(level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Darkness from `cleaning.inked` → uint8, HEIGHT × at most WIDEST: cut to the writing and brought to the model's height."""
    rows, columns = np.flatnonzero((level > _INK).any(axis=1)), np.flatnonzero((level > _INK).any(axis=0))
    if not len(rows):
        return np.zeros((HEIGHT, HEIGHT), np.uint8)
    cut = level[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    inner = HEIGHT - 2 * _MARGIN
    small = cv2.resize(
        cut, (_width(*cut.shape), inner), interpolation=cv2.INTER_AREA if cut.shape[0] > inner else cv2.INTER_LINEAR
    )
    peak = float(np.percentile(small, 99)) or 1.0
    small = np.clip(small * (255.0 / peak), 0, 255).astype(np.uint8)
    return np.pad(small, ((_MARGIN, _MARGIN), (2 * _MARGIN, 2 * _MARGIN)))


def _width(high: int, wide: int) -> int:
    """How many columns of a line writing of so many pixels takes, its margins apart."""
    return int(np.clip(round(wide * (HEIGHT - 2 * _MARGIN) / high), 4, WIDEST - 4 * _MARGIN))


@dataclass(frozen=True)
class Line:
    """The darkness of a date as on one line (uint8, height × width, 0 is paper).

    `cells`: how many figure boxes of day, month and year hold something as tall as a figure; None where figures have no boxes of their own,
    or the writer did not keep to them. `slashes`: the columns (from, to) of the slashes that are ours, with the gaps beside them.
    """

    level: NDArray[np.uint8]
    cells: tuple[int, ...] | None = None
    slashes: tuple[tuple[int, int], ...] = ()

    def in_boxes(self, steps: int) -> NDArray[np.bool_]:
        """Which of the model's steps along the line show figure boxes, and nothing that we have drawn; none where there are no boxes."""
        if self.cells is None:
            return np.zeros(steps, np.bool_)
        rows, columns = (np.flatnonzero((self.level > _INK).any(axis=axis)) for axis in (1, 0))
        wide = int(columns[-1] + 1 - columns[0])
        smaller = _width(int(rows[-1] + 1 - rows[0]), wide) / wide
        at = ((np.arange(steps) + 0.5) * STEP - 2 * _MARGIN) / smaller + columns[0]
        ours = np.zeros(steps, np.bool_)
        for start, end in self.slashes:
            ours |= (at >= start) & (at < end)
        return ~ours


def readings(grey: NDArray[np.uint8], groups: Groups) -> list[Line]:
    """The ways to take a date as one line, from a picture (uint8, 255 is paper) in which it may stand in figure boxes or gaps.

    First, where the writer kept to the places, day, month and year moved together with slashes of our own between them; then the line as
    it stands, for whoever writes over printed slashes. Figures in boxes of their own are taken in one way only. Empty when there is no writing.
    """
    level = inked(grey)
    if level is None:
        return []
    pieces = _pieces(level, groups) if groups else None
    if pieces is None:
        return [Line(level)]
    if any(len(group) > 1 for group in groups):
        joined, slashes = _joined(_levelled(pieces), level.shape[0])
        return [Line(joined, _held(pieces), slashes)]
    return [Line(_joined(pieces, level.shape[0])[0]), Line(level)]


def _held(pieces: list[list[NDArray[np.uint8]]]) -> tuple[int, ...]:
    tall = [[int((cell > _INK).any(axis=1).sum()) for cell in group] for group in pieces]
    least = _AS_TALL * float(np.median([one for group in tall for one in group]))
    return tuple(sum(one >= least for one in group) for group in tall)


def _pieces(level: NDArray[np.uint8], groups: Groups) -> list[list[NDArray[np.uint8]]] | None:
    """What stands in each place of day, month and year, empty ones left out.

    None when the writer did not keep to the places: a stroke runs from one into the next, or one of the three is empty.
    """
    spans = [span for group in groups for span in group]
    if not spans:
        return None
    profile = (level > _INK).sum(axis=0)
    cuts = [0]
    for (_, end), (start, _) in pairwise(spans):
        cut = _cut(profile, (end + start) / 2, (spans[0][1] - spans[0][0]) * 0.35)
        if cut is None or cut <= cuts[-1]:
            return None
        cuts.append(cut)
    cuts.append(level.shape[1])
    pieces, at = [], 0
    for group in groups:
        cells = [level[:, cuts[at + n] : cuts[at + n + 1]] for n in range(len(group))]
        at += len(group)
        full = [
            cell[:, used[0] : used[-1] + 1] for cell in cells if len(used := np.flatnonzero((cell > _INK).any(axis=0)))
        ]
        if not full:
            return None
        pieces.append(full)
    return pieces


def _cut(profile: NDArray[np.int64], middle: float, leeway: float) -> int | None:
    """The column nearest the middle that holds no ink; None when there is none near it."""
    low, high = max(0, round(middle - leeway)), min(len(profile), round(middle + leeway) + 1)
    free = np.flatnonzero(profile[low:high] == 0) + low
    return int(free[np.abs(free - middle).argmin()]) if len(free) else None


def _levelled(pieces: list[list[NDArray[np.uint8]]]) -> list[list[NDArray[np.uint8]]]:
    """Figures of boxes, each moved up or down so that its middle lies where that of the others does: in a box people write higher or lower."""
    height = pieces[0][0].shape[0]

    def middled(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
        rows = np.flatnonzero((cell > _INK).any(axis=1))
        return np.roll(cell, round((height - 1 - rows[0] - rows[-1]) / 2), axis=0)

    return [[middled(cell) for cell in group] for group in pieces]


def _joined(
    pieces: list[list[NDArray[np.uint8]]], height: int
) -> tuple[NDArray[np.uint8], tuple[tuple[int, int], ...]]:
    """Day, month and year moved together with slashes between them, and the columns of these."""
    tops = [rows[0] for group in pieces for cell in group if len(rows := np.flatnonzero((cell > _INK).any(axis=1)))]
    ends = [rows[-1] for group in pieces for cell in group if len(rows := np.flatnonzero((cell > _INK).any(axis=1)))]
    top, end = min(tops), max(ends) + 1
    tall = end - top
    gap = np.zeros((height, max(2, round(tall * 0.18))), np.uint8)
    slash = np.zeros((height, max(6, round(tall * 0.55))), np.uint8)
    thick = max(1, round(tall * 0.08))
    edge = round(slash.shape[1] * 0.25)
    cv2.line(slash, (slash.shape[1] - 1 - edge, int(top)), (edge, int(end) - 1), 255, thick, cv2.LINE_AA)
    row: list[NDArray[np.uint8]] = []
    slashes: list[tuple[int, int]] = []
    for number, group in enumerate(pieces):
        if number:
            start = sum(one.shape[1] for one in row)
            slashes.append((start, start + 2 * gap.shape[1] + slash.shape[1]))
            row += [gap, slash, gap]
        for place, cell in enumerate(group):
            row += [gap, cell] if place else [cell]
    return np.hstack(row), tuple(slashes)
