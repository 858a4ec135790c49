"""What a destroyed key leaves behind in PostgreSQL's own files (R28, R48): nothing, also while others read."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from sqlmodel import select

from records.clock import Clock
from records.db import Database
from records.documents import keyring
from records.post.tables import Counter
from records.retention import verifying


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


def keys_are_destroyed(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        for _ in range(50):
            key_id, _key = keyring.make(session, clock.now())
            session.flush()
            keyring.shred(session, key_id)


def bytes_of_keys(database: Database) -> int:
    with database.reading() as session:
        return int(session.connection().exec_driver_sql("SELECT pg_relation_size('wrapped_key')").scalar_one())


def test_nothing_of_a_key_is_left(database: Database, clock: Clock) -> None:
    keys_are_destroyed(database, clock)
    assert bytes_of_keys(database)
    assert verifying.compact(database)
    assert bytes_of_keys(database) == 0


def test_whoever_reads_the_state_of_before_is_waited_for(
    database: Database, reopened: Callable[[], Database], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = ExitStack()
    reading.enter_context(reopened().reading()).exec(select(Counter)).all()
    keys_are_destroyed(database, clock)
    waiting = SimpleNamespace(
        monotonic=time.monotonic, sleep=lambda _: reading.close()
    )  # ends as soon as it is waited for
    monkeypatch.setattr(verifying, "time", waiting)
    assert verifying.compact(database)
    assert bytes_of_keys(database) == 0


def test_one_who_reads_on_is_told_of_and_the_next_time_does_it(
    database: Database, reopened: Callable[[], Database], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as reading:
        reading.enter_context(reopened().reading()).exec(select(Counter)).all()
        keys_are_destroyed(database, clock)
        assert not verifying.compact(database, patience_seconds=0.1)
        assert "readers=1" in caplog.text
    assert verifying.compact(database)
    assert bytes_of_keys(database) == 0


def test_one_who_began_afterwards_is_not_waited_for(
    database: Database, reopened: Callable[[], Database], clock: Clock
) -> None:
    keys_are_destroyed(database, clock)
    with reopened().reading() as later:
        later.exec(select(Counter)).all()
        assert verifying.compact(database, patience_seconds=0)
    assert bytes_of_keys(database) == 0
