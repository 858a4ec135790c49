"""A private folder in memory for a program that insists on files: made for one call, wiped after it, and at every start.

It lies in /dev/shm, so nothing of it reaches a disc. Whoever works in one holds a lock on it; a folder that nobody holds
was left by a process that was killed, and is wiped by the next to start.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from intake.sandbox.lockdown import NOBODY

MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are private and their names are random


def scratch_root() -> Path:
    """Where this user's scratch folders are."""
    return MEMORY / f"paperchain-{os.geteuid()}"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder of our own, gone afterwards whatever happened in it."""
    with _root(fcntl.LOCK_SH) as root:
        folder = root / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        if os.geteuid() == 0:
            # The process that works in it is no longer root.
            os.chown(folder, NOBODY, NOBODY)
        yield folder
    finally:
        # Follows no links that a hostile process may have put there.
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def wipe_leftovers() -> int:
    """Removes folders that nobody holds any more; how many there were."""
    wiped = 0
    with _root(fcntl.LOCK_EX) as root:
        for folder in root.iterdir():
            try:
                held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            except OSError:
                with contextlib.suppress(OSError):
                    folder.unlink()
                continue
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            else:
                shutil.rmtree(folder, ignore_errors=True)
                wiped += 1
            finally:
                os.close(held)
    return wiped


@contextlib.contextmanager
def _root(how: int) -> Iterator[Path]:
    """The common parent, made if need be and locked, so that nothing is wiped between being made and being held."""
    root = scratch_root()
    # Passable for root's children, who are "nobody" by then: names in it cannot be listed or guessed.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    with contextlib.suppress(FileExistsError):
        root.mkdir(mode=mode)
    held = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(held).st_uid != os.geteuid():
            raise PermissionError("the scratch folder belongs to somebody else")
        os.fchmod(held, mode)
        fcntl.flock(held, how)
        yield root
    finally:
        os.close(held)
