"""Requests that never belonged to a child's file: looked at some months after the last contact, then erased or kept with a reason (R43).

Nothing else about people is kept without a file for long: post waits for somebody, referrals have days of their own, enquiries have no names.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.clock import LONDON
from records.errors import RefusedByRule
from records.holds import register as holds
from records.policies.periods import add_months
from records.requests import register
from records.requests.kinds import Event
from records.requests.tables import RequestEvent, RequestRow
from records.retention import ledger, reach
from records.retention.ledger import What


@dataclass(frozen=True)
class Waiting:
    """One closed request without a file, and the day on which something last happened to it."""

    row: RequestRow
    last: date


def waiting(session: Session, today: date, months: int) -> list[Waiting]:
    """Those whose last contact lies `months` or more back, the oldest first."""
    of_nobody = (col(RequestRow.file_id).is_(None), col(RequestRow.closed_at).is_not(None))
    last = dict(
        session.exec(
            select(RequestEvent.request_id, func.max(RequestEvent.recorded_at))
            .join(RequestRow, col(RequestRow.id) == RequestEvent.request_id)
            .where(*of_nobody)
            .group_by(col(RequestEvent.request_id))
        ).all()
    )
    rows = session.exec(select(RequestRow).where(*of_nobody).order_by(col(RequestRow.number))).all()
    found = [Waiting(row, last[row.id].astimezone(LONDON).date()) for row in rows]
    return sorted(
        (each for each in found if add_months(each.last, months) <= today),
        key=lambda each: (each.last, each.row.number),
    )


def one(session: Session, number: int, today: date, months: int) -> RequestRow:
    """A request that waits to be looked at. RefusedByRule for any other."""
    found = next((each.row for each in waiting(session, today, months) if each.row.number == number), None)
    if found is None:
        raise RefusedByRule(
            "This request does not wait to be looked at: it is open, belongs to a file or is recent.", "R43"
        )
    return found


def keep(session: Session, row: RequestRow, why: str, *, by: str, at: datetime) -> None:
    """Keeps it, with a reason; it is looked at again after the same time. RefusedByRule without a reason."""
    if not why.strip():
        raise RefusedByRule("Say why it is kept.", "R43")
    register.note(session, row, Event.KEPT, on=at.astimezone(LONDON).date(), by=by, at=at, words=why)


def erase(session: Session, row: RequestRow, *, policy_version: str, by: str, at: datetime) -> None:
    """Erases it for good with all that was written, under a key of its own, and enters it in the ledger. RefusedByRule while a hold keeps it."""
    standing = holds.blocking(session, item_id=row.item_id)
    if standing:
        raise RefusedByRule(f"It is on hold. {standing[0].words}", "R45")
    number, day = row.number, at.astimezone(LONDON).date()
    what = What(
        kind=ledger.NO_CHILD, rule="R43", policy_version=policy_version, due=None, done=day, proposed_by=by, witnessed_by="", approved_by=by
    )  # fmt: skip
    gone = reach.of_ids(session, more={"rights_request": [row.id]})
    ledger.record(session, what, gone, also=("rights_request",))
    reach.erase(session, gone)
    trail.append(
        session, actor=by, act="request_erased", subject_kind="request", subject_id=str(number), at=at, detail={"rule": "R43"}
    )  # fmt: skip
