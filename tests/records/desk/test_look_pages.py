"""N13 on the desk: what the family asked us to look at is recorded beside the body, in full."""

import html
import re
from uuid import uuid4

from intake.wiring import Paperchain
from records.consents import changes
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.standing import ConsentState, Route
from records.people import register
from records.people.relations import Kind
from records.vocabulary import Role
from tests.conftest import NOON
from tests.records.consents.homes import Home, open_file
from tests.records.desk.file_desk import chain
from tests.reviewing import Browser, errors

__all__ = ["chain"]  # fixtures, found by their names here


def test_a_request_to_look_is_recorded_and_shown_and_what_is_missing_is_said(chain: Paperchain) -> None:
    officer = Browser(chain)
    with chain.db.writing() as session:
        file = open_file(session, chain.clock.now(), {"store": ConsentState.GIVEN}, officer=officer.id)
    officer.post("/files/1/contacts", {"category": "social_care", "name": "Invented Team"})
    body = re.findall(r'id="body-([0-9a-f-]{36})"', officer.get("/files/1/contacts").text)[0]
    where = f"/files/1/contacts/{body}/look"
    assert "A yes to contact it is not enough" in officer.get(where).text
    empty = html.unescape(officer.post(where, {"what": ""}).text)
    for words in (
        "Choose whose records",
        "Choose who asked",
        "Write what they asked",
        "Choose how they asked",
        "There is a problem",
    ):
        assert words in empty
    with chain.db.writing() as session:
        teacher = register.add_person(
            session, file.file, kind=Kind.PROFESSIONAL, name="Sam Teacher", relationship="school", actor="lee", at=NOON
        )
        friend = register.add_person(
            session, file.file, kind=Kind.OTHER, name="Pat Friend", relationship="friend", actor="lee", at=NOON
        )
        session.flush()
        outside = [str(teacher.id), str(friend.id)]
    for by in outside:  # N13: the parent must have asked, not the school
        told = {"whose": str(file.child), "asked_by": by, "what": "The plan", "how": "telephone", **TODAY}
        refused = officer.post(where, told)
        assert refused.status_code == 422
        assert "Only the family can ask us to look" in html.unescape(refused.text)
    assert not any(
        name in officer.get(where).text.partition('id="asked_by"')[2] for name in ("Sam Teacher", "Pat Friend")
    )
    sent = {
        "whose": str(file.child), "asked_by": str(file.carer), "what": "The plan", "how": "telephone", "on": str(NOON.day),
        "on-month": str(NOON.month), "on-year": str(NOON.year),
    }  # fmt: skip
    assert officer.post(where, sent).status_code == 303
    page = re.sub(r"\s+", " ", html.unescape(officer.get("/files/1/contacts").text))
    assert (
        "Asked on 20 November 2026 by Morgan Testwood, about Rowan Testwood: The plan. The agency was not asked yet."
        in page
    )
    assert Browser(chain, Role.ADMIN).get(where).status_code == 404
    assert officer.get("/files/1/contacts/" + str(file.carer) + "/look").status_code == 404


def requested(chain: Paperchain, officer: Browser) -> tuple[str, Home]:
    """A family that agreed to it asked us to look at a team's records. The address of the request."""
    with chain.db.writing() as session:
        given = dict.fromkeys(("store", "contact:social_care", "obtain_information"), ConsentState.GIVEN)
        file = open_file(session, chain.clock.now(), given, officer=officer.id)
    officer.post("/files/1/contacts", {"category": "social_care", "name": "Invented Team"})
    body = re.findall(r'id="body-([0-9a-f-]{36})"', officer.get("/files/1/contacts").text)[0]
    sent = {"whose": str(file.child), "asked_by": str(file.carer), "what": "The plan", "how": "telephone", **TODAY}
    assert officer.post(f"/files/1/contacts/{body}/look", sent).status_code == 303
    return re.findall(r"/files/1/looks/[0-9a-f-]{36}", officer.get("/files/1/contacts").text)[0], file


TODAY = {"on": str(NOON.day), "on-month": str(NOON.month), "on-year": str(NOON.year)}


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_agency_is_asked_and_asked_again_and_each_time_it_is_entered_as_a_contact(chain: Paperchain) -> None:
    officer = Browser(chain)
    look, _ = requested(chain, officer)
    assert errors(officer.post(f"{look}/ask", {})) == ["Choose how the agency is asked"]
    for _ in range(2):
        assert officer.post(f"{look}/ask", {"by": "letter", "told": "Please send the plan"}).status_code == 303
    page = words_of(officer.get(look).text)
    assert page.count("We asked the agency on 20 November 2026") == 2 and "Ask the agency again" in page
    page = words_of(officer.get("/files/1/contacts").text)
    assert "Last asked on 20 November 2026" in page and page.count("Please send the plan") == 2
    assert "no end is recorded" in words_of(officer.get("/tasks").text)


def test_it_ends_in_one_of_four_ways_and_what_is_missing_is_said_at_the_field(chain: Paperchain) -> None:
    officer = Browser(chain)
    look, file = requested(chain, officer)
    assert errors(officer.post(f"{look}/end", {})) == ["Choose how it ended", "Enter the day"]
    early = {"kind": "refused", "words": "Not without a court", "on": "1", "on-month": "1", "on-year": "2026"}
    wrong = officer.post(f"{look}/end", early)
    assert "before they asked us, on 20 November 2026" in words_of(wrong.text) and "Not without a court" in wrong.text
    assert errors(officer.post(f"{look}/end", {"kind": "closed", **TODAY})) == [
        "Write what they said, or why it is closed"
    ]
    assert errors(officer.post(f"{look}/end", {"kind": "withdrawn", **TODAY})) == [
        "Choose who took it back",
        "Choose how they told us",
    ]
    assert "Waits for an answer" in words_of(officer.get(look).text)
    taken_back = {"kind": "withdrawn", "who": str(file.carer), "how": "telephone", **TODAY}
    assert officer.post(f"{look}/end", taken_back).status_code == 303
    page = words_of(officer.get(look).text)
    assert "The family took it back on 20 November 2026: Morgan Testwood" in page and "Record that we ask" not in page
    assert "The family took it back, on 20 November 2026" in words_of(officer.get("/files/1/contacts").text)
    late = officer.post(f"{look}/ask", {"by": "letter", "told": "Please send\nthe <b>test</b>"})
    assert late.status_code == 409 and "has ended already" in late.text and f'href="{look}"' in late.text
    assert "Please send\nthe &lt;b&gt;test&lt;/b&gt;" in late.text, "whoever comes second loses no words"
    assert officer.get(look).status_code == 200, "the page to look at again is there"


def test_without_leave_the_agency_is_not_asked_and_what_was_typed_stays(chain: Paperchain) -> None:
    officer = Browser(chain)
    look, file = requested(chain, officer)
    with chain.db.writing() as session:
        told = Told(
            {"obtain_information": False}, Giver.PARENT_OR_CARER, file.carer, Route.LETTER, NOON.date(), uuid4()
        )
        changes.record(session, file.file, told, actor=str(officer.id), at=chain.clock.now(), policy=chain.policy())
    answer = officer.post(f"{look}/ask", {"by": "letter", "told": "Please send it"})
    assert answer.status_code == 422 and "nothing may be asked now" in answer.text and "Please send it" in answer.text
    assert "We asked the agency" not in words_of(officer.get(look).text)


def test_nobody_else_opens_it_and_it_stands_on_no_other_file(chain: Paperchain) -> None:
    officer = Browser(chain)
    look, _ = requested(chain, officer)
    with chain.db.writing() as session:
        open_file(session, chain.clock.now(), {"store": ConsentState.GIVEN}, officer=officer.id)
    admin = Browser(chain, Role.ADMIN)
    for path in ("", "/ask", "/end"):
        assert (admin.post(look + path, {}) if path else admin.get(look)).status_code == 404
        elsewhere = look.replace("/files/1/", "/files/2/") + path
        sent = {"by": "letter", "kind": "answered", **TODAY}
        assert (officer.post(elsewhere, sent) if path else officer.get(elsewhere)).status_code == 404
