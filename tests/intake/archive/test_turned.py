"""A page that a person turned is upright wherever it is seen: archive copy, access copy, certified print, the desk's picture."""

import io
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf import PdfReader

from forms.page import Grey
from intake.archive.bundle import CopyPage, bundle_pdf, place
from intake.archive.searchable import ArchivePage, searchable_pdf
from records.custody import prints
from records.documents.text.index import Word
from records.documents.turning import DRAWING, upright

WIDE, HIGH = 300, 200
TURNS = [0, 90, 180, 270]


def picture() -> Grey:
    """White, with a black block in its left upper corner and a grey one in its right upper corner."""
    pixels = np.full((HIGH, WIDE), 255, np.uint8)
    pixels[10:60, 10:90], pixels[10:40, 240:290] = 0, 128
    return pixels


def png() -> bytes:
    Image.fromarray(picture()).save(out := io.BytesIO(), "PNG")
    return out.getvalue()


def turned_by(degrees: int) -> Grey:
    return np.ascontiguousarray(np.rot90(picture(), -degrees // 90))


def drawn(pdf: bytes, page: int = 0, scale: float = 1.0) -> Grey:
    raw = pdfium.PdfDocument(pdf)[page].render(scale=scale, grayscale=True).to_numpy()
    return np.asarray(raw.reshape(raw.shape[:2]), np.uint8)


def inked(shown: Grey) -> Grey:
    """What is drawn, cut to its ink and made as large as the turned picture is when it is cut to its own."""
    rows, columns = np.nonzero(shown < 200)
    return shown[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def alike(one: Grey, other: Grey) -> bool:
    same = np.asarray(Image.fromarray(inked(one)).resize(inked(other).shape[::-1], Image.Resampling.BOX))
    return float(np.abs(same.astype(int) - inked(other)).mean()) < 6.0


@pytest.mark.parametrize("turned", TURNS)
def test_an_archive_copy_is_upright_and_its_words_stand_on_the_picture_as_it_is_seen(turned: int) -> None:
    word = Word("Dear", 20, 20, 60, 20, 0)
    pages = [ArchivePage(png(), 72.0, [word], turned)]
    pdf = b"".join(searchable_pdf(pages, mark=UUID(int=1), made=datetime(2026, 11, 28, tzinfo=UTC)))
    assert float(np.abs(drawn(pdf).astype(int) - turned_by(turned)).mean()) < 2.0

    at: list[tuple[float, float]] = []
    text = (
        PdfReader(io.BytesIO(pdf))
        .pages[0]
        .extract_text(visitor_text=lambda _, cm, tm, *rest: at.append((tm[4], tm[5])))
    )
    high = turned_by(turned).shape[0]
    assert "Dear" in text and (20.0, float(high - 40)) in [(round(x, 1), round(y, 1)) for x, y in at]


@pytest.mark.parametrize("turned", TURNS)
def test_an_access_copy_is_upright_and_knows_where_its_covered_parts_lie(turned: int) -> None:
    pdf = b"".join(bundle_pdf([CopyPage(png(), "", turned)]))
    assert alike(drawn(pdf), turned_by(turned))

    block = (10 * 1000 // WIDE, 10 * 1000 // HIGH, 80 * 1000 // WIDE, 50 * 1000 // HIGH)
    left, top, right, bottom = (round(edge) for edge in place(png(), turned).box(*block))
    inside = drawn(pdf)[top + 3 : bottom - 3, left + 3 : right - 3]
    assert inside.size and inside.max() < 60


@pytest.mark.parametrize("turned", TURNS)
def test_a_certified_print_is_upright(turned: int) -> None:
    data, media = upright(png(), "image/png", (WIDE, HIGH), turned)
    pdf = prints.certified_print(
        [("Paper", "O-1")], [("Page 1", media, data)], "Words.", date(2026, 11, 28), "Testwood SENDIASS"
    )
    page = drawn(pdf, page=1)
    assert alike(page[90:760], turned_by(turned))


def test_what_nobody_turned_stays_as_it_is_stored_and_other_things_are_never_wrapped() -> None:
    assert upright(png(), "image/png", (WIDE, HIGH), 0) == (png(), "image/png")
    assert upright(b"anything", "application/pdf", (1, 1), 90) == (b"anything", "application/pdf")
    shown, media = upright(png(), "image/png", (WIDE, HIGH), 450)
    assert media == DRAWING and f'width="{HIGH}" height="{WIDE}"'.encode() in shown and b"script" not in shown
