"""The register of staff and volunteers, for managers: who needs what, and each entry (N7, W25, W52)."""

from uuid import UUID

from starlette.responses import Response

from records.desk.case_forms import Form, day_boxes
from records.desk.paging import piece
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.errors import RefusedByRule
from records.policies.values import Register
from records.staff import accounts, register
from records.staff.access import Act
from records.staff.register import LEFT, Doing

pages = Pages()
HERE = "/settings/register"
LONGEST_NAME, LONGEST_WORDS = 100, 200
READ = "policy_copy_read"
KINDS = {
    Register.CONFIDENTIALITY_TRAINING.value: "Confidentiality training",
    Register.POLICY_COPY.value: "Copy of the policy given",
    READ: "Copy of the policy given, and read",
    Register.ICT_POLICY.value: "ICT policy and standards",
    Register.DBS.value: "DBS check seen",
}
"""What can be entered: the copy of the policy in two steps."""
SHORT = {
    Register.CONFIDENTIALITY_TRAINING: "Confidentiality training", Register.POLICY_COPY: "Copy of the policy",
    Register.ICT_POLICY: "ICT policy and standards", Register.DBS: "DBS check",
}  # fmt: skip
DONE = {**KINDS, LEFT: "Left"}


@pages.get("/settings/register", rule=Act.MANAGE_PEOPLE)
def lists(call: Call) -> Response:
    """Everybody, with what is missing or overdue first to be seen."""
    return _page(call, Form(day_boxes("on", call.desk.clock.today())))


@pages.post("/settings/register", rule=Act.MANAGE_PEOPLE)
def enter(call: Call) -> Response:
    """Enters training, a copy of the policy or a check of one person."""
    form, today = Form(call.sent), call.desk.clock.today()
    policy, kind = call.desk.policy(), call.sent.get("kind", "")
    with call.desk.db.reading() as session:
        people = {str(each.id): each.id for each in register.members(session, policy, today)}
    who = people.get(call.sent.get("who", ""))
    if who is None:
        form.mistakes["who"] = "Choose who it is about"
    if kind not in KINDS:
        form.mistakes["kind"] = "Choose what is entered"
    day = form.past("on", "The day", today)
    words = form.text("words", "The words", most=LONGEST_WORDS)
    if form.mistakes or who is None or day is None:
        return _page(call, form, status=422)
    copy = kind in (READ, Register.POLICY_COPY)
    doing = Doing(
        press_key(call.sent), who, Register.POLICY_COPY if copy else Register(kind), day, words,
        call.desk.policy_of(day).version if copy else None, read=kind == READ,
    )  # fmt: skip
    with call.desk.db.writing() as session:
        register.enter(session, doing, by=str(call.actor.id), at=call.desk.clock.now())
    return call.go(HERE, "It is entered.")


@pages.post("/settings/register/add", rule=Act.MANAGE_PEOPLE)
def add(call: Call) -> Response:
    """Adds somebody who works here without an account."""
    form = Form({**day_boxes("on", call.desk.clock.today()), **call.sent})
    name = form.text("name", "The name", most=LONGEST_NAME, needed="Enter their name")
    if call.sent.get("as") not in ("volunteer", "staff"):
        form.mistakes["as"] = "Choose whether they are a volunteer or staff"
    if form.mistakes:
        return _page(call, form, status=422)
    try:
        with call.desk.db.writing() as session:
            register.add(
                session, name, volunteer=call.sent["as"] == "volunteer", key=press_key(call.sent), by=str(call.actor.id),
                at=call.desk.clock.now(),
            )  # fmt: skip
    except RefusedByRule as refused:
        form.mistakes["name"] = refused.message
        return _page(call, form, status=422)
    return call.go(HERE, "They are on the register.")


@pages.get("/settings/register/{person:uuid}/left", rule=Act.MANAGE_PEOPLE)
def ask_to_leave(call: Call, person: UUID) -> Response:
    """Who it is and what it does, before anything is entered: a slip on the list would take somebody off it for good."""
    with call.desk.db.reading() as session:
        leaver = register.to_leave(session, person)
    return call.page("staff_left.html", title="Somebody has left", leaver=leaver)


@pages.post("/settings/register/{person:uuid}/left", rule=Act.MANAGE_PEOPLE)
def left(call: Call, person: UUID) -> Response:
    """Somebody who was added by name has left; what was entered of them stays."""
    with call.desk.db.writing() as session:
        register.leave(
            session,
            person,
            on=call.desk.clock.today(),
            by=str(call.actor.id),
            at=call.desk.clock.now(),
        )
    return call.go(HERE, "It is entered that they left.")


def _page(call: Call, form: Form, status: int = 200) -> Response:
    policy = call.desk.policy()
    with call.desk.db.reading() as session:
        people = register.members(session, policy, call.desk.clock.today())
        names = accounts.display_names(session)
    shown = piece(call, sorted(people, key=lambda each: -each.open), HERE)
    return call.page(
        "staff_register.html", status=status, title="Register of staff", piece=shown,
        names=names, sent=form.sent, mistakes=form.mistakes, kinds=KINDS, short=SHORT, done=DONE, version=policy.version,
        whom={str(each.id): each.name for each in people}, key=str(press_key({})), add_key=str(press_key({})),
    )  # fmt: skip
