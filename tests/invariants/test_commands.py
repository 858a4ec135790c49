"""Every command that was promised exists, explains itself and stands in the README."""

import re
import subprocess
import sys

import pytest

from intake.commands import COMMANDS
from tests.invariants.source import ROOT

PROMISED = [
    "run",
    "watch",
    "work",
    "desk",
    "take",
    "read",
    "items",
    "forms list",
    "forms check",
    "forms print",
    "policy list",
    "policy show",
    "retention explain",
    "requests due",
    "audit verify",
    "doctor",
]
EVERY = sorted({*PROMISED, *COMMANDS})


def paperchain(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "intake.commands", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("command", EVERY)
def test_every_command_explains_itself(command: str) -> None:
    ended = paperchain(*command.split(), "--help")
    assert ended.returncode == 0, ended.stderr
    assert "Usage:" in ended.stdout and command.rsplit(maxsplit=1)[-1] in ended.stdout


def test_an_unknown_command_is_wrong_usage() -> None:
    assert paperchain("no-such-command").returncode == 2


@pytest.mark.parametrize("command", EVERY)
def test_every_command_stands_in_the_readme(command: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(rf"(`|paperchain ){re.escape(command)}\b", readme), f"`{command}` is not in README.md"
