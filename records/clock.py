"""The one clock. Instants are UTC, "today" is the date in Europe/London (R12). Tests set it; nothing else asks the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from records.vocabulary import MONTHS

LONDON = ZoneInfo("Europe/London")


def _system_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """`now()` in UTC; `today()` in London."""

    source: Callable[[], datetime] = _system_now

    def now(self) -> datetime:
        return self.source().astimezone(UTC)

    def today(self) -> date:
        return self.now().astimezone(LONDON).date()


def day_of(moment: datetime) -> date:
    """The day of an instant, in London: between midnight and one in summer it is not that of UTC (R12)."""
    return moment.astimezone(LONDON).date()


def fixed(moment: datetime) -> Clock:
    """A clock that stands still, for tests and replays. Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware moment")
    return Clock(lambda: moment)


def time_in_words(moment: datetime, now: datetime) -> str:
    """9:12am, in London; with its day when that is not today: 3 March at 9:12am, or 3 March 2025 at 9:12am."""
    here, today = moment.astimezone(LONDON), now.astimezone(LONDON).date()
    time = f"{here.hour % 12 or 12}:{here.minute:02d}{'am' if here.hour < 12 else 'pm'}"
    if here.date() == today:
        return time
    return f"{here.day} {MONTHS[here.month - 1]}{f' {here.year}' if here.year != today.year else ''} at {time}"
