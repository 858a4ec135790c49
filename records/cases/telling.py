"""Who of a family was told of our confidentiality policy and of their rights: recorded, asked for, listed where it is late (W24, W26)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, func, or_, select

from records import tasks
from records.audit import trail
from records.cases import closing
from records.cases.tables import FamilyTold
from records.cases.told import Entry, How, Matter, by_day, in_words, missing, why_not_on
from records.clock import LONDON
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import NotFound, RefusedByRule
from records.people import merging, register
from records.people.tables import ChildFile, FileMerge
from records.policies.settings import Policy
from records.staff import accounts
from records.tasks.register import let_go

_Taken = aliased(ChildFile)
TELL_FAMILY = "tell_rights"
WORDS = "Tell the family of their rights and of our confidentiality policy, and record it under “Policy and rights” of the file"


@dataclass(frozen=True)
class Telling:
    """What somebody records. `entry`: the press of the button. `person`, `language`: None where nobody was told; `why`: then the reason."""

    entry: UUID
    person: UUID | None
    matters: frozenset[Matter]
    how: How
    language: str | None
    on: date
    by: UUID
    why: str = ""


@dataclass(frozen=True)
class Told:
    """One entry, opened for somebody who may see the file."""

    row: FamilyTold
    why: str


def record(session: Session, file: ChildFile, telling: Telling, *, policy: Policy, actor: str, at: datetime) -> None:
    """Appends what a family was told. `policy`: the one in force on that day. The same press twice adds nothing.

    RefusedByRule, in words, for an entry that says nothing; NotFound for a person who is not on the file.
    """
    if session.get(FamilyTold, telling.entry) is not None:
        return
    _check(session, file, telling)
    row = FamilyTold(
        id=telling.entry, file_id=file.id, person_id=telling.person, policy=Matter.POLICY in telling.matters,
        rights=Matter.RIGHTS in telling.matters, how=telling.how, language=telling.language, told_on=telling.on,
        told_by=str(telling.by), policy_version=policy.version, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    if telling.why.strip():
        key = keyring.open_key(session, file.key_id)
        row.sealed = seal_json(key, {"why": telling.why.strip()}, row.id.bytes)
    session.add(row)
    session.flush()
    trail.append(
        session, actor=actor, act="family_told", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"policy": row.policy, "rights": row.rights, "how": row.how},
    )  # fmt: skip
    if not still_missing(session, file, policy):
        for one in merging.ids_of(session, file.id):
            let_go(session, by=actor, at=at, key=_key(one))


def ask(session: Session, file: ChildFile, policy: Policy, *, actor: str, at: datetime) -> None:
    """A file was opened: its officer tells the family, by the day that the policy sets (W26)."""
    due = by_day(at.astimezone(LONDON).date(), policy.periods.rights_told_days)
    tasks.raise_task(
        session, kind=TELL_FAMILY, file_id=file.id, due=due, words=WORDS, for_officer=None, raised_by=actor, at=at, key=_key(file.id)
    )  # fmt: skip


def of_file(session: Session, file: ChildFile) -> list[Told]:
    """Every entry on a file and on those joined to it, newest first."""
    keys = {each.id: each.key_id for each in merging.files_of(session, file)}
    rows = session.exec(
        select(FamilyTold)
        .where(col(FamilyTold.file_id).in_(keys))
        .order_by(col(FamilyTold.told_on).desc(), col(FamilyTold.recorded_at).desc())
    ).all()
    return [Told(row, _why(session, row, keys[row.file_id])) for row in rows]


def still_missing(session: Session, file: ChildFile, policy: Policy) -> frozenset[Matter]:
    """What the family of this file is still to be told."""
    rows = session.exec(
        select(FamilyTold.policy, FamilyTold.rights, FamilyTold.how).where(
            col(FamilyTold.file_id).in_(merging.ids_of(session, file.id))
        )
    ).all()
    entries = [Entry(policy, rights, How(how)) for policy, rights, how in rows]
    return missing(entries, offered=policy.offered_at_first_contact)


def warnings(session: Session, file: ChildFile, policy: Policy) -> Sequence[str]:
    """A sentence above every tab of an open file whose family is still to be told."""
    if closing.open_by(session, merging.files_of(session, file)) is None:
        return []
    words = in_words(still_missing(session, file, policy))
    return [words] if words else []


def need(session: Session, file: ChildFile, policy: Policy) -> None:
    """RefusedByRule while a case may not go beyond its first contact (W26)."""
    why = why_not_on(still_missing(session, file, policy))
    if why:
        raise RefusedByRule(why, "W26")


def count_late(session: Session, policy: Policy, today: date, officer: UUID | None = None) -> int:
    """How many open files have waited too long; of one officer where one is given."""
    return session.exec(select(func.count()).select_from(ChildFile).where(*_late(policy, today, officer))).one()


def late(
    session: Session, policy: Policy, today: date, officer: UUID | None, *, limit: int, offset: int
) -> Sequence[ChildFile]:
    """Those files, the oldest first."""
    found = (
        select(ChildFile)
        .where(*_late(policy, today, officer))
        .order_by(col(ChildFile.opened_at), col(ChildFile.number))
    )
    return session.exec(found.limit(limit).offset(offset)).all()


def _late(policy: Policy, today: date, officer: UUID | None) -> list[ColumnElement[bool]]:
    """Open files (of joined ones, any), each child once, opened before the days of grace and without an entry of their own or of a file joined to them."""
    first_in_time = today - timedelta(days=policy.periods.rights_told_days)
    opened_before = datetime.combine(first_in_time, time(), LONDON)
    rights = ~_told(col(FamilyTold.rights).is_(True), col(FamilyTold.how) != How.NOT_TOLD)
    lacking = or_(rights, ~_told(col(FamilyTold.policy).is_(True))) if policy.offered_at_first_contact else rights
    taken = exists().where(col(FileMerge.in_force) == col(ChildFile.id))
    open_too = col(ChildFile.id).in_(
        select(FileMerge.kept_id)
        .join(_Taken, col(_Taken.id) == col(FileMerge.taken_id))
        .where(col(FileMerge.in_force).is_not(None), col(_Taken.closed_at).is_(None))
    )
    is_open = or_(col(ChildFile.closed_at).is_(None), open_too)
    found = [is_open, col(ChildFile.opened_at) < opened_before, ~taken, lacking]
    return [*found, col(ChildFile.officer_id) == officer] if officer is not None else found


def _told(*what: ColumnElement[bool]) -> Any:  # Any: `exists` of SQLAlchemy, which `~` makes a condition
    joined = select(FileMerge.taken_id).where(
        col(FileMerge.kept_id) == col(ChildFile.id), col(FileMerge.in_force).is_not(None)
    )
    ours = or_(col(FamilyTold.file_id) == col(ChildFile.id), col(FamilyTold.file_id).in_(joined))
    return exists().where(ours, *what)


def _check(session: Session, file: ChildFile, telling: Telling) -> None:
    if not telling.matters:
        raise RefusedByRule("Say what it is about: the policy, their rights, or both.", "W26")
    if telling.how is How.NOT_TOLD:
        if not telling.why.strip():
            raise RefusedByRule("Write why they could not be told.", "W26")
    elif telling.person is None or not telling.language:
        raise RefusedByRule("Say who was told, and in which language.", "W24")
    if telling.person is not None and telling.person not in {each.id for each in register.people(session, file)}:
        raise NotFound("There is nobody like that on this file.")
    if str(telling.by) not in accounts.display_names(session):
        raise NotFound("There is no such colleague.")


def _why(session: Session, row: FamilyTold, key_id: UUID) -> str:
    if row.sealed is None:
        return ""
    return str(unseal_json(keyring.open_key(session, key_id), row.sealed, row.id.bytes)["why"])


def _key(file_id: UUID) -> str:
    return f"{TELL_FAMILY}:{file_id}"
