"""Two files of one child: seen as one, and taken apart again exactly."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.consents import ledger
from records.consents.ledger import FromForm, Given
from records.consents.standing import ConsentState
from records.db import Database
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people import known, merging, register
from records.people.birthdates import BirthDate, across
from records.people.facts import SafeContact, Wishes
from records.people.preferences import preferences_of
from records.schema import metadata

OFFICER = uuid4()
MARCH, SEPTEMBER = BirthDate.on(date(2012, 3, 9)), BirthDate.on(date(2012, 9, 3))


def opened(database: Database, clock: Clock, number: int, name: str, born: BirthDate, carer: str) -> UUID:
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=OFFICER, child_name=name, actor="lee", at=clock.now(), number=number
        )
        register.add_birth_date(session, file, born, part_id=None, actor="lee", at=clock.now())
        register.add_person(session, file, kind=register.CARER, name=carer, actor="lee", at=clock.now())
        return file.id


@pytest.fixture
def two(database: Database, clock: Clock) -> tuple[UUID, UUID]:
    return (
        opened(database, clock, 1, "Rowan Testwood", MARCH, "Morgan Testwood"),
        opened(database, clock, 2, "Rowen Testwood", SEPTEMBER, "Alex Sample"),
    )


def join(database: Database, clock: Clock, kept: UUID, taken: UUID, why: str = "The mother said so.") -> UUID:
    with database.writing() as session:
        return merging.merge(
            session, register.get(session, kept), register.get(session, taken), why=why, by="lee", at=clock.now()
        )


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table but those that tell of joinings."""
    left_out = {"file_merge", "audit_entry"}
    return {
        table.name: sorted(str(tuple(row)) for row in session.execute(sa.select(table)))
        for table in metadata().sorted_tables
        if table.name not in left_out
    }


def test_joined_files_are_one_child_under_both_numbers(
    database: Database, clock: Clock, two: tuple[UUID, UUID]
) -> None:
    join(database, clock, *two)
    with database.reading() as session:
        for file_id in two:
            assert merging.ids_of(session, file_id) == two
        file = register.get(session, two[0])
        child, *others = [person.name for person in register.people(session, file)]
        assert child == "Rowan Testwood"
        assert sorted(others) == ["Alex Sample", "Morgan Testwood"]
        born = across(register.birth_dates(session, file))
        assert born == BirthDate(MARCH.earliest, SEPTEMBER.earliest, disputed=True)


def test_taking_apart_leaves_every_row_as_it_was(database: Database, clock: Clock, two: tuple[UUID, UUID]) -> None:
    with database.reading() as session:
        before = everything(session)
    joining = join(database, clock, *two)
    with database.writing() as session:
        merging.unmerge(session, joining, by="lee", at=clock.now())
    with database.reading() as session:
        assert everything(session) == before
        for file_id in two:
            assert merging.ids_of(session, file_id) == (file_id,)
        acts = session.exec(select(AuditEntry.act).order_by(col(AuditEntry.sequence))).all()
        assert acts[-2:] == ["files_joined", "files_taken_apart"]
    assert join(database, clock, two[1], two[0]) != joining


def test_a_refusal_on_the_joined_file_counts_for_the_child(
    database: Database, clock: Clock, two: tuple[UUID, UUID]
) -> None:
    """A wrong yes harms a family: joining must never hide the newer No on the other file."""
    for file_id, day, state in ((two[0], 1, ConsentState.GIVEN), (two[1], 2, ConsentState.REFUSED)):
        source = FromForm(
            form="westminster-consent", edition="2023", part_id=uuid4(), evidence_id=uuid4(), giver="parent_or_carer",
            effective_on=date(2026, 3, day), effective_assumed=False, received_on=date(2026, 3, day), confirmed_by="lee",
            policy_version="test",
        )  # fmt: skip
        with database.writing() as session:
            file = register.get(session, file_id)
            given = [Given("contact:other_1", "other", state, "May we?", 1, "Example Road Club")]
            ledger.record_form(session, file, source, given, clock.now())
    with database.reading() as session:
        assert ledger.what_holds(session, two[0], clock.today())["contact:other_1"].state is ConsentState.GIVEN
    join(database, clock, *two)
    with database.reading() as session:
        for file_id in two:
            assert ledger.what_holds(session, file_id, clock.today())["contact:other_1"].state is ConsentState.REFUSED
        file = register.get(session, two[0])
        assert {ledger.named(session, file, event) for event in ledger.events(session, two[0])} == {"Example Road Club"}


def test_what_is_known_of_the_child_is_known_on_both(database: Database, clock: Clock, two: tuple[UUID, UUID]) -> None:
    with database.reading() as session:
        children = [register.people(session, register.get(session, file_id))[0].id for file_id in two]
    with database.writing() as session:
        for child, file_id, value in zip(
            children, two, (Wishes("To be asked first."), SafeContact(do_not_contact=True)), strict=True
        ):
            known.record(session, file_id, child, value, true_on=clock.today(), actor="lee", at=clock.now())
    with database.reading() as session:
        assert preferences_of(session, two[0], children[0]).safe_contact is None
        with pytest.raises(NotFound):
            preferences_of(session, two[0], children[1])
    join(database, clock, *two)
    with database.reading() as session:
        for child in children:
            found = preferences_of(session, two[0], child).safe_contact
            assert found is not None
            assert found.do_not_contact


def test_a_file_is_taken_once_and_never_into_itself(database: Database, clock: Clock, two: tuple[UUID, UUID]) -> None:
    third = opened(database, clock, 3, "Rowan Testwood", MARCH, "Morgan Testwood")
    join(database, clock, *two)
    for kept, taken in ((two[0], two[0]), two, two[::-1]):
        with pytest.raises(RefusedByRule):
            join(database, clock, kept, taken)
    with pytest.raises(RefusedByRule):
        join(database, clock, third, two[0], why=" ")
    join(database, clock, third, two[1])  # the file under which that child is seen is joined
    with database.reading() as session:
        assert merging.ids_of(session, two[1]) == (third, *two)
        assert {one.taken_id for one in merging.joined(session, register.get(session, third))} == set(two)


def test_of_two_who_take_apart_one_is_told(database: Database, clock: Clock, two: tuple[UUID, UUID]) -> None:
    joining = join(database, clock, *two)
    with database.writing() as session:
        merging.unmerge(session, joining, by="lee", at=clock.now())
    with pytest.raises(ChangedMeanwhile), database.writing() as session:
        merging.unmerge(session, joining, by="sam", at=clock.now())


def test_a_destroyed_file_leaves_no_person(database: Database, clock: Clock, two: tuple[UUID, UUID]) -> None:
    join(database, clock, *two)
    with database.writing() as session:
        register.forget_people(session, two[1])
        session.delete(register.get(session, two[1]))
    with database.reading() as session:
        assert merging.ids_of(session, two[0]) == two[:1]
        assert len(register.people(session, register.get(session, two[0]))) == 2


def test_a_settled_birth_date_counts_alone_until_a_new_source_disagrees(
    database: Database, clock: Clock, two: tuple[UUID, UUID]
) -> None:
    """R40."""

    def born() -> BirthDate | None:
        with database.reading() as session:
            return across(register.birth_dates(session, register.get(session, two[0])))

    with database.writing() as session:
        file = register.get(session, two[0])
        register.add_birth_date(session, file, SEPTEMBER, part_id=uuid4(), actor="lee", at=clock.now())
    found = born()
    assert found is not None
    assert found.disputed
    with database.writing() as session:
        file = register.get(session, two[0])
        later = clock.now() + timedelta(minutes=1)
        register.settle_birth_date(session, file, MARCH, evidence="passport", why="", actor="lee", at=later)
    assert born() == MARCH
    with database.writing() as session:
        file = register.get(session, two[0])
        later = clock.now() + timedelta(minutes=2)
        register.add_birth_date(session, file, SEPTEMBER, part_id=uuid4(), actor="lee", at=later)
    found = born()
    assert found is not None
    assert found.disputed
    with database.reading() as session:
        assert len(register.birth_sources(session, register.get(session, two[0]))) == 4
    for evidence, why in (("", ""), ("other", " "), ("guess", "x")):
        with pytest.raises(RefusedByRule), database.writing() as session:
            file = register.get(session, two[0])
            register.settle_birth_date(session, file, MARCH, evidence=evidence, why=why, actor="lee", at=clock.now())
