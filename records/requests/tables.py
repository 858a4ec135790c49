"""Requests, what happened to them, the pages of an access copy, and breaches, as kept.

What people wrote or are called is sealed under the key of the file, or a key of its own where it is not known whose file it is.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.columns import moment


class RequestRow(SQLModel, table=True):
    """One request. `sealed`: who asks, as what, for whom, in which words, and where the answer goes."""

    __tablename__ = "rights_request"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    kind: str = Field(index=True)
    route: str
    requester: str
    file_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = None
    item_id: UUID | None = Field(default=None, index=True)
    key_id: UUID
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    received_on: date
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=moment(index=True))
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class RequestEvent(SQLModel, table=True):
    """One thing that happened, appended. `happened_on` is when it was true, `recorded_at` when we knew. `sealed`: what was written."""

    __tablename__ = "request_event"
    __table_args__ = (UniqueConstraint("request_id", "sequence"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    request_id: UUID = Field(foreign_key="rights_request.id", index=True)
    sequence: int
    what: str
    code: str | None = None
    happened_on: date
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class PageDecision(SQLModel, table=True):
    """What somebody decided about one page, or one item of an erasure, appended: the newest one counts. `sealed`: the reason.

    Of a page: `others` and `health` are what it tells of other people, and of health that the person may not know; `steps` how
    the three steps were answered (R65). `pages`: of a letter of which only some pages are erased, their ids with commas.
    """

    __tablename__ = "request_decision"
    __table_args__ = (UniqueConstraint("request_id", "sequence"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    request_id: UUID = Field(foreign_key="rights_request.id", index=True)
    sequence: int
    document_id: UUID = Field(index=True)
    decision: str
    code: str | None = None
    review_on: date | None = None
    others: str | None = None
    steps: str | None = None
    health: str | None = None
    pages: str | None = None
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    decided_by: str
    decided_at: datetime = Field(sa_column=moment(nullable=False))


class Redaction(SQLModel, table=True):
    """One box over a page, in thousandths of its width and height, with its reason and author. Taken away, it stays here.

    `steps`: how the three steps were answered for it (R65). `sealed`: whose information it is, and why so.
    """

    __tablename__ = "redaction"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    request_id: UUID = Field(foreign_key="rights_request.id", index=True)
    document_id: UUID = Field(index=True)
    left: int
    top: int
    width: int
    height: int
    code: str
    steps: str | None = None
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    drawn_by: str
    drawn_at: datetime = Field(sa_column=moment(nullable=False))
    removed_by: str | None = None
    removed_at: datetime | None = Field(default=None, sa_column=moment())


class HealthOpinion(SQLModel, table=True):
    """What a health professional says to showing a page (R66), appended: the newest one counts. `sealed`: who said it, and what."""

    __tablename__ = "health_opinion"
    __table_args__ = (UniqueConstraint("request_id", "sequence"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    request_id: UUID = Field(foreign_key="rights_request.id", index=True)
    sequence: int
    document_id: UUID = Field(index=True)
    advice: str
    given_on: date
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class BundleMade(SQLModel, table=True):
    """A finished access copy: the documents that are it (sealed under the file's key), as checked."""

    __tablename__ = "access_bundle"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    request_id: UUID = Field(foreign_key="rights_request.id", index=True)
    file_id: UUID = Field(index=True)
    pages_id: UUID
    pages: int
    redactions: int
    plan: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    made_by: str
    made_at: datetime = Field(sa_column=moment(nullable=False))


class PageNote(SQLModel, table=True):
    """A note attached to a stored page that somebody showed to be wrong: the page itself is never altered (R69). Appended."""

    __tablename__ = "page_note"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    request_id: UUID = Field(foreign_key="rights_request.id", index=True)
    file_id: UUID = Field(index=True)
    document_id: UUID | None = Field(default=None, index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    noted_by: str
    noted_at: datetime = Field(sa_column=moment(nullable=False))


class Incident(SQLModel, table=True):
    """A breach or loss (R71): something personal was lost, sent or seen wrongly. `source` names what raised it by itself."""

    __tablename__ = "incident"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    kind: str = Field(index=True)
    file_id: UUID | None = Field(default=None, index=True)
    original_id: UUID | None = None
    source: str | None = Field(default=None, unique=True)
    key_id: UUID
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    happened_on: date | None = None
    aware_at: datetime = Field(sa_column=moment(nullable=False, index=True))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    risk: str | None = None
    told_regulator_at: datetime | None = Field(default=None, sa_column=moment())
    closed_at: datetime | None = Field(default=None, sa_column=moment(index=True))
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class IncidentEvent(SQLModel, table=True):
    """One thing done about an incident, appended. `sealed`: what was written."""

    __tablename__ = "incident_event"
    __table_args__ = (UniqueConstraint("incident_id", "sequence"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    sequence: int
    what: str
    code: str | None = None
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    happened_at: datetime = Field(sa_column=moment(nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
