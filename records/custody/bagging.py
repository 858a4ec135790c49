"""May this paper go in confidential waste? Every condition, each with its reason in words; one missing is enough to say no.

Pure (P10, W47, R54, R55). Facts that nobody knows count as missing: a picture can stand for a paper only where that was shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.custody.moves import Custody
from records.policies.periods import in_words


class Condition(StrEnum):
    """What must hold before a paper may go in a sack."""

    IN_HAND = "in_hand"
    POLICY = "policy"
    LEGIBLE = "legible"
    PAGES = "pages"
    FIXITY = "fixity"
    WAITED = "waited"
    CLOCK = "clock"
    NO_REQUEST = "no_request"
    NO_HOLD = "no_hold"
    REPLACEABLE = "replaceable"
    NOT_KEPT = "not_kept"
    SETTLED = "settled"
    BACKED_UP = "backed_up"
    UNSHARED = "unshared"


@dataclass(frozen=True)
class PaperFacts:
    """What is known of one paper on one day.

    `pages_in` and `pages_kept`: sides that were counted in its item, and sides whose pictures are kept. `unseen`: sides of its sheets that
    nobody has looked at. `fixity`: the stored bytes were read again and match their fingerprints. `holds`: each in words.
    `clock_doubt`: why today's date is not believed (P11).
    `in_verified_backup` is asked only where `backup_needed`. `shares_sheets_with`: numbers of other papers on the same sheets.
    """

    state: Custody
    policy_destroys: bool
    wait_until: date | None
    today: date
    checked_by: str | None
    pages_in: int | None
    pages_kept: int
    unseen: int
    fixity: bool
    requests: tuple[str, ...]
    holds: tuple[str, ...]
    irreplaceable: str | None
    asked_to_keep: bool
    reading_settled: bool
    backup_needed: bool
    in_verified_backup: bool | None
    shares_sheets_with: tuple[int, ...]
    clock_doubt: str | None = None


@dataclass(frozen=True)
class Missing:
    """A condition that does not hold: why, and by which rule."""

    condition: Condition
    reason: str
    rule: str


def missing(facts: PaperFacts) -> tuple[Missing, ...]:
    """Everything that keeps a paper out of waste, in a fixed order. Empty: it may go."""
    found = []
    for condition, (holds, reason, rule) in CONDITIONS.items():
        if not holds(facts):
            found.append(Missing(condition, reason(facts), rule))
    return tuple(found)


def _said(words: str) -> Callable[[PaperFacts], str]:
    return lambda facts: words


def _waiting(facts: PaperFacts) -> str:
    if facts.wait_until is None:
        return "No waiting time was set for this paper, so it cannot go in confidential waste."
    return f"This paper may go in confidential waste from {in_words(facts.wait_until)}."


def _pages(facts: PaperFacts) -> str:
    if facts.unseen:
        sides = "One side of its sheets" if facts.unseen == 1 else f"{facts.unseen} sides of its sheets"
        return (
            f"{sides} has not been looked at by anybody." if facts.unseen == 1 else f"{sides} have not been looked at."
        )
    if facts.pages_in is None:
        return "Its pages were never counted, so nobody can say that all were scanned."
    return f"{facts.pages_in} pages were scanned with it, but {facts.pages_kept} pictures are kept."


def _shared(facts: PaperFacts) -> str:
    others = " and ".join(f"O-{number}" for number in facts.shares_sheets_with)
    return f"One of its sheets is also {others}. Keep it, or decide about both by hand."


Test = tuple[Callable[[PaperFacts], bool], Callable[[PaperFacts], str], str]
CONDITIONS: dict[Condition, Test] = {
    Condition.IN_HAND: (
        lambda facts: facts.state in (Custody.CHECKED, Custody.HELD),
        _said("It is not in our hands: put it away or check it first."), "P10",
    ),
    Condition.POLICY: (
        lambda facts: facts.policy_destroys,
        _said("This paper is not for confidential waste. Keep it or return it."), "W47",
    ),
    Condition.LEGIBLE: (
        lambda facts: bool(facts.checked_by),
        _said("Somebody must first check that the picture shows the whole paper and can be read."), "R54",
    ),
    Condition.PAGES: (
        lambda facts: facts.pages_in is not None and facts.pages_in == facts.pages_kept and not facts.unseen,
        _pages, "R54",
    ),
    Condition.FIXITY: (
        lambda facts: facts.fixity,
        _said("Its stored picture does not match its fingerprint, or cannot be read. Keep the paper and tell the manager."), "R54",
    ),
    Condition.WAITED: (
        lambda facts: facts.wait_until is not None and facts.today >= facts.wait_until, _waiting, "R55",
    ),
    Condition.CLOCK: (
        lambda facts: facts.clock_doubt is None,
        lambda facts: f"Nobody can say that its waiting time has passed. {facts.clock_doubt}", "P11",
    ),
    Condition.NO_REQUEST: (
        lambda facts: not facts.requests, lambda facts: " ".join(facts.requests), "R55",
    ),
    Condition.NO_HOLD: (lambda facts: not facts.holds, lambda facts: " ".join(facts.holds), "R55"),
    Condition.REPLACEABLE: (
        lambda facts: facts.irreplaceable is None,
        lambda facts: f"It cannot be replaced ({facts.irreplaceable}), so it never goes in waste.", "R55",
    ),
    Condition.NOT_KEPT: (
        lambda facts: not facts.asked_to_keep,
        _said("It is to be kept for the family or given back to them, or what they want is not clear."), "N16",
    ),
    Condition.SETTLED: (
        lambda facts: facts.reading_settled,
        _said("What was read from it is not settled yet."), "R55",
    ),
    Condition.BACKED_UP: (
        lambda facts: not facts.backup_needed or facts.in_verified_backup is True,
        _said("Its picture is not yet in a backup that was checked."), "R54",
    ),
    Condition.UNSHARED: (lambda facts: not facts.shares_sheets_with, _shared, "P10"),
}  # fmt: skip
