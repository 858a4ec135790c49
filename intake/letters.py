"""Letters and reports found again by their words, and possible requests seen in them. Who may see what: `records.staff.access`.

A page that is filed is seen through its file; one that waits to be sorted by those who may open its item; pages that are not ours, or
of a form that waits out of sight, by nobody. Searches show nothing, and count nothing, that the person may not open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from intake.texts import archive_of
from intake.wiring import Paperchain
from records.documents import keyring
from records.documents.tables import Document
from records.documents.text import index, joined
from records.documents.text.index import Outcome, in_lines, words_of
from records.documents.text.spotting import RequestKind, possible_requests
from records.documents.text.tables import PossibleRequest
from records.errors import NotFound
from records.guard.standing import about_part
from records.people import register
from records.post import inbox
from records.post.tables import Item, Part
from records.staff.access import Act, Subject
from records.vocabulary import PartKind, PartState

May = Callable[[Act, Subject], bool]
MOST_SHOWN = 50
_LINES = 3


@dataclass(frozen=True)
class Place:
    """Where a page is: its item, and its file once it is filed. `page` counts from 1 in the item."""

    document: Document
    item: Item
    file_number: int | None
    page: int


@dataclass(frozen=True)
class Hit:
    """A page that holds what was typed, the lines around it, and whether its part has a searchable copy."""

    place: Place
    lines: tuple[str, ...]
    copy: UUID | None


@dataclass(frozen=True)
class Asked:
    """A possible request in one item: its kind, the words that look like it, and the pages they are on."""

    item_number: int
    file_number: int | None
    kind: RequestKind
    words: tuple[str, ...]
    pages: tuple[int, ...]


def place_of(session: Session, document: Document, may: May) -> Place | None:
    """Where a page is, if this person may see it there; else None."""
    part = session.get(Part, document.part_id) if document.part_id else None
    if part is None or part.kind != PartKind.OTHER:
        return None
    item = session.get_one(Item, part.item_id)
    if part.state == PartState.FILED and document.file_id is not None:
        file = register.get(session, document.file_id)
        allowed, number = may(Act.SEE_FILE_DOCUMENT, about_part(session, file, document.part_id)), file.number
    elif part.state == PartState.TO_SORT:
        allowed, number = may(Act.OPEN_ITEM, Subject(None)), None
    else:
        return None
    return Place(document, item, number, document.page or 1) if allowed else None


def is_one_letter(session: Session, item: Item, part: Part) -> tuple[str, ...]:
    """What to look at before pages are sorted as one document, by what they say of themselves; nothing before they are recognised."""
    if PartKind(part.kind) is not PartKind.OTHER or PartState(part.state) is not PartState.TO_SORT:
        return ()
    pages = inbox.pages_of(session, item, part)
    texts = {}
    for page in pages:
        document = session.get(Document, page.picture_id)
        if document is not None and (
            words := index.words(session, document, keyring.open_key(session, document.key_id))
        ):
            texts[page.number] = in_lines(words)
    return joined.questions([page.number for page in pages], texts) if pages else ()


def search(session: Session, typed: str, may: May) -> list[Hit]:
    """Pages that hold all the words typed and that this person may see, newest first, at most MOST_SHOWN."""
    hits: list[Hit] = []
    for document in index.find(session, typed):
        place = place_of(session, document, may)
        if place is None:
            continue
        copy = archive_of(session, document.part_id) if document.part_id and place.file_number else None
        hits.append(Hit(place, _around(session, document, typed), copy.id if copy else None))
        if len(hits) == MOST_SHOWN:
            break
    return hits


def _around(session: Session, document: Document, typed: str) -> tuple[str, ...]:
    wanted = words_of(typed)
    lines = in_lines(index.words(session, document, keyring.open_key(session, document.key_id)) or []).split("\n")
    return tuple(line for line in lines if wanted & words_of(line))[:_LINES]


def document_for(session: Session, document_id: UUID, may: May) -> Document:
    """A page's picture or a searchable copy, for somebody who may see it. Raises NotFound: missing and forbidden look alike."""
    document = session.get(Document, document_id)
    if document is None or place_of(session, document, may) is None:
        raise NotFound("There is nothing here.")
    return document


def asked(session: Session, may: May, item: Item | None = None) -> list[Asked]:
    """Possible requests that nobody has closed, in one item or in all, as far as this person may see them. Oldest first."""
    query = select(PossibleRequest).where(col(PossibleRequest.closed_at).is_(None))
    if item is not None:
        query = query.where(PossibleRequest.item_id == item.id)
    gathered: dict[tuple[int, RequestKind], list[Asked]] = {}
    for one in session.exec(query.order_by(col(PossibleRequest.raised_on), col(PossibleRequest.id))):
        document = session.get_one(Document, one.document_id)
        place = place_of(session, document, may)
        if place is None:
            continue
        kind = RequestKind(one.kind)
        found = Asked(place.item.number, place.file_number, kind, _words(session, document, kind), (place.page,))
        gathered.setdefault((place.item.number, kind), []).append(found)
    return [_together(each) for each in gathered.values()]


def _words(session: Session, document: Document, kind: RequestKind) -> tuple[str, ...]:
    text = in_lines(index.words(session, document, keyring.open_key(session, document.key_id)) or [])
    return next((one.words for one in possible_requests(text) if one.kind is kind), ())


def _together(found: list[Asked]) -> Asked:
    first = found[0]
    words = tuple(dict.fromkeys(word for one in found for word in one.words))
    pages = tuple(sorted({page for one in found for page in one.pages}))
    return Asked(first.item_number, first.file_number, first.kind, words, pages)


def close(chain: Paperchain, number: int, kind: RequestKind, outcome: Outcome, *, actor: str, may: May) -> None:
    """A person says what a possible request is. Raises NotFound for whoever may not see it, ChangedMeanwhile for the later of two."""
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        still = index.open_requests(session, [item.id]).get(item.id, [])
        seen = [place_of(session, session.get_one(Document, one.document_id), may) for one in still if one.kind == kind]
        if seen and None in seen:
            raise NotFound("There is nothing here.")
        index.close_requests(session, item.id, kind, outcome, actor=actor, at=chain.clock.now())
