"""Who may refer themselves, whose permission opens a referral by others, and how long one waits (N3, W28, S3, S4). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from records.cases.words import CAPACITY_WORDS, Capacity, NoteKind
from records.people.ages import Known, past_school_age
from records.people.birthdates import BirthDate
from records.policies.settings import Policy
from records.policies.values import Who

MAY_BE_SELF = (Capacity.CHILD, Capacity.YOUNG_PERSON, Capacity.PARENT, Capacity.CARER)
LATE_DAYS = 7
"""A note recorded more than so many days after what it tells is marked as late (W33)."""
DRAFT_DAYS = 30
"""A draft that nobody saved is thrown away after so many days: longer than a holiday, shorter than being forgotten."""


class Counts(StrEnum):
    """Whether somebody's word is enough."""

    YES = "yes"
    NO = "no"
    OFFICER_DECIDES = "officer_decides"


@dataclass(frozen=True)
class Word:
    """Whether a word counts, why, and by which rule."""

    counts: Counts
    reason: str
    rule: str


def may_refer_self(policy: Policy, who: Capacity, born: BirthDate | None, on: date) -> Word:
    """S3. A child or young person whom the policy does not name is never turned away by rule: law opens the service to them
    from the end of compulsory school age (R20); before it, or while the age is not known, an officer decides (§12)."""
    if who not in MAY_BE_SELF:
        return Word(
            Counts.NO, f"{CAPACITY_WORDS[who]} refers somebody else, so the family's permission is needed.", "N3"
        )
    named = policy.may_refer_themselves
    if Who(who.value) in named:
        return Word(Counts.YES, f"{CAPACITY_WORDS[who]} may ask for support themselves.", "S3")
    if who in (Capacity.CHILD, Capacity.YOUNG_PERSON):
        if Who.YOUNG_PERSON_BY_LAW in named and past_school_age(born, on) is Known.YES:
            return Word(Counts.YES, "A young person past compulsory school age may ask for support themselves.", "R20")
        return Word(
            Counts.OFFICER_DECIDES,
            "The policy does not say that a child of this age may ask alone. The law opens the service to them, so an officer decides.",
            "R20",
        )
    return Word(Counts.NO, f"The policy does not let {CAPACITY_WORDS[who].lower()} ask for support themselves.", "S3")


def permission_counts(policy: Policy, giver: Capacity, born: BirthDate | None, on: date) -> Word:
    """S4: whose permission lets a referral by somebody else go on."""
    from_whom = policy.permission_for_referrals_from
    reason = f"{CAPACITY_WORDS[giver]} may give permission for this referral."
    if giver in (Capacity.PARENT, Capacity.CARER) and from_whom & {Who(giver.value), Who.FAMILY}:
        return Word(Counts.YES, reason, "S4")
    if giver in (Capacity.CHILD, Capacity.YOUNG_PERSON):
        if from_whom & {Who(giver.value), Who.PERSON_CONCERNED}:
            return Word(Counts.YES, reason, "S4")
        if past_school_age(born, on) is Known.YES:
            return Word(Counts.YES, "A young person past compulsory school age speaks for themselves.", "R20")
        return Word(
            Counts.OFFICER_DECIDES,
            "The policy names the parent or carer. A child or young person said yes, so an officer decides.",
            "R20",
        )
    return Word(Counts.NO, "Only the family can give permission. Ask a parent, a carer or the young person.", "S4")


def erase_on(logged_on: date, holding_days: int) -> date:
    """The first day on which a referral without permission may be erased. Counted from the day we logged it, so that one that
    lay in the post is not gone before anybody could ask the family."""
    return logged_on + timedelta(days=holding_days)


def is_late(happened_on: date, recorded_on: date) -> bool:
    """Whether a note was written long after what it tells (W33)."""
    return recorded_on - happened_on > timedelta(days=LATE_DAYS)


@dataclass(frozen=True)
class Standing:
    """What a colleague needs to find on a referral to take it over (W38)."""

    kinds_of_notes: frozenset[NoteKind]
    open_actions: int
    overdue_actions: int
    ended: bool
    storing_agreed: bool
    has_carer: bool
    family_told: bool


def gaps(now: Standing) -> tuple[str, ...]:
    """What is missing for a hand-over, in words; empty when a colleague could take over (W38). An ended referral needs no next step."""
    found = []
    if NoteKind.DETAILS not in now.kinds_of_notes:
        found.append("Nobody has written what the family asks for")
    if NoteKind.PROGRESS not in now.kinds_of_notes:
        found.append("Nobody has written how far it has come")
    if NoteKind.RISK not in now.kinds_of_notes:
        found.append("Nobody has written whether there are risks, or that there are none")
    if not now.ended and not now.open_actions:
        found.append("There is no next action with a day")
    if now.overdue_actions:
        found.append(
            "An agreed action is late" if now.overdue_actions == 1 else f"{now.overdue_actions} agreed actions are late"
        )
    if not now.storing_agreed:
        found.append("We do not hold permission to keep this file")
    if not now.family_told:
        found.append("The family is still to be told of our policy or their rights")
    if not now.has_carer:
        found.append("No parent or carer is on the file")
    return tuple(found)
