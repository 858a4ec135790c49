"""The watched folder. Looking through it is the mechanism; events only make it prompt.

Measured: under load events were lost without a sign, an observer thread dies of one exception, and none of the events come
when the folder is replaced, unmounted or mounted over. So the listing is the truth, at start, every ten seconds, and at once
when an event says that something happened or a file is being waited for.
"""

import contextlib
import logging
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from intake import claiming
from intake.claiming import CLAIMS, NotTaken
from intake.settled import (
    HEAD_BYTES,
    TAIL_BYTES,
    Readiness,
    Seen,
    Verdict,
    Watched,
    has_writer,
    looks_finished,
    observe,
)
from intake.wiring import Paperchain, in_words
from records.errors import RecordsError

log = logging.getLogger("paperchain.folder")

SOON_SECONDS = 0.5
PASSED_OVER = (".tmp", ".part", ".crdownload", ".partial")
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Look:
    """What one look found: files waiting to be still, files taken in since the start, things that are no files, a problem in words."""

    waiting: int = 0
    taken: int = 0
    odd: int = 0
    problem: str | None = None


class _Bell(FileSystemEventHandler):
    """Rings when anything happens. It does nothing else: a handler that raises would end the observer without a sign."""

    def __init__(self, bell: Event) -> None:
        self._bell = bell

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("created", "modified", "moved", "closed") and f"/{CLAIMS}" not in str(event.src_path):
            self._bell.set()


class WatchedFolder:
    """Takes in what lies still in `inbox/`, its sub-folders included."""

    def __init__(self, chain: Paperchain) -> None:
        self._chain = chain
        self._root = chain.settings.inbox
        self._watched: dict[str, Watched] = {}
        self._bell = Event()
        self._next = 0.0
        self._last = Look()
        self._taken = 0
        self._warned: set[str] = set()

    @contextmanager
    def events(self) -> Iterator[None]:
        """Listens for events while the block runs; without them everything still works, a little later."""
        observer = Observer()
        with contextlib.suppress(OSError):
            observer.schedule(_Bell(self._bell), str(self._root))
            observer.start()
        try:
            yield
        finally:
            if observer.is_alive():
                observer.stop()
                observer.join(2)

    def wait(self, seconds: float) -> None:
        """Sleeps until something happens in the folder, at most so long."""
        self._bell.wait(seconds)

    def look_when_due(self) -> Look:
        """Looks when an event came, when a file is being waited for, or when it is time; else says what the last look found."""
        if self._bell.is_set() or monotonic() >= self._next:
            self._bell.clear()
            self._last = self.look()
            pause = SOON_SECONDS if self._last.waiting else self._chain.settings.intake.look_every_seconds
            self._next = monotonic() + pause
        return self._last

    def look(self) -> Look:
        """One pass over the folder: what is ready is taken in, what is not is remembered. Never raises for what it finds."""
        try:
            self._need_room()
            entries, odd = self._list()
        except OSError as error:
            return self._trouble(in_words(error, self._root))
        self._watched = {name: seen for name, seen in self._watched.items() if name in entries}
        waiting, problem = 0, None
        for left in claiming.unfinished(self._root):
            waiting += not self._take(left)
        for name, about in entries.items():
            try:
                if self._is_ready(name, about):
                    del self._watched[name]
                    waiting += not self._take(claiming.claim(self._root, Path(name)))
                else:
                    waiting += 1
            except NotTaken:
                continue
            except OSError as error:
                waiting, problem = waiting + 1, in_words(error, self._root)
        if problem:
            return self._trouble(problem, waiting)
        return Look(waiting, self._taken, odd)

    def _trouble(self, problem: str, waiting: int = 0) -> Look:
        log.warning("folder cannot be used")
        return Look(waiting, self._taken, 0, problem)

    def _need_room(self) -> None:
        """Stops taking in, never in the middle of a file, when the disc is nearly full."""
        free = shutil.disk_usage(self._chain.settings.home).free
        if free < self._chain.settings.intake.smallest_free_mb << 20:
            raise OSError(28, "No space left on device")

    def _list(self) -> tuple[dict[str, os.stat_result], int]:
        """Every plain file by path, oldest first, and how many things are no plain files. Links are never followed."""
        found: dict[str, os.stat_result] = {}
        odd, folders = 0, [self._root]
        while folders:
            with os.scandir(folders.pop()) as listing:
                for entry in listing:
                    if entry.name.startswith(".") or entry.name.lower() in SYSTEM_FILES:
                        continue
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(about.st_mode):
                        folders.append(Path(entry.path))
                    elif not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
                        odd += 1
                    elif not entry.name.lower().endswith(PASSED_OVER):
                        found[entry.path] = about
        return dict(sorted(found.items(), key=lambda pair: pair[1].st_mtime_ns)), odd

    def _is_ready(self, name: str, about: os.stat_result) -> bool:
        """Still for long enough, nobody writing, and whole: see `settled`."""
        setting = self._chain.settings.intake
        now = Seen(about.st_size, about.st_mtime_ns, about.st_ino, monotonic())
        before = self._watched.get(name)

        def ask(*, finished: bool, writer: bool | None) -> Verdict:
            return observe(
                before, now, finished=finished, writer=writer,
                still_seconds=setting.still_seconds, unfinished_seconds=setting.unfinished_seconds,
            )  # fmt: skip

        verdict = ask(finished=True, writer=None)
        if verdict.readiness is Readiness.READY:  # only a still file is worth opening
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                verdict = ask(finished=_finished(handle, about.st_size), writer=has_writer(handle))
            finally:
                os.close(handle)
        self._watched[name] = Watched(now, verdict.still_since)
        return verdict.readiness is Readiness.READY

    def _take(self, claimed: claiming.Claim) -> bool:
        """False when it must be tried again: the claim stays ours and whole."""
        try:
            number = claiming.take(self._chain, claimed)
        except NotTaken:
            return False
        except (OSError, RecordsError) as error:
            log.warning("claim waits id=%s kind=%s", claimed.id, type(error).__name__)
            return False
        self._taken += 1
        log.info("taken in item=%d", number)
        return True


def _finished(handle: int, size: int) -> bool:
    def read_at(offset: int, length: int) -> bytes:
        return os.pread(handle, length, offset)

    return looks_finished(read_at(0, HEAD_BYTES), read_at(max(0, size - TAIL_BYTES), TAIL_BYTES), size, read_at)
