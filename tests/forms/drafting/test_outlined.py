"""A box that lies beside the printed one is found, and one that lies well never is."""

import pytest

from forms.drafting import outlined
from forms.drafting.draft import draft_template
from forms.drafting.parts import pictures_of
from forms.geometry import Box
from forms.template import Field
from tests.forms.drafting.drawing import BOX, pdf_of, table

ROUND = "#box(circle(radius: 2mm, stroke: 0.8pt))"
CORNERS = "#box(width: 6mm, height: 6mm, radius: 1.5mm, stroke: 0.8pt)"
LIST = "".join(f"{{}} {it}\n\n" for it in ("School", "Doctor", "Council"))
BLANKS = {
    "drawn": LIST.replace("{}", BOX), "round": LIST.replace("{}", ROUND), "corners": LIST.replace("{}", CORNERS),
    "signs": "#set text(font: (\"Liberation Sans\", \"DejaVu Sans\"))\n" + LIST.replace("{}", "☐"), "cells": table("Yes", "No"),
}  # fmt: skip


def moved(field: Field, x: float, y: float) -> Field:
    """The field with its first box moved by shares of its own sides."""
    name, (left, top, right, bottom) = next(iter(field.boxes.items()))
    across, down = x * (right - left), y * (bottom - top)
    box: Box = (left + across, top + down, right + across, bottom + down)
    return Field(**{**vars(field), "boxes": {**field.boxes, name: box}})


@pytest.mark.parametrize("body", BLANKS.values(), ids=list(BLANKS))
def test_a_box_off_by_half_is_named_with_the_place_of_the_printed_one(body: str) -> None:
    pdf = pdf_of(body)
    (picture,) = pictures_of(pdf)
    fields = [one for one in draft_template(pdf, "drawn", "1").fields if one.kind.is_mark]
    assert len(fields) >= 2
    assert outlined.faults(fields, picture) == outlined.advice(fields, picture) == []
    for x, y in ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5), (0.4, 0.4)):
        (said,) = outlined.faults([moved(fields[0], x, y), *fields[1:]], picture)
        left, top, *_ = next(iter(fields[0].boxes.values()))
        found = [float(edge) for edge in said.partition("[")[2].rstrip("].").split(", ")]
        assert said.startswith(f"The box of {fields[0].id}")
        if body != BLANKS["cells"]:  # a cell may lie between two others, which are as near
            assert found[:2] == pytest.approx([left, top], abs=1.0)
    near = moved(fields[0], 1.0 / (fields[0].box[2] - fields[0].box[0]), 0)
    assert outlined.faults([near, *fields[1:]], picture) == []


def test_a_box_where_nothing_is_printed_is_looked_at() -> None:
    (picture,) = pictures_of(pdf_of("School"))
    (field, *_) = draft_template(pdf_of(f"{BOX} School"), "drawn", "1").fields
    assert outlined.faults([field], picture) == []
    (said,) = outlined.advice([field], picture)
    assert said.startswith(f"Nothing is printed where the edges of the box of {field.id} are.")
