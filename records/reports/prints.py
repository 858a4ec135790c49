"""A report on paper, a tagged PDF of at least 12 point, and as a file for a spreadsheet: the shorthand stands above its tables (R77)."""

import csv
import io
from datetime import date
from pathlib import Path

from records.policies.periods import in_words
from records.press import press
from records.reports.layout import Sheet, lines, safe

TEMPLATE = Path(__file__).parent / "report.typ"
MOST_UPRIGHT = 6
"""More columns than these need the page on its side."""


def report(made: Sheet, service: str, today: date) -> bytes:
    """The whole report."""
    return press(
        TEMPLATE,
        {
            "title": made.title, "year": made.year, "service": service, "made": in_words(today), "how": made.how,
            "shorthand": [list(each) for each in made.shorthand], "not_recorded": list(made.not_recorded),
            "wide": any(len(each.head) > MOST_UPRIGHT for each in made.grids),
            "grids": [
                {
                    "title": each.title, "note": each.note, "head": list(each.head), "withheld": each.withheld,
                    "rows": [[cell if isinstance(cell, str) else f"{cell:,}" for cell in row] for row in each.rows],
                }
                for each in made.grids
            ],
        },
        for_reading=True,
    )  # fmt: skip


def as_csv(made: Sheet, service: str, today: date) -> bytes:
    """The whole report for a spreadsheet, with nothing that one would work out."""
    written = io.StringIO()
    csv.writer(written).writerows([[safe(cell) for cell in line] for line in lines(made, service, today)])
    return written.getvalue().encode("utf-8-sig")
