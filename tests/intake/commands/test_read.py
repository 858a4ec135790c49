"""`paperchain read`: a file that cannot be used gives an object with its error, exit 4, and the others are read."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms.assemble import SEVERAL
from forms.catalogue import BLANKS
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
    assert set(found[3]) == {"file", "pages", "form", "edition", "notes", "fields", "seconds"}
    assert found[3]["pages"] == [1] and found[3]["notes"] == []
    assert found[3]["fields"]
    for field in found[3]["fields"].values():
        assert set(field) == {"value", "review", "confidence", "reason", "page", "box"}
    assert not (tmp_path / "home").exists(), "reading stores nothing"


def test_what_is_said_of_a_form_as_a_whole_is_shown_with_it(tmp_path: Path) -> None:
    """P6: whose pages they are is for a person."""
    scan, note = ROOT / "samples" / "SCN_20261109153540_4778.pdf", SEVERAL.format(count=2)
    told = paperchain(tmp_path / "home", "read", "--json", scan)
    found = [json.loads(line) for line in told.stdout.splitlines()]
    notes = [row["notes"] for row in found if row["form"]]
    assert len(notes) == 2 and all(note in each for each in notes)
    assert not any("notes" in row for row in found if not row["form"])
    shown = paperchain(tmp_path / "home", "read", scan).stdout.splitlines()
    forms = [number for number, line in enumerate(shown) if "northamptonshire-consent" in line]
    for number, each in zip(forms, notes, strict=True):
        assert shown[number + 1 : number + 1 + len(each)] == [f"  please look: {one}" for one in each]


def test_a_form_that_was_not_asked_for_is_not_shown(tmp_path: Path) -> None:
    told = paperchain(tmp_path / "home", "read", "--json", "--form", "no-such-form", SAMPLE)
    assert told.returncode == Exit.DONE, told.stderr
    (row,) = map(json.loads, told.stdout.splitlines())
    assert row["form"] is None
    assert "not asked for" in row["reason"]


def test_nothing_is_read_by_a_template_that_a_check_finds_wrong(tmp_path: Path) -> None:
    own = tmp_path / "home" / "forms"
    own.mkdir(parents=True)
    name = "westminster-consent.2023"
    raw = json.loads((BLANKS / f"{name}.json").read_text("utf-8"))
    shutil.copy(BLANKS / f"{name}-1.png", own)
    (own / "other.json").write_text("{")
    for wrong in (False, True):
        if wrong:
            boxes = raw["fields"][0]["boxes"]
            boxes["yes"], boxes["no"] = boxes["no"], boxes["yes"]
        (own / f"{name}.json").write_text(json.dumps(raw), "utf-8")
        told = paperchain(tmp_path / "home", "read", "--json", SAMPLE, PAPERCHAIN_FORMS__FOLDER="forms")
        assert told.returncode == Exit.DONE, told.stderr
        (row,) = map(json.loads, told.stdout.splitlines())
        assert row["form"] == (None if wrong else "westminster-consent")
        assert ("The yes box of store_on_database lies by its printed No" in told.stderr) is wrong
        assert "other.json is not used: it cannot be read at line 1" in told.stderr


def test_without_tesseract_nothing_is_read(tmp_path: Path) -> None:
    told = paperchain(tmp_path / "home", "read", SAMPLE, PATH="/nowhere")
    assert told.returncode == Exit.NOT_SET_UP
    assert told.stderr.startswith("Tesseract is missing. Type: apt-get install")
    assert told.stdout == ""


def coloured(png: Path) -> int:
    pixels = np.asarray(Image.open(png).convert("RGB")).astype(int)
    return int(((pixels.max(axis=2) - pixels.min(axis=2)) > 60).sum())


def test_what_was_read_is_drawn_on_the_page_for_its_owner(tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    told = paperchain(tmp_path / "home", "read", SAMPLE, "--overlay", out)
    assert told.returncode == Exit.DONE, told.stderr
    assert f"Drew {out}. It shows the form" in told.stderr
    assert Image.open(out).size == (1654, 2339) and coloured(out) > 2000
    assert out.stat().st_mode & 0o077 == 0


def test_several_pages_become_numbered_pictures_and_a_letter_stays_plain(tmp_path: Path) -> None:
    scan = ROOT / "samples" / "SCN_20260920080014_4786.tif"  # a form and a letter, both upside down
    told = paperchain(tmp_path / "home", "read", "--json", scan, "--overlay", tmp_path / "out.PNG")
    assert told.returncode == Exit.DONE, told.stderr
    assert all(json.loads(line)["file"] == scan.name for line in told.stdout.splitlines())
    assert sorted(path.name for path in tmp_path.glob("*.PNG")) == ["out-1.PNG", "out-2.PNG"]
    assert coloured(tmp_path / "out-1.PNG") > 2000 and coloured(tmp_path / "out-2.PNG") == 0


@pytest.mark.parametrize(("words", "says"), [
    ((SAMPLE, SAMPLE, "--overlay", "out.png"), "name one FILE"),
    ((SAMPLE, "--overlay", "out.pdf"), "OUT.png"),
])  # fmt: skip
def test_a_picture_is_of_one_file_and_a_png(tmp_path: Path, words: tuple[str | Path, ...], says: str) -> None:
    told = paperchain(tmp_path / "home", "read", *words)
    assert told.returncode == Exit.USAGE
    assert says in " ".join(told.stderr.split())


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    told = paperchain(tmp_path / "home", "read", SAMPLE, "--overlay", tmp_path / "nowhere" / "out.png")
    assert told.returncode == Exit.NOT_SET_UP
    assert "The picture could not be made: no such file or directory." in told.stderr
