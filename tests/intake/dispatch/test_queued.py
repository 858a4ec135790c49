"""Many machines over one PostgreSQL: every item is read exactly once, whatever happens to workers, jobs and their queue."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from intake import claiming
from intake.dispatch import queue
from intake.dispatch.queued import DEAD_AFTER_SECONDS
from intake.service import Service
from intake.wiring import Paperchain
from records.db import Database
from records.post import inbox
from tests.builders import home
from tests.intake.dispatch.test_embedded import POST, SAMPLES, break_off, counts, finish, leased

pytestmark = pytest.mark.slow


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def chain(tmp_path: Path, database_url: str) -> Iterator[Paperchain]:
    with home(tmp_path / "home", database_url=database_url, work__workers="1") as opened:
        yield opened


def jobs(database: Database) -> list[tuple[str, str]]:
    """Every job: its state and what it carries."""
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT status::text, args::text FROM procrastinate_jobs ORDER BY id"))
        return [(status, args) for status, args in rows]


def put_in(database_url: str, numbers: list[int], *, lock: bool = True) -> None:
    async def defer() -> None:
        async with queue.open_app(database_url).open_async() as app:
            for number in numbers:
                task = app.configure_task(
                    queue.TASK, queue=queue.QUEUE, queueing_lock=queue.lock_of(number) if lock else None
                )  # fmt: skip
                await task.defer_async(number=number)

    asyncio.run(defer())


def test_the_tables_are_made_once_and_jobs_carry_numbers_only(chain: Paperchain, database_url: str) -> None:
    assert not queue.make_tables(chain.db)
    put_in(database_url, [7])
    assert jobs(chain.db) == [("todo", '{"number": 7}')]


def test_what_is_due_and_has_no_job_is_missing() -> None:
    assert queue.missing([3, 1, 2], ["item-1"]) == [3, 2]


@pytest.mark.parametrize("kill", [False, True])
def test_everything_is_read_once_with_doubled_jobs_and_killed_workers(
    chain: Paperchain, database_url: str, kill: bool
) -> None:
    for name in POST:
        shutil.copyfile(SAMPLES / name, chain.settings.inbox / name)
    put_in(database_url, [1, 1, 2, 99, 1], lock=False)  # doubled, and one for an item that was erased
    service = Service(chain, watch=True, work=True)
    try:
        finish(service, kill_after=1.0 if kill else None, within=400)
    finally:
        service.close()
    assert counts(chain) == (3, 6, 6)
    assert jobs(chain.db) == []


def test_a_stop_breaks_a_long_reading_off_and_holds_nothing_against_it(chain: Paperchain) -> None:
    shutil.copyfile(SAMPLES / POST[0], chain.settings.inbox / POST[0])
    break_off(chain)
    assert leased(chain) == []
    with chain.db.reading() as session:
        assert inbox.by_number(session, 1).attempts == 0
    assert jobs(chain.db) == []


def test_a_dead_dispatchers_item_is_taken_over_and_a_slow_one_enters_nothing(
    chain: Paperchain, database_url: str
) -> None:
    """A job in the hands of a worker that is silent for longer than allowed, with the item's lease held in its name."""
    shutil.copyfile(SAMPLES / POST[0], chain.settings.inbox / POST[0])
    claiming.take(chain, claiming.claim(chain.settings.inbox, chain.settings.inbox / POST[0]))
    put_in(database_url, [1])
    with chain.db.engine.begin() as connection:
        dead = connection.execute(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :old)) RETURNING id"
            ),
            {"old": DEAD_AFTER_SECONDS + 1},
        ).scalar_one()
        job = connection.execute(
            text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :dead RETURNING id"), {"dead": dead}
        ).scalar_one()
    with chain.db.writing() as session:
        assert inbox.lease(session, 1, queue.holder(job), chain.clock.now(), 3600)
    service = Service(chain, watch=False, work=True)
    try:
        finish(service, kill_after=None, within=400)
    finally:
        service.close()
    assert counts(chain)[0] == 1
    with chain.db.reading() as session:
        assert inbox.by_number(session, 1).attempts == 1, "a machine that died is not held against the item"


def test_what_is_leased_for_a_job_that_is_over_waits_for_no_lease_to_run_out(chain: Paperchain) -> None:
    shutil.copyfile(SAMPLES / POST[0], chain.settings.inbox / POST[0])
    claiming.take(chain, claiming.claim(chain.settings.inbox, chain.settings.inbox / POST[0]))
    with chain.db.writing() as session:
        assert inbox.lease(session, 1, queue.holder(987_654), chain.clock.now(), 3600)
    service = Service(chain, watch=False, work=True)
    try:
        finish(service, kill_after=None, within=400)
    finally:
        service.close()
    assert counts(chain)[0] == 1
    with chain.db.reading() as session:
        assert inbox.by_number(session, 1).attempts == 2
