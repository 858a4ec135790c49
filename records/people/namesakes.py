"""A parent who stands on a child's file twice: what protects from one of the two rows protects from the other (W15, F22).

Joining moves nothing, so the same mother may be there twice; so may a father who was taken off the file and whose form comes later. What
is known of one is not taken as known of the other, for they may be two people; but what keeps something from one of them keeps it from both
until somebody has looked and says that they are two, since a letter cannot be called back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from records.people.facts import Fact, FactKind, SomebodyElse, newest
from records.people.matching import words_of
from records.people.register import PersonShown
from records.people.relations import Kind


def with_namesakes(
    ids: Collection[UUID], people: Sequence[PersonShown], facts: Mapping[UUID, Iterable[Fact]]
) -> frozenset[UUID]:
    """These, and everybody but a child who bears the same name on another of the joined files, or was taken off the same one, and was not told
    apart.

    `people`: all of the file, ended ones too; `facts`: what is known of each.
    """
    meant = [each for each in people if each.id in ids]
    more = {other.id for one in meant for other in namesakes_of(one, people) if not _are_two(one, other, facts)}
    return frozenset(ids) | more


def namesakes_of(person: PersonShown, people: Sequence[PersonShown]) -> list[PersonShown]:
    """Those of the same name who may be the same person: on another of the joined files, or where one of the two is no longer on the file. None for
    a child, and no child. Two who are on one file at once are two people."""
    if person.kind == Kind.CHILD:
        return []
    name = words_of(person.name)
    return [
        each
        for each in people
        if each.kind != Kind.CHILD
        and each.id != person.id
        and (each.file_id != person.file_id or each.ended or person.ended)
        and words_of(each.name) == name
    ]


def told_apart(person: PersonShown, people: Sequence[PersonShown], facts: Mapping[UUID, Iterable[Fact]]) -> list[UUID]:
    """Those of the same name of whom it stands that they are somebody else, whichever of the two it was recorded of."""
    return [other.id for other in namesakes_of(person, people) if _are_two(person, other, facts)]


def _are_two(one: PersonShown, other: PersonShown, facts: Mapping[UUID, Iterable[Fact]]) -> bool:
    """By the newest that was said of either: each time all of the name were to be ticked who are somebody else, so who was not may be the same."""
    said = [
        (fact, about.id)
        for of, about in ((one, other), (other, one))
        if (fact := newest(facts.get(of.id, ()), FactKind.SOMEBODY_ELSE)) is not None
    ]
    last = max(((fact.true_on, fact.recorded_at) for fact, _ in said), default=None)
    told = [
        isinstance(fact.value, SomebodyElse) and str(about) in fact.value.than
        for fact, about in said
        if (fact.true_on, fact.recorded_at) == last
    ]
    return bool(told) and all(told)
