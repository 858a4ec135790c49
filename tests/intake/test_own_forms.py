"""What is told of a service's own folder of forms: nothing in it stops a start, and nothing that was not looked at is called right."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from forms import verdicts
from forms.catalogue import BLANKS, load_catalogue
from forms.drafting import checking, looking
from intake import forms_in_use, own_forms
from intake.errors import FormsNotReady
from intake.sandbox.reader import FormsReader

NAME = "westminster-consent.2023"
RAW: dict[str, Any] = json.loads((BLANKS / f"{NAME}.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    yield
    own_forms._failed.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one right template."""
    (tmp_path / "ours.2023.json").write_text(json.dumps(RAW | {"id": "ours"}), "utf-8")
    shutil.copy(BLANKS / f"{NAME}-1.png", tmp_path / "ours.2023-1.png")
    return tmp_path


def ids(folder: Path) -> set[str]:
    return {one.id for one in own_forms.readable(folder).templates()}


def test_a_right_folder_has_nothing_to_tell(folder: Path) -> None:
    assert own_forms.not_used(folder) == () and "ours" in ids(folder)


@pytest.mark.parametrize("name", [".#ours.2023.json", ".ours.json", "ours.2023-2.png", "gone.json", "gone.pdf"])
def test_a_link_that_leads_nowhere_is_not_there(folder: Path, name: str) -> None:
    (folder / name).symlink_to("somebody@machine.4711:1")
    assert own_forms.not_used(folder) == () and "ours" in ids(folder)
    assert "ours" in {one.id for one in looking.readable(folder).templates()}


def test_a_hidden_file_is_an_editors_own(folder: Path) -> None:
    (folder / ".ours.2023.json").write_text("{")
    assert own_forms.not_used(folder) == ()


def test_a_reason_that_asks_ends_as_a_question(folder: Path) -> None:
    (folder / "broken.2026.json").write_text('{"pages": [}')
    (told,) = own_forms.not_used(folder)
    assert "comma too many? Mend it" in told


def test_a_picture_that_cannot_be_opened_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "ours.2023-1.png":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    (one,) = verdicts.unused(folder, looking.looked_at(folder))
    assert (one.file, one.why) == (
        "ours.2023.json", "The picture ours.2023-1.png cannot be opened: permission denied",
    )  # fmt: skip
    monkeypatch.undo()
    assert verdicts.unused(folder, looking.looked_at(folder)) == (), "it is looked at again once it can be opened"


def test_a_picture_that_is_none_is_called_so(folder: Path) -> None:
    (folder / "ours.2023-1.png").write_bytes(b"no picture")
    (one,) = verdicts.unused(folder, looking.looked_at(folder))
    assert one.why.startswith("ours.2023-1.png is no picture")


def test_a_folder_that_cannot_be_read_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", locked)
    (told,) = own_forms.not_used(folder)
    assert "cannot be read: permission denied" in told
    assert own_forms.readable(folder) is load_catalogue()
    monkeypatch.undo()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "cannot be read: permission denied" in own_forms.not_used(folder)[0]


def test_what_was_not_looked_at_is_not_called_right_and_is_looked_at_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "odd.json").write_text("{")
    tries = []

    def slow(*_: object, **__: object) -> Any:
        tries.append(1)
        raise subprocess.TimeoutExpired("look", 120)

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", slow)
        odd, ours = own_forms.not_used(folder)
        assert odd.startswith("odd.json is not used: it cannot be read at line 1")
        assert ours == f"ours.2023.json is not used: {own_forms.NOT_LOOKED_AT}. {own_forms.LATER}"
        assert "ours" not in ids(folder) and len(tries) == 1, "the desk does not wait for it at each look"
    monkeypatch.setattr(own_forms, "_AGAIN_SECONDS", 0.0)
    assert [one.split()[0] for one in own_forms.not_used(folder)] == ["odd.json"]
    assert "ours" in ids(folder)


def test_a_passing_fault_is_no_verdict(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Any:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(checking, "check", full)
        assert looking.looked_at(folder) == {("ours", "2023"): (verdicts.UNSEEN,)}
    assert verdicts.kept(folder)[1] == (("ours", "2023"),)
    assert looking.looked_at(folder) == {("ours", "2023"): ()}


def test_a_look_that_one_template_ended_is_asked_for_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.dumps([["ours.2023.json", verdicts.UNSEEN]]).encode()
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, said))
        assert own_forms.not_used(folder)[0].endswith(own_forms.LATER)
    monkeypatch.setattr(own_forms, "_AGAIN_SECONDS", 0.0)
    assert own_forms.not_used(folder) == ()


def test_what_was_looked_at_before_a_look_was_stopped_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "theirs.2023.json").write_text(json.dumps(RAW | {"id": "theirs"}), "utf-8")
    shutil.copy(BLANKS / f"{NAME}-1.png", folder / "theirs.2023-1.png")
    check = checking.check

    def stopped(template: Any, known: Any) -> Any:
        if template.id == "theirs":
            raise KeyboardInterrupt
        return check(template, known)

    monkeypatch.setattr(checking, "check", stopped)
    with pytest.raises(KeyboardInterrupt):
        looking.looked_at(folder)
    assert verdicts.kept(folder)[1] == (("theirs", "2023"),)


@pytest.mark.parametrize("name", ["blank_pages.py", "drafting/printed.py", "writing/new.py"])
def test_a_newer_version_looks_again(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "forms"
    shutil.copytree(BLANKS.parent, copy, ignore=shutil.ignore_patterns("blanks", "__pycache__"))
    monkeypatch.setattr(verdicts, "_FORMS", copy)
    before = verdicts._rules.__wrapped__()
    assert verdicts._rules.__wrapped__() == before
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("# another rule\n")
    assert verdicts._rules.__wrapped__() != before


def test_a_store_of_verdicts_without_end_is_made_anew(folder: Path) -> None:
    (folder / verdicts.KEPT).write_text("[" * 200_000)
    assert looking.looked_at(folder) == {("ours", "2023"): ()}
    assert verdicts.kept(folder)[1] == ()


@pytest.fixture
def policy(folder: Path) -> Path:
    """The folder with a policy that travels with its form. Returns the picture of its second page."""
    for number in (1, 2):
        shutil.copy(BLANKS / f"westminster-policy.2023-{number}.png", folder / f"rules-{number}.png")
    pages = ["rules-1.png", "rules-2.png"]
    (folder / "policies.json").write_text(
        json.dumps([{"id": "rules", "size": [595.304, 841.89], "pages": pages, "pdf": "rules.pdf"}])
    )
    return folder / "rules-2.png"


def known(folder: Path) -> list[str]:
    found = own_forms.readable(folder), looking.readable(folder)
    names = [[page.id for page in one.known_pages()] for one in found]
    assert names[0] == names[1] and "ours" in names[0] and names[0].count("westminster-policy") == 3
    return names[0]


def test_a_policys_pages_are_known(folder: Path, policy: Path) -> None:
    assert own_forms.not_used(folder) == ()
    assert known(folder).count("rules") == 2
    assert verdicts.kept(folder)[1] == ()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda picture: picture.write_bytes(b"no picture"), "rules-2.png is no picture. Put the picture of page 2"),
        (lambda picture: picture.write_bytes(b""), "rules-2.png is no picture. Put the picture of page 2"),
        (lambda picture: shutil.copy(picture.parents[0] / "small.png", picture), "The picture of page 2 is 20 × 10 dots"),
        (lambda picture: picture.with_name("rules.pdf").write_bytes(b"none"), "rules.pdf cannot be opened"),
        (lambda picture: picture.unlink(), "there is no picture rules-2.png"),
    ],
    ids=["broken", "empty", "small", "pdf", "missing"],
)  # fmt: skip
def test_a_broken_policy_is_named_and_stops_no_reading(
    folder: Path, policy: Path, spoil: Callable[[Path], object], why: str
) -> None:
    cv2.imwrite(str(folder / "small.png"), np.full((10, 20), 255, np.uint8))
    spoil(policy)
    (told,) = own_forms.not_used(folder)
    assert told.startswith(f"policies.json is not used: {why}")
    assert "rules" not in known(folder)
    FormsReader(folder)
    assert own_forms.not_used(folder) == (told,), "it is kept"


def test_a_mended_policy_is_used_again(folder: Path, policy: Path) -> None:
    whole = policy.read_bytes()
    policy.write_bytes(b"no picture")
    assert own_forms.not_used(folder)
    policy.write_bytes(whole)
    assert own_forms.not_used(folder) == () and known(folder).count("rules") == 2


@pytest.fixture
def copies(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    """Where the folder is kept as it is now."""
    place = tmp_path_factory.mktemp("home") / "copies"
    forms_in_use.now(place, folder)
    return place


def test_it_is_told_by_what_letters_are_read_while_a_file_is_newly_wrong(folder: Path, copies: Path) -> None:
    assert own_forms.not_used(folder, copies) == ()
    whole = (folder / "ours.2023.json").read_bytes()
    (folder / "ours.2023.json").write_bytes(whole[:300])
    wrong, meanwhile = own_forms.not_used(folder, copies)
    assert wrong.startswith("ours.2023.json is not used: it cannot be read") and meanwhile == own_forms.AS_BEFORE
    assert own_forms.not_used(folder) == (wrong,)
    with pytest.raises(KeyError):
        own_forms.readable(folder, copies).get("ours", "2023")  # nothing is filed by it until it is mended
    (folder / "ours.2023.json").write_bytes(whole)
    assert own_forms.not_used(folder, copies) == ()


def test_a_file_that_was_wrong_from_the_first_is_all_that_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "odd.json").write_text("{")
    forms_in_use.now(tmp_path / "copies", folder)
    (told,) = own_forms.not_used(folder, tmp_path / "copies")
    assert told.startswith("odd.json is not used")


@pytest.mark.parametrize("empty", [False, True])
def test_forms_are_filed_by_the_copy_of_a_folder_that_is_away_at_the_start(
    folder: Path, copies: Path, monkeypatch: pytest.MonkeyPatch, empty: bool
) -> None:
    shutil.rmtree(folder)
    if empty:
        folder.mkdir()
    monkeypatch.setattr(own_forms, "_seen", own_forms._Seen())
    assert "ours" in {one.id for one in own_forms.readable(folder, copies).templates()}
    monkeypatch.setattr(own_forms, "_seen", own_forms._Seen())
    (told,) = own_forms.not_used(folder, copies)
    assert "Forms go on being read and filed by what stood in it" in told
    monkeypatch.setattr(own_forms, "_seen", own_forms._Seen())
    assert own_forms.standing(folder, copies) is None
    (next(copies.glob("*/ours.2023.json"))).write_text("{")
    monkeypatch.setattr(own_forms, "_seen", own_forms._Seen())
    assert own_forms.readable(folder, copies) is load_catalogue()
    assert "or is empty. Letters wait" in own_forms.not_used(folder, copies)[0]
    with pytest.raises(FormsNotReady):
        forms_in_use.now(copies, folder)


def test_what_could_not_be_looked_at_is_not_looked_at_twice_in_its_copy(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def slow(*_: object, **__: object) -> Any:
        tries.append(1)
        raise subprocess.TimeoutExpired("look", 120)

    monkeypatch.setattr(subprocess, "run", slow)
    for _ in range(3):
        forms_in_use.now(tmp_path / "copies", folder)
        own_forms.not_used(folder, tmp_path / "copies")
    assert len(tries) == 2, "the folder once, its copy once"


def test_a_service_without_a_folder_of_its_own_keeps_no_copy(copies: Path) -> None:
    assert forms_in_use.now(copies, None) == forms_in_use.InUse(None, own_forms.Standing()) and not copies.exists()
