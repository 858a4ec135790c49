"""Tasks: raised once, listed for whoever may see the file, closed by one person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from records import tasks
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard.standing import about
from records.people import register
from records.people.tables import ChildFile
from records.policies.values import NotesSeenBy
from records.staff.access import Act, Actor, Allowed, Restriction, may
from records.staff.tables import Account
from records.tasks.register import NO_FILE_IN_PARTICULAR, OfFile, is_for
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.questions import asked

LEE, SAM = Actor(uuid4(), Role.OFFICER), Actor(uuid4(), Role.OFFICER)
MANAGER = Actor(uuid4(), Role.MANAGER)
DUE = date(2026, 12, 1)


def everything(_: ChildFile) -> bool:
    return True


def a_file(database: Database, clock: Clock, number: int = 1, officer: Actor = LEE) -> UUID:
    with database.writing() as session:
        return register.open_file(
            session, officer_id=officer.id, child_name="Rowan Testwood", actor="lee", at=clock.now(), number=number
        ).id


def raised(
    database: Database, clock: Clock, file_id: UUID | None, *, key: str | None = None, due: date = DUE,
    officer: Actor | None = None, words: str = "Ask the family again.",
) -> UUID:  # fmt: skip
    with database.writing() as session:
        return tasks.raise_task(
            session, kind="test", file_id=file_id, due=due, words=words, for_officer=officer.id if officer else None,
            raised_by="system", at=clock.now(), key=key,
        )  # fmt: skip


def test_a_job_that_repeats_itself_raises_one_task_also_after_it_was_done(database: Database, clock: Clock) -> None:
    file_id = a_file(database, clock)
    first = raised(database, clock, file_id, key="age:16")
    with database.writing() as session:
        tasks.close(session, first, str(LEE.id), clock.now())
    assert raised(database, clock, file_id, key="age:16") == first
    assert raised(database, clock, file_id) != raised(database, clock, file_id)
    with database.reading() as session:
        assert len(session.exec(select(TaskRow)).all()) == 3


def test_tasks_come_earliest_first_for_the_officer_of_the_file_or_whoever_is_named(
    database: Database, clock: Clock
) -> None:
    file_id = a_file(database, clock)
    late = raised(database, clock, file_id, due=DUE + timedelta(days=1))
    early = raised(database, clock, file_id)
    named = raised(database, clock, file_id, officer=SAM)
    nobodys = raised(database, clock, None)
    with database.reading() as session:
        assert [task.id for task in tasks.open_for(session, LEE, everything)] == [early, late]
        assert [task.id for task in tasks.open_for(session, SAM, everything)] == [named]
        assert [task.id for task in tasks.open_for(session, MANAGER, everything)] == [nobodys]


def test_what_somebody_who_left_was_to_do_is_the_officers_of_the_file_or_a_managers(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        gone = Account(
            role=Role.OFFICER, sign_in_name="gone", display_name="Gone Example", password_hash="-", created_at=clock.now()
        )  # fmt: skip
        session.add(gone)
        session.flush()
        leaver = Actor(gone.id, Role.OFFICER)
    file_id = a_file(database, clock)
    of_file, of_nobody = raised(database, clock, file_id, officer=leaver), raised(database, clock, None, officer=leaver)

    def listed(who: Actor) -> set[UUID]:
        with database.reading() as session:
            return {task.id for task in tasks.open_for(session, who, everything)}

    def may_close(who: Actor) -> set[UUID]:
        with database.reading() as session:
            rows = [session.get_one(TaskRow, one) for one in (of_file, of_nobody)]
            files = {row.id: session.get(ChildFile, row.file_id) if row.file_id else None for row in rows}
            return {row.id for row in rows if is_for(session, row, files[row.id], who)}

    assert (listed(LEE), listed(SAM), listed(MANAGER)) == (set(), set(), set()) and may_close(MANAGER) == set()
    with database.writing() as session:
        session.get_one(Account, leaver.id).disabled_at = clock.now()
    for seen in (listed, may_close):
        assert (seen(LEE), seen(SAM), seen(MANAGER)) == ({of_file}, set(), {of_nobody})


def test_a_task_moves_along_when_the_file_does(database: Database, clock: Clock) -> None:
    file_id = a_file(database, clock)
    task = raised(database, clock, file_id)
    with database.writing() as session:
        register.get(session, file_id).officer_id = SAM.id
    with database.reading() as session:
        assert [each.id for each in tasks.open_for(session, SAM, everything)] == [task]
        assert tasks.open_for(session, LEE, everything) == []


def test_a_task_of_a_file_that_may_not_be_opened_is_neither_shown_nor_counted(database: Database, clock: Clock) -> None:
    raised(database, clock, a_file(database, clock))
    with database.reading() as session:
        assert tasks.open_for(session, LEE, lambda _: False) == []
        assert tasks.ids_for(session, LEE, lambda _: False) == ([], 0)
        assert tasks.ids_for(session, LEE, everything)[1] == 1


def test_a_limit_counts_only_what_may_be_seen(database: Database, clock: Clock) -> None:
    hidden = a_file(database, clock)
    for _ in range(5):
        raised(database, clock, hidden)
    shown = raised(database, clock, a_file(database, clock, 2), due=DUE + timedelta(days=9))
    with database.writing() as session:
        register.get(session, hidden).restricted = Restriction.SAFEGUARDING

    def may_open(file: OfFile) -> bool:
        return file.restricted is None

    with database.reading() as session:
        found = tasks.open_for(session, LEE, may_open, limit=1)
        assert tasks.count_for(session, LEE, may_open) == 1
    assert [task.id for task in found] == [shown]


def test_a_file_that_is_restricted_or_opened_with_a_reason_is_judged_by_itself_and_the_rest_by_their_officer(
    database: Database, clock: Clock
) -> None:
    """S1, G10: what the access rule knows of one file alone never opens another; of all others it is asked once for each officer."""
    files = [a_file(database, clock, number) for number in (1, 2, 3, 4)]
    mine, glass, named, other = (raised(database, clock, file, officer=LEE) for file in files)
    with database.writing() as session:
        for file in files[1:]:
            register.get(session, file).officer_id = SAM.id
        register.get(session, files[2]).restricted = Restriction.SAFEGUARDING
    asked: list[OfFile] = []

    def allocated_alone(who: Actor) -> Callable[[OfFile], bool]:
        def may_open(file: OfFile) -> bool:
            asked.append(file)
            return isinstance(may(who, Act.OPEN_FILE, about(file), NotesSeenBy.ALLOCATED_SUPPORTER), Allowed)

        return may_open

    for who, wanted in (
        (LEE, {mine}),
        (replace(LEE, glass=frozenset({files[1]})), {mine, glass}),
        (replace(LEE, glass=frozenset({files[2]}), named=frozenset({files[2]})), {mine, named}),
    ):
        with database.reading() as session:
            rule = allocated_alone(who)
            found, total = tasks.ids_for(session, who, rule)
            assert set(found) == wanted and other not in found and total == len(wanted)
            assert tasks.count_for(session, who, rule) == len(wanted)
            pieces = [tasks.ids_for(session, who, rule, limit=1, leaving_out=at)[0] for at in range(len(wanted) + 1)]
            assert [one for piece in pieces for one in piece] == found
    assert len({file.officer_id for file in asked if file.id == NO_FILE_IN_PARTICULAR}) == 2


def a_leaver(database: Database, clock: Clock) -> Actor:
    """Somebody whose account is disabled."""
    with database.writing() as session:
        gone = Account(
            role=Role.OFFICER, sign_in_name="left", display_name="Left Example", password_hash="-", created_at=clock.now(), disabled_at=clock.now()
        )  # fmt: skip
        session.add(gone)
        session.flush()
        return Actor(gone.id, Role.OFFICER)


@pytest.mark.parametrize("seen_by", NotesSeenBy)
def test_of_every_kind_of_task_those_are_listed_and_counted_that_are_this_persons_by_the_rule_in_one_question(
    database: Database, clock: Clock, seen_by: NotesSeenBy
) -> None:
    left, admin = a_leaver(database, clock), Actor(uuid4(), Role.ADMIN)
    owners, restrictions = (LEE, SAM, MANAGER, left), (None, *Restriction)
    whose = [(owner, restricted) for owner in owners for restricted in restrictions]
    files = [a_file(database, clock, number, owner) for number, (owner, _) in enumerate(whose, start=1)]
    with database.writing() as session:
        for file, (_, restricted) in zip(files, whose, strict=True):
            session.get_one(ChildFile, file).restricted = restricted
        for at, (file, officer, done) in enumerate(product((*files, None), (None, *owners, admin), (False, True))):
            row = TaskRow(
                kind="test", file_id=file, due=DUE - timedelta(days=at % 7), words="Ask.", for_officer=officer.id if officer else None,
                raised_by="system", raised_at=clock.now(), closed_at=clock.now() if done else None,
            )  # fmt: skip
            session.add(row)
    for who in (*owners, admin, replace(SAM, glass=frozenset(files)), replace(LEE, named=frozenset(files))):

        def may_open(file: OfFile | ChildFile, who: Actor = who) -> bool:
            return isinstance(may(who, Act.OPEN_FILE, about(file), seen_by), Allowed)

        with database.reading() as session:
            one_by_one = [
                row for row in session.exec(select(TaskRow).where(col(TaskRow.closed_at).is_(None)))
                if is_for(session, row, file := session.get(ChildFile, row.file_id) if row.file_id else None, who)
                and (file is None or may_open(file))
            ]  # fmt: skip
            wanted = [row.id for row in sorted(one_by_one, key=lambda row: (row.due, row.raised_at, row.id))]
            with asked(database) as questions:
                found = tasks.ids_for(session, who, may_open)
            assert found == (wanted, len(wanted)) and tasks.count_for(session, who, may_open) == len(wanted)
            [once] = [each.statement for each in questions if "FROM task" in each.statement]
            assert "EXISTS" not in once, "a question for each task, for which PostgreSQL compiles the whole"
            assert tasks.ids_for(session, who, may_open, limit=3, leaving_out=2) == (wanted[2:5], len(wanted))
            assert tasks.ids_for(session, who, may_open, limit=3, leaving_out=900) == ([], len(wanted))
            assert wanted, "a person without any task would prove nothing"


def test_of_two_who_close_a_task_one_is_told_that_it_was_done(database: Database, clock: Clock) -> None:
    task = raised(database, clock, a_file(database, clock))
    with database.writing() as session:
        tasks.close(session, task, str(LEE.id), clock.now())
    with pytest.raises(ChangedMeanwhile), database.writing() as session:
        tasks.close(session, task, str(SAM.id), clock.now())
    with pytest.raises(NotFound), database.writing() as session:
        tasks.close(session, uuid4(), str(SAM.id), clock.now())
    with database.reading() as session:
        assert session.exec(select(TaskRow)).one().closed_by == str(LEE.id)


def test_the_audit_cannot_tell_a_birthday_and_a_destroyed_file_leaves_no_task(database: Database, clock: Clock) -> None:
    """R51."""
    file_id = a_file(database, clock)
    raised(database, clock, file_id)
    with database.writing() as session:
        assert tasks.forget(session, file_id) == 1
    with database.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.act == "task_raised")).one()
        assert str(file_id) not in entry.detail
        assert DUE.isoformat() not in entry.detail
        assert session.exec(select(TaskRow)).all() == []


@pytest.mark.parametrize("words", ["", "  \n", "x" * 301])
def test_a_task_without_words_is_refused(database: Database, clock: Clock, words: str) -> None:
    with pytest.raises(RefusedByRule):
        raised(database, clock, None, words=words)
