"""Copies of the service's own folder of forms in the home folder: storing them, finding the last one, and seeing that it is whole.

A copy's folder is called as the sum over its files is, so workers that see the same folder share one, and one that was half written
(killed worker, power cut) or edited is found out. `NOW` names the copy by which letters are read. What is right or wrong in a folder is
not known here.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from forms.catalogue import KINDS, Written, written
from forms.verdicts import KEPT as VERDICTS
from forms.verdicts import held
from intake import locks
from records.documents.store import sync_folder

NOW = "now.json"
_LOCK = "lock"
_TRIES, _TRY_SECONDS = 100, 0.05


@dataclass(frozen=True)
class Kept:
    """The copy by which letters are read. Not `whole`: its files are gone, or are not those that were copied."""

    copy: Path
    whole: bool


def find(place: Path, folder: Path) -> Kept | None:
    """The last copy of this folder; None where none was made. `place`: where copies lie."""
    try:
        told = json.loads((place / NOW).read_text("utf-8"))
        of, name = str(told["folder"]), str(told["copy"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Kept(place / NOW, whole=False)
    if of != str(folder):
        return None
    return Kept(place / name, whole=is_whole(place / name))


def is_whole(copy: Path) -> bool:
    """Whether a copy holds the very files that were copied. Reads all of them: 13 ms for ten forms of a page."""
    try:
        return _sum(copy, written(copy, *KINDS)) == copy.name
    except OSError:
        return False


def keep(place: Path, folder: Path, files: Written) -> Path:
    """Copies a folder and makes that the copy by which letters are read. `files`: the folder as it was looked at.

    Raises OSError where it cannot be written, or where the folder is no longer as it was looked at: nothing is changed then.
    """
    lock = _lock(place)
    try:
        copy = _copied(place, folder, files)
        if written(folder, *KINDS) != files:
            raise OSError(errno.EAGAIN, "the folder was changed while it was copied")
        words = json.dumps({"folder": str(folder), "copy": copy.name}).encode()
        if held(place / NOW) != words:
            new = place / "new"
            new.unlink(missing_ok=True)
            _write(new, words)
            new.replace(place / NOW)
            sync_folder(place)
        _clear(place, copy.name)
        return copy
    finally:
        lock.release()


def forget(place: Path) -> None:
    """The service has no folder of its own any more: what stood in one must not come back by it."""
    shutil.rmtree(place, ignore_errors=True)


def _lock(place: Path) -> locks.Lock:
    """Workers copy one after another. Raises OSError where another one does not come to an end."""
    for _ in range(_TRIES):
        lock = locks.try_hold(place / _LOCK)
        if lock is not None:
            return lock
        time.sleep(_TRY_SECONDS)
    raise OSError(errno.EAGAIN, "another worker copies the folder")


def _copied(place: Path, folder: Path, files: Written) -> Path:
    copy = place / _sum(folder, files)
    if is_whole(copy):
        return copy
    for old in (copy, part := place / "part"):  # one that is not whole; and what a killed worker left
        shutil.rmtree(old, ignore_errors=True)
    part.mkdir(mode=0o700)
    for name, *_ in files:
        _write(part / name, held(folder / name))
    with contextlib.suppress(OSError):  # what was found about these files holds for their copies
        (part / VERDICTS).write_bytes((folder / VERDICTS).read_bytes())
    sync_folder(part)
    if _sum(part, written(part, *KINDS)) != copy.name:
        raise OSError(errno.EAGAIN, "the folder was changed while it was copied")
    part.rename(copy)
    return copy


def _clear(place: Path, used: str) -> None:
    """Takes away older copies, and what killed workers left. A reader that is just loading an older copy notices, and begins anew."""
    for path in place.iterdir():
        if path.name in (NOW, _LOCK, used):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _sum(folder: Path, files: Written) -> str:
    total = hashlib.sha256()
    for name, *_ in files:
        for each in (os.fsencode(name), held(folder / name)):
            total.update(hashlib.sha256(each).digest())
    return total.hexdigest()


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
