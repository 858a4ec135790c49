"""Printing: the one way from data to a tagged PDF, for labels, letters, sheets and certificates.

typst lays the page out. What is printed goes in as data and is never read as markup, so that nothing a family wrote can change a
page. A template reads it as `json(bytes(sys.inputs.data))`; shapes are the template's own. Templates set document title,
language and a fixed font list, 12 point or larger (18 or larger in large print).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent


def press(template: Path, data: Mapping[str, Any], *, for_reading: bool = False) -> bytes:
    """A tagged PDF of `template` (inside `records/`) filled with `data` (anything JSON can hold).

    `for_reading`: it must also meet PDF/UA-1, so that a screen reader reads it whole; typst then refuses a template without a
    title or with a picture that no words describe. A name in letters that no font here has would be refused too: it is printed
    tagged all the same, for a family must not go without its letter. Nothing is written to a disc. A template may import others
    by their path from `records/`: `#import "/letters/letter.typ"`.
    """
    inputs = {"data": json.dumps(data)}
    if for_reading:
        try:
            return bytes(
                typst.compile(str(template), root=str(HERE), format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
            )
        except typst.TypstError as error:
            if "could not be displayed with font" not in str(error):
                raise
    return bytes(typst.compile(str(template), root=str(HERE), format="pdf", sys_inputs=inputs))
