"""A folder of templates: one wrong file is named and left out, and the others are used."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forms.catalogue import BLANKS, load_catalogue, with_own

NAME = "westminster-consent.2023"
TEXT = (BLANKS / f"{NAME}.json").read_text("utf-8")
RAW: dict[str, Any] = json.loads(TEXT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good template of its own."""
    good = copy.deepcopy(RAW) | {"id": "ours", "edition": "1"}
    (tmp_path / "ours.1.json").write_text(json.dumps(good), "utf-8")
    shutil.copy(BLANKS / f"{NAME}-1.png", tmp_path / "ours.1-1.png")
    return tmp_path


def spoilt(**changed: object) -> str:
    return json.dumps(RAW | changed)


BROKEN: dict[str, str] = {
    "line 2, character 1: a comma or a closing bracket is missing": '{"id": "x"\n"edition": "1"}',
    "is there a comma too many": '{"id": "x",}',
    "the closing quotation mark is missing": '{"id": "x',
    "something stands behind the end": spoilt() + "}",
    "“id” is said twice in one place": '{"id": "x", "id": "y"}',
    "the template must stand in": "[]",
    "does not say its id": '{"fields": []}',
    "field store_on_database stands twice": spoilt(fields=[RAW["fields"][0], RAW["fields"][0]]),
    "far too many figures": '{"id": ' + "1" * 5000 + "}",
    "page 1 of the template: a number is too large": spoilt(pages=[{"width": 10**400, "height": 842}]),
    "field store_on_database: text of labels: a number is too large": spoilt(
        fields=[RAW["fields"][0] | {"labels": {"text": [0, 0, 10**400, 1]}}]
    ),
    "the id of the template has letters, figures and hyphens only, 80 at most": spoilt(id="a" * 260),
    "the edition of the template has letters, figures and hyphens only, 80 at most": spoilt(edition="2" * 81),
    "kind may be yes_no, tick, text, date or signature": spoilt(fields=[RAW["fields"][0] | {"kind": "yesno"}]),
    "“neded” is no word": spoilt(fields=[RAW["fields"][0] | {"neded": False}]),
}


@pytest.mark.parametrize(("why", "text"), BROKEN.items(), ids=list(BROKEN))
def test_a_wrong_file_is_named_and_the_others_are_used(folder: Path, why: str, text: str) -> None:
    (folder / "wrong.json").write_text(text, "utf-8")
    found = with_own(folder)
    assert [one.file for one in found.unused] == ["wrong.json"]
    assert why in found.unused[0].why
    assert len(found.templates()) == len(load_catalogue().templates()) + 1
    assert found.get("ours", "1").fields


def test_a_mended_file_is_used_at_once(folder: Path) -> None:
    wrong = folder / "wrong.json"
    wrong.write_text("{")
    assert with_own(folder).unused
    wrong.write_text(spoilt(id="mended"))
    assert with_own(folder).unused == ()
    assert with_own(folder).get("mended", "2023")


def test_text_that_is_no_utf_8_is_named(folder: Path) -> None:
    (folder / "wrong.json").write_bytes(TEXT.encode("utf-8") + b"\xe4")
    assert [one.why for one in with_own(folder).unused] == ["it is not saved as UTF-8 text"]


def test_of_two_files_with_one_name_the_one_counts_that_is_called_so(folder: Path) -> None:
    shutil.copy(folder / "ours.1.json", folder / "copy.json")
    found = load_catalogue(folder)
    assert [(one.file, "id and edition of ours.1.json" in one.why) for one in found.unused] == [("copy.json", True)]
    assert [(one.id, one.edition) for one in found.templates()] == [("ours", "1")]


def test_of_two_files_with_one_name_none_counts_where_none_is_called_so(folder: Path) -> None:
    (folder / "ours.1.json").rename(folder / "a.json")
    shutil.copy(folder / "a.json", folder / "b.json")
    found = load_catalogue(folder)
    assert [one.file for one in found.unused] == ["a.json", "b.json"]
    assert found.templates() == ()


POLICIES: dict[str, Callable[[], object]] = {
    "does not say its pages": lambda: [{"id": "rules", "size": [595, 842]}],
    "it is no list of policies": lambda: {"id": 3},
    "there is no picture rules-1.png": lambda: [
        {"id": "rules", "size": [595, 842], "pages": ["rules-1.png"], "pdf": "rules.pdf"}
    ],
    "it is no list of policies ": lambda: [
        {"id": 3, "size": [595, 842], "pages": ["ours.1-1.png"], "pdf": "rules.pdf"}
    ],
    "it is no list of policies  ": lambda: [
        {"id": "rules", "size": [595, 10**400], "pages": ["ours.1-1.png"], "pdf": "rules.pdf"}
    ],
    "a file that it names cannot be opened: file name too long": lambda: [
        {"id": "rules", "size": [595, 842], "pages": ["a" * 260], "pdf": "rules.pdf"}
    ],
}


@pytest.mark.parametrize(("why", "made"), POLICIES.items(), ids=list(POLICIES))
def test_policies_that_are_not_right_are_named(folder: Path, why: str, made: Callable[[], object]) -> None:
    (folder / "policies.json").write_text(json.dumps(made()))
    found = with_own(folder)
    assert [(one.file, why.strip() in one.why) for one in found.unused] == [("policies.json", True)]
    assert found.get("ours", "1")


def test_what_is_put_beside_a_template_later_is_seen(folder: Path) -> None:
    (folder / "policies.json").write_text(json.dumps(POLICIES["there is no picture rules-1.png"]()))
    assert with_own(folder).unused and with_own(folder).known_pages()[-1].pdf is None
    shutil.copy(BLANKS / f"{NAME}-1.png", folder / "rules-1.png")
    shutil.copy(BLANKS / "westminster-consent.pdf", folder / "ours.1.pdf")
    found = with_own(folder)
    assert not found.unused and "rules" in {page.id for page in found.known_pages()}
    assert [page.pdf for page in found.pages_called(("ours", "1"))] == [folder / "ours.1.pdf"]
