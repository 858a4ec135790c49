"""The look of a page that is no known form: how its ink lies, coarsely, so that the same letter scanned again is known for it. Pure.

A trace (`traces`) needs the blank under the writing; a letter has none. Its look is taken after the page was straightened and cut to
its ink: a grid of cells, each with more ink than the usual inked cell or not. It cannot be read: a cell is about the size of two
letters of typed text. Print counts, as nothing tells print from writing here; so a look is information, and what many items share is
told of none (`intake.copies`). `looking` makes one, from pixels.
"""

import binascii
from base64 import b64decode

COLUMNS, ROWS = 88, 124
"""Cells of the inked part of a page: for a full letter 2 mm each way, less than the distance of its lines."""
CELLS = COLUMNS * ROWS
LEAST_CELLS = 250
"""Fewer dark cells are a line or two of writing, which two letters may well have alike."""
SAME_AT = 0.60
"""From here two looks are the same page's. Measured in docs/stacks.md."""
COUNT_SHARE = 0.75
"""How far the counts of dark cells of two scans of one page may lie apart: the less is at least this share of the more."""
_BYTES = CELLS // 8


def bits(look: str) -> int:
    """The cells of a look as bits, row by row. Raises ValueError for what is no look: it comes from a locked-in reader."""
    try:
        cells = b64decode(look, validate=True)
    except binascii.Error as error:
        raise ValueError("no look") from error
    if len(cells) != _BYTES:
        raise ValueError("no look")
    return int.from_bytes(cells, "big")


def likeness(one: int, other: int) -> float:
    """How far the dark cells of two looks agree beyond chance, at most 1 (the correlation of the two grids), where it is most.

    A scan may be off by a cell to any side, and fed head first or feet first.
    """
    return max(
        _correlation(one, _moved(way, down * COLUMNS + across))
        for way in (other, _headlong(other)) for down in (-1, 0, 1) for across in (-1, 0, 1)
    )  # fmt: skip


def same_page(one: int, other: int) -> bool:
    """Whether two looks are those of one page. Never of two nearly empty ones."""
    return min(one.bit_count(), other.bit_count()) >= LEAST_CELLS and likeness(one, other) >= SAME_AT


def _correlation(one: int, other: int) -> float:
    first, second, both = one.bit_count(), other.bit_count(), (one & other).bit_count()
    spread = first * (CELLS - first) * second * (CELLS - second)
    return (CELLS * both - first * second) / spread**0.5 if spread else 0.0


def _moved(cells: int, step: int) -> int:
    return (cells << step) & ((1 << CELLS) - 1) if step >= 0 else cells >> -step


def _headlong(cells: int) -> int:
    """The grid upside down: its cells in the other order."""
    return int(format(cells, f"0{CELLS}b")[::-1], 2)
