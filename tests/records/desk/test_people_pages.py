"""The People tab: everybody in their own right, birth dates settled, files joined and taken apart, each by whoever may."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from records import tasks
from records.clock import Clock
from records.consents import changes
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.items import STORE
from records.consents.standing import ConsentState, Route
from records.db import Database
from records.desk import file_pages, people_pages
from records.desk.shell import build
from records.documents.store import FolderStore
from records.people import known, merging, register
from records.people.birthdates import BirthDate
from records.people.facts import Channel, ContactDetails, FactKind, SafeContact, newest
from records.people.preferences import preferences_of, send_refused
from records.people.tables import ChildFile
from records.policies.settings import load
from records.tasks import ages
from records.tasks.tables import TaskRow
from records.vocabulary import Format, Role
from tests.records.consents.homes import Home, open_file
from tests.records.desk.test_file_pages import Browser, acts, text, words

CHILD, CARER = "Rowan Testwood", "Morgan Testwood"
TODAY = {"since-day": "20", "since-month": "11", "since-year": "2026"}


class Officer(Browser):
    """Somebody signed in who sees the People tab."""

    def __init__(
        self, database: Database, store: FolderStore, clock: Clock, role: Role, policy: str = "westminster"
    ) -> None:
        super().__init__(database, store, clock, role, policy)
        app = build(self.client.app.state.desk, file_pages.pages, people_pages.pages)  # type: ignore[attr-defined]
        self.client.app = app
        self.client._transport.app = app  # type: ignore[attr-defined]

    def send(self, path: str, **sent: str | list[str]):  # type: ignore[no-untyped-def]
        return self.client.post(path, data={"csrf": self.csrf, **sent})


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "documents").mkdir()
    return FolderStore(tmp_path / "documents")


@pytest.fixture
def officer(database: Database, store: FolderStore, clock: Clock) -> Officer:
    return Officer(database, store, clock, Role.OFFICER)


def opened(database: Database, clock: Clock, officer: UUID, number: int = 1, *born: date) -> tuple[UUID, UUID, UUID]:
    """A file with a child and a carer: its id and theirs."""
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=officer, child_name=CHILD, actor="lee", at=clock.now(), number=number
        )
        for one in born or (date(2011, 5, 14),):
            register.add_birth_date(session, file, BirthDate.on(one), part_id=None, actor="lee", at=clock.now())
        register.add_person(session, file, kind=register.CARER, name=CARER, actor="lee", at=clock.now())
        child, carer = register.people(session, file)
        return file.id, child.id, carer.id


def test_the_tab_shows_everybody_and_what_each_may_ask_for(database: Database, clock: Clock, officer: Officer) -> None:
    file_id, _, _ = opened(database, clock, officer.id)
    page = words(officer.get("/files/1/people"))
    assert f"{CARER}, relationship not known" in page
    assert "Parental responsibility Not known. Nobody has recorded it" in page
    assert "May they have what is held? Not known yet. A person decides when they ask." in page
    assert acts(database, register_file(database, file_id))[-1] == "file_people_seen"


def register_file(database: Database, file_id: UUID):  # type: ignore[no-untyped-def]
    with database.reading() as session:
        return register.get(session, file_id)


def test_a_grandparent_is_added_and_changed(database: Database, clock: Clock, officer: Officer) -> None:
    opened(database, clock, officer.id)
    assert officer.send("/files/1/people/add", name="Kim Sample", relationship="grandparent").status_code == 303
    page = officer.get("/files/1/people").text
    assert "Kim Sample, grandparent" in page
    link = re.findall(r"/files/1/people/([0-9a-f-]+)/details", page)[-1]
    answer = officer.send(
        f"/files/1/people/{link}/details", name="Kim Other", relationship="grandparent", seen="0", **TODAY
    )
    assert answer.status_code == 303
    assert "Kim Other, grandparent" in officer.get("/files/1/people").text
    assert officer.send(f"/files/1/people/{link}/ended", why="Wrong file", seen="1", **TODAY).status_code == 303
    assert "Kim Other: Wrong file" in words(officer.get("/files/1/people"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter the name"), ("x" * 121, "120 letters or fewer"), ("Rowan\u202eTest", "cannot be seen"), ("Rowan\x07", "cannot be seen"),
        ("123", "must have letters in it"), ("\u2067", "cannot be seen"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_kept_is_said_at_the_field_and_stays_typed(
    database: Database, clock: Clock, officer: Officer, name: str, sentence: str
) -> None:
    file_id, _, _ = opened(database, clock, officer.id)
    answer = officer.send("/files/1/people/add", name=name, relationship="mother")
    page = text(answer)
    assert answer.status_code == 422
    assert page.count(sentence) == 2
    assert 'value="mother" selected' in page
    if name.isalnum():
        assert f'value="{name}"' in page
    with database.reading() as session:
        assert len(register.people(session, register.get(session, file_id))) == 2


def test_parental_responsibility_needs_evidence(database: Database, clock: Clock, officer: Officer) -> None:
    """R18."""
    file_id, _, carer = opened(database, clock, officer.id)
    path = f"/files/1/people/{carer}/responsibility"
    refused = officer.send(path, answer="yes", evidence="their_word", limits="", seen="0", **TODAY)
    assert refused.status_code == 422
    assert "Choose the evidence that was seen" in text(refused)
    assert officer.send(path, answer="yes", evidence="court_order", limits="", seen="0", **TODAY).status_code == 303
    page = words(officer.get("/files/1/people"))
    assert "Yes. Court order, 20 November 2026, recorded by Lee Sample" in page
    with database.reading() as session:
        assert register.people(session, register.get(session, file_id))[1].parental_responsibility == "yes"


def test_safe_contact_stands_above_every_tab_and_blocks(database: Database, clock: Clock, officer: Officer) -> None:
    file_id, child, carer = opened(database, clock, officer.id)
    answer = officer.send(
        f"/files/1/people/{child}/safe-contact", do_not_tell=str(carer), not_by=["post", "email"], times="weekdays 9am to 3pm",
        address="", words="", seen="0", **TODAY,
    )  # fmt: skip
    assert answer.status_code == 303
    for path in ("", "/people", "/history"):
        page = words(officer.get(f"/files/1{path}"))
        assert (
            f"Safe contact, {CHILD}: Do not tell {CARER}. Never by post or email. Safe times: weekdays 9am to 3pm."
            in page
        )
    with database.reading() as session:
        safe = preferences_of(session, file_id, child).safe_contact
    assert safe == SafeContact(do_not_tell=(str(carer),), not_by=("post", "email"), times="weekdays 9am to 3pm")
    form = text(officer.get(f"/files/1/people/{child}/safe-contact"))
    assert re.search(rf'value="{carer}" checked', form)
    assert officer.send(f"/files/1/people/{child}/safe-contact", seen="1", **TODAY).status_code == 303
    assert "Safe contact," not in officer.get("/files/1").text


def test_whom_the_young_person_refuses_stands_above_every_tab_until_they_take_it_back(
    database: Database, clock: Clock, officer: Officer
) -> None:
    """W15, W16."""
    _, child, carer = opened(database, clock, officer.id)
    path = f"/files/1/people/{child}/wishes"
    assert officer.send(path, words="Not him", refuses=str(carer), seen="0", **TODAY).status_code == 303
    for tab in ("", "/people", "/history"):
        assert f"The young person lets {CARER} neither see nor hear of their records." in words(
            officer.get(f"/files/1{tab}")
        )
    assert f"Not him. Not to be shown or told: {CARER}." in words(officer.get("/files/1/people"))
    assert re.search(rf'value="{carer}" checked', officer.get(path).text), "another wish does not take it back unseen"
    assert officer.send(path, words="Now he may", seen="1", **TODAY).status_code == 303
    assert "neither see nor hear" not in officer.get("/files/1").text
    assert officer.send(path, words="x", refuses="nobody", seen="2", **TODAY).status_code == 422


def test_language_wishes_and_capacity_are_recorded(database: Database, clock: Clock, officer: Officer) -> None:
    file_id, child, carer = opened(database, clock, officer.id)
    base = "/files/1/people"
    assert (
        officer.send(
            f"{base}/{carer}/preferences", language="pl", format="large_print", other="", seen="0", **TODAY
        ).status_code
        == 303
    )
    assert officer.send(f"{base}/{child}/wishes", words="Ask me first", seen="0", **TODAY).status_code == 303
    four = dict.fromkeys(("understands", "retains", "weighs", "communicates", "outcome"), "yes")
    sent = {"decision": "To see their own records", "why": "We talked", "seen": "1", **four, **TODAY}
    wrong = officer.send(f"{base}/{child}/capacity", **(sent | {"weighs": "no"}))
    assert wrong.status_code == 422
    assert "can do all four" in text(wrong)
    assert officer.send(f"{base}/{child}/capacity", **sent).status_code == 303
    page = words(officer.get(base))
    assert "Polish, large print" in page
    assert "Ask me first Said on 20 November 2026, recorded by Lee Sample" in page
    assert "To see their own records: Yes" in page
    with database.reading() as session:
        assert preferences_of(session, file_id, carer).format is Format.LARGE_PRINT


REACHED = {
    "telephone": "01604 000000",
    "email": "morgan@example.org",
    "address": "1 Test Road\r\nTestwood",
    "prefers": "email",
}


def kept(database: Database, home: Home, who: UUID) -> ContactDetails | None:
    with database.reading() as session:
        return preferences_of(session, home.file.id, who).contact


@pytest.mark.parametrize("storing", [ConsentState.REFUSED, ConsentState.UNCLEAR, None, ConsentState.GIVEN])
def test_contact_details_are_kept_only_while_keeping_the_file_is_agreed_to(
    database: Database, clock: Clock, officer: Officer, storing: ConsentState | None
) -> None:
    """W39."""
    with database.writing() as session:
        home = open_file(session, clock.now(), {STORE: storing} if storing else {}, officer=officer.id)
    path = f"/files/{home.file.number}/people/{home.carer}/contact"
    answer = officer.send(path, seen="1", **REACHED, **(TODAY | {"since-day": "19"}))
    if storing is ConsentState.GIVEN:
        assert answer.status_code == 303
        assert "01604 000000 morgan@example.org 1 Test Road Testwood Wants to be reached by email" in words(
            officer.get(f"/files/{home.file.number}/people")
        )
        assert officer.send(path, seen="2", telephone="", email="", address="", prefers="", **TODAY).status_code == 303
        assert kept(database, home, home.carer) is None
        assert "01604 000000" in text(officer.get(path))  # what was known before is kept
    else:
        assert answer.status_code == 422
        assert "Nobody has agreed that we keep this family’s contact details" in text(answer)
        assert "under “Record a change or withdrawal”" in text(answer)  # a link that is there, by its name
        assert 'value="01604 000000"' in answer.text  # nothing typed is lost
        assert kept(database, home, home.carer) is None


def test_a_professionals_telephone_number_is_not_the_familys(
    database: Database, clock: Clock, officer: Officer
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), {STORE: ConsentState.REFUSED}, officer=officer.id)
        file = session.get_one(ChildFile, home.file.id)
        one = register.add_person(session, file, kind="professional", name="Alex Sample", actor="lee", at=clock.now())
        who = one.id
    path = f"/files/{home.file.number}/people/{who}/contact"
    assert officer.send(path, seen="0", **REACHED, **TODAY).status_code == 303
    assert kept(database, home, who) is not None


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"telephone": "ring her"}, "telephone", "Enter a telephone number"),
        ({"email": "morgan at example"}, "email", "Enter an email address"),
        ({"email": "", "prefers": "email"}, "email", "Enter this too"),
        ({"address": "", "prefers": "post"}, "address", "Enter this too"),
        ({"prefers": "pigeon"}, "prefers", "Choose an answer"),
    ],
)
def test_contact_details_that_reach_nobody_are_said_at_the_field(
    database: Database, clock: Clock, officer: Officer, changed: dict[str, str], field: str, says: str
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), {STORE: ConsentState.GIVEN}, officer=officer.id)
    answer = officer.send(
        f"/files/{home.file.number}/people/{home.carer}/contact", seen="1", **(REACHED | changed), **TODAY
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text and says in text(answer)


def test_letters_go_to_the_safe_address_before_any_other(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), {STORE: ConsentState.GIVEN})
        for minute, (value, goes_to) in enumerate((
            (ContactDetails(address="1 Test Road"), "1 Test Road"), (SafeContact(address="2 Safe Lane"), "2 Safe Lane"),
            (SafeContact(), "1 Test Road"),
        )):  # fmt: skip
            at = clock.now() + timedelta(minutes=minute)
            known.record(session, home.file.id, home.carer, value, true_on=clock.today(), actor="lee", at=at)
            assert preferences_of(session, home.file.id, home.carer).post_address == goes_to


def test_of_two_who_change_a_person_one_is_told(database: Database, clock: Clock, officer: Officer) -> None:
    file_id, child, _ = opened(database, clock, officer.id)
    path = f"/files/1/people/{child}/wishes"
    assert officer.send(path, words="First", seen="0", **TODAY).status_code == 303
    late = officer.send(path, words="Second", seen="0", **TODAY)
    assert late.status_code == 409
    assert "Somebody else changed what is known" in text(late)
    with database.reading() as session:
        fact = newest(known.of_person(session, file_id, child), FactKind.WISHES)
    assert fact is not None
    assert fact.value.as_json() == {"words": "First", "refuses": []}


def test_disagreeing_birth_dates_warn_until_somebody_settles_them(
    database: Database, clock: Clock, officer: Officer
) -> None:
    opened(database, clock, officer.id, 1, date(2012, 3, 9), date(2012, 9, 3))
    assert "The dates of birth on this file disagree." in officer.get("/files/1").text
    page = officer.get("/files/1/people/birth-date").text
    assert "9 March 2012" in page
    assert "3 September 2012" in page
    sent = {"born-day": "9", "born-month": "3", "born-year": "2012", "evidence": "passport", "why": "", "seen": "2"}
    for change, sentence in (
        ({"born-month": "13"}, "must be a real date"), ({"born-year": "2031"}, "today or in the past"), ({"evidence": ""}, "Choose what you saw"),
        ({"born-year": "1990"}, "Look again"), ({"evidence": "other"}, "Enter what you saw"), ({"born-day": ""}, "must be a real date"),
    ):  # fmt: skip
        answer = officer.send("/files/1/people/birth-date", **(sent | change))
        assert answer.status_code == 422
        assert sentence in text(answer)
    assert officer.send("/files/1/people/birth-date", **(sent | {"seen": "1"})).status_code == 409
    assert officer.send("/files/1/people/birth-date", **sent).status_code == 303
    page = words(officer.get("/files/1"))
    assert "disagree" not in page
    assert "Born 9 March 2012 (age 14)" in page


def test_dates_that_disagree_anew_are_asked_about_also_where_the_first_task_was_ticked_off(
    database: Database, clock: Clock, officer: Officer
) -> None:
    """R40: most people tick a task off before they do what it asks."""
    file_id, _, _ = opened(database, clock, officer.id, 1, date(2012, 3, 9), date(2012, 9, 3))
    ages.raise_due(database, now=clock.now(), guide_age=None)
    with database.writing() as session:
        tasks.close(session, session.exec(select(TaskRow)).one().id, str(officer.id), clock.now())
    sent = {"born-day": "9", "born-month": "3", "born-year": "2012", "evidence": "passport", "why": "", "seen": "2"}
    assert officer.send("/files/1/people/birth-date", **sent).status_code == 303
    with database.writing() as session:
        later = clock.now() + timedelta(hours=1)
        register.add_birth_date(
            session, register.get(session, file_id), BirthDate.on(date(2012, 9, 3)), part_id=None, actor="lee", at=later
        )
    ages.raise_due(database, now=clock.now() + timedelta(days=1), guide_age=None)
    with database.reading() as session:
        assert [row.closed_at is None for row in session.exec(select(TaskRow)).all()].count(True) == 1


def test_two_files_are_compared_joined_and_taken_apart(database: Database, clock: Clock, officer: Officer) -> None:
    opened(database, clock, officer.id, 1)
    opened(database, clock, officer.id, 2)
    path = "/files/1/people/same-child"
    for typed in ("", "99", "x", "PC-0001"):
        assert officer.send(path, other=typed).status_code == 422
    compared = officer.send(path, other="pc-0002")
    assert compared.status_code == 200
    assert "PC-0002" in compared.text
    assert officer.send(path, other="2", compared="2", why=" ").status_code == 422
    assert officer.send(path, other="2", compared="2", why="The mother said so").status_code == 303
    page = officer.get("/files/2/people").text
    assert "File PC-0001, with PC-0002" in words(officer.get("/files/2"))
    joining = re.findall(r"/people/apart/([0-9a-f-]+)", page)[0]
    assert officer.send(f"/files/1/people/apart/{joining}").status_code == 303
    assert officer.send(f"/files/1/people/apart/{joining}").status_code == 409
    assert "File PC-0002 " in words(officer.get("/files/2"))


@pytest.mark.parametrize("meanwhile", [True, False])
def test_what_was_answered_while_two_files_were_joined_is_asked_about_once_they_are_apart(
    database: Database, clock: Clock, officer: Officer, meanwhile: bool
) -> None:
    """R26, R30: the mother of one twin said no while both files were seen as one; the no stands on the other twin's file."""
    with database.writing() as session:
        homes = [open_file(session, clock.now(), {STORE: ConsentState.GIVEN}, officer=officer.id) for _ in range(2)]
        kept, taken = homes
        at = clock.now() + timedelta(minutes=1)
        joining = merging.merge(session, kept.file, taken.file, why="Thought to be one", by="lee", at=at)
        if meanwhile:
            no = Told({STORE: False}, Giver.PARENT_OR_CARER, taken.carer, Route.LETTER, clock.today(), uuid4())
            later = at + timedelta(minutes=1)
            changes.record(session, kept.file, no, actor="lee", at=later, policy=load("westminster", clock.today()))
    assert officer.send(f"/files/1/people/apart/{joining}").status_code == 303
    with database.reading() as session:
        asked = session.exec(select(TaskRow).where(col(TaskRow.words).contains("was joined to another"))).all()
        assert {row.file_id for row in asked} == ({each.file.id for each in homes} if meanwhile else set())


def test_two_people_of_one_name_on_joined_files_are_told_apart(
    database: Database, clock: Clock, officer: Officer
) -> None:
    """W15: an instruction on one keeps the other out too, until somebody says how they know that they are two people."""
    (kept, _, one), (_, _, other) = (opened(database, clock, officer.id, number) for number in (1, 2))
    path = f"/files/1/people/{other}/somebody-else"
    assert officer.get(path).status_code == 404  # nobody else of that name yet
    with database.writing() as session:
        known.record(
            session, kept, one, SafeContact(do_not_contact=True), true_on=clock.today(), actor="lee", at=clock.now()
        )
    sent = {"other": "2", "compared": "2", "why": "The mother said so"}
    assert officer.send("/files/1/people/same-child", **sent).status_code == 303

    def stopped() -> tuple[str, ...]:
        with database.reading() as session:
            return send_refused(session, kept, other, channel=Channel.TELEPHONE)

    assert stopped()
    page = words(officer.get("/files/1/people"))
    assert "relationship not known, on PC-0002" in page
    assert "on PC-0001: may be the same person, so what keeps something from one keeps it from both" in page
    form = officer.get(path)
    assert "Until you tick this" in form.text
    seen = re.findall(r'name="seen" value="(\d+)"', form.text)[0]
    assert officer.send(path, than=str(one), why=" ", seen=seen, **TODAY).status_code == 422
    assert officer.send(path, than=str(uuid4()), why="Two certificates", seen=seen, **TODAY).status_code == 422
    assert officer.send(path, than=str(one), why="Two certificates", seen=seen, **TODAY).status_code == 303
    assert stopped() == ()
    assert "on PC-0001: somebody else" in words(officer.get("/files/1/people"))
    theirs = f"/files/1/people/{one}/somebody-else"  # what stands is shown and can be taken back on either of the two
    form = officer.get(theirs)
    assert re.search(rf'value="{other}"[^>]* checked', form.text)
    seen = re.findall(r'name="seen" value="(\d+)"', form.text)[0]
    assert officer.send(theirs, why="The same after all", seen=seen, **TODAY).status_code == 303
    assert stopped()
    assert not re.search(rf'value="{one}"[^>]* checked', officer.get(path).text)


def test_only_the_files_own_officer_changes_people_where_the_service_says_so(
    database: Database, store: FolderStore, clock: Clock, officer: Officer
) -> None:
    file_id, child, _ = opened(database, clock, officer.id)
    stranger = Officer(database, store, clock, Role.OFFICER, policy="northamptonshire")
    manager = Officer(database, store, clock, Role.MANAGER)
    base = "/files/1/people"
    paths = [base, f"{base}/add", f"{base}/birth-date", f"{base}/same-child", f"{base}/{child}/wishes"]
    assert [stranger.get(path).status_code for path in paths] == [404] * 5
    assert [manager.get(path).status_code for path in paths] == [200, 404, 404, 404, 404]
    assert stranger.send(f"{base}/{child}/wishes", words="x", seen="0", **TODAY).status_code == 404
    opened(database, clock, stranger.id, 2)
    assert stranger.send("/files/2/people/same-child", other="1").status_code == 422
    with database.reading() as session:
        assert known.of_file(session, file_id) == {}


@pytest.mark.parametrize("kind", ["responsibility", "ended", "nothing"])
def test_a_form_that_is_not_for_the_child_is_not_there(
    database: Database, clock: Clock, officer: Officer, kind: str
) -> None:
    _, child, carer = opened(database, clock, officer.id)
    assert officer.get(f"/files/1/people/{child}/{kind}").status_code == 404
    assert officer.get(f"/files/1/people/{carer}/wishes").status_code == 404
