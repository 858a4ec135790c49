"""Tasks raised, listed as far as somebody may see them, and closed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select

from records.audit import trail
from records.clock import LONDON
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people.tables import ChildFile
from records.staff.access import Actor
from records.staff.tables import Account
from records.tasks.tables import TaskRow
from records.vocabulary import Role

LONGEST_WORDS = 300
REVIEW, LAW_REVIEW = "policy_review", "policy_law_review"
BY_RECORD = frozenset({REVIEW, LAW_REVIEW})
"""Kinds that end when what was done is recorded, never by a tick: a review that nobody recorded is none (W58)."""


class OfFile(NamedTuple):
    """The columns of a file by which the access rule decides."""

    id: UUID
    officer_id: UUID
    restricted: str | None


MayOpen = Callable[[OfFile], bool]


@dataclass(frozen=True)
class Task:
    """One thing to do, for somebody who may see it. `number` is its file's, None where it belongs to no file."""

    id: UUID
    kind: str
    file_id: UUID | None
    number: int | None
    due: date
    words: str
    mine: bool


def raise_task(
    session: Session, *, kind: str, file_id: UUID | None, due: date, words: str, for_officer: UUID | None, raised_by: str,
    at: datetime, key: str | None = None,
) -> UUID:  # fmt: skip
    """Raises a task and returns its id. With a `key` that was used before, open or closed, nothing is raised: the first one's id.

    `words`: one plain sentence without anything personal. RefusedByRule when there are none, or too many.
    """
    words = " ".join(words.split())
    if not words or len(words) > LONGEST_WORDS:
        raise RefusedByRule(f"Say what is to be done, in at most {LONGEST_WORDS} letters.", "P11")
    if key is not None:
        before = session.exec(select(TaskRow.id).where(TaskRow.key == key)).first()
        if before is not None:
            return before
    row = TaskRow(
        kind=kind,
        file_id=file_id,
        due=due,
        words=words,
        for_officer=for_officer,
        raised_by=raised_by,
        raised_at=at,
        key=key,
    )
    session.add(row)
    session.flush()
    trail.append(
        session, actor=raised_by, act="task_raised", subject_kind="task", subject_id=str(row.id), at=at,
        # Neither file nor day: together with the kind they would tell a birthday for as long as the audit is kept (R51).
        detail={"kind": kind},
    )  # fmt: skip
    return row.id


def close(session: Session, task_id: UUID, by: str, at: datetime) -> None:
    """It is done. NotFound when there is no such task; ChangedMeanwhile when somebody closed it first."""
    row = session.get(TaskRow, task_id)
    if row is None:
        raise NotFound("There is no such task.")
    if row.closed_at is not None:
        raise ChangedMeanwhile("Somebody else has already marked this as done.")
    row.closed_by, row.closed_at = by, at
    session.add(row)
    session.flush()
    trail.append(
        session,
        actor=by,
        act="task_closed",
        subject_kind="task",
        subject_id=str(task_id),
        at=at,
        detail={"kind": row.kind},
    )


def tick(session: Session, task_id: UUID, by: str, at: datetime) -> None:
    """As `close`, for whoever says that it is done. RefusedByRule for what ends by being recorded."""
    if get(session, task_id).kind in BY_RECORD:
        raise RefusedByRule(
            "This ends when the review is recorded, with who reviewed it and in what capacity: Settings, Reviews of the policy.",
            "W58",
        )
    close(session, task_id, by, at)


def let_go(
    session: Session, *, by: str, at: datetime, key: str | None = None, file_id: UUID | None = None, kind: str | None = None
) -> int:  # fmt: skip
    """Closes open tasks that no longer need doing: the one of a key, or all of a file, or those of a `kind` on it. Returns how many.

    The key is given up: should the same be needed later, it is raised anew.
    """
    if key is None and file_id is None:
        return 0
    wanted = select(TaskRow).where(col(TaskRow.closed_at).is_(None))
    wanted = wanted.where(TaskRow.key == key) if key is not None else wanted.where(TaskRow.file_id == file_id)
    if kind is not None:
        wanted = wanted.where(TaskRow.kind == kind)
    rows = session.exec(wanted).all()
    for row in rows:
        close(session, row.id, by, at)
        row.key = None
        session.add(row)
    session.flush()
    return len(rows)


def let_go_all(session: Session, keys: Sequence[str], *, by: str, at: datetime) -> int:
    """As `let_go`, of many keys in one go; the keys of tasks that somebody has done already are given up too. Returns how many were open."""
    found = session.exec(select(TaskRow).where(col(TaskRow.key).in_(keys))).all()
    rows = [row for row in found if row.closed_at is None]
    for row in rows:
        row.closed_by, row.closed_at = by, at
    for row in found:
        row.key = None
        session.add(row)
    session.flush()
    for kind in sorted({row.kind for row in rows}):
        trail.append_each(
            session, [str(row.id) for row in rows if row.kind == kind], actor=by, act="task_closed", subject_kind="task", at=at,
            detail={"kind": kind},
        )  # fmt: skip
    return len(rows)


def put_on_file(session: Session, key: str, file_id: UUID) -> None:
    """It is known now which file the task of a key is about: it is its officer's from here on, and goes when the file goes."""
    row = session.exec(select(TaskRow).where(TaskRow.key == key)).first()
    if row is not None:
        row.file_id = file_id
        session.add(row)
        session.flush()


def keys_used(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these keys a task carries, open or done."""
    return {key for key in session.exec(select(TaskRow.key).where(col(TaskRow.key).in_(keys))) if key is not None}


def last_raised(session: Session, kind: str) -> date | None:
    """The day, in London, on which a task of this kind was last raised, open or closed by now; None when never."""
    at = session.exec(select(func.max(TaskRow.raised_at)).where(TaskRow.kind == kind)).one()
    return at.astimezone(LONDON).date() if at is not None else None


def forget(session: Session, file_id: UUID) -> int:
    """Deletes every task of a file that is destroyed: the day of an age task is a birthday (R50, R51). Returns how many."""
    rows = session.exec(select(TaskRow).where(TaskRow.file_id == file_id)).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)


def get(session: Session, task_id: UUID) -> TaskRow:
    """One task. NotFound when there is none."""
    row = session.get(TaskRow, task_id)
    if row is None:
        raise NotFound("There is no such task.")
    return row


def count_for(session: Session, actor: Actor, may_open: MayOpen) -> int:
    """How many tasks are this person's to do. A task of a file that they may not open is not counted."""
    return session.exec(select(func.count()).select_from(TaskRow).where(_theirs(session, actor, may_open))).one()


def ids_for(
    session: Session, actor: Actor, may_open: MayOpen, *, limit: int | None = None, leaving_out: int = 0
) -> tuple[list[UUID], int]:
    """What is to be done by this person, earliest due first, and how many that is in all. A task of a file that they may not open is not among
    them.

    `may_open` is asked once for each officer's files, and once for each file of which the rule asks more: one that is restricted, or
    for which this person broke glass or is named. The rest is the database's, which goes through the open tasks once for both answers.
    """
    columns = (col(TaskRow.id), col(TaskRow.due), col(TaskRow.raised_at))
    wanted = sa.select(*columns).where(_theirs(session, actor, may_open)).cte("theirs").prefix_with("MATERIALIZED")
    shown = sa.select(wanted.c.id, wanted.c.due, wanted.c.raised_at)
    order = (wanted.c.due, wanted.c.raised_at, wanted.c.id)
    piece = shown.order_by(*order).limit(limit).offset(leaving_out).subquery()
    total = sa.select(func.count().label("total")).select_from(wanted).subquery()
    rows = session.execute(
        sa.select(total.c.total, piece.c.id)
        .select_from(total.outerjoin(piece, sa.true()))
        .order_by(piece.c.due, piece.c.raised_at, piece.c.id)
    ).all()
    return [one for _, one in rows if one is not None], rows[0].total


def read(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[Task]:
    """These tasks, in this order."""
    file_of = col(ChildFile.id) == col(TaskRow.file_id)
    rows = session.exec(
        select(TaskRow, ChildFile.number, ChildFile.officer_id)
        .join(ChildFile, file_of, isouter=True)
        .where(col(TaskRow.id).in_(ids))
    )
    tasks = {
        row.id: Task(
            row.id, row.kind, row.file_id, number, row.due, row.words, actor.id in (row.for_officer, officer_id)
        )
        for row, number, officer_id in rows
    }
    return [tasks[each] for each in ids]


def open_for(session: Session, actor: Actor, may_open: MayOpen, *, limit: int = 500) -> list[Task]:
    """The first of what is to be done by this person."""
    return read(session, actor, ids_for(session, actor, may_open, limit=limit)[0])


def is_for(session: Session, row: TaskRow, file: ChildFile | None, actor: Actor) -> bool:
    """Whether a task is this person's to do: named, the file's officer, or a manager where nobody is named, or nobody who still works here."""
    if row.for_officer == actor.id:
        return True
    if row.for_officer is not None and session.exec(_LEFT.where(Account.id == row.for_officer)).first() is None:
        return False
    if file is not None:
        return file.officer_id == actor.id
    return row.file_id is None and actor.role is Role.MANAGER


_LEFT = select(Account.id).where(col(Account.disabled_at).is_not(None))
"""Whose account is disabled: what was theirs to do is the file's officer's, or a manager's, as if nobody had been named."""


NO_FILE_IN_PARTICULAR = UUID(int=0)
"""Stands for any file of an officer that is not restricted, and for which nobody broke glass or is named: of these the rule asks only whose they are."""


_Named = aliased(TaskRow)


def _theirs(session: Session, actor: Actor, may_open: MayOpen) -> ColumnElement[bool]:
    """Whether a task is open, this person's, and of no file that they may not open: named for them, or of their files, or of nobody where they are
    a manager. Files are looked up for the tasks of these alone."""
    visible = _visible(session, actor, may_open)
    nobody = or_(col(TaskRow.for_officer).is_(None), col(TaskRow.for_officer).in_(_LEFT))
    # Not by a question for each task: PostgreSQL thinks that so dear that it compiles the whole, which takes longer than to ask it.
    named = select(_Named.file_id).where(_Named.for_officer == actor.id, col(_Named.closed_at).is_(None))
    there = col(TaskRow.file_id).in_(select(ChildFile.id).where(col(ChildFile.id).in_(named), visible))
    theirs = [
        and_(col(TaskRow.for_officer) == actor.id, or_(col(TaskRow.file_id).is_(None), there)),
        and_(nobody, col(TaskRow.file_id).in_(select(ChildFile.id).where(ChildFile.officer_id == actor.id, visible))),
    ]
    if actor.role is Role.MANAGER:
        theirs.append(and_(nobody, col(TaskRow.file_id).is_(None)))
    return and_(col(TaskRow.closed_at).is_(None), or_(*theirs))


def _visible(session: Session, actor: Actor, may_open: MayOpen) -> ColumnElement[bool]:
    """Whether a file may be opened, as the database can tell."""
    more_asked = or_(col(ChildFile.restricted).is_not(None), col(ChildFile.id).in_(actor.glass | actor.named))
    columns = select(ChildFile.id, ChildFile.officer_id, ChildFile.restricted)
    apart = {row.id: may_open(row) for row in (OfFile(*each) for each in session.exec(columns.where(more_asked)))}
    officers = [
        officer for officer in session.exec(select(ChildFile.officer_id).distinct())
        if may_open(OfFile(NO_FILE_IN_PARTICULAR, officer, None))
    ]  # fmt: skip
    return or_(
        col(ChildFile.officer_id).in_(officers) & ~more_asked,
        col(ChildFile.id).in_([one for one, may in apart.items() if may]),
    )
