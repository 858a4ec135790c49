"""Labels for paper originals: number and barcode on an A4 sheet of 21, printed by typst as a tagged PDF.

The barcode is a version-1 QR of ten capitals and figures at 20 mm, which survived skew, blur and ink best when tried. What is
printed goes in as data and is never read as markup.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno

from records.press import press

SHEET = 21
TEMPLATE = Path(__file__).with_name("label.typ")


@dataclass(frozen=True)
class Label:
    """What one label carries. Nothing personal: never a name, school or condition."""

    number: int
    line_1: str
    line_2: str = ""


def code_of(number: int) -> str:
    """Ten capitals and figures for an original: `PCO0000042`."""
    return f"PCO{number:07d}"


def number_from(scanned: str) -> int | None:
    """The original's number from what a scanner or a person typed: `PCO0000042`, `O-42`."""
    text = scanned.strip().upper()
    for start in ("PCO", "O-"):
        if text.startswith(start) and text.removeprefix(start).isdigit():
            return int(text.removeprefix(start))
    return None


def sheet(labels: Sequence[Label], first: int = 0) -> bytes:
    """A PDF of labels. `first`: how many places of the first sheet are already used (0 to 20)."""
    if not 0 <= first < SHEET:
        raise ValueError(f"a sheet has {SHEET} labels; begin at 1 to {SHEET}")
    entries = [
        {"number": f"O-{label.number}", "code": _barcode(code_of(label.number)), "line_1": label.line_1, "line_2": label.line_2}
        for label in labels
    ]  # fmt: skip
    return press(TEMPLATE, {"labels": entries, "first": first})


def _barcode(text: str) -> str:
    code = segno.make(text, version=1, error="l", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
