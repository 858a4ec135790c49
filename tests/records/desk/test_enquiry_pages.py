"""Enquiries and referrals on the desk: gentle warnings, waiting for permission, a file, erasing; by each role."""

import html
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import httpx2 as httpx
import pdfplumber
import pytest
from pypdf import PdfReader
from sqlmodel import select

from records.audit.tables import AuditEntry
from records.cases import referrals
from records.cases.tables import Enquiry, Referral
from records.cases.words import ReferralState
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.guard import glass
from records.letters import neither
from records.people import register
from records.people.tables import ChildFile
from records.staff.access import Actor
from records.vocabulary import Role
from tests.records.desk.cases_desk import TODAY, Browser, on

ENQUIRY = {"topic": "transport", "channel": "telephone", "outcome": "answered", **on("day")}
TEACHER = {
    "capacity": "school", "child": "Rowan Testwood", "referrer": "Sam Specimen", "organisation": "Elm Tree School", "asks": "Out of school",
    **on("received"), **on("born", date(2012, 3, 1)),
}  # fmt: skip
YES = {
    "giver": "parent",
    "name": "Morgan Testwood",
    "route": "telephone",
    "evidence": "Rang back",
    "storing": "yes",
    **on("given"),
}


@pytest.fixture
def database_kind() -> str:
    """The pages; the services below them are tried on both databases."""
    return "sqlite"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "documents").mkdir()
    return FolderStore(tmp_path / "documents")


@pytest.fixture
def officer(database: Database, store: FolderStore, clock: Clock) -> Browser:
    return Browser(database, store, clock, Role.OFFICER)


def text(answer: httpx.Response) -> str:
    return html.unescape(answer.text)


def all_of(database: Database, table: type) -> list:  # type: ignore[type-arg]
    with database.reading() as session:
        return list(session.exec(select(table)).all())


def test_an_enquiry_needs_only_a_topic_a_channel_and_a_day(database: Database, officer: Browser) -> None:
    page = text(officer.get("/enquiries/new"))
    assert 'name="name"' not in page and 'value="2026"' in page
    assert officer.post("/enquiries/new", **ENQUIRY).status_code == 303
    assert "Travel to school" in text(officer.get("/enquiries"))


def test_words_that_look_personal_warn_gently_and_can_be_passed(database: Database, officer: Browser) -> None:
    typed = {**ENQUIRY, "words": "Born 14/5/2011, June review of the EHCP"}
    warned = officer.post("/enquiries/new", **typed)
    assert warned.status_code == 422
    assert "“14/5/2011” looks like a date" in text(warned) and "June review" in text(warned)
    assert "There is a problem" not in text(warned)  # a warning, not an error
    assert all_of(database, Enquiry) == []
    assert officer.post("/enquiries/new", **typed, passed="not_a_person").status_code == 303
    assert [row.passed for row in all_of(database, Enquiry)] == ["not_a_person"]


def test_mistakes_stand_at_their_fields_and_the_words_stay(database: Database, officer: Browser) -> None:
    answer = officer.post("/enquiries/new", words="\u202eTravel", **on("day", TODAY + timedelta(days=1)))
    page = text(answer)
    assert answer.status_code == 422
    for words in (
        "Choose a topic",
        "Choose how it reached us",
        "Day must not be in the future",
        "held a hidden mark",
        'value="Travel"',
    ):
        assert words in page
    assert all_of(database, Enquiry) == []


def test_a_teachers_referral_waits_is_permitted_and_becomes_a_file(database: Database, officer: Browser) -> None:
    assert officer.post("/referrals/new", **TEACHER).headers["location"] == "/referrals/1"
    page = text(officer.get("/referrals/1"))
    assert "18 December 2026" in page and "Rowan Testwood" in page
    assert (
        "18 December 2026" in text(officer.get("/enquiries"))
        and "Testwood" not in text(officer.get("/enquiries")).split("<main")[1]
    )
    assert (
        officer.post("/referrals/1/file", where="new", officer=str(officer.id)).status_code == 409
    )  # not before permission
    assert all_of(database, ChildFile) == []
    assert officer.post("/referrals/1/permission", **YES).status_code == 303
    done = officer.post("/referrals/1/file", where="new", officer=str(officer.id))
    assert done.headers["location"] == "/files/1/notes"
    assert officer.get("/referrals/1").headers["location"] == "/files/1/notes"
    notes = text(officer.get("/files/1/notes"))
    assert 'May we keep this file? <strong class="pc-tag pc-tag--yes">Yes' in notes
    assert "Elm Tree School" in notes and "Morgan Testwood" in notes and "Rang back" in notes


@pytest.mark.parametrize("act", ["permission", "file", "erase", "keep"])
def test_who_comes_too_late_with_a_mistake_is_told_that_it_is_on_a_file(
    database: Database, officer: Browser, act: str
) -> None:
    officer.post("/referrals/new", **TEACHER)
    officer.post("/referrals/1/permission", **YES)
    officer.post("/referrals/1/file", where="new", officer=str(officer.id))
    late = officer.post(f"/referrals/1/{act}")
    assert late.status_code == 409
    assert "it was put on a file" in text(late)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"giver": "school"}, "Choose who said yes"),
        ({"storing": "no"}, "we may keep nothing of this"),
        ({"name": ""}, "Enter the name of who said yes"),
        ({"evidence": ""}, "Write what shows it"),
        ({"given-year": "2027"}, "The day must not be in the future"),
    ],
)
def test_a_permission_with_a_gap_is_none(
    database: Database, officer: Browser, change: dict[str, str], says: str
) -> None:
    officer.post("/referrals/new", **TEACHER)
    answer = officer.post("/referrals/1/permission", **{**YES, **change})
    assert answer.status_code == 422 and says in text(answer)
    assert [row.state for row in all_of(database, Referral)] == [ReferralState.HOLDING]


def test_the_family_says_no_and_it_is_gone(database: Database, officer: Browser) -> None:
    officer.post("/referrals/new", **TEACHER)
    assert "Choose why it is erased" in text(officer.post("/referrals/1/erase"))
    assert officer.post("/referrals/1/erase", because="permission_refused").status_code == 303
    listed = text(officer.get("/enquiries"))
    assert "REF-1" in listed and "The family said no" in listed
    assert "Nothing of it is left" in text(officer.get("/referrals/1"))
    assert "Testwood" not in text(officer.get("/referrals/1")).split("<main")[1]
    late = officer.post("/referrals/1/permission", **YES)
    assert late.status_code == 409 and "Lee Sample" in text(late) and "it was erased" in text(late)


def test_a_parents_own_referral_is_ready_at_once(database: Database, officer: Browser) -> None:
    own = {**TEACHER, "capacity": "parent", "storing": "yes", "route": "telephone"}
    assert officer.post("/referrals/new", **own).status_code == 303
    assert "Ready to put on a file" in text(officer.get("/enquiries"))


def test_without_leave_to_keep_nothing_is_kept(database: Database, officer: Browser) -> None:
    answer = officer.post("/referrals/new", **{**TEACHER, "capacity": "parent", "storing": "no", "route": "telephone"})
    assert answer.status_code == 422 and "Log an enquiry without a name instead" in text(answer)
    assert all_of(database, Referral) == []


def test_a_child_alone_in_northamptonshire_needs_an_officers_reason(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    alone = {**TEACHER, "capacity": "child", "referrer": "", "storing": "yes", "route": "in_person"}
    admin = Browser(database, store, clock, Role.ADMIN, "northamptonshire")
    officer = Browser(database, store, clock, Role.OFFICER, "northamptonshire")
    assert "Ask an officer to log it" in text(admin.post("/referrals/new", **alone, decision="I think so"))
    assert "an officer decides. Write why" in text(officer.post("/referrals/new", **alone))
    assert all_of(database, Referral) == []
    assert officer.post("/referrals/new", **alone, decision="Understands what we do").status_code == 303


def test_it_can_be_kept_longer_on_a_ground_of_law(database: Database, officer: Browser) -> None:
    officer.post("/referrals/new", **TEACHER)
    assert "within 186 days" in text(
        officer.post("/referrals/1/keep", ground="court", **on("until", date(2027, 11, 20)))
    )
    assert officer.post("/referrals/1/keep", ground="court", **on("until", date(2027, 1, 20))).status_code == 303
    assert "On hold" in text(officer.get("/enquiries"))
    assert "It is on hold" in text(officer.post("/referrals/1/erase", because="permission_refused"))


def test_an_admin_can_open_a_file_for_an_officer_but_not_join_one(
    database: Database, store: FolderStore, clock: Clock, officer: Browser
) -> None:
    admin = Browser(database, store, clock, Role.ADMIN)
    for number in (1, 2):
        admin.post("/referrals/new", **TEACHER)
        admin.post(f"/referrals/{number}/permission", **YES)
    assert "A file that is there already" not in text(admin.get("/referrals/1"))
    assert admin.post("/referrals/1/file", where="old", number="1").status_code == 422
    assert admin.post("/referrals/1/file", where="new", officer=str(admin.id)).status_code == 422  # no officer
    assert admin.post("/referrals/1/file", where="new", officer=str(officer.id)).headers["location"] == "/enquiries"
    assert admin.get("/files/1/notes").status_code == admin.get("/referrals/1").status_code == 404
    ready = text(officer.get("/referrals/2"))
    assert "A file with a like name is there already" in ready and "PC-0001" in ready
    assert "There is no file with that number" in text(officer.post("/referrals/2/file", where="old", number="PC-0009"))
    assert officer.post("/referrals/2/file", where="old", number="PC-0001").headers["location"] == "/files/1/notes"


def test_a_manager_sees_the_list_and_no_name(
    database: Database, store: FolderStore, clock: Clock, officer: Browser
) -> None:
    officer.post("/referrals/new", **TEACHER)
    manager = Browser(database, store, clock, Role.MANAGER)
    assert "REF-1" in text(manager.get("/enquiries"))
    assert manager.get("/referrals/1").status_code == manager.get("/enquiries/new").status_code == 404


def test_each_look_at_a_held_referral_is_one_entry(database: Database, officer: Browser) -> None:
    officer.post("/referrals/new", **TEACHER)
    officer.get("/referrals/1")
    entries = [entry for entry in all_of(database, AuditEntry) if entry.act == "referral_seen"]
    assert len(entries) == 1 and entries[0].actor == str(officer.id)
    assert not any("Testwood" in entry.detail for entry in all_of(database, AuditEntry))


@pytest.mark.parametrize("number", ["0", "2", str(2**31), "9" * 30])
def test_a_referral_that_is_not_there_is_missing(officer: Browser, number: str) -> None:
    assert officer.get(f"/referrals/{number}").status_code == 404


def test_a_wrong_item_number_is_said_at_its_field(database: Database, officer: Browser) -> None:
    assert "There is no item with that number" in text(officer.post("/referrals/new", **TEACHER, item="77"))
    assert all_of(database, Referral) == []


def test_an_enquiry_can_be_removed(database: Database, officer: Browser) -> None:
    officer.post("/enquiries/new", **ENQUIRY)
    [row] = all_of(database, Enquiry)
    assert officer.post(f"/enquiries/{row.id}/remove").status_code == 303
    assert officer.post(f"/enquiries/{row.id}/remove").status_code == 404


def test_what_was_typed_is_opened_as_typed(database: Database, officer: Browser) -> None:
    officer.post("/referrals/new", **{**TEACHER, "asks": "<b>Bold</b>\r\n& more"})
    assert "&lt;b&gt;Bold&lt;/b&gt;<br>&amp; more" in officer.get("/referrals/1").text
    with database.reading() as session:
        assert referrals.opened(session, referrals.by_number(session, 1)).asks == "<b>Bold</b>\n& more"


def test_a_referral_is_not_put_on_a_file_by_somebody_who_may_only_read_it(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    """N10: break-glass opens a file to read it. Whose case it joins is for its officer."""
    own, other = (Browser(database, store, clock, Role.OFFICER, "northamptonshire") for _ in range(2))
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=own.id, child_name="Rowan Testwood", actor=str(own.id), at=clock.now(), number=7
        )
        glass.break_glass(
            session, Actor(other.id, Role.OFFICER), file, glass.Ground.ABSENCE, why="Invented", at=clock.now()
        )
    assert "You can read it until 20 November 2026 at 4:00pm; its officer" in text(other.get("/files/7/notes"))
    other.post("/referrals/new", **TEACHER)
    other.post("/referrals/1/permission", **YES)
    refused = other.post("/referrals/1/file", where="old", number="PC-0007")
    assert refused.status_code == 422
    assert "There is no file with that number that you may add to" in text(refused)
    assert own.post("/referrals/1/file", where="old", number="PC-0007").status_code == 303


def test_whoever_asks_about_a_child_gets_the_words_for_everybody(
    database: Database, officer: Browser, clock: Clock
) -> None:
    """N11: shown, printed and recorded; the same whether the child has a file or not, for nothing is looked up."""
    assert "Somebody asks whether we know a child" in text(officer.get("/enquiries"))
    before, letter = text(officer.get("/enquiries/new")), officer.get("/enquiries/neither-letter")
    for words in neither.SPOKEN:
        assert words in before
    with database.writing() as session:
        register.open_file(
            session, officer_id=officer.id, child_name="Rowan Testwood", actor="x", at=clock.now(), number=1
        )
    assert text(officer.get("/enquiries/new")) == before
    told = [" ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split() for made in (
        letter.content, officer.get("/enquiries/neither-letter").content,
    )]  # fmt: skip
    assert told[0] == told[1]
    plain = officer.get("/enquiries/neither-letter?print=text").text
    assert all(words in plain for words in neither.SPOKEN)
    large, ordinary = (officer.get(f"/enquiries/neither-letter{more}").content for more in ("?print=large", ""))
    with pdfplumber.open(BytesIO(large)) as pdf:  # N19
        assert min(char["size"] for page in pdf.pages for char in page.chars) >= 17.9
    assert large != ordinary
    assert " ".join(neither.SAME_FOR_ALL.split()[:6]) in " ".join(told[0])
    wrong = officer.post("/enquiries/new", **ENQUIRY | {"topic": "who_we_know"})
    assert wrong.status_code == 422 and "is given the words above, and nothing else" in text(wrong)
    assert officer.post("/enquiries/new", **ENQUIRY | {"topic": "who_we_know", "outcome": "neither"}).status_code == 303
    assert "Neither confirmed nor denied" in text(officer.get("/enquiries"))
