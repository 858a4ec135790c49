"""W30, N15: a contact planned for a day ahead asks the gate now, for its day and on it; without leave the family is asked first."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from records import tasks
from records.clock import Clock, fixed
from records.consents import bodies, changes, planned
from records.consents.changes import Told
from records.consents.gate import Body, Purpose
from records.consents.givers import Giver
from records.consents.items import Category
from records.consents.outward import Noted, let_out
from records.consents.planned import ASK_FIRST, PLANNED, Ended, Plan, Planned
from records.consents.standing import ConsentState, Route
from records.consents.tables import Disclosure, PlannedContact
from records.db import Database
from records.errors import ChangedMeanwhile, RefusedByRule
from records.policies.settings import Policy, load
from records.tasks.tables import TaskRow
from tests.records.consents.homes import OFFICER, WESTMINSTER, Home, open_file

YES = {"store": ConsentState.GIVEN, "contact:health": ConsentState.GIVEN}
NO = {"store": ConsentState.GIVEN, "contact:health": ConsentState.REFUSED}
NORTH = load("northamptonshire", WESTMINSTER.effective_from.replace(year=2026))
SAID_NORTH = {
    "store": ConsentState.GIVEN, "contact_others": ConsentState.GIVEN, "tell_others": ConsentState.GIVEN, "share:health": ConsentState.GIVEN,
}  # fmt: skip


def plan(
    session: Session, home: Home, clock: Clock, *, days: int = 10, policy: Policy = WESTMINSTER, purpose: Purpose = Purpose.CONTACT
) -> Planned:  # fmt: skip
    """A contact with a clinic, so many days ahead."""
    today, by = clock.today(), str(OFFICER.id)
    body = bodies.add(session, home.file, Category.HEALTH, "The Invented Clinic", since=today, actor=by, at=clock.now())
    shown = next(each for each in bodies.of_file(session, home.file) if each.id == body)
    wanted = Plan(uuid4(), shown, purpose, today + timedelta(days=days), "Ask about Rowan's hearing")
    return planned.plan(session, OFFICER, home.file, wanted, policy=policy, at=clock.now())


def open_tasks(session: Session) -> list[str]:
    kinds = [PLANNED, ASK_FIRST]
    return list(
        session.exec(select(TaskRow.kind).where(col(TaskRow.closed_at).is_(None), col(TaskRow.kind).in_(kinds)))
    )


@pytest.mark.parametrize(
    ("answers", "policy", "allowed", "ask"),
    [
        pytest.param(YES, WESTMINSTER, True, (), id="W: leave"),
        pytest.param(NO, WESTMINSTER, False, ("contact:health",), id="W: refused"),
        pytest.param({"store": ConsentState.GIVEN}, WESTMINSTER, False, ("contact:health",), id="W: never asked"),
        pytest.param(SAID_NORTH, NORTH, True, (), id="N: its own items"),
        pytest.param({"store": ConsentState.GIVEN}, NORTH, False, ("contact:health",), id="N: never asked"),
    ],
)
def test_with_leave_it_waits_for_its_day_and_without_the_family_is_asked_first(
    database: Database,
    clock: Clock,
    answers: dict[str, ConsentState],
    policy: Policy,
    allowed: bool,
    ask: tuple[str, ...],
) -> None:
    with database.writing() as session:
        made = plan(session, open_file(session, clock.now(), answers), clock, policy=policy)
        assert (made.allowed, made.ask) == (allowed, ask)
        assert open_tasks(session) == [PLANNED if allowed else ASK_FIRST]
        assert session.exec(select(Disclosure)).all() == []  # a plan is no leave, and nothing has gone out
        assert made.row.sealed is not None and b"Rowan" not in made.row.sealed


def test_a_yes_that_will_have_lapsed_by_the_day_is_no_leave(database: Database, clock: Clock) -> None:
    """Signed on 1 March 2026, it lapses after 24 months (R33)."""
    with database.writing() as session:
        made = plan(session, open_file(session, clock.now(), YES), clock, days=600)
        assert made.now.allowed and not made.then.allowed and made.ask == ("contact:health",)
        assert open_tasks(session) == [ASK_FIRST]


def test_on_its_day_the_gate_is_asked_again_once(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), YES)
        plan(session, home, clock)
        bodies.end(
            session, home.file, bodies.of_file(session, home.file)[0].id, 1, on=clock.today(), actor="x", at=clock.now()
        )  # the family does not want this one any more
    day = fixed(clock.now() + timedelta(days=10))
    assert planned.look_again(database, clock, WESTMINSTER) == 0  # its day has not come
    with database.reading() as session:
        assert open_tasks(session) == [ASK_FIRST]
    for _ in range(2):
        assert planned.look_again(database, day, WESTMINSTER) == 1
    with database.writing() as session:
        assert open_tasks(session) == [ASK_FIRST]
        row = session.exec(select(PlannedContact)).one()
        planned.drop(session, home.file, row.id, actor=str(OFFICER.id), at=day.now())
        assert open_tasks(session) == []
        with pytest.raises(ChangedMeanwhile):
            planned.drop(session, home.file, row.id, actor=str(OFFICER.id), at=day.now())
    assert planned.look_again(database, day, WESTMINSTER) == 0


def test_when_the_family_says_yes_the_task_to_ask_becomes_one_for_the_day(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), NO)
        plan(session, home, clock)
        assert open_tasks(session) == [ASK_FIRST]
    day = fixed(clock.now() + timedelta(days=1))
    yes = Told({"contact:health": True}, Giver.PARENT_OR_CARER, home.carer, Route.LETTER, day.today(), uuid4())
    with database.writing() as session:
        changes.record(session, home.file, yes, actor=str(OFFICER.id), at=day.now(), policy=WESTMINSTER)
    for _ in range(2):
        assert planned.look_again(database, day, WESTMINSTER) == 0
        with database.reading() as session:
            (task,) = session.exec(
                select(TaskRow).where(col(TaskRow.closed_at).is_(None), TaskRow.kind == PLANNED)
            ).all()
            assert open_tasks(session) == [PLANNED] and task.due == clock.today() + timedelta(days=10)


def test_a_task_that_somebody_has_done_is_not_raised_again_while_the_answer_stays(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        plan(session, open_file(session, clock.now(), YES), clock)
        tasks.close(session, session.exec(select(TaskRow.id).where(TaskRow.kind == PLANNED)).one(), "x", clock.now())
    planned.look_again(database, fixed(clock.now() + timedelta(days=10)), WESTMINSTER)
    with database.reading() as session:
        assert open_tasks(session) == []


@pytest.mark.parametrize("days", [-1, 0, planned.MOST_DAYS_AHEAD + 1])
def test_a_plan_is_for_a_day_ahead(database: Database, clock: Clock, days: int) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), YES)
        with pytest.raises(RefusedByRule):
            plan(session, home, clock, days=days)
        assert session.exec(select(PlannedContact)).all() == []


def contact(session: Session, home: Home, made: Planned, at: datetime) -> UUID:
    """A contact with the planned body, recorded with leave."""
    to = Body(made.body.category, str(made.body.id))
    return let_out(
        session, OFFICER, home.file.id, to, (), Purpose.CONTACT, at, policy=WESTMINSTER, how="telephone", noted=Noted("Said"),
    ).disclosure_id  # fmt: skip


def test_a_plan_ends_as_made_only_by_the_contact_that_was_recorded(database: Database, clock: Clock) -> None:
    """W30: a plan that somebody ticked off without a record would leave no trace of what was said to whom."""
    with database.writing() as session:
        home, by = open_file(session, clock.now(), YES), str(OFFICER.id)
        before = contact(session, home, plan(session, home, clock), clock.now())
        day = fixed(clock.now() + timedelta(days=2))
        made = plan(session, home, day)
        elsewhere = bodies.add(
            session, home.file, Category.HEALTH, "Another", since=day.today(), actor=by, at=day.now()
        )
        other = let_out(
            session, OFFICER, home.file.id, Body(Category.HEALTH, str(elsewhere)), (), Purpose.CONTACT, day.now(), policy=WESTMINSTER,
            how="telephone",
        ).disclosure_id  # fmt: skip
        for wrong in (uuid4(), before, other):
            with pytest.raises(RefusedByRule, match="Choose the contact that was planned"):
                planned.made(session, home.file, made.row.id, wrong, actor=by, at=day.now())
        assert made.row.ended is None
        right = contact(session, home, made, day.now())
        for _ in range(2):  # one press, however often it arrives
            planned.made(session, home.file, made.row.id, right, actor=by, at=day.now())
        assert (made.row.ended, made.row.disclosure_id) == (Ended.MADE, right)
        assert planned.days_of(session, home.file.id) == {right: made.row.planned_for}
        with pytest.raises(ChangedMeanwhile):
            planned.made(session, home.file, made.row.id, before, actor=by, at=day.now())
