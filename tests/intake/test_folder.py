"""P3: looking is the mechanism; nothing is taken early, nothing is missed, and trouble is said."""

import os
import shutil
from pathlib import Path

import pytest
from sqlmodel import func, select

from intake import claiming
from intake.folder import WatchedFolder
from intake.reach import Known
from intake.wiring import Paperchain
from records.clock import Clock
from records.documents import holdings
from records.documents.tables import Document
from records.folders.looks import Trouble
from records.post.tables import Item
from tests.builders import home

WHOLE = b"%PDF-1.7 invented\nstartxref\n9\n%%EOF\n"
HALF = b"%PDF-1.7 invented"


@pytest.fixture
def chain(tmp_path: Path, clock: Clock):  # type: ignore[no-untyped-def]  # a generator fixture
    with home(tmp_path / "home", clock) as chain:
        yield chain


def count(chain: Paperchain) -> int:
    with chain.db.reading() as session:
        return session.exec(select(func.count()).select_from(Item)).one()


def test_what_lies_there_at_the_start_is_taken_sub_folders_included(chain: Paperchain) -> None:
    (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
    (chain.settings.inbox / "scanner 2").mkdir()
    (chain.settings.inbox / "scanner 2" / "two.pdf").write_bytes(WHOLE)
    found = WatchedFolder(chain).look()
    assert (found.taken, found.trouble) == (2, None)


def test_hidden_system_and_half_named_files_are_left_alone(chain: Paperchain) -> None:
    for name in (".DS_Store", "Thumbs.db", "scan.pdf.part", "scan.tmp", "~.crdownload"):
        (chain.settings.inbox / name).write_bytes(WHOLE)
    found = WatchedFolder(chain).look()
    assert (found.taken, found.waiting) == (0, 0)


def test_a_file_must_be_still_first(tmp_path: Path) -> None:
    with home(tmp_path / "home", intake__still_seconds="3600") as chain:
        (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
        folder = WatchedFolder(chain)
        assert [folder.look().waiting for _ in range(3)] == [1, 1, 1]
        assert count(chain) == 0


def test_an_unfinished_file_is_given_longer(tmp_path: Path) -> None:
    with home(tmp_path / "home", intake__unfinished_seconds="3600") as chain:
        (chain.settings.inbox / "half.pdf").write_bytes(HALF)
        (chain.settings.inbox / "whole.pdf").write_bytes(WHOLE)
        found = WatchedFolder(chain).look()
        assert (found.taken, found.waiting) == (1, 1)


def test_a_file_that_somebody_writes_waits(chain: Paperchain) -> None:
    path = chain.settings.inbox / "one.pdf"
    folder = WatchedFolder(chain)
    with path.open("wb") as out:
        out.write(WHOLE)
        out.flush()
        assert folder.look().waiting == 1
    assert folder.look().taken == 1


def test_links_pipes_and_hard_links_are_counted_and_left(chain: Paperchain, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(WHOLE)
    (chain.settings.inbox / "link.pdf").symlink_to(tmp_path / "elsewhere")
    (chain.settings.inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(chain.settings.inbox / "pipe.pdf")
    os.link(tmp_path / "elsewhere", chain.settings.inbox / "hard.pdf")
    found = WatchedFolder(chain).look()
    assert (found.taken, found.waiting, found.odd) == (0, 0, 4)


def test_a_folder_that_vanishes_is_said_and_mends_itself(chain: Paperchain) -> None:
    folder = WatchedFolder(chain)
    folder.look()
    for _ in range(20):
        moved = chain.settings.home / "moved"
        chain.settings.inbox.rename(moved)
        assert folder.look().trouble is Trouble.UNREACHABLE
        assert not chain.settings.inbox.exists(), "a folder that vanished must not be made again"
        (moved / "one.pdf").write_bytes(WHOLE)
        moved.rename(chain.settings.inbox)
        assert folder.look().trouble is None
    assert count(chain) == 20


def test_a_replaced_folder_is_said_looked_through_and_taken_for_the_right_one_when_a_scan_comes(
    chain: Paperchain,
) -> None:
    folder = WatchedFolder(chain)
    with folder.events():
        folder.look()
        shutil.rmtree(chain.settings.inbox)
        chain.settings.inbox.mkdir()
        assert folder.look().trouble in (Trouble.REPLACED, Trouble.SHOWN_EMPTY), "the inode may be used again"
        (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
        found = folder.look()
        assert (found.taken, found.trouble) == (1, None)
        folder.wait(0)  # the bells of what is past
        (chain.settings.inbox / "two.pdf").write_bytes(WHOLE)
        folder.wait(60)
        assert folder.look_when_due().taken == 2, "events come from the new folder"


def test_a_folder_shown_empty_for_a_moment_is_said_and_known_again(chain: Paperchain) -> None:
    folder, claims = WatchedFolder(chain), claiming.claims_folder(chain.settings.inbox)
    folder.look()
    claims.rename(chain.settings.home / "hidden")
    assert folder.look().trouble is Trouble.SHOWN_EMPTY
    (chain.settings.home / "hidden").rename(claims)
    assert folder.look().trouble is None


def test_scans_below_an_unmounted_share_are_taken_and_it_stays_said(chain: Paperchain) -> None:
    folder = WatchedFolder(chain, known=Known("mark of the share", mounted=True))
    (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
    found = folder.look()
    assert (found.taken, found.trouble) == (1, Trouble.NOT_MOUNTED)


def test_one_sub_folder_that_cannot_be_read_does_not_keep_the_others(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = chain.settings.inbox / "closed"
    closed.mkdir()
    (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
    scan = os.scandir

    def scandir(path: str) -> object:
        if path == str(closed):
            raise PermissionError
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)  # root may read everything, so a mode proves nothing
    found = WatchedFolder(chain).look()
    assert (found.taken, found.trouble) == (1, Trouble.FAILING)


def test_a_page_by_page_writer_is_waited_for(tmp_path: Path) -> None:
    """It reopens the file for every page; a PDF is whole only with its last."""
    with home(tmp_path / "home", intake__unfinished_seconds="3600") as chain:
        path, folder = chain.settings.inbox / "one.pdf", WatchedFolder(chain)
        for _ in range(5):
            with path.open("ab") as out:
                out.write(HALF)
            assert folder.look().waiting == 1
        with path.open("ab") as out:
            out.write(b"\nstartxref\n9\n%%EOF\n")
        assert folder.look().taken == 1
        assert count(chain) == 1


def test_a_file_that_grows_again_before_its_turn_is_not_taken(chain: Paperchain) -> None:
    folder = WatchedFolder(chain)
    for name in ("one.pdf", "two.pdf"):
        (chain.settings.inbox / name).write_bytes(WHOLE)
    folder.look(until=0)  # found ready; no time left to take them
    with (chain.settings.inbox / "two.pdf").open("ab") as out:
        out.write(HALF)
    assert folder.look_when_due().taken == 1
    assert (chain.settings.inbox / "two.pdf").exists()


def test_files_renamed_in_are_taken(chain: Paperchain) -> None:
    aside = chain.settings.home / "aside.pdf"
    folder = WatchedFolder(chain)
    with folder.events():
        folder.look()
        aside.write_bytes(WHOLE)
        aside.rename(chain.settings.inbox / "one.pdf")
        folder.wait(60)
        assert folder.look_when_due().taken == 1


def test_a_folder_without_events_is_looked_through_in_time(chain: Paperchain) -> None:
    """As on a network disc: nothing rings, and the file is found by looking."""
    with home(chain.settings.home, intake__look_every_seconds="0.001") as quick:
        folder = WatchedFolder(quick)
        folder.look_when_due()
        (quick.settings.inbox / "one.pdf").write_bytes(WHOLE)
        while not folder.look_when_due().taken:
            folder.wait(0.002)
        assert count(quick) == 1


@pytest.mark.slow
def test_two_hundred_files_at_once_are_each_taken_once(chain: Paperchain) -> None:
    sent = {b"%PDF-1.7 " + str(number).encode() + WHOLE for number in range(200)}
    for number, content in enumerate(sent):
        (chain.settings.inbox / f"scan {number}.pdf").write_bytes(content)
    found = WatchedFolder(chain).look()
    assert (found.taken, found.waiting) == (200, 0)
    with chain.db.reading() as session:
        documents = session.exec(select(Document)).all()
        assert sorted(holdings.fetch(session, chain.store, each) for each in documents) == sorted(sent)
    assert [path.name for path in chain.settings.inbox.iterdir()] == [claiming.CLAIMS]


def test_nearly_full_disc_takes_nothing_and_says_so(tmp_path: Path) -> None:
    with home(tmp_path / "home", intake__smallest_free_mb=str(1 << 30)) as chain:
        (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
        found = WatchedFolder(chain).look()
        assert "full" in (found.problem or "")
        assert (chain.settings.inbox / "one.pdf").exists()


def test_a_claim_of_a_stopped_process_is_finished_by_looking(chain: Paperchain) -> None:
    (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
    claiming.claim(chain.settings.inbox, chain.settings.inbox / "one.pdf")
    assert WatchedFolder(chain).look().taken == 1


def test_an_event_wakes_the_folder_before_its_time(chain: Paperchain) -> None:
    folder = WatchedFolder(chain)
    with folder.events():
        folder.look_when_due()
        (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
        folder.wait(5)
        assert folder.look_when_due().taken == 1
