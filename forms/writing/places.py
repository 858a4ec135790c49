"""Where day, month and year of a date stand in the picture that `forms/crops.py` prepares for recognition. Pure."""

from forms.geometry import Box
from forms.template import Field, Kind, Template

RECOGNITION_DPI = 300
SIDE_PT = 4.0
"""How far the prepared picture goes beyond the field on either side."""
PAD_PX = 20
"""White that is added around it."""

Span = tuple[float, float]
Groups = tuple[tuple[Span, ...], ...]
"""Day, month and year; of each the spans of its cells from left to right in pixels of the prepared picture."""


def dates_of(template: Template) -> dict[str, Groups]:
    """The places of every date of a form, by field id."""
    return {field.id: date_places(field) for field in template.fields if field.kind is Kind.DATE}


def date_places(field: Field) -> Groups:
    """The figure boxes of a date, or its three gaps between printed slashes; empty when the form has neither."""
    if field.comb:
        cells = [_span(field, box) for box in field.comb]
        return (tuple(cells[:2]), tuple(cells[2:4]), tuple(cells[4:]))
    parts = [field.boxes.get(name) for name in ("day", "month", "year")]
    found = [(_span(field, box),) for box in parts if box is not None]
    return tuple(found) if len(found) == 3 else ()


def _span(field: Field, box: Box) -> Span:
    left = field.box[0] - SIDE_PT
    scale = RECOGNITION_DPI / 72
    return ((box[0] - left) * scale + PAD_PX, (box[2] - left) * scale + PAD_PX)
