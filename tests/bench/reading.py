"""Speed and memory of reading, side by side in one run: `.venv/bin/python -m tests.bench.reading [--quick]`. Prints figures; asserts nothing.

Compare the ratios, not the seconds: the decoding of a page alone is the floor, a whole-page text recognition what it is to beat, and
both ran on the same machine in the same minute. Computing time (CPU) does not count what other work took from the cores.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

os.environ["OMP_THREAD_LIMIT"] = "1"  # as the product sets them; before any library starts threads
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from forms import reading
from forms.catalogue import BLANKS, load_catalogue
from forms.geometry import POINTS_PER_INCH
from forms.reading import read_page
from intake.paged import PagedReader
from intake.pages import open_pages
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Page, PageProblem
from intake.settings import load

SAMPLES = Path(__file__).parents[2] / "samples"
FORM = "westminster-consent"
SCANS = {"200 dpi, 1 bit": ("IASS-MFP_4767.pdf", 1), "300 dpi, 1 bit": ("SCN_20240409171650_4770.pdf", 2),
         "200 dpi, grey": ("IASS-MFP_4782.tif", 1), "300 dpi, colour": ("Scan 20250210 (4780).pdf", 1)}  # fmt: skip
"""Bundled samples: file and page."""
MADE, MARKED = "300 dpi, made here, ", "300 dpi, corner marks, "
OURS = "2026"
"""The edition of the same form that we print."""


@dataclass(frozen=True)
class Took:
    """Medians of some runs, in seconds."""

    cpu: float
    wall: float


def timed(call: Callable[[], object], runs: int, cpu: Callable[[], float] = time.process_time) -> Took:
    """Medians of so many runs, after one that warms up."""
    call()
    computing, clock = [], []
    for _ in range(runs):
        before, started = cpu(), time.perf_counter()
        call()
        clock.append(time.perf_counter() - started)
        computing.append(cpu() - before)
    return Took(statistics.median(computing), statistics.median(clock))


def family_cpu() -> float:
    """Computing time of this process and all that it started, ended or not, in seconds."""
    total, left = 0.0, [os.getpid()]
    while left:
        pid = left.pop()
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            for task in Path(f"/proc/{pid}/task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def made(mode: str, edition: str | None = None, seed: int = 7) -> bytes:
    """A filled-in form at 300 dpi as a scanner's PDF: `1` as fax group 4, `L` and `RGB` as JPEG. Ticks, names and dates are pen strokes.

    `edition`: of what we print ourselves, with corner marks; else the service's own form.
    """
    rng = np.random.default_rng(seed)
    template = load_catalogue().get(FORM, edition)
    document = pdfium.PdfDocument((BLANKS / (f"{FORM}.{edition}.pdf" if edition else f"{FORM}.pdf")).read_bytes())
    point = 300 / POINTS_PER_INCH
    page = np.asarray(document[0].render(scale=point, grayscale=True).to_numpy(), np.uint8).squeeze().copy()
    for field in template.on_page(1):
        if field.kind.is_mark and rng.random() < 0.7:
            left, top, right, bottom = (edge * point for edge in field.boxes.get("tick") or field.boxes["yes"])
            tick = [(left + 6, (top + bottom) / 2), ((left + right) / 2 - 4, bottom - 6), (right + 10, top - 12)]
            cv2.polylines(page, [np.rint(tick).astype(np.int32)], False, 30, 5, cv2.LINE_AA)
        elif not field.kind.is_mark and not field.id.startswith("contact_other"):
            left, top, right, bottom = (edge * point for edge in field.box)
            words = "12/3/2014" if "of" in field.id or "on" in field.id.split("_") else "Ada Fiction"
            font = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX
            cv2.putText(page, words, (round(left + 20), round(bottom - 22)), font, 1.9, 40, 4, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), float(rng.uniform(-0.6, 0.6)), 1.0)
    turned = np.asarray(cv2.warpAffine(page, turn, page.shape[::-1], borderValue=255), np.int16)
    image = Image.fromarray(np.clip(turned + rng.normal(0, 5, turned.shape), 0, 255).astype(np.uint8))
    image = image.point(lambda value: 255 if value > 150 else 0).convert("1") if mode == "1" else image.convert(mode)
    out = io.BytesIO()
    image.save(out, "PDF", resolution=300.0, **({} if mode == "1" else {"quality": 80}))
    return out.getvalue()


def page_of(data: bytes, number: int) -> Page:
    """One page of a document, decoded."""
    found = next(
        page for page in open_pages(data, Limits()) if not isinstance(page, PageProblem) and page.number == number
    )
    assert isinstance(found, Page)
    return found


def alone(data: bytes, number: int) -> bytes:
    """A document with this page only, so that decoding it is not paid for others."""
    if number == 1 and sum(1 for _ in open_pages(data, Limits())) == 1:
        return data
    page = page_of(data, number)
    image, out = Image.fromarray(page.pixels), io.BytesIO()
    if page.pixels.ndim == 2 and not ((page.pixels > 0) & (page.pixels < 255)).any():
        image = image.convert("1", dither=Image.Dither.NONE)
    image.save(out, "PDF", resolution=(page.dpi or (300.0, 300.0))[0], **({} if image.mode == "1" else {"quality": 85}))
    return out.getvalue()


def pages() -> dict[str, bytes]:
    """One-page documents by what they are."""
    found = {name: alone((SAMPLES / file).read_bytes(), number) for name, (file, number) in SCANS.items()}
    kinds = {"1": "1 bit", "L": "grey", "RGB": "colour"}
    found |= {MADE + kind: made(mode) for mode, kind in kinds.items()}
    return found | {MARKED + kind: made(mode, OURS) for mode, kind in kinds.items()}


def tesseract(picture: Path) -> None:
    """Recognises the whole page."""
    words = ["tesseract", str(picture), "-", "--psm", "3"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def without_pictures() -> Iterator[None]:
    """Reads marks alone: no cut-outs for the desk, and no writing made ready for whatever recognises it later."""
    with (
        patch.object(reading, "crop_of", lambda *_: (None, None)),
        patch.object(reading, "for_recognition", lambda *_: b""),
    ):
        yield


def marks(documents: dict[str, bytes], runs: int) -> None:
    """Marks of one page, beside decoding it and beside recognising all its text."""
    catalogue = load_catalogue()
    print(
        "Marks of one page, from decoded pixels to answers, and with the cut-outs of all fields: medians in ms of computing (wall)"
    )
    print(
        "  goals: at most 100 ms, 60 wanted; at most 4 times decoding; at least 10 times faster than Tesseract (whole page)"
    )
    print(
        f"  {'page':28}{'marks':>14}{'with cut-outs':>14}{'decoding':>14}{'Tesseract':>16}{'x decoding':>12}{'x faster':>10}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, data in documents.items():
            page = page_of(data, 1)
            call = partial(read_page, page.pixels, page.dpi, 1, catalogue)
            with without_pictures():
                read = timed(call, runs)
            whole_page = timed(call, runs)
            floor = timed(partial(page_of, data, 1), runs)
            picture = Path(folder) / "page.png"
            Image.fromarray(page.pixels).save(picture, dpi=page.dpi or (300, 300))
            text = timed(partial(tesseract, picture), max(1, runs // 4), family_cpu)
            kind = call()[0].kind.value
            told = [f"{one.cpu * 1000:.0f} ({one.wall * 1000:.0f})" for one in (read, whole_page, floor, text)]
            print(
                f"  {name:28}{told[0]:>14}{told[1]:>14}{told[2]:>14}{told[3]:>16}{read.cpu / max(floor.cpu, 1e-4):>12.1f}"
                f"{text.cpu / read.cpu:>10.1f}{'' if kind == 'form' else '   NOT READ AS A FORM: ' + kind}"
            )


def whole(folder: Path, files: Sequence[Path], runs: int) -> None:
    """A whole `read` of a one-page form, through the sandbox, with names and dates."""
    print(
        "\nWhole read of a one-page form with names and dates, warm: median seconds of computing (wall); goal: at most 0.7"
    )
    with PagedReader(load({"PAPERCHAIN_HOME": str(folder)})) as reader:
        for file in files:
            took = timed(partial(reader.read, file), runs, family_cpu)
            print(f"  {file.stem:28}{took.cpu:>7.2f} ({took.wall:.2f})")


def throughput(folder: Path, files: Sequence[Path], rounds: int) -> None:
    """Pages a second with one worker and with two."""
    work, settings = list(files) * rounds, load({"PAPERCHAIN_HOME": str(folder)})
    rates = []
    for workers in (1, 2):
        with ExitStack() as stack:
            readers = [stack.enter_context(PagedReader(settings)) for _ in range(workers)]
            for reader in readers:
                reader.read(files[0])
            shares = [work[at::workers] for at in range(workers)]
            pool = stack.enter_context(ThreadPoolExecutor(workers))
            started = time.perf_counter()
            list(pool.map(lambda pair: [pair[0].read(file) for file in pair[1]], zip(readers, shares, strict=True)))
            rates.append(len(work) / (time.perf_counter() - started))
    load_now = os.getloadavg()[0]
    print(
        f"\nThroughput of {len(work)} one-page files: {rates[0]:.2f} a second with one worker, {rates[1]:.2f} with two: "
        f"{rates[1] / rates[0]:.2f} times (goal: at least 1.8; {os.cpu_count()} cores, load {load_now:.1f})"
    )


def resident() -> tuple[int, int]:
    """Memory of this process now and at its highest, in MB."""
    status = dict(line.partition(":")[::2] for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) // 1024, int(status["VmHWM"].split()[0]) // 1024


def memory_of_reading(count: int) -> None:
    """Reads so many pages in this process and prints its memory as it goes."""
    catalogue = load_catalogue()
    turns: list[bytes] = list(pages().values())

    def one(number: int) -> None:
        page = page_of(turns[number % len(turns)], 1)
        read_page(page.pixels, page.dpi, number + 1, catalogue)

    for number in range(len(turns)):  # each kind once: what is loaded late is loaded
        one(number)
    Path("/proc/self/clear_refs").write_text("5")  # the highest so far was that of making the pages
    start, seen = resident()[0], []
    for number in range(count):
        one(number)
        if (number + 1) % max(1, count // 5) == 0:
            seen.append(resident()[0])
    end, peak = resident()
    print(
        f"\nMemory of one process over {count} pages: {start} MB at the start, then {', '.join(map(str, seen))}; at the end {end}, "
        f"highest {peak} (goals: at most 400 MB, flat)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="fewer runs and 100 pages: under five minutes on two busy cores"
    )
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.memory:
        memory_of_reading(told.memory)
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it began\n")
    documents = pages()
    marks(documents, 5 if told.quick else 15)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = list(written(folder, documents))
        whole(folder, files, 3 if told.quick else 9)
        throughput(folder, files, 2 if told.quick else 6)
    sys.stdout.flush()
    words = [sys.executable, "-m", "tests.bench.reading", "--memory", "100" if told.quick else "500"]
    subprocess.run(words, check=True, cwd=SAMPLES.parent)


def written(folder: Path, documents: dict[str, bytes]) -> Iterator[Path]:
    """The documents as files."""
    for name, data in documents.items():
        path = folder / f"{name}.pdf"
        path.write_bytes(data)
        yield path


if __name__ == "__main__":
    main()
