"""An archive copy shows the very pixels of the page pictures, and its text is found, copied and searched."""

import io
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader
from pypdf.generic import StreamObject

from intake.archive.searchable import ArchivePage, NotAPicture, searchable_pdf
from records.documents.text.index import Word

MARK, MADE = UUID(int=7), datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def paper(mode: str = "L") -> Image.Image:
    made = Image.new(mode, (600, 400), "white")
    ImageDraw.Draw(made).text((50, 60), "Dear Ms Quill", font=ImageFont.load_default(40), fill="black")
    return made


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    image.save(out := io.BytesIO(), kind, **options)
    return out.getvalue()


def grey_levels() -> Image.Image:
    """Sixteen greys in a palette, as the sandbox makes them."""
    made = Image.fromarray((np.asarray(paper()) // 17).astype(np.uint8), "P")
    made.putpalette([level * 17 for level in range(16) for _ in range(3)])
    return made


PICTURES = {
    "jpeg grey": saved(paper(), "JPEG"),
    "jpeg colour": saved(paper("RGB"), "JPEG"),
    "png one bit": saved(paper().convert("1"), "PNG", bits=1),
    "png sixteen greys": saved(grey_levels(), "PNG", bits=4),
    "png grey": saved(paper(), "PNG"),
    "png colour": saved(paper("RGB"), "PNG"),
}
WORDS = [Word("Dear", 50, 66, 80, 34, 0), Word("Ms", 145, 66, 50, 34, 0), Word("Zoë's", 210, 66, 80, 34, 0)]


def made(*pages: ArchivePage) -> bytes:
    return b"".join(searchable_pdf(pages, mark=MARK, made=MADE))


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_page_shows_the_pixels_of_its_picture(picture: bytes) -> None:
    page = pdfium.PdfDocument(made(ArchivePage(picture, 72.0, WORDS)))[0]
    assert page.get_size() == (600, 400)
    drawn = page.render(scale=1, grayscale=True).to_numpy().reshape(400, 600)
    own = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
    assert float(np.abs(drawn.astype(int) - own).mean()) < 1.0


def test_a_scan_is_inside_byte_for_byte() -> None:
    picture = PICTURES["jpeg grey"]
    (page,) = PdfReader(io.BytesIO(made(ArchivePage(picture, 150.0, [])))).pages
    image = page["/Resources"]["/XObject"]["/I"]  # type: ignore[index]  # plain PDF objects
    assert isinstance(image, StreamObject)
    assert image._data == picture


def test_the_text_is_found_by_two_libraries_where_it_stands() -> None:
    data = made(ArchivePage(PICTURES["png grey"], 72.0, WORDS), ArchivePage(PICTURES["jpeg grey"], 150.0, WORDS[:1]))
    reader, other = PdfReader(io.BytesIO(data), strict=True), pdfium.PdfDocument(data)
    assert len(reader.pages) == len(other) == 2
    assert reader.pages[0].extract_text().split() == ["Dear", "Ms", "Zoë's"]
    text = other[0].get_textpage()
    assert text.get_text_bounded().split() == ["Dear", "Ms", "Zoë's"]
    left, bottom, right, top = text.get_charbox(0)
    assert 40 < left < 60 and right < 90
    assert 400 - 110 < bottom < top < 400 - 50


def test_it_carries_what_an_archive_needs_and_nothing_that_runs() -> None:
    data = made(ArchivePage(PICTURES["png grey"], 150.0, WORDS))
    root = PdfReader(io.BytesIO(data), strict=True).trailer["/Root"]
    assert b"<pdfaid:part>2</pdfaid:part>" in root["/Metadata"].get_data()  # type: ignore[index]  # plain PDF objects
    assert root["/OutputIntents"][0]["/DestOutputProfile"]["/N"] == 3  # type: ignore[index]  # plain PDF objects
    assert set(root.keys()) == {"/Type", "/Pages", "/Metadata", "/OutputIntents"}  # type: ignore[union-attr]  # plain PDF objects
    assert b"/JavaScript" not in data and b"/Title" not in data


def test_it_comes_in_pieces_no_larger_than_a_page() -> None:
    picture = PICTURES["png grey"]
    pieces = list(searchable_pdf((ArchivePage(picture, 150.0, []) for _ in range(200)), mark=MARK, made=MADE))
    assert len(pieces) > 600
    assert max(map(len, pieces)) < len(picture) + 20_000
    assert len(pdfium.PdfDocument(b"".join(pieces))) == 200


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(b"%PDF-1.7", id="no picture"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="broken"),
        pytest.param(saved(paper("RGBA"), "PNG"), id="transparent"),
        pytest.param(saved(Image.new("CMYK", (8, 8)), "JPEG"), id="four colours"),
    ],
)
def test_other_pictures_are_refused(picture: bytes) -> None:
    with pytest.raises(NotAPicture):
        made(ArchivePage(picture, 150.0, []))
