"""Makes the trace of a form's page from its ink. What a trace is, and when two are the same paper's: see `traces`."""

import zlib
from base64 import b64encode
from collections.abc import Sequence

import cv2
import numpy as np

from forms import ink
from forms.blank_pages import BLANK_DPI, POINT
from forms.geometry import A4_INCHES
from forms.page import above
from forms.register import Registration, offset_near
from forms.template import Field, Kind
from forms.traces import COLUMNS, MOST_TEXT, ROWS

CELL_PX = round(A4_INCHES[0] * BLANK_DPI / COLUMNS)
LEAST_SHARE = 0.2
"""From this share of a cell on its ink counts. Less is the edge of a stroke, which differs from scan to scan."""
WRITING = (Kind.TEXT, Kind.DATE, Kind.SIGNATURE)


def trace_of(found: Registration, fields: Sequence[Field], inked: ink.Added | None = None) -> str | None:
    """The trace as text; None when nothing is written in these fields, or more than a trace can hold. `inked`: as for `ink.measure`."""
    areas = [field for field in fields if field.kind in WRITING and "area" in field.boxes]
    if not areas:
        return None
    added = above((inked or ink.added_to(found)).ink.view(np.uint8), 0)
    cells = np.zeros((ROWS, COLUMNS), bool)
    for field in areas:
        dx, dy, _ = offset_near(found, list(field.boxes.values()))
        left, top, right, bottom = (max(0, round(n * POINT / CELL_PX)) for n in field.boxes["area"])
        right, bottom = min(right, COLUMNS), min(bottom, ROWS)
        if right <= left or bottom <= top:
            continue
        y, x = top * CELL_PX + round(dy), left * CELL_PX + round(dx)
        around = (
            slice(max(0, y - 2), y + (bottom - top) * CELL_PX + 2),
            slice(max(0, x - 2), x + (right - left) * CELL_PX + 2),
        )
        if not added[around].any():
            continue
        # This field alone, each cell in its own place on the blank.
        back = np.array([[1, 0, left * CELL_PX + dx], [0, 1, top * CELL_PX + dy]], np.float32)
        size = ((right - left) * CELL_PX, (bottom - top) * CELL_PX)
        here = cv2.warpAffine(added, back, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        share = cv2.resize(here, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        cells[top:bottom, left:right] |= share > LEAST_SHARE * 255
    if not cells.any():
        return None
    text = b64encode(zlib.compress(np.packbits(cells).tobytes(), 9)).decode("ascii")
    return text if len(text) <= MOST_TEXT else None
