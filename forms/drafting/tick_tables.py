"""Tables of boxes whose columns are no yes and no: each column says something of every row ("You may contact", "You may share with", "Rarely")."""

import re
from collections.abc import Collection, Sequence, Set
from dataclasses import replace

from forms.drafting import grids
from forms.drafting.found import Found, is_only_number, label_of, said_text, text_of
from forms.drafting.grids import words_in
from forms.drafting.guesses import is_known_place
from forms.drafting.leading import lead_above
from forms.drafting.parts import PageParts, Word, clear_cells, inside
from forms.drafting.wordings import YES_WORDS
from forms.geometry import Box, around
from forms.template import Kind

_EDGE = 2.5
_MOST_HEAD = 12
_MOST_WIDE = 130.0
_ALLOWS = re.compile(r"\b(you may|we may|may we|can we|i agree|i consent|happy for|tick)\b", re.IGNORECASE)
_WRITTEN = re.compile(r"\b(comments?|remarks?|reasons?|details|notes?|initials?|who|when)$|^contact$", re.IGNORECASE)
"""In a head: over a column to write in."""


_ONLY_TICK = re.compile(
    r"\W*(please )?(tick|cross|mark|check|choose|select|initial)( (here|box|one|as (appropriate|applicable)|(if|where|all that) \w+|the box|to confirm))*\W*",
    re.IGNORECASE,
)


def tick_tables(page: PageParts, taken: Set[Box]) -> tuple[list[Found], set[Box]]:
    """A tick for every box that stands alone in a cell under its column's head and beside its row's words; and the boxes used.

    A single box of a row only where its head says something ("Opt out"): else its own words lead it in, as in lines of print.
    """
    found: list[Found] = []
    used: set[Box] = set()
    for row in _rows(page, [tick for tick in page.ticks if tick not in taken]):
        heads = [grids.under_bands(page, cell) for _, cell in row]
        words = _beside(page, row)
        alone = len(row) < 2
        above = _leads_in_table(page, row[0][1], words) if alone and words else ""
        if (
            (alone and not above and not _says_something(heads))
            or (not words and (alone or not _says_something(heads)))
            or not all(0 < len(head) <= _MOST_HEAD for head in heads)
            or len({text_of(head) for head in heads}) < len(heads)
        ):
            continue
        made = [
            _tick(page, words, tick, head) if words else _headed(page, tick, head)
            for (tick, _), head in zip(row, heads, strict=True)
        ]
        found += [_led_too(one, above, said=_says_something(heads)) for one in made] if alone else made
        used |= {tick for tick, _ in row}
    for cells in _empty_rows(page, taken | used):
        words = _beside(page, [(cell, cell) for cell in cells])
        if words:
            found += [_tick(page, words, cell, grids.under_bands(page, cell)) for cell in cells]
            used |= set(cells)
    return found, used


def _says_something(heads: Sequence[Sequence[Word]]) -> bool:
    """Whether the head over the only box of a row says what a mark there means, and not just that it is to be ticked."""
    text = text_of(heads[0]) if heads else ""
    return any(c.isalpha() for c in text) and not _ONLY_TICK.fullmatch(text) and said_text(text) not in YES_WORDS


def _leads_in_table(page: PageParts, cell: Box, words: Sequence[Word]) -> str:
    """What leads in over a table whose rows have a single box each."""
    over = [c for c in page.cells if c[0] < cell[0] + _EDGE and cell[2] - _EDGE < c[2] and c[3] <= cell[1] + _EDGE]
    top = cell[1]
    for one in sorted(over, key=lambda c: -c[1]):
        top = one[1] if abs(one[3] - top) < _EDGE else top
    return lead_above(page, top, words[0].box[0], set())


def _led_too(one: Found, above: str, *, said: bool) -> Found:
    """A tick led in by what stands over its table, too; by that alone where its head only says that it is to be ticked."""
    if said:
        return replace(one, lead=f"{above} {one.lead}".strip())
    return replace(one, lead=above, labels={"text": one.labels["text"]})


def _headed(page: PageParts, box: Box, head: Sequence[Word]) -> Found:
    """A box of a row that is written in, of which only the head of its column says something."""
    return Found(Kind.TICK, page.number, label_of(head), {"tick": box}, "", {"text": around(w.box for w in head)})


def _tick(page: PageParts, words: Sequence[Word], box: Box, head: Sequence[Word]) -> Found:
    first = [w for w in words if abs(w.box[3] - words[0].box[3]) < 3]
    lead = text_of(head) if text_of(head).endswith(("?", ".")) else f"{label_of(head)}:"
    return Found(
        Kind.TICK,
        page.number,
        label_of(words),
        {"tick": box},
        lead,
        {"text": around(w.box for w in first), "lead": around(w.box for w in head)},
    )


def _empty_rows(page: PageParts, taken: Set[Box]) -> list[list[Box]]:
    """Rows of empty cells to tick: the head of one says what is allowed, and none of the others is a place to write ("Name", "Date")."""
    rows: dict[tuple[int, int], list[Box]] = {}
    for cell in sorted(clear_cells(page)):
        if cell not in taken and cell[2] - cell[0] <= _MOST_WIDE and not any(inside(t, cell) for t in page.ticks):
            rows.setdefault(_row_of(rows, cell), []).append(cell)
    kept = []
    for row in rows.values():
        heads = {cell: label_of(grids.under_bands(page, cell)) for cell in row}
        ticked = [
            cell
            for cell, text in heads.items()
            if 0 < len(text.split()) <= _MOST_HEAD and not is_known_place(text) and not _WRITTEN.search(text)
        ]
        if len(ticked) > 1 and any(_ALLOWS.search(heads[cell]) for cell in ticked):
            kept.append(ticked)
    return kept


def _row_of(rows: Collection[tuple[int, int]], cell: Box) -> tuple[int, int]:
    """The row that a cell belongs to, by its upper and lower edge."""
    near = (at for at in rows if abs(at[0] - cell[1]) < _EDGE and abs(at[1] - cell[3]) < _EDGE)
    return next(near, (round(cell[1]), round(cell[3])))


def _rows(page: PageParts, ticks: Collection[Box]) -> list[list[tuple[Box, Box]]]:
    """The boxes that stand alone in empty cells, each with its cell, row by row."""
    rows: dict[tuple[int, int], list[tuple[Box, Box]]] = {}
    for tick in sorted(ticks):
        cells = [
            cell
            for cell in page.cells
            if cell != tick and inside(tick, cell, 0) and cell[2] - cell[0] > tick[2] - tick[0] + _EDGE
        ]
        cell = min(cells, key=lambda c: (c[2] - c[0]) * (c[3] - c[1]), default=None)
        alone = (
            cell is not None and not words_in(page, cell) and sum(inside(other, cell, 0) for other in page.ticks) == 1
        )
        if cell is not None and alone:
            rows.setdefault(_row_of(rows, cell), []).append((tick, cell))
    return list(rows.values())


def _beside(page: PageParts, row: Sequence[tuple[Box, Box]]) -> list[Word]:
    """The words of the first cell of a row that has any, left of its boxes."""
    top, bottom = row[0][1][1], row[0][1][3]
    left = min(cell[0] for _, cell in row)
    aside = [
        c
        for c in page.cells
        if c[2] <= left + _EDGE
        and c[1] < top + _EDGE
        and bottom - _EDGE < c[3]
        and c[3] - c[1] < bottom - top + 2 * _EDGE
    ]
    return next((words for c in sorted(aside) if (words := words_in(page, c)) and not is_only_number(words)), [])
