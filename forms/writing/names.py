"""Which of the names on file may stand on the paper, when recognition read the writing badly. Pure.

An edit distance in which letters that recognition mixes up cost little. It offers, and a person chooses: a name alone
decides nothing, and the likeliest of the wrong names is still a wrong name.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CLOSE = 0.62
"""The least likeness offered. Of the names of the samples read with faults, four in five are this close to the right one."""
_ALIKE: dict[frozenset[str], float] = {
    frozenset(pair): 0.35
    for pair in (
        "ae", "ao", "au", "bh", "ce", "ci", "cr", "dl", "ec", "eo", "fl", "ft", "gq", "gy", "hn", "hb", "ij", "il", "it",
        "kh", "lt", "mn", "nr", "nu", "pr", "pq", "rv", "sz", "uv", "vw", "vy", "yg", "0o", "1l", "1i", "5s", "8b", "2z", "6b",
    )
}  # fmt: skip
# One sign read as two, or two as one.
_PAIRS = {
    ("m", "rn"),
    ("m", "nn"),
    ("w", "vv"),
    ("d", "cl"),
    ("u", "ii"),
    ("n", "ri"),
    ("h", "li"),
    ("k", "lc"),
    ("a", "ci"),
}


@dataclass(frozen=True)
class Likely:
    """A name on file, by its place in the list given, and how alike the writing is: 0 to 1, 1 is the same letters."""

    index: int
    name: str
    likeness: float


def likely_names(readings: Sequence[str], names: Iterable[str], most: int = 5, least: float = CLOSE) -> list[Likely]:
    """The names closest to what recognition made of a written name, best first.

    `readings`: what was read, several when there are several readings of one field. `names`: those on file; the caller
    gives only names that the officer may see. Words may stand in another order or be left out at a cost.
    """
    read = [_bare(one) for one in readings if _bare(one)]
    found = []
    for index, name in enumerate(names):
        bare = _bare(name)
        likeness = max((_likeness(one, bare) for one in read), default=0.0) if bare else 0.0
        if likeness >= least:
            found.append(Likely(index, name, round(likeness, 3)))
    return sorted(found, key=lambda one: (-one.likeness, one.index))[:most]


def likeness(reading: str, name: str) -> float:
    """How alike two names are as written, 0 to 1."""
    one, other = _bare(reading), _bare(name)
    return _likeness(one, other) if one and other else 0.0


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return " ".join(
        "".join(letter if letter.isalnum() else " " for letter in folded if not unicodedata.combining(letter)).split()
    )


def _likeness(one: str, other: str) -> float:
    """As one string without its spaces, which recognition loses; or word by word in any order, whichever is closer."""
    joined = _share(one.replace(" ", ""), other.replace(" ", ""))
    mine, theirs = one.split(), other.split()
    shorter, longer = sorted((mine, theirs), key=len)
    if len(shorter) < 2:
        return joined
    left, kept = list(longer), 0.0
    for word in shorter:
        best = max(left, key=lambda candidate: _share(word, candidate))
        left.remove(best)
        kept += _share(word, best) * len(word)
    # A middle name may be missing on either side; that is worth less than the same words.
    return max(joined, kept / sum(map(len, shorter)) * (0.95 ** len(left)))


def _share(one: str, other: str) -> float:
    return 1.0 - min(1.0, distance(one, other) / max(len(one), len(other), 1))


def distance(one: str, other: str) -> float:
    """The least cost of turning one word into the other: 1 a letter, less where recognition mixes the letters up."""
    table = [[float(y) for y in range(len(other) + 1)]]
    for x, letter in enumerate(one, start=1):
        row = [float(x)]
        for y, wanted in enumerate(other, start=1):
            cost = 0.0 if letter == wanted else _ALIKE.get(frozenset((letter, wanted)), 1.0)
            best = min(table[x - 1][y] + 1, row[y - 1] + 1, table[x - 1][y - 1] + cost)
            if y >= 2 and (letter, other[y - 2 : y]) in _PAIRS:
                best = min(best, table[x - 1][y - 2] + 0.35)
            if x >= 2 and (wanted, one[x - 2 : x]) in _PAIRS:
                best = min(best, table[x - 2][y - 1] + 0.35)
            row.append(best)
        table.append(row)
    return table[-1][-1]
