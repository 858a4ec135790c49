"""G5: entries are written in the transaction of what they tell, in one unforked line, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from records.audit import trail
from records.audit.chain import Broken, Whole
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database


def append(database: Database, clock: Clock, subject: str) -> None:
    with database.writing() as session:
        trail.append(session, actor="system", act="test", subject_kind="item", subject_id=subject, at=clock.now())


def test_entries_are_whole_and_numbered_without_gaps(database: Database, clock: Clock) -> None:
    for number in range(5):
        append(database, clock, str(number))
    with database.reading() as session:
        found = trail.check(session)
    assert isinstance(found, Whole)
    assert found.entries == 5


def test_an_entry_of_a_failed_transaction_is_not_there(database: Database, clock: Clock) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        trail.append(session, actor="system", act="test", subject_kind="item", subject_id="1", at=clock.now())
        raise RuntimeError
    with database.reading() as session:
        assert session.exec(select(AuditEntry)).all() == []


def test_eight_writers_at_once_make_one_unforked_chain(database: Database, clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: append(database, clock, str(number)), range(80)))
    with database.reading() as session:
        assert trail.check(session) == Whole(
            80, session.exec(select(AuditEntry.mac).where(AuditEntry.sequence == 80)).one()
        )


def test_an_edited_row_is_named(database: Database, clock: Clock) -> None:
    for number in range(3):
        append(database, clock, str(number))
    with database.writing() as session:
        row = session.get_one(AuditEntry, 2)
        row.subject_id = "another"
    with database.reading() as session:
        assert trail.check(session) == Broken(2)
