"""The consents that a template may name are those of the records, and one that is misspelt is refused."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from forms.catalogue import BLANKS, load_catalogue, pages_of
from forms.drafting.checking import check
from forms.drafting.items import CODES, PAPER, advice, faults, unanswered
from forms.template import Template, template_from_json
from records.consents.items import TALK_FAMILY, WORDS

RAW = json.loads((BLANKS / "westminster-consent.2023.json").read_text("utf-8"))


def with_item(item: str | None, field: int = 0) -> Template:
    raw: dict[str, Any] = copy.deepcopy(RAW)
    raw["fields"][field]["item"] = item
    return template_from_json(raw)


def test_the_consents_are_those_of_the_records() -> None:
    assert set(CODES) == set(WORDS) - {TALK_FAMILY}  # which no form asks


@pytest.mark.parametrize("template", load_catalogue().templates(), ids=lambda one: f"{one.id} {one.edition}")
def test_the_bundled_forms_name_no_other(template: Template) -> None:
    assert faults(template) == []


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("contact:schol", "store_on_database: there is no consent “contact:schol”."),
        ("share:other_1", "store_on_database: there is no consent “share:other_1” (perhaps “share:other”)."),
        ("share:parent_carer_forum", "store_on_database: there is no consent “share:parent_carer_forum”."),
        ("Store", "store_on_database: there is no consent “Store”."),
    ],
)
def test_a_consent_that_does_not_exist_is_refused_and_all_are_listed(item: str, says: str) -> None:
    template = with_item(item)
    assert faults(template) == [says]
    found = check(template, pages_of(template, BLANKS))
    assert says in found.faults
    assert all(code in found.help[0] for code in (*CODES, *PAPER)) and "put null" in found.help[0]


def test_what_is_written_answers_no_consent() -> None:
    name = next(n for n, one in enumerate(RAW["fields"]) if one["kind"] == "text")
    raw: dict[str, Any] = copy.deepcopy(RAW)
    raw["fields"][name] |= {"item": "store", "wording": "Keep it"}
    assert [one for one in faults(template_from_json(raw)) if "nothing to tick" in one]


def test_ticks_without_an_item_are_named() -> None:
    ticks = [n for n, one in enumerate(RAW["fields"]) if one["kind"] == "tick"][:2]
    raw: dict[str, Any] = copy.deepcopy(RAW)
    for n in ticks:
        raw["fields"][n]["item"] = None
    ids = ", ".join(raw["fields"][n]["id"] for n in ticks)
    assert (
        f"No consent is named (item is null) for {ids}: what is marked there is shown to the officer and leads to nothing. "
        "Name one where the words ask for it."
    ) in advice(template_from_json(raw))


def test_a_consent_that_two_questions_answer_is_named() -> None:
    assert any("answer the same consent, news:email" in one for one in advice(with_item("news:email", 2)))


def test_a_form_that_does_not_ask_for_storing_is_told_so() -> None:
    assert any("whether the form may be kept (store)" in one for one in advice(with_item(None)))


def test_what_no_question_answers_is_listed() -> None:
    template = with_item(None)
    asked = {one.item for one in template.fields}
    assert unanswered(template) == tuple(code for code in CODES if code not in asked)
    assert unanswered(replace(template, fields=())) == CODES
