"""Whatever goes wrong with an item ends in a state that a person sees, never in a loop (P1, P4)."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from intake import stopped
from intake.admission import RefusalCode
from intake.handling import handle
from intake.sandbox.client import DocumentResult
from intake.wiring import Paperchain
from records.audit import trail
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotSetUp
from records.post import inbox
from records.post.tables import Item
from records.vocabulary import ItemState
from tests.builders import settings
from tests.lettering import Recognising, letter, tools
from tests.reviewing import blobs, rows

SCAN = b"%PDF-1.7 invented\n%%EOF"


@dataclass
class Failing:
    """Stands in for the sandbox, and fails in the same way each time."""

    fault: Exception | None
    times: int = 0

    def read(self, *about: Any) -> DocumentResult:
        self.times += 1
        if self.fault is not None:
            raise self.fault
        return DocumentResult(0, None, digital=False)


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def arrived(chain: Paperchain) -> int:
    """A letter that has only arrived."""
    number, _ = letter(chain, scan=SCAN)
    with chain.db.writing() as session:
        inbox.by_number(session, number).state = ItemState.ARRIVING
    return number


def item(chain: Paperchain) -> Item:
    (found,) = rows(chain, Item)
    assert isinstance(found, Item)
    return found


@pytest.mark.parametrize("fault", [MemoryError(), ValueError("a fault of ours"), RecursionError()])
def test_a_fault_of_ours_stops_the_item_after_three_tries_with_its_bytes_untouched(
    chain: Paperchain, fault: Exception
) -> None:
    number, reader = arrived(chain), Failing(fault)
    worker = replace(tools(chain, Recognising()), documents=reader)  # type: ignore[arg-type]  # a stand-in

    for _ in range(inbox.MAX_ATTEMPTS):
        assert item(chain).state != ItemState.STOPPED
        handle(worker, number)
    handle(worker, number)

    assert reader.times == inbox.MAX_ATTEMPTS
    now = item(chain)
    assert (now.state, now.reason_code, now.leased_by) == (ItemState.STOPPED, RefusalCode.OUR_FAULT, None)
    assert now.reason is not None and "Try again" in now.reason
    copy = next(one for one in chain.settings.stopped.iterdir() if not one.name.endswith(".txt"))
    assert copy.read_bytes() == SCAN

    stopped.try_again(chain, number, actor=trail.SYSTEM, version=now.version)
    assert item(chain).state == ItemState.ARRIVING
    assert list(chain.settings.stopped.iterdir()) == []


def test_a_scan_that_is_gone_from_the_store_stops_at_once_and_says_so(chain: Paperchain) -> None:
    number = arrived(chain)
    with chain.db.reading() as session:
        name = session.get_one(Document, item(chain).scan_id).blob
    next(one for one in blobs(chain) if one.name == name).unlink()

    handle(tools(chain, Recognising()), number)

    assert (item(chain).state, item(chain).reason_code) == (ItemState.STOPPED, RefusalCode.STORE_DAMAGED)


@pytest.mark.parametrize("fault", [OSError("full"), NotSetUp("No sandbox."), ChangedMeanwhile("Taken over.")])
def test_what_is_not_the_items_fault_is_said_to_whoever_dispatches(chain: Paperchain, fault: Exception) -> None:
    number = arrived(chain)
    worker = replace(tools(chain, Recognising()), documents=Failing(fault))  # type: ignore[arg-type]  # a stand-in

    with pytest.raises(type(fault)):
        handle(worker, number)

    assert item(chain).state != ItemState.STOPPED


def test_an_item_that_was_read_gets_its_text(chain: Paperchain) -> None:
    number, _ = letter(chain)
    ocr = Recognising()

    handle(tools(chain, ocr), number)

    assert ocr.times == 1
