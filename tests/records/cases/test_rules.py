"""N3, W28, S3, S4, R20: who may refer themselves, and whose permission opens a referral by others, in both services."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.cases.rules import (
    MAY_BE_SELF,
    Counts,
    Standing,
    erase_on,
    gaps,
    is_late,
    may_refer_self,
    permission_counts,
)
from records.cases.words import Capacity, NoteKind
from records.people.birthdates import BirthDate
from records.policies.settings import load

TODAY = date(2026, 11, 20)
N, W = load("northamptonshire", TODAY), load("westminster", TODAY)
AGED_9, AGED_14 = BirthDate.on(date(2017, 3, 1)), BirthDate.on(date(2012, 3, 1))
AGED_17, LEAVES_NEXT_JUNE = BirthDate.on(date(2009, 3, 1)), BirthDate.on(date(2010, 12, 1))
SAYS_YES, SAYS_NO, OFFICER = Counts.YES, Counts.NO, Counts.OFFICER_DECIDES


@pytest.mark.parametrize(
    ("policy", "who", "born", "counts", "rule"),
    [
        (W, Capacity.CHILD, AGED_9, SAYS_YES, "S3"),
        (W, Capacity.YOUNG_PERSON, AGED_14, SAYS_YES, "S3"),  # W28's own test
        (W, Capacity.PARENT, None, SAYS_YES, "S3"),
        (W, Capacity.CARER, None, SAYS_YES, "S3"),
        (W, Capacity.SCHOOL, AGED_14, SAYS_NO, "N3"),
        (N, Capacity.PARENT, None, SAYS_YES, "S3"),
        (N, Capacity.CARER, AGED_9, SAYS_YES, "S3"),
        (N, Capacity.YOUNG_PERSON, AGED_17, SAYS_YES, "R20"),
        (N, Capacity.YOUNG_PERSON, LEAVES_NEXT_JUNE, OFFICER, "R20"),
        (N, Capacity.YOUNG_PERSON, None, OFFICER, "R20"),
        (N, Capacity.CHILD, AGED_14, OFFICER, "R20"),
        (N, Capacity.RELATIVE, AGED_14, SAYS_NO, "N3"),
    ],
)
def test_who_may_refer_themselves(policy, who, born, counts, rule) -> None:  # type: ignore[no-untyped-def]
    answer = may_refer_self(policy, who, born, TODAY)
    assert (answer.counts, answer.rule) == (counts, rule)
    assert answer.reason.endswith(".")


@pytest.mark.parametrize(
    ("policy", "giver", "born", "counts"),
    [
        (N, Capacity.PARENT, AGED_9, SAYS_YES),
        (N, Capacity.CARER, None, SAYS_YES),
        (N, Capacity.YOUNG_PERSON, AGED_17, SAYS_YES),
        (N, Capacity.YOUNG_PERSON, AGED_14, OFFICER),
        (N, Capacity.CHILD, None, OFFICER),
        (N, Capacity.SCHOOL, AGED_9, SAYS_NO),
        (W, Capacity.CHILD, AGED_9, SAYS_YES),
        (W, Capacity.YOUNG_PERSON, None, SAYS_YES),
        (W, Capacity.PARENT, None, SAYS_YES),
        (W, Capacity.CARER, None, SAYS_YES),
        (W, Capacity.RELATIVE, None, SAYS_NO),
        (W, Capacity.COUNCIL, None, SAYS_NO),
    ],
)
def test_whose_permission_counts(policy, giver, born, counts) -> None:  # type: ignore[no-untyped-def]
    assert permission_counts(policy, giver, born, TODAY).counts is counts


@pytest.mark.parametrize("policy", [N, W])
@pytest.mark.parametrize("who", sorted(set(Capacity) - set(MAY_BE_SELF)))
@given(born=st.one_of(st.none(), st.dates(date(1995, 1, 1), TODAY).map(BirthDate.on)))
def test_nobody_outside_the_family_ever_speaks_for_it(policy, who, born) -> None:  # type: ignore[no-untyped-def]
    assert may_refer_self(policy, who, born, TODAY).counts is SAYS_NO
    assert permission_counts(policy, who, born, TODAY).counts is SAYS_NO


@given(born=st.one_of(st.none(), st.dates(date(1995, 1, 1), TODAY).map(BirthDate.on)), policy=st.sampled_from([N, W]))
def test_a_child_or_young_person_is_never_turned_away_by_rule(born, policy) -> None:  # type: ignore[no-untyped-def]
    for who in (Capacity.CHILD, Capacity.YOUNG_PERSON):
        assert may_refer_self(policy, who, born, TODAY).counts is not SAYS_NO
        assert permission_counts(policy, who, born, TODAY).counts is not SAYS_NO


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 400))
def test_a_referral_waits_all_its_days(logged: date, days: int) -> None:
    assert erase_on(logged, days) - logged == timedelta(days=days)


@pytest.mark.parametrize(("days", "late"), [(0, False), (7, False), (8, True)])
def test_a_note_is_late_after_a_week(days: int, late: bool) -> None:
    assert is_late(TODAY - timedelta(days=days), TODAY) is late


COMPLETE = Standing(frozenset(NoteKind), 1, 0, ended=False, storing_agreed=True, has_carer=True, family_told=True)


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (COMPLETE, None),
        (
            Standing(frozenset({NoteKind.PROGRESS, NoteKind.RISK}), 1, 0, False, True, True, True),
            "what the family asks for",
        ),
        (Standing(frozenset({NoteKind.DETAILS, NoteKind.RISK}), 1, 0, False, True, True, True), "how far it has come"),
        (Standing(frozenset({NoteKind.DETAILS, NoteKind.PROGRESS}), 1, 0, False, True, True, True), "risks"),
        (Standing(frozenset(NoteKind), 0, 0, False, True, True, True), "no next action"),  # W38's own test
        (Standing(frozenset(NoteKind), 0, 0, True, True, True, True), None),
        (Standing(frozenset(NoteKind), 2, 1, False, True, True, True), "An agreed action is late"),
        (Standing(frozenset(NoteKind), 2, 2, False, True, True, True), "2 agreed actions are late"),
        (Standing(frozenset(NoteKind), 1, 0, False, False, True, True), "permission to keep"),
        (Standing(frozenset(NoteKind), 1, 0, False, True, False, True), "No parent or carer"),
        (Standing(frozenset(NoteKind), 1, 0, False, True, True, False), "still to be told"),
    ],
)
def test_what_is_missing_for_a_hand_over_is_said(now: Standing, says: str | None) -> None:
    found = gaps(now)
    assert (len(found) == 1 and says in found[0]) if says else found == ()
