"""Prints a form with typst and takes its template from the same print, so that the two cannot differ."""

import io
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import segno
import typst
from numpy.typing import NDArray

from forms.drafting.parts import PICTURE_DPI, pictures_of
from forms.errors import TemplateError
from forms.geometry import MM_PER_INCH, POINTS_PER_INCH, Box, around, overlap
from forms.printing.code import PageCode, encode
from forms.printing.source import ENGLISH, Source, source_of
from forms.template import LEAD, Field, Kind, PageSize, Template

LAYOUT = Path(__file__).with_name("form.typ")
A4 = PageSize(595.276, 841.89)
_MOST_PAGES = 12
_MARGIN = 19 * POINTS_PER_INCH / MM_PER_INCH - 0.5
# A print of the same source is the same file, byte for byte, whenever it is made.
_PRINTED_AT = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())

Spots = Mapping[str, Box]


@dataclass(frozen=True)
class Printed:
    """One print: the PDF, the template of exactly this print, and the words that the language's table lacks."""

    pdf: bytes
    template: Template
    missing: tuple[str, ...]


def edition_name(edition: str, language: str, *, large: bool) -> str:
    """How a print is called among the templates: `2026`, `2026-large`, `2026-cy`, `2026-cy-large`."""
    return edition + ("" if language == ENGLISH else f"-{language}") + ("-large" if large else "")


def print_form(form_id: str, language: str = ENGLISH, *, large: bool = False) -> Printed:
    """A form printed in a language, in ordinary or large (18 point) print. Raises TemplateError if there is no such form."""
    return print_source(source_of(form_id, language), large=large)


def print_source(source: Source, *, large: bool) -> Printed:
    """Prints what a source says."""
    inputs = {"form": json.dumps(_for_layout(source, large=large))}
    layout = LAYOUT.read_bytes()
    pdf = bytes(typst.compile(layout, format="pdf", sys_inputs=inputs, timestamp=_PRINTED_AT, pdf_standards=["ua-1"]))
    marks = json.loads(typst.query(layout, "<spot>", field="value", sys_inputs=inputs))
    return Printed(pdf, _template(source, marks, pictures_of(pdf), large=large), source.missing)


def _code(source: Source, page: int, *, large: bool) -> PageCode:
    return PageCode(source.number, source.edition_number, source.language, large, page)


# Any: what becomes JSON.
def _for_layout(source: Source, *, large: bool) -> dict[str, Any]:
    codes = [encode(_code(source, page, large=large)) for page in range(1, _MOST_PAGES + 1)]
    language, _, region = source.language.partition("-")
    blocks = [
        {**one, "fields": [{"type": "text", **f} for f in one["fields"]]} if "fields" in one else one
        for one in source.blocks
    ]
    return {
        "title": source.title, "service": source.service, "edition": source.edition, "warning": source.warning,
        "lang": language, "region": region or "GB", "large": large, "words": dict(source.words), "blocks": blocks,
        "codes": [{"text": text, "svg": _qr(text)} for text in codes],
    }  # fmt: skip


def _qr(text: str) -> str:
    """A version-1 QR code without a white border: the layout leaves more than the four modules that it needs."""
    made = segno.make(text, version=1, error="h", micro=False, boost_error=False)
    out = io.BytesIO()
    made.save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def _template(
    source: Source, marks: list[dict[str, Any]], pictures: list[NDArray[np.uint8]], *, large: bool
) -> Template:
    places: dict[str, dict[str, Box]] = defaultdict(dict)
    pages: dict[str, int] = {}
    for one in marks:
        left, top = round(one["x"], 2), round(one["y"], 2)
        box = (left, top, round(left + one["w"], 2), round(top + one["h"], 2))
        is_label = one["name"].startswith("label ")
        places[one["field"]][one["name"]] = to_its_ink(box, pictures[one["page"] - 1]) if is_label else box
        pages[one["field"]] = one["page"]
        if is_label and box[2] > A4.width - _MARGIN:
            raise TemplateError(f"The words at {one['field']} are too long for their place. Use fewer.")
    fields: list[Field] = []
    for block in source.blocks:
        for raw in block.get("fields", []):
            if "lead" in block:  # printed once, over all of them
                places[raw["id"]] |= _led_in(places, block["fields"][0]["id"])
            fields.append(_field(block, raw, places[raw["id"]], pages[raw["id"]]))
            _refuse_words_over_boxes(raw["id"], places[raw["id"]])
            name = f"{raw['id']}_name"
            if name in places:
                fields.append(_name_of(raw, places[name], places[raw["id"]]["label text"], pages[name]))
    count = max(pages.values())
    edition = edition_name(source.edition, source.language, large=large)
    code = _code(source, 1, large=large).print
    title = f"{source.title}, {source.service}"
    return Template(source.id, edition, title, source.language, (A4,) * count, tuple(fields), code)


def _led_in(places: Mapping[str, Spots], first: str) -> Spots:
    """The place of the words that lead in a block, which the print keeps with its first field."""
    return {name: place for name, place in places[first].items() if name == f"label {LEAD}"}


def _refuse_words_over_boxes(field_id: str, spots: Spots) -> None:
    for name, label in spots.items():
        if name.startswith("label ") and any(overlap(label, b) for n, b in spots.items() if not n.startswith("label ")):
            raise TemplateError(f"The words at {field_id} run into a box. Use fewer.")


def to_its_ink(box: Box, picture: NDArray[np.uint8]) -> Box:
    """A label as wide as its longest line. The layout knows only the column, and an empty end could not be found on a scan."""
    left, top, right, bottom = (round(value * PICTURE_DPI / POINTS_PER_INCH) for value in box)
    inked = np.flatnonzero((picture[top:bottom, left:right] < 128).any(axis=0))
    if inked.size == 0:
        return box
    ends = (left + int(inked[0]), left + int(inked[-1]) + 1)
    return (
        round(ends[0] * POINTS_PER_INCH / PICTURE_DPI, 2),
        box[1],
        round(ends[1] * POINTS_PER_INCH / PICTURE_DPI, 2),
        box[3],
    )


def _field(block: Mapping[str, Any], raw: Mapping[str, Any], spots: Spots, page: int) -> Field:
    kind = _kind(block["kind"], raw)
    comb = tuple(spots[f"comb{n}"] for n in range(8)) if kind is Kind.DATE else ()
    if comb:
        boxes = {"area": around(comb), "day": around(comb[:2]), "month": around(comb[2:4]), "year": around(comb[4:])}
    else:
        boxes = {name: spots[name] for name in ("yes", "no", "tick", "area") if name in kind.boxes_wanted}
    labels = {name: spots[f"label {name}"] for name in ("yes", "no", "text", LEAD) if f"label {name}" in spots}
    wording = f"{block.get('lead', '')} {raw['label']}".strip() if kind.is_mark else ""
    return Field(
        raw["id"], kind, page, raw["label"], raw["short"], raw.get("item"), wording, boxes, labels, comb,
        bool(raw.get("needed", True)),
    )  # fmt: skip


def _name_of(raw: Mapping[str, Any], spots: Spots, label: Box, page: int) -> Field:
    """What is written beside an Other box."""
    return Field(
        f"{raw['id']}_name", Kind.TEXT, page, raw["label"], raw["name_short"], None, "", {"area": spots["area"]},
        {"text": label},
    )  # fmt: skip


def _kind(block: str, raw: Mapping[str, Any]) -> Kind:
    match block:
        case "questions":
            return Kind.YES_NO
        case "ticks" | "others":
            return Kind.TICK
        case _:
            return Kind(raw.get("type", "text"))
