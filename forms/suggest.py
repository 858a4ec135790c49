"""Puts recognised text beside written fields, as suggestions that a person looks at. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from forms.dates import NoDate, Written, read
from forms.ocr import OcrText
from forms.results import FieldReading, FormReading
from forms.template import Kind

WEAK = 0.30
"""Below this Tesseract's guess at handwriting is noise, and no help to anybody."""


def suggest(reading: FormReading, texts: Mapping[str, OcrText]) -> FormReading:
    """The reading with suggestions for its names and dates. Handwriting always stays for a person to look at."""
    for field_id, text in texts.items():
        field = reading.fields.get(field_id)
        if field is None or field.value is not None:
            continue
        if field.kind is Kind.DATE:
            reading = reading.with_field(_date(field, text))
        elif field.kind is Kind.TEXT and text.text and text.confidence >= WEAK:
            reading = reading.with_field(
                replace(field, value=_tidy(text.text), review=True, confidence=round(text.confidence, 3),
                        reason="The computer read handwriting. Check it.")
            )  # fmt: skip
    return reading


def _date(field: FieldReading, text: OcrText) -> FieldReading:
    match read(text.text):
        case Written(day=day):
            return replace(
                field, value=day.isoformat(), review=True, confidence=round(text.confidence, 3),
                reason="The computer read handwriting. Check it.",
            )  # fmt: skip
        case NoDate(reason=reason):
            return replace(field, review=True, reason=f"{reason} Read it from the picture.")


def _tidy(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split()).strip("|_~=—- ")[:200]
