"""What staff type about a consent, checked: text and days. Pure; each mistake is one clear sentence, and what was typed is kept."""

import unicodedata
from datetime import date

LONGEST_NAME = 120
LONGEST_NOTE = 2000


def text_wrong(value: str, label: str, *, most: int, needed: bool = False) -> str | None:
    """What is wrong with typed text; None when it can be kept. Lines and tabs are fine, other control characters are not."""
    if not value.strip():
        return f"Enter {label}" if needed else None
    if len(value) > most:
        return f"{_first_up(label)} must have {most:,} characters or fewer. You have {len(value):,}"
    if any(_is_control(letter) for letter in value):
        return f"{_first_up(label)} holds a character that cannot be shown. Type it again instead of pasting it"
    return None


def _is_control(letter: str) -> bool:
    """Control characters, halves of characters, and marks without width, such as those that turn the direction of writing.

    Joiners stay: some scripts are written with them.
    """
    if letter in "\n\r\t\u200c\u200d":
        return False
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def day_typed(day: str, month: str, year: str) -> date | None:
    """A day from three boxes; None for anything that is no day of the calendar."""
    parts = [each.strip() for each in (day, month, year)]
    if not all(each.isascii() and each.isdigit() and len(each) <= 4 for each in parts):
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None


def day_wrong(found: date | None, label: str, *, today: date, born: date | None = None) -> str | None:
    """What is wrong with a day on which somebody told us something; `born`: the latest day the child may be born on."""
    if found is None or found.year < 1900:
        return f"{label} must be a real date, for example 27 3 2026"
    if found > today:
        return f"{label} must be today or in the past"
    if born is not None and found < born:
        return f"{label} must be after the child was born"
    return None


def _first_up(label: str) -> str:
    bare = label.removeprefix("the ").removeprefix("a ").removeprefix("an ")
    return bare[:1].upper() + bare[1:]
