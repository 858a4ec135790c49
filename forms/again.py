"""The answer sheet: asks only the questions of one family that have to be answered again. Pure, but for reading what is kept.

No picture of such a sheet can be kept, for every family is asked something else. What is kept is each question once, as it is printed,
with its boxes; `lay` puts the asked ones on pages, always in the same way. The printer and the reader both ask it, so what is read
lies where it was printed. Which questions, of which file, stands in the code of each page and in the template's edition.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from forms.again_name import ID, About, about, edition_of
from forms.geometry import Box
from forms.printing.again_code import AgainCode
from forms.template import Field, Kind, PageSize, Template, field_from_json

__all__ = ["ID", "About", "about", "edition_of"]

TITLE = "Answer sheet"
EDITION = "1"
KEPT = Path(__file__).parent / "blanks" / "again"
A4 = PageSize(595.276, 841.89)
PX = 72 / 200
"""Points in a pixel of the kept pictures (200 dots to the inch). Rows begin at whole pixels, so that they can be put together again."""


@dataclass(frozen=True)
class Frame:
    """Where rows may stand on a page, in pixels from its top: on the first page, on later ones, and down to where."""

    first: int
    later: int
    bottom: int


@dataclass(frozen=True)
class Row:
    """One question as printed: its fields with boxes from the top of the row, its height, and where the kept pictures have it.

    `form` and `item` say which question of which form it asks; the last row, for name, signature and date, has neither.
    """

    form: str
    item: str
    fields: tuple[Field, ...]
    height: int
    page: int = 1
    top: int = 0

    @property
    def question(self) -> Field:
        """The question itself, or the first thing to write."""
        return self.fields[0]


@dataclass(frozen=True)
class Kept:
    """Every question of an edition in one size. A question's bit in the code is its place in `rows`; `end` closes every sheet."""

    frame: Frame
    rows: tuple[Row, ...]
    end: Row


@dataclass(frozen=True)
class Placed:
    """A row on a page of one sheet; `page` from 1, `top` in pixels."""

    row: Row
    page: int
    top: int


@lru_cache(maxsize=2)
def kept(large: bool) -> Kept:
    """Every question of the edition in force, in one size."""
    raw = json.loads((KEPT / f"{size_of(large)}.json").read_text("utf-8"))
    *rows, end = (
        Row(
            one["form"],
            one["item"],
            tuple(field_from_json(f) for f in one["fields"]),
            one["height"],
            one["page"],
            one["top"],
        )
        for one in raw["rows"]
    )
    return Kept(Frame(**raw["frame"]), tuple(rows), end)


def size_of(large: bool) -> str:
    """How a size is called in names."""
    return "large" if large else "standard"


def lay(rows: Sequence[Row], end: Row, frame: Frame) -> tuple[Placed, ...]:
    """The rows one below the other, and the last one for name and signature; a row that does not fit begins a page."""
    placed, page, top = [], 1, frame.first
    for row in (*rows, end):
        if top + row.height > frame.bottom:
            page, top = page + 1, frame.later
        placed.append(Placed(row, page, top))
        top += row.height
    return tuple(placed)


def laid(about: About) -> tuple[Placed, ...]:
    """The rows of a sheet in their places. KeyError for an edition that is not known, or a question that it does not have."""
    all_rows = kept(about.large)
    if about.edition != EDITION or about.questions >> len(all_rows.rows):
        raise KeyError(about.edition)
    asked = [row for n, row in enumerate(all_rows.rows) if about.questions >> n & 1]
    return lay(asked, all_rows.end, all_rows.frame)


def questions_for(asked: Sequence[tuple[str | None, str]]) -> tuple[int, frozenset[str]]:
    """The bits of questions, each told by the form it was asked on (or None) and its item; and the items that no sheet can ask.

    An item that only another form asks is asked in that form's words.
    """
    rows, bits, missing = kept(False).rows, 0, set()
    for form, item in asked:
        places = [n for n, row in enumerate(rows) if row.item == item]
        own = [n for n in places if rows[n].form == form]
        if places:
            bits |= 1 << (own or places)[0]
        else:
            missing.add(item)
    return bits, frozenset(missing)


@lru_cache(maxsize=64)
def template_of(about: About) -> Template:
    """The template of one sheet. KeyError for an edition or a question that is not known here."""
    placed = laid(about)
    fields = tuple(_moved(field, one) for one in placed for field in one.row.fields)
    return Template(ID, edition_of(about), TITLE, "en-GB", (A4,) * placed[-1].page, fields)


def from_code(code: AgainCode) -> Template | None:
    """The template that a page's code names; None when there is none, or the page is not one of its pages."""
    try:
        found = template_of(About(code.edition, code.large, code.file, code.questions))
    except KeyError:
        return None
    return found if code.page <= len(found.pages) else None


def is_question(field: Field) -> bool:
    """Whether a field is a question, and no writing."""
    return field.kind is Kind.YES_NO


def _moved(field: Field, placed: Placed) -> Field:
    down = placed.top * PX

    def there(box: Box) -> Box:
        return (box[0], round(box[1] + down, 2), box[2], round(box[3] + down, 2))

    def each(boxes: Mapping[str, Box]) -> dict[str, Box]:
        return {name: there(box) for name, box in boxes.items()}

    return replace(
        field,
        page=placed.page,
        boxes=each(field.boxes),
        labels=each(field.own_labels),
        comb=tuple(there(b) for b in field.comb),
    )
