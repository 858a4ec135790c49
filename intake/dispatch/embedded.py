"""Dispatch on one machine: a pool of worker processes over the stages that the post tables hold.

The tables say what is due; this hands item numbers out. A worker that dies takes nothing with it: its lease runs out or is
cleared, and the item is handed out again. A job queue over PostgreSQL can stand in its place and call the same stage.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from intake import texts
from intake.sandbox.lockdown import die_with_parent
from intake.settings import Settings
from intake.wiring import Paperchain
from records.errors import RecordsError
from records.post import inbox

log = logging.getLogger("paperchain.dispatch")


AGAIN_SECONDS = 5.0
"""How long an item rests whose reading failed for no fault of its own (disc full, no sandbox)."""


def _start_worker(settings: Settings, dispatcher: int) -> None:
    """Runs once in each worker process: opens the database and the sandboxes."""
    from intake.dispatch import worker

    die_with_parent(dispatcher)  # a killed dispatcher would otherwise leave workers that nobody gives work to
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    worker.start(settings)


def run_stage(number: int, holder: str | None = None) -> None:
    """Runs in a worker process: reads one item. Its lease is held by `holder`, else by the process itself."""
    from intake.dispatch import worker

    worker.run(number, holder)


def new_processes(settings: Settings) -> ProcessPoolExecutor:
    """`workers` processes, each opened once. Whoever makes them must outlive them: they die with the thread that starts them."""
    # spawn: a forked worker would share database connections and locks with us
    return ProcessPoolExecutor(
        settings.work.workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker,
        initargs=(settings, os.getpid()),
    )  # fmt: skip


class Pool:
    """Keeps `workers` processes busy with what is due. Not safe for several threads."""

    def __init__(self, chain: Paperchain) -> None:
        self._chain = chain
        self._size = chain.settings.work.workers
        self._pool = new_processes(chain.settings)
        self._running: dict[Future[None], int] = {}
        self._later: dict[int, float] = {}

    def warm(self) -> None:
        """Starts the processes before the first file comes."""
        for _ in range(self._size):
            self._pool.submit(os.getpid)

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
            log.warning("stage failed item=%d kind=%s", number, type(error).__name__)
            self._later[number] = monotonic() + AGAIN_SECONDS

    def _mend(self, *also: int) -> None:
        """A new pool. The items of the dead one are free again at once: nobody else on this machine has them."""
        lost = {*self._running.values(), *also}
        self._running.clear()
        with contextlib.suppress(Exception):
            self._pool.shutdown(wait=False, cancel_futures=True)
        free_leases(self._chain, lambda number: number in lost)
        self._pool = new_processes(self._chain.settings)

    def close(self) -> None:
        """Waits for running stages to end."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def free_leases(chain: Paperchain, which: Callable[[int], bool]) -> None:
    """Clears leases of processes that are gone. Only for the one dispatcher that holds the lock of this home."""
    with chain.db.writing() as session:
        for number in inbox.leased(session):
            if which(number):
                inbox.release(inbox.by_number(session, number))
