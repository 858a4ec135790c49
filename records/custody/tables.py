"""Paper originals as kept: where each is, its sheets, its moves, sacks of waste, returns and stocktakes.

Moves are appended; the row shows where the paper is now. Numbers and codes only: nothing personal stands here in clear.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.columns import moment


class Original(SQLModel, table=True):
    """The paper of one confirmed form or filed letter. `number` stands on its label.

    `place` is what people read; `cabinet`, `drawer` and `folder` are what lists and stocktakes go by. `checked_by`: the person who
    confirmed that the picture can stand for the paper (R54). `irreplaceable`: why it never goes in waste (R55).
    """

    __tablename__ = "original"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    item_id: UUID = Field(index=True)
    part_id: UUID | None = Field(default=None, unique=True)
    file_id: UUID | None = Field(default=None, index=True)
    sheets: int
    state: str = Field(index=True)
    place: str | None = None
    cabinet: str | None = Field(default=None, index=True)
    drawer: str | None = None
    folder: str | None = None
    checked_by: str | None = None
    checked_at: datetime | None = Field(default=None, sa_column=moment())
    irreplaceable: str | None = None
    due_back: date | None = None
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


class OriginalSheet(SQLModel, table=True):
    """One sheet of paper. Its number is the item it came in with and its place in it: sheet 2 of item 3121 is 3121-2."""

    __tablename__ = "original_sheet"
    __table_args__ = (UniqueConstraint("batch", "sequence", "original_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    original_id: UUID = Field(foreign_key="original.id", index=True)
    batch: int
    sequence: int


class PaperRemark(SQLModel, table=True):
    """What a person said of a paper, appended: that it cannot be replaced, and that this was a mistake (R55)."""

    __tablename__ = "paper_remark"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    original_id: UUID = Field(foreign_key="original.id", index=True)
    irreplaceable: str | None = None
    reason: str | None = None
    said_by: str
    said_at: datetime = Field(sa_column=moment(nullable=False))


class WasteBatch(SQLModel, table=True):
    """One sack of confidential waste (R56). `closed_by` counted and sealed it, `sealed_by` is the second person who counted again."""

    __tablename__ = "waste_batch"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    state: str = Field(index=True)
    least_level: int | None = None
    seal: str | None = Field(default=None, unique=True)
    counted: int | None = None
    opened_by: str
    opened_at: datetime = Field(sa_column=moment(nullable=False))
    closed_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_column=moment())
    sealed_by: str | None = None
    sealed_at: datetime | None = Field(default=None, sa_column=moment())
    handed_over_by: str | None = None
    collected_at: datetime | None = Field(default=None, sa_column=moment())
    contractor: str | None = None
    collector: str | None = None
    consignment: str | None = None
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class WasteLine(SQLModel, table=True):
    """One paper in a sack. A paper that was taken out again keeps its line, with who took it out and why."""

    __tablename__ = "waste_line"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    batch_id: UUID = Field(foreign_key="waste_batch.id", index=True)
    original_id: UUID = Field(foreign_key="original.id", index=True)
    added_by: str
    added_at: datetime = Field(sa_column=moment(nullable=False))
    removed_by: str | None = None
    removed_at: datetime | None = Field(default=None, sa_column=moment())
    removed_why: str | None = None


class WasteCertificate(SQLModel, table=True):
    """What the contractor certified about one sack (R57). `gaps`: why it does not close the sack, as codes; empty when it does."""

    __tablename__ = "waste_certificate"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    batch_id: UUID = Field(foreign_key="waste_batch.id", index=True)
    number: str
    company: str
    destroyed_on: date
    site: str
    method: str
    level: int
    bags: int
    weight_kg: str | None = None
    seals: str
    signatory: str
    gaps: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class PaperReturn(SQLModel, table=True):
    """One request for papers back (N16, R58-R60), from asking to receipt. People by id.

    `proof`: the kind that was seen, never a copy. `picture_wish`: whether the person agrees that we keep the picture (R61).
    `sealed_address`: where it is posted to, sealed under the file's key.
    """

    __tablename__ = "paper_return"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    file_id: UUID = Field(index=True)
    person_id: UUID
    state: str = Field(index=True)
    asked_on: date
    due_on: date = Field(index=True)
    opened_by: str
    opened_at: datetime = Field(sa_column=moment(nullable=False))
    proof: str | None = None
    proof_by: str | None = None
    proof_at: datetime | None = Field(default=None, sa_column=moment())
    entitled_why: str | None = None
    entitled_by: str | None = None
    entitled_at: datetime | None = Field(default=None, sa_column=moment())
    found_by: str | None = None
    found_at: datetime | None = Field(default=None, sa_column=moment())
    checked_by: str | None = None
    checked_at: datetime | None = Field(default=None, sa_column=moment())
    sealed_address: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    method: str | None = None
    address_checked: bool = False
    tracking: str | None = None
    sent_by: str | None = None
    sent_at: datetime | None = Field(default=None, sa_column=moment())
    receipt_due: date | None = None
    receipt: str | None = None
    picture_wish: str | None = None
    closed_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_column=moment())
    closed_why: str | None = None
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class ReturnLine(SQLModel, table=True):
    """One paper of a return. `gone`: it had left us before it was asked for; a certified print of its picture goes instead (R61)."""

    __tablename__ = "return_line"
    __table_args__ = (UniqueConstraint("return_id", "original_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    return_id: UUID = Field(foreign_key="paper_return.id", index=True)
    original_id: UUID = Field(foreign_key="original.id", index=True)
    gone: bool = False


class Stocktake(SQLModel, table=True):
    """A look whether everything is in one drawer that should be (W49)."""

    __tablename__ = "stocktake"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    cabinet: str
    drawer: str
    begun_by: str
    begun_at: datetime = Field(sa_column=moment(nullable=False))
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class StocktakeLine(SQLModel, table=True):
    """One paper of a stocktake: `expected` when it should be there, `seen_at` when somebody held it."""

    __tablename__ = "stocktake_line"
    __table_args__ = (UniqueConstraint("stocktake_id", "original_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    stocktake_id: UUID = Field(foreign_key="stocktake.id", index=True)
    original_id: UUID = Field(foreign_key="original.id", index=True)
    expected: bool
    seen_by: str | None = None
    seen_at: datetime | None = Field(default=None, sa_column=moment())


class LockCheck(SQLModel, table=True):
    """A look whether a cabinet is locked, and how many papers were signed out then (W49). Never changed."""

    __tablename__ = "lock_check"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    cabinet: str = Field(index=True)
    locked: bool
    out: int
    checked_by: str
    checked_at: datetime = Field(sa_column=moment(nullable=False))


class CabinetKey(SQLModel, table=True):
    """A key of a cabinet in somebody's hands (W48). `in_force`: cabinet and holder while they have it, so that they have it once."""

    __tablename__ = "cabinet_key"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    cabinet: str
    account_id: UUID = Field(foreign_key="account.id")
    given_by: str
    given_at: datetime = Field(sa_column=moment(nullable=False))
    back_by: str | None = None
    back_at: datetime | None = Field(default=None, sa_column=moment())
    in_force: str | None = Field(default=None, unique=True)
