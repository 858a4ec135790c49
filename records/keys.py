"""The master key and what is derived from it. The key lives outside the data (`keys/master.key`, mode 0600) and is never logged.

HKDF-SHA-256 (RFC 5869) gives each use a key of its own, so that none can stand in for another.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from records.errors import NotSetUp

KEY_BYTES = 32


@dataclass(frozen=True, repr=False)
class Keys:
    """256-bit keys by use: `database` (SQLCipher), `wrapping` (document keys), `audit` (chain), `search` (keyed hashes), `backup`."""

    database: bytes
    wrapping: bytes
    audit: bytes
    search: bytes
    backup: bytes

    def __repr__(self) -> str:
        return "Keys(…)"


def derive(master: bytes) -> Keys:
    """The keys of one installation. Raises NotSetUp for a master key of the wrong length."""
    if len(master) != KEY_BYTES:
        raise NotSetUp("The master key is not 32 bytes long. Put the right key file back.")

    def for_use(use: str) -> bytes:
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"paperchain/1/" + use.encode()).derive(master)

    return Keys(for_use("database"), for_use("wrapping"), for_use("audit"), for_use("search"), for_use("backup"))


def load_master(path: Path) -> bytes:
    """Reads the key file (64 hexadecimal figures). Raises NotSetUp when it is missing, unreadable or malformed."""
    try:
        return bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise NotSetUp(
            f"The master key {path} is missing. Put the key file back from where you keep it; nothing can be read without it."
        ) from None
    except PermissionError:
        raise NotSetUp(f"The master key {path} cannot be read by this account. Give the account read rights.") from None
    except ValueError:
        raise NotSetUp(f"The master key {path} is damaged. Put the right key file back.") from None


def make_master(path: Path) -> bytes:
    """Makes a new key file, durably and only where none is. Raises NotSetUp if it cannot be written."""
    master = secrets.token_bytes(KEY_BYTES)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, master.hex().encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        os.link(temporary, path)  # link refuses to replace: a key is never overwritten
        temporary.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except FileExistsError:
        temporary.unlink(missing_ok=True)
        return load_master(path)
    except OSError as error:
        raise NotSetUp(
            f"The master key {path} cannot be written: {error.strerror}. Free space or give write rights."
        ) from None
    return master
