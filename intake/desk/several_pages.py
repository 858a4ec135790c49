"""Papers about several children: put on each child's file, drawn on, and covered for good by a manager (R42)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from intake import other_child, retaining
from intake import several as pictures
from intake.wiring import Paperchain
from records.audit import trail
from records.desk.days import day_in
from records.desk.file_frame import frame, opened, viewed
from records.desk.file_pages import file_number, masks_of
from records.desk.file_papers import Paper, papers_of
from records.desk.paging import piece
from records.desk.retention_pages import TABS
from records.desk.shell import Call, Pages, picture_response
from records.documents import holdings
from records.documents.areas import Area
from records.documents.tables import Document
from records.documents.turning import upright
from records.errors import NotFound, RefusedByRule
from records.guard.standing import about, about_part
from records.people.tables import ChildFile
from records.post.tables import Page, Part
from records.retention import facts, run, several
from records.retention.facts import Rules
from records.retention.tables import CoverDecision, PaperAbout
from records.staff import accounts
from records.staff.access import Act


@dataclass(frozen=True)
class Shown:
    """A paper of a file and another child whom it shows; `last`: what a manager decided last."""

    row: PaperAbout
    paper: Paper
    last: CoverDecision | None


def make(chain: Paperchain) -> Pages:
    """The pages."""
    pages = Pages()
    _noting(chain, pages)
    _drawing(chain, pages)
    _deciding(chain, pages)
    return pages


def _noting(chain: Paperchain, pages: Pages) -> None:

    @pages.get("/files/{number:int}/several", rule=Act.COVER_PART)
    def look(call: Call, number: int) -> Response:
        viewed(call, number, Act.COVER_PART, "file_several_seen")
        return _list(call, number, {})

    @pages.post("/files/{number:int}/several", rule=Act.COVER_PART)
    def put_on(call: Call, number: int) -> Response:
        with call.desk.db.reading() as session:
            file = opened(session, call, number, Act.COVER_PART)
            papers = {str(paper.part_id): paper.part_id for paper in papers_of(session, call, file)}
        chosen, other = papers.get(call.sent.get("paper", "")), file_number(call.sent.get("other", ""))
        mistakes = {}
        if chosen is None:
            mistakes["paper"] = "Choose the paper"
        if other is None or other >= 2**31:
            mistakes["other"] = "Enter the number of the other child’s file, for example PC-0042"
        if mistakes or chosen is None or other is None:
            return _list(call, number, mistakes, 422)
        try:
            made = pictures.put_on(chain, file.number, chosen, other, actor=str(call.actor.id))
        except RefusedByRule as refused:
            return _list(call, number, {"other": refused.message}, 422)
        return call.go(
            f"/files/{number}/several",
            f"A copy of the paper is on PC-{other:04d} as item {made}. Each goes with its own file.",
        )

    @pages.post("/files/{number:int}/several/form", rule=Act.CHANGE_FILE_PEOPLE)
    def other_child_too(call: Call, number: int) -> Response:
        """A form names another child too: it is confirmed once more, for that child (F22)."""
        with call.desk.db.reading() as session:
            file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
            papers = {str(paper.part_id): paper.part_id for paper in papers_of(session, call, file)}
        chosen = papers.get(call.sent.get("form", ""))
        if chosen is None:
            return _list(call, number, {"form": "Choose the form"}, 422)
        try:
            part = other_child.to_review(chain, file.number, chosen, actor=str(call.actor.id))
        except RefusedByRule as refused:
            return _list(call, number, {"form": refused.message}, 422)
        return call.go(f"/review/{part}", "A copy of the form waits here. Confirm it for the other child.")

    @pages.get("/retention/several", rule=Act.KEEP_LONGER)
    def waiting(call: Call) -> Response:
        today = call.desk.clock.today()
        with call.desk.db.reading() as session:
            part = piece(call, several.asked(session, _rules(call), today), "/retention/several")
        return call.page(
            "retention_several.html", title="Papers about several children", tabs=TABS, here=None, rows=part.rows, piece=part,
        )  # fmt: skip


def _drawing(chain: Paperchain, pages: Pages) -> None:

    @pages.get("/files/{number:int}/several/{about:uuid}", rule=Act.COVER_PART)
    def look(call: Call, number: int, about: UUID) -> Response:
        viewed(call, number, Act.COVER_PART, "file_several_seen")
        return _one(call, number, about, {})

    @pages.get("/files/{number:int}/several/{about:uuid}/{document:uuid}", rule=Act.COVER_PART)
    def draw(call: Call, number: int, about: UUID, document: UUID) -> Response:
        viewed(call, number, Act.COVER_PART, "file_several_seen")
        return _page(call, number, about, document, {})

    @pages.get("/files/{number:int}/several/{about:uuid}/{document:uuid}/picture", rule=Act.COVER_PART)
    def picture(call: Call, number: int, about: UUID, document: UUID) -> Response:
        with chain.db.writing() as session:
            file, row = _row(session, call, number, about)
            page, found = _picture(session, row, document)
            trail.append(
                session, actor=str(call.actor.id), act="file_page_seen", subject_kind="file", subject_id=str(file.id),
                at=chain.clock.now(),
            )  # fmt: skip
            data = holdings.fetch(session, chain.store, found)
            # As it is stored, not turned: what is drawn is drawn on the stored picture.
            shown = upright(data, found.media_type, (page.width, page.height), 0, masks_of(session, call, file, found))
        return picture_response(*shown)

    @pages.post("/files/{number:int}/several/{about:uuid}/{document:uuid}", rule=Act.COVER_PART)
    def draw_area(call: Call, number: int, about: UUID, document: UUID) -> Response:
        try:
            edges = [
                round(float(call.sent.get(name, "").replace(",", ".")) * 10)
                for name in ("left", "top", "width", "height")
            ]
            area = Area(*edges)
        except (ValueError, OverflowError):
            wrong = "Draw the part on the page, or enter four numbers from 0 to 100"
            return _page(call, number, about, document, {"left": wrong}, 422)
        try:
            with chain.db.writing() as session:
                _, row = _row(session, call, number, about)
                several.draw(session, row, document, area, by=str(call.actor.id), at=chain.clock.now())
        except RefusedByRule as refused:
            return _page(call, number, about, document, {"left": refused.message}, 422)
        return call.go(f"/files/{number}/several/{about}/{document}", "It is drawn. Nothing is covered yet.")

    @pages.post("/files/{number:int}/several/{about:uuid}/areas/{area:uuid}", rule=Act.COVER_PART)
    def take_away(call: Call, number: int, about: UUID, area: UUID) -> Response:
        with chain.db.writing() as session:
            _, row = _row(session, call, number, about)
            document = several.take_away(session, row, area, by=str(call.actor.id), at=chain.clock.now())
        return call.go(f"/files/{number}/several/{about}/{document}", "It is taken away.")


def _deciding(chain: Paperchain, pages: Pages) -> None:

    @pages.post("/files/{number:int}/several/{about:uuid}/cover", rule=Act.APPROVE_DISPOSAL, fresh=True)
    def cover(call: Call, number: int, about: UUID) -> Response:
        typed = call.sent.get("count", "").strip()
        with chain.db.reading() as session:
            file, _ = _row(session, call, number, about)
        try:
            count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None
            done = pictures.cover(chain, file.number, about, count, actor=str(call.actor.id))
        except RefusedByRule as refused:
            return _one(call, number, about, {"count": refused.message}, 422)
        run.finish_blobs(chain.db, chain.store)
        _asked_anew(chain, call)
        retaining.keep_ledger(chain)
        chain.db.scrub()
        areas = "1 area is" if done.areas == 1 else f"{done.areas} areas are"
        on = "1 page" if done.pages == 1 else f"{done.pages} pages"
        return call.go(
            f"/files/{number}/several/{about}",
            f"{areas} covered for good on {on}. No older picture or text of them is left here.",
        )

    @pages.post("/files/{number:int}/several/{about:uuid}/leave", rule=Act.KEEP_LONGER)
    def leave(call: Call, number: int, about: UUID) -> Response:
        why, review = call.sent.get("why", ""), day_in(call.sent.get("review", ""))
        mistakes = {}
        if not why.strip():
            mistakes["why"] = "Say why it is not covered"
        if review is None:
            mistakes["review"] = "Enter the day on which it is looked at again, for example 27 3 2030"
        if mistakes:
            return _one(call, number, about, mistakes, 422)
        try:
            with chain.db.writing() as session:
                _, row = _row(session, call, number, about)
                several.leave(session, row, why, review, by=str(call.actor.id), at=chain.clock.now())
        except RefusedByRule as refused:
            field = "review" if "day on which" in refused.message else "why"
            return _one(call, number, about, {field: refused.message}, 422)
        _asked_anew(chain, call)
        return call.go(f"/files/{number}/several/{about}", "It stays, and is looked at again on that day.")


def _asked_anew(chain: Paperchain, call: Call) -> None:
    with chain.db.writing() as session:
        several.call_for(session, _rules(call), today=chain.clock.today(), at=chain.clock.now())


def _rules(call: Call) -> Rules:
    return facts.rules(call.desk.policy_of, call.desk.clock.today())


def _row(session: Session, call: Call, number: int, about: UUID) -> tuple[ChildFile, PaperAbout]:
    """The file and what a paper of it also shows, for somebody who may open both (N10)."""
    file = opened(session, call, number, Act.COVER_PART)
    row = several.one(session, file, about)
    call.need(Act.COVER_PART, about_part(session, file, row.part_id))
    return file, row


def _picture(session: Session, row: PaperAbout, document: UUID) -> tuple[Page, Document]:
    page = next((page for page in several.pages(session, row) if page.picture_id == document), None)
    if page is None:
        raise NotFound("There is nothing here.")
    return page, session.get_one(Document, document)


def _list(call: Call, number: int, mistakes: Mapping[str, str], status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.COVER_PART)
        papers = papers_of(session, call, file)
        known = {paper.part_id: paper for paper in papers}
        shown = [
            Shown(row, known[row.part_id], last[-1] if (last := several.decisions(session, row)) else None)
            for row in several.of_file(session, file)
            if row.part_id in known
        ]
        forms = [paper for paper in papers if paper.is_form]
        waiting = {one.part_id: copy for one in forms if (copy := _copy_waiting(session, one.part_id)) is not None}
        top = frame(session, call, file, "/several")
    return call.page(
        "several.html", status=status, title=f"File PC-{number:04d}, papers about several children", frame=top, number=number, shown=shown,
        papers=papers, forms=forms, waiting=waiting, may_confirm=call.may(Act.CHANGE_FILE_PEOPLE, about(file)), mistakes=mistakes,
        sent=call.sent,
    )  # fmt: skip


def _copy_waiting(session: Session, part_id: UUID) -> UUID | None:
    part = session.get(Part, part_id)
    return several.waits_for_review(session, part) if part is not None else None


def _one(call: Call, number: int, about: UUID, mistakes: Mapping[str, str], status: int = 200) -> Response:
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        file, row = _row(session, call, number, about)
        found, drawn = several.pages(session, row), several.areas(session, row)
        decided = [(one, several.reason_of(session, row, one)) for one in several.decisions(session, row)]
        why, still = several.against(session, row, file, _rules(call), today), several.papers(session, row)
        gone, names = several.other_file(session, row) is None, accounts.display_names(session)
        top = frame(session, call, file, "/several/one")
    return call.page(
        "several_one.html", status=status, title=f"File PC-{number:04d}, a paper about several children", frame=top, number=number, row=row,
        pages_shown=[(page, sum(area.document_id == page.picture_id for area in drawn)) for page in found], drawn=drawn, decided=decided,
        why=why, still=still, gone=gone, names=names, mistakes=mistakes, sent=call.sent, may_decide=call.may(Act.APPROVE_DISPOSAL),
        mine=any(area.drawn_by == str(call.actor.id) for area in drawn),
    )  # fmt: skip


def _page(
    call: Call, number: int, about: UUID, document: UUID, mistakes: Mapping[str, str], status: int = 200
) -> Response:
    with call.desk.db.reading() as session:
        file, row = _row(session, call, number, about)
        page, _ = _picture(session, row, document)
        found = [one.picture_id for one in several.pages(session, row)]
        drawn = [area for area in several.areas(session, row) if area.document_id == document]
        names, top = accounts.display_names(session), frame(session, call, file, "/several/page")
    place = found.index(document)
    return call.page(
        "several_page.html", status=status, title=f"File PC-{number:04d}, page {page.number} to draw on", frame=top, number=number, row=row,
        document=document, here=place + 1, of=len(found), before=found[place - 1] if place else None,
        after=found[place + 1] if place + 1 < len(found) else None, areas=drawn, names=names, mistakes=mistakes, sent=call.sent,
    )  # fmt: skip
