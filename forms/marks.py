"""Scores → is the box marked? Thresholds stand here, in one place, so that a stored score can be judged again. Pure.

Two borders on each side: empty | ask | marked | ask | filled solid. The cost is lopsided: a false yes lets a child's
information out, a missed yes costs a telephone call, a question two seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Mark(StrEnum):
    """What one box shows."""

    EMPTY = "empty"
    MARKED = "marked"
    UNSURE = "unsure"
    SOLID = "solid"


@dataclass(frozen=True)
class Thresholds:
    """Borders in mm² of ink, mm of length, and shares."""

    empty_below: float = 0.16
    marked_from: float = 0.62
    shortest: float = 1.3
    faint_share: float = 0.85
    solid_density: float = 0.46
    solid_filled: float = 0.42
    solid_area: float = 3.2
    beside: float = 0.55
    foreign: float = 0.30
    tail: float = 0.30
    beside_a_mark: float = 0.8
    words: float = 1.1
    least_inside: float = 0.24
    total_from: float = 0.75
    longest_reach: float = 0.72
    hooked: float = 0.68
    off_centre: float = 0.70
    crossing: float = 0.26
    fit: float = 0.62


STANDARD = Thresholds()
FAINT_HAND = replace(STANDARD, empty_below=0.05)
"""For a form on which several marks are faint: there a few dots may be all that is left of another."""


@dataclass(frozen=True)
class Judged:
    """A box's mark, how sure (0 to 1), why a person should look, and whether it looks like a cross."""

    mark: Mark
    confidence: float
    reason: str | None = None
    cross: bool = False


def judge(ink: Mapping[str, float], limits: Thresholds = STANDARD) -> Judged:
    """One box by its scores (`inside`, `foreign`, `tail`, `around`, `extent`, `density`, `crossing`, `faint`, `filled`, `total`, `reach`, `hooked`, `off_centre`)."""
    inside, extent = ink["inside"], ink["extent"]
    cross = ink["crossing"] >= limits.crossing
    if ink["foreign"] >= limits.foreign and ink["tail"] >= limits.tail:
        return Judged(Mark.UNSURE, 0.5, "A mark from the next box runs into this one.")
    if inside < limits.empty_below:
        if ink["around"] >= limits.beside:
            return Judged(Mark.UNSURE, 0.5, "There is a mark beside the box.")
        return Judged(Mark.EMPTY, 1.0 - 0.5 * inside / limits.empty_below * 0.1)
    runs_over = (
        inside >= limits.least_inside and ink["total"] >= limits.total_from and ink["reach"] <= limits.longest_reach
    )
    if (inside < limits.marked_from and not runs_over) or extent < limits.shortest:
        where = "There is a faint mark in the box." if ink["faint"] > 0.5 else "There is a small mark in the box."
        return Judged(Mark.UNSURE, 0.5, where)
    solid = ink["density"] >= limits.solid_density or ink["filled"] >= limits.solid_filled
    if solid and inside >= limits.solid_area:
        return Judged(Mark.SOLID, 0.5, "The box is filled in. It may be a tick or a crossing-out.")
    if ink["faint"] > limits.faint_share and inside < 2 * limits.marked_from:
        return Judged(Mark.UNSURE, 0.5, "There is a faint mark in the box.")
    if ink["hooked"] >= limits.hooked and ink["reach"] < 0.05 and not cross:
        return Judged(Mark.UNSURE, 0.5, "The mark may be a question mark.")
    if ink["off_centre"] >= limits.off_centre:
        return Judged(Mark.UNSURE, 0.5, "The mark lies at the edge of the box. It may be the tail of another.")
    if ink["around"] >= limits.beside_a_mark:
        return Judged(Mark.UNSURE, 0.5, "There is writing beside the box.")
    return Judged(Mark.MARKED, min(0.999, 0.97 + 0.02 * min(1.0, inside / 3.0)), cross=cross)
