"""R42 on the desk: a paper is put on both children's files, drawn on by one person, and covered by another, with every refusal in words."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from intake.app import _keeping
from intake.wiring import Paperchain
from records.clock import Clock
from records.people.tables import ChildFile
from records.retention import several as rules_of
from records.retention.tables import CoverArea, CoverDecision, PaperAbout
from records.staff.access import Actor
from records.vocabulary import Role
from tests import builders
from tests.intake.test_several import BROTHER, LATER, SISTER, filed_letter, number, shown
from tests.records.desk.test_retention_pages import plain
from tests.retaining import family
from tests.reviewing import Browser, rows

AREA = {"left": "10", "top": "5", "width": "40", "height": "10"}


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


def test_from_a_paper_on_one_file_to_a_covered_picture(chain: Paperchain) -> None:
    brother, sister = family(chain, BROTHER), family(chain, SISTER, born=LATER)
    part = filed_letter(chain, sister)
    officer, manager, stranger = Browser(chain), Browser(chain, Role.MANAGER, "Kim"), Browser(chain, Role.ADMIN, "Ash")
    with chain.db.writing() as session:
        for file_id in (brother, sister):
            session.get_one(ChildFile, file_id).officer_id = officer.id
    home = f"/files/{number(chain, sister)}/several"

    page = plain(officer.get(home))
    assert "Nobody has noted a paper of this file that is about another child too." in page
    for fields, said in (
        ({}, "Choose the paper"), ({"paper": str(part)}, "Enter the number of the other"), ({"paper": str(uuid4()), "other": "1"}, "Choose the paper"),
        ({"paper": str(part), "other": str(number(chain, sister))}, "own file"), ({"paper": str(part), "other": "PC-0999"}, "no file with that number"),
    ):  # fmt: skip
        wrong = officer.post(home, fields)
        assert wrong.status_code == 422 and said in plain(wrong), said
    assert officer.post(home, {"paper": str(part), "other": "PC-0001"}).status_code == 303
    page = plain(officer.get(home))
    assert "Also about the child of PC-0001" in page and "2 pages" in page

    row = next(each for each in rows(chain, PaperAbout) if each.part_id == part)
    one = f"{home}/{row.id}"
    with chain.db.reading() as session:
        picture = rules_of.pages(session, row)[0].picture_id
    assert "Nothing is drawn" in plain(officer.get(one))
    assert officer.get(f"{one}/{picture}").status_code == 200
    assert officer.get(f"{one}/{picture}/picture").headers["content-type"] == "image/jpeg"
    for fields in ({}, {**AREA, "left": "90"}, {**AREA, "left": "nan"}, {**AREA, "top": "inf"}):
        wrong = officer.post(f"{one}/{picture}", fields)
        assert wrong.status_code == 422 and "Draw the part on the page" in plain(wrong)
    for _ in range(2):
        assert officer.post(f"{one}/{picture}", AREA).status_code == 303
    (first, _) = rows(chain, CoverArea)
    assert officer.post(f"{one}/areas/{first.id}", {}).status_code == 303
    assert officer.post(f"{one}/areas/{first.id}", {}).status_code == 404
    assert "A manager who drew none of it covers it." in plain(officer.get(one))
    for path in (home, one, f"{one}/{picture}", f"{one}/{picture}/picture"):
        assert stranger.get(path).status_code == 404, path
    for path in (f"{one}/cover", f"{one}/leave"):
        assert officer.post(path, {"count": "1"}).status_code == 404, path
    assert manager.get(f"/files/{number(chain, brother)}/several/{row.id}").status_code == 404

    with chain.db.reading() as session:
        lines = _keeping(chain, session, Actor(manager.id, Role.MANAGER))
    assert (1, "papers that also show a child whose own papers are due", "/retention/several") in lines
    assert "which also shows the child of PC-0001" in plain(manager.get("/retention/several"))
    wrong = manager.post(f"{one}/cover", {"count": "7"})
    assert wrong.status_code == 422 and "Count them again" in plain(wrong)
    before = shown(chain, picture)
    done = manager.post(f"{one}/cover", {"count": "1"})
    assert done.status_code == 303
    page = plain(manager.get(one))
    assert "1 area covered for good." in page and "Kim" in page
    after = shown(chain, picture)
    assert before[50:60, 60:150].any() and not after[50:60, 60:150].any()
    assert "Nothing waits here" in plain(manager.get("/retention/several"))
    assert "That child’s part was covered on" in plain(officer.get(home))


def test_a_manager_may_leave_it_with_a_reason_and_a_day(chain: Paperchain) -> None:
    brother, sister = family(chain, BROTHER), family(chain, SISTER, born=LATER)
    part = filed_letter(chain, sister)
    manager = Browser(chain, Role.MANAGER, "Kim")
    assert (
        manager.post(
            f"/files/{number(chain, sister)}/several", {"paper": str(part), "other": str(number(chain, brother))}
        ).status_code
        == 303
    )
    row = next(each for each in rows(chain, PaperAbout) if each.part_id == part)
    one = f"/files/{number(chain, sister)}/several/{row.id}"
    for fields, said in (
        ({}, "Say why it is not covered"), ({"why": "A claim"}, "Enter the day"), ({"why": "A claim", "review": "1 1 2020"}, "must be after today"),
    ):  # fmt: skip
        wrong = manager.post(f"{one}/leave", fields)
        assert wrong.status_code == 422 and said in plain(wrong), said
    assert manager.post(f"{one}/leave", {"why": "A claim of both", "review": "27 3 2030"}).status_code == 303
    assert "left until 27 March 2030. A claim of both" in plain(manager.get(one))
    assert "Nothing waits here" in plain(manager.get("/retention/several"))
    assert [each.covered for each in rows(chain, CoverDecision)] == [False]
