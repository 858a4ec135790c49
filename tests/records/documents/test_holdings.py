"""Documents are stored sealed, come back whole, and are gone when their key is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from records.clock import Clock
from records.db import Database
from records.documents import holdings, keyring
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.errors import Damaged, NotFound
from records.vocabulary import DocumentKind

PLAIN = b"%PDF-1.7 Rowan Testwood, an invented child" * 50


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "documents")


def put(database: Database, store: FolderStore, clock: Clock) -> Document:
    with database.writing() as session:
        key_id, key = keyring.make(session, clock.now())
        stored = holdings.put(store, key, [PLAIN[:100], PLAIN[100:]], "application/pdf")
        return holdings.hold(session, stored, kind=DocumentKind.SCAN, key_id=key_id, at=clock.now())


def test_a_document_comes_back_whole_and_no_plaintext_lies_in_the_store(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    document = put(database, store, clock)
    with database.reading() as session:
        assert holdings.fetch(session, store, session.get_one(Document, document.id)) == PLAIN
        assert session.exec(select(Document)).one().stored_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert b"Testwood" not in store.get(document.blob)


def test_changed_bytes_are_never_handed_out(database: Database, store: FolderStore, clock: Clock) -> None:
    document = put(database, store, clock)
    path = next(path for path in store.root.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with database.reading() as session, pytest.raises(Damaged):
        holdings.fetch(session, store, session.get_one(Document, document.id))


def test_a_document_moves_under_another_key_and_the_old_key_can_go(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    document = put(database, store, clock)
    with database.writing() as session:
        row = session.get_one(Document, document.id)
        before = row.key_id
        key_id, key = keyring.make(session, clock.now())
        old = holdings.reseal(session, store, row, key_id, key)
        session.flush()
        keyring.shred(session, before)
    store.delete(old)
    with database.reading() as session:
        assert holdings.fetch(session, store, session.get_one(Document, document.id)) == PLAIN


def test_a_shredded_key_makes_it_unreadable(database: Database, store: FolderStore, clock: Clock) -> None:
    key_id, key = b"", b""
    with database.writing() as session:
        made, key = keyring.make(session, clock.now())
        stored = holdings.put(store, key, [PLAIN], "application/pdf")
    with database.writing() as session:
        keyring.shred(session, made)
    with database.reading() as session, pytest.raises(NotFound, match="destroyed"):
        keyring.open_key(session, made)
    assert stored.blob in set(store.names())
    assert key_id == b""


def test_a_blob_without_a_row_is_swept_and_one_with_a_row_stays(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    kept = put(database, store, clock)
    store.put("feed", [b"nobody's"])
    with database.reading() as session:
        assert holdings.sweep(session, store, store.older_than(-1)) == 1
    assert list(store.names()) == [kept.blob]
