"""Times and memory of intake, as a person meets them: `.venv/bin/python tests/bench/figures.py`. Prints figures; asserts nothing.

Each run has a home of its own in a temporary folder. Times are wall-clock on whatever else the machine is doing; the reading of
one page is printed beside the decoding of the same page in the same run, so that the ratio can be compared between machines.
"""

import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
ONE_PAGE = SAMPLES / "IASS-MFP_4767.pdf"
STILL = 1.0
PORT = "8791"


def environment(home: Path, **more: str) -> dict[str, str]:
    values = {
        "PAPERCHAIN_HOME": str(home),
        "PAPERCHAIN_DESK__PORT": PORT,
        "PAPERCHAIN_INTAKE__STILL_SECONDS": str(STILL),
    }
    return {**os.environ, **values, **more}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "intake.commands", *words]


class Memory(threading.Thread):
    """Watches the highest resident memory of a process and all its children, each by itself, in MB."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.peaks, self.stopped = root, {}, False

    def run(self) -> None:
        while not self.stopped:
            for pid in family(self.root):
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                    words = Path(f"/proc/{pid}/cmdline").read_bytes()
                except OSError:
                    continue
                kind = "worker" if b"spawn_main" in words else "sandbox" if b"sandbox" in words else "main"
                peak = next(
                    (int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0
                )
                self.peaks[kind] = max(self.peaks.get(kind, 0), peak)
            time.sleep(0.05)


def family(root: int) -> list[int]:
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


@contextmanager
def running(home: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command("run", *words), env=environment(home, **more), stderr=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(300)  # a busy machine takes its time


def items(home: Path) -> list[str]:
    told = subprocess.run(
        command("items", "--json"), env=environment(home), capture_output=True, text=True, cwd=ROOT, check=False
    )
    return told.stdout.splitlines()


def ready(place: Path) -> None:
    times = []
    for turn in range(3):
        home = place / f"ready{turn}"
        if turn:
            shutil.copytree(place / "ready0", home)
        started = time.monotonic()
        with running(home):
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/sign-in", timeout=1).read()
                    break
                except OSError:
                    time.sleep(0.05)
            times.append(time.monotonic() - started)
    print(f"run until the desk answers: first start {times[0]:.1f} s, later starts {min(times[1:]):.1f} s (goal 3 s)")


def one_page(place: Path) -> None:
    from sqlmodel import select

    from intake.settings import load
    from intake.wiring import open_paperchain
    from records.post.tables import Item

    home, times = place / "one", []
    with running(home, "--no-desk") as process:
        memory = Memory(process.pid)
        memory.start()
        chain = open_paperchain(load(environment(home)))
        for turn in range(8):
            started = time.monotonic()
            shutil.copyfile(ONE_PAGE, chain.settings.inbox / f"{turn}.pdf")
            while True:
                with chain.db.reading() as session:
                    done = session.exec(select(Item).where(Item.state == "to_review")).all()
                if len(done) == turn + 1:
                    break
                time.sleep(0.05)
            times.append(time.monotonic() - started - STILL)
        memory.stopped = True
        times = times[1:]  # the first waits for the workers to warm up
        print(
            f"one page from still to To review: median {statistics.median(times):.2f} s, worst {max(times):.2f} s (goal 3 s)"
        )
        print(f"highest memory while doing so, MB each: {memory.peaks} (goal worker 400)")


def samples(place: Path) -> None:
    started = time.monotonic()
    more = {"PAPERCHAIN_INTAKE__STILL_SECONDS": "5"}
    process = subprocess.Popen(
        command("run", "--samples", "--until-idle"), env=environment(place / "samples", **more), cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    memory = Memory(process.pid)
    memory.start()
    process.wait()
    memory.stopped = True
    print(
        f"33 bundled samples, default waits (30 s of it for two unfinished files): {time.monotonic() - started:.0f} s (goal 60 s)"
    )
    print(f"highest memory, MB each: {memory.peaks}")


def long_scan(place: Path, pages: int = 200) -> None:
    from PIL import Image

    sheet = Image.open(SAMPLES / "IASS-MFP_4782.tif").convert("L")
    scan = place / "long.pdf"
    sheet.save(scan, save_all=True, append_images=[sheet] * (pages - 1), resolution=200, quality=80)
    home = place / "long"
    (home / "inbox").mkdir(parents=True)
    shutil.copyfile(scan, home / "inbox" / "long.pdf")
    started = time.monotonic()
    process = subprocess.Popen(
        command("run", "--until-idle"),
        env=environment(home),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    memory = Memory(process.pid)
    memory.start()
    process.wait()
    memory.stopped = True
    seconds = time.monotonic() - started
    print(
        f"a scan of {pages} grey pages, every one a form: {seconds:.0f} s; highest memory, MB each: {memory.peaks} (goal 500)"
    )


def marks() -> None:
    import pypdfium2 as pdfium

    from forms.catalogue import load_catalogue
    from forms.reading import read_page
    from intake.pages import open_pages
    from intake.sandbox.limits import Limits

    data, catalogue = ONE_PAGE.read_bytes(), load_catalogue()
    page = next(iter(open_pages(data, Limits())))
    read, decode, render = [], [], []
    for _ in range(12):
        started = time.process_time()
        next(iter(open_pages(data, Limits())))
        decode.append(time.process_time() - started)
        started = time.process_time()
        read_page(page.pixels, page.dpi, 1, catalogue)
        read.append(time.process_time() - started)
        started = time.process_time()
        pdfium.PdfDocument(io.BytesIO(data))[0].render(scale=300 / 72)
        render.append(time.process_time() - started)
    took, floor, drawn = (statistics.median(values[2:]) * 1000 for values in (read, decode, render))
    print(
        f"marks of one page: {took:.0f} ms of computing (goal of the next version 100); opening and decoding it "
        f"{floor:.0f} ms (ratio {took / floor:.1f}); rendering it at 300 dpi {drawn:.0f} ms"
    )


def main() -> None:
    wanted = sys.argv[1:] or ["marks", "ready", "one_page", "samples", "long_scan"]
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            {
                "marks": lambda _: marks(),
                "ready": ready,
                "one_page": one_page,
                "samples": samples,
                "long_scan": long_scan,
            }[name](Path(folder))


if __name__ == "__main__":
    main()
