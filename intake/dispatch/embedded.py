"""Dispatch on one machine: a pool of worker processes over the stages that the post tables hold.

The tables say what is due; this hands item numbers out. A worker that dies takes nothing with it: its lease runs out or is
cleared, and the item is handed out again. A job queue over PostgreSQL can stand in its place and call the same stage.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from threading import Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from intake import texts
from intake.errors import told
from intake.sandbox.lockdown import die_with_parent
from intake.settings import Settings
from intake.wiring import Paperchain
from records.errors import RecordsError
from records.post import inbox

log = logging.getLogger("paperchain.dispatch")


AGAIN_SECONDS = 5.0
"""How long an item rests whose reading failed for no fault of its own (disc full, no sandbox)."""


STOP_SECONDS = 5.0
"""How long a stop waits for what is being read. Longer readings are broken off: they leave nothing and are begun again."""


def _start_worker(settings: Settings, dispatcher: int, leash: Connection) -> None:
    """Runs once in each worker process: opens the database and the sandboxes."""
    from intake.dispatch import worker

    die_with_parent(dispatcher)  # a killed dispatcher would otherwise leave workers that nobody gives work to
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the same, when a whole group of processes is told to end
    Thread(target=_end_when_let_go, args=(leash,), name="leash", daemon=True).start()
    worker.start(settings)


def _end_when_let_go(leash: Connection) -> None:
    """Ends this process at once when the parent closes its end, wherever the reading is. Its sandboxes end with it."""
    with contextlib.suppress(EOFError, OSError):
        leash.recv()
    os._exit(0)


def run_stage(number: int, holder: str | None = None) -> None:
    """Runs in a worker process: reads one item. Its lease is held by `holder`, else by the process itself."""
    from intake.dispatch import worker

    worker.run(number, holder)


class Processes:
    """`workers` processes, each opened once. Whoever makes them must outlive them: they die with the thread that starts them."""

    def __init__(self, settings: Settings) -> None:
        # spawn: a forked worker would share database connections and locks with us
        spawn = multiprocessing.get_context("spawn")
        leash, self._hold = spawn.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            settings.work.workers, mp_context=spawn, initializer=_start_worker, initargs=(settings, os.getpid(), leash)
        )

    def submit(self, act: Callable[..., None], *arguments: object) -> "Future[None]":
        """Hands `act` to the first free process. Raises BrokenProcessPool when one of them has died."""
        return self._pool.submit(act, *arguments)

    def warm(self, count: int) -> None:
        """Starts the processes before the first file comes."""
        for _ in range(count):
            self._pool.submit(os.getpid)

    def give_up(self) -> None:
        """Leaves broken processes behind."""
        with contextlib.suppress(Exception):
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._hold.close()

    def close(self, running: Collection["Future[None]"], patience: float) -> set["Future[None]"]:
        """Ends them, after waiting so many seconds for what is `running`. Returns what was broken off."""
        left = wait([future for future in running if not future.cancel()], timeout=patience).not_done
        self.let_go()
        self._pool.shutdown(wait=True, cancel_futures=True)
        return left

    def let_go(self) -> None:
        """Ends them at once, wherever they are; what they were reading raises BrokenProcessPool."""
        self._hold.close()


class Pool:
    """Keeps `workers` processes busy with what is due. Not safe for several threads."""

    def __init__(self, chain: Paperchain) -> None:
        self._chain = chain
        self._size = chain.settings.work.workers
        self._pool = Processes(chain.settings)
        self._running: dict[Future[None], int] = {}
        self._later: dict[int, float] = {}

    def warm(self) -> None:
        """Starts the processes before the first file comes."""
        self._pool.warm(self._size)

    def turn(self, wait_seconds: float) -> int:
        """Hands out what is due, waits a little, and returns how many items are being read."""
        self._hand_out()
        if self._running:
            finished, _ = wait(self._running, timeout=wait_seconds, return_when=FIRST_COMPLETED)
            for future in finished:
                self._collect(future)
            self._hand_out()
        return len(self._running)

    def _hand_out(self) -> None:
        free = self._size + 1 - len(self._running)  # one more than workers, so that none waits for us
        if free <= 0:
            return
        with self._chain.db.reading() as session:
            # Text for letters comes when no form waits, one item at a time.
            due = inbox.waiting(session, self._chain.clock.now()) or texts.due(session, limit=1)
        now = monotonic()
        self._later = {number: until for number, until in self._later.items() if until > now}
        busy = set(self._running.values()) | set(self._later)
        for number in [number for number in due if number not in busy][:free]:
            try:
                self._running[self._pool.submit(run_stage, number)] = number
            except BrokenProcessPool:
                self._mend()
                return

    def _collect(self, future: "Future[None]") -> None:
        number = self._running.pop(future, None)
        if number is None:
            return  # the whole pool was mended a moment ago
        try:
            future.result()
        except BrokenProcessPool:
            log.warning("worker died item=%d", number)
            self._mend(number)
        except (RecordsError, OSError, SQLAlchemyError) as error:
            log.warning("stage failed item=%d kind=%s%s", number, type(error).__name__, told(error))
            self._later[number] = monotonic() + AGAIN_SECONDS

    def _mend(self, *also: int) -> None:
        """A new pool. The items of the dead one are free again at once: nobody else on this machine has them."""
        lost = {*self._running.values(), *also}
        self._running.clear()
        self._pool.give_up()
        free_leases(self._chain, lambda number: number in lost)
        self._pool = Processes(self._chain.settings)

    def close(self, patience: float = STOP_SECONDS) -> None:
        """Waits a little for running stages; what is broken off is free again and the try is not counted against it."""
        broken_off = {self._running[future] for future in self._pool.close(self._running, patience)}
        self._running.clear()
        if broken_off:
            free_leases(self._chain, lambda number: number in broken_off, blame=False)


def free_leases(chain: Paperchain, which: Callable[[int], bool], *, blame: bool = True) -> None:
    """Clears leases of processes that are gone. Only for the one dispatcher that holds the lock of this home.

    `blame`: the reading itself may have ended its process, so the try counts.
    """
    with chain.db.writing() as session:
        for number in inbox.leased(session):
            if which(number):
                item = inbox.by_number(session, number)
                item.attempts -= 0 if blame else 1
                inbox.release(item)
