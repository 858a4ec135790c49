"""R19 row by row, written out by hand from the rule: who asks, which child, what was noted, what the child says, what comes of it."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.people.birthdates import BirthDate
from records.people.entitlement import (
    WIDTH,
    About,
    Agent,
    Child,
    GivenByChild,
    Item,
    Outcome,
    Requester,
    RequesterKind,
    Understanding,
    Values,
    View,
    entitled,
    values_of,
)
from records.people.facts import Answer
from records.policies.settings import load

TODAY = date(2026, 11, 20)
WESTMINSTER, NORTHAMPTONSHIRE = (values_of(load(name, TODAY)) for name in ("westminster", "northamptonshire"))
BOTH = (WESTMINSTER, NORTHAMPTONSHIRE)

AGED = {
    "5": BirthDate.on(date(2021, 3, 1)),
    "12, 13 tomorrow": BirthDate.on(date(2013, 11, 21)),
    "13 today": BirthDate.on(date(2013, 11, 20)),
    "15, 16 tomorrow": BirthDate.on(date(2010, 11, 21)),
    "16 today": BirthDate.on(date(2010, 11, 20)),
    "17": BirthDate.on(date(2009, 6, 15)),
    "24": BirthDate.on(date(2002, 1, 1)),
    "12 or 13": BirthDate(date(2013, 11, 1), date(2013, 11, 30)),
    "15 or 16": BirthDate(date(2010, 1, 1), date(2010, 12, 31)),
    "unknown": None,
}
CHILD = Requester(RequesterKind.CHILD)
PARENT = Requester(RequesterKind.RELATIVE, Answer.YES)
UNPROVEN = Requester(RequesterKind.RELATIVE, Answer.UNKNOWN)
NO_PR = Requester(RequesterKind.RELATIVE, Answer.NO)
UNDER_ORDER = Requester(RequesterKind.RELATIVE, Answer.YES, limited=True)
BODY = Requester(RequesterKind.BODY)
YES, NO, NOT_NOTED = Understanding.YES, Understanding.NO, Understanding.NOT_NOTED
OBJECTS, AGREES, NOT_ASKED, AUTHORISES = View.OBJECTS, View.AGREES, View.NOT_ASKED, View.AUTHORISES
REFUSE, DECIDE, RELEASE = Outcome.REFUSE, Outcome.NEEDS_DECISION, Outcome.RELEASE
TICK, REPRESENTATIVE = Outcome.RELEASE_AFTER_BEST_INTERESTS, Outcome.RELEASE_AS_REPRESENTATIVE

# requester, age, understanding noted, child's view, row, Westminster, Northamptonshire
ROWS = [
    (BODY, "5", NOT_NOTED, NOT_ASKED, 1, REFUSE, REFUSE),
    (BODY, "13 today", YES, AGREES, 1, REFUSE, REFUSE),
    (BODY, "16 today", YES, AUTHORISES, 1, REFUSE, REFUSE),
    (BODY, "unknown", NO, OBJECTS, 1, REFUSE, REFUSE),
    (CHILD, "5", YES, NOT_ASKED, 4, RELEASE, RELEASE),
    (CHILD, "12, 13 tomorrow", YES, NOT_ASKED, 4, RELEASE, RELEASE),
    (CHILD, "13 today", YES, NOT_ASKED, 4, RELEASE, RELEASE),
    (CHILD, "16 today", YES, NOT_ASKED, 4, RELEASE, RELEASE),
    (CHILD, "unknown", YES, NOT_ASKED, 4, RELEASE, RELEASE),
    (CHILD, "16 today", NOT_NOTED, NOT_ASKED, 5, RELEASE, RELEASE),
    (CHILD, "17", NOT_NOTED, NOT_ASKED, 5, RELEASE, RELEASE),
    (CHILD, "24", NOT_NOTED, NOT_ASKED, 5, RELEASE, RELEASE),
    (CHILD, "15, 16 tomorrow", NOT_NOTED, NOT_ASKED, 6, DECIDE, DECIDE),
    (CHILD, "13 today", NOT_NOTED, NOT_ASKED, 6, DECIDE, DECIDE),
    (CHILD, "5", NOT_NOTED, NOT_ASKED, 6, DECIDE, DECIDE),
    (CHILD, "unknown", NOT_NOTED, NOT_ASKED, 6, DECIDE, DECIDE),
    (CHILD, "15 or 16", NOT_NOTED, NOT_ASKED, 6, DECIDE, DECIDE),
    (CHILD, "17", NO, NOT_ASKED, 7, DECIDE, DECIDE),
    (CHILD, "5", NO, NOT_ASKED, 7, DECIDE, DECIDE),
    (CHILD, "unknown", NO, NOT_ASKED, 7, DECIDE, DECIDE),
    (UNPROVEN, "5", NOT_NOTED, NOT_ASKED, 8, DECIDE, DECIDE),
    (UNPROVEN, "13 today", YES, AGREES, 8, DECIDE, DECIDE),
    (UNPROVEN, "17", YES, AUTHORISES, 8, DECIDE, DECIDE),
    (UNPROVEN, "unknown", YES, OBJECTS, 8, DECIDE, DECIDE),
    (NO_PR, "5", NO, NOT_ASKED, 8, DECIDE, DECIDE),
    (NO_PR, "16 today", NOT_NOTED, AUTHORISES, 8, DECIDE, DECIDE),
    (UNDER_ORDER, "5", NO, AGREES, 8, DECIDE, DECIDE),
    (UNDER_ORDER, "13 today", YES, AGREES, 8, DECIDE, DECIDE),
    (PARENT, "unknown", YES, AGREES, 9, DECIDE, DECIDE),
    (PARENT, "unknown", NO, NOT_ASKED, 9, DECIDE, DECIDE),
    (PARENT, "unknown", NOT_NOTED, AUTHORISES, 9, DECIDE, DECIDE),
    (PARENT, "15 or 16", YES, AGREES, 9, DECIDE, DECIDE),
    (PARENT, "16 today", NO, NOT_ASKED, 10, DECIDE, DECIDE),
    (PARENT, "24", NO, AUTHORISES, 10, DECIDE, DECIDE),
    (PARENT, "17", NO, OBJECTS, 10, DECIDE, DECIDE),
    (PARENT, "16 today", YES, AUTHORISES, 11, REPRESENTATIVE, REPRESENTATIVE),
    (PARENT, "17", NOT_NOTED, AUTHORISES, 11, REPRESENTATIVE, REPRESENTATIVE),
    (PARENT, "24", YES, AUTHORISES, 11, REPRESENTATIVE, REPRESENTATIVE),
    (PARENT, "16 today", YES, AGREES, 12, REFUSE, DECIDE),
    (PARENT, "16 today", NOT_NOTED, NOT_ASKED, 12, REFUSE, DECIDE),
    (PARENT, "17", YES, OBJECTS, 12, REFUSE, DECIDE),
    (PARENT, "17", NOT_NOTED, AGREES, 12, REFUSE, DECIDE),
    (PARENT, "24", NOT_NOTED, NOT_ASKED, 12, REFUSE, DECIDE),
    (PARENT, "5", YES, OBJECTS, 13, REFUSE, DECIDE),
    (PARENT, "12, 13 tomorrow", YES, OBJECTS, 13, REFUSE, DECIDE),
    (PARENT, "13 today", YES, OBJECTS, 13, REFUSE, DECIDE),
    (PARENT, "15, 16 tomorrow", YES, OBJECTS, 13, REFUSE, DECIDE),
    (PARENT, "12 or 13", YES, OBJECTS, 13, REFUSE, DECIDE),
    (PARENT, "5", YES, AGREES, 14, RELEASE, RELEASE),
    (PARENT, "13 today", YES, AGREES, 14, RELEASE, RELEASE),
    (PARENT, "15, 16 tomorrow", YES, AUTHORISES, 14, RELEASE, RELEASE),
    (PARENT, "5", YES, NOT_ASKED, 15, DECIDE, DECIDE),
    (PARENT, "13 today", YES, NOT_ASKED, 15, DECIDE, DECIDE),
    (PARENT, "15, 16 tomorrow", YES, NOT_ASKED, 15, DECIDE, DECIDE),
    (PARENT, "13 today", NOT_NOTED, NOT_ASKED, 16, DECIDE, DECIDE),
    (PARENT, "13 today", NOT_NOTED, OBJECTS, 16, DECIDE, DECIDE),
    (PARENT, "15, 16 tomorrow", NOT_NOTED, AGREES, 16, DECIDE, DECIDE),
    (PARENT, "12 or 13", NOT_NOTED, AGREES, 16, DECIDE, DECIDE),
    (PARENT, "12, 13 tomorrow", NOT_NOTED, OBJECTS, 17, DECIDE, DECIDE),
    (PARENT, "5", NOT_NOTED, OBJECTS, 17, DECIDE, DECIDE),
    (PARENT, "12, 13 tomorrow", NOT_NOTED, NOT_ASKED, 18, TICK, TICK),
    (PARENT, "5", NOT_NOTED, AGREES, 18, TICK, TICK),
    (PARENT, "5", NOT_NOTED, AUTHORISES, 18, TICK, TICK),
    (PARENT, "5", NO, OBJECTS, 19, TICK, TICK),
    (PARENT, "13 today", NO, NOT_ASKED, 19, TICK, TICK),
    (PARENT, "15, 16 tomorrow", NO, AGREES, 19, TICK, TICK),
]


@pytest.mark.parametrize(
    ("requester", "age", "noted", "view", "row", "westminster", "northamptonshire"),
    ROWS,
    ids=[f"row {row[4]}, {row[1]}, {row[2]}, {row[3]}" for row in ROWS],
)
def test_r19_row_by_row(
    requester: Requester, age: str, noted: Understanding, view: View, row: int,
    westminster: Outcome, northamptonshire: Outcome,
) -> None:  # fmt: skip
    for values, wanted in ((WESTMINSTER, westminster), (NORTHAMPTONSHIRE, northamptonshire)):
        found = entitled(requester, Child(AGED[age], noted, view), values, TODAY).whole
        assert (found.outcome, found.row) == (wanted, row)
        assert found.reason.endswith(".")
        assert found.favours_release is (values is NORTHAMPTONSHIRE and row in (12, 13))


def test_at_least_sixty_cases_and_every_row_that_answers_the_whole() -> None:
    assert len(ROWS) >= 60
    assert {row[4] for row in ROWS} == {1, *range(4, 20)}


GAVE_NO, GAVE_REFUSES, GAVE_NOT_ASKED, GAVE_AGREES = (
    GivenByChild.NO, GivenByChild.REFUSES, GivenByChild.NOT_ASKED, GivenByChild.AGREES,
)  # fmt: skip
WITHHOLD = Outcome.WITHHOLD

# requester, age, understanding, view, item, outcome, row; the same under both policies
ITEMS = [
    (PARENT, "5", NOT_NOTED, NOT_ASKED, Item("i", harm=True), DECIDE, 2),
    (CHILD, "17", YES, NOT_ASKED, Item("i", harm=True), DECIDE, 2),
    (UNPROVEN, "5", NOT_NOTED, NOT_ASKED, Item("i", harm=True), DECIDE, 2),
    (BODY, "5", NOT_NOTED, NOT_ASKED, Item("i", harm=True), REFUSE, 1),
    (PARENT, "5", NOT_NOTED, NOT_ASKED, Item("i", GAVE_REFUSES), WITHHOLD, 3),
    (PARENT, "13 today", YES, AGREES, Item("i", GAVE_REFUSES), WITHHOLD, 3),
    (PARENT, "17", YES, AUTHORISES, Item("i", GAVE_REFUSES), WITHHOLD, 3),
    (PARENT, "13 today", YES, AGREES, Item("i", GAVE_REFUSES, harm=True), WITHHOLD, 3),
    (UNPROVEN, "5", NO, AGREES, Item("i", GAVE_REFUSES), WITHHOLD, 3),
    (PARENT, "5", NOT_NOTED, NOT_ASKED, Item("i", GAVE_NOT_ASKED), DECIDE, 3),
    (PARENT, "13 today", YES, AGREES, Item("i", GAVE_NOT_ASKED), DECIDE, 3),
    (PARENT, "13 today", YES, AGREES, Item("i", GAVE_AGREES), RELEASE, 14),
    (PARENT, "13 today", YES, AGREES, Item("i", GAVE_NO), RELEASE, 14),
    (CHILD, "17", YES, NOT_ASKED, Item("i", GAVE_REFUSES), RELEASE, 4),
    (CHILD, "17", YES, NOT_ASKED, Item("i", GAVE_NOT_ASKED), RELEASE, 4),
    (CHILD, "13 today", NOT_NOTED, NOT_ASKED, Item("i", GAVE_AGREES), DECIDE, 6),
    (PARENT, "17", YES, OBJECTS, Item("i", about=About.REQUESTER), RELEASE, 0),
    (UNPROVEN, "5", NO, NOT_ASKED, Item("i", about=About.REQUESTER), RELEASE, 0),
    (PARENT, "17", YES, OBJECTS, Item("i", about=About.BOTH), DECIDE, 0),
    (PARENT, "5", NOT_NOTED, AGREES, Item("i", about=About.BOTH), DECIDE, 0),
    (BODY, "5", NOT_NOTED, AGREES, Item("i", about=About.REQUESTER), REFUSE, 1),
    (PARENT, "17", YES, OBJECTS, Item("i", GAVE_REFUSES, about=About.REQUESTER), WITHHOLD, 3),
]


@pytest.mark.parametrize("values", BOTH, ids=["westminster", "northamptonshire"])
@pytest.mark.parametrize(("requester", "age", "noted", "view", "item", "outcome", "row"), ITEMS)
def test_rows_2_and_3_item_by_item(
    requester: Requester, age: str, noted: Understanding, view: View, item: Item, outcome: Outcome, row: int,
    values: Values,
) -> None:  # fmt: skip
    found = entitled(requester, Child(AGED[age], noted, view), values, TODAY, [item]).items["i"]
    assert (found.outcome, found.row, found.manager) == (outcome, row, row == 2)


def test_one_item_refused_leaves_the_others() -> None:
    found = entitled(
        PARENT, Child(AGED["13 today"], YES, AGREES), WESTMINSTER, TODAY,
        [Item("theirs", GAVE_REFUSES), Item("safety", harm=True), Item("plain")],
    )  # fmt: skip
    assert {id: result.outcome for id, result in found.items.items()} == {
        "theirs": WITHHOLD, "safety": DECIDE, "plain": RELEASE,
    }  # fmt: skip


def test_where_the_whole_is_refused_no_row_opens_an_item_about_the_child_again() -> None:
    items = [Item(gave, gave, harm) for gave in GivenByChild for harm in (True, False)]
    found = entitled(PARENT, Child(AGED["17"], YES, OBJECTS), WESTMINSTER, TODAY, items)
    assert {result.outcome for result in found.items.values()} <= {REFUSE, WITHHOLD}


def test_the_letter_never_reveals_that_the_child_objected() -> None:
    objects = entitled(PARENT, Child(AGED["13 today"], YES, OBJECTS), WESTMINSTER, TODAY).whole
    assert objects.tell is None
    older = [entitled(PARENT, Child(AGED["17"], YES, view), WESTMINSTER, TODAY).whole for view in (OBJECTS, NOT_ASKED)]
    assert older[0] == older[1]
    assert older[0].tell == "The request must come from the young person."


@pytest.mark.parametrize("principal", [CHILD, PARENT, UNPROVEN, BODY])
@pytest.mark.parametrize("values", BOTH, ids=["westminster", "northamptonshire"])
def test_an_agent_stands_where_the_one_stands_who_authorised_them(principal: Requester, values: Values) -> None:
    for age, noted, view in product(AGED.values(), Understanding, View):
        child = Child(age, noted, view)
        own = entitled(principal, child, values, TODAY).whole
        verified, not_yet = (
            entitled(Requester(principal.kind, principal.responsibility, agent=agent), child, values, TODAY).whole
            for agent in (Agent.VERIFIED, Agent.NOT_VERIFIED)
        )
        assert verified == own
        assert not_yet == own if not own.releases else (not_yet.outcome, not_yet.row) == (DECIDE, 0)


def test_sixteen_is_reached_on_the_birthday_itself_also_on_29_february() -> None:
    born = BirthDate.on(date(2008, 2, 29))
    before, after = (
        entitled(CHILD, Child(born), WESTMINSTER, day).whole for day in (date(2024, 2, 28), date(2024, 2, 29))
    )
    assert (before.outcome, after.outcome) == (DECIDE, RELEASE)


def test_the_ages_are_the_services_own() -> None:
    later = Values(WESTMINSTER.parent_access, direct_release_age=18, guide_age=14)
    assert entitled(CHILD, Child(AGED["17"]), later, TODAY).whole.row == 6
    assert entitled(PARENT, Child(AGED["13 today"]), later, TODAY).whole.row == 18


requesters = st.builds(
    Requester, st.sampled_from(RequesterKind), st.sampled_from(Answer), st.booleans(), st.sampled_from(Agent)
)
births = st.none() | st.tuples(
    st.dates(date(2000, 1, 1), TODAY), st.dates(date(2000, 1, 1), TODAY)
).map(lambda pair: BirthDate(min(pair), max(pair)))  # fmt: skip
children = st.builds(Child, births, st.sampled_from(Understanding), st.sampled_from(View))
items = st.builds(Item, st.just("i"), st.sampled_from(GivenByChild), st.booleans(), st.sampled_from(About))
policies = st.sampled_from(BOTH)


@given(requesters, births, st.sampled_from(Understanding), items, policies)
def test_an_objection_never_widens(
    requester: Requester, born: BirthDate | None, noted: Understanding, item: Item, values: Values
) -> None:
    def width(view: View, one: Item) -> tuple[int, int]:
        found = entitled(requester, Child(born, noted, view), values, TODAY, [one])
        return WIDTH[found.whole.outcome], WIDTH[found.items["i"].outcome]

    refused = Item("i", GivenByChild.REFUSES, item.harm, item.about)
    for view in View:
        asked, objected = width(view, item), width(OBJECTS, item)
        assert objected[0] <= asked[0] and objected[1] <= asked[1]
        if item.given_by_child is not GivenByChild.NO:
            assert width(view, refused)[1] <= max(asked[1], WIDTH[WITHHOLD])


@given(children, items, policies, st.sampled_from(Agent))
def test_a_body_is_never_given_anything(child: Child, item: Item, values: Values, agent: Agent) -> None:
    found = entitled(Requester(RequesterKind.BODY, Answer.YES, agent=agent), child, values, TODAY, [item])
    assert (found.whole.outcome, found.items["i"].outcome) == (REFUSE, REFUSE)


@given(children, items, policies, st.sampled_from([Answer.UNKNOWN, Answer.NO]), st.sampled_from(Agent))
def test_unproven_parental_responsibility_never_releases_what_is_the_childs(
    child: Child, item: Item, values: Values, answer: Answer, agent: Agent
) -> None:
    found = entitled(Requester(RequesterKind.RELATIVE, answer, agent=agent), child, values, TODAY, [item])
    assert not found.whole.releases
    assert item.about is About.REQUESTER or not found.items["i"].releases


@given(requesters, children, items, policies)
def test_no_item_about_the_child_goes_further_than_the_whole(
    requester: Requester, child: Child, item: Item, values: Values
) -> None:
    found = entitled(requester, child, values, TODAY, [item])
    if item.about is About.CHILD and found.items["i"].outcome is not WITHHOLD:
        assert WIDTH[found.items["i"].outcome] <= WIDTH[found.whole.outcome]
