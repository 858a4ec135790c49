"""Whom the child or young person does not let see or hear of their records (W15, W16). Pure.

Asked by the gate, by requests for access and by the warnings above a file. The newest word counts; it never shows outside.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from records.people.facts import Fact, FactKind, Wishes, newest

EVERYBODY = "everybody"
"""Stands among the ids of a refusal where the young person refuses everybody else."""


def refused(
    facts: Mapping[UUID, Iterable[Fact]], children: Collection[UUID], others: Collection[UUID]
) -> frozenset[UUID]:
    """Those of `others` whom the child refuses now. `facts`: what is known, by person; `children`: the child, on each joined file."""
    said = words_of_the_child(facts, children)
    if said is None:
        return frozenset()
    return frozenset(one for one in others if EVERYBODY in said.refuses or str(one) in said.refuses)


def refuses_everybody(facts: Mapping[UUID, Iterable[Fact]], children: Collection[UUID]) -> bool:
    """Whether somebody who is not on the file is refused too."""
    said = words_of_the_child(facts, children)
    return said is not None and EVERYBODY in said.refuses


def words_of_the_child(facts: Mapping[UUID, Iterable[Fact]], children: Collection[UUID]) -> Wishes | None:
    """What they want, as they said it last."""
    last = newest((fact for child in children for fact in facts.get(child, ())), FactKind.WISHES)
    return last.value if last is not None and isinstance(last.value, Wishes) else None
