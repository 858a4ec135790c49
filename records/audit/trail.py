"""Appending to the audit chain, in the transaction of what it tells, and checking it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select as raw_select
from sqlmodel import Session, SQLModel, col, insert, select

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
    append_each(
        session, [subject_id], actor=actor, act=act, subject_kind=subject_kind, at=at, detail=detail
    )  # fmt: skip


def append_each(
    session: Session,
    subject_ids: Sequence[str],
    *,
    actor: str,
    act: str,
    subject_kind: str,
    at: datetime,
    detail: Detail | None = None,
) -> None:
    """The same entry about each of many things, in this order: the chain is looked up once for them all."""
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc()).limit(1)).first()
    before, mac = (last.sequence, last.mac) if last else (0, START)
    at, said, key = at.astimezone(UTC), detail_json(detail or {}), keys_of(session).audit
    rows = []
    for sequence, subject_id in enumerate(subject_ids, before + 1):
        entry = Entry(sequence, at, actor, act, subject_kind, subject_id, said)
        mac = link(key, mac, entry)
        rows.append({**vars(entry), "mac": mac})
    if len(rows) == 1:
        session.add(AuditEntry(**rows[0]))
    elif rows:  # thousands of objects would cost ten times as much as their rows
        session.execute(insert(AuditEntry), rows)
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
