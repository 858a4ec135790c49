"""What the date of many files hangs on: the same as of each by itself, without making whole files of them."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from records.clock import Clock
from records.consents import changes
from records.consents.givers import Giver
from records.consents.standing import Route
from records.db import Database
from records.people import merging, register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.policies.settings import Policy, load
from records.requests import register as requests
from records.requests.kinds import Kind, Requester
from records.requests.kinds import Route as RequestRoute
from records.requests.register import Asking
from records.retention import facts
from records.retention.tables import KeepDecision
from tests.questions import asked

BORN = date(2000, 5, 14)


@pytest.fixture
def policy(clock: Clock) -> Policy:
    return load("westminster", clock.today())


def a_file(session: Session, clock: Clock, number: int, *births: BirthDate) -> ChildFile:
    file = register.open_file(
        session, officer_id=uuid4(), child_name="Rowan Testwood", actor="lee", at=clock.now(), number=number
    )
    for born in births:
        register.add_birth_date(session, file, born, part_id=None, actor="lee", at=clock.now())
    return file


def some_files(database: Database, clock: Clock) -> list[UUID]:
    """One with a birth date, one with two that disagree, one without, one that is kept longer, two that are one child."""
    with database.writing() as session:
        ids = [
            a_file(session, clock, 1, BirthDate.on(BORN)).id,
            a_file(session, clock, 2, BirthDate.on(BORN), BirthDate.on(BORN + timedelta(days=40))).id,
            a_file(session, clock, 3).id,
            a_file(session, clock, 4, BirthDate.on(BORN)).id,
        ]
        session.add(
            KeepDecision(file_id=ids[3], until=date(2031, 1, 1), sealed=b"", decided_by="kim", decided_at=clock.now())
        )
        kept, taken = (
            a_file(session, clock, 5, BirthDate.on(BORN)),
            a_file(session, clock, 6, BirthDate.on(date(2001, 1, 1))),
        )
        merging.merge(session, kept, taken, why="Same", by="lee", at=clock.now())
        return [*ids, kept.id, taken.id]


def test_many_files_have_the_facts_that_each_has_by_itself(database: Database, clock: Clock) -> None:
    ids = some_files(database, clock)
    with database.reading() as session:
        together = list(facts.of_files(session, ids))
        alone = [facts.of_file(session, session.get_one(ChildFile, one)) for one in ids[:5]]
    assert together == alone, "the file that was joined to another has none of its own"
    assert [one.number for one in together] == [1, 2, 3, 4, 5]
    assert [one.born.latest if one.born else None for one in together] == [
        BORN, BORN + timedelta(days=40), None, BORN, date(2001, 1, 1),
    ]  # fmt: skip
    assert [one.kept.until if one.kept else None for one in together] == [None, None, None, date(2031, 1, 1), None]


def test_no_whole_file_is_made_where_ten_thousand_are_counted(database: Database, clock: Clock) -> None:
    """A list of 10,000 files that are due took half as long again for columns that it never looked at."""
    ids = some_files(database, clock)[:4]
    with database.reading() as session, asked(database) as questions:
        assert len(list(facts.of_files(session, ids))) == 4
        assert not [one for one in session.identity_map.values() if isinstance(one, ChildFile)]
    assert not [one for one in questions if "officer_id" in one.statement]


def test_whatever_the_family_tells_us_is_a_contact(database: Database, clock: Clock, policy: Policy) -> None:
    """R36: a service that keeps for some time after the last contact counts a call about consents, and a request, as well as a letter."""
    today, at = clock.today(), clock.now()
    with database.writing() as session:
        told, asked_for, silent = (a_file(session, clock, number, BirthDate.on(BORN)) for number in (1, 2, 3))
        changes.record(
            session, told,
            changes.Told(
                answers={"news:email": False}, giver=Giver.PARENT_OR_CARER, person=None, route=Route.TELEPHONE,
                told_on=today - timedelta(days=3), sent_key=uuid4(),
            ),
            actor="lee", at=at, policy=policy,
        )  # fmt: skip
        requests.record(
            session, kind=Kind.ACCESS, route=RequestRoute.POST, requester=Requester.PARENT, asking=Asking("Morgan Testwood", "All of it"),
            received_on=today - timedelta(days=5), by="lee", at=at, file=asked_for,
        )  # fmt: skip
        found = facts.last_contacts(session, [told.id, asked_for.id, silent.id])
    assert found == {told.id: today - timedelta(days=3), asked_for.id: today - timedelta(days=5)}
