"""A contact on the desk: which documents go, what is said, when it happened; and the same where it is shared for safety."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import LONDON, fixed
from records.consents.tables import Disclosure, SafetyShare
from records.guard import marks, restrictions
from records.people import known, register
from records.people.entitlement import GivenByChild
from records.people.facts import Details
from records.requests.tables import Incident
from records.staff.access import Restriction
from records.vocabulary import Role
from tests.builders import CHILD, home
from tests.conftest import NOON
from tests.intake.desk.test_access_pages import filed, part
from tests.records.desk.test_consent_pages import SHARED, words
from tests.reviewing import Browser, errors, rows

FORM = "Consent form, 1 page, stored"
SENT = {"purpose": "share", "how": "telephone", "when": "now"}


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path, fixed(NOON)) as chain:
        yield chain


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


@pytest.fixture
def number(chain: Paperchain, officer: Browser) -> int:
    return filed(chain, officer)


@pytest.fixture
def place(chain: Paperchain, officer: Browser, number: int) -> str:
    """The page of a contact with a clinic, which the family agreed to."""
    with chain.db.writing() as session:
        file = register.by_number(session, number)
        carer = next(each for each in register.people(session, file) if each.kind == register.CARER)
        known.record(
            session, file.id, carer.id, Details(carer.name, "mother"), true_on=NOON.date(), actor="x", at=chain.clock.now()
        )  # fmt: skip
    told = {
        "who": str(carer.id), "how": "letter",
        "day": str(NOON.day), "month": str(NOON.month), "year": str(NOON.year), "key": str(uuid4()), "answer-contact:health": "yes",
    }  # fmt: skip
    assert officer.post(f"/files/{number}/change", told).status_code == 303
    assert officer.post(f"/files/{number}/contacts", {"category": "health", "name": "Elm Clinic"}).status_code == 303
    found = re.search(r'href="(/files/\d+/contacts/[0-9a-f-]{36})"', officer.get(f"/files/{number}/contacts").text)
    assert found is not None
    return found[1]


def restrict(chain: Paperchain, number: int) -> None:
    with chain.db.writing() as session:
        file = register.by_number(session, number)
        restrictions.place(
            session, file, Restriction.SAFEGUARDING, why="Invented", by="x", at=chain.clock.now(), part_id=part(chain)
        )  # fmt: skip


def mark(chain: Paperchain, number: int, given: GivenByChild) -> None:
    with chain.db.writing() as session:
        marks.mark(session, register.by_number(session, number), part(chain), given, by="x", at=chain.clock.now())


def test_a_document_and_words_are_shared_and_stand_in_the_history(
    chain: Paperchain, officer: Browser, number: int, place: str
) -> None:
    page = officer.get(place)
    assert page.status_code == 200 and FORM in words(page)
    assert CHILD not in page.text.split("<title>")[1].split("</title>")[0]
    sent = SENT | {"thing": str(part(chain)), "told": "The plan is late"}
    done = officer.post(place + "/contact", sent)
    assert done.status_code == 303, errors(done)
    (row,) = [each for each in rows(chain, Disclosure) if each.body_id]
    assert (row.things, row.without_leave, row.at, row.recorded_at) == (
        str(part(chain)), False, chain.clock.now(), chain.clock.now(),
    )  # fmt: skip
    assert b"plan is late" not in (row.sealed_told or b"")
    for path in (f"/files/{number}/history", f"/files/{number}/contacts"):
        shown = words(officer.get(path))
        assert "Elm Clinic Information shared by telephone Consent form, 1 page, stored" in shown
        assert "The plan is late" in shown


def test_what_the_request_for_a_copy_must_tell_stands_on_its_page(
    chain: Paperchain, officer: Browser, number: int, place: str
) -> None:
    officer.post(place + "/contact", SENT | {"told": "The plan is late"})
    made = officer.post(
        "/requests/new",
        {"kind": "access", "route": "post", "requester": "parent", "name": "Morgan Testwood", "words": "All of it",
         "file": f"PC-{number:04d}", "received": "20 11 2026"},
    )  # fmt: skip
    assert made.status_code == 303, errors(made)
    shown = words(officer.get(made.headers["location"] + "/what"))
    assert "Elm Clinic Information shared by telephone The plan is late" in shown


@pytest.mark.parametrize("given", [GivenByChild.NOT_ASKED, GivenByChild.REFUSES])
def test_what_the_young_person_gave_is_not_shared_without_their_word(
    chain: Paperchain, officer: Browser, number: int, place: str, given: GivenByChild
) -> None:
    """W29."""
    mark(chain, number, given)
    assert "The young person gave it" in words(officer.get(place))
    answer = officer.post(place + "/contact", SENT | {"thing": str(part(chain))})
    assert answer.status_code == 422
    assert "Nothing was recorded. The young person gave part of this" in words(answer)
    assert f'value="{part(chain)}" checked' in answer.text
    assert [each for each in rows(chain, Disclosure) if each.body_id] == []


def test_a_restricted_document_is_neither_shown_nor_taken(
    chain: Paperchain, officer: Browser, number: int, place: str
) -> None:
    restrict(chain, number)
    assert FORM not in words(officer.get(place))
    for thing in (part(chain), uuid4()):
        answer = officer.post(place + "/contact", SENT | {"thing": str(thing)})
        assert answer.status_code == 422
        assert "A document that you chose is not here any more" in words(answer)


def test_a_contact_of_before_is_kept_as_without_leave_and_the_manager_sees_it(
    chain: Paperchain, officer: Browser, number: int, place: str
) -> None:
    """N14: the family agreed today; the call was yesterday."""
    before = (chain.clock.now() - timedelta(days=1)).astimezone(LONDON)
    sent = SENT | {"when": "past", "on": f"{before:%d %m %Y}", "at": "10:00", "told": "The plan is late"}
    done = officer.post(place + "/contact", sent)
    assert done.status_code == 303
    page = words(officer.get(done.headers["location"]))
    assert "19 November 2026 at 10:00amRecorded 20 November 2026 at 12:00pmWithout leave Elm Clinic" in page
    (incident,) = rows(chain, Incident)
    assert incident.happened_on == before.date()
    shown = words(Browser(chain, Role.MANAGER).get(f"/incidents/{incident.number}"))
    assert "was without leave" in shown and "The plan is late" not in shown


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"purpose": "gossip"}, "purpose"),
        ({"how": ""}, "how"),
        ({"when": ""}, "when"),
        ({"when": "past"}, "on"),
        ({"when": "past", "on": "31 2 2026", "at": "10:00"}, "on"),
        ({"when": "past", "on": "19 11 2026", "at": "25:00"}, "on"),
        ({"when": "past", "on": "20 11 2027", "at": "10:00"}, "on"),
        ({"when": "past", "on": "20 11 1850", "at": "10:00"}, "on"),
        ({"told": "x" * 2001}, "told"),
        ({"told": ""}, "told"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    chain: Paperchain, officer: Browser, place: str, sent: dict[str, str], field: str
) -> None:
    answer = officer.post(place + "/contact", SENT | {"told": "Typed words"} | sent)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#([^"]+)">', answer.text) == [field]
    assert f'id="{field}"' in answer.text
    assert "Typed words" in answer.text or "told" in sent
    assert [each for each in rows(chain, Disclosure) if each.body_id] == []


def views(chain: Paperchain) -> int:
    return len([row for row in rows(chain, AuditEntry) if row.act == "file_documents_seen"])


def test_documents_are_chosen_for_safety_too_whatever_was_said_of_them(
    chain: Paperchain, officer: Browser, number: int
) -> None:
    """N2: no refusal and no word of the young person stands against it."""
    mark(chain, number, GivenByChild.REFUSES)
    page = officer.get(f"/files/{number}/share-for-safety")
    assert FORM in words(page) and views(chain) == 1
    done = officer.post("/share-for-safety", SHARED | {"file": str(number), "thing": str(part(chain))})
    assert done.status_code == 303, errors(done)
    assert f"Documents shared{FORM}" in words(officer.get(done.headers["location"]))
    (row,) = [each for each in rows(chain, Disclosure) if each.safety_id]
    assert row.things == str(part(chain)) and row.recorded_at == chain.clock.now() > row.at


def test_whoever_may_not_open_the_file_is_offered_nothing_of_it_and_can_share_words(
    chain: Paperchain, officer: Browser, number: int
) -> None:
    admin = Browser(chain, Role.ADMIN)
    keyless = re.compile(r'name="(?:key|csrf)" value="[^"]*"')
    here, nowhere = (keyless.sub("", admin.get(f"/files/{each}/share-for-safety").text) for each in (number, 9999))
    assert here.replace(f"PC-{number:04d}", "PC-9999") == nowhere and views(chain) == 0
    refused = [
        admin.post("/share-for-safety", SHARED | {"file": str(file), "thing": str(part(chain))}) for file in (number, 9999)
    ]  # fmt: skip
    assert [each.status_code for each in refused] == [422, 422]
    assert "not of this file, or not open to you" in words(refused[0])
    assert admin.post("/share-for-safety", SHARED | {"file": str(number)}).status_code == 303
    assert len(rows(chain, SafetyShare)) == 1


def test_a_body_of_another_file_leads_nowhere(chain: Paperchain, officer: Browser, number: int, place: str) -> None:
    other = place.rpartition("/")[0] + f"/{uuid4()}"
    assert officer.get(other).status_code == officer.post(other + "/contact", SENT).status_code == 404
