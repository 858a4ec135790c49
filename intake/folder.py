"""One watched folder. Looking through it is the mechanism; events only make it prompt.

Measured: under load events were lost without a sign, an observer thread dies of one exception, and none of the events come
when the folder is replaced, unmounted or mounted over. So the listing is the truth, at start, every ten seconds, and at once
when an event says that something happened or a file is being waited for.
"""

import contextlib
import errno
import logging
import os
import shutil
import stat
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from intake import claiming, locks, reach
from intake.claiming import CLAIMS, Taken
from intake.reach import Known
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
from intake.wiring import Paperchain
from records.errors import RecordsError
from records.folders import looks
from records.folders.looks import Looked, Trouble

log = logging.getLogger("paperchain.folder")

SOON_SECONDS = 0.5
BUSY_SECONDS = 1.0
"""How long one turn takes files in before others get theirs."""
BATCH = 32
SIDE_BY_SIDE = 8
"""Files of a batch are stored side by side: their waits for the disc then fall together."""
LONG_LOOK_SECONDS = 0.05
PATIENCE = 60
"""Between two looks at a folder with very many files pass so many times what a look takes: at most 2 % of a core."""
PASSED_OVER = (".tmp", ".part", ".crdownload", ".partial")
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class Look:
    """What a look found: files not taken in yet, files taken in since the start, things that are no files, what is wrong."""

    waiting: int = 0
    taken: int = 0
    odd: int = 0
    trouble: Trouble | None = None

    @property
    def problem(self) -> str | None:
        """The trouble in words."""
        return looks.in_words(self.trouble) if self.trouble else None


class _Bell(FileSystemEventHandler):
    """Rings when anything happens. It does nothing else: a handler that raises would end the observer without a sign."""

    def __init__(self, *bells: Event) -> None:
        self._bells = bells

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("created", "modified", "moved", "closed") and f"/{CLAIMS}" not in str(event.src_path):
            for bell in self._bells:
                bell.set()


P = ParamSpec("P")
T = TypeVar("T")


class _Inline(Executor):
    """One after another in the caller's thread, so that a test can fail the Nth call."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class WatchedFolder:
    """Takes in what lies still in one folder, its sub-folders included.

    `known`: how it was known when it was last watched; None for one that never was. `side_by_side`: see SIDE_BY_SIDE.
    `alone`: holds a lock in the folder, so that no second Paperchain takes from it.
    """

    def __init__(
        self,
        chain: Paperchain,
        root: Path | None = None,
        *,
        known: Known | None = None,
        side_by_side: int = SIDE_BY_SIDE,
        alone: bool = False,
        bell: Event | None = None,
    ) -> None:
        self.root = root or chain.settings.inbox
        self.known = known
        self._chain = chain
        self._pool = ThreadPoolExecutor(side_by_side, "take") if side_by_side > 1 else _Inline()
        self._alone = alone
        self._lock: locks.Lock | None = None
        self._locked: tuple[int, int] | None = None
        self._watched: dict[str, Watched] = {}
        self._ready: deque[tuple[str, os.stat_result]] = deque()
        self._rung, self._bell = Event(), bell or Event()
        self._listens: Callable[[], None] | None = None
        self._heard: tuple[int, int] | None = None
        self._next = self._not_before = 0.0
        self._last = Look()
        self._taken = 0

    @contextmanager
    def events(self) -> Iterator[None]:
        """Listens for events while the block runs; without them everything still works, a little later."""
        observer = Observer()
        with contextlib.suppress(OSError):
            observer.start()

        def listen() -> None:
            observer.unschedule_all()
            observer.schedule(_Bell(self._rung, self._bell), str(self.root))

        self._listens, self._heard = listen, None
        self._listen_here(None)
        try:
            yield
        finally:
            self._listens = None
            if observer.is_alive():
                observer.stop()
                observer.join(2)

    def _listen_here(self, place: tuple[int, int] | None) -> None:
        """Listens at the folder that is there now: a watch stays with the old one when the folder is replaced."""
        if self._listens is not None and (self._heard is None or place != self._heard):
            with contextlib.suppress(OSError):
                self._listens()
                self._heard = place

    def wait(self, seconds: float) -> None:
        """Sleeps until something happens in the folder, at most so long."""
        self._bell.wait(seconds)
        self._bell.clear()

    def ring(self) -> None:
        """The next turn looks anew, whether or not an event comes: we know that something was put here."""
        self._not_before = 0.0
        self._rung.set()

    def look_when_due(self) -> Look:
        """Goes on with what is ready, or looks when an event came, a file is waited for, or it is time. Soon back."""
        now = monotonic()
        if self._ready:
            self._last = self._take_ready(self._last, now + BUSY_SECONDS)
        elif now >= self._not_before and (self._rung.is_set() or now >= self._next):
            self._rung.clear()
            self._last = self.look(now + BUSY_SECONDS)
        return self._last

    def look(self, until: float | None = None) -> Look:
        """One pass over the folder: what is ready is taken in, what is not is remembered. Never raises for what it finds.

        `until`: a monotonic time at which to stop taking in; the next turn goes on.
        """
        began = monotonic()
        found = self._list_and_judge()
        spent = monotonic() - began
        found = self._take_ready(found, until)
        pause = SOON_SECONDS if found.waiting and found.trouble not in BLOCKING else self._often
        patience = PATIENCE * spent if spent > LONG_LOOK_SECONDS else 0
        self._not_before = monotonic() + min(patience / 10, self._often)
        self._next = monotonic() + min(max(pause, patience), self._often)
        return found

    @property
    def _often(self) -> float:
        return self._chain.settings.intake.look_every_seconds

    def _list_and_judge(self) -> Look:
        """Whether this is our folder, and what lies in it: ready, or to be waited for."""
        self._ready.clear()
        if not self._has_room():
            return self._trouble(Trouble.DISC_FULL)
        try:
            trouble = self._know()
            if trouble is Trouble.TAKEN:
                return self._trouble(trouble)
            entries, odd, whole = self._list()
            left = list(claiming.unfinished(self.root))
        except OSError as error:
            return self._trouble(_why(error, Trouble.UNREACHABLE))
        self._watched = {name: seen for name, seen in self._watched.items() if name in entries}
        taken = self._guarded(partial(claiming.take_claims, self._chain, left, self._pool))
        waiting, trouble = taken.again, trouble or (None if whole else Trouble.FAILING)
        if isinstance(taken.problem, OSError):
            trouble = trouble or _why(taken.problem, Trouble.FAILING)
        for name, about in entries.items():
            try:
                if self._is_ready(name, about):
                    self._ready.append((name, about))
                else:
                    waiting += 1
            except FileNotFoundError:
                continue
            except OSError as error:
                waiting, trouble = waiting + 1, trouble or _why(error, Trouble.FAILING)
        return Look(waiting + len(self._ready), self._taken, odd, trouble)

    def _trouble(self, trouble: Trouble) -> Look:
        log.warning("folder cannot be used trouble=%s", trouble)
        return Look(0, self._taken, 0, trouble)

    def _has_room(self) -> bool:
        """Nothing is taken in when the disc is nearly full; never in the middle of a file."""
        free = shutil.disk_usage(self._chain.settings.home).free
        return free >= self._chain.settings.intake.smallest_free_mb << 20

    def _know(self) -> Trouble | None:
        """Whether this is the folder that it was. One that was never watched is taken as it is."""
        now = reach.shown(self.root)
        self._listen_here(now.place)
        if self._alone and not self._hold(now.place):
            return Trouble.TAKEN
        if self.known is None:
            self.known = reach.adopt(self.root, now)
            return None
        trouble = reach.judge(self.known, now)
        if trouble is None:
            self.known = Known(self.known.mark, now.mounted, now.place)
        return trouble

    def _hold(self, place: tuple[int, int]) -> bool:
        """Holds the lock of the folder that is there now. False: another Paperchain has it."""
        if place != self._locked:
            self._let_go()
            self._lock = locks.try_hold(claiming.claims_folder(self.root) / "lock")
            self._locked = place if self._lock else None
        return self._lock is not None

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()
        self._lock = self._locked = None

    def _list(self) -> tuple[dict[str, os.stat_result], int, bool]:
        """Every plain file by path, oldest first; how many things are no plain files; whether every sub-folder could be read.

        Links are never followed.
        """
        found: dict[str, os.stat_result] = {}
        odd, whole, folders = 0, True, [str(self.root)]
        while folders:
            folder = folders.pop()
            try:
                listing = os.scandir(folder)
            except OSError:
                if folder == str(self.root):
                    raise
                whole = False
                continue
            with listing:
                for entry in listing:
                    if entry.name.startswith(".") or entry.name.lower() in SYSTEM_FILES:
                        continue
                    try:
                        about = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # gone between the two questions
                    if stat.S_ISDIR(about.st_mode):
                        folders.append(entry.path)
                    elif not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
                        odd += 1
                    elif not entry.name.lower().endswith(PASSED_OVER):
                        found[entry.path] = about
        return dict(sorted(found.items(), key=lambda pair: pair[1].st_mtime_ns)), odd, whole

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

    def _take_ready(self, found: Look, until: float | None) -> Look:
        """Takes in what is ready, batch by batch, until there is no more or it is time. The first trouble ends it."""
        waiting, trouble = found.waiting, found.trouble
        while self._ready and (until is None or monotonic() < until):
            batch = [self._ready.popleft() for _ in range(min(BATCH, len(self._ready)))]
            paths = [Path(name) for name, about in batch if _unchanged(name, about)]
            taken = self._guarded(partial(claiming.take_files, self._chain, self.root, paths, self._pool))
            waiting -= len(taken.numbers)
            if taken.problem is not None:
                trouble = trouble if trouble in BLOCKING else _why(taken.problem, Trouble.FAILING)
                self._ready.clear()
            elif taken.numbers and trouble is not None and reach.may_be_adopted(trouble):
                trouble = self._adopt()
        return replace(found, waiting=waiting, taken=self._taken, trouble=trouble)

    def _adopt(self) -> Trouble | None:
        try:
            self.known = reach.adopt(self.root, reach.shown(self.root))
        except OSError as error:
            return _why(error, Trouble.UNREACHABLE)
        self._heard = None  # a folder made again may have the inode of the old one, and no watch
        self._listen_here(self.known.place)
        log.info("folder taken for the right one")
        return None

    def _guarded(self, act: Callable[[], Taken]) -> Taken:
        """What fails for the machine's sake is tried again: every claim stays whole."""
        try:
            taken = act()
        except (OSError, RecordsError, SQLAlchemyError) as error:
            log.warning("claims wait kind=%s", type(error).__name__)
            return Taken(problem=error if isinstance(error, OSError) else OSError(errno.EIO, "the database failed"))
        self._taken += len(taken.numbers)
        if taken.numbers:
            log.info("taken in items=%d-%d", taken.numbers[0], taken.numbers[-1])
        return taken

    def told(self) -> Looked:
        """What the last look tells staff."""
        known = self.known or Known("", mounted=False)
        return Looked(str(self.root), known.mark, known.mounted, self._last.trouble, self._last.waiting)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._let_go()


BLOCKING = frozenset({Trouble.UNREACHABLE, Trouble.NO_WRITING, Trouble.DISC_FULL, Trouble.FAILING, Trouble.TAKEN})
"""Troubles with which nothing can be taken in, or not everything."""


def _why(error: OSError, otherwise: Trouble) -> Trouble:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Trouble.DISC_FULL
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return Trouble.NO_WRITING
        case _:
            return otherwise


def _unchanged(name: str, before: os.stat_result) -> bool:
    """A file that waited its turn may have grown again meanwhile."""
    try:
        now = os.lstat(name)
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns, now.st_ino, now.st_nlink) == (
        before.st_size, before.st_mtime_ns, before.st_ino, before.st_nlink,
    )  # fmt: skip


def _finished(handle: int, size: int) -> bool:
    def read_at(offset: int, length: int) -> bytes:
        return os.pread(handle, length, offset)

    return looks_finished(read_at(0, HEAD_BYTES), read_at(max(0, size - TAIL_BYTES), TAIL_BYTES), size, read_at)
