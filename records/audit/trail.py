"""Appending to the audit chain, in the transaction of what it tells, and checking it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import select as raw_select
from sqlmodel import Session, SQLModel, col, select

from records.audit.chain import START, Broken, Detail, Entry, Whole, Why, detail_json, link, verify
from records.audit.tables import AuditAnchor, AuditEntry
from records.db import keys_of

SYSTEM = "system"
_COLUMNS = ("sequence", "at", "actor", "act", "subject_kind", "subject_id", "detail", "mac")


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


def entries(session: Session, after: int = 0) -> Iterator[tuple[Entry, bytes]]:
    """Entries with their macs in order, streaming; `after`: the sequence of the last one that is not wanted."""
    table = SQLModel.metadata.tables[
        "audit_entry"
    ].c  # the table itself: mapped objects cost as much again as all the rest
    wanted = raw_select(*(table[name] for name in _COLUMNS)).where(table.sequence > after).order_by(table.sequence)
    session.flush()
    for block in session.connection().execute(wanted.execution_options(yield_per=2000)).partitions():
        for number, at, actor, act, kind, subject, detail, mac in block:
            yield Entry(number, at, actor, act, kind, subject, detail), bytes(mac)


def check(session: Session, anchors: Mapping[int, bytes] | None = None) -> Whole | Broken:
    """Verifies the whole chain, streaming, against the anchors kept in the database and those given (macs by sequence)."""
    kept = {row.sequence: row.mac for row in session.exec(select(AuditAnchor))}
    for sequence, mac in (anchors or {}).items():
        if kept.setdefault(sequence, mac) != mac:
            return Broken(sequence, Why.NOT_AS_ANCHORED)
    return verify(keys_of(session).audit, entries(session), kept)
