"""W15: somebody whom the young person refuses was taken off the file, and a form with their name comes. Invented people only."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from intake.wiring import Paperchain
from records.clock import fixed
from records.consents import asking
from records.consents.gate import OnFile, Outcome, Purpose
from records.people import known, register
from records.people.facts import Channel, Ended, SafeContact, Wishes
from records.people.preferences import send_refused
from records.vocabulary import Role
from tests.builders import home
from tests.conftest import NOON
from tests.records.consents.homes import CARER, OFFICER, Home, open_file
from tests.reviewing import Browser, arrived, confirm, text


@pytest.fixture(params=["westminster", "northamptonshire"])
def chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path / "home", fixed(NOON), service__policy=request.param) as made:
        yield made


def again(chain: Paperchain, officer: Browser, found: Home) -> UUID:
    """A form signed by somebody of the same name is confirmed; who then stands on the file."""
    (form,) = arrived(chain)
    assert confirm(officer, form, file=str(found.file.number)).status_code == 303
    with chain.db.reading() as session:
        (one,) = [each for each in register.people(session, found.file) if each.name == CARER]
        return one.id


def test_a_form_of_somebody_who_was_taken_off_brings_them_back_as_they_were_refused(chain: Paperchain) -> None:
    officer = Browser(chain, Role.OFFICER, "Own")
    with chain.db.writing() as session:
        found = open_file(session, NOON, {}, born=date(2011, 5, 14), officer=officer.id)
        for whom, fact in (
            (found.child, Wishes("Not him", (str(found.carer),))),
            (found.carer, SafeContact(not_by=("post",))),
            (found.carer, Ended("A court order")),
        ):
            known.record(session, found.file.id, whom, fact, true_on=date(2026, 3, 2), actor="lee", at=NOON)
    back = again(chain, officer, found)
    assert back != found.carer

    def may() -> tuple[Outcome, bool]:
        with chain.db.reading() as session:
            asked = asking.ask(
                session, OFFICER, found.file.id, OnFile(str(back)), (), Purpose.ADVICE, NOON, policy=chain.policy()
            )
            return asked.outcome, not send_refused(session, found.file.id, back, channel=Channel.POST)

    assert may() == (Outcome.NEEDS_DECISION, False)
    page = text(officer.get("/files/1/people"))
    assert "until taken off: may be the same person, so what keeps something from one keeps it from both" in page
    form = officer.get(f"/files/1/people/{back}/somebody-else")
    seen = re.findall(r'name="seen" value="(\d+)"', form.text)[0]
    assert f"Yes: {CARER} who was taken off is somebody else" in text(form)
    sent = {"than": str(found.carer), "why": "Two passports", "seen": seen}
    day = {"since-day": "20", "since-month": "11", "since-year": "2026"}
    assert officer.post(f"/files/1/people/{back}/somebody-else", sent | day).status_code == 303
    assert may() == (Outcome.ALLOW, True)
    assert officer.get(f"/files/1/people/{found.carer}/somebody-else").status_code == 404, "who is gone has no page"
