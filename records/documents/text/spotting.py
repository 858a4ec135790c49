"""Does this text look like a request? Pure: text in, kinds with the words found out (R62).

Spotting errs towards a false alarm: a person looks, and closes it with a click. Nothing is ever acted upon because of it.
Hand-written letters are read badly, so that a request in handwriting may not be seen: officers still read their post.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class RequestKind(StrEnum):
    """What somebody may be asking for."""

    COPY = "copy"
    WITHDRAW = "withdraw"
    DELETE = "delete"
    CORRECT = "correct"
    COMPLAIN = "complain"


KIND_WORDS = {
    RequestKind.COPY: "a copy of records",
    RequestKind.WITHDRAW: "withdrawing consent",
    RequestKind.DELETE: "deleting information",
    RequestKind.CORRECT: "correcting information",
    RequestKind.COMPLAIN: "a complaint",
}


@dataclass(frozen=True)
class Spotted:
    """A kind of request, and the words that look like it, as they stand in the text (one space between words)."""

    kind: RequestKind
    words: tuple[str, ...]


# Words between the two halves of a phrase: "delete all of the information", "copy of every single record".
_FEW = r"(?:\W+\w+){0,4}?\W+"
_OURS = r"(?:records?|files?|data|information|documents?|notes|details|papers|paperwork|reports?|letters?|everything)"
_PATTERNS: dict[RequestKind, tuple[str, ...]] = {
    RequestKind.COPY: (
        rf"cop(?:y|ies)\W+of{_FEW}{_OURS}",
        rf"access\W+to{_FEW}{_OURS}",
        r"(?:what|everything|anything|all)(?:\W+\w+){0,3}?\W+(?:you|they)\W+(?:hold|keep|have)\W+(?:about|on|of)\b",
        r"what\W+you\W+hold",
        r"(?:subject|data)\W+access\W+request",
        r"\b(?:d?sar|sars)\b",
        r"freedom\W+of\W+information",
        rf"send\W+(?:me|us){_FEW}{_OURS}\W+(?:you|they)\W+(?:hold|keep|have)",
    ),
    RequestKind.WITHDRAW: (
        r"\bwithdraw(?:s|n|ing|al)?\b",
        r"\bwithdrew\b",
        r"(?:no\W+longer|do\W+not|don\W?t)(?:\W+\w+){0,2}?\W+(?:consent|agree|give\W+permission)",
        r"(?:take|taking)\W+back(?:\W+\w+){0,2}?\W+(?:consent|permission)",
        r"(?:revoke|cancel)(?:\W+\w+){0,2}?\W+(?:consent|permission)",
        r"stop\W+(?:sharing|contacting|using|storing|processing)",
    ),
    RequestKind.DELETE: (
        r"\b(?:delet(?:e|ed|es|ing|ion)|eras(?:e|ed|ing|ure))\b",
        rf"(?:destroy|remove|shred|get\W+rid\W+of){_FEW}{_OURS}",
        r"right\W+to\W+be\W+forgotten",
    ),
    RequestKind.CORRECT: (
        rf"\bcorrect(?:ing|ion\W+(?:of|to))?{_FEW}{_OURS}",
        rf"{_OURS}(?:\W+\w+){{0,4}}?\W+(?:is|are)(?:\W+\w+){{0,2}}?\W+(?:wrong|incorrect|inaccurate|out\W+of\W+date)",
        r"\brectif(?:y|ication)\b",
        rf"(?:change|update|amend){_FEW}(?:records?|files?|details)",
    ),
    RequestKind.COMPLAIN: (
        r"\bcomplain(?:s|ed|ing|ts?)?\b",
        r"\bombudsman\b",
        r"information\W+commissioner",
        r"not\W+(?:happy|satisfied)\W+with",
        r"\bunhappy\W+(?:with|about)\b",
    ),
}
# Between the words of a phrase anything but a letter or the end of a sentence.
_GAP = r"[^\w.!?]+"
_COMPILED = {
    kind: [re.compile(one.replace(r"\W+", _GAP), re.IGNORECASE) for one in ones] for kind, ones in _PATTERNS.items()
}
# A hyphen at a line's end parts a word: "with-⏎draw".
_PARTED = re.compile(r"(?<=\w)-[ \t]*\n[ \t]*(?=[a-z])")
MOST_TEXT = 100_000


def possible_requests(text: str) -> tuple[Spotted, ...]:
    """Every kind of request that this text may hold, in the order of `RequestKind`. Empty when there is none.

    Source: R62. Longer texts than MOST_TEXT are looked at up to there: a page never holds more.
    """
    joined = _PARTED.sub("", text[:MOST_TEXT]).replace("’", "'")
    found = []
    for kind, patterns in _COMPILED.items():
        words = {" ".join(match.group(0).split()): None for pattern in patterns for match in pattern.finditer(joined)}
        if words:
            found.append(Spotted(kind, tuple(words)))
    return tuple(found)
