"""A box by another question's words is found, whichever two are exchanged; a box in its place never is."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from forms.catalogue import load_catalogue
from forms.drafting.belonging import misplaced
from forms.geometry import Box
from forms.template import Field, Kind, Template
from tests.generator.layouts import layouts

BUNDLED = load_catalogue().templates()


def by_page(template: Template) -> list[tuple[Field, ...]]:
    return [template.on_page(number) for number in range(1, len(template.pages) + 1)]


def exchanged(fields: Sequence[Field], a: Field, b: Field) -> list[Field]:
    """The fields with the boxes of two of them exchanged."""
    other = {a.id: b.boxes, b.id: a.boxes}
    return [replace(one, boxes=other.get(one.id, one.boxes)) for one in fields]


@pytest.mark.parametrize("template", BUNDLED, ids=lambda one: f"{one.id} {one.edition}")
def test_the_bundled_forms_have_every_box_in_its_place(template: Template) -> None:
    assert [fault for fields in by_page(template) for fault in misplaced(fields)] == []


def test_invented_forms_have_every_box_in_its_place(tmp_path: Path) -> None:
    layouts(tmp_path, "stranger", 12, 7)
    made = load_catalogue(tmp_path).templates()
    assert len(made) == 12
    assert [fault for one in made for fields in by_page(one) for fault in misplaced(fields)] == []


@pytest.mark.parametrize("template", BUNDLED, ids=lambda one: f"{one.id} {one.edition}")
def test_any_two_questions_whose_boxes_are_exchanged_are_found(template: Template) -> None:
    tried = 0
    for fields in by_page(template):
        for a, b in combinations([one for one in fields if one.kind.is_mark], 2):
            if a.kind is b.kind and a.labels["text"] != b.labels["text"]:
                tried += 1
                assert misplaced(exchanged(fields, a, b)), (a.id, b.id)
    assert tried > 20


@pytest.mark.parametrize("template", BUNDLED, ids=lambda one: f"{one.id} {one.edition}")
def test_a_yes_and_a_no_that_are_exchanged_are_found(template: Template) -> None:
    for fields in by_page(template):
        for one in fields:
            if one.kind is Kind.YES_NO:
                turned = replace(one, boxes={"yes": one.boxes["no"], "no": one.boxes["yes"]})
                found = misplaced([turned if each is one else each for each in fields])
                assert f"The yes box of {one.id} lies by its printed No, and its no box by its printed Yes" in found[0]


@pytest.mark.parametrize("template", BUNDLED, ids=lambda one: f"{one.id} {one.edition}")
def test_any_two_places_to_write_that_are_exchanged_are_found(template: Template) -> None:
    tried = 0
    for fields in by_page(template):
        for a, b in combinations([one for one in fields if "text" in one.labels and not one.kind.is_mark], 2):
            # Lines of one address have the same words beside them.
            if a.kind is b.kind and a.labels["text"] != b.labels["text"]:
                tried += 1
                assert misplaced(exchanged(fields, a, b)), (a.id, b.id)
    assert tried > 4


def test_a_caption_under_its_line_is_its_own() -> None:
    def line(id: str, top: float) -> Field:
        return Field(
            id,
            Kind.TEXT,
            1,
            id,
            id,
            None,
            "",
            {"area": (60, top, 300, top + 22)},
            {"text": (60, top + 24, 120, top + 33)},
        )

    fields = [line("child_name", 100), line("parent_name", 140), line("school_name", 180)]
    assert misplaced(fields) == []
    assert misplaced(exchanged(fields, fields[0], fields[2]))


def asks(id: str, text: Box, **boxes: Box) -> Field:
    kind = Kind.TICK if "tick" in boxes else Kind.YES_NO
    return Field(id, kind, 1, id, id, None, id, boxes, {"text": text})


def rows(count: int, *, under: bool) -> list[Field]:
    """Questions of different lengths, one under the other, with their boxes beside or under them."""
    made = []
    for n in range(count):
        top = 100.0 + 50 * n
        text = (60.0, top, 200.0 + 40 * (n % 3), top + 11)
        left, at = (70.0, top + 18) if under else (400.0, top)
        made.append(asks(f"q{n}", text, yes=(left, at, left + 12, at + 12), no=(left + 60, at, left + 72, at + 12)))
    return made


@pytest.mark.parametrize("under", [False, True])
def test_boxes_one_row_off_are_found_and_named(under: bool) -> None:
    fields = rows(4, under=under)
    assert misplaced(fields) == []
    shifted = [replace(one, boxes=fields[(n + 1) % 4].boxes) for n, one in enumerate(fields)]
    assert "The box of q1 (yes) lies by the words of q2, not by its own." in misplaced(shifted)


def test_boxes_under_the_question_beside_another_column_are_in_their_place() -> None:
    left = asks("left", (60, 100, 250, 111), yes=(60, 120, 72, 132), no=(120, 120, 132, 132))
    right = asks("right", (320, 120, 500, 131), yes=(320, 140, 332, 152), no=(380, 140, 392, 152))
    assert misplaced([left, right]) == []


def test_ticks_in_a_row_may_stand_before_or_behind_their_words() -> None:
    before = [
        asks(f"t{n}", (80.0 + 90 * n, 100, 130.0 + 90 * n, 111), tick=(65.0 + 90 * n, 100, 76.0 + 90 * n, 111))
        for n in range(3)
    ]
    behind = [
        asks(f"t{n}", (80.0 + 90 * n, 100, 130.0 + 90 * n, 111), tick=(135.0 + 90 * n, 100, 146.0 + 90 * n, 111))
        for n in range(3)
    ]
    assert misplaced(before) == misplaced(behind) == []
    assert misplaced(exchanged(before, before[0], before[2]))
    assert misplaced(exchanged(behind, behind[0], behind[1]))
