"""Cells to write in whose words stand over their column, beside their row, in a band above, or in the cell itself."""

import pytest

from forms.template import Field, Kind
from tests.forms.drafting.test_other_blanks import drafted


def cells(columns: str, *texts: str, rows: str = "") -> list[Field]:
    held = ", ".join(text if text.startswith("table.") else f"[{text}]" for text in texts)
    return list(drafted(f"#table(columns: ({columns}), {rows}stroke: 0.6pt, inset: 3mm, {held})").fields)


def test_a_table_to_sign_has_the_kinds_of_its_columns_and_the_people_of_its_rows() -> None:
    found = cells(
        "40mm, 1fr, 1fr, 30mm", "", "Name", "Signature", "Date", "Parent or carer", "", "", "", "Young person", "", "", "",
        "SENDIASS officer", "", "", "", rows="rows: (auto, 12mm, 12mm, 12mm), ",
    )  # fmt: skip
    assert [(one.id, one.kind) for one in found] == [
        ("parent_name", Kind.TEXT), ("signature", Kind.SIGNATURE), ("signed_on", Kind.DATE),
        ("child_name", Kind.TEXT), ("young_person_signature", Kind.SIGNATURE), ("young_person_date", Kind.DATE),
        ("sendiass_officer_name", Kind.TEXT), ("sendiass_officer_signature", Kind.SIGNATURE),
        ("sendiass_officer_date", Kind.DATE),
    ]  # fmt: skip
    assert found[1].label == "Parent or carer: Signature"
    assert [one.needed for one in found if one.kind is Kind.SIGNATURE] == [True, False, False]


def test_cells_under_heads_alone_are_called_by_their_own_column() -> None:
    found = cells(
        "1fr, 1fr, 1fr", "Name of child", "School", "Date of birth", *[""] * 6, rows="rows: (auto, 12mm, 12mm), "
    )
    assert [one.label for one in found] == ["Name of child", "School", "Date of birth"] * 2
    assert [one.kind for one in found] == [Kind.TEXT, Kind.TEXT, Kind.DATE] * 2


def test_what_is_written_behind_words_in_their_own_cell_is_that_of_the_band_above() -> None:
    def band(words: str) -> str:
        return f"table.cell(colspan: 2)[{words}]"

    found = cells(
        "1fr, 1fr", band("Parent or carer"), "Name:", "Relationship to child:", "Signature:", "Date:",
        band("Young person (16 and over)"), "Name:", "Age:", "Signature:", "Date:",
    )  # fmt: skip
    assert [(one.id, one.needed) for one in found if one.kind is Kind.SIGNATURE] == [
        ("signature", True), ("young_person_signature", False)
    ]  # fmt: skip
    assert [one.id for one in found][:4] == ["parent_name", "relationship", "signature", "signed_on"]
    assert found[4].id == "child_name"
    assert all(one.boxes["area"][2] - one.boxes["area"][0] > 100 for one in found)


@pytest.mark.parametrize("words", ["Our promise to you", "We never pass on your name", "Note"])
def test_a_cell_that_only_tells_something_is_nowhere_to_write(words: str) -> None:
    assert [one.label for one in cells("1fr, 1fr", "Name:", words, "Signature:", words)] == ["Name", "Signature"]


def test_a_label_before_its_own_empty_cell_has_no_second_place() -> None:
    found = cells("50mm, 1fr", "Name:", "", "Signature:", "", rows="rows: (12mm, 12mm), ")
    assert [(one.label, one.boxes["area"][0] > 190) for one in found] == [("Name", True), ("Signature", True)]


def test_the_corner_of_a_table_is_nowhere_to_write_under_a_title_too() -> None:
    found = drafted(
        "#text(16pt)[*Registration*]\n\n#table(columns: (34mm, 1fr, 1fr), rows: (9mm, 9mm, 9mm), stroke: 0.5pt, inset: 2mm,"
        " [], [Parent 1], [Parent 2], [Name], [], [], [Address], [], [])"
    ).fields
    assert [one.label for one in found] == [
        "Name: Parent 1",
        "Name: Parent 2",
        "Address: Parent 1",
        "Address: Parent 2",
    ]
