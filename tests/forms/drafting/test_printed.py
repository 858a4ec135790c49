"""Labels and boxes exchanged together lie in their places and mean another thing: the words of the PDF tell."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from forms.catalogue import BLANKS, KnownPage, load_catalogue, pages_of
from forms.drafting.printed import advice, faults
from forms.template import Field, Kind, Template

BUNDLED = load_catalogue().templates()
FORM = load_catalogue().get("westminster-consent", "2023")
PAGE = next(page for page in load_catalogue().known_pages() if page.template == FORM)


def pages(template: Template) -> list[KnownPage]:
    return [page for page in load_catalogue().known_pages() if page.template == template]


def exchanged(fields: Sequence[Field], a: Field, b: Field) -> list[Field]:
    """The fields with the labels and boxes of two of them exchanged."""
    other = {a.id: b, b.id: a}
    return [
        replace(one, boxes=other[one.id].boxes, labels=other[one.id].labels) if one.id in other else one
        for one in fields
    ]


@pytest.mark.parametrize("template", BUNDLED, ids=lambda one: f"{one.id} {one.edition}")
def test_the_labels_of_the_bundled_forms_lie_on_their_words(template: Template) -> None:
    for page in pages(template):
        assert (faults(template.on_page(page.page), page), advice(template.on_page(page.page), page)) == ([], [])


@pytest.mark.parametrize("template", BUNDLED, ids=lambda one: f"{one.id} {one.edition}")
def test_two_questions_exchanged_whole_are_found(template: Template) -> None:
    tried = 0
    for page in pages(template):
        fields = template.on_page(page.page)
        for a, b in list(combinations([one for one in fields if one.kind.is_mark], 2))[:20]:
            if a.kind is b.kind and a.label != b.label:
                tried += 1
                found = faults(exchanged(fields, a, b), page)
                assert any(f"The label of {a.id} lies on" in one and f"the words of {b.id}." in one for one in found)
    assert tried > 5


@pytest.mark.parametrize("template", BUNDLED, ids=lambda one: f"{one.id} {one.edition}")
def test_a_yes_and_a_no_exchanged_with_their_labels_are_found(template: Template) -> None:
    for page in pages(template):
        for one in template.on_page(page.page):
            if one.kind is Kind.YES_NO:
                turned = {"yes": one.labels["no"], "no": one.labels["yes"]}
                found = faults([replace(one, labels={**one.labels, **turned})], page)
                assert found[0].startswith(f"The yes label of {one.id} lies on the printed “N")
                assert found[1].startswith(f"The no label of {one.id} lies on the printed “")


def test_two_places_to_write_exchanged_whole_are_found() -> None:
    fields = FORM.on_page(1)
    found = faults(exchanged(fields, FORM.field("child_name"), FORM.field("parent_name")), PAGE)
    assert [one.split(" lies on ")[0] for one in found] == ["The label of child_name", "The label of parent_name"]


def test_the_same_words_in_two_places_tell_nothing() -> None:
    fields = FORM.on_page(1)
    email = next(one for one in fields if one.id == "contact_by_email")
    twice = [replace(email, id="again", label="News by electronic mail"), email]
    assert faults([replace(one, labels={**one.labels, "text": email.labels["text"]}) for one in twice], PAGE) == []


def test_other_words_than_the_label_says_are_advised_against() -> None:
    one = replace(FORM.field("contact_health"), label="May we talk to the swimming club?")
    (said,) = advice([one], PAGE)
    assert said.startswith("Where the words of contact_health should stand is printed “")


def test_the_first_line_of_a_label_is_no_other_words() -> None:
    one = FORM.field("contact_health")
    assert (
        advice([replace(one, label=f"{one.label} {'and whatever else it says on its other lines ' * 3}")], PAGE) == []
    )


def test_without_a_pdf_nothing_is_known_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    fields = FORM.on_page(1)
    swapped = exchanged(fields, fields[0], fields[1])
    assert faults(swapped, replace(PAGE, pdf=None)) == []
    pdf = tmp_path / "westminster-consent.2023.pdf"
    pdf.write_bytes(b"no pdf")
    (page,) = pages_of(FORM, tmp_path)
    assert faults(fields, page) == [
        f"{pdf.name} cannot be opened. Put the blank as a PDF there, or take the file away."
    ]
    shutil.copy(BLANKS / "westminster-consent.pdf", pdf)
    assert faults(fields, replace(page, pdf_page=9)) == [
        f"{pdf.name} has no page 9. Put the blank of this form there, or take the file away."
    ]
