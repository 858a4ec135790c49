"""For how long a family's wish that we look at another agency's records lasts (N13). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Step(StrEnum):
    """What can come of a request to look: the agency is asked, once or more often; then one of four ends."""

    ASKED = "asked"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


ENDS = (Step.ANSWERED, Step.REFUSED, Step.WITHDRAWN, Step.CLOSED)
NEEDS_WORDS = frozenset({Step.REFUSED, Step.CLOSED})
"""What an agency refused or why we gave up must be said; who takes a wish back needs no reason (R29)."""


@dataclass(frozen=True)
class MayLook:
    """From `since` on the family wants us to look; `until` is the first day on which that is over, None while it lasts."""

    since: date
    until: date | None = None
    withdrawn: bool = False

    def on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def period(since: date, ended: Step | None, ended_on: date | None) -> MayLook:
    """How long one request holds. Taken back, it is over on that very day (R30); answered, refused or closed, on the next."""
    if ended is None or ended_on is None:
        return MayLook(since)
    withdrawn = ended is Step.WITHDRAWN
    return MayLook(since, ended_on if withdrawn else ended_on + timedelta(days=1), withdrawn)


def why_not(looks: Sequence[MayLook], on: date) -> tuple[str, bool] | None:
    """Why nothing may be asked of a body on a day, and whether that is a plain no; None where it may."""
    begun = [each for each in looks if each.since <= on]
    if any(each.on(on) for each in begun):
        return None
    if not begun:
        return "Record first that the family asked us to look at the records of this one (N13).", False
    if max(begun, key=lambda each: each.until or date.max).withdrawn:
        return "The family does not want us to look at the records of this one any more (N13).", True
    return (
        "What the family asked us to look at here has ended. Ask them before anything more is asked for (N13).",
        False,
    )
