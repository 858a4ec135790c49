"""Which files of the service's own folder of forms are not used, and why: told wherever Paperchain starts, by `doctor` and on the desk.

One wrong file stops neither reading nor the desk: the other post must not wait for it. Copies of its form go to *To sort*, where a
person sees them.
"""

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from forms import verdicts
from forms.catalogue import Catalogue, Unused, load_catalogue

_ROOT = Path(__file__).resolve().parent.parent
_SECONDS = 120.0


def not_used(folder: Path | None) -> tuple[str, ...]:
    """A sentence for each file that is not used; none where the service has no folder of its own."""
    if folder is None:
        return ()
    if not folder.is_dir():
        return (f"The folder of your own forms, {folder}, is not there. Make it, or take it out of the settings.",)
    return tuple(
        f"{one.file} is not used: {one.why.rstrip('.')}. Mend it, then start Paperchain again if it runs."
        for one in _unused(folder.resolve(), _files(folder))
    )


def readable(folder: Path | None) -> Catalogue:
    """The forms that pages are read and filed by."""
    if folder is None or not folder.is_dir():
        return load_catalogue()
    place, files = folder.resolve(), _files(folder)
    return _readable(place, files, frozenset(one.file for one in _unused(place, files)))


@lru_cache(maxsize=4)
def _readable(folder: Path, files: tuple[tuple[str, int, int], ...], wrong: frozenset[str]) -> Catalogue:
    """Kept for as long as `files` stay: the desk asks for every form that it shows."""
    return verdicts.readable(folder, wrong)


def _files(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The files on which it depends what is used: their names, when they were written, and how large they are."""
    return tuple(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(folder.iterdir())
        if path.suffix in (".json", ".png", ".pdf")
    )


@lru_cache(maxsize=4)
def _unused(folder: Path, files: tuple[tuple[str, int, int], ...]) -> tuple[Unused, ...]:
    """Asked anew when a file of the folder was written: the desk asks on every look at the post."""
    held, left = verdicts.kept(folder)
    return _looked_at(folder) if left else verdicts.unused(folder, held)


def _looked_at(folder: Path) -> tuple[Unused, ...]:
    """By a process of its own, for pictures are opened. Where it does not come to an end, what is no template is told at least."""
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
        return load_catalogue(folder).unused
