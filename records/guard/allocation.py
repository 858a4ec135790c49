"""Whose file it is, and whose it was (N10): a manager passes files on, each with a reason; access moves in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard import words
from records.guard.tables import FileAllocation
from records.people import merging
from records.people.tables import ChildFile
from records.staff.tables import Account
from records.vocabulary import Role


def officers(session: Session) -> list[Account]:
    """Everybody who can hold files, by name."""
    found = session.exec(select(Account).where(Account.role == Role.OFFICER, col(Account.disabled_at).is_(None)))
    return sorted(found.all(), key=lambda account: account.display_name.casefold())


def holdings(session: Session) -> dict[UUID, tuple[int, int]]:
    """How many open and how many closed files each account holds, also one that is disabled by now."""
    wanted = select(ChildFile.officer_id, func.count(), func.count(col(ChildFile.closed_at)))
    found = session.exec(wanted.group_by(col(ChildFile.officer_id))).all()
    return {officer: (every - closed, closed) for officer, every, closed in found}


def numbers_of(session: Session, officer_id: UUID) -> Sequence[int]:
    """The numbers of the open files of one officer."""
    wanted = select(ChildFile.number).where(ChildFile.officer_id == officer_id, col(ChildFile.closed_at).is_(None))
    return session.exec(wanted.order_by(col(ChildFile.number))).all()


def allocate(
    session: Session, file: ChildFile, to: UUID, *, why: str, by: UUID, at: datetime, expected: UUID | None = None
) -> None:
    """Passes a file on, and with it every file that was joined to it: a child has one officer.

    RefusedByRule in words; ChangedMeanwhile when it is no longer with `expected`, or somebody else moves it now.
    """
    why = words.checked(why, "N10")
    account = session.get(Account, to)
    if account is None or account.role != Role.OFFICER or account.disabled_at is not None:
        raise RefusedByRule("Choose an officer who has an account", "N10")
    if expected is not None and file.officer_id != expected:
        raise ChangedMeanwhile("Somebody else has passed this file on already. Look who has it now.")
    files = [each for each in merging.files_of(session, file) if each.officer_id != to]
    if not files:
        raise RefusedByRule("This officer has the file already. Choose another", "N10")
    for each in files:
        _pass_on(session, each, to, why, by, at)


def _pass_on(session: Session, file: ChildFile, to: UUID, why: str, by: UUID, at: datetime) -> None:
    row = FileAllocation(
        file_id=file.id, from_id=file.officer_id, to_id=to, sealed=b"", recorded_by=str(by), recorded_at=at
    )
    row.sealed = words.sealed(session, file, why, row.id)
    file.officer_id, file.changed_by, file.changed_at = to, str(by), at
    session.add_all([row, file])
    session.flush()
    trail.append(
        session, actor=str(by), act="file_allocated", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"from": str(row.from_id), "to": str(to)},
    )  # fmt: skip


def allocate_all(session: Session, from_id: UUID, to: UUID, *, why: str, by: UUID, at: datetime) -> int:
    """Passes every file of one officer to another: leaving, or long absence. Returns how many. Closed ones go along: where the policy
    lets a file's own officer alone see it, nobody could open them again (S1)."""
    numbers = session.exec(
        select(ChildFile.number).where(ChildFile.officer_id == from_id).order_by(col(ChildFile.number))
    ).all()
    if not numbers:
        raise RefusedByRule("This person has no files", "N10")
    for number in numbers:
        file = session.exec(select(ChildFile).where(ChildFile.number == number)).first()
        if file is None:
            raise NotFound("There is no such file.")
        if file.officer_id == from_id:  # one that is joined to another went with it
            allocate(session, file, to, why=why, by=by, at=at, expected=from_id)
    return len(numbers)


def history(session: Session, file: ChildFile) -> list[tuple[FileAllocation, str]]:
    """Every time the file, or one joined to it, was passed on, newest first, with the reason."""
    files = {each.id: each for each in merging.files_of(session, file)}
    wanted = select(FileAllocation).where(col(FileAllocation.file_id).in_(list(files)))
    rows = session.exec(wanted.order_by(col(FileAllocation.recorded_at).desc())).all()
    return [(row, words.opened(session, files[row.file_id], row.sealed, row.id)) for row in rows]
