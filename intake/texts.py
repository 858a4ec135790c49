"""Searchable text for letters and reports: a later stage that never holds up forms.

Pages that are no form get their words recognised, kept sealed, and looked at for possible requests (R62). Once such pages are
filed they get an archive copy (a searchable PDF) beside the untouched scan, under the same key. Safe to repeat, by item number; what
is due follows from what is kept, so that nothing has to be remembered between machines.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlmodel import Session, col, or_, select

from intake.archive.searchable import ArchivePage, NotAPicture, searchable_pdf
from intake.stages import Tools
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.documents.text import index
from records.documents.text.index import TextState
from records.documents.text.tables import PageText
from records.errors import NotSetUp
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState

ARCHIVE_TYPE = "application/pdf"
_SETTLED_ENOUGH = (PartState.TO_SORT, PartState.FILED)


def due(session: Session, limit: int = 20) -> list[int]:
    """Numbers of items with pages to recognise or archive copies to make, oldest first. Ask only when no form waits."""
    pages = (
        select(Item.number)
        .join(Part, col(Part.item_id) == Item.id)
        .join(Page, col(Page.part_id) == Part.id)
        .outerjoin(PageText, col(PageText.document_id) == Page.picture_id)
        .where(
            Part.kind == PartKind.OTHER, col(Part.state).in_(_SETTLED_ENOUGH),
            col(Item.state).not_in([ItemState.ARRIVING, ItemState.READING]),
            or_(col(PageText.state).is_(None), PageText.state == TextState.DUE),
        )
    )  # fmt: skip
    archived = select(Document.part_id).where(Document.kind == DocumentKind.ARCHIVE, col(Document.part_id).is_not(None))
    copies = (
        select(Item.number)
        .join(Part, col(Part.item_id) == Item.id)
        .join(Page, col(Page.part_id) == Part.id)
        .where(Part.kind == PartKind.OTHER, Part.state == PartState.FILED, col(Part.id).not_in(archived))
    )
    found = {*session.exec(pages.distinct().order_by(col(Item.number)).limit(limit))}
    found |= {*session.exec(copies.distinct().order_by(col(Item.number)).limit(limit))}
    return sorted(found)[:limit]


def read_texts(tools: Tools, number: int) -> int:
    """Recognises the pages of one item that are due, and makes the archive copies that are. Returns how many pages were read.

    Ends early, with the rest left due, as soon as a form waits. Raises SandboxUnavailable or OSError as reading does.
    """
    done = 0
    for document_id in _pages_due(tools, number):
        with tools.chain.db.reading() as session:
            if inbox.waiting(session, tools.chain.clock.now(), limit=1):
                return done
        done += _read_page(tools, number, document_id)
    for part_id in _copies_due(tools, number):
        _archive(tools, part_id)
    return done


def _pages_due(tools: Tools, number: int) -> list[UUID]:
    with tools.chain.db.reading() as session:
        query = (
            select(Page.picture_id)
            .join(Part, col(Page.part_id) == Part.id)
            .join(Item, col(Part.item_id) == Item.id)
            .outerjoin(PageText, col(PageText.document_id) == Page.picture_id)
            .where(
                Item.number == number, Part.kind == PartKind.OTHER, col(Part.state).in_(_SETTLED_ENOUGH),
                or_(col(PageText.state).is_(None), PageText.state == TextState.DUE),
            )
            .order_by(col(Page.number))
        )  # fmt: skip
        return list(session.exec(query))


def _read_page(tools: Tools, number: int, document_id: UUID) -> int:
    chain = tools.chain
    with chain.db.writing() as session:
        # Counted before it is tried: a page that kills its worker is left alone after MAX_ATTEMPTS.
        if session.get(Document, document_id) is None or not index.begin(session, document_id):
            return 0
    with chain.db.reading() as session:
        document = session.get(Document, document_id)
        if document is None:
            return 0
        picture, turned = holdings.fetch(session, chain.store, document), inbox.turned_by_hand(session, document_id)
        shown = document.sha256
    try:
        words = tools.ocr.page_words(picture, turned)
    except (NotSetUp, OSError):
        with chain.db.writing() as session:
            index.give_back(session, document_id)  # this machine's failure is not held against the page
        raise
    if words is None:
        return 0
    with chain.db.writing() as session:
        document, row = session.get(Document, document_id), session.get(PageText, document_id)
        # Erased, covered in part, turned, or read by another worker, meanwhile.
        if (
            document is None
            or row is None
            or row.state != TextState.DUE
            or document.sha256 != shown
            or inbox.turned_by_hand(session, document_id) != turned
        ):
            return 0
        index.keep(
            session, document, keyring.open_key(session, document.key_id), words,
            item_id=inbox.by_number(session, number).id, today=chain.clock.today(), at=chain.clock.now(),
        )  # fmt: skip
    return 1


def _copies_due(tools: Tools, number: int) -> list[UUID]:
    with tools.chain.db.reading() as session:
        query = select(Part).join(Item, col(Part.item_id) == Item.id)
        parts = session.exec(
            query.where(Item.number == number, Part.kind == PartKind.OTHER, Part.state == PartState.FILED)
        ).all()
        return [part.id for part in parts if _tried(session, part.id) is None]


def archive_of(session: Session, part_id: UUID) -> Document | None:
    """The searchable copy of filed pages, if it has been made."""
    found = _tried(session, part_id)
    return found if found is not None and found.media_type == ARCHIVE_TYPE else None


def _tried(session: Session, part_id: UUID) -> Document | None:
    """The copy, or the empty document that says that none can be made."""
    query = select(Document).where(Document.part_id == part_id, Document.kind == DocumentKind.ARCHIVE)
    return session.exec(query).first()


def _archive(tools: Tools, part_id: UUID) -> None:
    """Makes the searchable copy of a part's pages under the key of its file."""
    chain = tools.chain
    with chain.db.reading() as session:
        part = session.get_one(Part, part_id)
        pages = list(session.exec(select(Page).where(Page.part_id == part_id).order_by(col(Page.number))))
        first = session.get(Document, pages[0].picture_id) if pages else None
        if first is None:
            return
        shown = _fingerprints(session, pages)
        key_id, key = first.key_id, keyring.open_key(session, first.key_id)
        pieces = searchable_pdf(_pages(tools, session, pages), mark=part_id, made=chain.clock.now())
        try:
            stored = holdings.put(chain.store, key, pieces, ARCHIVE_TYPE)
        except NotAPicture:
            stored = holdings.put(chain.store, key, [], "application/octet-stream")
    with chain.db.writing() as session:
        now = session.get(Part, part_id)
        first = session.get(Document, pages[0].picture_id)
        unchanged = now is not None and now.version == part.version and first is not None and first.key_id == key_id
        unchanged = unchanged and _fingerprints(session, pages) == shown
        if unchanged and _tried(session, part_id) is None:
            holdings.hold(
                session, stored, kind=DocumentKind.ARCHIVE, key_id=key_id, at=chain.clock.now(), item_id=part.item_id,
                part_id=part_id, file_id=part.file_id,
            )  # fmt: skip
            return
    # Sorted differently, erased, covered in part, or made by another worker meanwhile.
    chain.store.delete(stored.blob)


def _fingerprints(session: Session, pages: list[Page]) -> set[tuple[UUID, bytes]]:
    """Of the pictures of these pages, as they are now."""
    found = select(Document.id, Document.sha256).where(col(Document.id).in_([page.picture_id for page in pages]))
    return {(one, bytes(sha256)) for one, sha256 in session.exec(found)}


def _pages(tools: Tools, session: Session, pages: list[Page]) -> Iterator[ArchivePage]:
    for page in pages:
        document = session.get_one(Document, page.picture_id)
        key = keyring.open_key(session, document.key_id)
        words = index.words(session, document, key) or []
        yield ArchivePage(holdings.fetch(session, tools.chain.store, document), page.dpi, words, page.turned_by_hand)
