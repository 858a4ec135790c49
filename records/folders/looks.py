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
