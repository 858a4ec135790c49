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
    assert officer.post(f"/files/2/planned/{plan}", {"act": "dropped"}).status_code == 404
    assert officer.post(f"/files/2/planned/{plan}/ask", {"for": str(file.carer)}).status_code == 404


def told(officer: Browser) -> str:
    """The page on whom we talk to, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", officer.get("/files/1/contacts").text)).split())


@pytest.fixture
def yes(chain: Paperchain, officer: Browser) -> Home:
    with chain.db.writing() as session:
        answers = {"store": ConsentState.GIVEN, "contact:health": ConsentState.GIVEN}
        return open_file(session, chain.clock.now(), answers, officer=officer.id)


def test_recording_the_contact_from_its_plan_ends_the_plan_by_it(officer: Browser, yes: Home) -> None:
    """W30: nobody can tick a plan off as made without the contact that was made."""
    named = body(officer)
    officer.post(f"/files/1/contacts/{named}/contact", PLAN)
    page = html.unescape(officer.get("/files/1/contacts").text)
    where = re.findall(rf"/files/1/contacts/{named}\?plan=[0-9a-f-]{{36}}", page)[0]
    plan = where.rpartition("=")[2]
    assert officer.post(f"/files/1/planned/{plan}", {"act": "made"}).status_code == 303
    assert "Choose the contact that was planned, or record it first" in told(officer)
    form = html.unescape(officer.get(where).text)
    assert "About the hearing test" in form and f'name="plan" value="{plan}"' in form
    sent = {"purpose": "contact", "how": "telephone", "when": "now", "told": "We asked for a date", "plan": plan}
    for _ in range(2):  # one press, however often it arrives
        assert officer.post(f"/files/1/contacts/{named}/contact", sent | {"key": plan}).status_code == 303
    page = told(officer)
    assert "No contact is planned" in page and page.count(f"Planned for {AHEAD.day} {AHEAD:%B %Y}") == 1


def test_a_contact_that_was_recorded_by_itself_is_chosen_for_its_plan(officer: Browser, yes: Home) -> None:
    named = body(officer)
    officer.post(f"/files/1/contacts/{named}/contact", PLAN)
    officer.post(f"/files/1/contacts/{named}/contact", {"purpose": "contact", "how": "telephone", "when": "now"})
    page = html.unescape(officer.get("/files/1/contacts").text)
    plan = re.findall(r"/files/1/planned/([0-9a-f-]{36})\"", page)[0]
    contact = re.findall(r'<option value="([0-9a-f-]{36})">', page)[0]
    assert officer.post(f"/files/1/planned/{plan}", {"act": "made", "contact": contact}).status_code == 303
    assert "No contact is planned" in told(officer) and "Planned for" in told(officer)


def test_a_plan_that_is_put_off_is_one_plan(officer: Browser, yes: Home) -> None:
    named = body(officer)
    officer.post(f"/files/1/contacts/{named}/contact", PLAN)
    plan = re.findall(r"\?plan=([0-9a-f-]{36})", officer.get("/files/1/contacts").text)[0]
    later = AHEAD + timedelta(days=7)
    officer.post(f"/files/1/contacts/{named}/contact", PLAN | {"plan": plan, "on": later.isoformat()})
    page = told(officer)
    assert f"{later.day} {later:%B %Y}: The Invented Clinic" in page
    assert f"{AHEAD.day} {AHEAD:%B %Y}: The Invented Clinic" not in page
