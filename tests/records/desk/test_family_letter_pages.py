"""Letters about consents from a child's file: who may print, what is refused in words, what is entered."""

import io
import json
import re
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx
import pypdf
import pytest
from starlette.testclient import TestClient

from records.clock import Clock
from records.consents import changes
from records.consents.changes import Told
from records.consents.givers import Capacity, Giver
from records.consents.standing import ConsentState, Route
from records.db import Database
from records.desk import family_letter_pages
from records.desk.shell import Desk, build
from records.documents.store import FolderStore
from records.people import known, merging
from records.people.facts import ContactDetails, SafeContact
from records.policies.settings import load as load_policy
from records.staff import accounts, sessions
from records.vocabulary import Role
from tests.records.consents.homes import CARER, Home, open_file

ANSWERS = {"store": ConsentState.GIVEN, "news:email": ConsentState.UNCLEAR}


class Browser:
    """Somebody signed in, who sends the CSRF token with every form."""

    def __init__(self, database: Database, place: Path, clock: Clock, role: Role, policy: str = "westminster") -> None:
        desk = Desk(
            database, FolderStore(place), clock, lambda: load_policy(policy, clock.today()), "Testwood SENDIASS"
        )
        with database.writing() as session:
            account = accounts.accept(
                session, accounts.invite(session, role, clock), sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name="Lee Sample",
                password="four invented words here", clock=clock,
            )  # fmt: skip
            token = sessions.begin(session, account, clock)
            session.flush()
            found = sessions.find(session, token, clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        app = build(desk, family_letter_pages.pages)
        self.client = TestClient(app, cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def press(self, path: str, **fields: str) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})


@pytest.fixture
def officer(database: Database, tmp_path: Path, clock: Clock) -> Browser:
    return Browser(database, tmp_path, clock, Role.OFFICER)


@pytest.fixture
def home(database: Database, clock: Clock, officer: Browser) -> Home:
    with database.writing() as session:
        return open_file(session, clock.now(), ANSWERS, officer=officer.id)


def test_an_officer_prints_what_was_agreed_and_the_print_stands_in_the_list(officer: Browser, home: Home) -> None:
    page = officer.get("/files/1/letters").text
    assert "2 answers, 1 to ask again. Prints in ordinary print." in page
    assert "No letter now." in page  # the child, who has answered nothing
    assert "Nothing has been printed" in page
    printed = officer.press("/files/1/letters", kind="agreed", **{"for": str(home.carer)})
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    number = re.findall(r"letter-(R-\w{4}-\w{4})\.pdf", printed.headers["content-disposition"])[0]
    assert number in officer.get("/files/1/letters").text
    assert CARER not in str(printed.headers)


def test_a_print_for_the_child_of_a_joined_file_names_the_child(
    officer: Browser, home: Home, database: Database, clock: Clock
) -> None:
    """F22: the child of a joined file is this child, and not somebody who is no longer on it."""
    with database.writing() as session:
        now = clock.now()
        other = open_file(session, now, ANSWERS, officer=officer.id)
        said = Told(
            {"store": True}, Giver.YOUNG_PERSON, other.child, Route.LETTER, clock.today(), uuid4(), Capacity.ABLE
        )
        changes.record(session, other.file, said, actor="o", at=now, policy=load_policy("westminster", clock.today()))
    assert officer.press("/files/2/letters", kind="agreed", **{"for": str(other.child)}).status_code == 200
    with database.writing() as session:
        merging.merge(session, home.file, other.file, why="The mother said so", by="o", at=clock.now())
    page = officer.get("/files/1/letters").text
    assert "What you have agreed</td>" in page
    assert "Somebody no longer on the file" not in page


def test_an_officer_exports_a_record_that_holds_the_receipt_number(officer: Browser, home: Home) -> None:
    exported = officer.press("/files/1/letters/record", **{"for": str(home.carer)})
    assert exported.headers["content-type"] == "application/ld+json"
    record = json.loads(exported.content)
    assert record["receipt_id"] in exported.headers["content-disposition"]


def test_what_may_not_go_out_is_said_in_words_and_nothing_is_entered(
    officer: Browser, home: Home, database: Database, clock: Clock
) -> None:
    answer = officer.press("/files/1/letters", kind="agreed", **{"for": str(home.child)})
    assert answer.status_code == 422
    assert "Nothing was printed" in answer.text
    with database.writing() as session:
        stop = SafeContact(not_by=("in_person", "post"))
        known.record(session, home.file.id, home.carer, stop, true_on=clock.today(), actor="o", at=clock.now())
    assert "must not be contacted in this way" in officer.get("/files/1/letters").text
    refused = officer.press("/files/1/letters", kind="agreed", **{"for": str(home.carer)})
    assert refused.status_code == 422
    assert "Nothing has been printed" in refused.text


def test_whom_no_post_may_reach_is_given_the_letter_by_hand(
    officer: Browser, home: Home, database: Database, clock: Clock
) -> None:
    """R21: whoever lives with somebody who opens the post gets the receipt all the same; no address is on it that it could be posted to."""
    with database.writing() as session:
        now = clock.now()
        where = ContactDetails(address="1 Test Street, Testtown")
        known.record(session, home.file.id, home.carer, where, true_on=clock.today(), actor="o", at=now)
        stop = SafeContact(not_by=("post",))
        known.record(session, home.file.id, home.carer, stop, true_on=clock.today(), actor="o", at=now)
    assert "Never by post: give it to them by hand." in officer.get("/files/1/letters").text
    printed = officer.press("/files/1/letters", kind="agreed", **{"for": str(home.carer)})
    assert printed.status_code == 200
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.content)).pages)
    assert "To be given by hand" in text
    assert "1 Test Street" not in text


def test_whom_nothing_is_known_of_and_who_may_not_see_the_file_find_nothing(
    officer: Browser, home: Home, database: Database, tmp_path: Path, clock: Clock
) -> None:
    for fields in (
        {"kind": "agreed", "for": str(uuid4())},
        {"kind": "agreed", "for": "x"},
        {"kind": "poem", "for": str(home.carer)},
        {},
    ):
        assert officer.press("/files/1/letters", **fields).status_code == 404
    assert Browser(database, tmp_path, clock, Role.ADMIN).get("/files/1/letters").status_code == 404
    other = Browser(database, tmp_path, clock, Role.OFFICER, "northamptonshire")  # S1: the file's own officer alone
    assert other.get("/files/1/letters").status_code == 404
    assert other.press("/files/1/letters/record", **{"for": str(home.carer)}).status_code == 404
    assert Browser(database, tmp_path, clock, Role.MANAGER).get("/files/1/letters").status_code == 200
