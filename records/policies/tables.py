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


class PolicyReview(SQLModel, table=True):
    """Somebody reviewed the policy (W56, W58): appended, never edited. `id` is the press of the button. `new_version` is empty when nothing changes.

    `policy_version`: the version of the settings that was in force on the day of the review.
    """

    __tablename__ = "policy_review"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service: str = Field(index=True)
    reviewed_on: date
    reviewer: str
    capacity: str
    minute: str = ""
    outcome: str
    new_version: str = ""
    policy_version: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class LawChange(SQLModel, table=True):
    """Data protection law changed (W57): what, from when, and by when the policy is reviewed for it. Appended."""

    __tablename__ = "law_change"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service: str = Field(index=True)
    reference: str
    changed_on: date
    review_by: date
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class LawReviewed(SQLModel, table=True):
    """Which review looked at a change of the law. One row for each change: it is settled once."""

    __tablename__ = "law_reviewed"

    law_id: UUID = Field(foreign_key="law_change.id", primary_key=True)
    review_id: UUID = Field(foreign_key="policy_review.id", index=True)


class PolicyQuestion(SQLModel, table=True):
    """A question about the policy, by whom in general words, and by when it is answered (W62). Appended."""

    __tablename__ = "policy_question"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service: str = Field(index=True)
    asked_on: date
    asked_by: str
    words: str
    answer_by: date
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class PolicyAnswer(SQLModel, table=True):
    """What a manager answered, once."""

    __tablename__ = "policy_answer"

    question_id: UUID = Field(foreign_key="policy_question.id", primary_key=True)
    answered_on: date
    words: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
