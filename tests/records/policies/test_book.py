"""Changes of the policy as kept: appended, one at a time, entered in the audit, seen by every process."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.errors import ChangedMeanwhile
from records.policies import book
from records.policies.book import Book
from records.policies.kinds import NotAValue
from records.policies.settings import versions_of

VERSIONS = versions_of("westminster")


def record(database: Database, clock: Clock, *, seen: int = 0, code: str = "waste_wait_days", value: int = 60) -> None:
    with database.writing() as session:
        book.record(
            session, VERSIONS, code=code, value=value, begins=clock.today(), reason="The council asked", seen=seen, actor="m",
            at=clock.now(), today=clock.today(),
        )  # fmt: skip


def test_a_change_is_kept_with_who_when_why_and_holds_at_once(database: Database, clock: Clock) -> None:
    kept = Book(database, VERSIONS)
    assert kept.on(clock.today()).version == "1"
    record(database, clock)
    kept.forget()
    now = kept.on(clock.today())
    assert now.periods.waste_wait_days == 60
    assert kept.on(clock.today() - timedelta(days=1)).periods.waste_wait_days == 30
    with database.reading() as session:
        (found,) = book.changes(session, "westminster")
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.act == "policy_changed")).all()
    assert (found.changed_by, found.reason, found.changed_at) == ("m", "The council asked", clock.now())
    assert entry.subject_id == "waste_wait_days"


def test_a_change_of_another_service_does_not_count(database: Database, clock: Clock) -> None:
    record(database, clock)
    assert Book(database, versions_of("northamptonshire")).on(clock.today()).version == "1"


def test_who_saw_an_older_policy_is_refused_and_nothing_is_stored(database: Database, clock: Clock) -> None:
    record(database, clock)
    with pytest.raises(ChangedMeanwhile):
        record(database, clock, seen=0, value=70)
    with database.reading() as session:
        assert len(book.changes(session, "westminster")) == 1


def test_of_two_managers_at_once_exactly_one_wins(
    database: Database, reopened: Callable[[], Database], clock: Clock
) -> None:
    lost: list[Exception] = []
    start = threading.Barrier(2)

    def change(where: Database, value: int) -> None:
        start.wait()
        try:
            record(where, clock, value=value)
        except ChangedMeanwhile as error:
            lost.append(error)

    threads = [threading.Thread(target=change, args=(each, 60 + n)) for n, each in enumerate((database, reopened()))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with database.reading() as session:
        assert len(book.changes(session, "westminster")) == 1
    assert len(lost) == 1


def test_a_value_of_the_wrong_kind_is_never_stored(database: Database, clock: Clock) -> None:
    with pytest.raises((NotAValue, ValueError)):
        record(database, clock, code="S1", value=3)
    with database.reading() as session:
        assert book.changes(session, "westminster") == ()
