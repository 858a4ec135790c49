"""Puts fields to fill in on a screen into a PDF of our own press. Runs only inside the sandbox, as whatever opens a PDF does.

Each field is also entered in the structure by which a screen reader goes through the document, with the words that stand above it.
"""

import io
from typing import Any

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

_LINES = 1 << 12
_PRINTED = 4
_TYPE = "/Helv {size} Tf 0 g"
_LARGEST = 40


def with_fields(data: bytes, fields: list[Any], size: int) -> bytes:
    """The PDF with these fields for text, in the order given: page (from 0), name, label, box in points from the lower left, many lines.

    Raises ValueError for a PDF without structure, or too many fields.
    """
    writer = PdfWriter(clone_from=io.BytesIO(data))
    tree = writer.root_object.get("/StructTreeRoot")
    if tree is None or len(fields) > _LARGEST:
        raise ValueError("no structure, or too many fields")
    made = ArrayObject()
    for page, name, label, box, lines in fields:
        on = writer.pages[page]
        drawn = _widget(on, name, label, box, size, lines=bool(lines))
        widget = writer._add_object(drawn)
        on[NameObject("/Annots")] = ArrayObject([*on.get("/Annots", ()), widget])
        on[NameObject("/Tabs")] = NameObject("/S")
        drawn[NameObject("/StructParent")] = NumberObject(_enter(writer, tree.get_object(), on, widget, label))
        made.append(widget)
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({
        NameObject("/Fields"): made, NameObject("/NeedAppearances"): BooleanObject(True),
        NameObject("/DA"): TextStringObject(_TYPE.format(size=size)), NameObject("/DR"): _resources(),
    })  # fmt: skip
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _widget(
    page: PageObject, name: str, label: str, box: list[float], size: int, *, lines: bool
) -> DictionaryObject:  # fmt: skip
    return DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject(name), NameObject("/TU"): TextStringObject(label),
        NameObject("/Rect"): ArrayObject(FloatObject(each) for each in box), NameObject("/F"): NumberObject(_PRINTED),
        NameObject("/Ff"): NumberObject(_LINES if lines else 0), NameObject("/DA"): TextStringObject(_TYPE.format(size=size)),
        NameObject("/P"): page.indirect_reference or page,
    })  # fmt: skip


def _enter(
    writer: PdfWriter, tree: Any, page: PageObject, widget: IndirectObject, label: str
) -> int:  # fmt: skip
    """A structure element for the field; returns the number by which the field names it."""
    top = tree["/K"] if isinstance(tree["/K"], ArrayObject) else ArrayObject([tree.raw_get("/K")])
    parent = top[0].get_object()
    at = page.indirect_reference or page
    element = writer._add_object(
        DictionaryObject({
            NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject("/Form"), NameObject("/Pg"): at,
            NameObject("/P"): parent.indirect_reference or parent, NameObject("/Alt"): TextStringObject(label),
            NameObject("/K"): DictionaryObject({
                NameObject("/Type"): NameObject("/OBJR"), NameObject("/Obj"): widget, NameObject("/Pg"): at,
            }),
        })
    )  # fmt: skip
    kids = parent.get("/K", ArrayObject())
    kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
    parent[NameObject("/K")] = ArrayObject([*(kids if isinstance(kids, ArrayObject) else [kids]), element])
    number = int(tree.get("/ParentTreeNextKey", 0))
    tree[NameObject("/ParentTreeNextKey")] = NumberObject(number + 1)
    numbers = tree["/ParentTree"].get_object()
    mine = ArrayObject([NumberObject(number), element])
    if "/Kids" in numbers:
        numbers[NameObject("/Kids")] = ArrayObject([*numbers["/Kids"], DictionaryObject({
            NameObject("/Limits"): ArrayObject([NumberObject(number)] * 2), NameObject("/Nums"): mine,
        })])  # fmt: skip
    else:
        numbers[NameObject("/Nums")] = ArrayObject([*numbers.get("/Nums", ()), *mine])
    return number


def _resources() -> DictionaryObject:
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"), NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
    })  # fmt: skip
    return DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/Helv"): font})})
