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


def press(template: Path, data: Mapping[str, Any]) -> bytes:
    """A tagged PDF of `template` (inside `records/`) filled with `data` (anything JSON can hold).

    Nothing is written to a disc. A template may import others by their path from `records/`: `#import "/letters/letter.typ"`.
    """
    made = typst.compile(str(template), root=str(HERE), format="pdf", sys_inputs={"data": json.dumps(data)})
    return bytes(made)
