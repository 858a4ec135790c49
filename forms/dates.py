"""A written UK date → a day, or why not (R39-R41). Pure. Day, month, year, always: month first is never guessed."""

import re
from dataclasses import dataclass
from datetime import date

_PARTS = re.compile(r"\D*(\d{1,2})\D+(\d{1,2})\D+(\d{2}|\d{4})\D*")
_RUN = re.compile(r"\D*(\d{2})(\d{2})(\d{4})\D*")


@dataclass(frozen=True)
class Written:
    """A day as written."""

    day: date


@dataclass(frozen=True)
class NoDate:
    """No day can be made of it, and why in words."""

    reason: str


def read(text: str) -> Written | NoDate:
    """The date in a piece of recognised text. Two-figure years are of this century: both dates on a form are."""
    if not any(letter.isdigit() for letter in text):
        return NoDate("No figures could be read.")
    found = _RUN.fullmatch(text) or _PARTS.fullmatch(text)
    if not found:
        return NoDate("The figures do not make a day, a month and a year.")
    day, month, year = (int(part) for part in found.groups())
    if len(found[3]) == 2:
        year += 2000
    if not 1900 <= year <= 2199:
        return NoDate("The year cannot be right.")
    try:
        return Written(date(year, month, day))
    except ValueError:
        return NoDate("There is no such day in the calendar.")
