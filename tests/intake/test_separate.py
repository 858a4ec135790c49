"""Where documents end in a stack: sheets cut, forms are not completed across them, and two sides share a sheet of paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.catalogue import load_catalogue
from forms.printing.sheet_code import SheetCode, encode
from forms.results import PageKind, PageReading
from intake.separate import paper_of, sections
from intake.stacks import pieces
from records.vocabulary import PartKind

CATALOGUE = load_catalogue()
LONG = next(one for one in CATALOGUE.templates() if len(one.pages) > 1)
B, LETTER, F = PageKind.BLANK, PageKind.OTHER, PageKind.FORM


def sheet(number: int, file: int | None = None) -> PageReading:
    return PageReading(number, PageKind.SHEET, sheet=encode(SheetCode(file)))


def form(number: int, page: int) -> PageReading:
    return PageReading(number, PageKind.FORM, LONG.id, LONG.edition, page)


def letter(number: int) -> PageReading:
    return PageReading(number, PageKind.OTHER)


def shape(pages: list[PageReading]) -> list[tuple[PartKind, tuple[int, ...], int | None]]:
    return [(piece.kind, piece.found.pages, piece.cover_file) for piece in pieces(pages, CATALOGUE)]


def test_a_separator_cuts_between_letters_and_is_no_document() -> None:
    assert shape([letter(1), sheet(2), letter(3), letter(4)]) == [
        (PartKind.OTHER, (1,), None),
        (PartKind.SHEET, (2,), None),
        (PartKind.OTHER, (3, 4), None),
    ]


def test_a_cover_sheet_proposes_its_file_for_what_lies_behind_it_alone() -> None:
    found = shape([sheet(1, 42), letter(2), PageReading(3, B), sheet(4), letter(5), sheet(6, 7), form(7, 1)])

    assert found == [
        (PartKind.SHEET, (1,), None), (PartKind.OTHER, (2,), 42), (PartKind.BLANK, (3,), None),
        (PartKind.SHEET, (4,), None), (PartKind.OTHER, (5,), None),
        (PartKind.SHEET, (6,), None), (PartKind.FORM, (7,), 7),
    ]  # fmt: skip


def test_a_form_is_not_completed_across_a_sheet() -> None:
    together = shape([form(1, 1), form(2, 2)])
    apart = shape([form(1, 1), sheet(2), form(3, 2)])

    assert together == [(PartKind.FORM, (1, 2), None)]
    assert apart == [(PartKind.FORM, (1,), None), (PartKind.SHEET, (2,), None), (PartKind.FORM, (3,), None)]


def test_a_sheet_at_the_end_and_two_in_a_row_lose_nothing() -> None:
    assert [part[1] for part in shape([sheet(1), sheet(2), letter(3), sheet(4)])] == [(1,), (2,), (3,), (4,)]


def test_a_page_that_claims_to_be_a_sheet_without_its_code_is_sorted_by_a_person() -> None:
    assert shape([PageReading(1, PageKind.SHEET, sheet="PSN000000X")]) == [(PartKind.OTHER, (1,), None)]


kinds = st.sampled_from([B, LETTER, F, PageKind.POLICY, PageKind.UNREADABLE, PageKind.SHEET])


@given(st.lists(st.tuples(kinds, st.none() | st.integers(1, 9), st.integers(1, len(LONG.pages))), max_size=14))
def test_every_page_of_any_stack_is_in_exactly_one_piece(stack: list[tuple[PageKind, int | None, int]]) -> None:
    pages = []
    for number, (kind, file, page) in enumerate(stack, start=1):
        match kind:
            case PageKind.SHEET:
                pages.append(sheet(number, file))
            case PageKind.FORM:
                pages.append(form(number, page))
            case _:
                pages.append(PageReading(number, kind))

    placed = sorted(number for piece in pieces(pages, CATALOGUE) for number in piece.found.pages)

    assert placed == [page.number for page in pages]
    assert sum(len(one.pages) + (one.sheet is not None) for one in sections(pages)) == len(pages)


@pytest.mark.parametrize(
    ("stack", "paper"),
    [
        ([F, B, F, B], [1, 1, 2, 2]),
        ([F, F, LETTER, B], [1, 1, 2, 2]),
        ([F, B, F], [1, 2, 3]),
        ([F, F], [1, 2]),
        ([B, F, F, B], [1, 2, 3, 4]),
        ([F, PageKind.SHEET, F, B], [1, 2, 3, 4]),
        ([], []),
    ],
)
def test_two_sides_share_a_sheet_only_where_the_stack_was_plainly_scanned_on_both(
    stack: list[PageKind], paper: list[int]
) -> None:
    pages = [PageReading(number, kind) for number, kind in enumerate(stack, start=1)]

    assert list(paper_of(pages).values()) == paper
