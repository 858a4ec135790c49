"""Typed and fillable PDFs of our own forms, read from their own text and fields without recognition.

Only a PDF whose printed words stand where the blank has them counts as ours: a scan with a hidden text layer does not, because
its layer was guessed from pixels. Where a mark could be drawn rather than typed (lines, pictures, comments), the page is left
to the reader of pixels, which sees everything.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pypdf import PdfReader

from forms import dates
from forms.catalogue import Catalogue
from forms.geometry import Box, grown
from forms.results import FieldReading, PageKind, PageReading
from forms.template import Field, Kind, Template

TICKS = frozenset("xXyY✓✔✗✘☑☒⊠■●√")
SAME_PLACE_PT = 3.0
ENOUGH = 0.9
IMAGE_SHARE = 0.2


@dataclass(frozen=True)
class _Word:
    text: str
    box: Box


def read_digital(data: bytes, catalogue: Catalogue) -> list[PageReading] | None:
    """The readings of a typed form's pages; None when it is no born-digital copy of a form that we know.

    Never raises for what a document holds.
    """
    try:
        values = _form_values(data)
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > 12:
                return None
            readings = [_page(page, number, values, catalogue) for number, page in enumerate(document.pages, 1)]
    except Exception:  # a dozen kinds of error come out of broken files; the reader of pixels takes over
        return None
    if any(reading is None for reading in readings):
        return None
    return [reading for reading in readings if reading is not None]


def _form_values(data: bytes) -> dict[str, str]:
    """Values of a fillable PDF's fields by name."""
    found = PdfReader(io.BytesIO(data)).get_fields() or {}
    return {name: str(field.value) for name, field in found.items() if field.value is not None}


# Any: pdfplumber has no types.
def _page(page: Any, number: int, values: dict[str, str], catalogue: Catalogue) -> PageReading | None:
    covered = sum((image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images)
    if covered > IMAGE_SHARE * page.width * page.height:
        return None  # a scan, whatever text lies under it
    words = [_Word(word["text"], (word["x0"], word["top"], word["x1"], word["bottom"])) for word in page.extract_words()]
    for template in catalogue.templates():
        for template_page in range(1, len(template.pages) + 1):
            fields = template.on_page(template_page)
            if fields and _labels_found(fields, words):
                if not _only_typed(page, values):
                    return None
                return _reading(template, template_page, fields, words, values, number)
    return None


def _labels_found(fields: Sequence[Field], words: Sequence[_Word]) -> bool:
    """Whether nearly every question is printed at its place."""
    labels = [(field.label, field.labels["text"]) for field in fields if "text" in field.labels]
    if not labels:
        return False
    hits = 0
    for text, box in labels:
        first = re.split(r"[\s:,]", text)[0]
        hits += any(
            word.text.startswith(first[:4]) and abs(word.box[0] - box[0]) < 12 and abs(word.box[1] - box[1]) < 2 * SAME_PLACE_PT
            for word in words
        )
    return hits >= ENOUGH * len(labels)


def _only_typed(page: Any, values: dict[str, str]) -> bool:
    """Whether all that a person added can be seen as text or field values: no comments, no drawn strokes."""
    drawn = [annotation for annotation in page.annots if annotation.get("data", {}).get("Subtype", "").name != "Widget"] if page.annots else []
    return not drawn and not page.curves and bool(values or page.chars)


def _reading(
    template: Template, template_page: int, fields: Sequence[Field], words: Sequence[_Word], values: dict[str, str], number: int
) -> PageReading:
    printed = {word for field in fields for word in re.split(r"\s+", field.label)}
    readings = []
    for field in fields:
        value, review, reason = _value(field, words, values, printed)
        readings.append(
            FieldReading(
                id=field.id, kind=field.kind, value=value, review=review, confidence=0.5 if review else 0.99, reason=reason,
                page=number, box=field.box, template_page=template_page, evidence={"source": "text"},
            )
        )  # fmt: skip
    return PageReading(number, PageKind.FORM, template.id, template.edition, template_page, fields=tuple(readings))


def _value(
    field: Field, words: Sequence[_Word], values: dict[str, str], printed: set[str]
) -> tuple[str | None, bool, str | None]:
    given = values.get(field.id)
    if field.kind in (Kind.YES_NO, Kind.TICK):
        marked = [name for name, box in field.boxes.items() if _ticked(box, words) or _chosen(given, name)]
        if len(marked) > 1:
            return "unclear", True, "Both boxes have marks."
        if not marked:
            return "blank", False, None
        return ("yes" if marked[0] == "tick" else marked[0]), False, None
    typed = given or " ".join(word.text for word in words if _inside(word.box, field.box) and word.text not in printed).strip(" _/")
    if field.kind is Kind.SIGNATURE:
        return ("present" if typed else "absent"), True, "A typed name is not a signature by hand. Check it."
    if not typed:
        return None, False, None
    if field.kind is Kind.DATE:
        found = dates.read(typed)
        if isinstance(found, dates.NoDate):
            return None, True, f"{found.reason} Read it from the picture."
        return found.day.isoformat(), False, None
    return typed[:200], False, None


def _chosen(given: str | None, name: str) -> bool:
    text = (given or "").strip("/ ").casefold()
    return text in {name, f"{name}_on"} or (name == "tick" and text in {"yes", "on", "true", "1", "x"})


def _ticked(box: Box, words: Sequence[_Word]) -> bool:
    return any(len(word.text) <= 2 and set(word.text) & TICKS and _inside(word.box, grown(box, 1.5)) for word in words)


def _inside(one: Box, other: Box) -> bool:
    x, y = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]
