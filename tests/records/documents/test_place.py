"""A store and its database know each other; a machine with another folder is refused before it works."""

import secrets
from pathlib import Path

import pytest
from sqlmodel import select

from records.clock import Clock
from records.db import Database
from records.documents import place
from records.documents.store import FolderStore
from records.documents.tables import DocumentPlace
from records.errors import NotSetUp
from records.keys import derive
from tests.records.documents.test_holdings import put


def folder(path: Path) -> FolderStore:
    path.mkdir(exist_ok=True)
    return FolderStore(path)


def test_the_first_machine_marks_both_and_the_next_finds_its_own(database: Database, tmp_path: Path) -> None:
    store = folder(tmp_path / "shared")
    for _ in range(2):
        with database.writing() as session:
            place.claim(session, store, made_by_hand=True)
    with database.reading() as session:
        assert session.exec(select(DocumentPlace)).one().mark == store.mark()


def test_another_folder_is_refused(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        place.claim(session, folder(tmp_path / "shared"), made_by_hand=True)
    with database.writing() as session, pytest.raises(NotSetUp, match="lie elsewhere"):
        place.claim(session, folder(tmp_path / "not mounted"), made_by_hand=True)
    assert folder(tmp_path / "not mounted").mark() is None


def test_an_empty_home_beside_a_filled_database_is_refused(database: Database, tmp_path: Path, clock: Clock) -> None:
    """The database was there before marks were: documents in it and none here."""
    put(database, folder(tmp_path / "first"), clock)
    with database.writing() as session, pytest.raises(NotSetUp, match="lie elsewhere"):
        place.claim(session, folder(tmp_path / "second"), made_by_hand=False)
    with database.writing() as session:
        place.claim(session, folder(tmp_path / "first"), made_by_hand=False)


def test_a_mark_that_was_set_before_the_database_told_is_taken_over(database: Database, tmp_path: Path) -> None:
    store = folder(tmp_path / "shared")
    store.set_mark("abc")
    with database.writing() as session:
        place.claim(session, store, made_by_hand=True)
    with database.reading() as session:
        assert session.exec(select(DocumentPlace)).one().mark == "abc"


def test_another_key_is_told_before_it_seals_anything(database: Database, tmp_path: Path) -> None:
    store = folder(tmp_path / "shared")
    place.join(database, store, made_by_hand=True)
    other = Database(database.engine, derive(secrets.token_bytes(32)))
    with other.reading() as session:
        assert not place.key_fits(session)
    with pytest.raises(place.OtherKey):
        place.join(other, store, made_by_hand=True)
