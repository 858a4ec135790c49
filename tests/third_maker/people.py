"""Who fills a form in: the habits of a hand, where a mark comes to lie, and what a careful person calls it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from forms.geometry import Box
from forms.marks import Content
from forms.template import Field, Kind, Template
from tests.generator.answered import WIDE_MM, Answered, in_mm, middle
from tests.third_maker.curves import Hand, Points, Rng, Stroke, calm, traced
from tests.third_maker.signs import CROSSES, FILLS, LETTERED, LETTERS, RING, SLASHES, TICKS, Sign
from tests.third_maker.tools import Sheet, Tool

LIKED = {
    "tick": 0.52,
    "cross": 0.14,
    "both": 0.08,
    "slash": 0.08,
    "filled": 0.09,
    "ring": 0.03,
    "blob": 0.03,
    "letter": 0.03,
}
"""What people mark with. `both`: they tick what they agree to and cross what they do not."""
FLAGS = {
    "cross": "cross",
    "slash": "slash",
    "filled": "filled",
    "ring": "circled_box",
    "blob": "blob",
    "letter": "letter",
}
HELD = {"cross": Content.CROSSED, "filled": Content.FILLED, "ring": Content.BESIDE}
TRIES = 8
INSIDE, CLEAR = 0.30, 0.06
"""A mark is in a box if this share of it is; beside it, if less than the second share is."""
WIDEST_MM = 1.0
"""The widest pen that anybody takes to letters or figures who has another."""


@dataclass(frozen=True)
class Habit:
    """How somebody marks. Sizes are in shares of a box's side, places in mm.

    `liked`: what with; `sign`: which of its forms, `other`: how often another form; `size`, `vary`: how large, and how much it differs from mark to
    mark; `narrow`, `lean`: how wide and how slanting; `off`, `scatter`: where the middle comes to lie; `beside`: how often it stands wholly
    beside the box; `twice`, `again`: how often two are made, or the same once more over it; `yes`, `ticks`, `leaves`: what is answered.
    """

    liked: str
    sign: str
    other: float
    size: float
    vary: float
    narrow: float
    lean: float
    off: tuple[float, float]
    scatter: float
    beside: float
    twice: float
    again: float
    yes: float
    ticks: float
    leaves: float


FAMILIES: Mapping[str, Sequence[str]] = {
    "tick": list(TICKS), "both": list(TICKS), "cross": list(CROSSES), "slash": list(SLASHES), "filled": list(FILLS), "ring": ["ring"],
    "blob": ["blob"], "letter": ["letter"],
}  # fmt: skip


def a_habit(careless: float, rng: Rng) -> Habit:
    """Somebody's. `careless` from 0 to 1."""
    liked = str(rng.choice(list(LIKED), p=list(LIKED.values())))
    size = float(np.exp(rng.normal(0.0, 0.22)))
    extreme = rng.random()
    if extreme < 0.05 + 0.05 * careless:
        size *= rng.uniform(1.5, 2.2)
    elif extreme > 0.97 - 0.04 * careless:
        size *= rng.uniform(0.4, 0.6)
    return Habit(
        liked, str(rng.choice(FAMILIES[liked])), float(rng.uniform(0, 0.3)), size, float(rng.uniform(0.05, 0.16 + 0.15 * careless)),
        float(np.exp(rng.normal(0, 0.15))), float(rng.normal(0, 0.12)),
        (float(rng.normal(0.1, 0.25 + 0.5 * careless)), float(rng.normal(-0.1, 0.25 + 0.4 * careless))),
        float(rng.uniform(0.15, 0.4 + 0.7 * careless)), float(0.6 * careless if rng.random() < 0.04 else 0.01 * careless),
        0.25 if rng.random() < 0.03 else 0.004, 0.3 if rng.random() < 0.08 else 0.01,
        float(rng.beta(3.5, 1.6)), float(rng.uniform(0.2, 0.7)), float(rng.beta(1, 9)),
    )  # fmt: skip


@dataclass
class Person:
    """Somebody with a pen over a form: what is drawn, and what was answered so far. `instead`: what a field says by more than its boxes."""

    template: Template
    sheets: Mapping[int, Sheet]
    tool: Tool
    hand: Hand
    habit: Habit
    rng: Rng
    told: dict[str, Answered] = field(init=False)
    instead: dict[str, str] = field(init=False, default_factory=dict)
    numbers: dict[int, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is answered yet."""
        self.told = {
            one.id: Answered(one.kind, "blank", boxes=dict.fromkeys(one.boxes, Content.EMPTY))
            if one.kind.is_mark
            else Answered(one.kind, "absent" if one.kind is Kind.SIGNATURE else None)
            for one in self.template.fields
        }

    # -- drawing

    def number(self, one: Field, name: str) -> int:
        """The number of what is drawn for a box of a field; the same when it is asked for again."""
        marks = self.told[one.id].marks
        if name not in marks:
            self.numbers[one.page] = self.numbers.get(one.page, 0) + 1
            marks[name] = [self.numbers[one.page]]
        return marks[name][0]

    def draw(
        self, one: Field, name: str, strokes: Sequence[Stroke], tool: Tool | None = None, much: float = 1.0
    ) -> None:
        """Lays strokes on the field's sheet as the mark of a box (or `area`)."""
        self.sheets[one.page].draw(strokes, tool or self.tool, self.number(one, name), much)

    @property
    def thin(self) -> Tool:
        """The pen for letters: never a marker or crayon."""
        if self.tool.width_mm <= WIDEST_MM:
            return self.tool
        return replace(self.tool, kind="biro", width_mm=0.42, colour=(0.08, 0.08, 0.12), load=1.0, feather=0.0)

    # -- places

    def others(self, one: Field, name: str) -> list[Box]:
        """All other boxes for marks on the page, in mm."""
        return [
            in_mm(box)
            for each in self.template.fields
            if each.page == one.page and each.kind.is_mark
            for key, box in each.boxes.items()
            if (each.id, key) != (one.id, name)
        ]

    def half(self, box: Box) -> tuple[float, float]:
        """Half the width and height (mm) that a mark of plain size has in a box."""
        wide, high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        if 2 * wide > WIDE_MM:
            high = float(np.clip(high * 0.8, 1.6, 3.2))
            return high, high
        return float(np.clip(wide, 1.4, 3.4)), float(np.clip(high, 1.4, 3.4))

    def aim(self, box: Box) -> tuple[float, float]:
        """Where in a box the middle of a mark is meant to be: in a table's cell anywhere along it."""
        x, y = middle(box)
        habit = self.habit
        spare = max(0.0, (box[2] - box[0]) / 2 - 4.0) if box[2] - box[0] > WIDE_MM else 0.0
        spare_y = max(0.0, (box[3] - box[1]) / 2 - 3.5)
        return (
            x + habit.off[0] + float(self.rng.normal(0, habit.scatter)) + spare * float(self.rng.uniform(-0.8, 0.8)),
            y + habit.off[1] + float(self.rng.normal(0, habit.scatter)) + spare_y * float(self.rng.uniform(-0.8, 0.8)),
        )

    def set_down(
        self, sign: Sign, at: tuple[float, float], half: tuple[float, float], loose: bool = True, letter: bool = False
    ) -> list[Stroke]:
        """The strokes of a sign whose middle lies there. `loose`: with this hand's own slant and width; `letter`: with some care."""
        habit = self.habit
        narrow, lean = (habit.narrow, habit.lean) if loose else (1.0, 0.0)
        strokes = []
        for points in sign:
            x, y = points[:, 0] * half[0] * narrow, points[:, 1] * half[1]
            strokes.append(
                traced(
                    np.column_stack([at[0] + x - lean * y, at[1] + y]),
                    calm(self.hand) if letter else self.hand,
                    self.rng,
                    tapers=loose,
                )
            )
        return strokes

    # -- marks

    def sign_of(self, liked: str, name: str) -> Sign:
        """A sign as this person makes it, for a box of this name."""
        rng, habit = self.rng, self.habit
        which = habit.sign if liked in (habit.liked, "both") and rng.random() >= habit.other else ""
        match liked:
            case "cross":
                return CROSSES.get(which) or CROSSES[str(rng.choice(list(CROSSES)))]
            case "slash":
                return SLASHES.get(which) or SLASHES[str(rng.choice(list(SLASHES)))]
            case "filled":
                return (FILLS.get(which) or FILLS[str(rng.choice(list(FILLS)))])(rng)
            case "letter":
                return LETTERS[LETTERED[name]]
            case "ring":
                return RING
            case _:
                return TICKS.get(which) or TICKS[str(rng.choice(list(TICKS)))]

    def mark(self, one: Field, name: str, liked: str | None = None, size: float = 1.0) -> None:
        """Marks one box as this person does, or with a sign of another kind."""
        rng, habit, told = self.rng, self.habit, self.told[one.id]
        liked = liked or habit.liked
        if liked == "both":
            liked = "cross" if name == "no" else "tick"
        if liked in ("tick", "cross", "slash") and rng.random() < habit.beside and self.beside(one, name, liked):
            return
        size *= habit.size * float(np.exp(rng.normal(0, habit.vary)))
        strokes = self.placed(one, name, liked, size)
        self.draw(one, name, strokes, self.dabbed(liked))
        if liked in ("tick", "cross", "slash") and rng.random() < habit.again:
            moved = [Stroke(s.points + rng.normal(0, 0.18, 2), s.press, ()) for s in strokes]
            self.draw(one, name, moved)
        elif liked == "tick" and rng.random() < habit.twice:
            step = np.array([float(rng.uniform(1.2, 2.2)), float(rng.normal(0, 0.5))])
            self.draw(one, name, [Stroke(s.points + step, s.press, ()) for s in strokes])
            told.flags.append("double_mark")
        told.boxes[name] = HELD.get(liked, Content.TICKED)
        told.flags += [FLAGS[liked]] if liked in FLAGS and FLAGS[liked] not in told.flags else []
        if size < 0.55 and liked in ("tick", "cross", "slash"):
            told.flags.append("tiny")

    def dabbed(self, liked: str) -> Tool:
        """The pen as it is held for a kind of sign: nobody draws letters or small signs with a marker."""
        return self.thin if liked in ("letter", "filled", "ring", "blob") else self.tool

    def placed(self, one: Field, name: str, liked: str, size: float) -> list[Stroke]:
        """Strokes that lie in the box or, a ring, about it, and in no other box as much."""
        rng, box = self.rng, in_mm(one.boxes[name])
        others, half = self.others(one, name), self.half(box)
        strokes: list[Stroke] = []
        for n in range(TRIES):
            shrunk = 0.85**n
            if liked == "ring":
                grown = tuple((1.25 + 0.25 * rng.random()) * max(each, 2.0) for each in half)
                strokes = self.set_down(RING, middle(box), (grown[0], grown[1]), loose=False)
            elif liked == "blob":
                at = np.array(self.aim(box)) * 0.6 + np.array(middle(box)) * 0.4
                r = float(rng.uniform(0.45, 0.8)) * min(half) / 1.8
                angle = np.linspace(0, 5 * np.pi, 24)
                points = at + np.column_stack([np.cos(angle), np.sin(angle)]) * (r * np.linspace(0.15, 1, 24))[:, None]
                strokes = [traced(points, replace(self.hand, slack=0.02, tremor_mm=0), rng, tapers=False)]
            elif liked == "filled":
                at = np.array(self.aim(box)) * 0.25 + np.array(middle(box)) * 0.75
                grow = float(np.clip(size, 0.85, 1.08)) * shrunk
                strokes = self.set_down(
                    self.sign_of(liked, name), (at[0], at[1]), (half[0] * grow, half[1] * grow), loose=False
                )
            else:
                grow = size * shrunk * (0.85 if liked == "letter" else 0.95)
                grow = max(grow, 0.75 / min(half)) if liked == "tick" else max(grow, 0.6 / min(half))
                strokes = self.set_down(
                    self.sign_of(liked, name), self.aim(box), (half[0] * grow, half[1] * grow), letter=liked == "letter"
                )
            own, other = lies(strokes, box, others)
            if liked == "ring" and other < 0.02 and own < 0.25:
                return strokes
            if liked != "ring" and own > INSIDE and other < 0.4 * own:
                if other > 0.02:
                    self.told[one.id].flags.append("overrun")
                return strokes
        return (
            strokes
            if liked == "ring"
            else self.set_down(self.sign_of(liked, name), middle(box), (half[0] * 0.7, half[1] * 0.7), loose=False)
        )

    def beside(self, one: Field, name: str, liked: str = "tick") -> bool:
        """Marks next to a box where it is clearly nearer to that box than to any other. Whether there is a place for it."""
        rng, box = self.rng, in_mm(one.boxes[name])
        if box[2] - box[0] > WIDE_MM:
            return False
        others, half = self.others(one, name), self.half(box)
        for _ in range(TRIES):
            grow = float(rng.uniform(0.55, 1.0))
            side = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, 0), (1, 0)][int(rng.integers(6))]
            gap = float(rng.uniform(0.5, 2.6))
            reach = [(box[2] - box[0]) / 2 + gap + half[0] * grow, (box[3] - box[1]) / 2 + gap + half[1] * grow]
            x, y = middle(box)
            at = x + side[0] * reach[0] + float(rng.normal(0, 0.4)), y + side[1] * reach[1] + float(rng.normal(0, 0.4))
            strokes = self.set_down(self.sign_of(liked, name), at, (half[0] * grow, half[1] * grow))
            own, _ = lies(strokes, box, others)
            near, far = nearness(strokes, box), min((nearness(strokes, each) for each in others), default=99.0)
            if own < CLEAR and near < 4.5 and far > 2.2 * near + 1.0:
                self.draw(one, name, strokes)
                told = self.told[one.id]
                told.boxes[name] = Content.BESIDE
                told.flags.append("outside_box")
                return True
        return False


def lies(strokes: Sequence[Stroke], box: Box, others: Sequence[Box]) -> tuple[float, float]:
    """Which share of a mark lies in its box, and which, at most, in another one."""
    points = np.vstack([one.points for one in strokes])
    return _share(points, box, 0.3), max((_share(points, each, 0.2) for each in others), default=0.0)


def nearness(strokes: Sequence[Stroke], box: Box) -> float:
    """How far (mm) the places of a mark are from a box, on the whole."""
    points = np.vstack([one.points for one in strokes])
    away = np.maximum(0, np.maximum(np.array(box[:2]) - points, points - np.array(box[2:])))
    return float(np.hypot(*away.T).mean())


def _share(points: Points, box: Box, more: float) -> float:
    x, y = points.T
    return float(((x > box[0] - more) & (x < box[2] + more) & (y > box[1] - more) & (y < box[3] + more)).mean())
