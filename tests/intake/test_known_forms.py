"""What is filed is filed under the question that it was read under: a template that is not used is not known to filing."""

import copy
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from forms.catalogue import BLANKS
from intake import in_use, known_forms
from records.post.tables import Part
from records.vocabulary import PartKind, PartState

NAME = "westminster-consent.2023"
RAW: dict[str, Any] = json.loads((BLANKS / f"{NAME}.json").read_text("utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The service's own template in the place of one of ours."""
    for path in BLANKS.glob(f"{NAME}*.png"):
        shutil.copy(path, tmp_path / path.name)
    put(tmp_path, RAW)
    known_forms.remember(tmp_path)
    yield tmp_path
    known_forms.remember(None)


def put(folder: Path, raw: dict[str, Any]) -> None:
    (folder / f"{NAME}.json").write_text(json.dumps(raw), "utf-8")


def part() -> Part:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Part(
        id=uuid4(), item_id=1, kind=PartKind.FORM, state=PartState.TO_REVIEW, read_at=at, form=RAW["id"], edition="2023"
    )  # fmt: skip


def exchanged() -> dict[str, Any]:
    """Yes and no of the first question are exchanged, and it answers what no consent is called."""
    raw = copy.deepcopy(RAW) | {"title": "Ours"}
    first = raw["fields"][0]
    first["boxes"]["yes"], first["boxes"]["no"] = first["boxes"]["no"], first["boxes"]["yes"]
    first["item"] = "stor"
    return raw


def test_nothing_is_filed_by_a_template_that_is_not_used_nor_by_the_one_it_stands_for(folder: Path) -> None:
    put(folder, RAW | {"title": "Ours"})
    assert in_use.template_of(Session(), part()).title == "Ours"
    put(folder, exchanged())
    with pytest.raises(in_use.NotInUse):
        in_use.template_of(Session(), part())
    assert known_forms.catalogue().templates(), "the other forms are filed"
    put(folder, RAW | {"title": "Mended"})
    assert in_use.template_of(Session(), part()).title == "Mended"


def test_nothing_is_filed_by_ours_where_the_services_own_for_it_is_no_template(folder: Path) -> None:
    (folder / f"{NAME}.json").write_text("{")
    with pytest.raises(in_use.NotInUse):
        in_use.template_of(Session(), part())


def test_nothing_is_filed_by_ours_where_two_of_the_services_own_claim_its_name(folder: Path) -> None:
    (folder / f"{NAME}.json").rename(folder / "a.json")
    assert in_use.template_of(Session(), part())
    shutil.copy(folder / "a.json", folder / "b.json")
    with pytest.raises(in_use.NotInUse):
        in_use.template_of(Session(), part())
