"""Crops come out of a pack as they went in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.documents.pack import pack, unpack
from records.errors import Damaged


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.binary(max_size=60), max_size=8))
def test_every_picture_comes_back(pictures: dict[str, bytes]) -> None:
    packed = pack(pictures)
    assert {name: unpack(packed, name) for name in pictures} == pictures
    assert unpack(packed, "a name longer than any of them, so it is not there") is None


@pytest.mark.parametrize("packed", [b"", b"\0\0\0\5{", b"\0\0\0\x0f" + b'{"a": [0, 999]}'])
def test_a_broken_pack_is_damage(packed: bytes) -> None:
    with pytest.raises(Damaged):
        unpack(packed, "a")
