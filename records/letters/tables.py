"""What was printed for a family: which letter, for whom, about which questions. What it said is made again from the events."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from records.columns import moment


class LetterSent(SQLModel, table=True):
    """One print for a family. `reference` is its own number (R21); `items` the questions it names, with commas between."""

    __tablename__ = "letter_sent"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    person_id: UUID | None = None
    kind: str
    reference: str = Field(unique=True)
    language: str
    layout: str
    items: str
    as_of: date
    printed_by: str
    printed_at: datetime = Field(sa_column=moment(nullable=False))
    policy_version: str
