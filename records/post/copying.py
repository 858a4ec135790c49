"""A paper that is about several children: a copy for another child, as an item of its own with its own pictures (R42, F22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from records.audit import trail
from records.db import keys_of
from records.documents import holdings, keyring
from records.documents.envelope import seal_json
from records.documents.holdings import Stored
from records.post import inbox, review
from records.post.tables import Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState


def put_on_file(
    session: Session, of: Item, pages: Sequence[tuple[Page, Stored]], *, file_id: UUID, file_key_id: UUID, actor: str, at: datetime
) -> Part:  # fmt: skip
    """Enters copies of these pages as an item that is filed. `pages`: each with its new picture, sealed under the key of the file."""
    key_id, key = keyring.make(session, at)
    item = _item(session, of, [stored for _, stored in pages], key_id, key, ItemState.FILED, at)
    part = Part(
        item_id=item.id, kind=PartKind.OTHER, state=PartState.FILED, file_id=file_id, read_at=at, decided_by=actor, decided_at=at,
        reason=f"A copy: the paper came as item {of.number}.",
    )  # fmt: skip
    _with_pages(session, item, part, pages, key_id=file_key_id, file_id=file_id, at=at)
    _entered(session, item, of, actor, at)
    return part


@dataclass(frozen=True)
class ReadForm:
    """A form as it was read, for a copy of it: what its part says, the reading (pages numbered from 1), and the cut-outs, sealed under `key`."""

    key_id: UUID
    key: bytes
    reading: Mapping[str, Any]  # Any: JSON
    evidence: Stored


def put_in_review(
    session: Session, of: Item, form: Part, pages: Sequence[tuple[Page, Stored]], read: ReadForm, *, actor: str, at: datetime
) -> Part:  # fmt: skip
    """Enters a copy of a form as an item that waits for review, as if it had come by itself. Everything is sealed under the copy's own key."""
    item = _item(session, of, [stored for _, stored in pages], read.key_id, read.key, ItemState.TO_REVIEW, at)
    part = Part(
        id=uuid4(), item_id=item.id, kind=PartKind.FORM, state=PartState.TO_REVIEW, form=form.form, edition=form.edition, read_at=at,
        doubtful=form.doubtful, evidence_id=read.evidence.id,
    )  # fmt: skip
    review.keep_reading(part, read.key, read.reading)
    _with_pages(session, item, part, pages, key_id=read.key_id, file_id=None, at=at)
    holdings.hold(
        session, read.evidence, kind=DocumentKind.EVIDENCE, key_id=read.key_id, at=at, item_id=item.id, part_id=part.id
    )
    session.flush()
    _entered(session, item, of, actor, at)
    return part


def _item(
    session: Session, of: Item, stored: Sequence[Stored], key_id: UUID, key: bytes, state: ItemState, at: datetime
) -> Item:
    number, claim = inbox.next_number(session, "item"), uuid4()
    item = Item(
        number=number, claim_id=claim, key_id=key_id, scan_id=stored[0].id, source=of.source,
        sealed_name=seal_json(key, {"name": f"item {number}", "stopped_as": None}, claim.bytes),
        likeness=inbox.likeness(keys_of(session), stored[0].sha256), arrived_at=at, received_on=of.received_on, state=state,
        pages=len(stored), pages_read=len(stored), read_at=at,
    )  # fmt: skip
    session.add(item)
    session.flush()
    return item


def _with_pages(
    session: Session, item: Item, part: Part, pages: Sequence[tuple[Page, Stored]], *, key_id: UUID, file_id: UUID | None, at: datetime
) -> None:  # fmt: skip
    session.add(part)
    session.flush()
    for place, (page, stored) in enumerate(pages, start=1):
        holdings.hold(
            session, stored, kind=DocumentKind.PAGE, key_id=key_id, at=at, item_id=item.id, part_id=part.id, file_id=file_id, page=place,
        )  # fmt: skip
        kind = page.kind if part.kind == PartKind.FORM else PartKind.OTHER
        session.add(
            Page(
                item_id=item.id, part_id=part.id, number=place, sheet=place, kind=kind, picture_id=stored.id, width=page.width,
                height=page.height, dpi=page.dpi, turned=page.turned, turned_by_hand=page.turned_by_hand,
            )
        )  # fmt: skip
    session.flush()


def _entered(session: Session, item: Item, of: Item, actor: str, at: datetime) -> None:
    trail.append(
        session, actor=actor, act="item_copied", subject_kind="item", subject_id=str(item.id), at=at,
        detail={"number": item.number, "of": of.number, "pages": item.pages},
    )  # fmt: skip
