"""A request refused because it is manifestly unfounded or excessive (R67): by a manager, with a reason in words, told in a letter."""

from datetime import datetime

from sqlmodel import Session

from records.clock import LONDON
from records.errors import RefusedByRule
from records.requests import register
from records.requests.kinds import Event, Kind, Step, WhyRefused
from records.requests.tables import RequestRow

KINDS = frozenset({Kind.ACCESS, Kind.CORRECTION, Kind.ERASURE, Kind.RESTRICTION, Kind.OBJECTION})
"""The rights that the law lets us refuse so. Consent may always be withdrawn, papers are their owner's, a complaint is looked into."""
WHY = (WhyRefused.UNFOUNDED, WhyRefused.EXCESSIVE)


def refuse(session: Session, row: RequestRow, why: str, words: str, *, is_manager: bool, by: str, at: datetime) -> None:
    """Refuses it. RefusedByRule, in words: for another kind, another person than a manager, or without reasons."""
    if Kind(row.kind) not in KINDS:
        raise RefusedByRule("This kind of request cannot be refused so.", "R67")
    if not is_manager:
        raise RefusedByRule("Only a manager can refuse a request so.", "R67")
    if why not in WHY:
        raise RefusedByRule("Choose whether it is unfounded or excessive.", "R67")
    if not words.strip():
        raise RefusedByRule("Write the reason. The letter gives it to the person.", "R67")
    today = at.astimezone(LONDON).date()
    if register.stand(session, row, today).next_step is Step.WHO:
        raise RefusedByRule("Say first who is asking: the letter goes to them.", "R67")
    register.move(session, row, Event.REFUSED, on=today, by=by, at=at, code=WhyRefused(why), words=words)


def refused(session: Session, row: RequestRow) -> tuple[WhyRefused, str] | None:
    """As what it is refused now, and the manager's reason; None when it is not, or for another cause."""
    found = None
    for each in register.told(session, row):
        if each.what in (Event.WHO_CONFIRMED, Event.ALLOWED):
            found = None
        elif each.what is Event.REFUSED:
            found = (WhyRefused(each.code), each.words) if each.code in WHY else None
    return found


def letter_printed(session: Session, row: RequestRow, letter: str) -> bool:
    """Whether the letter with these reasons was printed since."""
    printed = False
    for each in register.events(session, row):
        if each.what is Event.REFUSED:
            printed = False
        printed = printed or (each.what is Event.LETTER and each.code == letter)
    return printed
