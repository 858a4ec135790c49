"""Pages a minute end to end, with one and two reading machines over one PostgreSQL: `.venv/bin/python -m tests.bench.machines`.

A machine is `paperchain work` with one worker, a process of its own on a home of its own; documents lie in a shared folder. Timed
from the first file taken in until nothing waits, after every machine has warmed up. Prints figures; asserts nothing. How busy
the processor was with other things is printed beside them: two machines on two busy cores cannot be twice as fast.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from records.machines import beats
from tests.faults.machines import POST, Run
from tests.postgres import running_cluster


def until(done: Callable[[], bool]) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not done():
        time.sleep(0.05)
    return time.monotonic() - began


def measure(place: Path, url: str, machines: int, files: int) -> None:
    (place / "shared").mkdir(parents=True)
    run = Run(place, {"PAPERCHAIN_DATABASE_URL": url, "PAPERCHAIN_STORE__FOLDER": str(place / "shared")}, seed=1)
    try:
        for machine in run.machines[:machines]:
            machine.start()

        def all_up() -> bool:
            with run.chain.db.reading() as session:
                return len(beats.known(session)) >= machines

        until(all_up)
        run.feed(2 * machines)
        until(lambda: run.unread() == 0)
        warm = sum(run.expected.values())
        began, busy = time.monotonic(), _busy()
        run.feed(files)
        taken_in = time.monotonic() - began
        until(lambda: run.unread() == 0)
        seconds = time.monotonic() - began
        pages = sum(run.expected.values()) - warm
        used = _busy() - busy
        print(
            f"{machines} machine(s): {files} files, {pages} pages in {seconds:.0f} s: {pages / seconds * 60:.0f} pages a minute; "
            f"taking in {taken_in / files * 1000:.0f} ms a file; processor busy {used / seconds / (os.cpu_count() or 1):.0%}",
            flush=True,
        )
    finally:
        run.close()


def _busy() -> float:
    """Seconds of computing of this machine since its start, whoever did it."""
    words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(int(word) for word in words[:3]) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=60, help=f"Files for each run, drawn from {len(POST)} samples.")
    asked = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(running_cluster())
        for machines in (1, 2):
            cluster.create(f"bench{machines}")
            measure(place / str(machines), cluster.url(f"bench{machines}"), machines, asked.files)


if __name__ == "__main__":
    main()
