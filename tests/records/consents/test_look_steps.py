"""N13: what comes of a request to look: the agency is asked by leave of the gate, and each end has its day, its reason and its effect."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from records.clock import Clock, fixed
from records.consents import asking, bodies, changes, gate, look_steps, looking
from records.consents.changes import Told
from records.consents.gate import Body, Purpose
from records.consents.givers import Giver
from records.consents.items import Category
from records.consents.look_rules import ENDS, Step
from records.consents.look_steps import LOOK_DUE, LOOK_TAKEN_BACK, Asking, Ending
from records.consents.looking import Asked, NotAskedToLook
from records.consents.outward import NoLeave, went_out
from records.consents.standing import ConsentState, Route
from records.consents.tables import LookRequest, LookStep
from records.db import Database
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.tasks.tables import TaskRow
from tests.records.consents.homes import OFFICER, WESTMINSTER, Home, open_file

BY = str(OFFICER.id)
YES = dict.fromkeys(("store", "contact:health", "obtain_information"), ConsentState.GIVEN)


def asked(session: Session, clock: Clock, home: Home | None = None) -> tuple[Home, UUID]:
    """A family that asked us to look at a clinic's records."""
    home = home or open_file(session, clock.now(), YES)
    body = bodies.add(session, home.file, Category.HEALTH, "The Clinic", since=clock.today(), actor=BY, at=clock.now())
    wanted = Asked(uuid4(), body, home.child, home.carer, "Letters of 2025", clock.today(), Route.TELEPHONE)
    looking.ask(session, home.file, wanted, policy=WESTMINSTER, actor=BY, at=clock.now())
    return home, wanted.entry


def ask_agency(session: Session, home: Home, look: UUID, at: datetime, entry: UUID | None = None) -> None:
    asking_now = Asking(entry or uuid4(), "letter", "Please send it")
    look_steps.ask_agency(session, OFFICER, home.file, look, asking_now, policy=WESTMINSTER, at=at)


def end(session: Session, home: Home, look: UUID, kind: Step, at: datetime, words: str = "They said so") -> None:
    ending = Ending(uuid4(), kind, at.date(), words)
    if kind is Step.WITHDRAWN:
        ending = replace(ending, by=home.carer, route=Route.TELEPHONE)
    look_steps.end(session, home.file, look, ending, policy=WESTMINSTER, actor=BY, at=at)


def file_it(session: Session, home: Home, clock: Clock) -> None:
    looking.file_under(
        session, home.file, uuid4(), Category.HEALTH, policy=WESTMINSTER, today=clock.today(), actor=BY, at=clock.now()
    )


def may_obtain(session: Session, home: Home, at: datetime) -> bool:
    body = bodies.of_file(session, home.file)[0]
    to = Body(body.category, str(body.id))
    facts = asking.facts_of(session, home.file.id, WESTMINSTER, known_at=at)
    return gate.may_we(OFFICER, facts, to, (), Purpose.OBTAIN, at).allowed


def due(session: Session, kind: str = LOOK_DUE) -> list[datetime]:
    found = select(TaskRow).where(TaskRow.kind == kind, col(TaskRow.closed_at).is_(None))
    return [datetime.combine(each.due, datetime.min.time()) for each in session.exec(found).all()]


def test_each_time_the_agency_is_asked_the_gate_is_asked_again(database: Database, clock: Clock) -> None:
    """N12, N13: what was allowed last month is no leave for today."""
    later = fixed(clock.now() + timedelta(days=20))
    with database.writing() as session:
        home, look = asked(session, clock)
        press = uuid4()
        for _ in range(2):
            ask_agency(session, home, look, clock.now(), press)
        (line,) = went_out(session, home.file.id)
        (step,) = look_steps.of_look(session, session.get_one(LookRequest, look))
        assert (line.purpose, line.how, step.row.disclosure_id, step.row.kind) == (
            "obtain",
            "letter",
            line.id,
            Step.ASKED,
        )
        first = due(session)
        ask_agency(session, home, look, later.now())
        assert due(session) == [first[0] + timedelta(days=20)], "one task, moved on"
        no = Told(
            {"obtain_information": False}, Giver.PARENT_OR_CARER, home.carer, Route.LETTER, later.today(), uuid4()
        )
        changes.record(session, home.file, no, actor=BY, at=later.now(), policy=WESTMINSTER)
        with pytest.raises(NoLeave):
            ask_agency(session, home, look, later.now())
        assert len(went_out(session, home.file.id)) == 2
        assert len(look_steps.of_look(session, session.get_one(LookRequest, look))) == 2


@pytest.mark.parametrize("kind", ENDS)
def test_what_has_ended_is_not_chased_and_its_task_goes(database: Database, clock: Clock, kind: Step) -> None:
    next_day = fixed(clock.now() + timedelta(days=1))
    with database.writing() as session:
        home, look = asked(session, clock)
        ask_agency(session, home, look, clock.now())
        assert may_obtain(session, home, clock.now())
        end(session, home, look, kind, clock.now())
        row = session.get_one(LookRequest, look)
        assert (row.ended, row.ended_on) == (kind, clock.today())
        assert look_steps.of_look(session, row)[-1].words == "They said so"
        assert b"They said" not in (look_steps.of_look(session, row)[-1].row.sealed or b"They said")
        assert due(session) == [] and not may_obtain(session, home, next_day.now())
        for act in (
            lambda: ask_agency(session, home, look, next_day.now()),
            lambda: end(session, home, look, kind, next_day.now()),
        ):
            with pytest.raises(ChangedMeanwhile, match="has ended already"):
                act()
        # What comes late is still what they asked for; what they took back is not filed any more.
        if kind is Step.WITHDRAWN:
            with pytest.raises(NotAskedToLook):
                file_it(session, home, clock)
        else:
            file_it(session, home, clock)
        assert len(due(session, LOOK_TAKEN_BACK)) == (kind is Step.WITHDRAWN), "the agency was asked, and must be told"
        assert asked(session, next_day, home) and may_obtain(session, home, next_day.now()), "they ask anew"


def test_an_agency_that_was_never_asked_need_not_be_told(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home, look = asked(session, clock)
        end(session, home, look, Step.WITHDRAWN, clock.now(), words="")
        assert due(session, LOOK_TAKEN_BACK) == [] and not may_obtain(session, home, clock.now())


def test_the_gate_answers_for_a_moment_by_what_was_known_then(database: Database, clock: Clock) -> None:
    """N14: a wish recorded afterwards makes no past look right, and one taken back afterwards none wrong."""
    before, after = clock.now() - timedelta(hours=1), fixed(clock.now() + timedelta(days=2))
    with database.writing() as session:
        home, look = asked(session, clock, open_file(session, clock.now() - timedelta(days=9), YES))
        assert not may_obtain(session, home, before)
        told_before = Ending(uuid4(), Step.WITHDRAWN, clock.today(), by=home.carer, route=Route.LETTER)
        look_steps.end(session, home.file, look, told_before, policy=WESTMINSTER, actor=BY, at=after.now())
        assert may_obtain(session, home, clock.now() + timedelta(hours=1)), "we did not know yet"
        assert not may_obtain(session, home, after.now())


def test_a_body_that_the_family_does_not_want_takes_its_requests_with_it(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home, look = asked(session, clock)
        body = bodies.of_file(session, home.file)[0]
        bodies.end(session, home.file, body.id, body.version, on=clock.today(), actor=BY, at=clock.now())
        look_steps.body_ended(
            session, home.file, body.id, on=clock.today(), policy=WESTMINSTER, actor=BY, at=clock.now()
        )
        assert session.get_one(LookRequest, look).ended == Step.WITHDRAWN and due(session) == []


@pytest.mark.parametrize(("kind", "words", "days", "error"), [
    (Step.REFUSED, " ", 0, RefusedByRule), (Step.CLOSED, "", 0, RefusedByRule), (Step.ANSWERED, "", 1, RefusedByRule),
    (Step.ANSWERED, "", -1, RefusedByRule), (Step.WITHDRAWN, "", 0, RefusedByRule),
])  # fmt: skip
def test_an_end_needs_its_reason_its_day_and_its_people_and_else_nothing_is_kept(
    database: Database, clock: Clock, kind: Step, words: str, days: int, error: type[Exception]
) -> None:
    with database.writing() as session:
        home, look = asked(session, clock)
        wrong = Ending(uuid4(), kind, clock.today() + timedelta(days=days), words)
        with pytest.raises(error):
            look_steps.end(session, home.file, look, wrong, policy=WESTMINSTER, actor=BY, at=clock.now())
        stranger = Ending(uuid4(), Step.WITHDRAWN, clock.today(), "", uuid4(), Route.LETTER)
        with pytest.raises(NotFound):
            look_steps.end(session, home.file, look, stranger, policy=WESTMINSTER, actor=BY, at=clock.now())
        assert session.exec(select(LookStep)).all() == [] and session.get_one(LookRequest, look).ended is None


def test_of_two_at_once_one_asks_and_the_other_hears_of_the_withdrawal(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home, look = asked(session, clock)
    with pytest.raises(ChangedMeanwhile), database.writing() as session:
        held = session.get_one(LookRequest, look)  # as it stood before the family took it back
        changed = update(LookRequest).where(col(LookRequest.id) == look).values(version=LookRequest.version + 1)
        session.execute(changed.execution_options(synchronize_session=False))
        assert held.ended is None
        ask_agency(session, home, look, clock.now())
    with database.reading() as session:
        assert went_out(session, home.file.id) == []
