"""Allocation, restrictions, break-glass and marks as kept. Appended; reasons are sealed under the key of the file."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from records.columns import moment


class FileAllocation(SQLModel, table=True):
    """A file passed from one officer to another (N10), by whom, and why (`sealed`)."""

    __tablename__ = "file_allocation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    from_id: UUID
    to_id: UUID
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class AccessRestriction(SQLModel, table=True):
    """A restriction of a file, or of one document in it. `thing_id`: the file, or the part that the document came in.

    `in_force` is the thing while the restriction stands: one thing is restricted once. `sealed` and `sealed_end`: why.
    """

    __tablename__ = "access_restriction"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    thing_id: UUID
    kind: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    placed_by: str
    placed_at: datetime = Field(sa_column=moment(nullable=False))
    in_force: UUID | None = Field(default=None, unique=True)
    lifted_by: str | None = None
    lifted_at: datetime | None = Field(default=None, sa_column=moment())
    sealed_end: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class RestrictionNamed(SQLModel, table=True):
    """A member of staff who may see what is restricted."""

    __tablename__ = "restriction_named"

    restriction_id: UUID = Field(foreign_key="access_restriction.id", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True, index=True)


class BrokenGlass(SQLModel, table=True):
    """Somebody opened a file that was not theirs to see, on a ground, until a moment (N10). `sealed`: in their words."""

    __tablename__ = "broken_glass"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    ground: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    opened_at: datetime = Field(sa_column=moment(nullable=False, index=True))
    until: datetime = Field(sa_column=moment(nullable=False))


class GivenMark(SQLModel, table=True):
    """Whether the child or young person gave a document, and what they say to a parent's seeing it (S7, W16). The newest counts."""

    __tablename__ = "given_mark"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    part_id: UUID = Field(index=True)
    given: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
