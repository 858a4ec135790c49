"""A day as people type it in one field: 20 11 2026, 20/11/2026, 20 November 2026, 2026-11-20; and a time beside it. Pure but for the zone of London."""

import re
from datetime import date, datetime
from datetime import time as Time

from records.clock import LONDON

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


def moment_in(on: str, time: str) -> datetime | None:
    """A day and a time as typed in two fields, in London; None for anything else."""
    day = day_in(on)
    try:
        clock = Time.fromisoformat(time.strip().replace(".", ":").zfill(5))
    except ValueError:
        return None
    return datetime.combine(day, clock.replace(tzinfo=None), LONDON) if day is not None else None
