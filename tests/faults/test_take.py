"""P1: whatever call fails while post is taken in, every original is in the folder, claimed, or an item; never lost or doubled."""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from intake import claiming
from intake.folder import WatchedFolder
from intake.settings import load
from intake.wiring import Paperchain, open_paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.documents import holdings
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.post.tables import Item
from tests.faults.harness import Fault, Point, count, fresh, inject, points

FAULTS = (Fault.KILL, Fault.FULL, Fault.BROKEN)
POST = {
    "one.pdf": b"%PDF-1 invented one" * 900,
    "two.tif": b"II*\0 invented two" * 5000,
    "nasty \n\u202ename.png": b"three" * 7,
}
EVERY = int(os.environ.get("FAULTS_EVERY", "4"))
"""1 tries every call (docs/performance.md has its figures); the default keeps the test run short."""

pytestmark = pytest.mark.slow


def settings_for(home: Path) -> dict[str, str]:
    return {
        "PAPERCHAIN_HOME": str(home),
        "PAPERCHAIN_INTAKE__STILL_SECONDS": "0",
        "PAPERCHAIN_INTAKE__UNFINISHED_SECONDS": "0",
        "PAPERCHAIN_INTAKE__SMALLEST_FREE_MB": "0",
    }


def open_home(home: Path) -> Paperchain:
    return open_paperchain(load(settings_for(home)))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three files waiting in its folder."""
    home = tmp_path_factory.mktemp("template") / "home"
    chain = open_home(home)
    for name, content in POST.items():
        (home / "inbox" / name).write_bytes(content)
    claiming.claims_folder(home / "inbox").mkdir()
    chain.db.close()
    return home


def one_look(home: Path) -> Callable[[], None]:
    def work() -> None:
        chain = open_home(home)
        claiming.recover(chain)
        WatchedFolder(chain).look()

    return work


def originals(home: Path) -> Counter[str]:
    """Every original by its hash: waiting, claimed, or an item. A claim that is already entered counts once."""
    chain = open_home(home)
    try:
        with chain.db.reading() as session:
            items = session.exec(select(Item)).all()
            entered = {item.claim_id for item in items}
            hashes: Counter[str] = Counter()
            for item in items:
                document = session.get_one(Document, item.scan_id)
                hashes[hashlib.sha256(holdings.fetch(session, chain.store, document)).hexdigest()] += 1
            assert isinstance(trail.check(session), Whole)
            assert [item.number for item in items] == list(range(1, len(items) + 1))
        for claim in claiming.unfinished(home / "inbox"):
            if claim.id not in entered:
                hashes[hashlib.sha256(claim.path.read_bytes()).hexdigest()] += 1
        for path in (home / "inbox").iterdir():
            if path.is_file():
                hashes[hashlib.sha256(path.read_bytes()).hexdigest()] += 1
        return hashes
    finally:
        chain.db.close()


EXPECTED = Counter(hashlib.sha256(content).hexdigest() for content in POST.values())


def check(template: Path, scratch: Path, point: Point) -> None:
    home = fresh(template, scratch / "home")
    inject(one_look(home), scratch, point)
    assert originals(home) == EXPECTED, f"before the restart: {point}"
    one_look(home)()
    assert originals(home) == EXPECTED, f"after the restart: {point}"
    assert not list(claiming.unfinished(home / "inbox")), f"a claim was left: {point}"
    assert not [path for path in (home / "inbox").iterdir() if path.is_file()], f"a file was left: {point}"
    chain = open_home(home)
    store = chain.store
    assert isinstance(store, FolderStore)
    store.sweep_temporary()
    with chain.db.reading() as session:
        holdings.sweep(session, store, store.older_than(-1))
    assert sum(1 for _ in store.names()) == len(POST), f"a blob too many or too few: {point}"
    chain.db.close()


def test_every_original_survives_a_fault_at_any_call(template: Path, tmp_path: Path) -> None:
    assert shutil.which("strace"), "strace is missing: apt-get install -y strace"
    home = fresh(template, tmp_path / "home")
    calls = count(one_look(home), tmp_path)
    fresh(template, tmp_path / "home")
    assert sum(calls.values()) > 60, "the flow was not traced"
    tried = 0
    for point in points(calls, FAULTS, EVERY):
        check(template, tmp_path, point)
        tried += 1
    print(f"\nfaults injected while taking in: {tried} of {sum(calls.values()) * len(FAULTS)}, violations 0")


def test_the_harness_sees_a_planted_loss(template: Path, tmp_path: Path) -> None:
    """A flow that removes the file before it is entered must be caught."""
    home = fresh(template, tmp_path / "home")

    def wrong_order() -> None:
        chain = open_home(home)
        for path in sorted((home / "inbox").glob("*.pdf")):
            content = path.read_bytes()
            path.unlink()
            target = home / "inbox" / ".paperchain" / "x"
            target.write_bytes(content)
            claiming.take(chain, claiming.claim(home / "inbox", target))

    calls = count(wrong_order, tmp_path)
    lost = 0
    for number in range(1, calls["openat"] + 1):
        fresh(template, tmp_path / "home")
        inject(wrong_order, tmp_path, Point("openat", number, Fault.KILL))
        lost += originals(home) != EXPECTED
    assert lost > 0
