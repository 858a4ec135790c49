"""Words that stand with a label and are not all of it: what leads in a row of boxes, a heading on the line or in the cell of a label."""

import pytest

from forms.drafting.draft import Proposal, propose
from forms.drafting.guesses import written_kind
from forms.template import Kind
from tests.forms.drafting.drawing import BOX, pdf_of


def drafted(body: str) -> Proposal:
    return propose(pdf_of(body), "drawn", "1")


def test_what_stands_before_the_first_box_of_a_row_leads_in_all_of_them() -> None:
    row = f"You may ring me: #h(4mm) {BOX} by day #h(8mm) {BOX} at night"
    made = drafted(row)
    assert [one.wording for one in made.template.fields[:2]] == ["You may ring me: by day", "You may ring me: at night"]
    made = drafted(
        f"#grid(columns: (40mm, 5mm, 40mm), row-gutter: 3mm, [You may send me:], {BOX[1:]}, [letters], [], {BOX[1:]}, [text messages])"
    )
    assert [one.wording for one in made.template.fields[:2]] == [
        "You may send me: letters",
        "You may send me: text messages",
    ]


def test_words_before_a_box_that_do_not_lead_in_stay_out_of_what_is_agreed_to() -> None:
    made = drafted(f"Part 3 #h(4mm) {BOX} by day #h(8mm) {BOX} at night")
    assert [one.wording for one in made.template.fields[:2]] == ["by day", "at night"]


def test_a_heading_and_a_label_in_one_cell_are_a_place_to_write() -> None:
    made = drafted(
        "#table(columns: (1fr, 1fr), stroke: 0.6pt, inset: 3mm, box(height: 14mm)[*CONTACT DETAILS* \\ Telephone number], "
        "box(height: 14mm)[*Read this first* \\ It is for you to keep.])"
    )
    assert made.template.fields[0].id == "telephone"
    assert [one.label for one in made.template.fields] == ["CONTACT DETAILS Telephone number"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("SECTION 4: SIGNATURE Relationship to child", Kind.TEXT),
        ("SIGNATURE Date", Kind.DATE),
        ("DATE OF VISIT Telephone", Kind.TEXT),
        ("SIGNED Parent", Kind.SIGNATURE),
        ("SIGNED School representative", Kind.SIGNATURE),
        ("DATE OF BIRTH", Kind.DATE),
        ("DOB of child", Kind.DATE),
        ("SIGNATURE", Kind.SIGNATURE),
    ],
)
def test_a_heading_in_capitals_does_not_say_what_is_written_behind_a_plain_label(label: str, kind: Kind) -> None:
    assert written_kind(label) is kind
