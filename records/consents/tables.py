"""Consent events as kept: appended, never overwritten (G2)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from records.columns import moment


class ConsentEvent(SQLModel, table=True):
    """One answer to one question: who gave it, from when, on what evidence, confirmed by whom."""

    __tablename__ = "consent_event"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    item_code: str = Field(index=True)
    state: str
    giver: str
    effective_on: date
    effective_assumed: bool = False
    received_on: date
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    confirmed_by: str
    route: str
    form: str | None = None
    edition: str | None = None
    wording: str | None = None
    sealed_detail: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    part_id: UUID | None = Field(default=None, index=True)
    field_id: str | None = None
    evidence_id: UUID | None = None
    page: int | None = None
    policy_version: str
