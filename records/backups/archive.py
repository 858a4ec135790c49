"""One backup as a file: a plain heading, then the list of documents, the database and the service's own files, sealed.

Layout of `backup-….pcb`: one line of JSON (the heading, bound to what follows), then the sealed stream: the list, one line of JSON
a document; the database; settings and forms of the service's own. The documents lie beside it in `documents/`, sealed as they always
are and shared by all backups of the folder: a document never changes under its name. Nothing here opens without the master key,
which is never in a backup.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from records.documents.envelope import seal_chunks, unseal_chunks
from records.documents.store import sync_folder
from records.errors import Damaged, NotSetUp

VERSION = 1
SUFFIX = ".pcb"
LONGEST_HEADING = 8192
BLOCK = 1 << 20


@dataclass(frozen=True)
class Heading:
    """What can be read without a key: no name, only counts, sizes in bytes, and the head of the audit chain as an anchor."""

    id: str
    made_at: str
    revision: str
    documents: int
    size: int
    list_bytes: int
    database_bytes: int
    database_sha256: str
    key_check: str
    own_bytes: int
    anchor: str | None = None
    version: int = VERSION

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at).astimezone(UTC)


@dataclass(frozen=True)
class Listed:
    """A document as a backup has it: its name in the store, size and hash of the sealed bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """What a backup holds beside the database: the list of documents, and the service's own files by their path in the home."""

    heading: Heading
    documents: list[Listed]
    own: dict[str, bytes]


def key_check(key: bytes, id: str) -> str:
    """Tells whether a master key belongs to a backup, and gives nothing of it away."""
    return hmac.new(key, b"backup" + id.encode("ascii"), hashlib.sha256).hexdigest()[:32]


def name_of(heading: Heading) -> str:
    """`backup-20261128T120000Z-1a2b3c4d.pcb`: sorts by age."""
    return f"backup-{heading.moment:%Y%m%dT%H%M%SZ}-{heading.id[:8]}{SUFFIX}"


def list_lines(documents: Iterable[Listed]) -> Iterator[bytes]:
    """The list of documents as it is written."""
    for each in documents:
        yield json.dumps([each.name, each.size, each.sha256], separators=(",", ":")).encode("ascii") + b"\n"


def own_files(files: Mapping[str, bytes]) -> bytes:
    """The service's own files by their path in the home, as they are written."""
    return json.dumps({name: content.hex() for name, content in files.items()}).encode("ascii")


def write(folder: Path, key: bytes, heading: Heading, listed: Path, database: Path, own: bytes) -> Path:
    """Writes a backup durably; it appears whole or not at all. Raises OSError."""
    path = folder / name_of(heading)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    first = json.dumps(asdict(heading), sort_keys=True).encode("ascii") + b"\n"

    def plain() -> Iterator[bytes]:
        for part in (listed, database):
            with part.open("rb") as source:
                while block := source.read(BLOCK):
                    yield block
        yield own

    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(first)
            for piece in seal_chunks(key, plain(), first):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return path


def heading_of(path: Path) -> Heading:
    """Raises Damaged for what is no backup, NotSetUp for one of a newer Paperchain or a file that is not there."""
    return _open(path)[0]


def listed(path: Path, key: bytes) -> list[Listed]:
    """Only the list of documents, without reading the database. Raises as `contents` does."""
    heading, first, source = _open(path)
    with source:
        _need_key(heading, key, path)
        found = bytearray()
        try:
            for block in unseal_chunks(key, source, first):
                found += block[: heading.list_bytes - len(found)]
                if len(found) == heading.list_bytes:
                    break
        except Damaged:
            raise _damaged(path.name) from None
        return _read_list(found)


def contents(path: Path, key: bytes, database: Path) -> Contents:
    """Opens a backup: the database is written to `database` and compared by its hash, the rest is returned.

    Raises NotSetUp for another master key or a newer Paperchain, Damaged for anything changed or cut off.
    """
    heading, first, source = _open(path)
    with source:
        _need_key(heading, key, path)
        return _take_apart(heading, unseal_chunks(key, source, first), database, path.name)


def _open(path: Path) -> tuple[Heading, bytes, BinaryIO]:
    try:
        source = path.open("rb")
    except OSError as error:
        raise NotSetUp(f"The backup {path.name} cannot be opened: {error.strerror}.") from None
    first = source.readline(LONGEST_HEADING)
    try:
        said = json.loads(first)
        if isinstance(said, dict) and isinstance(said.get("version"), int) and said["version"] > VERSION:
            source.close()
            raise NotSetUp(f"The backup {path.name} was made by a newer Paperchain. Install that first.")
        return Heading(**said), first, source
    except (ValueError, TypeError):
        source.close()
        raise Damaged(f"{path.name} is not a backup of Paperchain, or its beginning is damaged.") from None


def _take_apart(heading: Heading, plain: Iterator[bytes], database: Path, name: str) -> Contents:
    """List and own files into memory, the database into its file."""
    listed, own, hasher = bytearray(), bytearray(), hashlib.sha256()
    lacking = [heading.list_bytes, heading.database_bytes, heading.own_bytes]
    try:
        with database.open("xb") as out:
            for block in plain:
                parts = []
                for number, most in enumerate(lacking):
                    part, block = block[:most], block[most:]  # noqa: PLW2901  what is left goes to the next
                    lacking[number] -= len(part)
                    parts.append(part)
                if block:
                    raise _damaged(name)
                listed += parts[0]
                hasher.update(parts[1])
                out.write(parts[1])
                own += parts[2]
            out.flush()
            os.fsync(out.fileno())
    except Damaged:
        raise _damaged(name) from None
    if any(lacking) or hasher.hexdigest() != heading.database_sha256:
        raise _damaged(name)
    files = {path: bytes.fromhex(content) for path, content in json.loads(own).items()}
    return Contents(heading, _read_list(listed), files)


def _need_key(heading: Heading, key: bytes, path: Path) -> None:
    if not hmac.compare_digest(heading.key_check, key_check(key, heading.id)):
        raise NotSetUp(
            f"The backup {path.name} was made with another master key. Give the key file that belongs to it with --key."
        )


def _damaged(name: str) -> Damaged:
    return Damaged(f"The backup {name} is damaged or cut short. Take another one; nothing was changed.")


def _read_list(listed: bytearray) -> list[Listed]:
    return [Listed(*json.loads(line)) for line in bytes(listed).splitlines()]
