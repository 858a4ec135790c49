"""Dispatch over many machines: a Procrastinate worker hands item numbers to the worker processes of this machine.

Takeover. Every dispatcher tells the database every 5 s that it lives. One that was silent for 15 s is dead to the others:
its jobs are closed, the leases held in their names are freed, and the sweep, once a second, puts the items in again. It also frees
what is leased in the name of a job that is over. A dispatcher that was only slow finds its lease gone when it wants to enter what
it read, and enters nothing.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures.process import BrokenProcessPool
from threading import Event, Thread
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from intake import texts
from intake.dispatch import queue
from intake.dispatch.embedded import STOP_SECONDS, run_stage
from intake.dispatch.processes import Processes
from intake.errors import told
from intake.wiring import Paperchain
from records.errors import NotFound, RecordsError
from records.post import inbox

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.jobs import Job

log = logging.getLogger("paperchain.dispatch")

HEARTBEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 15.0
SWEEP_SECONDS = 1.0
AGAIN_SECONDS = 5.0
"""How long a place rests after a failure of this machine (disc full, no sandbox, store away)."""

QUEUED = "SELECT id, queueing_lock FROM procrastinate_jobs WHERE queue_name = 'reading' AND status IN ('todo', 'doing')"


class QueuePool:
    """Keeps this machine's worker processes busy with jobs of the common queue. Its own thread runs the loop."""

    def __init__(self, chain: Paperchain) -> None:
        url = chain.settings.database_url
        assert url is not None, "a queue needs PostgreSQL"
        self._chain = chain
        self._url = url.get_secret_value()
        self._size = chain.settings.work.workers
        self._processes = Processes(chain.settings)
        self._reading = 0
        self._stopping = Event()
        self._turned = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = Thread(target=self._live, name="queue", daemon=True)

    def warm(self) -> None:
        """Starts the processes before the first job comes, and joins the queue."""
        self._processes.warm(self._size)
        self._thread.start()

    def turn(self, wait_seconds: float) -> int:
        """Waits a little and returns how many items are being read here."""
        self._turned.wait(wait_seconds)
        self._turned.clear()
        return self._reading

    def close(self, patience: float = STOP_SECONDS) -> None:
        """Waits a little for running stages, breaks off the others, and leaves the queue."""
        self._stopping.set()
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread.is_alive():
            self._thread.join(patience)
            self._processes.let_go()
            self._thread.join()
        self._processes.close((), patience)

    # ---- the thread ------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        """Joins the queue, and again after every failure: a database that restarts must not end us."""
        while not self._stopping.is_set():
            try:
                asyncio.run(self._work())
            except Exception as error:
                log.warning("queue lost kind=%s", type(error).__name__)
                self._stopping.wait(SWEEP_SECONDS)

    async def _work(self) -> None:
        from procrastinate.jobs import DeleteJobCondition

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = queue.open_app(self._url)
        app.task(name=queue.TASK, queue=queue.QUEUE, pass_context=True)(self._job)
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[queue.QUEUE], concurrency=self._size, install_signal_handlers=False,
                    delete_jobs=DeleteJobCondition.ALWAYS, update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=DEAD_AFTER_SECONDS, fetch_job_polling_interval=SWEEP_SECONDS,
                )
            )  # fmt: skip
            try:
                await self._sweep_until_stopped(app, worker)
            finally:
                worker.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await worker

    async def _sweep_until_stopped(self, app: "App", worker: "asyncio.Task[None]") -> None:
        assert self._stop is not None
        if self._stopping.is_set():
            return
        while not self._stop.is_set():
            if worker.done():
                await worker  # raises what ended it
                return
            await self._take_over(app)
            await self._put_in(app)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stop.wait(), SWEEP_SECONDS)

    async def _put_in(self, app: "App") -> None:
        """A job for every item that is due and has none. What is leased in the name of a job that is over is due again."""
        from procrastinate.exceptions import AlreadyEnqueued

        leased = await asyncio.to_thread(self._leased)  # before the jobs: what began after them is in neither
        rows = await app.connector.execute_query_all_async(QUEUED)
        jobs = {queue.holder(row["id"]) for row in rows}
        over = {number: holder for number, holder in leased if holder not in jobs}
        if over:
            await asyncio.to_thread(self._free, over, blame=True)
        due = await asyncio.to_thread(self._due)
        for number in queue.missing(due, (row["queueing_lock"] for row in rows)):
            with contextlib.suppress(AlreadyEnqueued):  # another machine's sweep was quicker
                await app.configure_task(
                    queue.TASK, queue=queue.QUEUE, queueing_lock=queue.lock_of(number)
                ).defer_async(number=number)  # fmt: skip

    def _due(self) -> list[int]:
        with self._chain.db.reading() as session:
            # Text for letters comes when no form waits, one item at a time.
            return inbox.waiting(session, self._chain.clock.now()) or texts.due(session, limit=1)

    def _leased(self) -> list[tuple[int, str]]:
        with self._chain.db.reading() as session:
            return inbox.holders(session)

    async def _take_over(self, app: "App") -> None:
        """Closes the jobs of dispatchers that are dead, and frees what was leased in their names."""
        from procrastinate.jobs import Status

        stalled = list(
            await app.job_manager.get_stalled_jobs(queue=queue.QUEUE, seconds_since_heartbeat=DEAD_AFTER_SECONDS)
        )
        if not stalled:
            return
        await asyncio.to_thread(self._free, _held_by(stalled), blame=False)
        for job in stalled:
            with contextlib.suppress(Exception):  # another machine closed it a moment ago
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        await app.job_manager.prune_stalled_workers(DEAD_AFTER_SECONDS)

    def _free(self, held: Mapping[int, str], *, blame: bool) -> None:
        """Frees these items, where they are still leased under these names. `blame`: the reading itself may have ended its worker,
        so the try counts. A dispatcher that died took its workers with it; that is a machine's fault and never an item's.
        """
        with self._chain.db.writing() as session:
            for number, holder in held.items():
                with contextlib.suppress(NotFound):  # erased meanwhile
                    item = inbox.by_number(session, number)
                    if item.leased_by == holder:
                        log.warning("taken over item=%d", number)
                        item.attempts -= 0 if blame else 1
                        inbox.release(item)

    # ---- one job ---------------------------------------------------------------------------------------------------

    async def _job(self, context: "JobContext", number: int) -> None:
        """Reads one item in a process of this machine. Never fails: what is still due is put in again by the sweep."""
        self._reading += 1
        try:
            await asyncio.wrap_future(self._processes.submit(run_stage, number, queue.holder(context.job.id)))
        except BrokenProcessPool:
            if self._stopping.is_set():  # we ended it ourselves
                await asyncio.to_thread(self._free, _held_by([context.job]), blame=False)
                return
            log.warning("worker died item=%d", number)
            await asyncio.to_thread(self._free, _held_by([context.job]), blame=True)
        except NotFound:
            log.info("erased before it was read item=%d", number)
        except (RecordsError, OSError, SQLAlchemyError) as error:
            log.warning("stage failed item=%d kind=%s%s", number, type(error).__name__, told(error))
            await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self._reading -= 1
            self._turned.set()


def _held_by(jobs: Iterable["Job"]) -> dict[int, str]:
    """The items that these jobs read, each with the name under which its lease is held."""
    return {int(str(job.task_kwargs["number"])): queue.holder(job.id) for job in jobs}
