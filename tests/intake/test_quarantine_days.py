"""A form that waits for the family's word on keeping is called for before its day (R28, N8)."""

from datetime import timedelta
from pathlib import Path

import pytest

from intake import quarantine_days
from records.clock import fixed
from records.post.tables import Part
from records.tasks.tables import TaskRow
from tests.builders import CHILD, at, home
from tests.conftest import NOON
from tests.reviewing import Browser, arrived, confirm, rows


@pytest.mark.parametrize("policy", ["northamptonshire", "westminster"])
def test_a_form_in_quarantine_is_called_for_a_week_before_its_day_and_once(tmp_path: Path, policy: str) -> None:
    with home(tmp_path / "home", fixed(NOON), service__policy=policy) as chain:
        officer = Browser(chain)
        confirm(officer, arrived(chain)[0], store_on_database="blank")
        (part,) = rows(chain, Part)
        for days, called in ((-8, 0), (-7, 1), (-1, 1), (3, 1)):
            moment = NOON + timedelta(days=(part.ask_by - NOON.date()).days + days)
            quarantine_days.remind(at(chain, fixed(moment)))
            assert len(rows(chain, TaskRow)) == called, days
        (task,) = rows(chain, TaskRow)
        assert (task.due, task.file_id) == (part.ask_by, None)
        assert task.words.startswith("Item 1 waits on Review: ask the family by") and CHILD not in task.words
        assert "Item 1 waits on Review" in officer.get("/tasks").text
