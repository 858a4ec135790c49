"""Confidential waste on the desk: from the list of what may go to the certificate, by two people."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pdfplumber
import pytest

from records import holds
from records.custody import originals
from records.custody.moves import Custody
from records.db import Database
from records.holds import HoldKind, Scope
from records.vocabulary import Role
from tests.builders import CHILD
from tests.records.custody.papers import LATER, NORTHAMPTONSHIRE
from tests.records.desk.paper_desk import PaperDesk, Somebody, database_kind, desk, paper_desk, words

__all__ = ["database_kind", "desk"]  # fixtures, found by their names here

SACK = "/originals/waste/1"
CERTIFICATE = {
    "certificate": "C-77", "company": "Invented Shredding Ltd", "on-day": "11", "on-month": "1", "on-year": "2027",
    "site": "Testwood", "method": "cross-cut", "level": "5", "bags": "1", "seals": "S 1001", "signatory": "P Sample",
}  # fmt: skip


@pytest.fixture
def anna(desk: PaperDesk) -> Somebody:
    return desk.person(Role.ADMIN, "Anna Sample")


@pytest.fixture
def ben(desk: PaperDesk) -> Somebody:
    return desk.person(Role.MANAGER, "Ben Sample")


def states(desk: PaperDesk) -> list[str]:
    with desk.desk.db.reading() as session:
        return [paper.state for paper in originals.in_states(session, list(Custody))]


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


def test_two_people_bring_a_sack_from_the_list_to_the_certificate(
    desk: PaperDesk, anna: Somebody, ben: Somebody
) -> None:
    desk.papers.log(2)
    assert "O-1" in words(anna.get("/originals/waste"))
    assert anna.post("/originals/waste/add", number=["1", "2"]).status_code == 303

    wrong = anna.step(SACK, "close", counted="3", seal="S 1001", level="sensitive")
    assert wrong.status_code == 422
    assert "You counted 3, but 2 papers are on the list." in words(wrong)
    assert 'value="S 1001"' in wrong.text
    anna.step(SACK, "close", counted="2", seal="S 1001", level="sensitive")
    assert "A second person must sign in" in words(anna.get(SACK))
    assert anna.step(SACK, "seal", counted="2", seal="S 1001").status_code == 422
    assert ben.step(SACK, "seal", counted="2", seal="S1002").status_code == 422
    assert ben.step(SACK, "seal", counted="2", seal="S 1001").status_code == 303

    sheet, listed = text_of(ben.get(f"{SACK}/sheet").content), text_of(ben.get(f"{SACK}/list").content)
    assert re.search(r"Seal\s+S 1001", sheet)
    assert "O-1" not in sheet
    assert "O-1" in listed
    assert "O-2" in listed
    assert not any(part in sheet + listed for part in CHILD.split())

    assert ben.step(SACK, "collect", contractor="Invented Shredding Ltd").status_code == 422
    ben.step(SACK, "collect", contractor="Invented Shredding Ltd", collector="P Sample", consignment="CN-5")
    coarse = anna.step(SACK, "certificate", **{**CERTIFICATE, "level": "4"})
    assert coarse.status_code == 303
    assert "It was shredded less finely than P-5." in words(anna.get(SACK))
    assert states(desk) == [Custody.COLLECTED] * 2
    anna.step(SACK, "certificate", **CERTIFICATE)
    assert "Every paper is accounted for" in words(anna.get(SACK))
    assert states(desk) == [Custody.DESTROYED] * 2


def test_a_paper_that_may_not_go_is_named_with_its_reason_and_the_others_go(desk: PaperDesk, anna: Somebody) -> None:
    first, _ = desk.papers.log(1) + desk.papers.log(1)
    with desk.desk.db.writing() as session:
        holds.place(
            session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=first.file_id, authority="Invented court",
            reason="A tribunal.", by="officer", at=desk.papers.at,
        )  # fmt: skip
    answer = anna.post("/originals/waste/add", number=["1", "2"])
    assert answer.status_code == 422
    assert "1 paper may not go in waste, 1 went in" in words(answer)
    assert "This paper is on hold" in words(answer)
    assert states(desk) == [Custody.CHECKED, Custody.TO_DISPOSE]


@pytest.mark.parametrize(
    ("act", "fields", "said"),
    [
        ("close", {}, "Enter how many papers you counted"),
        ("close", {"counted": "1", "seal": "S" * 90, "level": "ordinary"}, "Use at most 80 letters"),
        ("close", {"counted": "1", "seal": "S1"}, "Choose what the sack holds"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    desk: PaperDesk, anna: Somebody, act: str, fields: dict[str, str], said: str
) -> None:
    desk.papers.log()
    anna.post("/originals/waste/add", number="1")
    answer = anna.step(SACK, act, **fields)
    assert answer.status_code == 422
    assert words(answer).count(said) == 2  # in the summary and at the field


def test_a_policy_that_keeps_paper_takes_it_off_the_list_of_what_may_go(desk: PaperDesk, anna: Somebody) -> None:
    """S11, G8: it was proposed for waste under the policy of before."""
    desk.papers.log()
    before = desk.desk.policy
    desk.desk.policy = lambda: NORTHAMPTONSHIRE
    assert "O-1" not in words(anna.get("/originals/waste"))
    assert "not for confidential waste" in words(anna.get("/originals/1"))
    anna.post("/originals/waste/add", number="1")
    assert states(desk) == [Custody.CHECKED]
    desk.desk.policy = before
    assert "O-1" in words(anna.get("/originals/waste"))


def test_two_people_who_close_one_sack_are_told_apart(desk: PaperDesk, anna: Somebody) -> None:
    desk.papers.log()
    anna.post("/originals/waste/add", number="1")
    fields = {
        "version": re.search(r'name="version" value="(\d+)"', anna.get(SACK).text)[1],
        "counted": "1",
        "seal": "S1",
        "level": "ordinary",
    }  # type: ignore[index]
    assert anna.post(f"{SACK}/close", **fields).status_code == 303
    late = desk.person(Role.OFFICER).post(f"{SACK}/close", **fields)
    assert late.status_code == 409
    assert "Anna Sample changed sack 1 first." in words(late)


def test_a_sack_without_a_certificate_is_shown_overdue(
    desk: PaperDesk, anna: Somebody, ben: Somebody, database: Database, tmp_path: Path
) -> None:
    desk.papers.log()
    anna.post("/originals/waste/add", number="1")
    anna.step(SACK, "close", counted="1", seal="S1", level="ordinary")
    ben.step(SACK, "seal", counted="1", seal="S1")
    ben.step(SACK, "collect", contractor="Invented Shredding Ltd", collector="P Sample", consignment="CN-5")
    assert "overdue" not in words(anna.get("/originals/waste"))
    later = paper_desk(database, tmp_path, LATER + timedelta(days=15)).person(Role.ADMIN)
    assert "Certificate overdue" in words(later.get("/originals/waste"))


def test_empty_lists_say_what_would_be_there(anna: Somebody) -> None:
    page = words(anna.get("/originals/waste"))
    assert "No sack is open. It opens with the first paper put in it." in page
    assert "Papers are listed here when their waiting time is over." in page
