"""A report as rows of words and figures: the same on screen, on paper and in a file for a spreadsheet (R77). Pure.

Everything on it is a word of `measures.py`, a figure that `disclosure.py` lets be shown, or the name of the service. There is no free text.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from records.policies.periods import in_words
from records.reports.disclosure import (
    CONFIDENTIAL,
    LOW,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    SHORTHAND,
    WHY_WORDS,
    Mode,
    Shown,
    Withheld,
    percent,
)
from records.reports.measures import NOT_RECORDED, REPORT_WORDS, Laid, Report
from records.reports.years import Year

Cell = int | str
HOW_WORDS = {
    Mode.A: "Counts are rounded to the nearest 5, and 1 to 7 are not shown. Totals and shares are rounded by themselves, so they may not add up.",
    Mode.B5: "Counts are exact. 1 to 4 are not shown, nor what would give them away.",
    Mode.B10: "Counts are exact. 1 to 9 are not shown, nor what would give them away.",
}


@dataclass(frozen=True)
class Grid:
    """One table as it is read: heading, what is counted, heads of columns, rows. `withheld`: why nothing of it is shown."""

    code: str
    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    withheld: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole report as it is read."""

    title: str
    year: str
    how: str
    shorthand: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]
    not_recorded: tuple[str, ...]


def sheet(report: Report, year: Year, mode: Mode, pages: Iterable[tuple[Laid, Shown | Withheld]]) -> Sheet:
    """A report under one rule, with the shorthand that it uses."""
    grids, missing = tuple(grid(laid, shown) for laid, shown in pages), NOT_RECORDED[report]
    used = {cell for each in grids for row in each.rows for cell in row} | ({NOT_AVAILABLE} if missing else set())
    order = (CONFIDENTIAL, LOW, NOT_APPLICABLE, NOT_AVAILABLE)
    return Sheet(
        REPORT_WORDS[report], year.in_words(), HOW_WORDS[mode], tuple((each, SHORTHAND[each]) for each in order if each in used), grids, missing
    )  # fmt: skip


def grid(laid: Laid, shown: Shown | Withheld) -> Grid:
    """One table, with hidden figures as [c]."""
    if isinstance(shown, Withheld):
        return Grid(laid.table.code, laid.table.title, laid.table.note, (), (), WHY_WORDS[shown.why])
    if not laid.columns:
        counts = [row[0] for row in shown.cells]
        return _list(laid, counts, shown.total, [percent(each, shown.total) for each in counts])
    rows = [
        (words, *map(_cell, figures), _cell(total))
        for words, figures, total in zip(laid.rows, shown.cells, shown.row_totals, strict=True)
    ]
    rows.append(("Total", *map(_cell, shown.column_totals), _cell(shown.total)))
    return Grid(laid.table.code, laid.table.title, laid.table.note, _head(laid), tuple(rows))


def true_grid(laid: Laid) -> Grid:
    """One table with its true counts: for managers alone (R79)."""
    if not laid.columns:
        return _list(laid, [row[0] for row in laid.cells], sum(row[0] for row in laid.cells), None)
    rows: list[tuple[Cell, ...]] = [
        (words, *figures, sum(figures)) for words, figures in zip(laid.rows, laid.cells, strict=True)
    ]
    columns = [sum(column) for column in zip(*laid.cells, strict=True)]
    rows.append(("Total", *columns, sum(columns)))
    return Grid(laid.table.code, laid.table.title, laid.table.note, _head(laid), tuple(rows))


def _head(laid: Laid) -> tuple[str, ...]:
    return ("Month", *laid.columns, "Total")


def _list(laid: Laid, counts: Sequence[int | None], total: int, shares: Sequence[str] | None) -> Grid:
    """Rows and their total, with shares where they are shown; a single row is its own total."""
    if len(counts) == 1:
        return Grid(
            laid.table.code, laid.table.title, laid.table.note, ("", "Number"), ((laid.rows[0], _cell(counts[0])),)
        )
    rows: list[tuple[Cell, ...]] = [(words, _cell(each)) for words, each in zip(laid.rows, counts, strict=True)]
    rows.append(("Total", total))
    head: tuple[str, ...] = ("", laid.table.unit)
    if shares is not None:
        rows = [(*row, share) for row, share in zip(rows, [*shares, percent(total, total)], strict=True)]
        head = (*head, "Share")
    return Grid(laid.table.code, laid.table.title, laid.table.note, head, tuple(rows))


def _cell(figure: int | None) -> Cell:
    return CONFIDENTIAL if figure is None else figure


def lines(made: Sheet, service: str, today: date) -> Iterator[Sequence[Cell]]:
    """The whole report line by line, the shorthand above the tables."""
    yield from ((made.title,), (service,), ("Year", made.year), ("Made on", in_words(today)), (made.how,))
    yield from made.shorthand
    for each in made.grids:
        yield from ((), (each.title,), (each.note,))
        if each.withheld:
            yield (each.withheld,)
        else:
            yield from (each.head, *each.rows)
    if made.not_recorded:
        yield from ((), ("Not recorded",), *((words, NOT_AVAILABLE) for words in made.not_recorded))


def safe(cell: Cell) -> Cell:
    """A cell on one line that no spreadsheet takes for a sum, whatever letters it is written in."""
    if isinstance(cell, int):
        return cell
    text = "".join(letter for letter in " ".join(cell.split()) if letter.isprintable())
    return f"'{text}" if unicodedata.normalize("NFKC", text)[:1] in ("=", "+", "-", "@") and text else text
