"""A withdrawal at the counter or on the telephone, taken by somebody who may not open the file (W41, R29, R30)."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from sqlmodel import select

from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import fixed
from records.consents import changes, ledger
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.items import STORE, WORDS
from records.consents.standing import ConsentState, Route
from records.consents.tables import ConsentChange
from records.desk.withdrawal_pages import SECTIONS
from records.people import merging
from records.people.tables import ChildFile
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.builders import home
from tests.conftest import NOON
from tests.records.consents.homes import CARER, CHILD, Home, open_file
from tests.reviewing import Browser, rows, text

S = ConsentState
ANSWERS = {STORE: S.GIVEN, "contact:health": S.GIVEN, "news:email": S.GIVEN}
BY_NAME = {"name": CHILD, "born-day": "14", "born-month": "5", "born-year": "2015"}
NO = {"who": "parent_or_carer", "called": CARER, "how": "telephone", "day": "20", "month": "11", "year": "2026",
      "no-contact:health": "yes"}  # fmt: skip


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Paperchain]:
    """Northamptonshire: only the file's own officer sees it (N10)."""
    with home(tmp_path / "home", fixed(NOON), service__policy="northamptonshire") as chain:
        yield chain


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain, Role.OFFICER, "Own")


@pytest.fixture
def found(chain: Paperchain, officer: Browser) -> Home:
    with chain.db.writing() as session:
        return open_file(session, NOON, ANSWERS, officer=officer.id)


def holds(chain: Paperchain, found: Home) -> dict[str, ConsentState]:
    with chain.db.reading() as session:
        return {item: one.state for item, one in ledger.what_holds(session, found.file.id, chain.clock.today()).items()}


def send(by: Browser, **fields: str) -> httpx.Response:
    return by.post("/withdrawals/new", {"key": str(uuid4())} | fields)


@pytest.mark.parametrize("role", Role)
def test_anybody_on_the_staff_records_one_in_two_steps_and_is_shown_nothing(
    chain: Paperchain, officer: Browser, found: Home, role: Role
) -> None:
    other = Browser(chain, role, "Other")
    assert other.get(f"/files/{found.file.number}").status_code == 404
    assert 'href="/withdrawals/new"' in other.get("/").text, "one step from any page"
    answer = send(other, **BY_NAME, **NO)
    assert answer.status_code == 303
    after = text(other.get(answer.headers["location"]))
    assert "recorded and in force" in after
    assert not any(word in after for word in (CHILD, CARER, f"PC-{found.file.number:04d}", "2015"))
    assert holds(chain, found)["contact:health"] is S.WITHDRAWN
    assert holds(chain, found)["news:email"] is S.GIVEN
    assert "A colleague recorded a withdrawal" in officer.get("/tasks").text
    change = rows(chain, ConsentChange)[0]
    assert change.giver_person_id == found.carer and change.recorded_by == str(other.id)


def test_by_file_number_and_everything_opens_the_decision_on_erasing(chain: Paperchain, found: Home) -> None:
    admin = Browser(chain, Role.ADMIN, "Counter")
    alone = send(admin, file=f"pc-{found.file.number}", **NO, **{"no-everything": "yes"})
    assert alone.status_code == 422 and "so that a mistyped number is noticed" in text(alone)
    assert set(holds(chain, found).values()) != {S.WITHDRAWN}
    assert send(admin, file=f"pc-{found.file.number}", name=CHILD, **NO, **{"no-everything": "yes"}).status_code == 303
    now = holds(chain, found)
    assert {now[item] for item in ANSWERS} == {S.WITHDRAWN}
    assert {state for item, state in now.items() if item not in ANSWERS} == {S.REFUSED}, (
        "never asked, and no all the same"
    )
    assert {"withdrawal_taken"} < {task.kind for task in rows(chain, TaskRow)}


def test_a_number_and_a_name_must_fit_together(chain: Paperchain, found: Home) -> None:
    admin, number = Browser(chain, Role.ADMIN, "Counter"), f"PC-{found.file.number:04d}"
    for wrong in ({"name": "Somebody Else"}, BY_NAME | {"born-year": "2014"}):
        answer = send(admin, file=number, **wrong, **NO)
        assert answer.status_code == 422 and "No file fits all that you typed" in text(answer)
    assert not rows(chain, ConsentChange)
    assert send(admin, file=number, name=CHILD.upper(), **NO).status_code == 303


def test_a_guess_finds_nothing_and_leaves_a_trace(chain: Paperchain, found: Home) -> None:
    """Exact name and birth date only: near ones are no file; what was typed is kept on the page, not in the audit."""
    admin = Browser(chain, Role.ADMIN, "Counter")
    for name, year in (("Rowan", "2015"), ("Rowen Testwood", "2015"), (CHILD, "2014")):
        answer = send(admin, **BY_NAME | {"name": name, "born-year": year}, **NO)
        assert answer.status_code == 422 and f'value="{name}"' in answer.text
    with chain.db.reading() as session:
        acts = session.exec(select(AuditEntry).where(AuditEntry.act == "withdrawal_not_matched")).all()
        assert len(acts) == 3 and all(entry.subject_id == str(admin.id) for entry in acts)
    assert not rows(chain, ConsentChange)


def test_two_children_of_one_name_and_birthday_are_told_apart_by_number(chain: Paperchain, found: Home) -> None:
    with chain.db.writing() as session:
        open_file(session, NOON, ANSWERS)
    admin = Browser(chain, Role.ADMIN, "Counter")
    answer = send(admin, **BY_NAME, **NO)
    assert answer.status_code == 422 and "More than one file" in text(answer)
    assert not rows(chain, ConsentChange)


def test_a_no_of_a_day_before_the_yes_in_force_is_not_called_in_force(chain: Paperchain, found: Home) -> None:
    admin = Browser(chain, Role.ADMIN, "Counter")
    answer = send(admin, **BY_NAME, **NO | {"day": "1", "month": "2"})
    assert answer.status_code == 422 and "enter today" in text(answer)
    assert not rows(chain, ConsentChange)
    with chain.db.reading() as session:  # nobody learns unseen that there is a file, and a yes on it
        entry = session.exec(select(AuditEntry).where(AuditEntry.act == "withdrawal_too_early")).one()
        assert (entry.actor, entry.subject_kind) == (str(admin.id), "file")
        assert session.get(ChildFile, UUID(entry.subject_id)) is not None


def test_pressed_twice_counts_once(chain: Paperchain, found: Home) -> None:
    admin, key = Browser(chain, Role.ADMIN, "Counter"), str(uuid4())
    for _ in range(2):
        assert send(admin, **BY_NAME, **NO, key=key).status_code == 303
    assert len(rows(chain, ConsentChange)) == 1
    assert len([task for task in rows(chain, TaskRow) if task.kind == "withdrawal_taken"]) == 1


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Paperchain, Browser]]:
    """A home in which nothing is kept while what is wrong is tried, and somebody at its counter."""
    with home(tmp_path_factory.mktemp("quiet"), fixed(NOON), service__policy="northamptonshire") as chain:
        with chain.db.writing() as session:
            open_file(session, NOON, ANSWERS)
        yield chain, Browser(chain, Role.ADMIN, "Counter")


@pytest.mark.parametrize(("sent", "field"), [
    pytest.param({"file": "about 12"}, "file", id="no number"),
    pytest.param({"file": "PC-999999999"}, "file", id="no such file"),
    pytest.param({"born-day": "31", "born-month": "2"}, "born", id="impossible birth date"),
    pytest.param({"born-year": "2031"}, "born", id="born in the future"),
    pytest.param({"born-day": "20", "born-month": "11", "born-year": "2026"}, "born", id="born today"),
    pytest.param({"day": "21"}, "day", id="told tomorrow"),
    pytest.param({"year": "2014"}, "day", id="told before birth"),
    pytest.param({"called": ""}, "called", id="nobody told us"),
    pytest.param({"who": "council"}, "who", id="no such giver"),
    pytest.param({"no-contact:health": ""}, "items", id="nothing changes"),
    pytest.param({"note": "long " * 4000}, "note", id="20,000 characters"),
    pytest.param({"name": "Rowan\u202eTestwood"}, "name", id="direction mark"),
    pytest.param({"called": "Morgan\x00"}, "called", id="control character"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_kept(
    quiet: tuple[Paperchain, Browser], sent: dict[str, str], field: str
) -> None:
    chain, counter = quiet
    answer = send(counter, **BY_NAME | NO | {"note": "Rang twice"} | sent)
    assert answer.status_code == 422
    targets = re.findall(r'<li><a href="#([^"]+)">', answer.text)
    assert targets == [field] and f'id="{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert CARER in answer.text or "called" in sent
    assert not rows(chain, ConsentChange)


def test_every_item_can_be_said_no_to() -> None:
    assert {item for _, asked in SECTIONS for item, _ in asked} == set(WORDS)


@pytest.mark.parametrize("policy", ["northamptonshire", "westminster"])
def test_what_a_young_person_agreed_to_themselves_is_not_said_to_be_stopped_by_somebody_else(
    tmp_path: Path, policy: str
) -> None:
    """R16, R20, R27: at 16 their own word holds. An officer asks them, and nobody is promised what is not so."""
    with home(tmp_path / "own", fixed(NOON), service__policy=policy) as chain:
        officer = Browser(chain, Role.OFFICER, "Own")
        with chain.db.writing() as session:
            found = open_file(session, NOON, {"news:email": S.GIVEN}, born=date(2010, 5, 14), officer=officer.id)
            yes = Told(
                {"contact:health": True}, Giver.YOUNG_PERSON, found.child, Route.LETTER, date(2026, 11, 2), uuid4()
            )
            changes.record(session, found.file, yes, actor="x", at=NOON, policy=chain.policy())
        whose = BY_NAME | {"born-year": "2010"}
        answer = send(Browser(chain, Role.ADMIN, "Counter"), **whose, **NO)
        assert answer.status_code == 303, text(answer)
        admin = Browser(chain, Role.ADMIN, "Other")
        told = text(admin.get(send(admin, **whose, **NO).headers["location"]))
        assert "The file’s officer decides what of it counts" in told and "in force" not in told
        assert holds(chain, found)["contact:health"] is S.GIVEN
        assert "Somebody said no to what the young person agreed to themselves." in text(officer.get("/tasks"))

        own = send(admin, **whose, **NO | {"who": "young_person", "called": CHILD})
        assert "recorded and in force" in text(admin.get(own.headers["location"]))
        assert holds(chain, found)["contact:health"] is S.WITHDRAWN


def test_a_change_on_a_file_that_was_joined_to_another_is_seen_and_confirmed_on_the_one_that_is_kept(
    tmp_path: Path,
) -> None:
    """G2, W41: what the family told us does not get lost with the number of its file."""
    with home(tmp_path / "own", fixed(NOON), service__policy="westminster") as chain:
        officer = Browser(chain, Role.OFFICER, "Own")
        with chain.db.writing() as session:
            taken = open_file(session, NOON, ANSWERS, officer=officer.id)
            no = Told(
                {"contact:health": False},
                Giver.PARENT_OR_CARER,
                taken.carer,
                Route.LETTER,
                date(2026, 11, 2),
                uuid4(),
                note="By letter.",
            )
            change = changes.record(
                session, taken.file, no, actor=str(officer.id), at=NOON, policy=chain.policy()
            ).change_id
            kept = open_file(session, NOON, ANSWERS, officer=officer.id)
            merging.merge(session, kept.file, taken.file, why="One child", by=str(officer.id), at=NOON)
        page = officer.get(f"/files/2/changes/{change}")
        assert page.status_code == 200 and "By letter." in text(page)
        assert str(change) in officer.get("/files/2/letters").text, "its confirmation is offered"
        letter = officer.post("/files/2/letters", {"kind": "change", "for": str(change)})
        assert letter.headers["content-type"] == "application/pdf", text(letter)
        with chain.db.writing() as session:
            other = open_file(session, NOON, ANSWERS, officer=officer.id)
        assert officer.get(f"/files/{other.file.number}/changes/{change}").status_code == 404
