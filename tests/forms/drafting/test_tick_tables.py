"""Tables of ticks: each box is led in by the head of its own column, and a scale is no yes and no."""

from forms.template import Kind
from tests.forms.drafting.drawing import BOX
from tests.forms.drafting.test_other_blanks import drafted

HEADS = "[Who], [Contact name], [You may contact them], [You may share information with them]"


def _rows(cell: str, *names: str) -> str:
    return ", ".join(f"[{name}], [], {cell}, {cell}" for name in names)


def test_a_box_in_a_cell_is_led_in_by_its_column() -> None:
    rows = _rows(f"[{BOX}]", "School or college", "Children's social care")
    found = drafted(f"#table(columns: (1fr, 1fr, 1fr, 1fr), inset: 6pt, {HEADS}, {rows})").fields
    marks = [one for one in found if one.kind is Kind.TICK]
    assert [(one.item, one.wording) for one in marks] == [
        ("contact:education", "You may contact them: School or college"),
        ("share:education", "You may share information with them: School or college"),
        ("contact:social_care", "You may contact them: Children’s social care"),
        ("share:social_care", "You may share information with them: Children’s social care"),
    ]
    # Whom to ask for at a body is neither a child nor a parent.
    assert [one.id for one in found if one.kind is Kind.TEXT] == [
        "school_or_college_contact_name",
        "childrens_social_care_contact_name",
    ]


def test_a_low_cell_between_its_row_and_its_head_is_written_in() -> None:
    rows = _rows("[#box(width: 3.4mm, height: 3.4mm, stroke: 0.6pt)]", "School", "Social care")
    table = f"#set text(size: 7pt)\n#table(columns: (1fr,) * 4, inset: (x: 6pt, y: 1.4pt), {HEADS}, {rows})"
    assert [one.label for one in drafted(table).fields if one.kind is Kind.TEXT] == [
        "School: Contact name",
        "Social care: Contact name",
    ]


def test_empty_cells_under_what_is_allowed_are_ticked_past_bands() -> None:
    found = drafted(
        "#table(columns: (1fr, 24mm, 24mm, 24mm), inset: 3mm, [], [We may contact], [We may share information with], [Neither], "
        "table.cell(colspan: 4)[*Education*], [School or college], [], [], [], "
        "table.cell(colspan: 4)[*Health*], [GP and hospital doctors], [], [], [])"
    ).fields
    assert [(one.kind, one.item, one.wording) for one in found] == [
        (Kind.TICK, "contact:education", "We may contact: School or college"),
        (Kind.TICK, "share:education", "We may share information with: School or college"),
        (Kind.TICK, None, "Neither: School or college"),
        (Kind.TICK, "contact:health", "We may contact: GP and hospital doctors"),
        (Kind.TICK, "share:health", "We may share information with: GP and hospital doctors"),
        (Kind.TICK, None, "Neither: GP and hospital doctors"),
    ]


def test_steps_of_a_scale_are_no_yes_and_no() -> None:
    heads = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree")
    cells = "".join(f", [{head}]" for head in heads)
    row = "".join(f", [{BOX}]" for _ in heads)
    found = drafted(f"#table(columns: (1fr,) + (24mm,) * 5, inset: 5pt, []{cells}, [I was listened to]{row})").fields
    assert [(one.kind, one.wording) for one in found] == [(Kind.TICK, f"{head}: I was listened to") for head in heads]


def test_two_kinds_of_yes_are_no_yes_to_one_no() -> None:
    heads = ("Yes, contact and share", "Yes, contact only", "No")
    cells = "".join(f", [{head}]" for head in heads)
    row = "".join(f", [{BOX}]" for _ in heads)
    found = drafted(f"#table(columns: (1fr,) + (30mm,) * 3, inset: 5pt, [Agency]{cells}, [The school]{row})").fields
    assert [(one.kind, one.wording, one.item) for one in found] == [
        (Kind.TICK, "Yes, contact and share: The school", None),
        (Kind.TICK, "Yes, contact only: The school", "contact:education"),
        (Kind.TICK, "No: The school", None),
    ]


def test_who_signs_may_stand_over_the_column() -> None:
    found = drafted(
        "#table(columns: (3cm, 1fr, 1fr), inset: 8pt, [], [*Parent 1*], [*Parent 2*], [Name], [], [], [Signature], [], [], [Date], [], [])"
    ).fields
    assert [one.kind for one in found] == [Kind.TEXT] * 2 + [Kind.SIGNATURE] * 2 + [Kind.DATE] * 2
    assert [one.label for one in found[2:]] == [
        "Parent 1: Signature",
        "Parent 2: Signature",
        "Parent 1: Date",
        "Parent 2: Date",
    ]


def test_a_label_with_an_empty_cell_beside_it_is_not_written_on() -> None:
    found = drafted(
        "#table(columns: (4cm, 1fr), rows: 12mm, inset: 2pt, [Signed (parent)], [], [Name in capitals], [], [Date], [])"
    ).fields
    assert [one.label for one in found] == ["Signed (parent)", "Name in capitals", "Date"]
    assert all(one.boxes["area"][0] > 160 for one in found)


def test_a_box_character_has_only_its_own_outline() -> None:
    mark = '#text(font: "DejaVu Sans")[☐]'
    rows = ", ".join(f"[{name}], [{mark}], [{mark}]" for name in ("School", "Social care", "Health"))
    table = f"#set text(size: 10pt)\n#table(columns: 3, inset: 0.7pt, [Who], [You may contact], [You may share with], {rows})"
    boxes = [one.boxes["tick"] for one in drafted(table).fields]
    assert len(boxes) == 6
    for left, top, right, bottom in boxes:
        assert abs((right - left) - (bottom - top)) < 0.5
