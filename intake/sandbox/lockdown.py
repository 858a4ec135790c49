"""Locks the calling process in: limits, no new privileges, Landlock, seccomp. There is no way back.

Raw system calls through ctypes, because the packages that wrap them were found to cover files only, or to need a library
of their own. Standard library only: this is imported before and after everything untrusted.
"""

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.sandbox import syscalls

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 4, 38, 22
_SECCOMP_FILTER = 2
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
NOBODY = 65534

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, TRUNCATE = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 14
READ_ONLY = READ_FILE | READ_DIR
READ_WRITE = READ_ONLY | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
_FILE_ONLY = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
# How many kinds of file access each version of Landlock can refuse.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_FILE_RIGHTS = 16


class NotLocked(Exception):
    """This system cannot give the protection; the word says which."""


@contextlib.contextmanager
def lenient(*, allow: bool) -> Iterator[None]:
    """Goes on without a protection that this system lacks, only when `allow` says so."""
    try:
        yield
    except NotLocked:
        if not allow:
            raise


@dataclass(frozen=True)
class Rlimits:
    """Limits on one process."""

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    open_files: int
    processes: int | None


@dataclass(frozen=True)
class Grant:
    """A path that may still be used, and how."""

    path: str
    rights: int


def drop_root() -> None:
    """Becomes "nobody" when root, so that no capability is left to bend a rule with."""
    # A container may not let even root change; Landlock and seccomp hold for root as well.
    with contextlib.suppress(OSError):
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)


def die_with_parent(parent: int) -> None:
    """Asks the kernel to end this process when the thread that started it ends. After `drop_root`, which clears it."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def set_rlimits(limits: Rlimits) -> None:
    """Sets hard limits; nothing raises them again."""
    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ]
    if limits.processes is not None:
        wanted.append((resource.RLIMIT_NPROC, limits.processes))
    for which, most in wanted:
        _, hard = resource.getrlimit(which)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (value, value))
    # The soft limit ends it with a signal that says why; the hard one a second later, should it have been ignored.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def forbid_privileges() -> None:
    """No set-user-id programs, no tracing by others of the same user."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)


def landlock_version() -> int:
    """Which Landlock this kernel has; 0 for none."""
    return max(int(_LIBC.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))), 0)


def restrict_files(grants: Sequence[Grant]) -> None:
    """No file may be touched apart from `grants`, and no TCP, abstract socket or signal beyond this process's own."""
    version = landlock_version()
    if not version:
        raise NotLocked("landlock")
    handled = (1 << _FILE_RIGHTS.get(version, _NEWEST_FILE_RIGHTS)) - 1
    attributes = struct.pack("Q", handled)
    if version >= 4:
        attributes += struct.pack("Q", 0b11)
    if version >= 6:
        attributes += struct.pack("Q", 0b11)
    ruleset = _LIBC.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    if ruleset < 0:
        raise NotLocked("landlock")
    try:
        for grant in grants:
            _grant(ruleset, grant, handled)
        if _LIBC.syscall(_LANDLOCK_RESTRICT, ruleset, 0):
            raise NotLocked("landlock")
    finally:
        os.close(ruleset)


def _grant(ruleset: int, grant: Grant, handled: int) -> None:
    try:
        beneath = os.open(grant.path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights = grant.rights & handled
        if not os.path.isdir(grant.path):  # noqa: PTH112 - no pathlib here: less to import in the locked process
            rights &= _FILE_ONLY
        rule = struct.pack("=Qi", rights, beneath)
        if _LIBC.syscall(_LANDLOCK_ADD, ruleset, 1, rule, 0):
            raise NotLocked("landlock")
    finally:
        os.close(beneath)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def restrict_syscalls(allowed: frozenset[str], *, executable_memory: bool) -> None:
    """Every system call outside `allowed` is answered with "not permitted"."""
    machine = platform.machine()
    if machine not in syscalls.MACHINES:
        raise NotLocked("seccomp")
    code = bpf(allowed, machine, executable_memory=executable_memory)
    program = _Program(len(code) // 8, code)
    if _LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program), 0, 0):
        raise NotLocked("seccomp")


_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER_AT, _ARCH_AT, _THIRD_ARGUMENT_AT = 0, 4, 32
_X32_BIT = 0x40000000
_PROT_EXEC = 4


def bpf(allowed: frozenset[str], machine: str, *, executable_memory: bool) -> bytes:
    """The filter as the kernel's program. Another architecture's calls end the process."""
    _, arch = syscalls.MACHINES[machine]
    refused, missing = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    steps = [
        (_LOAD, 0, 0, _ARCH_AT), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT), (_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, _KILL),
        # "No such call" makes the C library fall back on clone, which the filter can judge.
        (_EQUAL, 0, 1, syscalls.CLONE3), (_RETURN, 0, 0, missing),
    ]  # fmt: skip
    if not executable_memory:
        for number in syscalls.numbers(frozenset({"mmap", "mprotect"}), machine):
            steps += [
                (_EQUAL, 0, 4, number), (_LOAD, 0, 0, _THIRD_ARGUMENT_AT), (_ANY_BIT, 0, 1, _PROT_EXEC),
                (_RETURN, 0, 0, refused), (_LOAD, 0, 0, _NUMBER_AT),
            ]  # fmt: skip
    for number in syscalls.numbers(allowed, machine):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, refused))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
