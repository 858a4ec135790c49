"""Years that are reported on: from January, or from April as councils count. Pure.

Years of two kinds overlap, and what two reports on overlapping times have in common can be taken away from either. So a service that has let
one kind out keeps to it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SETTLES_DAYS = 14
"""So many days after its end the counts of a year are kept: time to enter what is still on somebody's desk."""
_CODE = re.compile(r"(20\d\d)(?:-(\d\d))?", re.ASCII)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class YearKind(StrEnum):
    """From 1 January, or from 1 April."""

    CALENDAR = "calendar"
    FINANCIAL = "financial"


@dataclass(frozen=True, order=True)
class Year:
    """A year by the one in which it begins."""

    begins: int
    kind: YearKind

    @property
    def code(self) -> str:
        """2026, or 2026-27."""
        later = f"-{(self.begins + 1) % 100:02d}" if self.kind is YearKind.FINANCIAL else ""
        return f"{self.begins}{later}"

    @property
    def first(self) -> date:
        return date(self.begins, 1 if self.kind is YearKind.CALENDAR else 4, 1)

    @property
    def last(self) -> date:
        return following(self).first - timedelta(days=1)

    @property
    def keeps_on(self) -> date:
        """The day on which its counts are kept by themselves."""
        return self.last + timedelta(days=SETTLES_DAYS)

    def over(self, today: date) -> bool:
        return self.last < today

    def in_words(self) -> str:
        """2026, or April 2026 to March 2027."""
        if self.kind is YearKind.CALENDAR:
            return str(self.begins)
        return f"April {self.begins} to March {self.begins + 1}"

    def months(self) -> dict[str, str]:
        """Its months in order: 01 to 12, and their names."""
        first = self.first.month
        order = [*range(first, 13), *range(1, first)]
        return {f"{month:02d}": _MONTHS[month - 1] for month in order}


def following(year: Year) -> Year:
    return Year(year.begins + 1, year.kind)


def of_day(day: date, kind: YearKind) -> Year:
    """The year of this kind in which a day lies."""
    early = kind is YearKind.FINANCIAL and day.month < 4
    return Year(day.year - early, kind)


def parse(code: str) -> Year | None:
    """The year of a code; None for what is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    year = Year(int(found[1]), YearKind.FINANCIAL if found[2] else YearKind.CALENDAR)
    return year if year.code == code else None


def latest(today: date, kind: YearKind, many: int = 3) -> Iterator[Year]:
    """The year that runs and those before it, newest first."""
    now = of_day(today, kind)
    return (Year(now.begins - back, kind) for back in range(many))
