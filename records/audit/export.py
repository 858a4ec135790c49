"""The chain as a text file that anybody can verify with docs/audit.md and an anchor alone: ids and codes only.

One entry a line: the canonical JSON, a tab, the public digest in hexadecimal figures. The first line says what it is.
"""

from collections.abc import Iterator

from sqlmodel import Session

from records.audit import trail
from records.audit.chain import START, body, public_digest

HEADING = b"# Paperchain audit, version 1: JSON, tab, SHA-256 of the digest before and the JSON\n"


def lines(session: Session) -> Iterator[bytes]:
    """Every entry from the first to the newest, each line with its end."""
    yield HEADING
    digest = START
    for entry, _ in trail.entries(session):
        digest = public_digest(digest, entry)
        yield body(entry) + b"\t" + digest.hex().encode() + b"\n"
