"""P3: looking is the mechanism; nothing is taken early, nothing is missed, and trouble is said."""

import os
import shutil
from pathlib import Path

import pytest
from sqlmodel import func, select

from intake import claiming
from intake.folder import WatchedFolder
from intake.wiring import Paperchain
from records.clock import Clock
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
    assert WatchedFolder(chain).look().taken == 2


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
    moved = chain.settings.home / "moved"
    chain.settings.inbox.rename(moved)
    assert folder.look().problem
    moved.rename(chain.settings.inbox)
    (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
    found = folder.look()
    assert (found.problem, found.taken) == (None, 1)


def test_a_replaced_folder_is_still_looked_through(chain: Paperchain) -> None:
    folder = WatchedFolder(chain)
    with folder.events():
        shutil.rmtree(chain.settings.inbox)
        chain.settings.inbox.mkdir()
        (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
        assert folder.look().taken == 1


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
