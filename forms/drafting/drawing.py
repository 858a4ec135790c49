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


def draw(template: Template, known: Sequence[KnownPage]) -> list[Image.Image]:
    """Every page of the blank, paled, with each box, label and figure box over it, named. RGB, 200 dots to the inch."""
    pages = []
    for page in known:
        grey = picture_of(page)
        size = (round(page.size.width * _SCALE), round(page.size.height * _SCALE))
        under = Image.new("L", size, 255) if grey is None else Image.fromarray(grey)
        picture = Image.merge("RGB", [under.point([155 + value * 100 // 255 for value in range(256)])] * 3)
        pen = ImageDraw.Draw(picture)
        for one in template.on_page(page.page):
            _draw_field(pen, one)
        pages.append(picture)
    return pages


def _draw_field(pen: ImageDraw.ImageDraw, one: Field) -> None:
    """The id stands above the first box; the name of each box of several stands in it, or its first letter."""
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
    left, top, _, _ = _px(min(one.boxes.values(), key=lambda b: (b[0], b[1])))
    held = pen.textbbox((left, top - 20), one.id, font=font)
    pen.rectangle((held[0] - 2, held[1] - 1, held[2] + 2, held[3] + 1), fill=(255, 255, 255))
    pen.text((left, top - 20), one.id, fill=colour, font=font)


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
