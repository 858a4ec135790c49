"""What a check finds wrong in a service's own folder is not read by; what it found is kept for as long as nothing changes."""

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from forms import verdicts
from forms.catalogue import BLANKS, load_catalogue
from forms.drafting import checking, looking

NAME = "westminster-consent.2023"
RAW: dict[str, Any] = json.loads((BLANKS / f"{NAME}.json").read_text("utf-8"))


def swapped() -> dict[str, Any]:
    raw = copy.deepcopy(RAW)
    boxes = raw["fields"][0]["boxes"]
    boxes["yes"], boxes["no"] = boxes["no"], boxes["yes"]
    return raw


def put(folder: Path, raw: dict[str, Any], *, picture: bool = True) -> None:
    name = f"{raw['id']}.{raw['edition']}"
    (folder / f"{name}.json").write_text(json.dumps(raw), "utf-8")
    if picture:
        shutil.copy(BLANKS / f"{NAME}-1.png", folder / f"{name}-1.png")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One right template and one whose yes and no are exchanged."""
    put(tmp_path, RAW | {"id": "right"})
    put(tmp_path, swapped() | {"id": "wrong"})
    return tmp_path


def ids(folder: Path) -> set[str]:
    found = looking.readable(folder)
    assert {page.id for page in found.known_pages() if page.template} == {one.id for one in found.templates()}
    return {one.id for one in found.templates()}


def test_a_wrong_template_is_not_read_by_and_is_named(folder: Path) -> None:
    assert "right" in ids(folder) and "wrong" not in ids(folder)
    (one,) = verdicts.unused(folder, looking.looked_at(folder))
    assert one.file == "wrong.2023.json"
    assert one.why.startswith("The yes box of store_on_database lies by its printed No")


def test_a_missing_picture_does_not_stop_the_reader(folder: Path) -> None:
    put(folder, RAW | {"id": "bare"}, picture=False)
    assert "bare" not in ids(folder) and "right" in ids(folder)


def test_what_was_found_is_kept_and_not_looked_for_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = looking.looked_at(folder)
    monkeypatch.setattr(checking, "check", lambda *_: pytest.fail("looked again"))
    assert looking.looked_at(folder) == first
    assert verdicts.kept(folder)[1] == ()


@pytest.mark.parametrize("changed", ["template", "picture", "pdf", "rules"])
def test_a_change_is_looked_at_again(folder: Path, changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looking.looked_at(folder)
    if changed == "template":
        put(folder, RAW | {"id": "wrong"})
    elif changed == "picture":
        (folder / "wrong.2023-1.png").write_bytes(b"no picture")
    elif changed == "pdf":
        (folder / "wrong.2023.pdf").write_bytes(b"no pdf")
    else:
        monkeypatch.setattr(verdicts, "_rules", lambda: b"other rules")
    left = [name for name, _ in verdicts.kept(folder)[1]]
    assert left == (["right", "wrong"] if changed == "rules" else ["wrong"])
    assert ("wrong" in ids(folder)) is (changed == "template")


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "no json"])
def test_a_broken_store_of_verdicts_is_made_anew(folder: Path, text: str) -> None:
    (folder / verdicts.KEPT).write_text(text)
    assert "wrong" not in ids(folder)
    assert verdicts.kept(folder)[1] == ()


def test_a_folder_that_cannot_be_written_is_looked_at_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert "wrong" not in ids(folder)
    assert not (folder / verdicts.KEPT).exists()


def test_a_check_that_fails_leaves_one_template_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(template: Any, known: Any) -> Any:
        if template.id == "wrong":
            raise ValueError("beyond all words")
        return checking.Findings((), ())

    monkeypatch.setattr(checking, "check", broken)
    assert "right" in ids(folder) and "wrong" not in ids(folder)
    assert verdicts.unused(folder, looking.looked_at(folder))[0].why == verdicts.UNSEEN


@pytest.mark.parametrize("broken", [False, True])
def test_a_form_of_ours_is_not_read_by_where_the_services_own_for_it_is_wrong(tmp_path: Path, broken: bool) -> None:
    put(tmp_path, swapped())
    if broken:
        (tmp_path / f"{NAME}.json").write_text("{")
    found = looking.readable(tmp_path)
    assert (RAW["id"], "2023") not in {(one.id, one.edition) for one in found.templates()}
    assert len(found.templates()) == len(load_catalogue().templates()) - 1


@pytest.mark.parametrize("edition", ["2023", "2099"])
def test_a_broken_file_of_any_name_keeps_the_form_out_that_it_was_to_replace(tmp_path: Path, edition: str) -> None:
    """A comma too few in `a.json` must not bring ours back."""
    ours = load_catalogue().get("westminster-consent", "2023")
    text = json.dumps(json.loads((BLANKS / "westminster-consent.2023.json").read_text("utf-8")) | {"edition": edition})
    (tmp_path / "a.json").write_text(text.replace(",", "", 1), "utf-8")
    assert (ours in looking.readable(tmp_path).templates()) == (edition == "2099")
    (tmp_path / "a.json").write_text(text[:-40], "utf-8")
    assert (ours in looking.readable(tmp_path).templates()) == (edition == "2099")


def test_without_a_folder_all_of_ours_are_read(tmp_path: Path) -> None:
    assert looking.readable(None) is load_catalogue()
    assert looking.readable(tmp_path / "missing") is load_catalogue()
    assert list(tmp_path.iterdir()) == []
