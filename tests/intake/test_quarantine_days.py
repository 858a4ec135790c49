"""A form that waits for the family's word on keeping is called for before its day (R28, N8)."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from intake import quarantine_days
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.cases.telling import TELL_FAMILY
from records.clock import fixed
from records.documents.tables import Document
from records.people.tables import ChildFile
from records.post.tables import Part, StorageRefusal
from records.retention.tables import Destroyed
from records.tasks.tables import TaskRow
from tests.builders import CHILD, at, home
from tests.conftest import NOON
from tests.reviewing import Browser, arrived, confirm, rows, text


def on_day(chain: Paperchain, part: Part, days: int) -> Paperchain:
    """The home so many days after the form's day to ask."""
    assert part.ask_by is not None
    return at(chain, fixed(NOON + timedelta(days=(part.ask_by - NOON.date()).days + days)))


def still(chain: Paperchain) -> list[tuple[str, date]]:
    """What is open, but for the task that every new file has."""
    return sorted(
        (task.kind, task.due) for task in rows(chain, TaskRow) if task.closed_at is None and task.kind != TELL_FAMILY
    )


@pytest.mark.parametrize("policy", ["northamptonshire", "westminster"])
def test_a_form_in_quarantine_is_called_for_a_week_before_its_day_and_once(tmp_path: Path, policy: str) -> None:
    with home(tmp_path / "home", fixed(NOON), service__policy=policy) as chain:
        officer = Browser(chain)
        confirm(officer, arrived(chain)[0], store_on_database="blank")
        (part,) = rows(chain, Part)
        for days, called in ((-8, 0), (-7, 1), (-1, 1)):
            quarantine_days.remind(on_day(chain, part, days))
            assert len(rows(chain, TaskRow)) == called, days
        (task,) = rows(chain, TaskRow)
        assert (task.due, task.file_id) == (part.ask_by, None)
        assert task.words.startswith("Item 1 waits on Review: ask the family by") and CHILD not in task.words
        assert "Item 1 waits on Review" in officer.get("/tasks").text


def test_on_its_day_a_person_decides_and_may_erase_it_where_no_answer_came(tmp_path: Path) -> None:
    with home(tmp_path / "home", fixed(NOON)) as chain:
        officer = Browser(chain)
        (form,) = arrived(chain)
        confirm(officer, form, store_on_database="blank")
        (part,) = rows(chain, Part)
        quarantine_days.remind(on_day(chain, part, -1))
        assert officer.get(f"/review/{form}/refused").status_code == 404, "a day is left"
        then = on_day(chain, part, 0)
        for _ in range(2):
            quarantine_days.remind(then)
        assert still(chain) == [("erase_form", part.ask_by)], "the task to ask went, the one to decide came"
        late = Browser(then, name="Late")
        assert "No answer came: erase it" in late.get("/review").text
        page = text(late.get(f"/review/{form}/refused"))
        assert "No answer came" in page and "No to keeping" not in page and CHILD not in page
        version = str(rows(chain, Part)[0].version)
        assert late.post(f"/review/{form}/refused", {"paper": "returned", "version": "0"}).status_code == 409
        assert late.post(f"/review/{form}/refused", {"paper": "returned", "version": version}).status_code == 303
        assert rows(chain, Part) == [] == rows(chain, Document)
        [line], [entry] = rows(chain, StorageRefusal), rows(chain, Destroyed)
        assert (line.pages, entry.rule) == (1, "R28")
        [said] = [each.detail for each in rows(chain, AuditEntry) if each.act == "storage_refused"]
        assert "unanswered" in said
        quarantine_days.remind(then)
        assert still(chain) == [], "nothing is left to decide"


def test_a_form_answered_after_its_day_is_kept(tmp_path: Path) -> None:
    with home(tmp_path / "home", fixed(NOON)) as chain:
        (form,) = arrived(chain)
        confirm(Browser(chain), form, store_on_database="blank")
        then = on_day(chain, rows(chain, Part)[0], 2)
        quarantine_days.remind(then)
        assert confirm(Browser(then, name="Late"), form, store_on_database="yes").status_code == 303
        quarantine_days.remind(then)
        assert still(chain) == [] and rows(chain, ChildFile)


def test_while_the_clock_is_in_doubt_no_day_has_come(tmp_path: Path) -> None:
    with home(tmp_path / "home", fixed(NOON)) as chain:
        (form,) = arrived(chain)
        confirm(Browser(chain), form, store_on_database="blank")
        wrong = at(chain, fixed(NOON.replace(year=2070)))
        assert Browser(wrong, name="Late").get(f"/review/{form}/refused").status_code == 404


def test_a_form_that_says_no_is_called_for_within_its_working_days_and_then_a_manager_hears(tmp_path: Path) -> None:
    """R28: two working days by the policy; NOON is a Friday."""
    with home(tmp_path / "home", fixed(NOON)) as chain:
        officer = Browser(chain)
        (form,) = arrived(chain)
        confirm(officer, form, store_on_database="no")
        assert rows(chain, StorageRefusal) == [], "the officer went home without erasing it"
        day = date(2026, 11, 24)
        for days, wanted in (
            (0, ["erase_form"]),
            (4, ["erase_form"]),
            (5, ["erase_form", "form_left"]),
            (9, ["erase_form", "form_left"]),
        ):
            quarantine_days.remind(at(chain, fixed(NOON + timedelta(days=days))))
            assert still(chain) == [(kind, day) for kind in wanted], days
        [own, managers] = sorted(rows(chain, TaskRow), key=lambda task: task.kind)
        assert (own.for_officer, managers.for_officer, CHILD in own.words + managers.words) == (officer.id, None, False)
        assert (
            officer.post(
                f"/review/{form}/refused", {"paper": "returned", "version": str(rows(chain, Part)[0].version)}
            ).status_code
            == 303
        )
        quarantine_days.remind(chain)
        assert still(chain) == []
