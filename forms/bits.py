"""A page of yes and no with 64 pixels in a word: growing and counting take a fraction of what they take on bytes.

Rows × words (uint64). Pixel x of a row is bit x % 64 of its word x // 64. Each row ends with SPARE pixels or more that are no page, so
that all rows can be moved across as one long row: what leaves a row ends there, and never in the next one.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

WORD = 64
SPARE = 16
"""More than any of the steps here moves a pixel across."""
_STRIP = 256
"""So many rows at once stay in the processor's own memory between one step and the next."""
WORTH_PARTING, A_BLOCK, LARGE = 0.75, 15_000, 150_000
"""Where the blocks with something in them are more of a page than this, each counted with so many pixels more as it takes time
by itself, the page is looked at whole; and from how many pixels on a band is parted further."""


def packed(layer: NDArray[np.bool_] | NDArray[np.uint8], above: int = 0) -> Words:
    """The words of a layer (height × width), in which whatever is above a limit is set."""
    height, width = layer.shape
    words = np.zeros((height, (width + SPARE) // WORD + 1), "<u8")
    octets = words.view(np.uint8)[:, : -(-width // 8)]
    for top in range(0, height, _STRIP):
        strip = layer[top : top + _STRIP]
        is_set = strip if strip.dtype == bool else strip > above
        octets[top : top + _STRIP] = np.packbits(is_set, axis=1, bitorder="little")
    return words


def unpacked(words: Words, width: int) -> NDArray[np.bool_]:
    """The layer: height × width."""
    return np.unpackbits(words.view(np.uint8), axis=1, count=width, bitorder="little").view(np.bool_)


def places(words: Words, width: int) -> NDArray[np.int64]:
    """Where pixels are set, as `np.flatnonzero` finds them in the layer (height × `width`), in no time for the words that are empty.

    Nothing may be set in the spare pixels.
    """
    flat = words.reshape(-1)
    some = np.flatnonzero(flat != 0)
    here = np.flatnonzero(np.unpackbits(flat[some].view(np.uint8), bitorder="little").view(np.bool_))
    row, along = np.divmod(some[here // WORD], words.shape[1])
    return np.asarray(row * width + along * WORD + here % WORD, np.int64)


def across(words: Words, by: int) -> Words:
    """Each row moved so many pixels to the right (to the left if below 0), at most SPARE."""
    moved = np.empty_like(words)
    flat, out = words.reshape(-1), moved.reshape(-1)
    if by >= 0:
        np.left_shift(flat, np.uint64(by), out=out)
        out[1:] |= flat[:-1] >> np.uint64(WORD - by)
    else:
        np.right_shift(flat, np.uint64(-by), out=out)
        out[:-1] |= flat[1:] << np.uint64(WORD + by)
    return moved


def grown(words: Words, kernel: NDArray[np.uint8]) -> Words:
    """Set wherever the kernel's middle may lie so that it touches something, as `cv2.dilate` does it.

    `kernel`: odd sides, 0 and 1, each row one run around the middle. What is set in the spare pixels afterwards means nothing.
    """
    middle = len(kernel) // 2
    reach = [(int(row.sum()) - 1) // 2 for row in kernel]
    rows = rows_near(words, middle)
    run = words[rows]
    out = np.zeros_like(run)
    for half in range(max(reach) + 1):
        if half:
            run = run | across(run, 1) | across(run, -1)
        for down in (row - middle for row, wide in enumerate(reach) if wide == half):
            if abs(down) >= len(run):
                continue  # beyond a page of so few rows
            if down >= 0:
                out[down:] |= run[: len(run) - down]
            else:
                out[:down] |= run[-down:]
    whole = np.zeros_like(words)
    whole[rows] = out
    return whole


def three_in_nine(words: Words) -> Words:
    """Set where at least three of the nine pixels around are. What is set in the spare pixels means nothing."""
    wide = np.zeros((len(words) + 2, words.shape[1]), words.dtype)  # nothing lies beyond the first and the last row
    wide[1:-1] = words
    ones, twos = _added(across(wide, 1), wide, across(wide, -1))
    odd, carried = _added(ones[:-2], ones[1:-1], ones[2:])
    two, four = _added(twos[:-2], twos[1:-1], twos[2:])
    # The sum is odd + 2 × (carried + two) + 4 × four.
    return np.asarray(four | (carried & two) | ((carried | two) & odd), words.dtype)


def _added(one: Words, other: Words, third: Words) -> tuple[Words, Words]:
    """The sum of three bits each: its lower and its upper bit."""
    differ = one ^ other
    lower = differ ^ third
    differ &= third
    return lower, (one & other) | differ


def starts(words: Words) -> Words:
    """Set at each pixel that is not set and has one on its right that is: where runs along a row begin."""
    return across(words, -1) & ~words


def per_square(words: Words, width: int, side: int) -> NDArray[np.int64]:
    """How many pixels are set in each square of this side, a multiple of 8. What does not fill a square at the right and at the bottom is
    left out. `width`: of the layer."""
    down, along = len(words) // side, width // side
    if not down or not along:
        return np.zeros((down, along), np.int64)
    octets = np.bitwise_count(words.view(np.uint8))[: down * side, : along * side // 8]
    columns = octets.reshape(down, side, -1).sum(axis=1, dtype=np.uint16)
    return np.asarray(columns.reshape(down, along, side // 8).sum(axis=2, dtype=np.int64))


def pieces(words: Words, width: int) -> tuple[int, NDArray[np.int32]]:
    """How many connected pieces there are, and one, and the number of its piece (from 1) at each pixel that is set (height × width).

    At a pixel that is not set stands anything. Mostly a page is empty, so each block of it with something in it is looked at by itself, and
    the rest is not even written.
    """
    labels = np.empty((len(words), width), np.int32)
    blocks = _blocks(words, width)
    if (
        sum((bottom - top) * (right - left) + A_BLOCK for top, bottom, left, right in blocks)
        > WORTH_PARTING * labels.size
    ):
        blocks = [(0, len(words), 0, width)]
    count = 1
    for top, bottom, left, right in blocks:
        block = np.ascontiguousarray(words[top:bottom, left // WORD : -(-right // WORD)])
        here = labels[top:bottom, left:right]
        layer = unpacked(block, right - left).view(np.uint8)
        found, _ = cv2.connectedComponents(layer, labels=here, connectivity=8)
        if count > 1:
            here += count - 1
        count += found - 1
    return count, labels


def rows_near(words: Words, reach: int) -> NDArray[np.bool_]:
    """Which rows have something in them, or so many rows above or below.

    Mostly a page is empty. These rows alone, put together, are as good as all of it for steps that look so far up and down: what was
    not side by side is twice as far apart.
    """
    rows = words.any(axis=1).view(np.uint8).reshape(1, -1)
    return np.asarray(cv2.dilate(rows, np.ones((1, 2 * reach + 1), np.uint8))[0], np.uint8).view(np.bool_)


def _blocks(words: Words, width: int) -> list[tuple[int, int, int, int]]:
    """Top, bottom, left, right of blocks that hold all that is set, none of which touches another: bands of rows from the first to the last
    column that is set, and where a band is large the columns of words in it, and bands of these."""
    found = []
    for top, bottom in _runs(np.asarray(words.any(axis=1))):
        columns = [
            run for run in _runs(np.asarray(words[top:bottom].any(axis=0))) if run[0] * WORD < width
        ]  # else spare pixels alone
        if columns and (bottom - top) * (columns[-1][1] - columns[0][0]) * WORD < LARGE:
            found.append((top, bottom, columns[0][0], columns[-1][1]))
            continue
        for left, right in columns:
            runs = _runs(np.asarray(words[top:bottom, left:right].any(axis=1)))
            found += [(top + first, top + last, left, right) for first, last in runs]
    return [(top, bottom, left * WORD, min(width, right * WORD)) for top, bottom, left, right in found]


def _runs(is_set: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to before where each run of what is set reaches."""
    ends = np.flatnonzero(np.diff(is_set, prepend=False, append=False)).tolist()
    return list(zip(ends[::2], ends[1::2], strict=True))
