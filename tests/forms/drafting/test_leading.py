"""What leads in a mark belongs to its wording, and nothing else does."""

import pytest

from forms.drafting.draft import draft_template
from forms.drafting.leading import leads_in
from forms.template import Field, Kind
from tests.forms.drafting.drawing import BOX, pdf_of


def fields(body: str) -> dict[str, Field]:
    return {one.label: one for one in draft_template(pdf_of(body), "drawn", "1").fields}


@pytest.mark.parametrize(
    ("printed", "lead"),
    [
        ("I would like to hear from you by:", "I would like to hear from you by:"),
        ("Please contact me with news by", "Please contact me with news by"),
        ("PART 2. How may we send you news? (tick all that apply)", "How may we send you news?"),
        ("Share my details with (please tick all that apply):", "Share my details with:"),
        ("2. Please tick the services with which we may share information",
         "Please tick the services with which we may share information:"),
        ("B) You may talk to", "You may talk to"),
        ("4. Statement", ""),
        ("PART 1. Your permission", ""),
        ("Newsletters (tick all that apply)", ""),
        ("Please tick yes or no:", ""),
        ("Fill in one circle in each line.", ""),
        ("Please answer all 25 questions.", ""),
        ("How should we contact you? Tick all that apply.", "How should we contact you?"),
        ("Tick one box in each row. You may talk to:", "You may talk to:"),
        ("Tick everyone we may contact:", "Tick everyone we may contact:"),
        ("No answer is needed.", "No answer is needed."),
    ],
)  # fmt: skip
def test_a_heading_leads_in_or_only_names_a_part(printed: str, lead: str) -> None:
    assert leads_in(printed) == lead


def test_a_heading_leads_in_every_tick_of_its_list_and_the_label_stays() -> None:
    found = fields(
        f"*I would like to hear from you by*\n\n{BOX} Email #h(4cm) {BOX} Post\n\n{BOX} Text #h(4cm) {BOX} Fax"
    )
    assert {one.wording for one in found.values()} == {
        f"I would like to hear from you by {way}" for way in ("Email", "Post", "Text", "Fax")
    }
    assert set(found) == {"Email", "Post", "Text", "Fax"}


def test_of_two_headings_side_by_side_each_leads_in_its_own_column() -> None:
    left = "\n\n".join(f"{it} #h(1fr) {BOX} Yes {BOX} No" for it in ("ring the school", "ring the doctor"))
    right = "\n\n".join(f"{BOX} {it}" for it in ("Email", "Post"))
    both = f"[*I am happy for you to*\n\n{left}][*Please send me news by*\n\n{right}]"
    found = fields(f"#grid(columns: (1fr, 1fr), column-gutter: 1cm){both}")
    assert found["ring the school"].wording == "I am happy for you to ring the school"
    assert found["ring the doctor"].wording == "I am happy for you to ring the doctor"
    assert found["Email"].wording == "Please send me news by Email"
    assert found["Post"].wording == "Please send me news by Post"


LONG = "May we keep a list of all your meetings and telephone appointments with our workers in the past year?"


def test_a_question_whose_boxes_stand_beside_its_last_line_is_whole() -> None:
    found = fields(f"#grid(columns: (11cm, 1fr), align: (left, right + bottom))[{LONG}][{BOX} Yes #h(5mm) {BOX} No]")
    assert {label: one.kind for label, one in found.items()} == {LONG: Kind.YES_NO}


def test_the_end_of_one_question_does_not_lead_in_the_next() -> None:
    question = f"#grid(columns: (11cm, 1fr), align: (left, right))[{LONG}][{BOX} Yes #h(5mm) {BOX} No]\n\n"
    found = fields(f"You may answer or not:\n\n{question}#v(3mm)\nMay we ring you? #h(1fr) {BOX} Yes #h(5mm) {BOX} No")
    assert found[LONG].wording == f"You may answer or not: {LONG}"
    assert found["May we ring you?"].wording == "You may answer or not: May we ring you?"


def test_the_label_of_a_writing_line_leads_in_nothing() -> None:
    found = fields(f"My name: #box(width: 1fr, repeat[.])\n\n{BOX} Large print")
    assert found["Large print"].wording == "Large print"


def test_what_stands_far_above_leads_in_nothing() -> None:
    found = fields(f"Please read all of this page first:\n\n#v(4cm)\n{BOX} Large print")
    assert found["Large print"].wording == "Large print"


def test_nobody_agrees_to_how_to_answer() -> None:
    for printed in (
        "You may talk to: Tick one box. \\\n the school",
        "Please tick yes or no. You may talk to: \\\n the school",
    ):
        found = fields(f"{printed}\n\n{BOX} Yes #h(1cm) {BOX} No")
        assert [one.wording for one in found.values()] == ["You may talk to: the school"]


def test_a_sentence_over_a_table_is_whole_though_it_runs_over_the_columns_of_answers() -> None:
    """What was left out of the words to agree to stood over Yes and No: it could have been the "not"."""
    said = (
        "Please read each line. You may change your mind at any time, by telephone too, and we will never share without it. "
        "By ticking Yes you allow the service to do what the line says, until you tell us to stop:"
    )
    rows = "[store my details], [], [], [tell the school], [], []"
    table = (
        f"#table(columns: (1fr, 16mm, 16mm), stroke: 0.6pt, inset: 3mm, [I agree that you may], [Yes], [No], {rows})"
    )
    assert fields(f"{said}\n\n{table}")["store my details"].wording == f"{said} I agree that you may store my details"
