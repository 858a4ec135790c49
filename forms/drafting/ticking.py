"""Tick boxes in lines of print made into fields: Yes/No pairs, single boxes."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from forms.drafting.captioned import captioned
from forms.drafting.choices import do_or_not
from forms.drafting.found import (
    LEADERS,
    Found,
    blocks_of,
    continued,
    is_only_number,
    label_of,
    lines_above,
    on_row,
    paragraph,
    parted,
    said,
    text_of,
)
from forms.drafting.grids import row_begins, words_around, words_beside, words_of_its_cell, words_over
from forms.drafting.headed import headed_row
from forms.drafting.leading import (
    asked_in,
    begun_above,
    column_above,
    group_lead,
    leads_in,
    said_before,
    without_number,
)
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.drafting.tables import answer_heads, beside_question
from forms.drafting.wordings import MOST_WORDS, NEITHER, NO_WORDS, PLAIN_NO, PLAIN_YES, YES_WORDS, answer_each_other
from forms.geometry import Box, around
from forms.template import Kind

_ROW = 5.0
_GOES_ON = 20.0
_BEFORE_BOX = 40.0
_CENTRED = 4.0
_FAR_APART = 1.2
_LEADING = range(1, 15)
"""So many words on the line of several boxes, before the first, lead in without a colon, too."""
_SHORT = 3
_NEITHER = "neither"
_ANSWERS: dict[str, Set[str]] = {"yes": YES_WORDS, "no": NO_WORDS, _NEITHER: NEITHER.keys()}


def tick_rows(page: PageParts, taken: set[Box]) -> list[list[Box]]:
    """The free tick boxes, row by row from the top, each from left to right."""
    rows: list[list[Box]] = []
    for tick in sorted((t for t in page.ticks if t not in taken), key=lambda t: middle(t)[1]):
        if rows and abs(middle(rows[-1][0])[1] - middle(tick)[1]) < _ROW:
            rows[-1].append(tick)
        else:
            rows.append([tick])
    return [sorted(row) for row in rows]


def row_fields(page: PageParts, taken: set[Box]) -> tuple[list[Found], set[Word]]:
    """The fields of the tick boxes that stand in lines of print, and the words that are theirs. `taken`: boxes and cells of other fields."""
    found: list[Found] = []
    spoken = {w for w in page.words if any(box[1] <= middle(w.box)[1] <= box[3] for box in taken)}
    rows, heads = tick_rows(page, taken), answer_heads(page)
    n, last = 0, None
    while n < len(rows):
        row = rows[n]
        pieces = _pieces(page, row)
        floor = rows[n + 1][0][1] if n + 1 < len(rows) else page.height
        headed = headed_row(page, row, pieces, heads, spoken, floor, last)
        if headed is not None:
            found += headed.found
            last = headed
            n += 1
            continue
        below = _stacked(page, rows, n)
        if below:
            found += below
            n += len(below) + 1
            continue
        found += (
            do_or_not(page, row, pieces, floor, rows[:n], spoken)
            or captioned(page, row, pieces, spoken)
            or _pairs_and_ticks(page, row, pieces, floor, rows[:n], spoken)
        )
        n += 1
    return found, spoken


def _pieces(page: PageParts, row: Sequence[Box]) -> list[list[Word]]:
    """The words of a row before, between and after its boxes: one list more than boxes."""
    level = middle(around(row))[1]
    half = max(5.0, (row[0][3] - row[0][1]) / 2)
    begin = row_begins(page, row)
    words = [w for w in on_row(page, level - half, level + half) if w.box[0] >= begin]
    edges = [-1.0, *(middle(t)[0] for t in row), page.width + 1]
    pieces = [[w for w in words if a <= middle(w.box)[0] < b] for a, b in pairwise(edges)]
    return pieces if pieces[-1] else [*pieces[:-1], _wrapped(page, row, pieces)]


def _wrapped(page: PageParts, row: Sequence[Box], pieces: Sequence[Sequence[Word]]) -> list[Word]:
    """The words of the last box of a row that stand on the next line of its cell, where the others have theirs behind them; else none."""
    held = words_of_its_cell(page, row)
    if len(row) < 2 or not all(pieces[1:-1]) or any(w in held for w in pieces[0]):
        return []
    bottom = max(w.box[3] for w in pieces[-2])
    under = [w for w in held if bottom - 2 < w.box[1] < bottom + w.size and w not in pieces[-2]]
    line = next(iter(blocks_of(under)), [])
    boxes = [box for box in page.ticks if line and line[0].box[1] < middle(box)[1] < line[0].box[3]]
    return [w for w in line if all(w.box[2] <= box[0] + 2 for box in boxes)]


def _stacked(page: PageParts, rows: Sequence[Sequence[Box]], n: int) -> list[Found]:
    """A Yes box with its No box on the line below, and a third answer on the line below that; empty if there is none."""
    group = [row[0] for row in rows[n : n + 3] if len(row) == 1]
    if len(group) < 2 or len(rows[n]) != 1 or len(rows[n + 1]) != 1 or not all(map(_close_under, group, group[1:2])):
        return []
    for side in (1, 0):
        yes, no = _pieces(page, group[:1])[side], _pieces(page, group[1:2])[side]
        if said(yes) in YES_WORDS and said(no) in NO_WORDS and answer_each_other(said(yes), said(no)):
            above = lines_above(page, group[0][1], 0, page.width)
            labels = {"yes": around(w.box for w in yes), "no": around(w.box for w in no)}
            question = _asked_above(page, above, {"yes": group[0], "no": group[1]}, labels)
            third = _pieces(page, group[2:])[side] if len(group) == 3 and _close_under(group[1], group[2]) else []
            return [question, *([beside_question(page, question, third, group[2])] if said(third) in NEITHER else [])]
    return []


def _close_under(one: Box, two: Box) -> bool:
    return abs(one[0] - two[0]) <= 3 and two[1] - one[3] <= 40


def _asked_above(
    page: PageParts, above: Sequence[Sequence[Word]], boxes: dict[str, Box], labels: dict[str, Box]
) -> Found:
    """A question in the lines above its boxes; what stands before it in the paragraph leads in."""
    if not above:
        return Found(Kind.YES_NO, page.number, "", boxes, "", labels)
    question, before = asked_in(above)
    labels["text"] = around(w.box for row in question for w in row)
    label = paragraph(question).strip(LEADERS)
    return Found(Kind.YES_NO, page.number, label, boxes, said_before(before, question, label), labels)


def _pairs_and_ticks(
    page: PageParts,
    row: Sequence[Box],
    pieces: list[list[Word]],
    floor: float,
    before: Sequence[Sequence[Box]],
    spoken: set[Word],
) -> list[Found]:
    """The fields of one row; adds the words of their labels to `spoken`."""
    new = set[Word]()
    aside = words_beside(page, around(row)) if words_of_its_cell(page, row) else []
    pieces = [[w for w in pieces[0] if not any(w in cell for cell in aside)], *pieces[1:]]
    after = _labels_follow(page, row, pieces)
    cut = _words_that_lead(row, pieces) if not after else 0
    begun = _begun_by(page, row, pieces, before, spoken) if after else _as_lead(text_of(pieces[0][:cut]))
    begun = _as_lead(" ".join(text_of(cell) for cell in aside)) if aside else begun
    found: list[Found] = []
    n = 0
    while n < len(row):
        mine = pieces[n + 1] if after else pieces[n]
        answers = _answers_at(row, pieces, n, after=after)
        if answers:
            line = _Line(page, row, pieces, floor, before, after)
            found += _answered(line, n, answers, spoken, new)
            n += len(answers)
            continue
        if mine:
            mine = mine[cut:] if n == 0 else mine
            mine = _before_a_place(page, mine) if after and n == len(row) - 1 else mine
            labels = {"text": around(w.box for w in mine)}
            words = continued(page, mine, floor, row[n][0]) if after else _run_on(page, mine, floor, row[n][0])
            label = label_of(words)
            place = around([row[n], labels["text"]])
            above = "" if aside else group_lead(page, place, row, before, spoken, begun or label)
            lead = f"{above} {begun}".strip() or _of_its_question(found)
            found.append(Found(Kind.TICK, page.number, label_of(words), {"tick": row[n]}, lead, labels))
            new |= set(words)
        else:
            found.append(Found(Kind.TICK, page.number, "", {"tick": row[n]}))
        n += 1
    spoken |= new
    doubtful = len(row) > 1 and any(not one.label for one in found if one.kind is Kind.TICK)
    return [replace(one, doubtful=True) if one.kind is Kind.TICK else one for one in found] if doubtful else found


def _of_its_question(found: Sequence[Found]) -> str:
    """What the question before a box on its line asks, which the box answers too ("☐ Yes ☐ No ☐ Group pictures only")."""
    question = next((one for one in reversed(found) if one.kind is Kind.YES_NO), None)
    if question is None or not question.label:
        return ""
    asked = f"{question.lead} {question.label}".strip()
    return asked if asked.endswith(("?", ".")) else f"{asked}:"


def _before_a_place(page: PageParts, words: list[Word]) -> list[Word]:
    """The words behind a box without those that stand apart before a place to write on its line ("☐ face to face   on (date) ____")."""
    end, level = words[-1].box[2], middle(words[-1].box)[1]
    places = [*page.lines, *page.cells, *(run.box for run in page.runs)]
    written = any(0 <= place[0] - end < _BEFORE_BOX and place[1] - _ROW < level < place[3] + _ROW for place in places)
    return words[: parted(words) or None] if written else words


@dataclass(frozen=True)
class _Line:
    """A row of boxes with the words before, between and after them; where the next begins, and those above. `after`: words stand behind boxes."""

    page: PageParts
    row: Sequence[Box]
    pieces: Sequence[Sequence[Word]]
    floor: float
    before: Sequence[Sequence[Box]]
    after: bool


def _answered(
    line: _Line, n: int, answers: Mapping[str, tuple[list[Word], Box]], spoken: set[Word], new: set[Word]
) -> list[Found]:
    """The question of the Yes and No that begin at a box of a line, and its third answer; adds the words of its label to `new`."""
    labels = {name: around(w.box for w in words) for name, (words, _) in answers.items() if name != _NEITHER}
    boxes = {name: answers[name][1] for name in labels}
    place = around([*boxes.values(), *labels.values()])
    spoken |= {w for words, _ in answers.values() for w in words}
    asked = _asked(line, n, answers, place, spoken, new)
    if asked is not None:
        labels["text"] = around(w.box for w in asked.first)
        whole = around([place, labels["text"]])
        lead = group_lead(line.page, whole, line.row, line.before, spoken, asked.label)
        question = Found(Kind.YES_NO, line.page.number, asked.label, boxes, lead, labels)
        new |= asked.words
    elif over := words_over(line.page, place):
        labels["text"] = around(w.box for w in over)
        question = Found(Kind.YES_NO, line.page.number, label_of(over), boxes, "", labels)
    else:
        above = column_above(line.page, place[1], place[0], spoken)
        question = _asked_above(line.page, [] if _boxes_between(above, place, line.before) else above, boxes, labels)
        new |= {w for row in above for w in row if "text" in labels and inside(w.box, labels["text"], 0)}
    third = list[Found]()
    if _NEITHER in answers:
        third = [beside_question(line.page, question, *answers[_NEITHER])]
    return [question, *third]


@dataclass(frozen=True)
class _Asked:
    """What is asked beside its boxes: the words of its line there, all words that are spoken for, and what they say."""

    first: Sequence[Word]
    words: Set[Word]
    label: str


def _asked(
    line: _Line,
    n: int,
    answers: Mapping[str, tuple[list[Word], Box]],
    place: Box,
    spoken: Set[Word],
    new: Set[Word],
) -> _Asked | None:
    """What the Yes and No from box `n` on answer, where it stands on their line or beside them; None if it must stand above."""
    spare = _question_words(line.pieces, n, n + len(answers), spoken | new)
    sentence = _yes_sentence(line.pieces, line.row, answers, n, spoken) if line.after else []
    if sentence:
        words = continued(line.page, sentence, line.floor, answers["yes"][1][0])
        theirs = {w for m in range(n, n + len(answers)) for w in line.pieces[m + 1]}
        return _Asked(sentence, theirs | set(words), label_of(words))
    said_here = {w for words, _ in answers.values() for w in words}
    beside = _asked_in_its_row(line, place, spare, said_here) or (
        [] if spare else _straddling(line.page, place, spoken)
    )
    if beside:
        first = [w for w in beside[0] if abs(w.box[3] - beside[0][0].box[3]) < 3]
        label = " ".join(text_of(cell) for cell in beside).strip(LEADERS)
        return _Asked(first, {w for cell in beside for w in cell}, label)
    if spare:
        spare = [*begun_above(line.page, spare, place[0], spoken), *spare]
        words = continued(line.page, spare, line.floor)
        top = min(w.box[3] for w in spare)
        return _Asked([w for w in spare if w.box[3] - top < 3], set(words), label_of(words))
    return None


def _run_on(page: PageParts, line: Sequence[Word], floor: float, right: float) -> list[Word]:
    """The words of a label that stands before its box, with the lines below of which the first would not have fitted beside it."""
    words = continued(page, line, floor)
    lines = [list(each) for _, each in groupby(words, key=lambda w: round(w.box[3] / 3))]
    held = list(lines[0])
    for above, below in pairwise(lines):
        if above[-1].text.endswith((".", "?", "!", ":")) or above[-1].box[2] + _wide(below[0]) < right - _BEFORE_BOX:
            break
        held += below
    return held


def _wide(word: Word) -> float:
    return word.box[2] - word.box[0] + 0.25 * word.size


def _asked_in_its_row(line: _Line, place: Box, level: Sequence[Word], answered: Set[Word]) -> list[list[Word]]:
    """All words of the cells that ask in a table, or of a frame, where the answers stand level with some of their lines or between them; else empty."""
    cells = words_beside(line.page, place)
    if not cells:
        framed = [w for w in words_around(line.page, place, line.row) if w not in answered]
        before = all(w.box[2] <= place[0] + 2 for w in framed)
        cells = [framed] if before and framed and _is_level_with(place, framed) else []
    words = [w for cell in cells for w in cell]
    asked = {w for w in level if not is_only_number([w])}
    return cells if asked <= set(words) and any(c.isalpha() for w in words for c in w.text) else []


def _is_level_with(place: Box, words: Sequence[Word]) -> bool:
    """Whether words stand beside a place, and it beside the middle of them."""
    held = around(w.box for w in words)
    return held[1] - _CENTRED < middle(place)[1] < held[3] + _CENTRED


def _straddling(page: PageParts, place: Box, spoken: Set[Word]) -> list[list[Word]]:
    """A question of two or four lines before its boxes, which stand level with its middle, between two lines; empty if there is none."""
    level = middle(place)[1]
    aside = [w for w in page.words if w.box[2] <= place[0] + 2 and w not in spoken]
    rows = [
        list(row)
        for _, row in groupby(
            sorted(aside, key=lambda w: (round(w.box[3] / 3), w.box[0])), lambda w: round(w.box[3] / 3)
        )
    ]
    above = [row for row in rows if middle(row[0].box)[1] < level]
    below = [row for row in rows if middle(row[0].box)[1] > level]
    held: list[list[Word]] = []
    for one, two in zip(reversed(above), below, strict=False):
        last = middle(two[0].box)[1] - middle(one[0].box)[1]
        pitch = last / (len(held) + 1)
        centred = abs(middle(one[0].box)[1] + middle(two[0].box)[1] - 2 * level) < _CENTRED
        if (
            not centred
            or pitch > 1.6 * one[0].size
            or abs(one[0].box[0] - two[0].box[0]) > 3
            or abs(one[0].size - two[0].size) > 0.5
        ):
            break
        held = [one, *held, two]
    return [[w for row in held for w in row]] if held else []


def _begun_by(
    page: PageParts,
    row: Sequence[Box],
    pieces: Sequence[Sequence[Word]],
    before: Sequence[Sequence[Box]],
    spoken: Set[Word],
) -> str:
    """What leads in the boxes of a row on their own line, before the first ("You may ring me: ☐ by day ☐ at night"); empty if nothing does.

    A row that begins under the first box of the row before, with no words before it, goes on with it.
    """
    if pieces[0]:
        text = text_of(pieces[0])
        several = len(row) > 1 and not _answers_at(row, pieces, 0, after=True)
        goes_on = several and without_number(f"{text} ") and all(p and p[0].text[:1].islower() for p in pieces[1:])
        named = several and len(text.split()) in _LEADING and without_number(f"{text} ")
        asked = leads_in(text) or (text if goes_on and len(text.split()) < _SHORT else f"{text}:" if named else "")
        return asked if not set(pieces[0]) & spoken else ""
    if not before or abs(before[-1][0][0] - row[0][0]) > 3 or row[0][1] - before[-1][0][3] > _GOES_ON:
        return ""
    over = _pieces(page, before[-1])
    return leads_in(text_of(over[0])) if over[0] and _labels_follow(page, before[-1], over) else ""


def _words_that_lead(row: Sequence[Box], pieces: Sequence[Sequence[Word]]) -> int:
    """How many words at the beginning of a row lead in several boxes that stand behind their own words ("I am the: parent ☐ carer ☐")."""
    ends = [n for n, word in enumerate(pieces[0][:-1], start=1) if word.text.endswith((":", "?"))]
    if len(row) < 2 or _answers_at(row, pieces, 0, after=False):
        return 0
    gaps = [(b.box[0] - a.box[2], n) for n, (a, b) in enumerate(pairwise(pieces[0]), start=1)]
    wide, at = max(gaps, default=(0.0, 0))
    apart = at in _LEADING and wide > _FAR_APART * pieces[0][0].size
    return ends[-1] if ends else at if apart else 0


def _as_lead(text: str) -> str:
    return leads_in(text) or (f"{text}:" if text else "")


def _boxes_between(above: Sequence[Sequence[Word]], place: Box, before: Sequence[Sequence[Box]]) -> bool:
    """Whether boxes of another question stand between an answer and the nearest words above: those words are not what is asked."""
    ends = max((w.box[3] for row in above[:1] for w in row), default=place[1])
    return any(ends < middle(b)[1] < place[1] and b[0] < place[2] and place[0] < b[2] for row in before for b in row)


def _answers_at(
    row: Sequence[Box], pieces: Sequence[Sequence[Word]], n: int, *, after: bool
) -> dict[str, tuple[list[Word], Box]]:
    """The words and boxes of yes and no, in any order, that begin at a box, and of neither if that is there; else empty."""
    for count in (3, 2):
        held: dict[str, tuple[list[Word], Box]] = {}
        for m in range(n, min(n + count, len(row))):
            for name, wanted in tuple(_ANSWERS.items())[:count]:
                words = _edge_words(pieces[m + 1] if after else pieces[m], wanted, last=not after)
                if words and name not in held:
                    held[name] = (words, row[m])
                    break
        if (
            len(held) == count
            and not _one_of_several_yes(row, pieces, held["yes"][1], after=after)
            and answer_each_other(said(held["yes"][0]), said(held["no"][0]))
        ):
            return held
    return {}


def _one_of_several_yes(row: Sequence[Box], pieces: Sequence[Sequence[Word]], yes: Box, *, after: bool) -> bool:
    """Whether a Yes stands beside another ("Yes, by email ☐ Yes, by text ☐ No"): each is then an answer of its own, and none a Yes to a No."""
    at = row.index(yes)
    beside = [n for n in (at - 1, at + 1) if 0 <= n < len(row)]
    return any(_begins_with_yes(pieces[n + 1] if after else pieces[n]) for n in beside)


def _begins_with_yes(words: Sequence[Word]) -> bool:
    return bool(words) and said(words[:1]) in PLAIN_YES


def _question_words(pieces: Sequence[Sequence[Word]], first: int, end: int, spoken: Set[Word]) -> list[Word]:
    """What is asked on the line of the answers: before the first box, else behind the last; empty if nothing is.

    `spoken` has the words of the answers themselves; a word or two more behind an answer ("No, thank you") ask nothing.
    """
    before = [w for w in pieces[first] if w not in spoken]
    if any(c.isalpha() for w in before for c in w.text):
        return before
    behind = [w for w in pieces[end] if w not in spoken]
    at = len(pieces[end]) - len(behind)
    alone = len(behind) > 2 or (behind and (at == 0 or _stands_apart(pieces[end], at, last=False)))
    return behind if alone and end == len(pieces) - 1 and any(c.isalpha() for w in behind for c in w.text) else []


def _yes_sentence(
    pieces: Sequence[Sequence[Word]],
    row: Sequence[Box],
    answers: Mapping[str, tuple[Sequence[Word], Box]],
    first: int,
    spoken: Set[Word],
) -> list[Word]:
    """What Yes says where Yes and No each say a sentence of their own ("Yes, I want it", "No, I do not want it"): empty if they do not."""
    if any(c.isalpha() for w in pieces[first] if w not in spoken for c in w.text):
        return []
    yes, no = ([w for w in pieces[row.index(answers[name][1]) + 1] if w not in spoken] for name in ("yes", "no"))
    return yes if min(len(yes), len(no)) > 2 else []


def _edge_words(words: Sequence[Word], wanted: Set[str], *, last: bool) -> list[Word]:
    """The words at the near end of a piece that say one of the wanted answers; empty if they do not.

    The longest answer counts: "I do not agree" is no yes. One of several words must stand apart from what else is said.
    """
    for count in range(min(len(words), MOST_WORDS), 0, -1):
        piece = list(words[-count:] if last else words[:count])
        if said(piece) in PLAIN_YES | PLAIN_NO:
            return piece if said(piece) in wanted else []
        if said(piece) in YES_WORDS | NO_WORDS | NEITHER.keys():
            return piece if said(piece) in wanted and _stands_apart(words, count, last=last) else []
    return []


def _stands_apart(words: Sequence[Word], count: int, *, last: bool) -> bool:
    if count == len(words):
        return True
    one, two = (words[-count - 1], words[-count]) if last else (words[count - 1], words[count])
    return two.box[0] - one.box[2] > 0.8 * one.size


def _labels_follow(page: PageParts, row: Sequence[Box], pieces: Sequence[Sequence[Word]]) -> bool:
    """Whether the words after a box belong to it, and not those before; dots may lead from words to their box."""
    if not pieces[0] or (pieces[-1] and is_only_number(pieces[0])):
        return True
    if not pieces[-1]:
        return False
    if len(row) > 1:
        if _edge_words(pieces[0], YES_WORDS | NO_WORDS, last=True):
            return False
        if _edge_words(pieces[-1], YES_WORDS | NO_WORDS, last=False):
            return True
    if pieces[0][-1].text.endswith((":", "?")) and all(p and not p[-1].text.endswith((":", "?")) for p in pieces[1:-1]):
        return True  # what asks stands before all of them
    level = middle(around(row))[1]
    dots = [run.box[2] for run in page.runs if run.box[1] - 4 < level < run.box[3] + 4]
    ends = [
        max([p[-1].box[2], *(e for e in dots if p[-1].box[2] < e <= t[0] + 2)]) if p else t[0]
        for t, p in zip(row, pieces[:-1], strict=True)
    ]
    before = sum(t[0] - end for t, end in zip(row, ends, strict=True))
    behind = sum(p[0].box[0] - t[2] for t, p in zip(row, pieces[1:], strict=True) if p)
    return behind <= before
