"""R64-R66, P8: what goes into an access copy, and that it is one family's alone."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from records.errors import RefusedByRule
from records.requests.breach import Risk, cannot_close, in_words, report_by, runs_out
from records.requests.bundle import (
    GROUNDS,
    MARKS,
    Box,
    Decision,
    Exemption,
    Judged,
    Plan,
    PlanPage,
    cannot_be_made,
    cannot_decide,
    left_out,
    plan_for,
)
from records.requests.kinds import Requester
from records.requests.release import Method, cannot_release

FILE, OTHER = UUID(int=1), UUID(int=2)


def page(number: int, file: UUID = FILE, *boxes: Box) -> PlanPage:
    return PlanPage(UUID(int=1000 + number), file, boxes)


def test_no_copy_holds_two_families_pages_in_five_hundred_tries() -> None:
    chance = random.Random(64)
    families = [UUID(int=n) for n in range(1, 6)]
    mixed = 0
    for _ in range(500):
        drawn = [chance.choice(families) for _ in range(chance.randint(1, 6))]
        judged = [
            Judged(page(n, file), chance.choice((Decision.INCLUDE, Decision.WITHHOLD)), Exemption.PRIVILEGE)
            for n, file in enumerate(drawn)
        ]
        owner = chance.choice(drawn)
        included = [one.page.file_id for one in judged if one.decision is Decision.INCLUDE]
        try:
            plan = plan_for(owner, judged)
        except RefusedByRule as refused:
            if included:
                mixed += 1
                assert set(included) != {owner}
                assert refused.rule == "P8"
            continue
        assert {each.file_id for each in plan.pages} == {owner}
    assert mixed > 100


def test_a_plan_of_two_families_cannot_even_be_written_by_hand() -> None:
    with pytest.raises(RefusedByRule):
        Plan(FILE, (page(1), page(2, OTHER)))
    with pytest.raises(RefusedByRule):
        Plan(FILE, (page(1), page(1)))


def test_every_page_is_decided_before_a_copy_is_made() -> None:
    one = Judged(page(1), Decision.INCLUDE)
    assert cannot_be_made([one]) is None
    assert cannot_be_made([one, Judged(page(2), None)]) == "1 page is not decided yet."
    assert (
        cannot_be_made([one, Judged(page(2), Decision.MANAGER), Judged(page(3), Decision.MANAGER)])
        == "2 pages wait for the manager."
    )
    assert cannot_be_made([Judged(page(1), Decision.WITHHOLD, Exemption.CRIME)]) == "No page goes into the copy."


@pytest.mark.parametrize("code", [code for code, ground in GROUNDS.items() if ground.manager])
def test_harm_is_the_managers_to_decide(code: Exemption) -> None:
    assert cannot_decide(Decision.WITHHOLD, code, is_manager=False) is not None
    assert cannot_decide(Decision.WITHHOLD, code, is_manager=True) is None


def test_a_page_is_left_out_with_a_reason_and_handed_on_with_a_question() -> None:
    assert cannot_decide(Decision.WITHHOLD, None, is_manager=True) is not None
    assert cannot_decide(Decision.MANAGER, None, is_manager=False) is not None
    assert cannot_decide(Decision.MANAGER, None, is_manager=False, reason="Does page 4 name the reporter?") is None
    assert cannot_decide(Decision.INCLUDE, None, is_manager=False) is None


def test_the_index_never_tells_a_reason_that_would_defeat_itself() -> None:
    secret = [
        Exemption.HARM,
        Exemption.ABUSE,
        Exemption.CHILD_GAVE,
        Exemption.IN_CONFIDENCE,
        Exemption.CRIME,
        Exemption.HEALTH,
    ]
    told = {tuple(left_out([Judged(page(1), Decision.WITHHOLD, code)])) for code in secret}
    assert told == {("left out because the law asks us to",)}
    assert {GROUNDS[code].mark for code in secret} == {"B"}
    assert set(MARKS) == {ground.mark for ground in GROUNDS.values()}


@pytest.mark.parametrize(
    "where", [(0, 0, 1001, 10), (-1, 0, 10, 10), (995, 0, 10, 10), (0, 0, 2, 10), (0, 999, 10, 10)]
)
def test_a_box_lies_on_its_page(where: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"outside|small"):
        Box(*where, Exemption.PRIVILEGE)


def test_a_copy_made_before_a_change_is_out_of_date() -> None:
    box = Box(10, 10, 100, 20, Exemption.PRIVILEGE)
    plans = [
        Plan(FILE, (page(1), page(2))), Plan(FILE, (page(2), page(1))), Plan(FILE, (page(1),)),
        Plan(FILE, (page(1, FILE, box), page(2))), Plan(FILE, (page(1), page(2, FILE, box))), Plan(OTHER, ()), Plan(FILE, ()),
    ]  # fmt: skip
    assert len({plan.fingerprint() for plan in plans}) == len(plans)


GOOD = {
    "requester": Requester.PARENT, "allowed": True, "approved": True, "method": Method.TRACKED_POST, "name": "Morgan Testwood",
    "address": "1 High Street, Northampton NN1 1AA", "typed_name": "morgan  testwood",
    "typed_address": "1 High Street\nNorthampton\nNN1 1AA", "blocks": (), "second_person": "kim", "others": ("kim", "sam"), "reference": "AB 1",
}  # fmt: skip


def test_an_answer_goes_to_a_checked_person_and_address() -> None:
    assert cannot_release(**GOOD) == {}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"requester": Requester.BODY}, "method"), ({"allowed": False}, "method"), ({"approved": False}, "method"),
        ({"method": None}, "method"), ({"typed_name": "Marion Testwood"}, "typed_name"), ({"typed_name": ""}, "typed_name"),
        ({"typed_address": "11 High Street, Northampton NN1 1AA"}, "typed_address"),
        ({"address": "", "typed_address": ""}, "typed_address"), ({"reference": " "}, "reference"),
        ({"second_person": ""}, "second_person"), ({"second_person": "lee"}, "second_person"), ({"blocks": ("This person must not be contacted.",)}, "method"),
        ({"blocks": ("Somebody on this file must not have their contact with us told to this person.",), "method": Method.IN_HAND}, "method"),
        ({"blocks": ("Any words at all.",), "method": Method.IN_HAND}, "method"),
        ({"typed_address": "1 1 High Street, Northampton NN1 1AA"}, "typed_address"),
    ],
)  # fmt: skip
def test_each_missing_condition_alone_stops_it(change: dict[str, object], field: str) -> None:
    assert list(cannot_release(**{**GOOD, **change})) == [field]  # type: ignore[arg-type]


AWARE = datetime(2026, 10, 24, 9, 0, tzinfo=UTC)  # a Saturday, the night before the clocks go back


def test_seventy_two_hours_count_weekends_and_the_hour_that_comes_twice() -> None:
    assert report_by(AWARE) == datetime(2026, 10, 27, 9, 0, tzinfo=UTC)
    words = in_words(AWARE, AWARE + timedelta(hours=2), told=None, risk=None)
    assert "Tuesday 27 October 2026 at 9:00am" in words
    assert "70 hours left" in words
    assert "1 hour ago" in in_words(AWARE, AWARE + timedelta(hours=73), told=None, risk=Risk.LIKELY)
    assert "in time" in in_words(AWARE, AWARE, told=AWARE + timedelta(hours=72), risk=Risk.LIKELY)
    assert "1 hour late" in in_words(AWARE, AWARE, told=AWARE + timedelta(hours=73), risk=Risk.LIKELY)


def test_the_clock_stops_for_an_unlikely_risk_alone() -> None:
    assert runs_out(AWARE, None, None, False)
    assert runs_out(AWARE, None, Risk.HIGH, False)
    assert not runs_out(AWARE, None, Risk.UNLIKELY, False)
    assert not runs_out(AWARE, AWARE, Risk.HIGH, False)


def test_an_incident_closes_when_everything_about_it_is_done() -> None:
    assert cannot_close(None, None, False, "x") is not None
    assert cannot_close(Risk.LIKELY, None, False, "x") is not None
    assert cannot_close(Risk.HIGH, AWARE, False, "x") is not None
    assert cannot_close(Risk.HIGH, AWARE, True, " ") is not None
    assert cannot_close(Risk.HIGH, AWARE, True, "New envelopes") is None
    assert cannot_close(Risk.UNLIKELY, None, False, "New envelopes") is None
