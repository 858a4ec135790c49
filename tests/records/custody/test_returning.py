"""R58, R19: who may have a paper back, over everything that can be known of it."""

from datetime import date
from itertools import product

import pytest

from records.custody.returning import Entitlement, may_have
from records.people.entitlement import (
    About,
    Agent,
    Child,
    GivenByChild,
    Item,
    Requester,
    RequesterKind,
    Values,
    entitled,
)
from records.people.relations import Kind
from records.policies.values import ParentAccess

TODAY = date(2026, 11, 20)
CHILD = Child(None)
NORTH = Values(ParentAccess.YES_SUBJECT_TO_LAW, None, None)
WEST = Values(ParentAccess.YES_UNLESS_CHILD_GAVE_AND_REFUSES, 16, 13)


@pytest.mark.parametrize(("values", "kind", "given"), list(product((NORTH, WEST), Kind, GivenByChild)))
def test_a_paper_goes_to_its_giver_unless_the_young_person_keeps_it(
    values: Values, kind: Kind, given: GivenByChild
) -> None:
    against = may_have(Entitlement.GAVE_IT, kind, {7: given}, CHILD, values, TODAY)
    free = kind in (Kind.CHILD, Kind.PROFESSIONAL) or given in (GivenByChild.NO, GivenByChild.AGREES)
    assert (against is None) == free


@pytest.mark.parametrize(("kind", "given"), list(product(Kind, GivenByChild)))
def test_somebody_authorised_stands_where_the_giver_stands(kind: Kind, given: GivenByChild) -> None:
    against = may_have(Entitlement.AUTHORISED, kind, {7: given}, CHILD, WEST, TODAY)
    assert (against is None) == (
        kind is Kind.CHILD or (kind is not Kind.PROFESSIONAL and given is not GivenByChild.REFUSES)
    )
    if kind is Kind.PROFESSIONAL:
        assert against is not None
        assert against.rule == "R19, row 1"


def test_the_answer_is_the_one_that_a_copy_would_get() -> None:
    for given in GivenByChild:
        item = Item("7", given, about=About.REQUESTER)
        asked = entitled(Requester(RequesterKind.RELATIVE, agent=Agent.NONE), CHILD, WEST, TODAY, [item]).items["7"]
        against = may_have(Entitlement.GAVE_IT, Kind.CARER, {7: given}, CHILD, WEST, TODAY)
        assert (against is None) == asked.releases
        assert against is None or asked.reason in against.reason
