"""Prints answer sheets, and makes the questions that are kept of them: one print of all, cut into rows.

`script/print-forms` writes the kept ones again; the reader puts a sheet's blank together from them (`forms/again_blank.py`).
"""

import io
import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

import segno
import typst

from forms import again
from forms.again import About, Frame, Placed, Row
from forms.geometry import Box, around
from forms.printing.again_code import encode
from forms.printing.sheets import file_name
from forms.printing.source import SOURCES, source_of
from forms.template import Field, Kind

LAYOUT = Path(__file__).with_name("again.typ")
FRAMES = {False: (58.0, 30.0, 277.0), True: (80.0, 34.0, 277.0)}
"""Where rows stand, by size (large or not), in millimetres: on the first page from, on later ones from, down to."""
WORDS = {"yes": "Yes", "no": "No", "continued": "continued", "figures": "DDMMYYYY"}
FOLDER = again.KEPT.name
ANY_FILE = 1
_MM = 200 / 25.4  # pixels
_TITLED = "#set document(title: json(bytes(sys.inputs.sheet)).title)\n"
# A print of the same questions is the same file, byte for byte, whenever it is made.
_PRINTED_AT = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
_END = (
    ("parent_name", Kind.TEXT, "Your name", "Name of who signed"),
    ("signature", Kind.SIGNATURE, "Your signature", "Signature"),
    ("signed_on", Kind.DATE, "Date", "Date signed"),
)

# Any: what becomes JSON.
Raw = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """What the pages are printed from: typst source that may follow another document, and the input `sheet` that it reads."""

    source: bytes
    data: str


def sheet_for(about: About) -> Sheet:
    """The sheet of these questions. KeyError for a question that no sheet asks."""
    placed = again.laid(about)
    return _sheet(about, placed)


def print_sheet(about: About) -> bytes:
    """The sheet by itself, as a tagged PDF."""
    made = sheet_for(about)
    return bytes(
        typst.compile(
            _TITLED.encode() + made.source, format="pdf", sys_inputs={"sheet": made.data}, timestamp=_PRINTED_AT,
            pdf_standards=["ua-1"],
        )
    )  # fmt: skip


def _sheet(about: About, placed: Sequence[Placed]) -> Sheet:
    count = placed[-1].page
    pages = []
    for n in range(1, count + 1):
        code, out = encode(about.code(n)), io.BytesIO()
        made = segno.make(code, version=2, error="h", micro=False, boost_error=False)
        made.save(out, kind="svg", border=0, xmldecl=False)
        rows = [{**_printed(one.row), "y": one.top * again.PX} for one in placed if one.page == n]
        # In 18 point the longest number of a file must still leave room for the code beside it.
        foot = f"{'Reference' if about.large else 'Our reference'}: {file_name(about.file)} · Sheet {n} of {count}"
        pages.append({"code": code, "svg": out.getvalue().decode(), "rows": rows, "foot": foot})
    return Sheet(LAYOUT.read_bytes(), json.dumps(_data(about.large) | {"pages": pages}))


def _data(large: bool) -> Raw:
    words = tomllib.loads((SOURCES / "again.toml").read_text("utf-8"))
    return {
        "large": large, "lang": "en", "region": "GB", "title": again.TITLE, "intro": words["intro"], "words": WORDS,
        "pages": [], "measure": [],
    }  # fmt: skip


def _printed(row: Row) -> Raw:
    if not again.is_question(row.question):
        fields = [{"id": f.id, "type": f.kind.value, "label": f.label} for f in row.fields]
        return {"id": "end", "kind": "end", "fields": fields}
    one, *beside = row.fields
    return {"id": one.id, "kind": "question", "label": one.label, "who": beside[0].label if beside else ""}


# What is kept.


def write_kept(folder: Path = again.KEPT) -> list[Path]:
    """Prints every question in both sizes and keeps each with its boxes. The same sources give the same files, byte for byte."""
    from PIL import Image  # the desk prints sheets, and needs no pictures for that

    from forms.drafting.parts import PICTURE_DPI, pictures_of

    folder.mkdir(exist_ok=True)
    written = []
    for large in (False, True):
        rows, frame = _rows(large), Frame(*(round(mm * _MM) for mm in FRAMES[large]))
        about = About(again.EDITION, large, ANY_FILE, (1 << len(rows) - 1) - 1)
        placed = again.lay(rows[:-1], rows[-1], frame)
        made = _sheet(about, placed)
        source, inputs = _TITLED.encode() + made.source, {"sheet": made.data}
        pictures = pictures_of(bytes(typst.compile(source, format="pdf", sys_inputs=inputs, timestamp=_PRINTED_AT)))
        spots = json.loads(typst.query(source, "<spot>", field="value", sys_inputs=inputs))
        kept = [_with_boxes(one, spots, pictures) for one in placed]
        name = again.size_of(large)
        for n, picture in enumerate(pictures, start=1):
            path = folder / f"{name}-{n}.png"
            Image.fromarray(picture).save(path, "PNG", dpi=(PICTURE_DPI, PICTURE_DPI), optimize=True)
            written.append(path)
        path = folder / f"{name}.json"
        path.write_text(
            json.dumps({"frame": vars(frame), "rows": [_as_json(row) for row in kept]}, indent=1) + "\n", "utf-8"
        )
        written.append(path)
    return written


def _rows(large: bool) -> list[Row]:
    """Every row with its height and without its boxes, the last one for name and signature."""
    raw = tomllib.loads((SOURCES / "again.toml").read_text("utf-8"))
    rows = [
        _row(form, block, field, raw)
        for form in raw["forms"]
        for block in source_of(form).blocks
        for field in block.get("fields", [])
        if (field.get("item") or "paper:").partition(":")[0] != "paper"
    ]
    end = tuple(Field(id, kind, 1, label, short, None, "", {}) for id, kind, label, short in _END)
    rows.append(Row("", "", end, 0))
    data = _data(large) | {"measure": [_printed(row) for row in rows]}
    found = typst.query(
        _TITLED.encode() + LAYOUT.read_bytes(), "<row>", field="value", sys_inputs={"sheet": json.dumps(data)}
    )
    heights = {one["id"]: ceil(one["h"] / again.PX) for one in json.loads(found)}
    return [replace(row, height=heights[_printed(row)["id"]]) for row in rows]


def _row(form: str, block: Mapping[str, Any], raw: Mapping[str, Any], table: Mapping[str, Any]) -> Row:
    words = table["questions"].get(raw["id"]) or f"{block.get('lead', '')} {raw['label']}".strip()
    one = Field(raw["id"], Kind.YES_NO, 1, words, raw["short"], raw["item"], words, {})
    if block["kind"] != "others":
        return Row(form, raw["item"], (one,), 0)
    who = Field(f"{raw['id']}_name", Kind.TEXT, 1, table["who"], raw["name_short"], None, "", {})
    return Row(form, raw["item"], (one, who), 0)


def _with_boxes(placed: Placed, spots: Sequence[Raw], pictures: Sequence[Any]) -> Row:
    from forms.printing.press import to_its_ink

    up, places = placed.top * again.PX, defaultdict[str, dict[str, Box]](dict)
    for one in spots:
        box = (one["x"], one["y"], one["x"] + one["w"], one["y"] + one["h"])
        if one["name"].startswith("label "):
            box = to_its_ink(box, pictures[one["page"] - 1])
        left, top, right, bottom = box
        places[one["field"]][one["name"]] = (round(left, 2), round(top - up, 2), round(right, 2), round(bottom - up, 2))
    fields = tuple(_boxed(field, places[field.id]) for field in placed.row.fields)
    return replace(placed.row, fields=fields, page=placed.page, top=placed.top)


def _boxed(field: Field, spots: Mapping[str, Box]) -> Field:
    comb = tuple(spots[f"comb{n}"] for n in range(8)) if field.kind is Kind.DATE else ()
    if comb:
        boxes = {"area": around(comb), "day": around(comb[:2]), "month": around(comb[2:4]), "year": around(comb[4:])}
    else:
        boxes = {name: spots[name] for name in ("yes", "no", "area") if name in spots}
    labels = {name: spots[f"label {name}"] for name in ("yes", "no", "text") if f"label {name}" in spots}
    return replace(field, boxes=boxes, labels=labels, comb=comb)


def _as_json(row: Row) -> Raw:
    fields = [
        {
            "id": f.id, "kind": f.kind.value, "page": 1, "item": f.item, "label": f.label, "short": f.short, "wording": f.wording,
            "boxes": f.boxes, "labels": f.labels, "comb": f.comb,
        }
        for f in row.fields
    ]  # fmt: skip
    return {
        "form": row.form,
        "item": row.item,
        "height": row.height,
        "page": row.page,
        "top": row.top,
        "fields": fields,
    }
