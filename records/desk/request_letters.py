"""Letters about a request: the person's own layout, the address of the request alone; that one was printed is kept."""

from sqlmodel import Session
from starlette.responses import Response

from records.desk.request_steps import At, at
from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.letters import contact, in_english
from records.letters.rights import rights
from records.letters.writing import Layout, Sender, layout_for, write
from records.people.preferences import Preferences, preferences_of
from records.requests import complaint, letters, register, unfounded
from records.requests.kinds import Event, Route, WhyRefused
from records.requests.letters import About, LetterKind, To
from records.staff.access import Act

pages = Pages()


@pages.post("/requests/{number:int}/letter", rule=Act.WORK_REQUEST)
def print_letter(call: Call, number: int) -> Response:
    """A letter about the request, in the person's own layout; that it was printed is kept."""
    sent = {name: value.strip() for name, value in call.sent.items()}
    if sent.get("letter") not in set(LetterKind):
        raise NotFound("There is nothing here.")
    which = LetterKind(sent["letter"])
    with call.desk.db.writing() as session:
        found = at(session, call, number)
        refused_so = unfounded.refused(session, found.row)
        if which is LetterKind.UNFOUNDED and refused_so is None:
            raise NotFound("There is nothing here.")
        asked = [
            words
            for what, words in ((Event.IDENTITY_ASKED, "proof of who you are"), (Event.AUTHORITY_ASKED, "proof that you may ask for this person"))
            if any(each.what is what for each in register.events(session, found.row))
        ]  # fmt: skip
        # A refusal gives the reason that the manager recorded, and no other.
        text = refused_so[1] if which is LetterKind.UNFOUNDED and refused_so else sent.get("words", "")
        if which in (LetterKind.NEED_MORE, LetterKind.MORE_TIME, LetterKind.READY, LetterKind.ANSWER) and not text:
            raise RefusedByRule("Write what the letter has to say first.", "R64")
        wanted = wishes_of(session, found)
        made = letters.letter(
            about(call, found, wanted.language),
            which,
            words=text,
            due=found.stand.due,
            asked=asked,
            excessive=refused_so is not None and refused_so[0] is WhyRefused.EXCESSIVE,
        )
        layout, clock = layout_for(wanted.format), call.desk.clock
        if found.file is not None and found.row.person_id:
            in_english.arrange(
                session,
                found.file.id,
                found.row.person_id,
                wanted,
                by=str(call.actor.id),
                on=clock.today(),
                at=clock.now(),
            )
        register.append(
            session,
            found.row,
            Event.LETTER,
            on=call.desk.clock.today(),
            by=str(call.actor.id),
            at=call.desk.clock.now(),
            code=which,
        )
    headers = {"Content-Disposition": 'inline; filename="letter.pdf"'}
    return Response(write(made, layout=layout), media_type="application/pdf", headers=headers)


@pages.post("/requests/{number:int}/council-letter", rule=Act.WORK_REQUEST)
def print_council(call: Call, number: int) -> Response:
    """Tells the council that passed a request on that it is being handled separately, where the person agreed to that (W13)."""
    to = [line.strip() for line in call.sent.get("to", "").splitlines() if line.strip()]
    with call.desk.db.writing() as session:
        found = at(session, call, number)
        if found.row.route != Route.COUNCIL or not found.asking.council_may_know:
            raise RefusedByRule("The person has not agreed that the council is told.", "W13")
        if not 1 <= len(to) <= 5:
            raise RefusedByRule("Enter the council’s address for the letter, in 1 to 5 lines.", "W13")
        made = letters.to_the_council(about(call, found), to, call.sent.get("reference", "").strip()[:40])
        now = call.desk.clock
        register.append(
            session, found.row, Event.LETTER, on=now.today(), by=str(call.actor.id), at=now.now(), code="council"
        )
    return Response(
        write(made), media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="letter.pdf"'}
    )


@pages.get("/requests/complaint-form", rule=Act.RECORD_REQUEST)
def complaint_form(call: Call) -> Response:
    """The blank form for a complaint about how we handle information, to print or to send on (W42)."""
    layout = Layout.LARGE if call.request.query_params.get("print") == "large" else Layout.STANDARD
    made = blank_complaint(call, layout).printed()
    return Response(
        made, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="complaint-form.pdf"'}
    )


def blank_complaint(call: Call, layout: Layout) -> complaint.Blank:
    """The blank form of this service."""
    service = call.desk.service_name
    whom = contact.named(call.desk.policy().contact_point, service)
    return complaint.blank(Sender(service, call.desk.contact), whom, layout=layout)


def wishes_of(session: Session, found: At) -> Preferences:
    """How whoever asked wants to be written to, as noted on the file; the ordinary way where nothing is."""
    if found.file is None or not found.row.person_id:
        return Preferences()
    return preferences_of(session, found.file.id, found.row.person_id)


def about(call: Call, found: At, prefers: str = "en") -> About:
    """What every letter about this request shares. The address comes from the address field alone. `prefers`: a language."""
    service = call.desk.service_name
    return About(
        sender=Sender(service, call.desk.contact), to=To(found.asking.name, tuple(line.strip() for line in found.asking.address.splitlines() if line.strip())[:5]),
        kind=found.kind, number=found.row.number, received=found.stand.received, written_on=call.desk.clock.today(),
        reference=f"PC-{found.file.number:04d}" if found.file is not None else f"Request {found.row.number}",
        contact=contact.named(call.desk.policy().contact_point, service), rights=rights(call.desk.policy()), prefers=prefers,
    )  # fmt: skip
