"""Looking for what should be gone: rows, keys, words, bytes (R48, R52, P12)."""

import logging
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import String, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import AutoString

from records.db import Database
from records.documents.envelope import MAGIC
from records.documents.store import DocumentStore
from records.errors import Damaged
from records.retention import reach
from records.retention.ledger import Entry, ids_of
from records.schema import metadata

log = logging.getLogger("paperchain.verifying")

SHORTEST_NAME = 7
BLOCK = 4 << 20
STAFF = ("account",)
"""A member of the staff may have the same name as somebody whose file went."""


TracesFound = Callable[[Session, str, str, datetime], None]
ON_TRACES: list[TracesFound] = []
"""Called in the transaction that notes that something was found which should be gone, with the name of the certificate, who looked and when.
The register of breaches enters itself here: a failure to delete is an incident (R52)."""


def traces_found(session: Session, certificate: str, *, by: str, at: datetime) -> None:
    """Something that should be gone was still found."""
    for follow in ON_TRACES:
        follow(session, certificate, by, at)


def rows_left(session: Session, entries: Iterable[Entry]) -> int:
    """Rows that still belong to what these entries destroyed."""
    count = 0
    for entry in entries:
        ids = ids_of(entry)
        found = reach.of_ids(
            session, files=ids.get("child_file", []), items=ids.get("item", []),
            parts=ids.get("part", []), pages=ids.get("page", []), more=ids,
        )  # fmt: skip
        count += sum(len(each) for name, each in found.rows.items() if name not in reach.KEPT)
    return count


def telling(words: Collection[str]) -> list[str]:
    """Those that are worth looking for: a name of two words or more. A single first name is in many places."""
    return sorted({word.strip() for word in words if " " in word.strip() and len(word.strip()) >= SHORTEST_NAME})


def words_left(session: Session, words: Collection[str]) -> int:
    """How many rows hold one of these names in clear, in any column of text of any table."""
    wanted = telling(words)
    if not wanted:
        return 0
    pattern, count = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE), 0
    for table in metadata().sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, String | AutoString)]
        if not columns or table.name in STAFF:
            continue
        for row in session.execute(select(*columns).execution_options(yield_per=2000)):
            count += any(value is not None and pattern.search(value) is not None for value in row)
    return count


def still_there(store: DocumentStore, name: str) -> bool:
    """Whether the store still has the bytes of this name."""
    try:
        store.get(name)
    except Damaged:
        return False
    return True


def bytes_left(folders: Iterable[Path], words: Collection[str]) -> int:
    """How many files under these folders hold one of these names, as they lie on the disc. Sealed documents hold none."""
    return bytes_in((path for folder in folders for path in _files(folder)), words)


def bytes_in(paths: Iterable[Path], words: Collection[str]) -> int:
    """How many of these files hold one of these names."""
    needles = [word.encode() for word in telling(words)]
    if not needles:
        return 0
    pattern = re.compile(b"|".join(map(re.escape, needles)), re.IGNORECASE)
    longest = max(map(len, needles))
    return sum(_holds(path, pattern, longest) for path in paths)


def _files(folder: Path) -> Iterator[Path]:
    if folder.exists():
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _holds(path: Path, pattern: re.Pattern[bytes], longest: int) -> bool:
    if pattern.search(path.name.encode("utf-8", "surrogateescape")):
        return True
    try:
        with path.open("rb") as source:
            block, tail = source.read(BLOCK), b""
            if block.startswith(MAGIC):
                return False
            while block:
                if pattern.search(tail + block):
                    return True
                tail = block[-longest:]
                block = source.read(BLOCK)
    except OSError:
        return False  # gone meanwhile, or a pipe of somebody else's
    return False


def compact(db: Database, tables: Sequence[str] = ("wrapped_key",), patience_seconds: float = 5) -> bool:
    """After an erasure: what a deleted row leaves behind in the database's own files.

    Embedded, `secure_delete` has overwritten it and `scrub` emptied the log. PostgreSQL keeps dead rows until its vacuum;
    the small table of keys is rewritten whole, because with a key's old row a document from a backup could be opened.
    Whoever still reads the state of before (a backup, the check of the chain) keeps the dead rows alive, so they are waited for. False, and a
    line in the log, when they did not end in time: the dead rows may be in the file still, and go the next time, a day later at most.
    """
    if db.embedded:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA optimize")
        return True
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        now = connection.exec_driver_sql(_MOMENT).scalar_one()
        until = time.monotonic() + patience_seconds
        while (behind := connection.exec_driver_sql(_BEHIND, (now,)).scalar_one()) and time.monotonic() < until:
            time.sleep(0.05)
        for table in tables:
            connection.exec_driver_sql(f'VACUUM FULL "{table}"')
    if behind:
        log.warning(
            "somebody read on while keys were destroyed; their table is rewritten again each day readers=%d", behind
        )
    return not behind


_MOMENT = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS xid) AS text)"
_BEHIND = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND age(backend_xmin) > age(CAST(%s AS xid))"
)
"""How many read the database as it was before a moment of `_MOMENT`."""
