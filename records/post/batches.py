"""The post of a day, gathered for the page ledger. Numbers and states only.

A list asks for sums, which the database counts; item by item only what is shown, or printed, is brought.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlmodel import Session, col, func, select

from records.post.page_ledger import KeptItem, KeptPage, Ledger, Line, Sums, ledger, line_of, summed
from records.post.tables import Item, Page, Part, StorageRefusal
from records.vocabulary import ItemState, PartKind, PartState

_ID, _DAY = col(Item.id), col(Item.received_on)
_ONE = (col(Item.number), col(Item.state), col(Item.pages), col(Item.read_at).is_not(None))
_STANDING = (col(Item.state), col(Item.read_at).is_not(None), col(Item.pages).is_not(None))
"""What the rule asks of an item: its state, whether it was read to its end, whether its pages were counted."""


def days(session: Session, limit: int = 31) -> list[date]:
    """Days with post, newest first."""
    found = session.exec(select(_DAY).distinct().order_by(_DAY.desc()).limit(limit)).all()
    gone = select(col(StorageRefusal.received_on)).distinct().where(col(StorageRefusal.received_on).is_not(None))
    refused = session.exec(gone.order_by(col(StorageRefusal.received_on).desc()).limit(limit)).all()
    return sorted({*found, *(day for day in refused if day)}, reverse=True)[:limit]


def of_day(session: Session, day: date) -> Ledger:
    """Every page that came in on a day, and where it is now, item by item."""
    return ledger(_kept(session, col(Item.received_on) == day), erased=_erased(session, [day]).get(day, 0))


def sums(session: Session, wanted: Collection[date]) -> dict[date, Sums]:
    """What the post of each of these days comes to: as `of_day` finds it, counted by the database for all of them at once."""
    ours = _DAY.in_(wanted)
    pages = _pages(session, (_DAY, *_STANDING), ours)
    alike: defaultdict[date, list[tuple[KeptItem, int]]] = defaultdict(list)
    counted = sa.select(_DAY, *_STANDING, func.count(), func.sum(Item.pages)).where(ours)
    for day, state, read, known, files, total in session.execute(counted.group_by(_DAY, *_STANDING)):
        kept = pages.get((day, state, read, known), {})
        alike[day].append((KeptItem(0, ItemState(state), int(total) if known else None, kept, bool(read)), files))
    lost, erased = _lost(session, ours), _erased(session, wanted)
    return {day: summed(alike[day], lost=lost.get(day, ()), erased=erased.get(day, 0)) for day in wanted}


def lines(session: Session, day: date, limit: int, leaving_out: int) -> Sequence[Line]:
    """So many items of a day by their numbers, after leaving out so many, and where the pages of each are."""
    shown = session.exec(
        select(Item.id).where(col(Item.received_on) == day).order_by(col(Item.number)).limit(limit).offset(leaving_out)
    ).all()
    return ledger(_kept(session, _ID.in_(shown)), erased=0).lines


def _kept(session: Session, which: ColumnElement[bool]) -> list[KeptItem]:
    pages = _pages(session, (_ID,), which)
    items = session.execute(sa.select(_ID, *_ONE).where(which))
    return [
        KeptItem(number, ItemState(state), counted, pages.get((one,), {}), bool(read))
        for one, number, state, counted, read in items
    ]


def _pages(
    session: Session, by: tuple[SQLColumnExpression[Any], ...], which: ColumnElement[bool]
) -> dict[tuple[Any, ...], dict[KeptPage, int]]:
    # Any: the columns that are grouped by, of an item or of a day
    """How many pages of each kind are kept, under the values of `by`."""
    part = (col(Part.kind), col(Part.state), col(Part.decided_by).is_not(None))
    query = sa.select(*by, *part, func.count()).select_from(Page).join(Item, col(Item.id) == Page.item_id)
    query = query.join(Part, col(Part.id) == Page.part_id, isouter=True).where(which).group_by(*by, *part)
    found: dict[tuple[Any, ...], dict[KeptPage, int]] = {}
    for *key, kind, state, decided, count in session.execute(query):
        page = KeptPage(PartKind(kind) if kind else None, PartState(state) if state else None, decided=bool(decided))
        found.setdefault(tuple(key), {})[page] = count
    return found


def _lost(session: Session, ours: ColumnElement[bool]) -> dict[date, list[int]]:
    """The items that do not add up: found by their two counts, judged by the rule."""
    kept = select(func.count()).select_from(Page).where(Page.item_id == Item.id).correlate(Item).scalar_subquery()
    apart = (col(Item.pages).is_not(None), col(Item.pages) != kept)
    query = sa.select(_DAY, *_ONE, kept)
    found: dict[date, list[int]] = {}
    for day, number, state, counted, read, pages in session.execute(
        query.where(ours, *apart).order_by(col(Item.number))
    ):
        item = KeptItem(number, ItemState(state), counted, {KeptPage(None, None, decided=False): pages}, bool(read))
        if line_of(item).lost:
            found.setdefault(day, []).append(number)
    return found


def _erased(session: Session, wanted: Collection[date]) -> dict[date, int]:
    """Pages of these days that went because a family did not agree to storing."""
    query = sa.select(col(StorageRefusal.received_on), func.sum(StorageRefusal.pages))
    rows = session.execute(
        query.where(col(StorageRefusal.received_on).in_(wanted)).group_by(col(StorageRefusal.received_on))
    )
    return {day: int(pages) for day, pages in rows if day is not None}
