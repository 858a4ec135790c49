"""The sheets are found again after a scanner, a fax and a hole punch; the prints are tagged, A4 and carry nothing personal."""

import io
from collections.abc import Callable

import cv2
import numpy as np
import pypdf
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray

from forms.catalogue import load_catalogue
from forms.printing.sheet_code import SheetCode, encode
from forms.printing.sheets import Receipt, ReceiptLine, covers, receipt, separators
from forms.reading import read_page
from forms.results import PageKind
from forms.sheets import sheet_on

Grey = NDArray[np.uint8]
RECEIPT = Receipt(
    "Receipt",
    ("Files in: 1",),
    "Every page is accounted for",
    (("Filed", 2),),
    2,
    (ReceiptLine(1, "2", "Filed"),),
    "Foot",
)


def printed(pdf: bytes, dpi: float = 200) -> Grey:
    drawn = pdfium.PdfDocument(pdf)[0].render(scale=dpi / 72, grayscale=True).to_numpy()
    return np.ascontiguousarray(drawn.reshape(drawn.shape[:2]))


def skewed(page: Grey, degrees: float) -> Grey:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, (width, height), borderValue=255), np.uint8)


def noisy(page: Grey) -> Grey:
    dots = np.random.default_rng(7).random(page.shape)
    return np.where(dots < 0.01, 0, np.where(dots > 0.99, 255, page)).astype(np.uint8)


def without_its_first_code(page: Grey) -> Grey:
    torn = page.copy()
    torn[: page.shape[0] // 2] = 255
    return torn


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
@pytest.mark.parametrize("scanned", [lambda page: page, lambda page: skewed(page, 4.0), noisy, without_its_first_code])
def test_a_sheet_is_read_as_one_however_it_lies(scanned: Callable[[Grey], Grey], turned: int) -> None:
    page = np.rot90(scanned(printed(covers([42]))), turned)

    reading, crops = read_page(np.ascontiguousarray(page), (200.0, 200.0), 3, load_catalogue())

    assert (reading.kind, reading.number, reading.sheet, crops) == (PageKind.SHEET, 3, encode(SheetCode(42)), {})


def test_a_page_with_two_different_codes_decides_nothing() -> None:
    one, other = printed(covers([42]), 100), printed(covers([43]), 100)
    half = one.shape[0] // 2

    assert sheet_on(np.vstack([one[:half], other[half:]])) is None
    assert sheet_on(printed(receipt(RECEIPT), 100)) is None


@pytest.mark.parametrize(("made", "pages"), [(separators(3), 3), (covers([1, 999_999]), 2), (receipt(RECEIPT), 1)])
def test_prints_are_tagged_a4_with_language_and_title(made: bytes, pages: int) -> None:
    reader = pypdf.PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]

    assert len(reader.pages) == pages
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title


@pytest.mark.parametrize("count", [0, 201])
def test_a_pile_of_sheets_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 200"):
        separators(count)
