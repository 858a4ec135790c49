"""The pages of an access copy as one PDF: each picture on A4 with its number below, and nothing else in the file.

No recognised text, no metadata, no thumbnails: what was covered on a picture is nowhere. Written by this module alone, which parses no
document, only the headers of pictures that the sandbox made.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.archive.searchable import NotAPicture, drawn_turned, image_object, picture_size

A4 = (595.0, 842.0)
_FOOT = 34.0
_EDGE = 12.0
_CATALOG, _PAGES, _FONT = 1, 2, 3
_FIRST = 4


@dataclass(frozen=True)
class CopyPage:
    """A page's picture as it goes out, the line below it, and the degrees clockwise that it is turned by."""

    picture: bytes
    stamp: str
    turned: int = 0


@dataclass(frozen=True)
class Placed:
    """Where a picture lies on its page, in points from the bottom left, and the size of the page."""

    left: float
    bottom: float
    width: float
    height: float
    page: tuple[float, float]
    turned: int = 0

    def box(self, left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
        """A box in thousandths of the picture as it is stored, as left, top, right and bottom in points from the page's top left."""
        match self.turned % 360:
            case 90:
                left, top, width, height = 1000 - top - height, left, height, width
            case 180:
                left, top = 1000 - left - width, 1000 - top - height
            case 270:
                left, top, width, height = top, 1000 - left - width, height, width
            case _:
                pass
        above = self.page[1] - self.bottom - self.height
        return (
            self.left + self.width * left / 1000, above + self.height * top / 1000,
            self.left + self.width * (left + width) / 1000, above + self.height * (top + height) / 1000,
        )  # fmt: skip


def place(picture: bytes, turned: int = 0) -> Placed:
    """As large as A4 allows above the line with the number; a wide picture lies on a wide page. Raises NotAPicture."""
    width, height = picture_size(picture)
    if turned % 180:
        width, height = height, width
    page = A4 if width <= height else (A4[1], A4[0])
    scale = min((page[0] - 2 * _EDGE) / width, (page[1] - _FOOT - _EDGE) / height)
    wide, high = width * scale, height * scale
    return Placed((page[0] - wide) / 2, _FOOT + (page[1] - _FOOT - _EDGE - high), wide, high, page, turned)


def bundle_pdf(pages: Iterable[CopyPage]) -> Iterator[bytes]:
    """The pieces of the PDF, in order. Raises NotAPicture for a picture of a kind that the sandbox never makes."""
    places: list[int] = []
    at = 0

    def out(piece: bytes) -> bytes:
        nonlocal at
        at += len(piece)
        return piece

    yield out(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    number, kids, fixed = _FIRST, [], {}
    for page in pages:
        placed = place(page.picture, page.turned)
        size = (placed.width, placed.height) if page.turned % 180 == 0 else (placed.height, placed.width)
        line = (
            page.stamp.encode("latin-1", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        )
        drawn = drawn_turned(*size, page.turned, placed.left, placed.bottom)
        content = b"q %b cm /I Do Q\nBT /F 12 Tf %.2f 12 Td (%b) Tj ET\n" % (drawn, 28.0, line)
        sheet = (
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R /Resources "
            b"<< /XObject << /I %d 0 R >> /Font << /F %d 0 R >> >> >>"
            % (_PAGES, *placed.page, number + 1, number, _FONT)
        )
        for body in (
            image_object(_bare(page.picture)), b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content), sheet,
        ):  # fmt: skip
            places.append(at)
            yield out(b"%d 0 obj\n%b\nendobj\n" % (number, body))
            number += 1
        kids.append(b"%d 0 R" % (number - 1))
    for fixed_number, body in (
        (_CATALOG, b"<< /Type /Catalog /Pages %d 0 R /Lang (en-GB) >>" % _PAGES),
        (_PAGES, b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(kids))),
        (_FONT, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"),
    ):
        fixed[fixed_number] = at
        yield out(b"%d 0 obj\n%b\nendobj\n" % (fixed_number, body))
    start = at
    rows = b"".join(b"%010d 00000 n \n" % one for one in (fixed[_CATALOG], fixed[_PAGES], fixed[_FONT], *places))
    yield out(b"xref\n0 %d\n0000000000 65535 f \n%b" % (number, rows))
    yield out(b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (number, _CATALOG, start))


def _bare(picture: bytes) -> bytes:
    """A JPEG without notes, thumbnails or anything else that a viewer does not need to draw it; a PNG as it is, since of it only pixels are taken."""
    if not picture.startswith(b"\xff\xd8"):
        return picture
    kept, at = [picture[:2]], 2
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        marker = picture[at + 1]
        length = struct.unpack_from(">H", picture, at + 2)[0]
        if marker == 0xDA:
            return b"".join([*kept, picture[at:]])
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:  # Adobe's mark says how colours are kept
            kept.append(picture[at : at + 2 + length])
        at += 2 + length
    raise NotAPicture("a JPEG without pixels")
