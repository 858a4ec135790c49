"""Marks as pens make them: each a list of strokes, a stroke an array of points (n × 2, millimetres, y downwards).

A mark is drawn around (0, 0) at a wanted size in millimetres; where it lands on the paper is another's business.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]
Strokes = list[Stroke]


@dataclass(frozen=True)
class Hand:
    """How one person moves a pen. `tremor` in mm; `slant` in radians; `size` in mm, the usual height of a mark; `habit`, 0 to 1, which kind of tick;
    `lean`, -1 to 1, to which side of a table's cell.
    """

    tremor: float
    slant: float
    size: float
    spread: float
    roundness: float
    tail: float
    habit: float = 0.5
    lean: float = 0.0


def a_hand(rng: np.random.Generator, *, shaky: bool = False) -> Hand:
    """Somebody's hand."""
    return Hand(
        tremor=float(rng.uniform(0.10, 0.24) if shaky else rng.uniform(0.01, 0.07)),
        slant=float(rng.normal(0.0, 0.16)),
        size=float(np.clip(rng.lognormal(1.45, 0.28), 2.3, 8.5)),
        spread=float(rng.uniform(0.05, 0.45)),
        roundness=float(rng.uniform(0.0, 1.0)),
        tail=float(rng.uniform(0.0, 1.0)),
        habit=float(rng.uniform(0.0, 1.0)),
        lean=float(np.clip(rng.normal(0.0, 0.4), -1, 1)),
    )


def smooth(points: Stroke, rng: np.random.Generator, hand: Hand) -> Stroke:
    """A curve through the points (Catmull-Rom) with the hand's tremor, about five points to the millimetre."""
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    pieces = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        count = max(3, int(np.hypot(*(end - start)) * 5))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        bend = 0.5 * (
            2 * start
            + (end - before) * t
            + (2 * before - 5 * start + 4 * end - after) * t**2
            + (3 * start - before - 3 * end + after) * t**3
        )
        straight = start + (end - start) * t
        pieces.append(bend * hand.roundness + straight * (1 - hand.roundness))
    curve = np.vstack([*pieces, points[-1:]])
    shake = np.cumsum(rng.normal(0, hand.tremor * 0.35, curve.shape), axis=0)
    shake -= np.linspace(0, 1, len(shake))[:, None] * shake[-1]
    return np.asarray(curve + shake, np.float64)


def turned(strokes: Strokes, angle: float) -> Strokes:
    """The strokes turned about (0, 0)."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [stroke @ turn.T for stroke in strokes]


def moved(strokes: Strokes, x: float, y: float) -> Strokes:
    """The strokes moved."""
    return [stroke + np.array([x, y]) for stroke in strokes]


def _about(rng: np.random.Generator, points: list[tuple[float, float]], size: float, loose: float) -> Stroke:
    return np.array(points) * size + rng.normal(0, loose * size, (len(points), 2))


def tick(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """A tick, some with a long tail, some nearly a plain stroke with a hook."""
    short = rng.uniform(0.10, 0.45)
    tail = rng.uniform(0.45, 0.75) + 0.5 * hand.tail * rng.random()
    points = [(-short - 0.05, -rng.uniform(-0.1, 0.25)), (-0.05, 0.42), (tail, -0.5 - 0.45 * hand.tail * rng.random())]
    if rng.random() < 0.4:
        points.insert(2, (tail * 0.5, 0.0))
    if hand.habit < 0.08:  # a v: two arms of one length
        points = [(-tail * 0.6, -0.45), (0, 0.42), (tail * 0.6, -0.5)]
    elif hand.habit < 0.14:  # begun with a little hook
        points = [(-short - 0.2, -0.05), (-short - 0.02, -0.22), *points[1:]]
    strokes = [smooth(_about(rng, points, size, 0.04), rng, hand)]
    if hand.habit > 0.9:  # gone over once more
        strokes.append(smooth(_about(rng, points, size, 0.07), rng, hand))
    return turned(strokes, hand.slant + rng.normal(0, 0.1))


def cross(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """Two strokes that cross, or one that loops."""
    half = 0.5 * rng.uniform(0.8, 1.15)
    one = _about(rng, [(-half, -half), (0, 0), (half, half)], size, 0.06)
    other = _about(rng, [(half, -half), (0, 0), (-half, half)], size, 0.06)
    if rng.random() < 0.18:
        loop = np.vstack([one, _about(rng, [(half * 1.15, 0.1)], size, 0.05), other])
        return turned([smooth(loop, rng, hand)], hand.slant)
    return turned([smooth(one, rng, hand), smooth(other, rng, hand)], hand.slant + rng.normal(0, 0.08))


def slash(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """One stroke."""
    half = 0.55
    way = [(-half, half), (half, -half)] if rng.random() < 0.8 else [(-half, -half), (half, half)]
    return turned([smooth(_about(rng, [way[0], (0, 0), way[1]], size, 0.05), rng, hand)], hand.slant)


def scrawl(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """A few quick strokes to and fro."""
    count = int(rng.integers(3, 7))
    points = [((-1) ** n * rng.uniform(0.3, 0.55), -0.45 + 0.9 * n / count) for n in range(count + 1)]
    return turned([smooth(_about(rng, points, size, 0.06), rng, hand)], rng.uniform(-0.9, 0.9))


def fill(rng: np.random.Generator, hand: Hand, width: float, height: float, *, wild: bool = False) -> Strokes:
    """An area inked over, to and fro. `wild`: over the edge and uneven, as one does to take a mark back."""
    step = rng.uniform(0.22, 0.42) * (1.25 if wild else 1.0)
    w, h = (width * (1.25 if wild else 1.0), height * (1.15 if wild else 1.0))
    count = max(4, int(h / step))
    reach = 0.5 * w * (rng.uniform(0.6, 1.25, count + 1) if wild else rng.uniform(0.8, 1.02, count + 1))
    ys = np.linspace(-h / 2, h / 2, count + 1) + rng.normal(0, (0.16 if wild else 0.05) * step * 2, count + 1)
    points = np.stack([np.where(np.arange(count + 1) % 2, reach, -reach), ys], axis=1)
    strokes = turned([smooth(points, rng, hand)], rng.normal(0, 0.7 if wild else 0.25))
    if wild and rng.random() < 0.5:
        strokes += turned([smooth(points * rng.uniform(0.7, 1.0), rng, hand)], rng.uniform(0.6, 1.6))
    return strokes


def loops(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """Round and round over a place: the other way of scribbling out."""
    turns = rng.uniform(3, 6)
    t = np.linspace(0, 2 * np.pi * turns, int(14 * turns))
    drift = np.linspace(-0.35, 0.35, len(t)) * rng.uniform(0.3, 1)
    wide, high = rng.uniform(0.4, 0.65), rng.uniform(0.3, 0.55)
    points = np.stack([np.cos(t) * wide + drift, np.sin(t) * high], axis=1) * size
    return turned([points + rng.normal(0, hand.tremor + 0.08, points.shape)], rng.uniform(0, 3))


def blob(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """A round deliberate spot, one to two millimetres across."""
    radius = np.clip(size * 0.2, 0.5, 1.1)
    t = np.linspace(0, 2 * np.pi * 4, 60)
    shrink = np.linspace(1, 0.1, 60)
    points = np.stack([np.cos(t) * radius * shrink, np.sin(t) * radius * shrink], axis=1)
    return [points + rng.normal(0, 0.05, points.shape)]


def dot(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """Where a pen rested: a speck or a very short stroke that means nothing."""
    length = rng.uniform(0.05, 0.55)
    angle = rng.uniform(0, 2 * np.pi)
    return [np.array([[0, 0], [np.cos(angle) * length, np.sin(angle) * length]])]


def ring(rng: np.random.Generator, hand: Hand, width: float, height: float) -> Strokes:
    """A ring around something of this width and height."""
    t = np.linspace(-0.3, 2 * np.pi * rng.uniform(0.95, 1.25), 44)
    wide, high = width / 2 + rng.uniform(0.5, 1.6), height / 2 + rng.uniform(0.4, 1.3)
    wobble = 1 + np.cumsum(rng.normal(0, 0.012, len(t)))
    points = np.stack([np.cos(t) * wide * wobble, np.sin(t) * high * wobble], axis=1)
    return turned([points + rng.normal(0, hand.tremor * 0.5, points.shape)], rng.normal(0, 0.08))


def strike(rng: np.random.Generator, hand: Hand, width: float) -> Strokes:
    """A line through a word, or two."""
    half = width / 2 + rng.uniform(0.3, 2.0)
    lines = int(rng.integers(1, 3))
    return [
        smooth(
            np.array([[-half, rng.normal(0, 0.5)], [0, rng.normal(0, 0.25)], [half, rng.normal(0, 0.5)]])
            + np.array([0, n * rng.uniform(0.3, 0.8)]),
            rng,
            hand,
        )
        for n in range(lines)
    ]


_LETTERS: dict[str, list[list[tuple[float, float]]]] = {
    "A": [[(-0.4, 0.5), (0, -0.5), (0.4, 0.5)], [(-0.22, 0.1), (0.22, 0.1)]],
    "B": [[(-0.3, 0.5), (-0.3, -0.5), (0.2, -0.4), (0.15, -0.05), (-0.3, 0.0), (0.3, 0.2), (0.2, 0.5), (-0.3, 0.5)]],
    "C": [[(0.35, -0.35), (0, -0.5), (-0.35, 0), (0, 0.5), (0.35, 0.35)]],
    "D": [[(-0.3, 0.5), (-0.3, -0.5), (0.2, -0.35), (0.35, 0.0), (0.2, 0.35), (-0.3, 0.5)]],
    "E": [[(0.3, -0.5), (-0.3, -0.5), (-0.3, 0.5), (0.3, 0.5)], [(-0.3, 0), (0.2, 0)]],
    "H": [[(-0.3, -0.5), (-0.3, 0.5)], [(0.3, -0.5), (0.3, 0.5)], [(-0.3, 0), (0.3, 0)]],
    "J": [[(0.2, -0.5), (0.2, 0.3), (-0.1, 0.5), (-0.3, 0.25)]],
    "K": [[(-0.3, -0.5), (-0.3, 0.5)], [(0.3, -0.5), (-0.3, 0.05), (0.35, 0.5)]],
    "L": [[(-0.25, -0.5), (-0.25, 0.5), (0.3, 0.5)]],
    "M": [[(-0.4, 0.5), (-0.35, -0.5), (0, 0.2), (0.35, -0.5), (0.4, 0.5)]],
    "N": [[(-0.32, 0.5), (-0.32, -0.5), (0.32, 0.5), (0.32, -0.5)]],
    "O": [[(0, -0.5), (-0.38, -0.1), (-0.2, 0.45), (0.2, 0.45), (0.38, -0.1), (0, -0.5)]],
    "P": [[(-0.3, 0.5), (-0.3, -0.5), (0.3, -0.35), (0.2, 0.0), (-0.3, 0.05)]],
    "R": [[(-0.3, 0.5), (-0.3, -0.5), (0.3, -0.35), (0.15, 0.0), (-0.3, 0.05), (0.35, 0.5)]],
    "S": [[(0.3, -0.4), (0, -0.5), (-0.3, -0.25), (0.25, 0.2), (0, 0.5), (-0.3, 0.4)]],
    "T": [[(-0.4, -0.5), (0.4, -0.5)], [(0, -0.5), (0, 0.5)]],
    "V": [[(-0.35, -0.5), (0, 0.5), (0.35, -0.5)]],
    "X": [[(-0.35, -0.5), (0.35, 0.5)], [(0.35, -0.5), (-0.35, 0.5)]],
    "Y": [[(-0.35, -0.5), (0, 0.0), (0.35, -0.5)], [(0, 0.0), (-0.02, 0.5)]],
    "e": [[(-0.25, 0.1), (0.25, 0.05), (0.1, -0.2), (-0.2, 0.0), (-0.1, 0.45), (0.25, 0.4)]],
    "o": [[(0, -0.1), (-0.25, 0.15), (0, 0.5), (0.25, 0.15), (0, -0.1)]],
    "s": [[(0.2, -0.1), (-0.15, 0.0), (0.15, 0.3), (-0.2, 0.45)]],
    "0": [[(0.05, -0.5), (-0.32, -0.15), (-0.25, 0.4), (0.2, 0.45), (0.33, -0.1), (0.05, -0.52)]],
    "?": [
        [(-0.25, -0.3), (0.0, -0.5), (0.28, -0.3), (0.05, 0.0), (0.0, 0.2)],
        [(0.0, 0.42), (0.02, 0.46)],
    ],
}
INITIALS = "ABCDEHJKLMNPRSTV"


def word(rng: np.random.Generator, hand: Hand, text: str, height: float) -> Strokes:
    """Letters side by side, centred: NO, initials, Y, a question mark."""
    strokes: Strokes = []
    step = height * 0.85
    for place, letter in enumerate(text):
        across = (place - (len(text) - 1) / 2) * step
        for line in _LETTERS[letter]:
            points = _about(rng, line, height, 0.05)
            strokes += moved([smooth(points, rng, hand)], across, float(rng.normal(0, 0.05 * height)))
    return turned(strokes, hand.slant * 0.5)


def dash(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """A level stroke, which stands for none."""
    half = 0.5 * size * rng.uniform(0.8, 1.3)
    points = np.array(
        [[-half, rng.normal(0, 0.08 * size)], [0, rng.normal(0, 0.06 * size)], [half, rng.normal(0, 0.08 * size)]]
    )
    return [smooth(points, rng, hand)]


def through(rng: np.random.Generator, hand: Hand, size: float) -> Strokes:
    """One quick stroke through a mark of this size, to take it back: level, or aslant."""
    half = size * rng.uniform(0.7, 1.3)
    angle = rng.normal(0, 0.35) if rng.random() < 0.6 else rng.choice([-1, 1]) * rng.uniform(0.5, 1.0)
    points = np.array([[-half, 0], [rng.normal(0, 0.1) * half, rng.normal(0, 0.06) * half], [half, 0]])
    points = points + rng.normal(0, 0.04 * size, points.shape)
    again = [points + np.array([rng.normal(0, 0.3), rng.uniform(0.4, 1.0)])] if rng.random() < 0.25 else []
    return turned([smooth(one, rng, hand) for one in (points, *again)], float(angle))


def staple(rng: np.random.Generator) -> Strokes:
    """A staple of 10 to 13 mm: quite straight, as no hand draws."""
    long = rng.uniform(10, 13)
    bar = np.linspace([-long / 2, 0], [long / 2, 0], 30)
    ends = [
        np.array([[side * long / 2, 0], [side * (long / 2 - rng.uniform(0.5, 2.0)), rng.uniform(0.3, 0.9)]])
        for side in (-1, 1)
    ]
    return turned([bar, *ends], float(rng.uniform(-0.8, 0.8)))


def hair(rng: np.random.Generator) -> Strokes:
    """A hair or a thread on the glass: thin, smooth, and longer than any mark."""
    long = rng.uniform(9, 32)
    bend = rng.uniform(-1, 1, 3)
    t = np.linspace(-0.5, 0.5, 60)
    ys = long * (bend[0] * 0.35 * np.sin(t * 3) + bend[1] * 0.15 * np.sin(t * 6 + 1) + bend[2] * 0.05 * np.sin(t * 11))
    curve = np.stack([t * long, ys], axis=1)
    return turned([curve - curve[int(rng.integers(10, 50))]], float(rng.uniform(0, 2 * np.pi)))


def initials(rng: np.random.Generator, hand: Hand) -> Strokes:
    """Two capitals."""
    return word(rng, hand, "".join(rng.choice(list(INITIALS), 2)), rng.uniform(2.4, 4.0))


def signature(rng: np.random.Generator, hand: Hand, width: float, height: float) -> Strokes:
    """A run of loops that nobody could read."""
    count = int(rng.integers(8, 18))
    xs = np.linspace(-width / 2, width / 2, count) + rng.normal(0, width / count * 0.6, count)
    ys = rng.normal(0, 0.28, count) * height * np.linspace(1.2, 0.6, count)
    strokes = [smooth(np.stack([xs, ys], axis=1), rng, Hand(hand.tremor, 0, hand.size, 0, 1.0, 0))]
    if rng.random() < 0.4:
        under = np.array([[-width * 0.4, height * 0.4], [width * 0.5, height * 0.3]])
        strokes.append(smooth(under, rng, hand))
    return turned(strokes, float(rng.normal(-0.04, 0.05)))


STYLES: dict[str, Callable[[np.random.Generator, Hand, float], Strokes]] = {
    "tick": tick,
    "cross": cross,
    "slash": slash,
    "scrawl": scrawl,
    "blob": blob,
    "letter": lambda rng, hand, size: word(rng, hand, str(rng.choice(["Y", "X", "V"])), max(2.2, 0.8 * size)),
}
STYLES["question"] = lambda rng, hand, size: word(rng, hand, "?", max(2.2, 0.8 * size))
