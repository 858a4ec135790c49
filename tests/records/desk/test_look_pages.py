"""N13 on the desk: what the family asked us to look at is recorded beside the body, in full."""

import html
import re

from intake.wiring import Paperchain
from records.consents.standing import ConsentState
from records.vocabulary import Role
from tests.conftest import NOON
from tests.records.consents.homes import open_file
from tests.records.desk.file_desk import chain
from tests.reviewing import Browser

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
    sent = {
        "whose": str(file.child), "asked_by": str(file.carer), "what": "The plan", "how": "telephone", "on": str(NOON.day),
        "on-month": str(NOON.month), "on-year": str(NOON.year),
    }  # fmt: skip
    assert officer.post(where, sent).status_code == 303
    page = re.sub(r"\s+", " ", html.unescape(officer.get("/files/1/contacts").text))
    assert (
        "Asked on 20 November 2026 by Morgan Testwood, about Rowan Testwood: The plan (0 documents filed by it)" in page
    )
    assert Browser(chain, Role.ADMIN).get(where).status_code == 404
    assert officer.get("/files/1/contacts/" + str(file.carer) + "/look").status_code == 404
