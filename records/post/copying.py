"""A paper that is about several children, put on another child's file as well: an item of its own, with its own pictures (R42)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from records.audit import trail
from records.db import keys_of
from records.documents import holdings, keyring
from records.documents.envelope import seal_json
from records.documents.holdings import Stored
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState


def put_on_file(
    session: Session, of: Item, pages: Sequence[tuple[Page, Stored]], *, file_id: UUID, file_key_id: UUID, actor: str, at: datetime
) -> Part:  # fmt: skip
    """Enters copies of these pages as an item that is filed. `pages`: each with its new picture, sealed under the key of the file."""
    key_id, key = keyring.make(session, at)
    number, claim = inbox.next_number(session, "item"), uuid4()
    item = Item(
        number=number, claim_id=claim, key_id=key_id, scan_id=pages[0][1].id, source=of.source,
        sealed_name=seal_json(key, {"name": f"item {number}", "stopped_as": None}, claim.bytes),
        likeness=inbox.likeness(keys_of(session), pages[0][1].sha256), arrived_at=at, received_on=of.received_on, state=ItemState.FILED,
        pages=len(pages), pages_read=len(pages), read_at=at,
    )  # fmt: skip
    session.add(item)
    session.flush()
    part = Part(
        item_id=item.id, kind=PartKind.OTHER, state=PartState.FILED, file_id=file_id, read_at=at, decided_by=actor, decided_at=at,
        reason=f"A copy: the paper came as item {of.number}.",
    )  # fmt: skip
    session.add(part)
    session.flush()
    for place, (page, stored) in enumerate(pages, start=1):
        holdings.hold(
            session, stored, kind=DocumentKind.PAGE, key_id=file_key_id, at=at, item_id=item.id, part_id=part.id, file_id=file_id,
            page=place,
        )  # fmt: skip
        session.add(
            Page(
                item_id=item.id, part_id=part.id, number=place, sheet=place, kind=PartKind.OTHER, picture_id=stored.id, width=page.width,
                height=page.height, dpi=page.dpi, turned=page.turned, turned_by_hand=page.turned_by_hand,
            )
        )  # fmt: skip
    session.flush()
    trail.append(
        session, actor=actor, act="item_copied", subject_kind="item", subject_id=str(item.id), at=at,
        detail={"number": number, "of": of.number, "pages": len(pages)},
    )  # fmt: skip
    return part
