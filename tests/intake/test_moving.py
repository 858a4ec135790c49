"""A service that outgrew SQLite moves whole: every row and document compared, the old home untouched, a failure repeatable."""

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlmodel import select

from intake import claiming, locks
from intake.moving import fingerprint, move
from intake.settings import Settings
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.documents import holdings
from records.documents.tables import Document
from records.errors import Damaged, NotSetUp, RefusedByRule
from records.post import inbox
from records.post.tables import Counter, Item
from records.schema import metadata
from records.staff import accounts
from records.vocabulary import Role
from tests.builders import home, settings
from tests.commanding import paperchain
from tests.postgres import Cluster
from tests.s3 import new_bucket, running_server

SCAN = b"%PDF-1.7 invented\n%%EOF"


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    """An empty PostgreSQL."""
    name = f"t{secrets.token_hex(6)}"
    postgres.create(name)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """A home with post and people in it, as a killed process left it: part of the database is still in the log."""
    with home(tmp_path / "living") as chain:
        for number in range(3):
            path = chain.settings.inbox / f"{number}.pdf"
            path.write_bytes(SCAN + bytes([number]))
            claiming.take(chain, claiming.claim(chain.settings.inbox, path))
        with chain.db.writing() as session:
            link = accounts.invite(session, Role.MANAGER, chain.clock)
            accounts.accept(
                session, link, sign_in_name="lee", display_name="Lee Testwood", password="four invented words here",
                clock=chain.clock,
            )  # fmt: skip
        shutil.copytree(tmp_path / "living", tmp_path / "home")
    assert (tmp_path / "home" / "paperchain.db-wal").stat().st_size > 0
    return settings(tmp_path / "home")


def bytes_of(place: Path) -> dict[str, tuple[str, int]]:
    """Every file of a home: what is in it and when it was written."""
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name != "paperchain-mark"
    }


def quiet(*_: object) -> None:
    """Shows no progress."""


def all_there(chain: Paperchain) -> None:
    with chain.db.reading() as session:
        assert isinstance(trail.check(session), Whole)
        for item in session.exec(select(Item)).all():
            scan = session.get_one(Document, item.scan_id)
            assert holdings.fetch(session, chain.store, scan).startswith(SCAN)
        assert sorted(inbox.name_of(session, item) for item in session.exec(select(Item)).all()) == [
            "0.pdf", "1.pdf", "2.pdf",
        ]  # fmt: skip


def test_everything_is_there_and_the_old_home_untouched(old: Settings, url: str) -> None:
    before = bytes_of(old.home)
    moved = move(old, url, quiet)
    assert bytes_of(old.home) == before
    assert (moved.rows["item"], moved.rows["account"], moved.documents) == (3, 1, 3)
    assert set(moved.rows) | {"machine", "watched_folder", "document_place"} == set(metadata().tables)
    with home(old.home, database_url=url) as chain:
        all_there(chain)
        path = chain.settings.inbox / "new.pdf"
        path.write_bytes(SCAN)
        assert claiming.take(chain, claiming.claim(chain.settings.inbox, path)) == 4, "numbers go on"


def test_documents_move_into_a_bucket(old: Settings, url: str) -> None:
    with running_server() as endpoint:
        bucket = new_bucket(endpoint)
        more = {name.removeprefix("PAPERCHAIN_").lower(): value for name, value in bucket.environment().items()}
        assert move(settings(old.home, **more), url, quiet).documents == 3
        assert len(list(bucket.store().names())) == 3
        shutil.rmtree(old.home / "documents")
        with home(old.home, database_url=url, **more) as chain:
            all_there(chain)


def test_a_target_that_is_not_empty_is_refused(old: Settings, url: str) -> None:
    move(old, url, quiet)
    with pytest.raises(RefusedByRule, match="not empty"):
        move(old, url, quiet)
    with home(old.home, database_url=url) as chain:
        all_there(chain)


def test_a_move_that_failed_is_given_again(old: Settings, url: str) -> None:
    blob = next(
        path for path in (old.home / "documents").rglob("*") if path.is_file() and path.name != "paperchain-mark"
    )
    blob.rename(old.home / "aside")
    with pytest.raises(Damaged):
        move(old, url, quiet)
    (old.home / "aside").rename(blob)
    assert move(old, url, quiet).rows["item"] == 3


def test_a_home_that_runs_is_not_moved(old: Settings, url: str) -> None:
    with locks.only_one(old.home / "work.lock", ""), pytest.raises(NotSetUp, match="Stop it first"):
        move(old, url, quiet)


def test_a_home_without_an_embedded_database_has_nothing_to_move(tmp_path: Path, url: str) -> None:
    with pytest.raises(NotSetUp, match="nothing to move"):
        move(settings(tmp_path / "none"), url, quiet)


def test_the_comparison_sees_one_changed_value(old: Settings) -> None:
    with home(old.home) as chain, chain.db.engine.begin() as connection:
        table = metadata().tables["counter"]
        was = fingerprint(connection, table)
        connection.execute(update(table).values(last=Counter.last + 1))
        changed = fingerprint(connection, table)
        connection.execute(insert(table).values(name="other", last=0))
        assert len({was, changed, fingerprint(connection, table)}) == 3
        assert was[0] == changed[0]


def test_the_address_need_not_stand_on_the_command_line(old: Settings, url: str) -> None:
    told = paperchain(old.home, "move-to", "--json", PAPERCHAIN_DATABASE_URL=url)
    assert told.returncode == 0, told.stderr
    assert '{"table": "item", "rows": 3}' in told.stdout.splitlines()
    assert url not in told.stderr + told.stdout
    assert "Delete it when the new one has proved itself" in told.stderr
    assert paperchain(old.home, "move-to", PAPERCHAIN_DATABASE_URL=url).returncode == 3
    assert paperchain(old.home, "move-to").returncode == 5
