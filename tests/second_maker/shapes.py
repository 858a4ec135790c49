"""What people make in a box: plans of marks, about one unit high around their middle, y down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forms.marks import Content
from tests.second_maker.motor import Plan, Points, Rng


@dataclass(frozen=True)
class Taste:
    """How somebody's marks look, the whole form through. `short`: the short leg against the long one; angles in radians from level."""

    short: float
    down: float
    up: float
    round: float
    bend: float
    hook: float
    mirrored: bool
    flick: float
    loose: float


def a_taste(rng: Rng) -> Taste:
    """Somebody's taste. One in eight draws ticks the other way round."""
    return Taste(
        float(rng.uniform(0.12, 0.75)), float(rng.uniform(0.45, 1.4)), float(rng.uniform(0.5, 1.3)),
        float(rng.choice([0.05, 0.2, 0.4, 0.6])), float(rng.normal(0, 0.45)), float(rng.choice([0, 0, 0, 0.6, 1])),
        bool(rng.random() < 0.12), float(rng.choice([0.15, 0.4, 1.2, 2.5])), float(rng.uniform(0.03, 0.16)),
    )  # fmt: skip


MEANS = {
    "tick": Content.TICKED, "big": Content.TICKED, "slash": Content.TICKED, "letter": Content.TICKED, "blob": Content.TICKED,
    "wave": Content.TICKED, "cross": Content.CROSSED, "fill": Content.FILLED, "scrawl": Content.FILLED, "ring": Content.BESIDE,
}  # fmt: skip
FLAGS = {"slash": "slash", "letter": "letter", "blob": "blob", "cross": "cross", "fill": "filled", "scrawl": "filled",
         "ring": "circled_box"}  # fmt: skip


def a_mark(kind: str, taste: Taste, rng: Rng, wide: float = 1.0) -> list[Plan]:
    """The strokes of a mark. `wide`: how many times wider than high the box is, for fills and rings."""
    match kind:
        case "tick" | "big":
            plans = [_tick(taste, rng, 1.6 if kind == "big" else 1.0)]
        case "cross":
            plans = _cross(taste, rng)
        case "slash":
            lean = float(rng.choice([-1, 1], p=[0.15, 0.85])) * rng.uniform(0.25, 1.1)
            plans = [Plan(_at([(-lean / 2, 0.5), (lean / 2, -0.5)]), (_bow(taste, rng),), flick=taste.flick)]
            plans = plans if rng.random() < 0.5 else [Plan(plans[0].points[::-1], plans[0].bows, flick=taste.flick)]
        case "wave":
            plans = [
                Plan(_at([(-0.6, 0.05), (-0.2, 0.25), (0.1, -0.15), (0.7, -0.5)]), (0.4, -0.6, 0.5), 0.5, taste.flick)
            ]
        case "letter":
            fork = rng.uniform(-0.1, 0.15)
            plans = [
                Plan(_at([(-0.35, -0.5), (0, fork)])),
                Plan(_at([(0.35, -0.5), (-0.05 + rng.normal(0, 0.05), 0.5)])),
            ]
        case "blob":
            plans = [_spiral(rng, 3.2, 0.5)]
        case "ring":
            plans = [_ring(rng, wide)]
        case "fill":
            plans = [_zigzag(rng, wide, int(rng.integers(7, 13)), 0.5)]
            plans += [_zigzag(rng, wide, int(rng.integers(5, 10)), 0.45)] if rng.random() < 0.4 else []
        case "scrawl":
            plans = [_tangle(rng, wide)]
        case _:
            raise AssertionError(kind)
    if taste.mirrored and kind in ("tick", "big", "wave"):
        plans = [plan.moved(np.array([[-1.0, 0], [0, 1.0]]), (0, 0)) for plan in plans]
    return plans


def _at(points: Sequence[tuple[float, float]]) -> Points:
    return np.array(points, np.float64)


def _bow(taste: Taste, rng: Rng) -> float:
    return float(np.clip(taste.bend + rng.normal(0, 0.2), -1.4, 1.4))


def _tick(taste: Taste, rng: Rng, long: float) -> Plan:
    down, up = (float(np.clip(a + rng.normal(0, taste.loose), 0.15, 1.5)) for a in (taste.down, taste.up))
    short = taste.short * float(np.exp(rng.normal(0, 1.5 * taste.loose)))
    start = (-short * np.cos(down), -short * np.sin(down))
    tip = (long * np.cos(up), -long * np.sin(up))
    points, bows = [start, (0.0, 0.0), tip], [float(rng.normal(0.1, 0.2)), _bow(taste, rng)]
    if taste.hook >= 1:  # begins with a small loop
        points = [(start[0] - 0.02, start[1] + 0.16), (start[0] - 0.12, start[1] + 0.02), *points]
        bows = [1.6, 1.4, *bows]
    elif taste.hook > 0:
        points, bows = [(start[0] - 0.14, start[1] + 0.1), *points], [0.5, *bows]
    return Plan(_at(points), tuple(bows), taste.round, taste.flick)


def _cross(taste: Taste, rng: Rng) -> list[Plan]:
    ends = [rng.normal(0, taste.loose, 2) for _ in range(4)]
    size = rng.uniform(0.75, 1.25) if rng.random() < 0.5 else 1.0
    half = 0.5 * float(np.clip(1 / np.tan(taste.up), 0.5, 1.3))
    one = _at([(-half, -0.5), (half, 0.5)]) + np.stack(ends[:2])
    two = (_at([(half, -0.5), (-half, 0.5)]) + np.stack(ends[2:])) * size
    bows = (_bow(taste, rng),), (_bow(taste, rng),)
    if taste.round > 0.5 and rng.random() < 0.5:  # not lifted between the strokes
        return [
            Plan(np.concatenate([one, two]), (*bows[0], float(rng.choice([-1.0, 1.0])), *bows[1]), 0.35, taste.flick)
        ]
    return [Plan(one, bows[0], 0.1, taste.flick), Plan(two, bows[1], 0.1, taste.flick)]


def _ring(rng: Rng, wide: float) -> Plan:
    begin, turns = rng.uniform(0, 2 * np.pi), rng.uniform(0.93, 1.25)
    angles = begin + np.linspace(0, turns * 2 * np.pi, 11) * float(rng.choice([-1, 1]))
    grown = 1 + rng.normal(0, 0.05, 11) + np.linspace(0, rng.normal(0, 0.1), 11)
    return Plan(np.stack([np.cos(angles) * wide, np.sin(angles)], axis=1) * grown[:, None] * 0.5, (), 0.6, 0.4)


def _spiral(rng: Rng, turns: float, radius: float) -> Plan:
    angles = np.linspace(0, turns * 2 * np.pi, int(turns * 8))
    out = np.linspace(0.15, 1, len(angles))[:, None] * radius * rng.uniform(0.85, 1.15, (len(angles), 1))
    return Plan(np.stack([np.cos(angles), np.sin(angles)], axis=1) * out, (), 0.5, 0.1)


def _zigzag(rng: Rng, wide: float, lines: int, half: float) -> Plan:
    level = rng.random() < 0.4
    along = np.linspace(-half, half, 2 * lines) + rng.normal(0, 0.02, 2 * lines)
    across = np.where(np.arange(2 * lines) % 2 == 0, -half, half) * rng.uniform(0.8, 1.1, 2 * lines)
    lean = along + 0.35 * across * (1 if rng.random() < 0.7 else -1)
    points = np.stack([across, along], axis=1) if level else np.stack([lean, -across], axis=1)
    return Plan(points * np.array([wide, 1.0]), (), 0.25, 0.2)


def _tangle(rng: Rng, wide: float) -> Plan:
    count = int(rng.integers(9, 18))
    angles = np.cumsum(rng.uniform(1.2, 2.6, count)) * float(rng.choice([-1, 1]))
    points = np.stack([np.cos(angles) * wide, np.sin(angles)], axis=1) * rng.uniform(0.2, 0.55, (count, 1))
    return Plan(points, tuple(rng.normal(0, 0.5, count)), 0.45, 0.3)


def struck(rng: Rng, wide: float) -> list[Plan]:
    """A crossing-out of all that stands in a place one high: a zigzag, a tangle, or several lines through it."""
    how = rng.random()
    if how < 0.4:
        return [_zigzag(rng, wide, int(rng.integers(4, 9)), 0.6)]
    if how < 0.7:
        return [_tangle(rng, 1.1 * wide), _tangle(rng, 1.1 * wide)]
    lines = int(rng.integers(3, 6))
    return [
        Plan(_at([(-0.75 * wide, y + rng.normal(0, 0.06)), (0.75 * wide, y - rng.uniform(0, 0.3))]), flick=0.3)
        for y in np.linspace(-0.3, 0.4, lines)
    ]
