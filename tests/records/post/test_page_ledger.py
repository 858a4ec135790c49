"""Pages in = pages in some place, for whatever became of them (P6)."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.post.page_ledger import KeptItem, KeptPage, Place, ledger, place_of
from records.vocabulary import ItemState, PartKind, PartState

FORM, BLANK, SHEET = PartKind.FORM, PartKind.BLANK, PartKind.SHEET
READ = [ItemState.TO_REVIEW, ItemState.TO_SORT, ItemState.FILED, ItemState.NOT_OURS]


def page(kind: PartKind | None, state: PartState | None, *, decided: bool = False) -> KeptPage:
    return KeptPage(kind, state, decided)


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (page(FORM, PartState.CONFIRMED), Place.FILED),
        (page(PartKind.OTHER, PartState.FILED), Place.FILED),
        (page(FORM, PartState.TO_REVIEW), Place.WAITING),
        (page(FORM, PartState.QUARANTINED, decided=True), Place.WAITING),
        (page(PartKind.OTHER, PartState.TO_SORT), Place.WAITING),
        (page(PartKind.OTHER, PartState.NOT_OURS), Place.NOT_OURS),
        (page(PartKind.OTHER, PartState.COPY), Place.COPY),
        (page(BLANK, PartState.NOTHING_TO_DO), Place.UNSEEN),
        (page(BLANK, PartState.NOTHING_TO_DO, decided=True), Place.BLANK),
        (page(SHEET, PartState.NOTHING_TO_DO), Place.UNSEEN),
        (page(SHEET, PartState.NOTHING_TO_DO, decided=True), Place.SHEET),
        (page(PartKind.POLICY, PartState.NOTHING_TO_DO, decided=True), Place.SHEET),
        (page(FORM, PartState.REPLACED), Place.WAITING),
        (page(None, None), Place.WAITING),
    ],
)
def test_each_page_is_in_one_place_and_a_blank_only_when_a_person_has_seen_it(found: KeptPage, place: Place) -> None:
    assert place_of(found) is place


kept_pages = st.builds(KeptPage, st.sampled_from(PartKind), st.sampled_from(PartState), st.booleans())


@st.composite
def whole_items(draw: st.DrawFn) -> KeptItem:
    state = draw(st.sampled_from(ItemState))
    pages = Counter(draw(st.lists(kept_pages, min_size=1, max_size=6))) if state in READ else Counter[KeptPage]()
    counted = pages.total() if state in READ else draw(st.none() | st.integers(0, 9))
    return KeptItem(draw(st.integers(1, 10**6)), state, counted, pages, state in READ)


@given(st.lists(whole_items(), max_size=8), st.integers(0, 5))
def test_a_batch_without_a_lost_page_adds_up(items: list[KeptItem], erased: int) -> None:
    found = ledger(items, erased=erased)

    assert found.sums.balances
    assert found.sums.files == len(items)
    assert sum(found.sums.places.values()) == found.sums.pages_in


@given(whole_items().filter(lambda item: item.state in READ), st.data())
def test_a_page_that_is_nowhere_is_found(item: KeptItem, data: st.DataObject) -> None:
    gone = Counter([data.draw(st.sampled_from(list(item.pages)))])
    short = replace(item, pages=Counter(item.pages) - gone)

    found = ledger([short], erased=0).sums

    assert not found.balances
    assert found.lost == (item.number,)
    assert not found.done


def test_a_lost_page_is_not_hidden_by_a_page_too_many_elsewhere() -> None:
    form = page(FORM, PartState.CONFIRMED)
    short, long = KeptItem(1, ItemState.FILED, 2, {form: 1}, True), KeptItem(2, ItemState.FILED, 1, {form: 2}, True)

    assert ledger([short, long], erased=0).sums.lost == (1, 2)


def test_a_file_that_nobody_could_count_is_named_and_not_done() -> None:
    found = ledger(
        [KeptItem(7, ItemState.STOPPED, None, {}, False), KeptItem(8, ItemState.READING, 3, {}, False)], erased=0
    )

    assert [(line.number, line.counted) for line in found.lines] == [(7, None), (8, None)]
    sums = found.sums
    assert (sums.uncounted, sums.pages_in, sums.balances, sums.done) == (2, 0, True, False)


def test_done_is_said_only_when_nothing_waits() -> None:
    filed = KeptItem(1, ItemState.FILED, 1, {page(FORM, PartState.CONFIRMED): 1}, True)
    unseen = KeptItem(2, ItemState.FILED, 1, {page(BLANK, PartState.NOTHING_TO_DO): 1}, True)
    stopped = KeptItem(3, ItemState.STOPPED, 4, {}, False)

    assert ledger([filed], erased=2).sums.done
    assert not ledger([filed, unseen], erased=0).sums.done
    assert not ledger([filed, stopped], erased=0).sums.done
    assert ledger([filed, stopped], erased=0).sums.places[Place.STOPPED] == 4
