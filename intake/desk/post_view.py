"""What the post list and an item's page show. View models only: no HTML, no request.

The list never holds a file's name: it may be a child's (G10).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from forms import again_name
from forms.assemble import WRITTEN_ON
from forms.catalogue import Catalogue
from intake import early, filing, in_use, letters, strays
from intake.desk import folder_line
from intake.desk.folder_line import Arrivals
from intake.wiring import Paperchain
from records.documents.tables import Document
from records.documents.text import index as text_index
from records.documents.text.spotting import KIND_WORDS, RequestKind
from records.documents.text.tables import PossibleRequest
from records.folders import looks
from records.guard.standing import about
from records.people import register
from records.post import inbox, review
from records.post.tables import Item, Page, Part
from records.staff.access import Subject
from records.vocabulary import ItemState, PartKind, PartState, Source

SHOWN_AT_ONCE = 200

STATE_WORDS = {
    ItemState.ARRIVING: "Arriving",
    ItemState.READING: "Reading",
    ItemState.TO_REVIEW: "To review",
    ItemState.TO_SORT: "To sort",
    ItemState.STOPPED: "Stopped",
    ItemState.FILED: "Filed",
    ItemState.NOT_OURS: "Not ours",
    ItemState.RETURNED: "Returned to sender",
}
PART_WORDS = {
    PartState.TO_REVIEW: "To review",
    PartState.TO_SORT: "To sort",
    PartState.QUARANTINED: "Waiting for the family",
    PartState.CONFIRMED: "Confirmed and filed",
    PartState.FILED: "Filed",
    PartState.NOT_OURS: "Not ours",
    PartState.NOTHING_TO_DO: "Nothing to do",
    PartState.COPY: "A copy, discarded",
    PartState.REPLACED: "Arranged otherwise",
}
SOURCE_WORDS = {Source.FOLDER: "Folder", Source.UPLOAD: "Upload"}
PICTURES = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True)
class Row:
    """One item in the list."""

    number: int
    arrived_at: datetime
    pages: str
    source: str
    what: str
    state: ItemState
    where: str
    reason: str
    # Kinds of request that its text may hold (R62), in words.
    asks: str


@dataclass(frozen=True)
class PartShown:
    """A run of pages on the item's page. `pages`: those whose pictures this person may see here."""

    id: UUID
    version: int
    what: str
    state: PartState
    where: str
    why: str
    page_numbers: str
    pages: tuple[int, ...]
    turned: Mapping[int, int]
    cover_file: int | None
    unused: str | None
    """Why a form that waits cannot be opened in Review; None where it can, and for all else."""
    said_no: bool
    """A No to keeping was noted on such a form: it is erased, and not sorted."""
    a_form: bool
    """It is a consent form, of which a No to keeping may be noted; an answer sheet's No is about a file."""
    refusable: bool
    """Pages that no form in use reads and that wait to be sorted: a No to keeping may be noted of them too."""
    ask_by: date | None
    questions: tuple[str, ...]
    """Whether these pages are of one letter or family, as far as they, or other scans of these days, tell."""


def rows(session: Session, state: ItemState | None, before: int | None = None) -> tuple[list[Row], bool]:
    """Items newest first, stopped ones at the top of the first page; and whether there are older ones."""
    query = select(Item).order_by(col(Item.number).desc())
    if state is not None:
        query = query.where(Item.state == state)
    if before is not None:
        query = query.where(Item.number < before)
    found = list(session.exec(query.limit(SHOWN_AT_ONCE + 1)))
    more, found = len(found) > SHOWN_AT_ONCE, found[:SHOWN_AT_ONCE]
    if state is None:
        stopped = select(Item).where(Item.state == ItemState.STOPPED).order_by(col(Item.number).desc())
        on_top = list(session.exec(stopped)) if before is None else []
        found = [*on_top, *(item for item in found if item.state != ItemState.STOPPED)]
    parts: defaultdict[UUID, list[Part]] = defaultdict(list)
    of_these = select(Part).where(col(Part.item_id).in_([item.id for item in found]))
    for part in session.exec(of_these.options(review.WITHOUT_READING)):
        parts[part.item_id].append(part)
    asked, forms = text_index.open_requests(session, [item.id for item in found]), in_use.catalogue(session)
    return [_row(item, parts[item.id], asked.get(item.id, []), forms) for item in found], more


def _row(item: Item, parts: Sequence[Part], asked: Sequence[PossibleRequest], forms: Catalogue) -> Row:
    state = ItemState(item.state)
    shown = [part for part in parts if part.kind != PartKind.BLANK and part.state != PartState.REPLACED]
    what = sorted({what_it_is(part, forms) for part in shown})
    return Row(
        number=item.number, arrived_at=item.arrived_at, pages=_pages(item), source=SOURCE_WORDS[Source(item.source)],
        what=", ".join(what) or "–", state=state, where=where_it_is(state, [PartState(part.state) for part in parts]), reason=item.reason or "",
        asks=", ".join(dict.fromkeys(KIND_WORDS[RequestKind(one.kind)] for one in asked)),
    )  # fmt: skip


def where_it_is(state: ItemState, parts: Sequence[PartState]) -> str:
    """An item's state in words."""
    return PART_WORDS[PartState.COPY] if PartState.COPY in parts else STATE_WORDS[state]


def _pages(item: Item) -> str:
    if item.state == ItemState.READING and item.pages:
        return f"Reading: {item.pages_read} of {item.pages}"
    return "–" if item.pages is None else str(item.pages)


def what_it_is(part: Part, forms: Catalogue) -> str:
    """A part in words. `forms`: those in use. What a person said when sorting it stands in its reason."""
    match PartKind(part.kind):
        case PartKind.FORM:
            try:
                return forms.get(part.form or "", part.edition).title
            except KeyError:
                return "A form whose template is gone, or not right"
        case PartKind.POLICY:
            return "A policy page"
        case PartKind.BLANK:
            return "Blank"
        case PartKind.SHEET:
            return "Our separator or cover sheet"
        case PartKind.OTHER:
            settled = part.state in (PartState.FILED, PartState.NOT_OURS)
            return part.reason if settled and part.reason else "Not one of our forms"


def arrivals(chain: Paperchain, session: Session) -> Arrivals:
    """When the last item came, and what the watcher told of its folders. The folders themselves are never asked here."""
    last = session.exec(select(Item.arrived_at).order_by(col(Item.number).desc()).limit(1)).first()
    now = chain.clock.now()
    return folder_line.line(last, looks.watched(session), now, chain.settings.intake.look_every_seconds)


def subject_of(session: Session, item: Item) -> Subject:
    """Who an item belongs to: nobody until all of it is filed, then the officer of its file."""
    if item.state != ItemState.FILED:
        return Subject(None)
    files = [part.file_id for part in inbox.parts_of(session, item) if part.file_id is not None]
    return about(register.get(session, files[0])) if files else Subject(None)


def parts(session: Session, item: Item, *, opens_forms: bool, reads_again: bool = True) -> list[PartShown]:
    """The parts of an item in page order. `reads_again`: whether the item can be read again, so that it is said of a form that needs it."""
    pages, forms = inbox.pages_of(session, item), in_use.catalogue(session)
    shown = []
    for part in inbox.parts_of(session, item):
        numbers = tuple(page.number for page in pages if page.part_id == part.id)
        unused = in_use.why_unused(session, part) if PartState(part.state) in filing.OPEN else None
        if not reads_again:
            unused = in_use.without_advice(unused)
        shown.append(
            PartShown(
                id=part.id, version=part.version, what=what_it_is(part, forms), state=PartState(part.state),
                where=PART_WORDS[PartState(part.state)], page_numbers=_numbers(numbers), why=_why(part),
                pages=numbers if seen_here(part, opens_forms) else (),
                turned={page.number: page.turned_by_hand for page in pages if page.part_id == part.id},
                cover_file=part.cover_file,
                unused=unused, said_no=unused is not None and in_use.noted_no(session, part),
                a_form=again_name.about(part.form, part.edition) is None, refusable=may_be_refused_unread(part), ask_by=part.ask_by,
                questions=letters.is_one_letter(session, item, part) + strays.elsewhere(session, item, part),
            )
        )  # fmt: skip
    return shown


def may_be_refused_unread(part: Part) -> bool:
    """Whether it is pages that no form in use reads and that wait to be sorted: their family may say No to keeping them as well (N8)."""
    return PartKind(part.kind) is PartKind.OTHER and PartState(part.state) is PartState.TO_SORT


def _why(part: Part) -> str:
    """Why pages wait for a person: of a form, what makes its pages doubtful. Of settled ones the reason says what they are.

    A policy page beside a form waits for nobody, but a withdrawal may be written on it (R28)."""
    if is_written_on(part):
        return "Something is written or stamped on it. Read it before you say that there is nothing to keep."
    return part.reason or "" if part.state in (PartState.TO_SORT, PartState.TO_REVIEW) else ""


def is_written_on(part: Part) -> bool:
    """Whether something was found on a page of our own print that nobody needs to sort."""
    return part.state == PartState.NOTHING_TO_DO and part.reason == WRITTEN_ON


def seen_here(part: Part, opens_forms: bool) -> bool:
    """Whether a part's pages are shown on the item's page. Filed pages are seen through their file alone; quarantined ones by those who settle forms."""
    if part.file_id is not None:
        return False
    return opens_forms or part.state != PartState.QUARANTINED


def _numbers(numbers: Sequence[int]) -> str:
    if not numbers:
        return "–"
    first, last = numbers[0], numbers[-1]
    if numbers == tuple(range(first, last + 1)):
        return f"Page {first}" if first == last else f"Pages {first} to {last}"
    return "Pages " + ", ".join(map(str, numbers))


def picture(session: Session, item: Item, number: int, *, opens_forms: bool) -> Document | None:
    """The picture of a page, if it may be seen on the item's page."""
    page = session.exec(select(Page).where(Page.item_id == item.id, Page.number == number)).first()
    if page is None:
        # It may turn out to be a form's: shown to those who open forms.
        return early.picture(session, item) if number == 1 and opens_forms else None
    part = session.get(Part, page.part_id) if page.part_id else None
    document = session.get(Document, page.picture_id)
    if document is None or document.file_id is not None or document.media_type not in PICTURES:
        return None
    return document if part is None or seen_here(part, opens_forms) else None
