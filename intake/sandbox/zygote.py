"""The warm parent: loads every library once, then forks a locked-down process for each job.

Started by `host` as `python -m intake.sandbox.zygote DESCRIPTOR PROFILE`.

It never looks at a document: it passes a descriptor on to the child that it forks. It ends when the core closes its end
of the control socket, and takes a running child with it.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn, Protocol

from intake.sandbox import lockdown, probing, syscalls
from intake.sandbox.limits import Limits
from intake.sandbox.wire import pack_message

MOST_REQUEST_BYTES = 65536


class Work(Protocol):
    """What a profile does: `prepare` once in the warm parent, `lock` and `run` in each child."""

    def lock(self, request: dict[str, Any]) -> None:
        """Locks this process in."""
        ...

    def run(self, request: dict[str, Any], answers: socket.socket, documents: list[int]) -> None:
        """Does one job."""
        ...


class Reading:
    """Opens documents: no files, no programs, no network."""

    def __init__(self, reader: str, own_forms: Path | None) -> None:
        # The parsers are loaded here and nowhere in the core.
        from intake.sandbox import child

        self._read_group, self._reader = child.read_group, child.warm(reader, own_forms)

    def lock(self, request: dict[str, Any]) -> None:
        """See Work.lock."""
        limits = Limits.from_json(request["limits"])
        lockdown.set_rlimits(
            lockdown.Rlimits(limits.memory_bytes, int(request["cpu_seconds"]), 0, limits.open_files, processes=0)
        )
        lockdown.forbid_privileges()
        with lockdown.lenient(allow=bool(request["allow_unprotected"])):
            lockdown.restrict_files([])
        with lockdown.lenient(allow=bool(request["allow_unprotected"])):
            lockdown.restrict_syscalls(syscalls.READER, executable_memory=False)

    def run(self, request: dict[str, Any], answers: socket.socket, documents: list[int]) -> None:
        """See Work.run."""
        self._read_group(documents[0], answers, request, self._reader)


def main(arguments: list[str]) -> None:
    """Serves until the control socket closes."""
    control = socket.socket(fileno=int(arguments[0]))
    profile = arguments[1]
    try:
        if profile.startswith("ocr"):
            from intake.sandbox.ocr_child import Recognising

            work: Work = Recognising()
        elif profile == "burn":
            from intake.sandbox.burning import Burning

            work = Burning()
        else:
            work = Reading(profile, Path(arguments[2]) if len(arguments) > 2 else None)
    except Exception as error:
        control.send(json.dumps({"failed": type(error).__name__}).encode())
        return
    gc.collect()
    # Objects of the warm parent are never freed in a child, so they are not looked at again there.
    gc.freeze()
    control.send(json.dumps({"ready": True, "landlock": lockdown.landlock_version()}).encode())
    while True:
        words, descriptors, _, _ = socket.recv_fds(control, MOST_REQUEST_BYTES, 4)
        if not words:
            return
        _serve(control, json.loads(words), descriptors, work)


def _serve(control: socket.socket, request: dict[str, Any], descriptors: list[int], work: Work) -> None:
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_child(control, request, descriptors, work, me)
    for descriptor in descriptors:
        os.close(descriptor)
    watch = os.pidfd_open(pid)
    gone = False
    try:
        socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [watch])
        poll = select.poll()
        poll.register(watch, select.POLLIN)
        poll.register(control, select.POLLIN)
        # The core is silent while a job runs: anything from there means that it has gone.
        gone = all(ready != watch for ready, _ in poll.poll())
    except OSError:
        gone = True
    if gone:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    os.close(watch)
    # What the child started and left behind (Tesseract, when the child was killed) goes with it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if gone:
        sys.exit(0)
    ended = {"status": status, "memory_kb": usage.ru_maxrss, "cpu": usage.ru_utime + usage.ru_stime}
    control.send(json.dumps(ended).encode())


def _be_child(
    control: socket.socket, request: dict[str, Any], descriptors: list[int], work: Work, parent: int
) -> NoReturn:
    """Shuts every door, then works. Never returns."""
    code = 1
    try:
        control.close()
        os.setpgid(0, 0)
        # The first process to go when the machine runs out of memory should be this one.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
        answers = socket.socket(fileno=descriptors[0])
        lockdown.drop_root()
        lockdown.die_with_parent(parent)
        probing.ignore_size_signal()
        work.lock(request)
        if request["job"] == "probe":
            found = probing.attempts(parent)
            header = {"kind": "probed", "attempts": [[one.what, one.blocked] for one in found]}
            for piece in pack_message(header):
                answers.sendall(piece)
        else:
            work.run(request, answers, descriptors[1:])
        code = 0
    except lockdown.NotLocked:
        code = 3
    except BaseException:
        code = 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
