"""W25 on the desk: the register of staff and volunteers, and what is overdue on it on Today."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import fixed
from records.policies import book
from records.policies.periods import add_months
from records.staff import accounts
from records.staff.tables import StaffEntry
from records.vocabulary import Role
from tests.builders import at, home
from tests.conftest import NOON
from tests.records.desk.file_desk import chain
from tests.reviewing import Browser

__all__ = ["chain"]  # fixtures, found by their names here

HERE = "/settings/register"
DAY = {"on": str(NOON.day), "on-month": str(NOON.month), "on-year": str(NOON.year)}
LINE = "with something missing or overdue on the register"
SOON = "person on the staff with something due again within 28 days"


@pytest.fixture
def manager(chain: Paperchain) -> Browser:
    return Browser(chain, Role.MANAGER, "Pat Example")


def enter(manager: Browser, who: object, kind: str, **more: str) -> None:
    assert manager.post(HERE, {"who": str(who), "kind": kind, **DAY, **more}).status_code == 303


def test_what_is_missing_is_on_today_until_it_is_entered(manager: Browser) -> None:
    assert LINE in manager.get("/").text
    page = manager.get(HERE).text
    assert "Confidentiality training: Nothing is entered" in page and "is not given yet" in page
    enter(manager, manager.id, "confidentiality_training", words="Two hours, by the council")
    enter(manager, manager.id, "policy_copy")
    assert "given on 20 November 2026, not yet read" in manager.get(HERE).text
    enter(manager, manager.id, "policy_copy_read")
    enter(manager, manager.id, "ict_policy_and_standards")
    page = manager.get(HERE).text
    assert "Missing" not in page and "Two hours, by the council" in page
    assert LINE not in manager.get("/").text


def test_a_manager_alone_is_told_that_nobody_can_confirm_forms(chain: Paperchain, manager: Browser) -> None:
    missing = "account is missing: until there is an officer, nobody can confirm forms"
    assert missing in manager.get("/").text
    officer = Browser(chain, Role.OFFICER, "Lee Example")
    assert missing not in manager.get("/").text and missing not in officer.get("/").text
    with chain.db.writing() as session:
        accounts.disable(session, officer.id, actor=manager.id, clock=chain.clock)
    assert missing in manager.get("/").text


def test_a_copy_given_before_the_policy_changed_is_of_the_version_of_then(chain: Paperchain, manager: Browser) -> None:
    """Who read last year's policy has not read what holds today."""
    begins = NOON.date() + timedelta(days=1)
    with chain.db.writing() as session:
        book.record(
            session, chain.book.versions, code="S9", value=14, begins=begins, reason="Our own age to ask at", seen=0,
            actor=str(manager.id), at=NOON, today=NOON.date(),
        )  # fmt: skip
    later = at(chain, fixed(NOON + timedelta(days=3)))
    kim = Browser(later, Role.MANAGER, "Kim Example")
    enter(kim, kim.id, "policy_copy_read")  # on the day before the change
    page = kim.get(HERE).text
    assert "Copy of the policy given, version 1, and read" in page
    assert page.count(f"Version {later.policy().version} is not given yet") == 2
    assert f"Version 1 read on 20 November 2026. Version {later.policy().version} is not given yet" in page
    assert LINE in kim.get("/").text
    enter(kim, kim.id, "policy_copy_read", on="23")
    assert f"Version {later.policy().version} read on 23 November 2026" in kim.get(HERE).text


@pytest.mark.parametrize(("days", "soon"), [(20, True), (28, True), (29, False)])
def test_a_check_that_is_looked_at_again_in_some_days_is_on_today_before_it_is_overdue(
    tmp_path: Path, days: int, soon: bool
) -> None:
    """N7, S19: the other service keeps DBS checks, and the words on Today say nothing of training."""
    with home(tmp_path / "home", fixed(NOON), service__policy="northamptonshire") as north:
        manager = Browser(north, Role.MANAGER, "Pat Example")
        assert LINE in manager.get("/").text
        assert "training" not in manager.get("/").text
        checked = add_months(NOON.date(), -36) + timedelta(days=days)
        when = {"on": str(checked.day), "on-month": str(checked.month), "on-year": str(checked.year)}
        assert manager.post(HERE, {"who": str(manager.id), "kind": "dbs", **when}).status_code == 303
        today = manager.get("/").text
        assert LINE not in today
        assert (SOON in re.sub(r"<[^>]+>", "", today)) is soon


def test_training_long_ago_is_overdue(manager: Browser) -> None:
    enter(manager, manager.id, "confidentiality_training", **{"on-year": "2020"})
    assert 'again by 20 November 2021 <strong class="pc-tag pc-tag--no">Overdue' in re.sub(
        r"\s+", " ", manager.get(HERE).text
    )


def test_a_volunteer_is_added_counted_and_leaves_and_what_was_entered_stays(
    chain: Paperchain, manager: Browser
) -> None:
    assert manager.post(f"{HERE}/add", {"name": "Kim Invented", "as": "volunteer"}).status_code == 303
    page = manager.get(HERE).text
    assert "Kim Invented" in page and "Volunteer" in page
    kim = re.findall(rf"{HERE}/([0-9a-f-]{{36}})/left", page)[0]
    enter(manager, kim, "confidentiality_training")
    assert f'action="{HERE}/{kim}/left"' not in page, "one press on the list takes nobody off it"
    asked = manager.get(f"{HERE}/{kim}/left").text
    places = [
        asked.index(words)
        for words in ("Kim Invented", "<dd>1</dd>", "This cannot be undone", f'action="{HERE}/{kim}/left"')
    ]
    assert places == sorted(places)
    assert "Kim Invented" in manager.get(HERE).text, "looking at the page that asks does nothing"
    assert manager.post(f"{HERE}/{kim}/left", {}).status_code == 303
    assert manager.post(f"{HERE}/{kim}/left", {}).status_code == 409
    assert manager.get(f"{HERE}/{kim}/left").status_code == 409
    assert manager.get(f"{HERE}/{manager.id}/left").status_code == 404, (
        "whoever has an account leaves by having it disabled"
    )
    assert "Kim Invented" not in manager.get(HERE).text
    with chain.db.reading() as session:
        assert sorted(row.kind for row in session.exec(select(StaffEntry))) == ["confidentiality_training", "left"]
        assert not any("Kim" in str(entry.detail) for entry in session.exec(select(AuditEntry)))


def test_one_press_is_one_entry_and_what_is_wrong_is_said_at_its_field(chain: Paperchain, manager: Browser) -> None:
    key = re.findall(r'name="key" value="([0-9a-f-]+)"', manager.get(HERE).text)[0]
    for _ in range(2):
        enter(manager, manager.id, "dbs", key=key)
    with chain.db.reading() as session:
        assert len(session.exec(select(StaffEntry)).all()) == 1
    wrong = manager.post(HERE, {"who": "nobody", "kind": "odd", "words": "Kept words", **DAY, "on-year": "2099"})
    assert wrong.status_code == 422
    for words in ("Choose who it is about", "Choose what is entered", "must not be in the future", "Kept words"):
        assert words in html.unescape(wrong.text)
    assert "Enter their name" in manager.post(f"{HERE}/add", {"as": "staff"}).text


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMIN])
def test_the_register_is_the_managers(chain: Paperchain, role: Role) -> None:
    assert Browser(chain, role).get(HERE).status_code == 404
