"""W40, R34-R46: when something falls due. Never a day early."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.people.birthdates import BirthDate, parse
from records.policies.settings import load
from records.retention.schedule import Due, Undated, falls_due

WESTMINSTER = load("westminster", date(2026, 11, 24)).retention
NORTHAMPTONSHIRE = load("northamptonshire", date(2026, 11, 24)).retention


@pytest.mark.parametrize(
    ("born", "last", "due"),
    [
        pytest.param(["2008-05-14"], "2033-05-13", "2033-05-14", id="R43 ordinary day"),
        pytest.param(["2004-02-29"], "2029-02-28", "2029-03-01", id="R43 R11 leap day"),
        pytest.param(["2008-02-29"], "2033-02-28", "2033-03-01", id="R11 another leap day"),
        pytest.param(["2010-02-28"], "2035-02-27", "2035-02-28", id="R43 not a leap case"),
        pytest.param(["2001-12-31"], "2026-12-30", "2026-12-31", id="R43 last day of the year"),
        pytest.param(["2010-06"], "2035-06-29", "2035-06-30", id="R38 month only"),
        pytest.param(["2010"], "2035-12-30", "2035-12-31", id="R38 year only"),
        pytest.param(["2008-07-20", "2011-03-28"], "2036-03-27", "2036-03-28", id="R42 several children"),
        pytest.param(["2011-03-28", "2008-07-20"], "2036-03-27", "2036-03-28", id="R42 in either order"),
    ],
)
def test_worked_examples(born: list[str], last: str, due: str) -> None:
    found = falls_due([parse(text) for text in born], WESTMINSTER)
    assert isinstance(found, Due)
    assert (found.due.isoformat(), found.last_day_kept.isoformat()) == (due, last)


def test_two_forms_that_disagree_count_with_the_latest() -> None:
    """R40: 09/03/2012 and 03/09/2012 are due on 3 September 2037 until settled; settled as 9 March, on that day."""
    disputed = BirthDate(date(2012, 3, 9), date(2012, 9, 3), disputed=True)
    found = falls_due([disputed], WESTMINSTER)
    assert isinstance(found, Due)
    assert found.due == date(2037, 9, 3)
    assert "disagree" in found.reason
    assert "R40" in found.rule
    settled = falls_due([BirthDate.on(date(2012, 3, 9))], WESTMINSTER)
    assert isinstance(settled, Due)
    assert settled.due == date(2037, 3, 9)


@pytest.mark.parametrize(
    ("births", "rule"),
    [
        pytest.param([None], "R37", id="unknown"),
        pytest.param([BirthDate.on(date(2010, 1, 1)), None], "R37", id="one of two unknown"),
        pytest.param([], "R43", id="no child linked"),
    ],
)
def test_without_a_birth_date_there_is_no_date(births: list[BirthDate | None], rule: str) -> None:
    found = falls_due(births, WESTMINSTER)
    assert isinstance(found, Undated)
    assert rule in found.rule


def test_a_policy_without_a_period_destroys_nothing() -> None:
    """S10: Northamptonshire states none; its manager must set one first."""
    found = falls_due([BirthDate.on(date(2010, 1, 1))], NORTHAMPTONSHIRE)
    assert isinstance(found, Undated)
    assert "manager" in found.reason


ALL_BIRTHS = [date(1990, 1, 1) + timedelta(days=number) for number in range((date(2036, 1, 1) - date(1990, 1, 1)).days)]


def test_no_birth_date_of_46_years_falls_due_a_day_early() -> None:
    """P11: every birth date 1990 to 2035, 29 February included, counted here in another way than the rule counts."""
    for born in ALL_BIRTHS:
        found = falls_due([BirthDate.on(born)], WESTMINSTER)
        assert isinstance(found, Due)
        ages_25 = [found.last_day_kept, found.due]
        whole_years = [day.year - born.year - ((day.month, day.day) < (born.month, born.day)) for day in ages_25]
        assert whole_years == [24, 25]


@given(st.lists(st.sampled_from(ALL_BIRTHS), min_size=1, max_size=5), st.integers(0, 400))
def test_more_children_or_a_wider_range_never_make_it_earlier(born: list[date], wider: int) -> None:
    births = [BirthDate.on(day) for day in born]
    all_of_them = falls_due(births, WESTMINSTER)
    assert isinstance(all_of_them, Due)
    for one in births:
        alone = falls_due([one], WESTMINSTER)
        ranged = falls_due([BirthDate(one.earliest, one.latest + timedelta(days=wider))], WESTMINSTER)
        assert isinstance(alone, Due)
        assert isinstance(ranged, Due)
        assert alone.due <= all_of_them.due
        assert alone.due <= ranged.due
