"""Making a backup while everything runs: a consistent copy of the database, then every document that it names, read back (P13).

The database is copied first. A document that it names can be erased or sealed anew before it is copied; then the copy of the
database is made again, until both agree. Documents that an older backup brought are not copied again: under one name there is
only ever one content.
"""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlmodel import col, select

from intake import anchoring, locks, moving, retaining
from intake.retaining import LEDGER, clock_doubted
from intake.wiring import Paperchain
from records import migrations
from records.audit import anchors
from records.backups import archive, register
from records.backups.archive import Heading, Listed
from records.db import Database, sqlite_engine
from records.documents.store import DocumentStore, FolderStore, sync_folder
from records.documents.tables import Document
from records.errors import Damaged, NotSetUp

log = logging.getLogger("paperchain.backup")

MOST_COPIES = 5
LOCK = "backup.lock"
WORK = ".backup-"
READ_AGAIN_EVERY = 30

Show = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Made:
    """A verified backup."""

    path: Path
    documents: int
    copied: int
    size: int
    gone: int


def make(chain: Paperchain, folder: Path, show: Show = lambda *_: None) -> Made:
    """Makes a backup in `folder`, reads it back, and destroys backups past their days.

    Raises NotSetUp (the folder is away, is in use, or holds the key), Damaged (a document is missing or changed: the backup is
    kept, but it does not count), OSError.
    """
    _need_apart(chain, folder)
    _prepare(folder)
    with _alone(chain, folder):
        for left in folder.glob(f".*{archive.SUFFIX}.*"):
            left.unlink(missing_ok=True)
        FolderStore(folder / "documents").sweep_temporary()
        began = chain.clock.now()
        # Asked before the anchor is written: under a wrong clock every older backup would be past its days (P11).
        doubted = clock_doubted(chain)
        anchoring.write(chain)
        with tempfile.TemporaryDirectory(prefix=WORK, dir=chain.settings.home) as temporary:
            listed, lost, copied = _documents(chain, folder, Path(temporary), show)
            path = _write(chain, folder, Path(temporary), listed, began)
            read = archive.contents(path, chain.db.keys.backup, Path(temporary) / "again.db")
        heading = read.heading
        if read.documents != listed:
            raise Damaged("The backup was not read back as it was written. Look at the disc it lies on.")
        copy_ledger(chain, folder)
        if lost:
            log.error("backup lacks documents count=%d", lost)
            raise Damaged(
                f"{lost} stored documents are missing or damaged, so this backup is not whole. It was kept as {path.name}. "
                "Look at Health, and keep older backups."
            )
        gone = 0
        if not doubted:
            before = began - timedelta(days=chain.settings.backup.keep_days)
            gone = expire(folder, before, keep=path, key=chain.db.keys.backup)
        with chain.db.writing() as session:
            head = anchors.newest(session)
            register.made(
                session, id=uuid4(), began_at=began, verified_at=chain.clock.now(), documents=len(listed),
                size=heading.size + heading.database_bytes, head=head.sequence if head else 0,
            )  # fmt: skip
        log.info("backup made documents=%d copied=%d expired=%d", len(listed), copied, gone)
        return Made(path, len(listed), copied, heading.size + heading.database_bytes, gone)


@contextmanager
def _alone(chain: Paperchain, folder: Path) -> Iterator[None]:
    """One backup at a time, of a home and in a folder. A copy of the database that a killed one left in the home goes first."""
    with locks.only_one(chain.settings.home / LOCK, f"Another backup of {chain.settings.home} is being made."):
        _tidy(chain)
        with locks.only_one(folder / LOCK, f"Another backup is being made in {folder}."):
            yield


def _tidy(chain: Paperchain) -> None:
    """Such a copy holds the keys of whoever is destroyed later, so it must not lie about (P12). Only while the home's lock is held."""
    for left in chain.settings.home.glob(f"{WORK}*"):
        shutil.rmtree(left)


def when_due(chain: Paperchain) -> None:
    """Makes a backup if the settings name a folder and the last one is older than they say.

    Also without a folder, or while none is due, what a killed backup left in the home is taken away.
    """
    lock = locks.try_hold(chain.settings.home / LOCK)
    if lock is not None:
        try:
            _tidy(chain)
        finally:
            lock.release()
    folder = chain.settings.backup.folder
    if folder is None:
        return
    if (folder / "documents").is_dir():
        copy_ledger(chain, folder)
    with chain.db.reading() as session:
        last = register.newest(session, not_after=chain.clock.now())
    if last is None or chain.clock.now() - last.began_at >= timedelta(hours=chain.settings.backup.every_hours):
        make(chain, folder)


def copy_ledger(chain: Paperchain, folder: Path) -> None:
    """The ledger of destruction beside the backups, written when it has grown: a restore reads it before anybody can sign in."""
    retaining.copy_ledger(chain, folder / LEDGER)


def known(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(folder.glob(f"backup-*{archive.SUFFIX}"))


def expire(folder: Path, before: datetime, *, keep: Path, key: bytes) -> int:
    """Destroys backups made before a moment, and then every document that no remaining backup names. Returns how many backups went.

    A backup that cannot be opened any more keeps all documents: nothing is thrown away on the word of a damaged list.
    """
    gone = 0
    for path in known(folder):
        try:
            if path != keep and archive.heading_of(path).moment < before:
                path.unlink()
                gone += 1
        except (Damaged, NotSetUp):
            continue
    if not gone:
        return 0
    sync_folder(folder)
    named: set[str] = set()
    for path in known(folder):
        try:
            named.update(each.name for each in archive.listed(path, key))
        except (Damaged, NotSetUp):
            return gone
    store = FolderStore(folder / "documents")
    for name in list(store.names()):
        if name not in named:
            store.delete(name)
    return gone


def _need_apart(chain: Paperchain, folder: Path) -> None:
    """A backup that lies beside its key protects nothing; one inside the home dies with it."""
    settings = chain.settings
    if settings.key_file.resolve().is_relative_to(folder.resolve()):
        raise NotSetUp(f"The master key lies in {folder}. Keep backups and key apart: choose another folder.")
    if folder.resolve().is_relative_to(settings.home.resolve()):
        raise NotSetUp("A backup inside the home is lost with it. Choose a folder on another disc or machine.")


def _prepare(folder: Path) -> None:
    if not folder.is_dir():
        raise NotSetUp(f"The folder for backups {folder} is not there. Mount it, or make it once by hand.")
    try:
        (folder / "documents").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotSetUp(f"The folder for backups {folder} cannot be written: {error.strerror}.") from None


def _documents(chain: Paperchain, folder: Path, temporary: Path, show: Show) -> tuple[list[Listed], int, int]:
    """A copy of the database in `temporary`, and all its documents in the folder. Returns the list, how many are lost, how many
    were copied."""
    store, copied, before = FolderStore(folder / "documents"), 0, _listed_before(chain, folder)
    for attempt in range(1, MOST_COPIES + 1):
        database = temporary / "paperchain.db"
        database.unlink(missing_ok=True)
        _copy_database(chain, database)
        with _opened(chain, database) as copy, copy.reading() as session:
            names = list(session.exec(select(Document.blob).order_by(col(Document.blob))))
        listed, missing = [], []
        for done, name in enumerate(names, 1):
            found, fresh = _one(chain.store, store, name, before.get(name))
            if found is None:
                missing.append(name)
            else:
                listed.append(found)
                before[name] = found
                copied += fresh
            show("documents", done, len(names))
        if not missing or attempt == MOST_COPIES or not _went_meanwhile(chain, missing):
            return listed, len(missing), copied
    raise AssertionError("the last attempt returns")


def _one(source: DocumentStore, target: FolderStore, name: str, before: Listed | None) -> tuple[Listed | None, bool]:
    """A document in the folder of backups, and whether it was copied now. What is copied is read back.

    `before`: what an older backup says of it, to be believed when its size is the same; None where it must be read again.
    """
    if before is not None and target.size(name) == before.size:
        return before, False
    try:
        sealed = source.get(name)
    except (Damaged, OSError):
        return None, False
    was, fresh = hashlib.sha256(sealed).hexdigest(), False
    while True:
        try:
            if hashlib.sha256(target.get(name)).hexdigest() == was:
                return Listed(name, len(sealed), was), fresh
        except Damaged:
            pass
        if fresh:
            raise Damaged("A document was not read back as it was written. Look at the disc that backups lie on.")
        target.put(name, [sealed])
        fresh = True


def _listed_before(chain: Paperchain, folder: Path) -> dict[str, Listed]:
    """What the newest backup says of its documents, without those whose turn it is to be read again: a thirtieth each day."""
    day = chain.clock.today().toordinal()
    for path in reversed(known(folder)):
        try:
            found = archive.listed(path, chain.db.keys.backup)
        except (Damaged, NotSetUp):
            continue
        return {each.name: each for each in found if (day + int(each.name[:4], 16)) % READ_AGAIN_EVERY}
    return {}


def _went_meanwhile(chain: Paperchain, names: list[str]) -> bool:
    """Whether any of these is not named by the live database any more: then the copy of the database is too old."""
    with chain.db.reading() as session:
        return any(
            session.exec(select(Document.id).where(col(Document.blob) == name)).first() is None for name in names
        )


@contextmanager
def _opened(chain: Paperchain, database: Path) -> Iterator[Database]:
    copy = Database(sqlite_engine(database, chain.db.keys), chain.db.keys)
    try:
        yield copy
    finally:
        copy.close()


def _copy_database(chain: Paperchain, path: Path) -> None:
    """A consistent copy, sealed under the same key, while others write."""
    if chain.db.embedded:
        raw = chain.db.engine.raw_connection()
        try:
            assert raw.driver_connection is not None
            raw.driver_connection.execute("VACUUM INTO ?", (str(path),))
        finally:
            raw.close()
        return
    with _opened(chain, path) as copy:
        migrations.upgrade(copy)
        moving.copy_rows(chain.db, copy)
    for suffix in ("-wal", "-shm"):
        assert not path.with_name(path.name + suffix).exists(), "a closed database has no log"


def _write(chain: Paperchain, folder: Path, temporary: Path, listed: list[Listed], began: datetime) -> Path:
    database, listing = temporary / "paperchain.db", temporary / "list"
    with listing.open("wb") as out:
        out.writelines(archive.list_lines(listed))
    hasher = hashlib.sha256()
    with database.open("rb") as source:
        while block := source.read(archive.BLOCK):
            hasher.update(block)
    with chain.db.reading() as session:
        anchor = anchors.newest(session)
    id, own = uuid4().hex, archive.own_files(_own_files(chain))
    heading = Heading(
        id=id, made_at=began.astimezone(UTC).isoformat(), revision=migrations.newest(), documents=len(listed),
        size=sum(each.size for each in listed), list_bytes=listing.stat().st_size, database_bytes=database.stat().st_size,
        database_sha256=hasher.hexdigest(), key_check=archive.key_check(chain.db.keys.backup, id), own_bytes=len(own),
        anchor=anchors.in_text(anchor) if anchor else None,
    )  # fmt: skip
    return archive.write(folder, chain.db.keys.backup, heading, listing, database, own)


def _own_files(chain: Paperchain) -> dict[str, bytes]:
    """Settings and forms of the service's own, as far as they lie in the home: without them a new machine is not the same."""
    settings, found = chain.settings, {}
    wanted = [settings.home / "paperchain.toml"]
    if settings.own_forms is not None and settings.own_forms.is_dir():
        wanted += sorted(path for path in settings.own_forms.rglob("*") if path.is_file())
    for path in wanted:
        if path.is_file() and path.resolve().is_relative_to(settings.home.resolve()):
            found[str(path.resolve().relative_to(settings.home.resolve()))] = path.read_bytes()
    return found
