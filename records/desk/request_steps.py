"""The steps of a request: who is asking, are they allowed, what to do, approve, send. The pages of a copy are in `intake`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.consents.gate import Asker, OnFile, Purpose
from records.consents.outward import let_out, went_out
from records.desk import erasure_form, languages
from records.desk import request_pages as desk
from records.desk.file_papers import papers_of
from records.desk.out_rows import out_rows
from records.desk.request_doors import SHUT, blocked, closed_in_copy, name_field, not_the_one, second_persons, warned
from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.people import register as people
from records.people.entitlement import Outcome, Understanding, View
from records.people.tables import ChildFile
from records.people.typed import texts_wrong
from records.people.written import same
from records.requests import allowed, asker, beside, bundle, effects, erasure, erasure_list, kinds, register, unfounded
from records.requests import pages as page_rows
from records.requests.kinds import Closing, Event, Kind, Requester, Step, WhyRefused
from records.requests.letters import LetterKind
from records.requests.release import METHOD_WORDS, Method, cannot_release
from records.requests.standing import Standing
from records.requests.tables import RequestRow
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
LONGEST_ADDRESS = 300
WHAT_TYPED = {
    "searched": "Where you looked", "for": "What you looked for", "left": "What was left out", "recipients": "Who had it from us",
    "done": "What was done", "recipients_told": "Who was told",
}  # fmt: skip
RESULT_WORDS = {
    Outcome.REFUSE: "They may not have it.",
    Outcome.WITHHOLD: "They may not have it.",
    Outcome.NEEDS_DECISION: "A manager decides.",
    Outcome.RELEASE_AFTER_BEST_INTERESTS: "They may have it, if that is in the child’s best interests.",
    Outcome.RELEASE_AS_REPRESENTATIVE: "They may have it, for the young person.",
    Outcome.RELEASE: "They may have it.",
}


@dataclass
class At:
    """A step as it is worked on."""

    row: RequestRow
    stand: Standing
    file: ChildFile | None
    asking: register.Asking

    @property
    def kind(self) -> Kind:
        return Kind(self.row.kind)


def at(session: Session, call: Call, number: int, seen: int | None = None) -> At:
    """One request, for somebody who may work on it."""
    row = desk.workable(session, call, number, seen)
    file = session.get(ChildFile, row.file_id) if row.file_id else None
    return At(
        row,
        register.stand(session, row, call.desk.clock.today(), desk.target(call)),
        file,
        register.asking(session, row),
    )


@pages.get("/requests/{number:int}/who", rule=Act.WORK_REQUEST)
def who(call: Call, number: int) -> Response:
    return _first(call, number, Step.WHO)


@pages.post("/requests/{number:int}/who", rule=Act.WORK_REQUEST)
def settle_who(call: Call, number: int) -> Response:
    """Which person of the file asks, and where the answer goes: the address is typed twice."""
    sent = _sent(call)
    mistakes = {}
    with call.desk.db.reading() as session:
        found = at(session, call, number)
        known = {str(one.id): one for one in people.people(session, found.file)} if found.file is not None else {}
    if not same(sent.get("address", ""), sent.get("address_again", "")) and (
        sent.get("address") or sent.get("address_again")
    ):
        mistakes["address_again"] = "The two addresses are not the same"
    if len([line for line in sent.get("address", "").splitlines() if line.strip()]) > 5:
        mistakes["address"] = "Use at most 5 lines, so that the address fits the envelope"
    mistakes |= texts_wrong(sent, {"address": "The address"}, LONGEST_ADDRESS)
    person = sent.get("person", "")
    if found.file is None:
        mistakes["person"] = "Say first whose file this is about, on the page of the request"
    elif person not in {*known, "none"}:
        mistakes["person"] = "Choose who on the file is asking"
    else:
        mistakes |= not_the_one(found.row, found.asking, known.get(person), sent)
    if mistakes:
        return _show(call, number, Step.WHO, sent, mistakes, 422)
    with call.desk.db.writing() as session:
        found = at(session, call, number, desk.version(sent))
        found.row.person_id = UUID(person) if person != "none" else None
        named, words = {}, ""
        if person in known:
            field = name_field(found.row)
            named = {field: known[person].name}
            if found.asking.name == register.THE_FAMILY:
                found.row.requester = asker.recorded_as(known[person].kind)
            elif not same(getattr(found.asking, field), known[person].name):
                words = f"Recorded as {getattr(found.asking, field)}: the same person."
        register.change(session, found.row, address=sent.get("address", ""), **named)
        register.move(
            session, found.row, Event.WHO_CONFIRMED, on=_today(call), by=_me(call), at=call.desk.clock.now(), words=words,
        )  # fmt: skip
    return call.go(f"/requests/{number}", "It is settled who is asking.")


@pages.get("/requests/{number:int}/allowed", rule=Act.WORK_REQUEST)
def is_allowed(call: Call, number: int) -> Response:
    return _first(call, number, Step.ALLOWED)


@pages.post("/requests/{number:int}/allowed", rule=Act.WORK_REQUEST)
def settle_allowed(call: Call, number: int) -> Response:
    """What R19 says, from what is noted; where it leaves it to a person, the manager decides with a reason."""
    sent = _sent(call)
    if sent.get("understanding") not in set(Understanding) or sent.get("view") not in set(View):
        return _show(call, number, Step.ALLOWED, sent, {"understanding": "Choose what was noted about the child"}, 422)
    with call.desk.db.reading() as session:
        result = _judge(call, session, at(session, call, number), sent).result.whole
    if sent.get("confirm") != str(
        result.row
    ):  # what was noted is first answered, then confirmed by whoever read the answer
        return _show(call, number, Step.ALLOWED, sent, {})
    with call.desk.db.writing() as session:
        found = at(session, call, number, desk.version(sent))
        result = _judge(call, session, found, sent).result.whole
        code, mistakes = _settled(call, result.outcome, sent)
        if not mistakes and code is not None:
            what = Event.REFUSED if code == "refuse" else Event.ALLOWED
            policy = call.desk.policy()  # a decision names the version by which it was made (G8)
            noted = f"Row {result.row}: {result.reason} {sent.get('why', '')}".rstrip()
            noted += f" By {policy.title}, version {policy.version}."
            register.move(
                session, found.row, what, on=_today(call), by=_me(call), at=call.desk.clock.now(), words=noted,
                code=WhyRefused.NOT_ENTITLED if code == "refuse" else result.outcome.value,
            )  # fmt: skip
    if mistakes:
        return _show(call, number, Step.ALLOWED, sent, mistakes, 422)
    return call.go(
        f"/requests/{number}", "It is settled whether they are allowed." if code else "It waits for the manager."
    )


def _settled(call: Call, outcome: Outcome, sent: dict[str, str]) -> tuple[str | None, dict[str, str]]:
    if outcome in (Outcome.REFUSE, Outcome.WITHHOLD):
        return "refuse", {}
    if outcome in (Outcome.RELEASE, Outcome.RELEASE_AS_REPRESENTATIVE):
        return "release", {}
    if outcome is Outcome.RELEASE_AFTER_BEST_INTERESTS and sent.get("best_interests") == "yes":
        return "release", {}
    if outcome is Outcome.RELEASE_AFTER_BEST_INTERESTS:
        return None, {"best_interests": "Say that it is in the child’s best interests, or ask the manager"}
    if not call.may(Act.DECIDE_REQUEST):
        return None, {"decide": "Only a manager can decide this. Tell the manager that it waits"}
    if sent.get("decide") not in ("release", "refuse"):
        return None, {"decide": "Choose what you decide"}
    if not sent.get("why"):
        return None, {"why": "Say why you decide so"}
    if wrong := texts_wrong(sent, {"why": "Why you decide so"}):
        return None, wrong
    return sent["decide"], {}


@pages.get("/requests/{number:int}/what", rule=Act.WORK_REQUEST)
def what(call: Call, number: int) -> Response:
    return _first(call, number, Step.WHAT)


@pages.post("/requests/{number:int}/what", rule=Act.WORK_REQUEST)
def settle_what(call: Call, number: int) -> Response:
    """The search record of a copy (R63), or what was done for another right; what a right changes happens at once."""
    sent = _sent(call)
    with call.desk.db.reading() as session:
        begun = at(session, call, number)
        kind, idle = begun.kind, _not_withdrawn(session, begun)
    if kind is Kind.ERASURE:
        return _settle_list(call, number, sent)
    fields = (
        {
            "searched": "Say where you looked",
            "for": "Say what you looked for",
            "recipients": "Say who has had information from us. The letter tells it. If nobody has, write: Nobody",
        }
        if kind is Kind.ACCESS
        else {"done": "Say what was done"}
    )
    mistakes = {name: text for name, text in fields.items() if not sent.get(name)}
    if idle:
        mistakes = {"done": NOT_WITHDRAWN}
    if kind is Kind.ACCESS and sent.get("recipients", "").strip(" .").casefold() == "nobody":
        with call.desk.db.reading() as session:
            found = at(session, call, number)
            outside = (
                [row for row in went_out(session, found.file.id) if row.person_id is None]
                if found.file is not None
                else []
            )
        if outside:  # R64: the letter must not say what the history denies
            mistakes["recipients"] = (
                "The history of this file shows that something went out. Look there, and write who had it"
            )
    mistakes |= texts_wrong(sent, WHAT_TYPED)
    if mistakes:
        return _show(call, number, Step.WHAT, sent, mistakes, 422)
    with call.desk.db.writing() as session:
        found = at(session, call, number, desk.version(sent))
        _effect(call, session, found, sent)
        lines = (
            ("Looked in", "searched"), ("For", "for"), ("Left out, and why", "left"), ("Had it from us", "recipients"),
            ("Done", "done"), ("Told", "recipients_told"),
        )  # fmt: skip
        told = "\n".join(f"{name}: {sent[field]}" for name, field in lines if sent.get(field))
        register.move(
            session, found.row, Event.WHAT_SETTLED, on=_today(call), by=_me(call), at=call.desk.clock.now(), words=told
        )
    return call.go(f"/requests/{number}", "It is settled.")


def _settle_list(call: Call, number: int, sent: dict[str, str]) -> Response:
    """Erase or keep, for every item of the file (R31)."""
    with call.desk.db.reading() as session:
        found = at(session, call, number)
        units = erasure_list.asked_for(session, found.row, erasure_list.need_file(session, found.row))
    if erasure_form.FILL in sent:
        sent, filled, wrong = erasure_form.filled(sent, units, _today(call))
        return _show(call, number, Step.WHAT, sent, wrong, 422 if wrong else 200, filled=filled)
    given, mistakes = erasure_form.given_by(sent, units, _today(call))
    reasons = {name: "The reason" for name in sent if name.startswith("why-")}
    mistakes |= texts_wrong(sent, {"recipients_told": WHAT_TYPED["recipients_told"], **reasons})
    if mistakes:
        return _show(call, number, Step.WHAT, sent, mistakes, 422)
    told = f"Told: {sent['recipients_told']}" if sent.get("recipients_told") else ""
    with call.desk.db.writing() as session:
        found = at(session, call, number, desk.version(sent))
        file = erasure_list.need_file(session, found.row)
        erasure_list.settle(session, found.row, file, given, by=_me(call), at=call.desk.clock.now(), words=told)
    return call.go(
        f"/requests/{number}", "It is listed what is erased and what is kept. A manager who did not list it approves."
    )


def _effect(call: Call, session: Session, found: At, sent: dict[str, str]) -> None:
    by, now = _me(call), call.desk.clock.now()
    if found.file is None:
        if found.kind in (Kind.COMPLAINT,):
            return
        raise RefusedByRule("Say first whose file this is about, on the page of the request.", "P8")
    if found.kind is Kind.CORRECTION:
        effects.note_page(session, found.row, found.file, None, sent["done"], by=by, at=now)
    if found.kind is Kind.RESTRICTION:
        effects.restrict(session, found.row, found.file, by=by, at=now)
    if found.kind is Kind.OBJECTION:
        effects.stop_news(session, found.row, found.file, policy_version=call.desk.policy().version, by=by, at=now)


@pages.get("/requests/{number:int}/approve", rule=Act.WORK_REQUEST)
def approve(call: Call, number: int) -> Response:
    return _first(call, number, Step.APPROVE)


@pages.post("/requests/{number:int}/approve", rule=Act.DECIDE_REQUEST, fresh=True)
def settle_approve(call: Call, number: int) -> Response:
    """The manager's yes to a finished answer. For a copy: to exactly the one that was made from what is decided now."""
    sent = _sent(call)
    if wrong := texts_wrong(sent, {"words": "The note"}):
        return _show(call, number, Step.APPROVE, sent, wrong, 422)
    with call.desk.db.writing() as session:
        found = at(session, call, number, desk.version(sent))
        if found.stand.next_step is not Step.APPROVE and not _approval_fell(session, found):
            raise RefusedByRule("The steps before this one are not done yet.", "R64")
        if found.kind is Kind.ERASURE:
            file, words = erasure_list.need_file(session, found.row), sent.get("words", "")
            erasure_list.approve(session, found.row, file, by=_me(call), at=call.desk.clock.now(), words=words)
        else:
            _approve(call, session, found, sent.get("words", ""))
    return call.go(f"/requests/{number}", "It is approved.")


def _approval_fell(session: Session, found: At) -> bool:
    """Whether a list that waits to be erased is not what was approved: an answer came since, or a file was joined. It is approved anew."""
    if found.stand.next_step is not Step.ERASE or found.file is None:
        return False
    return not erasure_list.approved(session, found.row, found.file)


def _approve(call: Call, session: Session, found: At, words: str) -> None:
    code = None
    if found.kind is Kind.ACCESS:
        made = page_rows.made(session, found.row)
        if made is None:
            raise RefusedByRule("Something was decided otherwise since the copy was made. Make it again first.", "R64")
        still_open = beside.cannot_approve(session, found.row)
        if still_open:
            raise RefusedByRule(still_open, "R64")
        code = made.id.hex
    register.move(
        session, found.row, Event.APPROVED, on=_today(call), by=_me(call), at=call.desk.clock.now(), code=code, words=words
    )  # fmt: skip


@pages.get("/requests/{number:int}/send", rule=Act.WORK_REQUEST)
def send(call: Call, number: int) -> Response:
    return _first(call, number, Step.SEND)


@pages.post("/requests/{number:int}/send", rule=Act.WORK_REQUEST, fresh=True)
def settle_send(call: Call, number: int) -> Response:
    """It leaves the building: a copy only to the checked person and address, and the request is then answered."""
    sent = _sent(call)
    with call.desk.db.writing() as session:
        at(session, call, number)  # who may not know of it learns nothing from the version either
        found = at(session, call, number, desk.version(sent))
        method = Method(sent["method"]) if sent.get("method") in set(Method) else None
        mistakes = _cannot_send(call, session, found, method, sent)
        if closed_in_copy(session, call, found.row):
            mistakes = {"method": SHUT}
        if not mistakes and method is not None:
            checked_by = accounts.display_names(session)[sent["second_person"]]
            how = f"{METHOD_WORDS[method]}. Checked by {checked_by}."
            if sent.get("reference"):
                how += f" Tracking number {sent['reference']}."
            by, now = _me(call), call.desk.clock.now()
            _let_out_copy(call, session, found)
            register.move(session, found.row, Event.SENT, on=_today(call), by=by, at=now, code=method, words=how)
            register.close(
                session, found.row, Closing.REFUSED if found.stand.refused else Closing.DONE,
                hold_months=call.desk.policy().periods.hold_after_request_months, by=by, at=now,
            )  # fmt: skip
    if mistakes:
        return _show(call, number, Step.SEND, sent, mistakes, 422)
    return call.go(f"/requests/{number}", f"Request {number} is answered and closed.")


def _let_out_copy(call: Call, session: Session, found: At) -> None:
    """A copy leaves like everything else: the gate is asked, and it stands in the file's list of what went out (G1)."""
    if found.kind is not Kind.ACCESS or found.stand.refused or found.file is None:
        return
    request = str(found.row.id)
    who = people.shown_as(session, found.file, found.row.person_id) if found.row.person_id else None
    to = OnFile(str(who), request) if who else Asker(request)
    made = page_rows.made(session, found.row)
    if made is None:
        raise RefusedByRule("There is no copy of what is decided now.", "R64")
    # The pages themselves, not the copy alone: what the young person does not let go is known by its pages (W29).
    things = [str(made.pages_id), *(str(page.document_id) for page in page_rows.plan(session, found.row).pages)]
    let_out(
        session, call.actor, found.file.id, to, things, Purpose.ACCESS, call.desk.clock.now(), policy=call.desk.policy(), how="letter"
    )  # fmt: skip


NOT_WITHDRAWN = "Record the withdrawal on the file first. Until then it does not count"


def _not_withdrawn(session: Session, found: At) -> bool:
    """A withdrawal that nobody recorded: no answer may say that it was (W41, R30)."""
    if found.kind is not Kind.WITHDRAWAL or found.file is None:
        return False
    return not effects.said_no_since(session, found.file, found.stand.received)


def _cannot_send(
    call: Call, session: Session, found: At, method: Method | None, sent: dict[str, str]
) -> dict[str, str]:
    if found.stand.next_step is not Step.SEND:
        return {"method": "The steps before this one are not done yet"}
    if _not_withdrawn(session, found):
        return {"method": NOT_WITHDRAWN}
    if unfounded.refused(session, found.row) and not unfounded.letter_printed(session, found.row, LetterKind.UNFOUNDED):
        return {"method": "Print the letter ‘We refuse your request’ first: it gives the reason, and how to complain"}
    tasks = {task.step: task.done for task in found.stand.tasks}
    copy = found.kind is Kind.ACCESS and not found.stand.refused
    if copy and page_rows.made(session, found.row) is None:
        return {"method": "Something was decided otherwise since the copy was made. Make it again first"}
    by_r19 = found.kind is Kind.ACCESS and not unfounded.refused(session, found.row)
    if (
        by_r19
        and found.file is not None
        and allowed.changed_since(session, found.row, found.file, call.desk.policy(), _today(call))
    ):
        whether = "they are not allowed" if found.stand.refused else "they are allowed"
        return {"method": f"Something has changed since it was settled that {whether}. Settle that again first"}
    requester = Requester(found.row.requester)
    if not copy and requester is Requester.BODY:
        requester = Requester.OTHER_RELATIVE  # a letter that refuses may go to a body; the family's pages never do
    return cannot_release(
        requester=requester, allowed=found.stand.refused or tasks.get(Step.ALLOWED, True), approved=tasks.get(Step.APPROVE, True),
        method=method, name=found.asking.name, address=found.asking.address, typed_name=sent.get("typed_name", ""),
        typed_address=sent.get("typed_address", ""), blocks=blocked(session, found.row, found.file, found.asking.address, method),
        second_person=sent.get("second_person", ""),
        others={str(each.id) for each in second_persons(session, call, found.row)}, reference=sent.get("reference", ""),
    )  # fmt: skip


def _judge(call: Call, session: Session, found: At, sent: dict[str, str]) -> allowed.Judgement:
    if found.file is None:
        raise NotFound("There is nothing here.")
    return allowed.judge(
        session, found.row, found.file, call.desk.policy(), _today(call),
        Understanding(sent.get("understanding") or Understanding.NOT_NOTED), View(sent["view"] if _viewed(sent) else View.NOT_ASKED),
    )  # fmt: skip


def _viewed(sent: dict[str, str]) -> bool:
    return sent.get("view") in set(View)


def _first(call: Call, number: int, step: Step) -> Response:
    """A step as it is opened: what it shows of the file is one view of it (P9)."""
    with call.desk.db.writing() as session:
        found = at(session, call, number)
        if step in kinds.steps(found.kind):
            desk.looked(session, call, found.row, "file_request_seen", pages=False)
    return _show(call, number, step, {}, {})


def _show(
    call: Call, number: int, step: Step, sent: dict[str, str], mistakes: dict[str, str], status: int = 200, *, filled: int = 0
) -> Response:  # fmt: skip
    with call.desk.db.reading() as session:
        found = at(session, call, number)
        if step not in kinds.steps(found.kind):
            raise NotFound("There is nothing here.")
        on_file = people.people(session, found.file) if found.file is not None else []
        judged = None
        if step is Step.ALLOWED and found.file is not None and sent.get("understanding") in set(Understanding):
            judged = _judge(call, session, found, sent).result.whole
        made = (
            page_rows.made(session, found.row)
            if found.file is not None and found.kind is Kind.ACCESS and step in (Step.APPROVE, Step.SEND)
            else None
        )
        counts = (
            page_rows.count(page_rows.judged(session, found.row))
            if found.file is not None and step is Step.APPROVE and found.kind is Kind.ACCESS
            else None
        )
        blocks = warned(session, found.row, found.file, found.asking.address) if step is Step.SEND else []
        others = beside.of_request(session, found.row) if step is Step.APPROVE and found.kind is Kind.ACCESS else []
        refused_so = unfounded.refused(session, found.row)
        seconds = second_persons(session, call, found.row) if step is Step.SEND else []
        shut = (
            step in (Step.APPROVE, Step.SEND) and not found.stand.refused and closed_in_copy(session, call, found.row)
        )
        language = languages.warned(session, found.row.file_id, found.row.person_id)
        told = register.told(session, found.row)
        listing = found.kind is Kind.ERASURE and found.file is not None and step in (Step.WHAT, Step.APPROVE)
        out = (
            out_rows(session, call, found.file)
            if found.file is not None and found.kind is Kind.ACCESS and step is Step.WHAT
            else []
        )
        units = erasure_list.asked_for(session, found.row, found.file) if listing and found.file is not None else []
        decided = erasure_list.decided(session, found.row) if listing else {}
        reasons = erasure_list.reasons(session, found.row) if listing and step is Step.WHAT else {}
        papers = papers_of(session, call, found.file) if listing and found.file is not None else []
    return call.page(
        "request_step.html", status=status, title=f"Request {number}: {kinds.step_words(found.kind, step).lower()}", at=found, step=step,
        words=kinds.step_words(found.kind, step), people=on_file, sent=sent, mistakes=mistakes, judged=judged, made=made, tally=counts,
        blocks=blocks, seconds=seconds, language=language, refused_so=refused_so, others=others, things=beside.THING_WORDS, goes=beside.GOES_WORDS,
        told=told, shut=SHUT if shut else "",
        understanding=allowed.UNDERSTANDING_WORDS, views=allowed.VIEW_WORDS, results=RESULT_WORDS,
        methods=METHOD_WORDS, table=desk.WORDS, may_decide=call.may(Act.DECIDE_REQUEST), grounds=bundle.GROUNDS,
        out=out, units=units, decided=decided, reasons=reasons, erasure_grounds=erasure.GROUND_WORDS, summary=erasure_form.summed(mistakes, len(units)),
        filled=filled, pictures={each.part_id: each.first_page for each in papers},
    )  # fmt: skip


def _sent(call: Call) -> dict[str, str]:
    return {name: value.strip() for name, value in call.sent.items()}


def _today(call: Call) -> date:
    return call.desk.clock.today()


def _me(call: Call) -> str:
    return str(call.actor.id)
