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
from records.holds.kinds import Category, in_lines
from records.holds.tables import HoldRow
from records.people import register as people
from records.post.tables import Part
from records.vocabulary import Role
from tests.builders import made_on
from tests.questions import asked, brought
from tests.retaining import OFFICER, family
from tests.reviewing import Browser, text


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def hold(
    chain: Paperchain, scope: Scope, over: UUID | None, *, days: int = 100, category: Category | None = None, kind: HoldKind = HoldKind.COURT
) -> UUID:  # fmt: skip
    """Placed, with so many days until somebody looks at it again."""
    with chain.db.writing() as session:
        return holds.place(
            session, kind=kind, scope=scope, subject_id=over, category=category, authority="County court", reason="A claim.",
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


def test_files_kept_for_one_thing_are_one_row_that_opens_to_each_of_them(chain: Paperchain) -> None:
    """21 files of one claim were 21 rows, and 105 lines on a telephone, before the next matter."""
    with chain.db.writing() as session:
        files = [
            people.open_file(session, officer_id=uuid4(), child_name="Rowan Testwood", actor=OFFICER, at=chain.clock.now(), number=number).id
            for number in range(1, 25)
        ]  # fmt: skip
    claim = [hold(chain, Scope.FILE, file) for file in files[:21]]
    other = hold(chain, Scope.FILE, files[21], kind=HoldKind.FOI)
    pair = [hold(chain, Scope.FILE, file, days=101) for file in files[22:]]
    who = Browser(chain, Role.MANAGER)

    def rows(path: str = "/retention/holds") -> list[tuple[str, list[str]]]:
        """What the first cell of each row says, and the holds it leads to."""
        page = who.get(path).text
        body = page.partition("<tbody")[2].partition("</tbody>")[0]
        return [
            (words_of(cell), re.findall(r"/holds/([0-9a-f-]{36})", cell))
            for cell in (each.partition("<th")[2].partition("</th>")[0] for each in body.split("<tr ")[1:])
        ]

    def words_of(cell: str) -> str:
        return re.sub(r"<[^>]+>", "", cell.partition(">")[2].partition("</summary>")[0]).strip()

    ids = [str(one) for one in sorted(claim)]
    shown = rows()
    assert [words for words, _ in shown[:2]] == ["21 files: show each", "File PC-0022"]
    assert sorted(words for words, _ in shown[2:]) == ["File PC-0023", "File PC-0024"], "two are no lot"
    assert shown[0][1] == ids and shown[1][1] == [str(other)]
    assert {one for _, each in shown[2:] for one in each} == {str(one) for one in pair}

    page = who.get("/retention/holds").text
    assert "All holds: 24" in page and "begun or expected: 23" in page and "freedom of information request: 1" in page
    assert [each for _, each in rows("/retention/holds?kind=foi")] == [[str(other)]]
    assert "Nothing of this kind is on hold" in who.get("/retention/holds?kind=complaint").text
    assert rows("/retention/holds?kind=no-such-kind") == shown

    before = who.get(f"/retention/holds/{claim[4]}").text
    version = re.findall(r'name="version" value="(\d+)"', before)[-1]
    assert who.post(f"/retention/holds/{claim[4]}/lift", {"version": version, "why": "Settled."}).status_code == 303
    assert rows()[0] == ("20 files: show each", [one for one in ids if one != str(claim[4])])


def test_several_holds_over_one_file_are_not_told_as_several_files(chain: Paperchain) -> None:
    file = family(chain)
    for _ in range(3):
        hold(chain, Scope.FILE, file)
    assert "3 holds over 1 file" in text(Browser(chain).get("/retention/holds"))


def test_the_page_for_keeping_longer_tells_many_holds_by_why_and_leads_to_each(chain: Paperchain) -> None:
    """21 holds over one file stood there as 21 lines of text, and none led anywhere."""
    file = family(chain)
    several = [hold(chain, Scope.FILE, file, kind=HoldKind.COMPLAINT) for _ in range(20)]
    one = hold(chain, Scope.FILE, file)
    with chain.db.writing() as session:
        holds.let_run_out(session, several[0], ends_on=chain.clock.today(), by=OFFICER, at=chain.clock.now())
    manager = Browser(chain, Role.MANAGER)
    page = manager.get("/retention/files/1/keep").text
    told = text(manager.get("/retention/files/1/keep"))
    assert len(re.findall(r"A complaint, or a case with the regulator", page)) == 1
    assert "A complaint, or a case with the regulator: 20 holds, the first since 20 November 2026" in told
    assert told.count(", until 20 November 2026") == 1
    assert set(re.findall(r'href="/retention/holds/([0-9a-f-]{36})"', page)) == {str(each) for each in (*several, one)}
    assert max(page.index("A complaint"), page.index("A court case")) < page.index('name="until-day"')
    for each in (several[7], one):
        assert manager.get(f"/retention/holds/{each}").status_code == 200


def test_holds_told_in_the_same_words_are_told_once_with_how_many(chain: Paperchain) -> None:
    file = family(chain)
    made = [hold(chain, Scope.FILE, file, kind=HoldKind.FOI) for _ in range(3)] + [hold(chain, Scope.FILE, file)]
    with chain.db.reading() as session:
        lines = in_lines([register.get(session, each) for each in made])
    assert lines == (
        "A freedom of information request. On hold since 20 November 2026. 3 such holds.",
        "A court case, tribunal or claim, begun or expected. On hold since 20 November 2026.",
    )
