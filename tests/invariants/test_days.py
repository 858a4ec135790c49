"""A day is a day in London (R12): an instant is never cut to its date in UTC, which in summer is yesterday's until one in the morning."""

import re
from datetime import UTC, date, datetime

from records.clock import day_of
from tests.invariants.source import modules

CUT = re.compile(r"\b(?:\w*_at|at|now|moment|before|now\(\))\.date\(\)")
IN_UTC = {"records.retention.clock_guard"}
"""Names the days of entries as it compares them."""


def test_an_instant_of_a_summer_night_is_of_its_day_in_london() -> None:
    assert day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)


def test_no_instant_is_cut_to_its_date_in_utc() -> None:
    found = [name for name, path in modules().items() if name not in IN_UTC and CUT.search(path.read_text("utf-8"))]
    assert found == []
