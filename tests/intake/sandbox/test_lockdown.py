"""The filter and the system call tables, for both kinds of machine."""

import platform
import struct
from pathlib import Path

import pytest

from intake.sandbox import syscalls
from intake.sandbox.lockdown import bpf
from intake.sandbox.ocr_child import interpreter_of

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSED, MISSING = 0x00050001, 0x00050026


def judge(code: bytes, number: int, arch: int, third: int = 0) -> int:
    """Runs the filter as the kernel would."""
    steps = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    data = {0: number, 4: arch, 32: third}
    at = held = 0
    while True:
        kind, yes, no, value = steps[at]
        if kind == 0x06:
            return int(value)
        if kind == 0x20:
            held = data[value]
            at += 1
            continue
        met = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[kind]
        at += 1 + (yes if met else no)


DENIED = {
    "x86_64": (41, 42, 59, 57, 56, 101, 257, 2, 319, 425, 321, 272),
    "aarch64": (198, 203, 221, 220, 117, 56, 279, 425),
}


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_the_reader_may_do_what_is_named_and_nothing_else(machine: str) -> None:
    column, arch = syscalls.MACHINES[machine]
    code = bpf(syscalls.READER, machine, executable_memory=False)
    allowed = set(syscalls.numbers(syscalls.READER, machine))
    for number in range(600):
        expected = ALLOW if number in allowed else MISSING if number == syscalls.CLONE3 else REFUSED
        assert judge(code, number, arch) == expected
    assert not allowed & set(DENIED[machine])
    mmap = syscalls.NUMBERS["mmap"][column]
    assert mmap is not None
    assert judge(code, mmap, arch, third=5) == REFUSED
    assert judge(code, mmap, arch, third=3) == ALLOW


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_another_machines_calls_end_the_process(machine: str) -> None:
    _, arch = syscalls.MACHINES[machine]
    code = bpf(syscalls.READER, machine, executable_memory=False)
    assert judge(code, 1, 0x40000003) == KILL
    assert judge(code, 0x40000001, arch) == KILL


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_text_recognition_has_no_network_either(machine: str) -> None:
    allowed = set(syscalls.numbers(syscalls.OCR, machine))
    network = {"x86_64": {41, 42, 43, 49, 50, 53, 101, 425}, "aarch64": {198, 199, 200, 201, 202, 203, 117, 425}}
    assert not allowed & network[machine]


def test_the_loader_of_a_program_is_found() -> None:
    assert Path(interpreter_of("/bin/sh") or "/missing").is_file() == (platform.system() == "Linux")
    assert interpreter_of(__file__) is None
