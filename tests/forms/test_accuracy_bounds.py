"""The bounds against published values and against the binomial sum itself."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.accuracy.bounds import lower, upper


@pytest.mark.parametrize(
    ("count", "of", "bound"),
    [
        pytest.param(0, 18_000, 1 - 0.05 ** (1 / 18_000), id="none seen among eighteen thousand"),
        pytest.param(0, 10, 0.2589, id="none in ten"),
        pytest.param(1, 10, 0.3942, id="one in ten"),
        pytest.param(5, 20, 0.4556, id="five in twenty"),
        pytest.param(10, 10, 1.0, id="all"),
        pytest.param(0, 0, 1.0, id="nothing looked at"),
    ],
)
def test_known_upper_bounds(count: int, of: int, bound: float) -> None:
    assert upper(count, of) == pytest.approx(bound, rel=2e-4)


def test_known_lower_bounds() -> None:
    assert lower(5, 20) == pytest.approx(0.1041, rel=1e-3)
    assert lower(0, 7) == 0.0
    assert lower(30, 30) == pytest.approx(0.05 ** (1 / 30))


@given(st.integers(1, 300), st.data())
def test_at_the_bound_so_few_have_five_per_cent_of_chance(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of - 1))
    rate = upper(count, of)
    chance = math.fsum(math.comb(of, seen) * rate**seen * (1 - rate) ** (of - seen) for seen in range(count + 1))
    assert chance == pytest.approx(0.05, abs=1e-6)
    assert lower(count, of) <= count / of < rate


def test_a_large_sample_takes_no_time_and_comes_near_its_rate() -> None:
    assert upper(50_000, 100_000) == pytest.approx(0.5026, abs=1e-4)


@pytest.mark.parametrize(("count", "of"), [(3, 2), (-1, 5)])
def test_an_impossible_count_is_refused(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="between none and all"):
        upper(count, of)
