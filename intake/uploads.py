"""Files added on the desk: written into the watched folder's hidden part, then taken in by the same steps as any other file.

A folder `upload-<claim>` holds a whole file, by its name; `uploading-<claim>` is one still being written. Neither is a claim that
the watcher would finish, so nobody else enters the same file, and a desk that dies half-way leaves what `recover` can finish.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from intake import claiming
from intake.claiming import BLOCK, Claim, NotTaken, claims_folder
from intake.wiring import Paperchain
from records.audit.trail import SYSTEM
from records.documents.store import sync_folder
from records.vocabulary import Source

WHOLE = "upload-"
WRITING = "uploading-"
LONGEST_NAME = 200


class NoRoom(Exception):
    """The disc is nearly full, so nothing more is taken in."""


def take_upload(chain: Paperchain, name: str, stream: BinaryIO, actor: str) -> int:
    """Stores a file that somebody sent, and enters it as an item. Returns the item's number.

    Raises NoRoom, or OSError with nothing left behind: the person still has their file and is told that it was not added.
    """
    if shutil.disk_usage(chain.settings.home).free < chain.settings.intake.smallest_free_mb << 20:
        raise NoRoom
    claimed = _write(chain.settings.inbox, plain_name(name), stream)
    try:
        return claiming.take(chain, claimed, Source.UPLOAD, actor)
    except (OSError, NotTaken) as error:
        claimed.path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            claimed.path.parent.rmdir()
        if isinstance(error, NotTaken):
            raise OSError("the file changed while it was stored") from None
        raise


def recover(chain: Paperchain) -> int:
    """Finishes what a desk that died left behind, before the next one begins. Returns how many files were taken in."""
    root, done = claims_folder(chain.settings.inbox), 0
    for left in list(_entries(root)):
        if left.name.startswith(WRITING):
            left.unlink()
        elif left.name.startswith(WHOLE):
            files = list(left.iterdir())
            if files:
                claiming.take(chain, Claim(UUID(hex=left.name.removeprefix(WHOLE)), files[0]), Source.UPLOAD, SYSTEM)
                done += 1
            else:
                left.rmdir()
    return done


def _entries(root: Path) -> Iterable[Path]:
    return root.iterdir() if root.exists() else ()


def _write(inbox_folder: Path, name: str, stream: BinaryIO) -> Claim:
    """The whole file on the disc before it gets its name, so that a named one is never half a file."""
    claim_id, root = uuid4(), claims_folder(inbox_folder)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    writing, folder = root / f"{WRITING}{claim_id.hex}", root / f"{WHOLE}{claim_id.hex}"
    try:
        handle = os.open(writing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(stream, out, BLOCK)
            out.flush()
            os.fsync(out.fileno())
        folder.mkdir(mode=0o700)
        writing.rename(folder / name)
    except BaseException:
        writing.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            folder.rmdir()
        raise
    sync_folder(folder)
    sync_folder(root)
    return Claim(claim_id, folder / name)


def plain_name(name: str) -> str:
    """The last piece of what the browser called the file; never a path, never something that a disc cannot hold."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if letter.isprintable()).strip()
    while len(os.fsencode(plain)) > LONGEST_NAME:
        plain = plain[:-1]
    return plain if plain not in ("", ".", "..") else "scan"
