"""Erasing some items of a file for good while the rest of it stays (R31): the same reach, ledger and blobs as a whole file.

Answers about consent are one thing: a Yes on a form that stays must never outlive the No on a form that goes. So they stay with the
file when a form is erased, and go only all together.
"""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from records.cases.tables import CaseNote, NoteDraft
from records.consents.tables import ConsentChange, ConsentEvent
from records.custody.tables import Original
from records.documents.tables import Document
from records.errors import RefusedByRule
from records.people.tables import ChildFile
from records.post.tables import Item, Page, Part
from records.retention import ledger, reach
from records.retention.ledger import What
from records.retention.reach import Reach
from records.retention.tables import PendingBlob


def erase_some(
    session: Session, files: Sequence[ChildFile], what: What, *, parts: Collection[UUID] = (), documents: Collection[UUID] = (),
    notes: Collection[UUID] = (), answers: bool = False, without: ledger.Without | None,
    along: Callable[[Session, Item, frozenset[UUID]], set[UUID]] = lambda session, item, parts: set(),
) -> Reach:  # fmt: skip
    """Erases these parts, documents, threads of notes and, with `answers`, every answer about consent, in the caller's transaction.

    Whoever calls has decided that they may go. Call `run.finish_blobs` after the commit. RefusedByRule when a scan cannot be divided;
    then nothing may be committed.
    """
    ids, mine, blobs = [file.id for file in files], set(parts), list[str]()
    whole: set[UUID] = set()
    shared: set[UUID] = set()
    items = session.exec(select(Part.item_id).where(col(Part.id).in_(parts)).distinct()).all()
    for item in [session.get_one(Item, one) for one in sorted(items)]:
        own = frozenset(session.exec(select(Part.id).where(Part.item_id == item.id, col(Part.id).in_(parts))).all())
        own |= along(session, item, own) | reach.replaced(session, [item.id])
        mine |= own
        if not _others(session, item.id, own):
            whole.add(item.id)
            continue
        shared.add(item.id)
        scan = session.get(Document, item.scan_id)
        if scan is not None and scan.part_id is None:
            if without is None:
                raise RefusedByRule("A scan also holds pages that stay and cannot be divided here.", "P6")
            blobs += without(session, item, own)
    more: dict[str, set[UUID]] = {"document": set(documents)}
    mine_notes = select(CaseNote.id).where(col(CaseNote.thread_id).in_(notes), col(CaseNote.file_id).in_(ids))
    more["case_note"] = set(session.exec(mine_notes))
    if answers:
        more["consent_event"] = set(session.exec(select(ConsentEvent.id).where(col(ConsentEvent.file_id).in_(ids))))
        more["consent_change"] = set(session.exec(select(ConsentChange.id).where(col(ConsentChange.file_id).in_(ids))))
    else:
        reach.keep_answers(session, mine)
    if notes:  # what was being typed may be the text of a note that goes
        session.execute(delete(NoteDraft).where(col(NoteDraft.file_id).in_(ids)))
    session.execute(update(Original).where(col(Original.part_id).in_(mine)).values(file_id=None))
    gone = reach.of_ids(session, items=whole, parts=mine, shared=shared, more=more)
    ledger.record(session, what, gone, also=tuple(more))
    for name in dict.fromkeys([*gone.blobs, *blobs]):
        session.add(PendingBlob(name=name, run=None))
    reach.erase(session, gone)
    return gone


def _others(session: Session, item_id: UUID, gone: Collection[UUID]) -> bool:
    """Whether an item also holds pages that stay: of another family, of this one, or of nobody yet."""
    with_pages = set(session.exec(select(Page.part_id).where(Page.item_id == item_id)))
    return any(
        part.id not in gone and (part.file_id is not None or (part.id in with_pages and part.state not in reach.ASIDE))
        for part in session.exec(select(Part).where(Part.item_id == item_id))
    )
