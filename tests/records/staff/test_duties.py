"""N7, W25, S19, S20: what each member of staff and volunteer needs by the policy, and when it is due again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from records.policies.periods import add_months
from records.policies.settings import load
from records.policies.values import Register
from records.staff.duties import Entry, State, needed, standing

TODAY = date(2026, 11, 20)
W, N = load("westminster", TODAY), load("northamptonshire", TODAY)
TRAINING, COPY, DBS, ICT = (
    Register.CONFIDENTIALITY_TRAINING, Register.POLICY_COPY, Register.DBS, Register.ICT_POLICY,
)  # fmt: skip


def test_each_policy_asks_for_its_own_registers_and_volunteers_only_where_they_are_covered() -> None:
    assert set(needed(W, volunteer=True)) == {TRAINING, COPY, ICT}
    assert needed(N, volunteer=False) == [DBS]
    assert needed(replace(W, volunteers_covered=False), volunteer=True) == []


@pytest.mark.parametrize(
    ("kind", "entries", "state"),
    [
        pytest.param(TRAINING, [], State.MISSING, id="never trained"),
        pytest.param(TRAINING, [Entry(TRAINING, date(2026, 1, 5))], State.DONE, id="trained this year"),
        pytest.param(TRAINING, [Entry(TRAINING, date(2025, 12, 10))], State.SOON, id="refresher in 20 days"),
        pytest.param(TRAINING, [Entry(TRAINING, date(2025, 11, 20))], State.SOON, id="due today is in time"),
        pytest.param(TRAINING, [Entry(TRAINING, date(2025, 11, 19))], State.OVERDUE, id="a day late"),
        pytest.param(TRAINING, [Entry(TRAINING, date(2024, 1, 1)), Entry(TRAINING, date(2026, 6, 1))], State.DONE, id="the newest counts"),
        pytest.param(TRAINING, [Entry(COPY, TODAY, W.version, True)], State.MISSING, id="a copy is no training"),
        pytest.param(DBS, [Entry(DBS, date(2023, 12, 10))], State.SOON, id="N7: review in 20 days"),
        pytest.param(ICT, [Entry(ICT, date(2001, 1, 1))], State.DONE, id="no renewal is set"),
        pytest.param(COPY, [Entry(COPY, TODAY, W.version)], State.MISSING, id="given and not read"),
        pytest.param(COPY, [Entry(COPY, TODAY, W.version), Entry(COPY, TODAY, W.version, True)], State.DONE, id="given, then read"),
        pytest.param(COPY, [Entry(COPY, TODAY, "0", True)], State.MISSING, id="an older version"),
    ],
)  # fmt: skip
def test_how_a_duty_stands(kind: Register, entries: list[Entry], state: State) -> None:
    assert standing(kind, entries, W, TODAY).state is state


@given(some.dates(date(2010, 1, 1), date(2040, 1, 1)), some.integers(1, 60), some.integers(-40, 40))
def test_training_is_overdue_exactly_from_the_day_after_it_is_due(on: date, months: int, days: int) -> None:
    policy = replace(W, periods=replace(W.periods, training_refresh_months=months))
    due = add_months(on, months)
    today = due + timedelta(days=days)
    if today >= on:
        found = standing(TRAINING, [Entry(TRAINING, on)], policy, today)
        assert (found.state is State.OVERDUE) == (days > 0) and found.due == due


def test_nothing_is_renewed_where_the_months_are_off() -> None:
    policy = replace(W, periods=replace(W.periods, training_refresh_months=0))
    assert standing(TRAINING, [Entry(TRAINING, date(2001, 1, 1))], policy, TODAY).state is State.DONE
