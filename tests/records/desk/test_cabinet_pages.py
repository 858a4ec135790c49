"""W48, W49: who holds the keys of a cabinet, and a look in time whether it is locked. A missed look is on the list."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from records.audit.tables import AuditEntry
from records.custody import cabinets
from records.custody.tables import CabinetKey
from records.db import Database
from records.vocabulary import Role
from tests.records.desk.paper_desk import PaperDesk, Somebody, database_kind, desk, paper_desk, words

__all__ = ["database_kind", "desk"]  # fixtures, found by their names here

HERE = "/originals/cabinets"


@pytest.fixture
def admin(desk: PaperDesk) -> Somebody:
    desk.papers.log(3)
    admin = desk.person(Role.ADMIN)
    for number, cabinet in ((1, "1"), (2, "1"), (3, "Red box")):
        admin.step(f"/originals/{number}", "move", to="held", cabinet=cabinet, drawer="2", folder="A")
    return admin


def missed(desk: PaperDesk, days: int) -> list[str]:
    """Cabinets that nobody has looked at in time, so many days later."""
    today = desk.desk.clock.today() + timedelta(days=days)
    with desk.desk.db.reading() as session:
        every = desk.desk.policy().periods.lock_check_days
        found = cabinets.in_use(session, every)
        assert cabinets.count_missed(session, every, today) == sum(each.missed(today) for each in found)
    return [each.name for each in found if each.missed(today)]


def test_a_missed_look_is_on_the_list_and_a_look_takes_it_off(desk: PaperDesk, admin: Somebody) -> None:
    assert missed(desk, 7) == []
    assert missed(desk, 8) == ["1", "Red box"]
    back = desk.desk.clock.today() + timedelta(days=5)
    admin.step(
        "/originals/2", "move", to="out", **{"due-day": back.day, "due-month": back.month, "due-year": back.year}
    )
    answer = admin.post(f"{HERE}/check", cabinet="1", found="locked")
    assert answer.status_code == 303
    with desk.desk.db.writing() as session:  # as if it had been found a week later
        [look] = cabinets.checks(session)
        assert (look.cabinet, look.locked, look.out) == ("1", True, 1)
        look.checked_at += timedelta(days=7)
        session.add(look)
    assert missed(desk, 8) == ["Red box"]
    assert missed(desk, 15) == ["1", "Red box"]


def test_an_open_cabinet_is_recorded_as_open_and_says_what_to_do(desk: PaperDesk, admin: Somebody) -> None:
    answer = admin.post(f"{HERE}/check", cabinet="Red box", found="open")
    assert "record a breach or loss" in words(admin.get(answer.headers["location"]))
    page = words(admin.get(HERE))
    assert "Found open" in page
    with desk.desk.db.reading() as session:
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.act == "lock_checked")).all()
    assert '"locked":"no"' in entry.detail.replace(" ", "")


@pytest.mark.parametrize("found", ["", "perhaps"])
def test_nothing_is_recorded_before_it_is_said_how_it_was(desk: PaperDesk, admin: Somebody, found: str) -> None:
    answer = admin.post(f"{HERE}/check", cabinet="Red box", found=found)
    assert answer.status_code == 422
    assert 'href="#found-2"' in answer.text
    assert "Choose what you found" in words(answer)
    assert missed(desk, 8) == ["1", "Red box"]


def test_keys_are_given_once_and_given_back_once(desk: PaperDesk, admin: Somebody) -> None:
    lee = desk.person(Role.OFFICER, "Ash Holder")
    assert admin.post(f"{HERE}/give", cabinet="1", account=str(lee.id)).status_code == 303
    assert admin.post(f"{HERE}/give", cabinet="1", account=str(lee.id)).status_code == 409
    assert "Ash Holder, since" in words(admin.get(HERE))
    with desk.desk.db.reading() as session:
        [key] = session.exec(select(CabinetKey)).all()
    assert admin.post(f"{HERE}/keys/{key.id}/back").status_code == 303
    assert admin.post(f"{HERE}/keys/{key.id}/back").status_code == 409
    assert admin.post(f"{HERE}/give", cabinet="1", account=str(lee.id)).status_code == 303
    with desk.desk.db.reading() as session:
        assert len(session.exec(select(CabinetKey)).all()) == 2  # who held one before stays known


def test_no_key_goes_to_nobody_and_no_look_at_a_cabinet_that_is_not_there(desk: PaperDesk, admin: Somebody) -> None:
    assert "Choose who has the key" in words(admin.post(f"{HERE}/give", cabinet="1", account="somebody"))
    assert admin.post(f"{HERE}/check", cabinet="Blue box", found="locked").status_code == 404
    assert desk.person(Role.MANAGER).post(f"{HERE}/check", cabinet="1", found="locked").status_code == 404
    assert desk.person(Role.MANAGER).get(HERE).status_code == 200


def test_without_papers_there_is_nothing_to_lock(database: Database, tmp_path: Path) -> None:
    page = words(paper_desk(database, tmp_path).person(Role.ADMIN).get(HERE))
    assert "No cabinet holds papers yet." in page
