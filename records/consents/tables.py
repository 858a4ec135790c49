"""Consents as kept: answers, changes told to us, named bodies, what went out, what was shared for safety. Appended (G2)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Column, Integer, LargeBinary, false
from sqlmodel import Field, SQLModel

from records.columns import moment


class ConsentEvent(SQLModel, table=True):
    """One answer to one question: who gave it, from when, on what evidence, confirmed by whom.

    `capacity`: what the officer noted on understanding, for this decision (R17). `settles`: ids of the earlier answers that
    this one settles, parted by spaces. `change_id`: the change that it came with, when it did not come on a form.
    """

    __tablename__ = "consent_event"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    item_code: str = Field(index=True)
    state: str
    giver: str
    giver_person_id: UUID | None = None
    capacity: str | None = None
    effective_on: date
    effective_assumed: bool = False
    received_on: date
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    confirmed_by: str
    route: str
    settles: str | None = None
    change_id: UUID | None = Field(default=None, foreign_key="consent_change.id", index=True)
    form: str | None = None
    edition: str | None = None
    wording: str | None = None
    sealed_detail: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    part_id: UUID | None = Field(default=None, index=True)
    field_id: str | None = None
    evidence_id: UUID | None = None
    page: int | None = None
    policy_version: str


class ConsentChange(SQLModel, table=True):
    """Somebody told us of a change, by any route (W41, R29). `sent_key` makes one press one change, however often it arrives."""

    __tablename__ = "consent_change"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    sent_key: UUID = Field(unique=True)
    kind: str
    route: str
    giver: str
    giver_person_id: UUID | None = None
    told_on: date
    sealed_note: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    policy_version: str


class NamedBody(SQLModel, table=True):
    """A named school, service or firm that the family's yes is used for (R25). `sealed` holds its name.

    `ended_on`: the family said "not this one" (F13). `told_family_at`: when the family was told that it was added.
    `looked_at_since`: the day from which we may look at its records, because the family asked (N13).
    """

    __tablename__ = "named_body"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    category: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    since: date
    looked_at_since: date | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    told_family_at: datetime | None = Field(default=None, sa_column=moment())
    told_family_by: str | None = None
    ended_on: date | None = None
    ended_by: str | None = None
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class Disclosure(SQLModel, table=True):
    """Something went out, or somebody was contacted: to whom, what for, on which answers. Appended.

    `things`: ids of what went out, parted by spaces; `relied_on`: ids of the answers, or of the request decided.
    `at`: when it happened; `recorded_at`: when we wrote it down, where that is known. `sealed_told`: what was said, under the
    file's key. `without_leave`: it had happened already, and the gate said no for that moment (N14).
    """

    __tablename__ = "disclosure"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    purpose: str
    recipient: str
    category: str | None = None
    body_id: UUID | None = None
    person_id: UUID | None = None
    things: str = ""
    how: str
    relied_on: str = ""
    safety_id: UUID | None = Field(default=None, foreign_key="safety_share.id")
    actor: str
    at: datetime = Field(sa_column=moment(nullable=False))
    recorded_at: datetime | None = Field(default=None, sa_column=moment())
    without_leave: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    sealed_told: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    policy_version: str


class SafetyShare(SQLModel, table=True):
    """Something shared for safety without consent (G4, R72): one act, never a standing permission.

    `sealed` holds the facts, who was told what and why consent was not asked, under the file's key or, for somebody who has no
    file here, a key of its own. `seen_at`: when a manager looked.
    """

    __tablename__ = "safety_share"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID | None = Field(default=None, foreign_key="child_file.id", index=True)
    key_id: UUID = Field(foreign_key="wrapped_key.id")
    sent_key: UUID = Field(unique=True)
    ground: str
    lawful_route: str
    source: str
    consent_sought: str
    family_told: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    shared_at: datetime = Field(sa_column=moment(nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False, index=True))
    policy_version: str
    seen_by: str | None = None
    seen_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class PlannedContact(SQLModel, table=True):
    """A contact with a named body planned for a day ahead (W30). `id`: the press of the button; `sealed`: what is to be said.

    `ended`: made, or dropped (`planned.Ended`); `disclosure_id`: the contact as it was recorded, once it was made.
    """

    __tablename__ = "planned_contact"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    body_id: UUID = Field(foreign_key="named_body.id")
    purpose: str
    planned_for: date
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    planned_by: str
    planned_at: datetime = Field(sa_column=moment(nullable=False))
    policy_version: str
    ended: str | None = None
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_column=moment(index=True))
    disclosure_id: UUID | None = None
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class LookRequest(SQLModel, table=True):
    """The family specifically asked us to look at a body's records (N13): whose, who asked, when and how. `sealed`: what.

    `agency_asked_on`: when the agency was last asked; `ended` (`look_rules.Step`), from `ended_on`, recorded at `ended_at`. What came of it step by
    step stands in `look_step`.
    """

    __tablename__ = "look_request"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    body_id: UUID = Field(foreign_key="named_body.id", index=True)
    whose_id: UUID
    asked_by_id: UUID
    asked_on: date
    route: str
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    policy_version: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    agency_asked_on: date | None = None
    ended: str | None = None
    ended_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False, server_default="0"))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class LookStep(SQLModel, table=True):
    """What came of a request to look (N13): the agency was asked, or how the request ended. `id`: the press of the button. Appended.

    `disclosure_id`: the contact by which the agency was asked. `by_id`, `route`: who of the family took it back, and how they told us. `sealed`: the
    reason, in words.
    """

    __tablename__ = "look_step"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    look_id: UUID = Field(foreign_key="look_request.id", index=True)
    kind: str
    happened_on: date
    disclosure_id: UUID | None = None
    by_id: UUID | None = None
    route: str | None = None
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    policy_version: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class AgencyRecord(SQLModel, table=True):
    """Pages filed as another agency's record, by the request that lets us open them (N13). Appended."""

    __tablename__ = "agency_record"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    part_id: UUID = Field(index=True)
    category: str
    look_id: UUID | None = Field(default=None, foreign_key="look_request.id")
    policy_version: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
