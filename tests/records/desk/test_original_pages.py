"""Paper originals on the desk: lists without names, places, moves by the table, labels, and the search box as a scanner uses it."""

import io
import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx
import pdfplumber
import pytest
from sqlmodel import select

from records.custody import originals
from records.custody.labels import code_of
from records.custody.moves import Custody, Facts
from records.custody.places import Place, place_of
from records.custody.tables import Original
from records.db import Database
from records.desk import original_pages
from records.requests import incidents
from records.requests.tables import Incident
from records.staff import accounts
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.builders import CARER, CHILD
from tests.records.custody.papers import CABINET
from tests.records.desk.paper_desk import PaperDesk, Somebody, database_kind, desk, paper_desk, words

__all__ = ["database_kind", "desk"]  # fixtures, found by their names here

PLACE = {"cabinet": "Cabinet 1", "drawer": " 2 ", "folder": "a-c"}


@pytest.fixture
def admin(desk: PaperDesk) -> Somebody:
    return desk.person(Role.ADMIN)


def move(who: Somebody, number: int, to: Custody, **fields: str) -> httpx.Response:
    return who.step(f"/originals/{number}", "move", to=to.value, **fields)


def now_of(desk: PaperDesk, number: int) -> Original:
    with desk.desk.db.reading() as session:
        return originals.by_number(session, number)


def test_each_paper_stands_in_its_list_without_a_name(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log(3)
    move(admin, 2, Custody.HELD, **PLACE)
    move(admin, 3, Custody.LOST, second_person=str(desk.person(Role.OFFICER, "Sam Sample").id))

    page = admin.get("/originals").text

    order = ["To put away", ">O-1<", 'id="cabinet"', ">O-2<", "Cabinet 1, drawer 2, folder A-C", 'id="lost"', ">O-3<"]
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert CHILD not in page
    assert CARER not in page


def test_the_lists_are_empty_in_words(admin: Somebody) -> None:
    page = words(admin.get("/originals"))
    assert "The cabinet list is empty." in page
    assert "Nothing waits to be put away." in page


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        (("1", "2", ""), Place("1", "2")),
        (("cabinet  1", "Drawer 2", "folder a–c"), Place("1", "2", "A–C")),
        (("north wall", "b", ""), Place("North wall", "B")),
    ],
)
def test_one_place_has_one_spelling(typed: tuple[str, str, str], place: Place) -> None:
    assert place_of(*typed) == place


def test_a_place_without_cabinet_or_drawer_is_a_mistake_at_the_field(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log()
    answer = move(admin, 1, Custody.HELD, cabinet="", drawer="", folder="A–C")
    assert answer.status_code == 422
    assert "Enter the cabinet, for example 1" in words(answer)
    assert 'value="A–C"' in answer.text
    assert now_of(desk, 1).state == Custody.CHECKED


def test_a_scanned_label_opens_the_paper_and_putting_away_is_two_more_keys(desk: PaperDesk, admin: Somebody) -> None:
    """A scanner types the label and Enter; the place of the last paper is filled in already."""
    desk.papers.log(2)
    move(admin, 1, Custody.HELD, **PLACE)

    found = admin.post("/find", q=code_of(2))
    assert (found.status_code, found.headers["location"]) == (303, "/originals/2")
    page = admin.get("/originals/2").text
    filled = dict(re.findall(r'name="(cabinet|drawer|folder)" value="([^"]*)"', page))
    assert filled == {"cabinet": "1", "drawer": "2", "folder": "A-C"}

    done = move(admin, 2, Custody.HELD, **filled)
    assert done.headers["location"] == "/originals/2?next=scan"
    again = admin.get(done.headers["location"]).text
    assert re.search(r'id="find"[^>]* data-first', again)  # the next scan lands in the search box
    assert "O-2 is now: in the cabinet, Cabinet 1, drawer 2, folder A-C." in again


def test_the_search_box_sends_anything_else_to_the_files(desk: PaperDesk, admin: Somebody) -> None:
    officer = desk.person(Role.OFFICER)
    assert (officer.post("/find", q="Rowan").status_code, officer.post("/find", q="Rowan").headers["location"]) == (
        307,
        "/files/search",
    )
    assert admin.post("/find", q="Rowan").headers["location"] == "/originals/find"
    assert officer.post("/find", q="PCO0000099").headers["location"] == "/originals/find"


def test_a_paper_shows_its_sheets_where_it_has_been_and_who_moved_it(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log(proposal=CABINET)
    move(admin, 1, Custody.HELD, **PLACE)
    page = admin.get("/originals/1").text
    assert "2 (1-1, 1-2)" in words(admin.get("/originals/1"))
    history = page[page.index("Where it has been") :]
    order = ["Received", "Paperchain", "Scanned", "Checked against the scan", "In the cabinet: Cabinet 1", "Lee Sample"]
    places = [history.index(each) for each in order]
    assert places == sorted(places)
    assert CHILD not in page
    assert "Put in confidential waste" not in page  # the policy never proposed it


def test_waste_before_its_day_is_refused_with_the_day(database: Database, tmp_path: Path) -> None:
    early = paper_desk(database, tmp_path, datetime(2026, 12, 23, 12, tzinfo=UTC))
    early.papers.log()
    admin = early.person(Role.ADMIN)
    assert "This paper may go in confidential waste from 24 December 2026." in words(admin.get("/originals/1"))
    answer = admin.step("/originals/1", "waste")
    assert answer.status_code == 422
    assert now_of(early, 1).state == Custody.CHECKED


def test_a_paper_goes_in_the_sack_and_out_again(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log()
    assert admin.step("/originals/1", "waste").status_code == 303
    assert now_of(desk, 1).state == Custody.TO_DISPOSE
    assert "Sack 1" in words(admin.get("/originals/1"))
    assert admin.step("/originals/1", "take-out").status_code == 303
    assert now_of(desk, 1).state == Custody.CHECKED


def test_a_paper_that_cannot_be_replaced_never_goes_in_waste(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log()
    assert admin.step("/originals/1", "irreplaceable").status_code == 422
    admin.step("/originals/1", "irreplaceable", kind="photograph")
    assert "It cannot be replaced (photograph)" in words(admin.get("/originals/1"))
    assert admin.step("/originals/1", "waste").status_code == 422
    refused = admin.step("/originals/1", "irreplaceable", undo="1", why="mistake")
    assert "Somebody else must look at it" in words(refused)
    desk.person(Role.OFFICER).step("/originals/1", "irreplaceable", undo="1", why="mistake")
    assert admin.step("/originals/1", "waste").status_code == 303


def test_a_paper_that_the_family_asks_for_later_is_kept(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log()
    assert admin.step("/originals/1", "keep").status_code == 422
    assert admin.step("/originals/1", "keep", asked="yes").status_code == 303
    page = words(admin.get("/originals/1"))
    assert "The family asked us to keep it" in page and "It cannot go in confidential waste" in page
    assert admin.step("/originals/1", "waste").status_code == 422
    assert "Somebody else must look at it" in words(admin.step("/originals/1", "keep", asked="no"))
    assert desk.person(Role.OFFICER).step("/originals/1", "keep", asked="no").status_code == 303
    assert admin.step("/originals/1", "waste").status_code == 303


def test_a_lost_paper_is_an_incident_for_the_manager_and_can_be_found_again(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log()
    assert "Nobody else has an account here" in words(admin.get("/originals/1"))
    sam, gone = desk.person(Role.OFFICER, "Sam Sample"), desk.person(Role.ADMIN, "Gone Long")
    with desk.desk.db.writing() as session:
        accounts.disable(session, gone.id, actor=sam.id, clock=desk.desk.clock)
    page = admin.get("/originals/1").text
    assert "Sam Sample" in page and "Gone Long" not in page
    for nobody in ("", "Sam Sample", str(admin.id), str(gone.id), str(uuid4())):
        assert "Choose who else on the staff looked for it" in words(move(admin, 1, Custody.LOST, second_person=nobody))
    assert move(admin, 1, Custody.LOST, second_person=str(sam.id)).status_code == 303
    assert "Sam Sample" in words(admin.get("/originals/1"))
    with desk.desk.db.reading() as session:
        [task] = session.exec(select(TaskRow)).all()
    assert (task.kind, task.file_id) == ("incident", None)
    assert "paper O-1" in task.words
    with desk.desk.db.reading() as session:
        incident = session.exec(select(Incident)).one()
        assert "O-1 is lost" in incidents.words_of(session, incident)
    assert move(admin, 1, Custody.HELD, **PLACE).status_code == 303


def test_a_paper_is_signed_out_until_a_day_and_shown_overdue_after_it(
    desk: PaperDesk, database: Database, tmp_path: Path
) -> None:
    officer = desk.person(Role.OFFICER)
    desk.papers.log()
    assert move(officer, 1, Custody.OUT, **{"due-day": "1", "due-month": "1", "due-year": "2030"}).status_code == 422
    move(officer, 1, Custody.OUT, **{"due-day": "15", "due-month": "1", "due-year": "2027"})
    assert now_of(desk, 1).due_back == date(2027, 1, 15)
    assert "back by 15 January 2027" in words(officer.get("/originals"))
    later = paper_desk(database, tmp_path, datetime(2027, 1, 16, 9, tzinfo=UTC))
    assert "overdue since 15 January 2027" in words(later.person(Role.ADMIN).get("/originals"))


@pytest.mark.parametrize(
    "to",
    [Custody.DESTROYED, Custody.IN_SEALED_SACK, Custody.RETURNED, Custody.RECEIVED, Custody.TO_DISPOSE, Custody.SENT],
)
def test_a_move_that_needs_more_is_not_made_on_this_page(desk: PaperDesk, admin: Somebody, to: Custody) -> None:
    desk.papers.log()
    answer = move(admin, 1, to, second_person="Sam Sample", reference="AB 123 GB", **PLACE)
    assert answer.status_code == 404
    assert now_of(desk, 1).state == Custody.CHECKED


def test_a_late_move_is_refused_and_says_who_was_first(desk: PaperDesk, admin: Somebody) -> None:
    old = desk.papers.log()[0].version
    move(admin, 1, Custody.HELD, **PLACE)
    other = desk.person(Role.ADMIN, "Sam Sample")
    late = other.post("/originals/1/move", to="held", cabinet="9", drawer="9", version=old)
    assert late.status_code == 409
    assert "Lee Sample moved this paper first at 10:00. Look where it is now." in words(late)
    assert now_of(desk, 1).place == "Cabinet 1, drawer 2, folder A-C"


def test_a_manager_sees_the_lists_and_moves_nothing(desk: PaperDesk) -> None:
    desk.papers.log()
    manager = desk.person(Role.MANAGER)
    assert "O-1" in manager.get("/originals").text
    assert "/move" not in manager.get("/originals/1").text
    refused = manager.post("/originals/1/move", to="held", version=1, **PLACE)
    missing = manager.get("/originals/999")
    assert refused.status_code == missing.status_code == 404
    assert refused.text == missing.text
    assert manager.post("/originals/labels", number=1, first=1).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/originals/99999999999",
        "/originals/waste/99999999999",
        "/originals/returns/99999999999",
        "/originals/stocktakes/99999999999",
    ],
)
def test_a_number_that_is_none_is_not_found(admin: Somebody, path: str) -> None:
    assert admin.get(path).status_code == 404


def test_a_long_list_comes_in_pages_by_drawer_and_folder(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log(230, sheets=0)
    with desk.desk.db.writing() as session:
        for paper in session.exec(select(Original)).all():
            paper.state, paper.cabinet, paper.drawer, paper.folder = Custody.HELD, "1", str(paper.number % 2), "A"
    pages = [admin.get(f"/originals?cabinet-page={page}").text for page in (1, 2, 3)]
    listed = [[int(number) for number in re.findall(r'href="/originals/(\d+)"', page)] for page in pages]
    assert [len(each) for each in listed] == [100, 100, 30]
    everything = [number for each in listed for number in each]
    assert everything == [*range(2, 231, 2), *range(1, 231, 2)]
    assert "Page 2 of 3" in words(admin.get("/originals?cabinet-page=2"))
    drawer = admin.get("/originals?cabinet=1&drawer=0").text
    assert [int(number) for number in re.findall(r'href="/originals/(\d+)"', drawer)] == list(range(2, 201, 2))
    assert "There is no page 9" in words(admin.get("/originals?cabinet-page=9"))


def test_labels_carry_numbers_and_no_name(desk: PaperDesk, admin: Somebody) -> None:
    desk.papers.log(3)
    answer = admin.post("/originals/labels", number=["1", "3"], first="5")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="labels.pdf"'
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        text = pdf.pages[0].extract_text()
        found = {word["text"]: word for word in pdf.pages[0].extract_words()}
    assert {"O-1", "O-3"} <= set(found)
    assert "O-2" not in found
    assert 100 < found["O-1"]["top"] < 300  # the fifth label is in the second row
    assert not any(part in text for part in CHILD.split())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first": "1"}, "Choose at least one paper"),
        ({"number": "1", "first": "22"}, "must be a number from 1 to 21"),
        ({"number": "1", "first": "0"}, "must be a number from 1 to 21"),
        ({"number": "1", "first": "x"}, "must be a number from 1 to 21"),
    ],
)
def test_labels_asked_for_wrongly_are_a_mistake_on_the_page(
    desk: PaperDesk, admin: Somebody, fields: dict[str, str], said: str
) -> None:
    desk.papers.log()
    answer = admin.post("/originals/labels", **fields)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("typed", [code_of(1), "O-1", "o-1", " 1 "])
def test_a_label_is_found_as_scanned_or_typed(desk: PaperDesk, admin: Somebody, typed: str) -> None:
    desk.papers.log()
    answer = admin.post("/originals/find", label=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/originals/1")


@pytest.mark.parametrize("typed", ["", "O-2", "99999999999", "O-٣", "<b>"])
def test_a_label_that_is_no_papers_is_a_mistake(desk: PaperDesk, admin: Somebody, typed: str) -> None:
    desk.papers.log()
    answer = admin.post("/originals/find", label=typed)
    assert answer.status_code == 422
    assert original_pages.NO_SUCH_PAPER in answer.text


def test_a_paper_that_is_asked_for_cannot_be_put_away_meanwhile(desk: PaperDesk, admin: Somebody) -> None:
    [paper] = desk.papers.log()
    with desk.desk.db.writing() as session:
        originals.move(
            session, originals.lock(session, paper.id), Custody.TO_RETURN, Facts(), actor="system", at=desk.papers.at
        )
    assert move(admin, 1, Custody.HELD, **PLACE).status_code == 303  # set aside only: nobody has asked yet
