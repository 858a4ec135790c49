"""Which scans of a folder are measured, and why a folder cannot be."""

import json
from pathlib import Path

import pytest

from forms.catalogue import load_catalogue
from intake.measuring import NotLabelled, in_figure_boxes, labelled

ROW = {"file": "a.pdf", "pages": [1], "form": "ours", "difficulty": "clean", "fields": {}}


def folder(path: Path, rows: list[object], scans: tuple[str, ...] = ("a.pdf",)) -> Path:
    (path / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for name in scans:
        (path / name).write_bytes(b"%PDF-")
    return path


def test_scans_with_forms_and_scans_without_are_taken_others_are_not(tmp_path: Path) -> None:
    folder(tmp_path, [ROW, {**ROW, "pages": [2]}], ("a.pdf", "letter.tif", "unlabelled.pdf"))
    (tmp_path / "pages.jsonl").write_text(
        '{"file": "letter.tif", "pages": ["letter"]}\n{"file": "locked.pdf", "pages": null}\n'
    )
    first, second = labelled(tmp_path)
    assert (first.path.name, len(first.forms), first.kinds) == ("a.pdf", 2, None)
    assert (second.path.name, second.forms) == ("letter.tif", ())
    assert second.kinds is not None and second.kinds.pages == ("letter",)


def test_a_folder_that_cannot_be_measured_says_why(tmp_path: Path) -> None:
    def why(path: Path) -> str:
        with pytest.raises(NotLabelled) as told:
            labelled(path)
        return told.value.message

    assert "There is no folder" in why(tmp_path / "nowhere")
    assert "There is no truth.jsonl" in why(tmp_path)
    (tmp_path / "truth.jsonl").write_bytes(b"\xff\xfe")
    assert why(tmp_path) == "truth.jsonl cannot be read as text."
    folder(tmp_path, [])
    assert "holds no form" in why(tmp_path)
    folder(tmp_path, [ROW, {**ROW, "file": "Ada Invented.pdf"}])
    assert "1 of the 2 scans that are labelled" in why(tmp_path) and "Ada" not in why(tmp_path)
    folder(tmp_path, [{**ROW, "fields": 3}])
    assert why(tmp_path).startswith("Line 1 of truth.jsonl cannot be used")


def test_a_name_with_folders_stays_in_the_folder(tmp_path: Path) -> None:
    (scan,) = labelled(folder(tmp_path, [{**ROW, "file": "../../etc/a.pdf"}]))
    assert scan.path == tmp_path / "a.pdf"


def test_a_date_counts_by_how_its_own_edition_is_printed() -> None:
    """The Westminster form of 2023 has printed slashes, our print of it a box for each figure: their goals differ."""
    found = in_figure_boxes(load_catalogue().templates())
    assert ("westminster-consent", "2026", "date_of_birth") in found
    assert ("westminster-consent", "2023", "date_of_birth") not in found
    assert ("northamptonshire-consent", "2025", "date_of_birth") in found
