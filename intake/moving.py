"""Moving a service that outgrew the embedded database to PostgreSQL, and its documents to where the settings say.

The old home is only read: its database is copied (sealed as it is) to a temporary folder and opened there, with the write-ahead
log, so that not a byte of the original changes. Documents go first, each compared by its hash; then all rows in one transaction,
each table compared by count and hash before the commit. Whatever fails leaves a target that is empty of rows: do it again.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, delete, func, insert, inspect, select

from intake import places
from intake.settings import Settings
from intake.watching import WATCH_LOCK
from records import migrations
from records.db import Database, postgresql_engine, sqlite_engine
from records.documents import place
from records.documents.store import DocumentStore, FolderStore
from records.documents.tables import Document, DocumentPlace
from records.errors import Damaged, NotSetUp, RefusedByRule
from records.keys import Keys, derive, load_master
from records.schema import metadata

LOCKS = (WATCH_LOCK, "work.lock", "desk.lock")
NOT_OURS = ("alembic_version", "procrastinate_", "sqlite_")
NOT_MOVED = frozenset({"machine", "watched_folder", "document_place"})
"""What machines say about themselves, and the mark of the old place: the new ones make their own."""
ROWS_AT_ONCE = 500

Show = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Moved:
    """What was moved and compared."""

    rows: dict[str, int]
    documents: int
    bytes: int


def move(settings: Settings, url: str, show: Show) -> Moved:
    """Moves the embedded database of this home to `url`, and its documents to the store of the settings.

    Raises NotSetUp (nothing to move, in use, target away), RefusedByRule (the target is not empty), Damaged (something does
    not compare). `show` is told what is being done, how far, and of how much.
    """
    if not settings.database_file.is_file():
        raise NotSetUp(f"There is no embedded database in {settings.home}, so there is nothing to move.")
    keys = derive(load_master(settings.key_file))
    with ExitStack() as stack:
        stack.enter_context(_stopped(settings))
        source = stack.enter_context(_copied(settings, keys))
        target = Database(postgresql_engine(url), keys)
        stack.callback(target.close)
        target.check()
        need_empty(target)
        migrations.upgrade(target)
        with target.writing() as session:
            session.execute(delete(DocumentPlace))  # of a move that failed, perhaps to another place
        store, old = places.open_store(settings), FolderStore(settings.home / "documents")
        documents, size = _documents(source, old, store, show)
        make_queue(target)
        place.join(target, store, made_by_hand=True)
        rows = copy_rows(source, target, show)
        return Moved(rows, documents, size)


@contextmanager
def _stopped(settings: Settings) -> Iterator[None]:
    """Holds the locks of the home, so that nothing starts meanwhile. Only locks that are there: nothing is made in the home."""
    with ExitStack() as stack:
        for name in LOCKS:
            path = settings.home / name
            if path.exists():
                handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                stack.callback(os.close, handle)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise NotSetUp(f"Paperchain runs on {settings.home}. Stop it first, then move.") from None
        yield


@contextmanager
def _copied(settings: Settings, keys: Keys) -> Iterator[Database]:
    """A copy of the sealed database, brought to the newest shape. What a killed process left in the log comes along."""
    with tempfile.TemporaryDirectory(prefix="paperchain-move-") as folder:
        for suffix in ("", "-wal"):
            path = settings.database_file.with_name(settings.database_file.name + suffix)
            if path.exists():
                shutil.copyfile(path, Path(folder) / ("paperchain.db" + suffix))
        database = Database(sqlite_engine(Path(folder) / "paperchain.db", keys), keys)
        try:
            database.check()
            migrations.upgrade(database)
            yield database
        finally:
            database.close()


def _tables(connection: Connection) -> list[Table]:
    """Every table of ours, in an order in which rows can be put in. Raises NotSetUp for one that nobody knows."""
    known = metadata()
    strange = [
        name for name in inspect(connection).get_table_names() if name not in known.tables and not name.startswith(NOT_OURS)
    ]  # fmt: skip
    if strange:
        raise NotSetUp(
            f"The database holds a table that is not Paperchain's: {sorted(strange)[0]}. Use one of its own."
        )
    return [table for table in known.sorted_tables if table.name not in NOT_MOVED]


def need_empty(target: Database) -> None:
    """Raises RefusedByRule when a database has rows of ours."""
    with target.engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        for table in _tables(connection):
            if table.name in there and connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise RefusedByRule(
                    "That database is not empty. Move into an empty one; nothing was changed.", "move-to"
                )


def _documents(source: Database, old: DocumentStore, new: DocumentStore, show: Show) -> tuple[int, int]:
    """Copies what the rows name, unless it is in its place already, and compares each by its hash."""
    with source.reading() as session:
        names = list(session.scalars(select(Document.blob).order_by(Document.blob)))  # type: ignore[call-overload]  # a column
    same = isinstance(old, FolderStore) and isinstance(new, FolderStore) and old.root.resolve() == new.root.resolve()
    size = 0
    for done, name in enumerate(names, 1):
        sealed = old.get(name)
        size += len(sealed)
        if not same:
            new.put(name, [sealed])
            if hashlib.sha256(new.get(name)).digest() != hashlib.sha256(sealed).digest():
                raise Damaged(
                    "A document did not arrive as it was sent. Nothing of the old home was changed; move again."
                )
        show("documents", done, len(names))
    return len(names), size


def copy_rows(source: Database, target: Database, show: Show = lambda *_: None) -> dict[str, int]:
    """All rows as they stand at one moment, in one transaction; compared before it is committed. Raises Damaged, NotSetUp.

    Rows of NOT_MOVED stay behind. Returns the count of each table.
    """
    counted: dict[str, int] = {}
    # SQLite reads one state for as long as a transaction lasts; PostgreSQL must be asked for that.
    engine = source.engine if source.embedded else source.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as old, target.engine.execution_options(writes=True).begin() as new:
        tables = _tables(old)
        for done, table in enumerate(tables, 1):
            for block in old.execute(_all(table)).mappings().partitions(ROWS_AT_ONCE):
                new.execute(insert(table), [dict(row) for row in block])
            was, now = fingerprint(old, table), fingerprint(new, table)
            if was != now:
                raise Damaged(
                    f"The table {table.name} did not arrive as it was: {was[0]} rows were sent and {now[0]} are there. "
                    "Nothing was kept; the old home is as it was."
                )
            counted[table.name] = now[0]
            show("tables", done, len(tables))
    return counted


def _all(table: Table) -> Select[Any]:
    """Every row, a few at a time: a table may be larger than memory."""
    return select(table).execution_options(yield_per=ROWS_AT_ONCE)


def fingerprint(connection: Connection, table: Table) -> tuple[int, str]:
    """How many rows a table has, and one hash over all their values, whatever order the database gives them in."""
    count, total = 0, 0
    for row in connection.execute(_all(table)):
        line = json.dumps([_plain(value) for value in row], ensure_ascii=True, separators=(",", ":"))
        total = (total + int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")) % (1 << 256)
        count += 1
    return count, f"{total:064x}"


def _plain(value: object) -> object:
    """A value as both databases mean it."""
    match value:
        case bytes() | memoryview():
            return "b" + bytes(value).hex()
        case datetime() | date() | UUID():
            return f"{type(value).__name__} {value}"
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise AssertionError(f"no comparison for {type(value).__name__}")


def make_queue(target: Database) -> None:
    """The queue's own tables, where its package is installed."""
    from intake.dispatch import queue

    if queue.is_installed():
        queue.make_tables(target)
