"""The words that blanks print for yes, for no and for neither: the one place where a wording is added.

Small letters, straight apostrophes, no punctuation at the ends: as `found.said` makes words.
"""

from collections.abc import Iterable
from itertools import permutations, product

_WELSH_YES = frozenset({"ydw", "ydym", "cewch", "ie", "oes", "ydy"})
PLAIN_YES = frozenset({"yes", *_WELSH_YES, "tak", "نعم", "جی ہاں"})
PLAIN_NO = frozenset({"no", "nie", "لا", "جی نہیں", "nac ydw", "nac ydym", "na chewch", "nage", "nac oes", "na"})
"""Answers wherever they stand."""


def _both(answers: Iterable[str]) -> set[str]:
    """An answer in two languages side by side, as forms in both print it: "Ydw / Yes"."""
    return {f"{one} {two}" for one, two in permutations(answers, 2)}


_WILL = (
    "agree",
    "consent",
    "give permission",
    "give consent",
    "give my permission",
    "give my consent",
    "permit",
    "allow",
)
_DONE = ("agreed", "allowed", "permitted", "permission given", "consent given", "given", "accepted")
_WHO = ("", "i ", "we ", "i/we ")
_NOT = ("do not ", "don't ")
_WIDE_YES = {
    *("".join(words) for words in product(_WHO, ("", "do "), _WILL)), *_DONE, "i am happy", "i'm happy", "ok", "okay",
    "cytuno", "rwy'n cytuno", "rwyf yn cytuno", "y",
}  # fmt: skip
_WIDE_NO = {
    *("".join(words) for words in product(_WHO, _NOT, _WILL)), *("not " + done for done in _DONE),
    *(who + "disagree" for who in _WHO), "permission not given", "consent not given", "refuse", "refused", "i refuse",
    "permission refused", "consent refused", "i am not happy", "i'm not happy", "not ok", "not okay",
    "anghytuno", "ddim yn cytuno", "nid wyf yn cytuno", "n",
}  # fmt: skip

YES_WORDS = frozenset({*PLAIN_YES, *_WIDE_YES, *(f"yes {words}" for words in _WIDE_YES), *_both(PLAIN_YES)})
NO_WORDS = frozenset({*PLAIN_NO, *_WIDE_NO, *(f"no {words}" for words in _WIDE_NO), *_both(PLAIN_NO)})

NEITHER = {
    **dict.fromkeys(
        ("not sure", "i am not sure", "i'm not sure", "unsure", "undecided", "don't know", "do not know", "i don't know",
         "i do not know", "maybe", "ddim yn siŵr", "ddim yn gwybod"),
        "not_sure",
    ),
    **dict.fromkeys(("n/a", "n.a", "na", "not applicable", "does not apply", "amherthnasol"), "not_applicable"),
    **dict.fromkeys(
        ("no answer", "no view", "no opinion", "no preference", "rather not say", "prefer not to say"), "no_answer"
    ),
}  # fmt: skip
"""Heads of a third column, and how the id of its tick ends. The template has no third answer to a question."""

MOST_WORDS = max(len(words.split()) for words in (*YES_WORDS, *NO_WORDS, *NEITHER))


def answer_each_other(yes: str, no: str) -> bool:
    """Whether a no answers a yes: "NA" is no in Welsh, and "not applicable" beside an English yes."""
    return no != "na" or yes in _WELSH_YES
