"""The first page of a long scan, shown while the rest of it is still being read.

It is a picture and nothing more: no page of the item yet, in no part, counted nowhere (P6). When the item is entered it becomes its
page; when it stops, or is read anew by another worker, it goes.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from records.documents import holdings
from records.documents.holdings import Stored
from records.documents.tables import Document
from records.post.tables import Item
from records.vocabulary import DocumentKind, ItemState

LONG = 20
"""Shorter scans are read before anybody could have opened them."""


def show(session: Session, item: Item, first: Stored, at: datetime) -> None:
    """Holds the first page's picture under the item. The caller has made sure that the item is still theirs to read."""
    holdings.hold(session, first, kind=DocumentKind.PAGE, key_id=item.key_id, at=at, item_id=item.id, page=1)


def picture(session: Session, item: Item) -> Document | None:
    """The picture, while the item is being read."""
    return _held(session, item) if item.state == ItemState.READING else None


def take(session: Session, stored: Stored) -> Document | None:
    """The row of this picture if it was shown early, for it to become a page."""
    return session.get(Document, stored.id)


def forget(session: Session, item: Item) -> str | None:
    """Takes the picture away. Returns the blob to delete after the commit."""
    held = _held(session, item)
    if held is None:
        return None
    session.delete(held)
    session.flush()
    return held.blob


def _held(session: Session, item: Item) -> Document | None:
    query = select(Document).where(
        Document.item_id == item.id, Document.kind == DocumentKind.PAGE, col(Document.part_id).is_(None)
    )
    return session.exec(query).first()
