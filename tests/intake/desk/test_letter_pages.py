"""Letters on the desk: each word, page, copy and possible request only before those who may see the page it is on."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from intake import sorting
from intake.sorting import ForFile, NotForUs, SortedAs
from intake.texts import archive_of, read_texts
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.custody.proposal import ProposalKind
from records.db import Database
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.documents.text.tables import PossibleRequest
from records.guard import looks
from records.people import register
from records.people.tables import ChildFile
from records.post import inbox
from records.post.tables import Part
from records.vocabulary import DocumentKind, Role
from tests.builders import CHILD, settings
from tests.lettering import PICTURE, Recognising, letter, tools
from tests.reviewing import Browser, rows, text

WORD = "quill"
NONE = "No page was found."


def made(tmp_path: Path, database: Database, clock: Clock, policy: str = "westminster") -> Paperchain:
    home = settings(tmp_path / "home", service__policy=policy)
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made(tmp_path, database, clock)


def read_letter(chain: Paperchain) -> tuple[int, UUID]:
    number, part = letter(chain)
    read_texts(tools(chain, Recognising()), number)
    return number, part


def file_it(chain: Paperchain, number: int, part: UUID, officer: UUID) -> int:
    """Files the letter with a child of this officer's, and makes its searchable copy."""
    with chain.db.writing() as session:
        file = register.open_file(
            session, officer_id=officer, child_name=CHILD, actor=str(officer), at=chain.clock.now(),
            number=inbox.next_number(session, "file"),
        )  # fmt: skip
        version = session.get_one(Part, part).version
    decision = ForFile(SortedAs.LETTER, file.number, ProposalKind.CABINET, legible=True)
    sorting.sort_part(chain, number, part, decision, actor=str(officer), version=version)
    read_texts(tools(chain, Recognising()), number)
    return file.number


def find(who: Browser, typed: str = WORD) -> str:
    answer = who.post("/letters/search", {"q": typed})
    assert answer.status_code == 200
    return text(answer)


def page_of(chain: Paperchain) -> UUID:
    (page,) = [one for one in rows(chain, Document) if one.kind == DocumentKind.PAGE]
    return UUID(str(page.id))


def copy_of(chain: Paperchain, part: UUID) -> UUID:
    with chain.db.reading() as session:
        found = archive_of(session, part)
        assert found is not None
        return found.id


def test_a_letter_that_waits_is_found_by_those_who_open_items(chain: Paperchain) -> None:
    number, _ = read_letter(chain)

    for role in (Role.ADMIN, Role.OFFICER):
        who = Browser(chain, role)
        page = find(who)
        assert f"/items/{number}" in page and "Dear Quill I want a copy of my records" in page
        assert who.get(f"/letters/{page_of(chain)}").content == PICTURE
    manager = Browser(chain, Role.MANAGER)
    assert NONE in find(manager) and "Quill" not in find(manager)
    assert manager.get(f"/letters/{page_of(chain)}").status_code == 404


def test_a_filed_letter_is_found_through_its_file_alone(chain: Paperchain) -> None:
    officer, admin = Browser(chain), Browser(chain, Role.ADMIN)
    number, part = read_letter(chain)
    file = file_it(chain, number, part, officer.id)

    page = find(officer)
    assert f"/files/{file}" in page and f"/items/{number}" not in page
    with (
        chain.db.reading() as session
    ):  # what stands beside the word was read: the family is told of that look as of any other
        looked = looks.of_file(session, session.exec(select(ChildFile.id)).one(), for_family=True)
    assert [(look.actor, look.what) for look in looked] == [
        (str(officer.id), "Lines of a letter, found by a word in it")
    ]
    copy = officer.get(f"/letters/{copy_of(chain, part)}")
    assert copy.content.startswith(b"%PDF-1.7")
    assert copy.headers["content-disposition"].startswith("attachment")
    for hidden in (page_of(chain), copy_of(chain, part)):
        assert admin.get(f"/letters/{hidden}").status_code == 404
    assert NONE in find(admin)


@pytest.mark.parametrize("policy", ["westminster", "northamptonshire"])
def test_a_colleague_sees_what_the_policy_says(tmp_path: Path, database: Database, clock: Clock, policy: str) -> None:
    chain = made(tmp_path, database, clock, policy)
    owner, colleague = Browser(chain), Browser(chain, name="Sam")
    number, part = read_letter(chain)
    file = file_it(chain, number, part, owner.id)

    may = chain.policy().case_notes_seen_by == "service_staff"
    assert (f"/files/{file}" in find(colleague)) is may
    assert (colleague.get(f"/letters/{page_of(chain)}").status_code == 200) is may
    assert (f"/letters/requests/{number}" in text(colleague.get("/letters"))) is may
    assert f"/files/{file}" in find(owner)


def test_what_is_not_ours_is_found_by_nobody(chain: Paperchain) -> None:
    who = Browser(chain)
    number, part = read_letter(chain)
    version = rows(chain, Part)[0].version
    sorting.sort_part(chain, number, part, NotForUs(), actor=str(who.id), version=version)

    assert NONE in find(who)
    assert who.get(f"/letters/{page_of(chain)}").status_code == 404


def test_a_possible_request_is_shown_with_its_words_and_closed_by_one_person(chain: Paperchain) -> None:
    who, other = Browser(chain, Role.ADMIN), Browser(chain)
    number, _ = read_letter(chain)

    assert "Possible request: a copy of records" in text(who.get("/post"))
    for path in ("/letters", f"/items/{number}"):
        page = text(who.get(path))
        assert "“copy of my records”" in page and "Passed on" in page

    sent = {"kind": "copy", "outcome": "passed_on"}
    assert who.post(f"/letters/requests/{number}", sent).status_code == 303
    assert other.post(f"/letters/requests/{number}", sent | {"outcome": "no_request"}).status_code == 409

    (closed,) = rows(chain, PossibleRequest)
    assert (closed.outcome, closed.closed_by) == ("passed_on", str(who.id))
    assert "Possible request:" not in text(who.get("/post"))
    with chain.db.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.act == "possible_request_closed")).one()
        assert entry.actor == str(who.id)


def test_nobody_closes_a_request_that_they_may_not_see(chain: Paperchain) -> None:
    manager = Browser(chain, Role.MANAGER)
    number, _ = read_letter(chain)

    sent = {"kind": "copy", "outcome": "no_request"}
    assert manager.post(f"/letters/requests/{number}", sent).status_code == 404
    assert manager.post("/letters/requests/999", sent).status_code == 404
    assert rows(chain, PossibleRequest)[0].closed_at is None


@pytest.mark.parametrize("sent", [{}, {"kind": "copy", "outcome": "burn"}, {"kind": "x", "outcome": "no_request"}])
def test_an_odd_answer_about_a_request_changes_nothing(chain: Paperchain, sent: dict[str, str]) -> None:
    number, _ = read_letter(chain)

    assert Browser(chain).post(f"/letters/requests/{number}", sent).status_code == 404
    assert rows(chain, PossibleRequest)[0].closed_at is None


def test_words_are_in_no_address_title_or_audit(chain: Paperchain) -> None:
    who = Browser(chain)
    read_letter(chain)

    answer = who.post("/letters/search", {"q": WORD})

    assert "<title>Letters and reports" in answer.text
    with chain.db.reading() as session:
        kept = [f"{entry.act} {entry.subject_id} {entry.detail}" for entry in session.exec(select(AuditEntry))]
    assert any("text_found" in one for one in kept)
    assert not any(WORD in one.casefold() for one in kept)


def test_where_another_letter_may_begin_is_asked_while_the_pages_wait_to_be_sorted_and_not_after(
    chain: Paperchain,
) -> None:
    number, part = letter(chain, pages=2)
    who = Browser(chain, Role.ADMIN)
    question = "Page 2 begins like a letter. Another letter may begin there."
    assert question not in text(who.get(f"/items/{number}"))  # nothing was recognised yet

    read_texts(tools(chain, Recognising()), number)
    assert question in text(who.get(f"/items/{number}"))

    with chain.db.reading() as session:
        version = session.get_one(Part, part).version
    sorting.sort_part(chain, number, part, NotForUs(), actor=str(who.id), version=version)
    assert question not in text(who.get(f"/items/{number}"))
