"""Forms that wait for the family's word on keeping: a task before their day to ask is over (R28, N8). Idempotent."""

from datetime import timedelta
from uuid import UUID

from intake.wiring import Paperchain
from records import tasks
from records.audit import trail
from records.policies.periods import in_words
from records.post import review
from records.post.tables import Part
from records.vocabulary import PartState

ASK_ABOUT_FORM, DAYS_BEFORE = "ask_about_form", 7
"""How long before its day a form is called for; no source sets it."""


def remind(chain: Paperchain) -> int:
    """Raises one task for each form in quarantine whose day to ask is near or over; returns how many such forms there are.

    It carries the item's number and the day alone: nothing of the form is known outside Review.
    """
    today, found = chain.clock.today(), 0
    with chain.db.writing() as session:
        for part in review.queue(session, PartState.QUARANTINED):
            if part.ask_by is None or part.ask_by > today + timedelta(days=DAYS_BEFORE):
                continue
            found += 1
            number = review.item_of(session, part).number
            tasks.raise_task(
                session, kind=ASK_ABOUT_FORM, file_id=None, due=part.ask_by, for_officer=_who(part), raised_by=trail.SYSTEM,
                words=f"Item {number} waits on Review: ask the family by {in_words(part.ask_by)} whether we may keep their form. Without a yes it may not stay.",
                at=chain.clock.now(), key=f"{ASK_ABOUT_FORM}:{part.id}:{part.ask_by}",
            )  # fmt: skip
    return found


def _who(part: Part) -> UUID | None:
    """The officer who put it aside; where that is not known, a manager passes it on."""
    return UUID(part.decided_by) if part.decided_by and part.decided_by != trail.SYSTEM else None
