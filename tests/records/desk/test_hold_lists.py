"""The list of holds: every kind by its number, in no more questions for many holds than for few, and nothing unsealed that it does not show."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from intake.wiring import Paperchain
from records import holds
from records.clock import Clock
from records.custody.tables import Original
from records.db import Database
from records.documents.tables import Document
from records.holds import HoldKind, Scope, register
from records.holds.kinds import Category
from records.holds.tables import HoldRow
from records.people import register as people
from records.post.tables import Part
from tests.builders import made_on
from tests.questions import asked, brought
from tests.retaining import OFFICER, family
from tests.reviewing import Browser, text


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def hold(
    chain: Paperchain, scope: Scope, over: UUID | None, *, days: int = 100, category: Category | None = None
) -> UUID:
    """Placed, with so many days until somebody looks at it again."""
    with chain.db.writing() as session:
        return holds.place(
            session, kind=HoldKind.COURT, scope=scope, subject_id=over, category=category, authority="County court", reason="A claim.",
            review_on=chain.clock.today() + timedelta(days=days), by=OFFICER, at=chain.clock.now(),
        ).id  # fmt: skip


def test_every_kind_of_hold_says_what_it_is_over(chain: Paperchain) -> None:
    file = family(chain)
    with chain.db.reading() as session:
        child = people.people(session, people.get(session, file))[0].id
        paper = session.exec(select(Original).where(Original.file_id == file)).one()
        part = session.exec(select(Part.item_id).where(Part.file_id == file)).one()
        document = session.exec(select(Document.id).where(Document.file_id == file)).first()
    over = [
        (Scope.FILE, file, "File PC-0001"), (Scope.PERSON, child, "One person on file PC-0001"), (Scope.ITEM, part, "Item 1"),
        (Scope.ORIGINAL, paper.id, f"Paper O-{paper.number}"), (Scope.DOCUMENT, document, "One document of file PC-0001"),
    ]  # fmt: skip
    made = [hold(chain, scope, subject, days=at) for at, (scope, subject, _) in enumerate(over, start=1)]
    hold(chain, Scope.CATEGORY, None, days=8, category=Category.LETTERS)
    hold(chain, Scope.EVERYTHING, None, days=9)

    who = Browser(chain)
    page = who.get("/retention/holds").text
    shown = re.findall(r'href="/retention/holds/[0-9a-f-]{36}">([^<]+)<', page)
    assert shown == [*(words for _, _, words in over), "Every letter and report", "Everything"]

    with chain.db.writing() as session:
        for one in made[2:4]:
            session.get_one(HoldRow, one).subject_id = uuid4()  # as when what it was over is gone
        holds.release(session, made[0], why="Settled.", by=OFFICER, at=chain.clock.now())
    page = text(who.get("/retention/holds"))
    assert "An item that is not there any more" in page and "A paper that is not there any more" in page
    assert "File PC-0001" in page.partition("Lifted")[2], "among those that were lifted"


def test_a_late_page_of_holds_costs_what_the_first_does_and_nothing_is_unsealed(chain: Paperchain) -> None:
    with chain.db.writing() as session:
        at = chain.clock.now()
        files = [
            people.open_file(session, officer_id=uuid4(), child_name="Rowan Testwood", actor=OFFICER, at=at, number=number).id
            for number in range(1, 4)
        ]  # fmt: skip
    who = Browser(chain)

    def page(at: int) -> tuple[list[str], int, int]:
        with asked(chain.db) as all_asked:
            found = who.get(f"/retention/holds?page={at}").text
        questions = [
            each
            for each in all_asked
            if re.search(r"FROM (hold|child_file|item|original|wrapped_key)\b", each.statement)
        ]
        assert not [each for each in questions if "wrapped_key" in each.statement]
        return (
            re.findall(r'href="/retention/holds/([0-9a-f-]{36})"', found),
            len(questions),
            brought(chain.db, questions),
        )

    made = [str(hold(chain, Scope.FILE, file, days=at)) for at, file in enumerate(files, start=1)]
    few = page(1)
    assert few[0] == made
    made += [str(hold(chain, Scope.FILE, files[at % 3], days=at)) for at in range(4, 151)]
    first, last = page(1), page(3)
    assert (first[0], last[0]) == (made[:50], made[100:])
    assert first[1:] == last[1:] and first[1] == few[1] and first[2] == few[2] + 47
    with chain.db.reading() as session:
        assert [str(each.id) for each in register.standing(session, 20, 95)] == made[95:115]
