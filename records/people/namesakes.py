"""A parent who stands on both of two joined files: what protects from one of the two rows protects from the other (W15, F22).

Joining moves nothing, so the same mother may be there twice. What is known of one is not taken as known of the other, for they may be two
people; but what keeps something from one of them keeps it from both until somebody has looked and says that they are two, since a letter
cannot be called back.
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
    """These, and everybody but a child who bears the same name on another of the joined files and was not told apart.

    `people`: all of the file, ended ones too; `facts`: what is known of each.
    """
    apart = _told_apart(facts)
    meant = [each for each in people if each.id in ids]
    more = {
        other.id for one in meant for other in namesakes_of(one, people) if frozenset((one.id, other.id)) not in apart
    }
    return frozenset(ids) | more


def namesakes_of(person: PersonShown, people: Sequence[PersonShown]) -> list[PersonShown]:
    """Those of the same name on another of the joined files, who may be the same person. None for a child, and no child."""
    if person.kind == Kind.CHILD:
        return []
    name = words_of(person.name)
    return [
        each
        for each in people
        if each.kind != Kind.CHILD and each.file_id != person.file_id and words_of(each.name) == name
    ]


def _told_apart(facts: Mapping[UUID, Iterable[Fact]]) -> frozenset[frozenset[UUID]]:
    """Pairs of whom somebody said that they are two people; whichever of the two it was recorded of."""
    found = set()
    for who, each in facts.items():
        last = newest(each, FactKind.SOMEBODY_ELSE)
        if last is not None and isinstance(last.value, SomebodyElse):
            found |= {frozenset((who, UUID(other))) for other in last.value.than}
    return frozenset(found)
