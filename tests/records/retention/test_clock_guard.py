"""P11: a wrong clock is noticed: behind the record, ahead of it by a gap nobody explained, or jumping."""

from datetime import UTC, date, datetime, timedelta

import pytest

from records.retention.clock_guard import (
    BACKWARDS,
    JUMP,
    LONGEST_GAP,
    Cap,
    ClockDoubted,
    ClockTrusted,
    Doubt,
    check_clock,
    grace_is_over,
    has_jumped,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def doubt(now: datetime, *entries: datetime) -> Doubt | None:
    found = check_clock(now, entries)
    return found.doubt if isinstance(found, ClockDoubted) else None


@pytest.mark.parametrize(
    ("now", "entries", "says"),
    [
        pytest.param(NOON, [], None, id="nothing recorded yet"),
        pytest.param(NOON, [NOON], None, id="the same moment"),
        pytest.param(NOON, [NOON - LONGEST_GAP], None, id="35 days"),
        pytest.param(NOON, [NOON - LONGEST_GAP - SECOND], Doubt.GAP, id="35 days and a second"),
        pytest.param(NOON, [NOON + BACKWARDS], None, id="two machines differ a little"),
        pytest.param(NOON, [NOON + BACKWARDS + SECOND], Doubt.BEHIND, id="behind"),
        pytest.param(NOON, [NOON - 2 * LONGEST_GAP, NOON], Doubt.GAP, id="a gap long before still counts"),
        pytest.param(NOON, [NOON, NOON - timedelta(hours=1), NOON], Doubt.BEHIND, id="an hour back, and forth again"),
        pytest.param(
            NOON, [NOON - timedelta(days=20), NOON - timedelta(days=20) - BACKWARDS], None, id="a little back"
        ),
    ],
)
def test_the_record_and_the_clock_must_agree(now: datetime, entries: list[datetime], says: Doubt | None) -> None:
    assert doubt(now, *entries) is says


def test_small_steps_back_do_not_add_up_unseen() -> None:
    """Each is measured against the latest moment ever seen, not against the entry before."""
    steps = [NOON - number * BACKWARDS * 0.9 for number in range(4)]
    assert doubt(NOON, *steps) is Doubt.BEHIND


def test_a_year_of_daily_entries_is_trusted() -> None:
    assert isinstance(check_clock(NOON, (NOON - timedelta(days=days) for days in range(365, 0, -1))), ClockTrusted)


@pytest.mark.parametrize(
    ("passed", "elapsed", "jumped"),
    [
        (timedelta(0), 0.0, False), (timedelta(minutes=10), 600.0, False), (JUMP, 0.0, False), (JUMP + SECOND, 0.0, True),
        (-JUMP - SECOND, 0.0, True), (timedelta(hours=1), 0.0, True), (timedelta(hours=-1), 0.0, True), (timedelta(0), 3600.0, True),
    ],
)  # fmt: skip
def test_a_jump_is_told_from_time_that_passes(passed: timedelta, elapsed: float, jumped: bool) -> None:
    assert has_jumped(NOON, NOON + passed, elapsed) is jumped


def test_the_days_of_grace_end_with_a_days_margin() -> None:
    last = date(2026, 12, 20)
    assert [grace_is_over(last, last + timedelta(days=days)) for days in (-1, 0, 1, 2)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("cap", "files", "most"),
    [(Cap(), 0, 1), (Cap(), 49, 1), (Cap(), 100, 2), (Cap(), 999, 19), (Cap(), 1000, 20), (Cap(), 50000, 20), (Cap(5, 50.0), 8, 4)],
)  # fmt: skip
def test_a_run_takes_the_smaller_of_a_number_and_a_share(cap: Cap, files: int, most: int) -> None:
    assert cap.of(files) == most
