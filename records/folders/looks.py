"""What the watcher tells about its folders, and what staff are told (P3). The desk asks here and never touches the folders:
a network folder that hangs must not hang a page.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from records.folders.tables import WatchedFolder

SILENT_AFTER = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=30)


class Trouble(StrEnum):
    """What is wrong with a folder."""

    UNREACHABLE = "unreachable"
    NOT_MOUNTED = "not_mounted"
    SHOWN_EMPTY = "shown_empty"
    REPLACED = "replaced"
    TAKEN = "taken"
    NO_WRITING = "no_writing"
    DISC_FULL = "disc_full"
    FAILING = "failing"


_SAFE = "Scans wait safely there."
_CLEARED = "The next scan that arrives clears this. If scans are missing, they may be waiting on the scanner."
WORDS = {
    Trouble.UNREACHABLE: "The scan folder cannot be reached{since}. Items may be waiting on the scanner.",
    Trouble.NOT_MOUNTED: "The scan folder on the network is not connected{since}. Items may be waiting on the scanner.",
    Trouble.SHOWN_EMPTY: "The scan folder was emptied, or is shown empty{since}. " + _CLEARED,
    Trouble.REPLACED: "The scan folder is another one{since}. " + _CLEARED,
    Trouble.TAKEN: "Another Paperchain watches the scan folder{since}. Stop one of the two.",
    Trouble.NO_WRITING: "Paperchain may not write in the scan folder{since}, so nothing is taken in. " + _SAFE,
    Trouble.DISC_FULL: "The disc is nearly full{since}, so nothing is taken in. Free some space. " + _SAFE,
    Trouble.FAILING: "Some scans cannot be taken in{since}. Run `paperchain doctor`. " + _SAFE,
}


def in_words(trouble: Trouble, since: str | None = None) -> str:
    """What staff are told. `since`: a moment in words, where it is known."""
    return WORDS[trouble].format(since=f" since {since}" if since else "")


@dataclass(frozen=True)
class Looked:
    """What one look told about a folder. `mark` and `mounted` are how it is known again at the next start."""

    path: str
    mark: str
    mounted: bool
    trouble: Trouble | None
    waiting: int


def record(session: Session, watcher: str, looked: Looked, now: datetime) -> None:
    """Keeps the newest look. `since` stays at the first look that showed this trouble."""
    row = session.get(WatchedFolder, (watcher, looked.path))
    if row is None:
        row = WatchedFolder(watcher=watcher, path=looked.path, mark=looked.mark, mounted=looked.mounted, looked_at=now)
    if looked.trouble != row.trouble:
        row.trouble, row.since = looked.trouble, now if looked.trouble else None
    row.mark, row.mounted, row.looked_at, row.waiting = looked.mark, looked.mounted, now, looked.waiting
    session.add(row)


def known(session: Session, watcher: str, path: str) -> WatchedFolder | None:
    """How a folder was known before, if this home watched it."""
    return session.get(WatchedFolder, (watcher, path))


def watched(session: Session) -> Sequence[WatchedFolder]:
    """All folders of all homes, by path."""
    return session.exec(select(WatchedFolder).order_by(col(WatchedFolder.path))).all()


def tidy(session: Session, watcher: str, paths: Collection[str], now: datetime) -> None:
    """Forgets folders that this home no longer watches, and those of homes that are long gone."""
    for row in watched(session):
        if (row.watcher == watcher and row.path not in paths) or row.looked_at < now - FORGOTTEN_AFTER:
            session.delete(row)


def is_silent(row: WatchedFolder, now: datetime, look_every: timedelta) -> bool:
    """Whether nobody looks any more: three looks at the usual ten seconds, or as much longer as looks are further apart."""
    return now - row.looked_at > max(SILENT_AFTER, look_every * 1.5)
