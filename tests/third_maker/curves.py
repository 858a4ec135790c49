"""From control points to what the tip of a pen does: where it goes, in millimetres, and how hard it is pressed. Pure but for the draws."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Points = NDArray[np.float64]
STEP_MM = 0.07
"""How far apart the places of a stroke are."""


@dataclass(frozen=True)
class Hand:
    """How somebody moves a pen.

    `sharp`: 0 rounds every corner, 1 draws straight from point to point; `slack`: how far (share of the sign) points are missed;
    `tremor_mm` and `per_mm`: size and number of shakes; `wobble`: slow wandering (share of the sign); `press`: how hard, 1 is plain;
    `lift`: how much of the press is left where a quick stroke ends; `attack`: of how much it lands; `pauses`: how often the tip rests.
    """

    sharp: float = 0.3
    slack: float = 0.06
    tremor_mm: float = 0.0
    per_mm: float = 0.6
    wobble: float = 0.02
    press: float = 1.0
    lift: float = 0.6
    attack: float = 0.9
    pauses: float = 0.05


@dataclass(frozen=True)
class Stroke:
    """Where the tip goes (n × 2, millimetres on the sheet), and how hard it is pressed there (n; 1 is plain)."""

    points: Points
    press: NDArray[np.float64]
    rests: tuple[int, ...] = ()
    """At which of the places the tip rests for a moment."""


def a_hand(harm: float, rng: Rng) -> Hand:
    """Somebody's: `harm` from 0 (a clean form) to 1. About one in twelve is old and shakes, one in twelve a child."""
    kind = rng.choice(["plain", "quick", "old", "child"], p=[0.52, 0.32, 0.08, 0.08])
    press = float(np.clip(rng.lognormal(0, 0.16 + 0.14 * harm), 0.5, 1.6))
    match kind:
        case "quick":
            return Hand(
                float(rng.uniform(0, 0.5)), 0.11, 0.0, 0.5, 0.03, press * 0.95, float(rng.uniform(0.25, 0.6)), 0.7, 0.01
            )
        case "old":
            shake = float(rng.uniform(0.06, 0.24))
            return Hand(
                float(rng.uniform(0, 0.4)), 0.1, shake, float(rng.uniform(0.35, 0.8)), 0.05, press, 0.75, 0.8, 0.3
            )
        case "child":
            return Hand(float(rng.uniform(0.3, 0.9)), 0.13, 0.04, 0.4, 0.08, press * 1.25, 0.95, 1.1, 0.25)
        case _:
            return Hand(float(rng.uniform(0.1, 0.8)), 0.06, float(rng.uniform(0, 0.03)), 0.6, 0.02, press,
                        float(rng.uniform(0.5, 0.9)), 0.95, 0.06)  # fmt: skip


def calm(hand: Hand) -> Hand:
    """The same hand, taking care over a letter or a figure."""
    return replace(
        hand,
        slack=min(hand.slack, 0.04),
        tremor_mm=min(hand.tremor_mm, 0.1),
        wobble=min(hand.wobble, 0.03),
        sharp=min(hand.sharp, 0.7),
    )


def _through(points: Points, sharp: float) -> Points:
    """A curve through control points (k × 2), many places to each piece."""
    if len(points) < 3:
        t = np.linspace(0, 1, 40)[:, None]
        return np.asarray(points[0] + (points[-1] - points[0]) * t)
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 24, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        round_ = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        pieces.append((1 - sharp) * round_ + sharp * (b + (c - b) * t))
    return np.vstack([*pieces, points[-1:]])


def _evenly(points: Points) -> Points:
    steps = np.hypot(*np.diff(points, axis=0).T)
    far = np.concatenate([[0.0], np.cumsum(steps)])
    where = np.linspace(0, far[-1], max(2, int(far[-1] / STEP_MM) + 1))
    return np.column_stack([np.interp(where, far, points[:, axis]) for axis in (0, 1)])


def _slowly(n: int, every: int, rng: Rng) -> NDArray[np.float64]:
    """n values that wander slowly about 0, by about 1."""
    knots = rng.normal(0, 1, max(2, n // max(1, every) + 2))
    return np.interp(np.linspace(0, len(knots) - 1, n), np.arange(len(knots)), knots)


def traced(points: Sequence[Sequence[float]] | Points, hand: Hand, rng: Rng, tapers: bool = True) -> Stroke:
    """The stroke that a hand makes of control points in millimetres. `tapers`: it may lift the pen as it goes."""
    given = np.asarray(points, float)
    steps = np.hypot(*np.diff(given, axis=0).T)
    size = float(
        min(np.ptp(given, axis=0).max(), 2.2 * np.median(steps))
    )  # of a long line of writing, about that of a letter
    aimed = given + rng.normal(0, hand.slack * max(0.6, size) * 0.5, given.shape)
    path = _evenly(_through(aimed, hand.sharp))
    n = len(path)
    along = np.gradient(path, axis=0) if n > 2 else np.repeat(path[1:] - path[:1], n, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(1e-9, np.hypot(*along.T))[:, None]
    off = hand.wobble * size * _slowly(n, 30, rng)
    if hand.tremor_mm:
        turn = np.cumsum(2 * np.pi * hand.per_mm * STEP_MM * (1 + 0.35 * _slowly(n, 8, rng)))
        off = off + hand.tremor_mm * np.sin(turn + rng.uniform(0, 6)) * (0.7 + 0.3 * _slowly(n, 12, rng))
    path = path + across * off[:, None]
    t = np.linspace(0, 1, n)
    press = hand.press * (1 + 0.08 * _slowly(n, 25, rng))
    press = press * np.minimum(1, hand.attack + (1 - hand.attack) * t / 0.15)
    if tapers:
        press = press * np.where(t > 0.6, 1 - (1 - hand.lift) * (np.maximum(0, t - 0.6) / 0.4) ** 1.5, 1)
    rests = tuple(int(one) for one in rng.integers(0, n, rng.poisson(hand.pauses)))
    return Stroke(path, np.clip(press, 0.15, 1.8), rests)
