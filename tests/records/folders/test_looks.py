"""P3: what is known of each folder, since when, and when silence itself is the news."""

from datetime import timedelta

import pytest

from records.clock import Clock
from records.db import Database
from records.folders import looks
from records.folders.looks import Looked, Trouble
from records.folders.tables import WatchedFolder

TEN = timedelta(seconds=10)


def looked(path: str = "/scans", trouble: Trouble | None = None, waiting: int = 0) -> Looked:
    return Looked(path, "mark", False, trouble, waiting)


def test_trouble_keeps_the_moment_at_which_it_began_and_goes_with_it(database: Database, clock: Clock) -> None:
    began = clock.now()
    seen = []
    for step, trouble in enumerate((None, Trouble.UNREACHABLE, Trouble.UNREACHABLE, Trouble.REPLACED, None)):
        with database.writing() as session:
            looks.record(session, "home", looked(trouble=trouble), began + step * TEN)
        with database.reading() as session:
            (row,) = looks.watched(session)
            seen.append(row.since)
    assert seen == [None, began + TEN, began + TEN, began + 3 * TEN, None]


def test_homes_that_share_a_database_keep_their_folders_apart(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        looks.record(session, "one", looked(waiting=1), clock.now())
        looks.record(session, "two", looked(waiting=2), clock.now())
    with database.reading() as session:
        assert sorted(row.waiting for row in looks.watched(session)) == [1, 2]
        assert looks.known(session, "three", "/scans") is None


def test_folders_that_are_watched_no_more_are_forgotten(database: Database, clock: Clock) -> None:
    now = clock.now()
    with database.writing() as session:
        looks.record(session, "home", looked("/kept"), now)
        looks.record(session, "home", looked("/dropped"), now)
        looks.record(session, "elsewhere", looked("/theirs"), now)
        looks.record(session, "gone", looked("/old"), now - timedelta(days=31))
    with database.writing() as session:
        looks.tidy(session, "home", {"/kept"}, now)
    with database.reading() as session:
        assert [row.path for row in looks.watched(session)] == ["/kept", "/theirs"]


@pytest.mark.parametrize(
    ("seconds", "every", "silent"),
    [(29, 10, False), (31, 10, True), (80, 60, False), (91, 60, True)],
)
def test_silence_is_told_within_thirty_seconds(clock: Clock, seconds: int, every: int, silent: bool) -> None:
    row = WatchedFolder(watcher="home", path="/scans", mark="", mounted=False, looked_at=clock.now())
    now = clock.now() + timedelta(seconds=seconds)
    assert looks.is_silent(row, now, timedelta(seconds=every)) is silent
