"""A template: one edition of a blank form, with every field's place and the exact wording agreed to.

A template is data, read from a file in `forms/blanks`, and checks itself when it is made. It knows nothing of images.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from forms.errors import TemplateError
from forms.geometry import Box, around


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
    `yes` and `no` beside their boxes, `text` the printed question. `comb` has a box for each figure of a date.
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
            raise TemplateError(f"Template {self.id} {self.edition}: " + "; ".join(faults))

    def field(self, field_id: str) -> Field:
        """The field with this id; KeyError if there is none."""
        for one in self.fields:
            if one.id == field_id:
                return one
        raise KeyError(field_id)

    def on_page(self, number: int) -> tuple[Field, ...]:
        """The fields of one page of the blank, counted from 1, in template order."""
        return tuple(one for one in self.fields if one.page == number)


def template_faults(template: Template) -> list[str]:
    """Everything that is wrong with a template, in words; empty if nothing is."""
    faults: list[str] = []
    if not template.id or not template.edition:
        faults.append("id and edition must not be empty")
    if not template.pages:
        faults.append("it has no pages")
    seen: set[str] = set()
    for one in template.fields:
        if one.id in seen:
            faults.append(f"field {one.id} stands twice")
        seen.add(one.id)
        faults += [f"field {one.id}: {fault}" for fault in _field_faults(template, one)]
    return faults


def _field_faults(template: Template, one: Field) -> list[str]:
    if not 1 <= one.page <= len(template.pages):
        return [f"page {one.page} does not exist"]
    size = template.pages[one.page - 1]
    faults = []
    if set(one.boxes) != one.kind.boxes_wanted:
        faults.append(f"a {one.kind} field needs the boxes {', '.join(sorted(one.kind.boxes_wanted))}")
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
    return faults


def _box(raw: object) -> Box:
    if not isinstance(raw, list) or len(raw) != 4 or not all(isinstance(n, int | float) for n in raw):
        raise TemplateError(f"A box must be four numbers, not {raw!r}")
    left, top, right, bottom = (float(n) for n in raw)
    return (left, top, right, bottom)


# Any: what a JSON file holds before it has been checked.
def template_from_json(raw: Mapping[str, Any]) -> Template:
    """The template that a data file describes. Raises TemplateError saying what is missing or wrong."""
    try:
        pages = tuple(PageSize(float(p["width"]), float(p["height"])) for p in raw["pages"])
        fields = tuple(field_from_json(one) for one in raw["fields"])
        return Template(raw["id"], raw["edition"], raw["title"], raw["language"], pages, fields, raw.get("code"))
    except KeyError as missing:
        raise TemplateError(f"The template does not say its {missing.args[0]}") from missing
    except (TypeError, ValueError) as wrong:
        raise TemplateError(f"The template cannot be understood: {wrong}") from wrong


def field_from_json(raw: Mapping[str, Any]) -> Field:
    """One field of a data file. KeyError, TypeError, ValueError or TemplateError for what is none."""
    return Field(
        id=raw["id"],
        kind=Kind(raw["kind"]),
        page=int(raw["page"]),
        label=raw["label"],
        short=raw["short"],
        item=raw["item"],
        wording=raw["wording"],
        boxes={name: _box(box) for name, box in raw["boxes"].items()},
        labels={name: _box(box) for name, box in raw.get("labels", {}).items()},
        comb=tuple(_box(box) for box in raw.get("comb", [])),
        needed=bool(raw.get("needed", True)),
    )
