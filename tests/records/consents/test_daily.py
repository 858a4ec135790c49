"""R33, W27: where a yes has lapsed the family is asked again, once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from records.clock import fixed
from records.consents import changes, daily, following
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.items import STORE
from records.consents.standing import ConsentState, Route
from records.db import Database
from records.policies.settings import Policy, load
from records.tasks.tables import TaskRow
from tests.records.consents.homes import WESTMINSTER, open_file


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.kind for row in session.exec(select(TaskRow)).all()]


def test_a_lapsed_yes_raises_one_task_in_its_own_days(database: Database) -> None:
    """Signed on 1 March 2026, lapsed on 1 March 2028."""
    before, on, again, long_after = (
        fixed(datetime(*day, 9, tzinfo=UTC)) for day in ((2028, 2, 29), (2028, 3, 1), (2028, 3, 2), (2028, 6, 1))
    )
    with database.writing() as session:
        open_file(
            session,
            datetime(2026, 3, 2, 9, tzinfo=UTC),
            {STORE: ConsentState.GIVEN, "contact:health": ConsentState.REFUSED},
        )
        open_file(session, datetime(2026, 3, 2, 9, tzinfo=UTC), {"contact:health": ConsentState.REFUSED})
    assert daily.ask_again(database, before, WESTMINSTER) == 0
    assert daily.ask_again(database, on, WESTMINSTER) == 1
    assert daily.ask_again(database, again, WESTMINSTER) == 1
    assert daily.ask_again(database, long_after, WESTMINSTER) == 0
    assert kinds(database) == [following.ASK_FAMILY]


@pytest.mark.parametrize("months_before", [24, 0])
def test_a_yes_that_a_shorter_period_has_ended_is_asked_about_too(database: Database, months_before: int) -> None:
    """R33, G8: signed on 1 March 2026; on 1 September 2027 the service has made 12 months of 24, or of none."""

    def of(months: int) -> Policy:
        return replace(WESTMINSTER, periods=replace(WESTMINSTER.periods, consent_refresh_months=months))

    changed = fixed(datetime(2027, 9, 1, 9, tzinfo=UTC))
    with database.writing() as session:
        open_file(session, datetime(2026, 3, 2, 9, tzinfo=UTC), {"contact:health": ConsentState.GIVEN})
        open_file(session, datetime(2026, 3, 2, 9, tzinfo=UTC), {"contact:health": ConsentState.REFUSED})
    assert daily.ask_again(database, changed, of(months_before)) == 0
    assert daily.ask_again(database, changed, of(12), of(12)) == 0, "it lapsed long ago, and was asked about then"
    for _ in range(2):
        assert daily.ask_again(database, changed, of(12), of(months_before)) == 1
    assert kinds(database) == [following.ASK_FAMILY]


def test_what_was_asked_about_is_not_asked_again_because_a_month_begins(database: Database) -> None:
    """R33: a yes that lapsed late in a month is still looked at early in the next; it was asked about."""
    ended = datetime(2026, 8, 28, 9, tzinfo=UTC)
    told_at = ended - timedelta(days=WESTMINSTER.periods.spoken_consent_days)
    with database.writing() as session:
        home = open_file(session, told_at, {"contact:school": ConsentState.REFUSED})
        yes = Told(
            {"contact:health": True}, Giver.PARENT_OR_CARER, home.carer, Route.TELEPHONE, told_at.date(), uuid4()
        )
        changes.record(session, home.file, yes, actor="x", at=told_at, policy=WESTMINSTER)
    for days in (1, 7):
        assert daily.ask_again(database, fixed(ended + timedelta(days=days)), WESTMINSTER) == 1
    assert kinds(database) == [following.ASK_FAMILY]


def test_what_a_shorter_period_ended_is_not_asked_again_because_a_month_begins(database: Database) -> None:
    """R33, G8: for two weeks the longer period that was is looked at too."""
    longer = replace(WESTMINSTER, periods=replace(WESTMINSTER.periods, consent_refresh_months=48))
    with database.writing() as session:
        open_file(session, datetime(2026, 3, 2, 9, tzinfo=UTC), {"contact:health": ConsentState.GIVEN})
    for day in (datetime(2028, 8, 29, 9, tzinfo=UTC), datetime(2028, 9, 5, 9, tzinfo=UTC)):
        assert daily.ask_again(database, fixed(day), WESTMINSTER, longer) == 1
    assert kinds(database) == [following.ASK_FAMILY]


@pytest.mark.parametrize("policy", ["northamptonshire", "westminster"])
def test_a_spoken_yes_to_keeping_that_no_form_followed_asks_for_a_decision_on_erasing(
    database: Database, policy: str
) -> None:
    """W27, N8: asking again alone would keep the file for ever. Each day asks once."""
    settings = load(policy, date(2026, 11, 20))
    assert settings.periods.spoken_consent_days
    told_at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with database.writing() as session:
        home = open_file(session, told_at, {"contact:health": ConsentState.REFUSED})
        yes = Told({STORE: True}, Giver.PARENT_OR_CARER, home.carer, Route.TELEPHONE, told_at.date(), uuid4())
        changes.record(session, home.file, yes, actor="x", at=told_at, policy=settings)
    end = told_at + timedelta(days=settings.periods.spoken_consent_days)
    daily.ask_again(database, fixed(end - timedelta(days=1)), settings)
    assert kinds(database) == []
    for later in (0, 1):
        daily.ask_again(database, fixed(end + timedelta(days=later)), settings)
        assert sorted(kinds(database)) == sorted([following.ASK_FAMILY, following.ERASURE])
