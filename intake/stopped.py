"""Items that stopped, settled by a person: tried again, replaced by another file, returned to the sender, or not ours.

Each is one act, entered in the audit. The file that came stays as it came, whatever is chosen: a replaced scan is kept, under
the item's own key, until a person says that it may go.
"""

import contextlib
import logging
import shutil
from collections.abc import Iterable, Sequence

from sqlmodel import Session, select

from intake import arranging, claiming, stopping
from intake.on_hold import need_no_hold
from intake.uploads import NoRoom, plain_name
from intake.wiring import Paperchain
from records.audit import trail
from records.documents import holdings, keyring
from records.documents.envelope import seal_json
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, RefusedByRule
from records.post import inbox
from records.post.tables import Item
from records.vocabulary import DocumentKind, ItemState

log = logging.getLogger("paperchain.stopped")


def try_again(chain: Paperchain, number: int, *, actor: str, version: int) -> None:
    """Lets a stopped item be read once more. Raises ChangedMeanwhile when somebody else was first."""
    with chain.db.writing() as session:
        item = _stopped(session, number, version)
        _clear_copy(chain, session, item)
        start_over(chain, session, item, actor)


def not_ours(chain: Paperchain, number: int, *, actor: str, version: int) -> None:
    """Settles a stopped item that is none of the service's. Its scan stays. Raises ChangedMeanwhile."""
    _settle(chain, number, ItemState.NOT_OURS, actor, version)


def return_to_sender(chain: Paperchain, number: int, *, actor: str, version: int) -> None:
    """Settles a stopped item whose paper or file a person sends back. Its scan stays. Raises ChangedMeanwhile."""
    _settle(chain, number, ItemState.RETURNED, actor, version)


def replace_scan(
    chain: Paperchain, number: int, name: str, blocks: Iterable[bytes], *, actor: str, version: int
) -> None:
    """Puts another file in the place of one that stopped, and has it read. The one that came is kept.

    Raises ChangedMeanwhile when somebody else was first, NoRoom, or OSError; in each case nothing has changed.
    """
    if shutil.disk_usage(chain.settings.home).free < chain.settings.intake.smallest_free_mb << 20:
        raise NoRoom
    with chain.db.reading() as session:
        key = keyring.open_key(session, _stopped(session, number, version).key_id)
    stored = holdings.put(chain.store, key, blocks, "application/octet-stream")
    try:
        with chain.db.writing() as session:
            item = _stopped(session, number, version)
            _clear_copy(chain, session, item)
            old = session.get_one(Document, item.scan_id)
            old.kind = DocumentKind.REPLACED
            session.add(old)
            holdings.hold(
                session, stored, kind=DocumentKind.SCAN, key_id=item.key_id, at=chain.clock.now(), item_id=item.id
            )
            item.scan_id, item.likeness = stored.id, inbox.likeness(chain.db.keys, stored.sha256)
            item.sealed_name = seal_json(key, {"name": plain_name(name), "stopped_as": None}, item.claim_id.bytes)
            trail.append(
                session, actor=actor, act="scan_replaced", subject_kind="item", subject_id=str(item.id),
                at=chain.clock.now(), detail={"number": number, "bytes": stored.size},
            )  # fmt: skip
            start_over(chain, session, item, actor)
    except BaseException:
        with contextlib.suppress(OSError):
            chain.store.delete(stored.blob)
        raise


def replaced(session: Session, item: Item) -> Sequence[Document]:
    """Scans of this item in whose place another was put, oldest first."""
    found = session.exec(
        select(Document).where(Document.item_id == item.id, Document.kind == DocumentKind.REPLACED)
    ).all()
    return sorted(found, key=lambda document: document.stored_at)


def remove_replaced(chain: Paperchain, number: int, *, actor: str, version: int) -> None:
    """Removes the scans that were replaced. Only once the scan in their place could be read (P1). Raises ChangedMeanwhile."""
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        if item.version != version:
            raise late()
        if item.state in (ItemState.ARRIVING, ItemState.READING, ItemState.STOPPED):
            raise RefusedByRule("The file that was replaced is kept until the new one has been read.", "P1")
        need_no_hold(session, item)
        blobs = []
        for document in replaced(session, item):
            blobs.append(document.blob)
            session.delete(document)
        trail.append(
            session, actor=actor, act="replaced_scan_removed", subject_kind="item", subject_id=str(item.id),
            at=chain.clock.now(), detail={"number": number, "files": len(blobs)},
        )  # fmt: skip
        # The item itself changed for whoever has its page open.
        item.changed_by, item.changed_at = actor, chain.clock.now()
        session.add(item)
    for blob in blobs:
        chain.store.delete(blob)


def _settle(chain: Paperchain, number: int, state: ItemState, actor: str, version: int) -> None:
    with chain.db.writing() as session:
        item = _stopped(session, number, version)
        inbox.move(session, item, state, actor=actor, at=chain.clock.now(), reason_code=item.reason_code)
        # An item that was to be read again still holds what was put aside for that.
        blobs = arranging.tidy(session, item)
        _clear_copy(chain, session, item)
    for blob in blobs:
        chain.store.delete(blob)


def start_over(chain: Paperchain, session: Session, item: Item, actor: str) -> None:
    """Lets an item be read as if it had just come."""
    item.attempts, item.pages_read, item.pages, item.reason_code, item.reason = 0, 0, None, None, None
    item.read_at = None
    inbox.move(session, item, ItemState.ARRIVING, actor=actor, at=chain.clock.now())


def _stopped(session: Session, number: int, version: int) -> Item:
    item = inbox.by_number(session, number)
    if item.version != version or item.state != ItemState.STOPPED:
        raise late()
    return item


def sweep(chain: Paperchain) -> int:
    """Each day, on the machine that reads: what lies unsealed in its `stopped/` and nobody would come back for goes (P12, P14).

    An item that is settled on the desk of another machine leaves its copy here; a killed process leaves halves. A copy of which not the
    same bytes are kept as an item's scan stays, whatever it says of itself. Returns how many files went.
    """

    def over(number: int, digest: bytes) -> bool:
        with chain.db.reading() as session:
            item = session.exec(select(Item).where(Item.number == number)).first()
            kept = item is not None and item.likeness == inbox.likeness(chain.db.keys, digest)
            return item is not None and kept and item.state != ItemState.STOPPED

    gone = stopping.sweep(chain.settings.stopped, over)
    gone += sum(claiming.sweep_dropped(folder) for folder in chain.settings.watched)
    if gone:
        log.warning("files that nobody would come back for were removed count=%d", gone)
    return gone


def late() -> ChangedMeanwhile:
    """What is told to whoever acts on an item that is not any more what their page showed."""
    return ChangedMeanwhile("Somebody else changed this item first. Nothing of yours was saved; look at it again.")


def _clear_copy(chain: Paperchain, session: Session, item: Item) -> None:
    """Before the commit: afterwards a worker may already have put the same file there again."""
    session.flush()
    name = inbox.stopped_as(session, item)
    if name is not None:
        stopping.take_back(chain.settings.stopped, name)
