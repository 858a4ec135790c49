"""Accounts and sign-ins as kept. Ids are random and never used again; tokens and names tried are kept as hashes only."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from records.columns import moment


class Account(SQLModel, table=True):
    """One person on the staff."""

    __tablename__ = "account"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    sign_in_name: str = Field(unique=True)
    display_name: str
    role: str
    password_hash: str
    created_at: datetime = Field(sa_column=moment(nullable=False))
    disabled_at: datetime | None = Field(default=None, sa_column=moment())
    changed_by: str | None = None
    changed_at: datetime | None = Field(default=None, sa_column=moment())
    version: int = Field(default=0, sa_column=Column("version", Integer, nullable=False))

    __mapper_args__ = {"version_id_col": version.sa_column}  # type: ignore[attr-defined]  # FieldInfo of SQLModel


class SignInSession(SQLModel, table=True):
    """One signed-in browser, kept on the server: ending it here ends it."""

    __tablename__ = "sign_in_session"

    token_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_column=moment(nullable=False))
    last_seen_at: datetime = Field(sa_column=moment(nullable=False))
    csrf: str
    notice: str | None = None
    proved_at: datetime | None = Field(default=None, sa_column=moment())
    ended_at: datetime | None = Field(default=None, sa_column=moment())


class Invitation(SQLModel, table=True):
    """A one-time link by which somebody signs up in a role."""

    __tablename__ = "invitation"

    token_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    role: str
    made_by: str
    created_at: datetime = Field(sa_column=moment(nullable=False))
    expires_at: datetime = Field(sa_column=moment(nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=moment())


class SignInFailure(SQLModel, table=True):
    """One wrong guess, by keyed hash of the name tried."""

    __tablename__ = "sign_in_failure"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name_hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False, index=True))
    at: datetime = Field(sa_column=moment(nullable=False))


class StaffPerson(SQLModel, table=True):
    """Somebody who works here without an account, such as a volunteer, as added to the register (W25, S20)."""

    __tablename__ = "staff_person"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    volunteer: bool
    added_by: str
    added_at: datetime = Field(sa_column=moment(nullable=False))


class StaffEntry(SQLModel, table=True):
    """Training, a copy of the policy, a check; or that somebody left. Appended. `who`: an account, or somebody added by name.

    `kind`: one of `Register`, or `left`. `words`: course, level or who saw it; never a certificate's number (N7).
    """

    __tablename__ = "staff_entry"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    who: UUID = Field(index=True)
    kind: str
    done_on: date
    words: str = ""
    policy_version: str | None = None
    read: bool = False
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment(nullable=False))
