"""Puts recognised text beside written fields, as suggestions that a person looks at, and judges dates by R39-R41. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from forms.dates import Dated, Doubted, Figures, NoDate, Written, birth_date, figures, signature_date
from forms.ocr import OcrText
from forms.results import FieldReading, FormReading
from forms.template import Kind

WEAK = 0.60
"""Below this the guess at a name is noise and no help to anybody: none of those of the samples was right."""
WEAK_DATE = 0.40
"""A date less sure than this is more likely wrong than right, and a wrong one beside the picture misleads."""
DATE_TAKEN = 0.995
"""From here a plausible date of signing needs nobody: see the figures in forms/models/digits.md. Dates of birth always do."""
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
            reading = reading.with_field(
                replace(field, value=_tidy(text.text), review=True, confidence=round(text.confidence, 3), reason=_CHECK)
            )
    return reading


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


def _tidy(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split()).strip("|_~=—- ")[:200]
