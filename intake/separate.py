"""Where one document ends in a stack that was scanned together, and which pages are two sides of one sheet. Pure.

A separator or cover sheet begins a new section; forms begin new documents inside a section by themselves. A page is never taken
across a sheet. What a cover sheet says about the file is a proposal: a person must take it up (P6).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forms.printing import sheet_code
from forms.results import PageKind, PageReading


@dataclass(frozen=True)
class Section:
    """The pages behind one sheet, or before the first one. `sheet`: the page number of the sheet; `cover_file`: its file."""

    pages: tuple[PageReading, ...]
    sheet: int | None = None
    cover_file: int | None = None


def sections(pages: Sequence[PageReading]) -> list[Section]:
    """A stack cut at its sheets, in page order. Every page is in one section, or is the sheet of one."""
    found: list[Section] = []
    sheet: int | None = None
    file: int | None = None
    run: list[PageReading] = []
    for page in sorted(pages, key=lambda each: each.number):
        code = sheet_code.decode(page.sheet or "") if page.kind is PageKind.SHEET else None
        if code is None:
            run.append(page)
            continue
        if run or sheet is not None:
            found.append(Section(tuple(run), sheet, file))
        sheet, file, run = page.number, code.file, []
    if run or sheet is not None:
        found.append(Section(tuple(run), sheet, file))
    return found


def paper_of(pages: Sequence[PageReading]) -> dict[int, int]:
    """The sheet of paper of each page, from 1: two sides share one when the stack was plainly scanned on both sides.

    Plainly: an even number of pages, at least one of them blank, and no front that is blank or one of our sheets' backs. A
    scanner gives both sides of every sheet or of none, so one blank front shows that these are single sides. In doubt every
    page counts as a sheet of its own: then too much paper is looked for, never too little.
    """
    ordered = sorted(pages, key=lambda each: each.number)
    fronts, backs = ordered[::2], ordered[1::2]
    both_sides = (
        len(ordered) % 2 == 0
        and any(page.kind is PageKind.BLANK for page in backs)
        and not any(page.kind is PageKind.BLANK for page in fronts)
        and not any(page.kind is PageKind.SHEET for page in backs)
    )
    return {page.number: place // 2 + 1 if both_sides else place + 1 for place, page in enumerate(ordered)}
