"""The family asks us to look at another agency's records: whose, what, who asked, when and how, and what comes of it (N13, S13)."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlmodel import Session
from starlette.responses import Response

from records.consents import asking, bodies, gate, look_steps, looking
from records.consents.bodies import BodyShown
from records.consents.gate import Body, Decision, Purpose
from records.consents.look_rules import ENDS, NEEDS_WORDS, Step
from records.consents.look_steps import Asking, Ending
from records.consents.looking import Asked, Look
from records.consents.outward import NoLeave
from records.consents.standing import Route
from records.consents.typed import LONGEST_NOTE
from records.desk import change_view
from records.desk.case_forms import Form, day_boxes
from records.desk.contact_pages import HOW
from records.desk.file_frame import frame, opened, viewed
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.people import register
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
LONGEST_WHAT = 1000
ROUTE_WORDS = {route.value: words for route, words in change_view.ROUTES}
HOW_WORDS = dict(HOW)
END_WORDS = {
    Step.ANSWERED: "It answered: what they asked us to look at has come",
    Step.REFUSED: "It refused",
    Step.WITHDRAWN: "The family does not want it any more",
    Step.CLOSED: "No answer came, and we close it",
}
STATE_WORDS = {
    Step.ANSWERED: "The agency answered",
    Step.REFUSED: "The agency refused",
    Step.WITHDRAWN: "The family took it back",
    Step.CLOSED: "Closed without an answer",
}
DONE_WORDS = {**STATE_WORDS, Step.ASKED: "We asked the agency"}


@pages.get("/files/{number:int}/contacts/{body:uuid}/look", rule=Act.CHANGE_CONSENT)
def new(call: Call, number: int, body: UUID) -> Response:
    """The form for what the family asked."""
    viewed(call, number, Act.CHANGE_CONSENT, "file_contacts_seen")
    return _page(call, number, body, Form(day_boxes("on", call.desk.clock.today())))


@pages.post("/files/{number:int}/contacts/{body:uuid}/look", rule=Act.CHANGE_CONSENT)
def save(call: Call, number: int, body: UUID) -> Response:
    """Records it; from its day on we may look at this body's records."""
    form = Form(call.sent)
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        _body(session, file, body)
        everybody = register.people(session, file)
        people = {str(each.id): each.id for each in everybody}
        family = {each.id for each in everybody if each.kind in looking.FAMILY}
    whose, by = people.get(call.sent.get("whose", "")), people.get(call.sent.get("asked_by", ""))
    if whose is None:
        form.mistakes["whose"] = "Choose whose records they are"
    if by is None:
        form.mistakes["asked_by"] = "Choose who asked us"
    elif by not in family:
        form.mistakes["asked_by"] = looking.ONLY_FAMILY
    what = form.text(
        "what", "What they asked", most=LONGEST_WHAT, needed="Write what they asked us to look at", lines=True
    )
    day = form.past("on", "The day", call.desk.clock.today())
    route = form.one("how", Route, "Choose how they asked us", among=[each for each, _ in change_view.ROUTES])
    if form.mistakes or whose is None or by is None or day is None or route is None:
        viewed(call, number, Act.CHANGE_CONSENT, "file_contacts_seen")
        return _page(call, number, body, form, status=422)
    asked = Asked(press_key(call.sent), body, whose, by, what, day, route)
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        looking.ask(
            session, file, asked, policy=call.desk.policy_of(day), actor=str(call.actor.id), at=call.desk.clock.now()
        )
    return call.go(f"/files/{number}/contacts", "Recorded that the family asked us to look at its records.")


@dataclass(frozen=True)
class _Shown:
    """A request, its body, and whether the agency may be asked now."""

    look: Look
    body: BodyShown
    decision: Decision


@pages.get("/files/{number:int}/looks/{look:uuid}", rule=Act.CHANGE_CONSENT)
def one(call: Call, number: int, look: UUID) -> Response:
    """What the family asked, and what came of it so far."""
    viewed(call, number, Act.CHANGE_CONSENT, "file_contacts_seen")
    return _one(call, number, look, Form(day_boxes("on", call.desk.clock.today())))


@pages.post("/files/{number:int}/looks/{look:uuid}/ask", rule=Act.CHANGE_CONSENT)
def ask(call: Call, number: int, look: UUID) -> Response:
    """The agency is asked, or asked again: by leave of the gate at this moment."""
    form, now = Form(call.sent), call.desk.clock.now()
    how = call.sent.get("by", "")
    if how not in HOW_WORDS:
        form.mistakes["by"] = "Choose how the agency is asked"
    told = form.text("told", "What is said", most=LONGEST_NOTE, lines=True)
    if not form.mistakes:
        try:
            with call.desk.db.writing() as session:
                file = opened(session, call, number, Act.CHANGE_CONSENT)
                look_steps.ask_agency(
                    session, call.actor, file, look, Asking(press_key(call.sent), how, told), policy=call.desk.policy(), at=now
                )  # fmt: skip
            return call.go(f"/files/{number}/looks/{look}", "Recorded that the agency is asked.")
        except NoLeave as no:
            form.mistakes["by"] = f"Nothing was recorded, and nothing may be asked now. {no.message}"
    viewed(call, number, Act.CHANGE_CONSENT, "file_contacts_seen")
    form.sent |= day_boxes("on", call.desk.clock.today())
    return _one(call, number, look, form, status=422)


@pages.post("/files/{number:int}/looks/{look:uuid}/end", rule=Act.CHANGE_CONSENT)
def end(call: Call, number: int, look: UUID) -> Response:
    """It ends: answered, refused, taken back by the family, or closed without an answer."""
    form = Form(call.sent)
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        asked_on = look_steps.one(session, file, look).asked_on
        people = {str(each.id): each.id for each in register.people(session, file)}
    kind = form.one("kind", Step, "Choose how it ended", among=ENDS)
    needed = "Write what they said, or why it is closed" if kind in NEEDS_WORDS else None
    words = form.text("words", "The reason", most=LONGEST_WHAT, needed=needed, lines=True)
    today = call.desk.clock.today()
    day = form.day(
        "on", "The day", earliest=asked_on, too_early=f"The day must not be before they asked us, on {in_words(asked_on)}", latest=today,
        too_late="The day must not be in the future",
    )  # fmt: skip
    by, route = None, None
    if kind is Step.WITHDRAWN:
        by = people.get(call.sent.get("who", ""))
        if by is None:
            form.mistakes["who"] = "Choose who took it back"
        route = form.one("how", Route, "Choose how they told us", among=[each for each, _ in change_view.ROUTES])
    if form.mistakes or kind is None or day is None:
        viewed(call, number, Act.CHANGE_CONSENT, "file_contacts_seen")
        return _one(call, number, look, form, status=422)
    # The page has two buttons and one key: going back after the first must not make the second look pressed already.
    ending = Ending(uuid5(press_key(call.sent), "end"), kind, day, words, by, route)
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        look_steps.end(
            session, file, look, ending, policy=call.desk.policy_of(day), actor=str(call.actor.id), at=call.desk.clock.now()
        )  # fmt: skip
    return call.go(f"/files/{number}/looks/{look}", f"Recorded. {STATE_WORDS[kind]}.")


def _one(call: Call, number: int, look: UUID, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        shown = _shown(session, call, file, look)
        steps = look_steps.of_look(session, shown.look.row)
        people = {str(each.id): each.name for each in register.people(session, file)}
        names = register.names(session, file)
        staff = accounts.display_names(session)
        top = frame(session, call, file, "/contacts/looks")
    return call.page(
        "look_one.html", status=status, title=f"File PC-{number:04d}, records of another agency", frame=top, number=number, shown=shown,
        row=shown.look.row, steps=steps, people=people, names=names, staff=staff, routes=ROUTE_WORDS, hows=HOW_WORDS, ends=END_WORDS,
        done=DONE_WORDS, states=STATE_WORDS, sent=form.sent, mistakes=form.mistakes, key=form.sent.get("key") or str(press_key({})),
    )  # fmt: skip


def _shown(session: Session, call: Call, file: ChildFile, look: UUID) -> _Shown:
    row = look_steps.one(session, file, look)
    found = next(each for each in looking.of_file(session, file)[row.body_id] if each.row.id == look)
    body = next(each for each in bodies.of_file(session, file) if each.id == row.body_id)
    facts, now = asking.facts_of(session, file.id, call.desk.policy()), call.desk.clock.now()
    return _Shown(
        found, body, gate.may_we(call.actor, facts, Body(body.category, str(body.id)), (), Purpose.OBTAIN, now)
    )


def _body(session: Session, file: ChildFile, body: UUID) -> BodyShown:
    for each in bodies.of_file(session, file):
        if each.id == body and each.ended_on is None:
            return each
    raise NotFound("There is nothing here.")


def _page(call: Call, number: int, body: UUID, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        named = _body(session, file, body)
        everybody = register.people(session, file)
        people = {str(each.id): each.name for each in everybody}
        family = {str(each.id): each.name for each in everybody if each.kind in looking.FAMILY}
        top = frame(session, call, file, "/contacts/look")
    return call.page(
        "look_asked.html", status=status, title=f"File PC-{number:04d}, records of another agency", frame=top, number=number, body=named,
        people=people, family=family, routes=ROUTE_WORDS, sent=form.sent, mistakes=form.mistakes, key=form.sent.get("key") or str(press_key({})),
    )  # fmt: skip
