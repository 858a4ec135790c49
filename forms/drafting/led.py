"""Where the words stand that a mark agrees to, beside its label: those that lead in, and the further lines of its own.

Were they changed or exchanged in a newer edition, its answer would mean another thing. A paragraph is looked for line by line, for
one word more in its first line ("not") changes nothing in its last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from forms.drafting.found import Found, blocks_of, said_text
from forms.drafting.parts import PageParts, Word
from forms.geometry import Box, around
from forms.template import LEAD

_LEAST_WORDS, _MOST_LINES = 2, 8
_LINE = 3.0
_PITCH = 1.9
"""Of the print's size: lines that stand farther apart are no paragraph."""
_INTO_BOX = 2.0
_MOST_BETWEEN = 2
"""So many lines inside a paragraph may only say how to answer: they are no part of what leads in."""


@dataclass(frozen=True)
class _Line:
    """A line of print as far as its words stand together, and how each of them is compared."""

    words: tuple[Word, ...]
    said: tuple[str, ...]

    @property
    def box(self) -> Box:
        """What it takes up."""
        return around(w.box for w in self.words)


@dataclass(frozen=True)
class _Way:
    """Lines of a paragraph, the nearest first, and how many words of what leads in they say."""

    boxes: tuple[Box, ...]
    count: int


def with_leads(page: PageParts, found: Sequence[Found]) -> list[Found]:
    """The finds, each mark with the places of the words that lead in (labels `lead`, `lead_2` …) and of further lines of its own (`text_2` …)."""
    lines = _lines(page)
    made = [_led(one, lines) for one in found]
    by_place = {id(one): new for one, new in zip(found, made, strict=True)}
    return [one if one.of is None else replace(one, of=by_place.get(id(one.of), one.of)) for one in made]


def _led(one: Found, lines: Sequence[_Line]) -> Found:
    if not one.kind.is_mark or one.of is not None:
        return one
    first = 2 if LEAD in one.labels else 1
    above = (box for box in _above(one, lines) if _is_beside(box, one))
    own = (box for box in _further(one, lines) if _is_beside(box, one))
    named = {LEAD if n == 1 else f"{LEAD}_{n}": box for n, box in enumerate(above, first)}
    return replace(one, labels=one.labels | named | {f"text_{n}": box for n, box in enumerate(own, 2)})


def _is_beside(box: Box, one: Found) -> bool:
    """Whether words lie beside the boxes of a mark: in a label that reaches into one, the mark itself would be other words."""
    return not any(
        min(box[2], there[2]) - max(box[0], there[0]) > _INTO_BOX
        and min(box[3], there[3]) - max(box[1], there[1]) > _INTO_BOX
        for there in one.boxes.values()
    )


def _lines(page: PageParts) -> list[_Line]:
    """The lines of print in pieces, as columns stand side by side. What is no word (a lone colon) is left out."""
    rows: list[list[Word]] = []
    for word in sorted(page.words, key=lambda w: (w.box[3], w.box[0])):
        if rows and abs(rows[-1][0].box[3] - word.box[3]) < _LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    pieces = [[(w, said_text(w.text)) for w in block] for row in rows for block in blocks_of(row)]
    told = [[(w, said) for w, said in piece if said] for piece in pieces]
    return [_Line(tuple(w for w, _ in one), tuple(said for _, said in one)) for one in told if one]


def _above(one: Found, lines: Sequence[_Line]) -> list[Box]:
    """The lines above a mark's box that lead in, the nearest first; without those that a head of columns says already."""
    left, top = said_text(one.lead).split(), max(box[3] for box in one.boxes.values())
    head = one.labels.get(LEAD)
    if head is not None:
        of_head = [said for line in lines for w, said in zip(line.words, line.said, strict=True) if _lies_in(w, head)]
        if not of_head or left[-len(of_head) :] != of_head:
            return []
        left, top = left[: -len(of_head)], head[3]
    own = one.labels.get("text")
    over = [line for line in lines if line.box[3] <= top and (own is None or line.box[3] <= own[3] - _LINE)]
    found = list[Box]()
    while left:  # a heading of its own may stand between the paragraph and what it leads to
        ways = [way for line in over if (way := _climbed(line, over, left)).count]
        if not ways:
            break
        nearest = max(ways, key=lambda way: way.boxes[0][3])
        found += nearest.boxes
        left, over = left[: -nearest.count], [line for line in over if line.box[3] <= nearest.boxes[-1][1] + _LINE]
    return found[:_MOST_LINES]


def _climbed(last: _Line, lines: Sequence[_Line], left: Sequence[str]) -> _Way:
    """What leads in as far as it ends in this line, and goes on in those right above."""
    words, count = _end_of(last, left)
    if not words or (count < _LEAST_WORDS and words[0] is not last.words[0]):
        return _Way((), 0)
    found, at, between = [around(w.box for w in words)], last, 0
    while count < len(left) and between <= _MOST_BETWEEN:
        over = [line for line in lines if _is_next(line, at)]
        if not over:
            break
        at = max(over, key=lambda line: line.box[3])
        words, more = _end_of(at, left[: len(left) - count])
        between, count = between + (more == 0), count + more
        found += [around(w.box for w in words)] if words else []
    return _Way(tuple(found), count) if count >= _LEAST_WORDS else _Way((), 0)


def _end_of(line: _Line, left: Sequence[str]) -> tuple[tuple[Word, ...], int]:
    """The words of a line in which what leads in ends, and how many of them it has; none if it does not end there.

    A number may stand before them, and how to answer before, behind or between: with words that do not belong on both sides only where
    nothing is left to stand before.
    """
    count, end = _run(line.said, left)
    begin, last = end - count, end
    while begin > 0 and count < len(left):
        more, end = _run(line.said[:begin], left[: len(left) - count])
        if more < min(_LEAST_WORDS, begin):
            break
        begin, count = end - more, count + more
    if count == 0 or (count < len(left) and begin > 0 and last < len(line.said)):
        return (), 0
    return line.words[begin:last], count


def _run(said: Sequence[str], left: Sequence[str]) -> tuple[int, int]:
    """The most words in a row that end what is left: how many, and where they end."""
    return max(
        (
            (sum(1 for _ in takewhile(bool, map(str.__eq__, reversed(said[:end]), reversed(left)))), end)
            for end in range(1, len(said) + 1)
        ),
        default=(0, 0),
    )


def _is_next(upper: _Line, lower: _Line) -> bool:
    """Whether one line stands right above another, in the same column."""
    one, two = upper.box, lower.box
    return (
        _LINE < two[3] - one[3] <= _PITCH * max(upper.words[0].size, lower.words[0].size)
        and one[0] < two[2]
        and two[0] < one[2]
    )


def _further(one: Found, lines: Sequence[_Line]) -> list[Box]:
    """The lines of a question's own words below those that its label names, in order."""
    own = one.labels.get("text")
    there = [line for line in lines if own is not None and any(_lies_in(w, own) for w in line.words)]
    if own is None or not there:
        return []
    known = [said for line in there for w, said in zip(line.words, line.said, strict=True) if _lies_in(w, own)]
    left, at, found = said_text(one.label).split(), there[-1], list[Box]()
    if left[: len(known)] != known:
        return []
    left = left[len(known) :]
    while left and len(found) < _MOST_LINES:
        under = [(line, words) for line in lines if _is_next(at, line) and (words := _begin_of(line, left))]
        if not under:
            break
        at, words = min(under, key=lambda each: each[0].box[3])
        found.append(around(w.box for w in words))
        left = left[len(words) :]
    return found


def _begin_of(line: _Line, left: Sequence[str]) -> tuple[Word, ...]:
    """The words of a line with which a text goes on, to the end of the line or of the text; empty if it does not."""
    for first in range(len(line.said)):
        count = sum(1 for _ in takewhile(bool, map(str.__eq__, line.said[first:], left)))
        if count and (count == len(left) or first + count == len(line.said)):
            return line.words[first : first + count]
    return ()


def _lies_in(word: Word, held: Box) -> bool:
    left, top, right, bottom = word.box
    x, y = (left + right) / 2, (top + bottom) / 2
    return held[0] - 1 <= x <= held[2] + 1 and held[1] - 1 <= y <= held[3] + 1
