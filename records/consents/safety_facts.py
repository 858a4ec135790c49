"""Sharing for safety: what must be written down before anything goes out without consent (G4, W9–W11, R72). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from records.consents.typed import LONGEST_NAME, LONGEST_NOTE, text_wrong
from records.policies.values import OverrideGround


class LawfulRoute(StrEnum):
    """R72: on which footing in law. The record asks which."""

    SAFEGUARDING_CONDITION = "safeguarding_condition"
    VITAL_INTERESTS = "vital_interests"
    RECOGNISED_INTEREST = "recognised_interest"


class ConcernFrom(StrEnum):
    """W10: where the concern comes from."""

    TOLD_BY_PERSON = "told_by_person"
    STAFF_SUSPICION = "staff_suspicion"
    THIRD_PARTY = "third_party"


class ConsentSought(StrEnum):
    """Whether consent was asked for, and if not why not (R72)."""

    ASKED_REFUSED = "asked_refused"
    CANNOT_BE_GIVEN = "cannot_be_given"
    CANNOT_BE_GOT = "cannot_be_got"
    WOULD_PREJUDICE = "would_prejudice"


class FamilyTold(StrEnum):
    """Whether the family knows that this is shared."""

    TOLD = "told"
    LATER = "later"
    NOT_SAFE = "not_safe"


GROUND_WORDS = {
    OverrideGround.SAFEGUARDING_CONCERN: "A safeguarding concern",
    OverrideGround.RISK_OF_HARM: "A child, young person or vulnerable adult is at risk of harm",
    OverrideGround.ILLEGAL_ACTIVITY: "Illegal activity that threatens the safety of staff or users",
}
ROUTE_WORDS = {
    LawfulRoute.SAFEGUARDING_CONDITION: "Safeguarding of children and people at risk (Data Protection Act 2018, schedule 1, paragraph 18)",
    LawfulRoute.VITAL_INTERESTS: "To protect somebody’s life",
    LawfulRoute.RECOGNISED_INTEREST: "Recognised legitimate interest: safeguarding. Not for a public authority’s own tasks",
}
FROM_WORDS = {
    ConcernFrom.TOLD_BY_PERSON: "The person at risk told us",
    ConcernFrom.STAFF_SUSPICION: "Staff or a volunteer suspect it",
    ConcernFrom.THIRD_PARTY: "Somebody else reported it",
}
SOUGHT_WORDS = {
    ConsentSought.ASKED_REFUSED: "We asked, and the answer was no",
    ConsentSought.CANNOT_BE_GIVEN: "Not asked: the person cannot give consent",
    ConsentSought.CANNOT_BE_GOT: "Not asked: it cannot reasonably be got in time",
    ConsentSought.WOULD_PREJUDICE: "Not asked: asking would put somebody at more risk",
}
TOLD_WORDS = {
    FamilyTold.TOLD: "Yes, they were told",
    FamilyTold.LATER: "Not yet; we will tell them",
    FamilyTold.NOT_SAFE: "No, telling them is not safe",
}


@dataclass(frozen=True)
class SafetyFacts:
    """All that is written down. `at_risk` may be somebody outside the case (W10). `what`: the things chosen, and no others."""

    ground: OverrideGround | None
    lawful_route: LawfulRoute | None
    source: ConcernFrom | None
    consent_sought: ConsentSought | None
    family_told: FamilyTold | None
    at_risk: str
    facts: str
    threat: str
    recipient: str
    what: str
    why_not_asked: str
    decided_by: str


def wrong(facts: SafetyFacts, grounds: Collection[OverrideGround]) -> dict[str, str]:
    """Each field with what is missing or wrong, in the order of the page; empty when it may go out. `grounds`: S2."""
    found: dict[str, str] = {}
    if facts.ground is None or facts.ground not in grounds:
        found["ground"] = "Choose the ground for sharing"
    _text(found, "facts", facts.facts, "the facts you rely on")
    if facts.ground is OverrideGround.ILLEGAL_ACTIVITY:
        _text(found, "threat", facts.threat, "the threat to the safety of staff or users")
    if facts.source is None:
        found["source"] = "Choose where the concern comes from"
    _text(found, "at_risk", facts.at_risk, "the person at risk", most=LONGEST_NAME)
    _text(found, "recipient", facts.recipient, "the person and body you tell", most=LONGEST_NAME)
    _text(found, "what", facts.what, "what you share")
    if facts.lawful_route is None:
        found["lawful_route"] = "Choose what lets you share it in law"
    if facts.consent_sought is None:
        found["consent_sought"] = "Choose whether consent was asked"
    needed = facts.consent_sought not in (None, ConsentSought.ASKED_REFUSED)
    _text(found, "why_not_asked", facts.why_not_asked, "the reason consent was not asked", needed=needed)
    if facts.family_told is None:
        found["family_told"] = "Choose whether the family was told"
    _text(found, "decided_by", facts.decided_by, "the person who decided", most=LONGEST_NAME)
    return found


def _text(
    found: dict[str, str], name: str, value: str, label: str, *, most: int = LONGEST_NOTE, needed: bool = True
) -> None:
    mistake = text_wrong(value, label, most=most, needed=needed)
    if mistake:
        found[name] = mistake
