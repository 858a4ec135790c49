"""When the policy is to be reviewed again, and by when a question is answered (W56, W57, W62)."""

from datetime import date

import pytest

from records.policies.reviewing import answer_by, can_have_looked_at, is_asked_for, is_overdue, next_due

BEGAN = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("began", "reviewed", "months", "due"),
    [
        pytest.param(BEGAN, [], 12, date(2027, 11, 20), id="none yet: from when the policy took effect here"),
        pytest.param(BEGAN, [date(2027, 11, 18)], 12, date(2028, 11, 18), id="from the last review, not from when it was due"),
        pytest.param(BEGAN, [date(2029, 5, 1), date(2028, 5, 1)], 12, date(2030, 5, 1), id="the latest counts, in whatever order"),
        pytest.param(BEGAN, [date(2025, 3, 1)], 12, date(2026, 3, 1), id="one from before the beginning says what is true"),
        pytest.param(date(2028, 2, 29), [], 12, date(2029, 2, 28), id="approved on 29 February (W56)"),
        pytest.param(BEGAN, [date(2028, 2, 29)], 12, date(2029, 2, 28), id="reviewed on 29 February"),
        pytest.param(BEGAN, [date(2028, 2, 29)], 48, date(2032, 2, 29), id="29 February to 29 February"),
        pytest.param(BEGAN, [date(2029, 2, 28)], 12, date(2030, 2, 28), id="28 February stays"),
        pytest.param(BEGAN, [date(2027, 8, 31)], 6, date(2028, 2, 29), id="the last day of a shorter month"),
    ],
)  # fmt: skip
def test_the_next_review_is_counted_from_the_last(began: date, reviewed: list[date], months: int, due: date) -> None:
    assert next_due(began, reviewed, months) == due


@pytest.mark.parametrize(
    ("today", "asked", "overdue"),
    [
        (date(2029, 1, 30), False, False),
        (date(2029, 1, 31), True, False),
        (date(2029, 2, 28), True, False),
        (date(2029, 3, 1), True, True),
    ],
)
def test_it_is_asked_for_before_its_day_and_overdue_after_it(today: date, asked: bool, overdue: bool) -> None:
    due = date(2029, 2, 28)
    assert (is_asked_for(due, today), is_overdue(due, today)) == (asked, overdue)


@pytest.mark.parametrize(
    ("changed", "noted", "can"),
    [
        pytest.param(date(2027, 6, 1), date(2027, 5, 1), True, id="recorded before the review, in force later"),
        pytest.param(date(2027, 5, 1), date(2027, 6, 1), True, id="in force before the review, recorded later"),
        pytest.param(date(2027, 5, 10), date(2027, 6, 1), True, id="in force on that day"),
        pytest.param(date(2027, 5, 11), date(2027, 5, 11), False, id="both later"),
    ],
)
def test_a_review_from_before_anybody_knew_looked_at_no_change_of_the_law(
    changed: date, noted: date, can: bool
) -> None:
    assert can_have_looked_at(date(2027, 5, 10), changed_on=changed, noted_on=noted) is can


def test_a_question_is_answered_within_the_target_for_requests() -> None:
    assert answer_by(date(2028, 2, 15), 28) == date(2028, 3, 14)
