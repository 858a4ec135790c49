"""A manager's changes to the service's policy: appended, never edited."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from records.columns import moment


class PolicyChange(SQLModel, table=True):
    """One setting changed, from a day on. `value` is JSON. `sequence` counts: of two at once exactly one is stored."""

    __tablename__ = "policy_change"
    __table_args__ = (UniqueConstraint("service", "sequence"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service: str
    sequence: int
    code: str
    value: str
    effective_from: date
    reason: str
    changed_by: str
    changed_at: datetime = Field(sa_column=moment(nullable=False))


class TensionDecision(SQLModel, table=True):
    """What a manager decided where policy and law pull apart (rules §12): appended, never edited. `point` names the tension."""

    __tablename__ = "tension_decision"
    __table_args__ = (UniqueConstraint("service", "sequence"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service: str
    sequence: int
    point: str
    decided: str
    reason: str
    policy_version: str
    decided_by: str
    decided_at: datetime = Field(sa_column=moment(nullable=False))
