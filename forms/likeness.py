"""One pen fills in a page: a mark like the writer's other marks is likelier to be one, and a box with hardly any ink to be empty. Pure.

The scorer sees one window at a time. How large and how dark this writer's marks are on this scan is known from the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median

from forms.marks import FAINT, Content, Judged, Mark, Seen, paleness, supported, weigh
from forms.thresholds import STANDARD, Thresholds

FROM = 0.95
"""The chance from which a mark of another question tells what this writer's marks look like."""
Key = tuple[str, str]


@dataclass(frozen=True)
class Usual:
    """The marks of the other questions: the least and the usual ink of one in mm², and how much of it is usually faint (0 to 1)."""

    least: float
    ink: float
    faint: float


def like_the_rest(
    boxes: Mapping[Key, Judged], seen: Mapping[Key, Seen], limits: Thresholds = STANDARD
) -> dict[Key, Judged]:
    """The boxes, with what agrees with the other marks of the page taken to be likelier by `limits.alike_marked` and `limits.alike_empty`.

    An empty box is, where three other marks and more are plain (`alike_plain` mm² in the least of them) and it holds next to nothing of that. A mark
    is, where it has about the ink and the darkness of the others and hardly looks like anything odd (`alike_odd`).
    """
    told = _marks(seen)
    judged = dict(boxes)
    rest: dict[str, Usual | None] = {}
    for key, box in boxes.items():
        if key[0] not in rest:
            others = [ink for other, ink in told.items() if other[0] != key[0]]
            rest[key[0]] = _usual(others) if len(others) >= max(1, limits.alike_least) else None
        usual, (chances, ink) = rest[key[0]], seen[key]
        if usual is None:
            continue
        if box.mark is Mark.MARKED and _is_alike(chances, ink, usual, limits):
            judged[key] = replace(box, confidence=supported(box.confidence, limits.alike_marked))
        elif box.mark is Mark.EMPTY and _is_clean(ink, usual, limits):
            judged[key] = replace(box, confidence=supported(box.confidence, limits.alike_empty))
    return judged


def pale_throughout(
    boxes: Mapping[Key, Judged], seen: Mapping[Key, Seen], limits: Thresholds = STANDARD
) -> dict[Key, Judged]:
    """The boxes, those asked about only because their ink is pale judged as any other where the writer's other marks are as pale.

    A pencil is pale all over the page. What alone is pale on a page of dark marks may be a stain, or the print of the back; and what has several
    times the ink of the writer's other marks (`pale_times`) may be the ring of a cup. How sure is sure enough stays as for every mark.
    """
    # Such ink may be too pale to be counted at all, and a large tick of it may lie mostly around its box.
    easier = replace(limits, faint_sure=limits.pale_sure, never_marked=0.0, stain_reach=1.0)
    told = _marks(seen)
    judged = dict(boxes)
    for key, box in boxes.items():
        others = [ink for other, ink in told.items() if other[0] != key[0]]
        if box.reason != FAINT or len(others) < max(1, limits.alike_least):
            continue
        _, own = seen[key]
        largest = limits.pale_times * median(map(_ink, others))
        if median(map(paleness, others)) >= limits.pale_hand and _ink(own) <= max(largest, limits.never_marked):
            judged[key] = weigh(*seen[key], easier)
    return judged


def _marks(seen: Mapping[Key, Seen]) -> dict[Key, Mapping[str, float]]:
    """The ink of each box that is plainly a mark."""
    return {
        key: ink for key, (chances, ink) in seen.items() if chances[Content.TICKED] + chances[Content.CROSSED] >= FROM
    }


def _usual(others: list[Mapping[str, float]]) -> Usual:
    inks = [_ink(one) for one in others]
    return Usual(min(inks), median(inks), median(one["faint"] for one in others))


def _ink(one: Mapping[str, float]) -> float:
    return max(one["inside"], one["total"])


def _is_alike(chances: Mapping[str, float], ink: Mapping[str, float], usual: Usual, limits: Thresholds) -> bool:
    """Whether a mark is of the size and the darkness of the others, and nothing speaks for something odd."""
    odd = chances[Content.DOUBTFUL] + chances[Content.CANCELLED] + chances[Content.FILLED] + chances[Content.BESIDE]
    near = usual.ink * limits.alike_size <= _ink(ink) <= usual.ink / limits.alike_size
    return near and ink["faint"] <= usual.faint + limits.alike_faint and odd <= limits.alike_odd


def _is_clean(ink: Mapping[str, float], usual: Usual, limits: Thresholds) -> bool:
    """Whether a box holds next to nothing of what the least of this writer's marks has, none of which the scan nearly lost."""
    held = max(_ink(ink), ink["foreign"])
    return (
        usual.least >= limits.alike_plain and held <= limits.alike_rest * usual.least and ink["around"] < limits.beside
    )
