"""Beginning again from a backup, in an empty home (P13). Nobody can sign in before all of it is done.

The database is put together in a folder of its own and takes its place last. Until then the home carries a mark, and Paperchain does
not start on it; a restore that broke off is given again and begins from nothing. What was destroyed since the backup was made is
destroyed again from the ledger first (P12).
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlmodel import col, delete, func, select

from intake import anchoring, locks, moving, places
from intake.retaining import LEDGER, tools
from intake.settings import Settings
from intake.watching import WATCH_LOCK
from intake.wiring import RESTORING, Paperchain, prepare_home
from records import migrations
from records.audit import anchors, trail
from records.audit.anchors import Anchor
from records.audit.chain import Broken
from records.audit.tables import AuditEntry
from records.backups import archive
from records.backups.archive import Heading, Listed
from records.clock import Clock
from records.db import Database, postgresql_engine, sqlite_engine
from records.documents import place
from records.documents.store import DocumentStore, FolderStore, sync_folder
from records.documents.tables import Document
from records.errors import Damaged, NotSetUp, RefusedByRule
from records.keys import Keys, derive, load_master
from records.machines.tables import Machine
from records.retention import ledger
from records.retention.ledger import Entry
from records.staff.tables import SignInSession

log = logging.getLogger("paperchain.restore")

WORK, ROWS = ".restoring", ".restoring-rows"
Show = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Restored:
    """What came back. `entries_since`: entries of the record that are known to have followed this backup and are lost."""

    heading: Heading
    documents: int
    missing: int
    entries: int
    entries_since: int
    destroyed_again: int


def restore(
    settings: Settings, backup: Path, *, key: Path | None = None, ledgers: Sequence[Path] = (),
    outside: Sequence[Anchor] = (), keep_going: bool = False, clock: Clock | None = None, show: Show = lambda *_: None,
) -> Restored:  # fmt: skip
    """Restores `backup` into the home of these settings.

    `key`: the master key's file, if it is not in its place yet. `ledgers`: copies of the ledger of destruction, beside those that lie
    with the backup and with the key; the longest counts. `keep_going`: also when documents are damaged; they are left out.
    Raises RefusedByRule (the home or the database is not empty), NotSetUp (wrong key, newer backup, in use), Damaged (nothing is
    left behind but the mark, and the restore can be given again with another backup), OSError.
    """
    clock = clock or Clock()
    archive.heading_of(backup)  # before anything is touched: is it a backup at all?
    keys = _keys(settings, key, backup)
    _need_empty(settings)
    destroyed = _ledger(keys, [*ledgers, *_beside(settings, key, backup)])
    _need_newest(destroyed, outside)
    prepare_home(settings)
    with ExitStack() as stack:
        for name in (WATCH_LOCK, "work.lock", "desk.lock"):
            stack.enter_context(
                locks.only_one(settings.home / name, f"Paperchain runs on {settings.home}. Stop it first.")
            )
        there = _rows_there(settings, keys, archive.heading_of(backup))
        work = _begin(settings)
        store = places.open_store(settings)
        read = archive.contents(backup, keys.backup, work / "paperchain.db")
        heading, listed = read.heading, read.documents
        missing = _documents(backup.parent, listed, store, show)
        if missing and not keep_going:
            said = f"{len(missing)} of {len(listed)} documents of this backup are damaged or missing. "
            if there:
                raise Damaged(f"{said}Its rows are in the database already: restore the rest with --keep-going.")
            _clear(settings, store)
            raise Damaged(
                f"{said}Take another backup, or restore the rest with --keep-going. Nothing was left in the home."
            )
        with _database(work / "paperchain.db", keys) as database:
            _need_sound(database)
            migrations.upgrade(database)
            entries = _checked(database, heading, outside)
            _need_every_document(database, listed)
            _need_whole(database, destroyed)
            again = _destroy_again(Paperchain(settings, database, store, clock), destroyed)
            _settle(database, heading, again, clock)
            database.scrub()
            if settings.database_url is not None:
                if there:
                    with _postgresql(settings, keys) as target:
                        again = _destroy_again(Paperchain(settings, target, store, clock), destroyed)
                else:
                    _into_postgresql(settings, database, store, keys, heading, show)
        if settings.database_url is None:
            (work / "paperchain.db").rename(settings.database_file)
            sync_folder(settings.home)
        _put_own(settings, read.own)
        shutil.rmtree(work)
        (settings.home / ROWS).unlink(missing_ok=True)
        (settings.home / RESTORING).unlink()
        sync_folder(settings.home)
    later = max((anchor.sequence for anchor in outside), default=0)
    log.info("restored documents=%d missing=%d", len(listed) - len(missing), len(missing))
    return Restored(heading, len(listed) - len(missing), len(missing), entries, max(0, later - entries), again)


def _keys(settings: Settings, key: Path | None, backup: Path) -> Keys:
    """The keys that open the backup; the key file is put into its place. Raises NotSetUp."""
    if key is None and not settings.key_file.exists():
        raise NotSetUp(
            f"The master key is not at {settings.key_file}. Give the key file that you kept apart with --key."
        )
    master = load_master(key or settings.key_file)
    if key is not None and settings.key_file.exists() and load_master(settings.key_file) != master:
        raise NotSetUp(
            f"Another master key lies at {settings.key_file} already. Move it away, or restore into another home."
        )
    keys = derive(master)
    archive.listed(backup, keys.backup)  # another key is told before it is put anywhere
    _put(settings.key_file, master.hex().encode("ascii") + b"\n")
    return keys


def _beside(settings: Settings, key: Path | None, backup: Path) -> list[Path]:
    """Where a copy of the ledger may lie: with the backups, and with the key."""
    folders = [backup.parent, settings.key_file.parent, *([key.parent] if key else [])]
    return [path for folder in folders if (path := folder / LEDGER).is_file()]


def _ledger(keys: Keys, copies: Sequence[Path]) -> list[Entry]:
    """The longest copy. Raises NotSetUp when there is none, Damaged when one was changed or two tell different stories."""
    if not copies:
        raise NotSetUp(
            f"The ledger of destruction ({LEDGER}) lies neither beside the backup nor beside the key. Without it, what was destroyed "
            "since would come back. Give it with --ledger."
        )
    found: list[Entry] = []
    for path in copies:
        try:
            entries = ledger.read(path.read_text("ascii"))
        except (OSError, UnicodeDecodeError):
            raise Damaged(
                f"The ledger of destruction {path.name} cannot be read. Give another copy with --ledger."
            ) from None
        ledger.check(keys, entries)
        shorter, longer = sorted((found, entries), key=len)
        if longer[: len(shorter)] != shorter:
            raise Damaged(
                "Two copies of the ledger of destruction tell different stories. Ask the manager which one is ours."
            )
        found = longer
    return found


def _need_newest(destroyed: Sequence[Entry], outside: Sequence[Anchor]) -> None:
    """An anchor that knows of more destructions than the ledger tells of, or of others, says that this copy is not the one (P12)."""
    for anchor in outside:
        if anchor.destroyed > len(destroyed):
            raise Damaged(
                f"An anchor knows of {anchor.destroyed} destructions, and the newest copy of the ledger tells of {len(destroyed)}. "
                f"What was destroyed last would come back. Give the newer copy of {LEDGER} with --ledger."
            )
        if anchor.destroyed and destroyed[anchor.destroyed - 1].mac != anchor.ledger:
            raise Damaged(
                "An anchor and the ledger of destruction tell different stories. Ask the manager which one is ours."
            )


def _destroy_again(chain: Paperchain, destroyed: Sequence[Entry]) -> int:
    """What was destroyed since the backup was made goes again, everywhere. Returns how many files, items and forms that were."""
    with chain.db.writing() as session:
        with_all = tools(chain)
        again = ledger.replay(session, chain.store, destroyed, without=with_all.without, covers=with_all.covers)
    chain.db.scrub()
    return again.files + again.items + again.parts


def _need_empty(settings: Settings) -> None:
    """Nothing that lives is ever restored over. An unfinished restore is not alive."""
    unfinished = (settings.home / RESTORING).exists()
    if settings.database_file.exists() and not unfinished:
        raise RefusedByRule(
            f"There is a Paperchain in {settings.home} already. Restore into an empty home: set PAPERCHAIN_HOME to a new folder.",
            "P13",
        )
    if (
        not unfinished
        and settings.documents.is_dir()
        and next(FolderStore(settings.documents).names(), None) is not None
    ):
        raise RefusedByRule(f"There are documents in {settings.documents} already. Restore into an empty place.", "P13")


def _begin(settings: Settings) -> Path:
    """Marks the home, and throws away what a restore before left half-done: also a database that stood in its place already."""
    (settings.home / RESTORING).write_text(
        "A restore into this home is not finished. Give it again: paperchain restore\n", "utf-8"
    )
    sync_folder(settings.home)
    work = settings.home / WORK
    shutil.rmtree(work, ignore_errors=True)
    for suffix in ("", "-wal", "-shm"):
        settings.database_file.with_name(settings.database_file.name + suffix).unlink(missing_ok=True)
    work.mkdir(mode=0o700)
    return work


def _clear(settings: Settings, store: DocumentStore) -> None:
    for name in list(store.names()):
        store.delete(name)
    shutil.rmtree(settings.home / WORK, ignore_errors=True)
    (settings.home / RESTORING).unlink(missing_ok=True)


def _documents(folder: Path, listed: Sequence[Listed], store: DocumentStore, show: Show) -> list[str]:
    """Puts every document into the store, each compared by its hash. Returns the names of those that are damaged or missing."""
    source, missing, there = FolderStore(folder / "documents"), [], set(store.names())
    for done, each in enumerate(listed, 1):
        try:
            sealed = source.get(each.name)
        except (Damaged, OSError):
            missing.append(each.name)
            continue
        if len(sealed) != each.size or hashlib.sha256(sealed).hexdigest() != each.sha256:
            missing.append(each.name)
            continue
        store.put(each.name, [sealed])
        there.discard(each.name)
        show("documents", done, len(listed))
    for left in there:  # of a restore that broke off, perhaps of another backup
        store.delete(left)
    return missing


@contextmanager
def _database(path: Path, keys: Keys) -> Iterator[Database]:
    database = Database(sqlite_engine(path, keys), keys)
    try:
        database.check()
        yield database
    finally:
        database.close()


def _need_sound(database: Database) -> None:
    with database.engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    if said != "ok":
        raise Damaged("The database in this backup is damaged. Take another backup; nothing was opened.")


def _checked(database: Database, heading: Heading, outside: Sequence[Anchor]) -> int:
    """The record is unbroken and as anchored. Returns how many entries it has."""
    with database.reading() as session:
        last = session.exec(select(func.max(AuditEntry.sequence))).one() or 0
        own = anchors.from_text(heading.anchor) if heading.anchor else []
        found = trail.check(session, anchors.by_sequence([*own, *(each for each in outside if each.sequence <= last)]))
    if isinstance(found, Broken):
        raise Damaged(
            f"The record in this backup was changed at entry {found.sequence}. Take another backup; nothing was opened."
        )
    return found.entries


def _need_every_document(database: Database, listed: Sequence[Listed]) -> None:
    with database.reading() as session:
        named = set(session.exec(select(Document.blob)))
    if named - {each.name for each in listed}:
        raise Damaged("The list of this backup does not fit its database. Take another backup; nothing was opened.")


def _need_whole(database: Database, destroyed: Sequence[Entry]) -> None:
    """A copy of the ledger that knows less than the backup itself is stale: more may have been destroyed since than it says (P12)."""
    with database.reading() as session:
        own = ledger.entries(session)
    if ledger.lacks(destroyed, own):
        raise Damaged(
            f"The ledger of destruction ({LEDGER}) is older than this backup, so what was destroyed since would come back. "
            "Give a newer copy with --ledger."
        )


def _settle(database: Database, heading: Heading, again: int, clock: Clock) -> None:
    """Nobody is signed in any more, no machine is expected, and the record says what happened."""
    with database.writing() as session:
        session.execute(delete(SignInSession))
        session.execute(delete(Machine))
        trail.append(
            session, actor=trail.SYSTEM, act="restored", subject_kind="backup", subject_id=heading.id, at=clock.now(),
            detail={"destroyed_again": again},
        )  # fmt: skip


@contextmanager
def _postgresql(settings: Settings, keys: Keys) -> Iterator[Database]:
    assert settings.database_url is not None
    target = Database(postgresql_engine(settings.database_url.get_secret_value()), keys)
    try:
        target.check()
        yield target
    finally:
        target.close()


def _into_postgresql(
    settings: Settings, database: Database, store: DocumentStore, keys: Keys, heading: Heading, show: Show
) -> None:  # fmt: skip
    with _postgresql(settings, keys) as target:
        moving.need_empty(target)
        migrations.upgrade(target)
        moving.make_queue(target)
        place.join(target, store, made_by_hand=True)
        with database.reading() as session:
            last = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc()).limit(1)).one()
            note = f"{heading.id} {last.sequence} {last.mac.hex()}\n"
        _note(settings, note)
        moving.copy_rows(database, target, show)


def _note(settings: Settings, note: str) -> None:
    """Which backup's rows are about to be copied, and their newest entry: if they are found afterwards, all of them are there."""
    temporary = settings.home / f"{ROWS}.new"
    with temporary.open("w", encoding="ascii") as out:
        out.write(note)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(settings.home / ROWS)
    sync_folder(settings.home)


def _rows_there(settings: Settings, keys: Keys, heading: Heading) -> bool:
    """Whether a restore that broke off had copied all rows into PostgreSQL: they go in one transaction, so all are there or none is.

    Raises RefusedByRule when they are those of another backup.
    """
    try:
        of, sequence, mac = (settings.home / ROWS).read_text("ascii").split()
    except (OSError, ValueError):
        return False
    if settings.database_url is None:
        return False
    with _postgresql(settings, keys) as target:
        if "audit_entry" not in inspect(target.engine).get_table_names():
            return False
        with target.reading() as session:
            found = session.exec(select(AuditEntry.mac).where(AuditEntry.sequence == int(sequence))).first()
    if found is None or bytes(found).hex() != mac:
        return False
    if of != heading.id:
        raise RefusedByRule(
            "The database holds the rows of another backup, whose restore was not finished. Give that backup again, or an empty database.",
            "P13",
        )
    return True


def _put_own(settings: Settings, own: Mapping[str, bytes]) -> None:
    """The service's own files, where there are none: what somebody has put into the new home already counts."""
    for name, content in own.items():
        path = settings.home / name
        if path.resolve().is_relative_to(settings.home.resolve()):
            _put(path, content)


def _put(path: Path, content: bytes) -> None:
    """A file where there is none yet: whole or not at all, or a restore that is given again would take a piece of it for the file."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.restoring")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    temporary.rename(path)
    sync_folder(path.parent)


def known_anchors(files: Sequence[Path]) -> list[Anchor]:
    """The anchors in these files. Raises Damaged."""
    return [anchor for path in files for anchor in anchoring.read(path)]
