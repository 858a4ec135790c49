"""A yes to keeping that was to come on a signed form, and does not come: asked for, then decided (N8, W27)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from records.cases import awaiting_form, referrals
from records.cases.referrals import Permission, Told
from records.cases.telling import TELL_FAMILY
from records.cases.words import Capacity, Route
from records.clock import Clock, fixed
from records.consents import changes
from records.consents.givers import Giver
from records.consents.items import STORE
from records.consents.standing import Route as Said
from records.db import Database
from records.people import register
from records.people.tables import ChildFile
from records.policies.settings import Policy, load
from records.requests import follows
from records.requests.tables import RequestRow
from records.tasks.tables import TaskRow

ME = str(uuid4())


@pytest.fixture
def policy(clock: Clock) -> Policy:
    return load("westminster", clock.today())


def opened(db: Database, clock: Clock, policy: Policy, route: Route) -> int:
    """A school's referral that is permitted by a parent in this way, on a file of its own."""
    today, at = clock.today(), clock.now()
    with db.writing() as session:
        told = Told("Rowan Testwood", "2014-03-01", "Sam Teacher", "Invented School", "", "Needs help")
        row = referrals.log(
            session, told, Capacity.SCHOOL, None, policy, received_on=today, today=today, actor=ME, at=at
        )
        permission = Permission(Capacity.PARENT, "Morgan Testwood", route, today, "They said so", storing_agreed=True)
        referrals.permit(session, row, permission, policy, today=today, actor=ME, at=at)
        return referrals.open_as_file(session, row, policy, officer_id=UUID(ME), actor=ME, at=at).number


def still(db: Database) -> list[str]:
    with db.reading() as session:
        opened = select(TaskRow).where(
            col(TaskRow.closed_at).is_(None), TaskRow.kind != TELL_FAMILY
        )  # every new file has that one
        return [task.kind for task in session.exec(opened).all()]


def warned(db: Database, policy: Policy, clock: Clock) -> bool:
    with db.reading() as session:
        return bool(awaiting_form.warnings(session, session.exec(select(ChildFile)).one(), policy, clock.today()))


def later(clock: Clock, days: int) -> Clock:
    return fixed(clock.now() + timedelta(days=days))


def test_it_is_asked_for_a_week_before_and_decided_on_its_day(database: Database, clock: Clock, policy: Policy) -> None:
    opened(database, clock, policy, Route.FORM)
    for days, wanted in ((0, []), (20, []), (21, ["signed_form"]), (27, ["signed_form"]), (28, ["erasure_decision"])):
        for _ in range(2):
            awaiting_form.remind(database, later(clock, days), policy)
        assert still(database) == wanted, days
        assert warned(database, policy, later(clock, days)) == (days >= 28)


@pytest.mark.parametrize("days", [22, 30])
def test_the_form_that_comes_ends_it(database: Database, clock: Clock, policy: Policy, days: int) -> None:
    number = opened(database, clock, policy, Route.FORM)
    then = later(clock, days)
    awaiting_form.remind(database, then, policy)
    assert len(still(database)) == 1
    with database.writing() as session:
        file = register.by_number(session, number)
        carer = next(each.id for each in register.people(session, file) if each.kind == register.CARER)
        changes.record(
            session, file,
            changes.Told(
                answers={STORE: True}, giver=Giver.PARENT_OR_CARER, person=carer, route=Said.LETTER, told_on=then.today(), sent_key=uuid4(),
            ),
            actor=ME, at=then.now(), policy=policy,
        )  # fmt: skip
    assert awaiting_form.remind(database, then, policy) == 0 and still(database) == []
    assert not warned(database, policy, later(clock, 60))


@pytest.mark.parametrize("route", [Route.EMAIL, Route.TELEPHONE])
def test_a_yes_in_words_is_an_answer_already(database: Database, clock: Clock, policy: Policy, route: Route) -> None:
    opened(database, clock, policy, route)
    assert awaiting_form.remind(database, later(clock, 100), policy) == 0 and still(database) == []


def test_where_no_spoken_yes_counts_it_waits_for_the_form_too(database: Database, clock: Clock, policy: Policy) -> None:
    strict = replace(policy, periods=replace(policy.periods, spoken_consent_days=0))
    opened(database, clock, strict, Route.TELEPHONE)
    assert awaiting_form.remind(database, later(clock, 28), strict) == 1 and still(database) == ["erasure_decision"]


def test_a_no_that_comes_in_the_place_of_the_form_opens_the_decision_on_erasing(
    database: Database, clock: Clock, policy: Policy
) -> None:
    """N8, R28: nobody had said yes on the file, so it is a refusal and no withdrawal; the file may stay no more for that."""
    follows.enter()
    number = opened(database, clock, policy, Route.FORM)
    then = later(clock, 22)
    awaiting_form.remind(database, then, policy)
    key = uuid4()
    for _ in range(2):  # the same press once more
        with database.writing() as session:
            file = register.by_number(session, number)
            said = changes.Told(
                answers={STORE: False}, giver=Giver.PARENT_OR_CARER, person=None, route=Said.TELEPHONE, told_on=then.today(), sent_key=key,
            )  # fmt: skip
            recorded = changes.record(session, file, said, actor=ME, at=then.now(), policy=policy)
        assert recorded.storing_withdrawn and recorded.withdrawn == ()
    awaiting_form.remind(database, then, policy)
    assert still(database) == ["request"]
    with database.reading() as session:
        request = session.exec(select(RequestRow)).one()
    assert (request.kind, request.received_on) == ("erasure", then.today())
