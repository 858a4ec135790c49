"""Forms that wait for a word on keeping: called for before their day, and on it (R28, N8, F7). Idempotent.

A form whose question about keeping is open waits until its day to ask; a form that says No to keeping goes within some working days.
Tasks carry the item's number and a day alone: nothing of a form is known outside Review.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from intake import in_use
from intake.erasing import OPEN
from intake.wiring import Paperchain
from records import tasks
from records.audit import trail
from records.clock import LONDON
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.post import inbox, review
from records.post.tables import Confirmation, Part
from records.requests.working_days import england
from records.tasks.register import let_go
from records.tasks.tables import TaskRow

ASK_ABOUT_FORM, ERASE_FORM, FORM_LEFT, DAYS_BEFORE = "ask_about_form", "erase_form", "form_left", 7
"""How long before its day a form is called for; no source sets it."""


def remind(chain: Paperchain) -> int:
    """Raises the tasks of forms in quarantine, and of forms that say No, as their days come; returns how many such forms there are."""
    today, found = chain.clock.today(), 0
    with chain.db.writing() as session:
        _tidy(session, chain.clock.now())
        noes = _said_no(session)
        answered = {part.id for part, _ in noes}
        soon = [
            part for part in review.to_ask_by(session, today + timedelta(days=DAYS_BEFORE)) if part.id not in answered
        ]
        items = inbox.items_of(session, soon)
        for part in soon:
            if part.ask_by is not None:
                found += 1
                _unanswered(session, part, items[part.item_id].number, part.ask_by, today, chain.clock.now())
        for part, said in noes:
            found += 1
            _refused(session, part, said, chain.policy(), today, chain.clock.now())
    return found


def _unanswered(session: Session, part: Part, number: int, ask_by: date, today: date, at: datetime) -> None:
    """The officer asks before the day; from the day on somebody decides, and erases it where no answer came."""
    if today < ask_by:
        words = f"Item {number} waits on Review: ask the family by {in_words(ask_by)} whether we may keep their form. Without a yes it may not stay."
        _raise(session, part, ASK_ABOUT_FORM, ask_by, _who(part), at, words)
        return
    let_go(session, by=trail.SYSTEM, at=at, key=_key(ASK_ABOUT_FORM, part, ask_by))
    words = f"Item {number} waits on Review, and its day has come. Confirm the answer if one came; if none did, erase the form."
    _raise(session, part, ERASE_FORM, ask_by, _who(part), at, words)


def _refused(session: Session, part: Part, said: Confirmation, policy: Policy, today: date, at: datetime) -> None:
    """The officer who confirmed the No erases the form within its working days; where it lies longer, a manager hears of it."""
    number = review.item_of(session, part).number
    if part.ask_by is not None:  # nobody asks a family that has said No
        for kind in (ASK_ABOUT_FORM, ERASE_FORM):
            let_go(session, by=trail.SYSTEM, at=at, key=_key(kind, part, part.ask_by))
    day = england().after(said.confirmed_at.astimezone(LONDON).date(), policy.periods.refused_storage_working_days)
    words = f"Item {number} on Review says No to keeping it. Erase the form by {in_words(day)}."
    _raise(session, part, ERASE_FORM, day, UUID(said.confirmed_by), at, words)
    if today > day:
        words = (
            f"Item {number} on Review says No to keeping it, and should have been erased by {in_words(day)}. See to it."
        )
        _raise(session, part, FORM_LEFT, day, None, at, words)


def _said_no(session: Session) -> list[tuple[Part, Confirmation]]:
    """Forms that still lie here though the last word about them is a No to keeping."""
    last = review.last_words(session, OPEN)
    return [(one.part, one.said) for one in last if in_use.says_no(session, one.part, one.answers)]


def _tidy(session: Session, at: datetime) -> None:
    """Tasks of forms that have been settled since go."""
    kinds = (ASK_ABOUT_FORM, ERASE_FORM, FORM_LEFT)
    for task in session.exec(
        select(TaskRow).where(col(TaskRow.kind).in_(kinds), col(TaskRow.closed_at).is_(None))
    ).all():
        part = session.get(Part, UUID((task.key or "").split(":")[1])) if task.key else None
        if part is None or part.state not in OPEN:
            let_go(session, by=trail.SYSTEM, at=at, key=task.key)


def _raise(session: Session, part: Part, kind: str, due: date, who: UUID | None, at: datetime, words: str) -> None:
    tasks.raise_task(
        session, kind=kind, file_id=None, due=due, for_officer=who, raised_by=trail.SYSTEM, words=words, at=at,
        key=_key(kind, part, due),
    )  # fmt: skip


def _key(kind: str, part: Part, due: date) -> str:
    return f"{kind}:{part.id}:{due}"


def _who(part: Part) -> UUID | None:
    """The officer who put it aside; where that is not known, a manager passes it on."""
    return UUID(part.decided_by) if part.decided_by and part.decided_by != trail.SYSTEM else None
