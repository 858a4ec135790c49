"""The strip of page pictures on an item's page: what may be arranged, and what can be undone. View models only: no HTML, no request."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from intake import arranging, in_use
from intake.desk import post_view
from records.post import inbox
from records.post.arrangement import Edit
from records.post.tables import Item
from records.vocabulary import ItemState, PartState

DONE_WORDS = {
    Edit.SPLIT: "split after page {page}",
    Edit.JOIN: "join of page {page} with what follows",
    Edit.TURN: "turn of page {page}",
    Edit.BLANK: "page {page} is blank",
    Edit.BY_HAND: "page {page} to be sorted by hand",
}


@dataclass(frozen=True)
class Thumb:
    """One page in the strip. `picture`: whether this person may see it here."""

    number: int
    turned: int
    picture: bool


@dataclass(frozen=True)
class Bundle:
    """Pages that belong together now. `free`: they may still be arranged."""

    part: UUID
    what: str
    where: str
    free: bool
    thumbs: tuple[Thumb, ...]


@dataclass(frozen=True)
class Strip:
    """The strip of one item. `arranged`: how many edits it shows; `undo`: the last one in words; `unseen`: pages read as blank or
    as our own print that nobody has seen yet; `written`: those of them on which something is written or stamped."""

    arranged: int
    bundles: tuple[Bundle, ...]
    undo: str | None
    unseen: tuple[int, ...]
    written: tuple[int, ...]


def strip(session: Session, item: Item, *, opens_forms: bool) -> Strip | None:
    """The strip; None when the item is settled, stopped or being read."""
    if ItemState(item.state) not in arranging.OPEN_ITEM:
        return None
    rows, forms = inbox.pages_of(session, item), in_use.catalogue(session)
    bundles, unseen, written = [], list[int](), list[int]()
    for part in inbox.parts_of(session, item):
        own = [row for row in rows if row.part_id == part.id]
        seen_here = post_view.seen_here(part, opens_forms)
        bundles.append(
            Bundle(
                part=part.id, what=post_view.what_it_is(part, forms), where=post_view.PART_WORDS[PartState(part.state)],
                free=PartState(part.state) in arranging.OPEN_PART,
                thumbs=tuple(Thumb(row.number, row.turned_by_hand, seen_here) for row in own),
            )
        )  # fmt: skip
        if part.state == PartState.NOTHING_TO_DO and part.decided_by is None:
            unseen += [row.number for row in own]
            written += [row.number for row in own if post_view.is_written_on(part)]
    last = arranging.undoable(session, item)
    undo = None if last is None else DONE_WORDS[Edit(last.act)].format(page=last.page)
    return Strip(item.arranged, tuple(bundles), undo, tuple(unseen), tuple(written))
