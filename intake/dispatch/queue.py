"""The queue over PostgreSQL: Procrastinate's tables, and what Paperchain puts into them.

A job carries an item's number and nothing else. The post tables hold the truth: whether an item is still to be read, and who
reads it (its lease, held in the job's name). A job that is lost is put in again by the sweep; one that is doubled finds
nothing to do.
"""

import importlib.util
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import Connection

from records.db import Database
from records.errors import NotSetUp

if TYPE_CHECKING:
    from procrastinate import App

QUEUE = "reading"
TASK = "read_item"
EXTRA_LINE = ".venv/bin/python -m pip install --require-hashes --no-deps -r requirements-machines.lock"
MADE_FOR = "procrastinate_workers"
"""The table by which the newest shape of the queue's tables is known: it came with the heartbeat."""


def is_installed() -> bool:
    """Whether Procrastinate is there; it comes with the packages for several machines."""
    return importlib.util.find_spec("procrastinate") is not None


def need_packages() -> None:
    """Raises NotSetUp with the line to type when Procrastinate is not installed."""
    if not is_installed():
        raise NotSetUp(f"Working over PostgreSQL needs more packages. Type: {EXTRA_LINE}")


def make_tables(database: Database) -> bool:
    """Makes the queue's own tables beside ours, once; returns whether they had to be made. Safe from several machines at once."""
    from procrastinate.schema import SchemaManager

    with database.engine.connect() as connection:
        if has_tables(connection):
            return False
    with database.engine.execution_options(writes=True).begin() as connection:
        if has_tables(connection):
            return False
        # The driver's own cursor: the script holds many statements and per cent signs that are no parameters.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(SchemaManager.get_schema())
        return True


def has_tables(connection: Connection) -> bool:
    """Whether the queue's tables are there."""
    return sqlalchemy.inspect(connection).has_table(MADE_FOR)


def open_app(url: str) -> "App":
    """Procrastinate on the database of `database_url`. Nothing is connected yet."""
    from procrastinate import App, PsycopgConnector

    return App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))


def lock_of(number: int) -> str:
    """At most one waiting job an item."""
    return f"item-{number}"


def holder(job_id: int | None) -> str:
    """The name under which a job holds the lease of its item: known again when its worker is found dead."""
    return f"job-{job_id}"


def missing(due: Iterable[int], queued: Iterable[str]) -> list[int]:
    """Numbers of items that are due and have no job, in the order they are due."""
    there = set(queued)
    return [number for number in due if lock_of(number) not in there]
