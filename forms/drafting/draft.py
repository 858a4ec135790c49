"""From a blank PDF to a proposed template with its pictures: finds the fields, names them, puts them in reading order."""

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from forms.drafting.columns import columns_of
from forms.drafting.consents import Guess, mark_guess
from forms.drafting.denied import undenied
from forms.drafting.found import Found, on_row, said_text, text_of
from forms.drafting.grids import words_in
from forms.drafting.guesses import (
    asks_for_another,
    is_office_use,
    is_staffs,
    is_young_persons,
    short_of,
    slug,
    written_id,
)
from forms.drafting.handwritten import InWriting, in_writing
from forms.drafting.led import with_leads
from forms.drafting.notes import notes_on
from forms.drafting.parts import PICTURE_DPI, PageParts, Word, inside, middle, parts_of, pictures_of
from forms.drafting.tables import table_questions
from forms.drafting.tick_tables import tick_tables
from forms.drafting.ticking import row_fields
from forms.drafting.wordings import NEITHER
from forms.drafting.writing import beside_labels, cell_fields, combs, line_fields, overlap_much, run_fields
from forms.errors import TemplateError
from forms.geometry import Box, around
from forms.template import Field, Kind, PageSize, Template

_TITLE_LETTERS = 90
_OTHER = "contact:other"
_LEAST_OFFICE, _MOST_OFFICE = 30.0, 0.4
"""Points that a frame for staff is high at the least, and the share of a page that it covers at the most."""
_FIRST_WORDS = 6
_MOST_UNREAD = 0.3
_SAME_LINE = 4.0


@dataclass(frozen=True)
class Proposal:
    """A template proposed from a blank, and what a person should know of it, in sentences."""

    template: Template
    notes: tuple[str, ...]


def draft_template(pdf: bytes, template_id: str, edition: str, title: str | None = None) -> Template:
    """A template proposed from a blank. Raises what `propose` raises."""
    return propose(pdf, template_id, edition, title).template


def propose(pdf: bytes, template_id: str, edition: str, title: str | None = None) -> Proposal:
    """A proposal from a blank. Raises TemplateError if the file cannot be opened, or has nothing to go by or to fill in."""
    try:
        pages = parts_of(pdf)
    except Exception as error:  # pdfplumber and PDFium raise whatever the damage leads to
        if "password" in str(error):
            raise TemplateError("It is locked with a password. Draft from an unlocked copy of the blank.") from error
        raise TemplateError("The file cannot be opened as a PDF.") from error
    if not any(page.words for page in pages):
        raise TemplateError(
            "This PDF has no text of its own, so it is probably a scan. Use the PDF that the form was made as."
        )
    if all(page.unread > _MOST_UNREAD for page in pages if page.words):
        raise TemplateError(
            "The letters of this PDF cannot be read: its fonts do not say which letter each sign is. "
            "Make the PDF again from the file that the form was written in."
        )
    read = [found_on(page) for page in pages]
    found = [one for on_page, _ in read for one in on_page]
    notes = notes_on(pages, found, [written for _, written in read])
    if not found:
        raise TemplateError(" ".join(["Nowhere to write was found on this blank.", *notes]))
    sizes = tuple(PageSize(round(p.width, 3), round(p.height, 3)) for p in pages)
    named = _named(found)
    template = Template(template_id, edition, title or _title(pages), "en-GB", sizes, tuple(named))
    return Proposal(template, tuple(notes))


def fields_on(page: PageParts) -> list[Found]:
    """Everything to read on one page, in the order in which a person reads it: a column of print after the other."""
    return found_on(page)[0]


def found_on(page: PageParts) -> tuple[list[Found], InWriting]:
    """The same, and what is answered in writing on the page, which is not read."""
    found = [one for part in columns_of(page) for one in sorted(_fields_in(part), key=lambda f: f.place)]
    offices = [*(cell for cell in page.cells if _is_for_the_office(page, cell)), *_under_bands_for_the_office(page)]
    theirs = [one for one in found if not any(inside(around(one.boxes.values()), cell) for cell in offices)]
    theirs = [one for one in theirs if one.kind.is_mark or not _is_on_the_offices_line(page, one)]
    written = in_writing(page, theirs)
    return with_leads(page, undenied(page, [one for one in theirs if one not in written.all])), written


def _is_for_the_office(page: PageParts, cell: Box) -> bool:
    """Whether a frame is for staff to fill in: its first words say so. A frame round most of a page is none."""
    wide, high = cell[2] - cell[0], cell[3] - cell[1]
    first = " ".join(text_of(words_in(page, cell)).split()[:_FIRST_WORDS])
    return high >= _LEAST_OFFICE and wide * high < _MOST_OFFICE * page.width * page.height and is_office_use(first)


def _under_bands_for_the_office(page: PageParts) -> list[Box]:
    """The part of a table below a row that says that it is for staff, as far as cells touch and no other row runs across."""
    found = []
    for band in page.cells:
        if not is_office_use(" ".join(text_of(words_in(page, band)).split()[:_FIRST_WORDS])):
            continue
        bottom = band[3]
        for cell in sorted((c for c in page.cells if band[0] - 2 < c[0] and c[2] < band[2] + 2), key=lambda c: c[1]):
            if abs(cell[1] - bottom) < _SAME_LINE and cell[2] - cell[0] > 0.9 * (band[2] - band[0]):
                break
            bottom = max(bottom, cell[3]) if abs(cell[1] - bottom) < _SAME_LINE else bottom
        found += [(band[0], band[1], band[2], bottom)] if bottom > band[3] else []
    return found


def _is_on_the_offices_line(page: PageParts, one: Found) -> bool:
    """Whether a place to write stands on a line of print that begins by saying that it is for staff."""
    label = one.labels.get("text")
    row = on_row(page, middle(label)[1] - _SAME_LINE, middle(label)[1] + _SAME_LINE) if label is not None else []
    return is_office_use(" ".join(w.text for w in row[:_FIRST_WORDS]))


def _fields_in(page: PageParts) -> list[Found]:
    """Everything to read in one column, or on a page that has only one, in no order."""
    questions, used = table_questions(page)
    figures, combed = combs(page, used)
    tabled, boxed = tick_tables(page, used | combed)
    in_rows, theirs = row_fields(page, used | combed | boxed)
    ticks = [*tabled, *in_rows]
    told = _without_marks(page, ticks, theirs)
    written = [*figures, *run_fields(page, told), *line_fields(page, told), *beside_labels(page, questions)]
    taken = {box for one in [*questions, *written, *ticks] for box in one.boxes.values()}
    written += cell_fields(page, told, taken | used)
    return [*questions, *ticks, *_apart(written)]


def _without_marks(page: PageParts, marks: Sequence[Found], spoken: Set[Word]) -> PageParts:
    """The page without the words of marks, but those that ask for something to be written ("Other, please say", "because:")."""
    boxes = [(one.labels["text"], asks_for_another(one.label)) for one in marks if "text" in one.labels]
    asking = {w for w in page.words for box, asks in boxes if asks and inside(w.box, box)}
    theirs = {*spoken, *(w for w in page.words for box, _ in boxes if inside(w.box, box))}
    ends = [w for w in theirs if w.text.endswith(":")]
    asking |= {w for w in theirs for end in ends if abs(w.box[3] - end.box[3]) < _SAME_LINE and w.box[0] <= end.box[0]}
    return replace(page, words=tuple(w for w in page.words if w not in theirs or w in asking))


def _apart(written: Sequence[Found]) -> list[Found]:
    """What is written without the finds that lie on an earlier one."""
    kept: list[Found] = []
    for one in written:
        if not any(overlap_much(one.boxes["area"], other.boxes["area"]) for other in kept):
            kept.append(one)
    return kept


def _named(found: Sequence[Found]) -> list[Field]:
    """The fields with ids that no two share; what is written beside an Other box is called after it.

    Marks are named first. Where several have one name, all are numbered. A third answer is called after its question.
    """
    guesses = {
        n: Guess() if one.doubtful else mark_guess(one.label, one.lead)
        for n, one in enumerate(found)
        if one.kind.is_mark and one.of is None
    }
    mark_bases = {n: guess.id or slug(found[n].label) for n, guess in guesses.items()}
    marks = _numbered(mark_bases, set())
    items = _items({n: guess.item for n, guess in guesses.items() if guess.item is not None})
    thirds = {
        n: f"{marks[found.index(one.of)]}_{NEITHER[said_text(one.label)]}"
        for n, one in enumerate(found)
        if one.of is not None
    }
    marks |= _numbered(thirds, {*marks.values(), *mark_bases.values()})
    taken = {*marks.values(), *mark_bases.values()}
    bases = {n: _written_base(one, found, marks) for n, one in enumerate(found) if n not in marks}
    written = _numbered({n: base if base not in taken else f"{base}_written" for n, base in bases.items()}, taken)
    signatures = sum(one.kind is Kind.SIGNATURE for one in found)
    return [_field(one, (marks | written)[n], items.get(n), alone=signatures == 1) for n, one in enumerate(found)]


def _numbered(names: Mapping[int, str], taken: Set[str]) -> dict[int, str]:
    """The names with a number behind each that stands more than once, so that none is another or in `taken`."""
    count, given, made = Counter(names.values()), Counter[str](), {}
    for n, name in names.items():
        if count[name] == 1 and name not in taken:
            made[n] = name
            continue
        given[name] += 1
        while f"{name}_{given[name]}" in count or f"{name}_{given[name]}" in taken:
            given[name] += 1
        made[n] = f"{name}_{given[name]}"
    return made


def _items(guessed: Mapping[int, str]) -> dict[int, str]:
    """The consents guessed, each once: what two questions seem to ask for is left to a person.

    Two other bodies may be contacted, each with an item of its own.
    """
    count = Counter(guessed.values())
    others = [n for n, item in guessed.items() if item == _OTHER]
    once = {n: item for n, item in guessed.items() if count[item] == 1 and item != _OTHER}
    return once | ({n: f"{_OTHER}_{at}" for at, n in enumerate(others, start=1)} if len(others) <= 2 else {})


def _written_base(one: Found, found: Sequence[Found], marks: Mapping[int, str]) -> str:
    if asks_for_another(one.label):
        for n, name in marks.items():
            mark = found[n]
            if mark.label == one.label and mark.page == one.page and mark.labels.get("text") == one.labels.get("text"):
                return f"{name}_name"
    return written_id(one.label, one.kind)


def _field(one: Found, name: str, item: str | None, *, alone: bool) -> Field:
    """The field in full. `alone`: it would be the only signature, so that it is needed, a young person's too."""
    needed = alone or one.kind is not Kind.SIGNATURE or not (is_young_persons(one.label) or is_staffs(one.label))
    wording = f"{one.lead} {one.label}".strip() if one.kind.is_mark else ""
    short = one.label
    if one.of is not None:
        wording, short = f"{one.label}: {one.lead}", f"{one.label}: {one.of.label}"
    return Field(
        name, one.kind, one.page, one.label, short_of(short), item if wording else None, wording,
        _rounded(one.boxes), _rounded(one.labels), tuple(_round(b) for b in one.comb), needed,
    )  # fmt: skip


def _round(box: Box) -> Box:
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def _rounded(boxes: dict[str, Box]) -> dict[str, Box]:
    return {name: _round(box) for name, box in boxes.items()}


def _title(pages: Sequence[PageParts]) -> str:
    """The line in the largest print on the first page that has any."""
    page = next(page for page in pages if page.words)
    largest = max(w.size for w in page.words)
    words = [w.text for w in page.words if w.size > largest - 0.5]
    return " ".join(words)[:_TITLE_LETTERS]


# Any: JSON.
def as_json(template: Template) -> dict[str, Any]:
    """The template as its data file has it."""
    raw: dict[str, Any] = {"id": template.id, "edition": template.edition, "title": template.title}
    raw["language"] = template.language
    if template.code is not None:
        raw["code"] = template.code
    raw["pages"] = [{"width": p.width, "height": p.height} for p in template.pages]
    raw["fields"] = [_field_json(one) for one in template.fields]
    return raw


def _field_json(one: Field) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "id": one.id, "kind": one.kind.value, "page": one.page, "item": one.item, "label": one.label,
        "short": one.short, "wording": one.wording, "boxes": {n: list(b) for n, b in one.boxes.items()},
        "labels": {n: list(b) for n, b in one.labels.items()},
    }  # fmt: skip
    if not one.needed:
        raw["needed"] = False
    if one.comb:
        raw["comb"] = [list(b) for b in one.comb]
    return raw


def as_text(template: Template) -> str:
    """The data file: one line for each value of a field, so that a person can edit it and a change shows as a change."""
    raw = as_json(template)
    head = {name: value for name, value in raw.items() if name != "fields"}
    lines = [f"  {json.dumps(name)}: {_flat(value)}," for name, value in head.items()]
    fields = [
        "    {\n" + ",\n".join(f"      {json.dumps(n)}: {_flat(v)}" for n, v in one.items()) + "\n    }"
        for one in raw["fields"]
    ]
    return "{\n" + "\n".join(lines) + '\n  "fields": [\n' + ",\n".join(fields) + "\n  ]\n}\n"


def _flat(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_beside(template: Template, pdf: bytes, target: Path) -> list[Path]:
    """Writes the template, its PDF and the pictures of its pages into one folder, as the catalogue finds them.

    `target` is the template's file; the others stand beside it as `ID.EDITION.pdf` and `ID.EDITION-N.png`. A folder that is
    missing is made, for its owner alone: it may be the home, which holds more than forms later.
    """
    for folder in reversed([target.parent, *target.parent.parents]):
        folder.mkdir(mode=0o700, exist_ok=True)
    written = [target]
    target.write_text(as_text(template), "utf-8")
    stem = f"{template.id}.{template.edition}"
    copy = target.parent / f"{stem}.pdf"
    copy.write_bytes(pdf)
    written.append(copy)
    for n, grey in enumerate(pictures_of(pdf), start=1):
        picture = target.parent / f"{stem}-{n}.png"
        out = io.BytesIO()
        Image.fromarray(grey).save(out, "PNG", dpi=(PICTURE_DPI, PICTURE_DPI), optimize=True)
        picture.write_bytes(out.getvalue())
        written.append(picture)
    return written
