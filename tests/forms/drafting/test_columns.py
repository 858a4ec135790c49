"""Pages in two columns: what stands side by side belongs to two lists of questions."""

from forms.drafting.columns import columns_of
from forms.drafting.parts import parts_of
from forms.template import Kind
from tests.forms.drafting.drawing import BOX, pdf_of
from tests.forms.drafting.test_other_blanks import drafted

LEFT = ("Child's name", "Date of birth", "Parent's name", "Email address")
RIGHT = ("You may keep my details.", "You may contact my child's school.", "You may contact social care.")


def _written(label: str) -> str:
    return f"#block(above: 5mm)[{label} \\ #v(5mm) #line(length: 70mm, stroke: 0.6pt)]\n"


def _asked(label: str) -> str:
    return f"#block(above: 4mm)[{label} \\ {BOX} Yes #h(8mm) {BOX} No]\n"


def _two(left: str, right: str) -> str:
    return f"#grid(columns: (1fr, 1fr), column-gutter: 8mm, [{left}], [{right}])\n"


TWO = _two("".join(map(_written, LEFT)), "".join(map(_asked, RIGHT)))


def test_questions_of_one_column_have_no_words_of_the_other() -> None:
    found = drafted(TWO).fields
    assert [(one.kind, one.label) for one in found] == [
        (Kind.TEXT, "Child’s name"), (Kind.DATE, "Date of birth"), (Kind.TEXT, "Parent’s name"), (Kind.TEXT, "Email address"),
        *((Kind.YES_NO, label.replace("'", "’")) for label in RIGHT),
    ]  # fmt: skip
    assert [one.wording for one in found[4:]] == [one.label for one in found[4:]]
    assert [one.item for one in found[4:]] == ["store", "contact:education", "contact:social_care"]
    assert [one.id for one in found[:4]] == ["child_name", "date_of_birth", "parent_name", "email"]


def test_what_stands_above_and_below_two_columns_is_read_before_and_after_them() -> None:
    wide = "Everything that we are told stays with us, and nobody else will hear of it unless somebody is in danger."
    above, below = f"{wide} {wide}\n\n{_asked('Have you read this?')}", f"{wide} {wide}\n\n{_written('Signature')}"
    found = drafted(f"{above}{TWO}#v(6mm)\n{below}").fields
    assert [found[0].label, found[-1].label] == ["Have you read this?", "Signature"]
    assert len(found) == 9


def test_a_table_without_lines_and_answers_at_the_right_are_no_columns() -> None:
    rows = "".join(f"[{label}], [{BOX} Yes], [{BOX} No], " for label in (*LEFT, *RIGHT, *LEFT, *RIGHT))
    beside = "".join(f"[{BOX} {label}], [{BOX} {label} too], " for label in (*LEFT, *RIGHT, *LEFT, *RIGHT))
    for columns, cells in (("1fr, 30mm, 30mm", rows), ("1fr, 1fr", beside)):
        (page,) = parts_of(pdf_of(f"#grid(columns: ({columns}), row-gutter: 5mm, {cells})"))
        assert columns_of(page) == [page]


def test_an_address_beside_the_title_makes_no_columns() -> None:
    right = " \\ ".join(f"#text(size: 9pt)[Line {n} of our address]" for n in range(16))
    (page,) = parts_of(pdf_of(_two("".join(map(_asked, RIGHT)), right)))
    assert columns_of(page) == [page]


def _three(*columns: str) -> str:
    return f"#grid(columns: (1fr, 1fr, 1fr), column-gutter: 9mm, {', '.join(f'[{one}]' for one in columns)})\n"


THIRD = ("You may share information with health.", "You may send me news by email.", "You may send me news by post.")
FIRST = ("You may contact the council.", "You may contact my GP.", "You may return my documents to me.")


def test_three_columns_of_questions_are_read_one_after_the_other() -> None:
    columns = ["".join(map(_asked, asked)) for asked in (FIRST, [one.replace("'", "’") for one in RIGHT], THIRD)]
    found = drafted(f"#set page(flipped: true)\n{_three(*columns)}").fields
    assert [one.label for one in found] == [one.replace("'", "’") for one in (*FIRST, *RIGHT, *THIRD)]
    assert [one.wording for one in found] == [one.label for one in found]
    lefts = [one.boxes["yes"][0] for one in found]
    assert lefts == sorted(lefts) and len(set(lefts)) == 3


def test_level_questions_in_two_columns_keep_their_words_apart() -> None:
    long = ("You may share information about my child with the health services.", *RIGHT[1:])
    found = drafted(_two("".join(map(_asked, FIRST)), "".join(map(_asked, long)))).fields
    assert [one.label for one in found] == [one.replace("'", "’") for one in (*FIRST, *long)]


def test_a_second_pair_of_columns_below_the_first_is_taken_apart_too() -> None:
    wide = "Everything that we are told stays with us, and nobody else will hear of it unless somebody is in danger."
    pairs = [
        _two("".join(map(_asked, one)), "".join(map(_asked, two))) for one, two in ((FIRST, RIGHT), (THIRD, FIRST))
    ]
    labels = [one.label for one in drafted(f"{pairs[0]}#v(6mm)\n{wide} {wide}\n#v(6mm)\n{pairs[1]}").fields]
    assert labels == [one.replace("'", "’") for one in (*FIRST, *RIGHT, *THIRD, *FIRST)]


def test_two_pairs_of_answers_to_one_list_are_no_columns() -> None:
    heads = "[], [Yes], [No], [Yes], [No], "
    rows = "".join(f"[{label}], {f'[{BOX}], ' * 4}" for label in (*LEFT, *RIGHT))
    (page,) = parts_of(pdf_of(f"#grid(columns: (1fr, 20mm, 20mm, 20mm, 20mm), row-gutter: 5mm, {heads}{rows})"))
    assert columns_of(page) == [page]
