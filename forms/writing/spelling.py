"""How names and English words are spelt: how likely a letter is after those before it (forms/models/spelling.npz; card beside it).

It weighs the letters that the model of letters is not sure of against one another, and nothing else: a word that it does not know is only less likely.
"""

import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forms.writing.models import MODELS

BEGIN, END = "^", "$"
"""Before the first letter of a word, and after its last."""
SIGNS = f"{BEGIN}{END}'abcdefghijklmnopqrstuvwxyz"
STEPS_A_NAT = 16
"""Costs are kept as whole numbers, so many to a factor of e."""
_BITS = 5
_NUMBER = {sign: number for number, sign in enumerate(SIGNS)}
_UNKNOWN = 16.0


def packed(signs: str) -> int:
    """Letters as one number that tells their count too; the file is sorted by it."""
    number = 1
    for sign in signs:
        number = number << _BITS | _NUMBER[sign]
    return number


def plain(sign: str) -> str | None:
    """The letter of SIGNS that this one is spelt as, without accent and small; None for a figure, a space or a mark."""
    if sign in "'’‘":
        return "'"
    bare = unicodedata.normalize("NFKD", sign).casefold()[:1]
    return bare if bare in _NUMBER and bare.isalpha() else None


class Spelling:
    """The model, loaded once a process: 2 MB."""

    def __init__(self, model: Path = MODELS / "spelling.npz") -> None:
        with np.load(model, allow_pickle=False) as kept:
            self._order = int(kept["order"])
            self._runs = kept["runs"].cumsum()
            self._costs: NDArray[np.uint8] = kept["costs"]
            self._shorter = kept["shorter"].cumsum()
            self._steps: NDArray[np.uint8] = kept["steps"]
        self._asked: dict[str, float] = {}

    def cost(self, word: str, sign: str) -> float:
        """How unlikely `sign` is after the letters of a word so far (both of `plain`, or END): the logarithm of its chance, turned round."""
        before = (BEGIN + word)[-(self._order - 1) :]
        known = self._asked.get(before + sign)
        if known is None:
            known = self._asked[before + sign] = self._cost(before, sign)
        return known

    def _cost(self, before: str, sign: str) -> float:
        spent = 0.0
        for start in range(len(before) + 1):
            run = before[start:]
            found = _found(self._runs, self._costs, packed(run + sign))
            if found is not None:
                return spent + found / STEPS_A_NAT
            # These letters were never followed by it: as likely as after fewer of them, at a cost.
            spent += (_found(self._shorter, self._steps, packed(run)) or 0) / STEPS_A_NAT
        return _UNKNOWN


def _found(keys: NDArray[np.int64], values: NDArray[np.uint8], key: int) -> int | None:
    at = int(np.searchsorted(keys, key))
    return int(values[at]) if at < len(keys) and int(keys[at]) == key else None
