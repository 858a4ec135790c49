"""A contact with one named body: when it happens or happened, what is shared, what is said (N12, N14, N15, W29)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session
from starlette.responses import Response

from records.clock import LONDON
from records.consents import asking, bodies, gate, planned
from records.consents.bodies import BodyShown
from records.consents.gate import Body, Purpose
from records.consents.items import CATEGORY_WORDS
from records.consents.outward import NoLeave
from records.consents.planned import MOST_DAYS_AHEAD, Ended, Plan, Planned
from records.consents.typed import LONGEST_NOTE, day_wrong, text_wrong
from records.desk.days import day_in, moment_in
from records.desk.file_frame import frame, opened, seen
from records.desk.file_papers import chosen, papers_of
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.letters import family
from records.letters.writing import Sender
from records.people import register
from records.people.tables import ChildFile
from records.requests import contacts
from records.requests.contacts import Contact
from records.staff.access import Act

pages = Pages()

HOW = (("telephone", "By telephone"), ("email", "By email"), ("letter", "By letter"), ("meeting", "In a meeting"))
PURPOSES = (
    (Purpose.CONTACT, "Contact for the family"),
    (Purpose.SHARE, "Share information"),
    (Purpose.OBTAIN, "Get information"),
)
NOW, PAST, PLAN = "now", "past", "plan"
WHEN = (
    (NOW, "I am about to make it, or make it now"),
    (PAST, "It has happened already"),
    (PLAN, "It is planned for a day ahead"),
)
ALREADY = "If it has happened already, say so below and when: it is then recorded as without leave. To ask the family first, plan it for a day ahead."


@pages.get("/files/{number:int}/contacts/{body:uuid}", rule=Act.CHANGE_CONSENT)
def new(call: Call, number: int, body: UUID) -> Response:
    """The page on which a contact is recorded, with the gate's answer now for each purpose."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        named = _body(session, file, body)
        wanted = _plan_sent(session, call, file, named, call.request.query_params.get("plan", ""))
    seen(call, file.id, "file_contacts_seen")
    here = call.desk.clock.now().astimezone(LONDON)
    sent = {"on": f"{here.day} {here.month} {here.year}"}
    if wanted is not None:
        sent |= {"plan": str(wanted.row.id), "purpose": wanted.row.purpose, "told": wanted.words}
    return _page(call, file, named, sent, {})


def _plan_sent(session: Session, call: Call, file: ChildFile, named: BodyShown, typed: str) -> Planned | None:
    """The plan that this contact carries out, if it still stands; None for a contact by itself."""
    plans = planned.of_file(session, call.actor, file, policy=call.desk.policy(), at=call.desk.clock.now())
    return next((each for each in plans if str(each.row.id) == typed and each.body.id == named.id), None)


def _body(session: Session, file: ChildFile, body: UUID) -> BodyShown:
    for each in bodies.of_file(session, file):
        if each.id == body:
            return each
    raise NotFound("There is nothing here.")


def _page(
    call: Call, file: ChildFile, body: BodyShown, sent: Mapping[str, str], mistakes: Mapping[str, str]
) -> Response:
    policy, now = call.desk.policy(), call.desk.clock.now()
    to = Body(body.category, str(body.id))
    with call.desk.db.reading() as session:
        facts = asking.facts_of(session, file.id, policy)
        may = [(words, gate.may_we(call.actor, facts, to, (), purpose, now)) for purpose, words in PURPOSES]
        papers = papers_of(session, call, file)
        top = frame(session, call, file, "/contacts/new")
    ticked, _ = chosen(call, papers)
    return call.page(
        "contact_new.html", status=422 if mistakes else 200, title=f"File PC-{file.number:04d}, record a contact", frame=top,
        number=file.number, body=body, kind=CATEGORY_WORDS[body.category], may=may, papers=papers, ticked=ticked, sent=sent,
        mistakes=mistakes, how=HOW, purposes=PURPOSES, when=WHEN, key=sent.get("key") or str(uuid4()),
    )  # fmt: skip


@pages.post("/files/{number:int}/contacts/{body:uuid}/contact", rule=Act.CHANGE_CONSENT)
def save(call: Call, number: int, body: UUID) -> Response:
    """Records the contact. About to be made, the gate's no stops it; made already, it is recorded all the same, as without leave."""
    sent, now = call.sent, call.desk.clock.now()
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        named = _body(session, file, body)
        things, known = chosen(call, papers_of(session, call, file))
    happened = moment_in(sent.get("on", ""), sent.get("at", "")) if sent.get("when") == PAST else None
    mistakes = _wrong(sent, happened, now, shares=bool(things))
    if not known:
        mistakes["things"] = "A document that you chose is not here any more. Choose again"
    if mistakes:
        return _page(call, file, named, sent, mistakes)
    if sent.get("when") == PLAN:
        return _planned(call, number, body)
    contact = Contact(
        named, Purpose(sent["purpose"]), sent["how"], press_key(sent), things, sent.get("told", ""), happened
    )
    policy = call.desk.policy_of((happened or now).astimezone(LONDON).date())
    try:
        with call.desk.db.writing() as session:
            file = opened(session, call, number, Act.CHANGE_CONSENT)
            entered = contacts.record(session, call.actor, file, contact, at=now, policy=policy)
            plan = _plan_sent(session, call, file, named, sent.get("plan", ""))
            if plan is not None:
                planned.made(session, file, plan.row.id, contact.entry, actor=str(call.actor.id), at=now)
    except NoLeave as no:
        return _page(call, file, named, sent, {"when": f"Nothing was recorded. {no.message} {ALREADY}"})
    if entered.incident is None:
        return call.go(f"/files/{number}/contacts", "The contact is recorded.")
    return call.go(
        f"/files/{number}/contacts",
        f"The contact is recorded as made without leave. {entered.reason} Incident {entered.incident} is open, and the manager is told.",
    )


def _planned(call: Call, number: int, body: UUID) -> Response:
    """Records a plan: the gate is asked now, for its day, and again on the day (W30)."""
    sent, now = call.sent, call.desk.clock.now()
    day = day_in(sent.get("on", ""))
    assert day is not None, "looked at by _wrong"
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        named = _body(session, file, body)
        plan = Plan(press_key(sent), named, Purpose(sent["purpose"]), day, sent.get("told", ""))
        made = planned.plan(session, call.actor, file, plan, policy=call.desk.policy(), at=now)
        earlier = _plan_sent(session, call, file, named, sent.get("plan", ""))
        if earlier is not None:  # it was put off
            planned.drop(session, file, earlier.row.id, actor=str(call.actor.id), at=now)
    if made.allowed:
        return call.go(f"/files/{number}/contacts", "The contact is planned. It is on your tasks for that day.")
    return call.go(
        f"/files/{number}/contacts",
        "The contact is planned, and there is no leave for it yet. Ask the family first: there is a task, and the question can be printed.",
    )


@pages.post("/files/{number:int}/planned/{plan:uuid}", rule=Act.CHANGE_CONSENT)
def end_plan(call: Call, number: int, plan: UUID) -> Response:
    """A planned contact was made, as one that is recorded, or is not needed any more."""
    act, actor, at = call.sent.get("act"), str(call.actor.id), call.desk.clock.now()
    try:
        with call.desk.db.writing() as session:
            file = opened(session, call, number, Act.CHANGE_CONSENT)
            match act:
                case Ended.MADE:
                    planned.made(session, file, plan, _contact_sent(call), actor=actor, at=at)
                case Ended.DROPPED:
                    planned.drop(session, file, plan, actor=actor, at=at)
                case _:
                    raise NotFound("There is nothing here.")
    except RefusedByRule as refused:
        return call.go(f"/files/{number}/contacts", f"Nothing was changed. {refused.message}")
    return call.go(f"/files/{number}/contacts", "The plan is ended.")


def _contact_sent(call: Call) -> UUID:
    try:
        return UUID(call.sent.get("contact", ""))
    except ValueError:
        raise RefusedByRule("Choose the contact that was planned, or record it first.", "W30") from None


@pages.post("/files/{number:int}/planned/{plan:uuid}/ask", rule=Act.WRITE_TO_FAMILY)
def print_question(call: Call, number: int, plan: UUID) -> Response:
    """The question about this contact alone, for one person of the family, as a PDF (N15)."""
    policy, now = call.desk.policy(), call.desk.clock.now()
    try:
        with call.desk.db.writing() as session:
            file = opened(session, call, number, Act.WRITE_TO_FAMILY)
            wanted = planned.one(session, call.actor, file, plan, policy=policy, at=now)
            person = next(
                (each for each in register.people(session, file) if str(each.id) == call.sent.get("for")), None
            )
            if person is None:
                raise NotFound("There is nothing here.")
            sender = Sender(call.desk.service_name, call.desk.contact)
            made = family.print_ask(
                session, call.actor, file, person.id, wanted, sender=sender, policy=policy, moment=now
            )
    except RefusedByRule as refused:
        return call.go(f"/files/{number}/contacts", f"Nothing was printed. {refused.message}")
    disposition = f'inline; filename="letter-{made.reference}.pdf"'
    return Response(made.pdf, media_type="application/pdf", headers={"Content-Disposition": disposition})


def _wrong(sent: Mapping[str, str], happened: datetime | None, now: datetime, *, shares: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    if sent.get("purpose") not in {purpose.value for purpose, _ in PURPOSES}:
        found["purpose"] = "Choose what the contact is for"
    if sent.get("how") not in dict(HOW):
        found["how"] = "Choose how the contact is made"
    if sent.get("when") not in dict(WHEN):
        found["when"] = "Choose whether it has happened already"
    elif sent["when"] == PAST:
        if happened is None:
            found["on"] = "Enter the day and the time when it happened, for example 20 11 2026 and 14:30"
        elif happened > now:
            found["on"] = "The moment when it happened must be in the past"
        elif bad := day_wrong(happened.date(), "The day when it happened", today=now.astimezone(LONDON).date()):
            found["on"] = bad
    elif sent["when"] == PLAN:
        day, today = day_in(sent.get("on", "")), now.astimezone(LONDON).date()
        if day is None or not today < day <= today + timedelta(days=MOST_DAYS_AHEAD):
            found["on"] = "Enter a day ahead, within two years, for example 20 11 2027"
    told = text_wrong(sent.get("told", ""), "what was said", most=LONGEST_NOTE)
    if told:
        found["told"] = told
    elif (
        sent.get("purpose") == Purpose.SHARE
        and sent.get("when") != PLAN
        and not shares
        and not sent.get("told", "").strip()
    ):
        found["told"] = "Choose a document above, or enter what was said"
    return found
