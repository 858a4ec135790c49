"""Taking a file out of the watched folder without ever losing it.

Order, and why: rename to a random folder (nobody else takes it; the name survives a crash) → hash and seal from the open
handle into the store → one transaction with a unique claim id → only then remove. After a crash at any point the recovery
scan finds the claim: already entered, so remove it; or not, so do it again (promises P1).
"""

import contextlib
import errno
import os
import shutil
import stat
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

from intake.settled import has_writer
from intake.wiring import Paperchain
from records.audit.trail import SYSTEM
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.holdings import Stored
from records.documents.store import DocumentStore, sync_folder
from records.post import inbox
from records.post.tables import Item
from records.vocabulary import Source

CLAIMS = ".paperchain"
DROPPED = "drop-"
DAY_SECONDS = 86400.0
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
    """Moves a file out of everybody else's reach. Raises NotTaken when it is not there any more.

    Without waiting for the disc: `take` does before anything is entered, and a power cut before that only brings the old name back.
    """
    claim_id = uuid4()
    root = claims_folder(inbox_folder)
    root.mkdir(exist_ok=True, mode=0o700)  # never its parents: a folder that vanished must not be made again
    folder = root / claim_id.hex
    folder.mkdir(mode=0o700)
    target = folder / path.name
    try:
        path.rename(target)
    except OSError as error:
        folder.rmdir()
        if isinstance(error, FileNotFoundError):
            raise NotTaken("gone") from None
        raise
    return Claim(claim_id, target)


def unfinished(inbox_folder: Path) -> Iterator[Claim]:
    """Claims that a stopped process left behind, oldest first. Empty ones are tidied away."""
    found: list[tuple[int, Path]] = []
    with contextlib.suppress(FileNotFoundError), os.scandir(claims_folder(inbox_folder)) as listing:
        for entry in listing:
            with contextlib.suppress(FileNotFoundError):  # another process ended its own meanwhile
                if entry.is_dir(follow_symlinks=False):
                    found.append((entry.stat(follow_symlinks=False).st_mtime_ns, Path(entry.path)))
    for _, folder in sorted(found):
        try:
            claim_id = UUID(hex=folder.name)
        except ValueError:
            continue
        with contextlib.suppress(FileNotFoundError):
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
        if error.errno == errno.ENOENT:
            raise NotTaken("another process was first") from None
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
        _settle([claimed])
        (item,) = _enter(chain, [_seal(chain, claimed, chain.store)], source, actor)
    else:
        item = known
    # Not waited for: a claim that a power cut brings back is known for entered, and removed at the next start.
    _remove(claimed)
    return item.number


@dataclass(frozen=True)
class Taken:
    """What a batch came to: numbers of the new items, and how many claims must be tried again."""

    numbers: tuple[int, ...] = ()
    again: int = 0
    problem: OSError | None = None
    """Why, when it was not the file's own doing."""


def take_files(chain: Paperchain, inbox_folder: Path, paths: Sequence[Path], pool: Executor) -> Taken:
    """Claims and takes in many files of one folder: the same order of acts for each, but waits for the disc are shared."""
    claims: list[Claim] = []
    problem: OSError | None = None
    for path in paths:
        try:
            claims.append(claim(inbox_folder, path))
        except NotTaken:
            continue
        except OSError as error:  # one name that cannot be moved must not keep the others
            problem = error
    taken = take_claims(chain, claims, pool)
    return replace(taken, again=taken.again + len(paths) - len(claims), problem=problem or taken.problem)


def take_claims(chain: Paperchain, claims: Sequence[Claim], pool: Executor) -> Taken:
    """Takes in files of one folder that are claimed. What fails stays claimed and whole; the others go on."""
    if not claims:
        return Taken()
    with chain.db.reading() as session:
        entered = [each for each in claims if inbox.by_claim(session, each.id)]
    left, again = [each for each in claims if each not in entered], 0
    problem: OSError | None = None
    sealed: list[_Sealed] = []
    try:
        _settle(left, pool)
    except OSError as error:  # none of them is safe under its new name, so none is entered
        return Taken(again=len(left), problem=error)
    store = chain.store.together()
    for future in [pool.submit(_seal, chain, each, store) for each in left]:
        try:
            sealed.append(future.result())
        except NotTaken:
            again += 1
        except OSError as error:
            again, problem = again + 1, error
    try:
        store.settle()
    except OSError as error:
        return Taken(again=len(left), problem=error)
    items = _enter(chain, sealed, Source.FOLDER, SYSTEM) if sealed else []
    for each in entered + [each.claim for each in sealed]:
        _remove(each)
    sync_folder(claims[0].path.parent.parent)
    return Taken(tuple(item.number for item in items), again, problem)


@dataclass(frozen=True)
class _Sealed:
    """A claimed file whose content is safe in the store; no row yet."""

    claim: Claim
    key_id: UUID
    key: bytes
    scan: Stored


def _settle(claims: Sequence[Claim], pool: Executor | None = None) -> None:
    """Waits until these claims are on the disc: an entered file must not come back under its old name."""
    folders = [each.path.parent for each in claims]
    for _ in map(_wait_for, folders) if pool is None else pool.map(_wait_for, folders):
        pass
    for root in {folder.parent for folder in folders}:
        sync_folder(root)


def _wait_for(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # another process finished the same claim; opening it will tell
        sync_folder(folder)


def _seal(chain: Paperchain, claimed: Claim, store: DocumentStore) -> _Sealed:
    """Stores the content of a claim that is on the disc."""
    handle = _open(claimed.path)
    try:
        key_id, key = uuid4(), new_key()
        for _ in range(TRIES):
            before = _seen(handle)
            scan = holdings.put(store, key, _blocks(handle), "application/octet-stream")
            # A writer that had the file open keeps writing into our claimed copy: what was hashed must be what is there.
            if _seen(handle) == before and scan.size == before[0] and not has_writer(handle):
                return _Sealed(claimed, key_id, key, scan)
            store.delete(scan.blob)
        raise NotTaken("still being written")
    finally:
        os.close(handle)


def _enter(chain: Paperchain, sealed: Sequence[_Sealed], source: Source, actor: str) -> list[Item]:
    """One transaction for all of them."""
    with chain.db.writing() as session:
        return [
            inbox.take_in(
                session, claim_id=each.claim.id, key_id=each.key_id, key=each.key, scan=each.scan,
                name=each.claim.path.name, source=source, actor=actor, at=chain.clock.now(),
            )
            for each in sealed
        ]  # fmt: skip


def _remove(claimed: Claim) -> None:
    claimed.path.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):  # another process finished the same claim
        claimed.path.parent.rmdir()


def sweep_dropped(inbox_folder: Path, older_than: float = DAY_SECONDS) -> int:
    """Removes halves of copies that `drop` was killed over: whoever gave the file still has it (P14). Returns how many."""
    edge, gone = time.time() - older_than, 0
    with contextlib.suppress(OSError):  # the folder cannot be reached now
        for left in claims_folder(inbox_folder).glob(f"{DROPPED}*"):
            if left.is_file() and not left.is_symlink() and left.stat().st_mtime <= edge:
                left.unlink(missing_ok=True)
                gone += 1
    return gone


def recover(chain: Paperchain) -> int:
    """Finishes what a stopped process left: first thing at each start. Returns how many claims were finished."""
    done = 0
    for folder in chain.settings.watched:
        sweep_dropped(folder)
        try:
            left = list(unfinished(folder))
        except OSError:
            continue  # it cannot be reached now; each look at the folder recovers as well
        for each in left:
            try:
                take(chain, each)
                done += 1
            except NotTaken:
                continue
    return done


def drop(inbox_folder: Path, source: Path) -> Path:
    """Puts a copy of a file into the watched folder as one act: whole under a hidden name, then renamed. The original stays."""
    hidden = claims_folder(inbox_folder) / f"{DROPPED}{uuid4().hex}"
    hidden.parent.mkdir(exist_ok=True, mode=0o700)
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
