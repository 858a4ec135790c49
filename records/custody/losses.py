"""A paper that is lost: declared by two, and an incident for the manager in the same transaction (R60, R71, P10)."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from records.clock import LONDON
from records.custody import originals, waste
from records.custody.moves import Custody, Facts
from records.custody.tables import Original
from records.errors import ChangedMeanwhile
from records.tasks import raise_task

INCIDENT = "incident"

Reported = Callable[[Session, Original, str, str, str, datetime], None]
ON_LOSS: list[Reported] = []
"""Called in the same transaction with the paper, what the loss is known by, words without a name, the actor and the moment. The register
of breaches enters itself here and opens an incident with its 72 hours (R71); while nobody has, a task stands for it."""


def declare(
    session: Session, original: Original, second_person: str, *, actor: str, at: datetime, version: int | None = None
) -> None:
    """Declares a paper lost. A sack that was counted with it must be counted anew. Raises as `originals.move` does.

    `second_person`: the account of whoever looked for it as well.
    """
    if version is not None and original.version != version:
        raise ChangedMeanwhile(originals.moved_first(session, original))
    if original.state == Custody.TO_DISPOSE:
        waste.leave(session, original, "lost", actor=actor, at=at)
    originals.move(session, original, Custody.LOST, Facts(second_person=second_person or None), actor=actor, at=at)
    words = (
        f"Paper O-{original.number} is lost. Decide within 72 hours whether the regulator and the family must be told."
    )
    report(session, original, f"lost:{original.id}:{original.version}", words, actor=actor, at=at)


def report(session: Session, original: Original, key: str, words: str, *, actor: str, at: datetime) -> None:
    """An incident for the managers, once for each key."""
    for follow in ON_LOSS:
        follow(session, original, key, words, actor, at)
    if ON_LOSS:
        return
    raise_task(
        session, kind=INCIDENT, file_id=None, due=at.astimezone(LONDON).date(), words=words, for_officer=None,
        raised_by=actor, at=at, key=f"{INCIDENT}:{key}",
    )  # fmt: skip
