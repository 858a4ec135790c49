"""Somebody with a pen and habits: puts marks of his or her kind, size and place on the sheets of a form. Millimetres.

What a mark means is settled in `truth`; the odd things that people do are in `odd`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from forms.geometry import Box
from forms.marks import Content
from forms.template import Field, Template
from tests.generator.answered import WIDE_MM, Answered, in_mm, middle
from tests.second_maker import shapes
from tests.second_maker.ink import Pen, Sheet
from tests.second_maker.motor import Muscles, Plan, Rng, Stroke, moved

TOUCHED = 0.08
"""Less of a mark's length than this in its box: it stands beside the box."""
CLEARLY_MM = 1.2
"""A mark is this much nearer to its own box than to any other, in the mean of its points."""
KINDS = {"tick": 0.56, "big": 0.05, "cross": 0.17, "slash": 0.05, "fill": 0.04, "scrawl": 0.03, "ring": 0.02, "letter": 0.02,
         "blob": 0.03, "wave": 0.03}  # fmt: skip
OTHERS = {"tick": ["slash", "wave", "big"], "big": ["tick"], "cross": ["cross"], "slash": ["tick"], "fill": ["scrawl"],
          "scrawl": ["fill"], "ring": ["tick"], "letter": ["tick"], "blob": ["fill"], "wave": ["tick"]}  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """What holds for the whole form. `fits`: 1 makes marks as large as the box, 0 as large as ever; `place`: in heights of the box."""

    kind: str
    second: str
    second_share: float
    crosses_no: bool
    size_mm: float
    fits: float
    place: tuple[float, float]
    scatter: float
    lean: float
    yes: float
    ticks: float
    leaves: float


def a_habit(careless: float, rng: Rng) -> Habit:
    """Somebody's habits. `careless` 0 to 1."""
    kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    mixes = rng.random() < 0.15
    few = rng.random() < 0.06  # hardly anything is answered
    return Habit(
        kind, str(rng.choice(OTHERS[kind])), float(rng.uniform(0.1, 0.5)) if mixes else 0.0,
        kind == "tick" and rng.random() < 0.06, float(np.clip(np.exp(rng.normal(1.75, 0.4)), 2.2, 12)), float(rng.uniform(0, 0.9)),
        (float(rng.normal(0.08, 0.12)), float(rng.normal(-0.05, 0.12))), float(rng.uniform(0.04, 0.1 + 0.22 * careless)),
        float(rng.normal(0, 0.15)), float(rng.choice([0.65, 0.9, 0.3])), float(rng.uniform(0.25, 0.85)) * (0.2 if few else 1),
        0.8 if few else float(rng.choice([0.02, 0.1, 0.2])),
    )  # fmt: skip


@dataclass
class Desk:
    """A form being filled in. `instead`: values that are no matter of the boxes alone; `numbers`: of each box among its page's marks."""

    template: Template
    sheets: Sequence[Sheet]
    pen: Pen
    habit: Habit
    taste: shapes.Taste
    muscles: Muscles
    rng: Rng
    told: dict[str, Answered] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    boxes: dict[int, dict[tuple[str, str], Box]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts: Counter[int] = Counter()
        for one in self.template.fields:
            self.told[one.id] = Answered(one.kind, "blank" if one.kind.is_mark else None)
            for name in one.boxes if one.kind.is_mark else ("area",):
                self.numbers[one.id, name] = counts[one.page] = counts[one.page] + 1
                assert counts[one.page] < 255, "a sheet numbers what is written on it in one byte"
                if one.kind.is_mark:
                    self.boxes.setdefault(one.page, {})[one.id, name] = in_mm(one.boxes[name])
                    self.told[one.id].boxes[name] = Content.EMPTY

    def box(self, one: Field, name: str) -> Box:
        """A box in millimetres."""
        return self.boxes[one.page][one.id, name]

    def is_wide(self, one: Field, name: str = "") -> bool:
        """Whether the box is a cell of a table."""
        left, _, right, _ = self.box(one, name or next(iter(one.boxes)))
        return right - left > WIDE_MM

    def pulled(self, plans: Sequence[Plan]) -> list[Stroke]:
        """What the hand makes of plans."""
        return [moved(plan, self.muscles, self.rng) for plan in plans]

    def draw(self, one: Field, name: str | None, plans: Sequence[Plan], pen: Pen | None = None) -> None:
        """Draws plans on the field's page, as the ink of one of its boxes or of none."""
        number = self.numbers[one.id, name] if name else 0
        if name and name in one.boxes:
            self.told[one.id].marks[name] = [number]
        self.sheets[one.page - 1].draw(self.pulled(plans), pen or self.pen, number)

    def kind_for(self, name: str) -> str:
        """Which kind of mark comes next in a box of this name."""
        if self.habit.crosses_no and name == "no":
            return "cross"
        return self.habit.second if self.rng.random() < self.habit.second_share else self.habit.kind

    def mark(self, one: Field, name: str, kind: str = "", size: float | None = None) -> Content:
        """An ordinary mark in a box: draws it, notes what it is, and answers with that."""
        box, rng = self.box(one, name), self.rng
        kind = kind or self.kind_for(name)
        kind = "tick" if kind == "ring" and self.is_wide(one, name) else kind
        plans = shapes.a_mark(kind, self.taste, rng, _wide(box, kind))
        size = size or self._size(box, kind)
        reach = self.habit.place if kind not in ("fill", "scrawl", "ring") else (0.0, 0.0)
        scatter = self.habit.scatter
        for left in reversed(range(6)):
            if left == 0:  # the box lies too close to others for anything but a mark in it
                size, reach, scatter = min(size, 0.9 * (box[3] - box[1])), (0.0, 0.0), 0.0
            strokes = self.pulled(self._placed(plans, box, size, reach, scatter))
            points = np.concatenate([stroke.xy for stroke in strokes])
            over = self._over_others(one, name, points)
            if self.is_nearest(one, name, points) and over < 0.2:
                break
            size, reach, scatter = size * 0.8, (reach[0] * 0.5, reach[1] * 0.5), scatter * 0.5
        number = self.numbers[one.id, name]
        self.sheets[one.page - 1].draw(strokes, self.pen, number)
        told = self.told[one.id]
        told.marks[name] = [number]
        content = shapes.MEANS[kind]
        if kind != "ring" and inside(points, box, 0.3) < TOUCHED:
            content = Content.BESIDE
        told.boxes[name] = content
        high = float(np.ptp(points[:, 1]))
        told.flags += [flag for flag, holds in (
            (shapes.FLAGS.get(kind, ""), kind in shapes.FLAGS), ("overrun", over > 0.03),
            ("outside_box", content is Content.BESIDE and kind != "ring"), ("tiny", high < 2.0 and kind in ("tick", "cross")),
        ) if holds and flag not in told.flags]  # fmt: skip
        return content

    def _size(self, box: Box, kind: str) -> float:
        high = box[3] - box[1]
        spread = float(np.exp(self.rng.normal(0, 0.16)))
        if kind in ("fill", "scrawl"):
            return float(min(high * self.rng.uniform(0.75, 1.25), self.rng.uniform(4, 8)))
        if kind == "ring":
            return high * float(self.rng.uniform(1.5, 2.3))
        if kind == "blob":
            return float(np.clip(0.5 * high * spread, 1.5, 3.2))
        fitted = high * (0.75 if high > 7 else 0.95)
        size = float(np.exp(self.habit.fits * np.log(fitted) + (1 - self.habit.fits) * np.log(self.habit.size_mm)))
        return float(np.clip(size * spread, 1.8, 13.0))

    def _placed(
        self, plans: Sequence[Plan], box: Box, size: float, reach: tuple[float, float], scatter: float
    ) -> list[Plan]:
        """Plans brought to a size and into a box."""
        turn = self.habit.lean + self.rng.normal(0, 0.06)
        turning = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        points = np.concatenate([plan.points for plan in plans]) @ turning.T
        low, high = points.min(axis=0), points.max(axis=0)
        grown = size / max(1e-6, float(max(high[1] - low[1], 0.75 * (high[0] - low[0]))))
        height, width = box[3] - box[1], box[2] - box[0]
        x = (box[0] + box[2]) / 2 + reach[0] * height + self.rng.normal(0, scatter) * min(width, 2 * height)
        y = (box[1] + box[3]) / 2 + reach[1] * height + self.rng.normal(0, scatter) * height
        by = np.array([x, y]) - (low + high) / 2 * grown
        return [plan.moved(turning * grown, by) for plan in plans]

    def is_nearest(self, one: Field, name: str, points: shapes.Points) -> bool:
        """Whether points are clearly nearer to this box than to any other, in the mean (rule 2)."""
        own = float(_away(points, self.box(one, name)).mean())
        others = [box for key, box in self.boxes[one.page].items() if key != (one.id, name)]
        near = CLEARLY_MM if not self.is_wide(one, name) else 0.6
        return all(own + near < float(_away(points, box).mean()) for box in others)

    def _over_others(self, one: Field, name: str, points: shapes.Points) -> float:
        others = [box for key, box in self.boxes[one.page].items() if key != (one.id, name)]
        return max((inside(points, box, 0.0) for box in others), default=0.0)

    def beside(self, one: Field, name: str, size: float) -> tuple[float, float] | None:
        """Where something `size` mm large may stand beside a box: its middle; None where another box is too near."""
        left, top, right, bottom = self.box(one, name)
        gap = self.rng.uniform(0.7, 2.2) + size / 2
        for way in self.rng.permutation([-1, 1]):
            x = right + gap if way > 0 else left - gap
            y = (top + bottom) / 2 + self.rng.normal(0, 0.8)
            spread = np.array([[x + dx, y] for dx in (-size / 2, 0, size / 2)])
            if x > 6 and self.is_nearest(one, name, spread):
                return x, y
        return None


def inside(points: shapes.Points, box: Box, margin: float) -> float:
    """Which share of points lies in a box, grown by a margin."""
    left, top, right, bottom = box
    x, y = points[:, 0], points[:, 1]
    return float(((x > left - margin) & (x < right + margin) & (y > top - margin) & (y < bottom + margin)).mean())


def _away(points: shapes.Points, box: Box) -> shapes.Points:
    x, y = points[:, 0], points[:, 1]
    return np.asarray(
        np.hypot(np.maximum(0, np.maximum(box[0] - x, x - box[2])), np.maximum(0, np.maximum(box[1] - y, y - box[3])))
    )


def _wide(box: Box, kind: str) -> float:
    wide = (box[2] - box[0]) / (box[3] - box[1])
    return float(min(wide, 1.7)) if kind in ("fill", "scrawl", "ring") else 1.0


def at(plans: Sequence[Plan], x: float, y: float, size: float) -> list[Plan]:
    """Plans brought around a place, the longer side of all of them `size` long."""
    points = np.concatenate([plan.points for plan in plans])
    low, high = points.min(axis=0), points.max(axis=0)
    grown = size / max(1e-6, float((high - low).max()))
    return [plan.moved(np.eye(2) * grown, np.array([x, y]) - (low + high) / 2 * grown) for plan in plans]


def bolder(pen: Pen) -> Pen:
    """The pen as it is pressed when somebody scribbles out."""
    return replace(pen, width_mm=pen.width_mm * 1.15, skips=pen.skips * 0.6)


__all__ = ["Desk", "Habit", "a_habit", "at", "bolder", "inside", "middle"]
