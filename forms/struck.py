"""Are the printed words of a question, or its Yes or No, struck out by one level stroke? It turns an answer round, and lies under the print mostly.

Ink is what the blank does not have, and print hides what lies within two pixels of it: of a thin stroke through a word hardly any is left. So here the page itself is
looked at: a stroke is dark from end to end, where the letters of a word, and above all the words of a line, leave gaps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from forms.blank_pages import BLANK_DPI, POINT
from forms.ink import FieldInk, print_darkness
from forms.page import Grey, above
from forms.register import Registration, offset_near
from forms.template import Field

LINE_MM = 9.0
"""How long a stroke over a line of words is at least: four letters that touch are shorter."""
BEYOND_MM, BESIDE_MM = 0.5, 1.5
"""How much longer than a single word a stroke through it is, for letters of a bad copy touch; and how far beside the word it is followed."""
MIDDLE = (0.25, 0.80)
"""Between which shares of a label's height a stroke strikes its words out; below, it underlines them. Where a label has three lines a stroke through
the first or the last is not found here: it lies beside the print for long enough that `forms.ink` finds its ink over the words."""
DARK = 0.45
"""How dark a stroke is at least, against the page's black print."""
PRINTED, PRINT_ALONE = 100, 0.75
"""How dark the blank's own picture is where it is printed, and from which share of that length on its own print is a line."""
_MM = BLANK_DPI / 25.4


def with_struck(inks: Mapping[str, FieldInk], fields: Sequence[Field], found: Registration) -> dict[str, FieldInk]:
    """The ink of each field, and for fields of marks in `words` under `struck` 1 where its printed words are struck out, else 0."""
    black = print_darkness(found)
    return {
        field.id: replace(
            inks[field.id], words={**inks[field.id].words, "struck": float(is_struck(found, field, black))}
        )
        if field.kind.is_mark
        else inks[field.id]
        for field in fields
    }


def is_struck(found: Registration, field: Field, black: float) -> bool:
    """Whether a level stroke runs through the words of this field of marks. `black`: how dark the page's print is, 0 to 255."""
    dx, dy, _ = offset_near(found, list(field.boxes.values()))
    limit = max(30, round(DARK * black))
    for box in field.own_labels.values():
        left, top, right, bottom = (round(n * POINT) for n in box)
        high, wide = bottom - top, right - left
        rows = slice(round(top + MIDDLE[0] * high), round(top + MIDDLE[1] * high))
        long = round(min(LINE_MM * _MM, wide + BEYOND_MM * _MM))
        beside = round(BESIDE_MM * _MM) if long > wide else 0
        x, y = round(dx), round(dy)
        there = found.darkness[max(0, rows.start + y) : rows.stop + y, max(0, left - beside + x) : right + beside + x]
        printed = found.blank.darkness[rows, max(0, left - beside) : right + beside]
        if _has_a_run(there, limit, long) and not _has_a_run(printed, PRINTED, round(PRINT_ALONE * long)):
            return True
    return False


def _has_a_run(dark: Grey, limit: int, long: int) -> bool:
    """Whether some row, a pixel up or down allowed for, is dark over this many pixels in one piece."""
    if dark.shape[0] < 3 or dark.shape[1] < long:
        return False
    grown = cv2.dilate(above(dark, limit), np.ones((3, 1), np.uint8))
    return bool(cv2.erode(grown, np.ones((1, long), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0).any())
