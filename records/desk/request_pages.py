"""Requests on the desk: the list, recording one, its task list with its dates, and what may happen to it in between."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.audit import trail
from records.desk import languages, withdrawal_pages
from records.desk.days import day_in
from records.desk.file_frame import LARGEST_NUMBER, frame, opened, seen
from records.desk.numbers import whole
from records.desk.paging import piece
from records.desk.seen_in_post import item_seen, may_work, settle_seen
from records.desk.shell import Call, Pages
from records.documents.tables import Document
from records.documents.text.spotting import RequestKind as Seen
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard import glass
from records.guard.standing import about, restricted_parts
from records.people import register as people
from records.people.tables import ChildFile
from records.people.typed import text_problem
from records.requests import effects, receipts, register, unfounded
from records.requests import kinds as words
from records.requests.kinds import Closing, Event, Kind, Requester, Route, WhyExtended
from records.requests.register import Asking
from records.requests.standing import (
    STATE_WORDS,
    Standing,
    State,
    cannot_close_unanswered,
    cannot_extend,
    cannot_move_received,
)
from records.requests.tables import RequestRow
from records.requests.working_days import england
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
COUNCIL_WORDS = {"agrees": "They agree that the council is told that it came", "not": "They do not agree"}
WORDS = {
    "kinds": words.KIND_WORDS, "hints": words.KIND_HINTS, "routes": words.ROUTE_WORDS, "requesters": words.REQUESTER_WORDS,
    "events": words.EVENT_WORDS, "closings": words.CLOSING_WORDS, "states": STATE_WORDS, "extended": words.EXTENDED_WORDS,
    "council": COUNCIL_WORDS, "refusals": {why.value: words.REFUSED_WORDS[why] for why in unfounded.WHY},
}  # fmt: skip
FROM_POST = {
    Seen.COPY.value: Kind.ACCESS.value, Seen.WITHDRAW.value: Kind.WITHDRAWAL.value, Seen.DELETE.value: Kind.ERASURE.value,
    Seen.CORRECT.value: Kind.CORRECTION.value, Seen.COMPLAIN.value: Kind.COMPLAINT.value,
}  # fmt: skip
CODES = COUNCIL_WORDS | {
    code.value: text
    for table in (words.CLOSING_WORDS, words.EXTENDED_WORDS, words.REFUSED_WORDS)
    for code, text in table.items()
}


@pages.get("/requests", rule=Act.SEE_REQUESTS)
def requests(call: Call) -> Response:
    """Every open request, the one due first at the top."""
    closed = call.request.query_params.get("show") == "all"
    with call.desk.db.reading() as session:
        found = register.listed(session, call.desk.clock.today(), open_only=not closed, target_days=target(call))
        late = receipts.overdue(session, call.desk.clock.today())
        total = register.count(session, open_only=not closed)
    mine = [may_work(call, one.file) for one in found]
    shown = piece(call, list(zip(found, mine, strict=True)), "/requests?show=all" if closed else "/requests")
    return call.page(
        "requests.html", title="Requests", rows=shown.rows, piece=shown, words=WORDS, closed=closed, late=late,
        listed=len(found), total=total,
        first=next((one for one, may in zip(found, mine, strict=True) if may and one.standing.state.value != "closed"), None),
    )  # fmt: skip


@pages.get("/requests/new", rule=Act.RECORD_REQUEST)
def new(call: Call) -> Response:
    """Recording a request by itself, or from a possible request that was seen in the post."""
    asked = call.request.query_params
    with call.desk.db.reading() as session:
        item = item_seen(session, call, asked.get("item", ""))
    if item is None:
        return _new(call, {}, {})
    seen = asked.get("seen", "")
    sent = {
        "item": str(item.number), "seen": seen, "kind": FROM_POST.get(seen, ""), "route": Route.POST.value,
        "received": f"{item.received_on.day} {item.received_on.month} {item.received_on.year}",
    }  # fmt: skip
    return _new(call, sent, {})


@pages.get("/files/{number:int}/requests/new", rule=Act.OPEN_FILE)
def new_on_file(call: Call, number: int) -> Response:
    """Recording a request from a child's file."""
    with call.desk.db.reading() as session:
        opened(session, call, number)
    return _new(call, {"file": f"PC-{number:04d}"}, {})


@pages.post("/requests/new", rule=Act.RECORD_REQUEST)
def record(call: Call) -> Response:
    """Records it; the file is held from this moment (R68)."""
    sent = {name: value.strip() for name, value in call.sent.items()}
    mistakes, today = {}, call.desk.clock.today()
    for field, kinds, text in (
        ("kind", set(Kind), "Choose what they ask for"), ("requester", set(Requester), "Choose who is asking"),
        ("route", set(Route), "Choose how it reached us"),
    ):  # fmt: skip
        if sent.get(field) not in kinds:
            mistakes[field] = text
    received = day_in(sent.get("received", ""))
    if received is None:
        mistakes["received"] = "Enter the day it was received, for example 20 11 2026"
    asking = Asking(sent.get("name", ""), sent.get("words", ""), sent.get("acts_for", ""), sent.get("acts_as", ""))
    if sent.get("requester") == Requester.AGENT and not (
        asking.acts_for and asking.acts_as in (Requester.CHILD, Requester.PARENT)
    ):
        mistakes["acts_for"] = "Enter for whom they act, and as what that person asks"
    if "kind" not in mistakes and received is not None:
        mistakes |= register.wrong_with(asking, Kind(sent["kind"]), received, today)
    elif not asking.name:
        mistakes["name"] = "Enter who is asking"
    number = file_number(sent.get("file", ""))
    if sent.get("file") and number is None:
        mistakes["file"] = "Enter a file number, for example PC-0042, or leave it empty"
    if mistakes or received is None:
        return _new(call, sent, mistakes, status=422)
    if sent["kind"] == Kind.WITHDRAWAL and number is not None:
        # It counts from the moment it is recorded, not when a request is answered (W41, R30).
        return withdrawal_pages.asked_for(call, sent, number, received)
    try:
        with call.desk.db.writing() as session:
            file = None
            if number is not None:
                try:
                    file = people.by_number(session, number)
                except NotFound:
                    raise RefusedByRule("No file has this number. Look at it again, or leave it empty", "P8") from None
            item = item_seen(session, call, sent.get("item", ""))
            row = register.record(
                session, item=item, kind=Kind(sent["kind"]), route=Route(sent["route"]), requester=Requester(sent["requester"]),
                asking=asking, received_on=received, by=str(call.actor.id), at=call.desk.clock.now(), file=file,
                target_days=target(call),
            )  # fmt: skip
            settle_seen(session, item, sent.get("seen", ""), call)
            if row.kind == Kind.OBJECTION and file is not None:
                effects.stop_news(
                    session, row, file, policy_version=call.desk.policy().version, by=str(call.actor.id), at=call.desk.clock.now()
                )  # fmt: skip
            made, mine, on_file = row.number, may_work(call, file), file is not None
    except RefusedByRule as refused:
        return _new(call, sent, {"file": refused.message}, status=422)
    notice = f"Request {made} is recorded." + (" The file is held, so nothing of it is destroyed." if on_file else "")
    return call.go(f"/requests/{made}" if mine else "/requests", notice)


@pages.get("/files/{number:int}/requests", rule=Act.OPEN_FILE)
def of_file(call: Call, number: int) -> Response:
    """The tab of a child's file: its requests, open and closed."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number)
        top = frame(session, call, file, "/requests")
        found = register.listed(
            session, call.desk.clock.today(), open_only=False, file_id=file.id, target_days=target(call)
        )
        notes = effects.notes(session, file)
    seen(call, file.id, "file_requests_seen")
    return call.page(
        "file_requests.html", title=f"File PC-{number:04d}, requests", frame=top, rows=found, words=WORDS, notes=notes,
        may_work=may_work(call, file),
    )  # fmt: skip


@pages.get("/requests/{number:int}", rule=Act.WORK_REQUEST)
def one(call: Call, number: int) -> Response:
    """The task list of one request, its dates and what happened."""
    with call.desk.db.writing() as session:
        looked(session, call, workable(session, call, number), "file_request_seen", pages=False)
    return shown(call, number, {}, {})


@pages.post("/requests/{number:int}/act", rule=Act.WORK_REQUEST)
def act(call: Call, number: int) -> Response:
    """Something happened: proof, a question, an answer, more time, the end."""
    sent = {name: value.strip() for name, value in call.sent.items()}
    wanted = ACTS.get(sent.get("do", ""))
    if wanted is None:
        raise NotFound("There is nothing here.")
    if problem := text_problem(sent.get("words", ""), "What you typed"):
        return shown(call, number, sent, {f"{sent['do']}-words": problem}, status=422)
    try:
        with call.desk.db.writing() as session:
            workable(session, call, number)  # who may not know of it learns nothing from the version either
            row = workable(session, call, number, version(sent))
            notice = wanted(call, session, row, sent)
    except RefusedByRule as refused:
        return shown(call, number, sent, {f"{sent['do']}-{_field(sent)}": refused.message}, status=422)
    return call.go(f"/requests/{number}", notice)


def _field(sent: dict[str, str]) -> str:
    """The field that a refused act is shown at."""
    return next(
        (name for name in ("on", "words", "code", "file") if name in sent and not sent[name]),
        "on" if "on" in sent else "words",
    )


def workable(session: Session, call: Call, number: int, seen: int | None = None) -> RequestRow:
    """The request, if this person may work on it; missing and forbidden look alike. ChangedMeanwhile when it is not as it was seen."""
    if number > LARGEST_NUMBER:
        raise NotFound("There is nothing here.")
    row = register.get(session, number)
    file = session.get(ChildFile, row.file_id) if row.file_id else None
    if not all(may_work(call, each) for each in ([None] if file is None else people.all_of(session, file))):
        raise NotFound("There is nothing here.")
    return register.get(session, number, seen)


def looked(session: Session, call: Call, row: RequestRow, entry: str, *, pages: bool) -> None:
    """What somebody sees of a file through a request stands among the views of that file (P9).

    `pages`: its pages, or what is made of them. Whoever may not open the file then has the request as their ground (N10).
    """
    if row.file_id is None:
        return
    file, at = people.all_of(session, people.get(session, row.file_id))[0], call.desk.clock.now()
    trail.append(
        session, actor=str(call.actor.id), act=entry, subject_kind="file", subject_id=str(file.id), at=at,
        detail={"request": row.number},
    )  # fmt: skip
    if pages and not call.may(Act.SEE_FILE_DOCUMENT, about(file)):
        glass.through_request(session, call.actor, file, row.number, at=at)


def closed_pages(session: Session, call: Call, row: RequestRow, pages: Sequence[Document]) -> frozenset[UUID]:
    """Those of a request's pages that are restricted by themselves, to others than this person (N10): not shown, and not theirs to decide."""
    if row.file_id is None:
        return frozenset()
    file = people.get(session, row.file_id)
    shut = restricted_parts(session, file.id)
    return frozenset(
        page.id
        for page in pages
        if page.part_id in shut and not call.may(Act.WORK_REQUEST, about(file, {page.part_id}))
    )


def version(sent: dict[str, str]) -> int:
    """The version that a form carries. ChangedMeanwhile when it carries none."""
    typed = whole(sent.get("version", ""))
    if typed is None:
        raise ChangedMeanwhile("This page was out of date. Look at the request again.")
    return typed


def file_number(typed: str) -> int | None:
    """PC-0042 or 42; None for anything else."""
    return whole(typed.strip().upper().removeprefix("PC-").removeprefix("PC"))


def _new(call: Call, sent: dict[str, str], mistakes: dict[str, str], status: int = 200) -> Response:
    return call.page(
        "request_new.html", status=status, title="Record a request", sent=sent, mistakes=mistakes, words=WORDS
    )


def shown(call: Call, number: int, sent: dict[str, str], mistakes: dict[str, str], status: int = 200) -> Response:
    """The page of one request."""
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        row = workable(session, call, number)
        stand = register.stand(session, row, today, target(call))
        file = session.get(ChildFile, row.file_id) if row.file_id else None
        asking, told = register.asking(session, row), register.told(session, row)
        names = accounts.display_names(session)
        idle = row.kind == Kind.WITHDRAWAL and not (file and effects.said_no_since(session, file, stand.received))
        language = languages.warned(session, row.file_id, row.person_id)
        refused_so = unfounded.refused(session, row)
        waits = receipts.awaited_since(register.events(session, row)) if row.kind == Kind.ACCESS else None
    return call.page(
        "request.html", status=status, title=f"Request {number}", row=row, kind=Kind(row.kind), stand=stand, asking=asking,
        file_number=file.number if file is not None else None, told=told, names=names, words=WORDS, codes=CODES, sent=sent,
        mistakes=mistakes, receipt_awaited=waits, idle=idle, known=row.person_id is not None, language=language, requester=Requester(row.requester),
        refused_so=refused_so, may_refuse_so=Kind(row.kind) in unfounded.KINDS and call.may(Act.DECIDE_REQUEST),
        may_close_unanswered=cannot_close_unanswered(stand, today), may_decide=call.may(Act.DECIDE_REQUEST),
    )  # fmt: skip


def _on(call: Call, sent: dict[str, str]) -> date:
    found = day_in(sent.get("on", "")) if sent.get("on") else call.desk.clock.today()
    if found is None:
        raise RefusedByRule("Enter a real day, for example 20 11 2026.", "R9")
    return found


Did = Callable[[Call, Session, RequestRow, dict[str, str]], str]


def _simple(what: Event, notice: str, *, need: str | None = None, code: str | None = None) -> Did:
    def did(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
        text = sent.get("words", "")
        if need is not None and not text:
            raise RefusedByRule(need, "R6")
        register.move(
            session,
            row,
            what,
            on=_on(call, sent),
            by=str(call.actor.id),
            at=call.desk.clock.now(),
            code=code,
            words=text,
        )
        return notice

    return did


def _identity(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    if row.person_id is not None and not sent.get("words"):
        raise RefusedByRule(
            "We know this person. Say why proof is needed: without a reason the time does not wait for it.", "R2"
        )
    return _proof(Event.IDENTITY_ASKED)(call, session, row, sent)


def _proof(what: Event) -> Did:
    """Proof is asked for (R2): in time, the clock waits for it; after the last lawful day, nothing does."""

    def did(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
        _simple(what, "")(call, session, row, sent)
        if _stand(call, session, row).state is State.WAITS_IDENTITY:
            return "The time begins when the proof comes."
        return (
            "It is recorded. The last lawful day had passed before you asked, so the time does not wait for the proof."
        )

    return did


def _pause(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    if _stand(call, session, row).paused_on is not None:
        raise RefusedByRule("It waits for an answer already.", "R6")
    return _simple(
        Event.PAUSED, "The time stands still.", need="Say what you asked, and why it is needed to find what they want."
    )(call, session, row, sent)


def _answered(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    paused = _stand(call, session, row).paused_on
    if paused is None or _on(call, sent) < paused:
        raise RefusedByRule("An answer cannot come before its question.", "R6")
    return _simple(Event.ANSWERED, "The time runs on.")(call, session, row, sent)


def _received(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    before, after = _stand(call, session, row).received, _on(call, sent)
    wrong = cannot_move_received(before, after, sent.get("words", ""), call.desk.clock.today())
    if wrong:
        raise RefusedByRule(wrong, "R1")
    what = Event.RECEIVED_EARLIER if after < before else Event.RECEIVED_LATER
    return _simple(what, "The dates are worked out anew.")(call, session, row, sent)


def _extend(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    if row.kind == Kind.COMPLAINT:
        raise RefusedByRule("A complaint has no such extension.", "R70")
    notice_on = day_in(sent.get("on", "")) if sent.get("on") else None
    wrong = cannot_extend(
        row.received_on,
        register.events(session, row),
        sent.get("code", ""),
        notice_on,
        england(),
        call.desk.clock.today(),
    )
    if wrong is None and not sent.get("words"):
        wrong = "Say why, as the notice says it."
    if wrong or notice_on is None:
        raise RefusedByRule(wrong or "Enter the day of the notice.", "R7")
    register.move(
        session, row, Event.EXTENDED, on=notice_on, by=str(call.actor.id), at=call.desk.clock.now(),
        code=WhyExtended(sent["code"]), words=sent["words"],
    )  # fmt: skip
    return "It is extended to three months from the start."


def _acknowledge(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    if row.kind != Kind.COMPLAINT:
        raise NotFound("There is nothing here.")
    return _simple(Event.ACKNOWLEDGED, "It is acknowledged.")(call, session, row, sent)


def _close(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    why = sent.get("code", "")
    if why not in (Closing.UNANSWERED, Closing.TAKEN_BACK, Closing.NO_REQUEST):
        raise RefusedByRule("Choose why it is closed.", "R8")
    if why == Closing.UNANSWERED:
        wrong = cannot_close_unanswered(
            _stand(call, session, row), call.desk.clock.today(), call.desk.policy().periods.clarification_close_months
        )
        if wrong:
            raise RefusedByRule(wrong, "R8")
    elif not sent.get("words"):
        raise RefusedByRule("Say how you know.", "R62")
    register.close(
        session, row, Closing(why), hold_months=call.desk.policy().periods.hold_after_request_months, by=str(call.actor.id),
        at=call.desk.clock.now(), words=sent.get("words", ""),
    )  # fmt: skip
    return "It is closed. It can be opened again at any time."


def _unfounded(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    unfounded.refuse(
        session, row, sent.get("code", ""), sent.get("words", ""), is_manager=call.may(Act.DECIDE_REQUEST), by=str(call.actor.id),
        at=call.desk.clock.now(),
    )  # fmt: skip
    return "It is refused. Print the letter, which gives your reason, and send it."


def _council(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    """Whether the person agrees that the council, which passed it on, is told that it came (W13, S22)."""
    if row.route != Route.COUNCIL:
        raise NotFound("There is nothing here.")
    if sent.get("code") not in COUNCIL_WORDS:
        raise RefusedByRule("Choose what the person said.", "W13")
    _simple(Event.COUNCIL, "", need="Say how and when they told you.", code=sent["code"])(call, session, row, sent)
    register.change(session, row, council_may_know=sent["code"] == "agrees")
    return "It is recorded whether the council may know that the request came."


def _reopen(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    register.reopen(
        session,
        row,
        by=str(call.actor.id),
        at=call.desk.clock.now(),
        words=sent.get("words", ""),
        target_days=target(call),
    )
    return "It is open again, and its file is held."


def _put(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    number = file_number(sent.get("file", ""))
    try:
        file = people.by_number(session, -1 if number is None else number)
        call.need(Act.WORK_REQUEST, about(file))
    except NotFound:
        raise RefusedByRule("No file of yours has this number. Look at it again.", "P8") from None
    by, at = str(call.actor.id), call.desk.clock.now()
    register.put_on_file(session, row, file, None, by=by, at=at)
    if row.kind == Kind.WITHDRAWAL:
        return "The request is on the file. Record now what they say no to: until then it does not count."
    if row.kind == Kind.OBJECTION:
        effects.stop_news(session, row, file, policy_version=call.desk.policy().version, by=by, at=at)
    return "The request is on the file, and the file is held."


def _receipt(call: Call, session: Session, row: RequestRow, sent: dict[str, str]) -> str:
    by, at = str(call.actor.id), call.desk.clock.now()
    receipts.came(session, row, on=_on(call, sent), by=by, at=at, words=sent.get("words", ""))
    return "The receipt is recorded."


def target(call: Call) -> int:
    """Our own target for an answer, as the policy sets it (R5)."""
    return call.desk.policy().periods.request_target_days


def _stand(call: Call, session: Session, row: RequestRow) -> Standing:
    return register.stand(session, row, call.desk.clock.today(), target(call))


ACTS: dict[str, Did] = {
    "received": _received, "identity_asked": _identity,
    "identity_seen": _simple(Event.IDENTITY_SEEN, "Proof of identity is recorded.", need="Say which proof you saw. Keep no copy of it."),
    "authority_asked": _proof(Event.AUTHORITY_ASKED),
    "authority_seen": _simple(Event.AUTHORITY_SEEN, "Proof of authority is recorded.", need="Say which proof you saw."),
    "paused": _pause, "chased": _simple(Event.CHASED, "It is recorded that you asked again."), "answered": _answered,
    "extended": _extend, "acknowledged": _acknowledge,
    "receipt": _receipt, "unfounded": _unfounded, "council": _council,
    "close": _close, "reopen": _reopen, "put": _put,
}  # fmt: skip
