"""Receipts of access copies that were sent: recorded when they come back, overdue after ten working days (P8)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from records.clock import LONDON
from records.errors import ChangedMeanwhile, RefusedByRule
from records.requests import register
from records.requests.kinds import Event, Kind
from records.requests.standing import Happened
from records.requests.tables import RequestEvent, RequestRow
from records.requests.working_days import england

WORKING_DAYS = 10
"""P8: how long a receipt may take before somebody asks after it."""


@dataclass(frozen=True)
class Awaited:
    """A copy that was sent and whose receipt has not come."""

    number: int
    sent_on: date
    due: date


def awaited_since(events: list[Happened]) -> date | None:
    """The day a copy was sent whose receipt has not come; None when none is awaited. A letter that refuses needs no receipt."""
    since: date | None = None
    refused = False
    for event in events:
        if event.what in (Event.ALLOWED, Event.REFUSED):
            refused = event.what is Event.REFUSED
        elif event.what is Event.SENT:
            since = None if refused else event.on
        elif event.what is Event.RECEIPT:
            since = None
    return since


def due(sent_on: date) -> date:
    """The last of the ten working days after it was sent."""
    return england().after(sent_on, WORKING_DAYS)


def came(session: Session, row: RequestRow, *, on: date, by: str, at: datetime, words: str) -> None:
    """The receipt came back, usually after the request was closed. RefusedByRule, in words; ChangedMeanwhile for the later of two."""
    happened = register.events(session, row)
    since = awaited_since(happened)
    if row.kind != Kind.ACCESS or not any(each.what is Event.SENT for each in happened):
        raise RefusedByRule("No copy has been sent for this request.", "P8")
    if since is None:
        raise ChangedMeanwhile(f"The receipt of request {row.number} is recorded already.")
    if not words.strip():
        raise RefusedByRule("Say who signed, or give the tracking result.", "P8")
    if not since <= on <= at.astimezone(LONDON).date():
        raise RefusedByRule("The receipt cannot come before the copy was sent, or in the future.", "P8")
    register.note(session, row, Event.RECEIPT, on=on, by=by, at=at, words=words)


def overdue(session: Session, today: date) -> list[Awaited]:
    """Copies whose receipt should have come, the longest awaited first."""
    sent = select(RequestEvent.request_id).where(RequestEvent.what == Event.SENT)
    rows = session.exec(
        select(RequestRow).where(RequestRow.kind == Kind.ACCESS, col(RequestRow.id).in_(sent)).order_by(col(RequestRow.number))
    ).all()  # fmt: skip
    happened = register.events_of(session, [row.id for row in rows])
    found = []
    for row in rows:
        since = awaited_since(list(happened.get(row.id, [])))
        # Fourteen days hold at most ten working days, so nothing younger needs the calendar.
        if since is not None and (today - since).days >= 10 and due(since) < today:
            found.append(Awaited(row.number, since, due(since)))
    return sorted(found, key=lambda one: (one.sent_on, one.number))
