"""Cabinets: whether each is locked, when somebody looks again, and who holds its keys. No names but the staff's."""

from uuid import UUID

from starlette.responses import Response

from records.custody import cabinets
from records.desk.paper_rows import TABS
from records.desk.shell import Call, Pages
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
HERE = "/originals/cabinets"


@pages.get("/originals/cabinets", rule=Act.SEE_ORIGINALS)
def lists(call: Call) -> Response:
    """Every cabinet in use, and the newest looks at them."""
    return _lists(call)


@pages.post("/originals/cabinets/check", rule=Act.MOVE_ORIGINAL)
def check(call: Call) -> Response:
    """Records that somebody has looked whether a cabinet is locked."""
    cabinet, found = call.sent.get("cabinet", ""), call.sent.get("found", "")
    if found not in ("locked", "open"):
        return _lists(call, ("found", cabinet, "Choose what you found"))
    with call.desk.db.writing() as session:
        cabinets.check(session, cabinet, locked=found == "locked", by=str(call.actor.id), at=call.desk.clock.now())
    if found == "locked":
        return call.go(HERE, f"Cabinet {cabinet} was locked. The check is recorded.")
    return call.go(
        HERE,
        f"Cabinet {cabinet} was open. The check is recorded. Lock it, and record a breach or loss if anybody could have looked inside.",
    )


@pages.post("/originals/cabinets/give", rule=Act.MOVE_ORIGINAL)
def give(call: Call) -> Response:
    """Records who holds a key."""
    cabinet, who = call.sent.get("cabinet", ""), call.sent.get("account", "")
    with call.desk.db.writing() as session:
        holder = next(
            (one.id for one in accounts.everybody(session) if str(one.id) == who and one.disabled_at is None), None
        )
        if holder is not None:
            cabinets.give_key(session, cabinet, holder, by=str(call.actor.id), at=call.desk.clock.now())
    if holder is None:
        return _lists(call, ("account", cabinet, "Choose who has the key"))
    return call.go(HERE, "The key is recorded.")


@pages.post("/originals/cabinets/keys/{key:uuid}/back", rule=Act.MOVE_ORIGINAL)
def back(call: Call, key: UUID) -> Response:
    """Records that a key was given back."""
    with call.desk.db.writing() as session:
        cabinets.take_key(session, key, by=str(call.actor.id), at=call.desk.clock.now())
    return call.go(HERE, "The key is recorded as given back.")


def _lists(call: Call, mistake: tuple[str, str, str] | None = None) -> Response:
    """The page; `mistake`: the field, the cabinet it belongs to, and what to do."""
    every = call.desk.policy().periods.lock_check_days
    with call.desk.db.reading() as session:
        found, made = cabinets.in_use(session, every), cabinets.checks(session)
        names = accounts.display_names(session)
        staff = [(str(one.id), one.display_name) for one in accounts.everybody(session) if one.disabled_at is None]
    field, cabinet, words = mistake or ("", "", "")
    mistakes = {f"{field}-{at}": words for at, each in enumerate(found, 1) if each.name == cabinet and words}
    return call.page(
        "cabinets.html", status=422 if mistake else 200, title="Cabinets", found=found, made=made, names=names, staff=staff, every=every,
        mistakes=mistakes, tabs=TABS, here=HERE, may_move=call.may(Act.MOVE_ORIGINAL),
    )  # fmt: skip
