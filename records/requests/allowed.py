"""Whether whoever asks is entitled (R19), from the request and its file: the one pure function of `people.entitlement`, with its facts."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from records.people import register as people
from records.people.birthdates import across
from records.people.entitlement import (
    Agent,
    Child,
    Entitlement,
    RequesterKind,
    Understanding,
    View,
    entitled,
    values_of,
)
from records.people.entitlement import Requester as Who
from records.people.facts import Answer, FactKind, Responsibility, newest
from records.people.known import of_file
from records.people.refusals import refused, refuses_everybody
from records.people.relations import Kind
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.requests import register
from records.requests.asker import asks_as, stands_as
from records.requests.kinds import Event, Requester
from records.requests.tables import RequestRow

DECIDING = (FactKind.RESPONSIBILITY, FactKind.WISHES, FactKind.CAPACITY, FactKind.ENDED)
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


def judge(
    session: Session, row: RequestRow, file: ChildFile, policy: Policy, on: date, understanding: Understanding, view: View
) -> Judgement:  # fmt: skip
    """R19 for one request on a day, for the person chosen on the file. Parental responsibility comes from evidence on the file, unknown where nobody is named (R18)."""
    asks, agent = asks_as(Requester(row.requester), register.asking(session, row).acts_as), Agent.NONE
    if row.requester == Requester.AGENT:
        seen = any(each.what is Event.AUTHORITY_SEEN for each in register.events(session, row))
        agent = Agent.VERIFIED if seen else Agent.NOT_VERIFIED
    standing = None
    if row.person_id is not None:
        standing = newest(of_file(session, file.id).get(row.person_id, []), FactKind.RESPONSIBILITY)
    answer, limited = Answer.UNKNOWN, False
    if standing is not None and isinstance(standing.value, Responsibility):
        answer, limited = Answer(standing.value.answer), bool(standing.value.limits.strip())
    born = across(people.birth_dates(session, file))
    on_file = {each.id: each.kind for each in people.people(session, file, ended=True)}
    person = on_file.get(row.person_id, Kind.OTHER) if row.person_id is not None else None
    stands = stands_as(asks, person)
    if stands is not RequesterKind.CHILD and _refuses(session, row, file):
        view = View.OBJECTS  # what the child said last counts, until it is recorded that they changed their mind (W15)
    who = Who(stands, answer, limited, agent)
    return Judgement(understanding, view, entitled(who, Child(born, understanding, view), values_of(policy), on))


def _refuses(session: Session, row: RequestRow, file: ChildFile) -> bool:
    """Whether the child does not let whoever asks see or hear of their records (W15)."""
    everybody = people.people(session, file, ended=True)
    children = [each.id for each in everybody if each.kind == people.CHILD]
    facts = of_file(session, file.id)
    if row.person_id is None:
        return refuses_everybody(facts, children)
    return row.person_id in refused(facts, children, [each.id for each in everybody if each.kind != people.CHILD])


def changed_since(session: Session, row: RequestRow, file: ChildFile, policy: Policy, today: date) -> bool:
    """Whether what decided it may have changed since it was settled that they are allowed: what is known of the child or of whoever asks, or an age
    that was reached (R19). Then it is settled again before anything is sent."""
    settled = [each for each in register.told(session, row) if each.what in (Event.ALLOWED, Event.REFUSED)]
    if not settled:
        return False
    last = settled[-1]
    children = {each.id for each in people.people(session, file) if each.kind == people.CHILD}
    newer = any(
        fact.kind in DECIDING and fact.recorded_at > last.at
        for person, facts in of_file(session, file.id).items()
        if person in children or person == row.person_id
        for fact in facts
    )
    return newer or any(
        judge(session, row, file, policy, last.on, able, view).result.whole.outcome
        is not judge(session, row, file, policy, today, able, view).result.whole.outcome
        for able in Understanding
        for view in View
    )
