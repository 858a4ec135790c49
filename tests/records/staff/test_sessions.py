"""Sessions: found while alive, ended by time, sign-out or disabling; one line of notice, shown once."""

from datetime import timedelta

import pytest

from records.clock import Clock, fixed
from records.db import Database
from records.staff import accounts, sessions
from records.staff.tables import Account, SignInSession
from records.vocabulary import Role

IDLE = timedelta(minutes=15)


@pytest.fixture
def account(database: Database, clock: Clock) -> Account:
    with database.writing() as session:
        link = accounts.invite(session, Role.OFFICER, clock)
        return accounts.accept(
            session, link, sign_in_name="lee", display_name="Lee Sample", password="violet kettle harbour", clock=clock
        )


@pytest.fixture
def token(database: Database, clock: Clock, account: Account) -> str:
    with database.writing() as session:
        return sessions.begin(session, account, clock)


def later(clock: Clock, **by: float) -> Clock:
    return fixed(clock.now() + timedelta(**by))


def alive(database: Database, token: str, clock: Clock) -> bool:
    with database.reading() as session:
        return sessions.find(session, token, clock, IDLE) is not None


def test_a_token_finds_its_account(database: Database, clock: Clock, account: Account, token: str) -> None:
    with database.reading() as session:
        found = sessions.find(session, token, clock, IDLE)
    assert found is not None
    assert (found.actor.id, found.actor.role, found.display_name) == (account.id, Role.OFFICER, "Lee Sample")


def test_the_token_itself_is_not_kept(database: Database, clock: Clock, token: str) -> None:
    with database.reading() as session:
        assert session.get(SignInSession, token.encode()) is None
        assert session.get(SignInSession, accounts.token_hash(token)) is not None
    assert not alive(database, token + "x", clock)
    assert not alive(database, "", clock)


def test_each_sign_in_has_a_token_and_a_form_token_of_its_own(
    database: Database, clock: Clock, account: Account, token: str
) -> None:
    with database.writing() as session:
        other = sessions.begin(session, account, clock)
    with database.reading() as session:
        one, two = (sessions.find(session, each, clock, IDLE) for each in (token, other))
    assert one is not None and two is not None
    assert token != other
    assert one.csrf != two.csrf


def test_idle_for_fifteen_minutes_ends_it(database: Database, clock: Clock, token: str) -> None:
    assert alive(database, token, later(clock, minutes=14.9))
    assert not alive(database, token, later(clock, minutes=15))
    with database.writing() as session:
        sessions.seen(session, token, later(clock, minutes=14))
    assert alive(database, token, later(clock, minutes=28))


def test_twelve_hours_end_it_however_busy(database: Database, clock: Clock, token: str) -> None:
    almost = later(clock, hours=11.99)
    with database.writing() as session:
        sessions.seen(session, token, almost)
    assert alive(database, token, almost)
    assert not alive(database, token, later(clock, hours=12))


def test_sign_out_ends_it_on_the_server(database: Database, clock: Clock, token: str) -> None:
    for _ in range(2):  # the second time changes nothing
        with database.writing() as session:
            sessions.end(session, token, clock)
        assert not alive(database, token, clock)


def test_a_line_of_notice_is_left_and_cleared(database: Database, clock: Clock, token: str) -> None:
    with database.writing() as session:
        sessions.seen(session, token, clock, notice="2 files were added.")
    with database.reading() as session:
        found = sessions.find(session, token, clock, IDLE)
    assert found is not None and found.notice == "2 files were added."
    with database.writing() as session:
        sessions.seen(session, token, clock)
    with database.reading() as session:
        found = sessions.find(session, token, clock, IDLE)
    assert found is not None and found.notice is None
