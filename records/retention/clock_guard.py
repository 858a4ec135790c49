"""Whether the machine's clock can be believed before anything is destroyed by date (P11). Pure.

A clock that is years ahead makes everybody 25. So time must agree with the record of what happened: no step back, and no gap
that nobody has explained. A day's margin on top keeps a clock that is a day ahead from ending anything early.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from records.policies.periods import in_words

LONGEST_GAP = timedelta(days=35)
BACKWARDS = timedelta(minutes=2)
"""Machines that share one database may differ by so much."""
MARGIN_DAYS = 1
JUMP = timedelta(minutes=2)


class Doubt(StrEnum):
    """What is wrong with the clock."""

    BEHIND = "clock_behind"
    GAP = "clock_gap"
    JUMPED = "clock_jumped"


@dataclass(frozen=True)
class ClockTrusted:
    """Nothing speaks against it."""


@dataclass(frozen=True)
class ClockDoubted:
    """What speaks against it, in words."""

    doubt: Doubt
    reason: str


def check_clock(
    now: datetime, entries: Iterable[datetime], before: datetime | None = None
) -> ClockTrusted | ClockDoubted:
    """`entries`: the moments of the record since somebody last vouched for the clock, in the order they were written. `before`: the
    latest moment of those that were looked at earlier.

    A gap is looked for all along, not only before now: one sign-in under a wrong clock would otherwise hide it.
    """
    for moment in (*entries, now):
        if before is not None and moment < before - BACKWARDS:
            return ClockDoubted(
                Doubt.BEHIND,
                f"The clock went back: after an entry of {in_words(before.date())} it said {in_words(moment.date())}. Nothing is "
                "destroyed until it has been set right and a manager has said so.",
            )
        if before is not None and moment - before > LONGEST_GAP:
            return ClockDoubted(
                Doubt.GAP,
                f"Nothing was recorded between {in_words(before.date())} and {in_words(moment.date())}. Nothing is destroyed "
                "until a manager has said that the date is right.",
            )
        before = moment if before is None else max(before, moment)
    return ClockTrusted()


def has_jumped(began: datetime, now: datetime, elapsed_seconds: float) -> bool:
    """Whether the clock moved otherwise than time did, during one run."""
    return abs((now - began) - timedelta(seconds=elapsed_seconds)) > JUMP


def grace_is_over(grace_until: date, today: date) -> bool:
    """Whether the last day on which a file could be taken off has passed, with a day's margin."""
    return today > grace_until + timedelta(days=MARGIN_DAYS)


@dataclass(frozen=True)
class Cap:
    """How many files one run may destroy: the smaller of a number and a share of all files, but always one (P11)."""

    files: int = 20
    percent: float = 2.0

    def of(self, all_files: int) -> int:
        return max(1, min(self.files, int(all_files * self.percent / 100)))
