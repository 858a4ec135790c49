"""The family asks us to look at another agency's records: whose, what, who asked, when and how (N13, S13)."""

from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.consents import bodies, looking
from records.consents.bodies import BodyShown
from records.consents.looking import Asked
from records.consents.standing import Route
from records.desk import change_view
from records.desk.case_forms import Form, day_boxes
from records.desk.file_frame import frame, opened, viewed
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.people import register
from records.people.tables import ChildFile
from records.staff.access import Act

pages = Pages()
LONGEST_WHAT = 1000
ROUTE_WORDS = {route.value: words for route, words in change_view.ROUTES}


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
        people = {str(each.id): each.id for each in register.people(session, file)}
    whose, by = people.get(call.sent.get("whose", "")), people.get(call.sent.get("asked_by", ""))
    if whose is None:
        form.mistakes["whose"] = "Choose whose records they are"
    if by is None:
        form.mistakes["asked_by"] = "Choose who asked us"
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


def _body(session: Session, file: ChildFile, body: UUID) -> BodyShown:
    for each in bodies.of_file(session, file):
        if each.id == body and each.ended_on is None:
            return each
    raise NotFound("There is nothing here.")


def _page(call: Call, number: int, body: UUID, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        named = _body(session, file, body)
        people = {str(each.id): each.name for each in register.people(session, file)}
        top = frame(session, call, file, "/contacts/look")
    return call.page(
        "look_asked.html", status=status, title=f"File PC-{number:04d}, records of another agency", frame=top, number=number, body=named,
        people=people, routes=ROUTE_WORDS, sent=form.sent, mistakes=form.mistakes, key=form.sent.get("key") or str(press_key({})),
    )  # fmt: skip
