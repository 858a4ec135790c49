"""“No” written on the line beside a box instead of a name, and words or a date where a signature should be. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from forms.answers import OWN_LINE
from forms.dates import Figures, figures
from forms.recognised import OcrText
from forms.results import LETTERS, FieldReading, FormReading
from forms.template import Kind

_NO = frozenset({"no", "none", "noone", "nobody", "nil", "na", "not", "never", "nothanks"})
SAYS_NO = "“No” seems to be written on the line of this question."
WORDS = "Words stand where the signature should be. Look whether this was signed."
FIGURES = "A date or number stands where the signature should be. Look whether this was signed."
SURE_WORDS = 0.75
"""A signature that nobody could read is read as a few letters, 8 of the 26 of the samples less surely than this; of 242 such words and
dates in eleven drawn hands 240 were read more surely."""
# A person's name is never enough: Nott, Noe, Una and See are names, and so may two initials be (NA), but for NO, which is the likelier word.
_ALONE = frozenset({"no", "none", "nil", "not", "never", "n/a"})
_WITHIN = re.compile(
    r"\b(?:cannot|unable|refused?|declined?)\b"
    r"|\bnot \w"
    r"|^[il1]{1,2} (?:do|did|will|can) ?not\b"
    r"|\b(?:can|don|won|didn)['’]t \w"
    r"|^no (?:consent|longer|permission|signature|thanks?)\b"
    r"|\bsee (?:above|attached|back|below|letter|notes?|over|overleaf)\b"
)
_JOINED = ("cantsign", "dontsign", "notagree", "notconsent", "notsign", "signhere", "unabletosign", "wontsign")
_LETTERS = re.compile(r"[^\W\d_]")
_FEWEST_FIGURES = 5


def refusals_asked(reading: FormReading) -> FormReading:
    """A tick or yes beside whose line “no” is written instead of a name is for a person: it may be the answer (R23)."""
    for field in reading.fields.values():
        beside = reading.fields.get(f"{field.id}{OWN_LINE}")
        if field.kind.is_mark and field.value == "yes" and not field.review and beside and _says_no(beside):
            reading = reading.with_field(replace(field, review=True, confidence=0.5, reason=SAYS_NO))
    return reading


def signatures_asked(reading: FormReading, texts: Mapping[str, OcrText]) -> FormReading:
    """A signature in whose place words like “not signed” or a date stand is for a person. `texts`: what was read there, by field id.

    A name in plain letters is a signature.
    """
    for field in reading.fields.values():
        text = texts.get(field.id)
        if field.kind is not Kind.SIGNATURE or field.value != "present" or field.review or text is None:
            continue
        reason = no_signature(text)
        if reason is not None:
            reading = reading.with_field(replace(field, value="absent", review=True, confidence=0.5, reason=reason))
    return reading


def no_signature(read: OcrText) -> str | None:
    """Why what was read in the place of a signature plainly is none; None when it may be one, or was not read surely."""
    text = re.sub(r" ?[/\\] ?", "/", " ".join(read.text.casefold().split()))
    if read.confidence < SURE_WORDS or not text:
        return None
    if text.strip(" .,!-–—") in _ALONE or _WITHIN.search(text) or any(words in _joined(text) for words in _JOINED):
        return WORDS
    return FIGURES if _is_figures(text) else None


def _is_figures(text: str) -> bool:
    """A date, or figures without letters. A signature with its date beside it is neither."""
    dated = isinstance(figures(text), Figures)
    if _LETTERS.search(text):  # those of a month, beside day and year
        return dated and len(re.findall(r"\d+", text)) == 2
    return dated or sum(sign.isdecimal() for sign in text) >= _FEWEST_FIGURES


def _joined(text: str) -> str:
    """Without spaces, which recognition loses."""
    return "".join(_LETTERS.findall(text))


def _says_no(beside: FieldReading) -> bool:
    """Whether “no” is written there, by its letters or by what they most likely spell."""
    letters = beside.evidence.get(LETTERS)
    return _is_no(beside.value) or (isinstance(letters, str) and _is_no(letters))


def _is_no(text: str | None) -> bool:
    return "".join(sign for sign in (text or "").casefold() if sign.isalpha()) in _NO
