"""Holds stop every way in which post is erased: a refusal to store, a copy, a scan that was replaced (R44)."""

from uuid import UUID

from sqlmodel import Session

from records.errors import RefusedByRule
from records.holds import register as holds
from records.post.tables import Item


def need_no_hold(session: Session, item: Item, *, part_id: UUID | None = None, storing_refused: bool = False) -> None:
    """Called in the transaction that erases post: a hold that was placed one statement before wins (R44).

    `storing_refused`: the family said No to storing, so what only runs out after an earlier answer does not keep it (R28, R45).
    """
    found = holds.blocking(session, item_id=item.id, part_id=part_id)
    if storing_refused:
        found = tuple(hold for hold in found if not hold.running_out)
    if found:
        raise RefusedByRule(f"This is on hold, so nothing was erased. {found[0].words}", "R44")
