"""Decisions to keep longer, lists for destruction, and what is left of what was destroyed.

Dates of one file are kept exactly only while it exists; what remains afterwards holds months and random ids (R50, R51).
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from records.columns import moment


class KeepDecision(SQLModel, table=True):
    """A manager keeps a file to a date, with a reason (W40, R37), appended. `sealed` holds the reason, under the file's key."""

    __tablename__ = "keep_decision"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    until: date
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    decided_by: str
    decided_at: datetime = Field(sa_column=moment(nullable=False))


class DueMonth(SQLModel, table=True):
    """The month in which a file falls due, to find the files worth looking at. The date itself is counted each time."""

    __tablename__ = "due_month"

    file_id: UUID = Field(
        sa_column=Column(Uuid(), ForeignKey("child_file.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    month: date | None = Field(default=None, index=True)
    facts: str
    policy_version: str = Field(index=True)


class DisposalList(SQLModel, table=True):
    """Files that somebody proposes to destroy, and how far that has come (R47)."""

    __tablename__ = "disposal_list"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    state: str = Field(index=True)
    policy_version: str
    proposed_by: str
    proposed_at: datetime = Field(sa_column=moment(nullable=False))
    looked_by: str | None = None
    looked_at: datetime | None = Field(default=None, sa_column=moment())
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_column=moment())
    approved_count: int | None = None
    grace_until: date | None = None
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class DisposalLine(SQLModel, table=True):
    """One file on a list. `due` is emptied when the file is destroyed: with the date, somebody's birthday would remain (R51)."""

    __tablename__ = "disposal_line"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    list_id: UUID = Field(foreign_key="disposal_list.id", index=True)
    file_id: UUID = Field(index=True)
    number: int
    due: date | None = None
    state: str = Field(index=True)
    why: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = Field(default=None, sa_column=moment())


class Destroyed(SQLModel, table=True):
    """One entry of the ledger of destruction (R50): random ids, codes, counts and months. `mac` is over it and the `mac` before it.

    `ids` is JSON: what else of the file had a number of its own, so that an older backup can be purged of it (R49).
    """

    __tablename__ = "destroyed"

    sequence: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    reference: UUID = Field(unique=True)
    kind: str
    file_id: UUID | None = Field(default=None, index=True)
    file_number: int | None = Field(default=None, index=True)
    ids: str
    documents: int
    pages: int
    rule: str
    policy_version: str
    month_due: str | None = None
    month_done: str
    run: int | None = Field(default=None, index=True)
    proposed_by: str
    witnessed_by: str
    approved_by: str
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class DestructionRun(SQLModel, table=True):
    """One run over one approved list, and what looking for the rest of it found. `number` is that of its certificate."""

    __tablename__ = "destruction_run"

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    list_id: UUID = Field(unique=True)
    month: str = Field(index=True)
    started_by: str
    files: int = 0
    documents: int = 0
    pages: int = 0
    stopped: int = 0
    finished: bool = False
    verified: bool | None = None
    found: int = 0
    head_sequence: int | None = None
    head_mac: str | None = None


class PostKept(SQLModel, table=True):
    """A manager keeps post that is in no child's file (R43); appended. `sealed`: the reason, under the item's key."""

    __tablename__ = "post_kept"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    item_id: UUID = Field(foreign_key="item.id", index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    decided_by: str
    decided_at: datetime = Field(sa_column=moment(nullable=False))


class PaperAbout(SQLModel, table=True):
    """A paper shows another child than the one in whose file it is (R42). `other_number`: the number of that child's file, which may be gone
    before. `paper`: the part from which the pictures on the children's files were made; the same on each.
    """

    __tablename__ = "paper_about"
    __table_args__ = (UniqueConstraint("part_id", "other_number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    paper: UUID = Field(index=True)
    part_id: UUID = Field(foreign_key="part.id", index=True)
    other_number: int
    noted_by: str
    noted_at: datetime = Field(sa_column=moment(nullable=False))


class CoverArea(SQLModel, table=True):
    """An area of a page, in thousandths of its picture, that somebody has drawn and that a manager may cover for good."""

    __tablename__ = "cover_area"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    about_id: UUID = Field(foreign_key="paper_about.id", index=True)
    document_id: UUID = Field(index=True)
    left: int
    top: int
    width: int
    height: int
    drawn_by: str
    drawn_at: datetime = Field(sa_column=moment(nullable=False))


class CoverDecision(SQLModel, table=True):
    """What a manager decided about another child's part of a paper, appended: covered for good, or not and why. `sealed`: the reason, under
    the file's key; `areas`: how many were covered."""

    __tablename__ = "cover_decision"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    about_id: UUID = Field(foreign_key="paper_about.id", index=True)
    covered: bool
    areas: int = 0
    review_on: date | None = None
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    decided_by: str
    decided_at: datetime = Field(sa_column=moment(nullable=False))


class PendingBlob(SQLModel, table=True):
    """A sealed document whose row and key are gone and whose bytes are about to go: what a crash leaves is finished later."""

    __tablename__ = "pending_blob"

    name: str = Field(primary_key=True)
    run: int | None = None


class RetentionTurn(SQLModel, table=True):
    """The one row that says when the keeping times were last gone through, and how far somebody vouched for the clock."""

    __tablename__ = "retention_turn"

    id: int = Field(default=1, primary_key=True)
    ran_at: datetime | None = Field(default=None, sa_column=moment())
    outcome: str | None = None
    vouched_sequence: int = 0
