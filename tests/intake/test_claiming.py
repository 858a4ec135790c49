"""P1: claim, store, commit, then remove; nothing is lost, doubled or followed out of the folder."""

import os
from pathlib import Path

import pytest
from sqlmodel import select

from intake import claiming
from intake.claiming import NotTaken
from intake.wiring import Paperchain
from records.clock import Clock
from records.documents import holdings
from records.documents.tables import Document
from records.post import inbox
from records.post.tables import Item
from records.vocabulary import Source
from tests.builders import home

SCAN = b"%PDF-1.7 invented\n%%EOF" * 100


@pytest.fixture
def chain(tmp_path: Path, clock: Clock):  # type: ignore[no-untyped-def]  # a generator fixture
    with home(tmp_path / "home", clock) as chain:
        yield chain


def items(chain: Paperchain) -> list[Item]:
    with chain.db.reading() as session:
        return list(session.exec(select(Item)).all())


def drop(chain: Paperchain, name: str = "scan.pdf", content: bytes = SCAN) -> Path:
    path = chain.settings.inbox / name
    path.write_bytes(content)
    return path


def test_a_file_becomes_an_item_and_leaves_the_folder(chain: Paperchain) -> None:
    path = drop(chain)
    number = claiming.take(chain, claiming.claim(chain.settings.inbox, path))
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        assert inbox.name_of(session, item) == "scan.pdf"
        assert holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id)) == SCAN
    assert (item.source, item.state) == (Source.FOLDER, "arriving")
    assert [entry.name for entry in chain.settings.inbox.iterdir()] == [claiming.CLAIMS]
    assert list(claiming.claims_folder(chain.settings.inbox).iterdir()) == []


def test_the_same_claim_is_entered_once(chain: Paperchain) -> None:
    claimed = claiming.claim(chain.settings.inbox, drop(chain))
    first = claiming.take(chain, claimed)
    claimed.path.parent.mkdir()
    claimed.path.write_bytes(SCAN)  # as if the process had died before removing it
    assert claiming.take(chain, claimed) == first
    assert len(items(chain)) == 1


def test_what_a_stopped_process_claimed_is_finished_at_the_next_start(chain: Paperchain) -> None:
    claiming.claim(chain.settings.inbox, drop(chain))
    assert claiming.recover(chain) == 1
    assert len(items(chain)) == 1


def test_the_same_bytes_three_times_are_three_items_that_know_of_each_other(chain: Paperchain) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        claiming.take(chain, claiming.claim(chain.settings.inbox, drop(chain, name)))
    with chain.db.reading() as session:
        assert inbox.same_bytes(session, inbox.by_number(session, 3)) == [1, 2]


def test_a_file_that_is_being_written_is_not_taken(chain: Paperchain) -> None:
    path = drop(chain)
    with path.open("ab"):
        claimed = claiming.claim(chain.settings.inbox, path)
        with pytest.raises(NotTaken, match="being written"):
            claiming.take(chain, claimed)
    assert claiming.take(chain, claimed) == 1


def test_a_link_or_a_pipe_is_never_followed(chain: Paperchain, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"another family's paper")
    inbox_folder = chain.settings.inbox
    (inbox_folder / "link.pdf").symlink_to(secret)
    os.mkfifo(inbox_folder / "pipe.pdf")
    os.link(secret, inbox_folder / "hard.pdf")
    for name in ("link.pdf", "pipe.pdf", "hard.pdf"):
        with pytest.raises(NotTaken):
            claiming.take(chain, claiming.claim(inbox_folder, inbox_folder / name))
    assert items(chain) == []
    assert secret.read_bytes() == b"another family's paper"


@pytest.mark.parametrize(
    "name",
    [
        b"plain.pdf",
        b"new\nline.pdf",
        "r\u202eight.pdf".encode(),
        b"-rf",
        b"=cmd()",
        b"bad \xff\xfe bytes.pdf",
        b"x" * 255,
    ],
)
def test_any_name_is_kept_as_it_came(chain: Paperchain, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(chain.settings.inbox) + b"/" + name))
    path.write_bytes(SCAN)
    number = claiming.take(chain, claiming.claim(chain.settings.inbox, path))
    with chain.db.reading() as session:
        assert os.fsencode(inbox.name_of(session, inbox.by_number(session, number))) == name


def test_dropping_copies_whole_files_and_never_replaces_one(chain: Paperchain, tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(SCAN)
    names = [claiming.drop(chain.settings.inbox, source).name for _ in range(3)]
    assert names == ["scan.pdf", "scan (2).pdf", "scan (3).pdf"]
    assert source.read_bytes() == SCAN
