"""A family does not agree to storing: what is erased, and what of a shared scan stays for the other families (R28).

A scan may hold several families' forms. Before one family's pages go, the whole scan is replaced by lossless copies of the
other families' pages, so that nothing of the refused form is left and nobody else loses a page.
"""

import logging
import struct
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from intake import stopped
from intake.admission import Refusal
from intake.on_hold import need_no_hold
from intake.sandbox.client import lossless
from intake.sandbox.limits import Limits
from intake.wiring import Paperchain
from records.audit import trail
from records.clock import Clock
from records.documents import holdings, keyring
from records.documents.envelope import seal_json
from records.documents.holdings import Stored
from records.documents.tables import Document
from records.errors import RefusedByRule
from records.post import inbox, review
from records.post.tables import Item, Page, Part
from records.retention import ledger, reach, verifying
from records.retention.ledger import What
from records.vocabulary import DocumentKind, ItemState, PaperOutcome, PartKind, PartState

log = logging.getLogger("paperchain.erasing")

OPEN = (PartState.TO_REVIEW, PartState.QUARANTINED)


@dataclass(frozen=True)
class WillGo:
    """What the officer is shown before confirming: pages and sheets that are erased, and whether others share the scan."""

    pages: int
    sheets: int
    others_stay: bool


def will_go(session: Session, part: Part) -> WillGo:
    """What a refusal of this form would erase."""
    item = review.item_of(session, part)
    gone = {part.id} | {each.id for each in along_with(session, item, part)}
    pages = [page for page in inbox.pages_of(session, item) if page.part_id in gone]
    stays = any(each.id not in gone for each in inbox.parts_of(session, item))
    return WillGo(len(pages), len({page.sheet for page in pages}), stays)


def along_with(session: Session, item: Item, part: Part) -> list[Part]:
    """Blank and policy pages that go with a form: all of them when no other family is in the scan, else those that follow it.

    The back of a form can show the ink of its front, so a blank back never stays behind. A blank page before the form is
    taken for its back only where it follows nobody else's page: otherwise it is the back of that one, and not ours to erase.
    """
    parts = inbox.parts_of(session, item)
    beside = [each for each in parts if each.state == PartState.NOTHING_TO_DO]
    if all(each.state == PartState.NOTHING_TO_DO for each in parts if each.id != part.id):
        return beside
    numbers = {page.number: page.part_id for page in inbox.pages_of(session, item)}
    mine = {number for number, owner in numbers.items() if owner == part.id}
    unclaimed = {part.id} | {each.id for each in beside}
    others = {number for number, owner in numbers.items() if owner not in unclaimed}
    along = []
    for each in beside:
        run = [number for number, owner in numbers.items() if owner == each.id]
        before, after = min(run) - 1, max(run) + 1
        if each.kind == PartKind.SHEET:
            continue  # it begins somebody else's pages
        if before in mine or (each.kind == PartKind.BLANK and after in mine and before not in others):
            along.append(each)
    return along


def refuse_storing(
    chain: Paperchain, part_id: UUID, *, paper: PaperOutcome, actor: UUID, version: int, limits: Limits,
    first: Callable[[Session, Part], None] = lambda *_: None, unanswered: bool = False,
) -> None:  # fmt: skip
    """Erases a form after an officer confirmed the No, or that no answer came in time (`unanswered`).

    Raises ChangedMeanwhile, or RefusedByRule when it cannot be done whole.

    `first`: what is written of the form elsewhere before it goes, in the same transaction.
    """
    with chain.db.reading() as session:
        part = review.get(session, part_id)
        item = review.item_of(session, part)
        gone = {part.id} | {each.id for each in along_with(session, item, part)}
        keep = [page.number for page in inbox.pages_of(session, item) if page.part_id not in gone]
        key = keyring.open_key(session, item.key_id)
        copies = _copies(chain, session, item, keep, key, limits) if keep else []
    with chain.db.writing() as session:
        now = chain.clock.now()
        part = review.get(session, part_id)
        review.check_open(part, str(actor), version, now, OPEN)
        item = review.item_of(session, part)
        need_no_hold(session, item, part_id=part.id, storing_refused=True)
        first(session, part)
        along = along_with(session, item, part)
        if {part.id} | {each.id for each in along} != gone:
            raise RefusedByRule("This scan was sorted differently meanwhile. Open the form again.", "P6")
        blobs = _replace_scan(session, item, copies, key, clock=chain.clock) if copies else []
        _enter(chain, session, item, gone, str(actor))
        blobs += review.forget(
            session, part, along, paper=paper, actor=str(actor), on=chain.clock.today(), at=now, unanswered=unanswered
        )
    for blob in blobs:
        chain.store.delete(blob)
    if not chain.db.scrub():
        log.warning("log not emptied after an erasure; it is at the next one or when Paperchain stops")
    verifying.compact(chain.db)  # on PostgreSQL the old row of a key would open a document from a backup


def without(chain: Paperchain, session: Session, item: Item, gone: Collection[UUID], limits: Limits) -> list[str]:
    """Replaces the scan of a shared item by lossless copies of the pages outside these parts. Returns the blobs to delete.

    In the caller's transaction; RefusedByRule when a page cannot be copied.
    """
    keep = [page.number for page in inbox.pages_of(session, item) if page.part_id not in gone]
    key = keyring.open_key(session, item.key_id)
    copies = _copies(chain, session, item, keep, key, limits)
    return _replace_scan(session, item, copies, key, clock=chain.clock) if copies else []


def without_pages(chain: Paperchain, session: Session, item: Item, gone: Collection[int], limits: Limits) -> list[str]:
    """Takes these pages out of an item's scan, and leaves their pictures: the scan is replaced by lossless copies of its other pages.

    Returns the blobs to delete. In the caller's transaction; RefusedByRule when another page cannot be copied.
    """
    key = keyring.open_key(session, item.key_id)
    pages = {page.number: page.picture_id for page in inbox.pages_of(session, item)}
    scan, keep = session.get_one(Document, item.scan_id), [number for number in pages if number not in gone]
    if scan.part_id is None and keep:
        return _replace_scan(session, item, _copies(chain, session, item, keep, key, limits), key, clock=chain.clock)
    shows = [scan] if scan.part_id is None else []  # else it is kept page by page
    copies = select(Document).where(
        Document.item_id == item.id, Document.kind == DocumentKind.SCAN, col(Document.page).in_(list(gone))
    )  # fmt: skip
    shows += [*session.exec(copies).all(), *stopped.replaced(session, item)]
    # "scan" sorts after "page": a copy of the scan is taken before a picture made from it.
    stays = select(Document.id).where(
        Document.item_id == item.id, col(Document.kind).in_((DocumentKind.SCAN, DocumentKind.PAGE)),
        col(Document.id).not_in([each.id for each in shows]),
    )  # fmt: skip
    item.scan_id = session.exec(stays.order_by(col(Document.kind).desc(), col(Document.page)).limit(1)).one()
    item.sealed_name = seal_json(key, {"name": f"item {item.number}", "stopped_as": None}, item.claim_id.bytes)
    session.add(item)
    for each in {one.id: one for one in shows}.values():
        session.delete(each)
    session.flush()
    return sorted({each.blob for each in shows})


def to_sort(chain: Paperchain, session: Session, item: Item, keep: Collection[int], limits: Limits) -> None:
    """A scan that nobody has read, of which only some pages may stay (P12): those become pages that a person sorts by hand.

    It cannot simply be read: its other pages would be read with it. RefusedByRule when a page cannot be copied.
    """
    key, now = keyring.open_key(session, item.key_id), chain.clock.now()
    data = holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id))
    for number, picture in sorted(_pictures(data, keep, limits).items()):
        part = Part(
            item_id=item.id, kind=PartKind.OTHER, state=PartState.TO_SORT, read_at=now,
            reason="Other pages of this scan were destroyed before it was read.",
        )  # fmt: skip
        stored = holdings.put(chain.store, key, [picture], "image/png")
        width, height = struct.unpack(">II", picture[16:24])  # the head of every PNG
        session.add(part)
        session.add(
            Page(
                item_id=item.id, part_id=part.id, number=number, sheet=number, kind=PartKind.OTHER, picture_id=stored.id,
                width=width, height=height,
            )
        )  # fmt: skip
        holdings.hold(
            session, stored, kind=DocumentKind.PAGE, key_id=item.key_id, at=now, item_id=item.id, part_id=part.id, page=number
        )  # fmt: skip
    item.pages, item.read_at = len(keep), now
    item.state = ItemState.READING  # wherever it was: this is its reading
    session.flush()
    inbox.release(item)
    inbox.settle(session, item, actor=trail.SYSTEM, at=now)


def _enter(chain: Paperchain, session: Session, item: Item, gone: Collection[UUID], actor: str) -> None:
    """A refusal stands in the ledger of destruction, so that an older backup cannot bring the form back (P12)."""
    stays = any(each.id not in gone for each in inbox.parts_of(session, item) if each.state != PartState.REPLACED)
    went = reach.of_ids(session, items=[] if stays else [item.id], parts=gone, shared=[item.id] if stays else [])
    what = What(
        kind=ledger.REFUSAL, rule="R28", policy_version=chain.policy().version, due=None, done=chain.clock.today(),
        proposed_by=actor, witnessed_by="", approved_by=actor,
    )  # fmt: skip
    ledger.record(session, what, went)


def _copies(
    chain: Paperchain, session: Session, item: Item, keep: Sequence[int], key: bytes, limits: Limits
) -> list[tuple[int, Stored]]:  # fmt: skip
    """Lossless copies of the pages that stay, in the store, without rows yet."""
    data = holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id))
    pictures = _pictures(data, keep, limits)
    return [(number, holdings.put(chain.store, key, [picture], "image/png")) for number, picture in pictures.items()]


def _pictures(data: bytes, keep: Collection[int], limits: Limits) -> dict[int, bytes]:
    """Lossless copies of these pages. RefusedByRule when one cannot be had."""
    pictures = lossless(data, keep, limits)
    if isinstance(pictures, Refusal) or set(pictures) != set(keep):
        raise RefusedByRule("The other families' pages in this scan cannot be copied, so nothing was erased.", "P6")
    return pictures


def _replace_scan(
    session: Session, item: Item, copies: list[tuple[int, Stored]], key: bytes, *, clock: Clock
) -> list[str]:
    """The copies take the place of the scan; the file's name goes too, since it may hold the refused child's name."""
    scan = session.get_one(Document, item.scan_id)
    at = clock.now()
    owner = {page.number: page.part_id for page in inbox.pages_of(session, item)}
    held = [
        holdings.hold(
            session, stored, kind=DocumentKind.SCAN, key_id=item.key_id, at=at, item_id=item.id, page=number,
            part_id=owner[number],
        )
        for number, stored in copies
    ]  # fmt: skip
    item.scan_id = held[0].id
    item.sealed_name = seal_json(key, {"name": f"item {item.number}", "stopped_as": None}, item.claim_id.bytes)
    session.add(item)
    # A scan in whose place another was put shows the same paper: it goes too.
    gone = [scan, *stopped.replaced(session, item)]
    for each in gone:
        session.delete(each)
    session.flush()
    return [each.blob for each in gone]
