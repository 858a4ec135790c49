"""The places of a blank that is filled in on a screen: its form fields, which nothing else on the page may draw."""

import io
from dataclasses import dataclass

import pypdf

from forms.geometry import Box
from forms.pdf_objects import inherited, resolved

_HIDDEN = 1 << 1 | 1 << 5
_PUSH_BUTTON, _COMB = 1 << 16, 1 << 24


@dataclass(frozen=True)
class Place:
    """One form field on a page: its box in points from the top left; whether it is ticked or written in; into how many cells a comb divides it."""

    box: Box
    ticked: bool
    cells: int = 1

    def divided(self) -> list[Box]:
        """The boxes of a comb, one for each sign; else the whole."""
        left, top, right, bottom = self.box
        wide = (right - left) / self.cells
        return [(left + n * wide, top, left + (n + 1) * wide, bottom) for n in range(self.cells)]


def places_of(pdf: bytes) -> list[tuple[Place, ...]]:
    """The form fields of each page that are shown and can be filled in. Raises what pypdf raises when a file is not a PDF."""
    return [_on(page) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def _on(page: pypdf.PageObject) -> tuple[Place, ...]:
    box, found = page.cropbox, []
    for entry in resolved(page.get("/Annots")) or []:
        note = resolved(entry)
        kind, flags = str(inherited(note, "/FT")), int(inherited(note, "/Ff") or 0)
        if str(note.get("/Subtype")) != "/Widget" or int(note.get("/F", 0)) & _HIDDEN:
            continue
        if kind not in ("/Btn", "/Tx", "/Ch", "/Sig") or (kind == "/Btn" and flags & _PUSH_BUTTON):
            continue
        x0, y0, x1, y1 = (float(value) for value in resolved(note["/Rect"]))
        left, top = float(box.left), float(box.top)
        at = (min(x0, x1) - left, top - max(y0, y1), max(x0, x1) - left, top - min(y0, y1))
        cells = int(inherited(note, "/MaxLen") or 1) if flags & _COMB else 1
        found.append(Place(at, kind == "/Btn", max(1, cells)))
    return tuple(found)
