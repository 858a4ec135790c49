"""Edits of a stack's pages: no page is dropped or doubled by any of them, and what makes no sense is refused in words (P6)."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import RefusedByRule
from records.post.arrangement import Edit, Group, change

A, B = UUID(int=1), UUID(int=2)
GROUPS = [Group(A, (1, 2, 4)), Group(B, (3, 5))]


@pytest.mark.parametrize(
    ("edit", "page", "parts", "groups"),
    [
        (Edit.SPLIT, 1, (A,), ((1,), (2, 4))),
        (Edit.SPLIT, 3, (B,), ((3,), (5,))),
        (Edit.JOIN, 2, (A, B), ((1, 2, 3, 4, 5),)),
        (Edit.BLANK, 2, (A,), ((2,), (1, 4))),
        (Edit.BY_HAND, 5, (B,), ((3, 5),)),
        (Edit.TURN, 5, (), ()),
    ],
)
def test_an_edit_groups_pages_anew(
    edit: Edit, page: int, parts: tuple[UUID, ...], groups: tuple[tuple[int, ...], ...]
) -> None:
    found = change(GROUPS, edit, page)

    assert (found.parts, found.groups) == (parts, groups)


@pytest.mark.parametrize(
    ("edit", "page", "words"),
    [
        (Edit.SPLIT, 4, "nothing to split"),
        (Edit.JOIN, 3, "nothing to join"),
        (Edit.SPLIT, 9, "Choose a page"),
        (Edit.JOIN, 0, "Choose a page"),
    ],
)
def test_what_makes_no_sense_is_refused(edit: Edit, page: int, words: str) -> None:
    with pytest.raises(RefusedByRule, match=words):
        change(GROUPS, edit, page)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.sampled_from(list(Edit)), st.integers(1, 12))
def test_every_page_of_what_is_taken_apart_is_in_one_new_group(owners: list[int], edit: Edit, page: int) -> None:
    ids = [uuid4() for _ in range(5)]
    groups = [Group(ids[owner], tuple(n for n, each in enumerate(owners, 1) if each == owner)) for owner in set(owners)]
    if edit is Edit.UNDO:
        return
    try:
        found = change(groups, edit, page)
    except RefusedByRule:
        return
    taken = sorted(number for group in groups if group.part in found.parts for number in group.pages)

    assert sorted(number for numbers in found.groups for number in numbers) == taken
