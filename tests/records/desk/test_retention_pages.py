"""Retention on the desk: due, lists, certificates, holds, keep longer; who may what, and what is said when something is wrong."""

import html
import re
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from intake.wiring import Paperchain
from records import holds
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.holds.tables import HoldRow
from records.people.tables import ChildFile
from records.post.tables import Item
from records.retention import alarms
from records.retention.clock_guard import Cap
from records.retention.tables import DisposalList, DueMonth, RetentionTurn
from records.vocabulary import Role
from tests.builders import made_on, settings
from tests.retaining import MANAGER, OFFICER, days_on, family, run_over, there
from tests.reviewing import Browser, errors, rows, text

HOLD = {
    "kind": "court", "scope": "file", "number": "PC-0001", "authority": "County court", "reason": "A claim of the family.",
    "review-day": "20", "review-month": "5", "review-year": "2027",
}  # fmt: skip


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain, Role.OFFICER, "Lee")


@pytest.fixture
def manager(chain: Paperchain) -> Browser:
    return Browser(chain, Role.MANAGER, "Kim")


def plain(answer: object) -> str:
    """The words of a page without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", text(answer)).split())  # type: ignore[arg-type]


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_due_file_that_is_open_is_closed_from_the_list_of_what_is_due(
    chain: Paperchain, officer: Browser, manager: Browser
) -> None:
    family(chain, "Rowan Canaryone", closed=False)
    today = chain.clock.today()
    assert "Nobody has closed this file. Close it, or decide to keep it longer. Close it : PC-0001" in plain(
        officer.get("/retention")
    )
    admin = Browser(chain, Role.ADMIN, "Alex")
    assert "/files/1/close" not in admin.get("/retention").text and admin.get("/files/1/close").status_code == 404
    assert "PC-0001 cannot be listed. Nobody has closed" in text(officer.post("/retention/propose", {"file": "1"}))
    empty = officer.post("/files/1/close", {"act": "close", "why": "Over", "on": "40"})
    assert empty.status_code == 422 and "Over" in empty.text and errors(empty) != []
    when = {"on": str(today.day), "on-month": str(today.month), "on-year": str(today.year)}
    assert manager.post("/files/1/close", {"act": "close", "why": "Grown up", **when}).status_code == 303
    page = plain(officer.get("/files/1"))
    assert f"Closed since {today.day} " in page and "Open this file again" in page and "Close this file" not in page
    assert "Kim on" in plain(officer.get("/files/1/history")) and "Grown up" in plain(officer.get("/files/1/history"))
    late = officer.post("/files/1/close", {"act": "close", "why": "Grown up", **when})
    assert late.status_code == 409 and "Kim closed this file at" in plain(late)
    assert officer.post("/retention/propose", {"file": "1"}).status_code == 303
    assert officer.post("/files/1/close", {"act": "reopen", "why": "They rang", **when}).status_code == 303
    assert "Nobody has closed this file" in plain(officer.get("/retention/lists/1"))


def test_a_list_that_is_refused_keeps_nothing(chain: Paperchain, officer: Browser) -> None:
    """Not even the months of files that were counted for the page which says so."""
    officer.get("/retention")
    family(chain, "Rowan Canaryone")
    family(chain, "Robin Canarytwo", closed=False)
    for sent, said in (({}, "Choose at least one file"), ({"file": "2"}, "PC-0002 cannot be listed")):
        refused = officer.post("/retention/propose", sent)
        assert refused.status_code == 422 and said in text(refused)
        with chain.db.reading() as session:
            assert session.exec(select(DueMonth)).all() == [] and session.exec(select(DisposalList)).all() == []
    assert "PC-0001" in text(officer.get("/retention"))


def test_a_list_goes_from_due_to_certificate(chain: Paperchain, officer: Browser, manager: Browser) -> None:
    file = family(chain, "Rowan Canaryone")
    admin = Browser(chain, Role.ADMIN, "Alex")
    due = text(officer.get("/retention"))
    assert "14 May 2025" in due and "25th birthday" in due and "Rowan" not in due

    made = admin.post("/retention/propose", {"file": "1"})
    assert made.headers["location"] == "/retention/lists/1"
    page = officer.get("/retention/lists/1").text
    assert officer.post("/retention/lists/1/look", {"version": version_of(page)}).status_code == 303
    page = manager.get("/retention/lists/1").text
    assert text(manager.get("/retention/lists/1")).index("cannot be undone") < page.index("Approve disposal of 1 file")
    wrong = manager.post("/retention/lists/1/approve", {"version": version_of(page), "count": "2"})
    assert wrong.status_code == 422 and "Count them again" in text(wrong)
    assert manager.post("/retention/lists/1/approve", {"version": version_of(page), "count": "1"}).status_code == 303
    assert "Can be taken off until 20 December 2026" in plain(manager.get("/retention/lists/1"))

    later = days_on(chain, 32)
    assert run_over(later).files == 1
    after = Browser(later, Role.MANAGER, "Kim Two")
    certificate = after.get("/retention/certificates/1")
    assert certificate.headers["content-type"] == "application/pdf" and certificate.content.startswith(b"%PDF")
    assert "Nothing found" in text(after.get("/retention/certificates"))
    assert not there(chain, file)
    gone, never = after.get("/files/1"), after.get("/files/77")
    assert (gone.status_code, text(gone)) == (never.status_code, text(never)), "a destroyed file looks like none"
    said = text(after.post("/retention/certificates/asked", {"number": "PC-0001"}))
    assert "destroyed it in December 2026" in said and "under rule R34" in said
    assert "We hold no information" in text(after.post("/retention/certificates/asked", {"number": "77"}))


def test_what_is_not_due_yet_is_said_in_words(chain: Paperchain, manager: Browser) -> None:
    assert "Nothing is due. A file is listed here" in text(manager.get("/retention"))
    family(chain, born=date(2002, 3, 31))
    assert "Nothing is due before 1 March 2027" in text(manager.get("/retention"))


def test_a_policy_without_a_time_says_so(tmp_path: Path, database: Database, clock: Clock) -> None:
    home = settings(tmp_path / "home", service__policy="northamptonshire")
    for folder in (home.inbox, home.stopped, home.documents, home.key_file.parent):
        folder.mkdir(parents=True)
    chain = Paperchain(home, database, FolderStore(home.documents), clock)
    family(chain)
    page = text(Browser(chain, Role.MANAGER, "Kim").get("/retention"))
    assert "The policy sets no time for keeping, so nothing falls due" in page
    assert "PC-0001" not in page


def test_nothing_chosen_is_said_at_the_list(chain: Paperchain, officer: Browser) -> None:
    family(chain)
    officer.get("/retention")
    answer = officer.post("/retention/propose", {})
    assert answer.status_code == 422 and text(answer).count("Choose at least one file.") == 2


def test_who_proposed_sees_that_another_must_approve(chain: Paperchain, officer: Browser, manager: Browser) -> None:
    family(chain)
    manager.post("/retention/propose", {"file": "1"})
    officer.post("/retention/lists/1/look", {"version": version_of(officer.get("/retention/lists/1").text)})
    page = manager.get("/retention/lists/1")
    assert "Another manager must approve this list" in text(page)
    refused = manager.post("/retention/lists/1/approve", {"version": version_of(page.text), "count": "1"})
    assert refused.status_code == 422 and "Somebody else must approve" in text(refused)


def test_a_file_is_taken_off_with_a_reason_and_an_empty_list_ends(chain: Paperchain, officer: Browser) -> None:
    family(chain)
    officer.post("/retention/propose", {"file": "1"})
    assert "Choose why it is taken off" in text(officer.post("/retention/lists/1/files/1/take-off", {"why": ""}))
    assert officer.post("/retention/lists/1/files/1/take-off", {"why": "contact"}).status_code == 303
    assert [row.state for row in rows(chain, DisposalList)] == ["withdrawn"]
    late = officer.post("/retention/lists/1/files/1/take-off", {"why": "contact"})
    assert late.status_code == 409 and " changed this list on 20 November 2026 at 12:00pm." in plain(late)
    assert officer.get("/retention/lists").status_code == 200
    assert "Taken off: there has been contact with the family" in text(officer.get("/retention/lists/1"))


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        (Role.ADMIN, "post", "/retention/holds/place"),
        (Role.ADMIN, "post", "/retention/lists/1/look"),
        (Role.ADMIN, "post", "/retention/lists/1/withdraw"),
        (Role.ADMIN, "post", "/retention/lists/1/files/1/take-off"),
        (Role.OFFICER, "post", "/retention/lists/1/approve"),
        (Role.OFFICER, "post", "/retention/holds/everything"),
        (Role.OFFICER, "get", "/retention/files/1/keep"),
        (Role.MANAGER, "post", "/retention/lists/1/look"),
        (Role.MANAGER, "get", "/retention/lists/99"),
        (Role.MANAGER, "get", "/retention/lists/99999999999999999999"),
        (Role.MANAGER, "get", "/retention/certificates/99"),
        (Role.MANAGER, "get", "/retention/holds/6a995e2e-a95d-45dc-a0e7-b14b075d0e27"),
    ],
)
def test_without_the_right_or_the_thing_there_is_nothing(chain: Paperchain, role: Role, method: str, path: str) -> None:
    family(chain)
    somebody = Browser(chain, role, "Sam")
    Browser(chain, Role.OFFICER, "Lee").post("/retention/propose", {"file": "1"})
    answer = (
        somebody.get(path) if method == "get" else somebody.post(path, {"version": "1", "count": "1", "why": "contact"})
    )
    assert answer.status_code == 404


def test_several_holds_of_one_kind_and_day_are_said_once_above_the_tabs(chain: Paperchain, officer: Browser) -> None:
    family(chain)
    for _ in range(3):
        assert officer.post("/retention/holds/place", HOLD).status_code == 303
    page = text(officer.get("/files/1"))
    assert page.count("A court case, tribunal or claim, begun or expected. On hold since 20 November 2026.") == 1
    assert "On hold since 20 November 2026. 3 such holds." in page


def test_a_hold_is_placed_shown_on_the_file_reviewed_and_lifted(
    chain: Paperchain, officer: Browser, manager: Browser
) -> None:
    family(chain)
    assert officer.post("/retention/holds/place", HOLD).status_code == 303
    (row,) = rows(chain, HoldRow)
    assert b"claim" not in row.sealed
    listed = text(officer.get("/retention/holds"))
    assert "File PC-0001" in listed and "20 May 2027" in listed and "claim of the family" not in listed
    assert "A court case, tribunal or claim, begun or expected. On hold since 20 November 2026." in text(
        officer.get("/files/1")
    )
    assert "On hold since 20 November 2026" in text(officer.get("/retention"))
    page = officer.get(f"/retention/holds/{row.id}")
    assert "A claim of the family." in text(page) and "Lift this hold" not in text(page)
    sent = {"version": version_of(page.text), "next-day": "1", "next-month": "12", "next-year": "2027"}
    assert officer.post(f"/retention/holds/{row.id}/review", sent).status_code == 303
    assert officer.post(f"/retention/holds/{row.id}/review", sent).status_code == 409, "somebody else was first"
    page = manager.get(f"/retention/holds/{row.id}")
    assert "Say why the hold can be lifted" in text(
        manager.post(f"/retention/holds/{row.id}/lift", {"version": version_of(page.text)})
    )
    lifted = manager.post(f"/retention/holds/{row.id}/lift", {"version": version_of(page.text), "why": "Settled."})
    assert lifted.status_code == 303
    with chain.db.reading() as session:
        assert holds.blocking(session, file_id=row.file_id) == ()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": ""}, "Choose why it must be kept"),
        ({"kind": "moratorium"}, "Choose why it must be kept"),
        ({"number": "PC-0999"}, "There is nothing with that number"),
        ({"number": "one"}, "Enter the number"),
        ({"authority": " "}, "Say who asks for it"),
        ({"reason": ""}, "Say why it must be kept"),
        ({"reason": "x" * 501}, "Use at most 500 letters"),
        ({"review-month": "13"}, "Review date must be a real date"),
        ({"review-year": "2026"}, "The review date must be after today"),
        ({"scope": "everything"}, "Choose what the hold is over"),
        ({"scope": "category", "category": "forms"}, "Choose what the hold is over"),
    ],
)
def test_a_hold_that_cannot_be_placed_says_why_and_keeps_what_was_typed(
    chain: Paperchain, officer: Browser, changed: dict[str, str], says: str
) -> None:
    family(chain)
    answer = officer.post("/retention/holds/place", {**HOLD, **changed})
    assert answer.status_code == 422 and says in text(answer)
    assert rows(chain, HoldRow) == []
    if "authority" not in changed:
        assert 'value="County court"' in answer.text


def test_one_person_is_held_from_the_page_of_the_people_of_a_file(chain: Paperchain, officer: Browser) -> None:
    file = family(chain)
    with chain.db.writing() as session:
        session.get_one(ChildFile, file).officer_id = officer.id
    page = officer.get("/files/1/people").text
    path = html.unescape(re.findall(r'href="(/retention/holds\?file=PC-0001&amp;person=[0-9a-f-]+)#place"', page)[-1])
    person = path.partition("person=")[2]
    form = officer.get(path).text
    assert re.search(r'value="person" checked', form)
    assert "One person of the file: " in form
    sent = {**HOLD, "scope": "person", "person": person}
    assert officer.post("/retention/holds/place", {**sent, "person": str(file)}).status_code == 422
    assert rows(chain, HoldRow) == []
    assert officer.post("/retention/holds/place", sent).status_code == 303
    with chain.db.reading() as session:
        assert [hold.scope for hold in holds.blocking(session, file_id=file)] == ["person"]
    assert "One person on file PC-0001" in text(officer.get("/retention/holds"))


def test_an_item_and_a_paper_are_held_by_their_numbers(chain: Paperchain, officer: Browser) -> None:
    file = family(chain)
    officer.post("/retention/holds/place", {**HOLD, "scope": "original", "number": "O-1"})
    officer.post("/retention/holds/place", {**HOLD, "scope": "item", "number": "1"})
    with chain.db.reading() as session:
        item = session.exec(select(Item)).one()
        assert len(holds.blocking(session, file_id=file)) == 2, "the file cannot go without its parts"
        assert len(holds.blocking(session, item_id=item.id)) == 2


def test_a_manager_keeps_everything_in_one_step(chain: Paperchain, manager: Browser) -> None:
    file = family(chain)
    assert "Say why" in text(manager.post("/retention/holds/everything", {"all-authority": "Inquiry"}))
    sent = {"all-authority": "Statutory inquiry", "all-reason": "Letter of today.", "all-reference": "SI-1"}
    assert manager.post("/retention/holds/everything", sent).status_code == 303
    assert "Everything is on hold" in text(manager.get("/retention/holds"))
    with chain.db.reading() as session:
        assert len(holds.blocking(session, file_id=file)) == 1


def test_a_manager_keeps_a_file_longer_and_sets_a_date_where_there_is_none(chain: Paperchain, manager: Browser) -> None:
    family(chain)
    family(chain, "Ash Canarytwo", "Robin Canarytwo", born=None)
    sent = {"until-day": "1", "until-month": "2", "until-year": "2030", "reason": "A brother is with us."}
    early = manager.post("/retention/files/1/keep", {**sent, "until-year": "2026"})
    assert early.status_code == 422 and "The date must be after today" in text(early)
    none = manager.post("/retention/files/1/keep", {"until-day": "31", "until-month": "2", "until-year": "2030"})
    assert "must be a real date" in text(none) and "Say why it is kept longer" in text(none)
    assert manager.post("/retention/files/1/keep", sent).status_code == 303
    assert "1 February 2030" in text(manager.get("/files/1")) and "with a reason" in text(manager.get("/files/1"))
    assert "PC-0001" not in text(manager.get("/retention")).split("Files without a date")[0]
    assert "PC-0002" in text(manager.get("/retention")).split("Files without a date")[1]
    assert manager.post("/retention/files/2/keep", sent).status_code == 303
    assert "Every file has a date" in text(manager.get("/retention"))
    assert "A brother is with us." in text(manager.get("/retention/files/1/keep"))


def test_today_tells_each_role_its_part(chain: Paperchain, officer: Browser, manager: Browser) -> None:
    family(chain)
    manager.get("/retention")
    assert "1 file due for disposal" in plain(manager.get("/"))
    officer.post("/retention/propose", {"file": "1"})
    assert "disposal list to look through" in text(officer.get("/"))
    officer.post("/retention/holds/place", HOLD)
    with chain.db.writing() as session:
        row = session.exec(select(HoldRow)).one()
        row.review_on = chain.clock.today()
        session.add(row)
    assert "hold to review" in text(officer.get("/"))


def test_a_silent_clockwork_is_noticed_after_a_week(chain: Paperchain) -> None:
    with chain.db.writing() as session:
        session.add(RetentionTurn(ran_at=chain.clock.now(), outcome="done"))
    for days, silent in ((7, False), (7.1, True)):
        later = days_on(chain, days)
        with later.db.reading() as session:
            said = alarms.warnings(session, later.clock.now(), Cap())
        assert bool(said) is silent
    page = text(Browser(days_on(chain, 8), Role.MANAGER, "Kim").get("/"))
    assert "warning" in page


def test_an_approved_list_that_nobody_runs_is_noticed(chain: Paperchain, officer: Browser, manager: Browser) -> None:
    family(chain)
    with chain.db.writing() as session:
        session.add(DisposalList(
            number=9, state="approved", policy_version="1", proposed_by=OFFICER, proposed_at=chain.clock.now(),
            approved_by=MANAGER, grace_until=date(2026, 11, 11),
        ))  # fmt: skip
    with chain.db.reading() as session:
        assert any("waits for destruction" in words for words in alarms.warnings(session, chain.clock.now(), Cap()))
