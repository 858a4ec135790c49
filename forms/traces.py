"""The trace of a form's page: where people wrote on it, coarsely, so that the same paper scanned again is known for it. Pure.

Only the places where a form asks for writing count (names, dates, signatures): ticks lie alike on the forms of many families,
writing does not, and stamps, folds and dirt lie elsewhere. Ink that the blank has does not count, so an empty form has no trace.
A trace cannot be read: cells of 0.64 mm, inked or not. `tracing` makes one, from pixels.
"""

import binascii
import zlib
from base64 import b64decode

COLUMNS, ROWS = 331, 468
"""Cells of A4: five pixels at 200 dots to the inch, about the width of a pen's stroke."""
MOST_TEXT = 1_900
"""Longest trace as text; the usual one has 700. A longer one is kept of no page: it is mostly dirt, taken for writing."""
LEAST_CELLS = 120
"""Fewer inked cells are a date or a tick gone astray, which two families may well have alike."""
SAME_AT = 0.65
"""From here two traces are the same paper's. Measured in docs/stacks.md: other families' reach 0.49, the same paper mostly has 0.83 or more."""
_LIKELY = 0.2
_BYTES = -(-COLUMNS * ROWS // 8)


def bits(trace: str) -> int:
    """The cells of a trace as bits, row by row. Raises ValueError for what is no trace: it comes from a locked-in reader."""
    try:
        unpacker = zlib.decompressobj()
        cells = unpacker.decompress(b64decode(trace, validate=True), _BYTES + 1)
    except (zlib.error, binascii.Error) as error:
        raise ValueError("no trace") from error
    if len(cells) != _BYTES or not unpacker.eof:
        raise ValueError("no trace")
    return int.from_bytes(cells, "big")


def likeness(one: int, other: int) -> float:
    """How much of two traces lies on the same cells, 0 to 1, where it is most: a scan may be off by a cell to any side."""
    count = one.bit_count() + other.bit_count()
    if not count or 2 * (one & other).bit_count() < _LIKELY * count:
        return 0.0
    steps = [down * COLUMNS + across for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return max(2 * (one & _moved(other, step)).bit_count() / count for step in steps)


def same_paper(one: int, other: int) -> bool:
    """Whether two traces are those of one paper. Never of two empty forms."""
    return min(one.bit_count(), other.bit_count()) >= LEAST_CELLS and likeness(one, other) >= SAME_AT


def _moved(cells: int, step: int) -> int:
    return cells << step if step >= 0 else cells >> -step
