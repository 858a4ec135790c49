"""Which files of the service's own folder of forms are not used, and why: told wherever Paperchain starts, by `doctor` and on the desk.

One wrong file stops neither reading nor the desk: the other post must not wait for it. Letters are read by the copy of the folder as it
last was right (`intake/forms_in_use.py`). A form that never was right is not read: its letters go to *To sort*, where a person sees them.

`place`, in all of this: where such copies lie, of which the newest stands in for a folder that is away.
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
from intake import kept_forms

_ROOT = Path(__file__).resolve().parent.parent
_SECONDS, _AGAIN_SECONDS = 120.0, 300.0
NOT_LOOKED_AT = "it could not be looked at"
_PASSING = (NOT_LOOKED_AT, verdicts.UNSEEN)
MEND = "Mend it in {folder}, or ask whoever looks after your forms to."
LATER = "It is looked at again in a few minutes; if this stays, try `paperchain forms check` on it."
AS_BEFORE = (
    "Go on scanning: until then letters are read by a copy of your forms as they were before. Forms of a file that is wrong wait in Review "
    "until it is mended, and nothing else that was changed in the folder counts yet."
)
DAMAGED = (
    "Letters wait: the copy of your forms as they were before, in {place}, is damaged. Mend the file; or, to have only the other forms "
    "read, stop Paperchain, delete that copy, and start again."
)


def not_used(folder: Path | None, place: Path | None = None) -> tuple[str, ...]:
    """A sentence for each file that is not used, and one on what letters are read by then; none where the service has no folder of its own."""
    if folder is None:
        return ()
    try:
        found = _look(folder, place).unused
    except FileNotFoundError:
        if _last(folder, place) is None:
            return (
                f"The folder of your own forms, {folder}, is not there, or is empty. Letters wait, so that none is read by a form of ours that one of "
                "yours replaces. Bring it back or make it; or take it out of the settings, and start Paperchain again.",
            )
        return (
            f"The folder of your own forms, {folder}, held files before, and is empty or not there. Forms go on being read and filed by "
            "what stood in it. Bring it back; if no form of your own is to be used any more, take it out of the settings, and start "
            "Paperchain again.",
        )
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        by = "Letters wait." if _last(folder, place) is None else "Forms are read by what stood in it."
        return (
            f"The folder of your own forms, {folder}, cannot be read: {why}. {by} "
            "Let the account that runs Paperchain read it.",
        )
    said = [
        f"{one.file} is not used: {_ended(one.why)} {LATER if one.why in _PASSING else MEND.format(folder=folder)}"
        for one in found
    ]
    return (*said, *_meanwhile(folder, place, frozenset(one.file for one in found)))


def _meanwhile(folder: Path, place: Path | None, wrong: frozenset[str]) -> tuple[str, ...]:
    """What letters are read by while these files are wrong, where that is not simply the others."""
    kept = kept_forms.find(place, folder) if wrong and place is not None else None
    if kept is None:
        return ()
    try:
        before = wrong_in(kept.copy) if kept.whole else None
    except OSError:  # it was replaced by a newer one meanwhile
        return ()
    if before is None:
        return (DAMAGED.format(place=place),)
    return (AS_BEFORE,) if wrong - before else ()


@dataclass(frozen=True)
class Standing:
    """What reading depends on in a folder of forms: its files as they were last written, and those that are not used."""

    files: Written = ()
    wrong: frozenset[str] = frozenset()


def standing(folder: Path | None, place: Path | None = None) -> Standing | None:
    """How a folder of forms stands. None where it cannot be read just now: a disc of the network comes back as it was.

    A folder that is not there cannot be read just now; nor can one that is empty and held files before.
    """
    if folder is None:
        return Standing()
    try:
        look = _look(folder, place)
    except OSError:
        return None
    return Standing(look.files, frozenset(one.file for one in look.unused))


def wrong_in(copy: Path) -> frozenset[str]:
    """The files of a copy by which nothing is read. OSError where it goes away meanwhile."""
    return frozenset(one.file for one in _told(copy, _files(copy)))


def _ended(why: str) -> str:
    return why if why.endswith((".", "?")) else f"{why}."


def readable(folder: Path | None, place: Path | None = None) -> Catalogue:
    """The forms that read pages are filed by. While the folder cannot be read, those that stood in it when it last was."""
    if folder is None:
        return load_catalogue()
    try:
        return _look(folder, place).catalogue
    except OSError:
        return _last(folder, place) or load_catalogue()


@dataclass(frozen=True)
class _Look:
    """A folder as it is found, and what is read by it."""

    files: Written
    unused: tuple[Unused, ...]
    catalogue: Catalogue


@dataclass
class _Seen:
    """The folder as it was when it last held files, as far as this process saw it; else as it was copied last.

    Where there is no copy either, a worker reads nothing, and `not_used` tells of that.
    """

    last: tuple[Path, Catalogue] | None = None


_seen = _Seen()


def _last(folder: Path, place: Path | None) -> Catalogue | None:
    """What was read by this folder when it last held files; None where that is not known."""
    if _seen.last is not None and _seen.last[0] == folder:
        return _seen.last[1]
    kept = kept_forms.find(place, folder) if place is not None else None
    if kept is None or not kept.whole:
        return None
    try:
        files = _files(kept.copy)
        found = _readable(kept.copy, files, wrong_in(kept.copy))
    except OSError:
        return None
    if not files:
        return None
    _seen.last = (folder, found)
    return found


def _held_files(folder: Path, place: Path | None) -> bool:
    """Whether this folder held files before. So it is taken to have where its copy is damaged."""
    if _last(folder, place) is not None:
        return True
    kept = kept_forms.find(place, folder) if place is not None else None
    return kept is not None and not kept.whole


def _look(folder: Path, place: Path | None) -> _Look:
    """What stands in the folder. OSError where it cannot be read just now.

    FileNotFoundError where it is not there, or is empty and held files before: the mount point of a disc that is away is an empty folder,
    and a form of ours must not step in for one that stood in its place.
    """
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    whole, files = folder.resolve(), _files(folder)
    if not files and _held_files(folder, place):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    unused = _told(whole, files)
    found = _Look(files, unused, _readable(whole, files, frozenset(one.file for one in unused)))
    if files:
        _seen.last = (folder, found.catalogue)
    return found


@lru_cache(maxsize=4)
def _readable(folder: Path, files: Written, wrong: frozenset[str]) -> Catalogue:
    """Kept for as long as `files` stay: the desk asks for every form that it shows. OSError as `_need`."""
    found = verdicts.readable(folder, wrong)
    _need(folder, files)
    return found


def _files(folder: Path) -> Written:
    """The files on which it depends what is used. OSError where the folder cannot be read."""
    if not os.access(folder, os.R_OK | os.X_OK):  # names may be listed where no file can be opened
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return written(folder, *KINDS)


def _need(folder: Path, files: Written) -> None:
    """Raises OSError where the folder is no longer as it was listed: what was found in one that went away is not kept for these files."""
    if _files(folder) != files:
        raise OSError(errno.EAGAIN, "its files were changed while they were looked at")


class _NotLookedAt(Exception):
    """Some templates could not be looked at, so what is said of them holds for now only."""

    def __init__(self, unused: tuple[Unused, ...]) -> None:
        super().__init__()
        self.unused = unused


_failed: dict[Path, tuple[Written, float, tuple[Unused, ...]]] = {}
"""The last look at each folder that failed: it is not tried again at once, for it may last as long as is allowed."""


def _told(folder: Path, files: Written) -> tuple[Unused, ...]:
    """What is not used. What could not be looked at is tried again after `_AGAIN_SECONDS`."""
    of, at, found = _failed.get(folder, (None, 0.0, ()))
    if of == files and monotonic() - at < _AGAIN_SECONDS:
        return found
    try:
        return _unused(folder, files)
    except _NotLookedAt as failed:
        _failed[folder] = (files, monotonic(), failed.unused)
        return failed.unused


@lru_cache(maxsize=4)
def _unused(folder: Path, files: Written) -> tuple[Unused, ...]:
    """Asked anew when a file of the folder was written: the desk asks on every look at the post. Raises _NotLookedAt; OSError as `_need`."""
    held, left = verdicts.kept(folder)
    if not left:
        found = verdicts.unused(folder, held)
        _need(folder, files)
        return found
    looked = _looked_at(folder)
    _need(folder, files)
    if looked is None:
        failed = dict.fromkeys(left, (NOT_LOOKED_AT,))
        raise _NotLookedAt(verdicts.unused(folder, {**held, **failed}))
    if any(one.why in _PASSING for one in looked):
        raise _NotLookedAt(looked)
    return looked


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
