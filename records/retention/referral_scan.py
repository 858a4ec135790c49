"""Erasing a referral that waits, and in the same act the scan that it came in (N3, W28).

Only a scan that holds this letter alone and lies in no file goes: its pages, pictures, what was read, and its key. Post keeps a count of pages
without a name. A scan that also holds other post, or on which something else rests, stays whole; a person is asked to look. Nothing is
guessed: one page too many would be another family's.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, select

from records import tasks
from records.audit import trail
from records.cases import referrals
from records.cases.tables import Referral
from records.cases.words import ErasedBecause
from records.custody.tables import Original
from records.errors import RefusedByRule
from records.post.tables import Item, Part, StorageRefusal
from records.retention import ledger, reach
from records.retention.ledger import What
from records.retention.tables import PendingBlob
from records.vocabulary import ItemState, PaperOutcome, PartKind, PartState

REFERRAL_SCAN = "referral_scan"
OF_POST = frozenset({
    "item", "part", "page", "page_edit", "page_print", "duplicate", "document", "wrapped_key", "referral_permission", "possible_request",
    "page_text", "text_word", "document_place",
})  # fmt: skip
"""Tables in which an item that nobody filed has rows. Where a request, another referral or anything else points at it, it stays."""


class Scan(StrEnum):
    """What becomes of the scan when its referral is erased."""

    NONE = "none"
    GOES = "goes"
    STAYS = "stays"
    BEING_READ = "being_read"


def scan_of(session: Session, row: Referral) -> tuple[Item | None, Scan]:
    """The item that a referral came in, and what erasing the referral does to it."""
    item = session.get(Item, row.item_id) if row.item_id else None
    if item is None:
        return None, Scan.NONE
    if item.state in (ItemState.ARRIVING, ItemState.READING):
        return item, Scan.BEING_READ
    return item, Scan.GOES if _alone(session, item, row) else Scan.STAYS


def _alone(session: Session, item: Item, row: Referral) -> bool:
    """Whether the item is this letter and nothing else: in no file, no form, one document, and nothing else rests on it."""
    if item.state == ItemState.STOPPED:
        return False  # nobody knows what its pages are
    parts = session.exec(select(Part).where(Part.item_id == item.id)).all()
    if any(part.file_id is not None or part.kind == PartKind.FORM for part in parts):
        return False
    if sum(part.state not in reach.ASIDE for part in parts) > 1 or any(part.state == PartState.COPY for part in parts):
        return False
    if session.exec(select(Original.id).where(Original.item_id == item.id).limit(1)).first() is not None:
        return False  # its paper stands in the register of papers
    found = {name for name, ids in reach.of_ids(session, items=[item.id]).rows.items() if ids - {row.id}}
    return found <= OF_POST


def erase(
    session: Session, row: Referral, because: ErasedBecause, *, policy_version: str, today: date, actor: str, at: datetime
) -> None:  # fmt: skip
    """Erases a referral as `referrals.erase`, and its scan. RefusedByRule also while the scan is being read.

    The caller deletes the bytes after the commit: `run.finish_blobs`.
    """
    item, scan = scan_of(session, row)
    if scan is Scan.BEING_READ:
        raise RefusedByRule("Its scan is being read. Wait a minute, and erase it then.", "N3")
    referrals.erase(session, row, because, today=today, actor=actor, at=at)
    if item is None:
        return
    words = f"Referral REF-{row.number} was erased, but its scan is in item {item.number} with other things, and stays. Look what may not stay there."
    if scan is Scan.GOES:
        words = f"Referral REF-{row.number} was erased with its scan. If it came on paper, give the paper back or put it in confidential waste."
        _forget(session, item, policy_version, today, actor, at)
    tasks.raise_task(
        session, kind=REFERRAL_SCAN, file_id=None, due=today, for_officer=UUID(row.recorded_by), raised_by=actor, at=at, words=words,
        key=f"{REFERRAL_SCAN}:{row.id}",
    )  # fmt: skip


def erase_due(session: Session, *, policy_version: str, today: date, at: datetime) -> list[int]:
    """Erases every referral whose days are over and that nothing holds, with its scan; returns their numbers."""
    gone = []
    for row in referrals.due(session, today):
        if scan_of(session, row)[1] is not Scan.BEING_READ:
            erase(
                session, row, ErasedBecause.NO_PERMISSION_IN_TIME, policy_version=policy_version, today=today,
                actor=trail.SYSTEM, at=at,
            )  # fmt: skip
            gone.append(row.number)
    return gone


def _forget(session: Session, item: Item, policy_version: str, today: date, actor: str, at: datetime) -> None:
    """Everything of the item goes, and stands in the ledger of destruction, so that no older backup brings it back (P12)."""
    gone = reach.of_ids(session, items=[item.id])
    session.add(
        StorageRefusal(
            refused_on=today, pages=item.pages or gone.pages, paper=PaperOutcome.TASK, confirmed_by=actor,
            received_on=item.received_on,
        )
    )  # fmt: skip
    trail.append(
        session, actor=actor, act="referral_scan_erased", subject_kind="item", subject_id=str(item.id), at=at,
        detail={"number": item.number, "pages": item.pages},
    )  # fmt: skip
    what = What(
        kind=ledger.REFUSAL, rule="N3", policy_version=policy_version, due=None, done=today, proposed_by=actor,
        witnessed_by="", approved_by=actor,
    )  # fmt: skip
    ledger.record(session, what, gone)
    for name in gone.blobs:
        session.add(PendingBlob(name=name, run=None))
    reach.erase(session, gone)
