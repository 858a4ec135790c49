"""Where sealed documents lie: a folder (embedded) or any store that can put, get and delete by name.

A blob is complete when it appears: temporary name, fsync, rename, fsync of the folder. A failed fsync is never retried
(the kernel may have dropped the pages): the error goes up and the work is done again from the claimed file.
"""

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from records.errors import Damaged


class DocumentStore(Protocol):
    """Sealed bytes by random name. `put` returns only when a power cut can no longer lose them."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None: ...
    def get(self, name: str) -> bytes: ...
    def delete(self, name: str) -> None: ...
    def names(self) -> Iterator[str]: ...
    def older_than(self, seconds: float) -> list[str]: ...
    def together(self) -> "DocumentStore":
        """The same store for many documents at once: what is put is safe only when `settle` has returned."""
        ...

    def settle(self) -> None: ...
    def mark(self) -> str | None: ...
    def set_mark(self, mark: str) -> None: ...


MARK = "paperchain-mark"
"""Says which database a store belongs to, so that a machine with another folder mounted is told so before it works."""


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderStore:
    """Blobs as `documents/ab/<name>`, mode 0600."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, name: str) -> Path:
        if not name.isalnum():
            raise ValueError("a blob's name has letters and figures only")
        return self.root / name[:2] / name

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        path = self._path(name)
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(self.root)
        temporary = path.with_name(f".{name}.{secrets.token_hex(4)}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                for piece in pieces:
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._put_in(path.parent)

    def _put_in(self, folder: Path) -> None:
        sync_folder(folder)

    def together(self) -> "Together":
        return Together(self.root)

    def settle(self) -> None:
        """Nothing is left to wait for."""

    def get(self, name: str) -> bytes:
        """Raises Damaged when the blob is gone: a row must never outlive its bytes."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise Damaged("A stored document is missing from the store.") from None

    def size(self, name: str) -> int | None:
        """In bytes; None when it is not there."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            sync_folder(path.parent)

    def names(self) -> Iterator[str]:
        """Every complete blob."""
        if self.root.exists():
            for folder in sorted(self.root.iterdir()):
                if folder.is_dir():
                    yield from (entry.name for entry in sorted(folder.iterdir()) if not entry.name.startswith("."))

    def sweep_temporary(self, older_than_seconds: float | None = None) -> int:
        """Removes half-written blobs of a killed process; returns how many.

        Without an age only while nobody writes (at start); a folder that other machines write into needs one.
        """
        edge = None if older_than_seconds is None else time.time() - older_than_seconds
        gone = 0
        if self.root.exists():
            for path in self.root.glob("*/.*"):
                if edge is None or path.stat().st_mtime < edge:
                    path.unlink(missing_ok=True)
                    gone += 1
        return gone

    def mark(self) -> str | None:
        """Which database this folder belongs to, if any."""
        try:
            return (self.root / MARK).read_text("ascii")
        except FileNotFoundError:
            return None

    def set_mark(self, mark: str) -> None:
        temporary = self.root / f".{MARK}.{secrets.token_hex(4)}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(mark.encode("ascii"))
            out.flush()
            os.fsync(out.fileno())
        temporary.rename(self.root / MARK)
        sync_folder(self.root)

    def older_than(self, seconds: float) -> list[str]:
        """Complete blobs that were written longer ago than this."""
        edge = time.time() - seconds
        return [name for name in self.names() if self._path(name).stat().st_mtime < edge]


class Together(FolderStore):
    """A folder into which many documents are put at once: each is safe itself, their names all together, once `settle` has returned.

    A folder's names are waited for once and not once for each document. Used by several threads of one batch.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._folders: set[Path] = set()

    def _put_in(self, folder: Path) -> None:
        self._folders.add(folder)  # one act, so that threads need no lock

    def settle(self) -> None:
        """Raises OSError when a name may be lost: then none of the documents counts as put."""
        while self._folders:
            sync_folder(self._folders.pop())
