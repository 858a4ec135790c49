"""Recognised text, its index of words, and possible requests seen in it, as kept. All of it goes with the page (cascade)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, ForeignKey, LargeBinary, Uuid
from sqlmodel import Field, SQLModel

from records.columns import moment


def _of_a_document(*, primary_key: bool = False, index: bool = False) -> Column[UUID]:
    """Erasing the page's picture erases this row, whoever erases it and however."""
    return Column(
        "document_id", Uuid(), ForeignKey("document.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False,
        index=index,
    )  # fmt: skip


class PageText(SQLModel, table=True):
    """What text recognition made of one page picture, sealed under the picture's key. `sealed` is None until it was read."""

    __tablename__ = "page_text"

    document_id: UUID = Field(sa_column=_of_a_document(primary_key=True))
    state: str = Field(index=True)
    attempts: int = 0
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    read_at: datetime | None = Field(default=None, sa_column=moment())


class TextWord(SQLModel, table=True):
    """One word of one page, as a keyed hash: who holds the database alone cannot tell which."""

    __tablename__ = "text_word"

    token: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    document_id: UUID = Field(sa_column=_of_a_document(primary_key=True, index=True))


class PossibleRequest(SQLModel, table=True):
    """Text on a page that looks like a request (R62). Only a person closes it; it does nothing by itself."""

    __tablename__ = "possible_request"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    document_id: UUID = Field(sa_column=_of_a_document(index=True))
    item_id: UUID = Field(index=True)
    kind: str
    raised_on: date
    closed_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_column=moment())
    outcome: str | None = None
