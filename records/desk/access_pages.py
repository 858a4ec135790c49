"""Who may see a file: its officers over time, restrictions, what the child gave, who looked. Words typed stay inside the file."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.consents.gate import OnFile, Purpose
from records.consents.outward import Leave, let_out, outward
from records.desk.entitled_view import family_today
from records.desk.file_frame import age_in_words, frame, opened, range_of, seen
from records.desk.file_papers import papers_of
from records.desk.shell import Call, Pages, day, moment
from records.errors import NotFound, RefusedByRule
from records.guard import allocation, glass, looks, marks, restrictions
from records.guard.standing import about
from records.letters import contact, in_english
from records.letters.family import BY_HAND, by_hand, refusals
from records.letters.writing import Grid, Layout, Letter, Sender, Words, layout_for, write
from records.people import merging, register
from records.people.entitlement import GivenByChild
from records.people.preferences import preferences_of
from records.people.tables import ChildFile
from records.staff import accounts
from records.staff.access import Act, Restriction
from records.vocabulary import Role

pages = Pages()

TAB = "/access"
KINDS = {
    Restriction.SAFEGUARDING: "Safeguarding: only managers and the staff named here",
    Restriction.PROCESSING: "Stored and not used: only managers",
}


@pages.get("/files/{number:int}/access", rule=Act.OPEN_FILE)
def access(call: Call, number: int) -> Response:
    """Everything that decides who sees this file."""
    return _show(call, number, {}, {})


def _show(call: Call, number: int, mistakes: dict[str, str], sent: dict[str, str], status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        found = opened(session, call, number)
    seen(call, found.id, "file_access_seen")
    subject = about(found)
    with call.desk.db.reading() as session:
        every = restrictions.of_file(session, found)
        papers = papers_of(session, call, found)
        shown = {
            "officers": allocation.history(session, found), "glass": glass.of_file(session, found), "papers": papers,
            "restrictions": [one for one in every if one.thing_id in {*merging.ids_of(session, found.id), *(paper.part_id for paper in papers)}],
            "parents": [(person.name, result) for person, result in family_today(session, found, call.desk.policy(), call.desk.clock.today())], "staff": _staff(session),
            "names": accounts.display_names(session), "frame": frame(session, call, found, TAB),
        }  # fmt: skip
    return call.page(
        "file_access.html", status=status, title=f"File PC-{number:04d}, who may see it", number=number, mistakes=mistakes,
        sent=sent, given_words=marks.WORDS, ground_words=glass.GROUNDS, kind_words=KINDS,
        may_restrict=call.may(Act.RESTRICT_FILE, subject), may_lift=call.may(Act.LIFT_RESTRICTION, subject),
        may_mark=call.may(Act.MARK_DOCUMENT, subject), **shown,
    )  # fmt: skip


def _staff(session: Session) -> list[tuple[str, str]]:
    """Everybody who could be named on a restriction; managers see it anyway."""
    everybody = accounts.everybody(session)
    return [
        (str(one.id), one.display_name) for one in everybody if one.role == Role.OFFICER and one.disabled_at is None
    ]


@pages.post("/files/{number:int}/restrict", rule=Act.RESTRICT_FILE)
def restrict(call: Call, number: int) -> Response:
    """Restricts the file, or one document in it, for safeguarding."""
    try:
        with call.desk.db.writing() as session:
            found = opened(session, call, number, Act.RESTRICT_FILE)
            known = {id for id, _ in _staff(session)}
            named = [UUID(id) for id in call.form.getlist("named") if isinstance(id, str) and id in known]
            part = _part(session, call, found) if call.sent.get("part") else None
            restrictions.place(
                session, found, Restriction.SAFEGUARDING, why=call.sent.get("why", ""), named=named, part_id=part,
                by=str(call.actor.id), at=call.desk.clock.now(),
            )  # fmt: skip
    except RefusedByRule as refused:
        return _show(call, number, {"why": refused.message}, call.sent, 422)
    # Whoever placed it may not be named: then the file is gone for them too.
    return _back(call, number, "It is restricted now. Only managers and the staff you named see it.")


@pages.post("/files/{number:int}/restrictions/{restriction:uuid}/lift", rule=Act.LIFT_RESTRICTION)
def lift(call: Call, number: int, restriction: UUID) -> Response:
    """Ends a restriction."""
    try:
        with call.desk.db.writing() as session:
            found = opened(session, call, number, Act.LIFT_RESTRICTION)
            restrictions.lift(
                session, found, restriction, why=call.sent.get("why_lifted", ""), by=str(call.actor.id),
                at=call.desk.clock.now(),
            )  # fmt: skip
    except RefusedByRule as refused:
        return _show(call, number, {"why_lifted": refused.message}, call.sent, 422)
    return _back(call, number, "The restriction was lifted.")


@pages.post("/files/{number:int}/given", rule=Act.MARK_DOCUMENT)
def given(call: Call, number: int) -> Response:
    """Says of a document whether the child or young person gave it, and what they say to a parent's seeing it."""
    wanted = call.sent.get("given", "")
    if wanted not in set(GivenByChild):
        return _show(call, number, {"given": "Choose whether the child or young person gave it"}, call.sent, 422)
    with call.desk.db.writing() as session:
        found = opened(session, call, number, Act.MARK_DOCUMENT)
        part = _part(session, call, found)
        marks.mark(session, found, part, GivenByChild(wanted), by=str(call.actor.id), at=call.desk.clock.now())
    return _back(call, number, "The document was marked.")


def _part(session: Session, call: Call, file: ChildFile) -> UUID:
    """The document that the form names, if it is on this file and this person may see it."""
    for paper in papers_of(session, call, file):
        if str(paper.part_id) == call.sent.get("part"):
            return paper.part_id
    raise NotFound("There is nothing here.")


def _back(call: Call, number: int, notice: str) -> Response:
    with call.desk.db.reading() as session:
        file = register.by_number(session, number)
    return call.go(f"/files/{number}/access" if call.may(Act.OPEN_FILE, about(file)) else "/files", notice)


@pages.get("/files/{number:int}/who-looked", rule=Act.OPEN_FILE)
def who_looked(call: Call, number: int) -> Response:
    """For whom the list of who looked at this file is printed."""
    with call.desk.db.reading() as session:
        found = opened(session, call, number)
    seen(call, found.id, "file_looks_seen")
    return _choose(call, found)


def _choose(call: Call, file: ChildFile, mistakes: dict[str, str] | None = None) -> Response:
    with call.desk.db.reading() as session:
        top = frame(session, call, file, "/history")
        people = [(str(person.id), person.name) for person in register.people(session, file)]
    return call.page(
        "file_looks.html", status=422 if mistakes else 200, title=f"File PC-{file.number:04d}, who looked", frame=top, number=file.number,
        people=people, sent=call.sent, mistakes=mistakes or {}, may_print=call.may(Act.WRITE_TO_FAMILY, about(file)),
    )  # fmt: skip


@pages.post("/files/{number:int}/who-looked", rule=Act.WRITE_TO_FAMILY)
def print_who_looked(call: Call, number: int) -> Response:
    """Who looked at this file, as a letter to one person: asked of the gate and of the safe-contact instructions (G1, P8)."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
        person = next((each for each in register.people(session, file) if str(each.id) == call.sent.get("for")), None)
    if person is None:
        return _choose(call, file, {"for": "Choose for whom it is printed"})
    now = call.desk.clock.now()
    try:
        with call.desk.db.writing() as session:
            wanted = preferences_of(session, person.file_id, person.id)
            if against := refusals(session, file, person, wanted):
                raise RefusedByRule(against[0], "P8")
            leave = let_out(
                session, call.actor, file.id, OnFile(str(person.id)), ("letter:looks",), Purpose.ADVICE, now, policy=call.desk.policy(),
                how="letter",
            )  # fmt: skip
            in_english.arrange(
                session, person.file_id, person.id, wanted, by=str(call.actor.id), on=call.desk.clock.today(), at=now
            )
            rows, names = looks.of_file(session, file.id, for_family=True), accounts.display_names(session)
            who = f"{register.child_name(session, file)}, {age_in_words(range_of(session, file), call.desk.clock.today())}"
    except RefusedByRule as refused:
        return _choose(call, file, {"for": refused.message})
    safe = wanted.safe_contact.address if wanted.safe_contact else ""
    where = [line.strip() for line in safe.replace(",", "\n").splitlines() if line.strip()][:5]
    to = (person.name, *([BY_HAND] if by_hand(wanted) else where))
    pdf = looks_letter(
        _letter(call, number, to, who, rows, names, wanted.language), layout_for(wanted.format), leave=leave
    )
    disposition = f'inline; filename="PC-{number:04d}-looks.pdf"'
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": disposition})


@outward
def looks_letter(letter: Letter, layout: Layout, *, leave: Leave) -> bytes:
    """The list as a PDF."""
    del leave  # asked by `outward`
    return write(letter, layout=layout)


def _letter(
    call: Call,
    number: int,
    to: tuple[str, ...],
    who: str,
    rows: Sequence[looks.Look],
    names: dict[str, str],
    prefers: str,
) -> Letter:
    today = call.desk.clock.today()
    return Letter(
        sender=Sender(call.desk.service_name, call.desk.contact), to=to, written_on=today, reference=f"PC-{number:04d}",
        title="Who looked at your file",
        blocks=(
            Words(f"The file: {who}."),
            Words(
                f"This list shows each time that somebody on our staff looked at this file, up to {day(today)}. "
                "Each time is written down by itself, and nobody can take it out again."
            ),
            Grid(
                ("When", "Who", "What"),
                tuple((moment(row.at), names.get(row.actor, "Paperchain"), row.said) for row in rows), (4, 4, 3),
            ),
            Words(contact.if_not_content(call.desk.policy().contact_point)),
        ),
        prefers=prefers,
    )  # fmt: skip
