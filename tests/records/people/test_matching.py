"""F22: names are compared as people write them, never alone, and a person decides."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.people.birthdates import BirthDate
from records.people.matching import Likeness, compare, tokens, words_of

BORN = BirthDate.on(date(2012, 3, 9))
SWAPPED = BirthDate.on(date(2012, 9, 3))
OTHER = BirthDate.on(date(2010, 1, 1))


@pytest.mark.parametrize(
    ("name", "born", "other", "other_born", "likeness"),
    [
        pytest.param("Rowan Testwood", BORN, "Rowan Testwood", BORN, "exact", id="the same"),
        pytest.param("TESTWOOD, Rowan", BORN, "Rowan Testwood", BORN, "exact", id="surname first, capitals"),
        pytest.param("Zoë O’Test", BORN, "Zoe O'Test", BORN, "exact", id="accent and apostrophe"),
        pytest.param("Rowan Testwood", OTHER, "Rowan Testwood", BORN, "none", id="F22 same name, another birth date"),
        pytest.param("Rowen Testwod", BORN, "Rowan Testwood", BORN, "likely", id="spelling"),
        pytest.param("Rowan Testwood", SWAPPED, "Rowan Testwood", BORN, "likely", id="day and month swapped"),
        pytest.param("Rowan Testwood-Example", BORN, "Rowan Testwood", BORN, "likely", id="double-barrelled"),
        pytest.param("Rowan Testwood", None, "Rowan Testwood", BORN, "likely", id="no birth date"),
        pytest.param("Rowan Married", BORN, "Rowan Testwood", BORN, "likely", id="another surname, same day"),
        pytest.param("Kim Sample", BORN, "Rowan Testwood", BORN, "none", id="only the day is the same"),
        pytest.param("", BORN, "", BORN, "none", id="no names"),
    ],
)
def test_the_same_child(name: str, born: BirthDate | None, other: str, other_born: BirthDate, likeness: str) -> None:
    assert compare(name, born, other, other_born).likeness is Likeness(likeness)
    assert compare(other, other_born, name, born).likeness is Likeness(likeness)


@given(st.text(max_size=60))
def test_any_text_gives_words_without_controls_or_direction_marks(text: str) -> None:
    assert all(word.isalnum() or not word.isascii() for word in words_of(text + "\u202e\x00\u200f"))
    assert "\u202e" not in "".join(words_of(text + "\u202e"))
    assert tokens(text) == tokens(text.upper().lower()) or not text.isascii()


def test_a_misspelt_name_shares_most_pieces() -> None:
    typed, kept = tokens("Rowan Testwod"), tokens("Rowan Testwood")
    assert len(typed & kept) / len(typed) > 0.7
    assert len(tokens("Kim Sample") & kept) == 0


@pytest.mark.parametrize(
    ("other", "born", "likeness"),
    [
        ("Thomas Testwood", date(2011, 5, 14), Likeness.LIKELY),
        ("Tom Testwood", date(2012, 5, 14), Likeness.LIKELY),
        ("Tom Testwood", date(2012, 6, 14), Likeness.NONE),
        ("Alex Pretend", date(2012, 5, 14), Likeness.NONE),
    ],
)
def test_a_short_name_and_one_wrong_figure_are_offered_and_never_decided(
    other: str, born: date, likeness: Likeness
) -> None:
    """F22."""
    judged = compare("Tom Testwood", BirthDate.on(date(2011, 5, 14)), other, BirthDate.on(born))
    assert judged.likeness is likeness
