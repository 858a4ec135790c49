"""N10, P7: a request opens of a file what its rules leave open, and no more: restricted documents, and whole files of other officers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.consents.asking import ask
from records.consents.gate import OnFile, Purpose
from records.consents.outward import went_out
from records.documents.tables import Document
from records.guard import marks, restrictions
from records.people import register
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.requests import pages as page_rows
from records.requests import register as requests
from records.staff import accounts
from records.staff.access import Actor, Restriction
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests import builders
from tests.requesting import a_file, colleague, recorded, settle_beside, step
from tests.reviewing import Browser, rows, text

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
    settle_beside(officer, path)


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
    hand = {"method": "in_hand", "typed_name": builders.CARER, "second_person": colleague(chain)}
    refused = step(officer, path, "send", **hand)
    assert refused.status_code == 422
    assert "restricted for safeguarding" in text(refused)
    assert step(manager, path, "send", **hand).status_code == 303


def father(chain: Paperchain, file_id: UUID, name: str = "Pat Testwood") -> UUID:
    """Somebody on the file whose parental responsibility nobody has shown."""
    with chain.db.writing() as session:
        file = session.get_one(ChildFile, file_id)
        made = register.add_person(
            session, file, kind="carer", name=name, actor="system", at=chain.clock.now(), relationship="father"
        )
        session.flush()
        return made.id


def child_of(chain: Paperchain, file_id: UUID) -> UUID:
    with chain.db.reading() as session:
        return register.people(session, session.get_one(ChildFile, file_id))[0].id


def test_the_right_of_the_child_is_nobody_elses(chain: Paperchain) -> None:
    """R19, W12: recorded as from the child, it is not the father's by choosing him."""
    officer = Browser(chain)
    file, _, _ = a_file(chain, officer.id, pages=0)
    dad = father(chain, file)
    path = recorded(officer, requester="child", name="Pat Testwood")
    blank = {"address": "", "address_again": ""}
    for wrong in (str(dad), "none"):
        answer = step(officer, path, "who", person=wrong, **blank)
        assert answer.status_code == 422, wrong
        assert "recorded as from the child or young person" in text(answer)
    answer = step(officer, path, "who", person=str(child_of(chain, file)), **blank)
    assert answer.status_code == 422
    assert "The names differ" in text(answer)
    with chain.db.writing() as session:  # as a request stands that was settled so before
        requests.get(session, 1).person_id = dad
    judged = step(officer, path, "allowed", understanding="yes", view="not_asked")
    assert "R19, row 8" in text(judged)
    assert step(officer, path, "allowed", understanding="yes", view="not_asked", confirm="4").status_code != 303


def test_another_adults_letter_is_answered_under_the_name_on_the_file_alone(chain: Paperchain) -> None:
    """P8: her parental responsibility decides, so it goes to her name, and only when somebody says that they are one person."""
    officer = Browser(chain)
    file, carer, _ = a_file(chain, officer.id, pages=0)
    dad = father(chain, file)
    path = recorded(officer, name="Pat Testwood")
    blank = {"address": "", "address_again": ""}
    asked = step(officer, path, "who", person=str(carer), **blank)
    assert asked.status_code == 422
    assert "The answer goes out under the name on the file" in text(asked)
    assert step(officer, path, "who", person=str(carer), same_person=str(dad), **blank).status_code == 422
    assert step(officer, path, "who", person=str(carer), same_person=str(carer), **blank).status_code == 303
    page = text(officer.get(path))
    assert "Recorded as Pat Testwood: the same person." in page
    with chain.db.reading() as session:
        assert requests.asking(session, requests.get(session, 1)).name == builders.CARER
    assert step(officer, path, "allowed", understanding="yes", view="agrees", confirm="14").status_code == 303
    with chain.db.reading() as session:
        row = requests.get(session, 1)
        assert requests.stand(session, row, chain.clock.today()).next_step == "what"
    # What was decided for her is not his.
    assert step(officer, path, "who", person=str(dad), same_person=str(dad), **blank).status_code == 303
    with chain.db.reading() as session:
        row = requests.get(session, 1)
        assert requests.stand(session, row, chain.clock.today()).next_step == "allowed"


def acts(chain: Paperchain, file_id: UUID) -> list[str]:
    with chain.db.reading() as session:
        wanted = select(AuditEntry.act).where(AuditEntry.subject_kind == "file", AuditEntry.subject_id == str(file_id))
        return list(session.exec(wanted.order_by(col(AuditEntry.sequence))).all())


def test_looking_through_a_request_is_a_view_of_the_file_and_for_a_manager_kept_out_it_tells_the_officer(
    chain: Paperchain,
) -> None:
    """N10: with the supporter alone, the request is the manager's ground, and the officer and the weekly list show who looked."""
    officer, manager = Browser(chain), Browser(chain, Role.MANAGER, "Mona Manager")
    file, _, ids = a_file(chain, officer.id, pages=2)
    path = recorded(officer)
    before = len(acts(chain, file))
    for page in ids:
        assert manager.get(f"{path}/look/{page}/picture").status_code == 200
    new = acts(chain, file)[before:]
    kept_out = chain.policy().case_notes_seen_by == "allocated_supporter"
    assert new.count("file_page_seen") == 2
    assert new.count("glass_broken") == int(kept_out)  # once, and not for each page
    assert [one.kind for one in rows(chain, TaskRow)].count("break_glass") == int(kept_out)
    looked = text(officer.get("/files/42/history"))
    assert "Mona Manager" in looked
    assert ("Request 1: its pages alone" in text(officer.get("/files/42/access"))) is kept_out
    assert ("Request 1" in text(manager.get("/break-glass/list"))) is kept_out
    assert (manager.get("/files/42").status_code == 404) is kept_out  # it opens nothing beyond the request
    before = len(acts(chain, file))
    assert officer.get(f"{path}/look/{ids[0]}/picture").status_code == 200
    assert acts(chain, file)[before:] == ["file_page_seen"]


def test_a_no_of_the_young_person_after_a_page_was_decided_keeps_it_in(chain: Paperchain) -> None:
    """W29: asked again when the copy is made, approved and sent, and by the gate for the pages themselves."""
    officer, manager = Browser(chain), Browser(chain, Role.MANAGER)
    file_id, carer, ids = a_file(chain, officer.id, pages=2)
    path = recorded(officer)
    ready(officer, path, carer)
    officer.post(f"{path}/look/rest", {"looked": "yes"})
    officer.post(f"{path}/make", {})
    assert step(manager, path, "approve").status_code == 303
    part_id = uuid4()
    with chain.db.writing() as session:
        file, document = session.get_one(ChildFile, file_id), session.get_one(Document, ids[0])
        document.part_id = part_id
        marks.mark(
            session, file, part_id, GivenByChild.NOT_ASKED, by="system", at=chain.clock.now() - timedelta(days=1)
        )
        assert page_rows.made(session, requests.get(session, 1)) is not None  # decided when that was known
        marks.mark(session, file, part_id, GivenByChild.REFUSES, by="system", at=chain.clock.now())
        found = ask(
            session, Actor(officer.id, Role.OFFICER), file_id, OnFile(str(carer), "request"), [str(ids[0])], Purpose.ACCESS,
            chain.clock.now(), policy=chain.policy(),
        )  # fmt: skip
        assert "W29" in found.reason
    refused = step(officer, path, "send", method="in_hand", typed_name=builders.CARER, second_person=colleague(chain))
    assert refused.status_code == 422
    assert "decided otherwise" in text(refused)
    assert manager.get(f"{path}/copy.pdf").status_code == 404
    assert "this was marked after it was decided" in text(officer.get(f"{path}/look"))
    assert officer.post(f"{path}/look/{ids[0]}/decide", SHOWN).status_code == 422
    assert officer.post(f"{path}/make", {}).status_code == 409
    with chain.db.reading() as session:
        assert went_out(session, file_id) == []


def test_what_goes_out_is_entered_with_its_pages(chain: Paperchain) -> None:
    officer, manager = Browser(chain), Browser(chain, Role.MANAGER)
    file_id, carer, ids = a_file(chain, officer.id, pages=2)
    path = recorded(officer)
    ready(officer, path, carer)
    officer.post(f"{path}/look/rest", {"looked": "yes"})
    officer.post(f"{path}/make", {})
    step(manager, path, "approve")
    assert (
        step(
            officer, path, "send", method="in_hand", typed_name=builders.CARER, second_person=colleague(chain)
        ).status_code
        == 303
    )
    with chain.db.reading() as session:
        assert {str(each) for each in ids} < set(went_out(session, file_id)[0].things.split())


def test_whoever_checks_the_contents_is_a_colleague_who_may_see_the_file(chain: Paperchain) -> None:
    """P8: neither whoever sends, nor a typed name, nor admin staff, nor an account that is not in use any more."""
    officer, admin, left = (
        Browser(chain),
        Browser(chain, Role.ADMIN, "Ada Admin"),
        Browser(chain, Role.OFFICER, "Lou Left"),
    )
    manager = Browser(chain, Role.MANAGER, "Mona Manager")
    with chain.db.writing() as session:
        accounts.disable(session, left.id, actor=manager.id, clock=chain.clock)
    _, carer, ids = a_file(chain, officer.id, pages=1)
    restricted(chain, ids[0])
    path = recorded(officer)
    ready(officer, path, carer)
    assert manager.post(f"{path}/look/{ids[0]}/decide", SHOWN).status_code == 303
    assert manager.post(f"{path}/make", {}).status_code == 303
    assert step(manager, path, "approve").status_code == 303
    page = manager.get(f"{path}/send").text
    assert str(officer.id) not in page  # a page of the copy is restricted, and the officer is not named on it
    second = colleague(chain)
    assert "Kim Second" in manager.get(f"{path}/send").text
    hand = {"method": "in_hand", "typed_name": builders.CARER}
    for wrong in ("", "Kim", "me", str(manager.id), str(admin.id), str(left.id), str(officer.id)):
        answer = step(manager, path, "send", second_person=wrong, **hand)
        assert answer.status_code == 422, wrong
        assert "a colleague who may see this file" in text(answer)
    assert step(manager, path, "send", second_person=second, **hand).status_code == 303
    assert "Checked by Kim Second." in text(manager.get(path))
