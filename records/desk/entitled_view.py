"""What would come of it if somebody on the file asked today for what is held on the child (R19), by what the file knows of them and of the child."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from records.people import known, refusals, register, relations
from records.people.birthdates import BirthDate, across
from records.people.entitlement import (
    Child,
    Requester,
    RequesterKind,
    Result,
    Understanding,
    View,
    entitled,
    values_of,
)
from records.people.facts import Answer, Capacity, Fact, FactKind, Responsibility, newest
from records.people.namesakes import with_namesakes
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.settings import Policy

KINDS = {relations.Kind.CHILD: RequesterKind.CHILD, relations.Kind.PROFESSIONAL: RequesterKind.BODY}


@dataclass(frozen=True)
class OfTheChild:
    """What is known of the child or young person: the birth date, what was judged about decisions of theirs (R17), whom they refuse (W15)."""

    born: BirthDate | None
    judged: Collection[Answer]
    refuses: Collection[object]


def of_the_child(session: Session, file: ChildFile, people: Sequence[PersonShown]) -> OfTheChild:
    """What the file knows of its child. `people`: everybody on it, also who no longer is."""
    facts = known.of_file(session, file.id)
    children = [each.id for each in people if each.kind == register.CHILD]
    others = [each.id for each in people if each.kind != register.CHILD]
    judged = [fact.value for child in children for fact in known.capacity(session, file.id, child)]
    outcomes = {Answer(each.outcome) for each in judged if isinstance(each, Capacity)}
    return OfTheChild(
        across(register.birth_dates(session, file)),
        outcomes,
        with_namesakes(refusals.refused(facts, children, others), people, facts),
    )


def entitled_today(
    person: PersonShown, facts: Sequence[Fact], child: OfTheChild, policy: Policy, today: date
) -> Result:
    """The answer for one person, by the one rule. `facts`: what is known of them.

    What was judged about another decision never opens anything; it may ask for a person's decision where nothing else would.
    """
    standing = newest(facts, FactKind.RESPONSIBILITY)
    limited = (
        standing is not None and isinstance(standing.value, Responsibility) and bool(standing.value.limits.strip())
    )
    kind = KINDS.get(relations.Kind(person.kind), RequesterKind.RELATIVE)
    against = Answer.NO if kind is RequesterKind.CHILD else Answer.YES
    understanding = Understanding.NOT_NOTED
    if against in child.judged:
        understanding = Understanding.NO if kind is RequesterKind.CHILD else Understanding.YES
    view = View.OBJECTS if person.id in child.refuses else View.NOT_ASKED
    responsibility = (
        Answer(person.parental_responsibility) if person.parental_responsibility in set(Answer) else Answer.UNKNOWN
    )
    asks, asked_about = Requester(kind, responsibility, limited), Child(child.born, understanding, view)
    return entitled(asks, asked_about, values_of(policy), today).whole


def family_today(session: Session, file: ChildFile, policy: Policy, today: date) -> list[tuple[PersonShown, Result]]:
    """Each child, carer and relative on the file, with the answer."""
    people, facts = register.people(session, file, ended=True), known.of_file(session, file.id)
    child = of_the_child(session, file, people)
    return [
        (person, entitled_today(person, facts.get(person.id, ()), child, policy, today))
        for person in people
        if not person.ended and person.kind in (register.CHILD, register.CARER, "relative")
    ]
