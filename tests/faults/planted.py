"""Bugs that the faults must find, planted one at a time. Each is a mistake that a real program has made (promises P1)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from sqlmodel import Session, select

from intake import backing_up, claiming, restoring
from intake.claiming import Claim
from intake.wiring import Paperchain
from records.backups import archive
from records.backups.archive import Heading
from records.db import Database
from records.documents.store import DocumentStore, FolderStore
from records.post.tables import Item
from records.retention import ledger, reach, run
from records.retention.tables import PendingBlob
from records.vocabulary import Source

_enter, _unfinished, _put = claiming._enter, claiming.unfinished, FolderStore.put
_write, _make = archive.write, backing_up.make


@contextmanager
def delete_before_commit() -> Iterator[None]:
    """The file is removed when it is stored, before it is entered."""

    def enter(chain: Paperchain, sealed: Sequence[claiming._Sealed], source: Source, actor: str) -> list[Item]:
        for each in sealed:
            claiming._remove(each.claim)
        return _enter(chain, sealed, source, actor)

    with patch.object(claiming, "_enter", enter):
        yield


@contextmanager
def write_to_the_final_name() -> Iterator[None]:
    """A file is dropped under the name by which it is seen, while it is still being copied."""

    def drop(inbox_folder: Path, source: Path) -> Path:
        target = inbox_folder / source.name
        target.write_bytes(source.read_bytes())
        return target

    with patch.object(claiming, "drop", drop):
        yield


@contextmanager
def no_recovery_scan() -> Iterator[None]:
    """What a stopped process claimed is never looked for."""
    with patch.object(claiming, "unfinished", lambda _: iter(())):
        yield


@contextmanager
def no_idempotency_key() -> Iterator[None]:
    """A claim gets a new number at each start, so that one that is entered already is entered again."""

    def unfinished(folder: Path) -> Iterator[Claim]:
        return (Claim(uuid4(), left.path) for left in _unfinished(folder))

    with patch.object(claiming, "unfinished", unfinished):
        yield


@contextmanager
def commit_before_store() -> Iterator[None]:
    """An item is entered first, its scan stored afterwards."""
    later: list[tuple[FolderStore, str, list[bytes]]] = []

    def put(self: FolderStore, name: str, pieces: Iterable[bytes]) -> None:
        later.append((self, name, list(pieces)))

    def enter(chain: Paperchain, sealed: Sequence[claiming._Sealed], source: Source, actor: str) -> list[Item]:
        items = _enter(chain, sealed, source, actor)
        while later:
            _put(*later.pop())
        return items

    with patch.object(FolderStore, "put", put), patch.object(claiming, "_enter", enter):
        yield


@contextmanager
def destroy_before_commit() -> Iterator[None]:
    """The bytes of a family are deleted while its rows are, before the commit."""
    erase, stores = reach.erase, list[FolderStore]()
    begin = run._begin

    def remember(session: Session, tools: run.Tools, by: str) -> object:
        assert isinstance(tools.store, FolderStore)
        stores[:] = [tools.store]
        return begin(session, tools, by)

    def at_once(session: Session, gone: reach.Reach) -> None:
        erase(session, gone)
        for name in gone.blobs:
            stores[0].delete(name)

    with patch.object(reach, "erase", at_once), patch.object(run, "_begin", remember):
        yield


@contextmanager
def ledger_afterwards() -> Iterator[None]:
    """A family is destroyed in one transaction and entered in the ledger in the next."""
    record, destroy, later = ledger.record, run._destroy, list[tuple[ledger.What, reach.Reach]]()

    def not_yet(session: Session, what: ledger.What, gone: reach.Reach) -> None:
        later.append((what, gone))

    def then(tools: run.Tools, going: run._Going, line_id: UUID) -> None:
        destroy(tools, going, line_id)
        while later:
            with tools.db.writing() as session:
                record(session, *later.pop())

    with patch.object(ledger, "record", not_yet), patch.object(run, "_destroy", then):
        yield


@contextmanager
def names_forgotten_first() -> Iterator[None]:
    """The names of what is to be deleted are forgotten before it is deleted."""

    def finish(db: Database, store: DocumentStore) -> int:
        with db.writing() as session:
            rows = session.exec(select(PendingBlob)).all()
            for row in rows:
                session.delete(row)
        for row in rows:
            store.delete(row.name)
        return len(rows)

    with patch.object(run, "finish_blobs", finish):
        yield


@contextmanager
def backup_under_its_final_name() -> Iterator[None]:
    """A backup is written under the name by which it is seen."""

    def write(folder: Path, key: bytes, heading: Heading, listed: Path, database: Path, own: bytes) -> Path:
        with patch.object(Path, "with_name", lambda path, _: path):
            return _write(folder, key, heading, listed, database, own)

    with patch.object(archive, "write", write):
        yield


@contextmanager
def old_backups_first() -> Iterator[None]:
    """Backups past their days go before the new one is made."""

    def make(chain: Paperchain, folder: Path, *more: Any) -> backing_up.Made:
        days = timedelta(days=chain.settings.backup.keep_days)
        keep = backing_up.known(folder)[-1]
        backing_up.expire(folder, chain.clock.now() - days, keep=keep, key=chain.db.keys.backup)
        return _make(chain, folder, *more)

    with patch.object(backing_up, "make", make):
        yield


@contextmanager
def settings_written_bit_by_bit() -> Iterator[None]:
    """A restore writes the service's own settings straight into their place."""

    def put(path: Path, content: bytes) -> None:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    with patch.object(restoring, "_put", put):
        yield


@dataclass(frozen=True)
class Planted:
    """A bug, the flow in which it is planted, and the kinds of calls at which a kill is likely to find it; none: at any.

    `everyday`: it is planted in every test run, not only by `python -m tests.faults --planted`.
    """

    plant: Callable[[], AbstractContextManager[None]]
    flow: str
    at: tuple[str, ...] = ()
    everyday: bool = True


PLANTED = (
    Planted(delete_before_commit, "take"),
    Planted(write_to_the_final_name, "take"),
    Planted(no_recovery_scan, "take"),
    Planted(no_idempotency_key, "take"),
    Planted(commit_before_store, "take"),
    Planted(destroy_before_commit, "destroy", ("unlink",)),
    Planted(ledger_afterwards, "destroy", ("fdatasync", "fsync")),
    Planted(names_forgotten_first, "destroy", everyday=False),
    Planted(backup_under_its_final_name, "backup", everyday=False),
    Planted(old_backups_first, "backup", ("unlink",)),
    Planted(settings_written_bit_by_bit, "restore", ("write",)),
)
