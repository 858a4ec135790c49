"""Tasks as kept, and when a daily job last ran. A task's words hold no name and no birth date."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer
from sqlmodel import Field, SQLModel

from records.columns import moment


class TaskRow(SQLModel, table=True):
    """One thing to do. `key` names why it was raised, so that a job may repeat itself. Without `for_officer` it is for the file's
    own officer, and moves along when the file does; without a file as well, it is for managers. So it is once the account of `for_officer` is disabled."""

    __tablename__ = "task"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(index=True)
    file_id: UUID | None = Field(default=None, index=True)
    due: date
    words: str
    for_officer: UUID | None = Field(default=None, index=True)
    raised_by: str
    raised_at: datetime = Field(sa_column=moment(nullable=False))
    key: str | None = Field(default=None, unique=True)
    closed_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_column=moment(index=True))
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class JobDay(SQLModel, table=True):
    """The last day on which a daily job was finished."""

    __tablename__ = "job_day"

    job: str = Field(primary_key=True)
    day: date
