"""The blank of one answer sheet, put together from the kept pictures of its questions, with all that registration wants of it.

Pictures are loaded once, where the other blanks are: a locked-in reader opens no file. What differs from sheet to sheet in the
margins (the code, our reference, page numbers) is left white, as writing on the blank would be.
"""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from forms import again
from forms.blank_pages import BlankPage, Features, packed, prepared, unpacked
from forms.catalogue import Catalogue, KnownPage
from forms.geometry import MM_PER_INCH
from forms.page import Grey
from forms.printing import again_code

_MM = 200 / MM_PER_INCH
_CODE_MM, _FOOT_MM = (166.0, 4.0, 194.0, 32.0), (16.0, 279.5, 194.0, 292.0)
_INSIDE_MM = (16.0, 194.0)
_NO_FEATURES = Features(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@lru_cache(maxsize=64)
def _picture(path: Path) -> bytes:
    return path.read_bytes()


def _kept(large: bool, page: int) -> Grey:
    return unpacked(_picture(again.KEPT / f"{again.size_of(large)}-{page}.png"))


@lru_cache(maxsize=1)
def load() -> None:
    """Loads all that is kept of every size."""
    for large in (False, True):
        all_rows = again.kept(large)
        for page in {row.page for row in (*all_rows.rows, all_rows.end)} | {1, 2}:
            _picture(again.KEPT / f"{again.size_of(large)}-{page}.png")


def blank_of(known: KnownPage, *, by_print: bool = False) -> BlankPage:
    """The blank of a page that `Catalogue.coded` named. KeyError if it is no answer sheet.

    `by_print`: it will be looked for by the corners of its print, which take a while to find.
    """
    told = again.about(known.id, known.edition)
    if told is None:
        raise KeyError(known.name)
    return prepared(known, packed(picture_of(told, known.page)), None if by_print else _NO_FEATURES)


def named_on(small: Grey, work: Grey, catalogue: Catalogue) -> BlankPage | None:
    """The answer sheet that a code anywhere on a page names, where its corner marks are cut off or hidden; None without one.

    `small`: the page at 100 dots to the inch, `work` the same at 200. Two sheets on one picture are none.
    """
    for picture in (small, work, np.asarray(cv2.GaussianBlur(work, (0, 0), 1.6), np.uint8)):
        codes = {code.text for code in zxingcpp.read_barcodes(picture, formats=_QR) if code.valid}
        ours = [code for code in codes if again_code.decode(code) is not None]
        if ours:
            known = catalogue.coded(ours[0]) if len(ours) == 1 else None
            return blank_of(known, by_print=True) if known is not None else None
    return None


def picture_of(about: again.About, page: int) -> Grey:
    """One page as it is printed, without what differs in its margins: uint8, 255 is paper, 200 dots to the inch."""
    frame = again.kept(about.large).frame
    sources = {one.row.page for one in again.laid(about) if one.page == page}
    kept = {source: _kept(about.large, source) for source in sources | {min(page, 2)}}
    made = kept[min(page, 2)].copy()
    left, right = (round(mm * _MM) for mm in _INSIDE_MM)
    made[frame.first if page == 1 else frame.later : frame.bottom, left:right] = 255
    for x0, y0, x1, y1 in ([round(mm * _MM) for mm in box] for box in (_CODE_MM, _FOOT_MM)):
        made[y0:y1, x0:x1] = 255
    for one in again.laid(about):
        if one.page == page:
            row = kept[one.row.page][one.row.top : one.row.top + one.row.height, left:right]
            made[one.top : one.top + one.row.height, left:right] = row
    return made
