"""Boxes of a blank that its template leaves out: an answer given there is never seen."""

from collections.abc import Sequence

from forms.catalogue import KnownPage
from forms.drafting.draft import fields_on
from forms.drafting.guesses import short_of
from forms.drafting.parts import inside, parts_of
from forms.template import Template


def advice(template: Template, known: Sequence[KnownPage]) -> list[str]:
    """The boxes to mark that a draft of the blank's PDF finds and no field of the template reads, in words; empty where there is no PDF."""
    if not known or known[0].pdf is None:
        return []
    try:
        pages = parts_of(known[0].pdf.read_bytes())
    except Exception:  # pdfplumber and PDFium raise whatever the damage leads to, and the check says that itself
        return []
    found = []
    for page in known:
        read = [box for one in template.on_page(page.page) if one.kind.is_mark for box in one.boxes.values()]
        for one in fields_on(pages[page.pdf_page - 1]) if page.pdf_page <= len(pages) else ():
            boxes = one.boxes.values() if one.kind.is_mark else ()
            if boxes and not any(inside(box, other) for box in boxes for other in read):
                words = f" of “{short_of(one.label)}”" if one.label else ""
                found.append(
                    f"No field reads the printed box{'es' if len(boxes) > 1 else ''}{words} on page {page.page}."
                )
    return found
