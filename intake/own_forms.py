"""Which files of the service's own folder of forms are not used, and why: told wherever Paperchain starts, by `doctor` and on the desk.

One wrong file stops neither reading nor the desk: the other post must not wait for it. Copies of its form go to *To sort*, where a
person sees them.
"""

import errno
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic

from forms import verdicts
from forms.catalogue import KINDS, Catalogue, Unused, Written, load_catalogue, written

_ROOT = Path(__file__).resolve().parent.parent
_SECONDS, _AGAIN_SECONDS = 120.0, 300.0
NOT_LOOKED_AT = "it could not be looked at"
_PASSING = (NOT_LOOKED_AT, verdicts.UNSEEN)
MEND = "Mend it: the letters that come after that are read by it."
LATER = "It is looked at again in a few minutes; if this stays, try `paperchain forms check` on it."


def not_used(folder: Path | None) -> tuple[str, ...]:
    """A sentence for each file that is not used; none where the service has no folder of its own."""
    if folder is None:
        return ()
    if not folder.is_dir():
        return (f"The folder of your own forms, {folder}, is not there. Make it, or take it out of the settings.",)
    try:
        found = _told(folder.resolve(), _files(folder))
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        return (
            f"The folder of your own forms, {folder}, cannot be read: {why}. Nothing is read by the forms in it. "
            "Let the account that runs Paperchain read it.",
        )
    return tuple(f"{one.file} is not used: {_ended(one.why)} {LATER if one.why in _PASSING else MEND}" for one in found)


@dataclass(frozen=True)
class Standing:
    """What reading depends on in a folder of forms: its files as they were last written, and those that are not used."""

    files: Written = ()
    wrong: frozenset[str] = frozenset()


def standing(folder: Path | None) -> Standing | None:
    """How a folder of forms stands. None where it cannot be read just now: a disc of the network comes back as it was."""
    if folder is None or not folder.is_dir():
        return Standing()
    try:
        place, files = folder.resolve(), _files(folder)
        return Standing(files, frozenset(one.file for one in _told(place, files)))
    except OSError:
        return None


def _ended(why: str) -> str:
    return why if why.endswith((".", "?")) else f"{why}."


def readable(folder: Path | None) -> Catalogue:
    """The forms that pages are read and filed by."""
    if folder is None or not folder.is_dir():
        return load_catalogue()
    try:
        place, files = folder.resolve(), _files(folder)
    except OSError:
        return load_catalogue()
    return _readable(place, files, frozenset(one.file for one in _told(place, files)))


@lru_cache(maxsize=4)
def _readable(folder: Path, files: Written, wrong: frozenset[str]) -> Catalogue:
    """Kept for as long as `files` stay: the desk asks for every form that it shows."""
    return verdicts.readable(folder, wrong)


def _files(folder: Path) -> Written:
    """The files on which it depends what is used. OSError where the folder cannot be read."""
    if not os.access(folder, os.R_OK | os.X_OK):  # names may be listed where no file can be opened
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return written(folder, *KINDS)


class _NotLookedAt(Exception):
    """Some templates could not be looked at, so what is said of them holds for now only."""

    def __init__(self, unused: tuple[Unused, ...]) -> None:
        super().__init__()
        self.unused = unused


@dataclass
class _Failed:
    """The last look that failed: it is not tried again at once, for it may last as long as is allowed."""

    of: tuple[Path, Written] | None = None
    at: float = 0.0
    unused: tuple[Unused, ...] = ()


_failed = _Failed()


def _told(folder: Path, files: Written) -> tuple[Unused, ...]:
    """What is not used. What could not be looked at is tried again after `_AGAIN_SECONDS`."""
    if _failed.of == (folder, files) and monotonic() - _failed.at < _AGAIN_SECONDS:
        return _failed.unused
    try:
        return _unused(folder, files)
    except _NotLookedAt as failed:
        _failed.of, _failed.at, _failed.unused = (folder, files), monotonic(), failed.unused
        return failed.unused


@lru_cache(maxsize=4)
def _unused(folder: Path, files: Written) -> tuple[Unused, ...]:
    """Asked anew when a file of the folder was written: the desk asks on every look at the post. Raises _NotLookedAt."""
    held, left = verdicts.kept(folder)
    if not left:
        return verdicts.unused(folder, held)
    found = _looked_at(folder)
    if found is None:
        failed = dict.fromkeys(left, (NOT_LOOKED_AT,))
        raise _NotLookedAt(verdicts.unused(folder, {**held, **failed}))
    if any(one.why in _PASSING for one in found):
        raise _NotLookedAt(found)
    return found


def _looked_at(folder: Path) -> tuple[Unused, ...] | None:
    """By a process of its own, for pictures are opened. None where it does not come to an end."""
    places = dict.fromkeys([str(_ROOT), *filter(os.path.isabs, sys.path)])
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": os.pathsep.join(places), "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    words = [sys.executable, "-P", "-m", "forms.drafting", str(folder)]
    try:
        told = subprocess.run(
            words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_SECONDS, cwd="/"
        ).stdout
        return tuple(Unused(*one) for one in json.loads(told))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        return None
