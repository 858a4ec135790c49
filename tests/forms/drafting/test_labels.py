"""Labels are held against the print of the blank: one that reaches beyond its words would make every copy unreadable."""

import copy
import json
from typing import Any

import pytest

from forms.catalogue import BLANKS, load_catalogue, pages_of
from forms.drafting.checking import check, picture_of
from forms.drafting.labels import advice, faults
from forms.page import Grey
from forms.template import Template, template_from_json

RAW = json.loads((BLANKS / "westminster-consent.2023.json").read_text("utf-8"))
STORE = 0


def picture() -> Grey:
    found = picture_of(
        load_catalogue().known_pages()[[p.edition for p in load_catalogue().known_pages()].index("2023")]
    )
    assert found is not None
    return found


PICTURE = picture()


def with_label(name: str, **edges: float) -> Template:
    """The form with some edges of a label of its first question moved to another place, in points."""
    raw: dict[str, Any] = copy.deepcopy(RAW)
    box = raw["fields"][STORE]["labels"][name]
    for edge, value in edges.items():
        box[("left", "top", "right", "bottom").index(edge)] = value
    return template_from_json(raw)


def told(template: Template) -> list[str]:
    return faults(template.on_page(1), PICTURE, 1)


@pytest.mark.parametrize("template", load_catalogue().templates(), ids=lambda one: f"{one.id} {one.edition}")
def test_the_labels_of_the_bundled_forms_are_tight(template: Template) -> None:
    found = check(template, pages_of(template, BLANKS))
    assert not [one for one in (*found.faults, *found.advice) if "label" in one]


def test_a_label_beyond_its_words_says_where_they_end() -> None:
    assert told(with_label("text", right=480)) == [
        "The words of store_on_database end at 371 pt, its label reaches to 480: end it there."
    ]


def test_a_label_before_its_words_says_where_they_begin() -> None:
    assert told(with_label("text", left=20)) == [
        "The words of store_on_database begin at 66 pt, its label at 20: begin it there."
    ]


def test_a_label_where_nothing_is_printed_is_named() -> None:
    found = told(with_label("text", left=400, right=520))
    assert found == ["Nothing is printed in the label of store_on_database: it should lie round its words."]


def test_a_label_over_a_gap_between_words_is_named() -> None:
    found = told(with_label("yes", right=248.71))
    assert any("Nothing is printed between" in one and "store_on_database (yes)" in one for one in found)
    assert any("reaches into its box no: no mark may lie in a label" in one for one in found)


def test_a_label_a_little_too_large_is_advised_against_and_taken() -> None:
    template = with_label("text", right=381)
    assert told(template) == []
    (said,) = advice(template.on_page(1), PICTURE)
    assert "label of store_on_database is larger than its words, which lie in [66, 170, 371, 178]" in said


def test_a_form_that_would_be_refused_for_its_labels_is_told_so() -> None:
    raw: dict[str, Any] = copy.deepcopy(RAW)
    for one in raw["fields"]:
        if one["kind"] in ("yes_no", "tick"):
            one["labels"]["text"][2] = 590
    assert "So every copy of page 1 would be taken for another edition, and none would be read." in told(
        template_from_json(raw)
    )
