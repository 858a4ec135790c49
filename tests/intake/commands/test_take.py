"""`paperchain take`: copies files in; the originals stay; what is no file is named and stops none of the others."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from intake.commands import app
from intake.commands.outcome import Exit, run_command
from records.documents import holdings
from records.documents.tables import Document
from records.post.tables import Item
from tests.builders import home
from tests.commanding import environment


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in environment(tmp_path / "home").items():
        if name.startswith("PAPERCHAIN_"):
            monkeypatch.setenv(name, value)
    return tmp_path


def take(*words: str | Path) -> int:
    return run_command(lambda: app(["take", *map(str, words)], standalone_mode=False))


def test_a_file_is_copied_in_and_stays(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = place / "letter.pdf"
    letter.write_bytes(b"%PDF-1.4 an invented letter")
    assert take(letter, "--json") == Exit.DONE
    assert json.loads(capsys.readouterr().out) == {"item": 1, "name": "letter.pdf"}
    assert letter.read_bytes() == b"%PDF-1.4 an invented letter"
    assert not [path for path in (place / "home" / "inbox").iterdir() if path.is_file()]
    with home(place / "home") as chain, chain.db.reading() as session:
        item = session.exec(select(Item)).one()
        kept = holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id))
    assert kept == b"%PDF-1.4 an invented letter"


def test_what_is_no_file_is_named_and_the_others_are_taken(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = place / "letter.pdf"
    letter.write_bytes(b"%PDF-1.4 an invented letter")
    assert take(place / "missing.pdf", place, letter, "--json") == Exit.UNUSABLE
    out, err = capsys.readouterr()
    assert json.loads(out)["item"] == 1
    assert err.count("is not a file") == 2
