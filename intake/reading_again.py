"""Letters that wait and were read by a text of their form that is not in use any more: read once more, by what is in use now.

The scan stays as it came. What was read before and its cut-outs are put aside with the parts that held them, as when pages are
arranged otherwise, and go when the item is settled. Nothing of it is ever filed. Where an officer has noted a No to keeping, or a family
is to answer by a day, nothing is read again until that is settled.
"""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from intake import filing, in_use
from intake.on_hold import need_no_hold
from intake.stopped import late, start_over
from intake.wiring import Paperchain
from records.audit import trail
from records.documents import holdings
from records.documents.tables import Document
from records.documents.text import index
from records.errors import ChangedMeanwhile, Damaged, NotFound, RefusedByRule
from records.post import duplicates, inbox, review
from records.post.tables import Item, Page, PageEdit, Part
from records.vocabulary import DocumentKind, ItemState, PartState

WAITS = (PartState.TO_REVIEW, PartState.TO_SORT, PartState.NOTHING_TO_DO)
HELD = "Something of this item waits for a family or for an officer's next step, so it is not read again. An officer must settle that first."
SETTLE = "A form of this item waits for its family, or says No to keeping, so the item is not read again. Settle that form first: see below."
"""The same for those who may settle it: that a family says No is not told to others."""
ASKED = "Something on its pages looks like a request. Say first whether it is one: then the item can be read again."
SETTLED = "Something of this item is settled, so it is not read again. Sort the pages of this form by hand, or scan its paper again."
NO_SCAN = "There is no whole scan of this item any more, so it cannot be read again. Sort its pages by hand."
DAMAGED = "The stored scan of this item is damaged or missing, so it is not read again. Sort its pages by hand, and tell whoever looks after the backups."
NOTHING = "Every form in this item is read as it should be, so it is not read again."


def why_not(session: Session, item: Item) -> str | None:
    """Why this item cannot be read again, in words; None where it can."""
    parts = inbox.parts_of(session, item)
    if not any(in_use.why_unused(session, part) for part in parts if PartState(part.state) in filing.OPEN):
        return NOTHING
    # What an officer noted about a form, and by when its family is to answer, hangs on the part: it would go with it (R28).
    if any(PartState(part.state) is PartState.QUARANTINED or in_use.noted_no(session, part) for part in parts):
        return HELD
    if any(PartState(part.state) not in WAITS or part.file_id is not None for part in parts):
        return SETTLED
    if index.open_requests(session, [item.id]).get(item.id):
        return ASKED
    scan = session.get(Document, item.scan_id)
    whole = scan is not None and scan.kind == DocumentKind.SCAN and scan.page is None
    return None if whole else NO_SCAN


def read_again(chain: Paperchain, number: int, *, actor: str, version: int) -> None:
    """Has an item read once more of which a form was read by another text than the one in use.

    Raises ChangedMeanwhile when somebody else changed it first or has a form of it open, RefusedByRule with the reason (`why_not`), also
    where the stored scan can no longer be opened: then the pictures of its pages are all there is.
    """
    _check_scan(chain, number)
    with chain.db.writing() as session:
        item, now = inbox.by_number(session, number), chain.clock.now()
        if item.version != version or ItemState(item.state) is not ItemState.TO_REVIEW:
            raise late()
        reason = why_not(session, item)
        if reason is not None:
            raise RefusedByRule(reason, "P6")
        need_no_hold(session, item)
        parts = inbox.parts_of(session, item)
        for part in parts:
            holder = review.holder(part, now)
            if holder is not None and holder.actor != actor:
                raise ChangedMeanwhile("Somebody else has this form open. Ask them, or wait until they have finished.")
        blobs = _put_aside(session, item, parts)
        trail.append(
            session, actor=actor, act="item_read_again", subject_kind="item", subject_id=str(item.id), at=now,
            detail={"number": number},
        )  # fmt: skip
        start_over(chain, session, item, actor)
    for blob in blobs:
        chain.store.delete(blob)


def _check_scan(chain: Paperchain, number: int) -> None:
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        scan = session.get(Document, item.scan_id)
        if scan is None:
            return  # `why_not` says so
        try:
            holdings.fetch(session, chain.store, scan)
        except (Damaged, NotFound, OSError) as error:
            raise RefusedByRule(DAMAGED, "P1") from error


def _put_aside(session: Session, item: Item, parts: Sequence[Part]) -> list[str]:
    """Leaves of the item what came, and the parts as they were, without pages. Returns the blobs to delete after the commit."""
    for part in parts:
        part.state, part.held_by, part.held_until = PartState.REPLACED, None, None
        session.add(part)
    duplicates.forget_traces(session, item=item)
    session.exec(delete(Page).where(col(Page.item_id) == item.id))
    # An edit that was undone would give the new pages back to what was put aside. How many there were still counts: whoever has the
    # item's page open has not seen what it becomes.
    session.exec(delete(PageEdit).where(col(PageEdit.item_id) == item.id))
    item.arranged += 1
    made = (DocumentKind.PAGE, DocumentKind.ARCHIVE)
    gone = session.exec(select(Document).where(Document.item_id == item.id, col(Document.kind).in_(made))).all()
    for document in gone:
        session.delete(document)
    session.flush()
    return [document.blob for document in gone]
