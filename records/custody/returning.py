"""The steps of giving papers back, and what each needs: one pure table (N16, R58-R60).

Whose paper it is, R58 says: whoever gave it, or somebody they authorised in writing. Whether they may have what is on it is R19's to
say, as everywhere: `may_have` asks `people.entitlement`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.holds.kinds import Hold, HoldKind
from records.people.entitlement import (
    About,
    Agent,
    Child,
    GivenByChild,
    Item,
    Requester,
    RequesterKind,
    Values,
    entitled,
)
from records.people.facts import Answer
from records.people.relations import Kind


class ReturnState(StrEnum):
    """How far a return is."""

    ASKED = "asked"
    TO_FIND = "to_find"
    FOUND = "found"
    READY = "ready"
    SENT = "sent"
    RECEIVED = "received"
    CAME_BACK = "came_back"
    LOST = "lost"
    CANCELLED = "cancelled"


S = ReturnState
OPEN = (S.ASKED, S.TO_FIND, S.FOUND, S.READY, S.SENT, S.CAME_BACK)
"""While a return is in one of these, its papers are locked out of waste."""

WORDS = {
    S.ASKED: "Asked for",
    S.TO_FIND: "To find",
    S.FOUND: "Found, to be checked",
    S.READY: "Ready to send",
    S.SENT: "Sent, receipt awaited",
    S.RECEIVED: "Received",
    S.CAME_BACK: "Came back",
    S.LOST: "Lost",
    S.CANCELLED: "Called off",
}

STEPS: dict[ReturnState, tuple[ReturnState, ...]] = {
    S.ASKED: (S.TO_FIND, S.CANCELLED),
    S.TO_FIND: (S.FOUND, S.CANCELLED),
    S.FOUND: (S.READY, S.TO_FIND, S.CANCELLED),
    S.READY: (S.SENT, S.RECEIVED, S.CANCELLED),
    S.SENT: (S.RECEIVED, S.CAME_BACK, S.LOST),
    S.CAME_BACK: (S.TO_FIND, S.CANCELLED),
    S.RECEIVED: (),
    S.LOST: (),
    S.CANCELLED: (),
}


class Proof(StrEnum):
    """What somebody showed to say who they are. The kind is noted, a copy is never kept (R58)."""

    KNOWN = "known"
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    OFFICIAL_LETTER = "official_letter"
    QUESTIONS = "questions"
    OTHER = "other"


PROOF_WORDS = {
    Proof.KNOWN: "Known to the officer, who has met them",
    Proof.PASSPORT: "Passport",
    Proof.DRIVING_LICENCE: "Driving licence",
    Proof.OFFICIAL_LETTER: "Official letter with name and address",
    Proof.QUESTIONS: "Answers to questions about the case",
    Proof.OTHER: "Something else",
}


class Method(StrEnum):
    """R59."""

    BY_HAND = "by_hand"
    TRACKED_POST = "tracked_post"


METHOD_WORDS = {Method.BY_HAND: "By hand, against a signature", Method.TRACKED_POST: "Tracked and signed-for post"}


class Entitlement(StrEnum):
    """Why this person may have the paper (R58): a paper that the young person gave goes to the young person."""

    GAVE_IT = "gave_it"
    AUTHORISED = "authorised"


ENTITLEMENT_WORDS = {
    Entitlement.GAVE_IT: "This person gave us the papers",
    Entitlement.AUTHORISED: "Whoever gave us the papers authorised this person in writing",
}


class PictureWish(StrEnum):
    """Whether we may keep the pictures of papers that went back (R61)."""

    KEEP = "keep"
    ERASE = "erase"
    NOT_ASKED = "not_asked"


PICTURE_WORDS = {
    PictureWish.KEEP: "They agree that we keep the pictures",
    PictureWish.ERASE: "They want the pictures erased",
    PictureWish.NOT_ASKED: "Not asked yet",
}

_PAUSED_BY_NO = frozenset({HoldKind.RETURN, HoldKind.OPEN_CASE, HoldKind.DATE_CONFLICT})


def pauses(hold: Hold) -> bool:
    """Whether a hold keeps a paper from going back to its owner (R58 "open holds"). Those that only keep things from being destroyed do
    not: nor does the time to complain after an answer (R45)."""
    return hold.kind not in _PAUSED_BY_NO and not hold.running_out


@dataclass(frozen=True)
class Stage:
    """What is known when somebody takes the next step. People by account id."""

    state: ReturnState
    actor: str
    proof: str | None = None
    entitled: bool = False
    found_by: str | None = None
    checked_by: str | None = None
    method: Method | None = None
    address_checked: bool = False
    tracking: str | None = None
    receipt: str | None = None


@dataclass(frozen=True)
class NotYet:
    """The step may not be taken: why, by which rule, and the field that is missing."""

    field: str
    reason: str
    rule: str


def may_have(
    why: Entitlement, kind: Kind, papers: Mapping[int, GivenByChild], child: Child, values: Values, on: date,
    responsibility: Answer = Answer.UNKNOWN,
) -> NotYet | None:  # fmt: skip
    """What keeps these papers, by number with what the young person says of each, from somebody of this kind; None when nothing does.

    Somebody who has a paper by right of its giver asks for what is the giver's own (R19, "a parent's own data"); what the young person
    gave stays theirs to refuse (row 3), and a body is given nothing on another's word (row 1).
    """
    if kind is Kind.CHILD or (kind is Kind.PROFESSIONAL and why is Entitlement.GAVE_IT):
        return None
    by_another = why is Entitlement.AUTHORISED
    who = Requester(
        RequesterKind.BODY if kind is Kind.PROFESSIONAL else RequesterKind.RELATIVE, responsibility,
        agent=Agent.VERIFIED if by_another else Agent.NONE,
    )  # fmt: skip
    in_writing = {GivenByChild.NOT_ASKED: GivenByChild.AGREES} if by_another else {}
    items = [
        Item(str(number), in_writing.get(given, given), about=About.REQUESTER)
        for number, given in sorted(papers.items())
    ]
    for number, found in entitled(who, child, values, on, items).items.items():
        if not found.releases:
            return NotYet("entitled", f"O-{number} may not go to this person. {found.reason}", f"R19, row {found.row}")
    return None


def may_step(stage: Stage, to: ReturnState) -> NotYet | None:
    """What keeps a return from its next step; None when nothing does."""
    if to not in STEPS[stage.state]:
        return NotYet(
            "to", f"A return that is “{WORDS[stage.state].lower()}” cannot become “{WORDS[to].lower()}”.", "R60"
        )
    match to:
        case S.TO_FIND if stage.state is S.ASKED:
            if not stage.proof:
                return NotYet("proof", "Choose what proof of identity you saw", "R58")
            if not stage.entitled:
                return NotYet("entitled", "Somebody must first decide that this person may have these papers", "R58")
        case S.READY if stage.actor == stage.found_by:
            return NotYet("contents", "Somebody else must check the contents: you found the papers yourself", "R59")
        case S.SENT:
            return _sending(stage)
        case S.RECEIVED if not stage.receipt:
            return NotYet("receipt", "Enter the number of the signed receipt", "R60")
        case S.RECEIVED if stage.state is S.READY and stage.method is not Method.BY_HAND:
            return NotYet(
                "method", "Only papers given by hand are received at once. Send these by tracked post first", "R59"
            )
    return None


def _sending(stage: Stage) -> NotYet | None:
    if stage.method is not Method.TRACKED_POST:
        return NotYet("method", "Papers given by hand are not posted. Record the receipt instead", "R59")
    if not stage.address_checked:
        return NotYet("address_checked", "Confirm that you compared the address with the record", "R59")
    if not stage.tracking:
        return NotYet("tracking", "Enter the tracking number", "R59")
    return None
