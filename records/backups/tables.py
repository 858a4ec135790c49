"""Backups as known to the live database."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from records.columns import moment


class BackupMade(SQLModel, table=True):
    """A backup whose every byte was read back and compared. `head` is the newest audit entry in it."""

    __tablename__ = "backup_made"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    began_at: datetime = Field(sa_column=moment(nullable=False, index=True))
    verified_at: datetime = Field(sa_column=moment(nullable=False))
    documents: int
    size: int = Field(sa_column=Column(BigInteger, nullable=False))  # bytes, documents and database together
    head: int = Field(sa_column=Column(BigInteger, nullable=False))
