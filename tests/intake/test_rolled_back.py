"""P12, R49: a home that was put back from a copy of its own destroys again what the ledger says, and no copy of it is ever shortened."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from intake import backing_up, restoring, retaining
from intake.settings import Backup
from intake.wiring import Paperchain, open_paperchain
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.documents.tables import Document
from records.errors import Damaged
from records.people.tables import ChildFile
from records.post.tables import Part
from records.retention import ledger, run
from records.retention.ledger import Entry
from tests import builders
from tests.builders import made_on
from tests.retaining import MANAGER, approved, days_on, family, run_over, there
from tests.reviewing import Browser, arrived, confirm

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    made = made_on(database, tmp_path, clock)
    (tmp_path / "backups").mkdir()
    return replace(made, settings=made.settings.model_copy(update={"backup": Backup(folder=tmp_path / "backups")}))


def told_beside(chain: Paperchain) -> list[str]:
    """The kinds of what the copy of the ledger beside the key knows."""
    path = retaining.ledger_file(chain)
    return [entry.kind for entry in ledger.read(path.read_text("ascii"))] if path.exists() else []


def test_a_refused_form_is_in_the_copy_at_once(tmp_path: Path, clock: Clock) -> None:
    """R28: a home that is put back the same evening must not bring back the form of a family that said No this morning."""
    with builders.home(tmp_path / "home", clock) as chain:
        officer, part = Browser(chain), arrived(chain)[0]
        confirm(officer, part, store_on_database="no")
        with chain.db.reading() as session:
            version = session.get_one(Part, part).version
        assert officer.post(f"/review/{part}/refused", {"paper": "no_paper", "version": version}).status_code == 303
        assert told_beside(chain) == [ledger.REFUSAL]


def test_whatever_was_erased_is_in_the_copy_a_quarter_of_an_hour_later(chain: Paperchain) -> None:
    file = family(chain)
    retaining.daily(chain)
    with chain.db.writing() as session:
        what = ledger.What(
            ledger.FILE, "R34", "test", None, chain.clock.today(), MANAGER, MANAGER, MANAGER, file_id=file
        )
        run.erase_files(session, [session.get_one(ChildFile, file)], what, without=None)
    assert told_beside(chain) == []
    retaining.daily(chain)
    assert told_beside(chain) == [ledger.FILE]


class Undone(Exception):
    """Takes a transaction back."""


def would_say(chain: Paperchain, *files: UUID) -> list[Entry]:
    """The ledger as it would be had these files been erased one by one: the database as it was before, as after a roll-back."""
    found: list[Entry] = []
    with pytest.raises(Undone), chain.db.writing() as session:
        for file in files:
            what = ledger.What(
                ledger.FILE, "R34", "test", None, chain.clock.today(), MANAGER, MANAGER, MANAGER, file_id=file
            )
            run.erase_files(session, [session.get_one(ChildFile, file)], what, without=None)
        found = ledger.entries(session)
        raise Undone
    return found


def said(chain: Paperchain) -> Sequence[Entry]:
    with chain.db.reading() as session:
        return ledger.entries(session)


@BOTH
@pytest.mark.parametrize("beside", ["key", "backups"])
def test_what_was_erased_since_goes_again_before_anybody_signs_in(chain: Paperchain, beside: str) -> None:
    gone, stays = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    copy = would_say(chain, gone)
    assert there(chain, gone) and said(chain) == []
    folder = chain.settings.backup.folder
    assert folder is not None
    ledger.write(retaining.ledger_file(chain) if beside == "key" else folder / retaining.LEDGER, copy)

    assert retaining.catch_up(chain) == 1
    assert (there(chain, gone), there(chain, stays)) == (False, True)
    assert said(chain) == copy, "the ledger goes on where the copy does"
    with chain.db.reading() as session:
        assert (
            session.exec(select(AuditEntry).where(AuditEntry.act == "destroyed_again")).one().detail.count('"files":1')
            == 1
        )
        kept = {document.blob for document in session.exec(select(Document))}
    assert set(chain.store.names()) == kept
    assert retaining.catch_up(chain) == 0


@BOTH
def test_a_longer_copy_is_never_replaced_by_a_shorter_one(chain: Paperchain) -> None:
    """The folder of backups was away when Paperchain opened: what it knows goes when it is there again."""
    gone = family(chain)
    folder = chain.settings.backup.folder
    assert folder is not None
    copy = would_say(chain, gone)
    ledger.write(folder / retaining.LEDGER, copy)
    assert not ledger.keep(folder / retaining.LEDGER, [])
    backing_up.copy_ledger(chain, folder)
    assert not there(chain, gone)
    assert ledger.read((folder / retaining.LEDGER).read_text()) == copy == list(said(chain))


@BOTH
def test_two_ledgers_that_went_on_from_one_state_are_joined(chain: Paperchain) -> None:
    first, second = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    copy = would_say(chain, first)
    what = ledger.What(ledger.FILE, "R34", "test", None, chain.clock.today(), MANAGER, MANAGER, MANAGER, file_id=second)
    with chain.db.writing() as session:
        run.erase_files(session, [session.get_one(ChildFile, second)], what, without=None)
    run.finish_blobs(chain.db, chain.store)
    ledger.write(retaining.ledger_file(chain), copy)
    retaining.keep_ledger(chain)
    assert not there(chain, first)
    assert {entry.file_id for entry in said(chain)} == {str(first), str(second)}
    assert ledger.check(chain.db.keys, said(chain)) == 2
    assert ledger.read(retaining.ledger_file(chain).read_text()) == list(said(chain))


def test_a_copy_that_was_changed_destroys_nothing_and_stays(chain: Paperchain) -> None:
    file = family(chain)
    path = retaining.ledger_file(chain)
    ledger.write(path, would_say(chain, file))
    path.write_text(changed := path.read_text().replace('"documents":', '"documents":1'))
    assert retaining.catch_up(chain) == 0
    assert there(chain, file) and path.read_text() == changed


def test_a_home_put_back_from_a_snapshot_opens_without_the_erased_family(tmp_path: Path, clock: Clock) -> None:
    settings = builders.settings(tmp_path / "home")
    with builders.home(tmp_path / "home", clock) as chain:
        file = family(chain)
        approved(chain, file)
    shutil.copytree(tmp_path / "home", tmp_path / "snapshot")
    with builders.home(tmp_path / "home", clock) as chain:
        assert run_over(days_on(chain, 32)).files == 1
        told = retaining.ledger_file(chain).read_text()
    shutil.rmtree(tmp_path / "home")
    shutil.copytree(tmp_path / "snapshot", tmp_path / "home")
    retaining_file = settings.key_file.parent / retaining.LEDGER
    retaining_file.write_text(told)
    chain = open_paperchain(settings, clock=clock, may_make=False)
    try:
        assert not there(chain, file)
    finally:
        chain.db.close()


def test_a_ledger_older_than_the_backup_is_refused_by_a_restore(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with builders.home(tmp_path / "home", clock) as chain:
        file = family(chain)
        approved(chain, file)
        later = days_on(chain, 32)
        assert run_over(later).files == 1
        made = backing_up.make(later, folder)
        stale = tmp_path / "stale.jsonl"
        stale.write_text("")
        (folder / retaining.LEDGER).unlink()
        key = tmp_path / "key"
        shutil.copy(chain.settings.key_file, key)
        with pytest.raises(Damaged, match="older than this backup"):
            restoring.restore(
                builders.settings(tmp_path / "new"), made.path, key=key, ledgers=[stale], clock=later.clock
            )
