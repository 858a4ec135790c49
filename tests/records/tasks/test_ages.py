"""Birthdays that matter become tasks once, each age by itself (R13, R14, R20)."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from records import tasks
from records.clock import Clock
from records.db import Database
from records.people import merging, register
from records.people.birthdates import BirthDate
from records.staff.access import Actor
from records.tasks import ages
from records.tasks.ages import DISAGREE, due_for
from records.tasks.tables import TaskRow
from records.vocabulary import Role

LEE = Actor(uuid4(), Role.OFFICER)
JUNE_2010 = BirthDate(date(2010, 6, 1), date(2010, 6, 30))


@pytest.mark.parametrize(
    ("born", "opened", "today", "keys"),
    [
        # R20: 31 Aug 2008: school age ends before the 16th birthday; 1 Sep 2008: after it.
        (date(2008, 8, 31), date(2024, 1, 1), date(2024, 6, 27), set()),
        (date(2008, 8, 31), date(2024, 1, 1), date(2024, 6, 28), {"school_age"}),
        (date(2008, 8, 31), date(2024, 1, 1), date(2024, 8, 31), {"school_age", "age_16"}),
        (date(2008, 9, 1), date(2024, 1, 1), date(2024, 9, 1), {"age_16"}),
        # R10, R11: the first moment of the birthday; 1 March for a leap day.
        (date(2008, 2, 29), date(2020, 1, 1), date(2021, 2, 28), set()),
        (date(2008, 2, 29), date(2020, 1, 1), date(2021, 3, 1), {"guide_age"}),
        (date(2008, 2, 29), date(2025, 1, 1), date(2026, 3, 1), {"age_18"}),
        (date(2008, 2, 29), date(2030, 1, 1), date(2033, 3, 1), {"age_25"}),
        # What was reached before the file was opened raises nothing.
        (date(2008, 2, 29), date(2033, 3, 2), date(2033, 3, 2), set()),
    ],
)  # fmt: skip
def test_each_age_is_raised_on_its_own_day(born: date, opened: date, today: date, keys: set[str]) -> None:
    assert {due.key for due in due_for(BirthDate.on(born), opened, today, guide_age=13)} == keys


def test_a_birth_date_known_in_part_asks_before_it_tells() -> None:
    """R13: "June 2010" is unknown on 15 June 2026 and certain on 30 June."""
    opened = date(2026, 1, 1)
    assert due_for(JUNE_2010, opened, date(2026, 5, 31), guide_age=13) == []
    (asked,) = [due for due in due_for(JUNE_2010, opened, date(2026, 6, 15), guide_age=13) if "16" in due.key]
    assert (asked.key, asked.on) == ("age_16:maybe", date(2026, 6, 1))
    (told,) = [due for due in due_for(JUNE_2010, opened, date(2026, 6, 30), guide_age=13) if "16" in due.key]
    assert told.key == "age_16"


def test_without_a_guide_age_none_is_raised_and_an_unknown_birth_date_raises_nothing() -> None:
    born, opened = BirthDate.on(date(2010, 6, 15)), date(2022, 1, 1)
    assert due_for(born, opened, date(2023, 6, 15), guide_age=None) == []
    assert due_for(None, opened, date(2033, 6, 15), guide_age=13) == []


@given(st.dates(date(2000, 1, 1), date(2012, 1, 1)), st.integers(0, 400), st.integers(0, 9000))
def test_a_task_never_comes_before_its_birthday_could(born: date, width: int, days: int) -> None:
    known, today = BirthDate(born, born + timedelta(days=width)), born + timedelta(days=days + 1)
    for due in due_for(known, born, today, guide_age=13):
        assert due.on <= today
        if due.key in ("age_16", "age_18", "age_25"):
            age = int(due.key[-2:])
            assert today >= known.latest + timedelta(days=age * 365)


def opened(database: Database, clock: Clock, number: int, *born: BirthDate, years_ago: int = 1) -> UUID:
    at = clock.now() - timedelta(days=366 * years_ago)
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=LEE.id, child_name="Rowan Testwood", actor="lee", at=at, number=number
        )
        for one in born:
            register.add_birth_date(session, file, one, part_id=uuid4(), actor="lee", at=at)
        return file.id


def kinds(database: Database) -> list[tuple[str, int | None]]:
    with database.reading() as session:
        return [(task.kind, task.number) for task in tasks.open_for(session, LEE, lambda _: True)]


def test_the_daily_job_raises_each_once_whatever_runs_it(database: Database, clock: Clock) -> None:
    today = clock.today()
    opened(database, clock, 1, BirthDate.on(today.replace(year=today.year - 16)))
    opened(database, clock, 2, BirthDate.on(date(2015, 1, 1)), BirthDate.on(date(2015, 1, 2)))
    opened(database, clock, 3, BirthDate.on(date(2015, 1, 1)))
    opened(database, clock, 4)
    raised = [ages.raise_due(database, now=clock.now() + timedelta(days=days), guide_age=13) for days in (0, 0, 1, 2)]
    assert raised == [2, 0, 0, 0]
    assert sorted(kinds(database)) == [("age_16", 1), ("birth_date", 2)]


def test_it_catches_up_after_days_without_power_and_leaves_closed_files(database: Database, clock: Clock) -> None:
    born = BirthDate.on(clock.today().replace(year=clock.today().year - 18) - timedelta(days=40))
    opened(database, clock, 1, born)
    closed = opened(database, clock, 2, born)
    with database.writing() as session:
        register.get(session, closed).closed_at = clock.now()
    ages.raise_due(database, now=clock.now(), guide_age=13)
    assert kinds(database) == [("age_18", 1)]


def test_joined_files_get_one_task_under_the_kept_number(database: Database, clock: Clock) -> None:
    today = clock.today()
    born = BirthDate.on(today.replace(year=today.year - 16))
    kept, taken = opened(database, clock, 1), opened(database, clock, 2, born)
    with database.writing() as session:
        merging.merge(
            session, register.get(session, kept), register.get(session, taken), why="Same", by="lee", at=clock.now()
        )
    ages.raise_due(database, now=clock.now(), guide_age=13)
    assert kinds(database) == [("age_16", 1)]


def test_dates_that_disagree_again_are_asked_about_again(database: Database, clock: Clock) -> None:
    one, two = BirthDate.on(date(2015, 1, 1)), BirthDate.on(date(2015, 1, 2))
    file_id = opened(database, clock, 1, one, two)
    ages.raise_due(database, now=clock.now(), guide_age=13)
    with database.writing() as session:
        later = clock.now() + timedelta(hours=1)
        file = register.get(session, file_id)
        register.settle_birth_date(session, file, one, evidence="passport", why="", actor="lee", at=later)
        assert tasks.let_go(session, key=f"birth_date:{file_id}", by="lee", at=later) == 1
        file = register.get(session, file_id)
        register.add_birth_date(session, file, two, part_id=None, actor="lee", at=later + timedelta(hours=1))
    ages.raise_due(database, now=clock.now() + timedelta(days=1), guide_age=13)
    with database.reading() as session:
        rows = session.exec(select(TaskRow)).all()
    assert [row.words for row in rows] == [DISAGREE, DISAGREE]
    assert [row.closed_at is None for row in rows].count(True) == 1


def settle(database: Database, file_id: UUID, born: date, at: datetime) -> None:
    with database.writing() as session:
        file = register.get(session, file_id)
        register.settle_birth_date(session, file, BirthDate.on(born), evidence="passport", why="", actor="lee", at=at)


@pytest.mark.parametrize("done", [False, True])
def test_a_birthday_that_was_raised_by_a_wrong_date_is_raised_again_on_the_true_one(
    database: Database, clock: Clock, done: bool
) -> None:
    """R20, R33, R40: a year read wrong must not leave the 16th birthday unasked; till then nobody is told that it has come."""
    today = clock.today()
    born = today.replace(year=today.year - 16)
    file_id = opened(database, clock, 1, BirthDate.on(born))
    assert ages.raise_due(database, now=clock.now(), guide_age=13) == 1
    if done:
        with database.writing() as session:
            task = session.exec(select(TaskRow)).one()
            tasks.close(session, task.id, "lee", clock.now())
    settle(database, file_id, born.replace(year=born.year + 1), clock.now() + timedelta(hours=1))
    assert ages.raise_due(database, now=clock.now() + timedelta(days=1), guide_age=13) == 0
    assert kinds(database) == []
    for days in (365, 366, 367):
        ages.raise_due(database, now=clock.now() + timedelta(days=days), guide_age=13)
    with database.reading() as session:
        open_still = session.exec(select(TaskRow).where(col(TaskRow.closed_at).is_(None))).all()
        assert [(row.kind, row.due) for row in open_still if row.kind == "age_16"] == [
            ("age_16", today.replace(year=today.year + 1))
        ]
        assert len(session.exec(select(TaskRow).where(TaskRow.kind == "age_16")).all()) == 2


def test_who_was_asked_to_find_out_a_birth_date_is_asked_no_longer_once_it_is_known(
    database: Database, clock: Clock
) -> None:
    """R13."""
    today = clock.today()
    year = BirthDate(date(today.year - 16, 1, 1), date(today.year - 16, 12, 31))
    file_id = opened(database, clock, 1, year)
    ages.raise_due(database, now=clock.now(), guide_age=13)
    assert ("age_16", 1) in kinds(database)
    settle(database, file_id, date(today.year - 16, 12, 30), clock.now() + timedelta(hours=1))
    ages.raise_due(database, now=clock.now() + timedelta(days=1), guide_age=13)
    assert kinds(database) == []


def test_dates_that_disagreed_because_two_files_were_joined_are_no_question_once_they_are_apart(
    database: Database, clock: Clock
) -> None:
    """F22, R40."""
    kept = opened(database, clock, 1, BirthDate.on(date(2015, 1, 1)))
    taken = opened(database, clock, 2, BirthDate.on(date(2016, 1, 1)))
    with database.writing() as session:
        joining = merging.merge(
            session, register.get(session, kept), register.get(session, taken), why="Same", by="lee", at=clock.now()
        )
    ages.raise_due(database, now=clock.now(), guide_age=13)
    assert kinds(database) == [("birth_date", 1)]
    with database.writing() as session:
        merging.unmerge(session, joining, by="lee", at=clock.now())
    ages.raise_due(database, now=clock.now() + timedelta(days=1), guide_age=13)
    assert kinds(database) == []
