"""N10, P7: a request opens of a file what its rules leave open, and no more: restricted documents, and whole files of other officers."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.documents.tables import Document
from records.guard import restrictions
from records.people.tables import ChildFile
from records.staff.access import Restriction
from records.vocabulary import Role
from tests import builders
from tests.requesting import a_file, recorded, step
from tests.reviewing import Browser, text

SHOWN = {"decision": "include", "others": "none", "health": "none"}
ADDRESS = "1 High Street\nNorthampton\nNN1 1AA"
WHY = "Invented reason"


@pytest.fixture(params=["westminster", "northamptonshire"])
def chain(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock, service__policy=request.param) as made:
        yield made


def restricted(chain: Paperchain, page: UUID, *named: Browser) -> None:
    """Makes a page a document by itself, and restricts that."""
    part_id = uuid4()
    with chain.db.writing() as session:
        document = session.get_one(Document, page)
        document.part_id = part_id
        file = session.get_one(ChildFile, document.file_id)
        restrictions.place(
            session, file, Restriction.SAFEGUARDING, why=WHY, named=[one.id for one in named], part_id=part_id, by="system",
            at=chain.clock.now(),
        )  # fmt: skip


def ready(officer: Browser, path: str, carer: UUID) -> None:
    step(officer, path, "who", person=str(carer), address=ADDRESS, address_again=ADDRESS)
    step(officer, path, "allowed", understanding="yes", view="agrees", confirm="14")
    step(officer, path, "what", searched="This file", **{"for": "All"}, recipients="Nobody")


def test_a_restricted_document_is_not_opened_by_a_request(chain: Paperchain) -> None:
    officer, named, manager = Browser(chain), Browser(chain, name="Named"), Browser(chain, Role.MANAGER)
    _, carer, ids = a_file(chain, officer.id, pages=2)
    restricted(chain, ids[0], named)
    path = recorded(officer)
    ready(officer, path, carer)
    shut, other = f"{path}/look/{ids[0]}", f"{path}/look/{ids[1]}"
    for tail in ("", "/picture"):
        assert officer.get(shut + tail).status_code == 404
        assert manager.get(shut + tail).status_code == 200
        assert officer.get(other + tail).status_code == 200
    box = {"left": "5", "top": "5", "width": "5", "height": "5", "box_code": "privilege"}
    opinion = {"advice": "harm", "who": "Dr Invented", "given_on": "10 11 2026"}
    for deed, sent in (("decide", SHOWN), ("cover", box), ("opinion", opinion)):
        assert officer.post(f"{shut}/{deed}", sent).status_code == 404, deed
    listed = text(officer.get(f"{path}/look"))
    assert "1 page is restricted for safeguarding" in listed
    assert shut not in listed
    assert shut not in officer.get(other).text
    assert officer.post(f"{path}/look/rest", {"looked": "yes"}).status_code == 303
    assert "0 not decided" not in text(officer.get(f"{path}/look"))  # what is restricted was not let in with the rest
    assert officer.post(f"{path}/make", {}).status_code == 409
    if chain.policy().case_notes_seen_by == "service_staff":
        assert named.get(shut).status_code == 200  # named on it, and may open the file


def test_a_copy_with_a_restricted_page_is_printed_and_sent_by_those_who_may_see_it(chain: Paperchain) -> None:
    officer, manager = Browser(chain), Browser(chain, Role.MANAGER)
    _, carer, ids = a_file(chain, officer.id, pages=2)
    restricted(chain, ids[0])
    path = recorded(officer)
    ready(officer, path, carer)
    assert manager.post(f"{path}/look/{ids[0]}/decide", SHOWN).status_code == 303
    officer.post(f"{path}/look/rest", {"looked": "yes"})
    assert officer.post(f"{path}/make", {}).status_code == 303
    for print_of in ("copy.pdf", "covering.pdf"):
        assert officer.get(f"{path}/{print_of}").status_code == 404, print_of
        assert manager.get(f"{path}/{print_of}").status_code == 200, print_of
    assert f"{path}/copy.pdf" not in officer.get(f"{path}/look").text
    assert step(manager, path, "approve").status_code == 303
    assert "copy.pdf" not in officer.get(f"{path}/send").text
    hand = {"method": "in_hand", "typed_name": builders.CARER, "second_person": "Kim"}
    refused = step(officer, path, "send", **hand)
    assert refused.status_code == 422
    assert "restricted for safeguarding" in text(refused)
    assert step(manager, path, "send", **hand).status_code == 303
