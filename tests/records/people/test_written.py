"""Two writings of one name or address are the same but for what nobody means; two numbers are never one."""

import pytest

from records.people.written import same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Neill, Zo\u00eb", "oneill zoe\u0308"),
        ("1 High Street, Northampton NN1 1AA", "1 high street\nNorthampton\nNN1 1AA"),
        ("Flat 1, 12 Elm Road", "FLAT 1 - 12 ELM ROAD"),
        ("10a Elm Road SW1A 1AA", "10 A Elm Road, SW1A1AA"),
        ("2 Elm Road, Testtown TE1 1ST", "2 elm road testtown te11st"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""), (".", ","), ("Zoe", "Zo\u00eb"), ("Flat 1, 12 Elm Road", "Flat 11, 2 Elm Road"), ("1 2 Elm Road", "12 Elm Road"),
        ("Flat 1/12 Elm Road", "Flat 112 Elm Road"), ("1 High Street", "11 High Street"),
    ],
)  # fmt: skip
def test_not_the_same(one: str, other: str) -> None:
    """P8: the copy of a file went to the other door where only letters and figures in a row were compared."""
    assert not same(one, other)
