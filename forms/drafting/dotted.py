"""Writing lines that are drawn dot by dot, as browsers print a dotted or dashed edge. Pure; boxes in points from the top left."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from forms.geometry import Box, around

_MOST_DOT = (6.0, 2.0)
_MOST_GAP = 6.0
_LEAST_DOTS = 8
_LEVEL = 0.3
_MOST_EVEN = 0.9


def lines_of_dots(boxes: Iterable[Box]) -> list[Box]:
    """The lines that rows of small drawn dots make, each as one box; dots that stand apart make none."""
    dots = sorted(
        (b for b in boxes if b[2] - b[0] <= _MOST_DOT[0] and b[3] - b[1] <= _MOST_DOT[1]),
        key=lambda b: (round(b[1] / _LEVEL), b[0]),
    )
    rows: list[list[Box]] = []
    for dot in dots:
        last = rows[-1][-1] if rows else None
        if last is not None and abs(last[1] - dot[1]) <= _LEVEL and -_LEVEL <= dot[0] - last[2] <= _MOST_GAP:
            rows[-1].append(dot)
        else:
            rows.append([dot])
    return [around(row) for row in rows if len(row) >= _LEAST_DOTS and _even(row)]


def _even(row: Sequence[Box]) -> bool:
    """Whether nearly all dots are of one width at one distance: those of a square code are not."""
    wide, apart = [b[2] - b[0] for b in row], [b[0] - a[2] for a, b in pairwise(row)]
    return all(
        sum(abs(one - median(many)) <= _LEVEL for one in many) >= _MOST_EVEN * len(many) for many in (wide, apart)
    )
