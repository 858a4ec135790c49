"""A draft has what the form has: the bundled templates are found again from their blanks, and other conventions are read."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import typst

from forms.catalogue import BLANKS, load_catalogue
from forms.drafting.draft import as_json, as_text, draft_template, write_beside
from forms.errors import TemplateError
from forms.geometry import Box
from forms.template import LEAD, Field, Kind, Template, template_from_json

OTHER = Path(__file__).with_name("other_conventions.typ")
SAME = 0.6  # shared area over joint area; half a box away is a third
A_LINE = 16.0  # points
BUNDLED = [("westminster-consent", "2023"), ("northamptonshire-consent", "2025")]


@cache
def other() -> Template:
    return draft_template(typst.compile(OTHER.read_bytes(), format="pdf"), "riverbank", "1")


@cache
def redrawn(template_id: str) -> Template:
    return draft_template((BLANKS / f"{template_id}.pdf").read_bytes(), template_id, "draft")


def alike(one: Box, two: Box) -> float:
    wide, high = min(one[2], two[2]) - max(one[0], two[0]), min(one[3], two[3]) - max(one[1], two[1])
    shared = max(0.0, wide) * max(0.0, high)
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, two)]
    return shared / (sum(areas) - shared)


def the_same(one: Field, two: Field) -> bool:
    return (
        one.kind is two.kind
        and one.page == two.page
        and all(alike(box, two.boxes[name]) > SAME for name, box in one.boxes.items())
        and len(one.comb) == len(two.comb)
    )


def twin(field: Field, draft: Template) -> Field:
    return next(one for one in draft.fields if the_same(field, one))


@pytest.mark.parametrize(("template_id", "edition"), BUNDLED)
def test_every_field_of_a_bundled_form_is_found_and_nothing_else(template_id: str, edition: str) -> None:
    kept, draft = load_catalogue().get(template_id, edition), redrawn(template_id)
    missed = [one.id for one in kept.fields if not any(the_same(one, other_) for other_ in draft.fields)]
    assert missed == []
    assert len(draft.fields) == len(kept.fields)


@pytest.mark.parametrize(("template_id", "edition"), BUNDLED)
def test_every_consent_of_a_bundled_form_is_guessed_right(template_id: str, edition: str) -> None:
    draft = redrawn(template_id)
    wrong = {
        one.id: guessed
        for one in load_catalogue().get(template_id, edition).fields
        if (guessed := twin(one, draft).item) != one.item
    }
    assert wrong == {}


@pytest.mark.parametrize(("template_id", "edition"), BUNDLED)
def test_labels_lie_where_the_bundled_form_has_them(template_id: str, edition: str) -> None:
    draft = redrawn(template_id)
    wrong = [
        (one.id, name)
        for one in load_catalogue().get(template_id, edition).fields
        if one.kind.is_mark
        for name, box in one.own_labels.items()
        if alike(box, twin(one, draft).labels.get(name, (0, 0, 1, 1))) < 0.5
    ]
    assert wrong == []


@pytest.mark.parametrize(("template_id", "edition"), BUNDLED)
def test_what_leads_in_is_placed_in_the_paragraph_where_the_bundled_form_has_it(template_id: str, edition: str) -> None:
    """Of a paragraph of two lines the bundled form may name the first and a draft the second; how to tick leads in no question of a draft."""
    draft, led = redrawn(template_id), 0
    for one in load_catalogue().get(template_id, edition).fields:
        mine = twin(one, draft)
        if LEAD in one.labels and mine.wording != mine.label:
            kept, place = one.labels[LEAD], mine.labels[LEAD]
            assert abs(kept[0] - place[0]) < 1 and abs(kept[1] - place[1]) < A_LINE
            led += 1
    assert led >= 5


def test_a_box_half_a_box_away_would_not_count() -> None:
    assert alike((0, 0, 10, 10), (5, 0, 15, 10)) < SAME < alike((0, 0, 10, 10), (0.5, 0, 10.5, 10))


EXPECTED = {
    "child_name": Kind.TEXT, "date_of_birth": Kind.DATE, "postcode": Kind.TEXT, "store_on_database": Kind.YES_NO,
    "share_with_school": Kind.TICK, "share_with_health": Kind.TICK, "share_with_social_care": Kind.TICK,
    "may_we_leave_a_message": Kind.YES_NO, "signature": Kind.SIGNATURE, "signed_on": Kind.DATE,
    "contact_by_email": Kind.YES_NO, "contact_by_post": Kind.YES_NO, "name_of_the_person_who_brought": Kind.TEXT,
    "anything_else_we_should_know": Kind.TEXT,
}  # fmt: skip


def test_other_conventions_are_read() -> None:
    assert {one.id: one.kind for one in other().fields} == EXPECTED
    assert [one.page for one in other().fields] == [1] * 10 + [2] * 4


def test_yes_is_the_box_that_says_yes_even_where_no_comes_first() -> None:
    news = other().field("contact_by_email")
    assert news.boxes["no"][2] <= news.boxes["yes"][0] + 1
    message = other().field("may_we_leave_a_message")
    assert message.labels["yes"][2] <= message.boxes["yes"][0] < message.labels["no"][0]


def test_wording_has_what_leads_in_and_only_that() -> None:
    wording = {one.id: one.wording for one in other().fields}
    assert wording["contact_by_email"] == "We may contact you with news by e-mail"
    assert wording["share_with_health"] == "You may share information with the people ticked here: Health services"
    assert wording["may_we_leave_a_message"] == "May we leave a message?"


def test_figure_boxes_of_a_date_become_a_comb_and_of_a_postcode_one_area() -> None:
    assert len(other().field("date_of_birth").comb) == 8
    assert other().field("postcode").comb == ()


def test_what_is_for_the_office_is_left_out() -> None:
    assert not [one.id for one in other().fields if "office" in one.label.lower()]


def test_ids_are_never_used_twice() -> None:
    for template_id, _ in BUNDLED:
        assert max(Counter(one.id for one in redrawn(template_id).fields).values()) == 1


def test_the_data_file_says_the_same_as_the_template() -> None:
    import json

    assert template_from_json(as_json(other())) == other()
    assert template_from_json(json.loads(as_text(other()))) == other()


def test_a_folder_of_drafts_is_a_catalogue(tmp_path: Path) -> None:
    pdf = typst.compile(OTHER.read_bytes(), format="pdf")
    written = write_beside(other(), pdf, tmp_path / "riverbank.1.json")
    assert sorted(path.name for path in written) == sorted(path.name for path in tmp_path.iterdir())
    known = load_catalogue(tmp_path).known_pages()
    assert [page.picture.exists() for page in known] == [True, True]
    assert {page.pdf for page in known} == {tmp_path / "riverbank.1.pdf"}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 no more", b"\x89PNG"])
def test_what_is_no_pdf_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(TemplateError, match="cannot be opened"):
        draft_template(data, "x", "1")


def test_a_scan_of_a_blank_is_refused_in_words() -> None:
    empty = typst.compile(b"#rect(width: 5mm, height: 5mm)", format="pdf")
    with pytest.raises(TemplateError, match="probably a scan"):
        draft_template(empty, "x", "1")
