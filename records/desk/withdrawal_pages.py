"""Record a withdrawal, for anybody on the staff and from any page (W41, R29): nothing of the file is shown, and it counts at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlmodel import Session
from starlette.responses import Response

from records.consents import counter, following
from records.consents.counter import EVERYTHING
from records.consents.givers import Giver
from records.consents.items import FAMILY, NEWS, SHARE, TALK, WORDS
from records.consents.standing import Route
from records.consents.typed import LONGEST_NAME, LONGEST_NOTE, day_typed, day_wrong, text_wrong
from records.desk.change_view import ROUTES
from records.desk.file_frame import LARGEST_NUMBER
from records.desk.presses import press_key
from records.desk.seen_in_post import item_seen, settle_seen
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.people import exact, register, search
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.staff.access import Act

pages = Pages()

WHO = (
    (Giver.PARENT_OR_CARER, "A parent or carer"),
    (Giver.YOUNG_PERSON, "The child or young person"),
    (Giver.REPRESENTATIVE, "Somebody else"),
)
SECTIONS = (
    ("Keeping the file", (("store", "Keeping this file"),)),
    ("News and events", NEWS),
    ("Talking to others", TALK),
    ("Sharing and asking", SHARE),
    ("Talking with parents or carers", FAMILY),
)
NONE_FITS = "No file fits all that you typed. Check it with the family, or record a request so that it is not lost"
MANY_FIT = "More than one file has this name and date of birth. Type the file number, or record a request"


@pages.get("/withdrawals/new", rule=Act.RECORD_WITHDRAWAL)
def new(call: Call) -> Response:
    """The page, from anywhere."""
    return _page(call, _fresh(call), {})


BY_REQUEST: Mapping[str, Route] = {"email": Route.EMAIL, "phone": Route.TELEPHONE, "in_person": Route.IN_PERSON}
"""How a request reached us, in the words of a withdrawal; everything else is paper."""


def asked_for(call: Call, sent: Mapping[str, str], number: int, received: date) -> Response:
    """The page for a withdrawal that somebody began as a request, with what was typed: the child's name and the items are still asked."""
    who = {"child": Giver.YOUNG_PERSON, "parent": Giver.PARENT_OR_CARER}.get(sent["requester"], Giver.REPRESENTATIVE)
    on = {"day": str(received.day), "month": str(received.month), "year": str(received.year)}
    known = {
        "file": f"PC-{number:04d}",
        "who": who.value,
        "called": sent["name"],
        "how": BY_REQUEST.get(sent["route"], Route.LETTER).value,
        "note": sent.get("words", ""),
        "item": sent.get("item", ""),
        "seen": sent.get("seen", ""),
        "was_request": "yes",
    }
    return _page(call, on | known, {})


def _fresh(call: Call) -> dict[str, str]:
    today = call.desk.clock.today()
    return {"day": str(today.day), "month": str(today.month), "year": str(today.year)}


def _page(call: Call, sent: Mapping[str, str], mistakes: Mapping[str, str]) -> Response:
    return call.page(
        "withdrawal.html", status=422 if mistakes else 200, title="Record a withdrawal", sent=sent, mistakes=mistakes,
        key=sent.get("key") or str(uuid4()), givers=dict(WHO), routes=dict(ROUTES), sections=SECTIONS,
    )  # fmt: skip


@dataclass(frozen=True)
class _Typed:
    """What was typed, when nothing is wrong with it by itself."""

    number: int | None
    name: str
    born: date | None
    items: tuple[str, ...]
    giver: Giver
    called: str
    route: Route
    day: date


@pages.post("/withdrawals/new", rule=Act.RECORD_WITHDRAWAL)
def save(call: Call) -> Response:
    """Records it, in force at once, and raises a task for the file's officer. The answer tells nothing about the file, but that a later yes
    stands where the day is too early; that is then entered on the file."""
    sent, policy = call.sent, call.desk.policy()
    typed = _typed(sent, call.desk.clock.today())
    if not isinstance(typed, _Typed):
        return _page(call, sent, typed)
    actor, at = str(call.actor.id), call.desk.clock.now()
    with call.desk.db.writing() as session:
        files = _files(session, typed)
        if len(files) != 1:
            counter.not_found(session, actor=actor, at=at)
    at_field = "file" if typed.number is not None else "name"
    if len(files) != 1:
        return _page(call, sent, {at_field: MANY_FIT if files else NONE_FITS})
    with call.desk.db.writing() as session:
        file, open_still = register.get(session, files[0].id), False
        if counter.later_yes(session, file, typed.items, typed.day, policy):
            late = "The file holds a yes from after this day. If they say no now, enter today"
            counter.told_of_later_yes(session, file, actor=actor, at=at)
        else:
            late = ""
            recorded = counter.take(
                session, file, typed.items, typed.giver, typed.called, typed.route, typed.day, press_key(sent),
                note=sent.get("note", ""), actor=actor, at=at, policy=policy,
            )  # fmt: skip
            settle_seen(session, item_seen(session, call, sent.get("item", "")), sent.get("seen", ""), call)
            open_still = following.own_word_stands(session, file, recorded.withdrawn, policy, call.desk.clock.today())
    if late:
        return _page(call, sent, {"day": late})
    # Nobody may promise the caller what is not so; that it is for the officer to decide is all that is told (R20, R27).
    if open_still:
        words = (
            "is recorded. The file’s officer decides what of it counts, and has a task. Do not promise that it does."
        )
    else:
        words = "is recorded and in force. The file’s officer has a task."
    return call.go("/withdrawals/new", f"The withdrawal of {in_words(typed.day)} {words}")


def _files(session: Session, typed: _Typed) -> list[ChildFile]:
    if typed.number is None:
        return list(exact.files_of(session, typed.name, typed.born)) if typed.born is not None else []
    try:
        file = register.all_of(session, register.by_number(session, typed.number))[0]
    except NotFound:
        return []
    return [file] if exact.fits(session, file, typed.name, typed.born) else []


def _typed(sent: Mapping[str, str], today: date) -> _Typed | dict[str, str]:
    wrong: dict[str, str] = {}
    number = _number(sent, wrong)
    name, born = sent.get("name", "").strip(), _born(sent, today, wrong)
    if not sent.get("file", "").strip():
        missing = text_wrong(name, "the child’s full name, or a file number above", most=LONGEST_NAME, needed=True)
        if missing:
            wrong["name"] = missing
        if born is None:
            wrong.setdefault("born", "Enter the date of birth, or a file number above")
    elif bad := text_wrong(name, "the child’s name", most=LONGEST_NAME):
        wrong["name"] = bad
    elif (
        not name and born is None
    ):  # nothing of the file is shown: a mistyped number would shut another family's answers
        wrong.setdefault("name", "Enter the child’s name or date of birth too, so that a mistyped number is noticed")
    giver = next((each for each, _ in WHO if each.value == sent.get("who")), None)
    if giver is None:
        wrong["who"] = "Choose who told us"
    called = sent.get("called", "")
    if bad := text_wrong(called, "the name of whoever told us", most=LONGEST_NAME, needed=True):
        wrong["called"] = bad
    route = next((each for each, _ in ROUTES if each.value == sent.get("how")), None)
    if route is None:
        wrong["how"] = "Choose how they told us"
    day = day_typed(sent.get("day", ""), sent.get("month", ""), sent.get("year", ""))
    if bad := day_wrong(day, "The day they told us", today=today, born=born):
        wrong["day"] = bad
    items = tuple(item for item in (EVERYTHING, *WORDS) if sent.get(f"no-{item}") == "yes")
    if not items:
        wrong["items"] = "Choose what they say no to"
    if bad := text_wrong(sent.get("note", ""), "the note", most=LONGEST_NOTE):
        wrong["note"] = bad
    if wrong or giver is None or route is None or day is None:
        return wrong
    return _Typed(number, name, born, items, giver, called, route, day)


def _number(sent: Mapping[str, str], wrong: dict[str, str]) -> int | None:
    typed = sent.get("file", "").strip()
    found = search.NUMBER.fullmatch(typed)
    if typed and found is None:
        wrong["file"] = "Enter a file number like PC-0042, or leave it empty"
    if found is None:
        return None
    return min(int(found[1]), LARGEST_NUMBER)


def _born(sent: Mapping[str, str], today: date, wrong: dict[str, str]) -> date | None:
    parts = [sent.get(f"born-{part}", "").strip() for part in ("day", "month", "year")]
    if not any(parts):
        return None
    born = day_typed(*parts)
    if born is None or born.year < 1900:
        wrong["born"] = "Date of birth must be a real date, for example 27 3 2015"
        return None
    if born >= today:
        wrong["born"] = "Date of birth must be in the past"
        return None
    return born
