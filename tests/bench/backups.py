"""How long a backup and a restore take: `.venv/bin/python -m tests.bench.backups [DOCUMENTS] [KB_EACH]`. Prints figures; asserts nothing.

Beside them, in the same run, the floor: the same bytes copied file by file with an fsync each, as any safe copy must.
"""

import os
import secrets
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from intake import backing_up, restoring
from intake.wiring import Paperchain
from records.documents import holdings, keyring
from records.vocabulary import DocumentKind
from tests import builders


def fill(chain: Paperchain, count: int, size: int) -> None:
    with chain.db.writing() as session:
        key_id, key = keyring.make(session, chain.clock.now())
        for _ in range(count):
            stored = holdings.put(chain.store, key, [secrets.token_bytes(size)], "image/png")
            holdings.hold(session, stored, kind=DocumentKind.PAGE, key_id=key_id, at=chain.clock.now(), item_id=uuid4())


def floor(chain: Paperchain, to: Path) -> None:
    to.mkdir()
    for name in chain.store.names():
        with (to / name).open("wb") as out:
            out.write(chain.store.get(name))
            out.flush()
            os.fsync(out.fileno())


def timed(what: str, began: float) -> float:
    seconds = perf_counter() - began
    print(f"{what:<56} {seconds:8.1f} s")
    return seconds


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    kilobytes = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with tempfile.TemporaryDirectory() as temporary:
        here, folder = Path(temporary), Path(temporary) / "backups"
        folder.mkdir()
        with builders.home(here / "home") as chain:
            fill(chain, count, kilobytes << 10)
            print(f"{count:,} documents of {kilobytes} kB")
            began = perf_counter()
            floor(chain, here / "floor")
            least = timed("copied file by file with fsync (the floor)", began)
            began = perf_counter()
            made = backing_up.make(chain, folder)
            took = timed("first backup, read back", began)
            began = perf_counter()
            backing_up.make(chain, folder)
            timed("second backup, nothing new", began)
            began = perf_counter()
            restoring.restore(builders.settings(here / "new"), made.path, key=chain.settings.key_file)
            timed("restored and every hash compared", began)
        print(f"a first backup takes {took / least:.2f} times the floor")


if __name__ == "__main__":
    main()
