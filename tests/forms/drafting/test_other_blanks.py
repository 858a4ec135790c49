"""Blanks as other services draw them: each is drawn here, with the one thing that it tests."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from forms.drafting.draft import draft_template
from forms.errors import TemplateError
from forms.template import Field, Kind, Template
from tests.forms.drafting.drawing import BOX, four_lines, lines, pdf_of, printed, table
from tests.hostile import locked


def drafted(body: str) -> Template:
    return draft_template(pdf_of(body), "drawn", "1")


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


def test_other_bodies_are_numbered_as_the_consents_are() -> None:
    other = f"{BOX} Other (specify) #box(width: 1fr, repeat[.])"
    for count, items in ((1, ["contact:other_1"]), (2, ["contact:other_1", "contact:other_2"]), (3, [None] * 3)):
        found = marks(drafted("You may contact:\n\n" + "\n\n".join([other] * count)))
        assert [one.item for one in found] == items


def test_a_young_persons_signature_may_be_missing_where_another_signs() -> None:
    def needed(*labels: str) -> dict[str, bool]:
        body = "\n\n#v(8mm)\n".join(f"{label} #box(width: 1fr, repeat[.])" for label in labels)
        return {one.id: one.needed for one in drafted(body).fields}

    assert needed("Signature of parent", "Signature of young person") == {
        "signature": True, "young_person_signature": False
    }  # fmt: skip
    assert needed("Signature of young person") == {"young_person_signature": True}


def test_writing_lines_close_under_one_another_share_no_room() -> None:
    first, second = (one.boxes["area"] for one in drafted(
        lines((60, 40, 150, 40), (60, 47, 150, 47)) + printed(20, 37, "My name") + printed(20, 44, "My street")
    ).fields)  # fmt: skip
    assert first[3] <= second[1]


def test_rows_of_dots_close_under_one_another_share_no_room() -> None:
    made = drafted("\n\n".join(f"{what} #box(width: 1fr, repeat[.])" for what in ("My name", "My street", "My town")))
    areas = [one.boxes["area"] for one in made.fields]
    assert len(areas) == 3
    assert all(above[3] <= below[1] and below[3] - below[1] > 15 for above, below in pairwise(areas))


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


@pytest.mark.parametrize(("width", "height"), [(2.5, 2.5), (6, 6), (5, 3.2)])
def test_four_lines_that_meet_are_a_box(width: float, height: float) -> None:
    body = "".join(
        four_lines(20 + 50 * n, 40, width, height) + printed(30 + 50 * n, 40, words)
        for n, words in enumerate(("Large print", "Easy read", "Audio"))
    )
    found = drafted(body).fields
    assert [(one.kind, one.label) for one in found] == [
        (Kind.TICK, "Large print"), (Kind.TICK, "Easy read"), (Kind.TICK, "Audio")
    ]  # fmt: skip
    assert found[1].boxes["tick"] == pytest.approx([n * 72 / 25.4 for n in (70, 40, 70 + width, 40 + height)], abs=1)


def test_yes_and_no_before_boxes_of_four_lines_are_one_question() -> None:
    body = (
        printed(20, 40, "Please ring me")
        + printed(100, 40, "Yes") + four_lines(109, 40, 2.5, 2.5)
        + printed(120, 40, "No") + four_lines(128, 40, 2.5, 2.5)
    )  # fmt: skip
    (one,) = drafted(body).fields
    assert (one.kind, one.label) == (Kind.YES_NO, "Please ring me")


def test_the_cells_of_a_table_and_lines_under_words_are_no_boxes() -> None:
    rows = [(20, 40 + 7 * n, 41, 40 + 7 * n) for n in range(4)]
    columns = [(20 + 7 * n, 40, 20 + 7 * n, 61) for n in range(4)]
    apart = [
        edge for n in range(3) for m in range(3)
        for edge in (
            (100 + 7 * n, 40 + 7 * m, 107 + 7 * n, 40 + 7 * m), (100 + 7 * n, 40 + 7 * m, 100 + 7 * n, 47 + 7 * m),
            (100 + 7 * n, 47 + 7 * m, 107 + 7 * n, 47 + 7 * m), (107 + 7 * n, 40 + 7 * m, 107 + 7 * n, 47 + 7 * m),
        )
    ]  # fmt: skip
    under = [(20, 100, 26, 100), (20, 105, 26, 105), (60, 100, 60, 106)]
    body = lines(*rows, *columns, *apart, *under) + printed(20, 80, "Words ......................")
    assert marks(drafted(body)) == []


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("Yes", "No"),
        ("I agree", "I do not agree"),
        ("Agree", "Disagree"),
        ("I consent", "I do not consent"),
        ("We give permission", "We do not give permission"),
        ("Give consent", "Don’t give consent"),
        ("Allowed", "Not allowed"),
        ("Yes, I agree", "No, I don’t agree"),
        ("Ydw", "Nac ydw"),
        ("Rwy’n cytuno", "Nid wyf yn cytuno"),
        ("Ie", "Na"),
    ],
)
def test_columns_that_mean_yes_and_no_are_one_question_a_row(yes: str, no: str) -> None:
    for heads in ((yes, no), (no, yes)):
        found = drafted(table(*heads)).fields
        assert [(one.kind, one.label) for one in found] == [(Kind.YES_NO, "ring you"), (Kind.YES_NO, "write to you")]
        assert found[0].wording == "Do you agree that the service may: ring you"
        assert (found[0].boxes["yes"][0] < found[0].boxes["no"][0]) is (heads[0] == yes)


@pytest.mark.parametrize(
    ("heads", "ending"),
    [
        (("I agree", "I do not agree", "Not sure"), "not_sure"),
        (("Yes", "No", "N/A"), "not_applicable"),
        (("NA", "No", "Yes"), "not_applicable"),
        (("Yes", "No", "No opinion"), "no_answer"),
    ],
)
def test_a_third_answer_is_a_tick_beside_its_question(heads: tuple[str, str, str], ending: str) -> None:
    found = {one.id: one for one in drafted(table(*heads)).fields}
    assert set(found) == {"ring_you", f"ring_you_{ending}", "write_to_you", f"write_to_you_{ending}"}
    third, question = found[f"ring_you_{ending}"], found["ring_you"]
    name = next(head for head in heads if head not in ("Yes", "No", "I agree", "I do not agree"))
    assert (third.kind, third.item, third.label) == (Kind.TICK, None, name)
    assert third.wording == f"{name}: Do you agree that the service may: ring you"
    assert third.short == f"{name}: ring you"
    boxes = [*question.boxes.values(), third.boxes["tick"]]
    assert len({box[0] for box in boxes}) == 3 and len({box[1] for box in boxes}) == 1


def test_na_beside_an_english_yes_is_no_answer() -> None:
    assert not [one for one in drafted(table("Yes", "NA")).fields if one.kind is Kind.YES_NO]


def test_a_column_for_remarks_stays_a_place_to_write() -> None:
    kinds = [one.kind for one in drafted(table("Yes", "No", "Remarks")).fields]
    assert kinds == [Kind.YES_NO, Kind.TEXT, Kind.YES_NO, Kind.TEXT]


@pytest.mark.parametrize(
    "body",
    [
        f"Ring me #h(2cm) {BOX} I agree #h(1cm) {BOX} I do not agree #h(1cm) {BOX} Not sure",
        f"Ring me #h(2cm) I agree {BOX} #h(1cm) I do not agree {BOX} #h(1cm) Not sure {BOX}",
        f"Ring me #h(2cm) {BOX} No #h(1cm) {BOX} Yes #h(1cm) {BOX} Not sure",
        f"Ring me #h(2cm) {BOX} Yes #h(1cm) {BOX} Not sure #h(1cm) {BOX} No",
        f"{BOX} Yes #h(1cm) {BOX} No #h(1cm) {BOX} Not sure #h(2cm) Ring me",
        f"Ring me\n\n{BOX} Yes please #h(1cm) {BOX} No thanks #h(1cm) {BOX} Not sure",
        f"Ring me\n\n{BOX} Yes\n\n{BOX} No\n\n{BOX} Not sure",
    ],
)
def test_answers_in_a_line_of_print(body: str) -> None:
    question, third = drafted(body).fields
    assert (question.kind, question.label, question.id) == (Kind.YES_NO, "Ring me", "ring_me")
    assert (third.kind, third.id) == (Kind.TICK, "ring_me_not_sure")


def test_words_that_only_begin_like_an_answer_are_none() -> None:
    found = drafted(f"{BOX} I agree to be rung #h(1cm) {BOX} I do not agree to be written to").fields
    assert [one.kind for one in found] == [Kind.TICK, Kind.TICK]


def test_boxes_under_heads_without_lines_are_questions_and_never_guessed_otherwise() -> None:
    def rows(*heads: str) -> list[Field]:
        columns = ", ".join(["1fr", *["30mm"] * len(heads)])
        cells = "".join(f", [*{head}*]" for head in heads)
        asked = "".join(f", [{it}]{f', [{BOX}]' * len(heads)}" for it in ("talk to the school", "talk to my doctor"))
        return list(drafted(f"You may:\n\n#grid(columns: ({columns}), row-gutter: 4mm, []{cells}{asked})").fields)

    question, third, *_ = rows("I do not \\ agree", "I agree", "Not sure")
    assert (question.kind, question.item, question.wording) == (
        Kind.YES_NO, "contact:education", "You may: talk to the school"
    )  # fmt: skip
    assert question.boxes["no"][2] < question.boxes["yes"][0] < third.boxes["tick"][0]
    assert third.id == f"{question.id}_not_sure"
    assert [one.item for one in rows("Now", "Later")] == [None] * 4


def test_a_label_that_runs_on_under_its_box_is_whole_and_ends_no_list() -> None:
    long = "the SEN team of the local authority, which writes the plan and has to ask about it " * 2
    found = drafted(f"You may share information with:\n\n{BOX} School\n\n{BOX} {long}\n\n{BOX} Health").fields
    assert [one.label for one in found] == ["School", long.strip(), "Health"]
    assert found[2].wording == "You may share information with: Health"


def test_the_name_of_a_column_leads_in_nothing() -> None:
    body = "#table(columns: (1fr, 20mm, 20mm), [*Statement*], [Yes], [No], [I agree that you may store my details], [], [])"
    assert [one.wording for one in drafted(body).fields] == ["I agree that you may store my details"]


def test_a_first_page_without_words_is_no_hindrance() -> None:
    made = drafted(f"{four_lines(20, 40, 60, 20)} #pagebreak() #text(size: 16pt)[Our form]\n\n{BOX} Large print")
    assert (made.title, [one.page for one in marks(made)]) == ("Our form", [2])


def test_what_stands_beside_heads_of_two_lines_leads_in() -> None:
    body = (
        "#table(columns: (1fr, 25mm, 25mm), [I am happy for the service to:], [I give permission], [I do not give permission],"
        " [contact the school], [], [])"
    )
    (one,) = drafted(body).fields
    assert (one.item, one.wording) == ("contact:education", "I am happy for the service to: contact the school")


def test_two_questions_on_one_line_keep_their_words_apart() -> None:
    for answers in (f"{BOX} Yes {BOX} No", f"Yes {BOX} No {BOX}", f"{BOX} No {BOX} Yes"):
        found = drafted(f"Ring me #h(5mm) {answers} #h(15mm) Write to me #h(5mm) {answers}").fields
        assert [(one.kind, one.label) for one in found] == [(Kind.YES_NO, "Ring me"), (Kind.YES_NO, "Write to me")]
        assert (found[0].boxes["yes"][0] < found[0].boxes["no"][0]) is (answers.index("Yes") < answers.index("No"))


@pytest.mark.parametrize("size", [10, 18])
def test_what_a_box_or_line_to_write_is_for_may_stand_above_it(size: int) -> None:
    def one(label: str, place: str) -> str:
        return f"#block(above: 8mm, breakable: false)[{label} \\ #v(1mm) {place}]"

    box, line = "#box(width: 120mm, height: 14mm, stroke: 0.8pt)", "#v(6mm) #line(length: 120mm, stroke: 0.6pt)"
    for place in (box, line):
        labels = ("Name of child", "Your name", "Signature")
        found = drafted(f"#set text(size: {size}pt)\n" + "\n".join(one(label, place) for label in labels)).fields
        assert [(one.id, one.label) for one in found] == list(
            zip(("child_name", "parent_name", "signature"), labels, strict=True)
        )


def test_a_caption_close_below_a_line_is_nearer_than_the_words_above_it() -> None:
    line = "line(length: 80mm, stroke: 0.6pt)"
    body = "".join(
        f"#block(above: 8mm, stack(spacing: 2mm, {line}, text(size: 8pt)[{it}]))"
        for it in ("Child's name", "Signature")
    )
    assert [one.id for one in drafted(f"Name and signature\n{body}").fields] == ["child_name", "signature"]


def test_a_label_in_two_languages_keeps_the_stroke_between_them() -> None:
    (one,) = drafted("Signature / Podpis #box(width: 80mm, repeat[.])").fields
    assert one.label == "Signature / Podpis"


def test_heads_in_two_languages_are_one_answer_each() -> None:
    found = drafted(table("Ydw / Yes", "Nac ydw / No")).fields
    assert [(one.kind, one.label) for one in found] == [(Kind.YES_NO, "ring you"), (Kind.YES_NO, "write to you")]
    left, _, right, _ = found[0].labels["yes"]
    assert right - left > 30


def test_a_frame_with_rounded_corners_is_a_place_to_write_and_a_circle_is_none() -> None:
    frame = "#box(width: 120mm, height: 11mm, radius: 2mm, stroke: 0.8pt)"
    circle = "#place(circle(radius: 20mm, stroke: 0.8pt))"
    (one,) = drafted(f"{circle}#v(50mm)Signature\n\n{frame}").fields
    assert (one.kind, one.label) == (Kind.SIGNATURE, "Signature")


def test_words_may_hang_lower_than_the_line_beside_them() -> None:
    rows = "".join(f"[{label}], line(length: 90mm, stroke: 0.6pt), " for label in ("Name of child", "Signature"))
    found = drafted(f"#grid(columns: (40mm, 1fr), row-gutter: 8mm, {rows})").fields
    assert [one.id for one in found] == ["child_name", "signature"]


def merged(*groups: str, heads: Sequence[str] = ("Yes", "No"), first: str = "Organisation") -> str:
    """A table whose heads are merged cells over a pair of columns each."""
    columns = ", ".join(["1fr", *["20mm"] * len(heads) * len(groups)])
    over = ", ".join(f"table.cell(colspan: {len(heads)})[{one}]" for one in groups)
    under = ", ".join(f"[{one}]" for one in heads * len(groups))
    rows = ", ".join(f"[{one}]{', []' * len(heads) * len(groups)}" for one in ("School or college", "Social care"))
    return f"#table(columns: ({columns}), stroke: 0.6pt, inset: 3mm, table.cell(rowspan: 2)[{first}], {over}, {under}, {rows})"


@pytest.mark.parametrize("heads", [("Yes", "No"), ("No", "Yes"), ("I agree", "I do not agree")])
def test_each_pair_of_columns_under_merged_heads_is_a_question_of_its_own(heads: tuple[str, str]) -> None:
    found = drafted(
        f"#set page(flipped: true)\n{merged('You may contact', 'You may share information with', heads=heads)}"
    ).fields
    assert [(one.id, one.item, one.wording) for one in found] == [
        ("contact_education_setting", "contact:education", "You may contact: School or college"),
        ("share_with_school", "share:education", "You may share information with: School or college"),
        ("contact_social_care", "contact:social_care", "You may contact: Social care"),
        ("share_with_social_care", "share:social_care", "You may share information with: Social care"),
    ]
    assert all((one.boxes["yes"][0] < one.boxes["no"][0]) is (heads != ("No", "Yes")) for one in found)
    assert [one.boxes["yes"][0] < 660 for one in found] == [True, False, True, False]


def test_a_merged_head_that_says_how_to_answer_leads_in_nothing_and_is_nowhere_to_write() -> None:
    body = merged("Please tick one box in each row", heads=("Yes", "No", "Not sure"), first="You may contact")
    found = drafted(body).fields
    assert [one.id for one in found] == [
        "contact_education_setting", "contact_education_setting_not_sure", "contact_social_care", "contact_social_care_not_sure"
    ]  # fmt: skip
    assert found[0].wording == "You may contact School or college"


def test_yes_and_no_that_each_say_a_sentence_ask_what_yes_says() -> None:
    body = (
        f"#table(columns: (1fr, 1fr), inset: 4mm, stroke: 0.6pt, [{BOX} *YES*, I want my child to have the vaccine at school],"
        f" [{BOX} *NO*, I do not want my child to have the vaccine at school])"
    )
    (one,) = drafted(body).fields
    assert (one.kind, one.label) == (Kind.YES_NO, "I want my child to have the vaccine at school")
    assert one.boxes["yes"][0] < one.boxes["no"][0]


def test_i_do_consent_and_i_do_not_consent_are_one_question() -> None:
    (one,) = drafted(f"Photographs of my child #h(1cm) {BOX} I DO consent #h(1cm) {BOX} I DO NOT consent").fields
    assert (one.kind, one.label) == (Kind.YES_NO, "Photographs of my child")


def test_two_languages_in_cells_side_by_side_are_read_one_after_the_other() -> None:
    rows = "[A gawn ni gadw eich manylion ar ein cronfa ddata?], [May we keep your details on our database?], [], []"
    head = "[*Cymraeg*], [*English*], [*Ie / Yes*], [*Na / No*]"
    (one,) = drafted(f"#table(columns: (1fr, 1fr, 20mm, 20mm), stroke: 0.6pt, inset: 3mm, {head}, {rows})").fields
    assert one.label == "A gawn ni gadw eich manylion ar ein cronfa ddata? May we keep your details on our database?"


def test_polish_answers_are_answers() -> None:
    assert [one.kind for one in drafted(table("Tak", "Nie")).fields] == [Kind.YES_NO, Kind.YES_NO]


def test_a_second_row_of_dots_goes_on_with_the_first() -> None:
    dots = "." * 90
    found = drafted(f"Address: {dots}\n\n#v(3mm)\n{dots}\n\n#v(3mm)\nPostcode: {dots}").fields
    assert [one.label for one in found] == ["Address", "Address", "Postcode"]


def test_a_date_in_figure_boxes_behind_a_signature_has_its_own_words() -> None:
    comb = "#box(grid(columns: (6mm,) * 8, rows: 7mm, stroke: 0.6pt, ..range(8).map(_ => [])), baseline: 40%)"
    found = drafted(f"Signed #box(width: 50mm, repeat[.]) #h(3mm) Date {comb}").fields
    assert [(one.id, one.label) for one in found] == [("signature", "Signed"), ("signed_on", "Date")]


def test_two_tables_side_by_side_keep_their_words_apart() -> None:
    def one(lead: str) -> str:
        rows = ", ".join(f"[{whom}], [], []" for whom in ("School or college", "Health"))
        return f"[{lead}\n#table(columns: (1fr, 18mm, 18mm), stroke: 0.5pt, inset: 2.5mm, [], [Yes], [No], {rows})]"

    both = f"{one('You may contact:')}, {one('You may share information with:')}"
    found = drafted(f"#set page(flipped: true)\n#grid(columns: (1fr, 1fr), column-gutter: 10mm, {both})").fields
    assert [one.label for one in found] == ["School or college", "School or college", "Health", "Health"]
    assert [one.item for one in found] == ["contact:education", "share:education", "contact:health", "share:health"]


def test_a_question_stands_in_the_cell_over_its_boxes() -> None:
    asked = ("May we contact your parents?", "May we contact social care?", "May we send you news by text message?")
    cells = ", ".join([*(f"[{one}]" for one in asked), *([f"[{BOX} Yes #h(3mm) {BOX} No]"] * 3)])
    found = drafted(f"#table(columns: (1fr, 1fr, 1fr), stroke: 0.5pt, inset: 3mm, align: center, {cells})").fields
    assert [one.label for one in found] == list(asked)


def test_a_frame_for_the_office_holds_nothing_of_the_familys() -> None:
    office = f"*For office use only*\n\nDate #box(width: 30mm, repeat[.])\n\n{BOX} Entered on system"
    asked = f"May we ring you? #h(1fr) {BOX} Yes #h(4mm) {BOX} No\n\nSigned #box(width: 60mm, repeat[.]) Date #box(width: 30mm, repeat[.])"
    found = drafted(f"{asked}\n\n#v(5mm)\n#rect(width: 100%, stroke: 0.7pt, inset: 3mm)[{office}]").fields
    assert [one.id for one in found] == ["may_we_ring_you", "signature", "signed_on"]
    framed = f"#rect(width: 100%, height: 200mm, stroke: 0.7pt, inset: 3mm)[{office}\n\n{asked}]"
    assert "signature" in {one.id for one in drafted(framed).fields}, "a frame round a page is no office's"
