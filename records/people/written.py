"""Whether two writings of a name or an address are the same. Pure."""

import re
import unicodedata

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s+(\d[a-z]{2})\b")
_BETWEEN_FIGURES = re.compile(r"(?<=\d)[\W_]+(?=\d)")


def bare(text: str) -> str:
    """The letters and figures alone, in small letters and one form. Two numbers stay two: Flat 1, 12 Elm Road is not Flat 11, 2 Elm Road.
    A postcode is one word, with its space or without."""
    words = _POSTCODE.sub(r"\1\2", unicodedata.normalize("NFC", text).casefold())
    parted = _BETWEEN_FIGURES.sub("|", words)
    return "".join(sign for sign in parted if sign.isalnum() or sign == "|")


def same(one: str, other: str) -> bool:
    """Whether they differ in nothing but case, spaces, the form of accents and punctuation. Empty is never the same."""
    left, right = bare(one), bare(other)
    return bool(left) and left == right
