"""W15, F22: who bears the same name on two joined files is kept out on both, and nobody else."""

from uuid import UUID, uuid4

import pytest

from records.people.namesakes import with_namesakes
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
    found = with_namesakes([known.id], [known, other])
    assert found == ({known.id, other.id} if meant else {known.id})


def test_nobody_and_a_child_bring_nobody() -> None:
    child, carer = person("Rowan Testwood", ONE, Kind.CHILD), person("Rowan Testwood", OTHER)
    assert with_namesakes([], [child, carer]) == frozenset()
    assert with_namesakes([child.id], [child, carer]) == {child.id}
