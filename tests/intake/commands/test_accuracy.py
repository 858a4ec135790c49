"""`paperchain forms accuracy`: figures and pictures of a folder, and what is wrong with a folder, as a person types it."""

import json
import shutil
from pathlib import Path

import pytest

from intake.commands.outcome import Exit
from tests.commanding import ROOT, paperchain

SAMPLES = ROOT / "samples"
FORM, LETTER = "IASS-MFP_4767.pdf", "Scan 20250820 (4791).pdf"


def rows(name: str, *files: str) -> list[dict[str, object]]:
    told = [json.loads(line) for line in (SAMPLES / name).read_text("utf-8").splitlines()]
    return [row for row in told if row["file"] in files]


def some_samples(folder: Path, truth: list[dict[str, object]]) -> Path:
    folder.mkdir()
    for name in (FORM, LETTER):
        shutil.copyfile(SAMPLES / name, folder / name)
    (folder / "truth.jsonl").write_text("\n".join(map(json.dumps, truth)))
    (folder / "pages.jsonl").write_text("\n".join(map(json.dumps, rows("pages.jsonl", FORM, LETTER))))
    return folder


@pytest.mark.slow
def test_figures_go_to_stdout_and_pictures_to_a_file_for_its_owner(tmp_path: Path) -> None:
    scans = some_samples(tmp_path / "scans", rows("truth.jsonl", FORM))
    told = paperchain(tmp_path / "home", "forms", "accuracy", scans, "--to", tmp_path / "out", "--workers", "2")
    assert told.returncode == Exit.DONE, told.stderr
    assert told.stdout.startswith("CLEAN: 1 form\n")
    assert "false yes, taken without asking" in told.stdout and "Seconds a page: median" in told.stdout
    report = tmp_path / "out" / "accuracy.html"
    assert str(report) in told.stderr and "It shows parts of forms" in told.stderr
    assert "reading 1 form:" in report.read_text("utf-8")
    assert report.stat().st_mode & 0o077 == 0
    assert not (tmp_path / "home").exists(), "measuring stores nothing"


@pytest.mark.slow
def test_json_has_one_object_a_figure_and_a_wrong_truth_shows_as_wrong_answers(tmp_path: Path) -> None:
    (row,) = rows("truth.jsonl", FORM)
    fields = row["fields"]
    assert isinstance(fields, dict)
    turned = {"yes": "no", "no": "yes"}
    fields["contact_by_email"]["value"] = turned[fields["contact_by_email"]["value"]]
    scans = some_samples(tmp_path / "scans", [row])
    told = paperchain(tmp_path / "home", "forms", "accuracy", scans, "--to", tmp_path / "out", "--json")
    assert told.returncode == Exit.DONE, told.stderr
    found = {(one["difficulty"], one["figure"]): one for one in map(json.loads, told.stdout.splitlines())}
    assert found["clean", "forms found"]["count"] == 1
    assert (
        found["clean", "forms found that are none"] | {"count": 0, "of": 2}
        == found["clean", "forms found that are none"]
    )
    wrong = found["all", "false yes taken"]["count"] + found["all", "missed yes taken"]["count"]
    assert wrong == 1
    assert found["all", "seconds a page"]["pages"] == 2
    assert "News by email" in (tmp_path / "out" / "accuracy.html").read_text("utf-8")


def test_a_folder_without_truth_cannot_be_used(tmp_path: Path) -> None:
    told = paperchain(tmp_path / "home", "forms", "accuracy", tmp_path, "--to", tmp_path / "out")
    assert told.returncode == Exit.UNUSABLE
    assert told.stderr.startswith("There is no truth.jsonl in ") and told.stderr.count("\n") == 1
    assert told.stdout == "" and not (tmp_path / "out").exists()


def test_a_report_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    scans = some_samples(tmp_path / "scans", rows("truth.jsonl", FORM))
    (tmp_path / "out").write_text("a file")
    told = paperchain(tmp_path / "home", "forms", "accuracy", scans, "--to", tmp_path / "out")
    assert told.returncode == Exit.NOT_SET_UP
    assert "Name another folder with --to." in told.stderr
