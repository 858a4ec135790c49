"""Dates in three cells side by side, each with the sign of its part: DD, MM, YYYY. Pure; boxes in points from the top left."""

from collections.abc import Sequence

from forms.geometry import Box

_PARTS = ({"d", "dd", "day"}, {"m", "mm", "month"}, {"yy", "yyyy", "year"})
_APART = 16.0
"""Points between two cells at the most: a stroke may stand there."""
_LEVEL = 3.0
_MOST_HIGH = 60.0

Three = tuple[Box, Box, Box]


def parts_of_dates(words: Sequence[tuple[str, Box]], cells: Sequence[Box]) -> tuple[set[int], list[Three]]:
    """Which of the words (by number) only say which part of a date their cell is for, and the cells of each such date."""
    held = [(cell, only) for cell in cells if (only := _only_word(words, cell)) is not None]
    days, months, years = ([(cell, n) for cell, n in held if words[n][0].lower() in part] for part in _PARTS)
    found: list[Three] = []
    gone = set[int]()
    for day, n in days:
        month = next(((cell, m) for cell, m in months if _beside(day, cell)), None)
        year = next(((cell, m) for cell, m in years if month is not None and _beside(month[0], cell)), None)
        if month is not None and year is not None:
            found.append((day, month[0], year[0]))
            gone |= {n, month[1], year[1]}
    return gone, found


def _only_word(words: Sequence[tuple[str, Box]], cell: Box) -> int | None:
    """The number of the only word in a cell."""
    inside = [n for n, (_, box) in enumerate(words) if _is_in(box, cell)] if cell[3] - cell[1] <= _MOST_HIGH else []
    return inside[0] if len(inside) == 1 else None


def _is_in(box: Box, cell: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]


def _beside(one: Box, two: Box) -> bool:
    level = max(abs(one[1] - two[1]), abs(one[3] - two[3])) < _LEVEL
    return level and -_LEVEL < two[0] - one[2] < _APART
