"""Accounts: one-time links, passwords, the lock after wrong guesses, disabling."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from records.audit import trail
from records.audit.chain import Whole
from records.audit.tables import AuditEntry
from records.clock import Clock, fixed
from records.db import Database
from records.errors import NotFound
from records.staff import accounts, sessions
from records.staff.accounts import Locked, NotGoodEnough
from records.staff.tables import Account, Invitation, SignInFailure
from records.vocabulary import Role

PASSWORD = "violet kettle harbour"
IDLE = timedelta(minutes=15)


def later(clock: Clock, **by: float) -> Clock:
    return fixed(clock.now() + timedelta(**by))


def made(database: Database, clock: Clock, role: Role = Role.MANAGER, name: str = "lee") -> Account:
    with database.writing() as session:
        link = accounts.invite(session, role, clock)
        return accounts.accept(
            session, link, sign_in_name=name, display_name="Lee Sample", password=PASSWORD, clock=clock
        )


def tried(database: Database, clock: Clock, name: str, password: str) -> Account | None:
    """As the page does it: counted, checked, settled."""
    with database.writing() as session:
        guess = accounts.count_guess(session, name, clock)
    right = accounts.is_right(guess, password)
    with database.writing() as session:
        return accounts.settle_guess(session, guess, right=right, clock=clock)


def counted_wrong(database: Database, clock: Clock, name: str, times: int) -> None:
    """Wrong guesses without the slow check, which does not matter to the count."""
    for _ in range(times):
        with database.writing() as session:
            accounts.count_guess(session, name, clock)


def test_a_link_makes_one_account_of_its_role(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        link = accounts.invite(session, Role.OFFICER, clock)
        account = accounts.accept(
            session, link, sign_in_name=" Lee.S ", display_name="  Lee   Sample ", password=PASSWORD, clock=clock
        )
        assert (account.role, account.sign_in_name, account.display_name) == (Role.OFFICER, "lee.s", "Lee Sample")
        assert account.id.version == 4  # random, so never used again
        with pytest.raises(NotFound):
            accounts.accept(session, link, sign_in_name="other", display_name="Other", password=PASSWORD, clock=clock)


def test_neither_link_nor_password_is_kept(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        link = accounts.invite(session, Role.OFFICER, clock)
        assert link.encode() not in session.exec(select(Invitation)).one().token_hash
        account = accounts.accept(session, link, sign_in_name="lee", display_name="Lee", password=PASSWORD, clock=clock)
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in account.password_hash


def test_a_link_ends_after_three_days(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        link = accounts.invite(session, Role.OFFICER, clock)
    with database.reading() as session:
        assert accounts.invitation(session, link, later(clock, hours=71.9)).role == Role.OFFICER
        for dead in (link, "never made", ""):
            with pytest.raises(NotFound):
                accounts.invitation(session, dead, later(clock, hours=72))


def test_while_there_is_no_manager_only_the_newest_link_works(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        old, new = (accounts.invite(session, Role.MANAGER, clock) for _ in range(2))
        assert not accounts.has_manager(session)
        with pytest.raises(NotFound):
            accounts.invitation(session, old, clock)
        accounts.accept(session, new, sign_in_name="lee", display_name="Lee", password=PASSWORD, clock=clock)
        assert accounts.has_manager(session)
        first, second = (accounts.invite(session, Role.OFFICER, clock) for _ in range(2))
        assert accounts.invitation(session, first, clock) != accounts.invitation(session, second, clock)


@pytest.mark.parametrize(
    ("name", "shown", "password", "word"),
    [
        pytest.param("lee", "Lee", "short words", "12 characters", id="eleven characters"),
        pytest.param("lee", "Lee", "x" * 201, "200 characters", id="endless"),
        pytest.param("lee", "Lee", "Password12345678", "easy to guess", id="first guess"),
        pytest.param("lee", "Lee", "abababababababab", "easy to guess", id="few letters"),
        pytest.param("lee.sample", "Lee", "my Lee.Sample words", "easy to guess", id="own name"),
        pytest.param("l", "Lee", PASSWORD, "Sign-in name", id="name too short"),
        pytest.param("lee<b>", "Lee", PASSWORD, "Sign-in name", id="name with signs"),
        pytest.param("lee", "   ", PASSWORD, "Enter your name", id="no name shown"),
        pytest.param("lee", "Lee\u202e", PASSWORD, "Enter your name", id="direction mark"),
        pytest.param("lee", "L" * 81, PASSWORD, "Enter your name", id="endless name"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_link_stays_good(
    database: Database, clock: Clock, name: str, shown: str, password: str, word: str
) -> None:
    with database.writing() as session:
        link = accounts.invite(session, Role.OFFICER, clock)
        with pytest.raises(NotGoodEnough, match=word):
            accounts.accept(session, link, sign_in_name=name, display_name=shown, password=password, clock=clock)
        assert accounts.invitation(session, link, clock).used_at is None


def test_twelve_characters_are_enough() -> None:
    accounts.check_password("violet kettl", "lee")


def test_sign_in_names_are_taken_once_in_any_case(database: Database, clock: Clock) -> None:
    made(database, clock, name="lee")
    with database.writing() as session:
        link = accounts.invite(session, Role.OFFICER, clock)
        with pytest.raises(NotGoodEnough, match="taken"):
            accounts.accept(session, link, sign_in_name="LEE", display_name="Lee", password=PASSWORD, clock=clock)


def test_only_the_right_password_of_a_known_name_signs_in(database: Database, clock: Clock) -> None:
    account = made(database, clock)
    found = tried(database, clock, " LEE ", PASSWORD)
    assert found is not None and found.id == account.id
    assert tried(database, clock, "lee", PASSWORD + "!") is None
    assert tried(database, clock, "nobody", PASSWORD) is None
    assert tried(database, clock, "lee", "\ud800") is None  # no text that UTF-8 can hold


def test_ten_wrong_guesses_lock_a_name_for_five_minutes(database: Database, clock: Clock) -> None:
    made(database, clock)
    counted_wrong(database, clock, "lee", 9)
    assert tried(database, clock, "Lee", "a wrong password") is None
    with pytest.raises(Locked):
        tried(database, clock, "LEE", PASSWORD)
    with pytest.raises(Locked):
        tried(database, later(clock, minutes=4.9), "lee", PASSWORD)
    assert tried(database, later(clock, minutes=5), "lee", PASSWORD) is not None


def test_a_lock_concerns_one_name_and_also_names_that_do_not_exist(database: Database, clock: Clock) -> None:
    made(database, clock)
    counted_wrong(database, clock, "nobody", 10)
    with pytest.raises(Locked):
        tried(database, clock, "nobody", PASSWORD)
    assert tried(database, clock, "lee", PASSWORD) is not None


def test_right_passwords_never_add_up_to_a_lock(database: Database, clock: Clock) -> None:
    made(database, clock)
    for _ in range(11):
        assert tried(database, clock, "lee", PASSWORD) is not None
    with database.reading() as session:
        assert session.exec(select(SignInFailure)).all() == []


def test_guesses_side_by_side_cannot_pass_the_limit(database: Database, clock: Clock) -> None:
    together = Barrier(4)

    def guess_on() -> int:
        together.wait()
        passed = 0
        for _ in range(6):
            try:
                with database.writing() as session:
                    accounts.count_guess(session, "lee", clock)
                passed += 1
            except Locked:
                pass
        return passed

    with ThreadPoolExecutor(4) as pool:
        assert sum(task.result() for task in [pool.submit(guess_on) for _ in range(4)]) == accounts.WRONG_GUESSES


def test_names_tried_are_kept_as_keyed_hashes_and_forgotten(database: Database, clock: Clock) -> None:
    counted_wrong(database, clock, "secret.name", 1)
    with database.reading() as session:
        assert b"secret" not in session.exec(select(SignInFailure)).one().name_hash
    counted_wrong(database, later(clock, minutes=6), "other", 1)
    with database.reading() as session:
        assert len(session.exec(select(SignInFailure)).all()) == 1


def test_an_account_disabled_while_its_password_is_checked_does_not_get_in(database: Database, clock: Clock) -> None:
    account, manager = made(database, clock, Role.OFFICER), made(database, clock, name="kit")
    with database.writing() as session:
        guess = accounts.count_guess(session, "lee", clock)
    with database.writing() as session:
        accounts.disable(session, account.id, actor=manager.id, clock=clock)
    with database.writing() as session:
        assert accounts.settle_guess(session, guess, right=True, clock=clock) is None


def test_disabling_ends_sessions_and_unused_links(database: Database, clock: Clock) -> None:
    boss, other = made(database, clock), made(database, clock, name="kit")
    with database.writing() as session:
        token = sessions.begin(session, other, clock)
        link = accounts.invite(session, Role.MANAGER, clock, made_by=str(other.id))
        kept = accounts.invite(session, Role.OFFICER, clock, made_by=str(boss.id))
    with database.writing() as session:
        accounts.disable(session, other.id, actor=boss.id, clock=clock)
    with database.reading() as session:
        assert sessions.find(session, token, clock, IDLE) is None
        assert accounts.invitation(session, kept, clock).made_by == str(boss.id)
        with pytest.raises(NotFound):
            accounts.invitation(session, link, clock)
    assert tried(database, clock, "kit", PASSWORD) is None


def test_nobody_disables_their_own_account_or_one_twice(database: Database, clock: Clock) -> None:
    boss, other = made(database, clock), made(database, clock, Role.ADMIN, name="kit")
    with database.writing() as session:
        with pytest.raises(NotGoodEnough, match="your own"):
            accounts.disable(session, boss.id, actor=boss.id, clock=clock)
        accounts.disable(session, other.id, actor=boss.id, clock=clock)
        with pytest.raises(NotFound):
            accounts.disable(session, other.id, actor=boss.id, clock=clock)


def test_of_two_managers_who_disable_one_another_the_second_is_told(database: Database, clock: Clock) -> None:
    """Nobody could make accounts any more: both had been managers when their pages were opened."""
    one, other = made(database, clock), made(database, clock, name="kit")
    with database.writing() as session:
        accounts.disable(session, other.id, actor=one.id, clock=clock)
    with pytest.raises(NotGoodEnough, match="Nobody would be left"), database.writing() as session:
        accounts.disable(session, one.id, actor=other.id, clock=clock)
    with database.reading() as session:
        assert accounts.has_manager(session)


def test_what_happened_is_in_the_audit_without_names(database: Database, clock: Clock) -> None:
    boss, other = made(database, clock), made(database, clock, Role.ADMIN, name="kit.secretname")
    tried(database, clock, "kit.secretname", "a wrong password")
    with database.writing() as session:
        accounts.disable(session, other.id, actor=boss.id, clock=clock)
    with database.reading() as session:
        assert isinstance(trail.check(session), Whole)
        entries = session.exec(select(AuditEntry)).all()
    acts = {entry.act for entry in entries}
    assert {"account_invited", "account_made", "sign_in_refused", "account_disabled"} <= acts
    assert not [entry for entry in entries if "secretname" in str(entry) or "Lee" in str(entry)]


def test_a_guess_and_its_hash_stay_out_of_logs(database: Database, clock: Clock) -> None:
    made(database, clock)
    with database.writing() as session:
        assert "argon2" not in repr(accounts.count_guess(session, "lee", clock))


def test_checking_a_password_does_not_hold_up_the_writer(
    database: Database, clock: Clock, reopened: Callable[[], Database]
) -> None:
    made(database, clock)
    with database.writing() as session:
        guess = accounts.count_guess(session, "lee", clock)
    with reopened().writing() as session:  # between counting and settling, another process writes
        accounts.invite(session, Role.ADMIN, clock)
    assert accounts.is_right(guess, PASSWORD)
