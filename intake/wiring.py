"""The program put together from its settings: folders, keys, database, store. Every command begins here."""

import errno
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlmodel import select

from intake import known_forms, places
from intake.dispatch import queue
from intake.settings import Settings
from records import migrations
from records.clock import Clock
from records.db import Database, postgresql_engine, sqlite_engine
from records.documents import keyring, place
from records.documents.store import DocumentStore
from records.documents.tables import WrappedKey
from records.errors import Damaged, NotSetUp
from records.keys import derive, load_master, make_master
from records.policies.book import Book
from records.policies.settings import NoSuchPolicy, Policy, PolicyUnreadable, in_force, parse, versions_of
from records.requests import follows
from records.retention import the_clock

follows.enter()
the_clock.enter()

RESTORING = "restoring"
"""The mark of a home into which a restore is not finished: nobody may start there."""


@dataclass(frozen=True)
class Paperchain:
    """What commands, workers and pages work with."""

    settings: Settings
    db: Database
    store: DocumentStore
    clock: Clock
    book: Book = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Frozen: the policy's book belongs to this database and is put in once.
        object.__setattr__(self, "book", Book(self.db, _policy_of(self.settings, self.clock.today())))

    def policy(self) -> Policy:
        """The service's settings in force today, its manager's changes among them."""
        return self.policy_on(self.clock.today())

    def policy_on(self, day: date) -> Policy:
        """The service's settings in force on a day; before the first version, those of the first."""
        return self.book.on(day)


def prepare_home(settings: Settings) -> None:
    """Makes the folders that are missing. Raises NotSetUp in words when it cannot.

    The watched folder is made once, with the home. Later a missing one is a fault to be told, not to be covered up by an
    empty one that no scanner writes to.
    """
    first = () if settings.stopped.is_dir() else (settings.inbox,)
    try:
        for folder in (settings.home, *first, settings.stopped, *places.own_folder(settings), settings.key_file.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotSetUp(in_words(error, settings.home)) from None
    need_writing(settings)


def need_writing(settings: Settings) -> None:
    """Raises NotSetUp in words when the home cannot be written."""
    try:
        trial = settings.home / f".writable.{os.getpid()}"
        trial.write_bytes(b"paperchain")
        trial.unlink()
    except OSError as error:
        raise NotSetUp(in_words(error, settings.home)) from None


def in_words(error: OSError, path: Path) -> str:
    """What an operating-system error means for the person who runs the machine."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disc of {path} is full. Free some space and start again; nothing is lost."
        case errno.EROFS:
            return f"The disc of {path} is read-only. Mount it writable and start again."
        case errno.EACCES | errno.EPERM:
            return (
                f"This account may not write in {path}. Give it write rights, or set PAPERCHAIN_HOME to another folder."
            )
        case errno.ENOTDIR | errno.EEXIST:
            return f"{path} is not a folder. Move that file away, or set PAPERCHAIN_HOME to another folder."
        case _:
            return f"{path} cannot be used: {error.strerror}."


def master_key(settings: Settings, *, may_make: bool) -> bytes:
    """The master key; made only where there is no database yet that an older key would be needed for."""
    path = settings.key_file
    if path.exists() or not may_make or settings.database_file.exists():
        return load_master(path)
    return make_master(path)


def _fits(database: Database) -> bool:
    """Whether the key opens what is kept. The embedded database would not open at all; a PostgreSQL does with any key."""
    with database.reading() as session:
        if not place.key_fits(session):
            return False
        row = session.exec(select(WrappedKey).limit(1)).first()
        if row is None:
            return True
        try:
            keyring.open_key(session, row.id)
        except Damaged:
            return False
        return True


def _policy_of(settings: Settings, today: date) -> tuple[Policy, ...]:
    """The versions of the service's policy: one that is carried, or the service's own file. Raises NotSetUp in words."""
    name = settings.service.policy
    mend = "Set PAPERCHAIN_SERVICE__POLICY or policy under [service]."
    try:
        versions = parse((settings.home / name).read_text("utf-8")) if name.endswith(".toml") else versions_of(name)
        in_force(versions, today)
    except NoSuchPolicy as error:
        raise NotSetUp(f"{error} {mend}") from None
    except PolicyUnreadable as error:
        raise NotSetUp(f"The policy file {name} is not right: {error}.") from None
    except (OSError, UnicodeDecodeError):
        raise NotSetUp(f"The policy file {name} cannot be read. {mend}") from None
    return versions


def open_paperchain(settings: Settings, *, clock: Clock | None = None, may_make: bool = True) -> Paperchain:
    """Folders, keys, database in its newest shape. Raises NotSetUp with one sentence that says how to mend it."""
    _policy_of(settings, (clock or Clock()).today())
    known_forms.remember(settings.own_forms, settings.forms_in_use)
    if (settings.home / RESTORING).exists():
        raise NotSetUp(f"A restore into {settings.home} was not finished. Give paperchain restore again.")
    if may_make:
        prepare_home(settings)
    elif not settings.home.is_dir():
        raise NotSetUp(f"There is no Paperchain home at {settings.home} yet. Start `paperchain run` first.")
    new_key = not settings.key_file.exists()
    keys = derive(master_key(settings, may_make=may_make))
    if settings.database_url is None:
        database = Database(sqlite_engine(settings.database_file, keys), keys)
    else:
        database = Database(postgresql_engine(settings.database_url.get_secret_value()), keys)
    database.check()
    migrations.upgrade(database)
    if not _fits(database):
        if new_key:
            settings.key_file.unlink()  # made a moment ago, for a database that has documents already
        raise NotSetUp(
            f"The master key {settings.key_file} does not belong to this database. Put the right key file back."
        )
    store = places.open_store(settings)
    if not database.embedded:
        _join(settings, database, store, new_key=new_key)
    chain = Paperchain(settings, database, store, clock or Clock())
    from intake import retaining  # it works with what is put together here

    retaining.catch_up(chain)
    return chain


def _join(settings: Settings, database: Database, store: DocumentStore, *, new_key: bool) -> None:
    """What several machines over one database need: the queue's tables, one key, one store. Raises NotSetUp."""
    if queue.is_installed():
        queue.make_tables(database)
    try:
        place.join(database, store, made_by_hand=places.set_by_hand(settings))
    except place.OtherKey as error:
        if new_key:
            settings.key_file.unlink(
                missing_ok=True
            )  # made a moment ago, while another machine made the one that counts
        raise NotSetUp(f"{error.message} Copy {settings.key_file} from the first machine.") from None
    except OSError:
        raise NotSetUp(
            "The document store cannot be reached. Check [store] in the settings, and that it runs."
        ) from None
