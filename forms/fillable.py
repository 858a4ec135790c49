"""Reads typed and fillable PDFs of the known forms from their own form fields and letters, without text recognition.

Only a page that is letter for letter one of our blanks, with something added, is read here. Scans (with or without
recognised text behind them), drawn marks, reflowed layouts and anything hidden are left to the reader of pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forms import answers as rules
from forms.answers import Answer
from forms.catalogue import Catalogue, KnownPage
from forms.dates import Figures, NoDate, Written, figures, read
from forms.digital_page import DigitalPage, Letter, Widget, digital_pages
from forms.geometry import Box, grown, overlap
from forms.marks import Judged, Mark
from forms.results import FieldReading, PageKind, PageReading
from forms.template import Field, Kind

BOXES = frozenset("☐□▢❏❑\uf06f\uf0a8")
TICKS = frozenset("☑☒✓✔✗✘✕✖×xX\uf0fc\uf0fb\uf0fd\uf0fe\uf052\uf054")
"""Letters that tick a box. The last are those of Wingdings, which Word writes as private letters."""
ALL_OF_IT = 0.985
"""Share of the blank's letters that a page must have in their places to be that form and edition."""
NEAR_PT = 1.5
BESIDE_PT = 12.0
SURE = 0.999


@dataclass(frozen=True)
class _Added:
    """What a page has beyond its blank."""

    letters: tuple[Letter, ...]
    missing: tuple[Letter, ...]
    widgets: tuple[Widget, ...]
    pictures: tuple[Box, ...]


def read_digital(data: bytes, catalogue: Catalogue) -> list[PageReading] | None:
    """The readings of a PDF that is one of our forms, typed or filled in on a screen; None for anything else."""
    if not data.startswith(b"%PDF"):
        return None
    pages = digital_pages(data)
    if not pages or any(page.cannot_be_trusted for page in pages):
        return None
    readings = [_read(page, number, catalogue) for number, page in enumerate(pages, start=1)]
    found = [reading for reading in readings if reading is not None]
    if len(found) != len(readings) or all(reading.kind is not PageKind.FORM for reading in found):
        return None
    return found


def _read(page: DigitalPage, number: int, catalogue: Catalogue) -> PageReading | None:
    """One page; None when it is nearly one of our forms, or marked by hand, so that only its picture can tell."""
    if not [letter for letter in page.letters if letter.text.strip()] and not page.drawn and not page.pictures:
        return PageReading(number, PageKind.BLANK, reason="A blank page.")
    best: tuple[int, KnownPage, _Added] | None = None
    for known in catalogue.known_pages():
        printed = _printed(known)
        if printed is None:
            continue
        added = _difference(page, printed)
        lost = len([letter for letter in added.missing if not _may_change(letter)])
        whole = len([letter for letter in printed.letters if not _may_change(letter)])
        if lost <= (1 - ALL_OF_IT) * whole and (best is None or lost < best[0]):
            best = (lost, known, added)
    if best is None:
        return PageReading(number, PageKind.OTHER, reason="This is not one of our forms.")
    _, known, added = best
    printed = _printed(known)
    if printed is None or page.drawn != printed.drawn or any(not letter.visible for letter in added.letters):
        return None
    if known.template is None:
        return PageReading(number, PageKind.POLICY, known.id, known.edition, known.page)
    fields = known.template.on_page(known.page)
    if any(widget.kind == "/Btn" and widget.on and not _box_under(widget, fields) for widget in added.widgets):
        return None
    marked = _marks(fields, added)
    readings = tuple(_field(field, marked.get(field.id) or _written(field, added), added, number) for field in fields)
    return PageReading(
        number, PageKind.FORM, known.id, known.edition, known.page, fields=readings,
        template_sum=known.template.content_sum,
    )  # fmt: skip


def _printed(known: KnownPage) -> DigitalPage | None:
    return _blank_pages(known.pdf)[known.pdf_page - 1] if known.pdf is not None else None


@lru_cache(maxsize=32)
def _blank_pages(pdf: Path) -> tuple[DigitalPage, ...]:
    return tuple(digital_pages(pdf.read_bytes()) or ())


def _may_change(letter: Letter) -> bool:
    """Boxes turn into ticked boxes and writing lines into writing; spaces are nothing to go by."""
    return letter.text in BOXES or letter.text in "_ /" or not letter.text.strip()


def _difference(page: DigitalPage, printed: DigitalPage) -> _Added:
    """Letters that the page has and the blank has not, and the reverse."""
    left: dict[str, list[Letter]] = {}
    for letter in page.letters:
        left.setdefault(letter.text, []).append(letter)
    missing = []
    for letter in printed.letters:
        same = left.get(letter.text, [])
        at = next((n for n, one in enumerate(same) if _together(one, letter)), None)
        if at is None:
            missing.append(letter)
        else:
            del same[at]
    kept = {id(one) for same in left.values() for one in same}
    added = tuple(one for one in page.letters if id(one) in kept and one.text.strip() and one.text != "_")
    return _Added(added, tuple(missing), page.widgets, page.pictures)


def _together(one: Letter, other: Letter) -> bool:
    return abs(one.box[0] - other.box[0]) <= NEAR_PT and abs(one.box[1] - other.box[1]) <= NEAR_PT


def _within(letter: Letter, box: Box) -> bool:
    x, y = letter.middle
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _field(field: Field, answer: Answer, added: _Added, number: int) -> FieldReading:
    return FieldReading(
        id=field.id, kind=field.kind, value=answer.value or None, review=answer.review, confidence=answer.confidence,
        reason=answer.reason, page=number, box=field.box, template_page=field.page,
        evidence={"source": "form fields" if added.widgets else "letters"},
    )  # fmt: skip


def _marks(fields: Sequence[Field], added: _Added) -> dict[str, Answer]:
    """The answers of a page's questions, with the rules between them."""
    answered = {field.id: _marked(field, fields, added) for field in fields if field.kind.is_mark}
    lines = {field.id: field for field in fields if field.kind is Kind.TEXT}
    own = {name: lines[f"{name}{rules.OWN_LINE}"] for name in answered if f"{name}{rules.OWN_LINE}" in lines}
    written = {name: bool(_text_in(line.box, added)) for name, line in own.items()}
    return rules.named(rules.third_answers(answered), written)


def _marked(field: Field, fields: Sequence[Field], added: _Added) -> Answer:
    judged = {name: _box(box, added) for name, box in field.boxes.items()}
    answer = rules.tick(judged["tick"]) if field.kind is Kind.TICK else rules.yes_no(judged["yes"], judged["no"])
    if answer.review or not _beside(field, fields, added):
        return answer
    return Answer(answer.value, True, 0.5, "Something is typed beside this question.")


def _box(box: Box, added: _Added) -> Judged:
    """One box: a button over it, or the letters in it."""
    near = _around_box(box)
    buttons = [one for one in added.widgets if one.kind == "/Btn" and overlap(one.box, box)]
    inside = [letter for letter in added.letters if _within(letter, near)]
    gone = [letter for letter in added.missing if letter.text in BOXES and _within(letter, near)]
    other = [letter for letter in inside if letter.text not in TICKS and letter.text not in BOXES]
    texts = [one for one in added.widgets if one.kind == "/Tx" and one.value.strip() and overlap(one.box, box)]
    typed = [one for one in texts if one.value.strip() not in TICKS]
    covered = any(overlap(picture, near) for picture in added.pictures)
    if other or typed or covered:
        return Judged(Mark.UNSURE, 0.5, "Something other than a tick is in the box.")
    if any(one.on for one in buttons) or any(letter.text in TICKS for letter in inside) or texts:
        return Judged(Mark.MARKED, SURE)
    if gone and not inside:
        return Judged(Mark.UNSURE, 0.5, "The printed box is missing.")
    return Judged(Mark.EMPTY, SURE)


def _around_box(box: Box) -> Box:
    """A typed tick may sit a little off a small box; the cell of a table is the box itself."""
    return box if box[2] - box[0] > 30 else grown(box, 3.0)


def _beside(field: Field, fields: Sequence[Field], added: _Added) -> bool:
    """Whether something stands beside the question that belongs to no box and no writing area."""
    taken = [
        grown(box, 4.0, 6.0) if one.kind in (Kind.TEXT, Kind.DATE, Kind.SIGNATURE) else _around_box(box)
        for one in fields
        for box in one.boxes.values()
    ]
    loose = [letter for letter in added.letters if not any(_within(letter, box) for box in taken)]
    top, bottom = field.box[1] - BESIDE_PT / 2, field.box[3] + BESIDE_PT / 2
    return any(top <= letter.middle[1] <= bottom for letter in loose)


def _box_under(widget: Widget, fields: Sequence[Field]) -> bool:
    boxes = [box for field in fields if field.kind.is_mark for box in field.boxes.values()]
    return sum(overlap(widget.box, box) for box in boxes) == 1


def _written(field: Field, added: _Added) -> Answer:
    text = _text_in(field.box, added)
    match field.kind:
        case Kind.DATE:
            return _date(field, text, added)
        case Kind.SIGNATURE:
            return _signature(field, text, added)
        case _:
            return Answer(text, False, SURE, None)


def _date(field: Field, text: str, added: _Added) -> Answer:
    if not text:
        return Answer("", False, SURE, None)
    parts = ["".join(_text_in(field.boxes[name], added, 1.0).split()) for name in ("day", "month", "year")]
    typed = "/".join(parts) if all(part.isdigit() for part in parts) else text
    match read(typed):
        case Written(day=day):
            found = figures(typed)
            if isinstance(found, Figures) and found.short:
                return Answer(day.isoformat(), True, 0.5, f"The year has two figures. It says “{text}”.")
            return Answer(day.isoformat(), False, SURE, None)
        case NoDate(reason=reason):
            return Answer("", True, 0.0, f"{reason} It says “{text}”.")


def _signature(field: Field, text: str, added: _Added) -> Answer:
    if any(overlap(picture, field.box) for picture in added.pictures):
        return Answer("present", True, 0.7, "A picture stands where the signature goes.")
    if any(one.kind == "/Sig" and one.value and overlap(one.box, field.box) for one in added.widgets):
        return Answer("present", True, 0.7, "The form was signed on a computer. Check the signature.")
    if text:
        return Answer("present", True, 0.7, "A typed name stands where the signature goes.")
    return Answer("absent", False, SURE, None)


def _text_in(box: Box, added: _Added, up: float = 6.0) -> str:
    """What stands in a writing area: the values of text fields over it, then letters line by line."""
    values = [
        one.value.strip()
        for one in added.widgets
        if one.kind == "/Tx" and one.value.strip() and _centred(one.box, grown(box, 2.0, up))
    ]
    inside = [letter for letter in added.letters if _within(letter, grown(box, 2.0, up / 2))]
    lines: list[list[Letter]] = []
    for letter in sorted(inside, key=lambda one: (one.box[3], one.box[0])):
        if lines and abs(lines[-1][0].box[3] - letter.box[3]) < 4:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return " ".join([*values, *(_line(line) for line in lines)])


def _centred(one: Box, box: Box) -> bool:
    return box[0] <= (one[0] + one[2]) / 2 <= box[2] and box[1] <= (one[1] + one[3]) / 2 <= box[3]


def _line(letters: Sequence[Letter]) -> str:
    text, last = "", None
    for letter in sorted(letters, key=lambda one: one.box[0]):
        height = letter.box[3] - letter.box[1]
        if last is not None and letter.box[0] - last.box[2] > 0.15 * height:
            text += " "
        text += letter.text
        last = letter
    return text
