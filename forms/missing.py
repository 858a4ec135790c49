"""Is print that was not found gone from the scan, or does something else stand in its place?

Weak toner, a copier, correction fluid or a worn drum take print away and put nothing there. Another edition has other words there, whose
strokes lie beside those of the blank. Of 48 questions whose words were lost on generated scans none showed other ink; of 150
reworded ones, on scans of every kind, all did.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from forms.blank_pages import BLANK_DPI, FEATURE_DPI, BlankPage
from forms.ink import STRONG, Added
from forms.register import FOUND_AT, Registration

PRINTED = 128
"""How dark the blank's own picture is where it is printed."""
MOST_OTHER, LEAST_KEPT = 0.02, 0.10


@dataclass(frozen=True)
class Remains:
    """What a scan shows in a place of the blank, as shares of the area printed there: `kept`, still dark; `other`, ink that the blank does not have."""

    kept: float = 0.0
    other: float = 1.0

    @property
    def nothing_else(self) -> bool:
        """Whether nothing but the blank's own print lies there."""
        return self.other <= MOST_OTHER

    @property
    def is_worn(self) -> bool:
        """Whether some of the blank's own print is left there, and nothing else: a whole question taken out of an edition leaves none."""
        return self.nothing_else and self.kept >= LEAST_KEPT


UNKNOWN = Remains()


def remains(
    registration: Registration, added: Added, place: tuple[int, int, int, int], off: tuple[int, int]
) -> Remains:
    """What is left of the print in a place: left, top, right, bottom in pixels at BLANK_DPI; `off`: by how much the page is off there."""
    blank: BlankPage = registration.blank
    height, width = added.ink.shape
    left, top, right, bottom = place
    left, right = max(left, -off[0], 0), min(right, width, width - off[0])
    top, bottom = max(top, -off[1], 0), min(bottom, height, height - off[1])
    if right <= left or bottom <= top:
        return Remains()
    here = (slice(top, bottom), slice(left, right))
    there = (slice(top + off[1], bottom + off[1]), slice(left + off[0], right + off[0]))
    printed = int(cv2.countNonZero((blank.darkness[here] > PRINTED).astype(np.uint8)))
    if not printed:
        return Remains()
    near = blank.print_near[here] > 0
    kept = int(((added.dark[there] >= STRONG) & near).sum())
    return Remains(kept / printed, int((added.ink[there] & ~near).sum()) / printed)


def contradicted(registration: Registration, added: Added) -> float:
    """The share of a page's patches (0 to 1) that were not found and in whose place something else stands, of those that count."""
    step = BLANK_DPI // FEATURE_DPI
    patches = registration.blank.patches
    if len(patches) != len(registration.scores):
        return 1.0  # some lay off the picture, so which scores are whose is not known
    against = 0
    for (left, top, right, bottom), score, counts in zip(
        patches, registration.scores, registration.counted, strict=True
    ):
        if counts and score < FOUND_AT:
            place = (left * step, top * step, right * step, bottom * step)
            against += not remains(registration, added, place, (0, 0)).nothing_else
    return against / max(1, int(registration.counted.sum()))
