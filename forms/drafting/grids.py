"""Cells to write in whose words stand over their column ("Signature"), beside their row ("Parent or carer"), or in the cell itself."""

from collections.abc import Sequence

from forms.drafting.found import is_only_number, label_of
from forms.drafting.guesses import is_known_place
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.geometry import Box, around

_EDGE = 2.5
_MOST_WORDS = 6
_BEFORE_ROOM = 4.0
_WIDER = 20.0
_MOST_LINES = 8
"""Of the print's size: a frame round one question is no higher."""


def head_of(page: PageParts, cell: Box) -> list[Word]:
    """The words of the cell at the top of an empty cell's column; empty if there are none.

    As far as cells of one width touch, and past rows that run across with words of their own ("Education").
    """
    across, edge = middle(cell)[0], cell[1]
    for one in sorted((c for c in page.cells if c[0] < across < c[2] and c != cell), key=lambda c: -c[1]):
        if not _same(one[3], edge):
            continue
        words, wide = words_in(page, one), not (_same(one[0], cell[0]) and _same(one[2], cell[2]))
        if wide and (not words or not is_band(one, cell)):
            continue
        if words and not wide:
            return [] if _ticks_in(page, one) else words if len(words) <= _MOST_WORDS else []
        edge = one[1]
    return []


def row_says(page: PageParts, cell: Box) -> list[Word]:
    """The words of a row of a table before an empty cell: of the nearest cell that has any and no boxes; empty if there are none."""
    edge = cell[0]
    for one in sorted((c for c in page.cells if c[2] <= cell[0] + _EDGE), reverse=True):
        if not (_same(one[2], edge) and _same(one[1], cell[1]) and _same(one[3], cell[3])):
            continue
        words = words_in(page, one)
        if words and not _ticks_in(page, one):
            return words
        edge = one[0]
    return []


def is_band(one: Box, cell: Box) -> bool:
    """Whether a cell runs across over another and over what stands beside it."""
    return one[0] < cell[0] + _EDGE and cell[2] - _EDGE < one[2] and one[2] - one[0] > 2 * (cell[2] - cell[0])


def under_bands(page: PageParts, cell: Box) -> list[Word]:
    """The words at the top of an empty cell's column, past rows of the table that run across as headings do ("Education"); empty if there are none."""
    edge, across, seen = cell[1], middle(cell)[0], set[Box]()
    while True:
        over = [c for c in page.cells if _same(c[3], edge) and c[0] < across < c[2] and c not in seen]
        one = min(over, key=lambda c: c[2] - c[0], default=None)
        if one is None:
            return []
        seen.add(one)
        words = words_in(page, one)
        if words and _same(one[0], cell[0]) and _same(one[2], cell[2]):
            return words
        edge = one[1]


def is_in_head_row(page: PageParts, cell: Box) -> bool:
    """Whether a cell stands over words of rows, and beside the head of a column of boxes or of room to write: it only names these words."""

    def under(one: Box) -> list[Box]:
        return [c for c in page.cells if _same(c[1], one[3]) and _same(c[0], one[0]) and _same(c[2], one[2])]

    beside = [
        c for c in page.cells if c != cell and _same(c[1], cell[1]) and _same(c[3], cell[3]) and words_in(page, c)
    ]
    named = any(words_in(page, c) for c in under(cell))
    written = (below for c in beside for below in under(c))
    return named and any(not words_in(page, c) or any(inside(r.box, c, 0) for r in page.runs) for c in written)


def has_room_all_along(page: PageParts, cell: Box) -> bool:
    """Whether a cell is one of several on a row of which none is filled by its words: the row is high to be written in."""
    row = [c for c in page.cells if _same(c[1], cell[1]) and _same(c[3], cell[3])]
    lows = [max((w.box[3] for w in words_in(page, c)), default=c[1]) for c in row]
    named = all(0 < len(words_in(page, c)) <= _MOST_WORDS for c in row)
    return len(row) > 1 and named and max(lows) < cell[3] - 0.4 * (cell[3] - cell[1])


def is_head_of(page: PageParts, head: Box, cell: Box) -> bool:
    """Whether a cell with words stands at the top of an empty cell's column, of one width with it."""
    if not (_same(head[0], cell[0]) and _same(head[2], cell[2]) and head[3] < cell[3]):
        return False
    words = words_in(page, head)
    return bool(words) and under_bands(page, cell) == words


def words_over(page: PageParts, place: Box) -> list[Word]:
    """The words of the cell over the one that holds a place, of one width with it: a question over its boxes; empty if there are none."""
    held = min(
        (c for c in page.cells if inside(place, c, 0)), key=lambda c: (c[2] - c[0]) * (c[3] - c[1]), default=None
    )
    if held is None:
        return []
    over = [c for c in page.cells if _same(c[3], held[1]) and _same(c[0], held[0]) and _same(c[2], held[2])]
    return words_in(page, over[0]) if over else []


def words_beside(page: PageParts, place: Box) -> list[list[Word]]:
    """The words of each cell left of the one that holds a place, back to boxes that do not lie in it or to room to write; empty if there are none."""
    held = _held_by(page, place)
    if held is None:
        return []
    begin, edge = row_begins(page, [place]), held[0]
    row = [c for c in page.cells if c[2] <= held[0] + _EDGE and _same(c[1], held[1]) and _same(c[3], held[3])]
    asked: list[list[Word]] = []
    for cell in sorted(row, reverse=True):
        ticks = [tick for tick in page.ticks if inside(tick, cell, 0)]
        if not _same(cell[2], edge) or cell[0] < begin - _EDGE or not all(inside(tick, place) for tick in ticks):
            break
        edge = cell[0]
        words = words_in(page, cell)
        asked = [words, *asked] if words and not ticks and not is_only_number(words) else asked
    return asked


def row_begins(page: PageParts, row: Sequence[Box]) -> float:
    """Where the part of a table's row begins that boxes belong to: behind the room to write before them, for other words ("Name")."""
    held = _held_by(page, row[0])
    if held is None:
        return 0.0
    level = middle(row[0])[1]
    before = (c for c in page.cells if c[2] <= held[0] + _EDGE and c[1] < level < c[3])
    rooms = (c[2] for c in before if c[2] - c[0] > _WIDER and not words_in(page, c) and not _ticks_in(page, c))
    return max(rooms, default=_EDGE) - _EDGE


def words_of_its_cell(page: PageParts, row: Sequence[Box]) -> list[Word]:
    """The words of the cell that holds all boxes of a row; empty if there is none."""
    held = _held_by(page, around(row))
    return words_in(page, held) if held is not None else []


def _held_by(page: PageParts, place: Box) -> Box | None:
    """The smallest cell that holds a place and is no box itself."""
    wider = (c for c in page.cells if inside(place, c, 0) and c[2] - c[0] > place[2] - place[0] + _EDGE)
    return min(wider, key=lambda c: (c[2] - c[0]) * (c[3] - c[1]), default=None)


def _ticks_in(page: PageParts, cell: Box) -> bool:
    return any(inside(tick, cell, 0) for tick in page.ticks)


def words_around(page: PageParts, place: Box, row: Sequence[Box]) -> list[Word]:
    """The words of the frame that holds the boxes of one row and nothing else to mark; empty if there is none, or it is a large one."""
    frames = [c for c in page.cells if inside(place, c, 0) and c[2] - c[0] > place[2] - place[0] + _WIDER]
    frame = min(frames, key=lambda c: (c[2] - c[0]) * (c[3] - c[1]), default=None)
    if frame is None or any(inside(tick, frame, 0) and tick not in row for tick in page.ticks):
        return []
    words = words_in(page, frame)
    return words if words and frame[3] - frame[1] < _MOST_LINES * words[0].size else []


def labels_a_place(page: PageParts, words: Sequence[Word]) -> bool:
    """Whether words stand in a cell beside an empty one that is written in: they lead in nothing below."""
    held = around(w.box for w in words)
    cells = [c for c in page.cells if inside(held, c, 0)]
    return any(
        follows(c, cell) and not words_in(page, c) and not is_over_boxes(page, c) for cell in cells for c in page.cells
    )


def is_over_boxes(page: PageParts, cell: Box) -> bool:
    """Whether an empty cell stands over cells with boxes, beside words that lead in those rows: nobody writes there."""
    under = (c for c in page.cells if _same(c[1], cell[3]) and _same(c[0], cell[0]) and _same(c[2], cell[2]))
    said = row_says(page, cell)
    return bool(said) and said[-1].text.endswith(":") and any(_ticks_in(page, c) for c in under)


def shares_its_row(cell: Box, empty: Sequence[Box]) -> bool:
    """Whether other empty cells stand on the row of this one, so that the words before the row are those of all of them."""
    return any(c != cell and _same(c[1], cell[1]) and _same(c[3], cell[3]) for c in empty)


def is_corner(page: PageParts, cell: Box) -> bool:
    """Whether an empty cell is the corner over the words of the rows and beside the heads of the columns, where nobody writes."""
    aside = [c for c in page.cells if _same(c[1], cell[1]) and _same(c[0], cell[2])]
    under = [c for c in page.cells if _same(c[0], cell[0]) and _same(c[1], cell[3])]
    return any(words_in(page, c) for c in aside) and any(words_in(page, c) for c in under)


def room_beside(page: PageParts, cell: Box, empty: Sequence[Box]) -> tuple[list[Word], Box] | None:
    """The words of a cell that is written in behind them ("Name:"), and the room for it; None where an empty cell follows instead."""
    words = words_in(page, cell)
    if not words or any(w.light for w in words) or len(words) > _MOST_WORDS:
        return None
    held = around(w.box for w in words)
    if held[3] - held[1] > 1.8 * words[0].size or not (words[-1].text.endswith(":") or is_known_place(label_of(words))):
        return None
    level = (c for c in page.cells if _same(c[1], cell[1]) and _same(c[3], cell[3]) and c[0] >= cell[2] - _EDGE)
    marked = (c for c in level if any(inside(tick, c, 0) for tick in page.ticks))
    if any(_touches(cell, c) for c in empty) or any(marked):
        return None
    return words, (held[2] + _BEFORE_ROOM, cell[1], cell[2], cell[3])


def band_over(page: PageParts, cell: Box) -> list[Word]:
    """The words of the nearest wider cell over a cell, as a table is divided in bands ("Parent or carer", "Young person"); empty if there is none."""
    edge, across = cell[1], middle(cell)[0]
    for one in sorted((c for c in page.cells if c[0] < across < c[2]), key=lambda c: -c[1]):
        if not _same(one[3], edge):
            continue
        if one[2] - one[0] > cell[2] - cell[0] + _WIDER:
            words = words_in(page, one)
            return words if 0 < len(words) <= _MOST_WORDS else []
        edge = one[1]
    return []


def words_in(page: PageParts, cell: Box) -> list[Word]:
    """The words of a cell in reading order."""
    return sorted((w for w in page.words if inside(w.box, cell, 0)), key=lambda w: (round(w.box[3] / 4), w.box[0]))


def follows(other: Box, cell: Box) -> bool:
    """Whether a cell stands to the right of another on its row."""
    return _same(other[0], cell[2]) and other[1] - _EDGE < middle(cell)[1] < other[3] + _EDGE


def _touches(cell: Box, other: Box) -> bool:
    """Whether a cell follows another, to the right on its row or below it in its column."""
    under = _same(other[1], cell[3]) and _same(other[0], cell[0]) and _same(other[2], cell[2])
    return follows(other, cell) or under


def _same(one: float, two: float) -> bool:
    return abs(one - two) < _EDGE
