"""Break-glass (N10): somebody whom the service's settings keep out opens one file, on a ground, to read, until it ends.

The file's officer gets a task, managers see it in their weekly list, and it stands on the file's page "Who may see it".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from records import tasks
from records.audit import trail
from records.clock import LONDON
from records.guard import words
from records.guard.tables import BrokenGlass
from records.people import merging
from records.people.tables import ChildFile
from records.staff.access import Actor

LASTS = timedelta(hours=4)
WEEK = timedelta(days=7)
TASK = "break_glass"


class Ground(StrEnum):
    """What break-glass is for."""

    SAFEGUARDING = "safeguarding"
    ABSENCE = "absence"
    REQUEST = "request"


GROUNDS = {
    Ground.SAFEGUARDING: "Somebody may be at risk",
    Ground.ABSENCE: "The file’s officer is away and it cannot wait",
    Ground.REQUEST: "A request about the file’s information must be answered",
}


@dataclass(frozen=True)
class Opened:
    """One file opened by break-glass."""

    number: int
    account_id: UUID
    officer_id: UUID
    ground: Ground
    why: str
    opened_at: datetime
    until: datetime


def break_glass(session: Session, actor: Actor, file: ChildFile, ground: Ground, *, why: str, at: datetime) -> datetime:
    """Opens a file to one person for a while; returns when that ends. RefusedByRule without a reason.

    Whether somebody may do so, and needs to, is for the caller to ask.
    """
    return _open(session, actor, file, ground, words.checked(why, "N10"), at, at + LASTS)


def through_request(session: Session, actor: Actor, file: ChildFile, number: int, *, at: datetime) -> None:
    """Somebody whom the settings keep out looks at the file's pages in order to answer a request about it: the request is the ground (N10).

    It opens nothing beyond the request, and its officer and the managers are told as of any other; once while a break-glass would last.
    """
    before = select(BrokenGlass.id).where(
        BrokenGlass.file_id == file.id, BrokenGlass.account_id == actor.id, BrokenGlass.ground == Ground.REQUEST,
        col(BrokenGlass.opened_at) > at - LASTS,
    )  # fmt: skip
    if session.exec(before.limit(1)).first() is None:
        _open(session, actor, file, Ground.REQUEST, f"Request {number}: its pages alone", at, at)


def _open(
    session: Session, actor: Actor, file: ChildFile, ground: Ground, why: str, at: datetime, until: datetime
) -> datetime:
    row = BrokenGlass(file_id=file.id, account_id=actor.id, ground=ground, sealed=b"", opened_at=at, until=until)
    row.sealed = words.sealed(session, file, why, row.id)
    session.add(row)
    session.flush()
    trail.append(
        session, actor=str(actor.id), act="glass_broken", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"ground": ground.value, "hours": int((until - at).total_seconds() // 3600)},
    )  # fmt: skip
    tasks.raise_task(
        session, kind=TASK, file_id=file.id, due=at.astimezone(LONDON).date(), for_officer=None, raised_by=str(actor.id),
        words="Somebody else opened this file with a reason. Its page “Who may see it” says who it was and why.",
        at=at, key=f"{TASK}:{row.id}",
    )  # fmt: skip
    return row.until


def of_file(session: Session, file: ChildFile) -> list[Opened]:
    """Every time that a file, or one joined to it, was opened so, newest first."""
    ids = merging.ids_of(session, file.id)
    return _shown(session, select(BrokenGlass).where(col(BrokenGlass.file_id).in_(ids)))


def since(session: Session, moment: datetime) -> list[Opened]:
    """Every file opened so since a moment, newest first: the managers' list."""
    return _shown(session, select(BrokenGlass).where(col(BrokenGlass.opened_at) >= moment))


def count_since(session: Session, moment: datetime) -> int:
    wanted = select(func.count()).select_from(BrokenGlass).where(col(BrokenGlass.opened_at) >= moment)
    return session.exec(wanted).one()


def _shown(session: Session, wanted) -> list[Opened]:  # type: ignore[no-untyped-def]  # a select of one table, whichever rows
    rows: Sequence[BrokenGlass] = session.exec(wanted.order_by(col(BrokenGlass.opened_at).desc())).all()
    found = session.exec(select(ChildFile).where(col(ChildFile.id).in_({row.file_id for row in rows})))
    files = {file.id: file for file in found}
    return [
        Opened(
            file.number, row.account_id, file.officer_id, Ground(row.ground),
            words.opened(session, file, row.sealed, row.id), row.opened_at, row.until,
        )
        for row in rows
        if (file := files.get(row.file_id))
    ]  # fmt: skip
