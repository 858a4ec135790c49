"""`paperchain read`: a file that cannot be used gives an object with its error, exit 4, and the others are read."""

import json
from pathlib import Path

import pytest

from intake.commands.outcome import Exit
from tests.commanding import ROOT, paperchain
from tests.hostile import locked

pytestmark = pytest.mark.slow

SAMPLE = ROOT / "samples" / "IASS-MFP_4767.pdf"


def test_unusable_files_do_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "locked.pdf").write_bytes(locked())
    (tmp_path / "empty.pdf").write_bytes(b"")
    files = [tmp_path / "missing.pdf", tmp_path / "locked.pdf", tmp_path / "empty.pdf", SAMPLE]
    told = paperchain(tmp_path / "home", "read", "--json", *files)
    assert told.returncode == Exit.UNUSABLE, told.stderr
    assert told.stderr == ""
    found = [json.loads(line) for line in told.stdout.splitlines()]
    assert [row["file"] for row in found] == [file.name for file in files]
    for row in found[:3]:
        assert set(row) == {"file", "error"}
        assert row["error"].endswith(".")
        assert str(tmp_path) not in row["error"]
    assert set(found[3]) == {"file", "pages", "form", "edition", "fields", "seconds"}
    assert found[3]["pages"] == [1]
    assert found[3]["fields"]
    for field in found[3]["fields"].values():
        assert set(field) == {"value", "review", "confidence", "reason", "page", "box"}
    assert not (tmp_path / "home").exists(), "reading stores nothing"


def test_a_form_that_was_not_asked_for_is_not_shown(tmp_path: Path) -> None:
    told = paperchain(tmp_path / "home", "read", "--json", "--form", "no-such-form", SAMPLE)
    assert told.returncode == Exit.DONE, told.stderr
    (row,) = map(json.loads, told.stdout.splitlines())
    assert row["form"] is None
    assert "not asked for" in row["reason"]


def test_without_tesseract_nothing_is_read(tmp_path: Path) -> None:
    told = paperchain(tmp_path / "home", "read", SAMPLE, PATH="/nowhere")
    assert told.returncode == Exit.NOT_SET_UP
    assert told.stderr.startswith("Tesseract is missing. Type: apt-get install")
    assert told.stdout == ""
