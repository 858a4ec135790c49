"""Spelling tells letters from one another where the model of letters is unsure, and nowhere else."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from forms.writing.spelling import END, SIGNS, Spelling
from forms.writing.spelt import LETTER, ODD, WEIGHT, likeliest

SPELLING = Spelling()
LATIN = ["", *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -'.,&"]


def steps(*signs: str | dict[str, float]) -> NDArray[np.float32]:
    """Shares with a step for each sign and "nothing" behind it; a dict holds the chances of several."""
    rows = np.full((2 * len(signs), len(LATIN)), 1e-7, np.float32)
    for number, sign in enumerate(signs):
        for one, chance in (sign if isinstance(sign, dict) else {sign: 0.9999}).items():
            rows[2 * number, LATIN.index(one)] = chance
        rows[2 * number + 1, 0] = 0.9999
    return rows


def either(one: str, other: str, chance: float = 0.55) -> dict[str, float]:
    return {one: chance, other: 1 - chance}


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        (steps(*"Keatin", either("a", "g")), "Keating"),
        (steps(*"R", either("n", "h", 0.7), *"ys Hussain"), "Rhys Hussain"),
        (steps(*"S", either("e", "c", 0.8), *"hool"), "School"),
        (steps(*"Fami", either("v", "l"), either("u", "y")), "Family"),
        (steps(*"CAM", either("I", "H"), "S"), "CAMHS"),
        (steps(either("6", "G"), *"RACE"), "GRACE"),
        (steps(*"BEN JE", either("&", "S", 0.6), *"SOP"), "BEN JESSOP"),
        (steps(*"St Aidan's"), "St Aidan's"),
        (steps(*"Anna"), "Anna"),
        (steps(*"3b Orch", either("u", "a", 0.6), *"rd Court"), "3b Orchard Court"),
    ],
)
def test_letters_that_are_unsure_are_told_by_the_word(seen: NDArray[np.float32], says: str) -> None:
    assert likeliest(seen, LATIN, SPELLING) == says


@pytest.mark.parametrize(
    "name", ["Xqvist Pfrz", "Nguyen", "Zae Keatina", "WOJCIECH SZCZEPANEK", "J. Smith-Oduya & son", "n.a."]
)
def test_a_name_that_is_plainly_written_stays_whatever_its_spelling(name: str) -> None:
    """Families whose names are rare must not be given common ones: letters of which the model is sure are never changed."""
    assert likeliest(steps(*name), LATIN, SPELLING) == name


def test_the_case_of_letters_is_as_written() -> None:
    assert likeliest(steps(*"rowan TESTWOOD"), LATIN, SPELLING) == "rowan TESTWOOD"


def test_blank_steps_say_nothing() -> None:
    assert likeliest(steps(*"").reshape(0, len(LATIN)), LATIN, SPELLING) == ""
    assert likeliest(steps(" ", " "), LATIN, SPELLING) == ""


def test_chances_after_any_beginning_add_up_to_one() -> None:
    for word in ("", "s", "keatin", "zzq", "o'"):
        assert sum(math.exp(-SPELLING.cost(word, sign)) for sign in SIGNS[1:]) == pytest.approx(1, abs=0.08)


def test_what_is_common_costs_less() -> None:
    assert SPELLING.cost("keatin", "g") < SPELLING.cost("keatin", "a")
    assert SPELLING.cost("school", END) < SPELLING.cost("scho", END)


class OwnSpelling:
    """b after a is likely; all else is not."""

    def cost(self, word: str, sign: str) -> float:
        return 0.1 if word[-1:] + sign in ("ab", "b$", "a") else 4.0


FEW = ["", "a", "b"]


def slowly(shares: NDArray[np.float32]) -> str:
    """Every way through the steps, added up by the text that it reads; the plain way to the same answer."""
    ways: dict[str, float] = {}
    for path in product(range(len(FEW)), repeat=len(shares)):
        text = "".join(FEW[one] for at, one in enumerate(path) if one and (not at or path[at - 1] != one))
        ways[text] = ways.get(text, 0.0) + math.prod(float(shares[at, one]) for at, one in enumerate(path))

    def score(text: str) -> float:
        spent = [OwnSpelling().cost(text[:at], sign) for at, sign in enumerate(text)]
        ended = [OwnSpelling().cost(text, END)] if text else []
        return math.log(ways[text]) + sum(LETTER - WEIGHT * one for one in spent + ended)

    return max(ways, key=score)


@settings(max_examples=60)
@given(arrays(np.float32, (5, 3), elements=st.floats(0.03125, 1, width=32)))
def test_the_search_finds_what_trying_everything_finds(raw: NDArray[np.float32]) -> None:
    shares = raw / raw.sum(axis=1, keepdims=True)
    assert likeliest(shares, FEW, OwnSpelling()) == slowly(shares)


class Counted(OwnSpelling):
    """How often it was asked."""

    asked = 0

    def cost(self, word: str, sign: str) -> float:
        self.asked += 1
        return super().cost(word, sign)


def test_of_a_scribble_only_the_likeliest_signs_are_followed() -> None:
    """A line of 200 steps on which every sign is as likely as another must not hold the others up."""
    spelling = Counted()
    likeliest(np.full((200, len(LATIN)), 1 / len(LATIN), np.float32), LATIN, spelling)
    assert spelling.asked < 200 * 16 * 12


@settings(max_examples=40)
@given(st.text(st.sampled_from(LATIN[1:]), max_size=12), st.floats(0.5, 0.98))
def test_any_signs_are_read_without_fail(signs: str, chance: float) -> None:
    """Doubt between any two signs ends in one of them, and a mark never comes of itself."""
    assert ODD < 0
    found = likeliest(steps(*[either(one, "e", chance) if one != "e" else "e" for one in signs]), LATIN, SPELLING)
    assert set(found) <= {*signs, "e"}
