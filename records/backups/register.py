"""What the live database knows of its backups: only those whose every byte was read back (P13)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit.tables import AuditEntry
from records.backups.tables import BackupMade


def made(
    session: Session, *, id: UUID, began_at: datetime, verified_at: datetime, documents: int, size: int, head: int
) -> None:
    """Remembers a verified backup. `began_at`: what was stored before is in it."""
    session.add(
        BackupMade(id=id, began_at=began_at, verified_at=verified_at, documents=documents, size=size, head=head)
    )


def newest(session: Session, *, not_after: datetime | None = None) -> BackupMade | None:
    """The newest verified backup; with `not_after`, without one that was made while the clock was ahead, which would keep the next away."""
    query = select(BackupMade)
    if not_after is not None:
        query = query.where(BackupMade.began_at <= not_after)
    return session.exec(query.order_by(col(BackupMade.began_at).desc()).limit(1)).first()


def covers(session: Session, stored_at: datetime) -> bool:
    """Whether what was stored at a moment is in a verified backup (a condition of confidential waste, where the service sets it).

    One whose clock was ahead of the newest entry of the record says nothing: it would cover what was stored long after it.
    """
    now = session.exec(select(AuditEntry.at).order_by(col(AuditEntry.sequence).desc()).limit(1)).first()
    last = newest(session, not_after=now) if now is not None else None
    return last is not None and stored_at < last.began_at
