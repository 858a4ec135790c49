"""A blank as its pages are seen: a page that shows a part of its sheet only (InDesign's bleed, an offset sheet) is moved to that part."""

import io

import pypdf
from pypdf.generic import RectangleObject


def as_seen(pdf: bytes) -> bytes:
    """The PDF with each page's sheet reaching just as far as what is shown of it, from zero. Raises what pypdf raises.

    pdfplumber measures from the sheet's corner and PDFium, which draws the picture, from the corner of what is shown.
    """
    if all(_is_plain(page) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages):
        return pdf
    made = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for page in made.pages:
        shown = page.cropbox
        left, bottom, wide, high = (float(n) for n in (shown.left, shown.bottom, shown.width, shown.height))
        page.add_transformation(pypdf.Transformation().translate(-left, -bottom))
        page.mediabox = page.cropbox = RectangleObject((0, 0, wide, high))
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def _is_plain(page: pypdf.PageObject) -> bool:
    sheet, shown = page.mediabox, page.cropbox
    ends = [float(n) for n in (sheet.left, sheet.bottom)]
    same = [float(a) - float(b) for a, b in zip(sheet, shown, strict=True)]
    return max(abs(n) for n in (*ends, *same)) < 0.1
