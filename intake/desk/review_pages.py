"""The review pages: the queue, one form, and what happens when a family does not agree to storing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from forms import again_name
from intake import erasing, filing, in_use
from intake.desk import post_view, refusal_flow, review_flow, sheet_flow
from intake.desk.form_view import Mistake, Shown, in_page_order
from intake.desk.refusal_flow import SaidNo
from intake.desk.review_flow import GIVERS, Again, Candidate, Opened, StorageSaidNo
from intake.dispatch.worker import limits_from
from intake.in_use import Listed
from intake.interpret import STORE
from intake.retaining import clock_doubted, keep_ledger_soon
from intake.wiring import Paperchain
from records.audit import trail
from records.cases import closing
from records.desk.error_pages import changed
from records.desk.paging import Piece, fetched
from records.desk.shell import Call, Pages, moment, picture_response
from records.documents import holdings
from records.documents.pack import unpack
from records.documents.tables import Document
from records.errors import NotFound, RefusedByRule
from records.guard.standing import about
from records.people.tables import ChildFile
from records.post import inbox, review
from records.post.tables import Item, Part
from records.retention import several
from records.retention.several import CopyOf
from records.staff import accounts
from records.staff.access import Act, Subject
from records.vocabulary import PaperOutcome, PartState, QuarantineReason

UNFILED = Subject(None)
WHY = {
    QuarantineReason.STORE_NOT_ANSWERED: "The question about keeping was left blank. Ask the family.",
    QuarantineReason.STORE_UNCLEAR: "The answer about keeping is unclear. Ask the family.",
    QuarantineReason.NOT_SIGNED: "Nobody signed it. Ask the family.",
}
PAPER = (
    (PaperOutcome.RETURNED, "It goes back to the family"),
    (PaperOutcome.CONFIDENTIAL_WASTE, "It goes in confidential waste today"),
    (PaperOutcome.NO_PAPER, "There is no paper: it came as a file"),
)


def make(chain: Paperchain) -> Pages:
    """The pages over one Paperchain."""
    pages = Pages()
    desk = _Review(chain)
    pages.get("/review", rule=Act.SEE_REVIEW)(desk.queue)
    pages.get("/review/{part:uuid}", rule=Act.OPEN_FORM)(desk.open)
    pages.post("/review/{part:uuid}", rule=Act.CONFIRM_FORM)(desk.confirm)
    pages.post("/review/{part:uuid}/leave", rule=Act.OPEN_FORM)(desk.leave)
    pages.get("/review/{part:uuid}/crops/{field}", rule=Act.OPEN_FORM)(desk.crop)
    pages.get("/review/{part:uuid}/pages/{page:int}", rule=Act.OPEN_FORM)(desk.page)
    pages.get("/review/{part:uuid}/no", rule=Act.REFUSE_STORING)(desk.told_no)
    pages.post("/review/{part:uuid}/no", rule=Act.REFUSE_STORING)(desk.note_told_no)
    pages.get("/review/{part:uuid}/refused", rule=Act.REFUSE_STORING)(desk.refused)
    pages.post("/review/{part:uuid}/refused", rule=Act.REFUSE_STORING, fresh=True)(desk.refuse)
    return pages


class _Review:
    def __init__(self, chain: Paperchain) -> None:
        self.chain = chain

    def queue(self, call: Call) -> Response:
        """Forms that wait, oldest first; and those in quarantine."""
        with call.desk.db.reading() as session:
            names = {**accounts.display_names(session), str(call.actor.id): "you"}
            shown = self._piece(session, call, PartState.TO_REVIEW, "page")
            later = self._piece(session, call, PartState.QUARANTINED, "aside")
            rows = self._rows(session, [*shown.rows, *later.rows], names)
            first = in_use.first_to_open(session, str(call.actor.id), self.chain.clock.now())
        first_id = first.id if first is not None and call.may(Act.OPEN_FORM, UNFILED) else None
        return call.page(
            "review_queue.html", title="Review", waiting=rows[: len(shown.rows)], aside=rows[len(shown.rows) :], piece=shown, later=later,
            first=first_id,
        )  # fmt: skip

    def _piece(self, session: Session, call: Call, state: PartState, name: str) -> Piece[Part]:
        def fetch(limit: int, leaving_out: int) -> Sequence[Part]:
            return review.queue(session, state, limit, leaving_out)

        return fetched(call, review.count(session, state), fetch, "/review", name)

    def _rows(self, session: Session, parts: Sequence[Part], names: Mapping[str, str]) -> list[dict[str, object]]:
        """The lines of these forms; what they need is asked of the database for all of them at once."""
        items, copies = inbox.items_of(session, parts), several.copies_of(session, parts)
        found = {part.id: in_use.listed(session, part) for part in parts}
        noted = in_use.noted_noes(session, parts)
        return [
            self._row(part, items[part.item_id], found[part.id], copies.get(part.id), names, said_no=part.id in noted)
            for part in parts
        ]

    def _row(
        self, part: Part, item: Item, found: Listed, copied: CopyOf | None, names: Mapping[str, str], *, said_no: bool
    ) -> dict[str, object]:
        """`said_no`: a No to keeping was noted, and the form is still here."""
        held = review.holder(part, self.chain.clock.now())
        unused = in_use.without_advice(found.unused) if said_no else found.unused
        return {
            "href": f"/items/{item.number}" if unused else f"/review/{part.id}", "item": item.number, "arrived": item.arrived_at, "doubtful": part.doubtful,
            "title": found.title, "unused": unused, "ask_by": part.ask_by,
            "why": WHY[QuarantineReason(part.quarantine)] if part.quarantine else None,
            "with": names.get(held.actor) if held else None, "erase": f"/review/{part.id}/refused" if said_no or self._day_has_come(part) else None,
            "said_no": said_no,
            "copied": copied,
        }  # fmt: skip

    def _open(self, session: Session, call: Call, part_id: UUID) -> Part:
        """The part, if it may be opened: a confirmed form is seen through its file."""
        part = review.get(session, part_id)
        if PartState(part.state) not in (PartState.TO_REVIEW, PartState.QUARANTINED):
            raise NotFound("There is nothing here.")
        call.need(Act.OPEN_FORM, UNFILED)
        return part

    def open(self, call: Call, part: UUID) -> Response:
        """One form, held for this officer for twenty minutes."""
        with call.desk.db.reading() as session:
            row = self._open(session, call, part)
            number, unused = review.item_of(session, row).number, in_use.why_unused(session, row)
        if unused is not None:
            return call.go(f"/items/{number}", unused)  # where it can be read again, or sorted by hand
        with call.desk.db.writing() as session:
            row = self._open(session, call, part)
            in_use.template_of(session, row)  # NotInUse before it is held
            other = review.hold(session, row, str(call.actor.id), self.chain.clock.now())
            names = accounts.display_names(session)
            if other is None:
                trail.append(
                    session, actor=str(call.actor.id), act="form_opened", subject_kind="part", subject_id=str(part),
                    at=self.chain.clock.now(),
                )  # fmt: skip
        if other is not None:
            who = names.get(other.actor, "Somebody else")
            opened_at = moment(other.until - timedelta(minutes=review.HOLD_MINUTES)).split(" at ")[-1]
            words = f"{who} opened this form at {opened_at}. Choose another, or ask {who}."
            return changed(call, "Somebody else has it", words)
        return self._form(call, part)

    def _form(
        self, call: Call, part: UUID, again: Again | None = None, sent: Mapping[str, str] | None = None
    ) -> Response:
        with call.desk.db.reading() as session:
            opened = review_flow.open_form(session, part, sent)
            place, waiting = review.place_of(session, opened.part), review.count(session, PartState.TO_REVIEW)
            on_file = review_flow.on_file(session, opened.reading, _may_see(call))
            sheet = sheet_flow.is_sheet(opened.template)
            offered = sheet_flow.proposed(session, opened.template, _may_see(call)) if sheet else ()
        mistakes: Sequence[Mistake] = in_page_order(opened.shown, again.mistakes) if again else ()
        candidates: Sequence[Candidate] = again.candidates if again else offered
        return call.page(
            "review.html", status=422 if again else 200, title=f"Review, item {opened.item.number}", opened=opened,
            shown=opened.shown, mistakes=mistakes, candidates=candidates, on_file=on_file, differs=again.differs if again else None, young=again.young if again else None,
            old=again.old if again else None, nameless=again is not None and again.nameless,
            unnamed=again is not None and again.unnamed,
            sent=opened.typed, givers=GIVERS, place=place, waiting=waiting, why=WHY[QuarantineReason(opened.part.quarantine)] if opened.part.quarantine else None,
            version=self._version(opened, sent), sheet=sheet, day_has_come=self._day_has_come(opened.part),
        )  # fmt: skip

    def _version(self, opened: Opened, sent: Mapping[str, str] | None) -> str:
        """The version that the officer first saw: after a mistake it must not be taken for the newest."""
        return (sent or {}).get("version") or str(opened.part.version)

    def confirm(self, call: Call, part: UUID) -> Response:
        """Checks the answers and writes them, or asks again."""
        with call.desk.db.reading() as session:
            sheet = sheet_flow.is_sheet(in_use.template_of(session, self._open(session, call, part)))
        sent, flow = call.sent, sheet_flow.confirm if sheet else review_flow.confirm
        match flow(self.chain, call.actor.id, part, sent, _may_see(call)):
            case Again() as again:
                return self._form(call, part, again, sent)
            case StorageSaidNo():
                return call.go(f"/review/{part}/refused")
            case review_flow.Written(outcome=outcome):
                if outcome.quarantined is not None:
                    return call.go("/review", f"Not filed. {WHY[outcome.quarantined]} It waits below.")
                words = "The form was confirmed."
                if outcome.original_number is not None:
                    words += f" Its paper is O-{outcome.original_number}: print its label on the Originals page."
                if outcome.storing_withdrawn:
                    words += " It says No to keeping the file: a task to decide on erasing was raised."
                if outcome.reopened:
                    words += f" {closing.OPENED_AGAIN}"
                with call.desk.db.reading() as session:
                    # One that cannot be opened would lead away from Review, and the words would be lost on the way.
                    following = in_use.first_to_open(session, str(call.actor.id), self.chain.clock.now())
                return call.go(f"/review/{following.id}" if following else "/review", words)

    def leave(self, call: Call, part: UUID) -> Response:
        """Lets go of a form, for later."""
        with call.desk.db.writing() as session:
            review.leave(session, self._open(session, call, part), str(call.actor.id))
        return call.go("/review")

    def crop(self, call: Call, part: UUID, field: str) -> Response:
        """The cut-out of one field."""
        with call.desk.db.reading() as session:
            row = self._open(session, call, part)
            evidence = session.get(Document, row.evidence_id) if row.evidence_id else None
            picture = unpack(holdings.fetch(session, call.desk.store, evidence), field) if evidence else None
        if picture is None:
            raise NotFound("There is nothing here.")
        return Response(picture, media_type="image/png")

    def page(self, call: Call, part: UUID, page: int) -> Response:
        """The picture of one page."""
        with call.desk.db.reading() as session:
            row = self._open(session, call, part)
            item = review.item_of(session, row)
            along = review_flow.along(session, item, row)
            for each in inbox.pages_of(session, item):
                if each.number == page and (each.part_id == row.id or page in along):
                    document = session.get_one(Document, each.picture_id)
                    return picture_response(
                        *inbox.shown(session, document, holdings.fetch(session, call.desk.store, document))
                    )
        raise NotFound("There is nothing here.")

    def _unread(self, session: Session, call: Call, part_id: UUID) -> Part:
        """A consent form that waits and cannot be opened, or pages that none reads: their family's No is noted without opening them.

        An answer sheet's is about a file.
        """
        row = review.get(session, part_id)
        if post_view.may_be_refused_unread(row):
            call.need(Act.OPEN_FORM, UNFILED)
            return row
        row = self._open(session, call, part_id)
        if again_name.about(row.form, row.edition) is not None or in_use.why_unused(session, row) is None:
            raise NotFound("There is nothing here.")
        return row

    def told_no(self, call: Call, part: UUID, mistakes: Sequence[Mistake] = ()) -> Response:
        """Who says No to keeping a form that cannot be opened, and about whom."""
        with call.desk.db.reading() as session:
            row = self._unread(session, call, part)
            item, why = review.item_of(session, row), in_use.without_advice(in_use.why_unused(session, row))
            before = review.last_confirmation(session, row) or {}
        sent = call.sent if mistakes else refusal_flow.typed_before(before)
        return call.page(
            "told_no.html", status=422 if mistakes else 200, title=f"No to keeping, item {item.number}", part=row, item=item, why=why,
            mistakes=mistakes, sent=sent, givers=GIVERS, places=refusal_flow.PLACES,
        )  # fmt: skip

    def note_told_no(self, call: Call, part: UUID) -> Response:
        """Notes it, and leads to the page that erases the form."""
        with call.desk.db.reading() as session:
            item = review.item_of(session, self._unread(session, call, part))
        said, mistakes = refusal_flow.told_no(call.sent, received_on=item.received_on, today=self.chain.clock.today())
        if said is None:
            return self.told_no(call, part, mistakes)
        try:
            filing.note_told_no(
                self.chain, part, said, actor=call.actor.id, version=review_flow.version_sent(call.sent)
            )
        except RefusedByRule as refused:
            return self.told_no(call, part, [Mistake("place", refused.message)])
        return call.go(f"/review/{part}/refused")

    def _refusable(self, session: Session, call: Call, part_id: UUID) -> Part:
        """A form whose No to storing an officer has confirmed, or whose day to answer has passed. An answer sheet's No is about a file, and
        decided there."""
        row = self._open(session, call, part_id)
        if self._day_has_come(row):
            return row
        if not in_use.said_no(session, row) or again_name.about(row.form, row.edition) is not None:
            raise NotFound("There is nothing here.")
        return row

    def _day_has_come(self, part: Part) -> bool:
        """Whether nobody answered until the day to ask was over (R28). While the clock is in doubt no day has come (P11)."""
        if part.state != PartState.QUARANTINED or part.ask_by is None or part.ask_by > self.chain.clock.today():
            return False
        return not clock_doubted(self.chain)

    def refused(self, call: Call, part: UUID, mistakes: Mapping[str, str] | None = None) -> Response:
        """What will be erased, on whose file the No is recorded first, and what to do with the paper."""
        with call.desk.db.reading() as session:
            row = self._refusable(session, call, part)
            gone = erasing.will_go(session, row)
            number = review.item_of(session, row).number
            no = _no(session, row)
            unused = in_use.why_unused(session, row)
            storing = _storing(review_flow.open_form(session, part)) if no and unused is None else None
            candidates = refusal_flow.candidates(session, no, _may_see(call)) if no else ()
            held = review.holder(row, self.chain.clock.now())
            elsewhere = (
                accounts.display_names(session).get(held.actor) if held and held.actor != str(call.actor.id) else None
            )
        return call.page(
            "refused.html", status=422 if mistakes else 200, title=f"{'No to storing' if no else 'No answer'}, item {number}", gone=gone,
            number=number, part=row, paper=PAPER, mistakes=mistakes or {}, candidates=candidates, sent=call.sent if mistakes else {},
            storing=storing, unused=unused, elsewhere=elsewhere, unanswered=no is None, others=no is not None and no.others,
        )  # fmt: skip

    def refuse(self, call: Call, part: UUID) -> Response:
        """Erases the form, after an officer has confirmed it and said what becomes of the paper."""
        with call.desk.db.reading() as session:
            no = _no(session, self._refusable(session, call, part))
            candidates = refusal_flow.candidates(session, no, _may_see(call)) if no else ()
        chosen, file, mistakes = call.sent.get("paper"), call.sent.get("file"), {}
        if not refusal_flow.chosen(candidates, file):
            mistakes["file"] = "Choose whose form this is"
        if chosen is None or chosen not in {outcome.value for outcome, _ in PAPER}:
            mistakes["paper"] = "Choose what to do with the paper"
        if mistakes or chosen is None:
            return self.refused(call, part, mistakes)

        def record(session: Session, row: Part) -> None:
            if no is not None:
                refusal_flow.record(
                    session, row, file, _may_see(call), actor=call.actor.id, at=self.chain.clock.now(), policy=self.chain.policy()
                )  # fmt: skip

        erasing.refuse_storing(
            self.chain, part, paper=PaperOutcome(chosen), actor=call.actor.id, version=review_flow.version_sent(call.sent),
            limits=limits_from(self.chain.settings), first=record, unanswered=no is None,
        )  # fmt: skip
        keep_ledger_soon(self.chain)
        if file not in (None, review_flow.NEW_FILE) and candidates:
            return call.go(
                "/review", "The No is recorded on the file, and its officer has a task. The form was erased."
            )
        return call.go("/review", "The form was erased. Only a line without names remains.")


def _no(session: Session, part: Part) -> SaidNo | None:
    """What a form says no to, by an officer's last word; None where nobody answered."""
    return refusal_flow.said(session, part) if in_use.said_no(session, part) else None


def _may_see(call: Call) -> Callable[[ChildFile], bool]:
    return lambda file: call.may(Act.OPEN_FILE, about(file))


def _storing(opened: Opened) -> Shown | None:
    """The question about storing: what it rests on is shown once more before anything is erased."""
    asked = {field.id for field in opened.template.fields if field.item == STORE}
    return next((each for each in (*opened.shown.doubtful, *opened.shown.clear) if each.id in asked), None)
