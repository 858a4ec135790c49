"""Does each box lie by its own printed words? Two boxes exchanged would make a yes of one question the yes of another, or a parent of a child.

Forms put boxes beside, under or over their words, and in columns. So a box is only found wrong where another question's words plainly
have it: they lie in its row while its own do not, or they stand between it and its own.
"""

from collections.abc import Sequence
from itertools import combinations

from forms.geometry import Box
from forms.template import Field, Kind

_ROW_SHARE = 0.4
"""A box is in the row of words when they share so much of the lower one's height."""
_SAME_COLUMN = 24.0
"""Points by which the edges of words of one column may differ."""
_CLEARLY = 2.0
"""Points by which a box must be nearer to the wrong word."""


def misplaced(fields: Sequence[Field]) -> list[str]:
    """What is wrong with the boxes of one page, in words; empty if each lies by its own question and answer."""
    told = [one for one in fields if "text" in one.labels]
    asked, written = ([one for one in told if one.kind.is_mark is marked] for marked in (True, False))
    found = [fault for like in (asked, written) for one in like for fault in _by_another(one, like)]
    answered = [one for one in fields if one.kind is Kind.YES_NO and {"yes", "no"} <= set(one.labels)]
    found += [fault for one in answered for fault in _exchanged(one)]
    return found or [fault for a, b in combinations(answered, 2) for fault in _with_one_another(a, b)]


def _by_another(one: Field, asked: Sequence[Field]) -> list[str]:
    own = one.labels["text"]
    others = [other for other in asked if _apart(other.labels["text"], own)]
    found = []
    for name, box in one.boxes.items() if one.kind.is_mark else (("area", one.boxes["area"]),):
        near = (other for other in others if _has(other.labels["text"], own, box))
        theirs = next((other for other in near if not _is_wrapped(own, box, other)), None)
        if theirs is not None:
            called = one.id if name in ("tick", "area") else f"{one.id} ({name})"
            found.append(f"The box of {called} lies by the words of {theirs.id}, not by its own.")
    return found


def _apart(words: Box, own: Box) -> bool:
    """Whether these are other words: a third answer may be a field of its own that shares its question's words."""
    wide = min(words[2], own[2]) - max(words[0], own[0])
    high = min(words[3], own[3]) - max(words[1], own[1])
    return not (wide > 0 and high > 0)


def _is_wrapped(own: Box, box: Box, other: Field) -> bool:
    """Whether a box ends a line of print and its words begin the next, while the words before it on its line have a box of their own."""
    before = other.labels["text"]
    next_line = 0 <= own[1] - before[3] + _CLEARLY < before[3] - before[1]
    has_own = any(_in_row(before, theirs) and theirs[2] <= before[0] for theirs in other.boxes.values())
    return next_line and has_own and before[2] <= box[0] and own[0] < before[0]


def _has(words: Box, own: Box, box: Box) -> bool:
    """Whether another question's words have this box."""
    if _in_row(own, box):
        return _in_row(words, box) and _between(words, own, box, 0)
    if _over(own, box):
        return _over(words, box) and _between(words, own, box, 1)
    nearer = _across(box, words) < _across(box, own)
    return _in_row(words, box) and not _in_row(words, own) and (_same_column(words, own) or nearer)


def _in_row(words: Box, box: Box) -> bool:
    shared = min(words[3], box[3]) - max(words[1], box[1])
    return shared >= _ROW_SHARE * min(words[3] - words[1], box[3] - box[1])


def _over(words: Box, box: Box) -> bool:
    """Whether words and box stand over one another."""
    return min(words[2], box[2]) > max(words[0], box[0])


def _between(words: Box, own: Box, box: Box, axis: int) -> bool:
    """Whether words lie between a box and its own words, along x (0) or y (1)."""
    near, far = (own, box) if own[axis] < box[axis] else (box, own)
    return near[axis + 2] <= words[axis] + 1 and words[axis + 2] <= far[axis] + 1


def _same_column(words: Box, own: Box) -> bool:
    return abs(words[0] - own[0]) < _SAME_COLUMN or abs(words[2] - own[2]) < _SAME_COLUMN


def _exchanged(one: Field) -> list[str]:
    """Whether yes and no have each other's printed words."""
    yes, said, no = one.boxes["yes"], one.labels["yes"], one.boxes["no"]
    wrapped = yes[2] <= said[0] + _CLEARLY and said[2] <= no[0] + _CLEARLY and said[3] <= one.labels["no"][1] + _CLEARLY
    if wrapped and _in_row(said, yes) and _in_row(said, no):
        return []  # the no ends its line, and its word begins the next
    straight = _away(one.boxes["yes"], one.labels["yes"]) + _away(one.boxes["no"], one.labels["no"])
    crossed = _away(one.boxes["yes"], one.labels["no"]) + _away(one.boxes["no"], one.labels["yes"])
    if straight <= crossed + _CLEARLY:
        return []
    return [f"The yes box of {one.id} lies by its printed No, and its no box by its printed Yes: exchange them."]


def _with_one_another(a: Field, b: Field) -> list[str]:
    """Whether two questions have each other's printed answers. The heads of a table's columns are nobody's own, and tell nothing."""
    straight = sum(_away(one.boxes[name], one.labels[name]) for one in (a, b) for name in ("yes", "no"))
    crossed = sum(_away(one.boxes[name], two.labels[name]) for one, two in ((a, b), (b, a)) for name in ("yes", "no"))
    if straight <= crossed + _CLEARLY:
        return []
    return [f"The boxes of {a.id} lie by the printed answers of {b.id}, and the other way round: exchange them."]


def _away(box: Box, words: Box) -> float:
    """Points between a box and words, along both edges of the page."""
    return _across(box, words) + max(0.0, words[1] - box[3], box[1] - words[3])


def _across(box: Box, words: Box) -> float:
    return max(0.0, words[0] - box[2], box[0] - words[2])
