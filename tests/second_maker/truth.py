"""What a careful person reads of a field once the scan is made: of the marks that can be seen. Pure.

Source: README of the samples, "How the truth is settled"; the rules are named by number.
"""

from collections.abc import Mapping

from forms.marks import Content
from tests.generator.answered import Answered

SEEN, LOST = 0.30, 0.10
"""Rule 10: a mark of which less than this share shows is unclear, or as if it were not there."""

READABLE, HIDDEN = 0.45, 0.06
"""Less than this share of a piece of writing cannot be read, or is as if it were not there."""


def hide(told: Answered, ink: float) -> None:
    """Flags writing of which the scan shows only this share."""
    if ink < READABLE:
        told.flags.append("barely_visible" if ink >= HIDDEN else "lost")


def value_of(boxes: Mapping[str, Content]) -> str:
    """The answer that contents of boxes give by themselves: `tick` alone, or `yes` and `no`."""
    live = {name: content for name, content in boxes.items() if content not in (Content.EMPTY, Content.CANCELLED)}
    if any(content is Content.DOUBTFUL for content in live.values()):
        return "unclear"
    if not live:  # rule 4: scribbled out and nothing else
        return "unclear" if Content.CANCELLED in boxes.values() else "blank"
    if len(live) > 1:  # rule 3
        ticked = [name for name, content in live.items() if content is Content.TICKED]
        crossed = [name for name, content in live.items() if content is Content.CROSSED]
        return ticked[0] if len(ticked) == len(crossed) == 1 else "unclear"
    name = next(iter(live))
    return "yes" if name == "tick" else name


def share(ink: float, strokes: float) -> float:
    """How much of a mark is seen, as one number."""
    return float((ink * strokes) ** 0.5)


def settle(told: Answered, instead: str | None, shown: Mapping[str, tuple[float, float]]) -> None:
    """Sets the value of a field of marks, and what its boxes hold, by how much (ink, strokes; 0 to 1) the scan shows of each box's mark.

    `instead`: what the field says by words, signs or other fields' marks, while all of it can be seen.
    """
    before = dict(told.boxes)
    hidden = {}
    for name, (ink, strokes) in shown.items():
        told.drawn[name] = before[name], ink, strokes
        much = share(ink, strokes)
        if much < SEEN:
            hidden[name] = much
            told.boxes[name] = Content.EMPTY if much < LOST else Content.DOUBTFUL
    told.value = instead if instead is not None and not hidden else value_of(told.boxes)
    for name, much in hidden.items():
        others = [other for other in shown if other != name and other not in hidden]
        flag = "barely_visible" if much >= LOST else "other_mark_lost" if others else "lost"
        if flag not in told.flags:
            told.flags.append(flag)
