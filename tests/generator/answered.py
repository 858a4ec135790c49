"""What a careful person reads of a filled-in field, and millimetres on the sheet."""

from dataclasses import dataclass, field

from forms.geometry import Box
from forms.marks import Content
from forms.template import Kind

MM = 25.4 / 72
"""Millimetres in a point."""
WIDE_MM = 12.0
"""From here a box is a cell of a table: it is written in, not beside."""


@dataclass
class Answered:
    """What a careful person reads of one field. `marks` are the numbers of its ink on the sheet, by box.

    `drawn`: of a box whose mark the scan may have lost, what was drawn in it, and how much of its ink and of its strokes shows (0 to 1).
    """

    kind: Kind
    value: str | None
    flags: list[str] = field(default_factory=list)
    raw: str | None = None
    boxes: dict[str, Content] = field(default_factory=dict)
    marks: dict[str, list[int]] = field(default_factory=dict)
    drawn: dict[str, tuple[Content, float, float]] = field(default_factory=dict)


def in_mm(box: Box) -> Box:
    """A box in points → in millimetres."""
    left, top, right, bottom = box
    return left * MM, top * MM, right * MM, bottom * MM


def middle(box: Box) -> tuple[float, float]:
    """The middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
