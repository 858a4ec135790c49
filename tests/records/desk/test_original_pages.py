"""Paper originals on the desk: lists without names, moves by the table, waste after its waiting time, labels."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx
import pdfplumber
import pytest
from starlette.testclient import TestClient

from records.clock import Clock, fixed
from records.custody import originals, waiting
from records.custody.labels import code_of
from records.custody.moves import Allowed, Custody, Facts, Refused
from records.custody.originals import Paper
from records.custody.proposal import Proposal, ProposalKind
from records.custody.tables import Original
from records.db import Database
from records.desk import original_pages
from records.desk.shell import Desk, build
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.store import FolderStore
from records.people import register
from records.policies.settings import load as load_policy
from records.post import inbox
from records.staff import accounts, sessions
from records.vocabulary import Role, Source

CHILD = "Rowan Testwood"
FROM = date(2026, 12, 24)
WASTE = Proposal(ProposalKind.WASTE, FROM, "Confidential waste after the waiting time, from 24 December 2026.", "W47")
CABINET = Proposal(ProposalKind.CABINET, None, "The family asked us to keep it on file.", "N16")


class Browser:
    """Somebody signed in, who sends the CSRF token with every form."""

    def __init__(self, database: Database, store: FolderStore, clock: Clock, role: Role) -> None:
        desk = Desk(database, store, clock, lambda: load_policy("westminster", clock.today()), "Testwood SENDIASS")
        with database.writing() as session:
            link = accounts.invite(session, role, clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name="Lee Sample",
                password="four invented words here", clock=clock,
            )  # fmt: skip
            token = sessions.begin(session, account, clock)
            session.flush()
            found = sessions.find(session, token, clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        app = build(desk, original_pages.pages)
        self.client = TestClient(app, cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, **fields: object) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "documents").mkdir()
    return FolderStore(tmp_path / "documents")


@pytest.fixture
def admin(database: Database, store: FolderStore, clock: Clock) -> Browser:
    return Browser(database, store, clock, Role.ADMIN)


def logged(
    database: Database, store: FolderStore, clock: Clock, proposal: Proposal, *, legible: bool = True
) -> Original:
    """The paper of an invented child's letter."""
    key = new_key()
    scan = holdings.put(store, key, [b"an invented scan"], "application/octet-stream")
    with database.writing() as session:
        now = clock.now()
        item = inbox.take_in(
            session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=scan, name=f"{CHILD}.pdf", source=Source.FOLDER,
            actor="system", at=now,
        )  # fmt: skip
        file = register.open_file(
            session, officer_id=uuid4(), child_name=CHILD, actor="system", at=now,
            number=inbox.next_number(session, "file"),
        )  # fmt: skip
        return originals.log(
            session, Paper(item.id, uuid4(), file.id, 2, "unknown"), number=inbox.next_number(session, "original"),
            proposal=proposal, policy_version="test", legible=legible, actor="system", at=now,
        )  # fmt: skip


def now_of(database: Database, number: int) -> Original:
    with database.reading() as session:
        return originals.by_number(session, number)


def move(who: Browser, database: Database, number: int, to: Custody, **fields: str) -> httpx.Response:
    return who.post(f"/originals/{number}/move", to=to.value, version=now_of(database, number).version, **fields)


def test_each_paper_stands_in_its_list_without_a_name(
    database: Database, store: FolderStore, clock: Clock, admin: Browser
) -> None:
    papers = [logged(database, store, clock, proposal) for proposal in (WASTE, CABINET, CABINET, CABINET)]
    with database.writing() as session:
        for number, to, place in ((3, Custody.HELD, "Drawer 2"), (4, Custody.TO_RETURN, None)):
            paper = originals.by_number(session, number)
            originals.move(session, paper, to, Facts(place=place), actor="system", at=clock.now())

    page = admin.get("/originals").text

    order = [
        "To put away",
        "O-1<",
        "O-2<",
        "In the cabinet",
        "O-3<",
        "Drawer 2",
        "Confidential waste</h2>",
        "Returns",
        "O-4<",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "May go from 24 December 2026" in page
    assert CHILD not in page
    assert len(papers) == 4


def test_the_lists_are_empty_in_words(admin: Browser) -> None:
    assert "The cabinet list is empty." in admin.get("/originals").text


def test_a_paper_shows_where_it_has_been_and_who_moved_it(
    database: Database, store: FolderStore, clock: Clock, admin: Browser
) -> None:
    logged(database, store, clock, CABINET)

    assert move(admin, database, 1, Custody.HELD, place=" Cabinet 1,  drawer 2 ").status_code == 303
    page = admin.get("/originals/1").text

    history = page[page.index("Where it has been") :]
    order = [
        "Received", "Paperchain", "Scanned", "Checked against the scan", "In the cabinet: Cabinet 1, drawer 2", "Lee Sample",
    ]  # fmt: skip
    places = [history.index(words) for words in order]
    assert places == sorted(places)
    assert CHILD not in page
    assert "Put in confidential waste" not in page  # the policy never proposed it


def test_waste_before_its_day_is_refused_with_the_day(
    database: Database, store: FolderStore, clock: Clock, admin: Browser
) -> None:
    logged(database, store, clock, WASTE)

    answer = move(admin, database, 1, Custody.TO_DISPOSE)

    assert answer.status_code == 422
    assert "This paper may go in confidential waste from 24 December 2026." in answer.text
    assert now_of(database, 1).state == Custody.CHECKED


def test_waste_on_its_day_is_allowed(database: Database, store: FolderStore, clock: Clock) -> None:
    logged(database, store, clock, WASTE)
    later = Browser(database, store, fixed(datetime(2026, 12, 24, 9, tzinfo=UTC)), Role.OFFICER)

    assert move(later, database, 1, Custody.TO_DISPOSE).status_code == 303
    assert now_of(database, 1).state == Custody.TO_DISPOSE


@pytest.mark.parametrize(
    ("proposal", "until", "today", "allowed"),
    [
        ("waste", FROM, date(2026, 12, 23), False),
        ("waste", FROM, FROM, True),
        ("waste", None, FROM, False),
        ("cabinet", None, FROM, False),
        ("return", None, FROM, False),
    ],
)
def test_when_a_paper_may_go_in_waste(proposal: str, until: date | None, today: date, allowed: bool) -> None:
    assert isinstance(waiting.may_go_in_waste(proposal, until, today), Allowed if allowed else Refused)


def test_a_paper_that_nobody_checked_never_goes_in_waste() -> None:
    offered = {choice.to for choice in waiting.choices(Custody.SCANNED, "waste", FROM, date(2027, 6, 1))}

    assert Custody.TO_DISPOSE not in offered
    assert offered == {Custody.CHECKED, Custody.HELD, Custody.TO_RETURN, Custody.LOST}


@pytest.mark.parametrize("state", [Custody.RETURNED, Custody.DESTROYED])
def test_a_paper_that_has_left_goes_nowhere(state: Custody) -> None:
    assert waiting.choices(state, "cabinet", None, FROM) == []


def test_a_refused_move_keeps_what_was_typed(
    database: Database, store: FolderStore, clock: Clock, admin: Browser
) -> None:
    logged(database, store, clock, CABINET)
    move(admin, database, 1, Custody.TO_RETURN)

    no_witness = move(admin, database, 1, Custody.RETURNED, reference="AB 123 GB")
    no_reference = move(admin, database, 1, Custody.RETURNED, second_person="Sam Sample")

    assert no_witness.status_code == no_reference.status_code == 422
    assert "A second person must be named for this." in no_witness.text
    assert 'value="AB 123 GB"' in no_witness.text
    assert "Give the number of the sack, certificate, tracking or receipt." in no_reference.text
    assert 'value="Sam Sample"' in no_reference.text
    assert now_of(database, 1).state == Custody.TO_RETURN


def test_a_return_needs_two_people_and_a_receipt(
    database: Database, store: FolderStore, clock: Clock, admin: Browser
) -> None:
    logged(database, store, clock, CABINET)
    move(admin, database, 1, Custody.HELD, place="Drawer 2")
    move(admin, database, 1, Custody.TO_RETURN)
    assert now_of(database, 1).place == "Drawer 2"  # still to be found there

    move(admin, database, 1, Custody.RETURNED, second_person="Sam Sample", reference="AB 123 GB")

    paper = now_of(database, 1)
    assert (paper.state, paper.place) == (Custody.RETURNED, None)
    with database.reading() as session:
        last = originals.moves_of(session, paper)[-1]
    assert (last.second_person, last.reference, last.moved_by) == ("Sam Sample", "AB 123 GB", str(admin.id))


@pytest.mark.parametrize("to", [Custody.DESTROYED, Custody.IN_SEALED_SACK, Custody.RETURNED, Custody.RECEIVED])
def test_a_move_outside_the_table_is_refused(
    database: Database, store: FolderStore, clock: Clock, admin: Browser, to: Custody
) -> None:
    logged(database, store, clock, CABINET)

    answer = move(admin, database, 1, to, second_person="Sam Sample", reference="AB 123 GB", place="Drawer 2")

    assert answer.status_code == 422
    assert now_of(database, 1).state == Custody.CHECKED


def test_a_late_move_is_refused(database: Database, store: FolderStore, clock: Clock, admin: Browser) -> None:
    old = logged(database, store, clock, CABINET).version
    move(admin, database, 1, Custody.HELD, place="Drawer 2")

    late = admin.post("/originals/1/move", to="held", place="Drawer 3", version=old)

    assert late.status_code == 409
    assert now_of(database, 1).place == "Drawer 2"


def test_a_manager_sees_the_lists_and_moves_nothing(database: Database, store: FolderStore, clock: Clock) -> None:
    logged(database, store, clock, CABINET)
    manager = Browser(database, store, clock, Role.MANAGER)

    assert "O-1" in manager.get("/originals").text
    assert "/move" not in manager.get("/originals/1").text
    refused = move(manager, database, 1, Custody.HELD, place="Drawer 2")
    missing = manager.get("/originals/999")
    assert refused.status_code == missing.status_code == 404
    assert refused.text == missing.text
    assert manager.post("/originals/labels", number=1, first=1).status_code == 404


def test_labels_carry_numbers_and_no_name(database: Database, store: FolderStore, clock: Clock, admin: Browser) -> None:
    for _ in range(3):
        logged(database, store, clock, CABINET)

    answer = admin.post("/originals/labels", number=["1", "3"], first="5")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="labels.pdf"'
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        text = pdf.pages[0].extract_text()
        words = {word["text"]: word for word in pdf.pages[0].extract_words()}
    assert {"O-1", "O-3"} <= set(words)
    assert "O-2" not in words
    assert 100 < words["O-1"]["top"] < 300  # the fifth label is in the second row
    assert "Rowan" not in text
    assert "Testwood" not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": "1"}, "Choose at least one paper"),
        ({"number": "1", "first": "22"}, "must be a number from 1 to 21"),
        ({"number": "1", "first": "0"}, "must be a number from 1 to 21"),
        ({"number": "1", "first": "x"}, "must be a number from 1 to 21"),
    ],
)
def test_labels_asked_for_wrongly_are_a_mistake_on_the_page(
    database: Database, store: FolderStore, clock: Clock, admin: Browser, fields: dict[str, str], words: str
) -> None:
    logged(database, store, clock, CABINET)

    answer = admin.post("/originals/labels", **fields)

    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("typed", [code_of(1), "O-1", "o-1", " 1 "])
def test_a_label_is_found_as_scanned_or_typed(
    database: Database, store: FolderStore, clock: Clock, admin: Browser, typed: str
) -> None:
    logged(database, store, clock, CABINET)

    answer = admin.post("/originals/find", label=typed)

    assert (answer.status_code, answer.headers["location"]) == (303, "/originals/1")


@pytest.mark.parametrize("typed", ["", "O-2", "99999999999", "O-٣", "<b>"])
def test_a_label_that_is_no_papers_is_a_mistake(
    database: Database, store: FolderStore, clock: Clock, admin: Browser, typed: str
) -> None:
    logged(database, store, clock, CABINET)

    answer = admin.post("/originals/find", label=typed)

    assert answer.status_code == 422
    assert original_pages.NO_SUCH_PAPER in answer.text
