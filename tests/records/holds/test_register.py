"""R44, R45: holds are placed over one thing, a kind of thing or everything, stack, and keep back whatever they touch."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from records import holds
from records.clock import Clock
from records.db import Database
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import Category, Hold, HoldKind, Scope, register
from records.holds.kinds import cannot_be_placed, may_be_listed_from, review_date
from records.holds.tables import HoldRow
from records.people import merging
from records.people import register as people
from records.people.tables import ChildFile
from tests.questions import asked, brought

WHO = str(uuid4())
OTHER = str(uuid4())


def a_file(session: Session, clock: Clock, number: int = 7) -> ChildFile:
    return people.open_file(
        session, officer_id=uuid4(), child_name="Rowan Testwood", actor=WHO, at=clock.now(), number=number
    )


def placed(
    session: Session, clock: Clock, scope: Scope = Scope.EVERYTHING, subject_id: UUID | None = None, **more: object
) -> Hold:
    return holds.place(
        session, kind=more.pop("kind", HoldKind.COURT), scope=scope, subject_id=subject_id, authority="County court",  # type: ignore[arg-type]
        reason="A claim is expected.", by=WHO, at=clock.now(), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_hold_over_a_file_keeps_it_until_it_is_lifted(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        assert holds.blocking(session, file_id=file.id) == ()
        hold = placed(session, clock, Scope.FILE, file.id)
        assert [each.id for each in holds.blocking(session, file_id=file.id)] == [hold.id]
        assert hold.review_on == date(2027, 5, 20)
        holds.release(session, hold.id, why="The claim was settled.", by=OTHER, at=clock.now())
        assert holds.blocking(session, file_id=file.id) == ()
        assert register.last_lifted(session, file.id) == clock.today()
        assert register.written(session, hold.id).released == "The claim was settled."


def test_holds_stack_and_each_keeps_by_itself(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        first, second = (
            placed(session, clock, Scope.FILE, file.id),
            placed(session, clock, Scope.FILE, file.id, kind=HoldKind.FOI),
        )
        holds.release(session, first.id, why="Over.", by=WHO, at=clock.now())
        assert [each.id for each in holds.blocking(session, file_id=file.id)] == [second.id]


def test_a_hold_over_one_file_keeps_no_other(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        held, free = a_file(session, clock, 1), a_file(session, clock, 2)
        placed(session, clock, Scope.FILE, held.id)
        assert holds.blocking(session, file_id=free.id) == ()


def test_joined_files_are_one_child_and_are_held_together(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        kept, taken = a_file(session, clock, 1), a_file(session, clock, 2)
        before = placed(session, clock, Scope.FILE, taken.id)
        joining = merging.merge(session, kept, taken, why="The mother said so.", by=WHO, at=clock.now())
        after = placed(session, clock, Scope.FILE, kept.id, kind=HoldKind.FOI)
        for one in (kept, taken):
            assert {each.id for each in holds.blocking(session, file_id=one.id)} == {before.id, after.id}
        merging.unmerge(session, joining, by=WHO, at=clock.now())
        assert [each.id for each in holds.blocking(session, file_id=kept.id)] == [after.id]
        assert [each.id for each in holds.blocking(session, file_id=taken.id)] == [before.id]


def test_a_hold_over_a_person_keeps_the_file_and_one_over_everything_keeps_all(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        person = people.add_person(session, file, kind="carer", name="Morgan Testwood", actor=WHO, at=clock.now())
        session.flush()
        over_person = placed(session, clock, Scope.PERSON, person.id)
        everything = placed(session, clock)
        assert {each.id for each in holds.blocking(session, file_id=file.id)} == {over_person.id, everything.id}
        assert [each.id for each in holds.blocking(session, item_id=uuid4())] == [everything.id]
        assert [each.id for each in holds.blocking(session)] == [everything.id]


def test_a_category_keeps_what_is_of_its_kind_and_what_nobody_knows_about(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file, careful = a_file(session, clock, 1), a_file(session, clock, 2)
        hold = placed(session, clock, Scope.FILE, careful.id, kind=HoldKind.SAFEGUARDING)
        holds.release(session, hold.id, why="Closed.", by=WHO, at=clock.now())
        kept = placed(session, clock, Scope.CATEGORY, category=Category.SAFEGUARDING_FILES, kind=HoldKind.MORATORIUM)
        assert [each.id for each in holds.blocking(session, file_id=careful.id)] == [kept.id]
        assert holds.blocking(session, file_id=file.id) == ()
        forms = placed(session, clock, Scope.CATEGORY, category=Category.FORMS)
        assert [each.id for each in holds.blocking(session, file_id=file.id)] == [forms.id], (
            "no page known: doubt keeps"
        )


def test_the_same_source_places_one_hold(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        first = placed(session, clock, Scope.FILE, file.id, kind=HoldKind.REQUEST, source="request:1")
        again = placed(session, clock, Scope.FILE, file.id, kind=HoldKind.REQUEST, source="request:1")
        assert first.id == again.id
        assert len(holds.of_source(session, "request:1")) == 1


def test_two_people_lift_one_hold_and_the_second_is_told(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        hold = placed(session, clock)
        holds.release(session, hold.id, why="Over.", by=WHO, at=clock.now(), version=hold.version)
        with pytest.raises(ChangedMeanwhile):
            holds.release(session, hold.id, why="Over.", by=OTHER, at=clock.now(), version=hold.version)


def test_a_request_answered_on_its_last_day_keeps_three_months_more(database: Database, clock: Clock) -> None:
    """R45's example: answered 4 January 2027, held to 4 April, listed 18 April at the earliest, due date unmoved."""
    with database.writing() as session:
        file = a_file(session, clock)
        hold = placed(session, clock, Scope.FILE, file.id, kind=HoldKind.REQUEST)
        assert holds.let_run_out(session, hold.id, ends_on=date(2027, 4, 4), by=WHO, at=clock.now()).standing
        assert register.lift_ended(session, today=date(2027, 4, 4), at=clock.now()) == 0
        assert len(holds.blocking(session, file_id=file.id)) == 1
        assert register.lift_ended(session, today=date(2027, 4, 5), at=clock.now()) == 1
        lifted = register.last_lifted(session, file.id)
    assert lifted == date(2027, 4, 4)
    assert may_be_listed_from(lifted, date(2026, 12, 31)) == date(2027, 4, 18)


def test_a_review_moves_the_review_date_only(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        hold = placed(session, clock)
        assert register.to_review(session, hold.review_on - timedelta(days=1)) == 0
        assert register.to_review(session, hold.review_on) == 1
        later = register.reviewed(session, hold.id, next_on=date(2027, 11, 1), by=OTHER, at=clock.now())
        assert (later.review_on, later.standing) == (date(2027, 11, 1), True)
        with pytest.raises(RefusedByRule):
            register.reviewed(session, hold.id, next_on=clock.today(), by=OTHER, at=clock.now())


def test_there_must_be_something_to_hold(database: Database, clock: Clock) -> None:
    with database.writing() as session, pytest.raises(NotFound):
        placed(session, clock, Scope.FILE, uuid4())


def test_what_was_written_lies_sealed_under_the_key_of_its_file(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        hold = placed(session, clock, Scope.FILE, file.id)
        row = session.get_one(HoldRow, hold.id)
        assert row.key_id == file.key_id
        assert b"claim" not in row.sealed
        assert register.written(session, hold.id).authority == "County court"


@pytest.mark.parametrize(
    ("scope", "subject_id", "category", "reason", "authority", "says"),
    [
        (Scope.FILE, None, None, "Why", "Court", "needs its number"),
        (Scope.CATEGORY, None, None, "Why", "Court", "Choose which kind"),
        (Scope.EVERYTHING, None, None, "  ", "Court", "Say why"),
        (Scope.EVERYTHING, None, None, "Why", " ", "who asks"),
        (Scope.EVERYTHING, None, None, "x" * 501, "Court", "at most 500"),
    ],
)
def test_what_is_missing_is_said(
    scope: Scope, subject_id: UUID | None, category: Category | None, reason: str, authority: str, says: str
) -> None:
    assert says in (cannot_be_placed(scope, subject_id, category, reason, authority) or "")


def test_a_hold_moves_no_date_and_only_the_listing_waits() -> None:
    assert may_be_listed_from(None, date(2033, 5, 14)) == date(2033, 5, 14)
    assert may_be_listed_from(date(2030, 1, 1), date(2033, 5, 14)) == date(2033, 5, 14)
    assert review_date(date(2026, 8, 31)) == date(2027, 2, 28)


def test_which_files_a_hold_reached_brings_no_more_where_many_others_are_held(database: Database, clock: Clock) -> None:
    def reached(shown: list[UUID]) -> tuple[set[UUID], int]:
        with database.reading() as session, asked(database) as questions:
            found = register.touched(session, shown)
        return found, brought(database, questions)

    with database.writing() as session:
        held, free, by_person = (a_file(session, clock, number).id for number in (1, 2, 3))
        placed(session, clock, Scope.FILE, held)
        placed(session, clock, Scope.PERSON, people.people(session, people.get(session, by_person))[0].id)
    few = reached([held, free, by_person])
    assert few[0] == {held, by_person} and few[1] > 0
    with database.writing() as session:
        for number in range(4, 24):
            placed(session, clock, Scope.FILE, a_file(session, clock, number).id)
    assert reached([held, free, by_person]) == few
    assert reached([]) == (set(), 0)
