"""The watched folder with very many files: `.venv/bin/python -m tests.bench.folder [--files N]`. Prints figures; asserts nothing.

Goals (promises P3): however 10,000 files arrive, all are taken in exactly once within 180 s of the last, with at most 500 MB;
a folder of 10,000 files that wait costs at most 2 % of a core; durability costs at most 10 ms a file beyond the disc's own
fsync (median).
"""

import argparse
import hashlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import func, select

from intake import claiming
from records.documents import holdings
from records.documents.tables import Document
from records.post.tables import Item
from tests.builders import home as opened

ROOT = Path(__file__).parents[2]
QUIET_SECONDS = 30


def content(number: int) -> bytes:
    """A small whole PDF of 20 to 200 kB, unlike every other."""
    return b"%PDF-1.7 " + number.to_bytes(4, "big") * (5000 + number * 7919 % 45000) + b"\nstartxref\n9\n%%EOF\n"


@dataclass
class Process:
    """`paperchain watch` on a home, and what it uses."""

    home: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it watches."""
        environment = os.environ | {"PAPERCHAIN_HOME": str(self.home), "PAPERCHAIN_INTAKE__STILL_SECONDS": "5"}
        words = [sys.executable, "-m", "intake.commands", "watch"]
        self.running = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
        assert self.running.stderr is not None
        while b"Watching" not in self.running.stderr.readline():
            pass
        threading.Thread(target=self.running.stderr.read, daemon=True).start()

    def cpu(self) -> float:
        """Computing time so far, in seconds."""
        assert self.running is not None
        fields = Path(f"/proc/{self.running.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self) -> int:
        assert self.running is not None
        status = Path(f"/proc/{self.running.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))

    def signal(self, number: signal.Signals) -> None:
        assert self.running is not None
        self.running.send_signal(number)

    def stop(self) -> None:
        if self.running is not None:
            self.running.terminate()
            self.running.wait(30)


def count(home: Path) -> int:
    with opened(home) as chain, chain.db.reading() as session:
        return session.exec(select(func.count()).select_from(Item)).one()


def all_once(home: Path, files: int) -> bool:
    """Whether every file is an item, exactly once, and nothing is left."""
    expected = Counter(hashlib.sha256(content(number)).digest() for number in range(files))
    with opened(home) as chain, chain.db.reading() as session:
        found = Counter(hashlib.sha256(holdings.fetch(session, chain.store, document)).digest()
                        for document in session.exec(select(Document)).all())  # fmt: skip
    left = [path for path in (home / "inbox").iterdir() if path.is_file()]
    return found == expected and not left


def write(folder: Path, files: int) -> None:
    for number in range(files):
        (folder / f"scan {number}.pdf").write_bytes(content(number))


def plain(process: Process, files: int) -> None:
    """Written one after another, as fast as it goes."""
    process.start()
    write(process.home / "inbox", files)


def renamed(process: Process, files: int) -> None:
    """Written elsewhere on the disc, then renamed in."""
    aside = process.home / "aside"
    aside.mkdir()
    write(aside, files)
    process.start()
    for path in aside.iterdir():
        path.rename(process.home / "inbox" / path.name)


def frozen(process: Process, files: int) -> None:
    """While the process is stopped, so that the kernel's queue of events overflows."""
    process.start()
    process.signal(signal.SIGSTOP)
    write(process.home / "inbox", files)
    process.signal(signal.SIGCONT)


def down(process: Process, files: int) -> None:
    """While nothing runs."""
    write(process.home / "inbox", files)
    process.start()


WAYS: tuple[Callable[[Process, int], None], ...] = (plain, renamed, frozen, down)


def drop(way: Callable[[Process, int], None], files: int) -> None:
    with tempfile.TemporaryDirectory(dir=ROOT.parent) as folder:
        home = Path(folder) / "home"
        with opened(home):
            pass  # made as a first start makes it
        process = Process(home)
        try:
            way(process, files)
            dropped = time.monotonic()
            while count(home) < files and time.monotonic() - dropped < 900:
                time.sleep(1)
            seconds, cpu, peak = time.monotonic() - dropped, process.cpu(), process.peak_mb()
        finally:
            process.stop()
        good = "each exactly once" if all_once(home, files) else "NOT ALL, OR NOT ONCE"
        print(
            f"  {way.__name__:8} {files} files: {good}, {seconds:.0f} s after the last ({cpu:.0f} s of computing), {peak} MB",
            flush=True,
        )


def idle(files: int) -> None:
    """A folder of files that are never taken: they have two names, so they are no plain post."""
    with tempfile.TemporaryDirectory(dir=ROOT.parent) as folder:
        home = Path(folder) / "home"
        with opened(home) as chain:
            for number in range(files):
                path = chain.settings.inbox / f"scan {number}.pdf"
                path.write_bytes(b"x")
                path.with_name(f".{path.name}").hardlink_to(path)
        process = Process(home)
        process.start()
        try:
            time.sleep(5)  # starting costs more than idling; what is measured begins after it
            before = process.cpu()
            time.sleep(QUIET_SECONDS)
            share = (process.cpu() - before) / QUIET_SECONDS
        finally:
            process.stop()
    print(f"Idle with {files} files in the folder: {share * 100:.1f} % of a core (goal 2 %)", flush=True)


def durability(runs: int) -> None:
    """One file through `take` and `claim`, beside the plain fsyncs of the same disc in turn."""
    ours, disc = [], []
    with tempfile.TemporaryDirectory(dir=ROOT.parent) as folder, opened(Path(folder) / "home") as chain:
        for number in range(runs):
            path = chain.settings.inbox / f"scan {number}.pdf"
            path.write_bytes(content(number))
            began = time.perf_counter()
            claiming.take(chain, claiming.claim(chain.settings.inbox, path))
            ours.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            for turn in range(FSYNCS):
                with (Path(folder) / f"plain {turn}").open("wb") as out:
                    out.write(content(number)[:4096])
                    os.fsync(out.fileno())
            disc.append((time.perf_counter() - began) * 1000)
    one, plain_ms = statistics.median(ours), statistics.median(disc)
    print(
        f"Taking in one file alone: median {one:.1f} ms; {FSYNCS} plain fsyncs of the same disc {plain_ms:.1f} ms; "
        f"so {one - plain_ms:.1f} ms beyond the disc (goal 10 ms)",
        flush=True,
    )


FSYNCS = 5
"""How often `take` waits for the disc for one file: the claim's folder and the one it is in, the sealed file and its folder, and the
database's log."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--way", choices=[way.__name__ for way in WAYS], help="only one way of arriving")
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it began")
    if asked.way is None:
        durability(200)
        idle(asked.files)
    print("Very many files at once (goals: 180 s, 500 MB):")
    for way in WAYS:
        if asked.way in (None, way.__name__):
            drop(way, asked.files)


if __name__ == "__main__":
    main()
