"""Is print that was not found gone from the scan, or does something else stand in its place?

Weak toner, a copier, correction fluid or a worn drum take print away and put nothing there. Another edition has other words there, whose
strokes lie beside those of the blank. Of 48 questions whose words were lost on generated scans none showed other ink; of 150
reworded ones, on scans of every kind, all did.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI, FEATURE_DPI, BlankPage
from forms.ink import STRONG, Added
from forms.register import FOUND_AT, Registration

PRINTED = 128
"""How dark the blank's own picture is where it is printed."""
MOST_OTHER, LEAST_KEPT = 0.02, 0.10
LEAST_HERE, STRETCH = 0.05, 32
"""So much is left of every stretch of words that nobody took away (pixels at BLANK_DPI; 4 mm, a word of three letters): correction fluid leaves nothing."""
SOME_PRINT = 0.3


@dataclass(frozen=True)
class Remains:
    """What a scan shows in a place of the blank, as shares of the area printed there: `kept`, still dark; `other`, ink that the blank does not have.

    `least`: still dark of the stretch of which least is left, where that was looked at.
    """

    kept: float = 0.0
    other: float = 1.0
    least: float = 0.0

    @property
    def nothing_else(self) -> bool:
        """Whether nothing but the blank's own print lies there."""
        return self.other <= MOST_OTHER

    @property
    def is_worn(self) -> bool:
        """Whether some of the blank's own print is left there, and nothing else: a whole question taken out of an edition leaves none."""
        return self.nothing_else and self.kept >= LEAST_KEPT

    @property
    def is_all_there(self) -> bool:
        """Whether some of every stretch is left, and nothing else: these are the blank's own words, however badly they were copied."""
        return self.is_worn and self.least >= LEAST_HERE


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
    print_here = blank.darkness[here] > PRINTED
    printed = int(cv2.countNonZero(print_here.astype(np.uint8)))
    if not printed:
        return Remains()
    near = blank.print_near[here] > 0
    kept = (added.dark[there] >= STRONG) & near
    least = _least(print_here.sum(axis=0), kept.sum(axis=0))
    return Remains(int(kept.sum()) / printed, int((added.ink[there] & ~near).sum()) / printed, least)


def _least(printed: NDArray[np.int_], kept: NDArray[np.int_]) -> float:
    """Of the stretch of a line of words of which least is left, the share that is. By columns; stretches with hardly any print say nothing."""
    wide = min(STRETCH, len(printed))
    there, left = (np.convolve(one, np.ones(wide), "valid") for one in (printed, kept))
    some = there >= SOME_PRINT * there.mean()
    return float((left[some] / there[some]).min())


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
