"""Invented people and homes for tests. Nobody here exists."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from intake.settings import Settings, load
from intake.wiring import Paperchain, open_paperchain
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore

CHILD = "Rowan Testwood"
CARER = "Morgan Testwood"


def settings(home: Path, **more: str) -> Settings:
    """Settings of a home for tests: files are ready at once. `desk__port="0"` and the like set more."""
    values = {
        "PAPERCHAIN_HOME": str(home),
        "PAPERCHAIN_INTAKE__STILL_SECONDS": "0",
        "PAPERCHAIN_INTAKE__UNFINISHED_SECONDS": "0",
        "PAPERCHAIN_INTAKE__SMALLEST_FREE_MB": "0",
    }
    return load(values | {f"PAPERCHAIN_{name.upper()}": value for name, value in more.items()})


@contextmanager
def home(place: Path, clock: Clock | None = None, **more: str) -> Iterator[Paperchain]:
    """A new Paperchain home, closed at the end."""
    chain = open_paperchain(settings(place, **more), clock=clock)
    try:
        yield chain
    finally:
        chain.db.close()


def made_on(database: Database, folder: Path, clock: Clock) -> Paperchain:
    """A home in this folder on a database of the test's own: both kinds can be tried so."""
    made = settings(folder / "home")
    for place in (made.inbox, made.stopped, made.documents, made.key_file.parent):
        place.mkdir(parents=True)
    return Paperchain(made, database, FolderStore(made.documents), clock)


def at(chain: Paperchain, clock: Clock) -> Paperchain:
    """The same home at another time."""
    return replace(chain, clock=clock)
