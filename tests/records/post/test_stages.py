"""Which states an item may move between, and what its parts make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import RefusedByRule
from records.post.stages import MOVES, WAITING, check_move, state_of
from records.vocabulary import ItemState, PartState

OPEN = {PartState.TO_REVIEW, PartState.QUARANTINED, PartState.TO_SORT}


@pytest.mark.parametrize("before", ItemState)
@pytest.mark.parametrize("after", ItemState)
def test_only_moves_of_the_table_are_allowed(before: ItemState, after: ItemState) -> None:
    if after in MOVES[before]:
        check_move(before, after)
    else:
        with pytest.raises(RefusedByRule) as refused:
            check_move(before, after)
        assert refused.value.rule == "P6"


def test_nothing_that_is_settled_or_sorted_goes_back_to_be_read() -> None:
    back = {before for before in ItemState if MOVES[before] & WAITING}

    assert back == {ItemState.ARRIVING, ItemState.READING, ItemState.STOPPED, ItemState.TO_REVIEW}


def test_from_every_state_a_person_or_the_reader_can_bring_an_item_to_a_file() -> None:
    for start in ItemState:
        reached, fresh = {start}, {start}
        while fresh:
            fresh = {after for before in fresh for after in MOVES[before]} - reached
            reached |= fresh
        assert ItemState.FILED in reached


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([PartState.TO_REVIEW], ItemState.TO_REVIEW),
        ([PartState.QUARANTINED], ItemState.TO_REVIEW),
        ([PartState.TO_SORT, PartState.QUARANTINED], ItemState.TO_REVIEW),
        ([PartState.CONFIRMED, PartState.TO_SORT], ItemState.TO_SORT),
        ([PartState.CONFIRMED], ItemState.FILED),
        ([PartState.FILED, PartState.NOT_OURS], ItemState.FILED),
        ([PartState.NOT_OURS], ItemState.NOT_OURS),
        ([PartState.NOT_OURS, PartState.NOTHING_TO_DO], ItemState.NOT_OURS),
        ([PartState.CONFIRMED, PartState.NOTHING_TO_DO], ItemState.FILED),
    ],
)
def test_an_item_is_where_its_parts_are(parts: list[PartState], state: ItemState) -> None:
    assert state_of(parts) is state


@given(st.lists(st.sampled_from(PartState), min_size=1, max_size=8))
def test_an_item_with_anything_open_always_waits_for_somebody(parts: list[PartState]) -> None:
    waits = state_of(parts) in (ItemState.TO_REVIEW, ItemState.TO_SORT)

    assert waits == bool(OPEN & set(parts))
    assert state_of(parts) is state_of(parts[::-1])
