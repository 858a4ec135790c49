"""R1, R2, R5-R9, R70: where a request stands, from what happened to it."""

from datetime import UTC, date, datetime

import pytest

from records.requests.deadlines import received_day
from records.requests.kinds import Event, Kind, Step, WhyExtended
from records.requests.standing import (
    Happened,
    Standing,
    State,
    cannot_close_unanswered,
    cannot_extend,
    cannot_move_received,
    clock_of,
    standing,
)
from records.requests.working_days import england

TODAY = date(2026, 11, 20)


def day(text: str) -> date:
    return date.fromisoformat(text)


def happened(*pairs: tuple[Event, str]) -> list[Happened]:
    return [Happened(what, day(on)) for what, on in pairs]


def found(received: str, *pairs: tuple[Event, str], kind: Kind = Kind.ACCESS, today: date = TODAY) -> Standing:
    return standing(kind, day(received), happened(*pairs), england(), today)


def test_an_email_at_half_past_eleven_utc_in_summer_came_the_next_day_here() -> None:
    received = received_day(datetime(2026, 8, 31, 23, 30, tzinfo=UTC))
    assert received == day("2026-09-01")
    assert found(received.isoformat()).due == day("2026-10-01")


def test_the_clock_begins_when_needed_proof_comes() -> None:
    asked = (Event.IDENTITY_ASKED, "2026-09-04")
    waiting = found("2026-09-03", asked)
    assert (waiting.state, waiting.due) == (State.WAITS_IDENTITY, None)
    assert "4 September 2026" in waiting.reason
    assert found("2026-09-03", asked, (Event.IDENTITY_SEEN, "2026-09-10")).due == day("2026-10-12")


@pytest.mark.parametrize(("asked", "due"), [("2026-10-05", "2026-11-12"), ("2026-10-06", "2026-10-05")])
def test_proof_that_is_asked_for_after_the_last_lawful_day_moves_it_no_more(asked: str, due: str) -> None:
    """R2, R9: else a request that is late is late no longer once somebody asks for a passport."""
    late = (Event.IDENTITY_ASKED, asked)
    waits = found("2026-09-03", late)
    assert (waits.state is State.WAITS_IDENTITY) is (asked == "2026-10-05")
    assert waits.overdue(TODAY) is (asked != "2026-10-05")
    seen = found("2026-09-03", late, (Event.IDENTITY_SEEN, "2026-10-12"))
    assert seen.due == day(due)
    # A proof that came in time moves the day by which the next must be asked for.
    first = ((Event.IDENTITY_ASKED, "2026-09-04"), (Event.IDENTITY_SEEN, "2026-09-10"), (Event.AUTHORITY_ASKED, asked))
    assert found("2026-09-03", *first).state is State.WAITS_IDENTITY


def test_proof_that_nobody_asked_for_moves_nothing() -> None:
    assert found("2026-09-03", (Event.IDENTITY_SEEN, "2026-09-10")).due == day("2026-10-05")


def test_another_asker_undoes_what_was_allowed_and_approved_for_the_one_before() -> None:
    """P8, R19."""
    made = (
        (Event.WHO_CONFIRMED, "2026-09-04"), (Event.ALLOWED, "2026-09-04"), (Event.WHAT_SETTLED, "2026-09-05"),
        (Event.LOOKED, "2026-09-05"), (Event.MADE, "2026-09-06"), (Event.APPROVED, "2026-09-06"),
    )  # fmt: skip
    assert found("2026-09-03", *made).next_step is Step.SEND
    other = found("2026-09-03", *made, (Event.WHO_CONFIRMED, "2026-09-07"))
    assert other.next_step is Step.ALLOWED
    assert not next(task.done for task in other.tasks if task.step is Step.APPROVE)
    refused = found(
        "2026-09-03",
        (Event.WHO_CONFIRMED, "2026-09-04"),
        (Event.REFUSED, "2026-09-04"),
        (Event.WHO_CONFIRMED, "2026-09-05"),
    )
    assert not refused.refused, "nor is a refusal of one the refusal of another"


def test_the_later_of_identity_and_authority_counts() -> None:
    both = (
        (Event.IDENTITY_ASKED, "2026-09-03"), (Event.AUTHORITY_ASKED, "2026-09-03"), (Event.AUTHORITY_SEEN, "2026-09-10"),
    )  # fmt: skip
    assert found("2026-09-03", *both).state is State.WAITS_IDENTITY
    assert found("2026-09-03", *both, (Event.IDENTITY_SEEN, "2026-09-05")).due == day("2026-10-12")


@pytest.mark.parametrize(
    ("received", "pauses", "last"),
    [
        ("2026-09-01", [("2026-09-03", "2026-09-09")], "2026-10-08"),
        ("2026-09-01", [("2026-09-01", "2026-09-01")], "2026-10-01"),
        ("2026-09-01", [("2026-09-01", "2026-09-04")], "2026-10-05"),
        ("2026-11-02", [("2026-11-05", "2026-11-27")], "2026-12-29"),
    ],
)
def test_waiting_for_an_answer_does_not_count(received: str, pauses: list[tuple[str, str]], last: str) -> None:
    told = [pair for first, then in pauses for pair in ((Event.PAUSED, first), (Event.ANSWERED, then))]
    assert found(received, *told, today=day("2027-01-01")).due == day(last)


def test_an_open_pause_moves_the_day_on_with_every_day() -> None:
    paused = (Event.PAUSED, "2026-11-05")
    first = found("2026-11-02", paused, today=day("2026-11-16"))
    later = found("2026-11-02", paused, today=day("2026-11-27"))
    assert first.state is State.PAUSED
    assert first.due == day("2026-12-14")
    assert later.due == day("2026-12-29")
    assert "stands still since 5 November 2026" in later.reason


@pytest.mark.parametrize(
    ("received", "last"), [("2026-06-19", "2026-07-20"), ("2026-11-05", "2026-12-07"), ("2026-11-25", "2026-12-29")]
)
def test_a_complaint_is_acknowledged_in_thirty_days(received: str, last: str) -> None:
    complaint = found(received, kind=Kind.COMPLAINT)
    assert complaint.due == day(last)
    assert "R70" in complaint.words
    done = found(received, (Event.ACKNOWLEDGED, received), kind=Kind.COMPLAINT)
    assert done.due is None
    assert "undue delay" in done.words


def test_an_extension_needs_a_notice_in_time_and_more_than_size() -> None:
    received, calendar, today = day("2027-01-31"), england(), day("2027-03-05")
    assert "notice" in (cannot_extend(received, [], WhyExtended.COMPLEX, None, calendar, today) or "")
    assert "large" in (cannot_extend(received, [], WhyExtended.LARGE, day("2027-02-10"), calendar, today) or "")
    late = cannot_extend(received, [], WhyExtended.COMPLEX, day("2027-03-01"), calendar, today)
    assert late is not None
    assert "28 February 2027" in late  # the day before rolling (R7), although an answer would be in time on 1 March
    assert cannot_extend(received, [], WhyExtended.COMPLEX, day("2027-02-28"), calendar, today) is None
    future = cannot_extend(received, [], WhyExtended.COMPLEX, day("2027-02-28"), calendar, day("2027-02-20"))
    assert future is not None
    extended = found("2027-01-31", (Event.EXTENDED, "2027-02-20"), today=today)
    assert extended.due == day("2027-04-30")
    again = cannot_extend(
        received, happened((Event.EXTENDED, "2027-02-20")), WhyExtended.COMPLEX, today, calendar, today
    )
    assert "already" in (again or "")


def test_the_month_that_a_notice_must_meet_holds_the_waiting_too() -> None:
    events = happened((Event.PAUSED, "2026-09-03"), (Event.ANSWERED, "2026-09-09"))
    assert clock_of(day("2026-09-01"), events, england(), TODAY).notice_by == day("2026-10-08")


def test_an_unanswered_question_may_close_it_after_a_month_and_a_second_try() -> None:
    paused = (Event.PAUSED, "2026-10-20")
    assert "once more" in (cannot_close_unanswered(found("2026-10-19", paused), TODAY) or "")
    asked = found("2026-10-19", paused, (Event.CHASED, "2026-11-05"))
    assert cannot_close_unanswered(asked, TODAY) is None
    assert "20 November 2026" in (cannot_close_unanswered(asked, day("2026-11-19")) or "")
    assert cannot_close_unanswered(found("2026-10-19"), TODAY) is not None


def test_the_day_of_receipt_moves_earlier_freely_and_later_with_a_reason() -> None:
    before = day("2026-11-10")
    assert cannot_move_received(before, day("2026-11-09"), "", TODAY) is None
    assert cannot_move_received(before, day("2026-11-12"), " ", TODAY) is not None
    assert cannot_move_received(before, day("2026-11-12"), "The tray was opened on the 12th", TODAY) is None
    assert cannot_move_received(before, day("2026-11-21"), "x", TODAY) is not None
    assert found("2026-11-10", (Event.RECEIVED_EARLIER, "2026-11-09")).due == day("2026-12-09")


def test_the_task_list_goes_step_by_step_and_a_change_undoes_what_followed() -> None:
    done = [Event.WHO_CONFIRMED, Event.ALLOWED, Event.WHAT_SETTLED, Event.MADE]
    pairs = [(what, "2026-11-10") for what in done]
    assert found("2026-11-10").next_step is Step.WHO
    assert found("2026-11-10", *pairs).next_step is Step.APPROVE
    approved = [*pairs, (Event.APPROVED, "2026-11-11")]
    assert found("2026-11-10", *approved).next_step is Step.SEND
    assert found("2026-11-10", *approved, (Event.LOOKED, "2026-11-12")).next_step is Step.LOOK
    assert found("2026-11-10", *approved, (Event.SENT, "2026-11-12")).next_step is None
    refused = found("2026-11-10", (Event.WHO_CONFIRMED, "2026-11-10"), (Event.REFUSED, "2026-11-10"))
    assert [task.step for task in refused.tasks] == [Step.WHO, Step.ALLOWED, Step.SEND]


def test_two_dates_are_shown_and_the_target_comes_first() -> None:
    shown = found("2026-09-03")
    assert shown.target == day("2026-10-01")
    assert shown.due == day("2026-10-05")
    assert shown.words.startswith(
        "Due Monday 5 October 2026. One month from 3 September 2026 is Saturday 3 October 2026"
    )
    assert shown.overdue(day("2026-10-06"))
    assert not shown.overdue(day("2026-10-05"))
