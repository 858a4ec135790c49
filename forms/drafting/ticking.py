"""Tick boxes of a page made into fields: tables with Yes and No columns, Yes/No pairs, single boxes."""

import re
from collections.abc import Sequence
from itertools import pairwise

from forms.drafting.found import (
    LEADERS,
    Found,
    continued,
    label_of,
    lines_above,
    on_row,
    paragraph,
    question_lines,
    text_of,
)
from forms.drafting.guesses import NO_WORDS, YES_WORDS
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.geometry import Box, around
from forms.template import Kind

_ROW = 5.0
_LEAD_UP = 40.0
_HOW_TO = re.compile(r"\b(tick|cross|column|please|circle)\b", re.IGNORECASE)


def said(words: Sequence[Word]) -> str:
    """Words as they are compared: small letters, no punctuation at the ends."""
    return " ".join(w.text.strip(" :.,/()?").lower() for w in words).strip()


def _heads(page: PageParts, wanted: frozenset[str]) -> list[Word]:
    """Words of a heading; two-word ones such as "Nac ydw" as one."""
    single = [w for w in page.words if said([w]) in wanted]
    for one, two in pairwise(sorted(page.words, key=lambda w: (round(w.box[3] / 4), w.box[0]))):
        if said([one, two]) in wanted and abs(one.box[3] - two.box[3]) < 3:
            single = [w for w in single if w not in (one, two)]
            single.append(Word(f"{one.text} {two.text}", around([one.box, two.box]), one.light, one.size))
    return single


def table_questions(page: PageParts) -> tuple[list[Found], set[Box]]:
    """The rows of tables with a Yes and a No column, whole cells as boxes; and the boxes and cells that they use up."""
    found: list[Found] = []
    used: set[Box] = set()
    for yes in _heads(page, YES_WORDS):
        level = [n for n in _heads(page, NO_WORDS) if abs(middle(n.box)[1] - middle(yes.box)[1]) < 4]
        if not level:
            continue
        no = min(level, key=lambda n: abs(n.box[0] - yes.box[0]))
        for yes_cell, no_cell in _rows_below(page, yes, no):
            held = [t for t in page.ticks if inside(t, yes_cell) or inside(t, no_cell)]
            boxes = {"yes": _box_in(page, yes_cell), "no": _box_in(page, no_cell)}
            words = _beside(page, yes_cell, no_cell)
            head = [c for c in page.cells if inside(yes.box, c)]
            top = min((c[1] for c in head), default=yes.box[1])
            left = min(c[0] for c in [*page.cells, yes_cell])
            lead = paragraph(lines_above(page, top, left, min(yes_cell[0], no_cell[0])))
            leads = [
                lead if lead[-1:] in (":", "?") else "",
                _column_head(page, yes, left, min(yes_cell[0], no_cell[0])),
            ]
            found.append(_question(page, words, boxes, {"yes": yes.box, "no": no.box}, " ".join(leads).strip()))
            used |= {yes_cell, no_cell, *held}
    return found, used


def _question(page: PageParts, words: list[Word], boxes: dict[str, Box], heads: dict[str, Box], lead: str) -> Found:
    labels = dict(heads)
    if words:
        first = [w for w in words if abs(w.box[3] - words[0].box[3]) < 3]
        labels["text"] = around(w.box for w in first)
    return Found(Kind.YES_NO, page.number, label_of(words), boxes, lead, labels)


def _column_head(page: PageParts, yes: Word, left: float, right: float) -> str:
    """What stands over the questions on the line of Yes and No, unless it only says how to fill the table in."""
    level = middle(yes.box)[1]
    words = [w for w in on_row(page, level - 5, level + 5) if left <= w.box[0] and w.box[2] <= right + 2]
    return "" if _HOW_TO.search(text_of(words)) else text_of(words)


def _rows_below(page: PageParts, yes: Word, no: Word) -> list[tuple[Box, Box]]:
    """Cells below the two headings, row by row, as long as one touches the next."""
    rows: list[tuple[Box, Box]] = []
    under = max(yes.box[3], no.box[3])
    reach = 45.0
    while True:
        below = [
            c for c in page.cells
            if c[0] < middle(yes.box)[0] < c[2] and -6 <= c[1] - under < reach
            and not inside(yes.box, c) and not c[0] < middle(no.box)[0] < c[2]
        ]  # fmt: skip
        below = [c for c in below if not any(inside(w.box, c, -1) for w in page.words)]
        if not below:
            return rows
        cell = min(below, key=lambda c: (c[1], -(c[3] - c[1])))
        level = [c for c in page.cells if abs(c[1] - cell[1]) < 2 and abs(c[3] - cell[3]) < 2]
        other = [c for c in level if c[0] < middle(no.box)[0] < c[2]]
        if not other:
            return rows
        rows.append((cell, other[0]))
        under, reach = cell[3] + 1, 6.0


def _box_in(page: PageParts, cell: Box) -> Box:
    """The box printed in a cell, if there is one; else the whole cell."""
    held = [t for t in page.ticks if t != cell and inside(t, cell)]
    return held[0] if len(held) == 1 else cell


def _beside(page: PageParts, yes: Box, no: Box) -> list[Word]:
    """The words of the row: left of its boxes, else right of them."""
    left, right = min(yes[0], no[0]), max(yes[2], no[2])
    row = [w for w in page.words if yes[1] - 1 <= middle(w.box)[1] <= yes[3] + 1]
    before = [w for w in row if w.box[2] <= left + 2]
    held = before or [w for w in row if w.box[0] >= right - 2]
    return sorted(held, key=lambda w: (round(w.box[3] / 4), w.box[0]))


def tick_rows(page: PageParts, taken: set[Box]) -> list[list[Box]]:
    """The free tick boxes, row by row from the top, each from left to right."""
    rows: list[list[Box]] = []
    for tick in sorted((t for t in page.ticks if t not in taken), key=lambda t: middle(t)[1]):
        if rows and abs(middle(rows[-1][0])[1] - middle(tick)[1]) < _ROW:
            rows[-1].append(tick)
        else:
            rows.append([tick])
    return [sorted(row) for row in rows]


def row_fields(page: PageParts, taken: set[Box]) -> list[Found]:
    """The fields of the tick boxes that stand in lines of print."""
    found: list[Found] = []
    rows = tick_rows(page, taken)
    n = 0
    while n < len(rows):
        row = rows[n]
        pieces = _pieces(page, row)
        floor = rows[n + 1][0][1] if n + 1 < len(rows) else page.height
        below = _stacked(page, rows, n)
        if below is not None:
            found.append(below)
            n += 2
            continue
        found += _pairs_and_ticks(page, row, pieces, floor, rows[:n])
        n += 1
    return found


def _pieces(page: PageParts, row: Sequence[Box]) -> list[list[Word]]:
    """The words of a row before, between and after its boxes: one list more than boxes."""
    level = middle(around(row))[1]
    half = max(5.0, (row[0][3] - row[0][1]) / 2)
    words = on_row(page, level - half, level + half)
    edges = [-1.0, *(middle(t)[0] for t in row), page.width + 1]
    return [[w for w in words if a <= middle(w.box)[0] < b] for a, b in pairwise(edges)]


def _stacked(page: PageParts, rows: Sequence[Sequence[Box]], n: int) -> Found | None:
    """A Yes box with its No box on the line below."""
    if n + 1 >= len(rows) or len(rows[n]) != 1 or len(rows[n + 1]) != 1:
        return None
    one, two = rows[n][0], rows[n + 1][0]
    if abs(one[0] - two[0]) > 3 or two[1] - one[3] > 40:
        return None
    for side in (1, 0):
        yes, no = _pieces(page, [one])[side], _pieces(page, [two])[side]
        if said(yes) in YES_WORDS and said(no) in NO_WORDS:
            above = lines_above(page, one[1], page.width * 0, page.width)
            labels = {"yes": around(w.box for w in yes), "no": around(w.box for w in no)}
            return _asked(page, above, {"yes": one, "no": two}, labels)
    return None


def _asked(page: PageParts, above: Sequence[Sequence[Word]], boxes: dict[str, Box], labels: dict[str, Box]) -> Found:
    """A question in the lines above its boxes; what stands before it in the paragraph leads in."""
    if not above:
        return Found(Kind.YES_NO, page.number, "", boxes, "", labels)
    count = question_lines(above)
    labels["text"] = around(w.box for row in above[:count] for w in row)
    label = paragraph(above[:count]).strip(LEADERS)
    return Found(Kind.YES_NO, page.number, label, boxes, paragraph(above[count:]), labels)


def _pairs_and_ticks(
    page: PageParts, row: Sequence[Box], pieces: list[list[Word]], floor: float, before: Sequence[Sequence[Box]]
) -> list[Found]:
    after = _labels_follow(row, pieces)
    found: list[Found] = []
    n = 0
    while n < len(row):
        mine = pieces[n + 1] if after else pieces[n]
        yes_words = _edge_words(mine, YES_WORDS, last=not after)
        pair = None
        if n + 1 < len(row):
            following = pieces[n + 2] if after else pieces[n + 1]
            no_words = _edge_words(following, NO_WORDS, last=not after)
            pair = (yes_words, no_words) if yes_words and no_words else None
        if pair is not None:
            labels = {"yes": around(w.box for w in pair[0]), "no": around(w.box for w in pair[1])}
            boxes = {"yes": row[n], "no": row[n + 1]}
            spare = [w for piece in (pieces[n], pieces[n + 1], pieces[n + 2]) for w in piece]
            spare = [w for w in spare if w not in pair[0] and w not in pair[1]]
            top = min(row[n][1], *(w.box[1] for w in pair[0]))
            if any(c.isalpha() for c in said(spare)):
                labels["text"] = around(w.box for w in spare)
                lead = _lead(page, top, row, before)
                found.append(Found(Kind.YES_NO, page.number, continued(page, spare, floor), boxes, lead, labels))
            else:
                found.append(_asked(page, lines_above(page, top, 0, page.width), boxes, labels))
            n += 2
            continue
        if mine:
            labels = {"text": around(w.box for w in mine)}
            label = continued(page, mine, floor) if after else label_of(mine)
            top = min(row[n][1], *(w.box[1] for w in mine))
            found.append(Found(Kind.TICK, page.number, label, {"tick": row[n]}, _lead(page, top, row, before), labels))
        else:
            found.append(Found(Kind.TICK, page.number, "", {"tick": row[n]}))
        n += 1
    return found


def _edge_words(words: Sequence[Word], wanted: frozenset[str], *, last: bool) -> list[Word]:
    """The words at the near end of a piece that say yes or no; empty if they do not."""
    for count in (2, 1):
        piece = list(words[-count:] if last else words[:count])
        if len(piece) == count and said(piece) in wanted:
            return piece
    return []


def _labels_follow(row: Sequence[Box], pieces: Sequence[Sequence[Word]]) -> bool:
    """Whether the words after a box belong to it, and not those before."""
    if not pieces[0]:
        return True
    if not pieces[-1]:
        return False
    if len(row) > 1:
        if _edge_words(pieces[0], YES_WORDS | NO_WORDS, last=True):
            return False
        if _edge_words(pieces[-1], YES_WORDS | NO_WORDS, last=False):
            return True
    before = sum(t[0] - p[-1].box[2] for t, p in zip(row, pieces[:-1], strict=True) if p)
    behind = sum(p[0].box[0] - t[2] for t, p in zip(row, pieces[1:], strict=True) if p)
    return behind <= before


def _lead(page: PageParts, top: float, mine: Sequence[Box], before: Sequence[Sequence[Box]]) -> str:
    """The paragraph above a group of boxes, found above the first row of the group.

    A row belongs to the group below it if it has at least as many boxes: only the last row of a group has fewer.
    """
    first, count = top, len(mine)
    for row in reversed(before):
        if first - row[0][3] > _LEAD_UP or len(row) < count:
            break
        between = [w for w in page.words if row[0][3] + 1 < w.box[1] and w.box[3] < first - 1]
        if between:
            break
        level, count = on_row(page, middle(row[0])[1] - 5, middle(row[0])[1] + 5), len(row)
        first = min([row[0][1], *(w.box[1] for w in level)])
    text = paragraph(lines_above(page, first, 0, page.width))
    return text if text[-1:] in (":", "?", ".") else ""
