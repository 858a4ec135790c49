"""Items in the post, their pages and parts, as kept. They hold the truth about every stage."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.columns import moment


class Counter(SQLModel, table=True):
    """The next number of a kind. Numbers are never used twice."""

    __tablename__ = "counter"

    name: str = Field(primary_key=True)
    last: int


class Item(SQLModel, table=True):
    """One thing that arrived. `arranged` counts the edits of its pages. `sealed_name` is the file's name (it may hold a child's name), sealed under the item's key."""

    __tablename__ = "item"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    claim_id: UUID = Field(unique=True)
    key_id: UUID = Field(foreign_key="wrapped_key.id")
    scan_id: UUID
    source: str
    sealed_name: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    likeness: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False, index=True))
    arrived_at: datetime = Field(sa_column=moment(nullable=False, index=True))
    received_on: date
    state: str = Field(index=True)
    reason_code: str | None = None
    reason: str | None = None
    pages: int | None = None
    pages_read: int = 0
    attempts: int = 0
    leased_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_column=moment())
    read_at: datetime | None = Field(default=None, sa_column=moment())
    arranged: int = 0
    changed_by: str | None = None
    changed_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class Page(SQLModel, table=True):
    """One side of paper in an item. `sheet` is the paper it is on (two sides of one sheet share it).

    `turned` is how far the reader turned it, `turned_by_hand` how far a person turned its picture after that, degrees clockwise.
    """

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    item_id: UUID = Field(foreign_key="item.id", index=True)
    part_id: UUID | None = Field(default=None, index=True)
    number: int
    sheet: int
    kind: str
    picture_id: UUID
    width: int
    height: int
    dpi: float | None = None
    turned: int = 0
    turned_by_hand: int = 0


class Part(SQLModel, table=True):
    """A run of pages that belong together: one filled form, or other pages. `sealed_reading` is what the computer read.

    `cover_file`: the file number on the cover sheet in front of them; a proposal that a person must take up.
    `template_sum`: what the reading says of the text of the form that it was made by, beside it, so that a list need not open each of its
    readings (some 40 kB). None where the reading says nothing of it, and where it was kept before this was (migration 0031).
    """

    __tablename__ = "part"
    # The first by which forms that wait are listed, the second by which the oldest is found of each text that they were read by.
    __table_args__ = (
        Index("ix_part_waits", "state", "read_at", "id"),
        Index("ix_part_read_by", "state", "form", "edition", "template_sum", "read_at", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    item_id: UUID = Field(foreign_key="item.id", index=True)
    kind: str
    form: str | None = None
    edition: str | None = None
    sealed_reading: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    evidence_id: UUID | None = None
    doubtful: int = 0
    reason: str | None = None
    state: str
    quarantine: str | None = None
    ask_by: date | None = None
    held_by: str | None = Field(default=None, index=True)
    held_until: datetime | None = Field(default=None, sa_column=moment())
    file_id: UUID | None = Field(default=None, index=True)
    cover_file: int | None = None
    read_at: datetime | None = Field(default=None, sa_column=moment(index=True))
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=moment())
    template_sum: str | None = None
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class Confirmation(SQLModel, table=True):
    """What an officer decided about a form, appended: for each field the proposal, its confidence and the confirmed value (G3)."""

    __tablename__ = "confirmation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    part_id: UUID = Field(foreign_key="part.id", index=True)
    confirmed_by: str
    confirmed_at: datetime = Field(sa_column=moment(nullable=False))
    policy_version: str
    sealed_answers: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class StorageRefusal(SQLModel, table=True):
    """The one line that remains when a family does not agree to storing (R28). Nothing personal.

    `received_on` is the day of the post that the pages came in, so that the ledger of that day still adds up.
    """

    __tablename__ = "storage_refusal"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    refused_on: date
    pages: int
    paper: str
    confirmed_by: str
    received_on: date | None = None


class PageEdit(SQLModel, table=True):
    """One edit of an item's pages, appended: who changed what, and the arrangement before and after it as JSON. Nothing personal."""

    __tablename__ = "page_edit"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    item_id: UUID = Field(foreign_key="item.id", index=True)
    number: int
    act: str
    page: int
    before: str
    after: str
    undoes: int | None = None
    made_by: str
    made_at: datetime = Field(sa_column=moment(nullable=False))


class PagePrint(SQLModel, table=True):
    """Where ink lies on a page, coarsely, to find the same paper again; sealed under the key of its document.

    `blank` names what it was compared with (a known form's page, or nothing), `cells` how many cells have ink.
    """

    __tablename__ = "page_print"

    page_id: UUID = Field(primary_key=True)
    item_id: UUID = Field(foreign_key="item.id", index=True)
    key_id: UUID = Field(foreign_key="wrapped_key.id")
    blank: str
    cells: int
    received_on: date = Field(index=True)
    sealed_print: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Duplicate(SQLModel, table=True):
    """Two items that may be the same post, offered to a person, with their answer. Information: nothing is ever dropped for it."""

    __tablename__ = "duplicate"
    __table_args__ = (UniqueConstraint("item_id", "other_id", "why"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    item_id: UUID = Field(foreign_key="item.id", index=True)
    other_id: UUID = Field(foreign_key="item.id", index=True)
    why: str
    pages: int
    found_at: datetime = Field(sa_column=moment(nullable=False))
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_column=moment())
