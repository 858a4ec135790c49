"""P7: every route × everybody × every way a file can stand × method, asked of the running desk. Routes are taken from the app itself.

What is expected comes from the table of `tests/records/staff/test_access.py`, written by hand: a new act must be said there, or every
cell of it is expected to be refused and fails here. A new route needs nothing but its rule.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from intake.app import make_app
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.cases import referrals
from records.cases.tables import CaseNote
from records.cases.words import Capacity
from records.clock import fixed
from records.consents import bodies, looking
from records.consents.items import Category
from records.consents.looking import Asked
from records.consents.standing import Route
from records.consents.tables import ConsentEvent
from records.custody.returning import ReturnState
from records.custody.tables import PaperReturn
from records.desk.people_forms import FORMS
from records.desk.shell import PUBLIC
from records.documents.tables import Document
from records.guard import restrictions
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile, Person
from records.policies.values import NotesSeenBy
from records.post import inbox
from records.requests import register as asked_for
from records.requests.kinds import Kind as RequestKind
from records.requests.kinds import Requester
from records.requests.kinds import Route as RequestRoute
from records.requests.register import Asking
from records.retention.tables import PaperAbout
from records.staff import accounts
from records.staff.access import OF_A_FILE, READING, THOUGH_RESTRICTED, Act, Relation, Restriction
from records.vocabulary import DocumentKind, Role
from tests.builders import CARER, CHILD, home
from tests.conftest import NOON
from tests.records.staff.test_access import wanted
from tests.reviewing import READ_BORN, Browser, arrived, confirm

MISSING = 999_999
FILE = "/files/{number:int}"
OF_REQUEST, OF_RETURN = "/requests/{number:int}", "/originals/returns/{number:int}"
ANONYMOUS, DISABLED, OWN, OTHER = "anonymous", "disabled", "officer, own", "officer, other"
STANDINGS = ("open", "closed", "safeguarding", "processing")


@dataclass
class Somebody:
    """One who asks."""

    role: Role | None
    client: TestClient
    csrf: str
    own: bool = False


@dataclass
class World:
    """A desk with people, and one file of each standing, all of one officer."""

    rules: dict[tuple[str, str], Act]
    people: dict[str, Somebody]
    numbers: dict[str, int]
    ids: dict[str, str]
    requests: dict[str, int]
    returns: dict[str, int]
    notes: NotesSeenBy
    entries: Callable[[], int]


def entries(chain: Paperchain) -> int:
    with chain.db.reading() as session:
        return session.exec(select(func.count()).select_from(AuditEntry)).one()


def build(chain: Paperchain) -> World:
    own = Browser(chain, name="Own")
    confirm(own, arrived(chain)[0])
    people = {OWN: Somebody(Role.OFFICER, own.client, own.csrf, own=True)}
    for name, role in (
        (OTHER, Role.OFFICER),
        ("admin", Role.ADMIN),
        ("manager", Role.MANAGER),
        (DISABLED, Role.OFFICER),
    ):
        one = Browser(chain, role, name)
        people[name] = Somebody(role, one.client, one.csrf)
        if name == DISABLED:
            with chain.db.writing() as session:
                accounts.disable(session, one.id, actor=uuid4(), clock=chain.clock)
            people[name].role = None
    app = make_app(chain)
    people[ANONYMOUS] = Somebody(None, TestClient(app, base_url="http://localhost", follow_redirects=False), "")
    numbers = {}
    with chain.db.writing() as session:
        first = session.exec(select(ChildFile)).one()
        numbers["open"] = first.number
        for standing in STANDINGS[1:]:
            file = register.open_file(
                session, officer_id=own.id, child_name="Invented Child", actor=str(own.id), at=chain.clock.now(),
                number=inbox.next_number(session, "file"),
            )  # fmt: skip
            register.add_birth_date(
                session,
                file,
                BirthDate.on(date.fromisoformat(READ_BORN)),
                part_id=None,
                actor=str(own.id),
                at=chain.clock.now(),
            )
            if standing == "closed":
                file.closed_at = chain.clock.now()
            else:
                restrictions.place(
                    session,
                    file,
                    Restriction(standing),
                    why="Invented",
                    by=str(own.id),
                    at=chain.clock.now(),
                    named=[own.id],
                )
            numbers[standing] = file.number
        document = session.exec(
            select(Document).where(Document.kind == DocumentKind.PAGE, Document.file_id == first.id)
        ).one()
        event = session.exec(select(ConsentEvent).where(ConsentEvent.file_id == first.id)).first()
        person = session.exec(select(Person).where(Person.file_id == first.id)).first()
        assert event is not None and person is not None
        carer = next(each.id for each in register.people(session, first) if each.kind == register.CARER)
        requests, returns = {}, {}
        for standing, number in numbers.items():
            file = register.by_number(session, number)
            requests[standing] = asked_for.record(
                session, kind=RequestKind.ACCESS, route=RequestRoute.POST, requester=Requester.PARENT, asking=Asking(CARER, "All of it"),
                received_on=chain.clock.today(), by=str(own.id), at=chain.clock.now(), file=file,
            ).number  # fmt: skip
            returns[standing] = inbox.next_number(session, "paper_return")
            session.add(
                PaperReturn(
                    number=returns[standing], file_id=file.id, person_id=person.id, state=ReturnState.ASKED, asked_on=chain.clock.today(),
                    due_on=chain.clock.today(), opened_by=str(own.id), opened_at=chain.clock.now(),
                )
            )  # fmt: skip
            session.flush()
        referral = referrals.log_on_file(
            session, first, Capacity.PARENT, "A school place", chain.policy(), received_on=chain.clock.today(), actor=str(own.id),
            at=chain.clock.now(),
        )  # fmt: skip
        body = bodies.add(
            session, first, Category.HEALTH, "Elm Clinic", since=chain.clock.today(), actor=str(own.id), at=chain.clock.now()
        )  # fmt: skip
        asked = Asked(uuid4(), body, person.id, person.id, "The hearing test", chain.clock.today(), Route.TELEPHONE)
        looking.ask(session, first, asked, policy=chain.policy(), actor=str(own.id), at=chain.clock.now())
        assert document.part_id is not None
        about = PaperAbout(
            paper=document.part_id, part_id=document.part_id, other_number=numbers["closed"], noted_by=str(own.id), noted_at=chain.clock.now()
        )  # fmt: skip
        session.add(about)
        ids = {
            "about": str(about.id),
            "body": str(body),
            "look": str(asked.entry),
            "referral": str(referral.id),
            "kind": "safe-contact",
            "document": str(document.id),
            "event": str(event.id),
            "person": str(person.id),
            "part": str(document.part_id),
        }
    base, today = f"/files/{numbers['open']}", chain.clock.today()
    day = {"day": str(today.day), "day-month": str(today.month), "day-year": str(today.year)}
    note = {"kind": "progress", "text": "An invented note.", "act": "save", **day}
    assert own.post(f"{base}/notes/{ids['referral']}/write", note).status_code == 303
    told = {
        "who": str(carer), "how": "telephone", "day": str(today.day), "month": str(today.month), "year": str(today.year),
        "key": str(uuid4()), "answer-contact:health": "no",
    }  # fmt: skip
    changed = own.post(f"{base}/change", told)
    assert changed.status_code == 303, changed.text
    ids["change_id"] = changed.headers["location"].rpartition("/")[2]
    with chain.db.reading() as session:
        ids["thread"] = str(session.exec(select(CaseNote.thread_id)).one())
    return World(
        app.state.rules,
        people,
        numbers,
        ids,
        requests,
        returns,
        chain.policy().case_notes_seen_by,
        lambda: entries(chain),
    )


@pytest.fixture(scope="module", params=["westminster", "northamptonshire"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with home(tmp_path_factory.mktemp("matrix"), fixed(NOON), service__policy=request.param) as chain:
        yield build(chain)


def filled(world: World, path: str, number: int, **more: str) -> str:
    """A path with the file's number and, for everything else, an id of the first file or one that is nobody's."""
    ids = world.ids | more
    path = path.replace("{number:int}", str(number), 1)

    def value(found: re.Match[str]) -> str:
        name, _, kind = found[1].partition(":")
        return ids.get(name) or (str(uuid4()) if kind == "uuid" else "1")

    return re.sub(r"{([^}]+)}", value, path)


def expected(world: World, who: Somebody, act: Act, standing: str) -> bool:
    """By hand: S1 from the table; then what a restriction leaves to whom."""
    assert who.role is not None
    if act in OF_A_FILE and standing == "processing":
        left = THOUGH_RESTRICTED - (
            READING - {Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT} if world.notes != "service_staff" else set()
        )
        return who.role is Role.MANAGER and act in left
    named = who.own or who.role is Role.MANAGER
    if act in OF_A_FILE and standing == "safeguarding" and not named:
        return False
    return wanted(who.role, act, Relation.OWN_FILE if who.own else Relation.OTHERS_FILE, world.notes)


def asked(who: Somebody, method: str, path: str, *, ours: bool = True):  # type: ignore[no-untyped-def]  # httpx's answer
    if method == "GET":
        return who.client.get(path)
    return who.client.post(path, data={"csrf": who.csrf} if ours else {})


def like(text: str) -> str:
    """A page without the token in its forms."""
    return re.sub(r'name="csrf" value="[^"]*"', "", text)


def cells(world: World, on_file: bool) -> Iterator[tuple[str, str, Act, str, Somebody]]:
    for (method, path), rule in sorted(world.rules.items()):
        if rule != PUBLIC and path.startswith(FILE) is on_file:
            for name, who in world.people.items():
                yield method, path, Act(rule), name, who


def test_every_route_has_a_rule(world: World) -> None:
    app = next(iter(world.people.values())).client.app
    found = {
        (method, route.path)
        for route in app.routes  # type: ignore[attr-defined]  # a FastAPI
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD"
    }
    assert found and found == set(world.rules), (
        "add a page with @pages.get(path, rule=Act.…): no route stands without a rule"
    )


def test_whoever_is_not_signed_in_gets_nothing(world: World) -> None:
    for on_file in (True, False):
        for method, path, _, name, who in cells(world, on_file):
            if who.role is None:
                answer = asked(who, method, filled(world, path, world.numbers["open"]))
                assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), (method, path, name)
                assert not answer.content and answer.headers["cache-control"] == "no-store"


def test_the_whole_matrix_of_files(world: World) -> None:
    """A refused cell looks as a file that is not there; an allowed one answers, and a sent form without our token does nothing."""
    count, wrong = 0, []
    for method, path, act, name, who in cells(world, on_file=True):
        if who.role is None:
            count += len(STANDINGS)  # asserted above
            continue
        missing = None
        for standing in STANDINGS:
            count += 1
            number, allowed = world.numbers[standing], expected(world, who, act, standing)
            cell = f"{method} {path} ({act}) by {name} on a file that is {standing}"
            where = filled(world, path, number)
            if not allowed:
                answer = asked(who, method, where)
                missing = missing or asked(who, method, filled(world, path, MISSING))
                if answer.status_code != 404 or missing.status_code != 404:
                    wrong.append(f"{cell}: {answer.status_code}, must be 404")
                elif like(answer.text) != like(missing.text):
                    wrong.append(f"{cell}: differs from a file that is not there")
            elif method == "POST":
                if asked(who, method, where, ours=False).status_code != 403:
                    wrong.append(f"{cell}: is not stopped without the form's token")
            elif act in OF_A_FILE and path.count("{") == 1 and asked(who, method, where).status_code not in (200, 303):
                wrong.append(f"{cell}: {asked(who, method, where).status_code}, must answer")
    assert not wrong, "\n".join(
        [
            *wrong[:30],
            "A new act is said in WANTED of tests/records/staff/test_access.py; a page of a file begins with file_frame.opened",
        ]
    )
    assert count >= 500


def test_the_whole_matrix_of_everything_else(world: World) -> None:
    """Whoever's role does not include it is told that there is nothing; nothing is sent that could change something."""
    count, wrong = 0, []
    for method, path, act, name, who in cells(world, on_file=False):
        count += 1
        if who.role is None:
            continue
        where = filled(world, path, 1)
        answer = asked(who, method, where, ours=False) if method == "POST" else None
        if not wanted(who.role, act, Relation.NONE, world.notes):
            answer = answer or asked(who, method, where)
            if answer.status_code != 404:
                wrong.append(f"{method} {path} ({act}) by {name}: {answer.status_code}, must be 404")
        elif answer is not None and answer.status_code != 403:
            wrong.append(
                f"{method} {path} ({act}) by {name}: {answer.status_code} without the form's token, must be 403"
            )
    assert not wrong, "\n".join([*wrong[:30], "a new act is said in WANTED of tests/records/staff/test_access.py"])
    assert count >= 300


def test_the_whole_matrix_of_requests_and_returns(world: World) -> None:
    """N10, P7: a request or return about a file is asked with how that file stands to each person, as the file itself is."""
    count, wrong = 0, []
    for method, path, act, name, who in cells(world, on_file=False):
        numbers = next(
            (
                each
                for start, each in ((OF_REQUEST, world.requests), (OF_RETURN, world.returns))
                if path.startswith(start)
            ),
            None,
        )
        if numbers is None or who.role is None:
            continue
        missing = asked(who, method, filled(world, path, MISSING))
        for standing, number in numbers.items():
            count += 1
            about = Act.WORK_REQUEST if numbers is world.requests else act
            allowed = expected(world, who, about, standing) and wanted(who.role, act, Relation.NONE, world.notes)
            cell, where = f"{method} {path} ({act}) by {name} on a file that is {standing}", filled(world, path, number)
            if not allowed:
                answer = asked(who, method, where)
                if answer.status_code != 404 or like(answer.text) != like(missing.text):
                    wrong.append(f"{cell}: {answer.status_code}, must be as one that is not there")
            elif method == "POST":
                if asked(who, method, where, ours=False).status_code != 403:
                    wrong.append(f"{cell}: is not stopped without the form's token")
            else:
                plain = path.count("{") == 1 and not path.endswith((".pdf", "/erase"))
                answers = plain or (standing == "open" and "{document:uuid}" in path)
                if answers and asked(who, method, where).status_code == 404:
                    wrong.append(f"{cell}: 404, must answer")
    assert not wrong, "\n".join(
        [*wrong[:30], "a request is opened by `request_pages.workable`, a page of it by `closed_pages` too"]
    )
    assert count >= 500


def test_ids_of_one_officers_file_open_nothing_to_another_through_another_file(world: World) -> None:
    """IDOR: every id of the first file, tried through the number of each other file and of none."""
    for (method, path), _ in sorted(world.rules.items()):
        if path.startswith(FILE) and ":uuid}" in path and method == "GET":
            for name in (OWN, OTHER, "manager", "admin"):
                for number in (world.numbers["closed"], world.numbers["safeguarding"], MISSING):
                    answer = world.people[name].client.get(filled(world, path, number))
                    assert answer.status_code == 404, (path, name, number)


def test_nothing_is_kept_by_a_browser_or_proxy(world: World) -> None:
    for (method, path), _ in sorted(world.rules.items()):
        if method == "GET" and path.startswith(FILE) and path.count("{") == 1:
            answer = world.people[OWN].client.get(filled(world, path, world.numbers["open"]))
            assert answer.headers["cache-control"] == "no-store", path


def test_every_page_that_shows_the_child_is_exactly_one_entry_in_the_audit(world: World) -> None:
    """P9: begin a page of a file with `file_frame.opened` and `seen`, or with `viewed`; one of a request with `looked`."""
    who, wrong = world.people[OWN], []
    for (method, path), _ in sorted(world.rules.items()):
        number = world.numbers["open"] if path.startswith(FILE) else world.requests["open"]
        if method != "GET" or not path.startswith((FILE, OF_REQUEST)):
            continue
        kinds, reached = FORMS if "{kind}" in path else ("",), False
        for kind in kinds:
            before = world.entries()
            answer = who.client.get(filled(world, path, number, kind=kind))
            reached |= answer.status_code in (200, 303)
            shows = CHILD in answer.text or not answer.headers.get("content-type", "").startswith("text/html")
            if answer.status_code == 200 and shows and world.entries() != before + 1:
                wrong.append(f"{path} {kind}: {world.entries() - before} entries, must be 1")
        if path.startswith(FILE) and not reached:
            wrong.append(f"{path}: was not reached, so nothing is known of it: give `build` an id for it")
    assert not wrong, wrong


def test_a_file_that_is_shown_beside_another_is_looked_at_too(world: World) -> None:
    """P9: comparing two files of perhaps one child is a view of each."""
    who, before = world.people[OWN], world.entries()
    place = filled(world, FILE + "/people/same-child", world.numbers["open"])
    shown = who.client.post(place, data={"csrf": who.csrf, "other": str(world.numbers["closed"])})
    assert shown.status_code == 200 and "Invented Child" in shown.text
    assert world.entries() == before + 2
