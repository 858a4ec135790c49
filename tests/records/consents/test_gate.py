"""G1–G4: who may be told what. Tables for both policies, and properties that no table can hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.consents.gate import (
    Asker,
    Body,
    FileFacts,
    NamedBody,
    OnFile,
    Outcome,
    Outsider,
    PersonFacts,
    Purpose,
    Reader,
    Recipient,
    may_we,
)
from records.consents.givers import Capacity, Giver, own_word_from
from records.consents.items import Category, Channel
from records.consents.look_rules import MayLook
from records.consents.standing import Answer, ConsentState, Route
from records.people.birthdates import BirthDate
from records.policies.settings import Policy, load
from records.staff.access import Actor
from records.vocabulary import Role

S, Out = ConsentState, Outcome
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
WESTMINSTER, NORTHAMPTONSHIRE = load("westminster", TODAY), load("northamptonshire", TODAY)
BOTH = [pytest.param(WESTMINSTER, id="westminster"), pytest.param(NORTHAMPTONSHIRE, id="northamptonshire")]
OFFICER = Actor(UUID(int=7), Role.OFFICER)
MOTHER, FATHER, CHILD = "mother-id", "father-id", "child-id"
YOUNG = own_word_from(BirthDate.on(date(2015, 5, 14)))
OLDER = own_word_from(BirthDate.on(date(2009, 5, 14)))
PEOPLE = (
    PersonFacts(CHILD, True, "self"), PersonFacts(MOTHER, False, "mother"), PersonFacts(FATHER, False, "father"),
)  # fmt: skip
FORM_CATEGORIES = [
    Category.LA_SEN, Category.EDUCATION, Category.HEALTH, Category.LEGAL, Category.SOCIAL_CARE, Category.PARENT_CARER_FORUM,
]  # fmt: skip
BODIES = tuple(NamedBody(each.value, each, date(2026, 1, 1)) for each in Category)


def said(
    item: str, state: S = S.GIVEN, on: str = "2026-03-02", *, person: str | None = MOTHER, giver: Giver = Giver.PARENT_OR_CARER,
    recorded: datetime | None = None, capacity: Capacity | None = None, route: Route = Route.FORM,
) -> Answer:  # fmt: skip
    day = date.fromisoformat(on)
    at = recorded or datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return Answer(str(uuid4()), item, state, day, day, at, route, giver, person, capacity)


def by_child(item: str, state: S = S.GIVEN, on: str = "2026-03-02", capacity: Capacity | None = None) -> Answer:
    return said(item, state, on, person=CHILD, giver=Giver.YOUNG_PERSON, capacity=capacity)


def file(*answers: Answer, policy: Policy = WESTMINSTER, own: object = YOUNG, **more: object) -> FileFacts:
    return replace(FileFacts(answers, policy, BODIES, PEOPLE, own), **more)  # type: ignore[arg-type]


def body(category: Category) -> Body:
    return Body(category, category.value)


def outcome(facts: FileFacts, to: Recipient, purpose: Purpose = Purpose.CONTACT, moment: datetime = NOW) -> Outcome:
    return may_we(OFFICER, facts, to, (), purpose, moment).outcome


ALL_RECIPIENTS: list[Recipient] = [
    *(body(each) for each in Category), Body(Category.HEALTH), OnFile(CHILD), OnFile(MOTHER), OnFile(FATHER), OnFile("nobody"),
    *(Reader(each) for each in Channel), Outsider(), Asker(),
]  # fmt: skip


@pytest.mark.parametrize("policy", BOTH)
@pytest.mark.parametrize("purpose", Purpose)
def test_with_nothing_recorded_nothing_is_allowed(policy: Policy, purpose: Purpose) -> None:
    """N1, G1: the default is no."""
    for to in ALL_RECIPIENTS:
        decision = may_we(OFFICER, file(policy=policy), to, ("letter",), purpose, NOW)
        assert not decision.allowed
        assert decision.reason.endswith((".", ")."))
        assert decision.policy_version == policy.version


@pytest.mark.parametrize("given_to", FORM_CATEGORIES)
@pytest.mark.parametrize("asked", FORM_CATEGORIES)
def test_each_tick_opens_its_own_kind_alone(given_to: Category, asked: Category) -> None:
    """F14–F19: 6 × 6."""
    found = outcome(file(said(f"contact:{given_to}")), body(asked))
    assert found is (Out.ALLOW if given_to is asked else Out.REFUSE)


NORTH = ("contact_others", "tell_others", "share:education")


@pytest.mark.parametrize(
    ("answers", "to", "purpose", "expected"),
    [
        pytest.param(NORTH, Category.EDUCATION, Purpose.CONTACT, Out.ALLOW, id="N12 all that it needs"),
        pytest.param(NORTH, Category.HEALTH, Purpose.CONTACT, Out.REFUSE, id="N12 health with only education"),
        pytest.param(NORTH[1:], Category.EDUCATION, Purpose.CONTACT, Out.REFUSE, id="N12 never let us contact others"),
        pytest.param(("contact_others", "share:education"), Category.EDUCATION, Purpose.CONTACT, Out.REFUSE, id="N11 told nobody"),
        pytest.param(("share:education",), Category.EDUCATION, Purpose.SHARE, Out.ALLOW, id="N14 share"),
        pytest.param(("share:education",), Category.EDUCATION, Purpose.TELL, Out.REFUSE, id="N11 to confirm is to disclose"),
        pytest.param(("share:la_sen", "tell_others", "contact_others"), Category.COUNCIL, Purpose.CONTACT, Out.REFUSE, id="N6 council finance"),
        pytest.param(("obtain_information", "share:health"), Category.HEALTH, Purpose.OBTAIN, Out.NEEDS_DECISION, id="N13 asked in general only"),
    ],
)  # fmt: skip
def test_northamptonshires_form_opens_only_what_it_asks(
    answers: tuple[str, ...], to: Category, purpose: Purpose, expected: Outcome
) -> None:
    facts = file(*(said(item) for item in answers), policy=NORTHAMPTONSHIRE)
    assert outcome(facts, body(to), purpose) is expected


@pytest.mark.parametrize("against", [S.REFUSED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED])
def test_what_one_form_asked_is_not_opened_by_another_way_round_a_no(against: S) -> None:
    """G2: where either question that would allow it says otherwise, the other one's yes is not enough."""
    both = (said("contact:health", against), said("share:health"))
    assert outcome(file(both[1]), body(Category.HEALTH), Purpose.SHARE) is Out.ALLOW
    decision = may_we(OFFICER, file(*both), body(Category.HEALTH), (), Purpose.SHARE, NOW)
    assert decision.outcome is Out.REFUSE
    assert set(decision.events) == {each.id for each in both}, "the refusal names the answers that it rests on"


@pytest.mark.parametrize("category", [Category.OTHER_1, Category.OTHER_2])
def test_a_yes_to_a_named_other_is_for_nobody_else(category: Category) -> None:
    """F20, R25."""
    yes = said(f"contact:{category}")
    for not_meant, expected in ((frozenset(), Out.ALLOW), (frozenset({yes.id}), Out.NEEDS_DECISION)):
        named = NamedBody(category.value, category, date(2026, 1, 1), not_meant=not_meant)
        assert outcome(file(yes, bodies=(named,)), body(category)) is expected


@pytest.mark.parametrize("policy", BOTH)
def test_records_are_looked_at_only_where_the_family_asked_for_it(policy: Policy) -> None:
    """N13, S13."""
    asked = [said("obtain_information"), said("share:health"), said("contact:health")]
    looked = (NamedBody("health", Category.HEALTH, date(2026, 1, 1), looks=(MayLook(date(2026, 11, 20)),)),)
    assert outcome(file(*asked, policy=policy, bodies=looked), body(Category.HEALTH), Purpose.OBTAIN) is Out.ALLOW
    early = NOW - timedelta(days=1)
    assert (
        outcome(file(*asked, policy=policy, bodies=looked), body(Category.HEALTH), Purpose.OBTAIN, early)
        is Out.NEEDS_DECISION
    )
    over = MayLook(date(2026, 11, 1), date(2026, 11, 20), withdrawn=True)
    taken_back = (replace(looked[0], looks=(over,)),)
    assert outcome(file(*asked, policy=policy, bodies=taken_back), body(Category.HEALTH), Purpose.OBTAIN) is Out.REFUSE
    assert outcome(file(*asked, policy=policy, bodies=taken_back), body(Category.HEALTH), Purpose.CONTACT) is outcome(
        file(*asked, policy=policy, bodies=looked), body(Category.HEALTH), Purpose.CONTACT
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (S.GIVEN, Out.ALLOW), (S.REFUSED, Out.REFUSE), (S.WITHDRAWN, Out.REFUSE), (S.NOT_ANSWERED, Out.REFUSE),
        (S.UNCLEAR, Out.NEEDS_DECISION), (S.EXPIRED, Out.REFUSE), (S.SUPERSEDED, Out.REFUSE),
    ],
)  # fmt: skip
def test_only_given_opens(state: S, expected: Outcome) -> None:
    """G2."""
    assert outcome(file(said("contact:health", state)), body(Category.HEALTH)) is expected


@pytest.mark.parametrize(
    ("answer", "own", "policy", "expected"),
    [
        pytest.param(said("contact:health"), YOUNG, WESTMINSTER, Out.ALLOW, id="W30 mother"),
        pytest.param(said("contact:health"), YOUNG, NORTHAMPTONSHIRE, Out.ALLOW, id="S5 mother"),
        pytest.param(said("contact:health", person="carer"), YOUNG, WESTMINSTER, Out.ALLOW, id="W30 carer"),
        pytest.param(said("contact:health", person="carer"), YOUNG, NORTHAMPTONSHIRE, Out.NEEDS_DECISION, id="S5 parent only"),
        pytest.param(said("contact:health", person="unknown"), YOUNG, WESTMINSTER, Out.NEEDS_DECISION, id="R27 not noted"),
        pytest.param(said("contact:health", person=None), YOUNG, WESTMINSTER, Out.NEEDS_DECISION, id="R27 nobody named"),
        pytest.param(said("contact:health", person="friend"), YOUNG, WESTMINSTER, Out.NEEDS_DECISION, id="R27 a friend"),
        pytest.param(said("contact:health", giver=Giver.REPRESENTATIVE), YOUNG, WESTMINSTER, Out.NEEDS_DECISION, id="R27 representative"),
        pytest.param(said("contact:health", giver=Giver.UNKNOWN), YOUNG, WESTMINSTER, Out.NEEDS_DECISION, id="R27 unknown"),
        pytest.param(by_child("contact:health"), YOUNG, WESTMINSTER, Out.NEEDS_DECISION, id="R17 a child of eleven"),
        pytest.param(by_child("contact:health", capacity=Capacity.ABLE), YOUNG, WESTMINSTER, Out.NEEDS_DECISION, id="W30 a parent must too"),
        pytest.param(by_child("contact:health"), OLDER, WESTMINSTER, Out.ALLOW, id="R20 young person, Westminster"),
        pytest.param(by_child("contact:health"), OLDER, NORTHAMPTONSHIRE, Out.ALLOW, id="R20 young person, Northamptonshire"),
        pytest.param(by_child("contact:health", capacity=Capacity.LACKS), OLDER, WESTMINSTER, Out.NEEDS_DECISION, id="R17 not able"),
        pytest.param(said("contact:health", on="2025-03-02"), OLDER, WESTMINSTER, Out.REFUSE, id="R33 given before school age ended"),
        pytest.param(said("contact:health"), OLDER, WESTMINSTER, Out.NEEDS_DECISION, id="R27 a parent for a young person"),
        pytest.param(said("contact:health", capacity=Capacity.LACKS), OLDER, WESTMINSTER, Out.ALLOW, id="R17 parent, lack noted"),
        pytest.param(said("contact:health"), None, WESTMINSTER, Out.NEEDS_DECISION, id="R13 no birth date"),
        pytest.param(by_child("contact:health"), None, WESTMINSTER, Out.NEEDS_DECISION, id="R13 child without a birth date"),
        pytest.param(
            said("contact:health"), own_word_from(BirthDate(date(2010, 1, 1), date(2010, 12, 31))), WESTMINSTER, Out.NEEDS_DECISION,
            id="R13 only the year is known",
        ),
    ],
)  # fmt: skip
def test_whose_word_opens(answer: Answer, own: object, policy: Policy, expected: Outcome) -> None:
    """R16, R17, R20, R27, S5."""
    people = (
        *PEOPLE,
        PersonFacts("carer", False, "carer"),
        PersonFacts("unknown", False),
        PersonFacts("friend", False, "friend"),
    )
    answer = replace(answer, item="share:health") if policy is NORTHAMPTONSHIRE else answer
    facts = file(answer, policy=policy, own=own, people=people)
    assert outcome(facts, body(Category.HEALTH), Purpose.SHARE) is expected


def test_a_young_person_said_yes_under_northamptonshires_words() -> None:
    facts = file(by_child("share:health"), policy=NORTHAMPTONSHIRE, own=OLDER)
    assert outcome(facts, body(Category.HEALTH), Purpose.SHARE) is Out.ALLOW


def test_consent_must_come_before_and_be_known() -> None:
    """N14: a share of 3 May is not allowed by a form of 4 May, nor by one that nobody had confirmed."""
    facts = file(said("contact:health", on="2026-05-04"))
    assert outcome(facts, body(Category.HEALTH), moment=datetime(2026, 5, 3, 12, tzinfo=UTC)) is Out.REFUSE
    late = file(said("contact:health", on="2026-05-01", recorded=datetime(2026, 5, 6, 9, tzinfo=UTC)))
    assert outcome(late, body(Category.HEALTH), moment=datetime(2026, 5, 3, 12, tzinfo=UTC)) is Out.REFUSE
    assert outcome(late, body(Category.HEALTH), moment=datetime(2026, 5, 7, 12, tzinfo=UTC)) is Out.ALLOW


def test_the_day_is_londons() -> None:
    """R12: 23:30 UTC on 31 May is 1 June in London."""
    facts = file(said("contact:health", on="2026-06-01", recorded=datetime(2026, 5, 20, tzinfo=UTC)))
    assert outcome(facts, body(Category.HEALTH), moment=datetime(2026, 5, 31, 23, 30, tzinfo=UTC)) is Out.ALLOW
    assert outcome(facts, body(Category.HEALTH), moment=datetime(2026, 5, 31, 22, 30, tzinfo=UTC)) is Out.REFUSE


def test_a_future_contact_is_asked_for_its_own_day() -> None:
    """W30, R33: a yes of 24 months has lapsed by then."""
    facts = file(said("contact:health", on="2025-01-10"))
    assert outcome(facts, body(Category.HEALTH)) is Out.ALLOW
    assert outcome(facts, body(Category.HEALTH), moment=datetime(2027, 1, 10, 12, tzinfo=UTC)) is Out.REFUSE


def test_a_spoken_yes_lapses_without_a_form() -> None:
    """W27."""
    facts = file(said("contact:health", on="2026-11-01", route=Route.TELEPHONE))
    assert outcome(facts, body(Category.HEALTH)) is Out.ALLOW
    assert outcome(facts, body(Category.HEALTH), moment=datetime(2026, 11, 29, 12, tzinfo=UTC)) is Out.REFUSE


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([said("contact:health"), said("contact:health", S.REFUSED, person=FATHER)], Out.REFUSE, id="same day, two carers"),
        pytest.param(
            [said("contact:health", S.REFUSED, "2026-03-01", person=FATHER), said("contact:health")], Out.NEEDS_DECISION,
            id="two carers, the yes is later",
        ),
        pytest.param(
            [said("contact:health"), by_child("contact:health", S.REFUSED, "2026-02-01")], Out.NEEDS_DECISION,
            id="parent against young person",
        ),
        pytest.param([said("contact:health"), said("contact:health", S.UNCLEAR)], Out.NEEDS_DECISION, id="same day, doubt"),
        pytest.param([said("contact:health"), said("contact:health", S.NOT_ANSWERED, "2026-05-02")], Out.ALLOW, id="F27 a later blank"),
        pytest.param(
            [said("contact:health"), said("contact:health", S.WITHDRAWN, "2026-03-10")], Out.REFUSE, id="R30 withdrawn",
        ),
    ],
)  # fmt: skip
def test_a_conflict_shuts_the_gate(answers: list[Answer], expected: Outcome) -> None:
    """R26, R27."""
    decision = may_we(OFFICER, file(*answers), body(Category.HEALTH), (), Purpose.CONTACT, NOW)
    assert decision.outcome is expected
    assert decision.events


def test_an_answer_that_settles_a_conflict_opens_again() -> None:
    no, yes = said("contact:health", S.REFUSED, "2026-03-01", person=FATHER), said("contact:health")
    settled = replace(said("contact:health", on="2026-04-01"), settles=frozenset({no.id, yes.id}))
    assert outcome(file(no, yes), body(Category.HEALTH)) is Out.NEEDS_DECISION
    assert outcome(file(no, yes, settled), body(Category.HEALTH)) is Out.ALLOW


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(by_child("contact:health", on="2026-04-01", capacity=Capacity.ABLE), id="W30 a child who understands"),
        pytest.param(by_child("contact:health", on="2026-04-01"), id="R17 a child whose understanding nobody noted"),
        pytest.param(said("contact:health", on="2026-04-01", giver=Giver.REPRESENTATIVE), id="R27 somebody else"),
    ],
)  # fmt: skip
def test_somebody_who_agrees_with_a_parent_shuts_nothing(second: Answer) -> None:
    """S5: the parent's own yes goes on, and is what the decision rests on; without it, a person decides as before."""
    yes = said("contact:health")
    decision = may_we(OFFICER, file(yes, second), body(Category.HEALTH), (), Purpose.CONTACT, NOW)
    assert (decision.outcome, decision.events) == (Out.ALLOW, (yes.id,))
    assert outcome(file(second), body(Category.HEALTH)) is Out.NEEDS_DECISION
    assert "2 March 2026" in decision.reason  # the day of the answer that it rests on
    between = said("contact:health", S.WITHDRAWN, "2026-03-20")
    for settles in (frozenset(), frozenset({between.id})):
        found = outcome(file(yes, between, replace(second, settles=settles)), body(Category.HEALTH))
        assert found is Out.NEEDS_DECISION


OLD, NO, NEW = "2026-01-05", "2026-02-05", "2026-03-05"
GRANDMOTHER = "gran-id"


@pytest.mark.parametrize("policy", BOTH)
def test_settling_a_no_brings_back_no_older_yes(policy: Policy) -> None:
    """R26, R30, S5: what settles opens by itself or not at all, however many had said yes before the no."""
    mothers, fathers = said("contact:health", on="2026-01-20"), said("contact:health", on=OLD, person=FATHER)
    no = said("contact:health", S.WITHDRAWN, NO, person=FATHER, route=Route.TELEPHONE)
    grans = said("contact:health", on="2026-01-20", person=GRANDMOTHER)
    people = (*PEOPLE, PersonFacts(GRANDMOTHER, False, "grandparent"))
    for last in (
        said("contact:health", on=NEW, giver=Giver.REPRESENTATIVE, person=None, route=Route.LETTER),
        by_child("contact:health", on=NEW),
        by_child("contact:health", on=NEW, capacity=Capacity.LACKS),
        said("contact:health", on=NEW, person=GRANDMOTHER, route=Route.LETTER),
    ):
        settling = replace(last, settles=frozenset({no.id}))
        alone = outcome(file(settling, policy=policy, people=people), body(Category.HEALTH))
        for before in ((fathers, no, mothers), (fathers, no, grans), (fathers, no)):
            assert outcome(file(*before, settling, policy=policy, people=people), body(Category.HEALTH)) is alone


def test_a_spoken_yes_that_settles_a_no_ends_by_itself() -> None:
    """W27: the form from before the no does not come back after the days of the spoken answer."""
    form, fathers = said("contact:health", on=OLD), said("contact:health", on="2026-01-20", person=FATHER)
    for who in (MOTHER, FATHER):
        no = said("contact:health", S.WITHDRAWN, NO, person=who, route=Route.TELEPHONE)
        spoken = replace(said("contact:health", on=NEW, route=Route.TELEPHONE), settles=frozenset({no.id}))
        assert outcome(file(form, fathers, no, spoken), body(Category.HEALTH)) is Out.REFUSE


def test_who_is_found_unable_to_decide_is_not_outvoted_by_their_own_older_yes() -> None:
    """R17."""
    before = by_child("contact:health", on=OLD)
    for own in (OLDER, YOUNG):
        able = replace(before, capacity=Capacity.ABLE)
        last = by_child("contact:health", on=NEW, capacity=Capacity.LACKS)
        for first in (before, able):
            assert outcome(file(first, last, own=own), body(Category.HEALTH)) is Out.NEEDS_DECISION


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param((), Out.NEEDS_DECISION, id="R25 nobody named"),
        pytest.param((NamedBody("health", Category.HEALTH, date(2026, 1, 1)),), Out.ALLOW, id="R25 named"),
        pytest.param((NamedBody("health", Category.SOCIAL_CARE, date(2026, 1, 1)),), Out.NEEDS_DECISION, id="named as another kind"),
        pytest.param((NamedBody("health", Category.HEALTH, date(2026, 12, 1)),), Out.NEEDS_DECISION, id="named later"),
        pytest.param((NamedBody("health", Category.HEALTH, date(2026, 1, 1), date(2026, 11, 20)),), Out.REFUSE, id="F13 not that one"),
    ],
)  # fmt: skip
def test_a_yes_is_for_a_named_body(named: tuple[NamedBody, ...], expected: Outcome) -> None:
    assert outcome(file(said("contact:health"), bodies=named), body(Category.HEALTH)) is expected


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("state", "allowed"),
    [(S.GIVEN, True), (S.REFUSED, False), (S.UNCLEAR, False), (S.NOT_ANSWERED, False), (S.WITHDRAWN, False)],
)
def test_news_needs_its_own_yes_and_limits_nothing_else(channel: Channel, state: S, allowed: bool) -> None:
    """F8–F12, R32."""
    facts = file(said(f"news:{channel}", state), said("contact:health"))
    for each in Channel:
        decision = may_we(OFFICER, facts, Reader(each), (), Purpose.NEWS, NOW)
        assert decision.allowed is (allowed and each is channel)
    assert outcome(facts, OnFile(MOTHER), Purpose.ADVICE) is Out.ALLOW  # a case letter still goes to a No
    assert outcome(facts, Reader(channel), Purpose.ADVICE) is Out.REFUSE  # and a Yes to news allows nothing else
    assert outcome(facts, Reader(channel), Purpose.CONTACT) is Out.REFUSE


@pytest.mark.parametrize(
    ("facts", "to", "expected"),
    [
        pytest.param(file(said("store")), OnFile(MOTHER), Out.ALLOW, id="W18 who came to us"),
        pytest.param(file(said("store")), OnFile(FATHER), Out.REFUSE, id="W3 the other parent"),
        pytest.param(file(said("store", S.REFUSED)), OnFile(MOTHER), Out.ALLOW, id="to answer a no"),
        pytest.param(file(said("store")), OnFile(CHILD), Out.NEEDS_DECISION, id="the child has not come themselves"),
        pytest.param(file(by_child("store")), OnFile(CHILD), Out.ALLOW, id="W2 the young person"),
        pytest.param(file(said("store"), own=OLDER), OnFile(MOTHER), Out.NEEDS_DECISION, id="R20 a parent of a young person"),
        pytest.param(file(said("store"), by_child("talk:family"), own=OLDER), OnFile(MOTHER), Out.ALLOW, id="R20 and they agree"),
        pytest.param(file(said("store"), by_child("talk:family", S.WITHDRAWN)), OnFile(MOTHER), Out.NEEDS_DECISION, id="W15 a no"),
        pytest.param(file(said("store", S.WITHDRAWN)), OnFile(FATHER), Out.REFUSE, id="a withdrawal brings nobody closer"),
        pytest.param(
            file(said("store"), said("news:post", S.REFUSED, person=FATHER, route=Route.TELEPHONE)), OnFile(FATHER), Out.REFUSE,
            id="W3 nor a no that somebody is said to have told us",
        ),
        pytest.param(
            file(said("store"), said("contact:health", person=FATHER, giver=Giver.REPRESENTATIVE)), OnFile(FATHER), Out.NEEDS_DECISION,
            id="R27 somebody else answered",
        ),
        pytest.param(
            file(said("store"), said("contact:education"), people=(PersonFacts(MOTHER, False, "school"),)), OnFile(MOTHER), Out.REFUSE,
            id="N11 a school on the file is no family",
        ),
        pytest.param(
            file(said("store"), people=(PersonFacts(MOTHER, False, "mother", unsafe=True),)), OnFile(MOTHER), Out.REFUSE, id="safe contact",
        ),
        pytest.param(
            file(said("store"), people=(PersonFacts(MOTHER, False, "mother", ended=True),)), OnFile(MOTHER), Out.REFUSE, id="no longer on file",
        ),
        pytest.param(
            file(said("store"), people=(PersonFacts(MOTHER, False, "mother", refused=True),)), OnFile(MOTHER), Out.NEEDS_DECISION, id="W15",
        ),
        pytest.param(
            file(said("store"), people=(PersonFacts(FATHER, False, "father", "yes"),)), OnFile(FATHER), Out.NEEDS_DECISION, id="R18",
        ),
    ],
)  # fmt: skip
def test_who_in_the_family_hears_of_the_case(facts: FileFacts, to: Recipient, expected: Outcome) -> None:
    assert outcome(facts, to, Purpose.ADVICE) is expected


def test_a_refusal_by_the_young_person_is_not_revealed() -> None:
    """W16."""
    facts = file(said("store"), by_child("talk:family", S.REFUSED))
    reason = may_we(OFFICER, facts, OnFile(MOTHER), (), Purpose.ADVICE, NOW).reason
    assert "young person" not in reason.lower() and "child" not in reason.lower()


def test_access_is_decided_by_its_request() -> None:
    """R19, W13."""
    assert outcome(file(said("store")), OnFile(MOTHER), Purpose.ACCESS) is Out.NEEDS_DECISION
    assert outcome(file(said("store")), OnFile(MOTHER, "request-1"), Purpose.ACCESS) is Out.ALLOW
    assert outcome(file(said("contact:la_sen")), body(Category.LA_SEN), Purpose.ACCESS) is Out.REFUSE


def test_what_the_child_gave_and_does_not_let_go_stays() -> None:
    """W29."""
    facts = file(said("contact:health"), withheld=("letter-1",))
    assert not may_we(OFFICER, facts, body(Category.HEALTH), ("letter-1", "letter-2"), Purpose.SHARE, NOW).allowed
    assert may_we(OFFICER, facts, body(Category.HEALTH), ("letter-2",), Purpose.SHARE, NOW).allowed


@pytest.mark.parametrize("purpose", Purpose)
def test_somebody_whose_request_was_decided_gets_what_is_held_and_nothing_else(purpose: Purpose) -> None:
    """R19: an agent or a relative who is not on the file."""
    found = may_we(OFFICER, file(said("store")), Asker("request-1"), ("copy",), purpose, NOW)
    assert found.allowed is (purpose is Purpose.ACCESS)
    assert found.events == (("request-1",) if found.allowed else ())


def test_their_own_letter_goes_to_the_child_alone() -> None:
    """W29, R58: what a young person keeps from everybody else is still theirs."""
    facts = file(said("store"), by_child("store"), withheld=("letter-1",))
    assert may_we(OFFICER, facts, OnFile(CHILD), ("letter-1",), Purpose.ADVICE, NOW).allowed
    assert not may_we(OFFICER, facts, OnFile(MOTHER), ("letter-1",), Purpose.ADVICE, NOW).allowed


def test_a_disabled_account_lets_nothing_out() -> None:
    gone = replace(OFFICER, active=False)
    assert not may_we(gone, file(said("contact:health")), body(Category.HEALTH), (), Purpose.CONTACT, NOW).allowed


def test_a_naive_moment_is_no_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        may_we(OFFICER, file(), Outsider(), (), Purpose.SHARE, datetime(2026, 1, 1))  # noqa: DTZ001


# Properties

OFTEN = [
    "contact:health", "share:health", "contact_others", "tell_others", "obtain_information", "talk:family", "store", "news:email",
]  # fmt: skip

ANSWERS = st.lists(
    st.builds(
        lambda item, state, day, who, capacity, route: replace(
            said(item, state, day.isoformat(), person=who[0], giver=who[1], route=route), capacity=capacity
        ),
        st.sampled_from(OFTEN), st.sampled_from(list(S)), st.dates(date(2026, 1, 1), date(2026, 11, 25)),
        st.sampled_from([
            (MOTHER, Giver.PARENT_OR_CARER), (FATHER, Giver.PARENT_OR_CARER), (CHILD, Giver.YOUNG_PERSON), (None, Giver.REPRESENTATIVE),
        ]),
        st.sampled_from([None, *Capacity]), st.sampled_from(list(Route)),
    ),
    max_size=8,
)  # fmt: skip
FACTS = st.builds(
    lambda answers, policy, own: file(*answers, policy=policy, own=own),
    ANSWERS, st.sampled_from([WESTMINSTER, NORTHAMPTONSHIRE]), st.sampled_from([YOUNG, OLDER, None]),
)  # fmt: skip
TO = st.sampled_from(
    [body(Category.HEALTH), OnFile(CHILD), OnFile(MOTHER), OnFile(FATHER), Reader(Channel.EMAIL), Outsider()]
)
WIDTH = {Out.REFUSE: 0, Out.NEEDS_DECISION: 0, Out.ALLOW: 1}


@given(
    FACTS,
    TO,
    st.sampled_from(list(Purpose)),
    st.dates(date(2026, 1, 1), date(2026, 11, 20)),
    st.sampled_from(OFTEN),
)
def test_a_withdrawal_never_opens_anything(
    facts: FileFacts, to: Recipient, purpose: Purpose, day: date, item: str
) -> None:
    """R29, R30, W3: whoever withdraws or says no, whatever, whenever, told in whatever way needs no proof of who spoke."""
    for person, giver in (
        (MOTHER, Giver.PARENT_OR_CARER),
        (FATHER, Giver.PARENT_OR_CARER),
        (CHILD, Giver.YOUNG_PERSON),
    ):
        told = said(item, S.REFUSED, day.isoformat(), person=person, giver=giver, route=Route.TELEPHONE)
        for no in (said(item, S.WITHDRAWN, day.isoformat(), person=person, giver=giver), told):
            more = replace(facts, answers=[*facts.answers, no])
            assert WIDTH[outcome(more, to, purpose)] <= WIDTH[outcome(facts, to, purpose)]


@given(FACTS, st.sampled_from(list(Category)), st.sampled_from(list(Purpose)), st.randoms())
def test_the_order_of_arrival_never_changes_the_gate(
    facts: FileFacts, to: Category, purpose: Purpose, random: st.DataObject
) -> None:
    shuffled = list(facts.answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands over a random.Random
    one = may_we(OFFICER, facts, body(to), (), purpose, NOW)
    assert one == may_we(OFFICER, replace(facts, answers=shuffled), body(to), (), purpose, NOW)


@given(FACTS, TO, st.sampled_from(list(Purpose)))
def test_what_is_allowed_rests_on_answers_that_are_a_yes(facts: FileFacts, to: Recipient, purpose: Purpose) -> None:
    """G2: only given opens, and the decision names it."""
    decision = may_we(OFFICER, facts, to, (), purpose, NOW)
    if decision.allowed and not isinstance(to, OnFile):
        states = {answer.state for answer in facts.answers if answer.id in decision.events}
        assert states == {S.GIVEN}


@given(FACTS, TO, st.sampled_from(list(Purpose)))
def test_turning_every_yes_into_doubt_shuts_every_gate(facts: FileFacts, to: Recipient, purpose: Purpose) -> None:
    """R23: unclear never allows."""
    doubtful = [replace(each, state=S.UNCLEAR) if each.state is S.GIVEN else each for each in facts.answers]
    if not isinstance(to, OnFile):
        assert outcome(replace(facts, answers=doubtful), to, purpose) is not Out.ALLOW
