"""Fails every data-touching system call of a flow, one at a time, and lets a checker look before and after the restart.

A child process is forked from this warm one, stops itself, and is traced with strace: the Nth call of one kind is met with
SIGKILL, ENOSPC or EIO. SQLite's own calls are reached as well as Python's, which no patching inside Python could do.
Each flow registers itself in `FLOWS`; a flow that is not there is not covered, and a test says so.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CALLS = (
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat",
    "mkdir", "mkdirat", "rmdir", "ftruncate", "openat", "copy_file_range", "sendfile",
)  # fmt: skip


class Fault(StrEnum):
    """What happens at the chosen call."""

    KILL = "signal=SIGKILL"
    FULL = "error=ENOSPC"
    BROKEN = "error=EIO"
    READ_ONLY = "error=EROFS"


@dataclass(frozen=True)
class Point:
    """The Nth call of one kind, and what happens there."""

    call: str
    number: int
    fault: Fault

    def __str__(self) -> str:
        return f"{self.fault.name.lower()} at {self.call} {self.number}"


def _child(work: Callable[[], None], folder: Path) -> int:
    """Forks a child that waits to be traced. Only calls below `folder` are counted: see `_trace`."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, os.WUNTRACED)
        return pid
    try:
        quiet = os.open(folder / "child.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.kill(os.getpid(), signal.SIGSTOP)
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _run(work: Callable[[], None], scratch: Path, options: list[str]) -> int:
    """Runs `work` in a traced child; returns its exit status (negative: the signal)."""
    log = scratch / "strace.log"
    pid = _child(work, scratch)
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-y", "-o", str(log), *options, "-p", str(pid)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for_tracer(pid)
        os.kill(pid, signal.SIGCONT)
        _, status = os.waitpid(pid, 0)
    finally:
        tracer.wait(30)
    return os.waitstatus_to_exitcode(status)


def _wait_for_tracer(pid: int) -> None:
    while True:
        status = Path(f"/proc/{pid}/status").read_text()
        if not re.search(r"TracerPid:\s+0\b", status):
            return


def count(work: Callable[[], None], scratch: Path) -> Counter[str]:
    """How often a clean run makes each call. Calls on other files count too: strace numbers them all."""
    status = _run(work, scratch, ["-e", "trace=" + ",".join(CALLS), "-e", "signal=none"])
    if status:
        raise AssertionError(f"the clean run failed: {(scratch / 'child.log').read_text()[-2000:]}")
    found: Counter[str] = Counter()
    for line in (scratch / "strace.log").read_text(errors="replace").splitlines():
        match = re.match(r"\d+\s+(\w+)\(", line)
        if match:
            found[match[1]] += 1
    return found


def points(calls: Counter[str], faults: tuple[Fault, ...], every: int = 1) -> Iterator[Point]:
    """Each call of a clean run with each fault; `every` > 1 takes a part of them, spread evenly."""
    flat = [(call, number) for call in sorted(calls) for number in range(1, calls[call] + 1)]
    for place, (call, number) in enumerate(flat):
        for turn, fault in enumerate(faults):
            if (place + turn) % every == 0:
                yield Point(call, number, fault)


def inject(work: Callable[[], None], scratch: Path, point: Point) -> int:
    """Runs `work` with the fault; returns how it ended."""
    return _run(
        work, scratch,
        ["-e", f"trace={point.call}", "-e", f"inject={point.call}:{point.fault.value}:when={point.number}", "-e", "signal=none"],
    )  # fmt: skip


def fresh(template: Path, place: Path) -> Path:
    """A copy of a prepared home to break."""
    if place.exists():
        shutil.rmtree(place)
    shutil.copytree(template, place)
    return place
