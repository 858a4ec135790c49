"""A searchable PDF of page pictures: each picture as it is stored, byte for byte, with its recognised words over it, unseen.

Written to the rules of PDF/A-2U (fonts and colour profile inside, metadata, no script, nothing outside the file) by this
module alone: it parses no document, only the headers of pictures that the sandbox rebuilt. It is made in pieces, so that a thousand
pages need the memory of one. `tests/pdfa` looks at the rules; veraPDF has not judged it: see docs/documents.md.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from records.documents.text.index import Word

_HERE = Path(__file__).parent
_POINTS = 72.0
_PLAIN_DPI = 150.0
# Objects with a fixed number; page objects follow, four to a page.
_CATALOG, _PAGES, _FONT, _CID_FONT, _DESCRIPTOR, _FONT_FILE, _TO_UNICODE, _CID_TO_GID, _METADATA, _PROFILE = range(
    1, 11
)
_FIRST_PAGE = 11
_UNSAYABLE = frozenset((0xFEFF, 0xFFFE, 0xFFFF, *range(0x20), *range(0xD800, 0xE000)))
"""Codes that are no text by themselves: controls, the mark of byte order, halves of a pair. ISO 19005-2, 6.2.11.7.2."""
_UNKNOWN = "\ufffd"
_SMALLEST, _LARGEST = 3.0, 14_400.0
"""How long the side of a page may be, in points. ISO 19005-2, 6.1.13."""
_MOST_IN_BLOCK = 100
_METADATA_TEXT = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance><xmp:CreateDate>{made}</xmp:CreateDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True)
class ArchivePage:
    """A page picture (PNG or JPEG as the sandbox rebuilt it), its dots per inch, and the words on it.

    `turned`: the degrees clockwise that a person turned it; the words stand on the turned picture.
    """

    picture: bytes
    dpi: float | None
    words: Sequence[Word]
    turned: int = 0


class NotAPicture(ValueError):
    """The picture is of a kind that the sandbox never makes."""


def searchable_pdf(pages: Iterable[ArchivePage], *, mark: UUID, made: datetime) -> Iterator[bytes]:
    """The pieces of the PDF, in order. `mark` becomes the file's identifier; no name or title is written. Raises NotAPicture."""
    places: dict[int, int] = {}
    at = 0

    def out(piece: bytes) -> bytes:
        nonlocal at
        at += len(piece)
        return piece

    def write(number: int, body: bytes) -> bytes:
        places[number] = at
        return out(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    yield out(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    for number, body in _fixed(made):
        yield write(number, body)
    number, kids = _FIRST_PAGE, []
    for page in pages:
        for body in _page(page, number):
            yield write(number, body)
            number += 1
        kids.append(number - 1)
    yield write(
        _PAGES, b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    )
    start = at
    rows = b"".join(b"%010d 00000 n \n" % places[one] for one in range(1, number))
    yield out(b"xref\n0 %d\n0000000000 65535 f \n%b" % (number, rows))
    name = mark.hex.encode()
    yield out(b"trailer << /Size %d /Root %d 0 R /ID [<%b> <%b>] >>\n" % (number, _CATALOG, name, name))
    yield out(b"startxref\n%d\n%%%%EOF\n" % start)


def _fixed(made: datetime) -> Iterator[tuple[int, bytes]]:
    """Catalogue, font, metadata and colour profile."""
    intent = b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile %d 0 R >>"
    yield (
        _CATALOG,
        (
            b"<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /OutputIntents [%b] >>"
            % (_PAGES, _METADATA, intent % _PROFILE)
        ),
    )
    yield (
        _FONT,
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /GlyphLessFont /Encoding /Identity-H /DescendantFonts [%d 0 R] "
            b"/ToUnicode %d 0 R >>" % (_CID_FONT, _TO_UNICODE)
        ),
    )
    yield (
        _CID_FONT,
        (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /GlyphLessFont /CIDToGIDMap %d 0 R /DW 500 /FontDescriptor %d 0 R "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>" % (_CID_TO_GID, _DESCRIPTOR)
        ),
    )
    yield (
        _DESCRIPTOR,
        (
            b"<< /Type /FontDescriptor /FontName /GlyphLessFont /Flags 5 /FontBBox [0 0 500 1000] /ItalicAngle 0 /Ascent 1000 "
            b"/Descent -1 /CapHeight 1000 /StemV 80 /FontFile2 %d 0 R >>" % _FONT_FILE
        ),
    )
    font = (_HERE / "glyphless.ttf").read_bytes()
    yield _FONT_FILE, _stream(font, b"/Length1 %d" % len(font))
    yield _TO_UNICODE, _stream(zlib.compress(_to_unicode()), b"/Filter /FlateDecode")
    # Every character is the font's one glyph, which shows nothing.
    yield _CID_TO_GID, _stream(zlib.compress(b"\0\1" * 65536), b"/Filter /FlateDecode")
    text = _METADATA_TEXT.format(made=made.isoformat(timespec="seconds")).encode()
    yield _METADATA, _stream(text, b"/Type /Metadata /Subtype /XML")
    yield _PROFILE, _stream((_HERE / "srgb.icc").read_bytes(), b"/N 3")


def _to_unicode() -> bytes:
    """That each code is the character of that number. A range may change only the last byte of its code (ISO 32000-1, 9.10.3): of one that
    changes more, readers and validators take 256 codes, and ŵ, € or Arabic would be no text.
    """
    ranges = [(high << 8, high << 8 | 0xFF) for high in range(0x100) if not 0xD8 <= high < 0xE0]
    ranges[0], ranges[-1] = (0x20, 0xFF), (0xFF00, 0xFFFD)
    ranges[ranges.index((0xFE00, 0xFEFF))] = (0xFE00, 0xFEFE)
    lines = [
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange",
    ]
    for start in range(0, len(ranges), _MOST_IN_BLOCK):
        block = ranges[start : start + _MOST_IN_BLOCK]
        lines.append(b"%d beginbfrange" % len(block))
        lines += [b"<%04X> <%04X> <%04X>" % (first, last, first) for first, last in block]
        lines.append(b"endbfrange")
    return b"\n".join([*lines, b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"])


def _stream(data: bytes, words: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), words, data)


def _page(page: ArchivePage, first: int) -> Iterator[bytes]:
    """The picture, the content, and the page itself, which are numbered from `first`."""
    width, height, image = _image(page.picture)
    scale = _within_limits(_POINTS / (page.dpi or _PLAIN_DPI), width, height)
    placed = drawn_turned(width * scale, height * scale, page.turned)
    wide, high = (width * scale, height * scale) if page.turned % 180 == 0 else (height * scale, width * scale)
    yield image
    drawn = b"q %b cm /I Do Q\n" % placed
    content = zlib.compress(drawn + _text(page.words, scale, high))
    yield _stream(content, b"/Filter /FlateDecode")
    yield (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R "
        b"/Resources << /XObject << /I %d 0 R >> /Font << /F %d 0 R >> >> >>"
        % (_PAGES, wide, high, first + 1, first, _FONT)
    )


def _within_limits(scale: float, width: int, height: int) -> float:
    """The points of a pixel so that no side of the page is too short or too long. Both hold for pictures up to 4,000 pixels long, as ours are."""
    return min(max(scale, _SMALLEST / min(width, height)), _LARGEST / max(width, height))


def drawn_turned(wide: float, high: float, turned: int, left: float = 0.0, bottom: float = 0.0) -> bytes:
    """The six numbers that draw a picture of this size turned clockwise, its left lower corner there. `wide`, `high`: before it is turned."""
    match turned % 360:
        case 90:
            numbers = (0.0, -wide, high, 0.0, left, bottom + wide)
        case 180:
            numbers = (-wide, 0.0, 0.0, -high, left + wide, bottom + high)
        case 270:
            numbers = (0.0, wide, -high, 0.0, left + high, bottom)
        case _:
            numbers = (wide, 0.0, 0.0, high, left, bottom)
    return b"%.2f %.2f %.2f %.2f %.2f %.2f" % numbers


def _text(words: Sequence[Word], scale: float, high: float) -> bytes:
    """The words, unseen (rendering mode 3), each as wide as it is on the picture: the font's characters are half an em."""
    lines = [b"BT 3 Tr"]
    for word in words:
        shown = "".join(_UNKNOWN if ord(sign) in _UNSAYABLE or ord(sign) > 0xFFFF else sign for sign in word.text) + " "
        size = max(word.height * scale, 1.0)
        stretch = 100.0 * word.width * scale / (size * 0.5 * max(len(shown) - 1, 1))
        left, bottom = word.left * scale, high - (word.top + word.height) * scale
        lines.append(
            b"/F %.2f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm <%b> Tj"
            % (size, max(stretch, 1.0), left, bottom, shown.encode("utf-16-be").hex().encode())
        )
    return b"\n".join([*lines, b"ET\n"])


def picture_size(picture: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises NotAPicture."""
    return _image(picture)[:2]


def image_object(picture: bytes) -> bytes:
    """The picture as an object of a PDF, its packed pixels untouched. Raises NotAPicture."""
    return _image(picture)[2]


def _image(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and the image object, which holds the picture's own packed pixels."""
    try:
        if picture.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(picture)
        if picture.startswith(b"\xff\xd8"):
            return _jpeg(picture)
    except (struct.error, KeyError) as error:
        raise NotAPicture("broken") from error
    raise NotAPicture("neither PNG nor JPEG")


def _png(picture: bytes) -> tuple[int, int, bytes]:
    parts: dict[bytes, bytes] = {}
    at = 8
    while at + 12 <= len(picture):
        length, kind = struct.unpack_from(">I4s", picture, at)
        parts[kind] = parts.get(kind, b"") + picture[at + 8 : at + 8 + length]
        at += 12 + length
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    match colour:
        case 0:
            space, channels = b"/DeviceGray", 1
        case 2:
            space, channels = b"/DeviceRGB", 3
        case 3:
            palette = parts[b"PLTE"]
            space, channels = b"[/Indexed /DeviceRGB %d <%b>]" % (len(palette) // 3 - 1, palette.hex().encode()), 1
        case _:
            raise NotAPicture("a PNG with transparency")
    if interlaced:
        raise NotAPicture("an interlaced PNG")
    how = b"<< /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>" % (channels, bits, width)
    words = b"/Filter /FlateDecode /DecodeParms %b" % how
    return width, height, _object(width, height, space, bits, words, parts[b"IDAT"])


def _jpeg(picture: bytes) -> tuple[int, int, bytes]:
    at = 2
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        marker, length = picture[at + 1], struct.unpack_from(">H", picture, at + 2)[0]
        if marker in (0xC0, 0xC1, 0xC2):
            height, width, channels = struct.unpack_from(">HHB", picture, at + 5)
            space = {1: b"/DeviceGray", 3: b"/DeviceRGB"}.get(channels)
            if space is None:
                break
            return width, height, _object(width, height, space, 8, b"/Filter /DCTDecode", picture)
        at += 2 + length
    raise NotAPicture("a JPEG of another kind")


def _object(width: int, height: int, space: bytes, bits: int, words: bytes, data: bytes) -> bytes:
    return _stream(
        data,
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %b /BitsPerComponent %d %b"
        % (width, height, space, bits, words),
    )
