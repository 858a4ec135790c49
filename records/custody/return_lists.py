"""Returns and the papers set aside for one, for lists: a piece at a time, however many there are. What is done to them stands in `returns`."""

from collections.abc import Collection, Sequence
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from records.custody.moves import Custody
from records.custody.returning import OPEN, ReturnState
from records.custody.tables import Original, PaperReturn, ReturnLine

T = TypeVar("T")


def in_states(
    session: Session, states: Collection[ReturnState], limit: int, leave_out: int = 0
) -> Sequence[PaperReturn]:
    """Returns in any of these states: the most urgent first, and of those that have ended the newest."""
    urgent = (col(PaperReturn.due_on), col(PaperReturn.number))
    newest = (col(PaperReturn.closed_at).desc(), col(PaperReturn.number).desc())
    wanted = select(PaperReturn).where(col(PaperReturn.state).in_(list(states)))
    order = urgent if set(states) & set(OPEN) else newest
    return session.exec(wanted.order_by(*order).offset(leave_out).limit(limit)).all()


def count_in(session: Session, states: Collection[ReturnState]) -> int:
    """How many returns are in any of these states."""
    return session.exec(select(func.count()).where(col(PaperReturn.state).in_(list(states)))).one()


def sizes(session: Session, rows: Sequence[PaperReturn]) -> dict[UUID, int]:
    """How many papers each of these returns is about."""
    counted = select(ReturnLine.return_id, func.count()).where(col(ReturnLine.return_id).in_([row.id for row in rows]))
    return dict(session.exec(counted.group_by(col(ReturnLine.return_id))).all())


def set_aside(session: Session, limit: int, leave_out: int = 0) -> Sequence[Original]:
    """Papers to return for which nobody has opened a return yet, by number."""
    wanted = _aside(select(Original)).order_by(col(Original.number))
    return session.exec(wanted.offset(leave_out).limit(limit)).all()


def count_set_aside(session: Session) -> int:
    """How many these are."""
    return session.exec(_aside(select(func.count()).select_from(Original))).one()


def _aside(query: SelectOfScalar[T]) -> SelectOfScalar[T]:
    spoken_for = select(ReturnLine.original_id).join(PaperReturn).where(col(PaperReturn.state).in_(OPEN))
    return query.where(Original.state == Custody.TO_RETURN, col(Original.id).not_in(spoken_for))
