"""Items in the post: taken in once, read by one worker at a time, stopped with a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.documents import holdings, keyring
from records.documents.envelope import new_key
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.keys import Keys
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState, Source
from tests.builders import CHILD

NAME = f"{CHILD} consent.pdf"
SCAN = b"an invented scan"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    folder = tmp_path / "documents"
    folder.mkdir()
    return FolderStore(folder)


def taken(
    database: Database,
    store: FolderStore,
    at: datetime,
    scan: bytes = SCAN,
    claim: UUID | None = None,
    name: str = NAME,
) -> int:
    """Takes a scan in, and returns the item's number."""
    key = new_key()
    stored = holdings.put(store, key, [scan], "application/pdf")
    with database.writing() as session:
        return inbox.take_in(
            session, claim_id=claim or uuid4(), key_id=uuid4(), key=key, scan=stored, name=name, source=Source.FOLDER,
            actor="system", at=at,
        ).number  # fmt: skip


def lease(database: Database, number: int, worker: str, at: datetime, seconds: float = 180) -> bool:
    with database.writing() as session:
        return inbox.lease(session, number, worker, at, seconds) is not None


def item(session: Session, number: int) -> Item:
    return inbox.by_number(session, number)


def test_a_scan_becomes_an_item_under_a_key_of_its_own(database: Database, store: FolderStore, clock: Clock) -> None:
    first, second = taken(database, store, clock.now()), taken(database, store, clock.now())

    assert (first, second) == (1, 2)
    with database.reading() as session:
        one, other = item(session, first), item(session, second)
        assert (one.state, one.source, one.received_on) == (ItemState.ARRIVING, Source.FOLDER, clock.today())
        assert one.key_id != other.key_id
        scan = session.get_one(Document, one.scan_id)
        assert (scan.kind, scan.item_id, scan.key_id) == (DocumentKind.SCAN, one.id, one.key_id)
        assert holdings.fetch(session, store, scan) == SCAN


def test_the_same_claim_is_entered_once_however_often_it_is_tried(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    claim = uuid4()

    assert taken(database, store, clock.now(), claim=claim) == taken(database, store, clock.now(), claim=claim) == 1
    with database.reading() as session:
        assert len(session.exec(select(Item)).all()) == len(session.exec(select(Document)).all()) == 1


def test_the_day_received_is_that_of_london(database: Database, store: FolderStore) -> None:
    number = taken(database, store, datetime(2026, 7, 1, 23, 30, tzinfo=UTC))

    with database.reading() as session:
        assert item(session, number).received_on.isoformat() == "2026-07-02"


@pytest.mark.parametrize("name", [NAME, "a\ud800b.pdf", "\u202efdp.exe", ""])
def test_a_files_name_is_sealed_and_comes_back_as_it_was(
    database: Database, store: FolderStore, clock: Clock, name: str
) -> None:
    number = taken(database, store, clock.now(), name=name)

    with database.reading() as session:
        assert inbox.name_of(session, item(session, number)) == name
        assert b"Testwood" not in bytes(item(session, number).sealed_name)
        (entry,) = session.exec(select(AuditEntry)).all()
        assert (entry.act, entry.subject_id) == ("item_arrived", str(item(session, number).id))
        assert "Testwood" not in entry.detail


def test_the_same_bytes_are_told_and_kept_twice(database: Database, store: FolderStore, clock: Clock) -> None:
    first, second, other = (taken(database, store, clock.now(), scan) for scan in (SCAN, SCAN, b"another"))

    with database.reading() as session:
        assert inbox.same_bytes(session, item(session, first)) == [second]
        assert inbox.same_bytes(session, item(session, second)) == [first]
        assert inbox.same_bytes(session, item(session, other)) == []


def test_likeness_cannot_be_looked_up_without_the_key(keys: Keys) -> None:
    other = replace(keys, search=bytes(32))

    assert inbox.likeness(keys, b"x" * 32) == inbox.likeness(keys, b"x" * 32)
    assert inbox.likeness(keys, b"x" * 32) != inbox.likeness(other, b"x" * 32)


def test_one_worker_at_a_time_and_the_next_when_the_first_went_silent(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    number, now = taken(database, store, clock.now()), clock.now()

    assert lease(database, number, "one", now)
    assert not lease(database, number, "two", now + timedelta(seconds=179))
    assert lease(database, number, "two", now + timedelta(seconds=181))
    with database.reading() as session:
        assert (item(session, number).leased_by, item(session, number).attempts) == ("two", 2)
    with pytest.raises(ChangedMeanwhile), database.writing() as session:
        inbox.progress(session, number, "one", 1, 3, now)
    with database.writing() as session:
        inbox.progress(session, number, "two", 1, 3, now + timedelta(seconds=600))
    with database.reading() as session:
        found = item(session, number)
        assert (found.pages_read, found.pages, found.lease_until) == (1, 3, now + timedelta(seconds=600))


def test_what_waits_is_told_oldest_first_without_what_somebody_reads(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    now = clock.now()
    first, second, third = (taken(database, store, now) for _ in range(3))
    lease(database, second, "one", now)
    with database.writing() as session:
        inbox.stop(session, item(session, third), code="x", reason="Invented.", stopped_as=None, actor="system", at=now)

    with database.reading() as session:
        assert inbox.waiting(session, now) == [first]
        assert inbox.waiting(session, now + timedelta(seconds=181)) == [first, second]
        assert inbox.waiting(session, now + timedelta(seconds=181), limit=1) == [first]
        assert inbox.unsettled(session) == 2
        assert inbox.leased(session) == [second]
    assert not lease(database, third, "one", now)


def test_a_stopped_item_keeps_its_name_its_bytes_and_the_reason(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    number, now = taken(database, store, clock.now()), clock.now()
    lease(database, number, "one", now)
    with database.writing() as session:
        inbox.stop(
            session, item(session, number), code="reader_died", reason="Reading it failed.", stopped_as=f"2 {NAME}",
            actor="system", at=now,
        )  # fmt: skip

    with database.reading() as session:
        found = item(session, number)
        assert (found.state, found.reason_code, found.reason) == (
            ItemState.STOPPED, "reader_died", "Reading it failed.",
        )  # fmt: skip
        assert (found.leased_by, found.lease_until) == (None, None)
        assert (inbox.name_of(session, found), inbox.stopped_as(session, found)) == (NAME, f"2 {NAME}")
        assert holdings.fetch(session, store, session.get_one(Document, found.scan_id)) == SCAN
        assert [entry.act for entry in session.exec(select(AuditEntry)).all()][-1] == "item_stopped"


def test_an_item_that_was_not_stopped_lies_in_no_folder(database: Database, store: FolderStore, clock: Clock) -> None:
    number = taken(database, store, clock.now())

    with database.reading() as session:
        assert inbox.stopped_as(session, item(session, number)) is None


def test_a_move_outside_the_table_changes_nothing(database: Database, store: FolderStore, clock: Clock) -> None:
    number = taken(database, store, clock.now())

    with pytest.raises(RefusedByRule), database.writing() as session:
        inbox.move(session, item(session, number), ItemState.FILED, actor="system", at=clock.now())
    with database.reading() as session:
        assert item(session, number).state == ItemState.ARRIVING
        assert len(session.exec(select(AuditEntry)).all()) == 1


def test_two_who_move_an_item_at_once_do_not_overwrite_each_other(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    number = taken(database, store, clock.now())
    with database.reading() as session:
        old = item(session, number)
    lease(database, number, "one", clock.now())

    with pytest.raises(ChangedMeanwhile), database.writing() as session:
        old.state = ItemState.STOPPED
        session.add(old)
    with database.reading() as session:
        assert item(session, number).state == ItemState.READING


def test_parts_come_in_page_order_and_settle_the_item(database: Database, store: FolderStore, clock: Clock) -> None:
    number, now = taken(database, store, clock.now()), clock.now()
    lease(database, number, "one", now)
    with database.writing() as session:
        found = item(session, number)
        late = Part(item_id=found.id, kind=PartKind.OTHER, state=PartState.TO_SORT)
        early = Part(item_id=found.id, kind=PartKind.FORM, state=PartState.CONFIRMED)
        session.add_all([late, early])
        for page, part in ((3, late), (1, early), (2, late)):
            session.add(
                Page(
                    item_id=found.id, part_id=part.id, number=page, sheet=page, kind="form", picture_id=uuid4(), width=1,
                    height=1,
                )
            )  # fmt: skip
        session.flush()
        inbox.settle(session, found, actor="system", at=now)

    with database.reading() as session:
        found = item(session, number)
        assert found.state == ItemState.TO_SORT
        assert [part.id for part in inbox.parts_of(session, found)] == [early.id, late.id]
        assert [page.number for page in inbox.pages_of(session, found)] == [1, 2, 3]
        assert [page.number for page in inbox.pages_of(session, found, late)] == [2, 3]


def test_numbers_are_never_used_twice_and_counted_for_each_kind(database: Database) -> None:
    with database.writing() as session:
        assert [inbox.next_number(session, "file"), inbox.next_number(session, "original")] == [1, 1]
    with database.writing() as session:
        assert [inbox.next_number(session, "file") for _ in range(3)] == [2, 3, 4]


def test_an_item_that_is_not_there_is_not_found(database: Database) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        inbox.by_number(session, 7)


def test_a_shredded_key_takes_the_name_with_it(database: Database, store: FolderStore, clock: Clock) -> None:
    number = taken(database, store, clock.now())
    with database.reading() as session:
        found = item(session, number)
    with database.writing() as session:
        for document in session.exec(select(Document)).all():
            session.delete(document)
        session.delete(session.get_one(Item, found.id))
        session.flush()
        keyring.shred(session, found.key_id)

    with database.reading() as session, pytest.raises(NotFound):
        inbox.name_of(session, found)
