"""Fails every data-touching system call of a flow, one at a time, and lets a checker look before and after the restart.

A child process is forked from this warm one, stops itself, and is traced with strace: the Nth call of one kind is met with
SIGKILL, ENOSPC, EIO or EROFS. SQLite's own calls are reached as well as Python's, which no patching inside Python could do.
What is broken, and what must hold, stands in `flows` and its neighbours. `tell` notes in the child what a person would have been told.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event

CALLS = (
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat",
    "mkdir", "mkdirat", "rmdir", "ftruncate", "openat", "copy_file_range", "sendfile",
)  # fmt: skip
LOG = "child.log"


class Fault(StrEnum):
    """What happens at the chosen call."""

    KILL = "signal=SIGKILL"
    FULL = "error=ENOSPC"
    BROKEN = "error=EIO"
    READ_ONLY = "error=EROFS"


@dataclass(frozen=True)
class Call:
    """The Nth call of one kind."""

    name: str
    number: int


@dataclass(frozen=True)
class Point:
    """The Nth call of one kind, and what happens there."""

    call: str
    number: int
    fault: Fault

    def __str__(self) -> str:
        return f"{self.fault.name.lower()} at {self.call} {self.number}"


_in_child = Event()


def tell(done: str) -> None:
    """Notes that somebody would now be told that this is done. It goes where no fault reaches; outside a child it goes nowhere."""
    if _in_child.is_set():
        os.write(1, f"told {done}\n".encode())


def told(home: Path) -> list[str]:
    """What was told in the last child that worked on this home, which lies in `place` below the scratch folder."""
    log = home.parent.parent / LOG
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return [line.removeprefix("told ") for line in lines if line.startswith("told ")]


def _child(work: Callable[[], None], folder: Path) -> int:
    """Forks a child that waits to be traced. Only calls below `folder` are counted: see `_trace`."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, os.WUNTRACED)
        return pid
    _in_child.set()
    try:
        quiet = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.kill(os.getpid(), signal.SIGSTOP)
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def run_traced(work: Callable[[], None], scratch: Path, options: list[str]) -> int:
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


def calls(work: Callable[[], None], scratch: Path) -> list[Call]:
    """Every call of a clean run that touches what lies below `scratch`, by kind and number.

    Calls on other files are numbered too, as strace does when it injects, but are left out: they touch none of our data.
    """
    status = run_traced(work, scratch, ["-e", "trace=" + ",".join(CALLS), "-e", "signal=none"])
    if status:
        raise AssertionError(f"the clean run failed: {(scratch / LOG).read_text()[-2000:]}")
    numbers: Counter[str] = Counter()
    found = []
    for line in (scratch / "strace.log").read_text(errors="replace").splitlines():
        match = re.match(r"\d+\s+(\w+)\(", line)
        if match:
            numbers[match[1]] += 1
            if f"{scratch}/" in line and LOG not in line:
                found.append(Call(match[1], numbers[match[1]]))
    return found


def points(found: Sequence[Call], every: int = 1) -> list[Point]:
    """Each call with each fault; `every` > 1 takes a part of them, spread evenly over calls and turning through the faults."""
    return [
        Point(call.name, call.number, fault)
        for place, call in enumerate(found)
        for turn, fault in enumerate(Fault)
        if (len(Fault) * place + (turn + place // every) % len(Fault)) % every == 0
    ]


def inject(work: Callable[[], None], scratch: Path, point: Point) -> bool:
    """Runs `work` with the fault. Returns whether it happened: a run may make fewer calls than the clean one."""
    status = run_traced(
        work, scratch,
        ["-e", f"trace={point.call}", "-e", f"inject={point.call}:{point.fault.value}:when={point.number}", "-e", "signal=none"],
    )  # fmt: skip
    return status == -signal.SIGKILL or "(INJECTED)" in (scratch / "strace.log").read_text(errors="replace")


def fresh(template: Path, place: Path) -> Path:
    """A copy of a prepared home to break."""
    if place.exists():
        shutil.rmtree(place)
    shutil.copytree(template, place)
    return place
