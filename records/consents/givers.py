"""Whose word it is, and whether it may open the gate (R16, R17, R20, R27, S5). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from records.people.ages import CAPACITY_PRESUMED, birthday, school_age_ends
from records.people.birthdates import BirthDate
from records.policies.values import Who


class Giver(StrEnum):
    """Who answered. UNKNOWN: nobody noted it yet."""

    PARENT_OR_CARER = "parent_or_carer"
    YOUNG_PERSON = "young_person"
    REPRESENTATIVE = "representative"
    UNKNOWN = "unknown"


class Capacity(StrEnum):
    """What the officer noted on understanding, for this decision alone (R17)."""

    ABLE = "able"
    LACKS = "lacks"


@dataclass(frozen=True)
class OwnWordFrom:
    """From when the child's own word is needed: the first day of `certain` at the latest, of `possible` at the earliest (R13)."""

    possible: date
    certain: date


def own_word_from(born: BirthDate | None) -> OwnWordFrom | None:
    """From the 16th birthday, or from the end of compulsory school age where that comes first (R20, R27, R33).

    None: no birth date is known, and a person decides.
    """
    if born is None:
        return None
    return OwnWordFrom(_first(born.earliest), _first(born.latest))


def _first(born: date) -> date:
    return min(birthday(born, CAPACITY_PRESUMED), school_age_ends(born) + timedelta(days=1))


PARENTS = frozenset({"mother", "father", "parent", "adoptive_parent", "special_guardian"})
CARERS = frozenset({"step_parent", "foster_carer", "carer", "grandparent", "sibling", "relative"})
"""Relationships (codes of `people/relations.py`) that S5 tells apart."""
NOT_NOTED = frozenset({"", "unknown"})


def why_not(
    giver: Giver, *, relationship: str, capacity: Capacity | None, own_word: bool | None, allowed: Collection[Who]
) -> str | None:
    """Why this person's yes does not open the gate until somebody decides; None when it does.

    `own_word`: whether the child's own word is needed on the day (None: the birth date does not tell). `allowed`: S5.
    """
    match giver:
        case Giver.YOUNG_PERSON:
            return _why_not_child(capacity, own_word, allowed)
        case Giver.PARENT_OR_CARER:
            if own_word is None:
                return (
                    "No birth date is known, so it is not clear whether the young person’s own answer is needed (R20)."
                )
            if own_word and capacity is not Capacity.LACKS:
                return "The young person’s own answer is needed at this age (R20)."
            if relationship in NOT_NOTED:
                return "Note first how the person who answered is related to the child (R27)."
            if relationship not in PARENTS | CARERS:
                return "The person who answered is no parent or carer. Check their authority to answer first (R27)."
            if relationship in CARERS and not {Who.CARER, Who.SERVICE_USER} & set(allowed):
                return "Under this service’s policy a parent must answer this, and a carer did (S5)."
            return None
        case Giver.REPRESENTATIVE:
            return "Somebody else answered. Check their authority to answer first (R27)."
        case Giver.UNKNOWN:
            return "It is not noted who answered (R27)."


def _why_not_child(capacity: Capacity | None, own_word: bool | None, allowed: Collection[Who]) -> str | None:
    if capacity is Capacity.LACKS:
        return "The young person was not able to decide this. A representative must (R17)."
    if own_word:
        return None
    if capacity is not Capacity.ABLE:
        return "A child answered this. Note whether they understand this decision (R16, R17)."
    if not {Who.SERVICE_USER, Who.CHILD, Who.YOUNG_PERSON} & set(allowed):
        return "A child answered this. Under this service’s policy a parent or carer must too (S5)."
    return None
