"""The manager's page of reports: what is shown, what it asks, and what leaves by it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import fixed
from records.reports.tables import ReportCheck, ReportRelease
from records.vocabulary import Role
from tests.builders import at, home
from tests.records.reports.counted import enquiries
from tests.records.reports.test_releasing import NOTE
from tests.reviewing import Browser

NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
ASKED = {"report": "service", "year": "2025"}
HERE = "/reports?report=service&year=2025"


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path / "home", fixed(NOW)) as made:
        with made.db.writing() as session:
            for many, topic in ((42, "plan"), (17, "place"), (9, "money"), (3, "health")):
                enquiries(session, many, date(2025, 6, 1), topic)
        yield made


@pytest.fixture
def manager(chain: Paperchain) -> Browser:
    return Browser(chain, Role.MANAGER, "Kim")


def cells(page: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]


def test_from_counting_to_letting_out(chain: Paperchain, manager: Browser) -> None:
    page = manager.get("/reports").text
    assert (
        '<option value="2025" selected>' in page and "cannot be let out yet" in page and "Print the report" not in page
    )
    assert (
        "EHC plan or annual review 40 57%" in cells(page)
        and "Health [c] [c]" in cells(page)
        and "Total 70 100%" in cells(page)
    )
    assert manager.post("/reports/print", ASKED).status_code == 409
    assert manager.post("/reports/keep", ASKED).headers["location"] == HERE
    wrong = manager.post("/reports/check", ASKED | {"mode": "A", "note": "Rowan Testwood is in none of these tables"})
    assert wrong.status_code == 422 and "looks as if it says who somebody is" in wrong.text
    assert manager.post("/reports/check", ASKED | {"mode": "C", "note": NOTE}).status_code == 422
    assert manager.post("/reports/check", ASKED | {"mode": "A", "note": NOTE}).headers["location"] == HERE
    page = manager.get(HERE).text
    assert "Print the report" in page and "cannot be let out" not in page and "by Kim" in page
    printed, saved = manager.post("/reports/print", ASKED), manager.post("/reports/csv", ASKED)
    assert (
        printed.content.startswith(b"%PDF")
        and saved.headers["content-disposition"] == 'attachment; filename="report.csv"'
    )
    assert "EHC plan or annual review,40,57%" in saved.text and ",42" not in saved.text
    with chain.db.reading() as session:
        assert session.exec(select(ReportRelease.mode)).all() == ["A"]
        out = session.exec(select(AuditEntry).where(AuditEntry.act == "report_let_out")).all()
        assert [each.subject_id for each in out] == ["service 2025"] * 2
        assert session.exec(select(ReportCheck.note)).one() == NOTE


def test_what_is_shown_does_not_change_when_more_comes_late(chain: Paperchain, manager: Browser) -> None:
    manager.post("/reports/keep", ASKED)
    before = cells(manager.get(HERE).text)
    with chain.db.writing() as session:
        enquiries(session, 50, date(2025, 6, 1), "health")
    assert cells(manager.get(HERE).text) == before
    again = manager.post("/reports/keep", ASKED)
    assert again.status_code == 303 and "kept already" in manager.get(again.headers["location"]).text


def test_true_counts_are_for_managers_and_looking_is_recorded(chain: Paperchain, manager: Browser) -> None:
    page = manager.get("/reports/true?report=service&year=2025").text
    assert "Health 3" in cells(page) and "For managers alone" in page
    with chain.db.reading() as session:
        assert (
            session.exec(select(AuditEntry.subject_id).where(AuditEntry.act == "report_true_seen")).one()
            == "service 2025"
        )


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER])
def test_nobody_else_sees_reports(chain: Paperchain, role: Role) -> None:
    who = Browser(chain, role, "Lee")
    assert [who.get(path).status_code for path in ("/reports", "/reports/true", "/reports/check")] == [404] * 3
    assert [who.post(f"/reports/{act}", ASKED).status_code for act in ("print", "csv", "keep", "check")] == [404] * 4
    assert "/reports" not in who.get("/").text


def test_letting_out_asks_for_the_password_again(chain: Paperchain, manager: Browser) -> None:
    assert {("POST", "/reports/print"), ("POST", "/reports/csv")} <= manager.app.state.fresh


@pytest.mark.parametrize(
    "asked",
    ["report=school", "year=2027", "year=1999", "year=2026-28", "year=%00", "report=service&year=2025-27", "year="],
)
def test_there_is_no_other_report(manager: Browser, asked: str) -> None:
    assert manager.get(f"/reports?{asked}").status_code == 404


def test_an_empty_service_has_a_page(tmp_path: Path) -> None:
    with home(tmp_path / "empty", fixed(NOW)) as chain:
        page = Browser(chain, Role.MANAGER, "Kim").get("/reports").text
        assert page.count("Not shown: fewer than 10 are counted here.") == 12 and "[c]" not in page


def test_once_let_out_only_years_of_that_kind_are_offered(chain: Paperchain, manager: Browser) -> None:
    assert "April 2024 to March 2025" in manager.get("/reports").text
    manager.post("/reports/keep", ASKED)
    manager.post("/reports/check", ASKED | {"mode": "B5", "note": NOTE})
    manager.post("/reports/csv", ASKED)
    assert "April 2024 to March 2025" not in manager.get("/reports").text
    page = manager.get("/reports?year=2024-25").text
    assert "lets out years from January" in page


def test_ten_thousand_enquiries(chain: Paperchain) -> None:
    with chain.db.writing() as session:
        for month in range(1, 13):
            enquiries(session, 840, date(2025, month, 3), "transport")
    page = Browser(at(chain, fixed(NOW)), Role.MANAGER, "Kim").get(HERE).text
    assert "Travel to school 10,080 99%" in cells(page) and "Total 10,150 100%" in cells(page)
