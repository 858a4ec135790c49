"""Record a change or withdrawal, who we talk to, share for safety: as staff meet them on the desk."""

import html
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx
import pdfplumber
import pytest
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.testclient import TestClient

from records.clock import Clock
from records.consents import ledger
from records.consents.items import STORE
from records.consents.standing import ConsentState
from records.consents.tables import ConsentChange, ConsentEvent, Disclosure, SafetyShare
from records.db import Database
from records.desk import consent_pages, contact_pages, file_pages, people_pages, safety_pages, today_pages
from records.desk.shell import Desk, build
from records.documents.store import FolderStore
from records.people import register
from records.policies.settings import load
from records.staff import accounts, sessions
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.records.consents.homes import CARER, CHILD, Home, open_file

S = ConsentState
ANSWERS = {STORE: S.GIVEN, "contact:health": S.GIVEN, "contact:education": S.NOT_ANSWERED, "news:email": S.GIVEN}


class Staff:
    """Somebody signed in."""

    def __init__(self, desk: Desk, app: FastAPI, role: Role) -> None:
        with desk.db.writing() as session:
            link = accounts.invite(session, role, desk.clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name="Lee Sample",
                password="four invented words here", clock=desk.clock,
            )  # fmt: skip
            token = sessions.begin(session, account, desk.clock)
            session.flush()
            found = sessions.find(session, token, desk.clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        self.client = TestClient(app, cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def send(self, path: str, **fields: str) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf} | fields)


@pytest.fixture
def database_kind() -> str:
    """The embedded database alone: what the pages call is tested on both by the consents' own tests."""
    return "sqlite"


@pytest.fixture
def desk(database: Database, clock: Clock, tmp_path: Path) -> Desk:
    (tmp_path / "documents").mkdir()
    return Desk(
        database,
        FolderStore(tmp_path / "documents"),
        clock,
        lambda: load("westminster", clock.today()),
        "Testwood SENDIASS",
    )


@pytest.fixture
def app(desk: Desk) -> Iterator[FastAPI]:
    yield build(
        desk,
        today_pages.pages,
        file_pages.pages,
        consent_pages.pages,
        contact_pages.pages,
        people_pages.pages,
        safety_pages.pages,
    )


@pytest.fixture
def officer(desk: Desk, app: FastAPI) -> Staff:
    return Staff(desk, app, Role.OFFICER)


@pytest.fixture
def home(database: Database, clock: Clock, officer: Staff) -> Home:
    with database.writing() as session:
        return open_file(session, clock.now(), ANSWERS, officer=officer.id)


def words(answer: httpx.Response) -> str:
    return " ".join("".join(part.partition(">")[2] for part in html.unescape(answer.text).split("<")).split())


def told(home: Home, **more: str) -> dict[str, str]:
    return {
        "who": str(home.carer), "how": "telephone", "day": "20", "month": "11", "year": "2026", "key": str(uuid4()),
        "answer-contact:health": "no",
    } | more  # fmt: skip


def events(database: Database, home: Home) -> int:
    with database.reading() as session:
        return len(ledger.events(session, home.file.id))


def open_tasks(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(TaskRow.kind).where(col(TaskRow.closed_at).is_(None))).all())


def errors_lead_somewhere(answer: httpx.Response) -> list[str]:
    """Every line of the summary leads to an element that is there; returns the fields."""
    targets = re.findall(r'<li><a href="#([^"]+)">', answer.text)
    for target in targets:
        assert f'id="{target}"' in answer.text
    return targets


def test_a_withdrawal_is_two_steps_from_the_file(database: Database, home: Home, officer: Staff) -> None:
    """W41, R29: open the page, press the button; a yes takes the same two."""
    base = f"/files/{home.file.number}"
    assert f'href="{base}/change"' in officer.get(base).text
    page = officer.get(f"{base}/change")
    assert page.status_code == 200
    assert "The words asked about contact:health" in words(page)
    done = officer.send(f"{base}/change", **told(home))
    assert done.status_code == 303
    shown = words(officer.get(done.headers["location"]))
    assert "Withdrawn on 20 November 2026." in shown
    assert "Nobody heard of the family on the strength of these answers." in shown
    assert "Health service No 20 November 2026 Told by telephone on 20 November 2026 Withdrawn" in words(
        officer.get(base)
    )
    again = officer.send(f"{base}/change", **told(home, **{"answer-contact:health": "yes"}, how="letter", day="21"))
    assert again.status_code == 422  # tomorrow


def test_a_quarrel_says_on_what_and_is_a_task_until_it_is_settled(
    database: Database, clock: Clock, home: Home, officer: Staff
) -> None:
    """R26, R27: said on the page of the change, above the file and at its row, and a task; gone when one answer settles it."""
    base = f"/files/{home.file.number}"
    with database.writing() as session:
        father = register.add_person(
            session, home.file, kind=register.CARER, name="Kit Testwood", actor=str(officer.id), at=clock.now()
        )
    ask = "Two people do not agree on this. Ask the family which answer holds."
    done = officer.send(f"{base}/change", **told(home, who=str(father.id)))
    assert f"Withdrawn on 20 November 2026. {ask}" in words(officer.get(done.headers["location"]))
    page = words(officer.get(base))
    assert f"{ask} This is about “Health service”." in page
    assert f"Told by telephone on 20 November 2026 Withdrawn on 20 November 2026. {ask}" in page
    loud, _, quiet = officer.get(base).text.partition('<p class="pc-warning pc-warning--gentle">')
    assert ask in loud and "has not been told of our" in quiet
    assert f"{ask} I asked everyone concerned, and this answer settles it" in words(officer.get(f"{base}/change"))
    assert open_tasks(database) == ["answers_disagree"]
    with database.reading() as session:
        held = ledger.what_holds(session, home.file.id, clock.today())["contact:health"]
        mothers = {str(event.id) for event in ledger.events(session, home.file.id) if event.state == ConsentState.GIVEN}
    settles = {"answer-contact:health": "yes", "settles-contact:health": "yes"}
    assert officer.send(f"{base}/change", **told(home, **settles)).status_code == 303
    assert ask not in words(officer.get(base))
    assert open_tasks(database) == []
    with database.reading() as session:
        settled = {id for event in ledger.events(session, home.file.id) for id in (event.settles or "").split()}
    assert settled == set(held.open) - mothers  # a yes that agrees goes on beside it (S5)


def test_what_held_on_a_day_and_what_was_known_on_it(home: Home, officer: Staff) -> None:
    """R26: a letter of the 5th that is entered on the 20th counts from the 5th; nobody knew of it before."""
    base = f"/files/{home.file.number}"
    sent = told(home, how="letter", day="5")
    assert officer.send(f"{base}/change", **sent).status_code == 303
    day = words(officer.get(f"{base}/history?on=10+11+2026"))
    assert "On 10 November 2026, by all that we know now" in day
    assert "Health serviceNo Withdrawn on 5 November 2026.No Nothing was known yet." in day
    assert "Health serviceNo Withdrawn on 5 November 2026.No Withdrawn on 5 November 2026." in words(
        officer.get(f"{base}/history?on=20/11/2026")
    )
    assert "No answer was in force by that day." in words(officer.get(f"{base}/history?on=1 1 2020"))
    for typed, wrong in (
        ("31 2 2026", "must be a real date"),
        ("21 11 2026", "must be today or in the past"),
        ("<b>x", "a real date"),
    ):
        answer = officer.get(f"{base}/history?on={typed}")
        assert answer.status_code == 422
        assert wrong in words(answer)
        assert f'value="{html.escape(typed)}"' in answer.text
        assert errors_lead_somewhere(answer) == ["on"]


def test_what_held_on_a_day_says_whom_another_answer_names(database: Database, clock: Clock, officer: Staff) -> None:
    with database.writing() as session:
        said = {STORE: S.GIVEN, "contact:other_1": S.GIVEN}
        file = open_file(session, clock.now(), said, named="Autism Group", officer=officer.id).file
    assert "Other, first line of the formYes Autism Group: Given on" in words(
        officer.get(f"/files/{file.number}/history?on=20+11+2026")
    )


def test_files_that_disagree_are_a_task_while_they_are_joined(
    database: Database, clock: Clock, home: Home, officer: Staff
) -> None:
    with database.writing() as session:
        answers = ANSWERS | {"contact:health": ConsentState.REFUSED}
        other = open_file(session, clock.now(), answers, officer=officer.id).file.number
    sent = {"other": str(other), "compared": str(other), "why": "The mother said so"}
    assert officer.send(f"/files/{home.file.number}/people/same-child", **sent).status_code == 303
    assert open_tasks(database) == ["answers_disagree"]
    change = words(officer.get(f"/files/{home.file.number}/change"))
    assert f"{CARER}, mother, on PC-{other:04d}" in change  # the name stands there twice
    page = officer.get(f"/files/{home.file.number}/people").text
    apart = re.findall(r'action="(/files/[0-9]+/people/apart/[0-9a-f-]+)"', page)[0]
    assert officer.send(apart).status_code == 303
    assert open_tasks(database) == []


def test_joining_a_file_without_answers_asks_nothing_again(
    database: Database, clock: Clock, home: Home, officer: Staff
) -> None:
    with database.writing() as session:
        father = register.add_person(
            session, home.file, kind=register.CARER, name="Kit Testwood", actor=str(officer.id), at=clock.now()
        )
    officer.send(f"/files/{home.file.number}/change", **told(home, who=str(father.id)))
    before = open_tasks(database)
    assert "answers_disagree" in before
    with database.writing() as session:
        other = open_file(session, clock.now(), {}, officer=officer.id).file.number
    sent = {"other": str(other), "compared": str(other), "why": "The mother said so"}
    assert officer.send(f"/files/{home.file.number}/people/same-child", **sent).status_code == 303
    assert open_tasks(database) == before


def test_everything_at_once(database: Database, home: Home, officer: Staff) -> None:
    answer = officer.send(f"/files/{home.file.number}/change", **told(home, everything="yes"))
    page = words(officer.get(answer.headers["location"]))
    assert "They said no to storing" in page
    with database.reading() as session:
        holds = ledger.what_holds(session, home.file.id, date(2026, 11, 20))
    assert {held.state for held in holds.values()} == {S.WITHDRAWN, S.REFUSED}


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"who": ""}, "who", "Choose who told us"),
        ({"who": str(uuid4())}, "who", "Choose who told us"),
        ({"how": "pigeon"}, "how", "Choose how they told us"),
        ({"day": "31", "month": "2"}, "day", "must be a real date"),
        ({"day": "²", "month": "2"}, "day", "must be a real date"),
        ({"year": "2027"}, "day", "must be today or in the past"),
        ({"year": "1850"}, "day", "must be a real date"),
        ({"year": "2014"}, "day", "must be after the child was born"),
        ({"answer-contact:health": ""}, "answers", "Choose at least one answer that changes"),
        ({"note": "x" * 20_000}, "note", "Note must have 2,000 characters or fewer. You have 20,000"),
        ({"note": "a\x07b"}, "note", "holds a character that cannot be shown"),
        ({"note": "a\N{RIGHT-TO-LEFT OVERRIDE}b"}, "note", "holds a character that cannot be shown"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    database: Database, home: Home, officer: Staff, sent: dict[str, str], field: str, sentence: str
) -> None:
    before = events(database, home)
    answer = officer.send(f"/files/{home.file.number}/change", **told(home, note="Morgan rang") | sent)
    assert answer.status_code == 422
    assert errors_lead_somewhere(answer) == [field]
    assert answer.text.count(sentence) == 2
    assert (sent.get("note") or "Morgan rang") in answer.text.replace("\r\n", "\n") or "\x07" in sent.get("note", "")
    assert events(database, home) == before


def test_a_withdrawal_dated_before_the_yes_is_looked_at_once(database: Database, home: Home, officer: Staff) -> None:
    path, day = f"/files/{home.file.number}/change", {"day": "28", "month": "2", "year": "2026"}
    first = officer.send(path, **told(home, **day))
    assert first.status_code == 422
    assert "There is a yes of 1 March 2026, after this day, and it would still hold" in words(first)
    looked = re.findall(r'name="looked_at" value="([^"]*)"', first.text)
    done = officer.send(path, **told(home, **day, looked_at=looked[0]))
    assert done.status_code == 303
    assert "Given on 1 March 2026" in words(officer.get(done.headers["location"]))


def test_pressing_twice_records_once(database: Database, home: Home, officer: Staff) -> None:
    sent = told(home)
    first, second = (officer.send(f"/files/{home.file.number}/change", **sent) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    with database.reading() as session:
        assert len(session.exec(select(ConsentChange)).all()) == 1


def test_a_child_of_eleven_says_yes_and_the_page_asks_first(home: Home, officer: Staff) -> None:
    """R16, R17: a form or a word of a young child is kept, and does not count until somebody judged it."""
    officer.send(
        f"/files/{home.file.number}/change",
        **told(home, who=str(home.child), **{"answer-contact:education": "yes"}, **{"answer-contact:health": ""}),
    )
    page = words(officer.get(f"/files/{home.file.number}"))
    assert "Education setting or provider Ask first" in page
    assert "Note whether they understand this decision" in page


def test_a_body_is_named_asked_for_and_contacted(database: Database, home: Home, officer: Staff) -> None:
    """R25, N12."""
    path = f"/files/{home.file.number}/contacts"
    assert "Nobody is named yet" in words(officer.get(path))
    wrong = officer.send(path, category="", name=" ")
    assert errors_lead_somewhere(wrong) == ["category", "name"]
    for category, name in (("health", "Elm Clinic"), ("education", "Oak School")):
        assert officer.send(path, category=category, name=name).status_code == 303
    page = officer.get(path)
    assert "Elm Clinic Health service, recorded 20 November 2026. May we contact them? Yes" in words(page)
    assert "Oak School Education setting or provider, recorded 20 November 2026. May we contact them? No" in words(page)
    ids = {name: id for id, name in re.findall(r'id="body-([0-9a-f-]{36})">([^<]+)<', page.text)}
    for name, status in (("Elm Clinic", 303), ("Oak School", 422)):
        assert (
            officer.send(f"{path}/{ids[name]}/contact", purpose="contact", how="telephone", when="now").status_code
            == status
        )
    with database.reading() as session:
        assert [str(row.body_id) for row in session.exec(select(Disclosure)).all()] == [ids["Elm Clinic"]]
    assert "Elm Clinic Contact for the family by telephone – Lee Sample" in words(
        officer.get(f"/files/{home.file.number}/history")
    )
    assert "Elm Clinic, since 20 November 2026" in words(officer.get(f"/files/{home.file.number}"))
    done = officer.send(f"/files/{home.file.number}/change", **told(home))
    assert "Elm Clinic (Health service): last on 20 November 2026" in words(officer.get(done.headers["location"]))


def test_titles_hold_no_name(home: Home, officer: Staff) -> None:
    done = officer.send(f"/files/{home.file.number}/change", **told(home)).headers["location"]
    for path in (f"/files/{home.file.number}/change", f"/files/{home.file.number}/contacts", done, "/share-for-safety"):
        title = officer.get(path).text.split("<title>")[1].split("</title>")[0]
        assert CHILD not in title and CARER not in title


# Share for safety

SHARED = {
    "ground": "risk_of_harm", "facts": "What was said", "source": "third_party", "at_risk": "A cousin", "recipient": "Duty worker",
    "what": "The call", "lawful_route": "vital_interests", "consent_sought": "cannot_be_got", "why_not_asked": "No time",
    "family_told": "later", "decided_by": "Lee Sample", "day": "20", "month": "11", "year": "2026", "time": "11:30",
}  # fmt: skip


def test_sharing_for_safety_is_two_actions_from_every_tab(database: Database, home: Home, officer: Staff) -> None:
    """N2: the page, then the button."""
    base = f"/files/{home.file.number}"
    for tab in ("", "/history", "/change", "/contacts"):
        assert f'href="{base}/share-for-safety"' in officer.get(base + tab).text
    page = officer.get(f"{base}/share-for-safety")
    assert f'value="PC-{home.file.number:04d}"' in page.text
    assert CHILD not in page.text
    done = officer.send("/share-for-safety", file=f"PC-{home.file.number:04d}", **SHARED)
    assert done.status_code == 303
    assert "A cousin" in words(officer.get(done.headers["location"]))
    assert "Restricted Shared for safety" in words(officer.get(f"{base}/history"))


def test_whom_to_tell_is_on_the_page_and_on_the_sheet_as_the_settings_say(desk: Desk, officer: Staff) -> None:
    """W23: another list changes both; without one both say who enters it."""
    for contacts in ((), ("Testwood duty team, 01604 000000", "At night, 01604 000001"), ("Another team",)):
        desk.safeguarding = contacts
        with pdfplumber.open(io.BytesIO(officer.get("/share-for-safety/sheet").content)) as pdf:
            [page] = pdf.pages
            printed = " ".join((page.extract_text() or "").split())
        shown = words(officer.get("/share-for-safety"))
        for text in (printed, shown):
            assert [each for each in contacts if each not in text] == []
            assert ("No contacts are entered" in text) is (contacts == ())
            assert "Another team" not in text or contacts == ("Another team",)
        assert "call 999 first" in printed and "call 999 first" in shown


@pytest.mark.parametrize("role", Role)
def test_every_role_can_share_and_only_the_restricted_group_reads(
    database: Database, desk: Desk, app: FastAPI, home: Home, officer: Staff, role: Role
) -> None:
    sharer, stranger, manager = Staff(desk, app, role), Staff(desk, app, Role.OFFICER), Staff(desk, app, Role.MANAGER)
    place = sharer.send("/share-for-safety", file=str(home.file.number), **SHARED).headers["location"]
    assert [who.get(place).status_code for who in (sharer, officer, manager, stranger)] == [200, 200, 200, 404]
    assert words(stranger.get(place)) == words(stranger.get(f"/safety/{uuid4()}"))
    assert "Look at it" in words(manager.get("/safety"))
    assert officer.get("/safety").status_code == 404
    assert manager.send(f"{place}/seen").status_code == 303
    assert "Nothing waits for you" in words(manager.get("/safety"))


def test_a_number_that_does_not_exist_is_taken_like_one_that_does(
    database: Database, home: Home, officer: Staff
) -> None:
    one = officer.send("/share-for-safety", file=str(home.file.number), **SHARED)
    two = officer.send("/share-for-safety", file="PC-9999", **SHARED)
    assert one.status_code == two.status_code == 303
    assert words(officer.get("/files/9999/share-for-safety")).count("PC-9999") == words(
        officer.get(f"/files/{home.file.number}/share-for-safety")
    ).count(f"PC-{home.file.number:04d}")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"facts": ""}, "facts"), ({"facts": "x" * 20_000}, "facts"), ({"ground": "safeguarding_concern"}, "ground"), ({"year": "2027"}, "day"),
        ({"time": "25:00"}, "day"), ({"time": "23:59"}, "day"), ({"file": "Rowan"}, "file"), ({"why_not_asked": ""}, "why_not_asked"),
        ({"what": "a\x00b"}, "what"),
    ],
)  # fmt: skip
def test_a_missing_fact_is_said_and_nothing_is_kept_half(
    database: Database, officer: Staff, sent: dict[str, str], field: str
) -> None:
    answer = officer.send("/share-for-safety", **SHARED | sent)
    assert answer.status_code == 422
    assert errors_lead_somewhere(answer) == [field]
    assert "The call" in answer.text or "what" in sent
    with database.reading() as session:
        assert session.exec(select(SafetyShare)).all() == []


def test_the_consents_stand_as_before(database: Database, home: Home, officer: Staff) -> None:
    with database.reading() as session:
        before = [row.model_dump() for row in session.exec(select(ConsentEvent)).all()]
    officer.send("/share-for-safety", file=str(home.file.number), **SHARED)
    with database.reading() as session:
        assert [row.model_dump() for row in session.exec(select(ConsentEvent)).all()] == before
