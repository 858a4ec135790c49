"""The same post again: found when an item is read or a form confirmed, offered to a person, and a copy discarded when they say so.

Nothing is decided here. A copy is discarded only whole, while nobody has settled any of it, and while the other item is kept: its
pages, readings and traces are erased, and its numbers stay, so that the ledger still counts every page (P6).
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from forms import looks, traces
from forms.results import PageKind, PageReading
from intake.on_hold import need_no_hold
from intake.wiring import Paperchain
from records.clock import Clock
from records.consents import ledger
from records.documents import keyring
from records.documents.envelope import seal_json
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, RefusedByRule
from records.people.tables import ChildFile
from records.post import duplicates, inbox, review
from records.post.duplicates import Answer, FiledForm, Why
from records.post.tables import Item, Part
from records.retention import verifying
from records.retention.tables import PostKept
from records.vocabulary import ItemState, PartKind, PartState

LETTER = ""
"""The blank of a page that has none: its look is compared, print and all."""
log = logging.getLogger("paperchain.copies")

OPEN_PART = (PartState.TO_REVIEW, PartState.TO_SORT, PartState.NOTHING_TO_DO)
OPEN_ITEM = (ItemState.TO_REVIEW, ItemState.TO_SORT)


def look(session: Session, clock: Clock, item: Item, readings: Sequence[PageReading]) -> None:
    """Offers what an item that was just read may be the same as, and keeps its traces for post to come."""
    now = clock.now()
    duplicates.forget_traces(session, before=clock.today() - timedelta(days=duplicates.WINDOW_DAYS))
    rows = {row.number: row for row in inbox.pages_of(session, item)}
    matches: Counter[UUID] = Counter()
    for reading in readings:
        blank = f"{reading.form} {reading.edition} {reading.template_page}" if reading.form else LETTER
        cells = _cells(reading, blank)
        if cells is None or reading.trace is None:
            continue
        matches.update(_same(session, item, blank, cells))
        duplicates.keep_trace(session, item, rows[reading.number], blank, cells.bit_count(), reading.trace)
    session.flush()
    same = duplicates.first_with_these_bytes(session, item)
    if same is not None:
        duplicates.offer(session, item, same, Why.SAME_BYTES, len(rows), now)
    if matches:
        most = max(matches.values())
        best = inbox.earliest(session, {one for one in matches if matches[one] == most})
        duplicates.offer(session, item, best, Why.SAME_PAPER, most, now)


def _cells(reading: PageReading, blank: str) -> int | None:
    """What tells a form's page or a letter's again, if it is enough to know the paper by."""
    kind, least = (PageKind.FORM, traces.LEAST_CELLS) if blank else (PageKind.OTHER, looks.LEAST_CELLS)
    if reading.kind is not kind or reading.trace is None:
        return None
    try:
        cells = _bits(blank, reading.trace)
    except ValueError:  # from a locked-in reader: not believed, and not needed
        return None
    return cells if cells.bit_count() >= least else None


def _bits(blank: str, trace: str) -> int:
    return traces.bits(trace) if blank else looks.bits(trace)


def _alike(blank: str, one: int, other: int) -> bool:
    return traces.same_paper(one, other) if blank else looks.same_page(one, other)


def _same(session: Session, item: Item, blank: str, cells: int) -> set[UUID]:
    """Other items with a page that is the same paper's."""
    count = cells.bit_count()
    share = traces.SAME_AT / (2 - traces.SAME_AT) if blank else looks.COUNT_SHARE
    near = duplicates.traces_like(session, item, blank, int(count * share), int(count / share) + 1)
    found = {other for other, trace in near if _alike(blank, cells, _bits(blank, trace))}
    # A page that several items have, which are not copies of one another, is print: a leaflet, or somebody else's form.
    return found if blank or len(found) < 2 or duplicates.any_pair_among(session, found) else set()


def look_on_file(session: Session, clock: Clock, file: ChildFile, part: Part) -> None:
    """After a form was confirmed: offers a form on the same file that was signed the same day."""
    found: dict[UUID, FiledForm] = {}
    for event in ledger.events(session, file.id):
        other = session.get(Part, event.part_id) if event.part_id else None
        if other is not None and event.form:
            signed = None if event.effective_assumed else event.effective_on
            found[other.id] = FiledForm(other.item_id, other.id, event.form, signed)
    new = found.pop(part.id, None)
    same = duplicates.same_form(new, found.values()) if new else None
    if same is not None:
        pages = len(inbox.pages_of(session, review.item_of(session, part), part))
        item, other_item = review.item_of(session, part), session.get_one(Item, same.item)
        duplicates.offer(session, item, other_item, Why.SAME_FORM, pages, clock.now())


def keep_both(chain: Paperchain, number: int, pair_id: UUID, *, actor: str) -> None:
    """A person says that both items stay. Raises ChangedMeanwhile to the later of two people."""
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        pair, other = duplicates.to_answer(session, pair_id, item)
        duplicates.answer(session, pair, Answer.KEPT_BOTH, item, other, actor=actor, at=chain.clock.now())


def why_not(session: Session, item: Item, other: Item, why: Why) -> str | None:
    """Why this item cannot be discarded as a copy of the other; None when it can."""
    parts = inbox.parts_of(session, item)
    if why is Why.SAME_FORM:
        return "A confirmed form is the proof of what was agreed, so it stays on the file."
    if ItemState(item.state) not in OPEN_ITEM or any(
        PartState(part.state) not in OPEN_PART or part.file_id is not None for part in parts
    ):
        return f"Something in item {item.number} is settled, or waits for the family, so it stays."
    kept = [part.state for part in inbox.parts_of(session, other)]
    gone = (PartState.NOT_OURS, PartState.COPY)
    if ItemState(other.state) not in duplicates.KEPT or not kept or any(state in gone for state in kept):
        return f"Item {other.number} is not kept whole, so these pages may be the only ones."
    if why is Why.SAME_BYTES:
        whole = item.likeness == other.likeness and item.pages == other.pages
        return None if whole else f"Item {other.number} is not what it was, so these pages may be the only ones."
    missing = _not_in(session, item, other, parts)
    if not missing:
        return None
    pages = ("page " if len(missing) == 1 else "pages ") + ", ".join(map(str, missing))
    return f"The computer did not find {pages} of item {item.number} in item {other.number}, so it stays. Split it off or keep both."


def _not_in(session: Session, item: Item, other: Item, parts: Sequence[Part]) -> list[int]:
    """Pages of an item whose paper is not known to be in the other. A form is there when each of its pages with enough writing is."""
    rows = {row.id: row for row in inbox.pages_of(session, item)}
    theirs = [(row.blank, _bits(row.blank, trace)) for row, trace in duplicates.traces_of(session, other).values()]
    seen: dict[int, bool] = {}
    for page_id, (row, trace) in duplicates.traces_of(session, item).items():
        cells = _bits(row.blank, trace)
        seen[rows[page_id].number] = any(blank == row.blank and _alike(blank, cells, kept) for blank, kept in theirs)
    missing = []
    for part in parts:
        own = [row.number for row in rows.values() if row.part_id == part.id]
        match PartKind(part.kind):
            case PartKind.FORM:
                missing += own if not any(seen.get(n) for n in own) else [n for n in own if seen.get(n) is False]
            case PartKind.OTHER:
                missing += [n for n in own if not seen.get(n)]
            case PartKind.BLANK | PartKind.POLICY | PartKind.SHEET:
                pass
    return sorted(missing)


def discard(chain: Paperchain, number: int, pair_id: UUID, *, actor: str) -> int:
    """Erases an item that a person has compared with the other and calls its copy. Returns the other's number.

    Raises ChangedMeanwhile to the later of two people, or RefusedByRule when a page could be lost by it.
    """
    with chain.db.writing() as session:
        now = chain.clock.now()
        item = inbox.by_number(session, number)
        pair, other = duplicates.to_answer(session, pair_id, item)
        reason = why_not(session, item, other, Why(pair.why))
        if reason is not None:
            raise RefusedByRule(reason, "P6")
        need_no_hold(session, item)
        for part in inbox.parts_of(session, item):
            holder = review.holder(part, now)
            if holder is not None and holder.actor != actor:
                raise ChangedMeanwhile("Somebody else has this form open. Ask them, or wait until they have finished.")
        duplicates.answer(session, pair, Answer.DISCARDED, item, other, actor=actor, at=now)
        blobs = _erase(chain, session, item, actor)
    for blob in blobs:
        chain.store.delete(blob)
    if not chain.db.scrub():
        log.warning("log not emptied after an erasure; it is at the next one or when Paperchain stops")
    verifying.compact(chain.db)  # on PostgreSQL the old row of a key would open a document from a backup
    return other.number


def _erase(chain: Paperchain, session: Session, item: Item, actor: str) -> list[str]:
    """Takes everything of an item that shows or tells what was on it, its key too. Returns the blobs to delete after the commit."""
    now, old_key = chain.clock.now(), item.key_id
    documents = session.exec(select(Document).where(Document.item_id == item.id)).all()
    blobs = [document.blob for document in documents]
    for document in documents:
        session.delete(document)
    duplicates.forget_traces(session, item=item)
    session.exec(delete(PostKept).where(col(PostKept.item_id) == item.id))
    for part in session.exec(select(Part).where(Part.item_id == item.id)).all():
        if part.state == PartState.REPLACED:
            review.forget_noted(session, part)
            session.delete(part)
            continue
        review.forget_reading(part)
        part.cover_file = None
        part.state, part.decided_by, part.decided_at = PartState.COPY, actor, now
        part.held_by, part.held_until = None, None
        session.add(part)
    key_id, key = keyring.make(session, now)
    item.key_id = key_id
    item.sealed_name = seal_json(key, {"name": f"item {item.number}", "stopped_as": None}, item.claim_id.bytes)
    session.add(item)
    session.flush()
    keyring.shred(session, old_key)
    inbox.settle(session, item, actor=actor, at=now)
    return blobs
