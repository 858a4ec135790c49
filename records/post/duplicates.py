"""Post that may have come before: offered to a person, with their answer. Information only: nothing is dropped or held up for it.

A pair names the later item first. It is made once and answered once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, or_, select

from records.audit import trail
from records.documents import keyring
from records.documents.envelope import seal, unseal
from records.errors import ChangedMeanwhile, NotFound
from records.post.tables import Duplicate, Item, Page, PagePrint
from records.vocabulary import ItemState

WINDOW_DAYS = 60
"""How long traces are kept to be compared with later post: paper is scanned again within days, and what is not kept tells nothing."""
KEPT = (ItemState.TO_REVIEW, ItemState.TO_SORT, ItemState.FILED)


class Why(StrEnum):
    """Why two items may be the same post."""

    SAME_BYTES = "same_bytes"
    SAME_PAPER = "same_paper"
    SAME_FORM = "same_form"


class Answer(StrEnum):
    """What a person said of a pair."""

    KEPT_BOTH = "kept_both"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class FiledForm:
    """A confirmed form on a child's file. `signed_on`: as an officer read it; None when it has no date."""

    item: UUID
    part: UUID
    form: str
    signed_on: date | None


def same_form(new: FiledForm, on_file: Iterable[FiledForm]) -> FiledForm | None:
    """The first form on the same child's file that is the same form and was signed the same day, in other post. Pure.

    Editions do not count: a family that is asked again on a newer print answers the same questions. A form without a date is
    the same as no other, because the day of receipt is the same for everything in one envelope.
    """
    if new.signed_on is None:
        return None
    return next(
        (
            one
            for one in on_file
            if one.item != new.item and one.form == new.form and one.signed_on == new.signed_on
        ),
        None,
    )  # fmt: skip


def offer(session: Session, item: Item, other: Item, why: Why, pages: int, at: datetime) -> Duplicate | None:
    """Enters a pair. None when it is known, or when the same two items are offered for a stronger reason already."""
    later, earlier = (item, other) if item.number > other.number else (other, item)
    known = session.exec(select(Duplicate).where(Duplicate.item_id == later.id, Duplicate.other_id == earlier.id)).all()
    if later.id == earlier.id or any(one.why in (why, Why.SAME_BYTES) for one in known):
        return None
    pair = Duplicate(item_id=later.id, other_id=earlier.id, why=why, pages=pages, found_at=at)
    session.add(pair)
    trail.append(
        session, actor=trail.SYSTEM, act="duplicate_offered", subject_kind="item", subject_id=str(later.id), at=at,
        detail={"number": later.number, "other": earlier.number, "why": why},
    )  # fmt: skip
    return pair


def of_item(session: Session, item: Item) -> Sequence[Duplicate]:
    """Every pair that this item is in, oldest first."""
    return session.exec(
        select(Duplicate)
        .where(or_(col(Duplicate.item_id) == item.id, col(Duplicate.other_id) == item.id))
        .order_by(col(Duplicate.found_at), col(Duplicate.id))
    ).all()


def unanswered(session: Session, item_ids: Collection[UUID]) -> Sequence[Duplicate]:
    """Open pairs whose later item is one of these."""
    return session.exec(
        select(Duplicate).where(col(Duplicate.item_id).in_(list(item_ids)), col(Duplicate.answer).is_(None))
    ).all()


def any_pair_among(session: Session, items: Collection[UUID]) -> bool:
    """Whether two of these items were offered as the same post."""
    ids = list(items)
    pair = select(Duplicate.id).where(col(Duplicate.item_id).in_(ids), col(Duplicate.other_id).in_(ids)).limit(1)
    return session.exec(pair).first() is not None


def to_answer(session: Session, pair_id: UUID, item: Item) -> tuple[Duplicate, Item]:
    """A pair of this item that nobody has answered, and the other item. Raises NotFound, or ChangedMeanwhile to the later of two."""
    pair = session.get(Duplicate, pair_id)
    if pair is None or item.id not in (pair.item_id, pair.other_id):
        raise NotFound("There is no such pair.")
    if pair.answer is not None:
        raise ChangedMeanwhile("Somebody else has answered this already. Nothing of yours was saved; look at it again.")
    return pair, session.get_one(Item, pair.other_id if item.id == pair.item_id else pair.item_id)


def answer(
    session: Session, pair: Duplicate, said: Answer, item: Item, other: Item, *, actor: str, at: datetime
) -> None:
    """Writes down what a person said of this item and the other."""
    pair.answer, pair.answered_by, pair.answered_at = said, actor, at
    session.add(pair)
    trail.append(
        session, actor=actor, act=f"duplicate_{said}", subject_kind="item", subject_id=str(item.id), at=at,
        detail={"number": item.number, "other": other.number, "why": pair.why},
    )  # fmt: skip


def first_with_these_bytes(session: Session, item: Item) -> Item | None:
    """The earliest other item with the very same bytes; one that is still kept before any other."""
    found = session.exec(
        select(Item).where(Item.likeness == item.likeness, Item.id != item.id).order_by(col(Item.number)).limit(50)
    ).all()
    return next((one for one in found if one.state in KEPT), found[0] if found else None)


def keep_trace(session: Session, item: Item, page: Page, blank: str, cells: int, trace: str) -> None:
    """Keeps a page's trace under the item's key. `blank`: the known page that it was compared with."""
    key = keyring.open_key(session, item.key_id)
    session.add(
        PagePrint(
            page_id=page.id, item_id=item.id, key_id=item.key_id, blank=blank, cells=cells, received_on=item.received_on,
            sealed_print=seal(key, trace.encode("ascii"), page.id.bytes),
        )
    )  # fmt: skip


def traces_of(session: Session, item: Item) -> dict[UUID, tuple[PagePrint, str]]:
    """The traces kept of an item's pages, by page."""
    rows = session.exec(select(PagePrint).where(PagePrint.item_id == item.id)).all()
    key = keyring.open_key(session, item.key_id) if rows else b""
    return {row.page_id: (row, unseal(key, row.sealed_print, row.page_id.bytes).decode("ascii")) for row in rows}


def traces_like(session: Session, item: Item, blank: str, least: int, most: int) -> list[tuple[UUID, str]]:
    """Traces of the same known page in other items, with this many cells: the item's id and the trace."""
    # Columns and all keys in one question each: an office's two months of one form are compared with every new one.
    rows = session.exec(
        select(PagePrint.item_id, PagePrint.page_id, PagePrint.key_id, PagePrint.sealed_print).where(
            PagePrint.blank == blank, PagePrint.item_id != item.id, col(PagePrint.cells).between(least, most)
        )
    ).all()
    keys = keyring.open_keys(session, {key_id for _, _, key_id, _ in rows})
    return [
        (item_id, unseal(keys[key_id], sealed, page_id.bytes).decode("ascii"))
        for item_id, page_id, key_id, sealed in rows
        if key_id in keys
    ]


def forget_traces(session: Session, *, item: Item | None = None, before: date | None = None) -> None:
    """Deletes the traces of an item, or those of post received before a day."""
    if item is not None:
        session.exec(delete(PagePrint).where(col(PagePrint.item_id) == item.id))
    if before is not None:
        session.exec(delete(PagePrint).where(col(PagePrint.received_on) < before))
