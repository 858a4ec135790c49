"""Record a change or withdrawal, and the named bodies a yes is used for: two steps from a child's file (R25, R29, N12, W41)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from records.consents import asking, bodies, changes, following, gate, ledger, look_steps, looking, planned
from records.consents.bodies import BodyShown
from records.consents.changes import PastRecipient, Told
from records.consents.gate import Body, Decision, Purpose
from records.consents.items import ALONE, CATEGORY_WORDS, STORE, WORDS, Category
from records.consents.standing import SPOKEN, ConsentState, Standing
from records.consents.tables import ConsentChange, ConsentEvent
from records.consents.typed import LONGEST_NAME, text_wrong
from records.desk import change_view
from records.desk.file_frame import frame, opened, seen
from records.desk.languages import warned
from records.desk.look_pages import STATE_WORDS
from records.desk.numbers import whole
from records.desk.out_rows import out_rows
from records.desk.paging import piece
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.guard.standing import about
from records.people import merging, register
from records.people.tables import ChildFile
from records.staff.access import Act

pages = Pages()
PLANNED_FOR = {
    Purpose.CONTACT: "contact them for the family",
    Purpose.SHARE: "share information",
    Purpose.OBTAIN: "get information",
}
THE_REST = "not_known"
"""What no form asked (F28), in the place of an item."""


@pages.get("/files/{number:int}/change", rule=Act.CHANGE_CONSENT)
def change(call: Call, number: int) -> Response:
    """The page on which somebody's word is recorded."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
    seen(call, file.id, "file_change_seen")
    today = call.desk.clock.today()
    sent = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    return _change(call, file, sent, {})


def _change(
    call: Call, file: ChildFile, sent: Mapping[str, str], mistakes: Mapping[str, str], look_again: str = ""
) -> Response:
    policy, today = call.desk.policy(), call.desk.clock.today()
    with call.desk.db.reading() as session:
        page = change_view.show(session, file, policy, today)
        top = frame(session, call, file, "/change")
    return call.page(
        "change.html", status=422 if mistakes else 200, title=f"File PC-{file.number:04d}, record a change", frame=top,
        number=file.number, page=page, sent=sent, mistakes=mistakes, look_again=look_again, routes=change_view.ROUTES,
        key=sent.get("key") or page.key, spoken_days=policy.periods.spoken_consent_days,
    )  # fmt: skip


@pages.post("/files/{number:int}/change", rule=Act.CHANGE_CONSENT)
def save_change(call: Call, number: int) -> Response:
    """Records it, in force at once, and shows what follows."""
    policy = call.desk.policy()
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        told = change_view.told(session, file, policy, call.desk.clock.today(), call.sent)
    if not isinstance(told, Told):
        return _change(call, file, call.sent, told.mistakes, told.look_again)
    if told.route in SPOKEN and any(told.answers.values()) and not policy.periods.spoken_consent_days:
        return _change(
            call, file, call.sent, {"how": "This service needs a yes in writing. Send the form, or record the no only"}
        )
    actor, at = str(call.actor.id), call.desk.clock.now()
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        recorded = changes.record(session, file, told, actor=actor, at=at, policy=policy)
        following.after_change(session, file, recorded, actor=actor, at=at, policy=policy)
        own = following.own_word_stands(session, file, recorded.withdrawn, policy, call.desk.clock.today())
    words = "The change is recorded and in force."
    if own:
        words = "The change is recorded. What the young person agreed to themselves holds until you have asked them: there is a task."
    return call.go(f"/files/{number}/changes/{recorded.change_id}", words)


@dataclass(frozen=True)
class Tell:
    """Somebody who may need telling of a withdrawal."""

    words: str
    past: PastRecipient


@pages.get("/files/{number:int}/changes/{change_id:uuid}", rule=Act.CHANGE_CONSENT)
def changed(call: Call, number: int, change_id: UUID) -> Response:
    """What a change did, who may need telling, and what else follows."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        row = session.get(ConsentChange, change_id)
        if row is None or row.file_id not in merging.ids_of(session, file.id):
            raise NotFound("There is nothing here.")
    seen(call, file.id, "file_change_seen")
    with call.desk.db.reading() as session:
        row = session.get_one(ConsentChange, change_id)
        events = [event for event in ledger.events(session, file.id) if event.change_id == change_id]
        withdrawn = changes.withdrawn_by(session, row)
        names = {body.id: body.name for body in bodies.of_file(session, file)}
        tell = [
            Tell(
                f"{names[past.body_id]} ({CATEGORY_WORDS[past.category]})"
                if past.body_id in names
                else CATEGORY_WORDS[past.category],
                past,
            )
            for past in changes.past_recipients(session, file.id, withdrawn)
        ]
        note = changes.note_of(session, register.get(session, row.file_id), row)
        holds = gate.what_holds(asking.facts_of(session, file.id, call.desk.policy()), call.desk.clock.today())
        stands = STORE in holds and holds[STORE].state is ConsentState.GIVEN
        no_to_storing = any(event.item_code == STORE and event.state != ConsentState.GIVEN for event in events)
        top = frame(session, call, file, "/change")
    return call.page(
        "change_done.html", title=f"File PC-{number:04d}, change recorded", frame=top, number=number, change=row,
        events=[_done(event, holds) for event in events], tell=tell, note=note, storing=no_to_storing and not stands,
        stands=no_to_storing and stands,
    )  # fmt: skip


def _done(event: ConsentEvent, holds: Mapping[str, Standing]) -> tuple[str, bool, str]:
    held = holds.get(event.item_code)
    return ALONE[event.item_code], event.state == ConsentState.GIVEN, held.in_full if held else ""


@dataclass(frozen=True)
class BodyRow:
    """A named body and the gate's answer on a contact now."""

    body: BodyShown
    kind: str
    decision: Decision


@pages.get("/files/{number:int}/contacts", rule=Act.CHANGE_CONSENT)
def contacts(call: Call, number: int) -> Response:
    """Whom we may talk to by name, and each contact."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
    seen(call, file.id, "file_contacts_seen")
    return _contacts(call, file, {}, {})


def _contacts(call: Call, file: ChildFile, sent: Mapping[str, str], mistakes: Mapping[str, str]) -> Response:
    policy, now = call.desk.policy(), call.desk.clock.now()
    with call.desk.db.reading() as session:
        facts = asking.facts_of(session, file.id, policy)
        rows = [
            BodyRow(
                body, CATEGORY_WORDS[body.category],
                gate.may_we(call.actor, facts, Body(body.category, str(body.id)), (), Purpose.CONTACT, now),
            )
            for body in bodies.of_file(session, file)
        ]  # fmt: skip
        made = piece(call, out_rows(session, call, file, to_bodies_only=True), f"/files/{file.number}/contacts", "made")
        plans = planned.of_file(session, call.actor, file, policy=policy, at=now)
        people = register.people(session, file)
        english = {each.id: warned(session, each.file_id, each.id) for each in people} if plans else {}
        looks = looking.of_file(session, file)
        names = register.names(session, file)
        top = frame(session, call, file, "/contacts")
    return call.page(
        "contacts.html", status=422 if mistakes else 200, title=f"File PC-{file.number:04d}, contacts", frame=top,
        number=file.number, rows=rows, made=made, plans=plans, people=people, english=english, looks=looks, look_states=STATE_WORDS, names=names, purposes=PLANNED_FOR,
        may_write=call.may(Act.WRITE_TO_FAMILY, about(file)), sent=sent, mistakes=mistakes,
        categories=[(each, words) for each, words in CATEGORY_WORDS.items()],
    )  # fmt: skip


@pages.post("/files/{number:int}/contacts", rule=Act.CHANGE_CONSENT)
def add_body(call: Call, number: int) -> Response:
    """Names a body. The gate does not open by it: the family's answers do."""
    sent = call.sent
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
    mistakes = {}
    if sent.get("category") not in set(Category):
        mistakes["category"] = "Choose what kind of body it is"
    wrong = text_wrong(sent.get("name", ""), "the name of the body", most=LONGEST_NAME, needed=True)
    if wrong:
        mistakes["name"] = wrong
    if mistakes:
        return _contacts(call, file, sent, mistakes)
    actor, at, today = str(call.actor.id), call.desk.clock.now(), call.desk.clock.today()
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        body = bodies.add(session, file, Category(sent["category"]), sent["name"], since=today, actor=actor, at=at)
        following.body_named(session, file, body, actor=actor, at=at)
    return call.go(f"/files/{number}/contacts", "Recorded. Tell the family which body was added.")


@pages.post("/files/{number:int}/contacts/{body:uuid}", rule=Act.CHANGE_CONSENT)
def act_on_body(call: Call, number: int, body: UUID) -> Response:
    """The family was told of it, or said "not this one"."""
    sent = call.sent
    act = sent.get("act")
    actor, at, today = str(call.actor.id), call.desk.clock.now(), call.desk.clock.today()
    typed = whole(sent.get("version", ""))
    version = -1 if typed is None else typed
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        match act:
            case "told":
                bodies.told_family(session, file, body, version, actor=actor, at=at)
                following.family_told(session, body, actor=actor, at=at)
                notice = "Recorded that the family was told."
            case "end":
                bodies.end(session, file, body, version, on=today, actor=actor, at=at)
                look_steps.body_ended(session, file, body, on=today, policy=call.desk.policy(), actor=actor, at=at)
                notice = "Recorded. We do not contact this body any more."
            case _:
                raise NotFound("There is nothing here.")
    return call.go(f"/files/{number}/contacts", notice)


@pages.post("/files/{number:int}/ask-family", rule=Act.CHANGE_CONSENT)
def ask_family(call: Call, number: int) -> Response:
    """A task to ask the family, where an answer is missing (N15)."""
    item, actor, at = call.sent.get("item", ""), str(call.actor.id), call.desk.clock.now()
    if item not in (*WORDS, THE_REST):
        raise NotFound("There is nothing here.")
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_CONSENT)
        if item == THE_REST:
            following.ask_for_the_rest(session, file, actor=actor, at=at)
        else:
            following.ask_family(session, file, [item], actor=actor, at=at)
    return call.go(f"/files/{number}", "A task to ask the family is raised.")
