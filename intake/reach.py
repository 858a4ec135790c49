"""Is this the folder that we know? A mark that we leave in it, and whether something is mounted there, tell (P3).

Measured: events and watchers notice nothing when a folder is replaced, unmounted, mounted over or shown empty. A folder
without our mark is still looked through, so that nothing is missed, and staff are told until it is known again.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from intake.claiming import claims_folder
from records.documents.store import sync_folder
from records.folders.looks import Trouble

MARK = "mark"
LONGEST_MARK = 64


@dataclass(frozen=True)
class Known:
    """What a folder is known by. `place` is device and inode, as far as they are known since the start."""

    mark: str
    mounted: bool
    place: tuple[int, int] | None = None


@dataclass(frozen=True)
class Shown:
    """What the folder shows now."""

    mark: str | None
    mounted: bool
    place: tuple[int, int]


def shown(folder: Path) -> Shown:
    """Raises OSError when the folder cannot be reached."""
    about, above = os.stat(folder / "."), os.stat(folder.parent)  # noqa: PTH116  "/." also fails for what is no folder
    try:
        with (claims_folder(folder) / MARK).open("rb") as file:
            mark = file.read(LONGEST_MARK).decode("ascii", "replace").strip() or None
    except FileNotFoundError:
        mark = None
    return Shown(mark, about.st_dev != above.st_dev, (about.st_dev, about.st_ino))


def judge(known: Known, now: Shown) -> Trouble | None:
    """What is wrong with the folder, judged by what it was known by. None: it is the one we know."""
    if now.mark == known.mark:
        return None
    if known.mounted and not now.mounted:
        return Trouble.NOT_MOUNTED
    if now.mark is None and now.place == known.place:
        return Trouble.SHOWN_EMPTY
    return Trouble.REPLACED


def may_be_adopted(trouble: Trouble) -> bool:
    """Whether a scan that arrives there shows that this is the right folder from now on.

    Never where a network folder should be mounted: what lies below it is not what the scanner writes to.
    """
    return trouble in (Trouble.SHOWN_EMPTY, Trouble.REPLACED)


def adopt(folder: Path, now: Shown) -> Known:
    """Takes a folder for the right one: by the mark it has, else by a new one. Raises OSError when it cannot be written."""
    mark = now.mark
    if mark is None:
        mark = uuid4().hex
        root = claims_folder(folder)
        root.mkdir(exist_ok=True, mode=0o700)
        half = root / f"{MARK}.{mark}"
        half.write_text(mark, "ascii")
        half.rename(root / MARK)
        sync_folder(root)
        sync_folder(folder)
    return Known(mark, now.mounted, now.place)
