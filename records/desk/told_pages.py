"""What a family was told of our policy and of their rights: recorded on its file, the sheet for it, and who waits too long (W17, W24, W26)."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import PlainTextResponse, Response

from records.cases import telling, told
from records.cases.telling import Telling
from records.cases.told import HOW_WORDS, How, Matter
from records.desk.case_forms import Form, day_boxes
from records.desk.file_frame import frame, opened, viewed
from records.desk.languages import in_english_all_the_same
from records.desk.paging import fetched
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.guard.standing import about
from records.letters import in_english, rights
from records.letters.writing import Layout, Sender, as_text, layout_for
from records.people import preferences, register
from records.people.languages import LANGUAGES
from records.policies.settings import Policy
from records.staff import accounts
from records.staff.access import Act
from records.vocabulary import Role

pages = Pages()
LONGEST_WHY = 500
DEFAULT_MATTERS = ("policy", "rights")


@pages.get("/files/{number:int}/told", rule=Act.WRITE_TO_FAMILY)
def entries(call: Call, number: int) -> Response:
    """What this family was told, the form for it, and the sheet."""
    viewed(call, number, Act.WRITE_TO_FAMILY, "file_told_seen")
    sent = {**day_boxes("on", call.desk.clock.today()), "by": str(call.actor.id)}
    return _page(call, number, Form(sent), DEFAULT_MATTERS)


@pages.post("/files/{number:int}/told", rule=Act.WRITE_TO_FAMILY)
def save(call: Call, number: int) -> Response:
    """Records what somebody of the family was told, or why nobody could be."""
    form, today = Form(call.sent), call.desk.clock.today()
    matters = tuple(each.value for each in Matter if each in call.form.getlist("matter"))
    if not matters:
        form.mistakes["matter"] = "Choose what it was about"
    how = form.one("how", How, "Choose how they were told")
    day = form.past("on", "The day", today)
    policy = call.desk.policy_of(day or today)
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
        people = {str(person.id): person.id for person in register.people(session, file)}
        staff = {str(one.id): one.id for one in accounts.everybody(session)}
    person, language = people.get(call.sent.get("person", "")), call.sent.get("language", "")
    why = form.text(
        "why", "The reason", most=LONGEST_WHY, lines=True,
        needed="Write why they could not be told" if how is How.NOT_TOLD else None,
    )  # fmt: skip
    if how is not None and how is not How.NOT_TOLD:
        if person is None:
            form.mistakes["person"] = "Choose who was told"
        if language not in LANGUAGES:
            form.mistakes["language"] = "Choose the language in which they were told"
    by = staff.get(call.sent.get("by", ""))
    if by is None:
        form.mistakes["by"] = "Choose who told them"
    if form.mistakes or how is None or day is None or by is None:
        viewed(call, number, Act.WRITE_TO_FAMILY, "file_told_seen")
        return _page(call, number, form, matters, status=422)
    none = how is How.NOT_TOLD
    entry = Telling(
        press_key(call.sent), None if none else person, frozenset(map(Matter, matters)), how, None if none else language, day, by, why
    )  # fmt: skip
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
        telling.record(session, file, entry, policy=policy, actor=str(call.actor.id), at=call.desk.clock.now())
    return call.go(f"/files/{number}/told", "The reason is recorded." if none else "Recorded that they were told.")


@pages.post("/files/{number:int}/told/sheet", rule=Act.WRITE_TO_FAMILY)
def print_sheet(call: Call, number: int) -> Response:
    """The sheet for one person of the family, in the print they need. That it was printed is entered; that they got it, a person records."""
    today, policy = call.desk.clock.today(), call.desk.policy()
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
        person = next((each for each in register.people(session, file) if str(each.id) == call.sent.get("for")), None)
        if person is None:
            raise NotFound("There is nothing here.")
        wanted = preferences.preferences_of(session, person.file_id, person.id)
        layout = layout_for(wanted.format)
        reference = rights.printed_for(
            session,
            file,
            person.id,
            layout,
            policy=policy,
            actor=str(call.actor.id),
            on=today,
            at=call.desk.clock.now(),
        )
        in_english.arrange(
            session, person.file_id, person.id, wanted, by=str(call.actor.id), on=today, at=call.desk.clock.now()
        )
    return _sheet(call, policy, reference, layout, wanted.language)


@pages.get("/enquiries/rights.pdf", rule=Act.LOG_ENQUIRY)
def sheet_for_anybody(call: Call) -> Response:
    """The same sheet for somebody who gives no name, in the form they ask for (N19)."""
    wanted = call.request.query_params.get("print")
    if wanted == "text":
        sender = Sender(call.desk.service_name, call.desk.contact)
        return PlainTextResponse(as_text(rights.text(call.desk.policy(), sender, call.desk.clock.today(), "")))
    return _sheet(call, call.desk.policy(), "", Layout.LARGE if wanted == "large" else Layout.STANDARD)


def _sheet(call: Call, policy: Policy, reference: str, layout: Layout, prefers: str = "en") -> Response:
    sender = Sender(call.desk.service_name, call.desk.contact)
    made = rights.sheet(policy, sender, call.desk.clock.today(), reference, layout=layout, prefers=prefers)
    return Response(
        made,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{"-".join(filter(None, ("rights", reference)))}.pdf"'},
    )


@pages.get("/told", rule=Act.SEARCH_FILES)
def late(call: Call) -> Response:
    """Families who are still to be told although the days for it have passed: numbers alone. An officer sees their own files."""
    policy, today = call.desk.policy(), call.desk.clock.today()
    officer = None if call.actor.role is Role.MANAGER else call.actor.id
    with call.desk.db.reading() as session:
        total = telling.count_late(session, policy, today, officer)
        piece = fetched(
            call,
            total,
            lambda limit, offset: telling.late(session, policy, today, officer, limit=limit, offset=offset),
            "/told",
        )
        names = accounts.display_names(session)
        rows = [
            (file, telling.still_missing(session, file, policy), call.may(Act.WRITE_TO_FAMILY, about(file)))
            for file in piece.rows
        ]
    return call.page(
        "told_late.html", title="Families to tell", rows=rows, piece=piece, names=names, matters=MATTER_WORDS,
        days=policy.periods.rights_told_days,
    )  # fmt: skip


MATTER_WORDS = {Matter.POLICY: "our confidentiality policy", Matter.RIGHTS: "their rights over what we hold"}


def _page(call: Call, number: int, form: Form, matters: tuple[str, ...], status: int = 200) -> Response:
    policy = call.desk.policy()
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
        rows, names = telling.of_file(session, file), accounts.display_names(session)
        people = register.people(session, file)
        wanted = {each.id: preferences.preferences_of(session, each.file_id, each.id) for each in people}
        still = telling.still_missing(session, file, policy)
        staff = {str(one.id): one.display_name for one in accounts.everybody(session) if one.disabled_at is None}
        ended = register.names(session, file)
        top = frame(session, call, file, "/told")
    prints: Mapping[UUID, str] = {
        who: "large print" if layout_for(one.format) is Layout.LARGE else "ordinary print"
        for who, one in wanted.items()
    }
    return call.page(
        "told.html", status=status, title=f"File PC-{number:04d}, policy and rights", frame=top, number=number, sent=form.sent,
        mistakes=form.mistakes, matters=matters, rows=rows, names=names, people=people, everybody=ended, staff=staff, still=still,
        hows=HOW_WORDS, how_words=HOW_DONE, languages=LANGUAGES, matter_words=MATTER_WORDS, all_matters=tuple(Matter), prints=prints,
        english={who: in_english_all_the_same(one.language) for who, one in wanted.items()}, key=form.sent.get("key") or str(press_key({})),
        promises=rights.promises(policy), rights=rights.rights(policy), may_go_on=not told.why_not_on(still),
    )  # fmt: skip


HOW_DONE = {How.SAID: "said", How.SHEET: "on paper", How.SENT: "sent", How.NOT_TOLD: "could not be told"}
