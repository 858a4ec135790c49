"""Archive copies of every sort of scan keep the rules of PDF/A-2U, and the looking itself finds what is planted."""

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest

from forms.page import Grey
from intake.admission import FileType
from intake.archive.searchable import ArchivePage, searchable_pdf
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Page, Pictures
from intake.sandbox.reader import rebuild
from records.documents.text.index import Word
from tests.pdfa.check import findings

SAMPLES = Path(__file__).parents[3] / "samples"
MADE = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
TEXTS = {
    "English": "Dear Ms Quill, we won’t – “can’t” – pay £5 or €5…",
    "Welsh": "Annwyl Ŵyr, mae’r tŷ a’r ŷd yn ŵyl; ŴŶŵŷ",
    "Arabic": "السيدة العزيزة، ٢٠٢٦",
    "Urdu and Bengali": "محترمہ کوئل প্রিয় ২০২৬",
    "Polish and Romanian": "Żółć ąęśćńź Ștefan țară",
    "beyond the basic plane": "🙂 𝒜𝒷",
    "none": "",
    "odd signs": "\x00\x07 \ufeff\ufffe\uffff \ud800 a\u200fb",
}


def paper(*, colour: bool = False, size: tuple[int, int] = (1170, 827)) -> Grey:
    """A page of print and hand, with the grain of a scanner."""
    rng = np.random.default_rng(5)
    page = np.full((*size, 3) if colour else size, 245, np.uint8)
    cv2.putText(page, "Dear Ms Quill", (40, 120), cv2.FONT_HERSHEY_COMPLEX, 1.5, (20, 30, 140) if colour else 20, 3)
    return np.asarray(np.clip(page + rng.normal(0, 4, page.shape), 0, 255), np.uint8)


def page_of(
    pixels: Grey, dpi: float | None, turned: int = 0, words: str = TEXTS["Welsh"], by_hand: int = 0
) -> ArchivePage:
    picture = rebuild(Page(1, pixels, (dpi, dpi) if dpi else None, "image"), turned)
    found = [Word(word, 20 + 90 * at, 30, 80, 24, 0) for at, word in enumerate(words.split(" "))]
    return ArchivePage(picture.data, picture.dpi, found, by_hand)


def two_toned(pixels: Grey) -> Grey:
    return np.where(pixels > 128, 255, 0).astype(np.uint8)


def written(words: str) -> list[ArchivePage]:
    return [page_of(paper(), 100.0, words=words)]


def of_sample(name: str) -> list[ArchivePage]:
    data = (SAMPLES / name).read_bytes()
    pictures = Pictures(data, FileType.TIFF if name.endswith(".tif") else FileType.PNG, Limits())
    pages = [pictures.page(number) for number in range(1, pictures.pages + 1)]
    return [page_of(one.pixels, one.dpi[0] if one.dpi else None) for one in pages]


SCANS: dict[str, Callable[[], list[ArchivePage]]] = {
    "one bit": lambda: [page_of(two_toned(paper()), 100.0)],
    "one bit, shrunk to sixteen greys": lambda: [page_of(two_toned(paper(size=(2340, 1654))), 400.0)],
    "grey": lambda: [page_of(paper(), 100.0)],
    "colour": lambda: [page_of(paper(colour=True), 100.0)],
    "no resolution": lambda: [page_of(paper(), None)],
    "turned by the reader": lambda: [page_of(paper(), 100.0, turned) for turned in (0, 90, 180, 270)],
    "turned by a person": lambda: [page_of(paper(), 100.0, by_hand=turned) for turned in (0, 90, 180, 270)],
    "mixed sizes and kinds": lambda: [
        page_of(paper(), 100.0),
        page_of(two_toned(paper(size=(400, 300))), 200.0),
        page_of(paper(colour=True, size=(300, 1600)), 72.5),
    ],
    "a scrap": lambda: [page_of(paper(size=(5, 4)), 300.0)],
    "a till roll": lambda: [page_of(paper(size=(12_000, 60)), 50.0)],
    "a page as long as is let in": lambda: [page_of(paper(size=(10_000, 300)), 50.0)],
    "no pages": list,
    "sixty pages": lambda: [page_of(two_toned(paper(size=(90, 60))), 50.0)] * 60,
    **{f"text: {name}": partial(written, text) for name, text in TEXTS.items()},
    **{path.name: partial(of_sample, path.name) for path in sorted(SAMPLES.glob("*.tif"))},
    "IASS-MFP_4775.png": lambda: of_sample("IASS-MFP_4775.png"),
}


def copy_of(pages: list[ArchivePage]) -> bytes:
    return b"".join(searchable_pdf(pages, mark=UUID(int=7), made=MADE))


@pytest.mark.parametrize("scan", SCANS.values(), ids=SCANS)
def test_a_copy_keeps_the_rules(scan: Callable[[], list[ArchivePage]]) -> None:
    assert findings(copy_of(scan())) == []


@dataclass(frozen=True)
class Taken:
    """A good copy in pieces, from which a bad one is made."""

    objects: dict[int, bytes]
    trailer: bytes = b"<< /Size %d /Root 1 0 R /ID [<00> <00>] >>"

    def pdf(self) -> bytes:
        out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
        for number, body in sorted(self.objects.items()):
            places.append(len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        rows = b"".join(b"%010d 00000 n \n" % one for one in places)
        size = len(places) + 1
        return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer %b\nstartxref\n%d\n%%%%EOF\n" % (
            size, rows, self.trailer % size, len(out),
        )  # fmt: skip

    def swapped(self, old: bytes, new: bytes) -> bytes:
        """With these bytes changed wherever they stand, and all lengths right."""
        objects = {number: body.replace(old, new) for number, body in self.objects.items()}
        assert objects != self.objects, "nothing was changed, so nothing is proved"
        return Taken({number: _measured(body) for number, body in objects.items()}, self.trailer).pdf()

    def with_content(self, content: bytes) -> bytes:
        (number,) = (one for one, body in self.objects.items() if b"/Type /Page /Parent" in body)
        stream = b"<< /Length %d  >>\nstream\n%b\nendstream" % (len(content), content)
        return Taken(self.objects | {number - 1: stream}, self.trailer).pdf()


def _measured(body: bytes) -> bytes:
    head, mark, rest = body.partition(b">>\nstream\n")
    return (
        re.sub(rb"/Length \d+", b"/Length %d" % (len(rest) - len(b"\nendstream")), head) + mark + rest if mark else body
    )


@pytest.fixture(scope="module")
def good() -> Taken:
    data = copy_of([page_of(paper(size=(200, 300)), 100.0, words="Dear Quill")])
    at = [match.start() for match in re.finditer(rb"(?m)^\d+ 0 obj\n", data)] + [data.rindex(b"xref\n0 ")]
    pieces = [data[start:end] for start, end in pairwise(at)]
    objects = {int(one.split(b" ", 1)[0]): one.partition(b"obj\n")[2].removesuffix(b"\nendobj\n") for one in pieces}
    for number, body in objects.items():  # what is packed is unpacked, so that its words can be changed
        if b"/Filter /FlateDecode" in body and b"/Image" not in body:
            inner = zlib.decompress(body.partition(b"stream\n")[2].removesuffix(b"\nendstream"))
            objects[number] = b"<< /Length %d  >>\nstream\n%b\nendstream" % (len(inner), inner)
    return Taken(objects)


def test_a_copy_that_was_taken_apart_and_put_together_still_keeps_them(good: Taken) -> None:
    assert findings(good.pdf()) == []


FILE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "something before the header": ("6.1.2", lambda data: b"\n" + data),
    "no line of high bytes": ("6.1.2", lambda data: data.replace(b"%\xe2\xe3\xcf\xd3", b"%abcd")),
    "PDF 2.0": ("6.1.2", lambda data: data.replace(b"%PDF-1.7", b"%PDF-2.0")),
    "something after the end": ("6.1.3", lambda data: data + b"x"),
    "two empty lines after the end": ("6.1.3", lambda data: data + b"\n"),
    "a table spaced wrongly": ("6.1.4", lambda data: data.replace(b"xref\n0 ", b"xref \n0 ", 1)),
    "a row cut short": ("6.1.4", lambda data: data.replace(b" 65535 f \n", b" 65535 f\n")),
    "a place that is off by one": ("6.1.9", lambda data: re.sub(rb"f \n(\d{9})(\d)", lambda m: b"f \n" + m[1] + b"%d" % (int(m[2]) - 1), data)),
    "an object spaced wrongly": ("6.1.9", lambda data: data.replace(b"\n1 0 obj\n<<", b"\n1 0 obj <<")),
    "a stream longer than it says": ("6.1.7", lambda data: re.sub(rb"/Length (\d+)", lambda m: b"/Length %0*d" % (len(m[1]), int(m[1]) - 1), data)),
    "a stream after a lone return": ("6.1.7", lambda data: data.replace(b">>\nstream\n", b">>\nstream\r")),
}  # fmt: skip


@pytest.mark.parametrize(("clause", "change"), FILE.values(), ids=FILE)
def test_a_fault_in_the_file_is_found(good: Taken, clause: str, change: Callable[[bytes], bytes]) -> None:
    data = good.pdf()
    assert change(data) != data
    assert any(one.startswith(clause) for one in findings(change(data)))


SWAPPED: dict[str, tuple[str, bytes, bytes]] = {
    "an odd hexadecimal string": ("6.1.6", b"(sRGB) /Info", b"<737> /Info"),
    "a hexadecimal string of letters": ("6.1.6", b"(sRGB) /Info", b"<7G> /Info"),
    "a string that is too long": ("6.1.13", b"(sRGB) /Info", b"(" + b"x" * 32768 + b") /Info"),
    "a name that is too long": ("6.1.13", b"/Type /Catalog", b"/Type /Catalog /Lang /" + b"x" * 128),
    "a name that is no UTF-8": ("6.1.8", b"GlyphLessFont", b"Glyph#ffFont"),
    "an integer out of range": ("6.1.13", b"/StemV 80", b"/StemV 2147483648"),
    "a page that is too long": ("6.1.13", b"/MediaBox [0 0 ", b"/MediaBox [-14400 0 "),
    "a page without resources of its own": ("6.2.2", b"/Resources <<", b"/Resourced <<"),
    "no output intent": ("6.2.3", b"/GTS_PDFA1", b"/GTS_PDFX"),
    "a profile of a scanner": ("6.2.3", b"mntrRGB ", b"scnrRGB "),
    "a profile of version 5": ("6.2.3", b"lcms\x04@", b"lcms\x05@"),
    "a profile that is cut off": ("6.2.3", b"acspAPPL", b"acsp"),
    "a profile that says another number of channels": ("6.2.3", b"/N 3", b"/N 4"),
    "colours of print": ("6.2.4.3", b"/DeviceGray", b"/DeviceCMYK"),
    "colours without a meaning": ("6.2.4.3", b"mntrRGB ", b"mntrLab "),
    "colours of a kind that is not known": ("6.2.4", b"/DeviceGray", b"/Pattern"),
    "another picture to choose": ("6.2.8", b"/Subtype /Image", b"/Subtype /Image /Alternates []"),
    "a picture from elsewhere for print": ("6.2.8", b"/Subtype /Image", b"/Subtype /Image /OPI << >>"),
    "a smoothed picture": ("6.2.8", b"/Subtype /Image", b"/Subtype /Image /Interpolate true"),
    "a picture of another size": ("6.2.8", b"/Width 300", b"/Width 301"),
    "a mask": ("6.2.8, 6.2.10", b"/Subtype /Image", b"/Subtype /Image /SMask 10 0 R"),
    "LZW": ("6.1.7", b"/DCTDecode", b"/LZWDecode"),
    "a stream outside the file": ("6.1.7", b"/Subtype /XML", b"/Subtype /XML /F (x)"),
    "a form object": ("6.2.9", b"/Subtype /Image", b"/Subtype /Form"),
    "a font without a type": ("6.2.11.2", b"/Type /Font /Subtype /Type0", b"/Subtype /Type0"),
    "a font that is not embedded": ("6.2.11.4", b"/FontFile2", b"/FontFile9"),
    "no map to glyphs": ("6.2.11.3", b"/CIDToGIDMap", b"/CIDToGIDMop"),
    "characters straight to glyphs that are not there": ("6.2.11.4", b"/CIDToGIDMap 8 0 R", b"/CIDToGIDMap /Identity"),
    "another width than the font's": ("6.2.11.5", b"/DW 500", b"/DW 502"),
    "another width for one character": ("6.2.11.5", b"/DW 500", b"/DW 500 /W [68 [600]]"),
    "the glyph that stands for none": ("6.2.11.8", b"\0\1" * 256, b"\0\0" * 256),
    "a font program that is too short": ("6.2.11.2", b"/Length1 572", b"/Length1 571"),
    "no text for characters": ("6.2.11.7.2", b"/ToUnicode", b"/ToUnicoda"),
    "a range over more than the last byte": ("6.2.11.7.2", b"<0100> <01FF> <0100>", b"<0100> <02FF> <0100>"),
    "a character that is the mark of byte order": ("6.2.11.7.2", b"<0020> <00FF> <0020>", b"<0020> <00FF> <FEDB>"),
    "a link": ("6.3", b"/Type /Page /Parent", b"/Annots [] /Type /Page /Parent"),
    "a page that acts": ("6.3, 6.5.2", b"/Type /Page /Parent", b"/AA << >> /Type /Page /Parent"),
    "something that opens": ("6.4, 6.5", b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (x) >>"),
    "a script": ("6.5", b"/Type /Catalog", b"/Type /Catalog /Names << /JavaScript << >> >>"),
    "a form to fill in": ("6.4", b"/Type /Catalog", b"/Type /Catalog /AcroForm << /XFA (x) >>"),
    "an embedded file": ("6.8", b"/Type /Catalog", b"/Type /Catalog /Names << /EmbeddedFiles << >> >>"),
    "layers": ("6.4, 6.5, 6.8", b"/Type /Catalog", b"/Type /Catalog /OCProperties << >>"),
    "a blend": ("6.2.5", b"/Resources <<", b"/Resources << /ExtGState << /G << /BM /Odd >> >>"),
    "no metadata": ("6.6.2.1", b"/Subtype /XML", b"/Subtype /XMl"),
    "metadata that is no XML": ("6.6.2.1", b"</pdfaid:part>", b"</pdfaid:parts>"),
    "metadata that says how it is written": ("6.6.2.1", b'czkc9d"?>', b'czkc9d" bytes="1"?>'),
    "metadata of another part": ("6.6.4", b"<pdfaid:part>2", b"<pdfaid:part>1"),
    "metadata of another prefix": ("6.6.4", b"pdfaid", b"pdfa"),
    "metadata that nobody defined": ("6.6.2.3", b"xmp:CreateDate>", b"xmp:MadeBy>"),
    "a date that is none": ("6.6.2.3", b"2026-11-29T", b"29 November 2026 "),
}  # fmt: skip


@pytest.mark.parametrize(("clause", "old", "new"), SWAPPED.values(), ids=SWAPPED)
def test_a_fault_in_an_object_is_found(good: Taken, clause: str, old: bytes, new: bytes) -> None:
    assert any(one.startswith(clause) for one in findings(good.swapped(old, new)))


CONTENT: dict[str, tuple[str, bytes]] = {
    "an operator that is none": ("6.2.2", b"q 1 0 0 1 0 0 cm Q smile"),
    "a state that was not begun": ("6.2.2", b"Q"),
    "states nested too deep": ("6.1.13", b"q " * 29 + b"Q " * 29),
    "a number near nothing": ("6.1.13", b"q 0." + b"0" * 40 + b"1 0 0 1 0 0 cm Q"),
    "a picture that is not there": ("6.2.2", b"/Elsewhere Do"),
    "a font that is not there": ("6.2.2", b"BT /Elsewhere 9 Tf <0041> Tj ET"),
    "colours of print": ("6.2.4.3", b"0 0 0 1 k"),
    "a shading": ("6.2.4, 6.2.5", b"/Sh sh"),
}


@pytest.mark.parametrize(("clause", "content"), CONTENT.values(), ids=CONTENT)
def test_a_fault_in_what_is_drawn_is_found(good: Taken, clause: str, content: bytes) -> None:
    assert any(one.startswith(clause) for one in findings(good.with_content(content)))


@pytest.mark.parametrize(
    ("clause", "trailer"),
    [
        pytest.param("6.1.3", b"<< /Size %d /Root 1 0 R >>", id="no identifier"),
        pytest.param("6.1.3", b"<< /Size %d /Root 1 0 R /ID [<> <>] >>", id="an empty identifier"),
        pytest.param(
            "6.6.3", b"<< /Size %d /Root 1 0 R /ID [<00> <00>] /Info << >> >>", id="an information dictionary"
        ),
    ],
)
def test_a_fault_in_the_trailer_is_found(good: Taken, clause: str, trailer: bytes) -> None:
    assert any(one.startswith(clause) for one in findings(Taken(good.objects, trailer).pdf()))


def test_an_encrypted_copy_is_found(good: Taken) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good.pdf())))
    writer.encrypt("x")
    writer.write(out := io.BytesIO())
    assert any(one.startswith("6.1") for one in findings(out.getvalue()))
