"""The checker finds nothing in the bundled templates, and each fault where one is put in."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from forms.catalogue import BLANKS, load_catalogue, pages_of
from forms.drafting.checking import Findings, check
from forms.drafting.draft import draft_template, write_beside
from forms.drafting.drawing import draw, save
from forms.template import template_from_json
from tests.forms.drafting.drawing import BOX, pdf_of

NAME = "westminster-consent.2023"
RAW = json.loads((BLANKS / f"{NAME}.json").read_text("utf-8"))


def checked(raw: dict[str, Any], folder: Path = BLANKS) -> Findings:
    template = template_from_json(raw)
    return check(template, pages_of(template, folder))


@pytest.mark.parametrize("template", load_catalogue().templates(), ids=lambda one: f"{one.id} {one.edition}")
def test_the_bundled_templates_are_right(template: Any) -> None:
    assert check(template, pages_of(template, BLANKS)).faults == ()


def moved(field: int, box: str, x: float, y: float) -> Callable[[dict[str, Any]], None]:
    def apply(raw: dict[str, Any]) -> None:
        left, top, right, bottom = raw["fields"][field]["boxes"][box]
        raw["fields"][field]["boxes"][box] = [left + x, top + y, right + x, bottom + y]

    return apply


def put(field: int, key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["fields"][field].update({key: value})


def exchange(raw: dict[str, Any], one: tuple[int, str], two: tuple[int, str]) -> None:
    """Two boxes, each said by its field's place and its name."""
    here, there = raw["fields"][one[0]]["boxes"], raw["fields"][two[0]]["boxes"]
    here[one[1]], there[two[1]] = there[two[1]], here[one[1]]


FAULTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "Something is printed in the box of store_on_database (yes)": moved(0, "yes", 24, 5),
    "Something is printed in the box of child_name": moved(15, "area", -60, 3),
    "boxes of contact_by_email (yes) and contact_by_email (no) lie on one another": moved(1, "no", -64, 0),
    "contact_by_email does not say where its printed text and yes and no stand": put(1, "labels", {}),
    "The box of contact_health is off: the printed one lies at [66.": moved(7, "tick", 0, 4.7),
    "The box of store_on_database (no) is off": moved(0, "no", 4.7, 0),
    "The yes box of store_on_database lies by its printed No": lambda raw: exchange(raw, (0, "yes"), (0, "no")),
    "The box of contact_by_email (yes) lies by the words of contact_by_telephone": lambda raw: exchange(
        raw, (1, "yes"), (2, "yes")
    ),
    "there is no consent “news:mail” (perhaps “news:email”)": put(1, "item", "news:mail"),
    "The words of store_on_database end at 371 pt, its label reaches to 480": put(
        0, "labels", RAW["fields"][0]["labels"] | {"text": [65.3, 166.9, 480, 177.9]}
    ),
    "It has no fields": lambda raw: raw.update(fields=[]),
    "It has no box to tick": lambda raw: raw.update(fields=[one for one in raw["fields"] if one["kind"] == "text"]),
    "its wording does not say": put(1, "wording", "agreed"),
}


@pytest.mark.parametrize(("said", "spoil"), FAULTS.items(), ids=list(FAULTS))
def test_a_fault_is_named(said: str, spoil: Callable[[dict[str, Any]], None]) -> None:
    raw = copy.deepcopy(RAW)
    spoil(raw)
    assert any(said in sentence for sentence in checked(raw).faults), checked(raw)


ADVICE: dict[str, Callable[[dict[str, Any]], None]] = {
    "box of contact_health is only 2.1 mm": put(7, "boxes", {"tick": [67, 428, 73, 434]}),
    "contact_health and contact_la_sen are only": put(7, "boxes", {"tick": [66.5, 414, 75.8, 423.5]}),
    "hardly room to write in parent_name": put(17, "boxes", {"area": [212, 580, 500, 587]}),
    "where the edges of the box of contact_health are": put(7, "boxes", {"tick": [68.5, 429.5, 73, 434]}),
    "contact_by_email: its words look like news:email, and its item is news:post": put(1, "item", "news:post"),
    "has no label": put(7, "label", ""),
    "leads to nothing": put(0, "item", None),
    "has no signature: a form that nobody signed counts as signed": lambda raw: raw.update(
        fields=[one for one in raw["fields"] if one["kind"] != "signature"]
    ),
    "signature is called “Signed” and is of kind text": lambda raw: [
        one.update(kind="text") for one in raw["fields"] if one["id"] == "signature"
    ],
}


@pytest.mark.parametrize(("said", "change"), ADVICE.items(), ids=list(ADVICE))
def test_what_could_be_better_is_named(said: str, change: Callable[[dict[str, Any]], None]) -> None:
    raw = copy.deepcopy(RAW)
    change(raw)
    named = [sentence.replace("contact_la_sen and contact_health", "contact_health and contact_la_sen")
             for sentence in checked(raw).advice]  # fmt: skip
    assert any(said in sentence for sentence in named), named


def test_a_missing_picture_and_pdf_are_named(tmp_path: Path) -> None:
    found = checked(RAW, tmp_path)
    assert [f for f in found.faults if f"{NAME}-1.png" in f]
    assert [a for a in found.advice if f"{NAME}.pdf" in a]


def test_a_picture_of_another_size_is_named(tmp_path: Path) -> None:
    Image.new("L", (1000, 1414), 255).save(tmp_path / f"{NAME}-1.png")
    assert [f for f in checked(RAW, tmp_path).faults if "1000 × 1414" in f and "1654 × 2339" in f]


def test_a_broken_picture_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}-1.png").write_bytes(b"\x89PNG no more")
    assert [f for f in checked(RAW, tmp_path).faults if "no picture" in f]


def test_the_drawing_shows_every_box(tmp_path: Path) -> None:
    template = template_from_json(RAW)
    page = np.asarray(draw(template, pages_of(template, BLANKS))[0])
    for field in template.fields:
        for box in field.boxes.values():
            x, y = round((box[0] + box[2]) / 2 * 200 / 72), round(box[3] * 200 / 72)
            ring = page[y - 3 : y + 4, x - 3 : x + 4].astype(int)
            assert (ring.max(axis=2) - ring.min(axis=2)).max() > 60, field.id


def test_the_drawing_is_written_as_asked(tmp_path: Path) -> None:
    template = load_catalogue().get("northamptonshire-consent", "2025")
    pages = draw(template, pages_of(template, BLANKS))
    assert [path.name for path in save(pages, tmp_path / "a.png")] == ["a-1.png", "a-2.png"]
    assert [path.name for path in save(pages, tmp_path / "a.pdf")] == ["a.pdf"]
    assert [path.name for path in save(pages[:1], tmp_path / "b.png")] == ["b.png"]
    assert all(path.stat().st_size > 5000 for path in tmp_path.iterdir())


def test_a_drawing_needs_no_picture(tmp_path: Path) -> None:
    shutil.copy(BLANKS / f"{NAME}.json", tmp_path)
    assert len(draw(template_from_json(RAW), pages_of(template_from_json(RAW), tmp_path))) == 1


def drawn(folder: Path, body: str) -> Findings:
    """What the check says of a draft of a blank that is described in Typst."""
    pdf = pdf_of(body)
    template = draft_template(pdf, "drawn", "1")
    write_beside(template, pdf, folder / "drawn.1.json")
    return check(template, pages_of(template, folder))


def test_how_a_date_is_written_in_its_place_is_no_fault(tmp_path: Path) -> None:
    asked = f"May we contact the school? {BOX} Yes #h(8mm) {BOX} No\n\n#v(4mm)\n"
    dated = "#table(columns: (4cm, 6cm), inset: 6pt, [Date of birth], [D D / M M / Y Y Y Y])"
    found = drawn(tmp_path, asked + dated)
    assert found.faults == ()
    assert any(one.startswith("In the place of date_of_birth is printed how a date is written") for one in found.advice)


def test_what_is_true_of_many_boxes_is_said_once(tmp_path: Path) -> None:
    box = "#box(width: 2.6mm, height: 2.6mm, stroke: 0.6pt)"
    found = drawn(tmp_path, "\n\n".join(f"Question {n}? {box} Yes #h(8mm) {box} No" for n in range(4)))
    (small,) = [one for one in found.advice if "3 mm is the least" in one]
    assert small.startswith("8 boxes are under 3 mm, the smallest 2.6 mm, which read badly: ")
    assert "question_0 (yes), question_0 (no), question_1 (yes)" in small
