"""Messages between the core and a locked-down process: a length, a JSON header, binary parts.

Both ends use this, but only the core distrusts: every length is bounded before anything is read for it.
"""

import json
import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_LENGTHS = struct.Struct(">II")
MOST_HEADER_BYTES = 2 * 1024 * 1024
MOST_PARTS = 2000


class BadMessage(Exception):
    """The other end does not speak the language: it is broken or hostile."""


class Ended(Exception):
    """The other end closed."""


class TooSlow(Exception):
    """Nothing complete arrived in time."""


@dataclass(frozen=True)
class Message:
    """A header of plain values and its binary parts."""

    # Any: JSON, checked by whoever reads it.
    header: dict[str, Any]
    parts: tuple[bytes, ...] = ()


def pack_message(header: dict[str, Any], parts: Sequence[bytes] = ()) -> list[bytes]:
    """The pieces to send, in order."""
    head = json.dumps({**header, "parts": [len(part) for part in parts]}, allow_nan=False).encode()
    return [_LENGTHS.pack(len(head), sum(map(len, parts))), head, *parts]


def receive(stream: socket.socket, deadline: float, most_bytes: int) -> Message:
    """The next message, by `deadline` (monotonic). Raises Ended, TooSlow or BadMessage."""
    head_length, body_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size, deadline))
    if head_length > MOST_HEADER_BYTES or body_length > most_bytes:
        raise BadMessage("too long")
    try:
        header = json.loads(_exactly(stream, head_length, deadline), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadMessage("not JSON") from error
    lengths = header.pop("parts", None) if isinstance(header, dict) else None
    if not isinstance(lengths, list) or len(lengths) > MOST_PARTS:
        raise BadMessage("no parts")
    if any(type(length) is not int or length < 0 for length in lengths) or sum(lengths) != body_length:
        raise BadMessage("parts do not add up")
    return Message(header, tuple(_exactly(stream, length, deadline) for length in lengths))


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _exactly(stream: socket.socket, length: int, deadline: float) -> bytes:
    data = bytearray(length)
    view, at = memoryview(data), 0
    while at < length:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            raise TooSlow
        try:
            got = stream.recv_into(view[at:])
        except ConnectionError as error:
            raise Ended from error
        if not got:
            raise Ended
        at += got
    return bytes(data)
