"""One process for a folder: a lock that the system drops when its holder dies, however it dies."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from records.errors import NotSetUp


class Lock:
    """A lock that is held until it is released or its process ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def release(self) -> None:
        os.close(self._handle)


def try_hold(path: Path) -> Lock | None:
    """The lock, or None when another process has it. Makes the folder of the lock, never what is above it.

    Where the file system has no locks (some network discs) it is granted: the lock of the home still stands.
    """
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
            os.close(handle)
            raise
    return Lock(handle)


@contextmanager
def only_one(path: Path, already: str) -> Iterator[None]:
    """Holds the lock for the block. Raises NotSetUp with `already` when another process has it."""
    lock = try_hold(path)
    if lock is None:
        raise NotSetUp(already)
    try:
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now."""
    if not path.exists():
        return False
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
