"""Files: search, a child's file, its history and its evidence. Names stand inside the pages only, never in addresses or titles."""

from uuid import UUID

from sqlmodel import Session, col, select
from starlette.responses import Response

from records.audit import trail
from records.cases import closing, telling
from records.cases.words import TURNED_WORDS
from records.consents import contact_details, ledger
from records.consents.items import ALONE
from records.consents.tables import ConsentEvent
from records.consents.typed import day_wrong
from records.custody.moves import WORDS
from records.desk import file_view
from records.desk.days import day_in
from records.desk.file_frame import frame, opened, seen
from records.desk.out_rows import out_rows
from records.desk.paging import piece
from records.desk.shell import Call, Pages, picture_response
from records.documents import holdings
from records.documents.pack import unpack
from records.documents.tables import Document
from records.documents.turning import Mask
from records.errors import NotFound
from records.guard import looks
from records.guard import standing as guard
from records.guard.standing import about
from records.people import merging, register
from records.people import search as searching
from records.people.relations import Kind
from records.people.tables import ChildFile
from records.post import inbox, review
from records.post.tables import Part
from records.requests import register as requests
from records.requests.kinds import KIND_WORDS
from records.retention import facts
from records.staff import accounts
from records.staff.access import Act
from records.vocabulary import DocumentKind

pages = Pages()

MOST_TOLD = 3  # on the summary; all stand on a page of their own
LONGEST_DAY = 40  # letters typed as a day
MOST_LOOKS = 200  # on the page; the print for the family has them all

ROUTE_WORDS = {
    "form": "on a form", "letter": "by letter", "email": "by email", "text": "by text message", "telephone": "by telephone",
    "in_person": "in person",
}  # fmt: skip
GIVER_WORDS = {
    "parent_or_carer": "Parent or carer", "young_person": "Young person", "representative": "Somebody else", "unknown": "Not noted",
}  # fmt: skip


@pages.get("/files", rule=Act.SEARCH_FILES)
def files(call: Call) -> Response:
    """The search page."""
    return call.page("files.html", title="Files", found=None, hits=None, typed="", names={})


@pages.post("/files/search", rule=Act.SEARCH_FILES)
def search(call: Call) -> Response:
    """Finds files by name, birth date or number. By POST, because a name has no place in an address."""
    typed = call.sent.get("q", "").strip()
    with call.desk.db.reading() as session:
        found = searching.find(
            session, typed, lambda file: call.may(Act.OPEN_FILE, about(file)), call.desk.clock.today()
        )
        names = accounts.display_names(session)
    if found.exact_number is not None:
        return call.go(f"/files/{found.exact_number}")
    if found.hits:  # names and birth dates are shown: whoever looks about among children leaves a trace, without what was typed (P9)
        with call.desk.db.writing() as session:
            trail.append(
                session, actor=str(call.actor.id), act="files_searched", subject_kind="account", subject_id=str(call.actor.id),
                at=call.desk.clock.now(), detail={"shown": len(found.hits)},
            )  # fmt: skip
    return call.page("files.html", title="Files", found=found, hits=found.hits, typed=typed, names=names)


def file_number(typed: str) -> int | None:
    """A file's number as people type it: PC-0042, pc42, 42. None for anything else."""
    found = searching.NUMBER.fullmatch(typed.strip())
    return int(found[1]) if found else None


@pages.get("/files/{number:int}", rule=Act.OPEN_FILE)
def file(call: Call, number: int) -> Response:
    """The summary of a file."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number)
    seen(call, found.id, "file_seen")
    with call.desk.db.reading() as session:
        today = call.desk.clock.today()
        keeping = facts.due_by(facts.of_file(session, found), facts.rules(call.desk.policy_of, today))
        shown = file_view.show(session, found, call.desk.policy(), today, keeping)
        top = frame(session, call, found, "")
        ids = merging.ids_of(session, found.id)
        asked = requests.listed(
            session, today, file_id=found.id, target_days=call.desk.policy().periods.request_target_days
        )
        documents = session.exec(
            select(Document)
            .where(col(Document.file_id).in_(ids), Document.kind == DocumentKind.PAGE)
            .order_by(col(Document.stored_at).desc(), col(Document.page))
        ).all()
        closed = guard.restricted_parts(session, found.id)
        told = telling.of_file(session, found)[:MOST_TOLD]
    may_see = call.may(Act.SEE_FILE_DOCUMENT, about(found))
    documents = [one for one in documents if call.may(Act.SEE_FILE_DOCUMENT, about(found, closed & {one.part_id}))]
    return call.page(
        "file.html", title=f"File PC-{number:04d}", shown=shown, requests=asked, kinds=KIND_WORDS, frame=top, may_see=may_see, pictures=documents if may_see else [],
        told=told, may_tell=call.may(Act.WRITE_TO_FAMILY, about(found)), may_change=call.may(Act.CHANGE_CONSENT, about(found)), route_words=ROUTE_WORDS,
        where={state.value: words for state, words in WORDS.items()},
    )  # fmt: skip


@pages.get("/files/{number:int}/history", rule=Act.OPEN_FILE)
def history(call: Call, number: int) -> Response:
    """Every consent answer over time, with who confirmed it."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number)
    seen(call, found.id, "file_history_seen")
    typed = call.request.query_params.get("on", "").strip()[:LONGEST_DAY]
    day = day_in(typed)
    wrong = day_wrong(day, "The day", today=call.desk.clock.today()) if typed else None
    with call.desk.db.reading() as session:
        then = None
        if day is not None and wrong is None:
            then = file_view.on_a_day(session, found, call.desk.policy_of(day), day)
        entries = ledger.history_of(session, found.id)
        out = piece(call, out_rows(session, call, found), f"/files/{number}/history", "out")
        people = register.names(session, found)
        names = accounts.display_names(session)
        top = frame(session, call, found, "/history")
        looked = looks.of_file(session, found.id, limit=MOST_LOOKS)
        turns = closing.turns(session, found)
    return call.page(
        "file_history.html", status=422 if wrong else 200, sent={"on": typed},
        mistakes={"on": wrong} if wrong else {}, day=day, then=then, turns=turns, turned=TURNED_WORDS, looked=looked,
        title=f"File PC-{number:04d}, history", frame=top, number=number, entries=entries, names=names,
        out=out, people=people, words=ALONE,
        route_words=ROUTE_WORDS, givers=GIVER_WORDS, may_see=call.may(Act.SEE_FILE_DOCUMENT, about(found)),
    )  # fmt: skip


@pages.get("/files/{number:int}/crops/{event:uuid}", rule=Act.SEE_FILE_DOCUMENT)
def crop(call: Call, number: int, event: UUID) -> Response:
    """The cut-out that an answer rests on, or its page where nothing was cut out, as of a typed form."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number, Act.SEE_FILE_DOCUMENT)
        ids = merging.ids_of(session, found.id)
        row = session.get(ConsentEvent, event)
        if row is None or row.file_id not in ids or row.evidence_id is None or row.field_id is None:
            raise NotFound("There is nothing here.")
        evidence = session.get(Document, row.evidence_id)
        if evidence is None or evidence.file_id not in ids:
            raise NotFound("There is nothing here.")
        call.need(Act.SEE_FILE_DOCUMENT, guard.about_part(session, found, evidence.part_id))
        picture = unpack(holdings.fetch(session, call.desk.store, evidence), row.field_id)
        whole = session.exec(
            select(Document).where(
                col(Document.file_id).in_(ids), Document.kind == DocumentKind.PAGE, Document.part_id == row.part_id,
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
        if row is None or row.file_id not in merging.ids_of(session, found.id) or row.kind != DocumentKind.PAGE:
            raise NotFound("There is nothing here.")
        call.need(Act.SEE_FILE_DOCUMENT, guard.about_part(session, found, row.part_id))
        masks = masks_of(session, call, found, row)
        picture, media = inbox.shown(session, row, holdings.fetch(session, call.desk.store, row), masks)
    seen(call, found.id, "file_page_seen")
    return picture_response(picture, media)


CONTACT_FIELDS = ("address", "postcode", "telephone", "mobile", "email", "phone")
"""How the fields of a form begin in which a family writes how to reach them."""


def masks_of(session: Session, call: Call, file: ChildFile, document: Document) -> list[Mask]:
    """What is covered on the picture of a form while contact details may not be kept (W39): where they are written on it."""
    part = session.get(Part, document.part_id) if document.part_id else None
    if part is None or part.sealed_reading is None:
        return []
    if contact_details.may_not_be_kept(session, file, Kind.CARER, call.desk.policy(), call.desk.clock.now()) is None:
        return []
    fields = review.reading_json(session, part)["fields"]
    return [
        (int(left), int(top), int(right), int(low))
        for each in fields.values()
        if each["page"] == document.page and each["crop"] and str(each["id"]).startswith(CONTACT_FIELDS)
        for left, top, right, low in [each["crop"]]
    ]
