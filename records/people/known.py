"""Facts about people, appended and read back. Each is sealed under the key of its file; nothing is ever overwritten."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from records.audit import trail
from records.clock import LONDON
from records.db import once
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import NotFound, RefusedByRule
from records.people import index, merging
from records.people.facts import CLASS_OF, KIND_OF, Details, Fact, FactKind, Value, newest, wrong_with
from records.people.relations import Kind
from records.people.tables import ChildFile, Person, PersonFact


def person(session: Session, file_id: UUID, person_id: UUID) -> Person:
    """A person of this child's file, or of one joined to it. NotFound for anybody else's."""
    row = session.get(Person, person_id)
    if row is None or row.file_id not in merging.ids_of(session, file_id):
        raise NotFound("There is no such person.")
    return row


def record(
    session: Session, file_id: UUID, person_id: UUID, value: Value, *, true_on: date, actor: str, at: datetime
) -> None:
    """Appends one fact. RefusedByRule, in words, when it cannot stand; NotFound when the person is not on the file."""
    row = person(session, file_id, person_id)
    wrong = wrong_with(value)
    if wrong:
        raise RefusedByRule(next(iter(wrong.values())), "R18")
    if true_on > at.astimezone(LONDON).date():
        raise RefusedByRule("The day from which it is true must be today or in the past.", "R26")
    key = keyring.open_key(session, session.get_one(ChildFile, row.file_id).key_id)
    kind = KIND_OF[type(value)]
    fact = PersonFact(
        person_id=row.id, file_id=row.file_id, kind=kind, true_on=true_on, sealed=b"", recorded_by=actor, recorded_at=at
    )
    fact.sealed = seal_json(key, value.as_json(), fact.id.bytes)
    session.add(fact)
    session.flush()
    if isinstance(value, Details):
        index.add(session, row.file_id, name=value.name)  # under the name before as well: people go on using it
    trail.append(
        session, actor=actor, act="person_fact_recorded", subject_kind="person", subject_id=str(row.id), at=at,
        detail={"kind": kind.value, "file": str(row.file_id)},
    )  # fmt: skip


@dataclass(frozen=True)
class Everybody:
    """Who is on a child's file and those joined to it, as kept, in the order recorded, and what is known of each."""

    rows: Sequence[sa.Row[Any]]
    """`id`, `file_id`, `kind`, `sealed`, `relationship`, `parental_responsibility` of each person."""
    facts: Mapping[UUID, Sequence[Fact]]
    """By person, those of whom something is known, in the order in which it was recorded."""


_EVERYBODY: sa.Select[*tuple[Any, ...]] = (  # put together once, and in one question: every page of a file asks
    sa.select(
        col(Person.id), col(Person.file_id), col(Person.kind), col(Person.sealed), col(Person.relationship),
        col(Person.parental_responsibility), col(PersonFact.id).label("fact"), col(PersonFact.kind).label("fact_kind"),
        col(PersonFact.sealed).label("fact_sealed"), col(PersonFact.true_on), col(PersonFact.recorded_at).label("fact_at"),
        col(PersonFact.recorded_by).label("fact_by"),
    )
    .outerjoin(PersonFact, col(PersonFact.person_id) == col(Person.id))
    .where(col(Person.file_id).in_(sa.bindparam("files", expanding=True)))
    .order_by(col(Person.recorded_at), col(Person.id))
)  # fmt: skip


def everybody(session: Session, file_id: UUID) -> Everybody:
    """Everybody on a child's file and those joined to it, also who no longer is on it.

    The child of a joined file is the same child: what is known of one is known of the other.
    """
    ids = merging.ids_of(session, file_id)
    return once(session, (everybody, ids), lambda: _everybody(session, ids))


def _everybody(session: Session, ids: Sequence[UUID]) -> Everybody:
    rows = session.execute(_EVERYBODY, {"files": ids}).all()
    persons = {row.id: row for row in rows}
    facts = sorted((row for row in rows if row.fact is not None), key=lambda row: (row.fact_at, row.fact))
    keys = {
        one: keyring.open_key(session, session.get_one(ChildFile, one).key_id) for one in {row.file_id for row in facts}
    }
    children = tuple(one for one, row in persons.items() if row.kind == Kind.CHILD) if len(ids) > 1 else ()
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for row in facts:
        fact = _fact(row.fact_kind, row.fact, row.fact_sealed, row.true_on, row.fact_at, row.fact_by, keys[row.file_id])
        for who in children if row.id in children else (row.id,):
            found[who].append(fact)
    return Everybody(tuple(persons.values()), found)


def of_file(session: Session, file_id: UUID) -> dict[UUID, list[Fact]]:
    """Everything known about everybody on a child's file and those joined to it, by person, in the order in which it was recorded."""
    return {who: list(facts) for who, facts in everybody(session, file_id).facts.items()}


def of_files(session: Session, key_of: Mapping[UUID, bytes]) -> dict[UUID, list[Fact]]:
    """Everything known about everybody on many files, each file by itself, by person: for lists. `key_of`: the opened keys."""
    rows = session.exec(
        select(PersonFact)
        .where(col(PersonFact.file_id).in_(list(key_of)))
        .order_by(col(PersonFact.recorded_at), col(PersonFact.id))
    )
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(_opened(row, key_of[row.file_id]))
    return dict(found)


def of_person(session: Session, file_id: UUID, person_id: UUID) -> Sequence[Fact]:
    """Everything known about one person, oldest record first. NotFound when they are not on the file."""
    person(session, file_id, person_id)
    return of_file(session, file_id).get(person_id, [])


def capacity(
    session: Session, file_id: UUID, person_id: UUID, *, on: date | None = None, known_at: datetime | None = None
) -> list[Fact]:
    """What was last judged about each decision (R17), newest first."""
    facts = [fact for fact in of_person(session, file_id, person_id) if fact.kind is FactKind.CAPACITY]
    decisions: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        decisions[str(fact.value.as_json()["decision"]).casefold().strip()].append(fact)
    last = [newest(each, FactKind.CAPACITY, on=on, known_at=known_at) for each in decisions.values()]
    return sorted((fact for fact in last if fact), key=lambda fact: (fact.true_on, fact.recorded_at), reverse=True)


def _opened(row: PersonFact, key: bytes) -> Fact:
    return _fact(row.kind, row.id, row.sealed, row.true_on, row.recorded_at, row.recorded_by, key)


def _fact(named: str, id: UUID, sealed: bytes, true_on: date, at: datetime, by: str, key: bytes) -> Fact:
    kind = FactKind(named)
    return Fact(kind, CLASS_OF[kind].from_json(unseal_json(key, sealed, id.bytes)), true_on, at, by)
