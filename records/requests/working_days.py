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

    def is_working(self, day: date) -> bool:
        """Monday to Friday and no bank holiday (R4). Raises PastTheCalendar."""
        if not self.first <= day <= self.last:
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

    def after(self, day: date, days: int) -> date:
        """So many working days after a day. Raises PastTheCalendar."""
        for _ in range(days):
            day = self.on_or_after(day + timedelta(days=1))
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
