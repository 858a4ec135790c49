"""A stocktake on the desk: what should be in a drawer, scanned or ticked, and the differences named."""

import io

import pdfplumber
import pytest
from sqlmodel import select

from records.custody.labels import code_of
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.records.desk.paper_desk import PaperDesk, Somebody, database_kind, desk, words

__all__ = ["database_kind", "desk"]  # fixtures, found by their names here


@pytest.fixture
def admin(desk: PaperDesk) -> Somebody:
    desk.papers.log(5)
    admin = desk.person(Role.ADMIN)
    for number, drawer in ((1, "2"), (2, "2"), (3, "2"), (4, "3"), (5, "2")):
        admin.step(f"/originals/{number}", "move", to="held", cabinet="1", drawer=drawer, folder="A")
    return admin


def test_missing_and_unexpected_papers_are_named_and_each_missing_one_is_an_incident(
    desk: PaperDesk, admin: Somebody
) -> None:
    begun = admin.post("/originals/stocktakes/begin", cabinet="1", drawer="2")
    assert begun.headers["location"] == "/originals/stocktakes/1"
    page = begun.headers["location"]
    with pdfplumber.open(io.BytesIO(admin.get(f"{page}/sheet").content)) as pdf:
        printed = pdf.pages[0].extract_text()
    assert all(f"O-{number}" in printed for number in (1, 2, 3, 5))
    assert "O-4" not in printed

    admin.post(f"{page}/see", label=code_of(1))
    admin.post(f"{page}/see", label="O-4")  # belongs in another drawer
    assert admin.post(f"{page}/see", label="O-99").status_code == 422
    admin.step("/originals/5", "move", to="held", cabinet="1", drawer="3", folder="A")  # properly moved meanwhile
    admin.step(page, "end", number="2")

    found = words(admin.get(page))
    missing, unexpected = (
        found[found.index("Missing") : found.index("Not expected here")],
        found[found.index("Not expected here") :],
    )
    assert "O-3" in missing
    assert not any(f"O-{number}" in missing for number in (1, 2, 5))
    assert "O-4" in unexpected
    with desk.desk.db.reading() as session:
        [task] = session.exec(select(TaskRow)).all()
    assert (task.kind, "O-3" in task.words) == ("incident", True)
    assert admin.post(f"{page}/see", label="O-3").status_code == 409


def test_one_drawer_is_counted_by_one_stocktake_at_a_time(desk: PaperDesk, admin: Somebody) -> None:
    admin.post("/originals/stocktakes/begin", cabinet="1", drawer="2")
    second = desk.person(Role.ADMIN, "Sam Sample").post("/originals/stocktakes/begin", cabinet="1", drawer="2")
    assert second.status_code == 409
    assert "Lee Sample has begun stocktake 1 of this drawer." in words(second)
    assert admin.post("/originals/stocktakes/begin", cabinet="7", drawer="7").status_code == 404


def test_a_drawer_in_which_everything_is_says_so(admin: Somebody) -> None:
    admin.post("/originals/stocktakes/begin", cabinet="1", drawer="3")
    done = admin.step("/originals/stocktakes/1", "end", number="4")
    assert "Everything is there." in words(admin.get(done.headers["location"]))


def test_a_manager_looks_and_counts_nothing(desk: PaperDesk, admin: Somebody) -> None:
    admin.post("/originals/stocktakes/begin", cabinet="1", drawer="2")
    manager = desk.person(Role.MANAGER)
    assert manager.get("/originals/stocktakes/1").status_code == 200
    assert manager.step("/originals/stocktakes/1", "end").status_code == 404
