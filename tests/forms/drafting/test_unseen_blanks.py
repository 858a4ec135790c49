"""What blanks showed that nobody had mended by: laid out as services, schools and word processors do, each with the one thing it tests."""

from pathlib import Path

import pytest
import typst

from forms.drafting.consents import mark_guess
from forms.drafting.dated import parts_of_dates
from forms.drafting.draft import Proposal, propose
from forms.drafting.guesses import written_kind
from forms.drafting.parts import _rounded
from forms.errors import TemplateError
from forms.template import Field, Kind
from tests.forms.drafting.drawing import BOX, four_lines, lines, pdf_of, printed

DOTS = "#box(width: 1fr, repeat[.])"
UNSEEN = Path(__file__).parent / "unseen"
TABLE = "stroke: 0.6pt, inset: 3mm"


def proposed(body: str) -> Proposal:
    return propose(pdf_of(body), "drawn", "1")


def drafted(body: str) -> dict[str, Field]:
    fields = proposed(body).template.fields
    found = {one.label: one for one in fields}
    assert len(found) == len(fields)
    return found


@pytest.mark.parametrize("blank", sorted(UNSEEN.glob("*.typ")), ids=lambda path: path.stem)
def test_whole_blanks_are_drafted_as_they_are_meant(blank: Path) -> None:
    """Each source begins with what is right: kind, what is agreed to or written, consent."""
    source = blank.read_text("utf-8")
    meant = source.partition("/*\n")[2].partition("\n*/")[0].splitlines()
    found = propose(typst.compile(source.encode(), format="pdf"), "drawn", "1").template.fields
    said = [f"{one.kind.value} | {one.wording or one.label} | {one.item or '-'}" for one in found]
    assert [line.replace("’", "'") for line in said] == [line.replace("’", "'") for line in meant]


def test_a_table_goes_on_below_a_row_that_runs_across_it() -> None:
    found = drafted(
        f"#table(columns: (1fr, 14mm, 14mm, 50mm), {TABLE}, [*Question*], [*Yes*], [*No*], [*Comments*], "
        "table.cell(colspan: 4)[_Getting in touch_], [May we ring you?], [], [], [], "
        "table.cell(colspan: 4)[_You may contact:_], [my school], [], [], [])"
    )
    assert {label: one.kind for label, one in found.items()} == {
        "May we ring you?": Kind.YES_NO, "May we ring you?: Comments": Kind.TEXT,
        "my school": Kind.YES_NO, "my school: Comments": Kind.TEXT,
    }  # fmt: skip
    assert (found["my school"].wording, found["my school"].item) == ("You may contact: my school", "contact:education")
    assert found["May we ring you?"].wording == "May we ring you?"


def test_what_begins_a_row_leads_in_boxes_behind_their_words() -> None:
    found = drafted(f"I am the: #h(4mm) Parent {BOX} #h(6mm) Carer {BOX} #h(6mm) Child {BOX}")
    assert [one.wording for one in found.values()] == ["I am the: Parent", "I am the: Carer", "I am the: Child"]


def test_what_begins_a_row_of_boxes_leads_in_without_a_colon() -> None:
    found = drafted(f"We have your agreement to contact #h(4mm) {BOX} the school #h(6mm) {BOX} my doctor")
    assert [one.item for one in found.values()] == ["contact:education", "contact:health"]
    found = drafted(f"We have your agreement to contact\n\n{BOX} the school #h(6mm) {BOX} no one")
    assert [one.item for one in found.values()] == ["contact:education", None]


def test_boxes_for_figures_have_the_words_over_them() -> None:
    comb = "#grid(columns: (6mm,) * 10, rows: 8mm, stroke: 0.6pt, ..range(10).map(_ => []))"
    assert list(drafted(f"NHS number (if known)\n#v(-2mm)\n{comb}")) == ["NHS number (if known)"]


def test_what_is_asked_behind_boxes_in_one_cell_is_a_place_to_write() -> None:
    cell = f"box(height: 32mm)[{BOX} No, I do not agree to my child going \\ \\ If no, please tell us why:]"
    found = drafted(f"#table(columns: (1fr, 1fr), {TABLE}, [{BOX} Yes, I agree to my child going], {cell})")
    assert found["If no, please tell us why"].kind is Kind.TEXT


def test_a_line_of_words_to_strike_out_leads_in_nothing() -> None:
    line = "I wish / do not wish (delete as applicable) to pay for lunch."
    found = drafted(f"{line} \\\n{BOX} I am happy for my child to walk home")
    assert found["I am happy for my child to walk home"].wording == "I am happy for my child to walk home"


LONG = "I understand that the early help team will write down what we talk about in meetings and will keep it safe with the other papers"


def test_boxes_before_questions_of_several_lines_under_one_yes_and_no() -> None:
    rows = (LONG, "You may share what is in this with:", "(a) the school", "(b) social care", "4. Nobody but you")
    cells = "".join(f"{'[], []' if row.endswith(':') else f'[{BOX}], [{BOX}]'}, [{row}], " for row in rows)
    found = drafted(
        f"#grid(columns: (16mm, 16mm, 1fr), row-gutter: 5mm, [*Yes*], [*No*], [], {cells})".replace(
            "You may", "3. You may"
        )
    )
    assert [one.wording for one in found.values()] == [
        LONG, "You may share what is in this with: (a) the school", "You may share what is in this with: (b) social care",
        "4. Nobody but you",
    ]  # fmt: skip


def test_an_order_to_write_initials_is_told_where_no_place_was_found() -> None:
    made = proposed(
        f"Please initial each box.\n\n#table(columns: (1fr, 9mm), {TABLE}, [I know how to complain.], [])\n\nSigned {DOTS}"
    )
    assert any("people are asked to write their initials" in note for note in made.notes)


def test_a_browsers_frame_with_round_corners_is_a_place_to_write() -> None:
    corner = [(0, 4), (0.3, 2.4), (1.3, 1.3), (2.4, 0.3), (4, 0)]
    points = [
        (x, y)
        for dx, dy in ((0, 0), (200, 0), (200, 22), (0, 22))
        for x, y in ((abs(dx - a), abs(dy - b)) for a, b in corner)
    ]
    drawn = {"stroke": True, "x0": 0, "top": 0, "x1": 200, "bottom": 22, "pts": points}
    assert _rounded(drawn) == (0, 0, 200, 22)
    assert _rounded(drawn | {"pts": [*points, (100, 11)]}) is None


def test_a_line_ends_the_words_before_the_next_row_of_underscores() -> None:
    body = (
        printed(20, 40, "Name of young person")
        + lines((62, 44, 120, 44))
        + printed(128, 40, "Born on \\_\\_\\_\\_ / \\_\\_\\_\\_ / \\_\\_\\_\\_\\_\\_")
    )
    assert list(drafted(body)) == ["Name of young person", "Born on"]


def test_what_is_signed_below_two_columns_is_found() -> None:
    def column(left: float, verb: str) -> str:
        asked = "".join(
            printed(left, 40 + 16 * n, f"May we {verb} {whom}?")
            for n, whom in enumerate(("you", "the school", "others"))
        )
        return asked + "".join(
            printed(left + 22 * m, 46 + 16 * n, word) + four_lines(left + 8 + 22 * m, 46 + 16 * n, 4, 4)
            for n in range(3)
            for m, word in enumerate(("Yes", "No"))
        )

    signed = printed(20, 100, "Signed") + lines((34, 104, 124, 104), (140, 104, 185, 104)) + printed(128, 100, "Date")
    found = proposed(column(20, "ring") + column(115, "write to") + signed).template.fields
    assert [one.kind for one in found] == [*[Kind.YES_NO] * 6, Kind.SIGNATURE, Kind.DATE]


def test_a_pale_area_on_a_dark_one_is_a_box_and_a_thick_one_is_none() -> None:
    def layered(edge: str) -> str:
        white = f"#place(dx: {edge}, dy: {edge}, rect(width: 4mm - 2 * {edge}, height: 4mm - 2 * {edge}, fill: white))"
        return f"#box(width: 4mm, height: 4mm, fill: black, baseline: 15%)[{white}]"

    assert list(drafted(f"{layered('0.3mm')} Keep my details")) == ["Keep my details"]
    with pytest.raises(TemplateError):
        drafted(f"{layered('1.3mm')} Keep my details")


def test_typed_boxes_may_be_wide() -> None:
    found = drafted('#text(font: "DejaVu Sans Mono", size: 11pt)[\\[~~~\\]] Ring my school')
    assert [one.kind for one in found.values()] == [Kind.TICK]


def test_letters_that_show_how_a_date_is_written_are_no_label() -> None:
    date = '#box(grid(columns: (6mm,) * 8, rows: 8mm, stroke: 0.6pt, .."DDMMYYYY".clusters().map(c => [#c])), baseline: 40%)'
    code = "#box(grid(columns: (6mm,) * 7, rows: 8mm, stroke: 0.6pt, ..range(7).map(_ => [])), baseline: 40%)"
    found = drafted(f"Date of birth {date} #h(14mm) {code}")
    assert set(found) == {"Date of birth", ""}
    assert found["Date of birth"].kind is Kind.DATE and len(found["Date of birth"].comb) == 8


@pytest.mark.parametrize("parts", [("DD", "MM", "YYYY"), ("Day", "Month", "Year")])
def test_a_day_a_month_and_a_year_in_cells_of_their_own_are_one_date(parts: tuple[str, str, str]) -> None:
    cells = ", ".join(f"[{part}]" for part in parts)
    found = drafted(f"Date of birth #box(table(columns: (14mm, 14mm, 22mm), {TABLE}, {cells}), baseline: 40%)")
    (one,) = found.values()
    assert (one.kind, one.label) == (Kind.DATE, "Date of birth")
    assert one.boxes["day"][2] <= one.boxes["month"][0] + 1 < one.boxes["year"][0]


def test_words_in_other_cells_are_no_date() -> None:
    cells = [(0.0, 0.0, 20.0, 20.0), (20.0, 0.0, 40.0, 20.0), (90.0, 0.0, 120.0, 20.0)]
    words = [(text, (c[0] + 2, 4.0, c[0] + 10, 14.0)) for text, c in zip(("DD", "MM", "YYYY"), cells, strict=True)]
    assert parts_of_dates(words, cells) == (set(), [])


def test_words_over_boxes_are_theirs() -> None:
    boxes = "".join(
        four_lines(left, 48, 5, 5) + printed(left - 3, 43, word)
        for left, word in ((30, "Mother"), (60, "Father"), (90, "Other"))
    )
    found = drafted(printed(20, 38, "Your relationship to the child") + boxes)
    assert [one.wording for one in found.values()] == [
        f"Your relationship to the child: {who}" for who in ("Mother", "Father", "Other")
    ]  # fmt: skip
    pair = "".join(four_lines(left, 48, 5, 5) + printed(left, 43, word) for left, word in ((30, "Yes"), (50, "No")))
    (one,) = drafted(printed(20, 38, "May we contact your school?") + pair).values()
    assert (one.kind, one.label, one.item) == (Kind.YES_NO, "May we contact your school?", "contact:education")


def test_a_label_before_its_box_may_run_over_two_lines() -> None:
    rows = "".join(
        f"[{text}], [{BOX}], "
        for text in (
            "I give permission for the service to contact the school that my child goes to on behalf of our whole family.",
            "I give permission for the service to obtain reports from other professionals.",
        )
    )
    found = drafted(f"#grid(columns: (15cm, 1fr), row-gutter: 4mm, align: (left, right), {rows})")
    assert [one.label[-12:] for one in found.values()] == ["hole family.", "ofessionals."]


def test_letters_that_a_font_only_numbers_are_refused() -> None:
    import io

    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(f"{BOX} You may contact my school\n\nSigned {DOTS}")))
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]  # pypdf's objects are not typed
            font.get_object().pop("/ToUnicode", None)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(TemplateError, match="letters of this PDF cannot be read"):
        propose(out.getvalue(), "drawn", "1")


def test_a_coloured_area_without_words_is_an_ornament() -> None:
    picture = '#rect(width: 30mm, height: 24mm, fill: rgb("#cfe3cf"))'
    found = drafted(
        f"#grid(columns: (36mm, 1fr), [{picture}], [Is it OK for us to talk to your teachers? \\ \\ Yes {BOX} No {BOX}])"
    )
    assert [one.item for one in found.values()] == ["contact:education"]


TWO = "Do you consent to us sharing information with health professionals such as a therapist or a doctor of yours?"


@pytest.mark.parametrize("frame", ["", ", stroke: 0.6pt"])
def test_a_question_of_two_lines_has_the_boxes_beside_its_middle(frame: str) -> None:
    def row(text: str) -> str:
        cells = f"[{text}], [{BOX} No {BOX} Yes]"
        grid = f"grid(columns: (12cm, 1fr), align: (left + horizon, right + horizon), {cells})"
        return f"#block(width: 100%, inset: 3mm, below: 3mm{frame}, {grid})\n"

    asked = "Do you consent to us contacting the nursery, the school or the college that your child goes to every day?"
    found = drafted("#set par(leading: 8pt)\n" + row(asked) + row(TWO))
    assert {label: one.item for label, one in found.items()} == {asked: "contact:education", TWO: "share:health"}


def test_a_question_of_two_lines_in_a_cell_has_the_boxes_in_the_next() -> None:
    row = f"[{TWO}], [Yes {BOX}], [No {BOX}]"
    found = drafted(
        f"#set par(leading: 8pt)\n#table(columns: (10cm, 1fr, 1fr), align: horizon, {TABLE}, {row}, [May we ring you?], [Yes {BOX}], [No {BOX}])"
    )
    assert list(found) == [TWO, "May we ring you?"]


@pytest.mark.parametrize(
    "row",
    [
        f"I do {BOX} / do not {BOX} give consent for the service to contact my school",
        f"I {BOX} do {BOX} do not give consent for the service to contact my school",
    ],
)
def test_boxes_within_a_sentence_are_one_question(row: str) -> None:
    (one,) = drafted(row).values()
    assert (one.kind, one.label) == (Kind.YES_NO, "I give consent for the service to contact my school")
    assert one.item == "contact:education" and one.boxes["yes"][0] < one.boxes["no"][0]


def test_lines_that_rule_one_room_are_one_place() -> None:
    rules = "".join("#v(6mm)\n#line(length: 100%, stroke: 0.5pt)\n" for _ in range(4))
    (one,) = drafted(f"Anything else that we should know?\n{rules}").values()
    assert (one.label, one.kind) == ("Anything else that we should know?", Kind.TEXT)
    assert one.boxes["area"][3] - one.boxes["area"][1] > 60


def test_dots_lead_to_boxes_far_behind_them() -> None:
    def row(words: str, at: float) -> str:
        return printed(20, at, f"#box(width: 12cm)[{words} #box(width: 1fr, repeat[.])]") + "".join(
            four_lines(left, at, 4, 4) for left in (150, 170)
        )

    heads = printed(149, 34, "Yes") + printed(169, 34, "No")
    found = drafted(
        heads + row("I allow the team to hold information about me", 42) + row("I allow a visit at home or school", 52)
    )
    assert [one.kind for one in found.values()] == [Kind.YES_NO] * 2


def test_the_label_of_a_place_to_write_leads_in_no_table_below() -> None:
    above = f"#table(columns: (4cm, 1fr), {TABLE}, [Parent 2 name:], [])\n#v(-2mm)"
    found = drafted(
        f"{above}\n#table(columns: (1fr, 2cm, 2cm), {TABLE}, [Permission], [Yes], [No], [Share with school], [], [])"
    )
    assert found["Share with school"].wording == "Share with school"


def test_heads_of_other_columns_say_nothing_of_a_question() -> None:
    found = drafted(
        f"#table(columns: (1fr, 5cm, 2cm, 2cm), {TABLE}, [Agency], [Named contact], [Yes], [No], [Housing officer], [], [], [])"
    )
    assert found["Housing officer"].wording == "Housing officer"
    assert found["Housing officer: Named contact"].kind is Kind.TEXT


def test_the_head_over_a_single_box_says_what_it_means() -> None:
    def table(head: str) -> dict[str, Field]:
        return drafted(
            f"You may share with:\n#table(columns: (1fr, 25mm), {TABLE}, [Who], [{head}], [My school], [{BOX}], [School nursing team], [{BOX}])"
        )

    assert [(one.wording, one.item) for one in table("Opt out").values()][:1] == [
        ("You may share with: Opt out: My school", None)
    ]
    assert set(table("Opt out")) == {"My school", "School nursing team"}
    assert table("Please tick")["My school"].item == "share:education"


def test_a_rule_under_a_row_of_words_is_not_written_on() -> None:
    rules = "".join(lines((20, at, 130, at)) for at in (38.8, 50.8, 62.8))
    boxes = "".join(four_lines(left, at, 5, 5) for at in (44, 56) for left in (142, 160))
    words = printed(20, 44, "We can keep your details") + printed(20, 56, "We can ring you")
    heads = printed(20, 35, "Please tick") + printed(139, 36, "*Agree*") + printed(155, 36, "*Disagree*")
    assert [one.kind for one in drafted(rules + boxes + words + heads).values()] == [Kind.YES_NO] * 2


def test_a_cell_with_the_number_of_a_row_is_no_part_of_its_question() -> None:
    rows = "[1], [May we ring you?], [Y {B} N {B}], [2], [May we write to you?], [Y {B} N {B}]".replace("{B}", BOX)
    assert list(drafted(f"#table(columns: (8mm, 1fr, 4cm), {TABLE}, {rows})")) == [
        "May we ring you?",
        "May we write to you?",
    ]
    found = drafted(
        f"#table(columns: (8mm, 1fr, 2cm, 2cm), {TABLE}, [], [], [*Y*], [*N*], [1], [May we ring you?], [], [])"
    )
    assert [(one.label, one.kind) for one in found.values()] == [("May we ring you?", Kind.YES_NO)]


def test_what_stands_apart_before_the_first_label_leads_in() -> None:
    found = drafted(f"Best way to reach you #h(6mm) Telephone {BOX} #h(5mm) Text {BOX} #h(5mm) Letter {BOX}")
    assert [one.label for one in found.values()] == ["Telephone", "Text", "Letter"]
    assert found["Text"].wording == "Best way to reach you: Text"


def test_answers_close_together_make_no_column() -> None:
    rows = "".join(
        printed(20, 40 + 12 * n, f"Talk to the {who} about us")
        for n, who in enumerate(("nurse", "hospital", "solicitor", "school"))
    )
    boxes = "".join(
        four_lines(left, 40 + 12 * n, 5, 5) + printed(left + 7, 41.2 + 12 * n, word)
        for n in range(4)
        for left, word in ((155, "Yes"), (170, "No"))
    )
    left = "".join(
        four_lines(20, 90 + 9 * n, 4, 4) + printed(26, 90 + 9 * n, f"We came with {what}")
        for n, what in enumerate(("a friend", "a report"))
    )
    found = drafted(rows + boxes + left)
    assert [one.kind for one in found.values()].count(Kind.YES_NO) == 4


def test_a_heading_that_says_what_may_be_done_or_not_leads_in() -> None:
    def frame(head: str) -> str:
        return f"rect(width: 75mm, inset: 4mm)[*{head}* \\ \\ {BOX} School \\ \\ {BOX} Housing]"

    found = proposed(
        f"#grid(columns: (1fr, 1fr), {frame('We may talk to these agencies')}, {frame('We may NOT talk to these agencies')})"
    )
    assert sorted((one.wording, one.item) for one in found.template.fields) == [
        ("We may NOT talk to these agencies: Housing", None), ("We may NOT talk to these agencies: School", None),
        ("We may talk to these agencies: Housing", None), ("We may talk to these agencies: School", "contact:education"),
    ]  # fmt: skip


def test_larger_print_before_a_label_is_a_heading() -> None:
    found = drafted("#text(size: 15pt)[*After your meeting*] #h(1fr) Reference #box(width: 30mm, repeat[.])")
    assert list(found) == ["Reference"]


def test_the_number_of_a_section_is_no_part_of_who_writes() -> None:
    band = "table.cell(colspan: 2)[Section 2: Parent or carer]"
    found = drafted(f"#table(columns: (4cm, 1fr), {TABLE}, {band}, [Name], [], [Address], [])")
    assert list(found) == ["Parent or carer: Name", "Parent or carer: Address"]


def test_short_strokes_drawn_as_areas_are_a_line() -> None:
    dash = "#place(top + left, dx: {}mm, dy: 24mm, polygon(fill: black, (0pt, 0pt), (2.3pt, 0pt), (2.2pt, 0.7pt), (0pt, 0.7pt)))\n"
    assert list(
        drafted(printed(20, 40, "Name") + "".join(dash.replace("{}", f"{20 + 1.3 * n:.1f}") for n in range(60)))
    ) == ["Name"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Date you signed", Kind.DATE),
        ("Date and signature", Kind.SIGNATURE),
        ("On", Kind.DATE),
        ("On what do you spend it", Kind.TEXT),
    ],
)
def test_a_date_is_one_although_it_speaks_of_signing(label: str, kind: Kind) -> None:
    assert written_kind(label) is kind


@pytest.mark.parametrize(
    ("label", "lead", "item"),
    [
        ("Other, please specify", "We may contact:", "contact:other"),
        ("Can we post our newsletter to you?", "", "news:post"),
        ("The service may tell me about events by email", "", "news:email"),
        ("Would you like to get our newsletter by email?", "", "news:email"),
        ("I am happy to be phoned about events", "", "news:telephone"),
        ("Can we send you letters about workshops?", "", "news:post"),
        ("Is it OK for us to talk to your teachers?", "", "contact:education"),
        ("Get in touch with my GP", "With my permission you may:", "contact:health"),
        ("Details may be stored", "", "store"),
        ("I agree to my details being stored by the service", "", "store"),
        ("I am content for the service to contact health professionals", "", "contact:health"),
        ("I consent to the advice service speaking to the SENCo", "", "contact:education"),
        ("I agree to my details being stored by Lantern Families", "", None),
        ("School nursing team", "You may share with:", None),
        ("Is it OK for us to say no to your teachers?", "", None),
        ("Is it OK for the school to talk to your doctor?", "", None),
        ("Keep my information away from the council", "You may share with:", None),
        ("Keep my details off your file", "", None),
        ("Hold back my information from health", "We may share:", None),
        ("Health visitor or GP", "You may contact:", None),
        ("GP", "Who referred you? We may contact:", None),
        ("School", "Who has a copy of your plan? We may contact them about it.", None),
        ("Contact my GP", "Actions that need your further consent:", None),
        ("Contact my GP", "Untick what we may do:", None),
        ("Email", "Remove me from your newsletter sent by:", None),
        ("School", "Please tell us whom we should keep this from:", None),
        ("Get in touch with me about my school", "You may:", None),
        ("I would have texts about events read to me", "", None),
        ("My school", "Opt out:", None),
    ],
)
def test_what_a_mark_agrees_to(label: str, lead: str, item: str | None) -> None:
    assert mark_guess(label, lead).item == item
