"""Working days of England, as data: bank holidays stand in `holidays.toml`, with the years that it covers. Pure but for that file."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files


class PastTheCalendar(ValueError):
    """A day is asked about for which the bank holidays are not known. The message is a sentence for staff."""


@dataclass(frozen=True)
class Calendar:
    """Bank holidays from `first` to `last`; outside of that no answer is given, because it could be wrong by a day."""

    version: str
    first: date
    last: date
    holidays: frozenset[date]

    def covers(self, day: date) -> bool:
        """Whether the bank holidays of this day are known."""
        return self.first <= day <= self.last

    def is_working(self, day: date) -> bool:
        """Monday to Friday and no bank holiday (R4). Raises PastTheCalendar."""
        if not self.covers(day):
            raise PastTheCalendar(
                f"The bank holidays of {day.year} are not in the calendar, which runs from {self.first.year} to {self.last.year}. "
                "Add them to holidays.toml."
            )
        return day.weekday() < 5 and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def limit_on(self, day: date) -> date:
        """`on_or_after`, and the day itself where the bank holidays are not known: a limit may stand too early there, never too late."""
        return self.on_or_after(day) if self.covers(day) and self.covers(day + timedelta(days=14)) else day

    def missing(self, day: date) -> str:
        """Why a limit on this day was not moved, in words; nothing where it would have been."""
        if self.covers(day) and self.covers(day + timedelta(days=14)):
            return ""
        return f" The bank holidays after {self.last.year} or before {self.first.year} are not known here, so no weekend or holiday moves it."

    def after(self, day: date, days: int) -> date:
        """So many working days after a day; where bank holidays are not known, every Monday to Friday counts."""
        for _ in range(days):
            day += timedelta(days=1)
            while day.weekday() > 4 or day in self.holidays:
                day += timedelta(days=1)
        return day

    def why_not(self, day: date) -> str | None:
        """Why a day is no working day, in words."""
        if self.is_working(day):
            return None
        if day in self.holidays:
            return "a bank holiday"
        return "a Saturday" if day.weekday() == 5 else "a Sunday"


@cache
def england() -> Calendar:
    """The calendar that the project carries."""
    raw = tomllib.loads(files("records.requests").joinpath("holidays.toml").read_text("utf-8"))
    days = frozenset(day for year in raw["days"].values() for day in year)
    return Calendar(raw["version"], raw["first"], raw["last"], days)
