"""What the live database knows of its backups: only those whose every byte was read back (P13)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.backups.tables import BackupMade


def made(
    session: Session, *, id: UUID, began_at: datetime, verified_at: datetime, documents: int, size: int, head: int
) -> None:
    """Remembers a verified backup. `began_at`: what was stored before is in it."""
    session.add(
        BackupMade(id=id, began_at=began_at, verified_at=verified_at, documents=documents, size=size, head=head)
    )


def newest(session: Session) -> BackupMade | None:
    """The newest verified backup."""
    return session.exec(select(BackupMade).order_by(col(BackupMade.began_at).desc()).limit(1)).first()


def covers(session: Session, stored_at: datetime) -> bool:
    """Whether what was stored at a moment is in a verified backup (a condition of confidential waste, where the service sets it)."""
    last = newest(session)
    return last is not None and stored_at < last.began_at
