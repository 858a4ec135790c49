"""What may be shown of a table (R74–R77). What a reader could work out is found here by trying every table of whole numbers."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.reports.disclosure import LIMITS, Mode, Shown, Why, Withheld, percent, rounded, show

AUTISM = ((42,), (17,), (9,), (3,))


@pytest.mark.parametrize(
    ("mode", "cells", "total"),
    [
        pytest.param(Mode.A, (40, 15, 10, None), 70, id="A"),
        pytest.param(Mode.B5, (42, 17, None, None), 71, id="B"),
        pytest.param(Mode.B10, (42, 17, None, None), 71, id="B, strict"),
    ],
)
def test_the_worked_example_of_r75(mode: Mode, cells: tuple[int | None, ...], total: int) -> None:
    assert show(AUTISM, mode) == Shown(tuple((one,) for one in cells), (), (), total)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (1, None), (7, None), (8, 10), (9, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1002, 1000)],
)
def test_mode_a_hides_small_counts_and_rounds_the_others(count: int, shown: int | None) -> None:
    made = show(((count,), (5000,), (5003,)))
    assert isinstance(made, Shown) and made.cells[0][0] == shown


def test_a_total_is_that_of_the_true_counts() -> None:
    made = show(((12,), (12,), (12,)))
    assert made == Shown(((10,), (10,), (10,)), (), (), 35)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("cells", [((0,), (0,)), ((9,), (0,)), ((3, 2), (2, 2))])
def test_no_table_on_a_base_under_ten(cells: Sequence[Sequence[int]], mode: Mode) -> None:
    assert show(cells, mode) == Withheld(Why.FEW)


@pytest.mark.parametrize("mode", Mode)
def test_a_small_row_all_in_one_cell_is_hidden_with_its_noughts(mode: Mode) -> None:
    made = show(((8, 0, 0), (40, 30, 20), (50, 60, 25)), mode)
    assert isinstance(made, Shown)
    assert made.cells[0] == (None, None, None) and made.row_totals[0] is None
    large = show(((80, 0, 0), (40, 30, 20)), mode)
    assert isinstance(large, Shown) and large.cells[0] == (80, 0, 0)


def test_a_small_column_all_in_one_cell_is_hidden_too() -> None:
    made = show(((0, 30, 20), (6, 60, 25), (0, 25, 30)))
    assert isinstance(made, Shown)
    assert [row[0] for row in made.cells] == [None, None, None] and made.column_totals[0] is None


def test_twelve_ones_are_not_shown_as_twelve_that_are_small() -> None:
    """Rounding alone would tell: twelve that are at least one, of twelve at the most."""
    assert show(((1,),) * 12) == Withheld(Why.WORKED_OUT)


def test_rounding_alone_may_give_a_small_count_away() -> None:
    """10, 15 and [c] of 20: 8 + 13 + 1 is the only way. So one more is hidden."""
    made = show(((8,), (13,), (1,)))
    assert isinstance(made, Shown) and [row[0] for row in made.cells] == [10, None, None]


def test_rows_of_unequal_length_are_no_table() -> None:
    with pytest.raises(ValueError, match="same columns"):
        show(((1, 2), (3,)))


@pytest.mark.parametrize(
    ("part", "total", "words"),
    [(15, 70, "21%"), (None, 70, "[c]"), (0, 70, "0%"), (0, 0, "[z]"), (10, 5000, "[low]"), (70, 70, "100%"), (10, 8, "100%")],
)  # fmt: skip
def test_percentages_come_from_what_is_shown(part: int | None, total: int, words: str) -> None:
    assert percent(part, total) == words


def likely(shown: int | None, mode: Mode, top: int, least: int = 0) -> range:
    """What one figure can be for somebody who sees the page, and knows the rules."""
    if shown is None:
        return range(least, top + 1)
    if mode is Mode.A and shown:
        return range(max(LIMITS[mode] + 1, shown - 2), shown + 3)
    return range(shown, shown + 1)


def fitting(made: Shown, mode: Mode, top: int) -> Iterator[tuple[int, ...]]:
    """Every small table that looks the same."""
    flat = [cell for row in made.cells for cell in row]
    wide = len(made.cells[0])
    least = 0 if made.row_totals else 1  # a list hides no nought
    for cells in product(*(likely(each, mode, top, least) for each in flat)):
        rows = [cells[at : at + wide] for at in range(0, len(cells), wide)]
        sums = [*map(sum, rows), *map(sum, zip(*rows, strict=True))] if made.row_totals else []
        of = [*made.row_totals, *made.column_totals]
        if sum(cells) in likely(made.total, mode, 999) and all(
            each in likely(said, mode, 999) for each, said in zip(sums, of, strict=True)
        ):
            yield cells


def values(cells: Sequence[Sequence[int]], mode: Mode, top: int) -> None:
    """Fails if a hidden cell can be only one number."""
    made = show(cells, mode)
    if isinstance(made, Withheld):
        return
    tables = list(fitting(made, mode, top))
    flat = [cell for row in made.cells for cell in row]
    for at, (shown, true) in enumerate(zip(flat, (one for row in cells for one in row), strict=True)):
        if shown is None:
            assert len({each[at] for each in tables}) > 1, (cells, made, at)
        else:
            assert not 1 <= true <= LIMITS[mode]


def strongly(cells: Sequence[int], mode: Mode, top: int) -> None:
    """The same of a list, for a reader who knows which hidden figures are small, and which are hidden for their sake."""
    made, limit = show([(one,) for one in cells], mode), LIMITS[mode]
    if isinstance(made, Withheld):
        return
    shown = [row[0] for row in made.cells]
    ways = [
        likely(said, mode, top) if said is not None else range(1, limit + 1) if true <= limit else range(limit + 1, top)
        for said, true in zip(shown, cells, strict=True)
    ]
    lists = [each for each in product(*ways) if sum(each) in likely(made.total, mode, 999)]
    assert all(said is not None or len({each[at] for each in lists}) > 1 for at, said in enumerate(shown)), (
        cells,
        made,
    )


counts = st.integers(0, 4) | st.integers(0, 14)


@pytest.mark.parametrize("mode", Mode)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_hidden_count_of_a_list_can_be_worked_out(mode: Mode, data: st.DataObject) -> None:
    cells = data.draw(st.lists(counts, min_size=2, max_size=3))
    values([(one,) for one in cells], mode, 20)
    strongly(cells, mode, 30)


@pytest.mark.parametrize("mode", [Mode.A, Mode.B5])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_hidden_count_of_a_table_can_be_worked_out(mode: Mode, data: st.DataObject) -> None:
    row = st.lists(st.integers(0, 10), min_size=2, max_size=2)
    values(data.draw(st.lists(row, min_size=2, max_size=2)), mode, 14)


def lowest_and_highest(made: Shown, mode: Mode) -> list[list[set[int]]]:
    """Narrowed from row to column and back until nothing narrows: what interval reasoning finds, in tables of any size."""
    wide, high = len(made.cells[0]), 10**6

    def of(figure: int | None) -> tuple[int, int]:
        found = likely(figure, mode, high)
        return found[0], found[-1]

    cells = [[of(each) for each in row] for row in made.cells]
    lines = [([(at, to) for to in range(wide)], of(said)) for at, said in enumerate(made.row_totals)]
    lines += [([(at, to) for at in range(len(cells))], of(said)) for to, said in enumerate(made.column_totals)]
    lines.append(([(at, to) for at in range(len(cells)) for to in range(wide)], of(made.total)))
    for _ in range(30):
        for places, (low, most) in lines:
            for at, to in places:
                others = [cells[one][two] for one, two in places if (one, two) != (at, to)]
                here = cells[at][to]
                cells[at][to] = (
                    max(here[0], low - sum(each[1] for each in others)),
                    min(here[1], most - sum(each[0] for each in others)),
                )
    return [[set(each) for each in row] for row in cells]


@pytest.mark.parametrize("mode", Mode)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_intervals_give_no_hidden_count_of_a_large_table_away(mode: Mode, data: st.DataObject) -> None:
    wide = data.draw(st.integers(2, 6))
    row = st.lists(st.integers(0, 3) | st.integers(0, 40), min_size=wide, max_size=wide)
    cells = data.draw(st.lists(row, min_size=2, max_size=8))
    made = show(cells, mode)
    if isinstance(made, Withheld):
        return
    for shown, found in zip(made.cells, lowest_and_highest(made, mode), strict=True):
        for figure, ends in zip(shown, found, strict=True):
            assert figure is not None or len(ends) == 2, (cells, made)
    for figures, trues in zip(made.cells, cells, strict=True):
        for figure, true in zip(figures, trues, strict=True):
            assert figure is None or figure == (rounded(true) if mode is Mode.A else true)


def test_the_trial_finds_what_is_given_away() -> None:
    """A reader who could not find a planted leak would prove nothing."""
    leaks = Shown(((42,), (17,), (9,), (None,)), (), (), 71)
    assert {each[3] for each in fitting(leaks, Mode.B5, 20)} == {3}
    assert lowest_and_highest(leaks, Mode.B5)[3][0] == {3}
