"""Enquiries, referrals, notes, agreed actions and drafts as kept. Everything personal is sealed.

A referral that waits has a key of its own, so that erasing it is shredding that key; once on a file it is sealed under the file's.
An enquiry holds a day and no moment, and its id is random: nobody can tell from it when somebody called (N4).
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from records.columns import moment


class Enquiry(SQLModel, table=True):
    """A contact without a name: topic, channel, day, outcome, and a few words if any. `passed` says why words that looked personal stayed."""

    __tablename__ = "enquiry"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    day: date = Field(index=True)
    topic: str
    channel: str
    outcome: str
    words: str = ""
    passed: str | None = None


class Referral(SQLModel, table=True):
    """Somebody asks for our support, for themselves or for another. `sealed`: names, contact and what is asked; None once erased.

    `item_id`: the post that it came in. `kept_for`, `kept_until`: a ground on which it is not erased before that day (R44).
    """

    __tablename__ = "referral"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    state: str = Field(index=True)
    capacity: str
    by_self: bool
    received_on: date
    erase_on: date | None = None
    kept_for: str | None = None
    kept_until: date | None = None
    item_id: UUID | None = None
    key_id: UUID | None = None
    file_id: UUID | None = Field(default=None, foreign_key="child_file.id", index=True)
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    erased_because: str | None = None
    erased_on: date | None = None
    outcome: str | None = None
    policy_version: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    changed_by: str
    changed_at: datetime = Field(sa_column=moment(nullable=False))
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class ReferralPermission(SQLModel, table=True):
    """Who said that a referral may go on, how and when, on what evidence (N3, W28). `sealed`: the giver's name, the evidence, a decision's reason."""

    __tablename__ = "referral_permission"

    referral_id: UUID = Field(foreign_key="referral.id", primary_key=True)
    given_by: str
    route: str
    given_on: date
    storing_agreed: bool
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    policy_version: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class CaseNote(SQLModel, table=True):
    """One version of a note (W33): a correction is the next version of its thread, never an overwriting. `sealed`: its text."""

    __tablename__ = "case_note"
    __table_args__ = (UniqueConstraint("thread_id", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    thread_id: UUID
    version: int
    kind: str
    happened_on: date
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class AgreedAction(SQLModel, table=True):
    """What was agreed, by whom and by when (W36). `sealed`: what, who, with whom; `sealed_done`: what was done."""

    __tablename__ = "agreed_action"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    due: date
    task_id: UUID | None = None
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
    done_on: date | None = None
    sealed_done: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    done_by: str | None = None
    done_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class ReferralEnd(SQLModel, table=True):
    """A referral closed with its outcome, or taken up again; appended (W37). `sealed`: in words."""

    __tablename__ = "referral_end"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    outcome: str | None = None
    ended_on: date
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class FileTurn(SQLModel, table=True):
    """A child's file closed, or opened again; appended (W37, R36). `sealed`: the reason in words, where a person gave one."""

    __tablename__ = "file_turn"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    closed: bool
    turned_by: str
    happened_on: date
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class FamilyTold(SQLModel, table=True):
    """Somebody of a family was told of the confidentiality policy, of their rights, or of both; appended (W24, W26).

    `id`: the press of the button, so that one press is one entry. `how`: `told.How`; when not told, `sealed` holds the reason.
    `told_by`: the account of whoever told them; `policy_version`: the version in force on that day.
    """

    __tablename__ = "family_told"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    person_id: UUID | None = None
    policy: bool
    rights: bool
    how: str
    language: str | None = None
    told_on: date
    told_by: str
    policy_version: str
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))


class NoteDraft(SQLModel, table=True):
    """What somebody was typing, for its writer alone, until it is saved or too old. `slot` names the form; `sealed`: its fields."""

    __tablename__ = "note_draft"

    account_id: UUID = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    file_id: UUID = Field(foreign_key="child_file.id", index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    saved_at: datetime = Field(sa_column=moment(nullable=False, index=True))
