"""A birth date as a range, because a date on paper may be partial or disputed (R13). Pure.

Ages on a day are in `ages.py`. Messages never repeat the date they complain of.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from records.policies.periods import in_words, last_of_month, month_in_words

# Beyond these a typed year is a slip; the upper bound leaves room for every sum of ages.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_FORMAT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True)
class BirthDate:
    """Born on some day from `earliest` to `latest`, both included. A full date is a range of one day.

    `disputed` tells a range that comes from sources which disagree (R40) from one that was only written in part (R38).
    Unknown is None, not a wide range: no rule may count from it (R37).
    """

    earliest: date
    latest: date
    disputed: bool = False

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError("A birth date's earliest day is after its latest day.")

    @classmethod
    def on(cls, day: date) -> "BirthDate":
        """A birth date known to the day."""
        return cls(day, day)

    @property
    def exact(self) -> bool:
        """Known to the day."""
        return self.earliest == self.latest

    @property
    def month_only(self) -> bool:
        """Written as a month and a year."""
        first, last = self.earliest, self.latest
        return not self.disputed and first.day == 1 and last == last_of_month(first.year, first.month)

    @property
    def year_only(self) -> bool:
        """Written as a year."""
        year = self.earliest.year
        return not self.disputed and (self.earliest, self.latest) == (date(year, 1, 1), date(year, 12, 31))

    def in_words(self) -> str:
        """As shown to somebody who may see it: 14 May 2011; June 2010; 2010; between 9 March 2012 and …"""
        if self.exact:
            return in_words(self.earliest)
        if self.month_only:
            return month_in_words(self.earliest)
        if self.year_only:
            return str(self.earliest.year)
        return f"between {in_words(self.earliest)} and {in_words(self.latest)}"


def parse(text: str) -> BirthDate | None:
    """`2010-06-15`, `2010-06`, `2010` or `unknown` (None). ValueError with one plain sentence for anything else."""
    if text.strip().casefold() == "unknown":
        return None
    found = _FORMAT.fullmatch(text.strip())
    if not found:
        raise ValueError("A birth date is written as 2010-06-15, 2010-06, 2010 or unknown.")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None  # the pattern always has a year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"A birth date's year lies between {FIRST_YEAR} and {LAST_YEAR}.")
    if month is None:
        return BirthDate(date(year, 1, 1), date(year, 12, 31))
    if not 1 <= month <= 12:
        raise ValueError("A birth date's month lies between 01 and 12.")
    if day is None:
        return BirthDate(date(year, month, 1), last_of_month(year, month))
    try:
        return BirthDate.on(date(year, month, day))
    except ValueError:
        raise ValueError("That birth date does not exist: its month has no such day.") from None


def across(sources: Iterable[BirthDate | None]) -> BirthDate | None:
    """One child's birth date from several sources: the range across all that name one (R40). None if none does.

    Sources that share at least one day do not disagree ("June 2010" and 15 June 2010), yet the whole range stands until
    a person settles it: late can be put right, early cannot. A source already in dispute keeps the dispute.
    """
    known = [source for source in sources if source is not None]
    if not known:
        return None
    no_common_day = max(source.earliest for source in known) > min(source.latest for source in known)
    return BirthDate(
        min(source.earliest for source in known),
        max(source.latest for source in known),
        disputed=no_common_day or any(source.disputed for source in known),
    )
