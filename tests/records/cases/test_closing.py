"""A child's file closed and opened again: by hand, by its last referral, by a new one, and with what is joined to it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from records import migrations
from records.audit.tables import AuditEntry
from records.cases import closing, progress, referrals
from records.cases.tables import FileTurn
from records.cases.words import Capacity, Openness, Outcome
from records.clock import Clock
from records.db import Database
from records.errors import ChangedMeanwhile, RefusedByRule
from records.people import merging, register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.policies.settings import load
from records.tasks.tables import TaskRow

POLICY, ME = load("westminster", on=date(2026, 9, 10)), str(uuid4())


def a_file(session: Session, clock: Clock, number: int = 1) -> ChildFile:
    file = register.open_file(
        session, officer_id=UUID(ME), child_name="Rowan Testwood", actor=ME, at=clock.now(), number=number
    )
    register.add_birth_date(session, file, BirthDate.on(date(2011, 5, 14)), part_id=None, actor=ME, at=clock.now())
    return file


def test_a_file_is_closed_and_opened_with_a_day_and_a_reason(database: Database, clock: Clock) -> None:
    at, today = clock.now(), clock.today()
    with database.writing() as session:
        file = a_file(session, clock)
        assert closing.standing(session, file) == closing.Standing(Openness.NOT_CLOSED, today)
        with pytest.raises(RefusedByRule, match="Write why"):
            closing.close(session, file, "  ", on=today, actor=ME, at=at)
        closing.close(session, file, "Rowan moved to Leeds", on=today - timedelta(days=3), actor=ME, at=at)
        assert closing.standing(session, file) == closing.Standing(None, today - timedelta(days=3))
        assert file.closed_at == at
        with pytest.raises(ChangedMeanwhile, match="closed this file at"):
            closing.close(session, file, "Again", on=today, actor=ME, at=at)
        later = at + timedelta(minutes=5)
        closing.reopen(session, file, "They are back", on=today, actor=ME, at=later)
        assert (closing.standing(session, file).open, file.closed_at) == (True, None)
        with pytest.raises(ChangedMeanwhile, match="opened this file at"):
            closing.reopen(session, file, "Again", on=today, actor=ME, at=later)
        assert [(one.row.closed, one.words) for one in closing.turns(session, file)] == [
            (False, "They are back"), (True, "Rowan moved to Leeds"),
        ]  # fmt: skip
        acts = session.exec(select(AuditEntry.act, AuditEntry.detail)).all()
        assert [act for act, _ in acts][-2:] == ["file_closed", "file_reopened"]
        assert not any("Rowan" in detail for _, detail in acts)
        assert all(b"Rowan" not in (row.sealed or b"") for row in session.exec(select(FileTurn)).all())


def test_a_file_follows_its_referrals(database: Database, clock: Clock) -> None:
    at, today = clock.now(), clock.today()

    def refer(session: Session, file: ChildFile) -> referrals.Referral:
        return referrals.log_on_file(
            session, file, Capacity.PARENT, "A school place", POLICY, received_on=today, actor=ME, at=at
        )

    def end(session: Session, file: ChildFile, referral: referrals.Referral) -> None:
        progress.close(session, file, referral, Outcome.RESOLVED, "", on=today, actor=ME, at=at)

    with database.writing() as session:
        file = a_file(session, clock)
        first, second = refer(session, file), refer(session, file)
        with pytest.raises(RefusedByRule, match="referral is still open"):
            closing.close(session, file, "Over", on=today, actor=ME, at=at)
        end(session, file, first)
        assert closing.standing(session, file).open_by is Openness.REFERRAL, "another referral is open"
        end(session, file, second)
        assert not closing.standing(session, file).open
        progress.reopen(session, file, first, "Not over", on=today, actor=ME, at=at)
        assert closing.standing(session, file).open and file.closed_at is None
        end(session, file, first)
        refer(session, file)
        assert closing.standing(session, file).open_by is Openness.REFERRAL and file.closed_at is None


def test_joined_files_are_open_while_one_of_them_is_and_are_closed_together(database: Database, clock: Clock) -> None:
    at, today = clock.now(), clock.today()
    with database.writing() as session:
        kept, taken = a_file(session, clock, 1), a_file(session, clock, 2)
        closing.close(session, kept, "Over", on=today, actor=ME, at=at)
        merging.merge(session, kept, taken, why="The same day of birth", by=ME, at=at)
        assert closing.standing(session, kept).open_by is Openness.NOT_CLOSED
        closing.close(session, kept, "Both are over", on=today, actor=ME, at=at)
        assert kept.closed_at and taken.closed_at and not closing.standing(session, kept).open
        closing.reopen(session, kept, "Back", on=today, actor=ME, at=at)
        assert kept.closed_at is None and taken.closed_at is None


def test_the_task_to_close_or_keep_is_raised_once_and_goes_when_it_is_closed(database: Database, clock: Clock) -> None:
    at, today = clock.now(), clock.today()
    with database.writing() as session:
        file = a_file(session, clock)
        for _ in range(2):
            closing.call_for(session, file, today=today, at=at)
        [task] = session.exec(select(TaskRow)).all()
        assert (task.file_id, task.for_officer, task.closed_at) == (file.id, None, None)
        closing.close(session, file, "Over", on=today, actor=ME, at=at)
        assert task.closed_at == at
        closing.reopen(session, file, "Back", on=today, actor=ME, at=at)
        closing.call_for(session, file, today=today, at=at)
        assert len(session.exec(select(TaskRow).where(col(TaskRow.closed_at).is_(None))).all()) == 1


def test_files_of_before_are_closed_by_the_migration_where_their_case_had_ended(
    database: Database, clock: Clock
) -> None:
    at, today = clock.now(), clock.today()
    with database.writing() as session:
        over, going_on = (a_file(session, clock, number) for number in (1, 2))
        a_file(session, clock, 3)
        for file in (over, going_on):
            referral = referrals.log_on_file(
                session, file, Capacity.PARENT, "A place", POLICY, received_on=today, actor=ME, at=at
            )
            progress.close(session, file, referral, Outcome.RESOLVED, "", on=today, actor=ME, at=at)
        referrals.log_on_file(
            session, going_on, Capacity.PARENT, "Transport", POLICY, received_on=today, actor=ME, at=at
        )
        for file in (over, going_on):
            file.closed_at = None
    migrations.downgrade(database, "0020")
    migrations.upgrade(database)
    with database.reading() as session:
        files = session.exec(select(ChildFile).order_by(col(ChildFile.number))).all()
        assert [file.closed_at for file in files] == [at, None, None]
        assert closing.standing(session, files[0]) == closing.Standing(None, today)
        [turn] = closing.turns(session, files[0])
        assert (turn.words, turn.row.recorded_by) == ("", ME)
