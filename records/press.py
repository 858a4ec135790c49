"""Printing: the one way from data to a tagged PDF, for labels, letters, sheets and certificates.

typst lays the page out. What is printed goes in as data and is never read as markup, so that nothing a family wrote can change a
page. A template reads it as `json(bytes(sys.inputs.data))`; shapes are the template's own. Templates set document title,
language and a fixed font list, 12 point or larger (18 or larger in large print).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).parent
LONG_WORDS = rb"""#show regex("[\p{L}\p{M}\u{2019}']{24,}"): word => word.text.clusters().join(sym.zws)
"""
"""A word that is longer than its column, as some names are, is broken: it would lie on what stands beside it, or run off the page. Letters
only, so that an address for e-mails can be copied whole."""


@dataclass(frozen=True)
class Behind:
    """Pages that follow a print: typst source, which sets its own pages and type, and the input `sheet` that it reads."""

    source: bytes
    sheet: str


def press(template: Path, data: Mapping[str, Any], *, for_reading: bool = False, behind: Behind | None = None) -> bytes:
    """A tagged PDF of `template` (inside `records/`) filled with `data` (anything JSON can hold).

    `for_reading`: it must also meet PDF/UA-1, so that a screen reader reads it whole; typst then refuses a template without a
    title or with a picture that no words describe. A name in letters that no font here has would be refused too: it is printed
    tagged all the same, for a family must not go without its letter. Nothing is written to a disc. A template may import others
    by their path from `records/`: `#import "/letters/letter.typ"`. `behind`: what stands on the pages after it.
    """
    inputs = {"data": json.dumps(data)} | ({"sheet": behind.sheet} if behind else {})
    source = LONG_WORDS + template.read_bytes() + (b"\n" + behind.source if behind else b"")
    if for_reading:
        try:
            return _compiled(source, inputs, ["ua-1"])
        except typst.TypstError as error:
            if "could not be displayed with font" not in str(error):
                raise
    return _compiled(source, inputs, [])


@dataclass(frozen=True)
class Place:
    """Where something stands on a print: page (from 0) and box (left, low, right, high) in points from the lower left of the page."""

    page: int
    name: str
    box: tuple[float, float, float, float]


def places(template: Path, data: Mapping[str, Any], label: str) -> list[Place]:
    """What a template marks with this label, in the order of the print: metadata of page, name, left, top, width, height and its page's height."""
    found = typst.query(
        str(template), f"<{label}>", field="value", root=str(HERE), sys_inputs={"data": json.dumps(data)}
    )
    return [
        Place(
            each["page"] - 1, each["name"],
            (each["left"], each["of"] - each["top"] - each["height"], each["left"] + each["width"], each["of"] - each["top"]),
        )
        for each in json.loads(found)
    ]  # fmt: skip


def _compiled(source: bytes, inputs: dict[str, str], standards: list[Literal["ua-1"]]) -> bytes:
    made = typst.compile(  # type: ignore[call-overload]  # its stubs want source and root of one type; it takes only a text as root
        source, root=str(HERE), format="pdf", sys_inputs=inputs, pdf_standards=standards
    )
    return bytes(made)
