"""How entries are linked. Pure.

mac(n) = HMAC-SHA-256(audit key, mac(n-1) ‖ canonical JSON of entry n); mac(0) is 32 zero bytes. An edited, removed, inserted
or swapped entry breaks the chain at its place. A cut tail is only found with a head kept elsewhere (P9): an anchor.

Beside the keyed chain runs a public one, for whoever checks an export without our key (docs/audit.md):
digest(n) = SHA-256(digest(n-1) ‖ the same JSON); digest(0) is 32 zero bytes.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

START = bytes(32)
_CODE = re.compile(r"[a-z0-9_:.\-]{0,80}\Z", re.IGNORECASE)

_text = json.encoder.encode_basestring_ascii

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


class Why(StrEnum):
    """In which way a chain does not fit."""

    ALTERED = "altered"
    CUT_OFF = "cut_off"
    NOT_AS_ANCHORED = "not_as_anchored"


@dataclass(frozen=True)
class Broken:
    """The first entry that does not fit, or the first that an anchor knows of and that is gone."""

    sequence: int
    why: Why = Why.ALTERED


def detail_json(detail: Detail) -> str:
    """Canonical JSON. Raises ValueError for a value that is not a number or a short code: names have no place in the chain."""
    for key, value in detail.items():
        if isinstance(value, str) and not _CODE.match(value):
            raise ValueError(f"audit detail {key!r} is not a code")
    return json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))


def body(entry: Entry) -> bytes:
    """Canonical JSON of an entry, a list without spaces in ASCII: what both chains are computed over.

    Put together by hand from json's own string encoder: `json.dumps` costs as much again as all the rest of a check.
    """
    at = entry.at if entry.at.tzinfo is UTC else entry.at.astimezone(UTC)
    return (
        f'[{entry.sequence},"{at.isoformat(timespec="microseconds")}",{_text(entry.actor)},{_text(entry.act)},'
        f"{_text(entry.subject_kind)},{_text(entry.subject_id)},{_text(entry.detail)}]"
    ).encode("ascii")


def link(key: bytes, previous: bytes, entry: Entry) -> bytes:
    """The mac of an entry that follows the one whose mac is `previous`."""
    return hmac.digest(key, previous + body(entry), hashlib.sha256)


def public_digest(previous: bytes, entry: Entry) -> bytes:
    """The digest of an entry in the chain that needs no key."""
    return hashlib.sha256(previous + body(entry)).digest()


def verify(
    key: bytes, entries: Iterable[tuple[Entry, bytes]], anchors: Mapping[int, bytes] | None = None
) -> Whole | Broken:
    """Walks the chain in order of sequence, which runs 1, 2, 3… without gaps.

    `anchors`: macs that were written down elsewhere, by sequence. An entry that differs from its anchor was rewritten with the
    key or comes from another copy; an anchor beyond the end says that entries were cut off.
    """
    anchors = anchors or {}
    previous, count = START, 0
    for entry, mac in entries:
        count += 1
        if entry.sequence != count or not hmac.compare_digest(mac, link(key, previous, entry)):
            return Broken(count)
        if count in anchors and not hmac.compare_digest(mac, anchors[count]):
            return Broken(count, Why.NOT_AS_ANCHORED)
        previous = mac
    if anchors and max(anchors) > count:
        return Broken(count + 1, Why.CUT_OFF)
    return Whole(count, previous)
