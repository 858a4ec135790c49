"""A template drawn over its blank, for a person to look at."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from forms.catalogue import KnownPage
from forms.drafting.checking import picture_of
from forms.drafting.parts import PICTURE_DPI
from forms.geometry import POINTS_PER_INCH, Box
from forms.template import Field, Kind, Template

_SCALE = PICTURE_DPI / POINTS_PER_INCH
_COLOURS = {
    Kind.YES_NO: (0, 94, 165), Kind.TICK: (0, 112, 60), Kind.TEXT: (122, 75, 0), Kind.DATE: (144, 0, 96),
    Kind.SIGNATURE: (180, 30, 20),
}  # fmt: skip
_LABEL = (110, 110, 110)
_NAME = 20.0
"""Dots that a name is high."""
_LEAST_NAME, _NO_END = 60.0, 9999.0
_FEWEST = 6
"""So many letters of a name are told at the least."""


def draw(template: Template, known: Sequence[KnownPage]) -> list[Image.Image]:
    """Every page of the blank, paled, with each box, label and figure box over it, named. RGB, 200 dots to the inch."""
    pages = []
    for page in known:
        grey = picture_of(page)
        size = (round(page.size.width * _SCALE), round(page.size.height * _SCALE))
        under = Image.new("L", size, 255) if grey is None else Image.fromarray(grey)
        picture = Image.merge("RGB", [under.point([155 + value * 100 // 255 for value in range(256)])] * 3)
        pen = ImageDraw.Draw(picture)
        fields = template.on_page(page.page)
        for one in fields:
            _draw_boxes(pen, one)
        named: list[Box] = [_px(box) for one in fields if one.kind.is_mark for box in one.boxes.values()]
        areas = [_px(one.boxes["area"]) for one in fields if not one.kind.is_mark]
        for one in sorted(fields, key=lambda field: field.kind.is_mark):
            _write_name(pen, one, named, areas if one.kind.is_mark else [])
        pages.append(picture)
    return pages


def _draw_boxes(pen: ImageDraw.ImageDraw, one: Field) -> None:
    """The name of each box of several stands in it, or its first letter."""
    colour, font = _COLOURS[one.kind], ImageFont.load_default(17)
    for box in one.labels.values():
        pen.rectangle(_px(box), outline=_LABEL, width=1)
    for box in one.comb:
        pen.rectangle(_px(box), outline=colour, width=1)
    for name, box in one.boxes.items():
        pen.rectangle(_px(box), outline=colour, width=3)
        if name in ("area", "tick"):
            continue
        left, top, right, bottom = _px(box)
        said = name if right - left > 9 * len(name) else name[0].upper()
        pen.text(((left + right) / 2, (top + bottom) / 2), said, fill=colour, font=font, anchor="mm")


def _write_name(pen: ImageDraw.ImageDraw, one: Field, named: list[Box], kept_clear: Sequence[Box]) -> None:
    """The id, in the room to write if there is enough of it, else above the first box, shortened where another name or a box is near; adds it to `named`."""
    font, box = ImageFont.load_default(17), _px(min(one.boxes.values(), key=lambda b: (b[0], b[1])))
    left, top, _, bottom = box
    inside = not one.kind.is_mark and bottom - top > (_NAME if len(one.boxes) == 1 else 3 * _NAME)
    places = [(left + 5, top + 3)] if inside else [(left, top - _NAME), (left, bottom + 2)]
    x, y = max(places, key=lambda at: _room_at(at, [*named, *kept_clear]) > _LEAST_NAME)
    room, said = _room_at((x, y), [*named, *kept_clear]), one.id
    while pen.textlength(said, font=font) > room and len(said) > _FEWEST:
        said = f"{one.id[: len(said) - 4]}…{one.id[-2:]}"
    held = (x - 2, y - 1, x + pen.textlength(said, font=font) + 2, y + _NAME - 1)
    named.append(held)
    pen.rectangle(held, fill=(255, 255, 255))
    pen.text((x, y), said, fill=_COLOURS[one.kind], font=font)


def _room_at(place: tuple[float, float], named: Sequence[Box]) -> float:
    """How many dots a name may be wide at a place until it meets another name or a box to mark."""
    x, y = place
    level = [other for other in named if other[1] < y + _NAME - 2 and y < other[3] and other[2] > x]
    return min((other[0] - x - 4 for other in level), default=_NO_END)


def _px(box: Box) -> tuple[float, float, float, float]:
    return (box[0] * _SCALE, box[1] * _SCALE, box[2] * _SCALE, box[3] * _SCALE)


def save(pages: Sequence[Image.Image], target: Path) -> list[Path]:
    """Writes the drawing: a PDF with all pages, or PNGs numbered from 1 where there is more than one page."""
    if target.suffix.lower() == ".pdf":
        out = io.BytesIO()
        pages[0].save(out, "PDF", save_all=True, append_images=list(pages[1:]), resolution=PICTURE_DPI)
        target.write_bytes(out.getvalue())
        return [target]
    paths = [
        target if len(pages) == 1 else target.with_name(f"{target.stem}-{n}.png") for n in range(1, len(pages) + 1)
    ]
    for page, path in zip(pages, paths, strict=True):
        out = io.BytesIO()
        page.save(out, "PNG", dpi=(PICTURE_DPI, PICTURE_DPI))
        path.write_bytes(out.getvalue())
    return paths
