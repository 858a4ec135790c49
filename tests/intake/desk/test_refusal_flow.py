"""A form says No to storing and its child has a file already: the No is recorded there before the form is erased (N8, W41, R31)."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx2 as httpx
import pytest

from intake.wiring import Paperchain
from records.clock import fixed
from records.consents import ledger
from records.consents.items import STORE
from records.consents.standing import ConsentState
from records.consents.tables import ConsentChange
from records.people import merging, register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.post import inbox
from records.post.tables import Part, StorageRefusal
from records.requests.tables import RequestRow
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.builders import CHILD, home
from tests.conftest import NOON
from tests.records.consents.homes import Home, open_file
from tests.reviewing import Browser, answers, arrived, confirm, errors, rows, text, typed

S = ConsentState
BORN = date(2011, 5, 14)
POLICIES = ("northamptonshire", "westminster")
ON_FILE = {STORE: S.GIVEN, "contact:health": S.GIVEN, "news:telephone": S.GIVEN, "news:post": S.GIVEN}
NO: dict[str, str | None] = {"store_on_database": "no", **typed("signed_on", date(2026, 11, 18))}


@pytest.fixture(params=POLICIES)
def chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path / "home", fixed(NOON), service__policy=request.param) as chain:
        yield chain


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def opened(chain: Paperchain, officer: UUID, born: date = BORN) -> Home:
    with chain.db.writing() as session:
        return open_file(session, NOON, ON_FILE, born=born, officer=officer)


def holds(chain: Paperchain, found: Home) -> dict[str, ConsentState]:
    with chain.db.reading() as session:
        return {item: one.state for item, one in ledger.what_holds(session, found.file.id, chain.clock.today()).items()}


def erase(who: Browser, part: UUID, **more: str) -> httpx.Response:
    page = who.get(f"/review/{part}/refused").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    return who.post(f"/review/{part}/refused", {"version": version[1], "paper": "returned"} | more)


def test_the_no_is_recorded_on_the_childs_file_before_the_form_goes(chain: Paperchain, officer: Browser) -> None:
    """A withdrawal like any other: in force at once, a decision on erasing, and for ever in the history."""
    found = opened(chain, officer.id)
    part = arrived(chain)[0]
    confirm(officer, part, **NO)
    assert "File PC-0001: Same name and date of birth" in text(officer.get(f"/review/{part}/refused"))

    undecided = erase(officer, part)
    assert errors(undecided) == ["Choose whose form this is"]
    assert holds(chain, found)[STORE] is S.GIVEN and len(rows(chain, Part)) == 1, "nothing happened yet"

    done = erase(officer, part, file="1")
    assert done.status_code == 303
    assert "The No is recorded on the file, and its officer has a task." in text(officer.get("/review"))
    now = holds(chain, found)
    assert (now[STORE], now["news:telephone"]) == (S.WITHDRAWN, S.WITHDRAWN), "each no of the form, and no yes of it"
    assert now["contact:health"] is S.GIVEN
    (change,) = rows(chain, ConsentChange)
    assert (change.told_on, change.giver_person_id, change.recorded_by) == (
        date(2026, 11, 18),
        found.carer,
        str(officer.id),
    )
    assert [one.kind for one in rows(chain, RequestRow)] == ["erasure"], "R31: whether the file is erased is decided"
    assert "withdrawal_taken" in {task.kind for task in rows(chain, TaskRow)}, "the family gets a confirmation"
    assert not rows(chain, Part) and len(rows(chain, StorageRefusal)) == 1, "and nothing of the form is kept (R28)"


def test_whoever_comes_second_is_told_before_they_choose_that_a_colleague_has_the_form_open(
    chain: Paperchain, officer: Browser
) -> None:
    """They filled in the page that erases, and only then read that nothing was done."""
    part = arrived(chain)[0]
    confirm(officer, part, **NO)
    second = Browser(chain, name="Olive Sample")
    words = "Lee has this form open. It cannot be erased until they have finished or left it"
    assert words in text(second.get(f"/review/{part}/refused"))
    assert words not in text(officer.get(f"/review/{part}/refused"))
    assert erase(second, part).status_code == 409 and len(rows(chain, Part)) == 1
    assert erase(officer, part).status_code == 303


def test_a_no_from_before_a_later_yes_is_history_and_the_family_is_asked(chain: Paperchain, officer: Browser) -> None:
    """R26: the latest day holds, whichever paper came first."""
    found = opened(chain, officer.id)
    part = arrived(chain)[0]
    confirm(officer, part, **NO | typed("signed_on", date(2026, 2, 1)))
    assert erase(officer, part, file="1").status_code == 303
    assert holds(chain, found)[STORE] is S.GIVEN
    assert "Ask the family: an answer is missing or unclear." in officer.get("/tasks").text


def test_another_child_of_the_same_name_keeps_what_their_family_said(chain: Paperchain, officer: Browser) -> None:
    found = opened(chain, officer.id)
    part = arrived(chain)[0]
    confirm(officer, part, **NO)
    assert erase(officer, part, file="new").status_code == 303
    assert holds(chain, found) == ON_FILE
    assert not rows(chain, ConsentChange) and not rows(chain, Part)


def test_a_child_without_a_file_is_erased_and_one_line_stays(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    confirm(officer, part, **NO)
    assert "No file that you may open fits" in text(officer.get(f"/review/{part}/refused"))
    assert erase(officer, part).status_code == 303
    assert not rows(chain, ChildFile) and not rows(chain, ConsentChange) and len(rows(chain, StorageRefusal)) == 1


def test_on_a_joined_file_the_no_stands_on_the_one_that_is_kept(chain: Paperchain, officer: Browser) -> None:
    found = opened(chain, officer.id)
    with chain.db.writing() as session:
        other = register.open_file(
            session,
            officer_id=officer.id,
            child_name=CHILD,
            actor="x",
            at=NOON,
            number=inbox.next_number(session, "file"),
        )
        register.add_birth_date(session, other, BirthDate.on(BORN), part_id=None, actor="x", at=NOON)
        session.flush()
        taken = register.get(session, found.file.id)
        merging.merge(session, other, taken, why="one child", by=str(officer.id), at=NOON)
    part = arrived(chain)[0]
    confirm(officer, part, **NO)
    assert erase(officer, part, file="2").status_code == 303
    assert holds(chain, found)[STORE] is S.WITHDRAWN
    assert rows(chain, ConsentChange)[0].file_id == other.id


def test_a_name_that_was_not_typed_is_asked_for_once(chain: Paperchain, officer: Browser) -> None:
    """Without it no file is found; but a form on which no name can be read must not stay for ever."""
    part = arrived(chain)[0]
    sent = answers(officer.open(part), child_name="", **NO)
    again = officer.post(f"/review/{part}", sent)
    assert errors(again) == [
        "Enter the name, so that a file about this child is found. If it cannot be read, confirm once more without it"
    ]
    assert 'name="name-looked-at" value="yes"' in again.text
    assert officer.get(f"/review/{part}/refused").status_code == 404
    assert officer.post(f"/review/{part}", sent | {"name-looked-at": "yes"}).status_code == 303
    assert erase(officer, part).status_code == 303


def test_who_signed_and_the_birth_date_are_asked_for(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    nothing: dict[str, str | None] = {f"date_of_birth-{name}": "" for name in ("day", "month", "year")}
    assert errors(confirm(officer, part, giver=None, **nothing, **NO)) == [
        "Enter the date of birth, or say that it cannot be read",
        "Choose who signed the form",
    ]


class TestAFileThatTheOfficerMayNotOpen:
    """N10: in Northamptonshire only the file's own officer sees it, and nobody else learns that it exists."""

    @pytest.fixture(params=("northamptonshire",))
    def chain(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paperchain]:
        with home(tmp_path / "home", fixed(NOON), service__policy=request.param) as chain:
            yield chain

    def test_certainly_the_childs_the_no_counts_there_and_nothing_is_told(
        self, chain: Paperchain, officer: Browser
    ) -> None:
        own = Browser(chain, Role.OFFICER, "Own")
        found = opened(chain, own.id)
        part = arrived(chain)[0]
        confirm(officer, part, **NO)
        page = text(officer.get(f"/review/{part}/refused"))
        assert "PC-0001" not in page and "No file that you may open fits" in page
        erase(officer, part)
        assert "Only a line without names remains." in text(officer.get("/review")), "the same as without a file"
        assert holds(chain, found)[STORE] is S.WITHDRAWN
        assert "A colleague recorded a withdrawal" in own.get("/tasks").text

    def test_perhaps_the_childs_its_own_officer_is_asked_and_nothing_changes(
        self, chain: Paperchain, officer: Browser
    ) -> None:
        own = Browser(chain, Role.OFFICER, "Own")
        found = opened(chain, own.id, date(2012, 5, 14))
        part = arrived(chain)[0]
        confirm(officer, part, **NO)
        erase(officer, part)
        assert holds(chain, found) == ON_FILE
        assert "A form said No to keeping, and was erased. It may be about this child." in own.get("/tasks").text
