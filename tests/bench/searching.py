"""How long a search among many children's files takes: `python -m tests.bench.searching [files] [postgresql]`.

Names are drawn with the skew of real ones: the commonest first name and the commonest surname belong to about one child in fifty.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import Session

from records import migrations
from records.db import Database, postgresql_engine, sqlite_engine
from records.documents.envelope import new_key, seal_json
from records.documents.keyring import wrap
from records.documents.tables import WrappedKey
from records.keys import derive
from records.people import index
from records.people.search import find
from records.people.tables import BirthDateFact, ChildFile, Person, SearchSpelling, SearchToken
from tests.postgres import running_cluster

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
COMMON_FIRST = (
    "Oliver", "Amelia", "George", "Isla", "Noah", "Ava", "Arthur", "Ivy", "Harry", "Freya", "Leo", "Lily", "Muhammad", "Florence", "Jack",
)  # fmt: skip
COMMON_LAST = (
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Patel",
    "Robinson",
    "Wright",
)
SYLLABLES = tuple(
    f"{one}{two}" for one in "bcdfghjklmnprstvwyz" for two in ("a", "e", "i", "o", "an", "el", "or", "is", "ton", "ley")
)


def _names(common: tuple[str, ...], more: int, rng: random.Random) -> tuple[list[str], list[float]]:
    made = {"".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3)))).capitalize() for _ in range(more)}
    names = [*common, *sorted(made)]
    return names, [1 / (at + 4) for at in range(len(names))]


def fill(db: Database, count: int) -> list[tuple[str, date]]:
    """Writes files with a child, a carer and a birth date each; returns name and birth date of each child."""
    rng, officer, made = random.Random(7), uuid4(), []
    first, first_weights = _names(COMMON_FIRST, 2500, rng)
    last, last_weights = _names(COMMON_LAST, 12000, rng)
    known: set[bytes] = set()
    for start in range(0, count, 2000):
        rows: dict[type, list[dict[str, object]]] = {
            WrappedKey: [],
            ChildFile: [],
            Person: [],
            BirthDateFact: [],
            SearchToken: [],
            SearchSpelling: [],
        }
        with db.writing() as session:
            for number in range(start + 1, min(start + 2000, count) + 1):
                file_id, key_id, key = uuid4(), uuid4(), new_key()
                surname = rng.choices(last, last_weights)[0]
                child, carer = (f"{rng.choices(first, first_weights)[0]} {surname}" for _ in range(2))
                born = date(2003, 1, 1) + timedelta(days=rng.randrange(8000))
                made.append((child, born))
                rows[WrappedKey].append(wrap(db.keys, key_id, key, NOW).model_dump())
                rows[ChildFile].append(
                    {
                        "id": file_id,
                        "number": number,
                        "key_id": key_id,
                        "officer_id": officer,
                        "opened_at": NOW,
                        "version": 0,
                    }
                )
                for kind, name in (("child", child), ("carer", carer)):
                    person = uuid4()
                    rows[Person].append({
                        "id": person, "file_id": file_id, "kind": kind, "sealed": seal_json(key, {"name": name}, person.bytes), "relationship": "unknown",
                        "parental_responsibility": "unknown", "recorded_by": "x", "recorded_at": NOW,
                    })  # fmt: skip
                fact = uuid4()
                said = {"earliest": born.isoformat(), "latest": born.isoformat()}
                rows[BirthDateFact].append({
                    "id": fact, "file_id": file_id, "sealed": seal_json(key, said, fact.bytes), "recorded_by": "x", "recorded_at": NOW,
                })  # fmt: skip
                spellings = index.spellings_of(session, f"{child} {carer}")
                for word in spellings.keys() - known:
                    rows[SearchSpelling] += [{"key": key, "word": word} for key in spellings[word]]
                known |= spellings.keys()
                tokens = spellings.keys() | {index._hash(session, key) for key in (index.FORM, *index.born_keys(born))}
                rows[SearchToken] += [{"token": token, "file_id": file_id} for token in tokens]
            put(session, rows)
    return made


def put(session: Session, rows: Mapping[type, list[dict[str, Any]]]) -> None:
    """Writes many rows of each table; into PostgreSQL by COPY, which is several times faster than inserting."""
    if session.get_bind().dialect.name != "postgresql":
        for table, values in rows.items():
            session.execute(sa.insert(table), values)
        return
    connection = session.connection().connection.driver_connection
    assert connection is not None
    cursor = connection.cursor()
    for table, values in rows.items():
        if values:
            names = [name for name in values[0] if name in sa.inspect(table).columns]
            with cursor.copy(f"COPY {table.__tablename__} ({', '.join(names)}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row([value[name] for name in names])


def slips(rng: random.Random, name: str) -> str:
    """The name with one letter wrong, missing or swapped."""
    at = rng.randrange(1, len(name) - 1)
    return rng.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + rng.choice("aeiout") + name[at + 1 :],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
        )
    )


@contextmanager
def database(kind: str, kept: Path | None = None) -> Iterator[Database]:
    """An empty database that goes away afterwards; with `kept`, an embedded one in that folder, which stays, filled or not.

    `kind` may be the address of a PostgreSQL of your own (`postgresql://…`): what is in there stays too."""
    keys = derive(bytes(32))
    if "://" in kind:
        yield from _ready(Database(postgresql_engine(kind), keys))
    elif kind == "postgresql":
        with running_cluster() as cluster:
            cluster.create("bench")
            yield from _ready(Database(postgresql_engine(cluster.url("bench")), keys))
    elif kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield from _ready(Database(sqlite_engine(kept / "bench.db", keys), keys))
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield from _ready(Database(sqlite_engine(Path(folder) / "bench.db", keys), keys))


@contextmanager
def in_bulk(db: Database) -> Iterator[Database]:
    """The same database for filling: with much memory and without waiting for the disc, which only a bench may do."""
    if not db.embedded:
        yield db
        return
    connection = db.engine.raw_connection().driver_connection
    assert connection is not None
    file = next(Path(row[2]) for row in connection.execute("PRAGMA database_list"))
    engine = sqlite_engine(file, db.keys)

    @sa.event.listens_for(engine, "connect")
    def ready(connection: object, _: object) -> None:
        for pragma in ("cache_size = -1000000", "synchronous = OFF", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # the driver has no types

    fast = Database(engine, db.keys)
    yield fast
    fast.close()


def analysed(db: Database) -> None:
    """What a PostgreSQL does by itself within minutes of being filled."""
    if not db.embedded:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _ready(db: Database) -> Iterator[Database]:
    migrations.upgrade(db)
    yield db
    db.close()


def main(count: int, kind: str) -> None:
    rng = random.Random(11)
    with database(kind) as db:
        began = time.perf_counter()
        with in_bulk(db) as fast:
            made = fill(fast, count)
        analysed(db)
        print(f"{count} files on {kind}, filled in {time.perf_counter() - began:.0f} s")
        some = rng.sample(made, min(len(made), 60))
        for what, typed in _asked(some, rng).items():
            _time(db, what, typed, some)


def _asked(some: list[tuple[str, date]], rng: random.Random) -> dict[str, list[str]]:
    return {
        "name": [name for name, _ in some],
        "name with a slip": [slips(rng, name) for name, _ in some],
        "surname": [name.split()[1] for name, _ in some],
        "birth date": [f"{born.day}/{born.month}/{born.year}" for _, born in some],
        "commonest": ["Oliver Smith", "Smith", "Oliver", "Olivr Smiht", "Muhammad Jones", "Jones Amelia"],
        "nobody": ["Quentin Xylander", "Zzz", "Oliver Xylander"],
    }


def _time(db: Database, what: str, typed: list[str], some: list[tuple[str, date]]) -> None:
    times, right = [], 0
    for at, text in enumerate(typed):
        start = time.perf_counter()
        with db.reading() as session:
            found = find(session, text, index.everybody, NOW.date())
        times.append((time.perf_counter() - start) * 1000)
        right += len(typed) == len(some) and any((hit.name, hit.born_on) == some[at] for hit in found.hits)
    times.sort()
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    tail = f"right child among the hits {right}/{len(typed)}" if len(typed) == len(some) else ""
    print(f"{what:18} median {statistics.median(times):6.1f} ms  p95 {p95:6.1f} ms  worst {times[-1]:6.1f} ms  {tail}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2] if len(sys.argv) > 2 else "sqlite")
