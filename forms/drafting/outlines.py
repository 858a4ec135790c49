"""Boxes drawn as four separate lines that meet at their ends. Pure: lines and boxes in points from the top left."""

from collections.abc import Iterable, Sequence

from forms.geometry import Box, around

_SIDES = (5.4, 26.0)
"""2 to 9 mm, with a little for the pen."""
_MOST_LONG = 2.0
_THIN = 1.5
_MEET = 1.2
_SAME = 0.8


def boxes_of_lines(lines: Iterable[Box]) -> list[Box]:
    """The small boxes that stand alone: no other line touches one, as lines do at the cells of a table.

    `lines`: everything thin on the page, flat or upright, of any length.
    """
    thin = _distinct(lines)
    flat = [one for one in thin if _width(one) >= _height(one)]
    upright = [one for one in thin if _width(one) < _height(one)]
    short = [one for one in flat if _SIDES[0] <= _width(one) <= _SIDES[1]]
    found: list[Box] = []
    for n, top in enumerate(short):
        for bottom in short[n + 1 :]:
            high = bottom[1] - top[1]
            if high > _SIDES[1]:
                break
            if not (_near(top[0], bottom[0]) and _near(top[2], bottom[2])):
                continue
            if not _SIDES[0] <= high <= _SIDES[1] or not 1 / _MOST_LONG <= high / _width(top) <= _MOST_LONG:
                continue
            sides = [next((one for one in upright if _joins(one, x, top, bottom)), None) for x in (top[0], top[2])]
            made = [top, bottom, *(side for side in sides if side is not None)]
            if len(made) == 4 and not any(_touches(one, around(made)) for one in thin if one not in made):
                found.append(around(made))
    return found


def _distinct(lines: Iterable[Box]) -> list[Box]:
    """The thin ones from the top, each once: a line is often drawn twice."""
    kept: list[Box] = []
    for one in sorted((b for b in lines if min(_width(b), _height(b)) <= _THIN), key=lambda b: (b[1], b[0])):
        if not any(all(abs(a - b) < _SAME for a, b in zip(one, other, strict=True)) for other in kept[-60:]):
            kept.append(one)
    return kept


def _joins(side: Box, x: float, top: Box, bottom: Box) -> bool:
    """Whether an upright line runs from one flat line to the other, and no further."""
    return _near((side[0] + side[2]) / 2, x) and _near(side[1], top[1]) and _near(side[3], bottom[3])


def _touches(line: Box, box: Box) -> bool:
    return (
        line[0] < box[2] + _SAME and box[0] - _SAME < line[2] and line[1] < box[3] + _SAME and box[1] - _SAME < line[3]
    )


def _near(one: float, two: float) -> bool:
    return abs(one - two) <= _MEET


def _width(box: Sequence[float]) -> float:
    return box[2] - box[0]


def _height(box: Sequence[float]) -> float:
    return box[3] - box[1]
