"""A manager's own changes over the shipped policy: dated, checked, with notice where keeping gets shorter (G8, R46)."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.policies import kinds
from records.policies.changing import Change, check, earliest_day, effective, holding, value_of
from records.policies.kinds import KINDS, Fixed, NotAValue, in_words, is_stricter, typed
from records.policies.phrases import MEANINGS, PHRASES
from records.policies.reading import JsonValue
from records.policies.settings import CODES, Periods, Policy, load, versions_of

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WESTMINSTER, NORTHAMPTONSHIRE = versions_of("westminster"), versions_of("northamptonshire")
KEPT_TO_26: JsonValue = {"birthday": 26, "may_extend": True}


def change(code: str = "waste_wait_days", value: JsonValue = 60, begins: date = TODAY, sequence: int = 1) -> Change:
    return Change(sequence, code, value, begins, "The council asked for it", "somebody", NOW)


def test_every_setting_can_be_typed_or_says_why_not_and_is_explained() -> None:
    codes = {*CODES, *(each.name for each in fields(Periods))}
    assert set(KINDS) == codes == set(MEANINGS)


@pytest.mark.parametrize("service", ["westminster", "northamptonshire"])
def test_every_shipped_value_can_be_said_in_words_and_lies_within_the_bounds(service: str) -> None:
    for row in load(service, TODAY).rows:
        assert in_words(row.code, row.value)
        kind = KINDS[row.code]
        if isinstance(kind, kinds.Number) and isinstance(row.value, int):
            assert kind.low <= row.value <= kind.high


def test_every_word_of_every_setting_has_a_phrase() -> None:
    for kind in KINDS.values():
        words = getattr(kind, "words", ())
        assert {each.value for each in words} <= set(PHRASES)


def test_without_a_change_the_policy_is_the_shipped_one_and_keeps_its_name() -> None:
    assert effective(WESTMINSTER, [], TODAY) is WESTMINSTER[-1]


def test_a_change_holds_from_its_day_and_names_another_version() -> None:
    begins = TODAY + timedelta(days=10)
    made = [change(begins=begins)]
    before, after = effective(WESTMINSTER, made, begins - timedelta(days=1)), effective(WESTMINSTER, made, begins)
    assert before.periods.waste_wait_days == 30
    assert after.periods.waste_wait_days == 60
    assert before.version == "1"
    assert after.version.startswith("1+1.")
    assert after.effective_from == begins
    assert after.retention.version == after.version


def test_a_version_names_exactly_its_values() -> None:
    one = effective(WESTMINSTER, [change(value=60)], TODAY).version
    assert effective(WESTMINSTER, [change(value=61)], TODAY).version != one
    assert effective(WESTMINSTER, [change(value=60)], TODAY + timedelta(days=900)).version == one


def test_of_two_changes_the_later_day_wins_and_of_one_day_the_later_record_whatever_the_order() -> None:
    made = [
        change(value=40, begins=TODAY, sequence=3), change(value=50, begins=TODAY, sequence=2),
        change(value=60, begins=TODAY + timedelta(days=5), sequence=1),
    ]  # fmt: skip
    for order in permutations(made):
        assert holding(order, TODAY)["waste_wait_days"].value == 40
        assert holding(order, TODAY + timedelta(days=5))["waste_wait_days"].value == 60


def test_a_change_outlasts_a_newer_shipped_version() -> None:
    newer = replace(WESTMINSTER[-1], version="2", effective_from=TODAY + timedelta(days=1))
    later = effective([*WESTMINSTER, newer], [change()], TODAY + timedelta(days=2))
    assert later.periods.waste_wait_days == 60
    assert later.version.startswith("2+1.")


def _refused(
    code: str, value: JsonValue, begins: date, reason: str = "A good reason", policy: Policy = WESTMINSTER[-1]
) -> NotAValue:
    with pytest.raises(NotAValue) as error:
        check(policy, policy, code, value, begins, reason, TODAY)
    return error.value


def test_shorter_keeping_needs_thirty_days_of_notice_and_longer_keeping_none() -> None:
    policy = WESTMINSTER[-1]
    shorter: JsonValue = {"birthday": 24, "may_extend": True}
    refused = _refused("S10", shorter, TODAY + timedelta(days=29))
    assert refused.field == "begins"
    assert "20 December 2026 or later" in refused.words
    check(policy, policy, "S10", shorter, TODAY + timedelta(days=30), "A good reason", TODAY)
    check(policy, policy, "S10", KEPT_TO_26, TODAY, "A good reason", TODAY)


def test_the_first_period_of_a_service_that_had_none_needs_notice_too() -> None:
    assert earliest_day(NORTHAMPTONSHIRE[-1], NORTHAMPTONSHIRE[-1], "S10", KEPT_TO_26, TODAY) == date(2026, 12, 20)


def test_shortening_against_what_was_decided_for_that_day_needs_notice_though_today_is_shorter_still() -> None:
    then = effective(
        WESTMINSTER,
        [change("S10", {"birthday": 30, "may_extend": True}, TODAY + timedelta(days=5))],
        TODAY + timedelta(days=9),
    )
    with pytest.raises(NotAValue, match="notice"):
        check(WESTMINSTER[-1], then, "S10", KEPT_TO_26, TODAY + timedelta(days=9), "A good reason", TODAY)


def test_the_notice_itself_cannot_be_shortened_without_notice() -> None:
    assert _refused("shorter_keeping_notice_days", 7, TODAY).field == "begins"


@pytest.mark.parametrize(
    ("value", "begins", "reason", "field"),
    [
        (60, TODAY - timedelta(days=1), "A good reason", "begins"),
        (60, date(2032, 1, 1), "A good reason", "begins"),
        (60, TODAY, "   x ", "reason"),
        (60, TODAY, "x" * 501, "reason"),
    ],
)
def test_a_change_without_sense_is_refused_at_its_field(value: int, begins: date, reason: str, field: str) -> None:
    assert _refused("waste_wait_days", value, begins, reason).field == field


@pytest.mark.parametrize(
    ("code", "sent", "value"),
    [
        ("S1", {"value": "service_staff"}, "service_staff"),
        ("S8", {"value": "16"}, 16),
        ("S8", {"value": "", "unset": "yes"}, "law_applies"),
        ("S10", {"value": " 25 ", "flag": "yes"}, {"birthday": 25, "may_extend": True}),
        ("S10", {"unset": "yes"}, {"birthday": "not_set", "may_extend": False}),
        ("S15", {"value": "12"}, {"months": 12, "on_law_change": False}),
        ("S17", {"value": "no"}, False),
        ("waste_wait_days", {"value": "45"}, 45),
    ],
)
def test_what_is_typed_becomes_the_value(code: str, sent: Mapping[str, str], value: JsonValue) -> None:
    assert typed(code, sent, {}) == value


def test_lists_are_stored_in_one_order_and_without_what_nobody_offers() -> None:
    assert typed("S2", {}, {"value": ["illegal_activity", "risk_of_harm", "curiosity"]}) == [
        "risk_of_harm",
        "illegal_activity",
    ]
    assert typed("S5", {}, {"value-general": ["parent"], "value-professionals": ["carer"]}) == {
        "general": ["parent"], "professionals": ["carer"],
    }  # fmt: skip
    assert typed("S16", {}, {}) == []


@pytest.mark.parametrize(
    ("code", "sent"),
    [
        ("S1", {"value": "everybody"}), ("S1", {}), ("S2", {}), ("S5", {}), ("S10", {"value": "2"}), ("S10", {"value": "25.5"}),
        ("S10", {"value": "٢٥"}), ("S17", {"value": "true"}), ("waste_wait_days", {"value": "-1"}), ("waste_wait_days", {"value": "9" * 400}),
        *[(code, {"value": "x"}) for code, kind in KINDS.items() if isinstance(kind, Fixed)],
    ],
)  # fmt: skip
def test_what_cannot_be_a_value_is_refused_with_one_sentence(code: str, sent: Mapping[str, str]) -> None:
    with pytest.raises(NotAValue) as error:
        typed(code, sent, {})
    assert error.value.words


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=20), st.lists(st.text(max_size=10), max_size=3), st.booleans())
def test_whatever_is_typed_is_a_value_the_policy_can_run_by_or_a_sentence(
    code: str, text: str, chosen: list[str], unset: bool
) -> None:
    sent = {"value": text} | ({"unset": "yes"} if unset else {})
    try:
        value = typed(code, sent, {"value": chosen})
    except NotAValue:
        return
    policy = effective(WESTMINSTER, [change(code, value)], TODAY)
    assert value_of(policy, code) == value


@given(st.integers(18, 100), st.integers(18, 100))
def test_only_an_earlier_birthday_is_stricter(before: int, after: int) -> None:
    def keeping(age: int) -> JsonValue:
        return {"birthday": age, "may_extend": False}

    assert is_stricter("S10", keeping(before), keeping(after)) is (after < before)
    assert not is_stricter("S10", keeping(before), {"birthday": "not_set", "may_extend": False})


def test_the_value_that_holds_already_is_no_change_but_confirms_what_the_policy_does_not_say() -> None:
    policy = WESTMINSTER[-1]
    assert _refused("S1", "service_staff", TODAY).field == "value"
    check(policy, policy, "waste_wait_days", 30, TODAY, "A good reason", TODAY)
