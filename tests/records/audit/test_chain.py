"""G5, P9: the chain finds every edit, removal, insertion and swap, and holds codes only."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.audit.chain import START, Broken, Entry, Whole, Why, body, detail_json, link, verify

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


@given(
    sequence=st.integers(1, 2**63 - 1), texts=st.lists(st.text(), min_size=5, max_size=5),
    at=st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Europe/London")])),
)  # fmt: skip
def test_what_is_linked_is_plain_json_that_anybody_can_read(sequence: int, texts: list[str], at: datetime) -> None:
    entry = Entry(sequence, at, *texts)
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    assert body(entry) == json.dumps([sequence, moment, *texts], separators=(",", ":")).encode()


@given(length=st.integers(2, 12), data=st.data())
def test_with_an_anchor_a_cut_tail_is_found_and_so_is_a_chain_rewritten_with_the_key(
    length: int, data: st.DataObject
) -> None:
    linked = chain(length)
    anchored = data.draw(st.integers(1, length))
    anchors = {anchored: linked[anchored - 1][1]}
    assert verify(KEY, linked, anchors) == Whole(length, linked[-1][1])
    cut = data.draw(st.integers(0, anchored - 1))
    assert verify(KEY, linked[:cut], anchors) == Broken(cut + 1, Why.CUT_OFF)
    other, previous = [], START
    for entry, _ in linked:  # whoever holds the key can rewrite everything, but not what was written down elsewhere
        previous = link(KEY, previous, replace(entry, actor="somebody-else"))
        other.append((replace(entry, actor="somebody-else"), previous))
    assert verify(KEY, other, anchors) == Broken(anchored, Why.NOT_AS_ANCHORED)
    assert verify(KEY, other) == Whole(length, previous)
