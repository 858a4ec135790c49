"""The clock of a request: access, correction, erasure, restriction, objection (R1-R9), and complaints (R70). Pure.

One month: the same day number in the next month, or its last day (R3); at a weekend or bank holiday the next working day
(R4). Identity moves the start (R2); waiting for a clarification adds days (R6); an extension is three months from the start,
not one and then two (R7). Every date carries its working (R9).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from records.policies.periods import add_months, in_words, with_weekday
from records.requests.working_days import Calendar

TARGET_DAYS = 28
"""R5, where a service sets no other target (`request_target_days`)."""


@dataclass(frozen=True)
class Pause:
    """Waiting to learn what is asked for: from the day of asking to the day of answer, both included (R6)."""

    asked: date
    answered: date

    def __post_init__(self) -> None:
        if self.answered < self.asked:
            raise ValueError("An answer cannot come before its question.")


@dataclass(frozen=True)
class Clock:
    """`base`: the limit before R4; `due`: the last lawful day; `notice_by`: last day to tell of an extension; `target`: R5."""

    base: date
    due: date
    notice_by: date
    target: date
    reason: str


def due(
    received: date,
    calendar: Calendar,
    *,
    identity: date | None = None,
    pauses: Collection[Pause] = (),
    extended: bool = False,
    target_days: int = TARGET_DAYS,
) -> Clock:
    """The clock of a request received on a day. Where bank holidays are not known, a limit is not moved (R9). ValueError where a date
    would be past the year 9999."""
    start = max(received, identity or received)
    # A pause that begins after a limit has passed cannot move that limit any more.
    month = _limit(start, 1, pauses)
    base = _limit(start, 3, pauses) if extended else month
    paused = (base - add_months(start, 3 if extended else 1)).days
    last = calendar.limit_on(base)
    target = min(last - timedelta(days=1), start + timedelta(days=target_days + paused))
    return Clock(base, last, month, target, _reason(received, start, paused, base, last, extended, calendar))


def _limit(start: date, months: int, pauses: Collection[Pause]) -> date:
    """So many months from the start, and the days of waiting that began before that limit was reached."""
    limit = add_months(start, months)
    counted: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.asked):
        if pause.asked <= limit:
            counted.append(pause)
            limit = add_months(start, months) + timedelta(days=paused_days(start, counted))
    return limit


def paused_days(start: date, pauses: Collection[Pause]) -> int:
    """Days that do not count: overlapping pauses are united, and days on or before the start add nothing (R6)."""
    days: set[date] = set()
    for pause in pauses:
        day = max(pause.asked, start + timedelta(days=1))
        while day <= pause.answered:
            days.add(day)
            day += timedelta(days=1)
    return len(days)


def complaint_acknowledged_by(received: date, calendar: Calendar) -> date:
    """Thirty days counted from the day after receipt; the next working day at a weekend or holiday (R70)."""
    return calendar.limit_on(received + timedelta(days=30))


def complaint_in_words(received: date, calendar: Calendar) -> str:
    """The working of that day (R9)."""
    base, last = received + timedelta(days=30), complaint_acknowledged_by(received, calendar)
    words = f"Acknowledge within 30 days: 30 days after {in_words(received)} is {with_weekday(base)}"
    if last != base:
        words += f"{_holiday(base)}, so the next working day, {with_weekday(last)}"
    return f"{words} (R70).{calendar.missing(base)} Calendar {calendar.version}."


def _holiday(base: date) -> str:
    return ", a bank holiday" if base.weekday() < 5 else ""


def received_day(moment: datetime) -> date:
    """The day on which something arrived, in London (R1): half past eleven at night in UTC may be the next day here."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def _reason(
    received: date, start: date, paused: int, base: date, last: date, extended: bool, calendar: Calendar
) -> str:
    period = "Three months" if extended else "One month"
    told = [f"{period} from {in_words(start)}"]
    if start != received:
        told.append("when proof of identity came (R2)")
    if paused:
        told.append(f"and {paused} day{'s' if paused > 1 else ''} of waiting for an answer (R6)")
    words = " ".join(told) + f" is {with_weekday(base)}"
    if last != base:
        words += f"{_holiday(base)}, so the next working day, {with_weekday(last)} (R4)"
    return f"{words}.{calendar.missing(base)} Calendar {calendar.version}; {'R7' if extended else 'R3'}."
