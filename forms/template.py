"""A template: one edition of a blank form, with every field's place and the exact wording agreed to.

A template is data, read from a file in `forms/blanks`, and checks itself when it is made. It knows nothing of images. Pure.
"""

import hashlib
import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Any

from forms.errors import TemplateError
from forms.geometry import Box, around

FIELD_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
"""What a field may be called: the locked-in reader hands over nothing under another name."""
LONGEST_NAME = 80
NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
"""What a template or an edition may be called in a file: the names of its pictures are made of them, and no disc takes 256 letters."""
MOST_PAGES, MOST_ON_A_PAGE = 100, 200
"""More pages, or more fields on one, the locked-in reader may not hand over either."""
LEAD = "lead"
LABELS = ("text", "yes", "no", LEAD)
"""Whose printed places a field may give; of words in several lines the further ones, too."""
FURTHER_LINE = re.compile(r"(?:text|lead)_[2-9]")
"""How further lines are called: `lead_2` and on of the words that lead in, `text_2` and on of the question's own."""


def is_looked_for_only(label: str) -> bool:
    """Whether the words of a label are looked for on a copy, and count for nothing else: not as the place of a question, nor in its picture."""
    return label == LEAD or FURTHER_LINE.fullmatch(label) is not None


class Kind(StrEnum):
    """What a field asks for, which decides how it is read."""

    YES_NO = "yes_no"
    TICK = "tick"
    TEXT = "text"
    DATE = "date"
    SIGNATURE = "signature"

    @property
    def is_mark(self) -> bool:
        """Read by its ink alone, without text recognition."""
        return self in (Kind.YES_NO, Kind.TICK)

    @property
    def boxes_wanted(self) -> frozenset[str]:
        """The names of the boxes that a field of this kind must have."""
        match self:
            case Kind.YES_NO:
                return frozenset({"yes", "no"})
            case Kind.TICK:
                return frozenset({"tick"})
            case Kind.DATE:
                return frozenset({"area", "day", "month", "year"})
            case Kind.TEXT | Kind.SIGNATURE:
                return frozenset({"area"})


@dataclass(frozen=True)
class PageSize:
    """Width and height of one page of the blank, in points."""

    width: float
    height: float


@dataclass(frozen=True)
class Field:
    """One thing to read. Boxes are left, top, right, bottom in points on the blank page.

    `label` is what is printed; `short` the question in the desk's words; `wording` exactly what a person who
    marks it agrees to; `item` the consent item that it answers, if any. `labels` holds the places of printed words:
    `yes` and `no` beside their boxes, `text` the printed question, `lead` the line or the head of a column that leads in,
    `lead_2`, `text_2` and so on further lines of either. `comb` has a box for each figure of a date.
    `needed` is false for a signature that a form may lack, because another person may sign instead.
    """

    id: str
    kind: Kind
    page: int
    label: str
    short: str
    item: str | None
    wording: str
    boxes: Mapping[str, Box]
    labels: Mapping[str, Box] = field(default_factory=dict)
    comb: tuple[Box, ...] = ()
    needed: bool = True

    @property
    def own_labels(self) -> dict[str, Box]:
        """The places of its own printed words: not of those that lead in, which stand over other questions too, nor of further lines."""
        return {name: box for name, box in self.labels.items() if not is_looked_for_only(name)}

    @property
    def looked_for_only(self) -> dict[str, Box]:
        """The places of the other printed words, by which a copy that says another thing is told."""
        return {name: box for name, box in self.labels.items() if is_looked_for_only(name)}

    @property
    def box(self) -> Box:
        """The rectangle that stands for the field: its writing area, or all of its mark boxes."""
        return self.boxes["area"] if "area" in self.boxes else around(self.boxes.values())


@dataclass(frozen=True)
class Template:
    """One edition of a form. Raises TemplateError if it contradicts itself.

    `code` is what the page codes of a form that we print begin with (`forms/printing/code.py`); None for other forms.
    """

    id: str
    edition: str
    title: str
    language: str
    pages: tuple[PageSize, ...]
    fields: tuple[Field, ...]
    code: str | None = None

    def __post_init__(self) -> None:
        faults = template_faults(self)
        if faults:
            raise TemplateError("; ".join(faults))

    def field(self, field_id: str) -> Field:
        """The field with this id; KeyError if there is none."""
        for one in self.fields:
            if one.id == field_id:
                return one
        raise KeyError(field_id)

    def on_page(self, number: int) -> tuple[Field, ...]:
        """The fields of one page of the blank, counted from 1, in template order."""
        return tuple(one for one in self.fields if one.page == number)

    @cached_property
    def content_sum(self) -> str:
        """16 hex digits over all that it says but the title, so that another text of the same edition is told from this one.

        Of what was understood, not of the file: spacing, the order of words in { } and `12` for `12.0` count for nothing. The order of
        the fields counts: of two that ask for one consent the first decides. Where the words stand that lead in does not, nor where
        further lines do: they are only looked for on a copy, and what waits may have been read before they were.
        """
        told = {name: value for name, value in asdict(self).items() if name != "title"}
        for each in told["fields"]:
            each["labels"] = {name: box for name, box in each["labels"].items() if not is_looked_for_only(name)}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def template_faults(template: Template) -> list[str]:
    """Everything that is wrong with a template, in words; empty if nothing is."""
    faults: list[str] = []
    if not template.id or not template.edition:
        faults.append("id and edition must not be empty")
    if not template.pages:
        faults.append("it has no pages")
    if len(template.pages) > MOST_PAGES:
        faults.append(f"it has more than {MOST_PAGES} pages")
    for number, size in enumerate(template.pages, start=1):
        if len(template.on_page(number)) > MOST_ON_A_PAGE:
            faults.append(f"page {number} has more than {MOST_ON_A_PAGE} fields")
        if not (0 < size.width < math.inf and 0 < size.height < math.inf):
            faults.append(f"page {number} has no size")
    seen: set[str] = set()
    for one in template.fields:
        if one.id in seen:
            faults.append(f"field {one.id} stands twice")
        seen.add(one.id)
        if not FIELD_ID.fullmatch(one.id):
            faults.append(
                f"field {one.id}: an id begins with a small letter and has small letters, figures and _ only, 80 at most"
            )
        faults += [f"field {one.id}: {fault}" for fault in _field_faults(template, one)]
    return faults


def _field_faults(template: Template, one: Field) -> list[str]:
    if not 1 <= one.page <= len(template.pages):
        return [f"page {one.page} does not exist"]
    size = template.pages[one.page - 1]
    faults = []
    if set(one.boxes) != one.kind.boxes_wanted:
        wanted, has = (", ".join(sorted(names)) for names in (one.kind.boxes_wanted, one.boxes))
        faults.append(f"a {one.kind} field needs the boxes {wanted}, and has {has or 'none'}")
    if one.item is not None and not one.wording:
        faults.append("a consent needs the wording that is agreed to")
    named = [*one.boxes.items(), *(("label " + n, b) for n, b in one.labels.items())]
    named += [(f"comb {n}", b) for n, b in enumerate(one.comb, start=1)]
    for name, (left, top, right, bottom) in named:
        if not (left < right and top < bottom):
            faults.append(f"box {name} has no area")
        elif left < 0 or top < 0 or right > size.width or bottom > size.height:
            faults.append(f"box {name} is not inside page {one.page}")
    if one.comb and len(one.comb) != 8:
        faults.append("a date in figure boxes needs eight of them")
    strange = [name for name in one.labels if name not in LABELS and not is_looked_for_only(name)]
    if strange:
        faults.append(f"labels may be {_listed(LABELS)}, not {', '.join(strange)}")
    return faults


def _listed(words: Collection[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


_TEMPLATE_SAYS = ("id", "edition", "title", "language", "pages", "fields", "code")
_FIELD_SAYS = ("id", "kind", "page", "label", "short", "item", "wording", "boxes", "labels", "comb", "needed")


# Any: what a JSON file holds before it has been checked.
def template_from_json(raw: Mapping[str, Any]) -> Template:
    """The template that a data file describes. Raises TemplateError saying what is missing or wrong."""
    try:
        _only(raw, _TEMPLATE_SAYS, "the template")
        for name in ("id", "edition", "title", "language"):
            _text(raw, name, "the template")
        for name in ("id", "edition"):
            if raw[name] and not NAME.fullmatch(raw[name]):
                raise TemplateError(
                    f"the {name} of the template has letters, figures and hyphens only, {LONGEST_NAME} at most"
                )
        code = raw.get("code")
        if code is not None:
            _text(raw, "code", "the template")
        pages = tuple(_page(one, number) for number, one in enumerate(_list(raw, "pages", "the template"), start=1))
        fields = tuple(
            field_from_json(one, f"field number {n}") for n, one in enumerate(_list(raw, "fields", "the template"), 1)
        )
        return Template(raw["id"], raw["edition"], raw["title"], raw["language"], pages, fields, code)
    except KeyError as missing:
        raise TemplateError(f"the template does not say its {missing.args[0]}") from missing
    except (AttributeError, TypeError, ValueError) as wrong:
        raise TemplateError(f"the template cannot be understood: {wrong}") from wrong


def field_from_json(raw: Mapping[str, Any], called: str = "a field") -> Field:
    """One field of a data file. Raises TemplateError that names the field, by `called` where it has no id."""
    if not isinstance(raw, Mapping):
        raise TemplateError(f"{called} must stand in {{ }}")
    if isinstance(raw.get("id"), str) and raw["id"]:
        called = f"field {raw['id']}"
    _only(raw, _FIELD_SAYS, called)
    try:
        for name in ("id", "label", "short", "wording"):
            _text(raw, name, called)
        if raw["item"] is not None:
            _text(raw, "item", called)
        if raw["kind"] not in tuple(Kind):
            raise TemplateError(f"{called}: kind may be {_listed(tuple(Kind))}, not {raw['kind']}")
        if type(raw["page"]) is not int:
            raise TemplateError(f"{called}: page must be a whole number, from 1")
        if type(raw.get("needed", True)) is not bool:
            raise TemplateError(f"{called}: needed must be true or false, without quotation marks")
        return Field(
            id=raw["id"],
            kind=Kind(raw["kind"]),
            page=raw["page"],
            label=raw["label"],
            short=raw["short"],
            item=raw["item"],
            wording=raw["wording"],
            boxes=_boxes(raw["boxes"], "boxes", called),
            labels=_boxes(raw.get("labels", {}), "labels", called),
            comb=tuple(_box(box, f"{called}: a box of comb") for box in _list(raw, "comb", called, needed=False)),
            needed=raw.get("needed", True),
        )
    except KeyError as missing:
        raise TemplateError(f"{called} does not say its {missing.args[0]}") from missing


def _only(raw: Mapping[str, Any], known: Collection[str], called: str) -> None:
    """A misspelt word would be passed over, and what it was to say would not count."""
    if not isinstance(raw, Mapping):
        raise TemplateError(f"{called} must stand in {{ }}")
    for name in raw:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise TemplateError(
                f"{called}: “{name}” is no word of a template{f' (perhaps “{near[0]}”)' if near else ''}"
            )


def _text(raw: Mapping[str, Any], name: str, called: str) -> None:
    if not isinstance(raw[name], str):
        raise TemplateError(f"{called}: {name} must be words in quotation marks")


def _list(raw: Mapping[str, Any], name: str, called: str, *, needed: bool = True) -> list[Any]:
    found = raw[name] if needed else raw.get(name, [])
    if not isinstance(found, list):
        raise TemplateError(f"{called}: {name} must be a list in [ ]")
    return found


def _page(raw: Mapping[str, Any], number: int) -> PageSize:
    called = f"page {number} of the template"
    _only(raw, ("width", "height"), called)
    for name in ("width", "height"):
        if name not in raw:
            raise TemplateError(f"{called} does not say its {name}")
        if type(raw[name]) not in (int, float):
            raise TemplateError(f"{called}: {name} must be a number, in points")
    return PageSize(_real(raw["width"], called), _real(raw["height"], called))


def _real(raw: int | float, called: str) -> float:
    try:
        return float(raw)
    except OverflowError as error:
        raise TemplateError(f"{called}: a number is too large to be one of points") from error


def _boxes(raw: object, name: str, called: str) -> dict[str, Box]:
    if not isinstance(raw, Mapping):
        raise TemplateError(f"{called}: {name} must stand in {{ }}")
    return {one: _box(box, f"{called}: {one} of {name}") for one, box in raw.items()}


def _box(raw: object, called: str) -> Box:
    if not isinstance(raw, list) or len(raw) != 4 or not all(type(n) in (int, float) for n in raw):
        raise TemplateError(f"{called} must be four numbers: left, top, right, bottom")
    left, top, right, bottom = (_real(n, called) for n in raw)
    return (left, top, right, bottom)
