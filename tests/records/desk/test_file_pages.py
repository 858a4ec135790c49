"""Children's files on the desk: found by name, birth date or number; every view entered; missing and forbidden alike."""

import html
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.consents import ledger
from records.consents.ledger import FromForm, Given
from records.consents.standing import ConsentState
from records.consents.tables import ConsentEvent
from records.db import Database
from records.desk import file_pages
from records.desk.shell import Desk, build
from records.documents import holdings, keyring
from records.documents.pack import pack
from records.documents.store import FolderStore
from records.people import known, register
from records.people.birthdates import BirthDate
from records.people.facts import Details
from records.people.tables import ChildFile
from records.policies.settings import load as load_policy
from records.post import inbox
from records.staff import accounts, sessions
from records.vocabulary import DocumentKind, Role
from tests.records.consents import homes

CHILD = "Rowan Testwood"
CARER = "Morgan Testwood"
BORN = date(2011, 5, 14)
SIGNED = date(2026, 3, 1)
CROP = b"\x89PNG an invented crop"
PICTURE = b"\x89PNG an invented page"
NOTHING = "No file matches. Check the spelling or search by date of birth."


class Browser:
    """Somebody signed in, who sends the CSRF token with every form."""

    def __init__(
        self, database: Database, store: FolderStore, clock: Clock, role: Role, policy: str = "westminster"
    ) -> None:
        desk = Desk(database, store, clock, lambda: load_policy(policy, clock.today()), "Testwood SENDIASS")
        with database.writing() as session:
            link = accounts.invite(session, role, clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name="Lee Sample",
                password="four invented words here", clock=clock,
            )  # fmt: skip
            token = sessions.begin(session, account, clock)
            session.flush()
            found = sessions.find(session, token, clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        app = build(desk, file_pages.pages)
        self.client = TestClient(app, cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def search(self, typed: str) -> httpx.Response:
        return self.client.post("/files/search", data={"csrf": self.csrf, "q": typed})


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "documents").mkdir()
    return FolderStore(tmp_path / "documents")


@pytest.fixture
def officer(database: Database, store: FolderStore, clock: Clock) -> Browser:
    return Browser(database, store, clock, Role.OFFICER)


class Kept:
    """A file with one confirmed form: its consents, its evidence and the picture of its page."""

    def __init__(
        self, database: Database, store: FolderStore, clock: Clock, officer: UUID, name: str = CHILD, born: date = BORN
    ) -> None:
        with database.writing() as session:
            self.file: ChildFile = register.open_file(
                session, officer_id=officer, child_name=name, actor=str(officer), at=clock.now(),
                number=inbox.next_number(session, "file"),
            )  # fmt: skip
            file, part, now = self.file, uuid4(), clock.now()
            register.add_birth_date(session, file, BirthDate.on(born), part_id=part, actor=str(officer), at=now)
            register.add_person(session, file, kind=register.CARER, name=CARER, actor=str(officer), at=now)
            key = keyring.open_key(session, file.key_id)
            evidence = holdings.put(store, key, [pack({"email": CROP})], "application/octet-stream")
            picture = holdings.put(store, key, [PICTURE], "image/png")
            for stored, kind, page in ((evidence, DocumentKind.EVIDENCE, None), (picture, DocumentKind.PAGE, 1)):
                holdings.hold(
                    session, stored, kind=kind, key_id=file.key_id, at=now, part_id=part, file_id=file.id, page=page
                )
            self.page, self.evidence = picture.id, evidence.id
            source = FromForm(
                form="westminster-consent", edition="2023", part_id=part, evidence_id=evidence.id, giver="parent_or_carer",
                effective_on=SIGNED, effective_assumed=False, received_on=SIGNED, confirmed_by=str(officer),
                policy_version="test",
            )  # fmt: skip
            answers = [
                Given("store", "store", ConsentState.GIVEN, "May we save it?", 1),
                Given("news:email", "email", ConsentState.GIVEN, "By email?", 1),
                Given("news:post", "post", ConsentState.REFUSED, "By post?", 1),
                Given("contact:other_1", "other", ConsentState.GIVEN, "Other", 1, "Example Road Club"),
            ]
            ledger.record_form(session, file, source, answers, now)
            events = session.exec(select(ConsentEvent).where(ConsentEvent.file_id == file.id)).all()
            self.events = {event.item_code: event.id for event in events}
            self.number = file.number


@pytest.fixture
def kept(database: Database, store: FolderStore, clock: Clock, officer: Browser) -> Kept:
    return Kept(database, store, clock, officer.id)


def acts(database: Database, file: ChildFile) -> list[str]:
    with database.reading() as session:
        rows = session.exec(
            select(AuditEntry).where(AuditEntry.subject_id == str(file.id)).order_by(col(AuditEntry.sequence))
        ).all()
        return [row.act for row in rows]


def text(answer: httpx.Response) -> str:
    return html.unescape(answer.text)


def words(answer: httpx.Response) -> str:
    """The page as one line, without tags."""
    return " ".join("".join(part.partition(">")[2] for part in text(answer).split("<")).split())


@pytest.mark.parametrize("typed", [CHILD, "rowen testwod", "14/5/2011", "14 May 2011", "2011-05-14"])
def test_a_file_is_found_by_name_and_birth_date(kept: Kept, officer: Browser, typed: str) -> None:
    page = text(officer.search(typed))

    assert f"/files/{kept.number}" in page
    assert CHILD in page
    assert "14 May 2011" in page


@pytest.mark.parametrize("typed", ["PC-{:04d}", "pc-{}", "{}"])
def test_a_number_leads_straight_to_its_file(kept: Kept, officer: Browser, typed: str) -> None:
    answer = officer.search(typed.format(kept.number))

    assert (answer.status_code, answer.headers["location"]) == (303, f"/files/{kept.number}")


@pytest.mark.parametrize("typed", ["Quentin Nobody", "1/1/2001", "PC-9999", "31/2/2011", "", "%"])
def test_finding_nothing_says_what_to_try(kept: Kept, officer: Browser, typed: str) -> None:
    answer = officer.search(typed)

    assert NOTHING in text(answer)
    assert f"/files/{kept.number}" not in answer.text


def test_the_summary_answers_what_may_be_done(kept: Kept, officer: Browser) -> None:
    answer = officer.get(f"/files/{kept.number}")
    page = words(answer)

    assert answer.status_code == 200
    assert f"{CHILD} Born 14 May 2011 (age 15)" in page
    assert "May we keep this file? Yes" in page
    assert "Email Yes 1 March 2026" in page
    assert "Post No 1 March 2026" in page
    assert "Said no" in page
    assert "Other, first line of the form: Example Road Club Ask first" in page
    assert "Note first how the person who answered is related to the child (R27). Open People" in page
    assert "14 May 2036" in page
    assert CARER in page


def test_a_yes_counts_once_it_is_noted_who_gave_it(
    database: Database, clock: Clock, kept: Kept, officer: Browser
) -> None:
    """R27: the page never says yes where the gate would ask first."""
    with database.writing() as session:
        carer = next(person for person in register.people(session, kept.file) if person.kind == register.CARER)
        known.record(
            session,
            kept.file.id,
            carer.id,
            Details(CARER, "mother"),
            true_on=SIGNED,
            actor=str(officer.id),
            at=clock.now(),
        )

    assert "Other, first line of the form: Example Road Club Yes" in words(officer.get(f"/files/{kept.number}"))


def test_a_title_holds_the_number_only(kept: Kept, officer: Browser) -> None:
    for path, title in (("", f"File PC-{kept.number:04d}"), ("/history", f"File PC-{kept.number:04d}, history")):
        page = text(officer.get(f"/files/{kept.number}{path}"))
        assert page.split("<title>")[1].split("</title>")[0] == f"{title} – Testwood SENDIASS"


def test_an_answer_leads_to_its_crop_and_the_form_to_its_page(kept: Kept, officer: Browser) -> None:
    crop = f"/files/{kept.number}/crops/{kept.events['news:email']}"
    picture = f"/files/{kept.number}/pages/{kept.page}"
    page = officer.get(f"/files/{kept.number}").text

    assert crop in page
    assert picture in page
    assert officer.get(crop).content == CROP
    assert officer.get(picture).content == PICTURE


def test_an_answer_without_a_crop_leads_to_its_page(kept: Kept, officer: Browser) -> None:
    """A typed form has no cut-outs."""
    answer = officer.get(f"/files/{kept.number}/crops/{kept.events['news:post']}")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/files/{kept.number}/pages/{kept.page}")


def test_evidence_asked_for_as_a_page_is_missing(kept: Kept, officer: Browser) -> None:
    assert officer.get(f"/files/{kept.number}/pages/{kept.evidence}").status_code == 404


def test_another_files_papers_are_not_reached_through_this_one(
    database: Database, store: FolderStore, clock: Clock, kept: Kept, officer: Browser
) -> None:
    other = Kept(database, store, clock, officer.id, "Alex Sample", date(2012, 1, 2))

    assert officer.get(f"/files/{other.number}/pages/{other.page}").status_code == 200
    assert officer.get(f"/files/{kept.number}/pages/{other.page}").status_code == 404
    assert officer.get(f"/files/{kept.number}/crops/{other.events['news:email']}").status_code == 404


def test_the_history_names_every_answer_and_who_confirmed_it(kept: Kept, officer: Browser) -> None:
    page = words(officer.get(f"/files/{kept.number}/history"))

    assert (
        "1 March 2026 News by email Yes given Parent or carer Form of 1 March 2026, edition 2023: picture of the answer on News by email Lee Sample"
        in page
    )
    assert (
        "1 March 2026 News by post No refused Parent or carer Form of 1 March 2026, edition 2023: picture of the answer on News by post Lee Sample"
        in page
    )
    assert "Other, first line of the form: Example Road Club" in page
    asked = [
        page.index(f"1 March 2026 {question} ")
        for question in ("May we keep this file?", "News by email", "News by post", "Other, first line of the form:")
    ]
    assert asked == sorted(asked), "the answers of one form stand as the form asks them"


def test_a_file_that_says_nothing_of_anybody_says_no_to_whoever_asks(
    database: Database, clock: Clock, officer: Browser
) -> None:
    """N12: the officer on the telephone with a school reads an answer, not the lack of one."""
    with database.writing() as session:
        file = homes.open_file(session, clock.now(), {"store": ConsentState.GIVEN}, officer=officer.id).file
        north = {"store": ConsentState.GIVEN, "share:health": ConsentState.GIVEN}
        other = homes.open_file(session, clock.now(), north, officer=officer.id).file
    assert "No The family was not asked about anybody. Ask them first" in words(officer.get(f"/files/{file.number}"))
    assert "not asked about anybody" not in words(officer.get(f"/files/{other.number}"))


def test_looking_often_within_a_minute_is_one_line_that_counts(kept: Kept, officer: Browser) -> None:
    for _ in range(3):
        officer.get(f"/files/{kept.number}")
    assert "The summary, 3 times" in words(officer.get(f"/files/{kept.number}/history"))


def test_every_view_is_entered_once(database: Database, kept: Kept, officer: Browser) -> None:
    before = acts(database, kept.file)
    for path in ("", "/history", f"/crops/{kept.events['store']}", f"/crops/{kept.events['news:email']}"):
        officer.get(f"/files/{kept.number}{path}")
    officer.get(f"/files/{kept.number}/pages/{kept.page}")

    # The crop of `store` was never cut: its page is what is seen, once it is opened.
    assert acts(database, kept.file)[len(before) :] == [
        "file_seen", "file_history_seen", "file_evidence_seen", "file_page_seen",
    ]  # fmt: skip


def paths(kept: Kept) -> list[str]:
    base = f"/files/{kept.number}"
    return [base, f"{base}/history", f"{base}/crops/{kept.events['news:email']}", f"{base}/pages/{kept.page}"]


def test_colleagues_see_a_file_where_the_service_lets_its_staff(
    database: Database, store: FolderStore, clock: Clock, kept: Kept
) -> None:
    colleague = Browser(database, store, clock, Role.OFFICER)

    assert [colleague.get(path).status_code for path in paths(kept)] == [200] * 4
    assert f"/files/{kept.number}" in colleague.search(CHILD).text


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
def test_forbidden_and_missing_look_alike(
    database: Database, store: FolderStore, clock: Clock, kept: Kept, role: Role
) -> None:
    """Under `allocated_supporter` the file's own officer alone sees it: nobody else learns that it exists."""
    stranger = Browser(database, store, clock, role, policy="northamptonshire")
    missing = stranger.get("/files/9999")
    assert stranger.get(f"/files/{10**30}").status_code == 404

    for path in paths(kept):
        answer = stranger.get(path)
        assert answer.status_code == missing.status_code == 404
        assert words(answer) == words(missing)
    for typed in (CHILD, "14/5/2011", str(kept.number)):
        assert NOTHING in text(stranger.search(typed))
    assert "file_seen" not in acts(database, kept.file)


def test_admin_staff_have_no_files(database: Database, store: FolderStore, clock: Clock, kept: Kept) -> None:
    admin = Browser(database, store, clock, Role.ADMIN)

    assert [admin.get(path).status_code for path in ["/files", *paths(kept)]] == [404] * 5
    assert admin.search(CHILD).status_code == 404


def test_a_name_from_paper_cannot_become_markup_or_turn_the_page_round(
    database: Database, store: FolderStore, clock: Clock, officer: Browser
) -> None:
    odd = Kept(database, store, clock, officer.id, "<b>Rowan</b> \N{RIGHT-TO-LEFT OVERRIDE}Testwood")

    for answer in (officer.get(f"/files/{odd.number}"), officer.search("14/5/2011")):
        assert "<b>Rowan" not in answer.text
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in answer.text
        assert "&lt;b&gt;Rowan" in answer.text


def test_whoever_is_shown_names_by_a_search_leaves_a_trace(database: Database, officer: Browser, kept: Kept) -> None:
    """P9: of how many, and not what was typed. A search that finds nothing, or leads straight to a file, shows nobody."""
    for typed in (CHILD, "Nobody Atall", f"PC-{kept.number:04d}"):
        officer.search(typed)
    with database.reading() as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.act == "files_searched")).all()
    assert (entry.actor, entry.detail) == (str(officer.id), '{"shown":1}')
