"""The core's end of a warm parent: starts it, hands it jobs, ends jobs that take too long, starts it again when it died.

Imports no library that parses anything.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.errors import SandboxUnavailable
from intake.sandbox import wire
from intake.sandbox.zygote import MOST_REQUEST_BYTES

_START_SECONDS = 120.0
_END_SECONDS = 10.0
# A warm parent that lives and is slow to fork is on a busy machine: that must not be held against the document.
_FORK_SECONDS = 90.0
_ROOT = Path(__file__).resolve().parent.parent.parent
# One thread each: two workers on two cores are slower with more, and a locked-in process may start none.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class HostDied(Exception):
    """The warm parent ended; it is started again for the next job."""


@dataclass(frozen=True)
class Ending:
    """How a job's process ended."""

    signal: int
    exit_code: int
    memory_bytes: int
    cpu_seconds: float


class Job:
    """One forked process at work."""

    def __init__(self, host: "Host", answers: socket.socket, watch: int) -> None:
        self._host, self._answers, self._watch = host, answers, watch
        self.ending: Ending | None = None

    def receive(self, deadline: float, most_bytes: int) -> wire.Message:
        """The next message; see `wire.receive`."""
        return wire.receive(self._answers, deadline, most_bytes)

    def send(self, header: dict[str, Any], parts: Sequence[bytes]) -> None:
        """Sends it more than a request holds. Raises `wire.Ended` when it does not listen."""
        try:
            self._answers.settimeout(_END_SECONDS)
            for piece in wire.pack_message(header, parts):
                self._answers.sendall(piece)
        except OSError as error:
            raise wire.Ended from error

    def kill(self) -> None:
        """Ends the process, if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._watch, signal.SIGKILL)


class Host:
    """One warm parent with its profile. Not for two threads at once."""

    def __init__(
        self, profile: str, own_forms: Path | None = None, may_start: Callable[[], None] | None = None
    ) -> None:
        """`may_start`: asked before the warm parent starts, each time, and once it has loaded everything. What it raises stops the start."""
        self._profile, self._own_forms, self._may_start = profile, own_forms, may_start
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._ready = False

    @property
    def pid(self) -> int | None:
        """The warm parent's process number, while there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts the warm parent without waiting for it. Raises what `may_start` raises."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        if self._may_start is not None:
            self._may_start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            words = [sys.executable, "-P", "-m", "intake.sandbox.zygote", str(theirs.fileno()), self._profile]
            if self._own_forms is not None:
                words.append(str(self._own_forms))
            # It must find the same libraries as we do, wherever ours came from.
            places = dict.fromkeys([str(_ROOT), *filter(os.path.isabs, sys.path)])
            environment = {
                "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": os.pathsep.join(places), "LC_ALL": "C.UTF-8",
                "PYTHONDONTWRITEBYTECODE": "1", **_ONE_THREAD,
            }  # fmt: skip
            self._process = subprocess.Popen(
                words, pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
            )  # fmt: skip
        self._control, self._ready = ours, False

    def close(self) -> None:
        """Ends the warm parent and whatever it runs."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None
        self._ready = False

    @contextlib.contextmanager
    def job(self, request: dict[str, Any], descriptors: Sequence[int]) -> Iterator[Job]:
        """Runs one job in a process of its own. It is ended when the block is left; `ending` then says how it ended.

        Raises HostDied when the warm parent is gone, SandboxUnavailable when it cannot start at all, and what `may_start` raises.
        """
        self._wait_ready()
        control = self._control
        if control is None:
            raise HostDied
        words = json.dumps(request).encode()
        if len(words) > MOST_REQUEST_BYTES:
            raise ValueError("the request is too long")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with ours:
            try:
                with theirs:
                    socket.send_fds(control, [words], [theirs.fileno(), *descriptors])
            except OSError as error:
                self.close()
                raise HostDied from error
            _, passed = self._hear(_FORK_SECONDS)
            job = Job(self, ours, passed[0])
            try:
                yield job
            finally:
                job.kill()
                os.close(passed[0])
                told, _ = self._hear(_FORK_SECONDS)
                status = int(told["status"])
                job.ending = Ending(
                    os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
                    os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1,
                    int(told["memory_kb"]) * 1024, float(told["cpu"]),
                )  # fmt: skip

    def _wait_ready(self) -> None:
        self.start()
        if self._ready:
            return
        told, _ = self._hear(_START_SECONDS)
        if "ready" not in told:
            self.close()
            raise SandboxUnavailable(
                f"The reader of documents cannot start ({told.get('failed')}). Run script/run again."
            )
        if self._may_start is not None:
            try:
                self._may_start()  # again: what it loads may have changed while it did
            except BaseException:
                self.close()
                raise
        self._ready = True

    def _hear(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        control = self._control
        if control is None:
            raise HostDied
        words = b""
        passed: list[int] = []
        if select.select([control], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                words, passed, _, _ = socket.recv_fds(control, MOST_REQUEST_BYTES, 1)
        if not words:
            self.close()
            raise HostDied
        told = json.loads(words)
        return told, list(passed)


def sealed_memory(data: bytes | memoryview) -> int:
    """An anonymous memory file with these bytes that nobody can change any more, as a descriptor to close."""
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        view, at = memoryview(data).cast("B"), 0
        while at < len(view):
            at += os.write(descriptor, view[at:])
        everything = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, everything)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def deadline(seconds: float) -> float:
    """So many seconds from now, on the clock that `Job.receive` uses."""
    return time.monotonic() + seconds
