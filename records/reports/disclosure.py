"""What of a table of true counts may be shown to somebody who knows the families (R74–R78, N18). Pure.

A table is rows × columns with their totals. Its figures are the edges of a network: each row's total flows into its cells, each column's
cells into its total, and all of them into the grand total. What a reader sees of a figure leaves it between two bounds: a rounded one within
two of what is shown, a small one between 1 and the limit, an open one exactly itself. A hidden figure can be worked out when no other table
of whole numbers within all bounds has another number in its place; there is one exactly when something can flow round a circle through it.

The reader is taken to know more than the page says: which hidden figures are small, and which are hidden for their sake. Whoever knows less
finds less. More is hidden until nothing hidden can be worked out; where that does not help, the table is not shown at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

SMALL_BASE = 10
"""R76: no table on fewer than so many, and no row or column of fewer that lies in one cell alone."""
STEP = 5
BOUNDLESS = 10**9


class Mode(StrEnum):
    """A: small counts hidden, all others to the nearest five (R74). B5, B10: counts under five or ten hidden, with enough others (R75)."""

    A = "A"
    B5 = "B5"
    B10 = "B10"


LIMITS = {Mode.A: 7, Mode.B5: 4, Mode.B10: 9}
"""The largest count that is hidden for itself."""
CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE, LOW = "[c]", "[z]", "[x]", "[low]"
SHORTHAND = {
    CONFIDENTIAL: "confidential: a small number, or one from which a small number could be worked out",
    LOW: "less than half of one per cent, but not none",
    NOT_APPLICABLE: "not applicable",
    NOT_AVAILABLE: "not available: it is not recorded",
}
"""R77: explained above the table, in brackets that a screen reader reads out."""


class Why(StrEnum):
    """Why a table is not shown at all."""

    FEW = "few"
    WORKED_OUT = "worked_out"


WHY_WORDS = {
    Why.FEW: f"Not shown: fewer than {SMALL_BASE} are counted here.",
    Why.WORKED_OUT: "Not shown: small numbers could be worked out from the other figures.",
}


@dataclass(frozen=True)
class Shown:
    """What may be shown; None is [c]. A table of one column has no totals of rows and columns, only its own."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int


@dataclass(frozen=True)
class Withheld:
    """Nothing of it may be shown."""

    why: Why


class _State(StrEnum):
    OPEN = "open"
    SMALL = "small"
    GROUP = "group"
    FURTHER = "further"


class _Kind(StrEnum):
    CELL = "cell"
    ROW = "row"
    COLUMN = "column"
    TOTAL = "total"


_Node = tuple[str, int]
_START, _END = ("start", 0), ("end", 0)


@dataclass
class _Figure:
    """One figure of the table, as an edge from `tail` to `head`."""

    kind: _Kind
    tail: _Node
    head: _Node
    true: int
    state: _State = _State.OPEN

    def bounds(self, mode: Mode) -> tuple[int, int]:
        """Between what this figure lies, for a reader who knows why it is hidden."""
        limit = LIMITS[mode]
        match self.state:
            case _State.SMALL:
                return 1, limit
            case _State.GROUP:
                return 0, SMALL_BASE - 1
            case _State.FURTHER:
                return limit + 1, BOUNDLESS
            case _State.OPEN if mode is Mode.A and self.true:
                return max(limit + 1, rounded(self.true) - 2), rounded(self.true) + 2
            case _State.OPEN:
                return self.true, self.true

    def shown(self, mode: Mode) -> int | None:
        if self.state is not _State.OPEN:
            return None
        return rounded(self.true) if mode is Mode.A else self.true


@dataclass
class _Network:
    """All figures of one table: cells row by row, then totals of rows, of columns, and of all."""

    mode: Mode
    figures: list[_Figure] = field(default_factory=list)

    def hidden(self) -> Iterator[_Figure]:
        return (each for each in self.figures if each.state is not _State.OPEN)

    def worked_out(self) -> _Figure | None:
        """A hidden figure that can be only one number, if there is one."""
        ways = self._ways()
        return next((each for each in self.hidden() if not self._may_differ(each, ways)), None)

    def _ways(self) -> dict[_Node, list[tuple[_Node, _Figure]]]:
        """Where one more can flow, or one less: from each node, to which, by which figure."""
        ways: dict[_Node, list[tuple[_Node, _Figure]]] = {}
        for each in self.figures:
            low, high = each.bounds(self.mode)
            if each.true < high:
                ways.setdefault(each.tail, []).append((each.head, each))
            if each.true > low:
                ways.setdefault(each.head, []).append((each.tail, each))
        return ways

    def _may_differ(self, figure: _Figure, ways: dict[_Node, list[tuple[_Node, _Figure]]]) -> bool:
        low, high = figure.bounds(self.mode)
        more = figure.true < high and _leads(figure.head, figure.tail, figure, ways)
        return more or (figure.true > low and _leads(figure.tail, figure.head, figure, ways))


def _leads(start: _Node, end: _Node, but: _Figure, ways: dict[_Node, list[tuple[_Node, _Figure]]]) -> bool:
    """Whether one way leads to another node without the figure itself."""
    seen, waiting = {start}, [start]
    while waiting:
        for there, by in ways.get(waiting.pop(), ()):
            if by is not but and there not in seen:
                if there == end:
                    return True
                seen.add(there)
                waiting.append(there)
    return False


def rounded(count: int) -> int:
    """To the nearest five."""
    return (count + STEP // 2) // STEP * STEP


def percent(part: int | None, total: int | None) -> str:
    """A share in whole per cent, worked out from what is shown and from nothing else (R74)."""
    if part is None or total is None:
        return CONFIDENTIAL
    if not total:
        return NOT_APPLICABLE
    share = (200 * part + total) // (2 * total)
    return LOW if part and not share else f"{min(share, 100)}%"


def show(cells: Sequence[Sequence[int]], mode: Mode = Mode.A) -> Shown | Withheld:
    """What may be shown of these true counts, by row. Totals are those of the true counts (R74). ValueError for rows of unequal length."""
    if len({len(row) for row in cells}) > 1:
        raise ValueError("every row of a table has the same columns")
    if sum(map(sum, cells)) < SMALL_BASE:
        return Withheld(Why.FEW)
    network = _Network(mode, list(_figures(cells)))
    _hide_small(network, cells)
    hidden_further: list[_Figure] = []
    while (found := network.worked_out()) is not None:
        further = _next_to_hide(network, found)
        if further is None:
            return Withheld(Why.WORKED_OUT)
        further.state = _State.FURTHER
        hidden_further.append(further)
    for each in reversed(hidden_further):  # what a later one made needless
        each.state = _State.OPEN
        if network.worked_out() is not None:
            each.state = _State.FURTHER
    return _as_shown(network, cells)


def _figures(cells: Sequence[Sequence[int]]) -> Iterator[_Figure]:
    total = _Figure(_Kind.TOTAL, _END, _START, sum(map(sum, cells)))
    if len(cells[0]) == 1:
        yield from (_Figure(_Kind.CELL, _START, _END, row[0]) for row in cells)
        yield total
        return
    for at, row in enumerate(cells):
        yield from (_Figure(_Kind.CELL, ("row", at), ("column", to), count) for to, count in enumerate(row))
    yield from (_Figure(_Kind.ROW, _START, ("row", at), sum(row)) for at, row in enumerate(cells))
    columns = zip(*cells, strict=True)
    yield from (_Figure(_Kind.COLUMN, ("column", to), _END, sum(column)) for to, column in enumerate(columns))
    yield total


def _hide_small(network: _Network, cells: Sequence[Sequence[int]]) -> None:
    """Small counts, and every figure of a small row or column that lies in one cell alone, its noughts too (R76)."""
    for each in network.figures:
        if 1 <= each.true <= LIMITS[network.mode]:
            each.state = _State.SMALL
    if len(cells[0]) == 1:
        return
    lines: list[tuple[_Node, Sequence[int]]] = [(("row", at), row) for at, row in enumerate(cells)]
    lines += [(("column", to), column) for to, column in enumerate(zip(*cells, strict=True))]
    alone = {node for node, line in lines if 0 < sum(line) < SMALL_BASE and sum(map(bool, line)) == 1}
    for each in network.figures:
        if each.kind is not _Kind.TOTAL and alone & {each.tail, each.head}:
            each.state = _State.GROUP


def _next_to_hide(network: _Network, found: _Figure) -> _Figure | None:
    """The smallest open figure beside this one, of its kind if there is one; noughts and the grand total stay open."""
    here = {found.tail, found.head}
    left = [
        (each.kind is not found.kind, not here & {each.tail, each.head}, each.true, at)
        for at, each in enumerate(network.figures)
        if each.state is _State.OPEN and each.true and each.kind is not _Kind.TOTAL
    ]
    return network.figures[min(left)[-1]] if left else None


def _as_shown(network: _Network, cells: Sequence[Sequence[int]]) -> Shown:
    wide = len(cells[0])
    of = {kind: [each.shown(network.mode) for each in network.figures if each.kind is kind] for kind in _Kind}
    inside = of[_Kind.CELL]
    total = of[_Kind.TOTAL][0]
    assert total is not None  # a base of ten or more is never hidden
    rows = tuple(tuple(inside[at : at + wide]) for at in range(0, len(inside), wide))
    return Shown(rows, tuple(of[_Kind.ROW]), tuple(of[_Kind.COLUMN]), total)
