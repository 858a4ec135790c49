"""Taking a file out of the watched folder without ever losing it.

Order, and why: rename to a random folder (nobody else takes it; the name survives a crash) → hash and seal from the open
handle into the store → one transaction with a unique claim id → only then remove. After a crash at any point the recovery
scan finds the claim: already entered, so remove it; or not, so do it again (promises P1).
"""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from intake.settled import has_writer
from intake.wiring import Paperchain
from records.audit.trail import SYSTEM
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.store import sync_folder
from records.post import inbox
from records.post.tables import Item
from records.vocabulary import Source

CLAIMS = ".paperchain"
BLOCK = 1 << 20
TRIES = 5


class NotTaken(Exception):
    """The file could not be taken now (gone, replaced, or still changing); it stays where it is and is looked at again."""


@dataclass(frozen=True)
class Claim:
    """One file that is ours: `<inbox>/.paperchain/<id>/<name as it arrived>`."""

    id: UUID
    path: Path


def claims_folder(inbox_folder: Path) -> Path:
    """Inside the watched folder, because a rename only works within one file system."""
    return inbox_folder / CLAIMS


def claim(inbox_folder: Path, path: Path) -> Claim:
    """Moves a file out of everybody else's reach. Raises NotTaken when it is not there any more."""
    claim_id = uuid4()
    folder = claims_folder(inbox_folder) / claim_id.hex
    folder.mkdir(parents=True, mode=0o700)
    target = folder / path.name
    try:
        path.rename(target)
    except FileNotFoundError:
        folder.rmdir()
        raise NotTaken("gone") from None
    sync_folder(folder)
    sync_folder(folder.parent)
    return Claim(claim_id, target)


def unfinished(inbox_folder: Path) -> Iterator[Claim]:
    """Claims that a stopped process left behind, oldest first. Empty ones are tidied away."""
    root = claims_folder(inbox_folder)
    if not root.exists():
        return
    for folder in sorted(
        (entry for entry in root.iterdir() if entry.is_dir()), key=lambda entry: entry.stat().st_mtime_ns
    ):
        try:
            claim_id = UUID(hex=folder.name)
        except ValueError:
            continue
        files = list(folder.iterdir())
        if files:
            yield Claim(claim_id, files[0])
        else:
            folder.rmdir()


def _open(path: Path) -> int:
    """Opens without following links; only a regular file with one name is ours to take (promises §2, threat 4)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotTaken("a link") from None
        raise
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
        os.close(handle)
        raise NotTaken("not a plain file")
    return handle


def _blocks(handle: int) -> Iterator[bytes]:
    os.lseek(handle, 0, os.SEEK_SET)
    while block := os.read(handle, BLOCK):
        yield block


def _seen(handle: int) -> tuple[int, int]:
    about = os.fstat(handle)
    return about.st_size, about.st_mtime_ns


def take(chain: Paperchain, claimed: Claim, source: Source = Source.FOLDER, actor: str = SYSTEM) -> int:
    """Stores a claimed file, enters it as an item and removes it. Returns the item's number.

    Safe to call again with the same claim after any interruption. Raises OSError (disc full, read-only…) with the claim
    untouched, and NotTaken while somebody still writes into it.
    """
    with chain.db.reading() as session:
        known = inbox.by_claim(session, claimed.id)
    if known is None:
        handle = _open(claimed.path)
        try:
            item = _store(chain, claimed, handle, source, actor)
        finally:
            os.close(handle)
    else:
        item = known
    _remove(claimed)
    return item.number


def _store(chain: Paperchain, claimed: Claim, handle: int, source: Source, actor: str) -> Item:
    key_id, key = uuid4(), new_key()
    for _ in range(TRIES):
        before = _seen(handle)
        scan = holdings.put(chain.store, key, _blocks(handle), "application/octet-stream")
        # A writer that had the file open keeps writing into our claimed copy: what was hashed must be what is there.
        if _seen(handle) == before and scan.size == before[0] and not has_writer(handle):
            break
        chain.store.delete(scan.blob)
    else:
        raise NotTaken("still being written")
    with chain.db.writing() as session:
        return inbox.take_in(
            session,
            claim_id=claimed.id,
            key_id=key_id,
            key=key,
            scan=scan,
            name=claimed.path.name,
            source=source,
            actor=actor,
            at=chain.clock.now(),
        )


def _remove(claimed: Claim) -> None:
    claimed.path.unlink(missing_ok=True)
    claimed.path.parent.rmdir()
    sync_folder(claimed.path.parent.parent)


def recover(chain: Paperchain) -> int:
    """Finishes what a stopped process left: first thing at each start. Returns how many claims were finished."""
    done = 0
    for left in unfinished(chain.settings.inbox):
        try:
            take(chain, left)
            done += 1
        except NotTaken:
            continue
    return done


def drop(inbox_folder: Path, source: Path) -> Path:
    """Puts a copy of a file into the watched folder as one act: whole under a hidden name, then renamed. The original stays."""
    hidden = claims_folder(inbox_folder) / f"drop-{uuid4().hex}"
    hidden.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with source.open("rb") as given, hidden.open("xb") as out:
            shutil.copyfileobj(given, out, BLOCK)
            out.flush()
            os.fsync(out.fileno())
        target = _free_name(inbox_folder, source.name)
        hidden.rename(target)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    sync_folder(inbox_folder)
    return target


def _free_name(folder: Path, name: str) -> Path:
    path, number = folder / name, 1
    while path.exists() or path.is_symlink():
        number += 1
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return path
