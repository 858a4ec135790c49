"""By how much is each patch of a blank's print off on a page, and how well does it fit there?

Most patches of a page that lies nearly right are off by less than half a pixel. Those are measured all at once; only the others are
looked for one by one.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from forms.page import Grey

Patch = tuple[int, int, int, int]
Fits = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

LEAST_CONTRAST = 10
PLAIN = 0.8
"""From this correlation on, a patch that fits best where it is has no better place within a few pixels: print is not so like itself."""
AT_ONCE = 86
"""So many patches are measured together: a page has at most twice as many, and each time costs as much as a dozen."""
_FLAT = 2.0
"""The least standard deviation of a window that is measured with the others: below it their arithmetic is not exact enough."""


def patch_offsets(print_there: Grey, patches: Sequence[Patch], seen: Grey, reach: int) -> Fits:
    """For each patch that lies far enough from the edge: its centre, by how much it is off (pixels), and how well it fits there (-1 to 1).

    `patches`: left, top, right, bottom on the blank's picture `print_there`; `seen`: the page laid over it, of the same size.
    """
    height, width = seen.shape
    edges = np.asarray(patches, np.int64).reshape(-1, 4)
    left, top, right, bottom = edges.T
    inside = edges[(left >= reach) & (top >= reach) & (right + reach <= width) & (bottom + reach <= height)]
    centres = (inside[:, :2] + inside[:, 2:]) / 2
    offsets, scores = np.zeros((len(inside), 2), np.float64), np.zeros(len(inside), np.float64)
    known = np.zeros(len(inside), bool)
    sizes = inside[:, 2:] - inside[:, :2]
    for size in {(wide, high) for wide, high in sizes.tolist()}:
        numbers = np.flatnonzero((sizes == size).all(axis=1))
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            offsets[some], scores[some], known[some] = _as_they_lie(print_there, inside[some], seen, size)
    for number in np.flatnonzero(~known):
        left, top, right, bottom = inside[number].tolist()
        offsets[number], scores[number] = _looked_for(print_there, (left, top, right, bottom), seen, reach)
    return centres, offsets, scores


def _as_they_lie(
    print_there: Grey, patches: NDArray[np.int64], seen: Grey, size: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Offsets and fits of patches (n × left, top, right, bottom) of one size, and which of them fit plainly best where they are, of the nine places around."""
    wide, high = size
    left, top = patches[:, 0], patches[:, 1]
    words = sliding_window_view(print_there, (high, wide))[top, left].astype(np.float32)
    words -= words.mean(axis=(1, 2), keepdims=True)
    around = sliding_window_view(seen, (high + 2, wide + 2))[top - 1, left - 1].astype(np.float32)
    sums, squares = _sums(around, high, wide), _sums(np.square(around), high, wide)
    spread = squares - np.square(sums) / (high * wide)
    alike = np.stack([
        np.einsum("nij,nij->n", around[:, down : down + high, across : across + wide], words)
        for down in range(3)
        for across in range(3)
    ])  # fmt: skip
    usable = spread.min(axis=0) > high * wide * _FLAT**2
    norms = np.sqrt(np.einsum("nij,nij->n", words, words) * np.maximum(spread, 1.0))
    fits = (alike / np.maximum(norms, 1.0)).astype(np.float64)
    middle = fits[4]
    plain = usable & (middle >= PLAIN) & (fits.argmax(axis=0) == 4)
    off = np.stack([_between(fits[3], middle, fits[5]), _between(fits[1], middle, fits[7])], axis=1)
    return off, middle, plain


def _sums(windows: NDArray[np.float32], high: int, wide: int) -> NDArray[np.float32]:
    """The sums of the nine pieces of this size in each window (n × high + 2 × wide + 2): nine × n, row by row."""
    middle = windows[:, 2:high].sum(axis=1)
    first, second, last, end = (windows[:, row] for row in (0, 1, high, high + 1))
    rows = [middle + first + second, middle + second + last, middle + last + end]
    return np.stack([row[:, across : across + wide].sum(axis=1) for row in rows for across in range(3)])


def _between(before: NDArray[np.float64], here: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """The place of each peak between pixels, by a parabola through it and its neighbours."""
    bend = before - 2 * here + after
    step = (before - after) / (2 * np.where(bend < 0, bend, -1.0))
    return np.where(bend < 0, np.clip(step, -0.5, 0.5), 0.0)


def _looked_for(print_there: Grey, patch: Patch, seen: Grey, reach: int) -> tuple[tuple[float, float], float]:
    left, top, right, bottom = patch
    window = seen[top - reach : bottom + reach, left - reach : right + reach]
    least, most, _, _ = cv2.minMaxLoc(window)
    if most - least < LEAST_CONTRAST:
        return (0.0, 0.0), 0.0
    fit = cv2.matchTemplate(window, print_there[top:bottom, left:right], cv2.TM_CCOEFF_NORMED)
    _, best, _, (at_x, at_y) = cv2.minMaxLoc(fit)
    return (at_x - reach + _finer(fit[at_y, :], at_x), at_y - reach + _finer(fit[:, at_x], at_y)), float(best)


def _finer(values: NDArray[Any], at: int) -> float:
    """The place of a peak between pixels, by a parabola through it and its neighbours."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = values[at - 1 : at + 2].tolist()
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else max(-0.5, min(0.5, (before - after) / (2 * bend)))
