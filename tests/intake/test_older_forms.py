"""R26, F26: a form that was signed before a no, and comes after it, opens nothing that the no shut. Invented people only."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from intake.wiring import Paperchain
from records.consents import bodies, changes, ledger
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.items import STORE, Category
from records.consents.standing import ConsentState, Route
from tests.conftest import NOON
from tests.intake.both_services import chain, officer
from tests.records.consents.homes import CARER, CHILD, Home, open_file
from tests.reviewing import Browser, arrived, confirm

__all__ = ["chain", "officer"]  # fixtures, found by their names here

S = ConsentState
BORN = date(2011, 5, 14)


@pytest.fixture
def found(chain: Paperchain, officer: Browser) -> Home:
    """A file as a referral opens it: the mother agreed to keeping, and no form has come."""
    with chain.db.writing() as session:
        found = open_file(session, NOON, {}, born=BORN, officer=officer.id)
        yes = Told({STORE: True}, Giver.PARENT_OR_CARER, found.carer, Route.EMAIL, date(2026, 2, 2), uuid4())
        changes.record(session, found.file, yes, actor=str(officer.id), at=NOON, policy=chain.policy())
        bodies.add(session, found.file, Category.HEALTH, "Fern Clinic", since=date(2026, 2, 2), actor="x", at=NOON)
        return found


def at_the_counter(officer: Browser, found: Home) -> int:
    told = {"who": "parent_or_carer", "called": CARER, "how": "telephone", "day": "20", "month": "11", "year": "2026"}
    sent = {"key": str(uuid4()), "file": str(found.file.number), "name": CHILD, "no-everything": "yes"}
    return officer.post("/withdrawals/new", sent | told).status_code


def on_the_file(officer: Browser, found: Home) -> int:
    sent = {
        "key": str(uuid4()),
        "who": str(found.carer),
        "how": "telephone",
        "day": "20",
        "month": "11",
        "year": "2026",
    }
    return officer.post(f"/files/{found.file.number}/change", sent | {"everything": "yes"}).status_code


def holds(chain: Paperchain, found: Home) -> dict[str, ConsentState]:
    with chain.db.reading() as session:
        return {item: one.state for item, one in ledger.what_holds(session, found.file.id, chain.clock.today()).items()}


@pytest.mark.parametrize("told", [at_the_counter, on_the_file])
def test_a_no_to_everything_also_shuts_what_an_older_form_in_the_post_asks(
    chain: Paperchain, officer: Browser, found: Home, told: Callable[[Browser, Home], int]
) -> None:
    assert told(officer, found) == 303
    (form,) = arrived(chain)  # signed on 1 March 2026, with a yes to nearly everything
    assert confirm(officer, form, file=str(found.file.number)).status_code == 303
    now = holds(chain, found)
    assert now[STORE] is S.WITHDRAWN
    assert S.GIVEN not in now.values()
    assert "tag--yes" not in officer.get(f"/files/{found.file.number}/contacts").text


def test_an_objection_stops_every_way_of_news_also_one_that_an_older_form_asks(
    chain: Paperchain, officer: Browser, found: Home
) -> None:
    """R32, R69."""
    asks = {
        "kind": "objection", "file": str(found.file.number), "requester": "parent", "name": CARER, "route": "phone",
        "received": "20 11 2026", "words": "No more news",
    }  # fmt: skip
    assert officer.post("/requests/new", asks).status_code == 303
    (form,) = arrived(chain)
    assert confirm(officer, form, file=str(found.file.number)).status_code == 303
    now = holds(chain, found)
    assert {state for item, state in now.items() if item.startswith("news:")} <= {S.REFUSED, S.WITHDRAWN}
    assert now["contact:health"] is S.GIVEN, "about the case nothing changes"
