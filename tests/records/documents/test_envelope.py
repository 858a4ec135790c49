"""Sealed bytes open whole or not at all (P5 of the threat model: change is detected, altered data is not decrypted)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.documents.envelope import CHUNK, new_key, seal, seal_chunks, seal_json, unseal, unseal_json
from records.errors import Damaged

KEY = new_key()
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens_again(size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)
    assert unseal(KEY, seal(KEY, plain[:size], b"id"), b"id") == plain[:size]


@given(st.lists(st.binary(max_size=300)))
def test_how_it_was_cut_into_blocks_does_not_matter(blocks: list[bytes]) -> None:
    assert unseal(KEY, b"".join(seal_chunks(KEY, blocks, b"id")), b"id") == b"".join(blocks)


@given(plain=st.binary(min_size=1, max_size=200), data=st.data())
def test_one_changed_bit_anywhere_is_found(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, plain, b"id"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Damaged):
        unseal(KEY, bytes(sealed), b"id")


@pytest.mark.parametrize("cut", [1, 15, 16, CHUNK, CHUNK + 16, CHUNK + 17])
def test_a_cut_end_is_found(cut: int) -> None:
    sealed = seal(KEY, b"x" * (2 * CHUNK + 5), b"id")
    with pytest.raises(Damaged):
        unseal(KEY, sealed[:-cut], b"id")


def test_reordered_chunks_are_found() -> None:
    sealed = seal(KEY, b"a" * CHUNK + b"b" * CHUNK + b"c", b"id")
    head, step = 10, CHUNK + 16
    swapped = (
        sealed[:head] + sealed[head + step : head + 2 * step] + sealed[head : head + step] + sealed[head + 2 * step :]
    )
    with pytest.raises(Damaged):
        unseal(KEY, swapped, b"id")


def test_another_key_or_another_place_does_not_open() -> None:
    sealed = seal(KEY, b"invented", b"id")
    for key, bound_to in ((new_key(), b"id"), (KEY, b"other")):
        with pytest.raises(Damaged):
            unseal(key, sealed, bound_to)


def test_a_name_with_bytes_that_are_not_text_survives() -> None:
    name = b"scan \xff\xfe.pdf".decode("utf-8", "surrogateescape")
    assert unseal_json(KEY, seal_json(KEY, {"name": name}, b"id"), b"id") == {"name": name}
