"""Pictures of a file's pages with what was read drawn on them, at the resolution of the scan.

The file is opened a second time for its pages without loss; decoding and drawing happen in locked-down processes.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from forms.catalogue import Catalogue
from forms.geometry import Placement
from forms.results import PageReading
from intake.admission import Refusal
from intake.dispatch.worker import limits_from
from intake.reader import Found
from intake.sandbox.client import DocumentSandbox, PageResult
from intake.sandbox.drawing import draw_page
from intake.settings import Settings

SQUARE = 0.02
"""Dots that are this near to square are left as they are."""


def draw_pages(
    path: Path, parts: Sequence[Found], pages: Sequence[PageResult], catalogue: Catalogue, settings: Settings,
    keep: Callable[[int, bytes], None],
) -> Refusal | None:  # fmt: skip
    """Hands each page's PNG to `keep`, in page order. `parts` and `pages` as they were read from this file.

    Raises NotDrawn. A file that cannot be opened any more gives the refusal.
    """
    read = {page.number: page for page in pages}
    unprotected = settings.work.allow_unprotected

    def draw(page: PageResult) -> None:
        if page.number not in read or "page" not in page.crops:
            return
        picture, seen = page.crops["page"], read[page.number]
        wide, high = struct.unpack(">II", picture[16:24])
        upright = (high, wide) if seen.reading.turned % 180 else (wide, high)
        reading = _as_told(seen.reading, parts, catalogue, upright)
        keep(page.number, draw_page(picture, reading, _stretch(upright, seen), allow_unprotected=unprotected))

    with DocumentSandbox(allow_unprotected=unprotected, reader="copy") as sandbox:
        return sandbox.read(path.read_bytes(), limits_from(settings), draw).refusal


def _as_told(
    reading: PageReading, parts: Sequence[Found], catalogue: Catalogue, upright: tuple[int, int]
) -> PageReading:
    """The page's reading with names, dates and doubts as they stand after the whole form was put together."""
    part = next((part for part in parts if part.form and reading.number in part.pages), None)
    if part is None or part.form is None:
        return replace(reading, fields=())
    fields = tuple(part.fields.get(one.id, one) for one in reading.fields)
    return replace(reading, fields=fields, placement=reading.placement or _whole(reading, part, catalogue, upright))


def _whole(reading: PageReading, part: Found, catalogue: Catalogue, upright: tuple[int, int]) -> Placement | None:
    """A typed form was not registered: its page is the blank's page, drawn at some size."""
    if part.form is None or reading.template_page is None:
        return None
    size = catalogue.get(part.form, part.edition).pages[reading.template_page - 1]
    return (upright[0] / size.width, 0.0, 0.0, 0.0, upright[1] / size.height, 0.0, 0.0, 0.0, 1.0)


def _stretch(upright: tuple[int, int], seen: PageResult) -> tuple[float, float]:
    """How much wider or higher makes a page's dots square, as they are in its preview."""
    down = (seen.height / seen.width) * (upright[0] / upright[1])
    if abs(down - 1) < SQUARE:
        return (1.0, 1.0)
    return (1.0, down) if down > 1 else (1 / down, 1.0)
