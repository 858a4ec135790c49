"""The keys under which a name is found although it is spelt differently. Pure; names themselves are never stored with them.

A word of a name has one key for itself, one for each way of leaving out one letter (so that one wrong, missing, added or swapped
letter still meets), one for its beginning, one for how its consonants sound, one for the long form of a short name. Chinese, Japanese and
Korean names are written without a space, so that a whole name is one word: it is kept under every piece of itself as well.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from records.people.short_names import long_forms

LONGEST_WORD = 12
PREFIX = 3
LONGEST_RUN = 24
"""So many characters of a name without spaces are taken to pieces; a foreign name in katakana may have twenty."""
_UNSPACED = ("CJK ", "IDEOGRAPHIC ", "HIRAGANA ", "KATAKANA", "HANGUL ", "BOPOMOFO ")
"""How Unicode begins the names of characters in which family and given name are written together."""

_SOUNDS = (
    ("sch", "sk"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("kn", "n"), ("wr", "r"), ("ck", "k"), ("qu", "k"), ("x", "ks"),
    ("c", "k"), ("q", "k"), ("z", "s"), ("v", "f"), ("j", "g"), ("d", "t"), ("b", "p"),
)  # fmt: skip


@dataclass(frozen=True)
class WordKeys:
    """The keys of one word, nearest first: `same` itself, `near` one letter away, `loose` beginning, sound, long form.

    `pieces` are those under which it is kept and not asked for: who types a whole name means none that has a piece of it.
    """

    same: str
    near: frozenset[str]
    loose: frozenset[str]
    pieces: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.near | self.loose | {self.same}

    @property
    def kept(self) -> frozenset[str]:
        """Every key under which the word of a name is found."""
        return self.all | self.pieces


def runs(word: str) -> tuple[str, ...]:
    """The stretches of a bare word in characters that are written without spaces, composed, so that a Korean syllable is one."""
    if word.isascii():
        return ()
    found = [""]
    for letter in unicodedata.normalize("NFC", word):
        if _unspaced(letter):
            found[-1] += letter
        elif found[-1]:
            found.append("")
    return tuple(run for run in found if run)


def is_unspaced(word: str) -> bool:
    """Whether a bare word is in such characters throughout."""
    return runs(word) == (unicodedata.normalize("NFC", word),)


def written_together(words: Sequence[str]) -> tuple[str, ...]:
    """Neighbours among the bare words of a name that others write without a space between them, as one word; empty where there are none."""
    found: list[str] = []
    for whole, some in groupby(words, is_unspaced):
        apart = list(some)
        if whole and len(apart) > 1:
            found.append("".join(apart))
    return tuple(found)


def is_piece(word: str, other: str) -> bool:
    """Whether a bare word in such characters is a piece of another."""
    return is_unspaced(word) and any(runs(word)[0] in run for run in runs(other))


@lru_cache(4096)
def _unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNSPACED)


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
    unspaced = runs(word)
    if is_unspaced(word):
        loose.add(f"c:{unspaced[0][:LONGEST_WORD]}")
    pieces = {
        f"c:{run[start:end]}"
        for run in (each[:LONGEST_RUN] for each in unspaced)
        for start in range(len(run))
        for end in range(start + 1, min(start + LONGEST_WORD, len(run)) + 1)
    }
    # A word and another with one letter less meet under one key, hence one alphabet for both.
    return WordKeys(f"n:{short}", frozenset(near), frozenset(loose), frozenset(pieces))
