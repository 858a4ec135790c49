"""Tries, from inside the locked-down process, everything that it must not be able to do.

Run at every start and in tests: a protection that is only believed in is none.
"""

import contextlib
import ctypes
import errno
import mmap
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_GIBIBYTE = 1 << 30
_NOT_STARTED = 77
# Attaches without stopping the other: where it succeeds, nothing comes of it.
_SEIZE = 0x4206
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Attempt:
    """One thing tried: what, and whether it was stopped."""

    what: str
    blocked: bool


def attempts(parent: int) -> list[Attempt]:
    """Tries all of them. `parent` is a process that must be out of reach."""
    tries: list[tuple[str, Callable[[], object]]] = [
        ("read a system file", lambda: _read("/etc/passwd")),
        ("list a folder", lambda: os.listdir("/")),  # noqa: PTH208 - as an attacker would
        ("write a file", lambda: _write("/dev/shm/paperchain-probe")),  # noqa: S108 - it must fail
        ("connect by TCP", lambda: _reach(socket.AF_INET, socket.SOCK_STREAM)),
        ("send by UDP", lambda: _reach(socket.AF_INET, socket.SOCK_DGRAM)),
        ("reach an abstract socket", lambda: _reach(socket.AF_UNIX, socket.SOCK_STREAM)),
        ("start a process", _fork),
        ("start a shell", _start_shell),
        ("trace another process", lambda: _call(101, 117, _SEIZE, parent)),
        ("signal another process", lambda: os.kill(parent, 0)),
        ("take 2 GiB of memory", lambda: mmap.mmap(-1, 2 * _GIBIBYTE).close()),
        ("keep a hidden file", lambda: os.close(os.memfd_create("probe"))),
        ("make memory executable", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | 4).close()),
        ("leave its user", lambda: _call(272, 97, 0x10000000)),
    ]
    return [Attempt(what, _is_blocked(attempt)) for what, attempt in tries]


def _is_blocked(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False


def _read(path: str) -> None:
    Path(path).read_bytes()


def _write(path: str) -> None:
    target = Path(path)
    target.write_bytes(b"x")
    target.unlink()


def _reach(family: int, kind: int) -> None:
    """Only whether a socket can be had: connecting would also fail for want of somebody who listens."""
    socket.socket(family, kind).close()


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _start_shell() -> None:
    """In a child where that is allowed; else by asking for a program that is not there, which is refused before it is missed."""
    try:
        child = os.fork()
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.execve("/nonexistent", ["x"], {})  # noqa: S606 - it must fail
        return
    if child == 0:
        with contextlib.suppress(OSError):
            os.execve("/bin/sh", ["sh", "-c", "exit 0"], {})  # noqa: S606 - it must fail
        os._exit(_NOT_STARTED)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == _NOT_STARTED:
        raise PermissionError


def _call(x86_64: int, aarch64: int, *words: int) -> None:
    number = x86_64 if os.uname().machine == "x86_64" else aarch64
    if _LIBC.syscall(number, *words, 0, 0) < 0 and ctypes.get_errno() in (errno.EPERM, errno.EACCES):
        raise PermissionError


def ignore_size_signal() -> None:
    """A write past the limit is then an error that can be seen."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
