"""The settings of every connection, one writer at a time, and nothing in clear on the disc."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, select

from records import db
from records.clock import Clock
from records.db import Database, once, sqlite_engine
from records.documents import keyring
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound, NotSetUp
from records.keys import Keys, derive
from records.people.tables import ChildFile
from records.post.tables import Counter


def test_every_sqlite_connection_is_set_up_safely(tmp_path: Path, keys: Keys) -> None:
    database = Database(sqlite_engine(tmp_path / "a.db", keys), keys)
    with database.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout", "temp_store")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 20000, "temp_store": 2,
    }  # fmt: skip


def test_the_file_holds_nothing_in_clear_and_another_key_does_not_open_it(tmp_path: Path, keys: Keys) -> None:
    database = Database(sqlite_engine(tmp_path / "a.db", keys), keys)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE child (name TEXT)")
        connection.exec_driver_sql("INSERT INTO child VALUES ('Rowan Testwood')")
    database.close()
    for path in tmp_path.iterdir():
        assert b"Testwood" not in path.read_bytes()
        assert not path.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(NotSetUp, match="master key does not open"):
        Database(sqlite_engine(tmp_path / "a.db", derive(b"x" * 32)), keys).check()


def test_values_never_stand_in_an_error(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.add(Counter(name="Rowan Testwood", last=1))
        session.flush()
        session.connection().exec_driver_sql("SELECT 1")
        session.add(Document(kind="x", key_id=uuid4(), blob="Rowan Testwood", media_type="", size=0, sha256=b"", stored_at=Clock().now()))  # fmt: skip
        session.flush()
    assert "Testwood" not in str(caught.value).split("DETAIL")[0]


def test_a_late_save_is_refused_and_overwrites_nothing(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        key_id, _ = keyring.make(session, clock.now())
        session.add(ChildFile(number=1, key_id=key_id, officer_id=uuid4(), opened_at=clock.now()))
    with database.reading() as session:
        late = session.exec(select(ChildFile)).one()
    with database.writing() as session:
        session.exec(select(ChildFile)).one().changed_by = "first"
    with pytest.raises(ChangedMeanwhile, match="saved meanwhile"), database.writing() as session:
        late.changed_by = "late"
        session.add(late)
    with database.reading() as session:
        assert session.exec(select(ChildFile)).one().changed_by == "first"


def test_a_reader_sees_the_state_before_a_writer_commits(database: Database) -> None:
    with database.writing() as writing:
        writing.add(Counter(name="x", last=1))
        writing.flush()
        with database.reading() as reading:
            assert reading.exec(select(Counter)).all() == []
    with database.reading() as reading:
        assert len(reading.exec(select(Counter)).all()) == 1


def test_one_session_reads_the_state_of_one_moment(database: Database) -> None:
    with database.reading() as reading:
        assert reading.exec(select(Counter)).all() == []
        with database.writing() as writing:
            writing.add(Counter(name="x", last=1))
        assert reading.exec(select(Counter)).all() == []
    with database.reading() as reading:
        assert len(reading.exec(select(Counter)).all()) == 1


def test_a_session_that_reads_leaves_nothing_behind(database: Database) -> None:
    with suppress(DBAPIError), database.reading() as session:
        session.add(Counter(name="x", last=1))
        session.flush()
    with database.reading() as session:
        assert session.exec(select(Counter)).all() == []


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_one_who_waited_to_write_decides_on_what_was_written_meanwhile(
    database: Database, reopened: Callable[[], Database]
) -> None:
    """R30: who reads keeps their moment, but whatever goes out is decided in a session that writes, on the newest facts."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

    def found() -> int:
        with database.writing() as session:
            return len(session.exec(select(Counter)).all())

    with ThreadPoolExecutor(1) as one, reopened().reading() as watching:
        with database.writing() as first:
            first.add(Counter(name="x", last=1))
            first.flush()
            late = one.submit(found)
            until = time.monotonic() + 20
            while not watching.connection().exec_driver_sql(waiting).scalar_one() and time.monotonic() < until:
                pass
        assert late.result(20) == 1
        assert watching.exec(select(Counter)).all() == []


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_postgresql_keeps_its_questions_planned_also_after_a_refusal(database: Database) -> None:
    for refused in (False,) * 8 + (True,):
        with suppress(NotFound), database.reading() as session:
            session.exec(select(Counter)).all()
            if refused:
                raise NotFound("There is nothing here.")
    with database.reading() as session:
        planned = session.connection().exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
    assert any("FROM counter" in statement for statement in planned)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_connection_that_was_lost_while_it_rested_is_made_anew(
    database: Database, reopened: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "UNTRIED_SECONDS", -1)  # any rest is long enough
    with database.reading() as session:
        lost = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with reopened().reading() as session:
        session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({lost}, 10000)")
    with database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != lost


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("kind", ["reading", "writing"])
def test_a_server_that_was_started_anew_a_moment_ago_is_not_noticed(
    database: Database, reopened: Callable[[], Database], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """However short the rest was: the end of a connection is seen without asking, and the others of the pool are not used either."""
    monkeypatch.setattr(db, "UNTRIED_SECONDS", 3600)
    with database.reading() as one, database.reading() as other, database.reading() as third:
        lost = [
            each.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one() for each in (one, other, third)
        ]
    with reopened().reading() as session:
        for pid in lost:
            assert session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 10000)").scalar_one()
    for _ in lost:
        with database.reading() if kind == "reading" else database.writing() as session:
            assert session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one() not in lost


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_what_was_read_stands_when_the_connection_is_lost_at_the_end(
    database: Database, reopened: Callable[[], Database]
) -> None:
    def read_and_lose(session: Session) -> None:
        pid = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with reopened().reading() as other:
            other.connection().exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 10000)")

    with database.reading() as session:
        assert session.exec(select(Counter)).all() == []
        read_and_lose(session)
    with pytest.raises(NotFound), database.reading() as session:
        read_and_lose(session)
        raise NotFound("There is nothing here.")
    with database.reading() as session:
        assert session.exec(select(Counter)).all() == []


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("ending", [None, NotFound("There is nothing here."), ValueError()])
def test_no_connection_rests_within_a_transaction_or_stays_read_only(
    database: Database, reopened: Callable[[], Database], ending: Exception | None
) -> None:
    with suppress(NotFound, ValueError), database.reading() as session:
        session.exec(select(Counter)).all()
        if ending:
            raise ending
    with reopened().reading() as other:
        asked = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        resting = other.connection().exec_driver_sql(f"{asked} AND backend_type = 'client backend'").scalars().all()
    assert resting == ["idle"]
    with database.writing() as session:  # on the same connection
        session.add(Counter(name="x", last=1))


def test_what_is_asked_once_is_found_once_where_nothing_changes(database: Database) -> None:
    found: list[int] = []

    def find() -> int:
        found.append(len(found))
        return found[-1]

    with database.reading() as session:
        assert [once(session, "x", find) for _ in range(3)] == [0, 0, 0]
        for other in range(db.MOST_REMEMBERED):
            once(session, other, lambda: None)
        assert once(session, "x", find) == 1, "only so many are kept"
    with database.writing() as session:
        assert [once(session, "x", find) for _ in range(2)] == [2, 3]


def test_a_scrub_waits_for_a_reader_and_says_when_it_could_not(tmp_path: Path, keys: Keys) -> None:
    """R28: an erased row must not lie on in the log."""
    database = Database(sqlite_engine(tmp_path / "a.db", keys), keys)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE child (name TEXT)")
    with database.reading() as session:
        session.connection().exec_driver_sql("SELECT * FROM child").all()
        with database.engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO child VALUES ('x')")
        assert not database.scrub(patience_seconds=0.1)
    assert database.scrub()
    assert (tmp_path / "a.db-wal").stat().st_size == 0
