"""Tables with a Yes and a No column made into questions, and a third column ("Not sure") into ticks beside them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forms.drafting.found import (
    LEADERS,
    Found,
    is_only_number,
    label_of,
    lines_above,
    on_row,
    paragraph,
    said,
    said_text,
    text_of,
    whole_lines,
)
from forms.drafting.grids import labels_a_place, words_in
from forms.drafting.leading import leads_in
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.drafting.wordings import NEITHER, NO_WORDS, PLAIN_NO, PLAIN_YES, YES_WORDS, answer_each_other
from forms.geometry import Box, around, overlap
from forms.template import Kind

_HOW_TO = re.compile(r"\b(tick|cross|column|please|circle)\b", re.IGNORECASE)
_BESIDE = 10.0
_MOST_HEADS = 4
"""Words: in longer ones a yes or no is part of what is said ("If yes, please give details")."""
_ANSWERS = {w for words in (*PLAIN_YES, *PLAIN_NO, *NEITHER) for w in words.split()}
_STANDS_ALONE = re.compile(r"\b(may|can we|agree|consent|permission|happy|allow)\b", re.IGNORECASE)
"""In the head over a pair of columns: it says itself what is agreed to, so that the words over the table do not lead in."""


@dataclass(frozen=True)
class Heads:
    """The heads of answers on a page: words that belong together as one word each."""

    yes: tuple[Word, ...]
    no: tuple[Word, ...]
    neither: tuple[Word, ...]


def table_questions(page: PageParts) -> tuple[list[Found], set[Box]]:
    """The rows of tables with a Yes and a No column, whole cells as boxes; and the boxes and cells that they use up."""
    found: list[Found] = []
    used: set[Box] = set()
    heads = answer_heads(page)
    for pair in _pairs(heads):
        yes, no, third = pair.yes, pair.no, pair.neither
        if any(_has_a_box(page, word) for word in (yes, no)):
            continue
        over = _group_cell(page, pair)
        rows = _rows_below(page, yes, no)
        if len(rows) == 1 and all(_stands_alone(page, cell) for cell in rows[0][:2]):
            continue  # boxes under Yes and No without a table
        for yes_cell, no_cell, band in rows:
            boxes = {"yes": _box_in(page, yes_cell), "no": _box_in(page, no_cell)}
            if any(one.boxes == boxes for one in found):
                continue  # two heads of one column
            edge = _where_its_table_begins(page, yes_cell, no_cell, used)
            words = _beside(page, yes_cell, no_cell, edge)
            head = [c for c in page.cells if inside(yes.box, c)]
            top = min((c[1] for c in [*head, *over]), default=yes.box[1])
            left = edge or min(c[0] for c in [*page.cells, yes_cell])
            over_it = lines_above(page, top, left, min(yes_cell[0], no_cell[0]))
            lead = "" if over_it and labels_a_place(page, over_it[0]) else paragraph(whole_lines(page, over_it))
            place = around([yes.box, *over])
            leads = [
                "" if lead.endswith(".") else leads_in(lead),
                _column_head(
                    page, (left, place[1], min(yes_cell[0], no_cell[0], pair.first, _ends(page, words)), place[3])
                ),
                _group_lead(page, over),
                leads_in(text_of(words_in(page, band))) if band is not None else "",
            ]
            lead = leads[2] if _STANDS_ALONE.search(leads[2]) else " ".join(one for one in leads if one)
            printed = {"yes": yes.box, "no": no.box} | _lead_label(page, over)
            question = _question(page, words, boxes, printed, lead)
            others = {cell: head for head in third if (cell := _same_row(page, yes_cell, head)) is not None}
            found += [question, *(_beside_it(page, question, head, cell) for cell, head in others.items())]
            level_cells = (c for c in page.cells for h in head if abs(c[3] - h[3]) < 2 and c[1] < h[1] + 2)
            cells = {yes_cell, no_cell, *others, *level_cells, *over, *([band] if band is not None else [])}
            used |= cells | {t for t in page.ticks if any(inside(t, cell) for cell in cells)}
    return found, used


@dataclass(frozen=True)
class _Pair:
    """A Yes and its No at the head of a table, with what stands beside them for neither; `first` is where the first answer of the line begins."""

    yes: Word
    no: Word
    neither: tuple[Word, ...]
    first: float


def _pairs(heads: Heads) -> list[_Pair]:
    """Each Yes with its own No: where a line has as many of one as of the other, the second Yes belongs to the second No."""
    found = []
    for yes in heads.yes:
        level = [n for n in heads.no if level_with(n, yes) and answer_each_other(said([yes]), said([n]))]
        if not level:
            continue
        beside = sorted((one for one in heads.yes if level_with(one, yes)), key=lambda one: one.box[0])
        if len(beside) > 1 and len(level) == 1:
            continue  # "Yes, contact and share", "Yes, contact only", "No": each is an answer of its own, none a Yes to a No
        ordered = sorted(level, key=lambda n: n.box[0])
        own = min(level, key=lambda n: abs(n.box[0] - yes.box[0]))
        no = ordered[beside.index(yes)] if len(beside) == len(ordered) else own
        third = [n for n in heads.neither if level_with(n, yes) and n.box != no.box]
        mine = tuple(n for n in third if _nearest(n, beside) == yes)
        found.append(_Pair(yes, no, mine, min(one.box[0] for one in (*beside, *ordered, *third))))
    return found


def _nearest(word: Word, words: Sequence[Word]) -> Word:
    return min(words, key=lambda one: abs(middle(one.box)[0] - middle(word.box)[0]))


def _group_cell(page: PageParts, pair: _Pair) -> list[Box]:
    """The cell over a Yes and its No alone that says what they answer ("You may contact"), where a table has several such pairs or one."""
    head = [c for c in page.cells if inside(pair.yes.box, c, 0)]
    across = (middle(pair.yes.box)[0], middle(pair.no.box)[0])
    return [
        c for c in page.cells for h in head
        if abs(c[3] - h[1]) < 2 and all(c[0] < x < c[2] for x in across) and c[0] > pair.first - c[2] + c[0]
    ][:1]  # fmt: skip


def _group_lead(page: PageParts, over: Sequence[Box]) -> str:
    text = text_of([w for w in page.words for cell in over if inside(w.box, cell, 0)])
    if not text or _HOW_TO.search(text):
        return ""
    return text if text.endswith((":", "?", ".")) else f"{text}:"


def _lead_label(page: PageParts, over: Sequence[Box]) -> dict[str, Box]:
    """Where the words over a pair of columns stand: were they exchanged with those of another pair, a contact would be a share."""
    words = [w.box for w in page.words for cell in over if inside(w.box, cell, 0)]
    return {"lead": around(words)} if words else {}


def level_with(one: Word, two: Word) -> bool:
    """Whether two heads stand on one line; either may run over several."""
    return min(one.box[3], two.box[3]) - max(one.box[1], two.box[1]) > 2


def answer_heads(page: PageParts) -> Heads:
    """The heads of a page. Longer ones come first: "I do not agree" is no, though a part of it is a yes."""
    blocks = [_as_word(words) for words in _blocks(page)]
    named = [one for one in blocks if said([one]) in (YES_WORDS | NO_WORDS | NEITHER.keys())]
    named = [one for one in named if not any(_is_of_a_scale(one, other) for other in blocks)]
    sentences = [one for one in blocks if len(one.text.split()) > _MOST_HEADS]
    spoken = [one for one in sentences if not all(said_text(w) in _ANSWERS for w in one.text.split() if said_text(w))]
    loose = [w for w in page.words if not any(inside(w.box, one.box, 0) for one in (*named, *spoken))]
    return Heads(
        tuple([one for one in named if said([one]) in YES_WORDS] + _plain(loose, PLAIN_YES)),
        tuple([one for one in named if said([one]) in NO_WORDS] + _plain(loose, PLAIN_NO)),
        tuple(one for one in named if said([one]) in NEITHER),
    )


def _is_of_a_scale(answer: Word, other: Word) -> bool:
    """Whether another head on its line says the same more or less strongly ("Strongly agree"): it is a step of a scale then, and no answer."""
    text, theirs = said([answer]), said([other])
    wide = text not in PLAIN_YES | PLAIN_NO | NEITHER.keys() and theirs not in YES_WORDS | NO_WORDS | NEITHER.keys()
    return (
        wide
        and level_with(answer, other)
        and re.fullmatch(rf"\w+( \w+)? {re.escape(text)}|{re.escape(text)} \w+( \w+)?", theirs) is not None
    )


def _plain(words: Iterable[Word], wanted: frozenset[str]) -> list[Word]:
    """Plain answers among words; two-word ones such as "Nac ydw" as one."""
    held = sorted(words, key=lambda w: (round(w.box[3] / 4), w.box[0]))
    single = [w for w in held if said([w]) in wanted]
    for one, two in pairwise(held):
        if said([one, two]) in wanted and abs(one.box[3] - two.box[3]) < 3:
            single = [w for w in single if w not in (one, two)]
            single.append(_as_word([one, two]))
    return single


def _as_word(words: Sequence[Word]) -> Word:
    return Word(text_of(words), around(w.box for w in words), words[0].light, words[0].size, words[0].bold)


def _blocks(page: PageParts) -> list[list[Word]]:
    """Words that stand together: those of one cell, and lines of print close under one another."""
    words = sorted(page.words, key=lambda w: (round(w.box[3] / 4), w.box[0]))
    cells = [_cell_of(page, word) for word in words]
    block = list(range(len(words)))  # the number of the block that each word is in
    for n, word in enumerate(words):
        for m in range(n - 1, -1, -1):
            if word.box[3] - words[m].box[3] > 3 * word.size:
                break
            if block[m] != block[n] and cells[m] == cells[n] and _together(word, words[m]):
                block = [block[n] if each == block[m] else each for each in block]
    return [[words[n] for n, each in enumerate(block) if each == number] for number in dict.fromkeys(block)]


def _cell_of(page: PageParts, word: Word) -> Box | None:
    held = [c for c in page.cells if inside(word.box, c, 0)]
    return min(held, key=lambda c: (c[2] - c[0]) * (c[3] - c[1]), default=None)


def _together(one: Word, two: Word) -> bool:
    """Whether two words stand side by side on a line, or one under the other on neighbouring lines."""
    aside = max(one.box[0] - two.box[2], two.box[0] - one.box[2])
    apart = max(one.box[1] - two.box[3], two.box[1] - one.box[3])
    return aside < 0.6 * one.size and (abs(one.box[3] - two.box[3]) < 3 or (aside < 0 and apart < 0.6 * one.size))


def _same_row(page: PageParts, cell: Box, head: Word) -> Box | None:
    """The empty cell on the row of another, under a head."""
    for one in page.cells:
        level = abs(one[1] - cell[1]) < 2 and abs(one[3] - cell[3]) < 2
        if level and one[0] < middle(head.box)[0] < one[2] and not any(inside(w.box, one, -1) for w in page.words):
            return one
    return None


def _beside_it(page: PageParts, question: Found, head: Word, cell: Box) -> Found:
    return beside_question(page, question, [head], _box_in(page, cell))


def beside_question(page: PageParts, question: Found, words: Sequence[Word], box: Box) -> Found:
    """A third answer as a tick of its own, which belongs to the question beside it."""
    labels = {"text": around(w.box for w in words)}
    lead = f"{question.lead} {question.label}".strip()
    return Found(Kind.TICK, page.number, label_of(words), {"tick": box}, lead, labels, of=question)


def _question(page: PageParts, words: list[Word], boxes: dict[str, Box], heads: dict[str, Box], lead: str) -> Found:
    labels = dict(heads)
    if words:
        first = [w for w in words if abs(w.box[3] - words[0].box[3]) < 3]
        labels["text"] = around(w.box for w in first)
    label = " ".join(text_of(part) for part in _by_cell(page, words)).strip(LEADERS)
    return Found(Kind.YES_NO, page.number, label, boxes, lead, labels)


def _by_cell(page: PageParts, words: Sequence[Word]) -> list[list[Word]]:
    """The words of a row cell by cell: two languages side by side are read one after the other, not line by line."""
    cells = {word: _cell_of(page, word) for word in words}
    ordered = sorted(dict.fromkeys(cells.values()), key=lambda cell: cell[0] if cell is not None else 0.0)
    return [[word for word in words if cells[word] == cell] for cell in ordered]


def _ends(page: PageParts, words: Sequence[Word]) -> float:
    """Where the cells of words end, so that heads of other columns are not theirs."""
    cells = [_cell_of(page, word) for word in words]
    return max((cell[2] for cell in cells if cell is not None), default=page.width)


def _column_head(page: PageParts, place: Box) -> str:
    """What stands over the questions beside Yes and No, unless it only names them or says how to answer."""
    level, reach = middle(place)[1], max(5.0, (place[3] - place[1]) / 2)
    words = [w for w in on_row(page, level - reach, level + reach) if place[0] <= w.box[0] and w.box[2] <= place[2] + 2]
    text = text_of(words)
    return "" if _HOW_TO.search(text) or (len(words) < 3 and not leads_in(text)) else text


def _rows_below(page: PageParts, yes: Word, no: Word) -> list[tuple[Box, Box, Box | None]]:
    """Cells below the two headings, row by row, as long as one touches the next, each with the band over it.

    A band is a cell that runs across the table ("Working with others"), where the columns go on below it as they were.
    """
    rows: list[tuple[Box, Box, Box | None]] = []
    under = max(yes.box[3], no.box[3])
    reach, band = 45.0, None
    while True:
        below = [
            c for c in page.cells
            if c[0] < middle(yes.box)[0] < c[2] and -6 <= c[1] - under < reach
            and not inside(yes.box, c) and not c[0] < middle(no.box)[0] < c[2]
        ]  # fmt: skip
        below = [c for c in below if not any(inside(w.box, c, -1) for w in page.words)]
        cell = min(below, key=lambda c: (c[1], -(c[3] - c[1])), default=None)
        across = _band_below(page, yes, no, under, cell[1] if cell is not None else under + reach)
        if cell is not None and across is not None and abs(across[3] - cell[1]) < 4:
            band = across
        if cell is None and rows and across is not None and across[1] - under < 6:
            cell = next((c for c in page.cells if abs(c[1] - across[3]) < 4 and _same_column(c, rows[-1][0])), None)
            band = across
        if cell is None or any(inside(w.box, cell, -1) for w in page.words):
            return rows
        level = [c for c in page.cells if abs(c[1] - cell[1]) < 2 and abs(c[3] - cell[3]) < 2]
        other = [c for c in level if c[0] < middle(no.box)[0] < c[2]]
        if not other:
            return rows
        rows.append((cell, other[0], band))
        under, reach = cell[3] + 1, 6.0


def _band_below(page: PageParts, yes: Word, no: Word, top: float, bottom: float) -> Box | None:
    """The lowest cell between two heights that runs across both columns and says something."""
    across = [
        c
        for c in page.cells
        if all(c[0] < middle(head.box)[0] < c[2] for head in (yes, no))
        and top - 6 <= c[1]
        and c[1] < bottom
        and not inside(yes.box, c)
        and words_in(page, c)
    ]
    return max(across, key=lambda c: c[1], default=None)


def _has_a_box(page: PageParts, word: Word) -> bool:
    """Whether a box stands right before an answer on its line, which answers it and no column below."""
    left, level = word.box[0], middle(word.box)[1]
    return any(0 <= left - t[2] < _BESIDE and t[1] - 2 < level < t[3] + 2 for t in page.ticks)


def _stands_alone(page: PageParts, cell: Box) -> bool:
    """Whether a cell is a box to tick that touches nothing."""
    ticked = any(all(abs(a - b) < 2 for a, b in zip(cell, tick, strict=True)) for tick in page.ticks)
    near = (cell[0] - 2, cell[1] - 2, cell[2] + 2, cell[3] + 2)
    return ticked and not any(
        overlap(near, other) and other != cell and not inside(cell, other) for other in page.cells
    )


def _same_column(one: Box, other: Box) -> bool:
    return abs(one[0] - other[0]) < 2 and abs(one[2] - other[2]) < 2


def _box_in(page: PageParts, cell: Box) -> Box:
    """The box printed in a cell, if there is one; else the whole cell."""
    held = [t for t in page.ticks if t != cell and inside(t, cell)]
    return held[0] if len(held) == 1 else cell


def _beside(page: PageParts, yes: Box, no: Box, edge: float) -> list[Word]:
    """The words of the row from `edge` on: left of its boxes, else right of them."""
    left, right = min(yes[0], no[0]), max(yes[2], no[2])
    row = [w for w in page.words if yes[1] - 1 <= middle(w.box)[1] <= yes[3] + 1 and w.box[0] >= edge]
    before = [w for w in row if w.box[2] <= left + 2]
    held = before or [w for w in row if w.box[0] >= right - 2]
    cells = _by_cell(page, sorted(held, key=lambda w: (round(w.box[3] / 4), w.box[0])))
    named = [cell for cell in cells if not is_only_number(cell)] or cells
    return sorted((w for cell in named for w in cell), key=lambda w: (round(w.box[3] / 4), w.box[0]))


def _where_its_table_begins(page: PageParts, yes: Box, no: Box, used: Collection[Box]) -> float:
    """How far from the left another table reaches that stands beside this one: zero where there is none, as where two pairs of columns answer one list.

    `used`: the cells and boxes of the questions that were found before.
    """
    left = min(yes[0], no[0])
    edge = max((b[2] for b in used if b[2] <= left + 2 and b[1] < yes[3] - 1 and yes[1] + 1 < b[3]), default=0.0) - 2
    own = [w for w in page.words if yes[1] <= middle(w.box)[1] <= yes[3] and edge <= w.box[0] and w.box[2] <= left + 2]
    return edge if own and edge > 0 else 0.0
