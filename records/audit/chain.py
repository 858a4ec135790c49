"""How entries are linked. Pure.

mac(n) = HMAC-SHA-256(audit key, mac(n-1) ‖ canonical JSON of entry n); mac(0) is 32 zero bytes. An edited, removed, inserted
or swapped entry breaks the chain at its place. A cut tail is only found with a head kept elsewhere (P9).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

START = bytes(32)
_CODE = re.compile(r"[a-z0-9_:.\-]{0,80}\Z", re.IGNORECASE)

Detail = Mapping[str, str | int | bool | None]


@dataclass(frozen=True)
class Entry:
    """What is linked: who did what, when, to which id, with codes and numbers only."""

    sequence: int
    at: datetime
    actor: str
    act: str
    subject_kind: str
    subject_id: str
    detail: str


@dataclass(frozen=True)
class Whole:
    """Every entry fits the one before it."""

    entries: int
    head: bytes


@dataclass(frozen=True)
class Broken:
    """The first entry that does not fit."""

    sequence: int


def detail_json(detail: Detail) -> str:
    """Canonical JSON. Raises ValueError for a value that is not a number or a short code: names have no place in the chain."""
    for key, value in detail.items():
        if isinstance(value, str) and not _CODE.match(value):
            raise ValueError(f"audit detail {key!r} is not a code")
    return json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))


def link(key: bytes, previous: bytes, entry: Entry) -> bytes:
    """The mac of an entry that follows the one whose mac is `previous`."""
    body = json.dumps(
        [
            entry.sequence,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.act,
            entry.subject_kind,
            entry.subject_id,
            entry.detail,
        ],
        separators=(",", ":"),
    )
    return hmac.new(key, previous + body.encode(), hashlib.sha256).digest()


def verify(key: bytes, entries: Iterable[tuple[Entry, bytes]]) -> Whole | Broken:
    """Walks the chain in order of sequence, which runs 1, 2, 3… without gaps."""
    previous, count = START, 0
    for entry, mac in entries:
        count += 1
        if entry.sequence != count or not hmac.compare_digest(mac, link(key, previous, entry)):
            return Broken(count)
        previous = mac
    return Whole(count, previous)
