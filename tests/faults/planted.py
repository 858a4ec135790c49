"""Bugs that the faults must find, planted one at a time. Each is a mistake that a real program has made (promises P1)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

from intake import claiming
from intake.claiming import Claim
from intake.wiring import Paperchain
from records.documents.store import FolderStore
from records.post.tables import Item
from records.vocabulary import Source

_enter, _unfinished, _put = claiming._enter, claiming.unfinished, FolderStore.put


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


PLANTED = (delete_before_commit, write_to_the_final_name, no_recovery_scan, no_idempotency_key, commit_before_store)
