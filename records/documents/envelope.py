"""Sealing bytes: AES-256-GCM in chunks (the STREAM construction), so that a long scan is never whole in memory twice.

Layout: `PC1` ‖ 7 random bytes ‖ chunks of 1 MiB plaintext + 16-byte tag. Nonce of a chunk: the 7 bytes, its number (4 bytes),
and 1 for the last chunk, else 0: cut, repeated or reordered chunks do not open. Associated data binds the envelope to an id.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import Damaged

MAGIC = b"PC1"
CHUNK = 1 << 20
_PREFIX = 7
_TAG = 16


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def seal_chunks(key: bytes, blocks: Iterable[bytes], bound_to: bytes) -> Iterator[bytes]:
    """Sealed pieces of a stream of plaintext blocks of any size. `bound_to` must be given again to open."""
    cipher, prefix = AESGCM(key), os.urandom(_PREFIX)
    yield MAGIC + prefix
    waiting, number = bytearray(), 0
    for block in blocks:
        waiting += block
        while len(waiting) > CHUNK:  # strictly more: the last chunk must be known as such
            yield cipher.encrypt(_nonce(prefix, number, False), bytes(waiting[:CHUNK]), bound_to)
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(prefix, number, True), bytes(waiting), bound_to)


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    return b"".join(seal_chunks(key, [plain], bound_to))


def unseal(key: bytes, sealed: bytes | memoryview, bound_to: bytes) -> bytes:
    """The plaintext. Raises Damaged when anything was changed, cut, or belongs elsewhere."""
    view = memoryview(sealed)
    head = len(MAGIC) + _PREFIX
    if bytes(view[: len(MAGIC)]) != MAGIC or len(view) < head + _TAG:
        raise Damaged("A stored document is damaged: it does not begin as it should.")
    cipher, prefix = AESGCM(key), bytes(view[len(MAGIC) : head])
    if len(view) <= head + CHUNK + _TAG:  # one chunk, as nearly everything but scans: lists open thousands of them
        try:
            return cipher.decrypt(_nonce(prefix, 0, True), view[head:], bound_to)
        except InvalidTag:
            raise Damaged("A stored document is damaged: its seal does not fit.") from None
    plain, at, number = bytearray(), head, 0
    while at < len(view):
        end = min(at + CHUNK + _TAG, len(view))
        try:
            plain += cipher.decrypt(_nonce(prefix, number, end == len(view)), bytes(view[at:end]), bound_to)
        except InvalidTag:
            raise Damaged("A stored document is damaged: its seal does not fit.") from None
        at, number = end, number + 1
    return bytes(plain)


def unseal_chunks(key: bytes, source: BinaryIO, bound_to: bytes) -> Iterator[bytes]:
    """The plaintext of a sealed stream, a chunk at a time. Raises Damaged; what was handed out before it stood in its place."""
    head = source.read(len(MAGIC) + _PREFIX)
    if head[: len(MAGIC)] != MAGIC or len(head) < len(MAGIC) + _PREFIX:
        raise Damaged("It is damaged: it does not begin as it should.")
    cipher, prefix, number = AESGCM(key), head[len(MAGIC) :], 0
    chunk = source.read(CHUNK + _TAG)
    while True:
        following = source.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, not following), chunk, bound_to)
        except InvalidTag:
            raise Damaged("It is damaged or cut short: its seal does not fit.") from None
        if not following:
            return
        chunk, number = following, number + 1


def seal_json(key: bytes, value: Mapping[str, Any], bound_to: bytes) -> bytes:
    """Personal columns (names, birth dates, file names) are sealed like documents."""
    return seal(
        key, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), bound_to
    )


def unseal_json(key: bytes, sealed: bytes, bound_to: bytes) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(unseal(key, sealed, bound_to).decode("utf-8", "surrogatepass")))


def fingerprint(plain: bytes) -> bytes:
    return hashlib.sha256(plain).digest()
