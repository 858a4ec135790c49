"""Sheets to lay between papers, and the receipt of a batch: tagged PDFs by typst. Nothing personal is ever printed on them."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import segno
import typst

from forms.printing.sheet_code import SheetCode, encode

SHEET = Path(__file__).with_name("sheet.typ")
RECEIPT = Path(__file__).with_name("receipt.typ")
MOST_SHEETS = 200
BEHIND = ("Consent form", "Letter", "Report", "Something else")
# A print of the same content is the same file, byte for byte, whenever it is made.
_PRINTED_AT = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class ReceiptLine:
    """One item on a receipt. `pages` in words, because they may not be known."""

    number: int
    pages: str
    where: str


@dataclass(frozen=True)
class Receipt:
    """What a batch receipt says, all in words that are ready to print."""

    title: str
    facts: tuple[str, ...]
    verdict: str
    places: tuple[tuple[str, int], ...]
    total: int
    items: tuple[ReceiptLine, ...]
    footer: str


def separators(count: int) -> bytes:
    """A PDF of separator sheets, all alike. Raises ValueError for no sheets or more than MOST_SHEETS."""
    _check(count)
    one = {
        "title": "New item starts",
        "line": "Lay this sheet in front of each new letter, report or form.",
        "code": _code(SheetCode(None)),
        "question": "", "boxes": [],
        "notes": [
            "The computer begins a new item at this sheet. The sheet itself is not kept as a document.",
            "Use it again and again. Do not write on it.",
        ],
    }  # fmt: skip
    return _print(SHEET, {"title": "Separator sheets", "sheets": [one] * count})


def covers(files: Sequence[int]) -> bytes:
    """A PDF of cover sheets, one for each file number. Raises ValueError for no sheets or more than MOST_SHEETS."""
    _check(len(files))
    sheets = [
        {
            "title": f"File {file_name(number)}",
            "line": "Lay this sheet in front of papers for this file.",
            "code": _code(SheetCode(number)),
            "question": "What is behind this sheet?",
            "boxes": list(BEHIND),
            "notes": ["The computer offers this file for the papers. A person still says that it is the right one."],
        }
        for number in files
    ]
    return _print(SHEET, {"title": "Cover sheets", "sheets": sheets})


def receipt(made: Receipt) -> bytes:
    """The receipt of a batch as a PDF."""
    data = {
        "title": made.title, "facts": made.facts, "verdict": made.verdict, "places": made.places, "total": made.total,
        "items": [{"number": one.number, "pages": one.pages, "where": one.where} for one in made.items],
        "footer": made.footer,
    }  # fmt: skip
    return _print(RECEIPT, data)


def file_name(number: int) -> str:
    """How a file number is written: `PC-0042`."""
    return f"PC-{number:04d}"


def _check(count: int) -> None:
    if not 1 <= count <= MOST_SHEETS:
        raise ValueError(f"ask for 1 to {MOST_SHEETS} sheets")


def _code(sheet: SheetCode) -> dict[str, str]:
    text, out = encode(sheet), io.BytesIO()
    segno.make(text, version=1, error="h", micro=False, boost_error=False).save(
        out, kind="svg", border=4, xmldecl=False
    )
    return {"text": text, "svg": out.getvalue().decode()}


def _print(layout: Path, data: dict[str, object]) -> bytes:
    made = typst.compile(
        layout.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data)}, timestamp=_PRINTED_AT,
        pdf_standards=["ua-1"],
    )  # fmt: skip
    return bytes(made)
