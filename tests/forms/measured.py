"""Readings as they were measured, without a scan: for tests of what is judged from stored scores."""

from dataclasses import fields as dataclass_fields

from forms.ink import BoxInk
from forms.marks import Content
from forms.results import FieldReading
from forms.template import Field


def scores(content: Content, inside: float) -> dict[str, float | str]:
    """Evidence of one box in which the scorer plainly saw this."""
    ink = {score.name: 0.0 for score in dataclass_fields(BoxInk)} | {
        "inside": inside,
        "total": inside,
        "extent": 4.0,
        "density": 0.2,
    }
    return {**ink, **{f"chance.{each.value}": 0.99997 if each is content else 0.000005 for each in Content}}


def measured(field: Field, meant: str | None, content: Content = Content.TICKED) -> FieldReading:
    """A field as it was measured, with a tick (or `content`) in one of its boxes or in none; its answer is not judged yet."""
    evidence: dict[str, float | str] = {
        "fit": 0.95,
        "question": 0.95,
        "heads": 0.95,
        "inside_scan": 1.0,
        "words.text": 0.1,
    }
    for box in field.boxes if field.kind.is_mark else ():
        found = scores(content, 2.5) if box == meant else scores(Content.EMPTY, 0.0)
        evidence |= {f"{box}.{name}": value for name, value in found.items()}
    return FieldReading(field.id, field.kind, None, False, 1.0, None, field.page, field.box, field.page, None, evidence)
