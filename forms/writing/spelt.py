"""What a line most likely says, by its letters and by how names and words are spelt.

A search along the steps of the model of letters for the text whose letters and spelling together are likeliest (the usual search over
beginnings, which adds up all ways to read one text).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forms.writing.spelling import END, plain

WEIGHT = 0.3
"""What the spelling counts beside the letters."""
LETTER = 0.8
"""What each letter is worth, so that a long word is not less likely than a short one;"""
ODD = -1.0
"""What a mark is worth, and a figure behind a letter or a letter behind a figure: as a letter that hardly follows those before it."""
KEPT = 16
"""How many beginnings are followed from step to step."""
_BETWEEN = re.compile(r"[^\w'’‘\"]")
"""What stands between words."""
_LEAST = 1e-3
"""A sign less likely than this at a step is not looked at there."""
_MOST = 12
"""Nor are more than so many: of scribbles every sign is a little likely."""
_FLOOR = 1e-8
_NEVER = -1e30
_ONLY_NOTHING = 0.999


class Spells(Protocol):
    """How likely a letter is in a word; see `spelling.Spelling`."""

    def cost(self, word: str, sign: str) -> float:
        """The logarithm of its chance, turned round."""
        ...


@dataclass(frozen=True)
class _Ways:
    """The logarithms of the chances that a beginning was read so far, by whether "nothing" or its last sign stands at this step."""

    nothing: float = _NEVER
    sign: float = _NEVER

    @property
    def all(self) -> float:
        return _either(self.nothing, self.sign)


def likeliest(shares: NDArray[np.float32], signs: Sequence[str], spelling: Spells) -> str:
    """The likeliest text of a line. `shares` and `signs` as `Letters.shares` gives them; figures have no spelling."""
    logs = np.log(np.maximum(shares, _FLOOR))
    held, worth = {"": _Ways(nothing=0.0)}, {"": 0.0}
    for row, told in zip(logs, shares, strict=True):
        looked = [int(one) for one in np.argsort(-told, kind="stable")[:_MOST] if told[one] > _LEAST]
        if not looked or told[0] > _ONLY_NOTHING:
            held = {text: _Ways(nothing=ways.all) for text, ways in held.items()}
            continue
        then: dict[str, list[float]] = {}
        for text, ways in held.items():
            for one in looked:
                _one_step(text, ways, signs[one], float(row[one]), then)
        for text in then:
            if text not in worth:
                worth[text] = worth[text[:-1]] + _worth(text[:-1], text[-1], spelling)
        best = sorted(then, key=lambda text: _either(*then[text]) + worth[text], reverse=True)[:KEPT]
        held = {text: _Ways(*then[text]) for text in best}
    whole = max(held, key=lambda text: held[text].all + worth[text] + _worth(text, " ", spelling))
    return " ".join(whole.split())


def _one_step(text: str, ways: _Ways, sign: str, likely: float, then: dict[str, list[float]]) -> None:
    """Adds to `then` what a beginning becomes when this sign stands at the next step."""
    if not sign:
        _add(then, text, 0, ways.all + likely)
        return
    come = ways.all
    if text.endswith(sign):
        # The same sign in neighbouring steps is one sign; it is written twice only with "nothing" between.
        _add(then, text, 1, ways.sign + likely)
        come = ways.nothing
    _add(then, text + sign, 1, come + likely)


def _add(then: dict[str, list[float]], text: str, place: int, likely: float) -> None:
    if likely > _NEVER:
        ways = then.setdefault(text, [_NEVER, _NEVER])
        ways[place] = _either(ways[place], likely)


def _either(one: float, other: float) -> float:
    return float(np.logaddexp(one, other))


def _worth(before: str, sign: str, spelling: Spells) -> float:
    """What a sign adds to a text, by how its word is spelt."""
    word = _BETWEEN.split(before)[-1]
    letters = [plain(one) for one in word]
    letter = plain(sign)
    if any(one is None for one in letters):
        # A house number with its letter, or no word at all.
        return ODD if letter is not None and word[-1].isdigit() else 0.0
    spelt = "".join(one or "" for one in letters)
    if letter is not None:
        return LETTER - WEIGHT * spelling.cost(spelt, letter)
    if sign.isdigit():
        return ODD if spelt else 0.0
    ended = LETTER - WEIGHT * spelling.cost(spelt, END) if spelt else 0.0
    return ended + (0.0 if sign in " -" else ODD)
