"""N13: how long a family's wish that we look at another agency's records lasts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.consents.look_rules import ENDS, MayLook, Step, period, why_not

ASKED, ENDED = date(2026, 5, 4), date(2026, 6, 8)
BEFORE, AFTER = ENDED - timedelta(days=1), ENDED + timedelta(days=1)


@pytest.mark.parametrize(("ended", "on", "may"), [
    pytest.param(None, ASKED - timedelta(days=1), False, id="not asked yet"),
    pytest.param(None, ASKED, True, id="from the day they asked"),
    pytest.param(None, date(2036, 1, 1), True, id="lasts until it ends"),
    pytest.param(Step.WITHDRAWN, BEFORE, True, id="before it was taken back"),
    pytest.param(Step.WITHDRAWN, ENDED, False, id="taken back: at once (R30)"),
    pytest.param(Step.ANSWERED, ENDED, True, id="answered: that day itself"),
    pytest.param(Step.ANSWERED, AFTER, False, id="answered: no more after it"),
    pytest.param(Step.REFUSED, AFTER, False, id="refused"),
    pytest.param(Step.CLOSED, AFTER, False, id="closed without an answer"),
])  # fmt: skip
def test_a_wish_lasts_from_its_day_until_it_ends(ended: Step | None, on: date, may: bool) -> None:
    looks = [period(ASKED, ended, ENDED if ended else None)]
    assert (why_not(looks, on) is None) is may


def test_what_was_taken_back_is_a_no_and_what_is_over_a_question_to_the_family() -> None:
    answered, taken_back = (period(ASKED, each, ENDED) for each in (Step.ANSWERED, Step.WITHDRAWN))
    assert why_not([], AFTER) == (
        "Record first that the family asked us to look at the records of this one (N13).", False,
    )  # fmt: skip
    words, plain_no = why_not([answered], AFTER) or ("", True)
    assert "has ended. Ask them before anything more" in words and not plain_no
    words, plain_no = why_not([taken_back], AFTER) or ("", False)
    assert "does not want us to look at the records of this one any more" in words and plain_no
    assert why_not([taken_back, MayLook(AFTER)], AFTER) is None, "they asked anew"


@given(
    st.sampled_from([None, *ENDS]), st.integers(0, 400), st.integers(-10, 500),
    st.lists(st.integers(0, 400), max_size=3),
)  # fmt: skip
def test_one_more_wish_never_shuts_what_another_opens(
    ended: Step | None, days: int, on: int, others: list[int]
) -> None:
    day = ASKED + timedelta(days=on)
    one = period(ASKED, ended, ASKED + timedelta(days=days))
    more = [one, *(period(ASKED, Step.WITHDRAWN, ASKED + timedelta(days=each)) for each in others)]
    if why_not([one], day) is None:
        assert why_not(more, day) is None
