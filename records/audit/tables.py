"""The audit chain as kept. Ids and codes only: erasing a child never breaks it (G5, P9)."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, LargeBinary
from sqlmodel import Field, SQLModel

from records.columns import moment


class AuditEntry(SQLModel, table=True):
    """One thing that happened. `mac` is over the entry and the `mac` before it."""

    __tablename__ = "audit_entry"

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_column=moment(nullable=False))
    actor: str
    act: str = Field(index=True)
    subject_kind: str
    subject_id: str = Field(index=True)
    detail: str  # canonical JSON of codes and numbers
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class AuditAnchor(SQLModel, table=True):
    """The head of both chains as it was at a moment, of which a copy was written down elsewhere (P9)."""

    __tablename__ = "audit_anchor"

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    anchored_at: datetime = Field(sa_column=moment(nullable=False))
