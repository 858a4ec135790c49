"""G2, R22, R26, R30, R33, F27: what holds on a day; arrival order never matters."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.consents.givers import Capacity, Giver, own_word_from
from records.consents.standing import Answer, ConsentState, Lapses, Route, closed_by, standing
from records.people.birthdates import BirthDate

S = ConsentState
TODAY = date(2026, 11, 20)


def answer(
    state: ConsentState, on: str, *, id: str = "", received: str | None = None, kind: Route = Route.FORM
) -> Answer:
    day = date.fromisoformat(on)
    got = date.fromisoformat(received) if received else day
    return Answer(
        id or f"{state}-{on}",
        "contact:health",
        state,
        day,
        got,
        datetime(got.year, got.month, got.day, 12, tzinfo=UTC),
        kind,
    )


def state(*answers: Answer, on: date = TODAY) -> ConsentState:
    return standing(answers, on)["contact:health"].state


@pytest.mark.parametrize(
    ("answers", "holds"),
    [
        pytest.param([answer(S.GIVEN, "2026-03-02")], S.GIVEN, id="R23 given"),
        pytest.param([answer(S.REFUSED, "2026-03-02")], S.REFUSED, id="R23 refused"),
        pytest.param([answer(S.NOT_ANSWERED, "2026-03-02")], S.NOT_ANSWERED, id="R22 silence is neither"),
        pytest.param([answer(S.UNCLEAR, "2026-03-02")], S.UNCLEAR, id="R23 unclear"),
        pytest.param([answer(S.GIVEN, "2026-03-02"), answer(S.REFUSED, "2026-03-03")], S.REFUSED, id="F27 later wins"),
        pytest.param([answer(S.REFUSED, "2026-03-02"), answer(S.GIVEN, "2026-03-03")], S.GIVEN, id="F27 later yes wins"),
        pytest.param(
            [answer(S.WITHDRAWN, "2026-03-10", kind=Route.TELEPHONE), answer(S.GIVEN, "2026-03-02", received="2026-03-14")],
            S.WITHDRAWN, id="R26 older form after a withdrawal",
        ),
        pytest.param(
            [answer(S.WITHDRAWN, "2026-03-10", kind=Route.TELEPHONE), answer(S.GIVEN, "2026-03-20", received="2026-03-24")],
            S.GIVEN, id="R26 newer form after a withdrawal",
        ),
        pytest.param([answer(S.GIVEN, "2026-03-02"), answer(S.REFUSED, "2026-03-02")], S.REFUSED, id="R26 same day, refusal"),
        pytest.param(
            [answer(S.REFUSED, "2026-03-02"), answer(S.WITHDRAWN, "2026-03-02"), answer(S.GIVEN, "2026-03-02")],
            S.WITHDRAWN, id="R26 same day, withdrawal",
        ),
        pytest.param([answer(S.GIVEN, "2026-03-02"), answer(S.UNCLEAR, "2026-03-02")], S.UNCLEAR, id="same day, doubt"),
        pytest.param([answer(S.GIVEN, "2026-03-02"), answer(S.NOT_ANSWERED, "2026-05-02")], S.GIVEN, id="F27 a later blank"),
    ],
)  # fmt: skip
def test_what_holds(answers: list[Answer], holds: ConsentState) -> None:
    for order in permutations(answers):
        assert state(*order) is holds


def test_a_later_blank_and_a_quarrel_of_one_day_raise_questions() -> None:
    """F27, R26."""
    blank = standing([answer(S.GIVEN, "2026-03-02"), answer(S.NOT_ANSWERED, "2026-05-02")], TODAY)["contact:health"]
    quarrel = standing([answer(S.GIVEN, "2026-03-02"), answer(S.REFUSED, "2026-03-02")], TODAY)["contact:health"]
    assert "leaves this blank" in blank.questions[0]
    assert "differ" in quarrel.questions[0]


def test_a_consent_holds_from_its_day_and_not_before() -> None:
    """N14."""
    given_ = answer(S.GIVEN, "2026-05-04")
    assert standing([given_], date(2026, 5, 3)) == {}
    assert state(given_, on=date(2026, 5, 4)) is S.GIVEN


def test_since_is_the_first_day_of_an_unbroken_answer() -> None:
    held = standing([answer(S.GIVEN, "2024-06-04"), answer(S.GIVEN, "2026-03-01")], TODAY)["contact:health"]
    assert held.since == date(2024, 6, 4)
    broken = [answer(S.GIVEN, "2024-06-04"), answer(S.REFUSED, "2025-01-01"), answer(S.GIVEN, "2026-03-01")]
    assert standing(broken, TODAY)["contact:health"].since == date(2026, 3, 1)


def test_what_was_known_then_is_kept_apart_from_what_was_true_then() -> None:
    late = answer(S.REFUSED, "2026-03-02", received="2026-04-10")
    both = [answer(S.GIVEN, "2026-01-05"), late]
    then = datetime(2026, 4, 1, tzinfo=UTC)
    assert standing(both, date(2026, 3, 20), known_at=then)["contact:health"].state is S.GIVEN
    assert standing(both, date(2026, 3, 20))["contact:health"].state is S.REFUSED


def test_a_consent_lapses_after_its_months_and_a_refusal_does_not() -> None:
    """R33."""
    assert standing([answer(S.GIVEN, "2024-11-20")], TODAY, refresh_months=24)["contact:health"].state is S.EXPIRED
    assert standing([answer(S.GIVEN, "2024-11-21")], TODAY, refresh_months=24)["contact:health"].state is S.GIVEN
    assert standing([answer(S.REFUSED, "2020-01-01")], TODAY, refresh_months=24)["contact:health"].state is S.REFUSED


STATES = st.sampled_from([S.GIVEN, S.REFUSED, S.WITHDRAWN, S.NOT_ANSWERED, S.UNCLEAR])
ANSWERS = st.lists(
    st.builds(lambda s, d, i: answer(s, d.isoformat(), id=str(i)), STATES, st.dates(date(2026, 1, 1), date(2026, 1, 6)), st.uuids()),
    min_size=1, max_size=6,
)  # fmt: skip


@given(ANSWERS, st.randoms())
def test_arrival_order_never_changes_what_holds(answers: list[Answer], random: st.DataObject) -> None:
    shuffled = list(answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands over a random.Random
    assert standing(answers, TODAY) == standing(shuffled, TODAY)


@given(ANSWERS)
def test_a_yes_never_holds_unless_it_is_among_the_latest_words(answers: list[Answer]) -> None:
    held = standing(answers, TODAY)["contact:health"]
    if held.state is S.GIVEN:
        said = [each for each in answers if each.state is not S.NOT_ANSWERED]
        last = max(each.effective_on for each in said)
        assert {each.state for each in said if each.effective_on == last} == {S.GIVEN}


# Whose word, which day, what settles: the same answers in every order of arrival

CHILD_SAYS = {"giver": Giver.YOUNG_PERSON, "person": "child"}
BORN = BirthDate.on(date(2010, 5, 14))  # school age ended on 26 June 2026, the 16th birthday was 14 May 2026


def own(on: date, *answers: Answer) -> ConsentState:
    return standing(answers, on, lapses=Lapses(24, 28, own_word_from(BORN)))["contact:health"].state


@pytest.mark.parametrize(
    ("answers", "on", "holds"),
    [
        pytest.param([answer(S.GIVEN, "2026-03-02")], date(2026, 5, 13), S.GIVEN, id="R20 the day before the birthday"),
        pytest.param([answer(S.GIVEN, "2026-03-02")], date(2026, 5, 14), S.EXPIRED, id="R20, R33 on the birthday"),
        pytest.param([answer(S.GIVEN, "2026-06-02")], TODAY, S.UNCLEAR, id="R27 a parent signs for a young person"),
        pytest.param([answer(S.REFUSED, "2026-06-02")], TODAY, S.REFUSED, id="a no needs no age"),
        pytest.param(
            [replace(answer(S.GIVEN, "2026-04-02", id="c"), **CHILD_SAYS), answer(S.REFUSED, "2026-06-02", id="p")], TODAY, S.GIVEN,
            id="R16 the young person's word alone",
        ),
        pytest.param(
            [replace(answer(S.REFUSED, "2026-04-02", id="c"), **CHILD_SAYS), answer(S.GIVEN, "2026-06-02", id="p")], TODAY, S.REFUSED,
            id="R16 and their no",
        ),
        pytest.param([replace(answer(S.GIVEN, "2026-03-02"), capacity=Capacity.LACKS)], TODAY, S.GIVEN, id="R17 lack noted"),
        pytest.param([replace(answer(S.GIVEN, "2026-03-02"), item="contact:health", route=Route.TELEPHONE)], date(2026, 3, 30), S.EXPIRED, id="W27"),
    ],
)  # fmt: skip
def test_age_and_route_end_a_yes(answers: list[Answer], on: date, holds: ConsentState) -> None:
    for order in permutations(answers):
        assert own(on, *order) is holds


def test_a_spoken_yes_that_repeats_a_signed_one_takes_nothing_away() -> None:
    """W27: the spoken one ends after its days, the form goes on; where a no lies between, only the spoken one is there to end."""
    form, spoken = answer(S.GIVEN, "2025-09-02"), replace(answer(S.GIVEN, "2026-01-02"), route=Route.TELEPHONE)
    no = answer(S.REFUSED, "2025-12-01")
    for order in permutations([form, spoken]):
        held = standing(order, date(2026, 3, 1), lapses=Lapses(24, 28))["contact:health"]
        assert (held.state, held.event, held.reason) == (S.GIVEN, form.id, "Given on 2 September 2025.")
    for order in permutations([form, no, spoken]):
        assert standing(order, date(2026, 1, 20), lapses=Lapses(24, 28))["contact:health"].beside == ()
        assert standing(order, date(2026, 3, 1), lapses=Lapses(24, 28))["contact:health"].state is S.EXPIRED


def test_a_birthday_takes_neither_the_file_nor_the_news() -> None:
    for item in ("store", "news:email"):
        held = standing(
            [replace(answer(S.GIVEN, "2026-03-02"), item=item)], TODAY, lapses=Lapses(24, 28, own_word_from(BORN))
        )
        assert held[item].state is S.GIVEN


def test_only_the_year_of_birth_leaves_doubt_not_a_yes() -> None:
    """R13."""
    year = own_word_from(BirthDate(date(2010, 1, 1), date(2010, 12, 31)))
    held = standing([answer(S.GIVEN, "2026-01-02")], date(2026, 3, 1), lapses=Lapses(24, 28, year))["contact:health"]
    assert held.state is S.UNCLEAR
    assert "birth date is not certain" in held.reason


def test_two_people_who_disagree_are_settled_by_name_not_by_time() -> None:
    no, yes = (
        replace(answer(S.REFUSED, "2026-03-01", id="no"), person="father"),
        replace(answer(S.GIVEN, "2026-03-02", id="yes"), person="mother"),
    )
    settled = replace(answer(S.GIVEN, "2026-03-05", id="settled"), person="mother", settles=frozenset({"no", "yes"}))
    late = replace(answer(S.REFUSED, "2026-03-03", id="late"), person="father")
    for order in permutations([no, yes]):
        assert state(*order) is S.UNCLEAR
    for order in permutations([no, yes, settled]):
        assert state(*order) is S.GIVEN
    for order in permutations([no, yes, settled, late]):  # a word that nobody had asked about opens the question again
        assert state(*order) is S.UNCLEAR


def test_a_later_answer_of_the_same_person_closes_an_earlier_one() -> None:
    """G2: superseded."""
    first, second = answer(S.GIVEN, "2026-03-01", id="1"), answer(S.REFUSED, "2026-04-01", id="2")
    other = replace(answer(S.REFUSED, "2026-05-01", id="3"), person="father")
    for order in permutations([first, second, other]):
        assert closed_by(order) == {"1": "2"}


SAID_BY = st.sampled_from(
    [("mother", Giver.PARENT_OR_CARER), ("father", Giver.PARENT_OR_CARER), ("child", Giver.YOUNG_PERSON)]
)
MANY = st.lists(
    st.builds(
        lambda a, who, capacity, route: replace(a, person=who[0], giver=who[1], capacity=capacity, route=route),
        st.builds(lambda s, d, i: answer(s, d.isoformat(), id=str(i)), STATES, st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.uuids()),
        SAID_BY, st.sampled_from([None, *Capacity]), st.sampled_from(list(Route)),
    ),
    min_size=1, max_size=7,
)  # fmt: skip


@given(MANY, st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.randoms())
def test_no_order_of_arrival_changes_what_holds_for_anybody(
    answers: list[Answer], on: date, random: st.DataObject
) -> None:
    """F27, R26: with people, ages, routes and settled answers, at a day and as known at a moment."""
    settling = [replace(answers[0], settles=frozenset(each.id for each in answers[1:3])), *answers[1:]]
    shuffled = list(settling)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands over a random.Random
    rules = Lapses(24, 28, own_word_from(BORN))
    assert standing(settling, on, lapses=rules) == standing(shuffled, on, lapses=rules)
    then = datetime(on.year, on.month, on.day, tzinfo=UTC)
    assert standing(settling, on, known_at=then, lapses=rules) == standing(shuffled, on, known_at=then, lapses=rules)
    assert closed_by(settling) == closed_by(shuffled)


@given(MANY, st.sets(st.integers(0, 5)), st.dates(date(2026, 1, 1), date(2026, 12, 1)))
def test_a_no_ends_every_yes_before_it_also_when_it_was_settled(
    answers: list[Answer], settles: set[int], on: date
) -> None:
    """R26, R30: an answer that settles opens by itself or not at all; it brings back no older yes of anybody."""
    rest = [each for n, each in enumerate(answers[1:]) if n in settles and each.effective_on <= answers[0].effective_on]
    settling = [replace(answers[0], settles=frozenset(each.id for each in rest)), *answers[1:]]
    held = (
        standing(settling, on, lapses=Lapses(24, 28))["contact:health"]
        if any(a.effective_on <= on for a in settling)
        else None
    )
    if held is None or held.state is not S.GIVEN:
        return
    noes = [a.effective_on for a in settling if a.state not in (S.GIVEN, S.NOT_ANSWERED) and a.effective_on <= on]
    last = max(a.effective_on for a in settling if a.state is S.GIVEN and a.effective_on <= on)
    by_id = {a.id: a for a in settling}
    for id in (held.event, *held.beside):
        day = by_id[id or ""].effective_on
        assert day == last or day > max(noes, default=date.min)
        assert by_id[id or ""].capacity is Capacity.LACKS or not any(
            a.who == by_id[id or ""].who
            and a.capacity is Capacity.LACKS
            and a.effective_on > day
            and a.id in {held.event, *held.beside}
            for a in settling
        )
