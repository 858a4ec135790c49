"""From the folder to the desk: `.venv/bin/python -m tests.bench.end_to_end [--forms 1000 --letters 200 --pages 1000]`. Prints figures.

Pages a minute with one and with two workers, forms and letters mixed, each run on a home of its own; then one long scan: how soon its
first page can be seen, whether progress is told, memory, and how soon a one-page form that is dropped behind it is ready (goals:
10 s, 10 s, 500 MB). How busy the machine was is printed beside it. Letters are timed until they can be sorted; their text comes later.
"""

import argparse
import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from sqlmodel import col, func, select

from intake import early
from intake.wiring import Paperchain
from records.post.tables import Item
from records.vocabulary import ItemState
from tests.bench.figures import ONE_PAGE, Memory, running
from tests.builders import home as opened
from tests.generator.post import a_letter

READ = (ItemState.TO_REVIEW, ItemState.TO_SORT, ItemState.STOPPED)


def letter(number: int) -> bytes:
    """A typed letter of one page."""
    page = a_letter(np.full((2338, 1654), 255, np.uint8), 200.0, np.random.default_rng([12, number]))
    Image.fromarray(page).convert("1").save(out := io.BytesIO(), "PDF", resolution=200.0)
    return out.getvalue()


def long_scan(pages: int) -> bytes:
    """So many letters in one file, ten of them different."""
    sheets = [Image.open(io.BytesIO(_png(number))) for number in range(10)]
    shown = [sheets[number % 10] for number in range(pages)]
    shown[0].save(out := io.BytesIO(), "PDF", resolution=200.0, save_all=True, append_images=shown[1:])
    return out.getvalue()


def _png(number: int) -> bytes:
    page = a_letter(np.full((2338, 1654), 255, np.uint8), 200.0, np.random.default_rng([13, number]))
    Image.fromarray(page).convert("1").save(out := io.BytesIO(), "PNG")
    return out.getvalue()


def one_form(number: int) -> bytes:
    """The bundled form, its bytes unlike any other's."""
    data = ONE_PAGE.read_bytes()
    end = data.rindex(b"startxref")  # what follows the end of a PDF would be damage, and the file would stop
    return data[:end] + b"%% %d\n" % number + data[end:]


def put(inbox: Path, name: str, data: bytes) -> None:
    """As one act."""
    hidden = inbox.parent / f".{name}"
    hidden.write_bytes(data)
    hidden.rename(inbox / name)


@contextmanager
def at_work(workers: int, files: Callable[[Path], None]) -> Iterator[tuple[Path, int]]:
    """A home where these files wait, and `paperchain run` on it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with opened(home) as chain:
            files(chain.settings.inbox)
        with running(home, "--no-desk", PAPERCHAIN_WORK__WORKERS=str(workers)) as process:
            yield home, process.pid


def counted(chain: Paperchain, *states: ItemState) -> int:
    with chain.db.reading() as session:
        return session.exec(select(func.count()).select_from(Item).where(col(Item.state).in_(states))).one()


def until(done: Callable[[], bool], most: float) -> float | None:
    """Seconds until it is so; None when it is not within `most`."""
    began = time.monotonic()
    while time.monotonic() - began < most:
        if done():
            return time.monotonic() - began
        time.sleep(0.2)
    return None


def in_words(seconds: float | None) -> str:
    return "not in time" if seconds is None else f"{seconds:.1f} s"


def rate(workers: int, forms: int, letters: int) -> None:
    """Pages a minute, from the first item read on: what comes before is the start."""

    def fill(inbox: Path) -> None:
        for number in range(forms):
            put(inbox, f"form {number}.pdf", one_form(number))
        for number in range(letters):
            put(inbox, f"letter {number}.pdf", letter(number))

    with at_work(workers, fill) as (home, _), opened(home) as chain:
        until(lambda: counted(chain, *READ) > 0, 300)
        first, began, load = counted(chain, *READ), time.monotonic(), os.getloadavg()[0]
        ended = until(lambda: counted(chain, *READ) >= forms + letters, 7200)
        stopped = counted(chain, ItemState.STOPPED)
        pages, minutes = counted(chain, *READ) - first, (time.monotonic() - began) / 60
    print(
        f"{workers} worker(s), {forms} forms and {letters} letters of a page: {pages / minutes:.0f} pages a minute"
        f" ({in_words(ended)}, {stopped} stopped, load {load:.0f} when it began)", flush=True,
    )  # fmt: skip


def long(pages: int, workers: int) -> None:
    """One long scan, and a form dropped behind it once its reading has begun."""
    with at_work(workers, lambda inbox: put(inbox, "long.pdf", long_scan(pages))) as (home, pid), opened(home) as chain:
        memory = Memory(pid)
        memory.start()

        def item() -> Item | None:
            with chain.db.reading() as session:
                return session.exec(select(Item).order_by(col(Item.number))).first()

        def first_seen() -> bool:
            with chain.db.reading() as session:
                found = session.exec(select(Item).order_by(col(Item.number))).first()
                return found is not None and (early.picture(session, found) is not None or found.state in READ)

        until(lambda: (one := item()) is not None and one.state != ItemState.ARRIVING, 600)
        began, first = time.monotonic(), until(first_seen, 300)
        put(chain.settings.inbox, "behind.pdf", one_form(1))
        behind = until(lambda: counted(chain, ItemState.TO_REVIEW, ItemState.STOPPED) > 0, 600)
        told: set[int] = set()

        def ended() -> bool:
            one = item()
            told.add(one.pages_read if one else 0)
            return one is not None and one.state in READ

        until(ended, 7200)
        whole = time.monotonic() - began
        memory.stopped = True
        one = item()
        state = one.state if one else "missing"
        print(
            f"{pages} pages in one scan, {workers} worker(s): first page seen after {in_words(first)}; a form dropped behind it ready after "
            f"{in_words(behind)} (its 1 s of stillness included); whole after {whole:.0f} s, {state}; told {len(told)} times how far it was; "
            f"most memory of one process {memory.peaks} MB, load {os.getloadavg()[0]:.0f}", flush=True,
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--pages", type=int, default=1000)
    asked = parser.parse_args()
    long(asked.pages, 2)
    for workers in (1, 2):
        rate(workers, asked.forms, asked.letters)


if __name__ == "__main__":
    main()
