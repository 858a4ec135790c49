"""Letters and reports: searched by their words, their pages and searchable copies, and possible requests seen in them."""

from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from intake import letters
from intake.desk.post_view import PICTURES
from intake.letters import MOST_SHOWN, Hit
from intake.texts import ARCHIVE_TYPE
from intake.wiring import Paperchain
from records.audit import trail
from records.desk.shell import Call, Pages
from records.documents import holdings
from records.documents.text.index import Outcome
from records.documents.text.spotting import KIND_WORDS, RequestKind
from records.errors import NotFound
from records.staff.access import Act

OUTCOME_WORDS = {
    Outcome.PASSED_ON: "It was passed on to whoever answers it.",
    Outcome.NO_REQUEST: "It is marked as no request.",
}


def make(chain: Paperchain) -> Pages:
    """The pages of letters. Everybody may open the search; each page found is shown to those alone who may see it."""
    pages = Pages()

    @pages.get("/letters", rule=Act.SEE_POST)
    def search_page(call: Call) -> Response:
        return _page(chain, call, "", None)

    @pages.post("/letters/search", rule=Act.SEE_POST)
    def search(call: Call) -> Response:
        typed = call.sent.get("q", "").strip()[:200]
        with chain.db.writing() as session:
            hits = letters.search(session, typed, call.may)
            # The lines beside what was found are read here: of a filed letter that is a look at its file, and stands among its looks (P9).
            places = {
                (hit.place.document.file_id, hit.place.item.id if hit.place.file_number is None else None)
                for hit in hits
            }
            for file_id, item_id in sorted(places, key=str):
                if item_id is None:
                    _seen(chain, call, session, "file_text_seen", "file", str(file_id))
                else:
                    _seen(chain, call, session, "text_found", "item", str(item_id))
        return _page(chain, call, typed, hits)

    @pages.get("/letters/{document:uuid}", rule=Act.SEE_POST)
    def document(call: Call, document: UUID) -> Response:
        with chain.db.writing() as session:
            found = letters.document_for(session, document, call.may)
            if found.media_type not in PICTURES | {ARCHIVE_TYPE}:
                raise NotFound("There is nothing here.")
            if found.file_id is None:
                _seen(chain, call, session, "document_seen", "document", str(document))
            else:  # a page of a file stands among the views of that file, whichever way it was found
                _seen(chain, call, session, "file_page_seen", "file", str(found.file_id))
            data = holdings.fetch(session, chain.store, found)
        headers = {}
        if found.media_type == ARCHIVE_TYPE:
            # Saved, never shown inside the desk.
            headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
        return Response(data, media_type=found.media_type, headers=headers)

    @pages.post("/letters/requests/{number:int}", rule=Act.SEE_POST)
    def close(call: Call, number: int) -> Response:
        kind, outcome = call.sent.get("kind", ""), call.sent.get("outcome", "")
        if kind not in set(RequestKind) or outcome not in set(Outcome):
            raise NotFound("There is nothing here.")
        letters.close(chain, number, RequestKind(kind), Outcome(outcome), actor=str(call.actor.id), may=call.may)
        return call.go("/letters", OUTCOME_WORDS[Outcome(outcome)])

    return pages


def _seen(chain: Paperchain, call: Call, session: Session, act: str, kind: str, subject: str) -> None:
    trail.append(
        session, actor=str(call.actor.id), act=act, subject_kind=kind, subject_id=subject, at=chain.clock.now()
    )  # fmt: skip


def _page(chain: Paperchain, call: Call, typed: str, hits: list[Hit] | None) -> Response:
    with chain.db.reading() as session:
        asked = letters.asked(session, call.may)
    return call.page(
        "letters.html", title="Letters and reports", typed=typed, hits=hits, asked=asked, kind_words=KIND_WORDS,
        most=MOST_SHOWN,
    )  # fmt: skip
