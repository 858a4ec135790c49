"""The post of one day, gathered for the page ledger. Numbers and states only."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.post.page_ledger import KeptItem, KeptPage, Ledger, ledger
from records.post.tables import Item, Page, Part, StorageRefusal
from records.vocabulary import ItemState, PartKind, PartState


def days(session: Session, limit: int = 31) -> list[date]:
    """Days with post, newest first."""
    found = session.exec(
        select(col(Item.received_on)).distinct().order_by(col(Item.received_on).desc()).limit(limit)
    ).all()
    gone = select(StorageRefusal).where(col(StorageRefusal.received_on).is_not(None))
    refused = session.exec(gone.order_by(col(StorageRefusal.received_on).desc()).limit(limit)).all()
    return sorted({*found, *(one.received_on for one in refused if one.received_on)}, reverse=True)[:limit]


def of_day(session: Session, day: date) -> Ledger:
    """Every page that came in on a day, and where it is now."""
    items = session.exec(select(Item).where(Item.received_on == day)).all()
    parts = {
        part.id: part
        for part in session.exec(select(Part).join(Item, col(Item.id) == Part.item_id).where(Item.received_on == day))
    }
    pages: defaultdict[UUID, list[KeptPage]] = defaultdict(list)
    rows = session.exec(
        select(Page.item_id, Page.part_id)
        .join(Item, col(Item.id) == Page.item_id)
        .where(Item.received_on == day)
    )  # fmt: skip
    for item_id, part_id in rows:
        pages[item_id].append(_kept(parts.get(part_id) if part_id else None))
    erased = session.exec(
        select(func.coalesce(func.sum(StorageRefusal.pages), 0)).where(StorageRefusal.received_on == day)
    ).one()
    kept = [
        KeptItem(item.number, ItemState(item.state), item.pages, tuple(pages[item.id]), item.read_at is not None)
        for item in items
    ]
    return ledger(kept, erased=int(erased))


def _kept(part: Part | None) -> KeptPage:
    if part is None:
        return KeptPage(None, None, decided=False)
    return KeptPage(PartKind(part.kind), PartState(part.state), decided=part.decided_by is not None)
