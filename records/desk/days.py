"""A day as people type it in one field: 20 11 2026, 20/11/2026, 20 November 2026, 2026-11-20. Pure."""

import re
from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_FIGURES = re.compile(r"(\d{1,2})[ /.\-](\d{1,2})[ /.\-](\d{4})")
_NAMED = re.compile(r"(\d{1,2}) ([A-Za-z]+) (\d{4})")


def day_in(typed: str) -> date | None:
    """The day; None for anything else."""
    text = " ".join(typed.split())
    try:
        if found := _FIGURES.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if (found := _NAMED.fullmatch(text)) and found[2].casefold() in MONTHS:
            return date(int(found[3]), MONTHS.index(found[2].casefold()) + 1, int(found[1]))
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
