"""The pictures that stand for a paper: which they are, whether their stored bytes are whole, and how they were taken (R54)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.custody.tables import Original, OriginalSheet
from records.documents import holdings
from records.documents.store import DocumentStore
from records.documents.tables import Document
from records.errors import RecordsError
from records.post.tables import Item, Page, Part

Proof = frozenset[tuple[UUID, str]]
"""Documents whose bytes were read and matched, each with the blob they were read from."""


@dataclass(frozen=True)
class Picture:
    """One side of a paper: its page in the item, its sheet, and how it was taken. `sha256` of the stored picture, in hexadecimal."""

    page: int
    sheet: int
    dpi: float | None
    width: int
    height: int
    turned: int
    sha256: str
    document: Document


@dataclass(frozen=True)
class Capture:
    """How a paper became pictures: what a certified print states (R54)."""

    item_number: int
    source: str
    received_on: date
    arrived_at: datetime
    pictures: tuple[Picture, ...]
    checked_by: str | None
    checked_at: datetime | None


def of_paper(session: Session, original: Original) -> tuple[Picture, ...]:
    """The pictures of a paper and of blank backs on its sheets, in the order of pages."""
    sheets = session.exec(select(OriginalSheet.sequence).where(OriginalSheet.original_id == original.id)).all()
    rows = session.exec(
        select(Page, Document)
        .join(Document, col(Document.id) == Page.picture_id)
        .where(Page.item_id == original.item_id)
        .where((col(Page.part_id) == original.part_id) | col(Page.sheet).in_(sheets))
        .order_by(col(Page.number))
    ).all()
    return tuple(
        Picture(
            page.number, page.sheet, page.dpi, page.width, page.height, (page.turned + page.turned_by_hand) % 360,
            document.sha256.hex(), document,
        )
        for page, document in rows
    )  # fmt: skip


def capture(session: Session, original: Original) -> Capture:
    """How, when and by whom a paper was taken in and compared with its picture."""
    item = session.get_one(Item, original.item_id)
    return Capture(
        item.number, item.source, item.received_on, item.arrived_at, of_paper(session, original), original.checked_by,
        original.checked_at,
    )  # fmt: skip


def kept_since(session: Session, original: Original) -> datetime | None:
    """When the last of its pictures was stored and it was filed; None when there is no picture."""
    stored = [picture.document.stored_at for picture in of_paper(session, original)]
    return max([*stored, original.logged_at]) if stored else None


def proofs(session: Session, store: DocumentStore, papers: Iterable[Original]) -> Mapping[UUID, Proof]:
    """Reads the stored pictures of papers again and compares them with their fingerprints; a paper that fails is left out.

    Slow, so it is done before the transaction that needs it; `still_proven` tells there whether anything changed since.
    """
    found: dict[UUID, Proof] = {}
    for paper in papers:
        pictures = of_paper(session, paper)
        try:
            for picture in pictures:
                holdings.fetch(session, store, picture.document)
        except (RecordsError, OSError):
            continue
        found[paper.id] = _named(pictures)
    return found


def still_proven(session: Session, original: Original, proof: Proof | None) -> bool:
    """Whether exactly these bytes were proven whole. A paper without a picture is not."""
    return bool(proof) and _named(of_paper(session, original)) == proof


def _named(pictures: Iterable[Picture]) -> Proof:
    return frozenset((picture.document.id, picture.document.blob) for picture in pictures)


def sides(session: Session, original: Original) -> tuple[int | None, int, int]:
    """Sides counted in the paper's item, sides kept of it, and sides on this paper's sheets that nobody has looked at."""
    item = session.get_one(Item, original.item_id)
    kept = session.exec(select(Page.id).where(Page.item_id == item.id)).all()
    sheets = session.exec(select(OriginalSheet.sequence).where(OriginalSheet.original_id == original.id)).all()
    here = session.exec(select(Page.part_id).where(Page.item_id == item.id, col(Page.sheet).in_(sheets))).all()
    decided = set(session.exec(select(Part.id).where(Part.item_id == item.id, col(Part.decided_by).is_not(None))).all())
    return item.pages, len(kept), sum(part not in decided for part in here)
