"""G5, P9: the chain finds every edit, removal, insertion and swap, and holds codes only."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.audit.chain import START, Broken, Entry, Whole, detail_json, link, verify

KEY = b"k" * 32
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)

Linked = list[tuple[Entry, bytes]]


def chain(length: int) -> Linked:
    found: Linked = []
    previous = START
    for number in range(1, length + 1):
        entry = Entry(number, AT, "system", "item_arrived", "item", f"id-{number}", detail_json({"number": number}))
        previous = link(KEY, previous, entry)
        found.append((entry, previous))
    return found


def test_an_untouched_chain_is_whole() -> None:
    linked = chain(5)
    assert verify(KEY, linked) == Whole(5, linked[-1][1])
    assert verify(KEY, []) == Whole(0, START)


@given(length=st.integers(2, 12), data=st.data())
def test_every_tampering_but_a_cut_tail_is_found(length: int, data: st.DataObject) -> None:
    linked = chain(length)
    place = data.draw(st.integers(0, length - 2))
    how = data.draw(st.sampled_from(["edit", "delete", "swap", "insert", "redate", "repoint"]))
    entry, mac = linked[place]
    match how:
        case "edit":
            linked[place] = (replace(entry, act="item_filed"), mac)
        case "delete":
            del linked[place]
        case "swap":
            linked[place], linked[place + 1] = linked[place + 1], linked[place]
        case "insert":
            linked.insert(place, (replace(entry, act="item_filed"), mac))
        case "redate":
            linked[place] = (replace(entry, at=AT.replace(year=2025)), mac)
        case "repoint":
            linked[place] = (replace(entry, subject_id="another"), mac)
    assert isinstance(verify(KEY, linked), Broken)


def test_a_cut_tail_is_not_found_without_a_head_kept_elsewhere() -> None:
    assert isinstance(verify(KEY, chain(5)[:3]), Whole)


def test_another_key_fits_nothing() -> None:
    assert verify(b"j" * 32, chain(2)) == Broken(1)


@pytest.mark.parametrize("text", ["Rowan Testwood", "14 May 2011", "näme", "a" * 81])
def test_a_name_or_a_sentence_is_refused_as_detail(text: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        detail_json({"reason": text})
