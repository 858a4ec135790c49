"""What word processors and browsers make of a form: typed boxes, dots drawn one by one, places to write on a line of their own."""

import pytest

from forms.drafting.bracketed import bracket_boxes
from forms.drafting.dotted import lines_of_dots
from forms.drafting.parts import _is_glyph
from forms.template import Kind
from tests.forms.drafting.drawing import BOX, lines, printed
from tests.forms.drafting.test_other_blanks import drafted


def _letters(text: str, pitch: float = 3.0) -> list[dict[str, object]]:
    return [
        {"text": c, "x0": pitch * n, "x1": pitch * (n + 1), "top": 10.0, "bottom": 21.0} for n, c in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[  ] Yes [  ] No", 2),
        ("(  ) Yes", 1),
        ("[see note 3]", 0),
        ("[]", 0),
        ("(a) [ ]", 1),
        ("( [  ]", 1),
        ("[  )", 0),
    ],
)
def test_empty_brackets_are_boxes(text: str, count: int) -> None:
    boxes, used = bracket_boxes(_letters(text))
    assert len(boxes) == count
    assert {one["text"] for one in used} <= set("[]() ")


def test_typed_boxes_make_a_question() -> None:
    (found,) = drafted("May we contact the school? #h(1cm) [~~] Yes #h(5mm) [~~] No").fields
    assert (found.kind, found.label, found.item) == (Kind.YES_NO, "May we contact the school?", "contact:education")


def test_dots_drawn_one_by_one_are_a_line() -> None:
    dots = [(57.0 + 1.5 * n, 145.5, 57.75 + 1.5 * n, 146.25) for n in range(40)]
    assert lines_of_dots(dots) == [(57.0, 145.5, 116.25, 146.25)]
    assert lines_of_dots(dots[:5]) == []
    uneven = [
        (57.0 + 3.0 * n, 145.5, 57.75 + 3.0 * n + (n % 3), 146.25) for n in range(40)
    ]  # as a square code is drawn
    assert lines_of_dots(uneven) == []
    assert lines_of_dots([(20.0 * n, 100.0, 20.0 * n + 1, 101.0) for n in range(30)]) == []


def test_a_line_across_the_page_is_written_on_if_it_is_said_what() -> None:
    rule = "#line(length: 100%, stroke: 0.6pt)"
    (found,) = drafted(f"Your full name \\*\n\n#v(4mm)\n{rule}\n\nWe keep what you tell us to ourselves.").fields
    assert found.label == "Your full name *"


def test_a_place_on_the_next_line_belongs_to_the_words_above_it() -> None:
    words = printed(20, 50, "Name of child") + printed(142, 50, "Date of birth")
    found = drafted(words + lines((50, 54, 140, 54), (20, 60.5, 70, 60.5))).fields
    assert [(one.kind, one.label) for one in found] == [(Kind.TEXT, "Name of child"), (Kind.DATE, "Date of birth")]


def test_a_place_under_the_words_that_lead_to_it_is_theirs() -> None:
    below = printed(20, 50, "Young person:") + printed(20, 55.5, "." * 60)
    found = drafted(below + printed(110, 50, "Date of birth: " + "." * 30)).fields
    assert [(one.kind, one.label) for one in found] == [(Kind.DATE, "Date of birth"), (Kind.TEXT, "Young person")]


def test_a_caption_may_stand_a_line_below() -> None:
    captions = printed(20, 54, "Signature of parent or carer") + printed(120, 54, "Date")
    found = drafted(lines((20, 50, 100, 50), (120, 50, 170, 50)) + captions).fields
    assert [one.kind for one in found] == [Kind.SIGNATURE, Kind.DATE]


def test_the_room_to_sign_ends_where_the_next_line_begins() -> None:
    rows = printed(20, 50, "Signature " + "." * 90) + printed(20, 58.6, "Print name " + "." * 90)
    sign, name = (one.boxes["area"] for one in drafted(rows).fields)
    assert sign[3] <= name[1]


def test_dots_that_lead_to_a_box_are_not_written_on() -> None:
    (found,) = drafted(f"talk to the school #box(width: 60mm, repeat[.]) {BOX}").fields
    assert (found.kind, found.label) == (Kind.TICK, "talk to the school")


def test_dots_tie_a_box_to_the_words_before_it() -> None:
    found = drafted(f"send me news by text #box(width: 60mm, repeat[.]) {BOX} #h(7mm) Initials:").fields
    assert [one.label for one in found if one.kind is Kind.TICK] == ["send me news by text"]


def test_each_yes_of_several_is_an_answer_of_its_own() -> None:
    found = drafted(
        f"Would you like to hear from us about events?\n\n{BOX} Yes, by email #h(4mm) {BOX} Yes, by text #h(4mm) {BOX} No thank you"
    ).fields
    assert [(one.kind, one.label, one.item) for one in found] == [
        (Kind.TICK, "Yes, by email", "news:email"),
        (Kind.TICK, "Yes, by text", "news:text"),
        (Kind.TICK, "No thank you", None),
    ]


def test_what_asks_stands_before_all_boxes_of_its_line() -> None:
    found = drafted(f"Are you a: {BOX} parent or carer {BOX} young person {BOX} professional").fields
    assert [one.label for one in found] == ["parent or carer", "young person", "professional"]


def test_how_a_date_is_written_may_stand_in_its_cell() -> None:
    (found,) = drafted("#table(columns: (4cm, 6cm), inset: 6pt, [Date of birth], [D D / M M / Y Y Y Y])").fields
    assert (found.kind, found.label) == (Kind.DATE, "Date of birth")
    assert found.boxes["area"][0] > 165


def test_a_line_for_the_office_is_not_the_familys() -> None:
    line = "#box(width: 30mm, line(length: 100%, stroke: 0.6pt))"
    found = drafted(f"Signature {line}\n\n#v(5mm)\nOffice use only: Received {line} Entered by {line}").fields
    assert [one.label for one in found] == ["Signature"]


def test_a_date_in_boxes_behind_a_frame_has_its_own_words() -> None:
    comb = "#box(grid(columns: (6mm,) * 6, rows: 7mm, stroke: 0.6pt, ..range(6).map(_ => [])), baseline: 40%)"
    frame = "#box(width: 60mm, height: 14mm, stroke: 0.6pt, radius: 2mm, baseline: 40%)"
    found = drafted(f"Signed by parent/carer {frame} Date {comb}").fields
    assert [one.label for one in found] == ["Signed by parent/carer", "Date"]


def test_boxes_of_a_word_processors_symbols() -> None:
    for text in "\uf06f\uf0a8":
        assert _is_glyph({"text": text, "fontname": "DAAAAA+OpenSymbol"})
    assert not _is_glyph({"text": "\uf0b7", "fontname": "DAAAAA+OpenSymbol"})
