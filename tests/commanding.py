"""The `paperchain` command as a person starts it: a process of its own on a home of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from time import monotonic

ROOT = Path(__file__).resolve().parents[1]
Done = subprocess.CompletedProcess[str]

WITHOUT_RIGHTS = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search,-fowner")
"""Root who must keep to the rights of files like anybody else."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """Settings of a home for tests; `PAPERCHAIN_DESK__PORT="8700"` and the like set more, and win."""
    values = {
        "PAPERCHAIN_HOME": str(home),
        "PAPERCHAIN_INTAKE__STILL_SECONDS": "0",
        "PAPERCHAIN_INTAKE__UNFINISHED_SECONDS": "0",
        "PAPERCHAIN_INTAKE__SMALLEST_FREE_MB": "0",
    }
    return {**os.environ, **values, **more}


def paperchain(home: Path, *words: str | Path, before: tuple[str, ...] = (), **more: str) -> Done:
    """Runs one command to its end."""
    return subprocess.run(
        [*before, sys.executable, "-m", "intake.commands", *map(str, words)], env=environment(home, **more), cwd=ROOT,
        capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip


@contextmanager
def started(home: Path, *words: str, until: str, **more: str) -> Iterator[None]:
    """Runs a command that stays, for the block; begins when it has said `until` on stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "intake.commands", *words], env=environment(home, **more), cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        told, ends = b"", monotonic() + 60
        while until.encode() not in told:
            ready, _, _ = select([process.stderr], [], [], max(0.0, ends - monotonic()))
            block = os.read(process.stderr.fileno(), 65536) if ready else b""
            assert block, f"it never said {until!r}, but {told!r}"
            told += block
        yield
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()
