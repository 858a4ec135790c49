"""Written words: capitals and figures as strokes in a square of one, and running writing that is none in particular."""

import numpy as np

from tests.second_maker.motor import Plan, Rng

Strokes = list[list[tuple[float, float]]]
SIGNS: dict[str, Strokes] = {
    "0": [[(0.5, 0), (0.1, 0.35), (0.2, 0.85), (0.5, 1), (0.85, 0.7), (0.8, 0.2), (0.48, 0)]],
    "1": [[(0.3, 0.2), (0.55, 0), (0.52, 1)]],
    "2": [[(0.1, 0.2), (0.45, 0), (0.8, 0.25), (0.1, 1), (0.9, 0.97)]],
    "3": [[(0.15, 0.1), (0.6, 0), (0.75, 0.25), (0.4, 0.47), (0.8, 0.7), (0.5, 1), (0.1, 0.9)]],
    "4": [[(0.5, 0), (0.1, 0.65), (0.9, 0.65)], [(0.65, 0.35), (0.62, 1)]],
    "5": [[(0.75, 0), (0.25, 0.02), (0.2, 0.45), (0.7, 0.5), (0.75, 0.85), (0.4, 1), (0.1, 0.9)]],
    "6": [[(0.7, 0), (0.2, 0.5), (0.25, 0.95), (0.65, 0.95), (0.7, 0.6), (0.25, 0.65)]],
    "7": [[(0.1, 0.02), (0.85, 0), (0.4, 1)]],
    "8": [[(0.7, 0.15), (0.4, 0), (0.2, 0.25), (0.7, 0.7), (0.5, 1), (0.2, 0.8), (0.7, 0.25)]],
    "9": [[(0.75, 0.2), (0.4, 0), (0.2, 0.35), (0.6, 0.5), (0.75, 0.15), (0.6, 1)]],
    "A": [[(0.05, 1), (0.5, 0), (0.95, 1)], [(0.2, 0.65), (0.8, 0.6)]],
    "B": [[(0.15, 0), (0.12, 1)], [(0.15, 0.02), (0.7, 0.2), (0.2, 0.48), (0.8, 0.75), (0.12, 1)]],
    "E": [[(0.85, 0), (0.15, 0.02), (0.12, 0.98), (0.88, 1)], [(0.15, 0.5), (0.7, 0.48)]],
    "J": [[(0.65, 0), (0.62, 0.8), (0.35, 1), (0.1, 0.8)]],
    "K": [[(0.15, 0), (0.15, 1)], [(0.8, 0), (0.2, 0.5), (0.85, 1)]],
    "L": [[(0.15, 0), (0.13, 0.98), (0.8, 1)]],
    "M": [[(0.08, 1), (0.12, 0), (0.5, 0.7), (0.88, 0), (0.95, 1)]],
    "N": [[(0.12, 1), (0.14, 0), (0.84, 1), (0.86, 0)]],
    "O": [[(0.55, 0), (0.1, 0.4), (0.3, 0.95), (0.75, 0.9), (0.9, 0.4), (0.5, 0)]],
    "R": [[(0.15, 1), (0.15, 0), (0.75, 0.15), (0.2, 0.5), (0.85, 1)]],
    "S": [[(0.8, 0.12), (0.4, 0), (0.2, 0.25), (0.75, 0.65), (0.55, 0.98), (0.1, 0.88)]],
    "T": [[(0.05, 0.02), (0.95, 0)], [(0.5, 0.02), (0.48, 1)]],
    "Y": [[(0.1, 0), (0.5, 0.5)], [(0.9, 0), (0.4, 1)]],
    "?": [[(0.15, 0.2), (0.5, 0), (0.85, 0.2), (0.5, 0.5), (0.48, 0.72)], [(0.47, 0.95), (0.5, 0.98)]],
    "-": [[(0.05, 0.5), (0.95, 0.48)]],
    "/": [[(0.8, 0), (0.2, 1)]],
}


def written(words: str, left: float, top: float, high: float, rng: Rng, slant: float = 0.1) -> list[Plan]:
    """Capitals and figures from this corner on (mm), `high` mm high. Round figures come of round corners."""
    plans, x = [], left
    for sign in words:
        if sign == " ":
            x += 0.6 * high
            continue
        wide = high * rng.uniform(0.5, 0.7)
        lean = np.array([[wide, -slant * high], [0, high * rng.uniform(0.9, 1.1)]])
        rounded = 0.5 if sign in "0235689OSJ?BR" else 0.12
        for stroke in SIGNS[sign]:
            points = np.array(stroke) - [0, 1]
            plans.append(Plan(points @ lean.T + [x, top + high + rng.normal(0, 0.05 * high)], (), rounded, 0.2))
        x += wide + high * rng.uniform(0.12, 0.25)
    return plans


def running(left: float, base: float, long: float, high: float, rng: Rng) -> list[Plan]:
    """Running writing of no words in particular on a base line: letters without and with tails, in words."""
    plans, x = [], left
    while x < left + long - high:
        points: list[tuple[float, float]] = []
        for _ in range(int(rng.integers(3, 9))):
            up = high * (rng.uniform(0.4, 0.6) if rng.random() < 0.7 else rng.uniform(0.9, 1.2))
            down = high * (rng.normal(0, 0.04) if rng.random() < 0.88 else 0.5)
            step = high * rng.uniform(0.25, 0.5)
            points += [
                (x, base + rng.normal(0, 0.04) * high),
                (x + 0.7 * step, base - up),
                (x + 0.5 * step, base + down),
            ]
            x += 1.5 * step
            if x > left + long:
                break
        plans.append(Plan(np.array(points), tuple(rng.normal(0.3, 0.4, len(points))), 0.4, 0.4))
        x += high * rng.uniform(0.3, 0.7)
    return plans


def signature(left: float, base: float, long: float, high: float, rng: Rng) -> list[Plan]:
    """A name as somebody signs: a large beginning, waves that flatten out, often a line under it."""
    count = int(rng.integers(6, 16))
    xs = left + long * np.sort(rng.random(count)) * rng.uniform(0.35, 0.9)
    ys = base - high * np.where(np.arange(count) % 2 == 0, 0, 1) * np.linspace(1.0, 0.25, count) * rng.uniform(
        0.5, 1.2, count
    )
    plans = [Plan(np.stack([xs, ys], axis=1), tuple(rng.normal(0, 0.9, count)), 0.45, 1.5)]
    if rng.random() < 0.4:
        plans.append(
            Plan(np.array([[xs[-1], base + 0.5], [xs[0], base + 1.2], [xs[-1] + 4, base + 0.3]]), (0.3, -0.4), 0.4, 2.0)
        )
    return plans
