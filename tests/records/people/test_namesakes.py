"""W15, F22: who bears the same name on two joined files is kept out on both, and nobody else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from records.people.facts import Fact, FactKind, SomebodyElse
from records.people.namesakes import told_apart, with_namesakes
from records.people.register import PersonShown
from records.people.relations import Kind

ONE, OTHER = UUID(int=1), UUID(int=2)


def person(name: str, file_id: UUID, kind: Kind = Kind.CARER) -> PersonShown:
    return PersonShown(uuid4(), kind, name, "mother", "unknown", file_id)


@pytest.mark.parametrize(
    ("name", "file_id", "kind", "meant"),
    [
        ("Morgan Testwood", OTHER, Kind.CARER, True),
        ("MORGAN  Testwood", OTHER, Kind.RELATIVE, True),
        ("Morgan Testwood", ONE, Kind.CARER, False),  # two on one file: an officer keeps them apart
        ("Morgan Sample", OTHER, Kind.CARER, False),
        ("Morgan Testwood", OTHER, Kind.CHILD, False),
    ],
)
def test_the_same_name_on_another_file(name: str, file_id: UUID, kind: Kind, meant: bool) -> None:
    known, other = person("Morgan Testwood", ONE), person(name, file_id, kind)
    found = with_namesakes([known.id], [known, other], {})
    assert found == ({known.id, other.id} if meant else {known.id})


@pytest.mark.parametrize("gone", [0, 1])
def test_the_same_name_on_one_file_where_one_was_taken_off(gone: int) -> None:
    """W15: taken off and put on again by a form, somebody is not free of what was said of them."""
    both = [person("Morgan Testwood", ONE), person("Morgan Testwood", ONE)]
    both[gone] = replace(both[gone], ended=True)
    ids = {each.id for each in both}
    for each in both:
        assert with_namesakes([each.id], both, {}) == ids
        apart = {both[1 - gone].id: [said((both[gone].id,), 2)]}
        assert with_namesakes([each.id], both, apart) == {each.id}


def test_nobody_and_a_child_bring_nobody() -> None:
    child, carer = person("Rowan Testwood", ONE, Kind.CHILD), person("Rowan Testwood", OTHER)
    assert with_namesakes([], [child, carer], {}) == frozenset()
    assert with_namesakes([child.id], [child, carer], {}) == {child.id}


def said(than: tuple[UUID, ...], day: int) -> Fact:
    value = SomebodyElse(tuple(map(str, than)), "Two birth certificates")
    return Fact(FactKind.SOMEBODY_ELSE, value, date(2026, 11, day), datetime(2026, 11, day, tzinfo=UTC), "lee")


def test_two_people_who_were_told_apart_until_it_is_taken_back() -> None:
    """Whichever of the two it was said of; a third of the name stays as it was."""
    known, other, third = (person("Kit Testwood", file_id) for file_id in (ONE, OTHER, UUID(int=3)))
    people = [known, other, third]
    for of, than in ((known, other), (other, known)):
        facts = {of.id: [said((than.id,), 2)]}
        assert with_namesakes([known.id], people, facts) == {known.id, third.id}
        assert with_namesakes([known.id], people, {of.id: [*facts[of.id], said((), 3)]}) == {each.id for each in people}
    assert with_namesakes([known.id], people, {known.id: [said((third.id,), 2)]}) == {known.id, other.id}


def test_the_newest_word_on_two_people_counts_whichever_of_them_it_was_recorded_of() -> None:
    known, other = person("Kit Testwood", ONE), person("Kit Testwood", OTHER)
    people = [known, other]
    back = {known.id: [said((other.id,), 2)], other.id: [said((), 3)]}
    again = {known.id: [said((other.id,), 4)], other.id: [said((), 3)]}
    for one, two in (people, people[::-1]):
        assert with_namesakes([one.id], people, back) == {one.id, two.id}
        assert with_namesakes([one.id], people, again) == {one.id}
        assert (told_apart(one, people, back), told_apart(one, people, again)) == ([], [two.id])
