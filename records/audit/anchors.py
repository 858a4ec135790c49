"""Anchors: the head of the chain written down outside, so that a cut tail or a rewritten chain is found (P9).

A chain alone cannot show that its newest entries were cut off. An anchor says which entry was the newest at a moment; whoever
keeps it elsewhere (a file on another machine, a certificate in a drawer) can tell later that nothing before it is gone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.audit.chain import START, public_digest
from records.audit.tables import AuditAnchor, AuditEntry
from records.errors import Damaged

_LINE = re.compile(
    r"^entry (\d{1,18}) chain ([0-9a-f]{64}) digest ([0-9a-f]{64}) at (\S+)$"
    r"(?:\n^destroyed (\d{1,18}) ledger ([0-9a-f]{64})$)?",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Anchor:
    """The newest entry at a moment: its number, its mac (checked with our key) and its public digest (checked by anybody).

    `destroyed`, `ledger`: how many entries the ledger of destruction had when this was written down, and the mac of its last (P12):
    a restore knows by them that a copy of the ledger is an old one. Only in what is kept elsewhere; 0 and nothing where not told.
    """

    sequence: int
    mac: bytes
    digest: bytes
    at: datetime
    destroyed: int = 0
    ledger: str = ""


def make(session: Session, at: datetime) -> Anchor | None:
    """The anchor of the newest entry, kept here too; None while nothing was ever recorded. Must run inside `Database.writing()`.

    Walks only what came after the anchor before, so it costs what was added, not what is kept.
    """
    last = newest(session)
    sequence, digest = (last.sequence, last.digest) if last else (0, START)
    mac = last.mac if last else START
    count = sequence
    for entry, newest_mac in trail.entries(session, sequence):
        digest, mac, count = public_digest(digest, entry), newest_mac, entry.sequence
    if count == sequence:
        return last
    session.add(AuditAnchor(sequence=count, mac=mac, digest=digest, anchored_at=at.astimezone(UTC)))
    session.flush()
    return Anchor(count, mac, digest, at)


def newest(session: Session) -> Anchor | None:
    """The last anchor made."""
    row = session.exec(select(AuditAnchor).order_by(col(AuditAnchor.sequence).desc()).limit(1)).first()
    return Anchor(row.sequence, row.mac, row.digest, row.anchored_at) if row else None


def since(session: Session) -> int:
    """How many entries came after the last anchor."""
    last = newest(session)
    return (session.exec(select(func.max(AuditEntry.sequence))).one() or 0) - (last.sequence if last else 0)


def in_text(anchor: Anchor) -> str:
    """What is written down: a line for machines below a sentence for people, and one for the ledger once something was destroyed."""
    ledger = f"destroyed {anchor.destroyed} ledger {anchor.ledger}\n" if anchor.destroyed else ""
    return (
        "Paperchain audit anchor. Keep this away from the machine that runs Paperchain, and never change it.\n"
        f"entry {anchor.sequence} chain {anchor.mac.hex()} digest {anchor.digest.hex()} "
        f"at {anchor.at.astimezone(UTC).isoformat(timespec='seconds')}\n{ledger}"
    )


def from_text(text: str) -> list[Anchor]:
    """Every anchor in a text. Raises Damaged when there is none."""
    found = [
        Anchor(int(number), bytes.fromhex(mac), bytes.fromhex(digest), _moment(at), int(destroyed or 0), ledger)
        for number, mac, digest, at, destroyed, ledger in _LINE.findall(text.replace("\r\n", "\n"))
    ]
    if not found:
        raise Damaged("That file holds no audit anchor. Give a file that Paperchain wrote into its anchor folder.")
    return found


def by_sequence(anchors: Iterable[Anchor]) -> dict[int, bytes]:
    """Macs by entry, as `trail.check` takes them. Raises Damaged when two anchors of one entry disagree."""
    found: dict[int, bytes] = {}
    for anchor in anchors:
        if found.setdefault(anchor.sequence, anchor.mac) != anchor.mac:
            raise Damaged(f"Two anchors of entry {anchor.sequence} disagree: one of the files was changed.")
    return found


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise Damaged("The anchor file was changed: its time cannot be read.") from None
