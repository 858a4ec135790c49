"""Is this the same child? Names compared as people write them, and never by name alone (F22). Pure; a person always decides."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from records.people.birthdates import BirthDate
from records.people.short_names import long_forms

ALIKE = 0.75
"""The share of matching letters from which two names count as spelt differently: Rowan/Rowen 0.8, Testwood/Testwod 0.93."""


class Likeness(StrEnum):
    """How well a name and birth date fit a file."""

    EXACT = "exact"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True)
class Judged:
    """How alike, and why in words."""

    likeness: Likeness
    reason: str


def words_of(name: str) -> tuple[str, ...]:
    """A name as bare words for comparing: no accents, case, hyphens, apostrophes, control characters or direction marks."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    kept = []
    for letter in folded:
        kind = unicodedata.category(letter)
        if kind[0] in "LN":
            kept.append(letter)
        elif kind[0] == "Z" or letter in "-–—.,/\t\n":
            kept.append(" ")
    return tuple("".join(kept).split())


def tokens(name: str) -> frozenset[str]:
    """Pieces of a name for spelling-tolerant search: three letters at a time, with the edges of each word marked."""
    pieces = set()
    for word in words_of(name):
        edged = f"^{word}$"
        pieces |= {edged[at : at + 3] for at in range(max(1, len(edged) - 2))}
    return frozenset(pieces)


def compare(name: str, born: BirthDate | None, other: str, other_born: BirthDate | None) -> Judged:
    """How well a form's name and birth date fit those of a file."""
    mine, theirs = words_of(name), words_of(other)
    same_name = bool(mine) and sorted(mine) == sorted(theirs)
    like_name = same_name or _alike(mine, theirs)
    same_day = born is not None and other_born is not None and born == other_born and born.exact
    may_be = (
        born is not None
        and other_born is not None
        and born.earliest <= other_born.latest
        and other_born.earliest <= born.latest
    )
    swapped = _swapped(born, other_born)
    if same_name and same_day:
        return Judged(Likeness.EXACT, "Same name and date of birth")
    if like_name and same_day:
        return Judged(Likeness.LIKELY, "Same date of birth, and a similar name")
    if like_name and _one_figure(born, other_born):
        return Judged(Likeness.LIKELY, "Similar name, and one figure of the date of birth is another")
    if like_name and swapped:
        return Judged(Likeness.LIKELY, "Similar name, with day and month of birth the other way round")
    if like_name and (born is None or other_born is None):
        # Offered for a person to look at, never more than likely: a name alone decides nothing (F22).
        return Judged(Likeness.LIKELY, "Similar name; a date of birth is missing, so check with care")
    if like_name and may_be:
        return Judged(Likeness.LIKELY, "Similar name, and the dates of birth may be the same")
    if same_day and set(mine) & set(theirs):
        return Judged(Likeness.LIKELY, "Same date of birth, and one name is the same")
    return Judged(Likeness.NONE, "Name and date of birth do not fit together")


def _alike(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Spelt a little differently, or one part of a double-barrelled name left out: every word of the shorter has a like."""
    shorter, longer = sorted((mine, theirs), key=len)
    if len(shorter) < 2:
        return False
    return all(any(_same_word(word, other) for other in longer) for word in shorter)


def _same_word(word: str, other: str) -> bool:
    """Spelt alike, or one a short form of the other: Tom, Thomas."""
    if SequenceMatcher(None, word, other).ratio() >= ALIKE:
        return True
    return bool(long_forms(word) & long_forms(other))


def near_days(born: date) -> tuple[date, ...]:
    """The days under which a child with this birth date may be on file: itself, and with day and month the other way round."""
    try:
        return tuple(dict.fromkeys((born, born.replace(day=born.month, month=born.day))))
    except ValueError:
        return (born,)


def _one_figure(born: BirthDate | None, other: BirthDate | None) -> bool:
    """One figure written or typed wrongly: 14/05/2011 and 14/05/2012."""
    if born is None or other is None or not (born.exact and other.exact):
        return False
    one, two = born.earliest.isoformat(), other.earliest.isoformat()
    return sum(a != b for a, b in zip(one, two, strict=True)) == 1


def _swapped(born: BirthDate | None, other: BirthDate | None) -> bool:
    if born is None or other is None or not (born.exact and other.exact):
        return False
    one, two = born.earliest, other.earliest
    return one != two and one.year == two.year and (one.day, one.month) == (two.month, two.day)
