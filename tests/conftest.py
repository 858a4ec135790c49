"""What all tests share: the clock, both databases, and how Hypothesis searches.

`database` gives a fresh database in its newest shape and runs each test twice, on encrypted SQLite and on PostgreSQL.
Both are copied from a template that was migrated once. Without PostgreSQL these tests fail; they are never skipped.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from records import migrations
from records.clock import Clock, fixed
from records.db import Database, postgresql_engine, sqlite_engine
from records.keys import Keys, derive
from tests.postgres import Cluster, running_cluster

hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEMPLATE = "migrated"


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    """A developer's own settings must not change what tests see."""
    for name in [name for name in os.environ if name.startswith("PAPERCHAIN_")]:
        del os.environ[name]


@pytest.fixture
def clock() -> Clock:
    """Stands still at noon on Friday, 20 November 2026."""
    return fixed(NOON)


@pytest.fixture(scope="session")
def keys() -> Keys:
    """Keys derived from a master key made for this session."""
    return derive(secrets.token_bytes(32))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The session's own PostgreSQL server, started when the first test asks for it."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Runs a test once for each kind of database."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "paperchain.db"
    _migrated(Database(sqlite_engine(path, keys), keys))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgres: Cluster, keys: Keys) -> str:
    """The name of a migrated, empty PostgreSQL database to copy from."""
    postgres.create(TEMPLATE)
    _migrated(Database(postgresql_engine(postgres.url(TEMPLATE)), keys))
    return TEMPLATE


def _migrated(database: Database) -> None:
    migrations.upgrade(database)
    database.close()  # for SQLite this also folds the write-ahead log into the file


@pytest.fixture
def empty_database(
    database_kind: str, tmp_path: Path, keys: Keys, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A database of either kind without any table, for tests of the migrations themselves."""
    if database_kind == "sqlite":
        yield from _closing(Database(sqlite_engine(tmp_path / "paperchain.db", keys), keys))
    else:
        yield from _on_postgresql(request.getfixturevalue("postgres"), keys, "template1")


@pytest.fixture
def database(database_kind: str, tmp_path: Path, keys: Keys, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh, migrated database of either kind."""
    if database_kind == "sqlite":
        path = tmp_path / "paperchain.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield from _closing(Database(sqlite_engine(path, keys), keys))
    else:
        template = request.getfixturevalue("postgresql_template")
        yield from _on_postgresql(request.getfixturevalue("postgres"), keys, template)


@pytest.fixture
def database_url(database: Database, database_kind: str) -> str | None:
    """What `database_url` must say for another process to use `database`; None for the embedded one."""
    if database_kind == "sqlite":
        return None
    return database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def reopened(database: Database, database_kind: str, tmp_path: Path, keys: Keys) -> Iterator[Callable[[], Database]]:
    """Opens `database` once more, as another process would."""
    opened: list[Database] = []

    def again() -> Database:
        if database_kind == "sqlite":
            engine = sqlite_engine(tmp_path / "paperchain.db", keys)
        else:
            engine = postgresql_engine(database.engine.url.render_as_string(hide_password=False))
        opened.append(Database(engine, keys))
        return opened[-1]

    yield again
    for each in opened:
        each.close()


def _closing(database: Database) -> Iterator[Database]:
    yield database
    database.close()


def _on_postgresql(cluster: Cluster, keys: Keys, template: str) -> Iterator[Database]:
    name = f"t{secrets.token_hex(6)}"
    cluster.create(name, template=template)
    yield from _closing(Database(postgresql_engine(cluster.url(name)), keys))
    cluster.drop(name)
