"""R65, R66: what the answers about other people and health let somebody do with a page."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.requests.bundle import GROUNDS, Exemption
from records.requests.others import (
    COVERS,
    STEPS_WORDS,
    THIRD,
    Advice,
    Health,
    Looked,
    NotAnswered,
    OnPage,
    Opinion,
    Steps,
    answered_as,
    may_cover,
    may_show,
    steps_of,
)  # fmt: skip

TODAY = date(2026, 11, 20)
EVERY = [("yes", "", ""), ("no", "yes", ""), *product(["no"], ["no", "not_asked"], ["yes", "no"])]


def test_every_way_through_the_three_steps_has_one_outcome() -> None:
    assert {steps_of(*each) for each in EVERY} == set(Steps) == set(STEPS_WORDS)
    assert {steps_of(*each) for each in EVERY if "yes" in each[1:]} == set(Steps) - set(COVERS)
    assert {GROUNDS[code].mark for code in THIRD} == {"A"}


@pytest.mark.parametrize("each", EVERY)
def test_what_was_chosen_can_be_shown_again(each: tuple[str, str, str]) -> None:
    again = answered_as(steps_of(*each))
    assert steps_of(*(again.get(name, "") for name in ("without", "agreed", "reasonable"))) is steps_of(*each)


@given(*[st.sampled_from(["", "yes", "no", "not_asked", "x"])] * 3)
def test_nothing_but_an_answer_counts(without: str, agreed: str, reasonable: str) -> None:
    try:
        found = steps_of(without, agreed, reasonable)
    except NotAnswered as refused:
        assert refused.field in ("without", "agreed", "reasonable")
    else:
        assert without in ("yes", "no")
        assert (found in COVERS) == (without == "yes" or (agreed != "yes" and reasonable == "no"))


@given(
    st.sampled_from([None, *OnPage]), st.sampled_from([None, *Steps]), st.sampled_from(["", "An aunt"]), st.sampled_from([None, *Health]),
    st.frozensets(st.sampled_from(list(Exemption)), max_size=3), st.sampled_from([None, *Advice]), st.integers(0, 400),
)  # fmt: skip
def test_a_page_goes_in_only_when_everything_about_it_is_answered(
    others: OnPage | None, steps: Steps | None, third: str, health: Health | None, covered: frozenset[Exemption], advice: Advice | None,
    days: int,
) -> None:  # fmt: skip
    opinion = Opinion(advice, TODAY - timedelta(days=days)) if advice else None
    people = {
        None: False, OnPage.NONE: True, OnPage.PROFESSIONALS: True, OnPage.COVERED: bool(covered & THIRD),
        OnPage.SHOWN: steps is not None and steps not in COVERS and third != "",
    }[others]  # fmt: skip
    asked = opinion is not None and advice is Advice.NO_HARM and opinion.given_on >= date(2026, 5, 20)
    well = {None: False, Health.NONE: True, Health.KNOWN: True, Health.UNKNOWN: asked or Exemption.HEALTH in covered}[
        health
    ]
    try:
        may_show(Looked(others, steps, third, health), covered, opinion, TODAY)
    except NotAnswered:
        assert not (people and well)
    else:
        assert people
        assert well


@pytest.mark.parametrize(("steps", "code"), list(product(Steps, sorted(THIRD))))
def test_the_reason_is_the_one_that_follows_from_the_answers(steps: Steps, code: Exemption) -> None:
    if COVERS.get(steps) is code:
        may_cover(code, Looked(steps=steps, third="An aunt"), None, TODAY)
        with pytest.raises(NotAnswered):
            may_cover(code, Looked(steps=steps), None, TODAY)
    else:
        with pytest.raises(NotAnswered):
            may_cover(code, Looked(steps=steps, third="An aunt"), None, TODAY)


def test_health_is_left_out_on_a_fresh_opinion_alone() -> None:
    for opinion in (None, Opinion(Advice.NO_HARM, TODAY), Opinion(Advice.HARM, date(2026, 5, 19))):
        with pytest.raises(NotAnswered):
            may_cover(Exemption.HEALTH, Looked(), opinion, TODAY)
    may_cover(Exemption.HEALTH, Looked(), Opinion(Advice.HARM, date(2026, 5, 20)), TODAY)
