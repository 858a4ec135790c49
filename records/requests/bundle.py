"""The pages of an access copy: what may be decided about each, and the plan of the copy. Pure.

A plan belongs to one child, and takes pages of that child's file alone, or of files joined to it: two families' pages cannot stand in one
plan (P8). The copy is made from a plan only, and its pages are opened with those files' keys, so that another family's page could not
even be read.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from records.documents.areas import MOST_ON_A_PAGE, Area
from records.errors import RefusedByRule

MOST_BOXES = MOST_ON_A_PAGE


class Decision(StrEnum):
    """MANAGER: an officer hands it to the manager, who alone decides on harm (R19 row 2, R66)."""

    INCLUDE = "include"
    WITHHOLD = "withhold"
    MANAGER = "manager"


class Exemption(StrEnum):
    """R65, R66: why something is left out; a person decides. The first two letters of a page's mark."""

    THIRD_NOT_NEEDED = "third_not_needed"
    THIRD_REFUSED = "third_refused"
    THIRD_UNREASONABLE = "third_unreasonable"
    IN_CONFIDENCE = "in_confidence"
    CHILD_GAVE = "child_gave"
    PRIVILEGE = "privilege"
    CRIME = "crime"
    HARM = "harm"
    ABUSE = "abuse"
    HEALTH = "health"
    NOT_THEIRS = "not_theirs"


@dataclass(frozen=True)
class Ground:
    """`words` for staff, `mark` burnt into a box, `told` in the index (None: saying so would defeat the reason), `manager`: who decides."""

    words: str
    mark: str
    told: str | None
    manager: bool = False


GROUNDS = {
    Exemption.THIRD_NOT_NEEDED: Ground(
        "About another person, and the answer does not need it", "A", "about another person"
    ),
    Exemption.THIRD_REFUSED: Ground("About another person, who did not agree", "A", "about another person"),
    Exemption.THIRD_UNREASONABLE: Ground(
        "About another person, not asked, and not reasonable to show", "A", "about another person"
    ),
    Exemption.IN_CONFIDENCE: Ground("Given to us in the belief that they would not see it", "B", None),
    Exemption.CHILD_GAVE: Ground("Given by the young person, who has not agreed", "B", None),
    Exemption.PRIVILEGE: Ground("Legal advice", "C", "legal advice"),
    Exemption.CRIME: Ground("Would harm the prevention of crime", "B", None),
    Exemption.HARM: Ground("Could cause serious harm", "B", None, manager=True),
    Exemption.ABUSE: Ground(
        "About abuse, and showing it is not in the child's best interests", "B", None, manager=True
    ),
    Exemption.HEALTH: Ground(
        "Health information they do not know, and the health professional advises against", "B", None, manager=True
    ),
    Exemption.NOT_THEIRS: Ground("Not about the person the request is about", "D", "not about you or the child"),
}
MARKS = {
    "A": "About another person, and we may not show it.",
    "B": "Left out because the law asks us to.",
    "C": "Legal advice.",
    "D": "Not about the person whose information was asked for.",
}
"""What each mark on a covered part means, as the letter says it. B tells no more, for more would tell what was covered."""


@dataclass(frozen=True)
class Box(Area):
    """A covered part of a page, and why."""

    code: Exemption


@dataclass(frozen=True)
class PlanPage:
    """One page that goes in, with what is covered on it."""

    document_id: UUID
    file_id: UUID
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What an access copy is made of, in order. `plan_for` makes it; RefusedByRule for a page of any other file.

    `joined`: files that were joined to this one, because they are the same child.
    """

    file_id: UUID
    pages: tuple[PlanPage, ...] = field(default=())
    joined: frozenset[UUID] = frozenset()

    def __post_init__(self) -> None:
        if any(page.file_id != self.file_id and page.file_id not in self.joined for page in self.pages):
            raise RefusedByRule("A page of another file cannot go into this copy. Nothing was made.", "P8")
        if len({page.document_id for page in self.pages}) != len(self.pages):
            raise RefusedByRule("A page is in this copy twice. Nothing was made.", "P8")

    @property
    def boxes(self) -> int:
        """How many parts are covered."""
        return sum(len(page.boxes) for page in self.pages)

    def fingerprint(self) -> bytes:
        """Changes with every page, box and their order: a copy made from another plan is out of date."""
        lines = [str(self.file_id)]
        for page in self.pages:
            lines.append(str(page.document_id))
            lines += [f"{box.left},{box.top},{box.width},{box.height},{box.code}" for box in page.boxes]
        return hashlib.sha256("\n".join(lines).encode()).digest()


@dataclass(frozen=True)
class Judged:
    """A page of the file as decided so far; `decision` None: nobody has."""

    page: PlanPage
    decision: Decision | None
    code: Exemption | None = None
    said: str = ""
    """What was answered about other people and health on it, in words for the list."""


def cannot_decide(decision: Decision, code: Exemption | None, *, is_manager: bool, reason: str = "") -> str | None:
    """Why a decision about a page cannot stand, in words; None when it can."""
    if decision is Decision.WITHHOLD and code is None:
        return "Choose why this page is left out."
    if decision is Decision.WITHHOLD and code and GROUNDS[code].manager and not is_manager:
        return "Only a manager can leave a page out for this reason. Choose ‘Ask the manager’."
    if decision is Decision.MANAGER and not reason.strip():
        return "Say what the manager has to decide."
    return None


def cannot_be_made(judged: Iterable[Judged]) -> str | None:
    """Why the copy cannot be made yet, in words; None when every page is decided and at least one goes in."""
    pages = list(judged)
    undecided = sum(page.decision is None for page in pages)
    waiting = sum(page.decision is Decision.MANAGER for page in pages)
    if undecided:
        return f"{undecided} {'page is' if undecided == 1 else 'pages are'} not decided yet."
    if waiting:
        return f"{waiting} {'page waits' if waiting == 1 else 'pages wait'} for the manager."
    return None if any(page.decision is Decision.INCLUDE for page in pages) else "No page goes into the copy."


def plan_for(file_id: UUID, judged: Iterable[Judged], joined: Iterable[UUID] = ()) -> Plan:
    """The plan of what is included, in the order given. RefusedByRule while something is open, or for another child's page."""
    pages = list(judged)
    reason = cannot_be_made(pages)
    if reason:
        raise RefusedByRule(reason, "R64")
    return Plan(
        file_id, tuple(page.page for page in pages if page.decision is Decision.INCLUDE), frozenset(joined) - {file_id}
    )


def left_out(judged: Iterable[Judged]) -> dict[str, int]:
    """What the index says was left out, by what may be told: pages by reason. Reasons that may not be told are one line (R64)."""
    found: dict[str, int] = {}
    for page in judged:
        if page.decision is Decision.WITHHOLD and page.code:
            words = GROUNDS[page.code].told or "left out because the law asks us to"
            found[words] = found.get(words, 0) + 1
    return found
