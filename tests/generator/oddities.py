"""What people do that is not a plain tick in a box: corrections, words, marks beside, tails, pen rests. One function each.

Each draws what happens to one field and sets what is then to be read. It answers whether it fits the field at all; where it does not,
nothing is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from forms.geometry import Box
from forms.marks import Content
from forms.template import Field, Kind
from tests.generator import marks
from tests.generator.answered import WIDE_MM, Answered, in_mm, middle
from tests.generator.marks import Hand
from tests.generator.paper import Rng
from tests.generator.pens import Pen

RATES = {
    "stray_dot": 0.012,
    "overrun": 0.014,
    "outside_box": 0.008,
    "between_boxes": 0.002,
    "both_ticked": 0.002,
    "tick_and_cross": 0.001,
    "corrected": 0.004,
    "initials": 0.001,
    "scribbled_out": 0.004,
    "contradicted": 0.001,
    "written_answer": 0.002,
    "circled_box": 0.002,
    "circled_word": 0.002,
    "struck_word": 0.001,
    "tiny": 0.008,
    "question_mark": 0.001,
    "double_mark": 0.005,
    "odd_style": 0.010,
    "near_writing": 0.003,
    "other_sign": 0.001,
    "struck_tick": 0.001,
    "staple": 0.0003,
    "hair": 0.0007,
}
"""How often each happens to an answer of a typical form."""
WORSE = {"clean": 0.0, "typical": 1.0, "hard": 3.0, "adversarial": 8.0, "study": 10.0}
"""How many times as often on a form of each difficulty."""
FAR_MM = 28.0
"""No tail reaches a box further off than this."""
SIGNS = ("N", "N", "NO", "0", "0", "-", "-")
"""What people write into a box to say no."""


class Person(Protocol):
    """Whoever fills in the form: boxes are in mm, with their page."""

    rng: Rng
    hand: Hand
    pen: Pen
    style: str
    boxes: dict[tuple[str, str], tuple[int, Box]]

    def usual(self, one: Field, target: str, told: Answered, style: str | None = None) -> None:
        """The person's usual mark, or one of another style, in a box."""
        ...

    def in_box(self, one: Field, name: str, told: Answered, style: str, size: float | None = None) -> Content:
        """A mark in a box; what it then holds."""
        ...

    def ink(
        self, page: int, strokes: marks.Strokes, at: tuple[float, float], told: Answered | None = None, name: str = "",
        pen: Pen | None = None,
    ) -> None:  # fmt: skip
        """Strokes around a place, of the person's pen or another."""
        ...

    def nearest(self, one: Field, name: str) -> tuple[float, float, float]:
        """Direction to the nearest other box, and how far off it is."""
        ...


@dataclass(frozen=True)
class Case:
    """One field, and the box that is meant (None: it is left blank)."""

    person: Person
    one: Field
    told: Answered
    target: str | None

    @property
    def pair(self) -> bool:
        """Whether it has a Yes and a No."""
        return self.one.kind is Kind.YES_NO

    @property
    def other(self) -> str | None:
        """The box of a pair that is not meant."""
        return {"yes": "no", "no": "yes"}.get(self.target or "") if self.pair else None

    def place(self, name: str) -> tuple[int, Box]:
        """Page and box in mm."""
        return self.person.boxes[self.one.id, name]

    def is_wide(self, name: str) -> bool:
        """Whether a box is a cell of a table."""
        _, box = self.place(name)
        return box[2] - box[0] > WIDE_MM

    def doubt(self, flag: str, value: str = "unclear") -> bool:
        """Sets what is to be read, and why."""
        self.told.value = value
        self.told.flags.append(flag)
        return True

    def flag(self, flag: str) -> bool:
        """Says why it is hard; what is to be read stays."""
        self.told.flags.append(flag)
        return True


def odd(case: Case, event: str) -> bool:
    """Lets an oddity happen, if it fits."""
    return _ODDITIES[event](case)


def _stray_dot(case: Case) -> bool:
    person, rng = case.person, case.person.rng
    empty = [name for name in case.one.boxes if name != case.target]
    if not empty:
        return False
    page, box = case.place(str(rng.choice(empty)))
    at = (rng.uniform(box[0] + 0.3, box[2] - 0.3), rng.uniform(box[1] + 0.3, box[3] - 0.3))
    person.ink(page, marks.dot(rng, person.hand, 1), at)
    case.flag("stray_dot")
    if case.target:
        person.usual(case.one, case.target, case.told)
    return True


def _tiny(case: Case) -> bool:
    if not case.target:
        return False
    size = case.person.rng.uniform(1.0, 1.7)
    case.told.boxes[case.target] = case.person.in_box(case.one, case.target, case.told, "tick", size)
    return case.flag("tiny")


def _double_mark(case: Case) -> bool:
    if not case.target:
        return False
    case.person.usual(case.one, case.target, case.told)
    style = "tick" if case.person.style == "fill" else case.person.style
    case.person.in_box(case.one, case.target, case.told, style)
    return case.flag("double_mark")


def _odd_style(case: Case) -> bool:
    if not case.target:
        return False
    style = str(case.person.rng.choice(["cross", "slash", "scrawl", "blob", "letter", "fill"]))
    case.person.usual(case.one, case.target, case.told, style)
    if style == "cross" and case.person.style != "cross" and case.target in ("yes", "tick"):
        case.doubt("cross_among_ticks")
    return True


def _overrun(case: Case) -> bool:
    if not case.target:
        return False
    person, rng = case.person, case.person.rng
    person.usual(case.one, case.target, case.told)
    page, box = case.place(case.target)
    dx, dy, far = person.nearest(case.one, case.target)
    if far < FAR_MM:
        reach = rng.uniform(0.6, 1.05)
        half = [dx * reach * 0.5, dy * reach * 0.5 + rng.normal(0, 0.6)]
        way = np.array([[0.0, 0.3], half, [dx * reach, dy * reach + rng.normal(0, 0.8)]])
        person.ink(page, [marks.smooth(way, rng, person.hand)], middle(box), case.told, case.target)
        case.flag("overrun")
    return True


def _outside_box(case: Case) -> bool:
    if not case.target or case.is_wide(case.target):
        return False
    person, rng = case.person, case.person.rng
    page, box = case.place(case.target)
    side = float(rng.choice([-1, 1]))
    x = (box[2] if side > 0 else box[0]) + side * rng.uniform(1.2, 3.2)
    y = (box[1] + box[3]) / 2 + rng.normal(0, 0.8)
    strokes = marks.tick(rng, person.hand, min(3.5, person.hand.size))
    person.ink(page, strokes, (x, y), case.told, case.target)
    case.told.boxes[case.target] = Content.BESIDE
    return case.flag("outside_box")


def _between_boxes(case: Case) -> bool:
    if not case.pair:
        return False
    person, rng = case.person, case.person.rng
    (page, yes), (_, no) = case.place("yes"), case.place("no")
    x, y = (yes[0] + yes[2] + no[0] + no[2]) / 4, (yes[1] + yes[3] + no[1] + no[3]) / 4
    person.ink(page, marks.tick(rng, person.hand, 3.5), (x + rng.normal(0, 1), y), case.told, "yes")
    case.told.boxes = {"yes": Content.BESIDE, "no": Content.BESIDE}
    return case.doubt("between_boxes")


def _both_ticked(case: Case) -> bool:
    if not case.pair:
        return False
    for name in ("yes", "no"):
        case.person.usual(case.one, name, case.told)
    return case.doubt("both_ticked")


def _tick_and_cross(case: Case) -> bool:
    if not (case.target and case.other):
        return False
    for name, style in ((case.target, "tick"), (case.other, "cross")):
        case.told.boxes[name] = case.person.in_box(case.one, name, case.told, style)
    return case.flag("tick_and_cross")


def _corrected(case: Case, *, initials: bool = False) -> bool:
    """One box scribbled out and the other marked; a tick box has no other."""
    if not (case.target and case.other):
        return _scribbled_out(case, word=initials)
    person, rng = case.person, case.person.rng
    person.in_box(case.one, case.other, case.told, "tick")
    case.told.boxes[case.other] = person.in_box(case.one, case.other, case.told, "wild")
    person.usual(case.one, case.target, case.told)
    if initials:
        page, box = case.place(case.other)
        person.ink(page, marks.initials(rng, person.hand), (box[2] + rng.uniform(2.5, 4), (box[1] + box[3]) / 2))
    case.told.flags += ["corrected", "initials"] if initials else ["corrected"]
    return True


def _initials(case: Case) -> bool:
    return _corrected(case, initials=True)


def _scribbled_out(case: Case, *, word: bool = False) -> bool:
    if not case.target:
        return False
    person, rng = case.person, case.person.rng
    if rng.random() < 0.8:
        person.in_box(case.one, case.target, case.told, "tick")
    case.told.boxes[case.target] = person.in_box(case.one, case.target, case.told, "wild")
    case.doubt("scribbled_out")
    if word and not case.pair:
        page, box = case.place(case.target)
        no = marks.word(rng, person.hand, "NO", 3.0)
        person.ink(page, no, (box[0] - rng.uniform(4, 6), (box[1] + box[3]) / 2))
        case.told.value = "blank"
    return True


def _contradicted(case: Case) -> bool:
    if not case.target:
        return False
    person, rng = case.person, case.person.rng
    person.usual(case.one, case.target, case.told)
    page, box = case.place(case.target)
    word = marks.word(rng, person.hand, "YES" if case.target == "no" else "NO", rng.uniform(2.6, 4.0))
    person.ink(page, word, (box[0] - rng.uniform(4.5, 7), (box[1] + box[3]) / 2), case.told, "note")
    case.told.boxes[case.target] = Content.DOUBTFUL
    return case.doubt("contradicted")


def _written_answer(case: Case) -> bool:
    if not case.target:
        return False
    person, rng = case.person, case.person.rng
    page, box = case.place(case.target)
    narrow = box[2] - box[0] < WIDE_MM
    x = box[0] - rng.uniform(4.5, 6.5) if narrow else (box[0] + box[2]) / 2
    word = marks.word(rng, person.hand, "NO" if case.target == "no" else "YES", rng.uniform(2.5, 3.6))
    person.ink(page, word, (x, (box[1] + box[3]) / 2), case.told, case.target)
    case.told.boxes[case.target] = Content.BESIDE if narrow else Content.DOUBTFUL
    return case.flag("written_answer")


def _circled_box(case: Case) -> bool:
    if not case.target or case.is_wide(case.target):
        return False
    person = case.person
    page, box = case.place(case.target)
    ring = marks.ring(person.rng, person.hand, box[2] - box[0], box[3] - box[1])
    person.ink(page, ring, middle(box), case.told, case.target)
    case.told.boxes[case.target] = Content.BESIDE
    return case.flag("circled_box")


def _circled_word(case: Case) -> bool:
    person = case.person
    return _at_word(
        case, case.target, "circled_word", lambda width, height: marks.ring(person.rng, person.hand, width, height)
    )


def _struck_word(case: Case) -> bool:
    person = case.person
    return _at_word(case, case.other, "struck_word", lambda width, _: marks.strike(person.rng, person.hand, width))


def _at_word(case: Case, word: str | None, flag: str, drawn: Callable[[float, float], marks.Strokes]) -> bool:
    """Something over a printed Yes or No (`drawn` for its width and height in mm), where it stands beside its box."""
    if not (word and case.other) or word not in case.one.labels or case.is_wide("yes"):
        return False
    box = in_mm(case.one.labels[word])
    case.person.ink(case.one.page, drawn(box[2] - box[0], box[3] - box[1]), middle(box), case.told, "word")
    case.told.boxes = dict.fromkeys(case.told.boxes, Content.BESIDE)
    return case.flag(flag)


def _question_mark(case: Case) -> bool:
    if not case.target:
        return False
    case.person.in_box(case.one, case.target, case.told, "question")
    case.told.boxes[case.target] = Content.DOUBTFUL
    return case.doubt("question_mark")


def _near_writing(case: Case) -> bool:
    person, rng = case.person, case.person.rng
    if case.target:
        person.usual(case.one, case.target, case.told)
    page, box = case.place(next(iter(case.one.boxes)))
    at = (box[2] + rng.uniform(8, 40), box[3] + rng.uniform(0.5, 3))
    way = np.cumsum(rng.normal(0.6, 0.8, (14, 2)) * [1, 0.5], axis=0)
    person.ink(page, [marks.smooth(way, rng, person.hand)], at)
    return True


def _other_sign(case: Case) -> bool:
    """A letter, a figure or a dash that says no, where a mark would say yes."""
    name = next(name for name in case.one.boxes if name != "no")
    write_sign(case.person, case.one, name, case.told, str(case.person.rng.choice(SIGNS)))
    return True


def write_sign(person: Person, one: Field, name: str, told: Answered, sign: str) -> None:
    """Writes one of SIGNS into a box, from which nothing is then to be read without asking."""
    rng, (page, box) = person.rng, person.boxes[one.id, name]
    wide, high = box[2] - box[0], box[3] - box[1]
    room = min(wide, high)
    drift = (rng.normal(0, 0.12) * min(wide, 8.0), rng.normal(0, 0.08) * min(high, 8.0))
    at = (middle(box)[0] + drift[0], middle(box)[1] + drift[1])
    size = float(np.clip(room * rng.uniform(0.7, 1.15), 2.2, 5.5))
    strokes = (
        marks.dash(rng, person.hand, size)
        if sign == "-"
        else marks.word(rng, person.hand, sign, size if len(sign) == 1 else 0.8 * size)
    )
    person.ink(page, strokes, at, told, name)
    told.value, told.boxes[name] = "unclear", Content.DOUBTFUL
    told.flags.append("other_sign")


def _struck_tick(case: Case) -> bool:
    """A tick, or in one of three a cross, with one stroke through it."""
    if not case.target:
        return False
    person, rng = case.person, case.person.rng
    page, box = case.place(case.target)
    size = min(person.hand.size, 5.0)
    mark = marks.cross if person.style == "cross" or rng.random() < 0.35 else marks.tick
    strokes = mark(rng, person.hand, size) + marks.through(rng, person.hand, size)
    at = (middle(box)[0] + rng.normal(0, 0.6), middle(box)[1] + rng.normal(0, 0.4))
    person.ink(page, strokes, at, case.told, case.target)
    case.told.boxes[case.target] = Content.CANCELLED
    return case.doubt("struck_tick")


def _lying_on(case: Case, strokes: marks.Strokes, pen: Pen, flag: str) -> bool:
    """Something that lies over a box which nobody marked: blank to whoever sees what it is, and never a mark."""
    if case.target:
        return False
    rng, name = case.person.rng, next(name for name in case.one.boxes if name != "no")
    page, box = case.place(name)
    case.person.ink(page, strokes, (rng.uniform(box[0], box[2]), rng.uniform(box[1], box[3])), pen=pen)
    case.told.boxes[name] = Content.DOUBTFUL
    return case.flag(flag)


def _staple(case: Case) -> bool:
    wire = replace(case.person.pen, width=0.5, strength=case.person.rng.uniform(0.5, 1.0), grain=0.1, skips=0.0)
    return _lying_on(case, marks.staple(case.person.rng), wire, "staple")


def _hair(case: Case) -> bool:
    rng = case.person.rng
    thread = replace(case.person.pen, width=rng.uniform(0.1, 0.3), strength=rng.uniform(0.5, 1.0), grain=0.0, skips=0.0)
    return _lying_on(case, marks.hair(rng), thread, "hair")


_ODDITIES: dict[str, Callable[[Case], bool]] = {
    "stray_dot": _stray_dot,
    "overrun": _overrun,
    "outside_box": _outside_box,
    "between_boxes": _between_boxes,
    "both_ticked": _both_ticked,
    "tick_and_cross": _tick_and_cross,
    "corrected": _corrected,
    "initials": _initials,
    "scribbled_out": _scribbled_out,
    "contradicted": _contradicted,
    "written_answer": _written_answer,
    "circled_box": _circled_box,
    "circled_word": _circled_word,
    "struck_word": _struck_word,
    "tiny": _tiny,
    "question_mark": _question_mark,
    "double_mark": _double_mark,
    "odd_style": _odd_style,
    "near_writing": _near_writing,
    "other_sign": _other_sign,
    "struck_tick": _struck_tick,
    "staple": _staple,
    "hair": _hair,
}
