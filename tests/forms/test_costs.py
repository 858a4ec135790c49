"""What a mistake costs decides what is asked: a false yes most, a question least."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.costs import STANDARD, Costs, least_confidence, worth_taking


def test_a_yes_must_be_surer_than_any_other_answer() -> None:
    assert least_confidence("yes") > least_confidence("no") == least_confidence("blank")


@pytest.mark.parametrize(("value", "confidence", "taken"), [
    ("yes", 1.0, True), ("yes", 0.98, False), ("no", 0.98, True), ("no", 0.94, False), ("blank", 0.98, True), ("blank", 0.5, False),
])  # fmt: skip
def test_worth_taking(value: str, confidence: float, taken: bool) -> None:
    assert worth_taking(value, confidence) is taken


@given(st.floats(0, 1), st.floats(1, 1e6), st.floats(1, 1e6), st.sampled_from(["yes", "no", "blank"]))
def test_dearer_mistakes_only_add_questions(confidence: float, one: float, other: float, value: str) -> None:
    cheap, dear = sorted((one, other))
    if not worth_taking(value, confidence, Costs(cheap, cheap)):
        assert not worth_taking(value, confidence, Costs(dear, dear))


@pytest.mark.parametrize("costs", [(10.0, 20.0, 1.0), (10.0, 0.5, 1.0), (10.0, 5.0, 0.0)])
def test_costs_that_turn_the_task_round_are_refused(costs: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="false yes most"):
        Costs(*costs)


def test_a_false_yes_costs_at_least_five_times_a_missed_one() -> None:
    assert STANDARD.false_yes >= 5 * STANDARD.missed_yes
