"""Counting months, and days in words. Pure; every rule that counts months counts them here and so in the same way."""

from calendar import monthrange
from datetime import date

from records.vocabulary import MONTHS, WEEKDAYS


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or the last day of that month if it has no such day (R3).

    Raises OverflowError past the year 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("a date past the year 9999 cannot be counted")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def in_words(day: date) -> str:
    """14 May 2011."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_in_words(day: date) -> str:
    """May 2011."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def with_weekday(day: date) -> str:
    """Monday 5 October 2026."""
    return f"{WEEKDAYS[day.weekday()]} {in_words(day)}"


def ordinal(number: int) -> str:
    """25th, 21st, 18th, 13th."""
    ending = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
