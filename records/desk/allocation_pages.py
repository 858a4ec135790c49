"""Files passed on by a manager, and files opened with a reason. File numbers only: under S1 a manager may not see whose they are."""

import re
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.guard import allocation, glass
from records.guard.glass import Ground
from records.guard.standing import about
from records.people import exact, register
from records.people.search import taken_apart
from records.people.tables import ChildFile
from records.policies.values import NotesSeenBy
from records.staff import accounts
from records.staff.access import Act

pages = Pages()

NO_SUCH_FILE = "No file of that number, or of that name and date of birth, can be opened"
FULL_DATE = len("2011-05-14")
_NUMBER = re.compile(r"(?:PC-?)?0*(\d{1,9})", re.IGNORECASE)


@pages.get("/allocation", rule=Act.ALLOCATE_FILES)
def allocate(call: Call) -> Response:
    """Who has how many files, and the two ways to pass them on."""
    return _allocation(call, {})


@pages.post("/allocation/file", rule=Act.ALLOCATE_FILES)
def pass_on(call: Call) -> Response:
    """Passes one file on."""
    found = _NUMBER.fullmatch(call.sent.get("number", "").strip())
    to = _account(call.sent.get("to", ""))
    try:
        with call.desk.db.writing() as session:
            if found is None:
                raise NotFound("There is no such file.")
            file = register.by_number(session, int(found[1]))
            if to is None:
                raise RefusedByRule("Choose an officer who has an account", "N10")
            allocation.allocate(
                session, file, to, why=call.sent.get("why", ""), by=call.actor.id, at=call.desk.clock.now()
            )  # fmt: skip
    except NotFound:
        return _allocation(call, {"number": "There is no file with that number. Look at it again"})
    except RefusedByRule as refused:
        return _allocation(call, {"why" if "reason" in refused.message else "to": refused.message})
    return call.go(
        "/allocation", "The file was passed on. Its officer before sees it only as far as the policy lets colleagues."
    )


@pages.post("/allocation/all", rule=Act.ALLOCATE_FILES)
def pass_all(call: Call) -> Response:
    """Passes all files of one person on: they leave, or are away for long."""
    source, to = _account(call.sent.get("from", "")), _account(call.sent.get("all_to", ""))
    try:
        with call.desk.db.writing() as session:
            if source is None:
                raise RefusedByRule("Choose whose files are passed on", "N10")
            if to is None:
                raise RefusedByRule("Choose an officer who has an account", "N10")
            moved = allocation.allocate_all(
                session, source, to, why=call.sent.get("all_why", ""), by=call.actor.id, at=call.desk.clock.now()
            )
    except RefusedByRule as refused:
        return _allocation(call, {_field(refused.message): refused.message})
    return call.go("/allocation", f"{moved} file{'s were' if moved != 1 else ' was'} passed on.")


def _field(message: str) -> str:
    if "reason" in message:
        return "all_why"
    return "from" if "whose" in message or "has no files" in message else "all_to"


def _account(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _allocation(call: Call, mistakes: dict[str, str]) -> Response:
    with call.desk.db.reading() as session:
        names, held = accounts.display_names(session), allocation.holdings(session)
        officers = [(str(one.id), one.display_name) for one in allocation.officers(session)]
        holders = sorted(
            ((str(id), names.get(str(id), "–"), *counts) for id, counts in held.items()), key=lambda row: row[1]
        )
        chosen = _account(call.request.query_params.get("of", ""))
        numbers = list(allocation.numbers_of(session, chosen)) if chosen else []
    return call.page(
        "allocation.html", status=422 if mistakes else 200, title="Pass files on", mistakes=mistakes, sent=call.sent,
        officers=officers, holders=holders, numbers=numbers, chosen=str(chosen) if chosen else None,
        working={id for id, _ in officers},
    )  # fmt: skip


@pages.get("/break-glass", rule=Act.BREAK_GLASS)
def ask_to_open(call: Call) -> Response:
    """The page on which somebody says which file they must open, and why."""
    return _glass(call, {})


@pages.post("/break-glass", rule=Act.BREAK_GLASS, fresh=True)
def open_with_reason(call: Call) -> Response:
    """Opens one file to this person, to read, for some hours."""
    ground, why = call.sent.get("ground", ""), call.sent.get("why", "").strip()
    mistakes = {}
    if ground not in set(Ground):
        mistakes["ground"] = "Choose why you must open it"
    if not why:
        mistakes["why"] = "Enter the reason"
    by_number, today = call.sent.get("number", "").strip(), call.desk.clock.today()
    if not by_number and call.sent.get("born", "").strip() and _born(call.sent, today) is None:
        mistakes["born"] = "Date of birth must be a real date, for example 27 3 2015"
    if mistakes:
        return _glass(call, mistakes)
    try:
        with call.desk.db.writing() as session:
            file = _wanted(session, call.sent, today)
            if not call.may(Act.OPEN_FILE, about(file)):
                _break(session, call, file, Ground(ground), why)
            number = file.number
    except NotFound:
        return _glass(call, {"number": NO_SUCH_FILE})
    except RefusedByRule as refused:
        return _glass(call, {"why": refused.message})
    return call.go(f"/files/{number}", "You can read this file for some hours. Its officer and the managers are told.")


def _break(session: Session, call: Call, file: ChildFile, ground: Ground, why: str) -> None:
    """NotFound where break-glass opens nothing: what is restricted stays so, and looks as if it were not there."""
    if file.restricted:
        raise NotFound("There is nothing here.")
    glass.break_glass(session, call.actor, file, ground, why=why, at=call.desk.clock.now())


def _wanted(session: Session, sent: dict[str, str], today: date) -> ChildFile:
    """By number; or by the whole name and the date of birth, which must both match one file alone."""
    typed = _NUMBER.fullmatch(sent.get("number", "").strip())
    if typed:
        return register.by_number(session, int(typed[1]))
    name, born = sent.get("name", "").strip(), _born(sent, today)
    same = exact.files_of(session, name, born) if born and name else []
    if len(same) != 1:
        raise NotFound("There is no such file.")
    return same[0]


def _born(sent: dict[str, str], today: date) -> date | None:
    """The whole birth date that was typed; None for anything else."""
    typed = taken_apart(sent.get("born", "").strip(), today).born or ""
    return date.fromisoformat(typed) if len(typed) == FULL_DATE else None


def _glass(call: Call, mistakes: dict[str, str]) -> Response:
    return call.page(
        "break_glass.html", status=422 if mistakes else 200, title="Open a file with a reason", mistakes=mistakes,
        sent=call.sent, grounds=glass.GROUNDS, hours=int(glass.LASTS.total_seconds() // 3600),
        needed=call.desk.policy().case_notes_seen_by is not NotesSeenBy.SERVICE_STAFF,
    )  # fmt: skip


@pages.get("/break-glass/list", rule=Act.SEE_BREAK_GLASS)
def opened_lately(call: Call) -> Response:
    """What was opened with a reason in the last week: for managers."""
    with call.desk.db.reading() as session:
        rows = glass.since(session, week_before(call.desk.clock.now()))
        names = accounts.display_names(session)
    return call.page(
        "break_glass_list.html", title="Files opened with a reason", rows=rows, names=names, grounds=glass.GROUNDS
    )


def week_before(now: datetime) -> datetime:
    return now - glass.WEEK
