"""All watched folders together, and the heartbeat by which staff know that somebody looks (P3)."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from intake.folder import BLOCKING, Look, WatchedFolder
from intake.reach import Known
from intake.settings import Settings
from intake.wiring import Paperchain
from records.errors import NotSetUp, RecordsError
from records.folders import looks
from records.folders.looks import Looked, Trouble

log = logging.getLogger("paperchain.folder")

WATCH_LOCK = "watch.lock"
ALREADY_WATCHED = "Another Paperchain already watches {folder}. Stop it first, or set PAPERCHAIN_HOME."
HEARTBEAT = timedelta(seconds=10)
ID_FILE = "watcher.id"


def watcher_of(settings: Settings) -> str:
    """A random name of this home, by which homes that share a database are told apart; made when first asked for."""
    file = settings.home / ID_FILE
    try:
        return file.read_text("ascii").strip()
    except FileNotFoundError:
        name = uuid4().hex
        file.write_text(name, "ascii")
        return name


class Watching:
    """Looks at every folder in turn and keeps what was seen. One process of a home has it: see WATCH_LOCK.

    Raises NotSetUp when another home's Paperchain holds one of the folders.
    """

    def __init__(self, chain: Paperchain) -> None:
        self._chain = chain
        self._watcher = watcher_of(chain.settings)
        self._bell = Event()
        self._told: dict[str, Looked] = {}
        self._told_at = chain.clock.now() - 2 * HEARTBEAT
        paths = chain.settings.watched
        with chain.db.writing() as session:
            looks.tidy(session, self._watcher, {str(path) for path in paths}, chain.clock.now())
            rows = {path: looks.known(session, self._watcher, str(path)) for path in paths}
        self.folders = [
            WatchedFolder(
                chain, path, alone=True, bell=self._bell,
                known=Known(row.mark, row.mounted) if (row := rows[path]) and row.mark else None,
            )
            for path in paths
        ]  # fmt: skip
        for folder in self.folders:
            if folder.look_when_due().trouble is Trouble.TAKEN:
                self.close()
                raise NotSetUp(ALREADY_WATCHED.format(folder=folder.root))
        self._tell()

    @contextmanager
    def events(self) -> Iterator[None]:
        """Listens at all folders while the block runs."""
        with ExitStack() as stack:
            for folder in self.folders:
                stack.enter_context(folder.events())
            yield

    def wait(self, seconds: float) -> None:
        """Sleeps until something happens in a folder, at most so long."""
        self._bell.wait(seconds)
        self._bell.clear()

    def ring(self) -> None:
        """The next turn looks at every folder anew."""
        for folder in self.folders:
            folder.ring()
        self._bell.set()

    def look_when_due(self) -> Look:
        """One turn: each folder when it is due; and the heartbeat. What all of them found, the worst trouble first."""
        found = [folder.look_when_due() for folder in self.folders]
        self._tell()
        troubles = sorted((look.trouble for look in found if look.trouble), key=lambda each: each not in BLOCKING)
        return Look(
            waiting=sum(look.waiting for look in found), taken=sum(look.taken for look in found),
            odd=sum(look.odd for look in found), trouble=troubles[0] if troubles else None,
        )  # fmt: skip

    def _tell(self) -> None:
        """Keeps what was seen, at once when a trouble comes or goes, else with every heartbeat."""
        now, told = self._chain.clock.now(), {str(folder.root): folder.told() for folder in self.folders}
        news = {path: (each.trouble, each.mark) for path, each in told.items()}
        if now - self._told_at < HEARTBEAT and news == {
            path: (each.trouble, each.mark) for path, each in self._told.items()
        }:
            return
        try:
            with self._chain.db.writing() as session:
                for looked in told.values():
                    looks.record(session, self._watcher, looked, now)
        except (OSError, RecordsError, SQLAlchemyError) as error:
            log.warning("heartbeat not kept kind=%s", type(error).__name__)  # its silence is told by the desk
        self._told, self._told_at = told, now

    def close(self) -> None:
        for folder in self.folders:
            folder.close()
