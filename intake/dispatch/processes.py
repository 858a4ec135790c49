"""The worker processes of one machine: each opened once, each watched by a thread of its own.

Not one `ProcessPoolExecutor` of several: it looks at a process that it started beside another only when something else happens
there, so that the item of one that was killed came back when its neighbour had read its own (107 s, measured), and with one process
all the others end and are begun anew. Executors of a single process know at once, and a neighbour reads on.
"""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Collection
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from threading import Lock, Thread, local

from intake.sandbox.lockdown import die_with_parent
from intake.settings import Settings


def _start_worker(settings: Settings, dispatcher: int, leash: Connection) -> None:
    """Runs once in each worker process: opens the database and the sandboxes."""
    from intake import logs
    from intake.dispatch import worker

    logs.set_up()
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


class _Process:
    """One worker process. It dies with the thread that first gives it work."""

    def __init__(self, settings: Settings) -> None:
        # spawn: a forked worker would share database connections and locks with us
        spawn = multiprocessing.get_context("spawn")
        leash, self._hold = spawn.Pipe(duplex=False)
        self._lock = Lock()
        self._executor = ProcessPoolExecutor(
            1, mp_context=spawn, initializer=_start_worker, initargs=(settings, os.getpid(), leash)
        )

    def do(self, act: Callable[..., object], arguments: tuple[object, ...]) -> None:
        """Does `act` there. Raises what it raises, and BrokenProcessPool when the process has died."""
        self._executor.submit(act, *arguments).result()

    def let_go(self) -> None:
        """Ends it at once, wherever it is."""
        with self._lock:
            self._hold.close()

    def end(self) -> None:
        """Returns when it is gone: whatever it leased can be given to another."""
        self.let_go()
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=True, cancel_futures=True)


class Processes:
    """`workers` processes. One that has died is replaced with the next item that falls to its thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.work.workers, "worker")
        self._mine = local()
        self._lock = Lock()
        self._alive: set[_Process] = set()
        self._closed = False

    def submit(self, act: Callable[..., object], *arguments: object) -> "Future[None]":
        """Hands `act` to the first free process. The future raises BrokenProcessPool when that one has died, and only then."""
        return self._threads.submit(self._do, act, arguments)

    def warm(self, count: int) -> None:
        """Starts the processes before the first file comes."""
        for _ in range(count):
            self.submit(os.getpid)

    def _do(self, act: Callable[..., object], arguments: tuple[object, ...]) -> None:
        process = self._process()
        try:
            process.do(act, arguments)
        except BrokenProcessPool:
            self._mine.process = None
            process.end()
            with self._lock:
                self._alive.discard(process)
            raise

    def _process(self) -> _Process:
        """The process of this thread."""
        process: _Process | None = getattr(self._mine, "process", None)
        if process is None:
            with self._lock:
                if self._closed:
                    raise BrokenProcessPool("The processes have been let go.")
                process = self._mine.process = _Process(self._settings)
                self._alive.add(process)
        return process

    def close(self, running: Collection["Future[None]"], patience: float) -> set["Future[None]"]:
        """Ends them, after waiting so many seconds for what is `running`. Returns what was broken off."""
        left = wait([future for future in running if not future.cancel()], timeout=patience).not_done
        self.let_go()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in list(self._alive):
            process.end()
        return left

    def let_go(self) -> None:
        """Ends them at once, wherever they are; what they were reading raises BrokenProcessPool."""
        with self._lock:
            self._closed = True
            for process in self._alive:
                process.let_go()
