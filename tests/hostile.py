"""Hostile and broken documents, made in memory. `python -m tests.hostile FOLDER` writes them out to be looked at.

Each says what may become of it: the refusals that would be right, or that its pages may be read. None is a real attack on a
known hole; all have killed, hung or fooled some reader of documents.
"""

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from pypdf import PdfWriter

from intake.admission import RefusalCode

ANY_REFUSAL = frozenset(RefusalCode)
_DIED = frozenset(
    {RefusalCode.TOOK_TOO_LONG, RefusalCode.TOO_MUCH_MEMORY, RefusalCode.READER_DIED, RefusalCode.DAMAGED}
)


@dataclass(frozen=True)
class Hostile:
    """A document, the refusals that are right for it, and whether reading its pages is right too."""

    name: str
    make: Callable[[], bytes]
    refusals: frozenset[RefusalCode]
    may_be_read: bool = False


def pdf(objects: Iterable[bytes], before: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue. Its cross-reference is right."""
    out = io.BytesIO()
    out.write(before + b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start))
    return out.getvalue()


def stream(content: bytes, words: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), words, content)


def one_page(
    content: bytes, resources: bytes = b"", *more: bytes, box: bytes = b"0 0 595 842", extra: bytes = b""
) -> bytes:
    """A PDF of one page. Further objects are numbered from 5; `content` is object 4, given whole."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R /Resources << %b >> %b >>" % (
        box,
        resources,
        extra,
    )
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, content, *more])


def sheet(mode: str = "L", size: tuple[int, int] = (850, 1100)) -> Image.Image:
    """A page with something on it: a bar at the top left, and a smaller one below."""
    paper = Image.new(mode, size, "white")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((size[0] // 10, size[1] // 10, size[0] // 2, size[1] // 7), fill="black")
    pen.rectangle((size[0] // 10, size[1] // 2, size[0] // 5, size[1] // 2 + 20), fill="black")
    return paper


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The image as a file of that kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def good(pages: int = 1) -> bytes:
    """An honest scan of so many pages."""
    first, *rest = [sheet() for _ in range(pages)]
    return saved(first, "PDF", save_all=True, append_images=rest, resolution=100.0)


def locked() -> bytes:
    """A PDF that needs a password."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(byte: bytes, mebibytes: int) -> bytes:
    """So many MiB of one byte, deflated."""
    packer, block = zlib.compressobj(1), byte * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(mebibytes)) + packer.flush()


def deflate_bomb() -> bytes:
    """A page's content of 1.5 GiB, packed twice over."""
    content = zlib.compress(packed(b"q", 1536), 9)
    return one_page(stream(content, b"/Filter [/FlateDecode /FlateDecode]"))


def doubling_forms(depth: int = 27) -> bytes:
    """Each drawing draws the next twice: 2^27 drawings in a few kilobytes."""
    forms = []
    for number in range(depth):
        following = 6 + number
        words = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
        last = number == depth - 1
        inner = b"" if last else b" /Resources << /XObject << /F %d 0 R >> >>" % following
        forms.append(stream(b"0 0 1 1 re f" if last else b"/F Do /F Do", words + inner))
    return one_page(stream(b"/F Do"), b"/XObject << /F 5 0 R >>", *forms)


def form_in_itself() -> bytes:
    """A drawing that draws itself."""
    words = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F 5 0 R >> >>"
    return one_page(stream(b"/F Do"), b"/XObject << /F 5 0 R >>", stream(b"0 0 9 9 re f /F Do", words))


def placed_image(words: bytes, data: bytes) -> bytes:
    """A page covered by one image."""
    image = stream(data, b"/Type /XObject /Subtype /Image " + words)
    return one_page(stream(b"595 0 0 842 0 0 cm /I Do"), b"/XObject << /I 5 0 R >>", image)


def many_strokes() -> bytes:
    """Three million lines in a few hundred kilobytes."""
    lines = b"0 0 m 595 842 l S 595 0 m 0 842 l S\n" * 1_500_000
    return one_page(stream(zlib.compress(lines, 6), b"/Filter /FlateDecode"))


def page_tree(kids: bytes, count: int, *more: bytes) -> bytes:
    """A PDF with a page tree of any shape; further objects are numbered from 3."""
    pages = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages, *more])


PLAIN_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def deep_page_tree(depth: int = 20_000) -> bytes:
    """A page tree that is one long chain."""
    chain = [b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (n - 1, n + 1) for n in range(3, depth)]
    return page_tree(b"3 0 R", 1, *chain, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")


def many_pages(count: int = 10_000) -> bytes:
    """Very many pages."""
    return page_tree(b" ".join(b"%d 0 R" % (3 + n) for n in range(count)), count, *[PLAIN_PAGE] * count)


def nested_arrays(depth: int = 100_000) -> bytes:
    """Arrays in arrays in arrays."""
    return one_page(stream(b""), extra=b"/Deep " + b"[" * depth + b"]" * depth)


def png_part(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *between: bytes, data: bytes = b"\0") -> bytes:
    """A grey PNG that says it is so large, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + png_part(b"IHDR", head) + b"".join(between)
        + png_part(b"IDAT", zlib.compress(data)) + png_part(b"IEND", b"")
    )  # fmt: skip


def tiff(frames: int, width: int = 8, height: int = 8, *, loop: bool = False) -> bytes:
    """A TIFF of so many frames that all show the same few pixels; with `loop`, the last is followed by the first."""
    pixels = b"\0" * 8
    out, first = bytearray(b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels), 8 + len(pixels)
    tags = ((256, width), (257, height), (258, 1), (259, 1), (262, 1), (273, 8), (278, height), (279, len(pixels)))
    for number in range(frames):
        out += struct.pack("<H", len(tags))
        for tag, value in tags:
            out += struct.pack("<HHII", tag, 4, 1, value)
        last = number == frames - 1
        out += struct.pack("<I", (first if loop else 0) if last else len(out) + 4)
    return bytes(out)


def lying_jpeg() -> bytes:
    """A JPEG that says it is 65,500 pixels square."""
    data = bytearray(saved(sheet(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


def docx(*first: tuple[str, bytes]) -> bytes:
    """A Word document, near enough."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed_file:
        for name, content in (*first, ("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")):
            packed_file.writestr(name, content)
    return out.getvalue()


def _cut(data: bytes, share: float = 0.5) -> bytes:
    return data[: int(len(data) * share)]


R = RefusalCode
WRONG = frozenset({R.WRONG_TYPE})
CUT = frozenset({R.CUT_SHORT})
DAMAGE = frozenset({R.DAMAGED, R.PAGES_DISAGREE, R.NO_PAGES})
HUGE = frozenset({R.PAGE_TOO_BIG})
CASES = (
    Hostile("password", locked, frozenset({R.PASSWORD})),
    Hostile("pdf cut in half", lambda: _cut(good(3)), CUT),
    Hostile("pdf without its last bytes", lambda: good()[:-30], CUT),
    Hostile("empty", lambda: b"", frozenset({R.EMPTY})),
    Hostile("zeros", lambda: bytes(1 << 20), frozenset({R.DAMAGED})),
    Hostile("pdf header and noise", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, CUT),
    Hostile("pdf header, noise and an end", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"startxref\n9\n%%EOF", DAMAGE),
    Hostile("deflate bomb", deflate_bomb, _DIED),
    Hostile("2^27 nested drawings", doubling_forms, _DIED),
    Hostile("drawing that draws itself", form_in_itself, ANY_REFUSAL, may_be_read=True),
    Hostile("three million strokes", many_strokes, _DIED, may_be_read=True),
    Hostile(
        "image of 50,000 square",
        lambda: placed_image(
            b"/Width 50000 /Height 50000 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode", packed(b"\0", 4)
        ),
        HUGE | _DIED,
    ),
    Hostile(
        "fax of 60,000 square",
        lambda: placed_image(
            b"/Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode "
            b"/DecodeParms << /K -1 /Columns 60000 /Rows 60000 >>", b"\0" * 100,
        ),
        HUGE | _DIED,
    ),
    Hostile("page tree that loops", lambda: page_tree(b"2 0 R", 5), DAMAGE),
    Hostile("page tree 20,000 deep", deep_page_tree, DAMAGE | _DIED, may_be_read=True),
    Hostile("10,000 pages", many_pages, frozenset({R.TOO_MANY_PAGES})),
    Hostile("says 100,000 pages, has 1", lambda: page_tree(b"3 0 R", 100_000, PLAIN_PAGE), frozenset({R.PAGES_DISAGREE})),
    Hostile("says 2 pages, has 1", lambda: page_tree(b"3 0 R", 2, PLAIN_PAGE), frozenset({R.PAGES_DISAGREE})),
    Hostile("no pages", lambda: page_tree(b"", 0), DAMAGE),
    Hostile("arrays nested 100,000 deep", nested_arrays, ANY_REFUSAL, may_be_read=True),
    Hostile("page of 5 metres", lambda: one_page(stream(b""), box=b"0 0 14401 14401"), HUGE),
    Hostile("page without size", lambda: one_page(stream(b""), box=b"0 0 0 0"), ANY_REFUSAL, may_be_read=True),
    Hostile(
        "script and attachment",
        lambda: one_page(stream(b"0 0 99 99 re f"), extra=b"/AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"),
        ANY_REFUSAL, may_be_read=True,
    ),
    Hostile("image that is missing", lambda: one_page(stream(b"/I Do"), b"/XObject << /I 99 0 R >>"), DAMAGE),
    Hostile(
        "image that breaks off",
        lambda: placed_image(
            b"/Width 850 /Height 1100 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
            _cut(saved(sheet(), "JPEG")),
        ),
        DAMAGE,
    ),
    Hostile("png of 50,000 square", lambda: png(50_000, 50_000), HUGE),
    Hostile("png of 1 by 60,000", lambda: png(1, 60_000, data=b"\0\xff" * 60_000), ANY_REFUSAL, may_be_read=True),
    Hostile(
        "png with a text bomb",
        lambda: png(8, 8, png_part(b"zTXt", b"c\0\0" + packed(b"a", 64)), data=(b"\0" + b"\xff" * 8) * 8),
        ANY_REFUSAL, may_be_read=True,
    ),
    Hostile("png cut in half", lambda: _cut(saved(sheet("RGB").effect_spread(40), "PNG")), CUT),
    Hostile("tiff of 3,000 frames", lambda: tiff(3000), frozenset({R.TOO_MANY_PAGES})),
    Hostile("tiff that loops", lambda: tiff(3, loop=True), ANY_REFUSAL, may_be_read=True),
    Hostile("tiff of 60,000 square", lambda: tiff(1, 60_000, 60_000), HUGE | DAMAGE),
    Hostile("tiff cut in half", lambda: _cut(saved(sheet(), "TIFF")), CUT),
    Hostile("jpeg that lies about its size", lying_jpeg, HUGE),
    Hostile("jpeg cut in half", lambda: _cut(saved(sheet().effect_spread(40), "JPEG")), CUT),
    Hostile("zip that holds a pdf", lambda: docx(("a.pdf", b"%PDF-1.7")), WRONG),
    Hostile("pdf with a zip behind it", lambda: good() + docx(), ANY_REFUSAL, may_be_read=True),
    Hostile("word document", docx, WRONG),
    Hostile("program", lambda: b"MZ" + bytes(200), WRONG),
    Hostile("web page", lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>", WRONG),
)  # fmt: skip


def main(folder: Path) -> None:
    """Writes every case to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        (folder / case.name.replace(" ", "_").replace(",", "")).write_bytes(case.make())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
