"""Children's files: what is sealed, what search finds, and that no name lies in the database in clear."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, SQLModel, select

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.errors import Damaged, NotFound
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import BirthDateFact, ChildFile, Person, SearchSpelling, SearchToken
from tests.builders import CARER, CHILD

OFFICER = uuid4()
BORN = BirthDate.on(date(2011, 5, 14))


def opened(database: Database, clock: Clock, name: str = CHILD, born: BirthDate | None = None, number: int = 1) -> UUID:
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=OFFICER, child_name=name, actor=str(OFFICER), at=clock.now(), number=number
        )
        if born is not None:
            register.add_birth_date(session, file, born, part_id=None, actor=str(OFFICER), at=clock.now())
        return file.id


def found(session: Session, typed: str) -> list[int]:
    return [hit.file.number for hit in register.find_by_name(session, typed)]


def test_a_file_opens_with_a_key_of_its_own_and_one_audit_entry(database: Database, clock: Clock) -> None:
    opened(database, clock), opened(database, clock, "Alex Sample", number=2)

    with database.reading() as session:
        one, other = register.by_number(session, 1), register.by_number(session, 2)
        assert one.key_id != other.key_id
        assert (one.officer_id, one.opened_at) == (OFFICER, clock.now())
        assert (register.child_name(session, one), register.child_name(session, other)) == (CHILD, "Alex Sample")
        entries = session.exec(select(AuditEntry)).all()
        assert [(entry.act, entry.subject_id) for entry in entries] == [
            ("file_opened", str(one.id)), ("file_opened", str(other.id)),
        ]  # fmt: skip
        assert all("Testwood" not in entry.detail for entry in entries)


def test_people_come_child_first_and_parental_responsibility_is_not_assumed(database: Database, clock: Clock) -> None:
    """F24, R18: a signature says nothing about who may decide."""
    file_id = opened(database, clock)
    with database.writing() as session:
        register.add_person(
            session, register.get(session, file_id), kind=register.CARER, name=CARER, actor="lee",
            at=clock.now() - timedelta(days=1),
        )  # fmt: skip

    with database.reading() as session:
        child, carer = register.people(session, register.get(session, file_id))
        assert (child.kind, child.name) == (register.CHILD, CHILD)
        assert (carer.kind, carer.name, carer.relationship) == (register.CARER, CARER, "unknown")
        assert carer.parental_responsibility == "unknown"


@pytest.mark.parametrize("table", [ChildFile, Person, BirthDateFact, SearchToken, SearchSpelling])
def test_no_row_holds_a_name_or_a_birth_date(database: Database, clock: Clock, table: type[SQLModel]) -> None:
    opened(database, clock, born=BORN)

    with database.reading() as session:
        rows = session.exec(select(table)).all()
        assert rows
        for value in (value for row in rows for value in row.model_dump().values()):
            plain = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            assert not any(piece in plain for piece in ("Rowan", "Testwood", "2011-05-14", "name:", "born:"))


def test_what_is_sealed_for_one_person_does_not_open_for_another(database: Database, clock: Clock) -> None:
    file_id = opened(database, clock)
    with database.writing() as session:
        file = register.get(session, file_id)
        carer = register.add_person(
            session, file, kind=register.CARER, name=CARER, actor="lee", at=clock.now()
        )  # fmt: skip
        child = session.exec(select(Person).where(Person.kind == register.CHILD)).one()
        carer.sealed, child.sealed = child.sealed, carer.sealed

    with database.reading() as session, pytest.raises(Damaged) as refused:
        register.people(session, register.get(session, file_id))
    assert "Testwood" not in str(refused.value)


@pytest.mark.parametrize(
    "typed", [CHILD, "rowan testwood", "Testwood", "Testwood, Rowan", "ROWEN TESTWOOD", "  Rowan   Testwod "]
)
def test_a_name_is_found_also_when_it_is_spelt_a_little_differently(
    database: Database, clock: Clock, typed: str
) -> None:
    opened(database, clock)
    opened(database, clock, "Alex Sample", number=2)

    with database.reading() as session:
        assert found(session, typed) == [1]


@pytest.mark.parametrize("typed", ["", "  ", "-", "Alexandra Pretend", "\u202e", "%", "name:^ro"])
def test_what_fits_no_name_finds_nothing(database: Database, clock: Clock, typed: str) -> None:
    opened(database, clock)

    with database.reading() as session:
        assert found(session, typed) == []


def test_accents_and_marks_make_no_difference(database: Database, clock: Clock) -> None:
    opened(database, clock, "Zoë O\u2019Invented-Nuñez")

    with database.reading() as session:
        assert found(session, "zoe oinvented nunez") == [1]
        assert register.child_name(session, register.by_number(session, 1)) == "Zoë O\u2019Invented-Nuñez"


def test_the_best_fit_comes_first(database: Database, clock: Clock) -> None:
    opened(database, clock, "Rowena Testwood", number=1)
    opened(database, clock, CHILD, number=2)

    with database.reading() as session:
        hits = register.find_by_name(session, CHILD)
    assert [hit.file.number for hit in hits] == [2, 1]
    assert hits[0].score == 1.0 > hits[1].score


def test_a_carers_name_leads_to_the_childs_file(database: Database, clock: Clock) -> None:
    file_id = opened(database, clock)
    with database.writing() as session:
        register.add_person(
            session,
            register.get(session, file_id),
            kind=register.CARER,
            name="Alex Sample",
            actor="lee",
            at=clock.now(),
        )

    with database.reading() as session:
        assert found(session, "Alex Sample") == [1]


def test_a_birth_date_known_to_the_day_is_found_and_a_partial_one_is_not(database: Database, clock: Clock) -> None:
    opened(database, clock, born=BORN)
    opened(database, clock, born=BirthDate(date(2011, 5, 1), date(2011, 5, 31)), number=2)

    with database.reading() as session:
        assert [hit.file.number for hit in register.find_by_birth_date(session, BORN.earliest)] == [1]
        assert register.find_by_birth_date(session, date(2011, 5, 1)) == []


def test_every_source_of_a_birth_date_is_kept_and_one_that_says_nothing_is_no_date(
    database: Database, clock: Clock
) -> None:
    """R37, R40."""
    file_id, other = opened(database, clock, born=BORN), BirthDate.on(date(2011, 3, 14))
    with database.writing() as session:
        file = register.get(session, file_id)
        for minutes, born in ((1, None), (2, other), (3, BORN)):
            register.add_birth_date(
                session, file, born, part_id=uuid4(), actor="lee", at=clock.now() + timedelta(minutes=minutes)
            )

    with database.reading() as session:
        file = register.get(session, file_id)
        assert register.birth_dates(session, file) == [BORN, other, BORN]
        assert len(session.exec(select(BirthDateFact)).all()) == 4
        for born in (BORN, other):
            assert [hit.file.id for hit in register.find_by_birth_date(session, born.earliest)] == [file_id]


def test_a_file_that_is_not_there_is_not_found(database: Database) -> None:
    with database.reading() as session:
        with pytest.raises(NotFound):
            register.get(session, uuid4())
        with pytest.raises(NotFound):
            register.by_number(session, 42)
