"""The keys under which a name is found although it is spelt differently. Pure; names themselves are never stored with them.

A word of a name has one key for itself, one for each way of leaving out one letter (so that one wrong, missing, added or swapped
letter still meets), one for its beginning, one for how its consonants sound, one for the long form of a short name.
"""

import re
from dataclasses import dataclass

from records.people.short_names import long_forms

LONGEST_WORD = 12
PREFIX = 3

_SOUNDS = (
    ("sch", "sk"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("kn", "n"), ("wr", "r"), ("ck", "k"), ("qu", "k"), ("x", "ks"),
    ("c", "k"), ("q", "k"), ("z", "s"), ("v", "f"), ("j", "g"), ("d", "t"), ("b", "p"),
)  # fmt: skip


@dataclass(frozen=True)
class WordKeys:
    """The keys of one word, nearest first: `same` itself, `near` one letter away, `loose` beginning, sound, long form."""

    same: str
    near: frozenset[str]
    loose: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.near | self.loose | {self.same}


def sound(word: str) -> str:
    """The consonants as they sound, doubled ones once; empty when there are too few to tell names apart."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    bare = re.sub(r"[^a-z]", "", word)
    kept = re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouwhy]", "", bare[1:]))
    code = bare[:1] + kept
    return code[:6] if len(code) >= 3 else ""


def keys_of_word(word: str) -> WordKeys:
    """The keys of one bare word (`matching.words_of`)."""
    short = word[:LONGEST_WORD]
    near = {f"n:{short[:at]}{short[at + 1 :]}" for at in range(len(short))} if len(short) >= 4 else set()
    loose = {f"l:{form}" for form in long_forms(word)}
    if len(short) >= PREFIX:
        loose.add(f"p:{short[:PREFIX]}")
    if code := sound(short):
        loose.add(f"s:{code}")
    # A word and another with one letter less meet under one key, hence one alphabet for both.
    return WordKeys(f"n:{short}", frozenset(near), frozenset(loose))
