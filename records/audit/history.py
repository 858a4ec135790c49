"""Finding entries of the record again, a page at a time; the newest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from records.audit.tables import AuditEntry
from records.clock import LONDON


@dataclass(frozen=True)
class Wanted:
    """Which entries: all that fit everything that is given. Days are days in London, both included."""

    act: str | None = None
    actor: str | None = None
    subject_id: str | None = None
    first: date | None = None
    last: date | None = None


def newest(session: Session, wanted: Wanted, *, before: int | None = None, many: int = 50) -> Sequence[AuditEntry]:
    """At most `many` entries with a number below `before`."""
    query = select(AuditEntry)
    if before is not None:
        query = query.where(col(AuditEntry.sequence) < before)
    if wanted.act is not None:
        query = query.where(AuditEntry.act == wanted.act)
    if wanted.actor is not None:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.subject_id is not None:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.first is not None:
        query = query.where(col(AuditEntry.at) >= _begin(wanted.first))
    if wanted.last is not None:
        query = query.where(col(AuditEntry.at) < _begin(wanted.last + timedelta(days=1)))
    return session.exec(query.order_by(col(AuditEntry.sequence).desc()).limit(many)).all()


def acts(session: Session) -> list[str]:
    """Every code that was ever entered."""
    return sorted(session.exec(select(AuditEntry.act).distinct()).all())


def first_day(session: Session) -> date | None:
    """The day in London of the first entry."""
    at = session.exec(select(AuditEntry.at).order_by(col(AuditEntry.sequence)).limit(1)).first()
    return at.astimezone(LONDON).date() if at else None


def detail_of(entry: AuditEntry) -> dict[str, str | int | bool | None]:
    """Its codes and numbers."""
    found: dict[str, str | int | bool | None] = json.loads(entry.detail)
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
