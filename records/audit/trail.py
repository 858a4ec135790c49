"""Appending to the audit chain, in the transaction of what it tells, and checking it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from records.audit.chain import START, Broken, Detail, Entry, Whole, detail_json, link, verify
from records.audit.tables import AuditEntry
from records.db import keys_of

SYSTEM = "system"


def append(
    session: Session,
    *,
    actor: str,
    act: str,
    subject_kind: str,
    subject_id: str,
    at: datetime,
    detail: Detail | None = None,
) -> None:
    """Adds one entry. `actor` is an account id or `system`. Must run inside `Database.writing()`, which has one writer at a time."""
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc()).limit(1)).first()
    at = at.astimezone(UTC)
    entry = Entry(last.sequence + 1 if last else 1, at, actor, act, subject_kind, subject_id, detail_json(detail or {}))
    mac = link(keys_of(session).audit, last.mac if last else START, entry)
    session.add(AuditEntry(**vars(entry), mac=mac))
    session.flush()


def check(session: Session) -> Whole | Broken:
    """Verifies the whole chain, streaming."""

    def rows() -> Iterator[tuple[Entry, bytes]]:
        for row in session.exec(
            select(AuditEntry).order_by(col(AuditEntry.sequence)).execution_options(yield_per=1000)
        ):
            yield Entry(row.sequence, row.at, row.actor, row.act, row.subject_kind, row.subject_id, row.detail), row.mac
            session.expunge(row)

    return verify(keys_of(session).audit, rows())
