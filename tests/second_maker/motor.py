"""How a hand moves: strokes as sums of minimum-jerk movements, with the speed and the pressure at every point.

Each movement from one point to the next begins before the last one has ended; by how much says how round the corners are.
Millimetres, seconds; y points down.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Points = NDArray[np.float64]
STEP_MM = 0.07
"""How far apart the points of a finished stroke lie."""


@dataclass(frozen=True)
class Plan:
    """One stroke as it is meant: points (n × 2), how far each movement turns on its way (radians), and how round corners are (0 to 0.8)."""

    points: Points
    bows: tuple[float, ...] = ()
    round: float = 0.2
    flick: float = 0.3

    def moved(self, matrix: NDArray[np.float64], by: Sequence[float]) -> "Plan":
        """The plan after a linear map (2 × 2) and a shift; bows turn the other way in a mirror."""
        way = 1.0 if np.linalg.det(matrix) >= 0 else -1.0
        return Plan(
            self.points @ matrix.T + np.asarray(by), tuple(way * bow for bow in self.bows), self.round, self.flick
        )


@dataclass(frozen=True)
class Muscles:
    """How somebody moves, the whole form through. `pace`: 1 is usual; `tremor` in mm; `wander`: how far a point is missed (share of the length)."""

    pace: float
    tremor: float
    wander: float
    press: float
    uneven: float


@dataclass(frozen=True)
class Stroke:
    """What the tip of the pen did: where (n × 2, mm), how fast (1 is usual), how hard it was pressed (0 to 1.3)."""

    xy: Points
    speed: NDArray[np.float64]
    press: NDArray[np.float64]


def moved(plan: Plan, muscles: Muscles, rng: Rng) -> Stroke:
    """A plan carried out."""
    points = np.asarray(plan.points, np.float64)
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    missed = muscles.wander * np.maximum(lengths, 0.3)
    steps = steps + rng.normal(0, 1, steps.shape) * missed[:, None]
    took = (0.07 + 0.035 * np.sqrt(lengths)) * rng.uniform(0.85, 1.2, len(lengths)) / muscles.pace
    begins = np.concatenate([[0.0], np.cumsum(took[:-1] * (1 - plan.round))])
    times = np.arange(0, float((begins + took).max()) + 1e-9, 0.004)
    where = np.tile(points[0], (len(times), 1)) + rng.normal(0, 0.06, 2)
    skew = rng.uniform(0.8, 1.25)
    for number, step in enumerate(steps):
        done = np.clip((times - begins[number]) / took[number], 0, 1) ** skew
        done = done**3 * (10 - 15 * done + 6 * done**2)
        where = where + _on_the_way(step, plan.bows[number] if number < len(plan.bows) else 0.0, done)
    where = where + _tremor(times, muscles.tremor, rng)
    return _even(where, times, plan, muscles, rng)


def _on_the_way(step: Points, bow: float, done: NDArray[np.float64]) -> Points:
    """How far along an arc with this chord, which turns by `bow`."""
    if abs(bow) < 0.02:
        return np.outer(done, step)
    long = float(np.hypot(*step)) * (bow / 2) / np.sin(bow / 2)
    turned = bow * (done - 0.5)
    along = long * (np.sin(turned) + np.sin(bow / 2)) / bow
    aside = long * (np.cos(bow / 2) - np.cos(turned)) / bow
    way = step / max(1e-9, float(np.hypot(*step)))
    return np.outer(along, way) + np.outer(aside, np.array([-way[1], way[0]]))


def _tremor(times: NDArray[np.float64], size: float, rng: Rng) -> Points:
    total = np.zeros((len(times), 2))
    for hertz in rng.uniform(5, 12, 3):
        total += np.sin(2 * np.pi * (hertz * times[:, None] + rng.random(2))) * size * rng.uniform(0.3, 0.8, 2)
    return total


def _even(where: Points, times: NDArray[np.float64], plan: Plan, muscles: Muscles, rng: Rng) -> Stroke:
    """Points at even distances, with speed and pressure there."""
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(where, axis=0).T))])
    count = max(3, int(gone[-1] / STEP_MM))
    places = np.linspace(0, gone[-1], count)
    xy = np.stack([np.interp(places, gone, where[:, axis]) for axis in (0, 1)], axis=1)
    fast = np.gradient(gone, times) if len(times) > 2 else np.ones(len(times))
    speed = np.interp(places, gone, fast) / 70.0  # 70 mm/s is a usual stroke
    left = places[-1] - places
    down = np.gradient(xy[:, 1]) / max(1e-9, STEP_MM)
    slow = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, 6), rng.normal(0, muscles.uneven, 6))
    press = muscles.press * (1 + 0.15 * np.clip(down, -1, 1) + slow)
    rise, fall = rng.uniform(0.05, 0.5), plan.flick * rng.uniform(0.4, 3.0)
    press = press * np.clip(0.45 + places / rise, 0, 1) * np.clip(0.15 + left / max(0.05, fall), 0, 1)
    return Stroke(xy, speed, np.clip(press, 0.02, 1.3))
