"""Names on file that a badly read name may be: offered by likeness, never decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.writing.names import CLOSE, distance, likely_names, likeness

ON_FILE = [
    "Hugo Ellery",
    "Nadia Ellery",
    "Alice Ingleby",
    "Idris Whitcombe",
    "Phoebe Georgia Jarosz",
    "Zoë O’Hara-Lee",
    "Marcus Mistry",
]


@pytest.mark.parametrize(
    ("read", "name"),
    [
        pytest.param("Hugo Ellery", "Hugo Ellery", id="the same"),
        pytest.param("Hugo Ehery", "Hugo Ellery", id="two letters read as one"),
        pytest.param("Alice mgleby", "Alice Ingleby", id="a capital lost"),
        pytest.param("dris whiteombe", "Idris Whitcombe", id="first letter lost"),
        pytest.param("PHOEBEJAROSZ", "Phoebe Georgia Jarosz", id="middle name and space left out"),
        pytest.param("Jarosz, Phoebe", "Phoebe Georgia Jarosz", id="surname first"),
        pytest.param("Zoe OHara Lee", "Zoë O’Hara-Lee", id="accent, apostrophe and hyphen"),
        pytest.param("Maneus Mistry", "Marcus Mistry", id="letters mixed up"),
    ],
)  # fmt: skip
def test_the_right_name_comes_first(read: str, name: str) -> None:
    found = likely_names([read], ON_FILE)
    assert found
    assert found[0].name == name
    assert ON_FILE[found[0].index] == name


@pytest.mark.parametrize("read", ["", "  ", "~~ |", "Georgina Palmer", "Tom"])
def test_nothing_is_offered_where_nothing_is_close(read: str) -> None:
    assert likely_names([read], ON_FILE) == []


def test_the_best_of_several_readings_counts() -> None:
    assert likely_names(["xxxx", "Nadia Ellery"], ON_FILE)[0].name == "Nadia Ellery"


def test_no_more_than_asked_for_and_in_order() -> None:
    found = likely_names(["Ellery Nadia"], [*ON_FILE, "Nadya Ellery"], most=2)
    assert [one.name for one in found] == ["Nadia Ellery", "Nadya Ellery"]
    assert found[0].likeness > found[1].likeness


@pytest.mark.parametrize(("near", "far"), [("rn", "xq"), ("nn", "ab"), ("n", "s")])
def test_letters_that_recognition_mixes_up_cost_less(near: str, far: str) -> None:
    assert distance("m", near) < distance("m", far)


words = st.text("abcdefghij lmnrstuvw'-éÉ", max_size=14)


@given(words, words)
def test_likeness_is_the_same_both_ways_and_within_bounds(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert distance(one, other) == pytest.approx(distance(other, one))


@given(st.lists(words, max_size=4), st.lists(words, max_size=6))
def test_only_names_on_file_are_offered(read: list[str], names: list[str]) -> None:
    for one in likely_names(read, names):
        assert names[one.index] == one.name
        assert one.likeness >= CLOSE
