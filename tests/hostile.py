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
from email.message import EmailMessage
from pathlib import Path

from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

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


def good_form(pages: int = 2) -> bytes:
    """A form as an office scanner sends it: grey pages with some grain, each a JPEG in a PDF."""
    first, *rest = [sheet().effect_spread(2) for _ in range(pages)]
    return saved(first, "PDF", save_all=True, append_images=rest, resolution=100.0)


def truncations() -> tuple["Hostile", ...]:
    """A good form cut at every 5 % of its length."""
    return tuple(
        Hostile(f"form cut at {percent} %", lambda share=percent / 100: _cut(good_form(), share), CUT | WRONG | DAMAGE)  # type: ignore[misc]  # a bound lambda
        for percent in range(5, 100, 5)
    )


def flipped(data: bytes, place: int, of: int) -> bytes:
    """The data with one byte turned over, at the `place`-th of `of` places spread evenly over it."""
    turned = bytearray(data)
    turned[(2 * place + 1) * len(data) // (2 * of)] ^= 0xFF
    return bytes(turned)


def flips(count: int) -> tuple["Hostile", ...]:
    """So many forms with one byte turned over each. Damage that no library can see may still be read, as a scratch on paper."""
    return tuple(
        Hostile(
            f"form with byte {place + 1} of {count} flipped",
            lambda at=place: flipped(good_form(), at, count),
            ANY_REFUSAL,
            True,
        )  # type: ignore[misc]  # a bound lambda
        for place in range(count)
    )


def placed_jpeg(image: Image.Image) -> bytes:
    """A page covered by a JPEG of any colours."""
    space = {"L": b"/DeviceGray", "RGB": b"/DeviceRGB", "CMYK": b"/DeviceCMYK"}[image.mode]
    words = b"/Width %d /Height %d /ColorSpace %b /BitsPerComponent 8 /Filter /DCTDecode" % (*image.size, space)
    return placed_image(words, saved(image, "JPEG"))


def with_attachment() -> bytes:
    """A PDF with a file inside it, and a script that would open it."""
    writer = PdfWriter(io.BytesIO(good()))
    writer.add_attachment("inside.exe", b"MZ" + bytes(200))
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("this.exportDataObject('x')")}
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def restricted() -> bytes:
    """A PDF that forbids printing and opens without a password, as some scanners make them."""
    writer = PdfWriter(io.BytesIO(good()))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def looping_objects() -> bytes:
    """A page whose content refers to itself for its own length."""
    return one_page(b"<< /Length 4 0 R >>\nstream\n0 0 9 9 re f\nendstream")


def looping_xref() -> bytes:
    """A cross-reference table that names itself as the one before."""
    data = good()
    start = data.rindex(b"startxref")
    at = int(data[start:].split()[1])
    return data[:start].replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % at, 1) + data[start:]


def turned_photo() -> bytes:
    """A photograph that says by EXIF that it lies on its side."""
    exif = Image.Exif()
    exif[274] = 6
    return saved(sheet("RGB"), "JPEG", exif=exif)


def film(kind: str) -> bytes:
    """A picture that moves: only its first is the page."""
    first, *rest = [sheet(size=(200, 300)), *[Image.new("L", (200, 300), 90)] * 5]
    return saved(first, kind, save_all=True, append_images=rest, duration=100)


def sixteen_bit(kind: str) -> bytes:
    """A grey page with 65,536 levels."""
    grey = sheet().point(lambda level: level * 257, "I")
    return saved(grey.convert("I;16"), kind)


def mail_in_mail(depth: int = 400) -> bytes:
    """A multipart e-mail so deep that a simple reader falls over."""
    head = b"From: a@example.org\nTo: b@example.org\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\n"
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(depth)
    )
    ends = b"".join(b"\n--b%d--\n" % level for level in reversed(range(depth)))
    return head + parts + b"Content-Type: text/plain\n\ntext\n" + ends


def mail_of_pictures(count: int = 300) -> bytes:
    """An e-mail of very many attachments."""
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"], made["MIME-Version"] = "a@example.org", "b@x.org", "<1@x.org>", "1.0"
    made.set_content("pictures")
    picture = saved(sheet(size=(20, 30)), "PNG")
    for number in range(count):
        made.add_attachment(picture, maintype="image", subtype="png", filename=f"{number}.png")
    return made.as_bytes()


def phone_photo() -> bytes:
    """The first bytes of a HEIC photo."""
    return b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf" + bytes(500)


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
    Hostile("script and a program inside", with_attachment, ANY_REFUSAL, may_be_read=True),
    Hostile("printing forbidden", restricted, ANY_REFUSAL, may_be_read=True),
    Hostile("length that is itself", looping_objects, ANY_REFUSAL, may_be_read=True),
    Hostile("cross-reference that names itself", looping_xref, ANY_REFUSAL, may_be_read=True),
    Hostile("png of 200 megapixels", lambda: png(14_200, 14_200, data=bytes(14_201) * 14_200), HUGE),
    Hostile("page of four colours", lambda: placed_jpeg(sheet("CMYK")), ANY_REFUSAL, may_be_read=True),
    Hostile("jpeg of four colours", lambda: saved(sheet("CMYK"), "JPEG"), ANY_REFUSAL, may_be_read=True),
    Hostile("png of 16 bits", lambda: sixteen_bit("PNG"), ANY_REFUSAL, may_be_read=True),
    Hostile("tiff of 16 bits", lambda: sixteen_bit("TIFF"), ANY_REFUSAL, may_be_read=True),
    Hostile("png that moves", lambda: film("PNG"), ANY_REFUSAL, may_be_read=True),
    Hostile("gif that moves", lambda: film("GIF"), WRONG),
    Hostile("webp that moves", lambda: film("WEBP"), WRONG),
    Hostile("photo turned by its camera", turned_photo, ANY_REFUSAL, may_be_read=True),
    Hostile("phone photo", phone_photo, WRONG),
    Hostile("40 blank pages", lambda: many_pages(40), ANY_REFUSAL, may_be_read=True),
    Hostile("e-mail 400 deep", mail_in_mail, ANY_REFUSAL, may_be_read=True),
    Hostile("e-mail of 300 pictures", mail_of_pictures, frozenset({R.TOO_MANY_PAGES})),
    Hostile("pdf behind a program", lambda: b"MZ" + bytes(200) + good(), WRONG),
    Hostile("pdf that is also a zip", lambda: good()[:-7] + docx() + good()[-7:], ANY_REFUSAL, may_be_read=True),
    Hostile("web page", lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>", WRONG),
)  # fmt: skip


SAMPLE_FLIPS = 20
"""How many single flipped bytes belong to every run; the command turns over as many as it is asked to."""

# The whole set of a run: what kills readers, what a broken copy leaves, and what a bad disc does.
EVERYTHING = (*CASES, *truncations(), *flips(SAMPLE_FLIPS))


def main(folder: Path) -> None:
    """Writes every case to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in EVERYTHING:
        (folder / case.name.replace(" ", "_").replace(",", "")).write_bytes(case.make())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
