"""Whether whoever asks is entitled (R19), from the request and its file: the one pure function of `people.entitlement`, with its facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session

from records.people import merging
from records.people import register as people
from records.people.birthdates import BirthDate, across
from records.people.entitlement import (
    Agent,
    Child,
    Entitlement,
    Outcome,
    RequesterKind,
    Understanding,
    Values,
    View,
    entitled,
    values_of,
)
from records.people.entitlement import Requester as Who
from records.people.facts import Answer, Fact, FactKind, Responsibility, newest
from records.people.known import of_file
from records.people.namesakes import namesakes_of, with_namesakes
from records.people.refusals import refused, refuses_everybody
from records.people.register import PersonShown
from records.people.relations import Kind
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.requests import register
from records.requests.asker import asks_as, stands_as
from records.requests.kinds import Event, Requester
from records.requests.tables import RequestRow

DECIDING = (
    FactKind.RESPONSIBILITY, FactKind.WISHES, FactKind.CAPACITY, FactKind.ENDED, FactKind.SOMEBODY_ELSE,
)  # fmt: skip
"""Facts about a person on which R19 hangs."""
UNDERSTANDING_WORDS = {
    Understanding.YES: "They understand, remember, weigh and can say what they want",
    Understanding.NO: "They do not understand it",
    Understanding.NOT_NOTED: "Nobody has judged it for this decision",
}
VIEW_WORDS = {
    View.NOT_ASKED: "They were not asked",
    View.AGREES: "They agree",
    View.AUTHORISES: "They agree, in writing",
    View.OBJECTS: "They object",
}


@dataclass(frozen=True)
class Judgement:
    """What a person noted about the child for this decision, and what follows."""

    understanding: Understanding
    view: View
    result: Entitlement


@dataclass(frozen=True)
class _Asked:
    """What R19 goes by besides the day and what is noted for the decision: read once, however often it is judged."""

    who: Who
    born: BirthDate | None
    refused: bool


def judge(
    session: Session, row: RequestRow, file: ChildFile, policy: Policy, on: date, understanding: Understanding, view: View
) -> Judgement:  # fmt: skip
    """R19 for one request on a day, for the person chosen on the file. Parental responsibility comes from evidence on the file, unknown where nobody is named (R18)."""
    return _judged(_asked(session, row, file), values_of(policy), on, understanding, view)


def _asked(session: Session, row: RequestRow, file: ChildFile) -> _Asked:
    asks, agent = asks_as(Requester(row.requester), register.asking(session, row).acts_as), Agent.NONE
    if row.requester == Requester.AGENT:
        seen = any(each.what is Event.AUTHORITY_SEEN for each in register.events(session, row))
        agent = Agent.VERIFIED if seen else Agent.NOT_VERIFIED
    everybody, facts = people.people(session, file, ended=True), of_file(session, file.id)
    standing, person = None, None
    who = _who(session, row, file)
    if who is not None:
        standing = newest(facts.get(who, []), FactKind.RESPONSIBILITY)
        person = next((each.kind for each in everybody if each.id == who), Kind.OTHER)
    answer, limited = Answer.UNKNOWN, False
    if standing is not None and isinstance(standing.value, Responsibility):
        answer, limited = Answer(standing.value.answer), bool(standing.value.limits.strip())
    stands = stands_as(asks, person)
    refuses = stands is not RequesterKind.CHILD and _refuses(who, everybody, facts)
    born = across(people.birth_dates(session, file))
    return _Asked(Who(stands, answer, limited, agent), born, refuses)


def _judged(asked: _Asked, values: Values, on: date, understanding: Understanding, view: View) -> Judgement:
    if asked.refused:
        view = View.OBJECTS  # what the child said last counts, until it is recorded that they changed their mind (W15)
    return Judgement(understanding, view, entitled(asked.who, Child(asked.born, understanding, view), values, on))


def _who(session: Session, row: RequestRow, file: ChildFile) -> UUID | None:
    """The person who asks, as they stand on the file now: of joined files the child is one."""
    return people.shown_as(session, file, row.person_id) if row.person_id is not None else None


def _refuses(who: UUID | None, everybody: Sequence[PersonShown], facts: Mapping[UUID, Sequence[Fact]]) -> bool:
    """Whether the child does not let whoever asks see or hear of their records (W15)."""
    children = [each.id for each in everybody if each.kind == people.CHILD]
    if who is None:
        return refuses_everybody(facts, children)
    others = refused(facts, children, [each.id for each in everybody if each.kind != people.CHILD])
    return who in with_namesakes(others, everybody, facts)


def changed_since(session: Session, row: RequestRow, file: ChildFile, policy: Policy, today: date) -> bool:
    """Whether what decided it may have changed since it was settled that they are allowed: what is known of the child or of whoever asks, another
    birth date, an age that was reached, or another file of the child (R19). Then it is settled again before anything is sent."""
    settled = [each for each in register.told(session, row) if each.what in (Event.ALLOWED, Event.REFUSED)]
    if not settled:
        return False
    last = settled[-1]
    everybody, who = people.people(session, file, ended=True), _who(session, row, file)
    decide = {each.id for each in everybody if each.kind == people.CHILD or each.id == who}
    # Whether they are the one whom something was refused may have been recorded of the other of the name.
    decide |= {alike.id for each in everybody if each.id == who for alike in namesakes_of(each, everybody)}
    newer = any(
        fact.kind in DECIDING and fact.recorded_at > last.at
        for person, facts in of_file(session, file.id).items()
        if person in decide
        for fact in facts
    )
    asked, values = _asked(session, row, file), values_of(policy)
    sources = [each for each in people.birth_sources(session, file) if each.recorded_at <= last.at]
    before = replace(asked, born=across(people.standing_sources(sources)))

    def outcome(of: _Asked, on: date, able: Understanding, view: View) -> Outcome:
        return _judged(of, values, on, able, view).result.whole.outcome

    return (
        newer
        or merging.touched_since(session, file.id, last.at)
        or any(
            outcome(before, last.on, able, view) is not outcome(asked, today, able, view)
            for able in Understanding
            for view in View
        )
    )
