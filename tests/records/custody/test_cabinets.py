"""How many cabinets nobody looked at in time (W48): as the list of cabinets says, and without reading papers while all were looked at."""

from datetime import timedelta
from pathlib import Path

import pytest

from records.custody import cabinets
from records.custody.moves import Custody
from records.custody.tables import LockCheck, Original
from records.db import Database
from records.documents.store import FolderStore
from tests.questions import asked
from tests.records.custody.papers import LATER, Cabinet

EVERY = 7
AGES = (None, 0, 6, 7, 8, 20)
"""Days since somebody looked; None: nobody ever has."""


@pytest.fixture
def papers(database: Database, tmp_path: Path) -> Cabinet:
    return Cabinet(database, FolderStore(tmp_path / "documents"))


def put_away(papers: Cabinet, ages: tuple[int | None, ...]) -> None:
    """For each age a cabinet with an old paper, one with a new paper, and one whose paper has gone."""
    made = papers.log(3 * len(ages))
    with papers.db.writing() as session:
        for at, one in enumerate(made):
            age, kind = ages[at // 3], ("old", "new", "gone")[at % 3]
            paper = session.get_one(Original, one.id)
            paper.cabinet, paper.state = f"{kind} {age}", Custody.RETURNED if kind == "gone" else Custody.HELD
            paper.changed_at = LATER - timedelta(days=30 if kind == "old" else 1)
            if age is not None:
                for days in (age, age + 9):
                    look = LATER - timedelta(days=days)
                    session.add(
                        LockCheck(cabinet=paper.cabinet, locked=True, out=0, checked_by="somebody", checked_at=look)
                    )


def test_as_many_are_missed_as_the_list_of_cabinets_says(papers: Cabinet) -> None:
    put_away(papers, AGES)
    with papers.db.reading() as session:
        for days in (0, 1, 6, 7, 30):
            today = LATER.date() + timedelta(days=days)
            missed = [each.name for each in cabinets.in_use(session, EVERY) if each.missed(today)]
            assert cabinets.count_missed(session, EVERY, today) == len(missed)
            if days == 0:
                assert missed == ["new 20", "new 8", "old 20", "old 8", "old None"]


def test_no_paper_is_read_while_every_cabinet_was_looked_at_in_time(papers: Cabinet) -> None:
    put_away(papers, (0, 6))
    with papers.db.reading() as session:
        for days, read in ((0, 0), (1, 0), (2, 1)):
            with asked(papers.db) as questions:
                cabinets.count_missed(session, EVERY, LATER.date() + timedelta(days=days))
            assert sum("original.changed_at" in each.statement for each in questions) == read
