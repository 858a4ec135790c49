"""Which words belong together and to which box: by the print they are in, the cell they stand in, and the sentence they make."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from forms.catalogue import pages_of
from forms.drafting.checking import check
from forms.drafting.consents import mark_guess
from forms.drafting.draft import propose, write_beside
from forms.drafting.drawing import draw
from forms.drafting.guesses import is_staffs, written_kind
from forms.template import Field, Kind
from tests.forms.drafting.drawing import BOX, pdf_of, printed

TABLE = "stroke: 0.6pt, inset: 2mm"


def drafted(body: str) -> list[Field]:
    return list(propose(pdf_of(body), "drawn", "1").template.fields)


def wordings(body: str) -> list[str]:
    return [one.wording or one.label for one in drafted(body)]


def test_a_heading_in_heavy_print_is_no_part_of_a_question_below_it() -> None:
    asked = "May the college use pictures of you?"
    assert wordings(f"*Photographs and films* \\ {asked} \\ #v(1mm) {BOX} Yes #h(8mm) {BOX} No") == [asked]


def test_a_heading_without_which_a_consent_would_be_guessed_stays() -> None:
    listed = f"#v(1mm) {BOX} my school #h(8mm) {BOX} my GP"
    assert wordings(f"*Photographs* \\ You may share with: \\ {listed}")[0] == (
        "Photographs: You may share with: my school"
    )
    assert wordings(f"*About sharing* \\ You may share with: \\ {listed}")[0] == "You may share with: my school"


def test_a_small_letter_goes_on_with_what_stands_above_or_before() -> None:
    assert wordings(f"*Your child comes to us because they* \\ #v(1mm) {BOX} are deaf \\ #v(1mm) {BOX} use a frame") == [
        "Your child comes to us because they are deaf", "Your child comes to us because they use a frame",
    ]  # fmt: skip
    assert wordings(f"I am #h(4mm) {BOX} a parent #h(8mm) {BOX} a foster carer") == [
        "I am a parent", "I am a foster carer",
    ]  # fmt: skip
    assert wordings(f"*Your child comes to us because* \\ #v(1mm) {BOX} Deaf") == ["Deaf"]


def test_no_consent_is_guessed_because_a_small_letter_goes_on() -> None:
    (one,) = drafted(f"*What we can do* \\ #v(1mm) {BOX} contact my school")
    assert one.item is None


@pytest.mark.parametrize(
    ("above", "kept"),
    [
        ("We have an open day in May.", False),
        ("We shall not answer you by letter.", True),
        ("This is about photographs of you.", True),
        ("Tick each statement.", False),
    ],
)
def test_a_whole_sentence_is_led_in_by_no_other_that_changes_nothing(above: str, kept: bool) -> None:
    label = "You may share information with the school that my child attends."
    (said,) = wordings(f"{above} \\ #v(1mm) {BOX} {label}")
    assert said == (f"{above} {label}" if kept else label)


def test_a_short_question_is_led_in_by_the_sentence_that_it_speaks_of() -> None:
    told = "We would like to keep your details on our database."
    assert wordings(f"{told}\n\nDo you agree? {BOX} Yes {BOX} No") == [f"{told} Do you agree?"]


def test_what_only_tells_something_behind_a_question_is_left_out() -> None:
    said = wordings(f"Who do you look after? You can mark more than one. \\ #v(1mm) {BOX} Mum #h(8mm) {BOX} Gran")
    assert said == ["Who do you look after? Mum", "Who do you look after? Gran"]


def test_boxes_in_a_cell_are_asked_about_by_the_whole_cell_before_it() -> None:
    """Not by the one line of it that is level with them, nor by the words before another place to write."""
    areas = f"{BOX} Dressing #h(9mm) {BOX} Eating \\ #v(0.5mm) {BOX} Washing #h(9mm) {BOX} Moving"
    found = drafted(
        f"#table(columns: (3cm, 1fr, 3cm, 6cm), {TABLE}, [Postcode], [], [Sex], [{BOX} Male #h(2mm) {BOX} Female], "
        f"[Language], [], [Interpreter needed at visits?], [{BOX} Yes #h(4mm) {BOX} No], "
        f"[Which areas are hard for you?], table.cell(colspan: 3)[{areas}], [Mobile], [], [Email], [])"
    )
    assert sorted(one.wording or one.label for one in found) == [
        "Email", "Interpreter needed at visits?", "Language", "Mobile", "Postcode", "Sex: Female", "Sex: Male",
        "Which areas are hard for you? Dressing", "Which areas are hard for you? Eating",
        "Which areas are hard for you? Moving", "Which areas are hard for you? Washing",
    ]  # fmt: skip


def test_frames_beside_one_another_ask_nothing_of_each_other() -> None:
    frame = 'rect(width: 75mm, height: 30mm, fill: rgb("#e8f3f5"))'
    body = f"#grid(columns: (1fr, 1fr), {frame}[Patient], {frame}[I agree to: \\ #v(1mm) {BOX} a hearing test])"
    assert wordings(body)[0] == "I agree to: a hearing test"


def test_words_of_the_last_box_of_a_cell_may_stand_on_its_next_line() -> None:
    cell = f"{BOX} Mother #h(2mm) {BOX} Father #h(2mm) {BOX} \\ Carer"
    assert wordings(f"#table(columns: (3cm, 5cm), {TABLE}, [I am the], [{cell}])") == [
        "I am the: Mother", "I am the: Father", "I am the: Carer",
    ]  # fmt: skip


def test_heads_may_stand_aside_of_their_columns_on_the_line_that_leads_in() -> None:
    heads = printed(20, 34, "I am happy for my child to:") + printed(152, 34, "Yes") + printed(164, 34, "No")
    rows = "".join(
        printed(20, 40 + 8 * n, what) + printed(148, 40 + 8 * n, BOX) + printed(160, 40 + 8 * n, BOX)
        for n, what in enumerate(("come on Thursdays", "go on trips"))
    )
    found = drafted(heads + rows)
    assert [(one.kind, one.wording) for one in found] == [
        (Kind.YES_NO, "I am happy for my child to: come on Thursdays"),
        (Kind.YES_NO, "I am happy for my child to: go on trips"),
    ]


def test_a_numbered_statement_goes_on_under_its_words() -> None:
    told = "I have read the leaflet about my information and have had the chance to ask questions of the person who gave it to me."
    grid = f"#grid(columns: (8mm, 1fr, 14mm), align: (left, left, right + horizon), [1.], [{told}], [{BOX}])"
    assert wordings(grid) == [f"1. {told}"]


def test_a_heading_at_the_left_leads_in_both_columns_below_it() -> None:
    left = "".join(printed(20, 50 + 14 * n, f"{BOX} {what}") for n, what in enumerate(("Deaf", "Blind", "Shy", "Ill")))
    right = "".join(printed(120, 49 + 14 * n, f"{BOX} {what}") for n, what in enumerate(("Slow", "New", "Old", "Tall")))
    said = wordings(printed(20, 42, "Please tell us what is so:") + left + right)
    assert said == [
        f"Please tell us what is so: {what}" for what in ("Deaf", "Blind", "Shy", "Ill", "Slow", "New", "Old", "Tall")
    ]


def test_dots_lead_to_the_answer_of_which_the_box_is() -> None:
    (one,) = drafted(f"The school will send work home #box(width: 1fr, repeat[.]) Yes {BOX} No {BOX}")
    assert one.kind is Kind.YES_NO


def test_an_underlined_heading_is_no_place_to_write() -> None:
    heading = "#align(center)[*Hollins Bank School* \\ #text(size: 12pt)[#underline[Local visits and photographs – permission]]]"
    assert wordings(f"{heading}\n\nName #box(width: 6cm, repeat[.])") == ["Name"]


def test_words_of_a_box_say_nothing_of_a_rule_below_them() -> None:
    body = f"{BOX} Email\n\n{BOX} Phone call\n\n#line(length: 100%, stroke: 0.5pt)\n*Declaration*"
    assert wordings(body) == ["Email", "Phone call"]


def test_a_hint_under_a_label_is_not_the_label() -> None:
    (one,) = drafted(
        "#par(spacing: 4pt)[*Date of birth* \\ #text(size: 10pt)[For example, 27 3 2015]]\n#rect(width: 5cm, height: 9mm)"
    )
    assert (one.kind, one.label) == (Kind.DATE, "Date of birth")


def test_words_in_brackets_behind_a_place_to_write_are_not_of_the_next() -> None:
    said = wordings("Signed #box(width: 6cm, repeat[\\_]) (parent) #h(4mm) Date: #box(width: 3cm, repeat[\\_])")
    assert said == ["Signed", "Date"]


def test_the_head_over_the_words_of_rows_is_no_place_to_write() -> None:
    head = "[Person], [You may share my plan with them], [You may discuss my progress with them]"
    rows = f"[My carers], [{BOX}], [{BOX}], [My social worker], [{BOX}], [{BOX}]"
    found = drafted(f"#table(columns: (5cm, 3cm, 3cm), {TABLE}, {head}, {rows})")
    assert {one.kind for one in found} == {Kind.TICK}


def test_words_a_little_higher_over_a_line_say_what_it_is_for() -> None:
    line = "#place(top + left, dx: {}mm, dy: 28.6mm, line(length: 70mm, stroke: 0.6pt))\n"
    body = printed(20, 41, "Signature") + printed(110, 41, "Date") + line.format(0) + line.format(90)
    assert wordings(body) == ["Signature", "Date"]


def test_a_number_of_letter_and_figure_is_no_question() -> None:
    rows = ", ".join(f"[B{n}], [The service may {what}.], [{BOX}], [{BOX}]" for n, what in ((1, "visit"), (2, "write")))
    said = wordings(f"#table(columns: (1cm, 1fr, 2cm, 2cm), {TABLE}, [], [*Consent*], [Parent], [Pupil], {rows})")
    assert said == [f"{who}: The service may {what}." for what in ("visit", "write") for who in ("Parent", "Pupil")]


def test_ok_and_not_ok_are_answers() -> None:
    (one,) = drafted(f"Visit you at home once a week #h(1fr) OK {BOX} #h(3mm) Not OK {BOX}")
    assert (one.kind, one.label) == (Kind.YES_NO, "Visit you at home once a week")


def test_one_paper_is_less_than_what_is_known() -> None:
    assert mark_guess("My social worker", "You may share my support plan:").item is None
    assert mark_guess("My social worker", "You may share information with:").item == "share:social_care"


@pytest.mark.parametrize("label", ["Tutor's signature", "Referrer: Signature", "School: Signature"])
def test_a_signature_of_staff_is_not_the_familys(label: str) -> None:
    assert is_staffs(label)
    assert not is_staffs("Signature of parent of a pupil at school")


def test_a_number_before_a_label_is_no_small_letter() -> None:
    told = "Panel of families of the Tarnside Forum"
    assert wordings(f"{told} \\ #v(1mm) {BOX} a) I have read the sheet") == ["a) I have read the sheet"]


def test_how_to_answer_between_a_heading_and_its_boxes_does_not_part_them() -> None:
    number = "#box(fill: navy, inset: 2mm)[#text(fill: white)[3]]"
    body = f"{number} #text(size: 13pt)[*How shall we reach you?*]\n\nTick one.\n\n{BOX} Email #h(8mm) {BOX} Letter"
    assert wordings(body) == ["How shall we reach you? Email", "How shall we reach you? Letter"]


def test_a_question_on_a_bar_leads_in_and_a_mere_name_does_not() -> None:
    def bar(words: str) -> str:
        return f"#block(width: 100%, fill: navy, inset: 2mm)[#text(fill: white)[*{words}*]]\n{BOX} Mother #h(8mm) {BOX} Father"

    assert wordings(bar("Section 3: Who is filling this in?"))[0] == "Who is filling this in? Mother"
    assert wordings(bar("Section 3: Consent"))[0] == "Mother"


def test_a_sentence_that_ends_before_its_boxes_has_all_of_the_line_above() -> None:
    asked = (
        "Photographs of the club may be put on the website of the school that we belong to. Are you happy for your "
        "child to be seen in any of them?"
    )
    (one,) = drafted(f"{asked} #h(3mm) Yes {BOX} #h(3mm) No {BOX}")
    assert one.label == asked


def test_a_yes_in_a_sentence_is_no_head() -> None:
    """Nor does a dark bar of heads say nothing."""
    head = ", ".join(
        f"table.cell(fill: navy)[#text(fill: white)[*{words}*]]"
        for words in ("Health", "Yes", "No", "If yes, please give details")
    )
    found = drafted(
        f"#table(columns: (6cm, 15mm, 15mm, 1fr), {TABLE}, {head}, [Does your child have asthma?], [{BOX}], [{BOX}], [])"
    )
    assert [(one.kind, one.label) for one in found] == [
        (Kind.YES_NO, "Does your child have asthma?"),
        (Kind.TEXT, "Does your child have asthma?: If yes, please give details"),
    ]


def test_nothing_is_read_below_a_row_that_says_that_it_is_for_staff() -> None:
    table = f"table(columns: (3cm, 1fr), {TABLE}, table.cell(colspan: 2)[*FOR OFFICE USE ONLY*], [Date], [Arm {BOX} Leg {BOX}])"
    assert wordings(f"{BOX} I agree to the vaccine\n\n#{table}") == ["I agree to the vaccine"]


def test_a_row_of_dots_below_another_goes_on_with_it() -> None:
    dots = "#box(width: 12cm, repeat[\\_])"
    body = f"#set par(spacing: 8pt)\nAddress {dots}\n\n#box(width: 15cm, repeat[\\_])\n\n*Who will collect your child?* Please give two names."
    assert wordings(body) == ["Address", "Address"]


def test_how_to_answer_is_no_label() -> None:
    line = "#line(length: 9cm, stroke: 0.4pt)"
    row = f"Talk to the school #h(1fr) Yes {BOX} No {BOX}"
    assert wordings(f"Please choose yes or no on every row.\n#v(2mm)\n{line}\n{row}") == ["Talk to the school"]


def test_a_title_that_runs_past_an_ornament_does_not_name_it() -> None:
    ornament = '#place(top + left, dx: 0mm, dy: 19mm, rect(width: 24mm, height: 18mm, fill: rgb("#ffe8a3")))\n'
    title = printed(20, 30, "#text(size: 24pt)[*About me and my photo*]")
    assert wordings(title + ornament + printed(60, 45, f"{BOX} Yes")) == ["Yes"]


def test_a_statement_is_not_asked_by_the_question_before_it() -> None:
    asked = f"May we give your name with a picture? \\ {BOX} Yes #h(6mm) {BOX} No"
    assert wordings(f"{asked}\n\n{BOX} I have asked my child")[1] == "I have asked my child"


def test_what_stands_apart_before_a_place_to_write_names_it() -> None:
    line = "#box(width: 4cm, stroke: (bottom: 0.5pt))"
    assert sorted(wordings(f"Is anybody helping? {BOX} Yes {BOX} No #h(3mm) If so, who? {line}")) == [
        "If so, who?", "Is anybody helping?",
    ]  # fmt: skip
    given = f"Consent was given #h(4mm) {BOX} in writing #h(4mm) {BOX} in person #h(8mm) on (date) {line}"
    assert sorted(wordings(given)) == ["Consent was given: in person", "Consent was given: in writing", "on (date)"]


def test_two_short_questions_side_by_side_are_columns() -> None:
    left = "".join(
        printed(20, 46 + 8 * n, f"#box(width: 24mm)[{day}] {BOX}") for n, day in enumerate(("Morning", "Evening"))
    )
    right = "".join(printed(110, 46 + 8 * n, f"{BOX} {word}") for n, word in enumerate(("Yes", "No")))
    asked = printed(20, 38, "When may we call?") + printed(110, 38, "May we leave a message?")
    found = drafted(asked + left + right)
    assert [(one.kind, one.wording) for one in found] == [
        (Kind.TICK, "When may we call? Morning"), (Kind.TICK, "When may we call? Evening"),
        (Kind.YES_NO, "May we leave a message?"),
    ]  # fmt: skip


def test_a_panel_at_the_side_is_no_part_of_a_line() -> None:
    panel = '#place(top + left, dx: -20mm, dy: -20mm, rect(width: 60mm, height: 297mm, fill: rgb("#e6f2e6")))\n'
    aside = "".join(printed(10, 34 + 5 * n, "The Old Dairy in Mill Lane") for n in range(6))
    line = "#place(top + left, dx: 70mm, dy: {}mm, line(length: 60mm, stroke: 0.4pt))\n"
    body = panel + aside + printed(68, 34, "Bedtime") + line.format(18) + printed(68, 50, "What is difficult?")
    body += "".join(printed(68 + 40 * n, 57, f"{BOX} {what}") for n, what in enumerate(("Waking", "Dreams")))
    assert wordings(body) == ["Bedtime", "What is difficult? Waking", "What is difficult? Dreams"]


def test_a_row_that_leads_in_the_rows_below_it_is_no_place_to_write() -> None:
    def row(words: str) -> str:
        return f"[{words}], [Yes {BOX} #h(3mm) No {BOX}], "

    body = (
        "[3. I agree to reports being sent to:], [], " + row("#h(6mm) the nursery") + row("4. I agree to recordings.")
    )
    assert wordings(f"#table(columns: (1fr, 4cm), {TABLE}, {body})") == [
        "I agree to reports being sent to: the nursery", "4. I agree to recordings.",
    ]  # fmt: skip


def test_the_label_of_a_place_to_write_asks_about_no_boxes_below_it() -> None:
    area = "#place(top + left, dx: 30mm, dy: 17mm, rect(width: 70mm, height: 8mm, stroke: 0.5pt))\n"
    body = printed(20, 39, "Item wanted:") + area + printed(20, 52, f"I have used it before #h(2cm) {BOX} Yes {BOX} No")
    assert wordings(body) == ["Item wanted", "I have used it before"]


def test_words_over_each_line_of_a_list_are_not_of_the_line_above_them() -> None:
    line = "#place(top + left, dx: 0mm, dy: {}mm, line(length: 70mm, stroke: 0.5pt))\n"
    body = "".join(
        printed(20, 40 + 11 * n, what) + line.format(30 + 11 * n)
        for n, what in enumerate(("First name", "Surname", "Mobile"))
    )
    assert wordings(body) == ["First name", "Surname", "Mobile"]


def test_a_frame_may_have_its_words_under_it() -> None:
    frame = "rect(width: 100%, height: 18mm, stroke: 0.6pt)"
    cells = f"{frame}, {frame}, text(size: 8pt)[Signature], text(size: 8pt)[Date]"
    assert wordings(f"#grid(columns: (8cm, 5cm), gutter: 2mm, {cells})") == ["Signature", "Date"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Today is", Kind.DATE),
        ("Begins on", Kind.DATE),
        ("Young person signs here", Kind.SIGNATURE),
        ("Signs of fits", Kind.TEXT),
    ],
)
def test_more_ways_to_ask_for_a_date_or_a_signature(label: str, kind: Kind) -> None:
    assert written_kind(label) is kind


def test_a_record_of_a_call_is_not_what_is_stored_of_a_family() -> None:
    assert mark_guess("You may keep a record of our call.", "").item is None
    assert mark_guess("You may keep a record of my child", "").item == "store"


def test_a_number_on_a_disc_is_no_line_of_its_own() -> None:
    disc = "#place(top + left, dx: 0mm, dy: 20mm, circle(radius: 4mm, fill: navy))\n"
    number = printed(23, 42.6, "#text(fill: white)[*2*]")
    body = (
        disc
        + number
        + printed(32, 40, "*What does your child have?*")
        + printed(32, 47, f"{BOX} Autism #h(8mm) {BOX} Deafness")
    )
    assert wordings(body) == ["What does your child have? Autism", "What does your child have? Deafness"]


def test_answers_with_boxes_of_their_own_are_no_heads_of_a_table_below() -> None:
    days = f"[], [Mon], [Tue], [Wed], [9 am], [{BOX}], [{BOX}], [{BOX}]"
    body = f"Would you like a visit? \\ {BOX} Yes, please #h(1cm) {BOX} No, thank you\n\n#table(columns: (3cm,) * 4, {TABLE}, {days})"
    assert wordings(body)[1:] == ["Mon: 9 am", "Tue: 9 am", "Wed: 9 am"]


def test_boxes_of_a_row_that_is_written_in_have_the_heads_of_their_columns() -> None:
    head = "[Name], [Ring first], [Has a key]"
    found = drafted(f"#table(columns: (6cm, 3cm, 3cm), {TABLE}, {head}, [], [{BOX}], [{BOX}])")
    assert [(one.kind, one.wording or one.label) for one in found] == [
        (Kind.TEXT, "Name"), (Kind.TICK, "Ring first"), (Kind.TICK, "Has a key"),
    ]  # fmt: skip


def test_a_number_left_of_a_box_is_not_its_label() -> None:
    rows = "".join(
        f"[({n})], [{BOX}], [to ask for {what};], " for n, what in (("a", "copies of papers"), ("b", "a meeting"))
    )
    assert wordings(f"#grid(columns: (9mm, 9mm, 1fr), row-gutter: 4mm, {rows})") == [
        "to ask for copies of papers;", "to ask for a meeting;",
    ]  # fmt: skip


def test_a_word_or_two_before_several_boxes_lead_in() -> None:
    assert wordings(f"Costume size #h(4cm) {BOX} Small #h(4mm) {BOX} Large") == [
        "Costume size: Small", "Costume size: Large",
    ]  # fmt: skip


def test_a_box_behind_yes_and_no_answers_their_question_too() -> None:
    said = wordings(f"Photographs of rehearsals #h(3cm) {BOX} Yes #h(4mm) {BOX} No #h(4mm) {BOX} Group pictures only")
    assert said == ["Photographs of rehearsals", "Photographs of rehearsals: Group pictures only"]


def test_two_letters_in_one_are_two() -> None:
    assert wordings(f"{BOX} You may send me \ufb01ve lea\ufb02ets") == ["You may send me five leaflets"]


def test_room_under_all_words_of_a_row_is_to_be_written_in() -> None:
    cells = "[#text(size: 8pt)[Year] #v(5mm)], [#text(size: 8pt)[Tutor] #v(5mm)]"
    assert wordings(f"#table(columns: (1fr, 1fr), stroke: 0.6pt, inset: 2.5mm, {cells})\n{BOX} I agree") == [
        "Year", "Tutor", "I agree",
    ]  # fmt: skip


def test_papers_kept_until_something_are_left_to_a_person() -> None:
    assert mark_guess("to keep my papers until I ask for them", "").item is None


def faults(folder: Path, body: str) -> tuple[str, ...]:
    pdf = pdf_of(body)
    template = propose(pdf, "drawn", "1").template
    write_beside(template, pdf, folder / "drawn.1.json")
    return check(template, pages_of(template, folder)).faults


def test_a_large_round_box_is_not_taken_for_print_in_a_box(tmp_path: Path) -> None:
    ring = "#box(circle(radius: 3.5mm, stroke: 1.5pt{}), baseline: 40%)"
    asked = "May we share the plan with the school? #h(6mm) {} Yes #h(6mm) {} No"
    assert faults(tmp_path, asked.replace("{}", ring.format(""))) == ()


def test_a_word_in_a_round_box_is_still_named(tmp_path: Path) -> None:
    body = f"May we ring you? #h(6mm) {BOX} Yes #h(6mm) {BOX} No"
    pdf = pdf_of(body)
    template = propose(pdf, "drawn", "1").template
    write_beside(template, pdf, tmp_path / "drawn.1.json")
    (page,) = pages_of(template, tmp_path)
    picture = np.asarray(Image.open(page.picture)).copy()
    left, top, right, bottom = (round(edge * 200 / 72) for edge in template.fields[0].boxes["yes"])
    picture[top - 2 : bottom + 2, left - 2 : right + 2] = 255
    across, down = (left + right) // 2, (top + bottom) // 2
    cv2.circle(picture, (across, down), (right - left) // 2 - 1, 0, 2)
    Image.fromarray(picture).save(page.picture)
    assert check(template, [page]).faults == ()
    cv2.putText(picture, "X", (across - 7, down + 7), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    Image.fromarray(picture).save(page.picture)
    assert any("Something is printed in the box" in one for one in check(template, [page]).faults)


def test_a_box_whose_words_begin_the_next_line_is_by_its_own(tmp_path: Path) -> None:
    cell = f"{BOX} Mother #h(2mm) {BOX} Father #h(2mm) {BOX} \\ Carer"
    assert faults(tmp_path, f"#table(columns: (3cm, 5cm), {TABLE}, [I am the], [{cell}])") == ()


@pytest.mark.parametrize(
    "body",
    [
        f"#table(columns: (8cm, 25mm), {TABLE}, [Does your child have asthma?], [{BOX} Yes #h(2mm) {BOX} \\ No])",
        "Photographs of the club may be put on the website of the school that we belong to. Are you happy for your child to "
        f"be seen in any of them? #h(3mm) Yes {BOX} #h(3mm) No {BOX}",
        '#set text(font: "Liberation Serif", size: 12pt)\n#set par(leading: 6pt, spacing: 12pt)\nSigned '
        + "\\_" * 34
        + " Date "
        + "\\_" * 16
        + "\n\n"
        + "Relationship to child "
        + "\\_" * 30
        + f"\n\n{BOX} I agree",
    ],
    ids=["no on the next line", "a sentence over two lines", "underscores close under one another"],
)
def test_what_is_drafted_of_a_right_blank_is_right(body: str, tmp_path: Path) -> None:
    assert faults(tmp_path, body) == ()


def test_names_in_a_drawing_run_into_no_place_to_write(tmp_path: Path) -> None:
    row = f"[My employer or work placement or both], [{BOX}], [{BOX}], []"
    head = "[Who], [You may share with them], [You may talk with them], [Name and telephone number]"
    pdf = pdf_of(f"#table(columns: (5cm, 2cm, 2cm, 1fr), {TABLE}, {head}, {row})")
    template = propose(pdf, "drawn", "1").template
    write_beside(template, pdf, tmp_path / "drawn.1.json")
    (picture,) = draw(template, pages_of(template, tmp_path))
    seen, scale = np.asarray(picture).astype(int), 200 / 72
    first, second, area = (next(iter(one.boxes.values())) for one in template.fields)
    green = (seen[..., 1] - seen[..., 0] > 60) & (seen[..., 1] - seen[..., 2] > 30)
    over = green[round((first[1] - 7) * scale) : round(first[1] * scale) - 3]
    assert over[:, round(first[0] * scale) : round(second[0] * scale)].any(axis=0).sum() > 30
    assert not green[:, round((area[0] + 1) * scale) :].any(), "a name runs into the place to write beside it"
