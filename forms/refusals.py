"""“No” written on the line beside a box instead of a name. Pure."""

from dataclasses import replace

from forms.answers import OWN_LINE
from forms.results import FormReading

_NO = frozenset({"no", "none", "noone", "nobody", "nil", "na", "not", "never", "nothanks"})
SAYS_NO = "“No” seems to be written on the line of this question."


def refusals_asked(reading: FormReading) -> FormReading:
    """A tick or yes beside whose line “no” is written instead of a name is for a person: it may be the answer (R23)."""
    for field in reading.fields.values():
        beside = reading.fields.get(f"{field.id}{OWN_LINE}")
        if field.kind.is_mark and field.value == "yes" and not field.review and beside and _is_no(beside.value):
            reading = reading.with_field(replace(field, review=True, confidence=0.5, reason=SAYS_NO))
    return reading


def _is_no(text: str | None) -> bool:
    return "".join(sign for sign in (text or "").casefold() if sign.isalpha()) in _NO
