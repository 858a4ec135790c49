"""What lies on one page of a born-digital PDF: its letters with their places, and its form fields.

Says nothing of forms. Anything that may look different from what the file says (a picture of a page, invisible or white
text, hidden layers, hand-drawn marks) is a reason to read the picture of the page instead: see `cannot_be_trusted`.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdf
from pypdf.errors import PyPdfError

from forms.geometry import Box
from forms.pdf_objects import inherited, resolved

LARGE_PICTURE = 0.05
"""Share of the page from which a picture may be a scan with recognised text behind it; a logo or a signature is smaller."""
LEAST_SIZE_PT = 4.0
_INVISIBLE = re.compile(rb"(?<![\d.])[37]\s+Tr\b")
_HIDDEN_FLAGS = 0b100010  # a widget that is hidden, or not shown on the screen
_DEEPEST = 4


@dataclass(frozen=True)
class Letter:
    """One letter with its place in points from the top left."""

    text: str
    box: Box
    visible: bool

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return ((self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2)


@dataclass(frozen=True)
class Widget:
    """One form field on the page: a button (`on` says whether), a text (`value`), or a signature field."""

    box: Box
    kind: str
    value: str
    on: bool


@dataclass(frozen=True)
class DigitalPage:
    """One page. `drawn` counts its lines, rectangles and curves: more than the blank has are marks made by hand."""

    width: float
    height: float
    letters: tuple[Letter, ...]
    widgets: tuple[Widget, ...]
    pictures: tuple[Box, ...]
    drawn: int
    odd: bool

    @property
    def cannot_be_trusted(self) -> bool:
        """Whether the page may show something else than its text says."""
        size = sum((right - left) * (bottom - top) for left, top, right, bottom in self.pictures)
        return self.odd or size > LARGE_PICTURE * self.width * self.height


def digital_pages(data: bytes) -> list[DigitalPage] | None:
    """The pages of a PDF; None if it is locked, damaged, or says that it is not plainly what it shows."""
    try:
        structure = pypdf.PdfReader(io.BytesIO(data))
        if structure.is_encrypted:
            return None
        root = structure.root_object
        form = resolved(root.get("/AcroForm"))
        if "/OCProperties" in root or (isinstance(form, Mapping) and "/XFA" in form):
            return None
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) != len(structure.pages):
                return None
            return [_page(seen, built) for seen, built in zip(document.pages, structure.pages, strict=True)]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, RecursionError):
        # Either library may stumble over a strange file; its pages are then read as pictures, which every file has.
        return None
    except Exception as error:
        # pdfminer has several bases of its own for its faults, which pdfplumber passes on.
        if type(error).__module__.split(".")[0] in ("pdfminer", "pdfplumber"):
            return None
        raise


# Any: pdfplumber's pages carry dictionaries without declared types.
def _page(seen: Any, built: pypdf.PageObject) -> DigitalPage:
    widgets, strange = _widgets(built, float(seen.height))
    letters = tuple(_letter(one) for one in seen.chars)
    pictures = tuple((float(p["x0"]), float(p["top"]), float(p["x1"]), float(p["bottom"])) for p in seen.images)
    odd = strange or bool(built.rotation) or _has_invisible_text(built) or _is_cropped(built)
    drawn = len(seen.lines) + len(seen.rects) + len(seen.curves)
    return DigitalPage(float(seen.width), float(seen.height), letters, widgets, pictures, drawn, odd)


def _letter(one: Mapping[str, Any]) -> Letter:
    box = (float(one["x0"]), float(one["top"]), float(one["x1"]), float(one["bottom"]))
    return Letter(str(one["text"]), box, not _is_white(one.get("non_stroking_color")) and one["size"] >= LEAST_SIZE_PT)


def _is_white(colour: object) -> bool:
    parts = tuple(colour) if isinstance(colour, tuple | list) else (colour,)
    if not all(isinstance(part, int | float) for part in parts):
        return False
    numbers = [float(part) for part in parts if isinstance(part, int | float)]
    return max(numbers, default=1) < 0.2 if len(numbers) == 4 else bool(numbers) and min(numbers) > 0.8


def _is_cropped(built: pypdf.PageObject) -> bool:
    box, whole = built.cropbox, built.mediabox
    return float(whole.left) != 0 or float(whole.bottom) != 0 or abs(float(box.height) - float(whole.height)) > 1


def _widgets(built: pypdf.PageObject, height: float) -> tuple[tuple[Widget, ...], bool]:
    """The form fields of a page, and whether it carries anything that is hidden or drawn over it."""
    found, strange = [], False
    for entry in resolved(built.get("/Annots")) or []:
        note = resolved(entry)
        kind = str(note.get("/Subtype"))
        if kind in ("/Link", "/Popup"):
            continue
        if kind != "/Widget" or int(note.get("/F", 0)) & _HIDDEN_FLAGS:
            strange = True  # ink, stamps and notes: only their picture tells what they mean
            continue
        left, bottom, right, top = (float(value) for value in resolved(note["/Rect"]))
        box = (min(left, right), height - max(top, bottom), max(left, right), height - min(top, bottom))
        state, value = str(note.get("/AS", "/Off")), inherited(note, "/V")
        kind = str(inherited(note, "/FT"))
        on = kind == "/Btn" and state != "/Off"
        # What is shown (/AS) and what is stored (/V) must not disagree.
        strange = strange or (on and value is not None and str(value) != state)
        found.append(Widget(box, kind, "" if value is None else str(value), on))
    return tuple(found), strange


def _has_invisible_text(built: pypdf.PageObject) -> bool:
    contents = built.get_contents()
    streams = [contents.get_data()] if contents is not None else []
    streams += _inner_streams(resolved(built.get("/Resources")), _DEEPEST)
    return any(_INVISIBLE.search(stream) for stream in streams)


def _inner_streams(resources: Any, deep: int) -> list[bytes]:
    if not isinstance(resources, Mapping) or deep == 0:
        return []
    return list(_streams_of(resources, deep))


def _streams_of(resources: Mapping[str, Any], deep: int) -> Iterator[bytes]:
    for entry in (resolved(resources.get("/XObject")) or {}).values():
        inner = resolved(entry)
        if inner.get("/Subtype") == "/Form":
            yield inner.get_data()
            yield from _inner_streams(resolved(inner.get("/Resources")), deep - 1)
