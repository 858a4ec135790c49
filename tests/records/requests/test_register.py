"""R1, R8, R68, R71: requests and incidents recorded, held, closed; two at once; nothing personal in clear."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session, col, select

from records import tasks
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import register as holds
from records.holds.kinds import may_be_listed_from
from records.people import register as people
from records.people.tables import ChildFile
from records.requests import incidents, register
from records.requests.breach import IncidentKind, Risk
from records.requests.kinds import Closing, Event, Kind, Requester, Route
from records.requests.register import Asking
from records.requests.tables import Incident, RequestEvent, RequestRow
from records.staff.access import Actor
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.builders import CARER, CHILD
from tests.together import at_once

WHO = "11111111-1111-1111-1111-111111111111"


def a_file(session: Session, clock: Clock, number: int = 1) -> ChildFile:
    from uuid import UUID

    return people.open_file(session, officer_id=UUID(WHO), child_name=CHILD, actor=WHO, at=clock.now(), number=number)


def a_request(session: Session, clock: Clock, file: ChildFile | None = None, kind: Kind = Kind.ACCESS) -> RequestRow:
    return register.record(
        session, kind=kind, route=Route.POST, requester=Requester.PARENT, asking=Asking(CARER, "All you hold on " + CHILD),
        received_on=date(2026, 11, 19), by=WHO, at=clock.now(), file=file,
    )  # fmt: skip


def test_recording_a_request_holds_the_file_at_once_and_closing_lifts_it(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        row = a_request(session, clock, file)
        assert [hold.source for hold in holds.blocking(session, file_id=file.id)] == [register.source(row)]
        register.close(session, row, Closing.TAKEN_BACK, hold_months=3, by=WHO, at=clock.now())
        assert holds.blocking(session, file_id=file.id) == ()
        register.reopen(session, row, by=WHO, at=clock.now(), words="They asked again")
        assert len(holds.blocking(session, file_id=file.id)) == 1


@pytest.mark.parametrize("why", list(Closing))
def test_an_answer_leaves_three_months_to_complain(database: Database, clock: Clock, why: Closing) -> None:
    """R45's example: answered on 4 January, held to 4 April, listed on 18 April at the earliest."""
    with database.writing() as session:
        file = a_file(session, clock)
        row = a_request(session, clock, file)
        answered = datetime(2027, 1, 4, 16, tzinfo=UTC)
        register.close(session, row, why, hold_months=3, by=WHO, at=answered)
        found = holds.blocking(session, file_id=file.id)
        if why in (Closing.TAKEN_BACK, Closing.NO_REQUEST):
            assert found == ()
            return
        assert [(hold.ends_on, hold.running_out) for hold in found] == [(date(2027, 4, 4), True)]
        assert "Until 4 April 2027." in found[0].words
        assert holds.lift_ended(session, today=date(2027, 4, 4), at=answered) == 0
        assert holds.lift_ended(session, today=date(2027, 4, 5), at=answered) == 1
        assert may_be_listed_from(holds.last_lifted(session, file.id), date(2026, 12, 31)) == date(2027, 4, 18)


def test_a_request_opened_again_is_held_without_an_end(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        row = a_request(session, clock, file)
        register.close(session, row, Closing.DONE, hold_months=3, by=WHO, at=clock.now())
        register.reopen(session, row, by=WHO, at=clock.now(), words="A page was missing")
        assert [hold.ends_on for hold in holds.blocking(session, file_id=file.id)] == [None]
        assert holds.lift_ended(session, today=date(2028, 1, 1), at=clock.now()) == 0
        register.close(session, row, Closing.DONE, hold_months=3, by=WHO, at=clock.now())
        assert [hold.ends_on for hold in holds.blocking(session, file_id=file.id)] == [date(2027, 2, 20)]


def test_a_request_that_fails_leaves_no_hold(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file_id = a_file(session, clock).id
    with pytest.raises(RefusedByRule), database.writing() as session:
        file = session.get_one(ChildFile, file_id)
        register.record(
            session, kind=Kind.ACCESS, route=Route.POST, requester=Requester.PARENT, asking=Asking(CARER),
            received_on=date(2026, 11, 21), by=WHO, at=clock.now(), file=file,
        )  # fmt: skip
    with database.reading() as session:
        assert holds.blocking(session, file_id=file_id) == ()


def test_nobody_is_named_outside_the_seal(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        row = a_request(session, clock, a_file(session, clock))
        register.move(
            session, row, Event.PAUSED, on=clock.today(), by=WHO, at=clock.now(), words=f"Which papers, {CARER}?"
        )
        number = row.number
    with database.reading() as session:
        row = register.get(session, number)
        stored = [*vars(row).values(), *[v for each in session.exec(select(RequestEvent)) for v in vars(each).values()]]
        stored += [each.detail for each in session.exec(select(AuditEntry))]
        assert not any("Testwood" in str(value) for value in stored)
        assert register.asking(session, row).name == CARER
        assert "Which papers" in register.told(session, row)[-1].words


def test_of_two_people_one_wins(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        number = a_request(session, clock, a_file(session, clock)).number
    with database.reading() as session:
        seen = register.get(session, number).version
    with database.writing() as session:
        row = register.get(session, number, seen)
        register.move(session, row, Event.WHO_CONFIRMED, on=clock.today(), by=WHO, at=clock.now())
    with pytest.raises(ChangedMeanwhile, match="20 November 2026"), database.writing() as session:
        register.get(session, number, seen)


def test_of_eight_people_at_the_same_instant_one_wins_and_seven_are_told(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        row = a_request(session, clock, file)
        number, seen = row.number, row.version

    def act(turn: int) -> None:
        with database.writing() as session:
            row = register.get(session, number, seen)
            if turn % 2:
                register.close(session, row, Closing.TAKEN_BACK, hold_months=3, by=WHO, at=clock.now())
            else:
                register.move(session, row, Event.WHO_CONFIRMED, on=clock.today(), by=WHO, at=clock.now())

    told = at_once(*(partial(act, turn) for turn in range(8)))
    assert [type(each) for each in told] == [ChangedMeanwhile] * 7
    assert all(f"Somebody else changed request {number} on 20 November 2026" in each.message for each in told)
    with database.reading() as session:
        row = register.get(session, number)
        events = session.exec(select(RequestEvent).where(RequestEvent.request_id == row.id)).all()
        assert len(events) == 2, "opened, and the one act"
        assert (row.closed_at is None) == bool(holds.blocking(session, file_id=file.id)), "the hold goes with it"


def test_a_closed_request_takes_no_more(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        row = a_request(session, clock)
        register.close(session, row, Closing.NO_REQUEST, hold_months=3, by=WHO, at=clock.now())
        with pytest.raises(RefusedByRule):
            register.move(session, row, Event.SENT, on=clock.today(), by=WHO, at=clock.now())
        with pytest.raises(ChangedMeanwhile):
            register.close(session, row, Closing.DONE, hold_months=3, by=WHO, at=clock.now())
        assert register.listed(session, clock.today()) == []
        assert len(register.listed(session, clock.today(), open_only=False)) == 1


def test_a_request_finds_its_file_later_and_is_held_from_then(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        row = a_request(session, clock)
        file = a_file(session, clock)
        before = row.key_id
        assert holds.blocking(session, file_id=file.id) == ()
        register.put_on_file(session, row, file, None, by=WHO, at=clock.now())
        assert row.key_id == file.key_id != before
        assert register.asking(session, row).name == CARER
        assert len(holds.blocking(session, file_id=file.id)) == 1
        officer = Actor(file.officer_id, Role.OFFICER)
        assert [task.file_id for task in tasks.open_for(session, officer, lambda _: True)] == [file.id], (
            "theirs from now on"
        )
        with pytest.raises(RefusedByRule):
            register.put_on_file(session, row, file, None, by=WHO, at=clock.now())


def test_the_list_begins_with_what_is_due_first(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        later = a_request(session, clock)
        first = register.record(
            session, kind=Kind.ERASURE, route=Route.PHONE, requester=Requester.CHILD, asking=Asking(CHILD),
            received_on=date(2026, 10, 1), by=WHO, at=clock.now(),
        )  # fmt: skip
        found = register.listed(session, clock.today())
        assert [one.number for one in found] == [first.number, later.number]
        assert found[0].standing.overdue(clock.today())


def test_an_incident_is_judged_told_and_closed(database: Database, clock: Clock) -> None:
    now = clock.now()
    with database.writing() as session:
        row = incidents.record(
            session, kind=IncidentKind.WRONG_ENVELOPE, words=f"Letter about {CHILD}", aware_at=now, by=WHO, at=now,
            source="return:7",
        )  # fmt: skip
        again = incidents.record(
            session, kind=IncidentKind.WRONG_ENVELOPE, words="x", aware_at=now, by=WHO, at=now, source="return:7"
        )
        assert again.id == row.id
        assert incidents.count_open(session) == 1
        with pytest.raises(RefusedByRule):
            incidents.close(session, row, "New check", by=WHO, at=now)
        incidents.judge(session, row, Risk.LIKELY, "Read by a stranger", by=WHO, at=now)
        with pytest.raises(RefusedByRule):
            incidents.told_regulator(session, row, now - timedelta(hours=1), "IC-1", by=WHO, at=now)
        incidents.told_regulator(session, row, now, "IC-1", by=WHO, at=now)
        incidents.close(session, row, "New check", by=WHO, at=now)
        assert incidents.count_open(session) == 0
        assert [line.what for line in incidents.lines(session, row)] == ["judged", "told_regulator", "closed"]
        with pytest.raises(RefusedByRule):
            incidents.judge(session, row, Risk.HIGH, "x", by=WHO, at=now)
    with database.reading() as session:
        stored = [value for each in session.exec(select(Incident)) for value in vars(each).values()]
        assert not any("Testwood" in str(value) for value in stored)
        with pytest.raises(NotFound):
            incidents.get(session, 99)


def test_a_request_opened_again_is_a_task_again(database: Database, clock: Clock) -> None:
    """R8: closing let its task go."""
    with database.writing() as session:
        row = a_request(session, clock, a_file(session, clock))
        register.close(session, row, Closing.DONE, hold_months=3, by=WHO, at=clock.now())
        still = select(TaskRow).where(col(TaskRow.closed_at).is_(None))
        assert session.exec(still).all() == []
        for _ in range(2):
            register.reopen(session, row, by=WHO, at=clock.now(), words="A page was missing", target_days=10)
            [task] = session.exec(still).all()
            assert (task.kind, task.file_id, task.due) == ("request", row.file_id, date(2026, 11, 29))
            register.close(session, row, Closing.DONE, hold_months=3, by=WHO, at=clock.now())
        assert session.exec(still).all() == []


def test_the_target_is_the_services_own(database: Database, clock: Clock) -> None:
    """R5: `request_target_days` moves the day to aim for, never the last lawful day."""
    with database.writing() as session:
        row = a_request(session, clock, a_file(session, clock))
        today = clock.today()
        usual, own = register.stand(session, row, today), register.stand(session, row, today, 10)
        assert (usual.target, own.target) == (date(2026, 12, 17), date(2026, 11, 29))
        assert usual.due == own.due
        [shown] = register.listed(session, today, target_days=10)
        assert shown.standing.target == own.target
