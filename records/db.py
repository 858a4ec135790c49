"""The database: one engine, two kinds of transaction, the same code on encrypted SQLite and on PostgreSQL.

Embedded: SQLCipher with a raw 256-bit key (a passphrase costs 120 ms a connection, a raw key 3 ms). The SQLite inside is
newer than 3.51.3, which fixed the WAL-reset corruption; start-up checks it. `synchronous=FULL` because with NORMAL a power
cut loses commits that were acknowledged.

One writer at a time on both: SQLite by BEGIN IMMEDIATE (plain BEGIN fails "locked" in 57-91 % of contended writes),
PostgreSQL by an advisory lock, so that the audit chain cannot fork and check-then-write means the same on both.
"""

import math
import select
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import psycopg
import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlcipher3 import dbapi2 as sqlcipher
from sqlmodel import Session

from records.errors import ChangedMeanwhile, NotSetUp, RecordsError
from records.keys import Keys

SAFE_SQLITE = (3, 51, 3)
BUSY_SECONDS = 20
WRITER_LOCK = 0x50415045  # any fixed number; "PAPE"
UNTRIED_SECONDS = 1
"""A connection to PostgreSQL that rested longer is tried before it is used; at each use that would be one more way there and back. One on
which the server has said anything meanwhile, as it does when it ends it, is always tried: to see that costs nothing."""
MOST_PREPARED = 400
"""Questions that a connection to PostgreSQL keeps planned; the desk asks some hundreds of different ones, the driver keeps 100."""


def sqlite_engine(path: Path, keys: Keys) -> Engine:
    """An engine on an encrypted file (made on first connection). Raises NotSetUp when the SQLite inside is not safe."""
    if sqlcipher.sqlite_version_info < SAFE_SQLITE:
        raise NotSetUp(
            f"SQLite {sqlcipher.sqlite_version} can corrupt its log; 3.51.3 or newer is needed. Run script/run again."
        )

    def connect() -> Any:  # the driver has no types
        connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in (
            f"key = \"x'{keys.database.hex()}'\"",
            "cipher_log_level = NONE",  # a wrong key would otherwise write to stderr
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "cache_size = -16000",  # 16 MB: each page must be decrypted, and with SQLite's own 2 MB a search does so again and again
            "temp_store = MEMORY",  # sorting must not spill names into a plain temporary file
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = sqlalchemy.create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=8,
        pool_use_lifo=True,  # the connection used last has read what is wanted next, and the others stay small
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: sqlalchemy.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def postgresql_engine(url: str) -> Engine:
    """An engine on a PostgreSQL named by `postgresql://…`."""
    address = sqlalchemy.make_url(url).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(
        address,
        hide_parameters=True,
        pool_size=8,
        max_overflow=8,
        pool_use_lifo=True,  # the connection used last has its questions planned already
    )

    @event.listens_for(engine, "connect")
    def ready(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.prepared_max = MOST_PREPARED

    @event.listens_for(engine, "checkin")
    def rests(_: object, entry: ConnectionPoolEntry) -> None:
        entry.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def answers(connection: Any, entry: ConnectionPoolEntry, _: object) -> None:
        rested = time.monotonic() - entry.info.get("rests_since", math.inf)
        if rested <= UNTRIED_SECONDS and not _has_word(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            gone = DisconnectionError("The connection was lost while it rested.")
            gone.invalidate_pool = True  # the server was started anew: all other connections are lost with this one
            raise gone from error

    @event.listens_for(engine, "begin")
    def begin(connection: sqlalchemy.Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")

    return engine


def _has_word(connection: "psycopg.Connection[Any]") -> bool:
    """Whether anything has come over a connection on which nothing was asked: its end, or a note of the server's."""
    if connection.closed:
        return True
    ready = select.poll()
    ready.register(connection.fileno(), select.POLLIN)
    return bool(ready.poll(0))


class Database:
    """Hands out sessions. `reading()` never writes; `writing()` is one transaction, committed at its end, one at a time."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self.engine = engine
        self.keys = keys
        self._writer = engine.execution_options(writes=True)
        # On both, what one session reads is the state of one moment, and a question that writes is refused or undone.
        steady = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = engine if self.embedded else engine.execution_options(**steady)

    def _session(self, engine: Engine, **more: object) -> Session:
        return Session(engine, info={"keys": self.keys, **more}, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._session(self._reader, memo={}) as session:
            try:
                yield session
            except RecordsError:
                self._leave(session)
                raise
            self._leave(session)

    def _leave(self, session: Session) -> None:
        session.expunge_all()  # what was read stays readable afterwards
        if not self.embedded:
            # Nothing was written; at a rollback the driver would forget all that it has planned. A connection that is lost only now has
            # given everything that was asked of it: what was read stands, and a refusal stays the refusal that it was.
            with suppress(SQLAlchemyError):
                session.commit()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Commits when the block ends well, else rolls everything back.

        Raises ChangedMeanwhile when a row with a version column was saved by somebody else first.
        """
        with self._session(self._writer) as session:
            try:
                yield session
                session.commit()
            except StaleDataError:
                session.rollback()
                raise ChangedMeanwhile(
                    "This was saved meanwhile, by somebody else or by an earlier click of yours. Nothing was saved this time; look at it again."
                ) from None

    def check(self) -> None:
        """Raises NotSetUp, in words, when the database cannot be opened or the key is wrong."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master" if self.embedded else "SELECT 1")
        except (OperationalError, DBAPIError, sqlcipher.DatabaseError) as error:
            raise NotSetUp(_why_not(error, embedded=self.embedded)) from None

    def scrub(self, patience_seconds: float = 5) -> bool:
        """After an erasure: empties the write-ahead log, where erased rows would otherwise lie until it is reused.

        A reader in the middle of its work holds the log; it is waited for. False when it could not be emptied in time:
        the next scrub, or the last connection to close, does it.
        """
        if not self.embedded:
            return True
        until = time.monotonic() + patience_seconds
        while True:
            with self.engine.connect() as connection:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            if not busy or time.monotonic() > until:
                return not busy
            time.sleep(0.05)

    @property
    def embedded(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        self.engine.dispose()


def _why_not(error: Exception, *, embedded: bool) -> str:
    said = str(getattr(error, "orig", error)).lower()
    if not embedded:
        return "The PostgreSQL server cannot be reached. Check that it runs and that database_url is right."
    if "not a database" in said:
        return "The master key does not open the database. Put the key that belongs to this home back into keys/."
    if "full" in said:
        return "The disc is full. Free some space; nothing is lost."
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return "The database cannot be written. Give this account write rights on the home folder."
    if "malformed" in said:
        return "The database file is damaged. Stop Paperchain and restore the last backup."
    return "The database cannot be opened. Run `paperchain doctor`."


_AWAY = {
    "full": "The disc is full, so nothing can be saved",
    "locked": "The database is busy with other work",
    "readonly": "The database cannot be written",
    "read-only": "The database cannot be written",
    "unable to open": "The database cannot be reached just now",
    "disk i/o": "The database cannot be read from the disc",
}
"""What SQLite says when the fault is not the question's, and what that means."""


def out_of_reach(error: Exception) -> str | None:
    """Why the database could not be asked at all, in words without a full stop; None when that was not what failed."""
    if isinstance(error, DisconnectionError | PoolTimeout):
        return "The database cannot be reached just now"
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, psycopg.OperationalError | psycopg.InterfaceError):
        return "The database cannot be reached just now"
    said = str(error.orig).lower()
    return (
        next((words for part, words in _AWAY.items() if part in said), None)
        if isinstance(error.orig, sqlcipher.Error)
        else None
    )


def keys_of(session: Session) -> Keys:
    """The keys of the installation that this session belongs to."""
    return cast(Keys, session.info["keys"])


def memo(session: Session) -> dict[object, Any] | None:
    """What was found out once in a session that only reads, for the rest of it; None in one that writes, where it may change."""
    return cast(dict[object, Any] | None, session.info.get("memo"))


MOST_REMEMBERED = 100
_Found = TypeVar("_Found")
_ONCE = object()


def once(session: Session, what: Hashable, find: Callable[[], _Found]) -> _Found:
    """What `find` gives. A session that only reads finds it once and keeps the latest (at most `MOST_REMEMBERED`): a page asks who is
    on a file many times over. Nobody may change what is given out. In a session that writes it is found anew."""
    known = memo(session)
    if known is None:
        return find()
    kept = known.setdefault(_ONCE, {})
    if what not in kept:
        if len(kept) >= MOST_REMEMBERED:
            kept.clear()
        kept[what] = find()
    return cast(_Found, kept[what])
