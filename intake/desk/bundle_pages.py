"""Looking through the pages of an access copy: decide, cover, make, and print what goes with it."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from intake import bundling
from intake.desk.post_view import PICTURES
from intake.wiring import Paperchain
from records.desk import request_pages as desk
from records.desk import request_steps as steps
from records.desk.days import day_in
from records.desk.request_doors import closed_in_copy
from records.desk.request_letters import about, wishes_of
from records.desk.shell import Call, Pages
from records.documents import holdings
from records.documents.tables import Document
from records.errors import NotFound, RecordsError, RefusedByRule
from records.letters.writing import Layout, Letter, layout_for, write
from records.policies.periods import in_words, ordinal
from records.requests import beside, letters, register
from records.requests import pages as page_rows
from records.requests.bundle import GROUNDS, Box, Decision, Exemption, Judged, cannot_be_made, left_out
from records.requests.kinds import Event, Kind
from records.requests.others import (
    ADVICE_WORDS,
    COVERS,
    HEALTH_WORDS,
    ON_PAGE_WORDS,
    STEPS_WORDS,
    THIRD,
    Advice,
    Health,
    Looked,
    NotAnswered,
    OnPage,
    answered_as,
    steps_of,
)  # fmt: skip
from records.requests.standing import State
from records.requests.tables import BundleMade, RequestRow
from records.staff import accounts
from records.staff.access import Act

THIRD_PERSON = "third"
"""Chosen as a reason: the three steps of R65 then say which of the reasons about another person it is."""
AT_ONCE = 30
"""A copy of up to so many pages is made while the page is loading; a longer one beside it, with its progress shown."""
DECISION_WORDS = {
    Decision.INCLUDE: "It goes in",
    Decision.WITHHOLD: "It is left out",
    Decision.MANAGER: "Ask the manager",
}
PART_WORDS = {
    "form": "Consent form",
    "policy": "Policy sheet",
    "other": "Letter or report",
    "blank": "Blank page",
    "sheet": "Separator sheet",
}


@dataclass
class Making:
    """A copy on its way."""

    done: int = 0
    of: int = 0
    ended: bool = False
    problem: str | None = None


def make(chain: Paperchain) -> Pages:
    """The pages. A copy that is being made is known to this process alone; if it dies, nothing was kept and it is made again."""
    pages = Pages()
    _looking(chain, pages)
    _deciding(chain, pages)
    _parts(chain, pages)
    _making(chain, pages)
    _printing(chain, pages)
    return pages


def _looking(chain: Paperchain, pages: Pages) -> None:

    @pages.get("/requests/{number:int}/look/{document:uuid}", rule=Act.WORK_REQUEST)
    def page(call: Call, number: int, document: UUID) -> Response:
        return _page(chain, call, number, document, {}, {})

    @pages.get("/requests/{number:int}/look/{document:uuid}/picture", rule=Act.WORK_REQUEST)
    def picture(call: Call, number: int, document: UUID) -> Response:
        with chain.db.writing() as session:
            row = _access(session, call, number, document)
            found = page_rows.one(session, row, document)
            if found.media_type not in PICTURES:
                raise NotFound("There is nothing here.")
            desk.looked(session, call, row, "file_page_seen", pages=True)
            data = holdings.fetch(session, chain.store, found)
        return Response(data, media_type=found.media_type)


def _deciding(chain: Paperchain, pages: Pages) -> None:

    @pages.post("/requests/{number:int}/look/{document:uuid}/decide", rule=Act.WORK_REQUEST)
    def decide(call: Call, number: int, document: UUID) -> Response:
        sent = {name: value.strip() for name, value in call.sent.items()}
        decision = sent.get("decision", "")
        if decision not in set(Decision):
            return _page(chain, call, number, document, sent, {"decision": "Choose what becomes of this page"}, 422)
        try:
            code, looked = _answers(sent, "code", "", Decision(decision))
            with chain.db.writing() as session:
                row = _access(session, call, number, document)
                page_rows.decide(
                    session, row, document, Decision(decision), code if decision == Decision.WITHHOLD else None, sent.get("reason", ""),
                    is_manager=call.may(Act.DECIDE_REQUEST), by=str(call.actor.id), at=chain.clock.now(), looked=looked,
                )  # fmt: skip
                following = _next(page_rows.judged(session, row), document, _closed(session, call, row))
        except NotAnswered as open_one:
            return _page(chain, call, number, document, sent, {open_one.field: open_one.message}, 422)
        except RefusedByRule as refused:
            field = (
                "code" if decision == Decision.WITHHOLD else "reason" if decision == Decision.MANAGER else "decision"
            )
            return _page(chain, call, number, document, sent, {field: refused.message}, 422)
        return call.go(f"/requests/{number}/look" + (f"/{following}" if following else ""))

    @pages.post("/requests/{number:int}/look/rest", rule=Act.WORK_REQUEST)
    def rest(call: Call, number: int) -> Response:
        if call.sent.get("looked") != "yes":
            wrong = "Look at each of them first, and tick that you did"
            return _look(call, number, None, {"looked": wrong}, 422)
        with chain.db.writing() as session:
            row = _access(session, call, number)
            leave = _closed(session, call, row)
            count = page_rows.decide_rest(session, row, by=str(call.actor.id), at=chain.clock.now(), leave=leave)
        return call.go(f"/requests/{number}/look", "1 page goes in." if count == 1 else f"{count} pages go in.")


def _parts(chain: Paperchain, pages: Pages) -> None:

    @pages.post("/requests/{number:int}/look/{document:uuid}/cover", rule=Act.WORK_REQUEST)
    def cover(call: Call, number: int, document: UUID) -> Response:
        sent = {name: value.strip() for name, value in call.sent.items()}
        try:
            where = [
                round(float(sent.get(name, "").replace(",", ".")) * 10) for name in ("left", "top", "width", "height")
            ]
            code, looked = _answers(sent, "box_code", "box_")
            if code is None:
                return _page(chain, call, number, document, sent, {"box_code": "Choose why this part is covered"}, 422)
            box = Box(where[0], where[1], where[2], where[3], code)
        except NotAnswered as open_one:
            return _page(chain, call, number, document, sent, {f"box_{open_one.field}": open_one.message}, 422)
        except (ValueError, OverflowError):
            wrong = "Draw the part on the page, or enter four numbers from 0 to 100"
            return _page(chain, call, number, document, sent, {"left": wrong}, 422)
        try:
            with chain.db.writing() as session:
                row = _access(session, call, number, document)
                page_rows.cover(
                    session, row, document, box, is_manager=call.may(Act.DECIDE_REQUEST), by=str(call.actor.id), at=chain.clock.now(),
                    looked=looked,
                )  # fmt: skip
        except NotAnswered as open_one:
            return _page(chain, call, number, document, sent, {f"box_{open_one.field}": open_one.message}, 422)
        return call.go(
            f"/requests/{number}/look/{document}", "The part is covered in the copy. The stored page stays as it is."
        )

    @pages.post("/requests/{number:int}/look/{document:uuid}/opinion", rule=Act.WORK_REQUEST)
    def opinion(call: Call, number: int, document: UUID) -> Response:
        """What a health professional says to showing this page (R66)."""
        sent = {name: value.strip() for name, value in call.sent.items()}
        given = day_in(sent.get("given_on", ""))
        mistakes = {}
        if sent.get("advice") not in set(Advice):
            mistakes["advice"] = "Choose what the health professional says"
        if given is None:
            mistakes["given_on"] = "Enter the day of the opinion, for example 20 11 2026"
        if mistakes or given is None:
            return _page(chain, call, number, document, sent, mistakes, 422)
        try:
            with chain.db.writing() as session:
                page_rows.add_opinion(
                    session, _access(session, call, number, document), document, Advice(sent["advice"]), who=sent.get("who", ""),
                    words=sent.get("said", ""), given_on=given, by=str(call.actor.id), at=chain.clock.now(),
                )  # fmt: skip
        except NotAnswered as open_one:
            return _page(chain, call, number, document, sent, {open_one.field: open_one.message}, 422)
        return call.go(f"/requests/{number}/look/{document}", "The opinion is recorded.")

    @pages.post("/requests/{number:int}/look/{document:uuid}/uncover/{box:uuid}", rule=Act.WORK_REQUEST)
    def uncover(call: Call, number: int, document: UUID, box: UUID) -> Response:
        with chain.db.writing() as session:
            row = _access(session, call, number, document)
            page_rows.uncover(session, row, box, by=str(call.actor.id), at=chain.clock.now())
        return call.go(f"/requests/{number}/look/{document}", "The part is not covered any more.")


def _making(chain: Paperchain, pages: Pages) -> None:
    making: dict[int, Making] = {}

    @pages.get("/requests/{number:int}/look", rule=Act.WORK_REQUEST)
    def look(call: Call, number: int) -> Response:
        return _look(call, number, making.get(number))

    @pages.post("/requests/{number:int}/look/beside", rule=Act.WORK_REQUEST)
    def settle_beside(call: Call, number: int) -> Response:
        """What becomes of what is on no page: notes, answers, actions, facts (R64)."""
        sent = {name: value.strip() for name, value in call.sent.items()}
        given = {thing: (sent.get(f"beside-{thing}", ""), sent.get(f"why-{thing}", "")) for thing in beside.Thing}
        try:
            with chain.db.writing() as session:
                _access(session, call, number)
                row = desk.workable(session, call, number, desk.version(sent))
                beside.settle(
                    session, row, given, is_manager=call.may(Act.DECIDE_REQUEST), by=str(call.actor.id), at=chain.clock.now()
                )  # fmt: skip
        except NotAnswered as open_one:
            return _look(call, number, making.get(number), {open_one.field: open_one.message}, 422)
        return call.go(f"/requests/{number}/look", "It is settled what becomes of what is on no page.")

    @pages.post("/requests/{number:int}/make", rule=Act.WORK_REQUEST)
    def make_copy(call: Call, number: int) -> Response:
        with chain.db.reading() as session:
            plan = page_rows.plan(session, _access(session, call, number))
        actor = str(call.actor.id)
        if len(plan.pages) <= AT_ONCE:
            bundling.make_copy(chain, number, actor=actor)
            return call.go(
                f"/requests/{number}", "The copy is made and checked: nothing can be read under the covered parts."
            )
        if number not in making or making[number].ended:
            making[number] = Making(of=len(plan.pages))
            threading.Thread(target=_beside, args=(chain, number, actor, making[number]), daemon=True).start()
        return call.go(f"/requests/{number}/look")


def _printing(chain: Paperchain, pages: Pages) -> None:
    @pages.get("/requests/{number:int}/copy.pdf", rule=Act.WORK_REQUEST, fresh=True)
    def copy(call: Call, number: int) -> Response:
        with chain.db.writing() as session:
            row = _access(session, call, number)
            if closed_in_copy(session, call, row):
                raise NotFound("There is nothing here.")
            document = session.get_one(Document, _made(session, row).pages_id)
            desk.looked(session, call, row, "file_copy_seen", pages=True)
            data = holdings.fetch(session, chain.store, document)
        return _pdf(data, "copy.pdf")

    @pages.get("/requests/{number:int}/covering.pdf", rule=Act.WORK_REQUEST)
    def covering(call: Call, number: int) -> Response:
        with chain.db.writing() as session:
            found, layout = _answering(session, call, number)
            if closed_in_copy(session, call, found.row):
                raise NotFound("There is nothing here.")
            letter = _covering(session, call, found)
            desk.looked(session, call, found.row, "file_covering_seen", pages=True)
        return _pdf(write(letter, layout=layout), "letter.pdf")

    @pages.get("/requests/{number:int}/receipt.pdf", rule=Act.WORK_REQUEST)
    def receipt(call: Call, number: int) -> Response:
        with chain.db.reading() as session:
            found, layout = _answering(session, call, number)
            letter = letters.receipt(about(call, found), _made(session, found.row).pages)
        return _pdf(write(letter, layout=layout), "receipt.pdf")


def _answers(
    sent: dict[str, str], code: str, before: str, decision: Decision = Decision.WITHHOLD
) -> tuple[Exemption | None, Looked]:
    """The reason that was chosen, and what was said about other people and health. For another person the reason follows from the answers.

    Raises NotAnswered. `before`: what the fields' names begin with.
    """
    if decision is Decision.MANAGER:
        return None, Looked()
    chosen = sent.get(code, "") if decision is Decision.WITHHOLD else ""
    others = OnPage(sent["others"]) if not chosen and sent.get("others") in set(OnPage) else None
    health = Health(sent["health"]) if not chosen and sent.get("health") in set(Health) else None
    if others is not OnPage.SHOWN and chosen != THIRD_PERSON:
        found = Exemption(chosen) if chosen in set(Exemption) and chosen not in THIRD else None
        return found, Looked(others, health=health)
    steps = steps_of(*(sent.get(before + name, "") for name in ("without", "agreed", "reasonable")))
    looked = Looked(others, steps, sent.get(f"{before}third", ""), health)
    if chosen == THIRD_PERSON and steps not in COVERS:
        raise NotAnswered("without", "By these answers it may be shown, so it is not left out", "R65")
    return COVERS.get(steps) if chosen else None, looked


def _beside(chain: Paperchain, number: int, actor: str, state: Making) -> None:
    def on_page(done: int, of: int) -> None:
        state.done, state.of = done, of

    try:
        bundling.make_copy(chain, number, actor=actor, on_page=on_page)
    except RecordsError as error:
        state.problem = error.message
    except Exception:  # the last net: whoever waits is told, and nothing was kept
        state.problem = "The copy could not be made. Try again, or ask for help."
    finally:
        state.ended = True


def _access(session: Session, call: Call, number: int, document: UUID | None = None) -> RequestRow:
    """A request for a copy that belongs to a file, for somebody who may work on it; with `document`, who may also look at that page (N10)."""
    row = desk.workable(session, call, number)
    if row.kind != Kind.ACCESS or row.file_id is None:
        raise NotFound("There is nothing here.")
    if document is not None and desk.closed_pages(session, call, row, [page_rows.one(session, row, document)]):
        raise NotFound("There is nothing here.")
    return row


def _closed(session: Session, call: Call, row: RequestRow) -> frozenset[UUID]:
    """The pages of the file that this person may not look at."""
    return desk.closed_pages(session, call, row, [one.document for one in page_rows.held(session, row)])


def _made(session: Session, row: RequestRow) -> BundleMade:
    found = page_rows.made(session, row)
    if found is None:
        raise NotFound("There is no copy of what is decided now.")
    return found


def _answering(session: Session, call: Call, number: int) -> tuple[steps.At, Layout]:
    _access(session, call, number)
    found = steps.at(session, call, number)
    return found, layout_for(wishes_of(session, found).format)


def _covering(session: Session, call: Call, found: steps.At) -> Letter:
    made, judged = _made(session, found.row), page_rows.judged(session, found.row)
    included = {one.page.document_id for one in judged if one.decision is Decision.INCLUDE}
    marks = sorted(
        {GROUNDS[box.code].mark for one in judged if one.decision is Decision.INCLUDE for box in one.page.boxes}
    )
    index: list[tuple[str, str, str]] = []
    for place, held in enumerate(
        [one for one in page_rows.held(session, found.row) if one.document.id in included], start=1
    ):
        words = (PART_WORDS.get(held.kind, "Page"), in_words(held.received))
        if index and index[-1][1:] == words:
            index[-1] = (f"{index[-1][0].split(' ')[0]} to {place}", *words)
        else:
            index.append((str(place), *words))
    settled = [each.words for each in register.told(session, found.row) if each.what is Event.WHAT_SETTLED]
    had = settled[-1].partition("Had it from us: ")[2] if settled else ""
    rule = call.desk.policy().retention
    kept = (
        f"Until the child’s {ordinal(rule.age)} birthday, unless a reason in law keeps it longer." if rule.age else ""
    )
    others = beside.of_request(session, found.row)
    told = letters.Article15(recipients=[line for line in had.splitlines() if line.strip()], kept=kept)
    return letters.covering(
        about(call, found, wishes_of(session, found).language), told, made.pages, left_out(judged), marks, index, others
    )


def _look(
    call: Call, number: int, making: Making | None, mistakes: dict[str, str] | None = None, status: int = 200
) -> Response:
    with call.desk.db.reading() as session:
        row = _access(session, call, number)
        judged, held = page_rows.judged(session, row), page_rows.held(session, row)
        made = page_rows.made(session, row)
        closed, others = _closed(session, call, row), beside.of_request(session, row)
        joined = len({one.document.file_id for one in held} - {row.file_id})
        asked = register.stand(session, row, call.desk.clock.today())
    decides = call.may(Act.DECIDE_REQUEST)
    goes = [(each, words) for each, words in beside.GOES_WORDS.items() if decides or each is not beside.Goes.QUIET]
    running = making is not None and not making.ended
    response = call.page(
        "look.html", status=status, mistakes=mistakes or {}, title=f"Request {number}: look through pages", row=row, rows=list(zip(held, judged, strict=True)),
        tally=page_rows.count(judged), cannot=cannot_be_made(judged), made=made, making=making, running=running,
        on_no_page=[] if asked.state is State.CLOSED else others, joined=joined, things=beside.THING_WORDS, goes=goes, sent=call.sent,
        decisions=DECISION_WORDS, grounds=GROUNDS, parts_words=PART_WORDS, first=_next(judged, None, closed), closed=closed,
        shut_copy=any(one.decision is Decision.INCLUDE and one.page.document_id in closed for one in judged),
    )  # fmt: skip
    if running:
        response.headers["Refresh"] = "3"
    return response


def _page(
    chain: Paperchain,
    call: Call,
    number: int,
    document: UUID,
    sent: dict[str, str],
    mistakes: dict[str, str],
    status: int = 200,
) -> Response:
    with chain.db.reading() as session:
        row = _access(session, call, number, document)
        held, closed = page_rows.held(session, row), _closed(session, call, row)
        here = next(one for one in held if one.document.id == document)
        decided = page_rows.decisions(session, row).get(document)
        reason = page_rows.reason_of(session, row, decided) if decided else ""
        boxes, names = page_rows.boxes(session, row).get(document, []), accounts.display_names(session)
        thirds = {box.id: page_rows.third_of(session, row, box) for box in boxes}
        third = page_rows.third_of(session, row, decided) if decided else ""
        opinions = [
            (one, *page_rows.opinion_words(session, row, one)) for one in page_rows.opinions(session, row, document)
        ]
    open_to_me = [one.document.id for one in held if one.document.id not in closed]
    place = open_to_me.index(document)
    return call.page(
        "look_page.html", status=status, title=f"Request {number}: page {here.number}", row=row, here=here, of=len(held),
        before=open_to_me[place - 1] if place else None, after=open_to_me[place + 1] if place + 1 < len(open_to_me) else None,
        decided=decided, reason=reason, boxes=boxes, names=names, sent=sent, mistakes=mistakes, decisions=DECISION_WORDS,
        grounds={THIRD_PERSON: "About another person (answer the three steps)"} | {
            code.value: ground.words for code, ground in GROUNDS.items()
            if code not in THIRD and (not ground.manager or call.may(Act.DECIDE_REQUEST))
        }, thirds=thirds, third=third, opinions=opinions, steps_words=STEPS_WORDS, on_page=ON_PAGE_WORDS, healths=HEALTH_WORDS,
        advices=ADVICE_WORDS, chosen=THIRD_PERSON if decided and decided.code in THIRD else decided.code if decided else "",
        answered=answered_as(decided.steps) if decided else {},
        all_grounds=GROUNDS, parts_words=PART_WORDS,
    )  # fmt: skip


def _next(judged: list[Judged], after: UUID | None, closed: Collection[UUID]) -> UUID | None:
    """The next page that nobody has decided, from a page on, then from the beginning; none of those that are `closed` to this person."""
    judged = [one for one in judged if one.page.document_id not in closed]
    ids = [one.page.document_id for one in judged]
    start = ids.index(after) + 1 if after in ids else 0
    return next((one.page.document_id for one in [*judged[start:], *judged[:start]] if one.decision is None), None)


def _pdf(data: bytes, name: str) -> Response:
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
