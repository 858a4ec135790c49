"""Keys and stored documents as kept."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from records.columns import moment


class WrappedKey(SQLModel, table=True):
    """One 256-bit key of a child's file or an unfiled item, wrapped by the wrapping key. Shredding it erases what it sealed."""

    __tablename__ = "wrapped_key"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime = Field(sa_column=moment(nullable=False))


class Document(SQLModel, table=True):
    """One stored document: a scan, a page picture, or the evidence of a reading. `sha256` is of the plaintext.

    What belongs to an item, a part or a file is asked for by kind. Without the kind in the same index SQLite goes through every
    document of that kind: a file's page took ten times as long for ten times as many documents elsewhere.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_item_kind", "item_id", "kind"),
        Index("ix_document_part_kind", "part_id", "kind"),
        Index("ix_document_file_kind", "file_id", "kind"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(index=True)
    key_id: UUID = Field(foreign_key="wrapped_key.id", index=True)
    item_id: UUID | None = None
    part_id: UUID | None = None
    file_id: UUID | None = None
    page: int | None = None
    blob: str = Field(unique=True)
    media_type: str
    size: int
    sha256: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    stored_at: datetime = Field(sa_column=moment(nullable=False))


class DocumentPlace(SQLModel, table=True):
    """The one row that says which store holds the documents of this database: the store carries the same mark.

    `key_check` tells another master key before it seals anything.
    """

    __tablename__ = "document_place"

    id: int = Field(default=1, primary_key=True)
    mark: str
    key_check: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
