"""P15: the desk that runs beside the watcher is not missed silently: one that dies is started again, and it ends with us."""

import os
import signal
import sys
import time
from pathlib import Path

from intake.service import desk_process

STANDS_IN = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"


def began(told: Path, many: int) -> list[int]:
    """The processes that have begun, once there are so many."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = told.read_text().split() if told.exists() else []
        if len(found) >= many:
            return [int(each) for each in found]
        time.sleep(0.05)
    raise AssertionError(f"{many} never began")


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_desk_that_dies_is_started_again_and_ends_with_us(tmp_path: Path) -> None:
    told = tmp_path / "began"
    with desk_process((sys.executable, "-c", STANDS_IN, str(told)), again_after=0.1):
        [first] = began(told, 1)
        os.kill(first, signal.SIGKILL)
        first, second = began(told, 2)
        assert first != second and alive(second)
    assert not alive(second)
