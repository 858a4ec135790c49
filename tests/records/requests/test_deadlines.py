"""R1-R9, R70: the clock of a request, with every worked example of the rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.requests.deadlines import Pause, complaint_acknowledged_by, due, paused_days
from records.requests.working_days import PastTheCalendar, england

CALENDAR = england()


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "base", "last"),
    [
        pytest.param("2024-11-25", "2024-12-25", "2024-12-27", id="R4 regulator's example"),
        pytest.param("2026-01-01", "2026-02-01", "2026-02-02", id="R4 received on a holiday"),
        pytest.param("2026-09-03", "2026-10-03", "2026-10-05", id="R4 weekend"),
        pytest.param("2026-07-31", "2026-08-31", "2026-09-01", id="R4 summer holiday"),
        pytest.param("2026-08-31", "2026-09-30", "2026-09-30", id="R3 no 31 September"),
        pytest.param("2026-11-26", "2026-12-26", "2026-12-29", id="R4 substitute day"),
        pytest.param("2026-12-01", "2027-01-01", "2027-01-04", id="R4 holiday then weekend"),
        pytest.param("2027-01-31", "2027-02-28", "2027-03-01", id="R3 R4 short month"),
        pytest.param("2028-01-31", "2028-02-29", "2028-02-29", id="R3 leap year"),
        pytest.param("2027-02-26", "2027-03-26", "2027-03-30", id="R4 Easter"),
    ],
)
def test_one_month(received: str, base: str, last: str) -> None:
    found = due(day(received), CALENDAR)
    assert (found.base.isoformat(), found.due.isoformat()) == (base, last)
    assert found.target <= found.due


@pytest.mark.parametrize(
    ("pauses", "days", "last"),
    [
        pytest.param([("2026-09-03", "2026-09-09")], 7, "2026-10-08", id="R6 seven days"),
        pytest.param([("2026-09-01", "2026-09-01")], 0, "2026-10-01", id="R6 same day"),
        pytest.param([("2026-09-01", "2026-09-04")], 3, "2026-10-05", id="R6 from the start day"),
        pytest.param([("2026-09-03", "2026-09-09"), ("2026-09-08", "2026-09-14")], 12, "2026-10-13", id="R6 overlap"),
    ],
)
def test_waiting_for_a_clarification_does_not_count(pauses: list[tuple[str, str]], days: int, last: str) -> None:
    received = day("2026-09-01")
    found = [Pause(day(first), day(end)) for first, end in pauses]
    assert paused_days(received, found) == days
    assert due(received, CALENDAR, pauses=found).due == day(last)


def test_a_pause_over_christmas() -> None:
    """R6: received 2 November 2026, asked 5 to 27 November: 23 days, 25 December, so Tuesday 29 December."""
    found = due(day("2026-11-02"), CALENDAR, pauses=[Pause(day("2026-11-05"), day("2026-11-27"))])
    assert found.due == day("2026-12-29")


def test_identity_moves_the_start() -> None:
    """R2: request 3 September 2026, identity 10 September: base 10 October, a Saturday, due Monday 12 October."""
    found = due(day("2026-09-03"), CALENDAR, identity=day("2026-09-10"))
    assert (found.base, found.due) == (day("2026-10-10"), day("2026-10-12"))
    assert "R2" in found.reason


@pytest.mark.parametrize(
    ("received", "pauses", "last", "notice"),
    [
        pytest.param("2027-01-31", [], "2027-04-30", "2027-02-28", id="R7 three months from the start"),
        pytest.param("2026-11-30", [], "2027-03-01", "2026-12-30", id="R7 end of February"),
        pytest.param(
            "2026-09-01", [("2026-09-03", "2026-09-09")], "2026-12-08", "2026-10-08", id="R7 paused and extended"
        ),
    ],
)
def test_extension(received: str, pauses: list[tuple[str, str]], last: str, notice: str) -> None:
    found = due(day(received), CALENDAR, pauses=[Pause(day(first), day(end)) for first, end in pauses], extended=True)
    assert (found.due.isoformat(), found.notice_by.isoformat()) == (last, notice)


@pytest.mark.parametrize(
    ("received", "by"),
    [("2026-06-19", "2026-07-20"), ("2026-11-05", "2026-12-07"), ("2026-11-25", "2026-12-29")],
)
def test_a_complaint_is_acknowledged_within_thirty_days(received: str, by: str) -> None:
    """R70: counted from the day after receipt."""
    assert complaint_acknowledged_by(day(received), CALENDAR) == day(by)


@given(
    st.dates(date(2024, 2, 1), date(2032, 8, 31)),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=3),
)
def test_more_waiting_never_makes_it_earlier_and_it_ends_on_a_working_day(
    received: date, waits: list[tuple[int, int]]
) -> None:
    pauses = [Pause(received + timedelta(first), received + timedelta(first + length)) for first, length in waits]
    plain, paused = due(received, CALENDAR), due(received, CALENDAR, pauses=pauses)
    assert paused.due >= plain.due
    assert CALENDAR.is_working(paused.due)
    assert paused.base <= paused.due


@pytest.mark.parametrize("received", ["2032-12-15", "2022-11-20", "2070-01-01"])
def test_outside_the_calendar_a_limit_is_not_moved_and_says_so(received: str) -> None:
    """R9: too early is safe, and one such request must not take the register down."""
    found = due(day(received), CALENDAR)
    assert found.due == found.base
    assert "are not known here" in found.reason
    assert complaint_acknowledged_by(day(received), CALENDAR) == day(received) + timedelta(30)
    with pytest.raises(PastTheCalendar):
        CALENDAR.is_working(found.base)


def test_working_days_are_counted_beyond_the_calendar_too() -> None:
    assert CALENDAR.after(day("2033-01-07"), 10) == day("2033-01-21")  # from a Friday: ten of Monday to Friday


def test_an_answer_before_its_question_is_refused() -> None:
    with pytest.raises(ValueError, match="before its question"):
        Pause(day("2026-09-09"), day("2026-09-03"))
