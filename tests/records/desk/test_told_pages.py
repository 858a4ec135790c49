"""W24, W26 on the desk: record what a family was told, print the sheet for it, and see who waits too long."""

import io
import re
from datetime import timedelta
from uuid import UUID

import pdfplumber
from sqlmodel import select

from intake.wiring import Paperchain
from records.cases.tables import FamilyTold
from records.clock import fixed
from records.people import register
from records.vocabulary import Role
from tests.builders import at
from tests.conftest import NOON
from tests.records.consents.homes import Home
from tests.records.desk.file_desk import chain, file, officer
from tests.reviewing import Browser

__all__ = ["chain", "file", "officer"]  # fixtures, found by their names here

DAY = {"on": str(NOON.day), "on-month": str(NOON.month), "on-year": str(NOON.year)}


def child(chain: Paperchain) -> UUID:
    with chain.db.reading() as session:
        return register.people(session, register.by_number(session, 1))[0].id


def test_a_file_says_that_its_family_is_to_be_told_until_it_is_recorded(officer: Browser, file: Home) -> None:
    assert "The family has not been told of our confidentiality policy and their rights" in officer.get("/files/1").text
    page = officer.get("/files/1/told").text
    assert "Nothing is recorded yet" in page and "To have what is wrong put right." in page
    sent = {
        "matter": ["policy", "rights"],
        "how": "sheet",
        "person": str(file.carer),
        "language": "so",
        "by": str(officer.id),
        **DAY,
    }
    assert officer.post("/files/1/told", sent).status_code == 303
    shown = officer.get("/files/1/told").text
    assert "was told, on paper, in Somali" in shown
    summary = officer.get("/files/1").text
    assert "has not been told" not in summary and "policy and rights" in summary


def test_what_was_told_before_our_first_version_of_the_policy_is_recorded_by_the_first(
    chain: Paperchain, officer: Browser, file: Home
) -> None:
    sent = {"matter": "rights", "how": "said", "person": str(file.carer), "language": "en", "by": str(officer.id)}
    assert officer.post("/files/1/told", {**sent, **DAY, "on-year": "2001"}).status_code == 303
    with chain.db.reading() as session:
        assert session.exec(select(FamilyTold)).one().policy_version == "1"


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(officer: Browser, file: Home) -> None:
    answer = officer.post("/files/1/told", {"how": "said", "by": "", "why": "Some words", **DAY, "on-year": "2099"})
    assert answer.status_code == 422
    for words in (
        "Choose what it was about",
        "Choose who was told",
        "Choose the language",
        "Choose who told them",
        "must not be in the future",
    ):
        assert words in answer.text
    assert "Some words" in answer.text
    reason = officer.post("/files/1/told", {"matter": "policy", "how": "not_told", "by": str(officer.id), **DAY})
    assert "Write why they could not be told" in reason.text and "Choose who was told" not in reason.text


def test_the_sheet_is_printed_in_the_print_a_person_needs_and_the_print_is_entered(
    officer: Browser, file: Home
) -> None:
    made = officer.post("/files/1/told/sheet", {"for": str(file.carer)})
    assert made.content.startswith(b"%PDF")
    letters = officer.get("/files/1/letters").text
    assert "What we promise, and your rights" in letters
    assert made.headers["content-disposition"].split("rights-")[1].split(".pdf")[0] in letters
    assert officer.post("/files/1/told/sheet", {"for": str(officer.id)}).status_code == 404


def test_anybody_may_have_the_sheet_without_a_file(chain: Paperchain, officer: Browser) -> None:
    assert officer.get("/enquiries/rights.pdf").content.startswith(b"%PDF")
    large = io.BytesIO(officer.get("/enquiries/rights.pdf?print=large").content)
    with pdfplumber.open(large) as pdf:  # N19: nobody needs to give a name to be able to read it
        assert min(char["size"] for page in pdf.pages for char in page.chars) >= 17.9
    plain = officer.get("/enquiries/rights.pdf?print=text")
    assert plain.headers["content-type"].startswith("text/plain")
    assert "* To have what is wrong put right." in plain.text
    assert "What you tell us stays with us." in plain.text
    assert "/enquiries/rights.pdf" in Browser(chain, Role.ADMIN).get("/enquiries/new").text


def test_a_referral_cannot_go_beyond_first_contact_until_the_policy_was_explained_or_a_reason_stands(
    chain: Paperchain, officer: Browser, file: Home
) -> None:
    officer.post(
        "/files/1/notes/new-referral",
        {"capacity": "parent", "asks": "A school place", **_day("received")},
    )
    notes = officer.get("/files/1/notes").text
    referral = re.findall(r"/files/1/notes/([0-9a-f-]{36})/action", notes)[0]
    action = {"what": "Ring the school", "who": "Lee", **_day("due")}
    refused = officer.post(f"/files/1/notes/{referral}/action", action)
    assert refused.status_code == 422 and "First record that the confidentiality policy was explained" in refused.text
    assert "Ring the school" in refused.text
    ended = officer.post(f"/files/1/notes/{referral}/end", {"act": "close", "outcome": "resolved", **DAY})
    assert ended.status_code == 422 and "First record" in ended.text
    officer.post(
        "/files/1/told", {"matter": "policy", "how": "not_told", "why": "They hung up", "by": str(officer.id), **DAY}
    )
    assert officer.post(f"/files/1/notes/{referral}/action", action).status_code == 303
    assert (
        officer.post(f"/files/1/notes/{referral}/end", {"act": "close", "outcome": "resolved", **DAY}).status_code
        == 303
    )


def _day(name: str) -> dict[str, str]:
    return {name: str(NOON.day), f"{name}-month": str(NOON.month), f"{name}-year": str(NOON.year)}


def test_who_waits_too_long_is_on_today_and_on_a_list_of_numbers(
    chain: Paperchain, officer: Browser, file: Home
) -> None:
    assert "families still to be told" not in officer.get("/").text
    later = at(chain, fixed(NOON + timedelta(days=15)))
    mine, other, manager = Browser(later), Browser(later, name="Jo"), Browser(later, Role.MANAGER)
    with chain.db.writing() as session:
        register.by_number(session, 1).officer_id = mine.id
    assert "families still to be told" in mine.get("/").text and "PC-0001" in mine.get("/told").text
    assert "Every family was told in time" in other.get("/told").text  # another officer's file
    seen = manager.get("/told").text
    assert "PC-0001" in seen and "Testwood" not in seen
    assert manager.get("/files/1/told").status_code == 404 or "Policy and rights" in manager.get("/files/1/told").text
    assert Browser(later, Role.ADMIN).get("/told").status_code == 404
