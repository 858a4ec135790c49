"""A written UK date → a day, or what speaks against it (R39-R41). Pure. Day, month, year, always: month first is never guessed.

What is doubted keeps the day as written beside the reason; whoever asks for a day treats it as unknown until a person
has looked. Nothing here knows today: the day of receipt is passed in.
"""

import re
from dataclasses import dataclass
from datetime import date

TOO_OLD_YEARS = 25
"""Nobody of this age or over is the child of a form: services for children and young people end on the 25th birthday (R39)."""
LONG_AGO_YEARS = 10
"""A form signed longer before it came is a slip of the pen or of the reader. No rule sets it; it only asks a person."""
FIRST_YEAR, LAST_YEAR = 1900, 2199

_PARTS = re.compile(r"\D*(\d{1,2})\D+(\d{1,2})\D+(\d{2}|\d{4})\D*")
_RUN = re.compile(r"\D*(\d{2})(\d{2})(\d{4})\D*")
_NAMED = re.compile(r"\W*(\d{1,2})\s*(?:st|nd|rd|th)?\W*(?:of\s+)?([a-z]{3,9})\W*(\d{4}|\d{2})\W*", re.IGNORECASE)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """Day, month and year as they stand on the paper. A `short` year has two figures, 0 to 99."""

    day: int
    month: int
    year: int
    short: bool

    def __str__(self) -> str:
        return f"{self.day:02}/{self.month:02}/{self.year:0{2 if self.short else 4}}"


@dataclass(frozen=True)
class Written:
    """A day as written, with nothing against it."""

    day: date


@dataclass(frozen=True)
class Doubted:
    """A day of the calendar that cannot be right, and why in words: a query, and unknown until a person settles it (R39)."""

    day: date
    reason: str


@dataclass(frozen=True)
class NoDate:
    """No day can be made of it, and why in words."""

    reason: str


Dated = Written | Doubted | NoDate


def figures(text: str) -> Figures | NoDate:
    """The figures of a date in a piece of recognised text, whether or not there is such a day."""
    if not any(letter.isdecimal() for letter in text):
        return NoDate("No figures could be read.")
    found = _RUN.fullmatch(text) or _PARTS.fullmatch(text)
    named = _NAMED.fullmatch(text)
    if named and (number := _month(named[2])):
        return Figures(int(named[1]), number, int(named[3]), short=len(named[3]) == 2)
    if not found:
        return NoDate("The figures do not make a day, a month and a year.")
    day, month, year = (int(part) for part in found.groups())
    return Figures(day, month, year, short=len(found[3]) == 2)


def _month(word: str) -> int | None:
    """The number of a month by its name or the first letters of it, at least three; `sept` and `sep` both do."""
    fitting = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word.casefold())]
    return fitting[0] if len(fitting) == 1 else None


def read(text: str) -> Written | NoDate:
    """The date in a piece of text by itself. Two-figure years are of this century: both dates on a form are."""
    match figures(text):
        case NoDate() as none:
            return none
        case Figures() as found:
            return _day(found, found.year + 2000 if found.short else found.year)


def signature_date(written: Figures, received: date) -> Dated:
    """The day of signing, for a form received on `received`.

    A two-figure year is the latest that is not after receipt (R41). A day after receipt is doubted (R39).
    """
    found = _latest(written, received) if written.short else _day(written, written.year)
    if isinstance(found, NoDate):
        return found
    if found.day > received:
        return Doubted(found.day, "The date of signing is later than the day the form came in.")
    if _years(found.day, received) >= LONG_AGO_YEARS:
        return Doubted(found.day, f"The date of signing is {LONG_AGO_YEARS} years or more before the form came in.")
    return found


def birth_date(written: Figures, signature: Figures | None, received: date) -> Dated:
    """The child's day of birth, judged against the date of signing as read and the day of receipt.

    A two-figure year is of the only century that gives 0 to 24 years at signature (R41). Doubted (R39): the same date
    twice, on or after the day of signing, in the future, 25 years or more at signature. Without a believable date of
    signing the day of receipt stands in for it, and a two-figure year is then doubted always.
    """
    signed = signature_date(signature, received) if signature is not None else None
    known = isinstance(signed, Written)
    reference = signed.day if isinstance(signed, Written) else received
    found = _century(written, reference) if written.short else _day(written, written.year)
    if isinstance(found, NoDate):
        return found
    born = found.day
    if isinstance(signed, Written | Doubted) and born == signed.day:
        return Doubted(born, "The date of birth is the same as the date of signing: one may have been written twice.")
    if born > received:
        return Doubted(born, "The date of birth is in the future.")
    if born >= reference:
        return Doubted(born, f"The date of birth is not before {_named(known)}.")
    if _years(born, reference) >= TOO_OLD_YEARS:
        return Doubted(born, f"The child would be {TOO_OLD_YEARS} or older on {_named(known)}.")
    if written.short and not known:
        return Doubted(
            born, "The year of birth has two figures, and there is no date of signing that tells its century."
        )
    return found


def _named(known: bool) -> str:
    return "the day of signing" if known else "the day the form came in"


def _day(written: Figures, year: int) -> Written | NoDate:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return NoDate("The year cannot be right.")
    try:
        return Written(date(year, written.month, written.day))
    except ValueError:
        return NoDate("There is no such day in the calendar.")


def _latest(written: Figures, received: date) -> Written | NoDate:
    """The latest year with these two figures in which the day exists and is not after receipt."""
    year = received.year - received.year % 100 + written.year
    days = [found for back in (0, 100) if isinstance(found := _day(written, year - back), Written)]
    for found in days:
        if found.day <= received:
            return found
    return days[0] if days else NoDate("There is no such day in the calendar.")


def _century(written: Figures, reference: date) -> Written | NoDate:
    century = reference.year - reference.year % 100
    days = [found for c in (century, century - 100) if isinstance(found := _day(written, c + written.year), Written)]
    if not days:
        return NoDate("There is no such day in the calendar.")
    # The day of signing itself is let through: written twice, it is doubted with a better reason.
    fitting = [found for found in days if found.day <= reference and _years(found.day, reference) < TOO_OLD_YEARS]
    if len(fitting) != 1:
        return NoDate("The year of birth has two figures, and no century makes the child 0 to 24 years old at signing.")
    return fitting[0]


def _years(earlier: date, later: date) -> int:
    """Whole years between two days. Someone born on 29 February is a year older on 1 March in common years."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))
