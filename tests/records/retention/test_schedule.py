"""W40, R34-R46: when something falls due. Never a day early."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.cases.words import Openness
from records.clock import LONDON, fixed
from records.holds import Hold, HoldKind, Scope
from records.people.birthdates import BirthDate, parse
from records.policies.settings import RetentionRule, load
from records.retention.schedule import Due, Kept, Undated, falls_due, the_later
from records.retention.stops import Situation, Stop, may_be_listed, stops

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


def with_contact(months: int) -> RetentionRule:
    return replace(WESTMINSTER, months_after_last_contact=months)


@pytest.mark.parametrize(
    ("months", "contact", "due"),
    [
        pytest.param(0, date(2033, 5, 1), date(2033, 5, 14), id="off: the birthday stands"),
        pytest.param(12, None, date(2033, 5, 14), id="no contact known"),
        pytest.param(12, date(2020, 1, 1), date(2033, 5, 14), id="long ago"),
        pytest.param(12, date(2032, 5, 14), date(2033, 5, 14), id="ends on the same day"),
        pytest.param(12, date(2032, 5, 15), date(2033, 5, 15), id="a day later"),
        pytest.param(12, date(2033, 3, 31), date(2034, 3, 31), id="R36 reached late"),
    ],
)
def test_a_contact_shortly_before_keeps_longer_only_where_the_service_says_so(
    months: int, contact: date | None, due: date
) -> None:
    found = falls_due([BirthDate.on(date(2008, 5, 14))], with_contact(months), last_contact=contact)
    assert isinstance(found, Due)
    assert (found.due, found.last_day_kept) == (due, due - timedelta(days=1))
    assert ("R36" in found.rule) is (due > date(2033, 5, 14))


def test_a_manager_may_keep_longer_but_never_shorter() -> None:
    """W40: "normally"; what a manager decides is a floor."""
    born = [BirthDate.on(date(2008, 5, 14))]
    longer, shorter = (falls_due(born, WESTMINSTER, kept=Kept(day)) for day in (date(2040, 1, 1), date(2030, 1, 1)))
    assert isinstance(longer, Due) and isinstance(shorter, Due)
    assert (longer.due, longer.last_day_kept) == (date(2040, 1, 1), date(2039, 12, 31))
    assert longer.rule.startswith("W40") and "the manager keeps it to 1 January 2040" in longer.reason
    assert shorter == falls_due(born, WESTMINSTER)


def test_a_manager_may_set_a_date_where_none_can_be_counted_but_not_where_the_policy_sets_no_time() -> None:
    found = falls_due([None], WESTMINSTER, kept=Kept(date(2040, 1, 1)))
    assert isinstance(found, Due)
    assert (found.due, found.rule.split(",")[0]) == (date(2040, 1, 1), "R37")
    assert found.reason == "The date of birth is not known. The manager has set this date, with a reason."
    assert isinstance(falls_due([None], NORTHAMPTONSHIRE, kept=Kept(date(2040, 1, 1))), Undated)
    assert isinstance(falls_due([], WESTMINSTER, kept=Kept(date(2040, 1, 1))), Undated)


def test_a_shorter_period_on_notice_does_not_count_yet() -> None:
    """R46: thirty days of notice; until then the later of both, and no date beats every date."""
    born = [BirthDate.on(date(2008, 5, 14))]
    now, before = falls_due(born, replace(WESTMINSTER, age=18)), falls_due(born, WESTMINSTER)
    assert the_later(now, before) == before
    assert the_later(before, now) == before
    assert the_later(before, before) == before
    unset = falls_due(born, NORTHAMPTONSHIRE)
    kept = the_later(before, unset)
    assert isinstance(kept, Undated) and "on notice" in kept.reason and kept.rule.startswith("R46")
    assert the_later(unset, before) == unset


LONDON_TIMES = [time(23, 0), time(23, 30), time(0, 0), time(0, 59)]


@pytest.mark.parametrize(
    "born", [date(2001, 3, 25), date(2001, 3, 26), date(2001, 10, 28), date(2001, 10, 29), date(2000, 2, 29)]
)
def test_no_instant_around_a_change_of_clocks_is_a_day_early(born: date) -> None:
    """P11: runs between 23:00 and 01:00 in London, on every day around both changes of the clocks of the year it falls due."""
    found = falls_due([BirthDate.on(born)], WESTMINSTER)
    assert isinstance(found, Due)
    for offset in range(-2, 3):
        for at in LONDON_TIMES:
            here = datetime.combine(found.due + timedelta(days=offset), at, LONDON)
            today = fixed(here.astimezone(UTC)).today()
            reached = bool(not [one for one in stops(Situation(found), today) if one.why is Stop.NOT_DUE])
            assert reached is (offset >= 0)


def every_stop(found: Due | Undated, today: date, **more: object) -> list[Stop]:
    return [one.why for one in stops(Situation(found, **more), today)]  # type: ignore[arg-type]


def test_each_thing_that_stops_destruction_stops_it_alone() -> None:
    due = falls_due([BirthDate.on(date(2000, 5, 14))], WESTMINSTER)
    assert isinstance(due, Due)
    today = due.due
    assert every_stop(due, today) == []
    assert every_stop(due, today - timedelta(days=1)) == [Stop.NOT_DUE]
    assert every_stop(falls_due([None], WESTMINSTER), today) == [Stop.UNDATED]
    assert every_stop(due, today, holds=(a_hold(),)) == [Stop.HOLD]
    for why in Openness:
        assert every_stop(due, today, open_by=why) == [Stop.OPEN]
    assert every_stop(due, today, disputed=True) == [Stop.DISPUTED]
    assert every_stop(due, today, papers=1) == [Stop.PAPERS]
    assert every_stop(due, today, review="It has had a safeguarding hold.") == [Stop.REVIEW]
    assert every_stop(due, today, last_lifted=today - timedelta(days=13)) == [Stop.NOTICE]
    assert every_stop(due, today, last_lifted=today - timedelta(days=14)) == []
    assert [one.why for one in stops(Situation(due), today, listed_for=today + timedelta(days=1))] == [
        Stop.DATE_CHANGED
    ]
    assert stops(Situation(due), today, listed_for=today) == ()
    alike, another = (a_hold(), a_hold()), a_hold(on=date(2020, 1, 2))
    told = stops(Situation(due, holds=(*alike, another), open_by=Openness.REFERRAL, papers=2), today)
    assert [one.why for one in told] == [Stop.HOLD, Stop.HOLD, Stop.OPEN, Stop.PAPERS], "every reason is told"
    assert [one.reason.endswith("2 such holds.") for one in told[:2]] == [True, False], (
        "the same words once, with how many"
    )


def test_only_papers_may_be_dealt_with_after_listing() -> None:
    due = falls_due([BirthDate.on(date(2000, 5, 14))], WESTMINSTER)
    assert isinstance(due, Due)
    assert may_be_listed(stops(Situation(due, papers=3), due.due))
    assert not may_be_listed(stops(Situation(due, papers=3, open_by=Openness.NOT_CLOSED), due.due))
    assert not may_be_listed(stops(Situation(due, review="It has had a safeguarding hold."), due.due))


def a_hold(on: date = date(2026, 1, 1)) -> Hold:
    return Hold(
        id=uuid4(), kind=HoldKind.COURT, scope=Scope.EVERYTHING, subject_id=None, category=None, file_id=None,
        placed_on=on, placed_by="x", review_on=date(2026, 7, 1), ends_on=None, lifted_on=None, released_by=None,
        version=1,
    )  # fmt: skip
