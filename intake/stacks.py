"""A stack of read pages → the pieces that it consists of: forms, letters, blank and policy pages, and our own sheets."""

from collections.abc import Sequence
from dataclasses import dataclass

from forms.assemble import assemble
from forms.catalogue import Catalogue
from forms.results import FormReading, PageKind, PageReading, UnknownPages
from intake.separate import Section, sections
from records.vocabulary import PartKind

SHEET = "A sheet that we print to lay between papers."
NOT_PLACED = "These pages were not placed. Sort them by hand."


@dataclass(frozen=True)
class Piece:
    """What becomes one part of an item. `cover_file`: the file that the cover sheet in front of it names."""

    kind: PartKind
    found: FormReading | UnknownPages
    cover_file: int | None = None


def pieces(pages: Sequence[PageReading], catalogue: Catalogue) -> list[Piece]:
    """What a document consists of, in page order. Every page is in exactly one piece (P6)."""
    made = [piece for section in sections(pages) for piece in _of_section(section, catalogue)]
    placed = {number for piece in made for number in piece.found.pages}
    left = tuple(page.number for page in pages if page.number not in placed)
    return [*made, Piece(PartKind.OTHER, UnknownPages(left, NOT_PLACED))] if left else made


def _of_section(section: Section, catalogue: Catalogue) -> list[Piece]:
    """The pieces behind one sheet: no form is completed across it."""
    kinds = {page.number: page.kind for page in section.pages}
    made = [] if section.sheet is None else [Piece(PartKind.SHEET, UnknownPages((section.sheet,), SHEET))]
    for found in assemble(section.pages, catalogue):
        if isinstance(found, FormReading):
            kind = PartKind.FORM
        elif all(kinds[number] is PageKind.BLANK for number in found.pages):
            kind = PartKind.BLANK
        elif all(kinds[number] is PageKind.POLICY for number in found.pages):
            kind = PartKind.POLICY
        else:
            kind = PartKind.OTHER
        takes_file = kind in (PartKind.FORM, PartKind.OTHER)
        made.append(Piece(kind, found, section.cover_file if takes_file else None))
    return made
