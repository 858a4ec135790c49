"""Children's files: opened, found, added to. Names and birth dates are sealed under the file's own key.

Search works on keyed hashes (`index.py`), so that neither the database nor a backup of it holds a name in clear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from records.audit import trail
from records.db import once
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.documents.tables import WrappedKey
from records.errors import NotFound, RefusedByRule
from records.people import index, known, merging
from records.people.birthdates import BirthDate
from records.people.facts import Details, Fact, FactKind, Responsibility, newest
from records.people.index import Found
from records.people.relations import kind_of
from records.people.tables import BirthDateFact, ChildFile, Person, PersonFact

CHILD, CARER = "child", "carer"
MOST_FOUND = 50

OTHER_EVIDENCE = "other"
EVIDENCE_OF_BIRTH = {
    "birth_certificate": "Birth certificate",
    "passport": "Passport",
    "nhs_letter": "Letter of the health service",
    "school_record": "Record of the school",
    "family": "The family was asked",
    "new_look": "The paper was looked at again",
    OTHER_EVIDENCE: "Something else",
}
"""What a person saw who settled a birth date (R40)."""


@dataclass(frozen=True)
class PersonShown:
    """A person on a file, opened for somebody who may see it."""

    id: UUID
    kind: str
    name: str
    relationship: str
    parental_responsibility: str
    file_id: UUID
    ended: bool = False


@dataclass(frozen=True)
class BirthSource:
    """What one source says of the birth date, or a person's decision about it. `part_id`: the form it came from, None if typed."""

    born: BirthDate | None
    part_id: UUID | None
    recorded_by: str
    recorded_at: datetime
    settled: bool = False
    evidence: str = ""
    why: str = ""


def open_file(
    session: Session, *, officer_id: UUID, child_name: str, actor: str, at: datetime, number: int
) -> ChildFile:
    """A new file with its own key. Nothing is stored about a child before storing was agreed (R28): callers check that."""
    key_id, _ = keyring.make(session, at)
    file = ChildFile(number=number, key_id=key_id, officer_id=officer_id, opened_at=at, changed_by=actor, changed_at=at)
    session.add(file)
    session.flush()
    add_person(session, file, kind=CHILD, name=child_name, relationship="self", actor=actor, at=at)
    trail.append(
        session, actor=actor, act="file_opened", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"number": number},
    )  # fmt: skip
    return file


def add_person(
    session: Session, file: ChildFile, *, kind: str, name: str, actor: str, at: datetime, relationship: str = "unknown"
) -> Person:
    """Adds a person in their own right. Parental responsibility stays unknown until somebody records it (F24, R18)."""
    key = keyring.open_key(session, file.key_id)
    person = Person(
        file_id=file.id, kind=kind, sealed=b"", relationship=relationship, recorded_by=actor, recorded_at=at
    )
    person.sealed = seal_json(key, {"name": name}, person.id.bytes)
    session.add(person)
    index.add(session, file.id, name=name)
    return person


def people(session: Session, file: ChildFile, *, ended: bool = False) -> list[PersonShown]:
    """Everybody on the file as known now, the child first; with `ended`, also those who no longer are on it."""
    shown = once(session, (people, merging.ids_of(session, file.id)), lambda: _everybody(session, file))
    return sorted(
        (person for person in shown if ended or not person.ended),
        key=lambda person: (person.kind != CHILD, person.ended),
    )


def _everybody(session: Session, file: ChildFile) -> list[PersonShown]:
    files = merging.files_of(session, file)
    keys = {one.id: keyring.open_key(session, one.key_id) for one in files}
    there = known.everybody(session, file.id)
    return [
        _shown(row, unseal_json(keys[row.file_id], row.sealed, row.id.bytes), there.facts.get(row.id, []))
        for row in there.rows
        if row.kind != CHILD or row.file_id == files[0].id  # the child of a joined file is this child
    ]


def people_of(session: Session, files: Sequence[ChildFile]) -> dict[UUID, list[PersonShown]]:
    """Everybody on each of many files, each file by itself, the child first: for lists."""
    keys = keyring.open_keys(session, [file.key_id for file in files])
    key_of = {file.id: keys[file.key_id] for file in files if file.key_id in keys}
    facts = known.of_files(session, key_of)
    rows = session.execute(_PEOPLE, {"files": list(key_of)})
    found: dict[UUID, list[PersonShown]] = {file.id: [] for file in files}
    for row in rows:
        first = unseal_json(key_of[row.file_id], row.sealed, row.id.bytes)
        found[row.file_id].append(_shown(row, first, facts.get(row.id, [])))
    return {
        file_id: sorted((each for each in people if not each.ended), key=lambda each: each.kind != CHILD)
        for file_id, people in found.items()
    }


def all_of(session: Session, file: ChildFile) -> list[ChildFile]:
    """Every file of this child, the one that is kept first (`merging`)."""
    return merging.files_of(session, file)


_PEOPLE = (  # put together once, and its columns alone: every search asks for some fifty people
    sa.select(
        col(Person.id), col(Person.file_id), col(Person.kind), col(Person.sealed), col(Person.relationship),
        col(Person.parental_responsibility),
    )
    .where(col(Person.file_id).in_(sa.bindparam("files", expanding=True)))
    .order_by(col(Person.recorded_at), col(Person.id))
)  # fmt: skip


def _shown(row: Person | sa.Row[Any], first: Mapping[str, Any], facts: Sequence[Fact]) -> PersonShown:
    details = newest(facts, FactKind.DETAILS)
    standing = newest(facts, FactKind.RESPONSIBILITY)
    name, relationship = str(first["name"]), row.relationship
    if details is not None and isinstance(details.value, Details):
        name, relationship = details.value.name, details.value.relationship
    return PersonShown(
        id=row.id, kind=kind_of(relationship, row.kind), name=name, relationship=relationship, file_id=row.file_id,
        parental_responsibility=standing.value.answer if standing and isinstance(standing.value, Responsibility)
        else row.parental_responsibility, ended=newest(facts, FactKind.ENDED) is not None,
    )  # fmt: skip


def shown_as(session: Session, file: ChildFile, person_id: UUID) -> UUID:
    """The id under which somebody stands on a file: the child of a joined file is this child, whatever was begun in their name there."""
    children = [row.id for row in known.everybody(session, file.id).rows if row.kind == CHILD]
    if person_id not in children:
        return person_id
    return next(person.id for person in people(session, file) if person.kind == CHILD)


def names(session: Session, file: ChildFile) -> dict[UUID, str]:
    """What everybody on a file is called, by id, also who no longer is on it: for what went to them, or came from them, before."""
    shown = {person.id: person.name for person in people(session, file, ended=True)}
    children = [row.id for row in known.everybody(session, file.id).rows if row.kind == CHILD]
    return dict.fromkeys(children, child_name(session, file)) | shown


def child_name(session: Session, file: ChildFile) -> str:
    return next(person.name for person in people(session, file) if person.kind == CHILD)


def add_birth_date(
    session: Session, file: ChildFile, born: BirthDate | None, *, part_id: UUID | None, actor: str, at: datetime
) -> None:
    """Appends what one source says (R13, R40). None: the source was looked at and says nothing that can be used (R37)."""
    _append_birth(session, file, born, {}, part_id, actor, at)


def settle_birth_date(
    session: Session, file: ChildFile, born: BirthDate, *, evidence: str, why: str, actor: str, at: datetime
) -> None:
    """A person's decision, on evidence, between sources that disagree (R40): from now on this date counts alone, until a new source
    says something else. What each source said is kept. RefusedByRule without evidence or reason."""
    if evidence not in EVIDENCE_OF_BIRTH:
        raise RefusedByRule("Choose what you saw.", "R40")
    if not why.strip() and evidence == OTHER_EVIDENCE:
        raise RefusedByRule("Enter what you saw.", "R40")
    more = {"settled": True, "evidence": evidence, "why": why.strip()}
    _append_birth(session, file, born, more, None, actor, at)
    trail.append(
        session, actor=actor, act="birth_date_settled", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"evidence": evidence},
    )  # fmt: skip


def _append_birth(
    session: Session, file: ChildFile, born: BirthDate | None, more: Mapping[str, Any], part_id: UUID | None, actor: str,
    at: datetime,
) -> None:  # fmt: skip
    key = keyring.open_key(session, file.key_id)
    fact = BirthDateFact(file_id=file.id, sealed=b"", part_id=part_id, recorded_by=actor, recorded_at=at)
    said = {"earliest": born and born.earliest.isoformat(), "latest": born and born.latest.isoformat()}
    fact.sealed = seal_json(key, said | dict(more), fact.id.bytes)
    session.add(fact)
    session.flush()
    if born is not None and born.exact:
        index.add(session, file.id, born=born.earliest)


def birth_sources(session: Session, file: ChildFile) -> list[BirthSource]:
    """Everything that was ever said about the child's birth date, oldest first, also on files joined to this one."""
    ids = merging.ids_of(session, file.id)
    return list(once(session, (birth_sources, ids), lambda: _birth_sources(session, file)))


def _birth_sources(session: Session, file: ChildFile) -> list[BirthSource]:
    files = merging.files_of(session, file)
    keys = {one.id: keyring.open_key(session, one.key_id) for one in files}
    return [_source(row, keys[row.file_id]) for row in session.execute(_BIRTHS, {"files": list(keys)})]


_BIRTHS = (  # put together once, and its columns alone: thousands of objects cost as much again as unsealing
    sa.select(
        col(BirthDateFact.id), col(BirthDateFact.file_id), col(BirthDateFact.sealed), col(BirthDateFact.part_id),
        col(BirthDateFact.recorded_by), col(BirthDateFact.recorded_at),
    )
    .where(col(BirthDateFact.file_id).in_(sa.bindparam("files", expanding=True)))
    .order_by(col(BirthDateFact.recorded_at), col(BirthDateFact.id))
)  # fmt: skip


def birth_dates(session: Session, file: ChildFile) -> list[BirthDate]:
    """What counts now, oldest first: what each source says, or, once a person has settled it, that and what came later (R40)."""
    return standing_sources(birth_sources(session, file))


class WithKey(Protocol):
    """A file, or as much of one as tells under which key its facts lie."""

    @property
    def id(self) -> UUID: ...

    @property
    def key_id(self) -> UUID: ...


def birth_dates_of(session: Session, files: Sequence[WithKey]) -> dict[UUID, list[BirthDate]]:
    """What counts now for many files at once, each by itself (not those joined to it): for lists and daily jobs."""
    keys = keyring.open_keys(session, [file.key_id for file in files])
    key_of = {file.id: keys[file.key_id] for file in files if file.key_id in keys}
    rows = session.execute(_BIRTHS, {"files": list(key_of)})
    found: dict[UUID, list[BirthSource]] = {file.id: [] for file in files}
    for row in rows:
        found[row.file_id].append(_source(row, key_of[row.file_id]))
    return {file_id: standing_sources(sources) for file_id, sources in found.items()}


def standing_sources(sources: Sequence[BirthSource]) -> list[BirthDate]:
    """The sources that count: everything since the last settlement, and that itself; all of them when nothing was settled.

    What was recorded at one instant was there before the settlement that rests on it.
    """
    sources = sorted(sources, key=lambda source: (source.recorded_at, source.settled))
    settled = max((at for at, source in enumerate(sources) if source.settled), default=0)
    return [source.born for source in sources[settled:] if source.born is not None]


def _source(row: BirthDateFact | sa.Row[Any], key: bytes) -> BirthSource:
    value = unseal_json(key, row.sealed, row.id.bytes)
    born = (
        BirthDate(date.fromisoformat(value["earliest"]), date.fromisoformat(value["latest"]))
        if value["earliest"] is not None
        else None
    )
    return BirthSource(
        born, row.part_id, row.recorded_by, row.recorded_at, bool(value.get("settled")), str(value.get("evidence", "")),
        str(value.get("why", "")),
    )  # fmt: skip


def get(session: Session, file_id: UUID) -> ChildFile:
    file = session.get(ChildFile, file_id)
    if file is None:
        raise NotFound("There is no such file.")
    return file


_WITH_KEY = (  # put together once: every decision of the gate asks
    sa.select(ChildFile, WrappedKey, merging.JOINED)
    .outerjoin(WrappedKey, col(WrappedKey.id) == col(ChildFile.key_id))
    .where(col(ChildFile.id) == sa.bindparam("file"))
)


def with_key(session: Session, file_id: UUID) -> tuple[ChildFile, WrappedKey | None]:
    """A file and its key as it is kept, in one question, which also tells whether the file is joined to another: three questions in
    one. The caller holds on to both, else whoever asks next would fetch them anew. NotFound for a file that is not there."""
    row = session.execute(_WITH_KEY, {"file": file_id}).first()
    if row is None:
        raise NotFound("There is no such file.")
    file, key, joined = row
    if not joined:
        merging.alone(session, file_id)
    return file, key


def by_number(session: Session, number: int) -> ChildFile:
    file = session.exec(select(ChildFile).where(ChildFile.number == number)).first()
    if file is None:
        raise NotFound("There is no such file.")
    return file


def find_by_name(session: Session, typed: str, may_open: index.MayOpen = index.everybody) -> list[Found]:
    """Files whose people are called so, or nearly so, best first, among those that `may_open` allows."""
    return index.by_name(session, typed, may_open, MOST_FOUND)


def find_by_birth_date(session: Session, born: date, may_open: index.MayOpen = index.everybody) -> list[Found]:
    """Files with this birth date, newest first, among those that `may_open` allows."""
    return index.by_birth(session, born.isoformat(), may_open, MOST_FOUND)


def reindex(session: Session, limit: int) -> int:
    """Makes the search keys of some files anew where their form is old; returns how many files. 0: all are as they should be."""
    ids = index.not_in_form(session, limit)
    for file_id in ids:
        file = get(session, file_id)
        key = keyring.open_key(session, file.key_id)
        rows = session.exec(select(Person).where(Person.file_id == file_id)).all()
        names = [str(unseal_json(key, row.sealed, row.id.bytes)["name"]) for row in rows]
        names += [
            fact.value.name
            for facts in known.of_file(session, file_id).values()
            for fact in facts
            if isinstance(fact.value, Details)
        ]
        births = session.exec(select(BirthDateFact).where(BirthDateFact.file_id == file_id)).all()
        dates = [born.earliest for row in births if (born := _source(row, key).born) is not None and born.exact]
        index.renew(session, file_id, names, dates)
    return len(ids)


def forget_people(session: Session, file_id: UUID) -> None:
    """Deletes every person, fact, birth date, search key and joining of a file that is destroyed (R48); its row may go afterwards."""
    index.forget(session, file_id)
    for table in (PersonFact, Person, BirthDateFact):
        session.execute(sa.delete(table).where(col(table.file_id) == file_id))
    merging.forget(session, file_id)
    session.flush()
