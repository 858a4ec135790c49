"""Items in the post: taken in once, read once, stopped with a reason. Services work in the caller's session."""

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from records.audit import trail
from records.clock import LONDON
from records.db import keys_of
from records.documents import holdings, keyring
from records.documents.envelope import seal_json, unseal_json
from records.documents.holdings import Stored
from records.documents.tables import Document
from records.documents.turning import Mask, upright
from records.errors import ChangedMeanwhile, NotFound
from records.keys import Keys
from records.post.stages import WAITING, check_move, state_of
from records.post.tables import Counter, Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartState, Source

MAX_ATTEMPTS = 3


def next_number(session: Session, name: str) -> int:
    """1, 2, 3… for items, files and originals; never used twice."""
    counter = session.get(Counter, name)
    if counter is None:
        counter = Counter(name=name, last=0)
    counter.last += 1
    session.add(counter)
    session.flush()
    return counter.last


def likeness(keys: Keys, sha256: bytes) -> bytes:
    """A keyed hash by which the same bytes are recognised, without keeping a hash that others could look up."""
    return hmac.new(keys.search, b"scan" + sha256, hashlib.sha256).digest()


def by_claim(session: Session, claim_id: UUID) -> Item | None:
    return session.exec(select(Item).where(Item.claim_id == claim_id)).first()


def take_in(
    session: Session,
    *,
    claim_id: UUID,
    key_id: UUID,
    key: bytes,
    scan: Stored,
    name: str,
    source: Source,
    actor: str,
    at: datetime,
) -> Item:
    """Enters a stored scan as an item. The same claim is entered once, however often this is called."""
    known = by_claim(session, claim_id)
    if known is not None:
        return known
    session.add(keyring.wrap(keys_of(session), key_id, key, at))
    session.flush()
    item = Item(
        number=next_number(session, "item"),
        claim_id=claim_id,
        key_id=key_id,
        scan_id=scan.id,
        source=source,
        sealed_name=seal_json(key, {"name": name}, claim_id.bytes),
        likeness=likeness(keys_of(session), scan.sha256),
        arrived_at=at,
        received_on=at.astimezone(LONDON).date(),
        state=ItemState.ARRIVING,
    )
    session.add(item)
    session.flush()
    holdings.hold(session, scan, kind=DocumentKind.SCAN, key_id=key_id, at=at, item_id=item.id)
    trail.append(
        session, actor=actor, act="item_arrived", subject_kind="item", subject_id=str(item.id), at=at,
        detail={"number": item.number, "source": source, "bytes": scan.size},
    )  # fmt: skip
    return item


def by_number(session: Session, number: int) -> Item:
    item = session.exec(select(Item).where(Item.number == number)).first()
    if item is None:
        raise NotFound("There is no such item.")
    return item


def earliest(session: Session, ids: Collection[UUID]) -> Item:
    """The first to be taken in of these items. Raises NotFound when there is none of them."""
    found = session.exec(select(Item).where(col(Item.id).in_(ids)).order_by(col(Item.number)).limit(1)).first()
    if found is None:
        raise NotFound("There is no such post.")
    return found


def items_of(session: Session, parts: Collection[Part]) -> dict[UUID, Item]:
    """The items that these parts are of, by their ids, in one question."""
    ids = {part.item_id for part in parts}
    return {item.id: item for item in session.exec(select(Item).where(col(Item.id).in_(ids)))} if ids else {}


def name_of(session: Session, item: Item) -> str:
    """The file's name as it arrived. For people who may see the item; never for logs."""
    return str(unseal_json(keyring.open_key(session, item.key_id), item.sealed_name, item.claim_id.bytes)["name"])


def stopped_as(session: Session, item: Item) -> str | None:
    """The name under which a stopped file lies in `stopped/`."""
    value = unseal_json(keyring.open_key(session, item.key_id), item.sealed_name, item.claim_id.bytes).get("stopped_as")
    return None if value is None else str(value)


def move(
    session: Session, item: Item, to: ItemState, *, actor: str, at: datetime, reason_code: str | None = None
) -> None:
    """Changes the state by the table of moves and writes the audit entry."""
    before = ItemState(item.state)
    check_move(before, to)
    item.state, item.changed_by, item.changed_at = to, actor, at
    session.add(item)
    if before is not to:
        trail.append(
            session, actor=actor, act=f"item_{to}", subject_kind="item", subject_id=str(item.id), at=at,
            detail={"number": item.number, "reason": reason_code},
        )  # fmt: skip


def waiting(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Numbers of items whose reading is due: not leased, or leased by somebody who went silent. Oldest first, short before long."""
    rows = session.exec(
        select(Item.number)
        .where(col(Item.state).in_(list(WAITING)), or_(col(Item.lease_until).is_(None), col(Item.lease_until) < now))
        .order_by(col(Item.number))
        .limit(limit)
    )
    return list(rows)


def unsettled(session: Session) -> int:
    """How many items still wait to be read."""
    return session.exec(select(func.count()).select_from(Item).where(col(Item.state).in_(list(WAITING)))).one()


def lease(session: Session, number: int, worker: str, now: datetime, seconds: float) -> Item | None:
    """Takes an item for reading. None when it is no longer waiting or somebody else has it."""
    item = by_number(session, number)
    if ItemState(item.state) not in WAITING or (
        item.lease_until and item.lease_until > now and item.leased_by != worker
    ):
        return None
    move(session, item, ItemState.READING, actor=trail.SYSTEM, at=now)
    item.leased_by, item.lease_until, item.attempts = worker, now + timedelta(seconds=seconds), item.attempts + 1
    session.flush()
    return item


def progress(session: Session, number: int, worker: str, pages_read: int, pages: int, until: datetime) -> None:
    """Shows how far a reading is and keeps its lease. Raises ChangedMeanwhile when the lease was lost."""
    item = by_number(session, number)
    if item.leased_by != worker or item.state != ItemState.READING:
        raise ChangedMeanwhile("Another worker has taken over this item.")
    item.pages_read, item.pages, item.lease_until = pages_read, pages, until
    session.add(item)


def release(item: Item) -> None:
    item.leased_by, item.lease_until = None, None


def stop(
    session: Session, item: Item, *, code: str, reason: str, stopped_as: str | None, actor: str, at: datetime
) -> None:
    """Stops an item with a reason in words; its bytes stay as they came."""
    key = keyring.open_key(session, item.key_id)
    name = name_of(session, item)
    item.sealed_name = seal_json(key, {"name": name, "stopped_as": stopped_as}, item.claim_id.bytes)
    item.reason_code, item.reason = code, reason
    release(item)
    move(session, item, ItemState.STOPPED, actor=actor, at=at, reason_code=code)


def settle(session: Session, item: Item, *, actor: str, at: datetime) -> None:
    """Sets the item's state from its parts. It stays to be sorted while pages that were read as blank or as our own print are
    seen by nobody: the item is settled only when a person has settled every page (P6)."""
    parts = session.exec(select(Part).where(Part.item_id == item.id)).all()
    to = state_of([PartState(part.state) for part in parts])
    unseen = any(part.state == PartState.NOTHING_TO_DO and part.decided_by is None for part in parts)
    if unseen and to in (ItemState.FILED, ItemState.NOT_OURS):
        to = ItemState.TO_SORT
    move(session, item, to, actor=actor, at=at)


def parts_of(session: Session, item: Item) -> Sequence[Part]:
    """In page order; without those whose pages were arranged otherwise."""
    parts = session.exec(select(Part).where(Part.item_id == item.id, Part.state != PartState.REPLACED)).all()
    first = {page.part_id: page.number for page in reversed(pages_of(session, item))}
    return sorted(parts, key=lambda part: first.get(part.id, 0))


def pages_of(session: Session, item: Item, part: Part | None = None) -> Sequence[Page]:
    query = select(Page).where(Page.item_id == item.id).order_by(col(Page.number))
    return session.exec(query if part is None else query.where(Page.part_id == part.id)).all()


def turned_by_hand(session: Session, picture_id: UUID) -> int:
    """How far a person turned the page of this picture, in degrees clockwise."""
    return session.exec(select(Page.turned_by_hand).where(Page.picture_id == picture_id)).first() or 0


def shown(session: Session, document: Document, data: bytes, masks: Sequence[Mask] = ()) -> tuple[bytes, str]:
    """A page's stored picture as people see it, turned as somebody turned it, with `masks` over it, and its media type."""
    page = session.exec(select(Page).where(Page.picture_id == document.id)).first()
    size, turned = ((page.width, page.height), page.turned_by_hand) if page else ((1, 1), 0)
    return upright(data, document.media_type, size, turned, masks)


def same_bytes(session: Session, item: Item) -> list[int]:
    """Numbers of other items with the very same bytes: information for a person, never a reason to drop one."""
    found = session.exec(
        select(Item.number).where(Item.likeness == item.likeness, Item.id != item.id).order_by(col(Item.number))
    )
    return list(found)


def leased(session: Session) -> list[int]:
    """Numbers of the items that somebody is reading, or was when he ended."""
    return [number for number, _ in holders(session)]


def holders(session: Session) -> list[tuple[int, str]]:
    """Numbers of the items that are being read, each with the name under which it is leased."""
    rows = session.exec(
        select(Item.number, Item.leased_by).where(Item.state == ItemState.READING, col(Item.leased_by).is_not(None))
    )
    return [(number, str(holder)) for number, holder in rows]
