"""Blanks as other services draw them: each is drawn here, with the one thing that it tests."""

import re
from collections.abc import Sequence

import pytest
import typst

from forms.drafting.draft import draft_template
from forms.errors import TemplateError
from forms.template import Field, Kind, Template
from tests.hostile import locked

HEAD = '#set page(paper: "a4", margin: 2cm)\n#set text(font: "Liberation Sans", size: 11pt)\n#set par(leading: 4pt)\n'
BOX = "#box(width: 4mm, height: 4mm, stroke: 0.8pt, baseline: 15%)"


def drafted(body: str) -> Template:
    return draft_template(typst.compile((HEAD + body).encode(), format="pdf"), "drawn", "1")


def marks(template: Template) -> Sequence[Field]:
    return [one for one in template.fields if one.kind.is_mark]


def test_an_id_begins_with_a_letter_and_stands_once() -> None:
    body = "".join(
        f"{question}\n\n{BOX} Yes #h(1cm) {BOX} No\n\n#v(5mm)\n"
        for question in ("1. Have you seen a plan?", "2. Have you seen a plan?", "3. 1", "Have you seen a plan 1")
    )
    ids = [one.id for one in drafted(body).fields]
    assert len(ids) == len(set(ids)) == 4
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", one) for one in ids)
    assert "have_you_seen_a_plan_1" in ids


def test_what_two_questions_seem_to_ask_for_is_left_to_a_person() -> None:
    body = "You may contact:\n\n" + "\n\n".join(
        f"{BOX} {whom}" for whom in ("My doctor", "The NHS clinic", "My school")
    )
    assert [one.item for one in drafted(body).fields] == [None, None, "contact:education"]


LONG = (
    "3. Do you know that the service keeps a list of the meetings that you have been to and of those that you have missed"
    " (the list is kept for a year)?"
)


def test_a_question_over_two_lines_is_one_label_and_its_id_comes_from_its_beginning() -> None:
    made = drafted(f"A word before that has nothing to do with it.\n\n#v(4mm)\n{LONG}\n\n{BOX} Yes #h(1cm) {BOX} No")
    (one,) = made.fields
    assert (one.kind, one.label, one.wording) == (Kind.YES_NO, LONG, LONG)
    assert one.id == "do_you_know_that_the_service"
    left, top, right, bottom = one.labels["text"]
    assert bottom - top > 20 and right - left > 400


def test_a_lead_in_is_not_taken_for_the_first_line_of_a_question() -> None:
    body = f"We ask every family this, whatever else they tell us about\nMay we leave a message?\n\n{BOX} Yes #h(1cm) {BOX} No"
    (one,) = drafted(body.replace("about\n", "about: \\\n")).fields
    assert one.label == "May we leave a message?"
    assert one.wording == "We ask every family this, whatever else they tell us about: May we leave a message?"


def test_a_locked_blank_is_said_to_be_locked() -> None:
    with pytest.raises(TemplateError, match="locked with a password"):
        draft_template(locked(), "x", "1")
