"""Children's files and the people on them, as kept. Names and birth dates are sealed under the file's own key."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from records.columns import moment


class ChildFile(SQLModel, table=True):
    """All about one child. It belongs to its officer. `restricted`: the restriction that stands on it, if any (`access.Restriction`)."""

    __tablename__ = "child_file"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    key_id: UUID = Field(foreign_key="wrapped_key.id")
    officer_id: UUID = Field(index=True)
    restricted: str | None = None
    opened_at: datetime = Field(sa_column=moment(nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=moment())
    changed_by: str | None = None
    changed_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class Person(SQLModel, table=True):
    """A child, carer or other person on a file, each in their own right (W2). `sealed` holds the names."""

    __tablename__ = "person"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    kind: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    relationship: str = "unknown"
    parental_responsibility: str = "unknown"
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class PersonFact(SQLModel, table=True):
    """One thing known about a person (`facts.FactKind`), appended: true from `true_on`, known since `recorded_at`."""

    __tablename__ = "person_fact"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    kind: str
    true_on: date
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class FileMerge(SQLModel, table=True):
    """Two files that are one child: `taken_id` is seen with `kept_id` until somebody takes them apart. Every row stays where it was,
    under its own key, so that taking apart is exact. `in_force` is the taken file while it stands: one file is taken once."""

    __tablename__ = "file_merge"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kept_id: UUID = Field(foreign_key="child_file.id", index=True)
    taken_id: UUID = Field(foreign_key="child_file.id", index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    merged_by: str
    merged_at: datetime = Field(sa_column=moment(nullable=False))
    unmerged_by: str | None = None
    unmerged_at: datetime | None = Field(default=None, sa_column=moment())
    in_force: UUID | None = Field(default=None, unique=True)


class BirthDateFact(SQLModel, table=True):
    """One source's word on the child's birth date, appended. `sealed` holds earliest, latest and what was written."""

    __tablename__ = "birth_date_fact"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    part_id: UUID | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class SearchToken(SQLModel, table=True):
    """A keyed hash of a word of a name, or of a birth date: finds a file without holding the name in clear."""

    __tablename__ = "search_token"
    __table_args__ = (Index("ix_search_token_file", "file_id", "token"),)

    token: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    file_id: UUID = Field(foreign_key="child_file.id", primary_key=True)


class SearchSpelling(SQLModel, table=True):
    """One way in which a word of `SearchToken` may be spelt, a keyed hash as well. Each word stands here once, however many files hold it."""

    __tablename__ = "search_spelling"

    key: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    word: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True, index=True))
