"""Words that lead in a list are looked for on the bundled forms too: on a copy where they say another thing, each answer under them is asked about."""

from dataclasses import replace

import cv2
import pytest

from forms.blank_pages import POINT
from forms.reading import read_page
from forms.results import FieldReading, PageKind
from forms.template import LEAD, Template
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

DPI = (200.0, 200.0)
W, N = ("westminster-consent", "2023"), ("northamptonshire-consent", "2025")
TICKS = {
    (W, 1): [
        ("store_on_database", "yes", "tick"),
        ("contact_by_email", "yes", "tick"),
        ("contact_health", "tick", "tick"),
    ],
    (N, 1): [("keep_details_on_database", "yes", "tick"), ("tell_others", "no", "tick")],
    (N, 2): [("share_with_school", "yes", "tick"), ("share_with_health", "no", "tick")],
}
NOT_A_LINE = {
    "westminster-consent": {"store_on_database"},
    "northamptonshire-consent": {"keep_on_file", "return_to_me"},
}
"""Of these the words before it are no line of their own, or the question says it all."""
LED = {
    (W, 1): ["contact_by_email", "contact_health", "contact_other_2"],
    (N, 1): ["keep_details_on_database", "access_information"],
    (N, 2): ["share_with_school", "share_with_other"],
}


def another_line(page: Pixels, form: tuple[str, str], field: str, line: str = LEAD) -> Pixels:
    """A line that leads in this field says something else, in print of about its size."""
    template = CATALOGUE.get(*form)
    box = next(one for one in template.fields if one.id == field).labels[line]
    left, top, right, bottom = (round(value * POINT) for value in box)
    page = page.copy()
    page[top - 2 : bottom + 2, left - 2 : right + 2] = page.max()
    cv2.putText(
        page,
        "You refuse us and never allow that we share",
        (left, bottom - 6),
        cv2.FONT_HERSHEY_DUPLEX,
        0.85,
        30,
        2,
        cv2.LINE_AA,
    )
    return page


def marks(page: Pixels) -> dict[str, FieldReading]:
    reading, _ = read_page(page, DPI, 1, CATALOGUE)
    assert reading.kind is PageKind.FORM
    return {one.id: one for one in reading.fields if one.kind.is_mark}


@pytest.mark.parametrize(("form", "number"), TICKS)
def test_a_copy_with_the_same_words_is_read(form: tuple[str, str], number: int) -> None:
    page = drawn.filled(form[0], number, TICKS[form, number])
    for scan in (page, drawn.noisy(page), drawn.squeezed(page)):
        found = marks(scan)
        for name, value, _ in TICKS[form, number]:
            assert (found[name].value, found[name].review) == ("yes" if value == "tick" else value, False)


@pytest.mark.parametrize(("form", "number"), TICKS)
def test_where_they_say_another_thing_nothing_under_them_is_taken(form: tuple[str, str], number: int) -> None:
    page = drawn.filled(form[0], number, TICKS[form, number])
    for field in LED[form, number]:
        lead = next(one for one in CATALOGUE.get(*form).fields if one.id == field).labels[LEAD]
        found = marks(another_line(page, form, field))
        under = [one.id for one in CATALOGUE.get(*form).on_page(number) if one.labels.get(LEAD) == lead]
        assert field in under and len(under) >= 4
        assert [name for name in under if not found[name].review] == []


@pytest.mark.parametrize(
    ("field", "line"), [("contact_health", "lead_3"), ("contact_health", "lead_2"), ("contact_by_email", "lead_2")]
)
def test_every_line_of_a_paragraph_is_looked_for(field: str, line: str) -> None:
    """One word more in its first line ("not") changes nothing in its last."""
    page = drawn.filled(W[0], 1, TICKS[W, 1])
    place = CATALOGUE.get(*W).field(field).labels[line]
    found = marks(another_line(page, W, field, line))
    under = [one.id for one in CATALOGUE.get(*W).on_page(1) if one.labels.get(line) == place]
    assert len(under) >= 4 and [name for name in under if not found[name].review] == []
    assert not found["store_on_database"].review


def test_what_leads_in_is_no_other_text_of_a_form() -> None:
    """Letters that wait were read before it was looked for: they are still of the same text."""
    template = CATALOGUE.get(*W)
    fields = tuple(replace(one, labels=one.own_labels) for one in template.fields)
    assert fields != template.fields and replace(template, fields=fields).content_sum == template.content_sum
    moved = tuple(replace(one, labels={**one.labels, "text": (1.0, 1.0, 9.0, 9.0)}) for one in template.fields)
    assert replace(template, fields=moved).content_sum != template.content_sum


@pytest.mark.parametrize("template", CATALOGUE.templates(), ids=lambda one: f"{one.id}.{one.edition}")
def test_every_question_that_words_lead_in_says_where_they_stand(template: Template) -> None:
    """Also on our own prints: what a person agrees to is the wording, of which the label is the end and what leads in the beginning."""
    led = [one for one in template.fields if one.kind.is_mark and one.wording.removesuffix(one.label).strip()]
    assert led
    lacking = {one.id for one in led if LEAD not in one.labels}
    assert lacking <= NOT_A_LINE.get(template.id, set())


def test_a_question_is_cut_out_by_itself() -> None:
    """What leads in stands over many questions: the picture of one, its ink and the paper around it are its own."""
    page = drawn.filled(W[0], 1, TICKS[W, 1])
    reading, _ = read_page(page, DPI, 1, CATALOGUE)
    for one in reading.fields:
        field = CATALOGUE.get(*W).field(one.id)
        if LEAD in field.labels:
            assert (
                one.crop is not None
                and one.crop[1] > field.labels[LEAD][3] * POINT
                and "words.lead" not in one.evidence
            )
