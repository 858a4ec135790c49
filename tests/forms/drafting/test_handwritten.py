"""Answers in writing: no field is proposed for them, and the draft says which they are."""

import pytest

from forms.drafting.draft import Proposal, propose
from forms.drafting.guesses import written_id
from forms.drafting.handwritten import told_by
from forms.template import Kind
from tests.forms.drafting.drawing import BOX, pdf_of

DOTS = "#box(width: 1fr, repeat[.])"
RULE = "#box(width: 40mm, stroke: (bottom: 0.6pt), height: 10pt)"
SIGNED = f"#v(6mm)\nSignature {DOTS}\n\n"
SQUARE = "box(width: 12mm, height: 9mm, stroke: 0.8pt)"


def drafted(body: str) -> Proposal:
    return propose(pdf_of(f"{body}\n\n{SIGNED}"), "drawn", "1")


def labels(made: Proposal) -> list[str]:
    return [one.label for one in made.template.fields if one.label != "Signature"]


def told(made: Proposal, what: str) -> str:
    (note,) = [one for one in made.notes if what in one]
    assert note.endswith(
        "That cannot be read as an answer, so no field is proposed for it; have the form printed with boxes to tick."
    )
    return note


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        (f"May we ring you? Please write Yes or No: {DOTS}", "May we ring you?"),
        (f"You may e-mail me (please write YES or NO) #h(3mm) {RULE}", "You may e-mail me"),
        (f"May we e-mail you? (Yes/No) {DOTS}", "May we e-mail you?"),
        (f"May we e-mail you? Yes or No {DOTS}", "May we e-mail you?"),
        (f"May we talk to the school? (Y/N) {DOTS}", "May we talk to the school?"),
        (f"A gawn ni ffonio? Ydw / Nac ydw {DOTS}", "A gawn ni ffonio?"),
    ],
)
def test_a_line_to_write_yes_or_no_on_is_named_and_is_no_field(row: str, asked: str) -> None:
    made = drafted(row)
    assert labels(made) == []
    assert f"On page 1 “Yes” or “No” is to be written for: “{asked}”." in told(made, "is to be written")
    assert not any("struck out or ringed" in note for note in made.notes)


def test_a_column_to_write_yes_or_no_in_is_named_and_the_column_beside_it_is_kept() -> None:
    made = drafted(
        "#table(columns: (1fr, 30mm, 50mm), stroke: 0.6pt, inset: 3mm, [*You may talk to*], [*Yes or No*], [*Comments*], "
        "[the school], [], [], [my doctor], [], [])"
    )
    assert labels(made) == ["the school: Comments", "my doctor: Comments"]
    assert "“the school: Yes or No”" not in told(made, "is to be written")
    assert "“the school” and “my doctor”" in told(made, "is to be written")
    assert [one.id for one in made.template.fields[:2]] == ["the_school_comments", "my_doctor_comments"]
    made = drafted("#table(columns: (1fr, 30mm), stroke: 0.6pt, inset: 3mm, [*Who*], [*Yes/No*], [the school], [])")
    assert labels(made) == [] and "“the school”" in told(made, "is to be written")


def test_questions_under_one_instruction_to_write_are_named() -> None:
    made = drafted(
        f"Child’s name {DOTS}\n\nPlease answer each question by writing Yes or No on the line.\n\n"
        f"May we ring you? {DOTS}\n\nAnything that you wish to add {DOTS}"
    )
    assert labels(made) == ["Child’s name", "Anything that you wish to add"]
    assert "for: “May we ring you?”." in told(made, "is to be written")


@pytest.mark.parametrize(
    "row",
    [
        f"If yes or no, please say why {DOTS}",
        f"Please answer yes or no and give your reasons {DOTS}",
        f"No. of children {DOTS}",
        f"Does your child have a plan? {DOTS}",
    ],
)
def test_what_is_written_in_words_of_its_own_stays_a_field(row: str) -> None:
    made = drafted(row)
    assert len(labels(made)) == 1 and not any("to be written" in note for note in made.notes)


def test_boxes_to_initial_are_named_and_are_no_ticks() -> None:
    made = drafted(
        f"#h(1fr) Please initial box\n\n#grid(columns: (1fr, 14mm), row-gutter: 4mm, "
        f"[1. I have read the information sheet.], {SQUARE}, [2. I agree that you share information with my child’s school.], {SQUARE})"
    )
    assert labels(made) == []
    note = told(made, "initials are to be written")
    assert "“1. I have read the information sheet” and “2. I agree" in note


@pytest.mark.parametrize(
    "row",
    [
        f"I agree that you may telephone me. Initial here: {DOTS}",
        f"I agree that you may telephone me. #h(1fr) Initials {RULE}",
        f"{BOX} I agree that you may telephone me (please initial the box)",
        "#table(columns: (1fr, 30mm), stroke: 0.6pt, inset: 3mm, [*What*], [*Please initial*], [I agree that you may telephone me.], [])",
    ],
)
def test_initials_beside_a_statement_are_named(row: str) -> None:
    made = drafted(row)
    assert labels(made) == []
    assert "initials are to be written for: “I agree that you may telephone me”." in told(made, "initials are")


def test_boxes_to_tick_below_boxes_to_initial_are_ticks() -> None:
    made = drafted(
        f"Please initial each box.\n\n{BOX} I have read this.\n\nPlease tick what you agree to.\n\n{BOX} You may ring me.\n\n"
        f"May we write to you? #h(1fr) Yes {BOX} No {BOX}"
    )
    assert labels(made) == ["You may ring me.", "May we write to you?"]
    assert "for: “I have read this”." in told(made, "initials are")
    both = drafted(f"Please tick or initial each box.\n\n{BOX} I have read this.")
    assert len(labels(both)) == 1


@pytest.mark.parametrize("label", ["Initials", "Middle initials", "Surname and initials"])
def test_initials_of_a_name_are_a_field(label: str) -> None:
    assert labels(drafted(f"{label} {DOTS}")) == [label]


def test_remarks_beside_a_school_are_no_schools_name() -> None:
    assert written_id("The school: Comments", Kind.TEXT) == "the_school_comments"
    assert written_id("The school: Name", Kind.TEXT) == "school_name"


@pytest.mark.parametrize(
    ("label", "kind", "asked"),
    [
        ("May we ring you? Please write Yes or No", Kind.TEXT, "Yes or No"),
        ("May we ring you? (Y/N)", Kind.TEXT, "Yes or No"),
        ("I agree to this. Please initial", Kind.TICK, "initials"),
        ("I agree to this. Initial here", Kind.TEXT, "initials"),
        ("May we ring you? Yes or No", Kind.YES_NO, None),
        ("Please say Yes or No and why", Kind.TEXT, None),
        ("Initials", Kind.TEXT, None),
    ],
)
def test_a_template_that_has_such_a_field_is_told_of(label: str, kind: Kind, asked: str | None) -> None:
    assert told_by(label, kind) == asked
