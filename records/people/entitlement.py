"""Who may be given what is held on a child: the one decision of R19, for requests, returns, copies and the file's warning. Pure.

Rows 2 and 3 are applied item by item; otherwise the first matching row wins. An agent stands where the person stands who
authorised them, once the authority is verified. Age alone never decides (W15); not noted is never "yes" and never "no".
The two services differ in rows 12 and 13 alone (S7), and in the ages (S8, S9), which are the service's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from records.people.ages import CAPACITY_PRESUMED, Known, has_reached
from records.people.birthdates import BirthDate
from records.people.facts import Answer
from records.policies.settings import Policy
from records.policies.values import ParentAccess

GUIDE_WHERE_NONE_IS_SET = 13  # R19's own rows 16 to 18; only rows 12 and 13 change where a policy names no guide age


class RequesterKind(StrEnum):
    """Who asks, or whom an agent acts for. BODY: a council, a school, any other body, and anybody who is not family."""

    CHILD = "child"
    RELATIVE = "relative"
    BODY = "body"


class Agent(StrEnum):
    """Whether a solicitor, advocate or other agent asks on somebody's behalf, and whether the authority was verified."""

    NONE = "none"
    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"


class View(StrEnum):
    """What the child or young person says to it."""

    NOT_ASKED = "not_asked"
    OBJECTS = "objects"
    AGREES = "agrees"
    AUTHORISES = "authorises"
    """In writing."""


class Understanding(StrEnum):
    """What an officer noted for this decision (R17)."""

    YES = "yes"
    NO = "no"
    NOT_NOTED = "not_noted"


class GivenByChild(StrEnum):
    """Whether the child or young person gave the item, and what they said to its being shown (S7, W16)."""

    NO = "no"
    AGREES = "agrees"
    REFUSES = "refuses"
    NOT_ASKED = "not_asked"


class About(StrEnum):
    """Whose information an item is: the child's, the requester's own, or both in one (R65)."""

    CHILD = "child"
    REQUESTER = "requester"
    BOTH = "both"


class Outcome(StrEnum):
    """What may be done, from the least to the most."""

    REFUSE = "refuse"
    WITHHOLD = "withhold"
    NEEDS_DECISION = "needs_decision"
    RELEASE_AFTER_BEST_INTERESTS = "release_after_best_interests"
    RELEASE_AS_REPRESENTATIVE = "release_as_representative"
    RELEASE = "release"


RELEASES = frozenset({
    Outcome.RELEASE, Outcome.RELEASE_AS_REPRESENTATIVE, Outcome.RELEASE_AFTER_BEST_INTERESTS,
})  # fmt: skip
WIDTH = {outcome: width for width, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Requester:
    """Who asks. `responsibility` is parental responsibility by evidence (R18); `limited`: a court order narrows it."""

    kind: RequesterKind
    responsibility: Answer = Answer.UNKNOWN
    limited: bool = False
    agent: Agent = Agent.NONE


@dataclass(frozen=True)
class Child:
    """The child or young person on the day of the decision."""

    born: BirthDate | None
    understanding: Understanding = Understanding.NOT_NOTED
    view: View = View.NOT_ASKED


@dataclass(frozen=True)
class Item:
    """One thing asked for. `harm`: flagged as serious harm or abuse (R66)."""

    id: str
    given_by_child: GivenByChild = GivenByChild.NO
    harm: bool = False
    about: About = About.CHILD


@dataclass(frozen=True)
class Values:
    """What a service's policy says: S7, S8 and S9. None: it names no age, so the law's or R19's own stands. `version`: of that policy, for
    whoever keeps what was decided (G8)."""

    parent_access: ParentAccess
    direct_release_age: int | None
    guide_age: int | None
    version: str = ""


@dataclass(frozen=True)
class Result:
    """What may be done, why in words for staff, and by which row of R19; row 0 is what R19 says around its table.

    `manager`: only a manager decides. `favours_release`: the policy leans that way; a person decides all the same.
    `tell`: what the requester may be told beyond the refusal itself. It never gives away what the child said.
    """

    outcome: Outcome
    reason: str
    row: int
    manager: bool = False
    favours_release: bool = False
    tell: str | None = None

    @property
    def releases(self) -> bool:
        return self.outcome in RELEASES


@dataclass(frozen=True)
class Entitlement:
    """The answer to the whole, and to each item by its id where items were given."""

    whole: Result
    items: dict[str, Result] = field(default_factory=dict)


def values_of(policy: Policy) -> Values:
    """The settings of a policy that this decision reads."""
    return Values(policy.parent_access, policy.direct_release_age, policy.guide_age, policy.version)


def entitled(requester: Requester, child: Child, values: Values, on: date, items: Sequence[Item] = ()) -> Entitlement:
    """Whether somebody may be given what is held on a child on a day, as a whole and item by item (R19, N17, W12–W16, W29).

    `on`: the day in London (R12). "Over 16" means from the 16th birthday (R15). An unknown age is never guessed (R13).
    """
    whole = _verified(requester, _whole(requester, child, values, on))
    return Entitlement(whole, {item.id: _item(item, requester, whole) for item in items})


def _verified(requester: Requester, result: Result) -> Result:
    if requester.agent is not Agent.NOT_VERIFIED or not result.releases:
        return result
    return Result(
        Outcome.NEEDS_DECISION, "Somebody asks on another's behalf, and their authority is not verified yet.", 0
    )


def _whole(requester: Requester, child: Child, values: Values, on: date) -> Result:
    if requester.kind is RequesterKind.BODY:
        return Result(
            Outcome.REFUSE,
            "A council, school or other body has no right to it. Sharing with consent is decided at the gate.",
            1,
        )
    released_directly = has_reached(child.born, values.direct_release_age or CAPACITY_PRESUMED, on)
    if requester.kind is RequesterKind.CHILD:
        return _to_child(child.understanding, released_directly)
    if requester.limited:
        return _decide("A court order limits this person's parental responsibility. Read the order and decide.", 8)
    if requester.responsibility is not Answer.YES:
        return _decide("There is no evidence that this person has parental responsibility.", 8)
    match released_directly:
        case Known.UNKNOWN:
            return _decide("The child's age is not known well enough.", 9)
        case Known.YES:
            return _parent_of_young_person(child, values)
        case Known.NO:
            return _parent_of_child(child, values, on)


def _to_child(understanding: Understanding, released_directly: Known) -> Result:
    match understanding:
        case Understanding.YES:
            return Result(Outcome.RELEASE, "The child asks, and understands what they ask for.", 4)
        case Understanding.NO:
            return _decide("The child asks and does not understand it: a representative may be needed.", 7)
        case Understanding.NOT_NOTED:
            if released_directly is Known.YES:
                return Result(Outcome.RELEASE, "The young person asks, and is presumed able to.", 5)
            return _decide("The child asks, and nobody has noted whether they understand it.", 6)


def _parent_of_young_person(child: Child, values: Values) -> Result:
    if child.understanding is Understanding.NO:
        return _decide(
            "The young person cannot decide this: a deputy, an attorney, or a parent as the SEND regulations allow.", 10
        )
    if child.view is View.AUTHORISES:
        return Result(Outcome.RELEASE_AS_REPRESENTATIVE, "The young person has authorised this parent in writing.", 11)
    return _refused_or_favoured(
        values, "The right is the young person's, who has not authorised this parent in writing.", 12,
        "The request must come from the young person.",
    )  # fmt: skip


def _parent_of_child(child: Child, values: Values, on: date) -> Result:
    if child.understanding is Understanding.NO:
        return _best_interests(
            "The child does not understand it. Tick that it is in their best interests, and note their views.", 19
        )
    if child.understanding is Understanding.YES:
        match child.view:
            case View.OBJECTS:
                return _refused_or_favoured(
                    values, "The child understands it and objects. The letter must not reveal that.", 13, None
                )
            case View.AGREES | View.AUTHORISES:
                return Result(Outcome.RELEASE, "The child understands it and agrees.", 14)
            case View.NOT_ASKED:
                return _decide("The child understands it and has not been asked. Ask them first.", 15)
    # Where only part of the possible birth dates lie under the guide age, the child is treated as old enough to be asked.
    if has_reached(child.born, values.guide_age or GUIDE_WHERE_NONE_IS_SET, on) is not Known.NO:
        return _decide("The child may be able to decide, and nobody has noted whether they understand it.", 16)
    if child.view is View.OBJECTS:
        return _decide("The child objects, and nobody has noted whether they understand it.", 17)
    return _best_interests("The child is young. Tick that it is in their best interests.", 18)


def _decide(reason: str, row: int) -> Result:
    return Result(Outcome.NEEDS_DECISION, reason, row)


def _best_interests(reason: str, row: int) -> Result:
    return Result(Outcome.RELEASE_AFTER_BEST_INTERESTS, reason, row)


def _refused_or_favoured(values: Values, reason: str, row: int, tell: str | None) -> Result:
    match values.parent_access:
        case ParentAccess.YES_UNLESS_CHILD_GAVE_AND_REFUSES:
            return Result(Outcome.REFUSE, reason, row, tell=tell)
        case ParentAccess.YES_SUBJECT_TO_LAW:
            return Result(
                Outcome.NEEDS_DECISION,
                f"{reason} The policy favours release, the law may not.",
                row,
                favours_release=True,
            )


def given_stops(given: GivenByChild) -> Result | None:
    """Row 3: what keeps something that the child gave from anybody but the child; None when nothing does."""
    match given:
        case GivenByChild.REFUSES:
            return Result(Outcome.WITHHOLD, "The child gave this and will not share it.", 3)
        case GivenByChild.NOT_ASKED:
            return _decide("The child gave this and has not been asked whether it may be shown.", 3)
        case _:
            return None


def _item(item: Item, requester: Requester, whole: Result) -> Result:
    """Rows 2 and 3, and what is the requester's own; otherwise an item goes the way of the whole.

    Where the whole is refused, no row opens an item about the child again.
    """
    child_asks = requester.kind is RequesterKind.CHILD
    if requester.kind is RequesterKind.BODY:
        return whole
    given = None if child_asks else given_stops(item.given_by_child)
    if given is not None and given.outcome is Outcome.WITHHOLD:
        return given
    if whole.outcome is Outcome.REFUSE and item.about is About.CHILD:
        return whole
    if item.harm:
        return Result(
            Outcome.NEEDS_DECISION, "It is flagged as serious harm or abuse: a manager decides.", 2, manager=True
        )
    if child_asks:
        return whole
    if given is not None:
        return given
    match item.about:
        case About.CHILD:
            return whole
        case About.BOTH:
            return _decide("It tells of this person and of the child at once. Part the two, or decide (R65).", 0)
        case About.REQUESTER:
            return _verified(requester, Result(Outcome.RELEASE, "It is this person's own information.", 0))
