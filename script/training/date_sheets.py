"""Sheets of dates: made-up forms full of date fields, each filled in by another hand, to be scanned and cut as real forms are.

A figure that lies on a printed line loses its foot with the line, a scanner's streak runs through a figure box, grained paper leaves
specks: what the model of figures has to read is what the reader's own cutting leaves of a scan. Only a scan shows that.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from written_dates import Paper, Writer

from forms.catalogue import KnownPage
from forms.geometry import Box
from forms.template import Field
from tests.generator import layouts, pens, samples, scanner
from tests.generator.paper import Rng

STYLES = ("boxes", "gaps", "apart", "three")
OFTEN = (0.44, 0.42, 0.06, 0.08)
"""Figure boxes in three groups; gaps over printed lines between printed slashes; eight boxes apart; three wider boxes."""
MIX = {"clean": 0.15, "typical": 0.45, "hard": 0.30, "adversarial": 0.10}
INKS: tuple[pens.Kind, ...] = ("ballpoint", "gel", "roller", "felt", "pencil", "faintpencil", "worn")
INK_SHARES = (0.40, 0.14, 0.13, 0.09, 0.14, 0.03, 0.07)
FIELD = {"kind": "date", "page": 1, "item": None, "wording": ""}
BOXED = "In boxes"
FINE_DPI = 300.0
"""What figures are drawn at, before they lie on the sheet."""
THICKEST, TALLEST = 9.0, 80.0
"""Pixels at FINE_DPI: with a thicker pen nobody writes figures of four millimetres; nobody writes larger ones than seven."""
OWNED, THIRDS = 110, 3
LEAST_SEEN = 0.45
"""Of a date of which less ink is seen than this nobody can be sure."""


@dataclass(frozen=True)
class Cut:
    """A date as it was cut out of a scan: its field, the text that was written, and how much of its ink the scan shows."""

    field: str
    text: str
    seen: float


# Any: the JSON of a template.
def a_sheet(folder: Path, name: str, rng: Rng) -> Path:
    """Writes a page full of date fields into `folder`: a template and its picture. Returns the template's path."""
    page = layouts.Drawn(rng)
    page.text(50, 30, layouts.some_words(rng, 4), 15)
    page.text(50, 52, layouts.some_words(rng, 9), 10)
    fields: list[dict[str, Any]] = []
    for column in range(2):
        style = str(rng.choice(STYLES, p=OFTEN))
        line, cell = float(rng.uniform(0.5, 1.5)), float(rng.uniform(15, 24))
        gap, high = float(rng.uniform(8, 16)), cell * float(rng.uniform(1.0, 1.35))
        grey, letters, slashes = rng.random() < 0.2, rng.random() < 0.5, rng.random() < 0.6
        left, y = 48.0 + 268 * column + float(rng.uniform(0, 8)), 76.0
        while y + high < 815:
            label = page.text(left, y, layouts.some_words(rng, int(rng.integers(1, 4))), float(rng.uniform(7, 9)))
            top = y + 12
            drawn = _field(page, style, (left, top), (cell, high, gap, line), grey, letters, slashes)
            name_of = {"id": f"date_{len(fields)}", "label": "Date", "short": BOXED if style == "three" else "Date"}
            fields.append(FIELD | name_of | {"labels": {"text": label}} | drawn)
            y = top + high + (12 if letters else 5) + float(rng.uniform(0, 6))
    template = {
        "id": name, "edition": "1", "title": f"Sheet {name}", "language": "en",
        "pages": [{"width": layouts.WIDTH, "height": layouts.HEIGHT}], "fields": fields,
    }  # fmt: skip
    page.image.save(folder / f"{name}.1-1.png")
    path = folder / f"{name}.json"
    path.write_text(json.dumps(template, indent=1), "utf-8")
    return path


# Any: part of the JSON of a field.
def _field(
    page: layouts.Drawn,
    style: str,
    at: tuple[float, float],
    sizes: tuple[float, float, float, float],
    grey: bool,
    letters: bool,
    slashes: bool,
) -> dict[str, Any]:
    """Prints one date field of a style; its boxes."""
    (left, top), (cell, high, gap, line) = at, sizes
    kind = "grey" if grey else "square"
    spans: list[list[float]] = []
    comb: list[list[float]] = []
    x = left
    for part, count in enumerate((2, 2, 4)):
        start = x
        for place in range(count):
            here = [round(v, 1) for v in (x, top, x + cell, top + high)]
            if style in ("boxes", "apart"):
                page.box(x, top, cell, high, kind, line)
                comb.append(here)
            x += cell + (3 if style == "apart" and place < count - 1 else 0)
        end = x - (0 if style in ("boxes", "apart") else cell * (0.3 if count == 2 else 1.2))
        if style == "gaps":
            _rule(page, start, end, top + high * 0.8, line)
        if style == "three":
            page.box(start, top, end - start, high, kind, line)
        spans.append([round(start, 1), round(top, 1), round(end, 1), round(top + high, 1)])
        if letters and style in ("boxes", "apart"):
            for place in range(count):
                page.text(start + (place + 0.4) * (end - start) / count, top + high + 1, "DMY"[part], 6)
        x = end + gap
        if part < 2 and (style == "gaps" or slashes):
            page.text(end + gap * 0.3, top + high * 0.8 - 11, "/", 11)
    area = [spans[0][0], spans[0][1], spans[2][2], spans[2][3]]
    boxes = {"area": area, "day": spans[0], "month": spans[1], "year": spans[2]}
    return {"boxes": boxes, "comb": comb} if comb else {"boxes": boxes}


def _rule(page: layouts.Drawn, left: float, right: float, y: float, line: float) -> None:
    pt = layouts.PT
    page.draw.line([left * pt, y * pt, right * pt, y * pt], fill=0, width=max(1, round(line * pt)))


def filled(
    known: KnownPage, writer: Writer, number: int, difficulty: str, latest: int | None
) -> tuple[samples.Picture, scanner.Recipe, list[Cut]]:
    """A sheet written on by as many hands as it has fields, scanned; what stands in each.

    `latest`: with dates as they stand on forms that came in that year; None: any dates, impossible ones too.
    """
    rng = np.random.default_rng([97, number])
    recipe = scanner.a_recipe(rng, difficulty)
    recipe = scanner.cheaper(recipe) if rng.random() < 2 / 3 else recipe
    recipe = replace(recipe, turned=0)
    blank = samples.blank(known, recipe.dpi)
    sheet = pens.Sheet(blank.shape, recipe.dpi, rng)
    pen = pens.a_pen(rng, INKS[int(rng.choice(len(INKS), p=INK_SHARES))])
    assert known.template is not None
    fields = known.template.fields
    texts = ["/".join(writer.plausible(latest)) if latest else writer.text() for _ in fields]
    for n, (field, text) in enumerate(zip(fields, texts, strict=True), start=1):
        _write(sheet, field, text, writer, pen, rng, n)
    page, seen = samples.scanned_form(blank, sheet, pen, recipe, rng)
    cuts = [
        Cut(field.id, text, _least(seen, n * THIRDS))
        for n, (field, text) in enumerate(zip(fields, texts, strict=True), start=1)
    ]
    return page, recipe, cuts


def _least(seen: Mapping[int, samples.Shown], first: int) -> float:
    return min(seen[n].ink if n in seen else 0.0 for n in range(first, first + THIRDS))


def _write(sheet: pens.Sheet, field: Field, text: str, writer: Writer, pen: pens.Pen, rng: Rng, number: int) -> None:
    """Writes a date into a field."""
    scale = FINE_DPI / 72
    box = field.boxes["area"]
    field_high = box[3] - box[1]
    size = (round((box[3] - box[1] + 20) * scale), round((box[2] - box[0] + 30) * scale))
    spans = _spans(field, box, scale)
    lined = not field.comb and field.short != BOXED
    foot = (field_high * 0.8 + 10) * scale if lined else None
    paper = Paper(size, (field_high / 2 + 10) * scale, foot)
    thick = min(THICKEST, pen.width * FINE_DPI / 25.4 * rng.uniform(0.9, 1.15))
    hand = writer.a_hand(thick, min(field_high * scale * rng.uniform(0.45, 0.9), TALLEST))
    keeps = field.comb or rng.random() < 0.75
    ink = writer.in_places(text.split("/"), spans, hand, paper) if keeps else writer.over(text, hand, paper)
    by = sheet._scale * 25.4 / FINE_DPI
    small = cv2.resize(ink, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    x, y = round((box[0] - 15) * scale * by), round((box[1] - 10) * scale * by)
    x, y = max(0, x), max(0, y)
    window = sheet.ink[y : y + small.shape[0], x : x + small.shape[1]]
    part = small[: window.shape[0], : window.shape[1]]
    grain = 1 - pen.grain * rng.random(part.shape)
    np.maximum(window, np.asarray(part * pen.strength * grain, np.uint8), out=window)
    _owned(sheet.owner[y : y + part.shape[0], x : x + part.shape[1]], part, number * THIRDS)


def _owned(owner: NDArray[np.uint16], ink: NDArray[np.uint8], first: int) -> None:
    """Numbers the ink of a date in three parts from left to right: a date of which one part is lost cannot be read."""
    columns = np.flatnonzero((ink > OWNED).any(axis=0))
    if not len(columns):
        return
    cuts = np.linspace(columns[0], columns[-1] + 1, THIRDS + 1).round().astype(int)
    for n, (start, end) in enumerate(pairwise(cuts)):
        owner[:, start:end][ink[:, start:end] > OWNED] = first + n


def _spans(field: Field, box: Box, scale: float) -> Sequence[Sequence[tuple[float, float]]]:
    """The places of day, month and year in the drawn picture: 15 points lie left of the field."""

    def span(one: Box) -> tuple[float, float]:
        return ((one[0] - box[0] + 15) * scale, (one[2] - box[0] + 15) * scale)

    if field.comb:
        cells = [span(one) for one in field.comb]
        return [cells[:2], cells[2:4], cells[4:]]
    return [[span(field.boxes[name])] for name in ("day", "month", "year")]
