"""Paper originals as kept. Moves are appended; the row shows where the paper is now."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer
from sqlmodel import Field, SQLModel

from records.columns import moment


class Original(SQLModel, table=True):
    """The paper of one confirmed form or filed letter. `number` stands on its label."""

    __tablename__ = "original"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    item_id: UUID = Field(index=True)
    part_id: UUID | None = Field(default=None, unique=True)
    file_id: UUID | None = Field(default=None, index=True)
    sheets: int
    state: str = Field(index=True)
    place: str | None = None
    proposal: str
    proposal_reason: str
    proposal_rule: str
    wait_until: date | None = None
    asked_to_keep: str = "unknown"
    policy_version: str
    logged_at: datetime = Field(sa_column=moment(nullable=False))
    changed_by: str | None = None
    changed_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class OriginalMove(SQLModel, table=True):
    """One move of one original (P10), never changed."""

    __tablename__ = "original_move"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    original_id: UUID = Field(foreign_key="original.id", index=True)
    from_state: str | None = None
    to_state: str
    place: str | None = None
    moved_by: str
    second_person: str | None = None
    reference: str | None = None
    moved_at: datetime = Field(sa_column=moment(nullable=False))
