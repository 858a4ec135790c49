"""The policy page: every setting is shown to staff; a manager changes one after seeing what it would change (G8, R46)."""

import re
from datetime import date
from uuid import uuid4

import httpx2 as httpx
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.desk import policy_pages
from records.desk.shell import Desk, build
from records.documents.store import FolderStore
from records.people import register
from records.people.birthdates import BirthDate
from records.policies import book as kept
from records.policies import deciding
from records.policies.book import Book
from records.policies.kinds import KINDS, Fixed
from records.policies.recorded import RECORDED_ONLY, WORDS
from records.policies.settings import versions_of
from records.staff import accounts, sessions
from records.vocabulary import Role

REASON = "The council’s schedule says so"


class Browser:
    """Somebody signed in, who sends the CSRF token with every form."""

    def __init__(self, database: Database, book: Book, clock: Clock, role: Role, name: str = "Lee Sample") -> None:
        store = FolderStore.__new__(FolderStore)  # no page of the policy opens a document
        desk = Desk(database, store, clock, lambda: book.on(clock.today()), "Testwood SENDIASS")
        with database.writing() as session:
            link = accounts.invite(session, role, clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name=name, password="four invented words here", clock=clock,
            )  # fmt: skip
            token = sessions.begin(session, account, clock)
            session.flush()
            found = sessions.find(session, token, clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        self.client = TestClient(
            build(desk, policy_pages.make(book)), cookies={desk.cookie: token}, follow_redirects=False
        )

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, code: str, **fields: str) -> httpx.Response:
        return self.client.post(f"/settings/policy/{code}", data={"csrf": self.csrf, **fields})

    def look(
        self, code: str, value: str, begins: date = date(2026, 11, 20), seen: int = 0, **more: str
    ) -> httpx.Response:
        return self.post(code, **self.fields(value, begins, seen), **more)

    def change(
        self, code: str, value: str, begins: date = date(2026, 11, 20), seen: int = 0, **more: str
    ) -> httpx.Response:
        page = self.look(code, value, begins, seen, **more).text
        looked = re.search(r'name="looked" value="([^"]+)"', page)
        assert looked, page
        return self.post(code, **self.fields(value, begins, seen), **more, looked=looked[1])

    @staticmethod
    def fields(value: str, begins: date, seen: int) -> dict[str, str]:
        return {
            "value": value, "reason": REASON, "seen": str(seen), "begins-day": str(begins.day), "begins-month": str(begins.month),
            "begins-year": str(begins.year),
        }  # fmt: skip


@pytest.fixture
def book(database: Database) -> Book:
    return Book(database, versions_of("westminster"))


@pytest.fixture
def manager(database: Database, book: Book, clock: Clock) -> Browser:
    return Browser(database, book, clock, Role.MANAGER)


def add_file(database: Database, clock: Clock, number: int, *born: date) -> None:
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=uuid4(), child_name="Rowan Testwood", actor="o", at=clock.now(), number=number
        )
        for each in born:
            register.add_birth_date(session, file, BirthDate.on(each), part_id=None, actor="o", at=clock.now())


def test_everybody_on_the_staff_sees_every_setting_and_only_a_manager_may_change_one(
    database: Database, book: Book, clock: Clock, manager: Browser
) -> None:
    for role in Role:
        page = Browser(database, book, clock, role).get("/settings/policy").text
        assert all(f'id="{code}"' in page for code in KINDS)
        assert ("/settings/policy/S1" in page) is (role is Role.MANAGER)
    officer = Browser(database, book, clock, Role.OFFICER)
    assert officer.get("/settings/policy/S1").status_code == 404
    assert officer.look("waste_wait_days", "60").status_code == 404
    assert "Guide age" in manager.get("/settings/policy").text


def test_each_setting_has_a_page_to_change_it_unless_it_is_fixed(manager: Browser) -> None:
    for code, kind in KINDS.items():
        page = manager.get(f"/settings/policy/{code}")
        assert page.status_code == (404 if isinstance(kind, Fixed) else 200), code
    assert manager.get("/settings/policy/S99").status_code == 404


def test_a_change_is_shown_first_and_saved_only_as_it_was_shown(
    database: Database, book: Book, manager: Browser, clock: Clock
) -> None:
    look = manager.look("waste_wait_days", "60")
    assert look.status_code == 200
    assert "Nothing is saved yet" in look.text
    assert book.on(clock.today()).periods.waste_wait_days == 30
    other = manager.post(
        "waste_wait_days",
        **manager.fields("61", clock.today(), 0),
        looked=re.findall(r'name="looked" value="([^"]+)"', look.text)[0],
    )
    assert "Nothing is saved yet" in other.text  # a changed value is shown again, not saved
    answer = manager.change("waste_wait_days", "60")
    assert answer.headers["location"] == "/settings/policy"
    assert book.on(clock.today()).periods.waste_wait_days == 60
    page = manager.get("/settings/policy").text
    assert REASON in page
    assert "Lee Sample" in page
    with database.reading() as session:
        assert session.get(AuditEntry, 1) is not None
        assert len(kept.changes(session, "westminster")) == 1


def test_a_shorter_time_of_keeping_says_how_many_files_go_earlier_and_waits_for_its_notice(
    database: Database, manager: Browser, book: Book, clock: Clock
) -> None:
    add_file(database, clock, 1, date(2011, 5, 14))
    add_file(database, clock, 2, date(2002, 12, 1), date(2002, 1, 12))  # they disagree: the later one counts (R40)
    add_file(database, clock, 3)
    refused = manager.look("S10", "24", flag="yes")
    assert refused.status_code == 422
    assert "20 December 2026 or later" in refused.text
    assert 'value="24"' in refused.text
    page = manager.look("S10", "24", date(2026, 12, 20), flag="yes").text
    assert "2 files will have an earlier keep-until date." in page
    assert "1 file of these will be due by 20 December 2026 already." in page
    assert "1 file will still have no date" in page
    manager.change("S10", "24", date(2026, 12, 20), flag="yes")
    assert book.on(date(2026, 12, 19)).retention.age == 25
    assert book.on(date(2026, 12, 20)).retention.age == 24
    notice = manager.get("/settings/policy/changes/1/files").text
    assert notice.index("PC-0002") < notice.index("PC-0001")
    assert "1 December 2026" in notice
    assert "From 20 December 2026" in manager.get("/settings/policy").text


def test_a_service_without_a_period_is_told_so_and_sets_one_here(database: Database, clock: Clock) -> None:
    book = Book(database, versions_of("northamptonshire"))
    manager = Browser(database, book, clock, Role.MANAGER)
    add_file(database, clock, 1, date(2011, 5, 14))
    assert "nothing is destroyed" in manager.get("/settings/policy").text
    page = manager.look("S10", "25", date(2026, 12, 20)).text
    assert "1 file will have a keep-until date where they have none now." in page
    manager.change("S10", "25", date(2026, 12, 20))
    assert book.on(date(2026, 12, 20)).retention.age == 25


def test_of_two_managers_the_second_is_told_who_was_first_and_nothing_is_lost(
    database: Database, book: Book, clock: Clock, manager: Browser
) -> None:
    second = Browser(database, book, clock, Role.MANAGER, "Kim Sample")
    look = second.look("waste_wait_days", "70").text
    manager.change("waste_wait_days", "60")
    looked = re.findall(r'name="looked" value="([^"]+)"', look)[0]
    answer = second.post("waste_wait_days", **second.fields("70", clock.today(), 0), looked=looked)
    assert answer.status_code == 409
    assert "Lee Sample changed" in answer.text
    assert book.on(clock.today()).periods.waste_wait_days == 60


def test_a_default_that_the_policy_does_not_say_is_confirmed_with_the_same_value(
    manager: Browser, clock: Clock, book: Book
) -> None:
    assert next(row for row in book.on(clock.today()).rows if row.code == "waste_wait_days").stated is False
    assert manager.change("waste_wait_days", "30").status_code == 303
    assert next(row for row in book.on(clock.today()).rows if row.code == "waste_wait_days").stated is True


NAUGHTY = (
    "",
    "٣",
    "-1",
    "1e3",
    "<script>alert(1)</script>",
    "x" * 5000,
    "\u202e12",
    "\x00",
    "'; DROP TABLE policy_change; --",
)
NO_DAYS = (("31", "2", "2027"), ("", "", ""), ("1", "1", "99999"), ("a", "b", "c"))


def test_what_is_no_value_or_no_day_is_said_at_the_field_and_kept(manager: Browser) -> None:
    for typed in NAUGHTY:
        answer = manager.look("waste_wait_days", typed)
        assert answer.status_code == 422
        assert 'href="#value"' in answer.text
        assert "<script>alert" not in answer.text
    for day in NO_DAYS:
        fields = manager.fields("60", date(2027, 1, 1), 0)
        fields |= dict(zip(("begins-day", "begins-month", "begins-year"), day, strict=True))
        answer = manager.post("waste_wait_days", **fields)
        assert answer.status_code == 422
        assert "must be a real date" in answer.text
        assert REASON in answer.text


def test_where_policy_and_law_pull_apart_both_stand_on_the_page(manager: Browser) -> None:
    page = manager.get("/settings/policy").text
    assert "13 is the guide age (W14)" in page
    assert "no age is presumed" in page
    assert "N10" not in page.split('id="law"')[1].split('id="history"')[0]


def test_a_manager_decides_where_policy_and_law_pull_apart_and_each_decision_stays(
    database: Database, book: Book, clock: Clock
) -> None:
    """rules §12: both are shown, a person decides; who, when and why are appended, never overwritten."""
    manager, officer = (
        Browser(database, book, clock, role, name) for role, name in ((Role.MANAGER, "Kim"), (Role.OFFICER, "Lee"))
    )
    where = "decisions/storing-by-consent"
    assert "Not decided yet" in manager.get("/settings/policy").text
    assert officer.get(f"/settings/policy/{where}").status_code == 404
    assert officer.post(where, decided="x", reason="y", seen="0").status_code == 404
    assert "A service that the law requires may have another basis" in manager.get(f"/settings/policy/{where}").text

    wrong = manager.post(where, decided="We ask for permission", reason="", seen="0")
    assert wrong.status_code == 422 and "Enter the reason" in wrong.text and "We ask for permission" in wrong.text
    for seen, words in enumerate(("We ask for permission", "We rely on the public task")):
        assert (
            manager.post(
                where, decided=words, reason=f"The council’s lawyer said so, {seen}", seen=str(seen)
            ).status_code
            == 303
        )
    late = manager.post(where, decided="Neither", reason="Late", seen="1")
    assert late.status_code == 409 and "Somebody else recorded a decision first" in late.text
    shown = officer.get("/settings/policy").text
    assert "We rely on the public task" in shown and "Kim" in shown and "We ask for permission" not in shown
    before = manager.get(f"/settings/policy/{where}").text
    assert before.index("We rely on the public task") < before.index("We ask for permission")
    with database.reading() as session:
        assert [one.reason[-1] for one in deciding.decisions(session, book.service)] == ["1", "0"]
        acts = [entry.act for entry in session.exec(select(AuditEntry)) if entry.act == "tension_decided"]
    assert len(acts) == 2


def test_only_what_this_policy_raises_is_decided(database: Database, book: Book, clock: Clock) -> None:
    manager = Browser(database, book, clock, Role.MANAGER)
    for point in ("supporter-alone", "no-such-point"):
        assert manager.get(f"/settings/policy/decisions/{point}").status_code == 404
        assert manager.post(f"decisions/{point}", decided="x", reason="y", seen="0").status_code == 404


@pytest.mark.parametrize("service", ["northamptonshire", "westminster"])
def test_the_page_says_beside_a_setting_when_nothing_depends_on_it(
    database: Database, clock: Clock, service: str
) -> None:
    manager = Browser(database, Book(database, versions_of(service)), clock, Role.MANAGER)
    page = manager.get("/settings/policy").text
    said = {code: WORDS in page.split(f'<tr id="{code}">')[1].split("</tr>")[0] for code in KINDS}
    assert {code for code, is_said in said.items() if is_said} == RECORDED_ONLY
    assert WORDS in manager.get("/settings/policy/S12").text and WORDS not in manager.get("/settings/policy/S15").text
    fixed = page.split('<tr id="S22">')[1].split("</tr>")[0]
    assert "Paperchain has no accounts for a council" in fixed
