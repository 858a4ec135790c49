"""Dispatch on one machine: a pool of worker processes over the stages that the post tables hold.

The tables say what is due; this hands item numbers out. A worker that dies takes nothing with it: what is leased and in none of
our processes is freed, and handed out again. A job queue over PostgreSQL can stand in its place and call the same stage.
"""

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from intake import texts
from intake.dispatch.processes import Processes
from intake.errors import told
from intake.wiring import Paperchain
from records.errors import RecordsError
from records.post import inbox

log = logging.getLogger("paperchain.dispatch")


AGAIN_SECONDS = 5.0
"""How long an item rests whose reading failed for no fault of its own (disc full, no sandbox)."""


STOP_SECONDS = 5.0
"""How long a stop waits for what is being read. Longer readings are broken off: they leave nothing and are begun again."""


def run_stage(number: int, holder: str | None = None) -> None:
    """Runs in a worker process: reads one item. Its lease is held by `holder`, else by the process itself."""
    from intake.dispatch import worker

    worker.run(number, holder)


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
        self._free_what_nobody_reads()
        with self._chain.db.reading() as session:
            # Text for letters comes when no form waits, one item at a time.
            due = inbox.waiting(session, self._chain.clock.now()) or texts.due(session, limit=1)
        now = monotonic()
        self._later = {number: until for number, until in self._later.items() if until > now}
        busy = set(self._running.values()) | set(self._later)
        for number in [number for number in due if number not in busy][:free]:
            self._running[self._pool.submit(run_stage, number)] = number

    def _free_what_nobody_reads(self) -> None:
        """Nobody else reads on this home: what is leased and in none of our processes was left by one that died, or could not be
        given back. It waits for no lease to run out. The try counts, because the reading itself may have ended its process.
        """
        with self._chain.db.reading() as session:
            lost = set(inbox.leased(session)) - set(self._running.values())
        if not lost:
            return
        try:
            free_leases(self._chain, lambda number: number in lost)
        except SQLAlchemyError as error:  # the disc is full, or somebody writes for long: at the next turn
            log.warning("not freed yet items=%d kind=%s", len(lost), type(error).__name__)

    def _collect(self, future: "Future[None]") -> None:
        number = self._running.pop(future)
        try:
            future.result()
        except BrokenProcessPool:
            log.warning("worker died item=%d", number)
        except (RecordsError, OSError, SQLAlchemyError) as error:
            log.warning("stage failed item=%d kind=%s%s", number, type(error).__name__, told(error))
            self._later[number] = monotonic() + AGAIN_SECONDS

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
