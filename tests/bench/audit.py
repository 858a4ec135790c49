"""How long a long audit chain takes to verify, to anchor and to export, and to grow: `.venv/bin/python -m tests.bench.audit [ENTRIES]`.

Prints figures; asserts nothing. The floor beside them is the same rows read without any check, in the same run.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlmodel import insert

from records import migrations
from records.audit import anchors, export, trail
from records.audit.chain import START, Entry, detail_json, link
from records.audit.tables import AuditEntry
from records.db import Database, sqlite_engine
from records.keys import derive

BLOCK = 20_000
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def fill(database: Database, count: int) -> None:
    """A chain as `trail.append` would have written it, in blocks."""
    previous, number = START, 0
    while number < count:
        rows = []
        for _ in range(min(BLOCK, count - number)):
            number += 1
            entry = Entry(
                number,
                AT + timedelta(seconds=number),
                "system",
                "file_opened",
                "file",
                f"{number:032x}",
                detail_json({"n": 1}),
            )
            previous = link(database.keys.audit, previous, entry)
            rows.append({**vars(entry), "mac": previous})
        with database.writing() as session:
            session.execute(insert(AuditEntry), rows)


def timed(what: str, count: int, do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    seconds = perf_counter() - began
    print(f"{what:<44} {seconds:8.2f} s  {count / seconds:12,.0f} a second")
    return seconds


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    keys = derive(bytes(32))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_engine(Path(folder) / "paperchain.db", keys), keys)
        migrations.upgrade(database)
        fill(database, count)
        print(f"{count:,} entries, {(Path(folder) / 'paperchain.db').stat().st_size >> 20:,} MB, embedded database")
        with database.reading() as session:
            floor = timed("read only (the floor)", count, lambda: sum(1 for _ in trail.entries(session)))
            whole = timed("audit verify", count, lambda: trail.check(session))
        with database.writing() as session:
            timed("first anchor", count, lambda: anchors.make(session, AT))
        with database.reading() as session, (Path(folder) / "audit.txt").open("wb") as out:
            timed("audit export", count, lambda: out.writelines(export.lines(session)))
        timed("100 entries appended, each its own commit", 100, lambda: [_append(database) for _ in range(100)])
        print(f"verifying takes {whole / floor:.2f} times the reading")


def _append(database: Database) -> None:
    with database.writing() as session:
        trail.append(session, actor="system", act="file_seen", subject_kind="file", subject_id="0", at=AT)


if __name__ == "__main__":
    main()
