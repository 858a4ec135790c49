"""Facts about people, appended and read back. Each is sealed under the key of its file; nothing is ever overwritten."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.clock import LONDON
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


def of_file(session: Session, file_id: UUID) -> dict[UUID, list[Fact]]:
    """Everything known about everybody on a child's file and those joined to it, by person, in the order in which it was recorded.

    The child of a joined file is the same child: what is known of one is known of the other.
    """
    ids = merging.ids_of(session, file_id)
    rows = session.exec(
        select(PersonFact)
        .where(col(PersonFact.file_id).in_(ids))
        .order_by(col(PersonFact.recorded_at), col(PersonFact.id))
    ).all()
    if not rows:
        return {}
    keys = {
        one: keyring.open_key(session, session.get_one(ChildFile, one).key_id) for one in {row.file_id for row in rows}
    }
    same = _one_child(session, ids)
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for row in rows:
        for who in same.get(row.person_id, (row.person_id,)):
            found[who].append(_opened(row, keys[row.file_id]))
    return dict(found)


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


def _one_child(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    if len(ids) == 1:
        return {}
    children = tuple(session.exec(select(Person.id).where(col(Person.file_id).in_(ids), Person.kind == Kind.CHILD)))
    return dict.fromkeys(children, children)


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
    kind = FactKind(row.kind)
    value = CLASS_OF[kind].from_json(unseal_json(key, row.sealed, row.id.bytes))
    return Fact(kind, value, row.true_on, row.recorded_at, row.recorded_by)
