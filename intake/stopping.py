"""`stopped/`: what could not be used, byte for byte, each with a plain-text reason beside it, for staff without the desk."""

import hashlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from intake.admission import Refusal
from records.documents.store import sync_folder

REASON = ".reason.txt"
LONGEST_NAME = 200
DAY_SECONDS = 86400.0
_HALF = re.compile(r"\.\d+\.writing")
_ITEM = re.compile(rb"Item (\d{1,9})\n")
_BLOCK = 1 << 20


def set_aside(folder: Path, number: int, name: str, data: bytes, refusal: Refusal) -> str:
    """Writes the file and its reason; returns the name it got. Writing the same again changes nothing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    chosen = _name(folder, number, name, data)
    _write(folder / chosen, data)
    _write(folder / (chosen + REASON), f"Item {number}\n{refusal.message}\n".encode())
    sync_folder(folder)
    return chosen


def take_back(folder: Path, name: str) -> None:
    """Removes a file whose item goes on (read again, or settled by a person). The stored scan stays."""
    (folder / name).unlink(missing_ok=True)
    (folder / (name + REASON)).unlink(missing_ok=True)
    if folder.exists():
        sync_folder(folder)


def sweep(folder: Path, over: Callable[[int, bytes], bool], older_than: float = DAY_SECONDS) -> int:
    """Removes what nobody would come back for: halves that a killed process left, and copies of files whose item is settled (P12, P14).

    `over`: whether an item of this number is of a file with this SHA-256, and is not stopped any more. Whatever else lies here stays:
    what nobody can say is kept elsewhere may be the only one. Returns how many files went.
    """
    edge, gone = time.time() - older_than, 0
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_symlink() or not path.is_file() or path.stat().st_mtime > edge:
            continue
        if _HALF.fullmatch(path.name):
            path.unlink(missing_ok=True)
            gone += 1
        elif path.name.endswith(REASON):
            copy, found = path.with_name(path.name.removesuffix(REASON)), _ITEM.match(path.read_bytes())
            if found and copy.is_file() and not copy.is_symlink() and over(int(found[1]), _digest(copy)):
                take_back(folder, copy.name)
                gone += 1
    if gone:
        sync_folder(folder)
    return gone


def _digest(path: Path) -> bytes:
    hasher = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            hasher.update(block)
    return hasher.digest()


def _name(folder: Path, number: int, name: str, data: bytes) -> str:
    """The name it came with; with the item's number in front when that is taken by other bytes or cannot be used."""
    plain = "".join(letter for letter in Path(name).name if letter.isprintable() or 0xDC80 <= ord(letter) <= 0xDCFF)
    short = len(os.fsencode(plain)) <= LONGEST_NAME
    if plain and not plain.startswith(".") and short and _free(folder / plain, data):
        return plain
    tail = Path(plain).suffix if len(os.fsencode(Path(plain).suffix)) < 20 else ""
    return f"{number} {plain}" if plain and short else f"{number}{tail}"


def _free(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return True


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{os.getpid()}.writing")
    with temporary.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    temporary.rename(path)
