"""Holds as kept. What was written about one is sealed under the key of the file or item that it is over."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from records.columns import moment


class HoldRow(SQLModel, table=True):
    """One hold (R44). `sealed` holds authority, reference and reason, `sealed_release` why it was lifted: under `key_id`, or in
    clear where it is over no family. `source` names what placed it (`request:…`), so that it can be found and lifted by that."""

    __tablename__ = "hold"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(index=True)
    scope: str = Field(index=True)
    subject_id: UUID | None = Field(default=None, index=True)
    category: str | None = None
    file_id: UUID | None = Field(default=None, index=True)
    key_id: UUID | None = None
    source: str | None = Field(default=None, index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    placed_by: str
    placed_on: date
    placed_at: datetime = Field(sa_column=moment(nullable=False))
    review_on: date = Field(index=True)
    ends_on: date | None = None
    lifted_on: date | None = Field(default=None, index=True)
    released_by: str | None = None
    released_at: datetime | None = Field(default=None, sa_column=moment())
    sealed_release: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class HoldReview(SQLModel, table=True):
    """Somebody looked at a hold and it stays: by whom, when, and when to look again. Appended."""

    __tablename__ = "hold_review"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    hold_id: UUID = Field(foreign_key="hold.id", index=True)
    reviewed_by: str
    reviewed_at: datetime = Field(sa_column=moment(nullable=False))
    was_due_on: date
    next_on: date
