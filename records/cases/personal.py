"""Does what was typed about an anonymous caller say who they are (N4, N5)? Pure.

It warns, gently: a person looks again and may go on. So it may be wrong both ways; the words of the field (EHCP, June review,
Year 9, Local Offer, Westminster) are let through, because a warning that always comes is not read.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from records.cases.plain_words import FIRST_NAMES, KNOWN


class Looks(StrEnum):
    """What a piece of text looks like."""

    NAME = "name"
    DATE = "date"
    TELEPHONE = "telephone"
    EMAIL = "email"
    POSTCODE = "postcode"
    ADDRESS = "address"


LOOKS_WORDS = {
    Looks.NAME: "a name",
    Looks.DATE: "a date",
    Looks.TELEPHONE: "a telephone or other long number",
    Looks.EMAIL: "an email address",
    Looks.POSTCODE: "a postcode",
    Looks.ADDRESS: "a street address",
}


@dataclass(frozen=True)
class Finding:
    """What it looks like, and the piece of the text that does, as typed (compatibility forms and hidden letters resolved)."""

    looks: Looks
    piece: str


_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY "
    "HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL "
    "PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_EMAIL = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\s@<>(),;:]+|\b\w+ at \w+ dot \w+", re.IGNORECASE)
_POSTCODE = re.compile(
    rf"\b(?:{_AREAS.replace(' ', '|')})[0-9][0-9A-Z]?\s{{0,2}}[0-9][ABD-HJLNP-UW-Z]{{2}}\b", re.IGNORECASE
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|[04-9]th)\Z")
_DATE = re.compile(
    r"\b[0-9]{1,2}\s?[/.\-]\s?[0-9]{1,2}\s?[/.\-]\s?(?:[0-9]{4}|[0-9]{2})\b"
    r"|\b[0-9]{4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,2}\b"
    rf"|\b[0-9]{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s\-]+{_MONTH}\b(?:[\s,\-]+[0-9]{{2,4}}\b)?"
    rf"|\b{_MONTH}\s+[0-9]{{1,2}}(?:st|nd|rd|th)?\b(?![0-9:/])(?:,?\s+[0-9]{{4}}\b)?",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|d\.?o\.?b\.?|date of birth|birthday)\b[^.\n0-9]{0,20}(?:(?:19|20)[0-9]{2}|[0-9]{2})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w£])\(?\+?[0-9](?:[\s().\-]{0,2}[0-9]){6,14}(?!\w)")
_YEARS = re.compile(r"(?:(?:19|20)[0-9]{2}[\s\-]{0,3}){1,3}\Z")
_ADDRESS = re.compile(
    r"\b(?:flat|house|number|no\.?)?\s*[0-9]{1,4}[a-z]?,?\s+(?:[a-z'’\-]+\s+){1,3}"
    r"(?:street|st|road|rd|lane|avenue|ave|close|crescent|drive|gardens|grove|mews|place|square|terrace|way|court|walk|hill)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:mrs?|ms|miss|mx|dr|prof|sir|mum|dad)\.?\s+(?P<name>[A-Z][a-z'’\-]+)", re.UNICODE)
_CALLED = re.compile(
    r"\b(?:called|named|name is|name's|i am|i'm|this is|son|daughter|child|pupil|brother|sister|surname)[\s:]+(?P<name>[A-Z][\w'’\-]*)"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ENDS = re.compile(r"[.!?:;\n•]\s*[\"'“‘(]*\Z")


def looks_personal(text: str) -> tuple[Finding, ...]:
    """Every piece that looks like it tells who somebody is, each once, in order. Empty: nothing was noticed."""
    plain = _plain(text)
    found: dict[Finding, None] = {}
    left = plain
    for looks, pieces in ((Looks.EMAIL, _emails), (Looks.POSTCODE, _postcodes), (Looks.DATE, _dates), (Looks.DATE, _births),
                          (Looks.TELEPHONE, _numbers), (Looks.ADDRESS, _addresses), (Looks.NAME, _names)):  # fmt: skip
        for piece in pieces(left):
            found[Finding(looks, piece)] = None
            left = left.replace(piece, " · ")  # what is told once is not told again as something else
    return tuple(sorted(found, key=lambda finding: plain.find(finding.piece)))


def _plain(text: str) -> str:
    """As a person reads it: compatibility forms resolved, letters without width and direction marks gone."""
    read = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in read if unicodedata.category(letter) != "Cf")


def _emails(text: str) -> Iterator[str]:
    yield from (found[0].strip() for found in _EMAIL.finditer(text))


def _postcodes(text: str) -> Iterator[str]:
    yield from (found[0] for found in _POSTCODE.finditer(text) if not _ORDINAL.search(found[0]))


def _dates(text: str) -> Iterator[str]:
    yield from (found[0].strip() for found in _DATE.finditer(text))


def _births(text: str) -> Iterator[str]:
    yield from (found[0].strip() for found in _BORN.finditer(text))


def _numbers(text: str) -> Iterator[str]:
    yield from (found[0].strip() for found in _NUMBER.finditer(text) if not _YEARS.fullmatch(found[0].strip()))


def _addresses(text: str) -> Iterator[str]:
    for found in _ADDRESS.finditer(text):
        street = [word.casefold() for word in _WORD.findall(found[0])][:-1]
        if any(word not in KNOWN for word in street) or found[0].rstrip().casefold().endswith(
            ("street", "road", "lane")
        ):
            yield found[0].strip()


def _names(text: str) -> Iterator[str]:
    for pattern in (_TITLE, _CALLED):
        for found in pattern.finditer(text):
            if not _known(found["name"]):
                yield found[0]
    for run in _runs(text):
        unknown = [word for word, starts in run if not _known(word)]
        first = [word for word, starts in run if word.casefold() in FIRST_NAMES]
        within = [word for word, starts in run if not starts and not _known(word)]
        if first or within or len(unknown) > 1:
            yield " ".join(word for word, _ in run)


def _runs(text: str) -> Iterator[list[tuple[str, bool]]]:
    """Neighbouring words that could be a name together, each with whether it begins a sentence."""
    run: list[tuple[str, bool]] = []
    end = 0
    for found in _WORD.finditer(text):
        word = found[0]
        if run and text[end : found.start()].strip(" "):
            yield run
            run = []
        starts = not text[: found.start()].strip() or _ENDS.search(text[: found.start()]) is not None
        if _could_be_name(word):
            run.append((word, starts))
        elif run:
            yield run
            run = []
        end = found.end()
    if run:
        yield run


def _could_be_name(word: str) -> bool:
    """Written with a capital, or a first name however written."""
    if word.casefold() in FIRST_NAMES:
        return True
    return len(word) > 1 and word[0].isupper() and not _known(word) and not _shortened(word)


def _shortened(word: str) -> bool:
    """An abbreviation, such as EHCP, SENCo or LA: short and in capitals."""
    return sum(letter.isupper() for letter in word) * 2 > len(word) and len(word) <= 6


def _known(word: str) -> bool:
    """A word of the field or of every day, also with its ending or in two halves."""
    plain = word.casefold().removesuffix("'s").removesuffix("’s")
    if plain in KNOWN or plain.removesuffix("s") in KNOWN or (plain.endswith("ies") and f"{plain[:-3]}y" in KNOWN):
        return True
    halves = re.split(r"['’\-]", plain)
    return len(halves) > 1 and all(half in KNOWN or len(half) == 1 for half in halves)
