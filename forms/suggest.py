"""Puts recognised text beside written fields, as suggestions that a person looks at, and judges dates by R39-R41. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from forms.assemble import ANOTHER_NAME
from forms.dates import Dated, Doubted, Figures, NoDate, Written, birth_date, figures, signature_date
from forms.recognised import OcrText
from forms.refusals import refusals_asked, signatures_asked
from forms.results import LETTERS, FieldReading, FormReading
from forms.template import Kind
from forms.tidy import is_spelt, tidy

WEAK = 0.60
"""Below this the guess at a name is noise and no help to anybody: none of those of the samples was right."""
WEAK_DATE = 0.12
"""A date less sure than this is more likely wrong than right, and a wrong one beside the picture misleads: of those from here to 0.25, two in three are right."""
DATE_TAKEN = 0.999
"""From here a plausible date of signing needs nobody: see the figures in forms/models/digits.md. Dates of birth always do."""
_SIGNER = "signer_name"
_NAMES = ("child_name", "parent_name", _SIGNER)
SURE_NAME, UNLIKE = 0.85, 0.45
"""Two names of one form that were read this surely, and are no more alike than this, are two people's."""
_CHECK = "The computer read handwriting. Check it."


def suggest(reading: FormReading, texts: Mapping[str, OcrText], received: date) -> FormReading:
    """The reading with suggestions for its names and dates; every date is judged against the others and `received`.

    `texts` by field id. A name always stays for a person to look at, and so does a date of birth: it decides when a
    child's papers are destroyed. A date that is implausible is kept as written, and asked about with the reason (R39).
    """
    written = {field.id: _figures_of(field, texts.get(field.id)) for field in reading.fields.values()}
    signed = _first(written[field.id] for field in reading.fields.values() if _is_signing(field))
    for field in reading.fields.values():
        text = texts.get(field.id)
        if field.kind is Kind.DATE:
            found = written[field.id]
            judged = found if found is None or isinstance(found, NoDate) else _judged(field, found, signed, received)
            reading = reading.with_field(_date(field, found, judged, text))
        elif field.kind is Kind.TEXT and field.value is None and text and text.text and text.confidence >= WEAK:
            reading = reading.with_field(_suggested(field, text))
    return _with_names_compared(signatures_asked(refusals_asked(reading), texts))


def _suggested(field: FieldReading, text: OcrText) -> FieldReading:
    """What the writing most likely spells; where that is not what each letter looks like, those letters stay with the reading."""
    letters = tidy(field.id, text.text)
    value = tidy(field.id, text.likely) if is_spelt(field.id) else letters
    evidence = field.evidence if value == letters else {**field.evidence, LETTERS: letters}
    return replace(
        field, value=value, review=True, confidence=round(text.confidence, 3), reason=_CHECK, evidence=evidence
    )


def _with_names_compared(reading: FormReading) -> FormReading:
    """A note where whoever signed one page is neither the child nor the parent whose names stand on another (P6)."""
    named = [one for one in reading.fields.values() if one.kind is Kind.TEXT and one.id in _NAMES and _is_sure(one)]
    signers = [one for one in named if one.id == _SIGNER]
    for signer in signers:
        others = [one for one in named if one.id != _SIGNER and one.page != signer.page]
        if len(others) == len(_NAMES) - 1 and not any(_alike(signer.value, one.value) for one in others):
            note = ANOTHER_NAME.format(one=others[0].page, other=signer.page)
            return replace(reading, notes=(*reading.notes, note))
    return reading


def _is_sure(field: FieldReading) -> bool:
    return field.value is not None and field.confidence >= SURE_NAME


def _alike(one: str | None, other: str | None) -> bool:
    """Whether two names share a word, or nearly: a surname, mostly."""
    words = [[word for word in (name or "").casefold().split() if len(word) > 2] for name in (one, other)]
    return any(SequenceMatcher(None, first, second).ratio() > UNLIKE for first in words[0] for second in words[1])


def _is_signing(field: FieldReading) -> bool:
    return field.kind is Kind.DATE and "sign" in field.id


def _figures_of(field: FieldReading, text: OcrText | None) -> Figures | NoDate | None:
    """The figures in a date field: typed ones that were read already, else recognised ones."""
    if field.kind is not Kind.DATE:
        return None
    if field.value is not None:
        try:
            known = date.fromisoformat(field.value)
        except ValueError:
            return None
        return Figures(known.day, known.month, known.year, short=False)
    if text is None:
        return None
    if text.text and text.confidence < WEAK_DATE:
        return NoDate("The figures are not clear.")
    return figures(text.text)


def _first(found: Iterable[Figures | NoDate | None]) -> Figures | None:
    return next((one for one in found if isinstance(one, Figures)), None)


def _judged(field: FieldReading, written: Figures, signed: Figures | None, received: date) -> Dated:
    return birth_date(written, signed, received) if "birth" in field.id else signature_date(written, received)


def _date(
    field: FieldReading, written: Figures | NoDate | None, judged: Dated | None, text: OcrText | None
) -> FieldReading:
    kept = field if not isinstance(written, Figures) else _with_written(field, written)
    typed = field.value is not None
    sure = field.confidence if typed or text is None else round(text.confidence, 3)
    match judged:
        case None:
            return field
        case Written() if typed:
            return kept
        case Written(day=day):
            taken = _is_signing(field) and sure >= DATE_TAKEN and _plain(field)
            return replace(
                kept, value=day.isoformat(), review=not taken, confidence=sure, reason=None if taken else _CHECK
            )
        case Doubted(day=day, reason=reason):
            value = field.value or day.isoformat()
            return replace(kept, value=value, review=True, confidence=sure, reason=f"{reason} Check it.")
        case NoDate(reason=reason):
            return replace(kept, review=True, reason=f"{reason} Read it from the picture.")


def _plain(field: FieldReading) -> bool:
    """Whether the writing is all there and strong. What the page reader saw of it speaks against some readings."""
    return not any(word in (field.reason or "") for word in ("cut off", "faint"))


def _with_written(field: FieldReading, written: Figures) -> FieldReading:
    """What was written stays with the reading, whatever the rules make of it (R39)."""
    return replace(field, evidence={**field.evidence, "written": str(written)})
