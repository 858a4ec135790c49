"""The stages of an item, by item number: safe to repeat, and ignorant of how they were started.

The pool of one machine and a job queue of many call the same functions. One stage today: `read_item` opens a scan in the
sandbox, stores page pictures and crops, and enters what was read, in one transaction at the end.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from time import monotonic
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from forms.assemble import WRITTEN_ON
from forms.catalogue import Catalogue
from forms.recognised import OcrText
from forms.results import FormReading, UnknownPages
from forms.suggest import suggest
from forms.writing.places import dates_of
from intake import admission, copies, early, stopping
from intake.admission import Refusal, RefusalCode
from intake.sandbox.client import DocumentSandbox, PageResult
from intake.sandbox.limits import Limits
from intake.sandbox.ocr import OcrSandbox
from intake.separate import paper_of
from intake.stacks import pieces
from intake.wiring import Paperchain
from records.audit import trail
from records.documents import holdings, keyring
from records.documents.holdings import Stored
from records.documents.pack import pack
from records.documents.tables import Document
from records.errors import NotSetUp, RecordsError
from records.post import inbox, review
from records.post.tables import Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState

OCR_PREFIX = "ocr:"
LEASE_SECONDS = 180.0
PROGRESS_SECONDS = 0.5


@dataclass(frozen=True)
class Tools:
    """What a worker has at hand."""

    chain: Paperchain
    documents: DocumentSandbox
    ocr: OcrSandbox
    catalogue: Catalogue
    limits: Limits
    worker: str


@dataclass
class _Gathered:
    """What the pages of one document gave so far."""

    pages: list[tuple[PageResult, Stored]] = field(default_factory=list)
    crops: dict[tuple[int, str], bytes] = field(default_factory=dict)


def read_item(tools: Tools, number: int) -> ItemState | None:
    """Reads one item. Returns its new state, or None when there was nothing to do (read already, or in other hands).

    When this machine fails (no sandbox, disc full), the item is given back at once and the failure is not held against it.
    """
    try:
        return _read_item(tools, number)
    except (NotSetUp, OSError):
        _give_back(tools, number)
        raise


def _give_back(tools: Tools, number: int) -> None:
    with contextlib.suppress(RecordsError, OSError, SQLAlchemyError), tools.chain.db.writing() as session:
        item = inbox.by_number(session, number)
        if item.leased_by == tools.worker and ItemState(item.state) is ItemState.READING:
            item.attempts -= 1
            inbox.release(item)


def _read_item(tools: Tools, number: int) -> ItemState | None:
    chain = tools.chain
    with chain.db.writing() as session:
        item = inbox.lease(session, number, tools.worker, chain.clock.now(), LEASE_SECONDS)
        if item is None:
            return None
        left = early.forget(session, item)  # by a worker that did not come to its end
        key = keyring.open_key(session, item.key_id)
        name = inbox.name_of(session, item)
    if left is not None:
        chain.store.delete(left)
    with chain.db.reading() as session:
        scan = session.get_one(Document, item.scan_id)
        data = holdings.fetch(session, chain.store, scan)
    admitted = admission.admit(data[: admission.HEAD_BYTES], len(data), tools.limits.file_bytes)
    refusal = admitted if isinstance(admitted, Refusal) else None
    if refusal is None and item.attempts > inbox.MAX_ATTEMPTS:
        refusal = admission.refuse(RefusalCode.BROKEN_OFF)
    gathered = _Gathered()
    if refusal is None:
        result = tools.documents.read(data, tools.limits, _keeper(tools, item, key, gathered))
        refusal = result.refusal
    if refusal is not None:
        state = _stop(tools, number, name, data, refusal)
        for _, stored in gathered.pages:
            chain.store.delete(stored.blob)
        return state
    return _enter(tools, number, key, gathered)


def _keeper(tools: Tools, item: Item, key: bytes, gathered: _Gathered) -> Callable[[PageResult], None]:
    """Stores each page as it comes, and shows progress."""
    chain, shown = tools.chain, 0.0

    def keep(page: PageResult) -> None:
        nonlocal shown
        stored = holdings.put(chain.store, key, [page.preview], page.preview_type)
        gathered.pages.append((_without_bytes(page), stored))
        gathered.crops |= {(page.number, name): crop for name, crop in page.crops.items()}
        if monotonic() - shown > PROGRESS_SECONDS:
            shown, until = monotonic(), chain.clock.now() + timedelta(seconds=LEASE_SECONDS)
            with chain.db.writing() as session:
                inbox.progress(session, item.number, tools.worker, page.number, page.of, until)
                if page.number == 1 and page.of > early.LONG:
                    early.show(session, inbox.by_number(session, item.number), stored, chain.clock.now())

    return keep


def _without_bytes(page: PageResult) -> PageResult:
    """The page's numbers alone: two hundred pictures must not pile up in memory."""
    return PageResult(
        number=page.number, of=page.of, width=page.width, height=page.height, dpi=page.dpi, preview=b"",
        preview_type=page.preview_type, reading=page.reading, crops={},
    )  # fmt: skip


def _stop(tools: Tools, number: int, name: str, data: bytes, refusal: Refusal) -> ItemState:
    chain = tools.chain
    stopped_as = stopping.set_aside(chain.settings.stopped, number, name, data, refusal)
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        early.forget(session, item)
        inbox.stop(
            session, item, code=refusal.code, reason=refusal.message, stopped_as=stopped_as,
            actor=trail.SYSTEM, at=chain.clock.now(),
        )  # fmt: skip
    return ItemState.STOPPED


def _enter(tools: Tools, number: int, key: bytes, gathered: _Gathered) -> ItemState:
    """Enters pages, parts and readings in one transaction, and sets the item's state from them."""
    chain = tools.chain
    results = sorted((page for page, _ in gathered.pages), key=lambda page: page.number)
    readings = [page.reading for page in results]
    parts, paper = pieces(readings, tools.catalogue), paper_of(readings)
    wanted = any(piece.kind in (PartKind.FORM, PartKind.OTHER) for piece in parts)
    unread = not any(
        piece.kind is PartKind.FORM for piece in parts
    )  # whoever confirms a form is told of the pages beside it
    with chain.db.reading() as session:
        received = inbox.by_number(session, number).received_on
    ready = [(uuid4(), replace(piece, found=_with_writing(tools, piece.found, gathered, received))) for piece in parts]
    evidence = {
        part_id: holdings.put(chain.store, key, [pack(_crops(piece.found, gathered))], "application/octet-stream")
        for part_id, piece in ready
        if isinstance(piece.found, FormReading)
    }
    with chain.db.writing() as session:
        now = chain.clock.now()
        item = inbox.by_number(session, number)
        inbox.progress(session, number, tools.worker, len(results), len(results), now)
        part_of: dict[int, UUID] = {}
        for part_id, piece in ready:
            kind, found = piece.kind, piece.found
            for page_number in found.pages:
                part_of[page_number] = part_id
            part = Part(
                id=part_id, item_id=item.id, kind=kind, read_at=now,
                state=_first_state(kind, anything_wanted=wanted and not (unread and _is_written_on(found))),
                reason=found.reason if isinstance(found, UnknownPages) else " ".join(found.notes) or None,
                cover_file=piece.cover_file,
            )  # fmt: skip
            if isinstance(found, FormReading):
                part.form, part.edition = found.form, found.edition
                part.doubtful = sum(each.needs_answer for each in found.to_ask)
                review.keep_reading(part, key, found.to_json())
                part.evidence_id = evidence[part_id].id
                holdings.hold(
                    session, evidence[part_id], kind=DocumentKind.EVIDENCE, key_id=item.key_id, at=now,
                    item_id=item.id, part_id=part_id,
                )  # fmt: skip
            session.add(part)
        for page, stored in gathered.pages:
            session.add(
                Page(
                    item_id=item.id, part_id=part_of[page.number], number=page.number, sheet=paper[page.number],
                    kind=page.reading.kind.value, picture_id=stored.id, width=page.width, height=page.height,
                    dpi=page.dpi[0] if page.dpi else None, turned=page.reading.turned,
                )
            )  # fmt: skip
            shown = early.take(session, stored) if page.number == 1 else None
            if shown is not None:
                shown.part_id = part_of[page.number]
                session.add(shown)
                continue
            holdings.hold(
                session, stored, kind=DocumentKind.PAGE, key_id=item.key_id, at=now, item_id=item.id,
                part_id=part_of[page.number], page=page.number,
            )  # fmt: skip
        session.flush()
        item.read_at = now
        inbox.release(item)
        copies.look(session, chain.clock, item, readings)
        inbox.settle(session, item, actor=trail.SYSTEM, at=now)
        return ItemState(item.state)


def _first_state(kind: PartKind, *, anything_wanted: bool) -> PartState:
    """Blank and policy pages beside a form or letter need nobody; a scan of nothing else is looked at by a person."""
    match kind:
        case PartKind.FORM:
            return PartState.TO_REVIEW
        case PartKind.OTHER:
            return PartState.TO_SORT
        case PartKind.POLICY | PartKind.BLANK | PartKind.SHEET:
            return PartState.NOTHING_TO_DO if anything_wanted else PartState.TO_SORT


def _is_written_on(found: FormReading | UnknownPages) -> bool:
    return isinstance(found, UnknownPages) and found.reason == WRITTEN_ON


def _crops(reading: FormReading, gathered: _Gathered) -> dict[str, bytes]:
    return {
        field_id: gathered.crops[field.page, field_id]
        for field_id, field in reading.fields.items()
        if (field.page, field_id) in gathered.crops
    }


def _with_writing(
    tools: Tools, found: FormReading | UnknownPages, gathered: _Gathered, received: date
) -> FormReading | UnknownPages:
    """Adds what text recognition makes of the written fields, as suggestions, and judges the dates."""
    if isinstance(found, UnknownPages):
        return found
    prepared = {
        field_id: gathered.crops[field.page, OCR_PREFIX + field_id]
        for field_id, field in found.fields.items()
        if (field.page, OCR_PREFIX + field_id) in gathered.crops
    }
    dates = dates_of(tools.catalogue.get(found.form, found.edition))
    texts: dict[str, OcrText] = tools.ocr.lines(prepared, dates, received.year) if prepared else {}
    return suggest(found, texts, received)
