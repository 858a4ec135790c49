"""Files: search, a child's file, its history and its evidence. Names stand inside the pages only, never in addresses or titles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select
from starlette.responses import Response

from records.consents import bodies, ledger
from records.consents.items import CATEGORY_WORDS
from records.consents.items import WORDS as ITEM_WORDS
from records.consents.outward import went_out
from records.consents.tables import ConsentEvent
from records.custody.moves import WORDS
from records.desk import file_view
from records.desk.file_frame import frame, opened, seen
from records.desk.shell import Call, Pages
from records.documents import holdings
from records.documents.pack import unpack
from records.documents.tables import Document
from records.errors import NotFound
from records.guard import standing as guard
from records.guard.standing import about
from records.people import register
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.staff import accounts
from records.staff.access import Act
from records.vocabulary import DocumentKind

pages = Pages()

_NUMBER = re.compile(r"(?:PC-?)?0*(\d{1,9})", re.IGNORECASE)
_DATE = re.compile(r"(\d{1,2})[ /.\-](\d{1,2})[ /.\-](\d{4})")
_NAMED_DATE = re.compile(r"(\d{1,2}) ([A-Za-z]+) (\d{4})")
_MONTHS = {in_words(date(2000, month, 1)).split()[1].casefold(): month for month in range(1, 13)}


ROUTE_WORDS = {
    "form": "on a form", "letter": "by letter", "email": "by email", "text": "by text message", "telephone": "by telephone",
    "in_person": "in person",
}  # fmt: skip
GIVER_WORDS = {
    "parent_or_carer": "Parent or carer", "young_person": "Young person", "representative": "Somebody else", "unknown": "Not noted",
}  # fmt: skip
PURPOSE_WORDS = {
    "advice": "About the family’s own case", "contact": "Contact for the family", "share": "Information shared",
    "obtain": "Information asked for", "tell": "Told that the family came to us", "news": "News and events",
    "access": "What is held, on request", "safety": "Shared for safety",
}  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One file that a search found: the least that tells two children apart."""

    number: int
    name: str
    born: str


@pages.get("/files", rule=Act.SEARCH_FILES)
def files(call: Call) -> Response:
    """The search page."""
    return call.page("files.html", title="Files", hits=None, typed="")


@pages.post("/files/search", rule=Act.SEARCH_FILES)
def search(call: Call) -> Response:
    """Finds files by name, birth date or number. By POST, because a name has no place in an address."""
    typed = call.sent.get("q", "").strip()
    with call.desk.db.reading() as session:
        found = [file for file in _found(session, typed) if call.may(Act.OPEN_FILE, about(file))]
        hits = [_hit(session, file) for file in found]
    if len(hits) == 1 and _NUMBER.fullmatch(typed):
        return call.go(f"/files/{hits[0].number}")
    return call.page("files.html", title="Files", hits=hits, typed=typed)


def _found(session: Session, typed: str) -> Sequence[ChildFile]:
    born = born_typed(typed)
    if born is not None:
        return [hit.file for hit in register.find_by_birth_date(session, born)]
    number = _NUMBER.fullmatch(typed)
    if number:
        try:
            return [register.by_number(session, int(number[1]))]
        except NotFound:
            return []
    return [hit.file for hit in register.find_by_name(session, typed)] if typed else []


def file_number(typed: str) -> int | None:
    """A file's number as people type it: PC-0042, pc42, 42. None for anything else."""
    found = _NUMBER.fullmatch(typed.strip())
    return int(found[1]) if found else None


def born_typed(typed: str) -> date | None:
    """A birth date as people type it: 14/5/2011, 14 May 2011, 2011-05-14. None for anything else."""
    try:
        if found := _DATE.fullmatch(typed):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if (found := _NAMED_DATE.fullmatch(typed)) and found[2].casefold() in _MONTHS:
            return date(int(found[3]), _MONTHS[found[2].casefold()], int(found[1]))
        return date.fromisoformat(typed) if "-" in typed else None
    except ValueError:
        return None


def _hit(session: Session, file: ChildFile) -> Hit:
    births = register.birth_dates(session, file)
    return Hit(file.number, register.child_name(session, file), births[-1].in_words() if births else "not known")


@pages.get("/files/{number:int}", rule=Act.OPEN_FILE)
def file(call: Call, number: int) -> Response:
    """The summary of a file."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number)
    seen(call, found.id, "file_seen")
    with call.desk.db.reading() as session:
        shown = file_view.show(session, found, call.desk.policy(), call.desk.clock.today())
        top = frame(session, call, found, "")
        documents = session.exec(
            select(Document)
            .where(Document.file_id == found.id, Document.kind == DocumentKind.PAGE)
            .order_by(col(Document.stored_at).desc(), col(Document.page))
        ).all()
        closed = guard.restricted_parts(session, found.id)
    may_see = call.may(Act.SEE_FILE_DOCUMENT, about(found))
    documents = [one for one in documents if call.may(Act.SEE_FILE_DOCUMENT, about(found, closed & {one.part_id}))]
    return call.page(
        "file.html", title=f"File PC-{number:04d}", shown=shown, frame=top, may_see=may_see, pictures=documents if may_see else [],
        may_change=call.may(Act.CHANGE_CONSENT, about(found)), route_words=ROUTE_WORDS,
        where={state.value: words for state, words in WORDS.items()},
    )  # fmt: skip


@pages.get("/files/{number:int}/history", rule=Act.OPEN_FILE)
def history(call: Call, number: int) -> Response:
    """Every consent answer over time, with who confirmed it."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number)
    seen(call, found.id, "file_history_seen")
    with call.desk.db.reading() as session:
        entries = ledger.history_of(session, found.id)
        out = went_out(session, found.id)
        named = {body.id: body.name for body in bodies.of_file(session, found)}
        people = {person.id: person.name for person in register.people(session, found, ended=True)}
        names = accounts.display_names(session)
        top = frame(session, call, found, "/history")
    return call.page(
        "file_history.html", title=f"File PC-{number:04d}, history", frame=top, number=number, entries=entries, names=names,
        out=out, bodies=named, people=people, categories=CATEGORY_WORDS, purposes=PURPOSE_WORDS, words=ITEM_WORDS,
        route_words=ROUTE_WORDS, givers=GIVER_WORDS, may_see=call.may(Act.SEE_FILE_DOCUMENT, about(found)),
    )  # fmt: skip


@pages.get("/files/{number:int}/crops/{event:uuid}", rule=Act.SEE_FILE_DOCUMENT)
def crop(call: Call, number: int, event: UUID) -> Response:
    """The cut-out that an answer rests on, or its page where nothing was cut out, as of a typed form."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number, Act.SEE_FILE_DOCUMENT)
        row = session.get(ConsentEvent, event)
        if row is None or row.file_id != found.id or row.evidence_id is None or row.field_id is None:
            raise NotFound("There is nothing here.")
        evidence = session.get(Document, row.evidence_id)
        if evidence is None or evidence.file_id != found.id:
            raise NotFound("There is nothing here.")
        call.need(Act.SEE_FILE_DOCUMENT, guard.about_part(session, found, evidence.part_id))
        picture = unpack(holdings.fetch(session, call.desk.store, evidence), row.field_id)
        whole = session.exec(
            select(Document).where(
                Document.file_id == found.id, Document.kind == DocumentKind.PAGE, Document.part_id == row.part_id,
                Document.page == row.page,
            )
        ).first()  # fmt: skip
    if picture is None and whole is not None:
        return call.go(f"/files/{number}/pages/{whole.id}")
    if picture is None:
        raise NotFound("There is nothing here.")
    seen(call, found.id, "file_evidence_seen")
    return Response(picture, media_type="image/png")


@pages.get("/files/{number:int}/pages/{document:uuid}", rule=Act.SEE_FILE_DOCUMENT)
def page(call: Call, number: int, document: UUID) -> Response:
    """The picture of one page of a form or letter in the file."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number, Act.SEE_FILE_DOCUMENT)
        row = session.get(Document, document)
        if row is None or row.file_id != found.id or row.kind != DocumentKind.PAGE:
            raise NotFound("There is nothing here.")
        call.need(Act.SEE_FILE_DOCUMENT, guard.about_part(session, found, row.part_id))
        picture = holdings.fetch(session, call.desk.store, row)
    seen(call, found.id, "file_page_seen")
    return Response(picture, media_type=row.media_type)
