"""The long-running parts put together: take in, hand out, serve. `run`, `watch` and `work` are this with parts left out."""

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic, sleep

from sqlalchemy.exc import SQLAlchemyError

from intake import heart, locks, metrics
from intake.dispatch import queue
from intake.dispatch.embedded import Pool, free_leases
from intake.dispatch.queued import QueuePool
from intake.folder import BLOCKING, Look
from intake.watching import ALREADY_WATCHED, WATCH_LOCK, Watching
from intake.wiring import Paperchain
from records.documents.store import FolderStore
from records.post import inbox

log = logging.getLogger("paperchain.service")

TURN_SECONDS = 0.1
STOP_SECONDS = 10
DATABASE_AWAY_SECONDS = 1.0
DESK_AGAIN_SECONDS = 5.0
DESK_LOOK_SECONDS = 0.5
SHARED_SWEEP_SECONDS = 86400.0


@dataclass(frozen=True)
class State:
    """What the service is doing, for a progress bar: files not yet taken in, items not yet read, items being read."""

    look: Look
    unread: int
    reading: int

    @property
    def idle(self) -> bool:
        return self.look.waiting == 0 and self.unread == 0 and self.look.trouble not in BLOCKING


class Service:
    """Watches and works until told to stop. `check` is asked once the locks are held and before anything is touched."""

    def __init__(self, chain: Paperchain, *, watch: bool, work: bool, check: Callable[[], None] = lambda: None) -> None:
        self.chain = chain
        self._stack = ExitStack()
        self.folder: Watching | None = None
        self.pool: Pool | QueuePool | None = None
        self._last = State(Look(), 1, 0)
        try:
            self._begin(watch=watch, work=work, check=check)
        except BaseException:
            self._stack.close()
            raise

    def _begin(self, *, watch: bool, work: bool, check: Callable[[], None]) -> None:
        chain = self.chain
        home = chain.settings.home
        if watch:
            self._stack.enter_context(
                locks.only_one(home / WATCH_LOCK, ALREADY_WATCHED.format(folder=chain.settings.inbox))
            )
        if work:
            self._stack.enter_context(
                locks.only_one(home / "work.lock", f"Another Paperchain already works on {home}. Stop it first.")
            )
        check()
        if watch and work and isinstance(chain.store, FolderStore):
            # Embedded, nobody else writes here now; other machines may be writing into a shared folder.
            chain.store.sweep_temporary(None if chain.db.embedded else SHARED_SWEEP_SECONDS)
        self._stack.enter_context(heart.beating(chain, watches=watch, works=work))
        self._stack.enter_context(metrics.served(chain))
        if work:
            self.pool = self._dispatcher()
            self._stack.callback(self.pool.close)
            self.pool.warm()
        if watch:
            self.folder = Watching(chain)
            self._stack.callback(self.folder.close)
            self._stack.enter_context(self.folder.events())

    def _dispatcher(self) -> Pool | QueuePool:
        """The pool of this machine alone, or this machine's part in the queue of many."""
        if self.chain.db.embedded:
            free_leases(self.chain, lambda _: True)  # the lock says that every holder is gone
            return Pool(self.chain)
        queue.need_packages()
        return QueuePool(self.chain)

    def turn(self) -> State:
        """One round: look at the folder when it is time, hand out what is due.

        A PostgreSQL that is away (restarted, cut off) is waited for: nothing that was taken in depends on us being there.
        """
        try:
            self._last = self._turn()
        except SQLAlchemyError:
            if self.chain.db.embedded:
                raise
            log.warning("the database cannot be reached")
            sleep(DATABASE_AWAY_SECONDS)
        return self._last

    def _turn(self) -> State:
        look = self.folder.look_when_due() if self.folder else Look()
        reading = self.pool.turn(TURN_SECONDS) if self.pool else 0
        if not reading:
            self._rest(look)
        with self.chain.db.reading() as session:
            unread = inbox.unsettled(session) if self.pool else 0
        return State(look, unread, reading)

    def _rest(self, look: Look) -> None:
        """Waits for an event in the folder, at most as long as nothing can be missed."""
        if self.folder:
            self.folder.wait(TURN_SECONDS if look.waiting else 0.5)
        else:
            sleep(0.5)

    def close(self) -> None:
        self._stack.close()


DESK = (sys.executable, "-m", "intake.commands", "desk", "--quiet")


@contextmanager
def desk_process(command: Sequence[str] = DESK, again_after: float = DESK_AGAIN_SECONDS) -> Iterator[None]:
    """The desk in a process of its own, ended with us. One that dies is started again: else post would be taken in that nobody can open."""
    stop = Event()
    first = subprocess.Popen(command)
    watcher = Thread(target=_keep_desk, args=(first, command, again_after, stop), name="desk", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(STOP_SECONDS + 5)


def _keep_desk(process: "subprocess.Popen[bytes]", command: Sequence[str], again_after: float, stop: Event) -> None:
    while not stop.wait(DESK_LOOK_SECONDS):
        ended = process.poll()
        # Waited for: whoever ends all of us at once ends the desk a moment before us.
        if ended is not None and not stop.wait(again_after):
            log.error("the desk ended and is started again status=%d", ended)
            process = subprocess.Popen(command)
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def until(
    service: Service, stop: Callable[[State], bool], show: Callable[[State], None], ended: Callable[[], bool]
) -> None:
    """Turns until `stop` says so twice in a row (a file may arrive between looking and asking), or until `ended`."""
    calm, since = 0, monotonic()
    while calm < 2 and not ended():
        state = service.turn()
        show(state)
        calm = calm + 1 if stop(state) else 0
    log.info("stopped after=%d", int(monotonic() - since))
