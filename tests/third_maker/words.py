"""Writing: capitals and figures of control points, running hand of loops and humps, and signatures. Pure but for the draws."""

import numpy as np

from tests.third_maker.curves import Hand, Rng, Stroke, calm, traced
from tests.third_maker.signs import LETTERS

LOOPS = {
    "n": [(0.0, 0.0), (0.05, -0.9), (0.35, -1.0), (0.5, 0.0)],
    "u": [(0.0, -0.9), (0.12, -0.1), (0.35, 0.0), (0.5, -0.9), (0.55, 0.0)],
    "e": [(0.0, -0.3), (0.35, -0.6), (0.2, -1.0), (0.0, -0.4), (0.25, 0.05), (0.5, -0.2)],
    "l": [(0.0, -0.2), (0.4, -1.9), (0.2, -2.1), (0.15, -0.2), (0.4, 0.0)],
    "g": [(0.35, -0.9), (0.0, -0.7), (0.1, 0.0), (0.4, -0.6), (0.35, 0.9), (0.05, 1.1), (0.5, 0.0)],
    "i": [(0.0, -0.1), (0.12, -0.95), (0.16, -0.1), (0.35, 0.0)],
}


def lettered(words: str, left: float, middle: float, high: float, hand: Hand, rng: Rng) -> list[Stroke]:
    """Capitals or figures `high` mm high, one after the other from `left` on; `middle`: the height (mm) of their middle."""
    strokes, x = [], left
    for sign in words:
        if sign == " ":
            x += 0.5 * high
            continue
        drawn = LETTERS[sign]
        wide = 0.46 if sign in "1/" else 0.74 if sign != "M" else 0.9
        lean = rng.normal(0.1, 0.05)
        x += wide * high / 2
        for points in drawn:
            at = points * high / 2 * rng.uniform(0.94, 1.06)
            at = (
                at
                + np.column_stack([-lean * at[:, 1], 0 * at[:, 1]])
                + np.array([x, middle + rng.normal(0, 0.04 * high)])
            )
            strokes.append(traced(at, calm(hand), rng, tapers=False))
        x += wide * high / 2 + 0.06 * high
    return strokes


def width_of(words: str, high: float) -> float:
    """How wide (mm) letters of this height come out."""
    return sum(0.5 if one == " " else 0.52 if one in "1/" else 0.8 if one != "M" else 0.96 for one in words) * high


def running(left: float, base: float, long: float, high: float, hand: Hand, rng: Rng) -> list[Stroke]:
    """Running hand of no words, `long` mm of it; `high`: from foot to the top of a tall letter, mm."""
    strokes, x, low = [], left, high / 2.1
    while x < left + long:
        points: list[tuple[float, float]] = []
        for _ in range(int(rng.integers(3, 8))):
            letter = LOOPS[str(rng.choice(list(LOOPS)))]
            wide = low * rng.uniform(0.9, 1.3)
            points += [(x + (dx - 0.16 * dy) * wide, base + dy * low * rng.uniform(0.85, 1.1)) for dx, dy in letter]
            x += 0.6 * wide
            if x > left + long:
                break
        strokes.append(traced(np.array(points), hand, rng))
        x += 0.7 * low
    return strokes


def signature(left: float, base: float, long: float, high: float, hand: Hand, rng: Rng) -> list[Stroke]:
    """A large first loop, a line that dies away, often a stroke under it."""
    first = [(0.0, 0.1), (0.5, -0.8), (0.75, -1.0), (0.35, -0.1), (0.1, 0.2), (0.9, 0.0)]
    points = [(left + x * high * 0.7, base + y * high) for x, y in first]
    x = points[-1][0]
    while x < left + long:
        step, dip = rng.uniform(0.15, 0.35) * high, rng.uniform(0.1, 0.45) * high * (1 - 0.6 * (x - left) / long)
        points += [(x + 0.4 * step, base - dip), (x + step, base + 0.1 * dip)]
        x += step
    strokes = [traced(np.array(points), hand, rng)]
    if rng.random() < 0.45:
        under = [
            (left + 0.2 * long, base + 0.35 * high),
            (left + 0.6 * long, base + 0.25 * high),
            (left + long, base + 0.3 * high),
        ]
        strokes.append(traced(np.array(under), hand, rng))
    return strokes
