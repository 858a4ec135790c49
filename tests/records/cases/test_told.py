"""W24, W26: a family is told of the policy and of its rights. What is missing, what waits for it, and who is on the list."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlmodel import Session, col, select

from records.cases import telling
from records.cases.telling import Telling
from records.cases.told import Entry, How, Matter, by_day, in_words, missing, why_not_on
from records.clock import Clock
from records.db import Database
from records.errors import NotFound, RefusedByRule
from records.people import merging, register
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.staff import accounts
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.records.cases.conftest import TODAY, a_file

BOTH = frozenset(Matter)
ENTRIES = some.lists(some.builds(Entry, some.booleans(), some.booleans(), some.sampled_from(How)))


@pytest.mark.parametrize(
    ("entries", "offered", "still"),
    [
        pytest.param([], True, BOTH, id="nothing yet"),
        pytest.param([], False, {Matter.RIGHTS}, id="S17 off: the law's rights remain"),
        pytest.param([Entry(True, True, How.SAID)], True, set(), id="both said"),
        pytest.param(
            [Entry(True, False, How.SHEET), Entry(False, True, How.SENT)], True, set(), id="one after the other"
        ),
        pytest.param([Entry(True, False, How.SHEET)], True, {Matter.RIGHTS}, id="the policy alone"),
        pytest.param([Entry(False, True, How.SHEET)], True, {Matter.POLICY}, id="the rights alone"),
        pytest.param(
            [Entry(True, True, How.NOT_TOLD)], True, {Matter.RIGHTS}, id="a reason stands for the policy alone"
        ),
    ],
)
def test_what_a_family_is_still_to_be_told(entries: list[Entry], offered: bool, still: set[Matter]) -> None:
    assert missing(entries, offered=offered) == still


@given(ENTRIES, ENTRIES, some.booleans())
def test_one_more_entry_never_makes_more_missing(some_of: list[Entry], more: list[Entry], offered: bool) -> None:
    assert missing(some_of + more, offered=offered) <= missing(some_of, offered=offered)


@given(ENTRIES, some.booleans())
def test_a_case_goes_on_exactly_when_the_policy_is_no_longer_missing(entries: list[Entry], offered: bool) -> None:
    still = missing(entries, offered=offered)
    assert bool(why_not_on(still)) == (Matter.POLICY in still)
    assert bool(in_words(still)) == bool(still)


def person(session: Session, clock: Clock) -> str:
    link = accounts.invite(session, Role.OFFICER, clock)
    made = accounts.accept(
        session, link, sign_in_name=f"o.{uuid4().hex[:6]}", display_name="Lee Sample", password="four invented words here", clock=clock
    )  # fmt: skip
    session.flush()
    return str(made.id)


# Any: fields of a telling, by name.
def said(session: Session, file: ChildFile, **other: Any) -> Telling:
    who = register.people(session, file)[0].id
    return replace(Telling(uuid4(), who, BOTH, How.SAID, "pl", TODAY, accounts.everybody(session)[0].id), **other)


@pytest.fixture
def by(database: Database, clock: Clock) -> str:
    with database.writing() as session:
        return person(session, clock)


def test_an_entry_settles_the_file_and_its_task_and_one_press_is_one_entry(
    database: Database, clock: Clock, westminster: Policy, by: str
) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        telling.ask(session, file, westminster, actor=by, at=clock.now())
        task = session.exec(select(TaskRow).where(TaskRow.kind == telling.TELL_FAMILY)).one()
        assert task.due == by_day(TODAY, westminster.periods.rights_told_days)
        assert telling.warnings(session, file, westminster)
        with pytest.raises(RefusedByRule, match="confidentiality policy was explained"):
            telling.need(session, file, westminster)
        told = said(session, file)
        for _ in range(2):
            telling.record(session, file, told, policy=westminster, actor=by, at=clock.now())
        assert [each.row.language for each in telling.of_file(session, file)] == ["pl"]
        assert not telling.warnings(session, file, westminster)
        telling.need(session, file, westminster)
        assert task.closed_at is not None


def test_a_reason_lets_the_case_go_on_and_the_family_stays_on_the_list(
    database: Database, clock: Clock, westminster: Policy, by: str
) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        why = said(session, file, how=How.NOT_TOLD, person=None, language=None, why="Comes without a name for now")
        telling.record(session, file, why, policy=westminster, actor=by, at=clock.now())
        telling.need(session, file, westminster)
        assert telling.of_file(session, file)[0].why == "Comes without a name for now"
        later = TODAY + timedelta(days=westminster.periods.rights_told_days + 1)
        assert telling.count_late(session, westminster, later) == 1


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"matters": frozenset()}, RefusedByRule),
        ({"how": How.NOT_TOLD}, RefusedByRule),
        ({"person": None}, RefusedByRule),
        ({"language": None}, RefusedByRule),
        ({"person": uuid4()}, NotFound),
        ({"by": uuid4()}, NotFound),
    ],
)
def test_an_entry_that_says_too_little_is_refused(
    database: Database, clock: Clock, westminster: Policy, by: str, change: dict[str, object], wrong: type[Exception]
) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        with pytest.raises(wrong):
            telling.record(session, file, said(session, file, **change), policy=westminster, actor=by, at=clock.now())
        assert telling.of_file(session, file) == []


def late_on(session: Session, policy: Policy, day: date) -> list[int]:
    found = [file.number for file in telling.late(session, policy, day, None, limit=9, offset=0)]
    assert telling.count_late(session, policy, day) == len(found)
    return found


def test_a_case_older_than_the_days_of_grace_is_on_the_list_until_it_is_told_or_closed(
    database: Database, clock: Clock, westminster: Policy, by: str
) -> None:
    last = by_day(TODAY, westminster.periods.rights_told_days)
    after = last + timedelta(days=1)
    with database.writing() as session:
        file, closed, kept, taken = (a_file(session, clock) for _ in range(4))
        closed.closed_at = clock.now()
        merging.merge(session, kept, taken, why="One child", by=by, at=clock.now())
        assert late_on(session, westminster, last) == []
        assert late_on(session, westminster, after) == [
            file.number,
            kept.number,
        ]  # a joined file once, under the one that is kept
        assert telling.count_late(session, westminster, after, officer=uuid4()) == 0
        kept.closed_at = clock.now()  # the other one of this child is open, so the child's file is
        assert late_on(session, westminster, after) == [file.number, kept.number]
        assert telling.warnings(session, kept, westminster) and not telling.warnings(session, closed, westminster)
        telling.record(session, file, said(session, file), policy=westminster, actor=by, at=clock.now())
        telling.record(session, taken, said(session, taken), policy=westminster, actor=by, at=clock.now())
        assert late_on(session, westminster, after) == []


def test_with_s17_off_the_rights_alone_are_asked_for(
    database: Database, clock: Clock, northamptonshire: Policy, by: str
) -> None:
    off = replace(northamptonshire, offered_at_first_contact=False)
    with database.writing() as session:
        file = a_file(session, clock)
        telling.need(session, file, off)
        rights = said(session, file, matters=frozenset({Matter.RIGHTS}))
        telling.record(session, file, rights, policy=off, actor=by, at=clock.now())
        assert telling.still_missing(session, file, off) == frozenset()
        assert telling.still_missing(session, file, northamptonshire) == {Matter.POLICY}
        assert late_on(session, off, TODAY + timedelta(days=99)) == []
        assert late_on(session, northamptonshire, TODAY + timedelta(days=99)) == [file.number]


def test_the_reason_is_sealed(database: Database, clock: Clock, westminster: Policy, by: str) -> None:
    with database.writing() as session:
        file = a_file(session, clock)
        why = said(session, file, how=How.NOT_TOLD, person=None, language=None, why="Rowan asked us not to")
        telling.record(session, file, why, policy=westminster, actor=by, at=clock.now())
        row = telling.of_file(session, file)[0].row
        assert row.sealed is not None and b"Rowan" not in row.sealed
        assert session.exec(select(TaskRow).where(col(TaskRow.words).contains("Rowan"))).first() is None
