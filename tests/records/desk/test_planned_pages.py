"""W30, N15 on the desk: plan a contact; without leave, print the question for the family; end the plan."""

import html
import re
from datetime import timedelta

import pypdfium2
import pytest

from intake.wiring import Paperchain
from records.consents.standing import ConsentState
from tests.conftest import NOON
from tests.records.consents.homes import Home, open_file
from tests.records.desk.file_desk import chain, file, officer
from tests.reviewing import Browser

__all__ = ["chain", "file", "officer"]  # fixtures, found by their names here

AHEAD = (NOON + timedelta(days=10)).date()
PLAN = {
    "purpose": "contact",
    "how": "telephone",
    "when": "plan",
    "on": AHEAD.isoformat(),
    "told": "About the hearing test",
}


def body(officer: Browser) -> str:
    officer.post("/files/1/contacts", {"category": "health", "name": "The Invented Clinic"})
    return re.findall(r'id="body-([0-9a-f-]{36})"', officer.get("/files/1/contacts").text)[0]


def test_without_leave_the_family_is_asked_first_about_just_this_contact(officer: Browser, file: Home) -> None:
    where = f"/files/1/contacts/{body(officer)}/contact"
    assert officer.post(where, PLAN).status_code == 303
    page = html.unescape(officer.get("/files/1/contacts").text)
    assert "there is no leave for it yet" in page and "About the hearing test" in page
    assert "Ask the family first" in html.unescape(officer.get("/tasks").text)
    plan = re.findall(r"/files/1/planned/([0-9a-f-]{36})/ask", page)[0]
    made = officer.post(f"/files/1/planned/{plan}/ask", {"for": str(file.carer)})
    with pypdfium2.PdfDocument(made.content) as pdf:
        text = " ".join(" ".join(each.get_textpage().get_text_bounded() for each in pdf).split())
    assert (
        "May we contact them?" in text
        and "The Invented Clinic" in text
        and "Nothing happens before you say yes" in text
    )
    assert "May we contact them?" in html.unescape(officer.get("/files/1/letters").text)
    refused = officer.post(f"/files/1/planned/{plan}/ask", {"for": str(file.child)})  # the child has answered nothing
    assert refused.status_code == 303
    assert "Nothing was printed." in html.unescape(officer.get("/files/1/contacts").text)
    assert officer.post(f"/files/1/planned/{plan}", {"act": "dropped"}).status_code == 303
    assert "No contact is planned" in html.unescape(officer.get("/files/1/contacts").text)
    assert officer.post(f"/files/1/planned/{plan}", {"act": "dropped"}).status_code == 409


@pytest.mark.parametrize("on", ["", NOON.date().isoformat(), "20 11 2020", "1 1 2099"])
def test_a_day_that_is_not_ahead_is_said_at_its_field_and_what_was_typed_stays(
    officer: Browser, file: Home, on: str
) -> None:
    answer = officer.post(f"/files/1/contacts/{body(officer)}/contact", {**PLAN, "on": on})
    assert answer.status_code == 422 and "Enter a day ahead" in answer.text and "About the hearing test" in answer.text


def test_a_plan_of_one_file_is_not_there_on_another(chain: Paperchain, officer: Browser, file: Home) -> None:
    officer.post(f"/files/1/contacts/{body(officer)}/contact", PLAN)
    plan = re.findall(r"/files/1/planned/([0-9a-f-]{36})\"", officer.get("/files/1/contacts").text)[0]
    with chain.db.writing() as session:
        open_file(session, chain.clock.now(), {"store": ConsentState.GIVEN}, officer=officer.id)
    assert officer.post(f"/files/2/planned/{plan}", {"act": "made"}).status_code == 404
    assert officer.post(f"/files/2/planned/{plan}/ask", {"for": str(file.carer)}).status_code == 404
