"""What stops a file from being listed for destruction, and from being destroyed. Pure: the page, the list and the destroyer ask it.

G7, R36, R40, R45, R48. Every reason is given, not only the first: each is a different person's work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.cases.words import Openness
from records.holds.kinds import NOTICE_DAYS, Hold, in_lines, may_be_listed_from
from records.policies.periods import in_words
from records.retention.schedule import Due, Undated


class Stop(StrEnum):
    """Why something stays."""

    UNDATED = "undated"
    NOT_DUE = "not_due"
    DATE_CHANGED = "date_changed"
    JOINED = "joined"
    HOLD = "hold"
    NOTICE = "notice"
    OPEN = "open"
    DISPUTED = "disputed"
    PAPERS = "papers"
    REVIEW = "review"
    MIXED_SCAN = "mixed_scan"
    GONE = "gone"


STOP_WORDS = {
    Stop.UNDATED: "It has no date any more",
    Stop.NOT_DUE: "It is kept longer",
    Stop.DATE_CHANGED: "Its date has changed since it was listed",
    Stop.JOINED: "It was joined with another file, or taken apart from one, since it was listed",
    Stop.HOLD: "It is on hold",
    Stop.NOTICE: "Its last hold ended a short while ago",
    Stop.OPEN: "It is open",
    Stop.DISPUTED: "Its dates of birth disagree",
    Stop.PAPERS: "Papers of it are still here",
    Stop.REVIEW: "A manager must look at it first, and set the day to which it is kept",
    Stop.MIXED_SCAN: "A scan also shows another family and could not be divided",
    Stop.GONE: "It was not there any more",
}
"""For lists and certificates: no date, since that would tell a birthday."""


OPEN_WORDS = {
    Openness.REFERRAL: "The case is open. Close it, or decide to keep it longer.",
    Openness.NOT_CLOSED: "Nobody has closed this file. Close it, or decide to keep it longer.",
}


@dataclass(frozen=True)
class Situation:
    """All that decides about one file on one day. `papers`: originals of it that are still here. `review`: why nothing may list it before
    a manager has looked at it (R35, R46)."""

    found: Due | Undated
    holds: Sequence[Hold] = ()
    last_lifted: date | None = None
    open_by: Openness | None = None
    disputed: bool = False
    papers: int = 0
    review: str | None = None


@dataclass(frozen=True)
class Stopped:
    """One thing that stops it, in words, by which rule."""

    why: Stop
    reason: str
    rule: str


def stops(
    situation: Situation, today: date, *, notice_days: int = NOTICE_DAYS, listed_for: date | None = None
) -> tuple[Stopped, ...]:
    """Everything that stops destruction today; empty when nothing does. `listed_for`: the due date somebody approved (R46)."""
    found = situation.found
    if isinstance(found, Undated):
        return (Stopped(Stop.UNDATED, found.reason, found.rule),)
    why: list[Stopped] = []
    if today < found.due:
        why.append(Stopped(Stop.NOT_DUE, f"It is kept to {in_words(found.last_day_kept)}.", "R34"))
    if listed_for is not None and listed_for != found.due:
        why.append(Stopped(Stop.DATE_CHANGED, "Its date has changed since it was listed.", "R46"))
    why += [Stopped(Stop.HOLD, words, "R45") for words in in_lines(situation.holds)]
    from_day = may_be_listed_from(situation.last_lifted, found.due, notice_days)
    if found.due <= today < from_day:
        words = f"Its last hold ended on {in_words(situation.last_lifted or from_day)}. It may be listed from {in_words(from_day)}."
        why.append(Stopped(Stop.NOTICE, words, "R45"))
    if situation.disputed:
        why.append(Stopped(Stop.DISPUTED, "Its dates of birth disagree. Settle that first.", "R40"))
    if situation.open_by is not None:
        why.append(Stopped(Stop.OPEN, OPEN_WORDS[situation.open_by], "R36"))
    if situation.review:
        words = f"{situation.review} A manager looks at the file, and sets the day to which it is kept, with a reason."
        why.append(Stopped(Stop.REVIEW, words, "R35"))
    if situation.papers:
        papers = "1 paper is" if situation.papers == 1 else f"{situation.papers} papers are"
        why.append(Stopped(Stop.PAPERS, f"{papers} still here. Return or destroy the paper first.", "R48"))
    return tuple(why)


def may_be_listed(why: Sequence[Stopped]) -> bool:
    """Whether it may go on a list: papers may still be here then, since there is time to deal with them before the end."""
    return all(each.why is Stop.PAPERS for each in why)
