"""A page that is printed in two columns, taken apart: what stands side by side there belongs to two lists of questions, not to one row.

A table, and boxes for Yes and No at the right of their questions, are no columns: what stands there is level with what it belongs to.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from forms.drafting.found import blocks_of, said
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.drafting.wordings import NEITHER, NO_WORDS, YES_WORDS
from forms.geometry import Box

_GUTTER = 10.0
"""Points of white between two columns, at the least."""
_FROM, _TO, _STEP = 0.3, 0.7, 4.0
"""Between which shares of the page's width a gutter is looked for, and at which steps in points."""
_LEAST_HIGH, _LEAST_ASKED = 110.0, 40.0
_SAME_LEVEL = 6.0
_LEVEL = 2.5
_HAIR = 0.5
_PANEL_HIGH, _PANEL_WIDE = 0.6, 0.45
"""Of the page."""
_WRITTEN = 14.0
"""Points above a line that are written in."""
_LEAST_LINES, _LEAST_PLACES = 3, 2
_APART = 0.35
"""Of the lines of the right column at least so many stand level with none of the left."""
_ANSWERS = YES_WORDS | NO_WORDS | NEITHER.keys()


@dataclass(frozen=True)
class _Gutter:
    """White between `left` and `right` from `top` to `bottom`, in points."""

    left: float
    right: float
    top: float
    bottom: float


def columns_of(page: PageParts) -> list[PageParts]:
    """The page in the order in which it is read: what stands above columns, each column from the left, what stands below; or the page alone.

    A column also has the words above, which may lead in.
    """
    aside = _panel_aside(page)
    if aside is None:
        return _columns_in(page, (0.0, 0.0, page.width, page.height))
    panel, rest = _part(page, lambda box: inside(box, aside, 0)), _part(page, lambda box: not inside(box, aside, 0))
    order = [panel, rest] if aside[0] < page.width - aside[2] else [rest, panel]
    return [one for part in order if part.words for one in _columns_in(part, (0.0, 0.0, page.width, page.height))]


def _panel_aside(page: PageParts) -> Box | None:
    """A frame or coloured area at one side of the page, most of it high, with words of its own: no line of print runs into it."""
    high = (c for c in page.cells if c[3] - c[1] > _PANEL_HIGH * page.height and c[2] - c[0] < _PANEL_WIDE * page.width)
    return next((c for c in high if any(inside(w.box, c, 0) for w in page.words)), None)


def _columns_in(page: PageParts, room: Box) -> list[PageParts]:
    """The parts of what stands in `room`, where each may have columns again: three are two, of which one is two."""
    found = max(_gutters(page, room), key=lambda one: one.bottom - one.top, default=None)
    if found is None:
        return [page]
    left, top, right, bottom = room
    at, begin = (found.left + found.right) / 2, _begin_of(page, found)
    above = _part(page, lambda box: middle(box)[1] <= begin)
    first = _part(page, lambda box: begin < middle(box)[1] <= found.bottom and middle(box)[0] < at)
    second = _part(page, lambda box: begin < middle(box)[1] <= found.bottom and middle(box)[0] >= at)
    below = _part(page, lambda box: middle(box)[1] > found.bottom)
    columns = [
        *_columns_in(first, (left, found.top, at, found.bottom)),
        *_columns_in(second, (at, found.top, right, found.bottom)),
    ]
    led = [replace(column, words=(*above.words, *column.words)) for column in columns]
    parts = [
        *_columns_in(above, (left, top, right, found.top)), *led, *_columns_in(below, (left, found.bottom, right, bottom))
    ]  # fmt: skip
    return [part for part in parts if part.words]


def _begin_of(page: PageParts, gutter: _Gutter) -> float:
    """Where the columns begin: below lines at the left with nothing beside them and no place to fill in, which are a heading over both."""
    begin = gutter.top + _HAIR  # a line that ends the white is not below it
    within = _part(page, lambda box: begin < middle(box)[1] <= gutter.bottom)
    left = _part(within, lambda box: middle(box)[0] < gutter.right)
    right = _part(within, lambda box: middle(box)[0] >= gutter.right)
    beside = [*_places(left), *(w.box for w in right.words), *_places(right)]
    first = min((box[1] for box in beside), default=begin)
    return max([begin, *(w.box[3] - _HAIR for w in left.words if w.box[3] < first)])


def _places(page: PageParts) -> list[Box]:
    return [*page.ticks, *page.cells, *page.lines, *(run.box for run in page.runs), *(one[0] for one in page.dated)]


def _part(page: PageParts, held: Callable[[Box], bool]) -> PageParts:
    """What of the page lies where `held` says."""
    return replace(
        page,
        words=tuple(one for one in page.words if held(one.box)),
        ticks=tuple(filter(held, page.ticks)),
        cells=tuple(filter(held, page.cells)),
        lines=tuple(filter(held, page.lines)),
        runs=tuple(one for one in page.runs if held(one.box)),
        dated=tuple(one for one in page.dated if held(one[0])),
    )


def _gutters(page: PageParts, room: Box) -> Iterator[_Gutter]:
    """The strips of white in `room` that part two columns."""
    left, top_edge, right, bottom_edge = room
    # A line is written on above, and its words stand level with that: no white ends between them.
    lines = [(line[0], line[1] - _WRITTEN, line[2], line[3]) for line in page.lines]
    things = [*(w.box for w in page.words), *page.ticks, *page.cells, *lines, *(r.box for r in page.runs)]
    x = left + _FROM * (right - left)
    while x < left + _TO * (right - left):
        strip = (x, x + _GUTTER)
        crossing = sorted((b[1], b[3]) for b in things if b[0] < strip[1] and strip[0] < b[2])
        end = top_edge
        for top, bottom in [*crossing, (bottom_edge, bottom_edge)]:
            gutter = _Gutter(*strip, end, top)
            listed = top - end >= _LEAST_HIGH and _parts_columns(page, gutter)
            if listed or (top - end >= _LEAST_ASKED and _both_ask(page, gutter)):
                yield gutter
            end = max(end, bottom)
        x += _STEP


def _parts_columns(page: PageParts, gutter: _Gutter) -> bool:
    """Whether both sides have places of their own to fill in, and the right one either whole questions, as the left has, or lines level with none."""
    within = _part(page, lambda box: gutter.top < middle(box)[1] < gutter.bottom)
    left = _part(within, lambda box: box[0] <= gutter.left)
    right = _part(within, lambda box: box[0] > gutter.left)
    if min(len(side.ticks) + len(side.lines) + len(side.runs) for side in (left, right)) < _LEAST_PLACES:
        return False
    if _asks_whole_questions(left) and _asks_whole_questions(right):
        return True
    lines = [line for line in _lines(right) if not _only_answers(line)]
    levels = [line[0].box[3] for line in _lines(left)]
    apart = [line for line in lines if all(abs(line[0].box[3] - level) > _LEVEL for level in levels)]
    return len(lines) >= _LEAST_LINES and len(apart) >= _APART * len(lines)


def _both_ask(page: PageParts, gutter: _Gutter) -> bool:
    """Whether on both sides, at one level, a line asks for what several boxes below it answer."""
    within = _part(page, lambda box: gutter.top < middle(box)[1] < gutter.bottom)
    levels = []
    for side in (_part(within, lambda b: b[0] <= gutter.left), _part(within, lambda b: b[0] > gutter.left)):
        asks = [line for line in _lines(side) if max(line, key=lambda w: w.box[2]).text.endswith(("?", ":"))]
        top = asks[0][0].box[3] if asks else gutter.bottom
        if len(side.ticks) < _LEAST_PLACES or any(tick[1] < top - _LEVEL for tick in side.ticks):
            return False
        levels.append(top)
    return abs(levels[0] - levels[1]) < _SAME_LEVEL


def _asks_whole_questions(side: PageParts) -> bool:
    """Whether several times over a line with Yes and No stands under a line that asks: not so beside a list that both sides answer."""
    lines = _lines(side)
    answered = [n for n, line in enumerate(lines) if _answers(line)]
    asked = [n for n in answered if n > 0 and not _answers(lines[n - 1]) and _says_something(lines[n - 1])]
    return len(answered) >= _LEAST_PLACES and len(asked) == len(answered)


def _answers(line: Sequence[Word]) -> bool:
    """Whether a line holds both a yes and a no, and says nothing else."""
    said_here = {said(block) for block in blocks_of(line)}
    return bool(said_here & YES_WORDS) and bool(said_here & NO_WORDS) and said_here <= _ANSWERS | {""}


def _lines(page: PageParts) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(page.words, key=lambda w: w.box[3]):
        if lines and word.box[3] - lines[-1][0].box[3] < _LEVEL:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _only_answers(line: Sequence[Word]) -> bool:
    """Whether a line holds answers alone, however close together they stand."""
    words = [w for w in line if any(c.isalpha() for c in w.text)]
    return all(said([w]) in _ANSWERS for w in words) or not any(_says_something(block) for block in blocks_of(line))


def _says_something(block: Sequence[Word]) -> bool:
    """Whether words are more than the answer to a question."""
    return said(block) not in _ANSWERS and any(c.isalpha() for w in block for c in w.text)
