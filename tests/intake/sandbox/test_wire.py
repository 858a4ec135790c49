"""Messages arrive whole, in time and within their size, or not at all."""

import socket
import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.sandbox.wire import BadMessage, Ended, Message, TooSlow, pack_message, receive


def said(data: bytes, most: int = 1000, seconds: float = 5) -> Message:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(data)
        return receive(ours, time.monotonic() + seconds, most)


@given(parts=st.lists(st.binary(max_size=200), max_size=5), text=st.text(max_size=50))
def test_what_is_packed_arrives(parts: list[bytes], text: str) -> None:
    message = said(b"".join(pack_message({"text": text}, parts)))
    assert message == Message({"text": text}, tuple(parts))


HEADER = b'{"parts": []}'


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", Ended, id="nothing"),
        pytest.param(struct.pack(">II", 50, 0) + b"{", Ended, id="broken off"),
        pytest.param(struct.pack(">II", 1 << 31, 0), BadMessage, id="header of 2 GiB"),
        pytest.param(struct.pack(">II", 10, 1001), BadMessage, id="body over its limit"),
        pytest.param(struct.pack(">II", 3, 0) + b"{{{", BadMessage, id="no JSON"),
        pytest.param(struct.pack(">II", 2, 0) + b"[]", BadMessage, id="no object"),
        pytest.param(struct.pack(">II", 2, 0) + b"{}", BadMessage, id="no parts"),
        pytest.param(struct.pack(">II", 14, 0) + b'{"parts": [5]}', BadMessage, id="parts longer than the body"),
        pytest.param(struct.pack(">II", 20, 0) + b'{"parts": [5, -5]}  ', BadMessage, id="negative part"),
        pytest.param(struct.pack(">II", 22, 0) + b'{"parts": [], "a":NaN}', BadMessage, id="no number"),
        pytest.param(struct.pack(">II", 200_000, 0) + b"[" * 200_000, BadMessage, id="nested without end"),
    ],
)
def test_anything_else_does_not(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        said(data)


def test_one_who_says_nothing_is_not_waited_for() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TooSlow):
        receive(ours, time.monotonic() + 0.05, 1000)
