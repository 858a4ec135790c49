"""Draws written dates with known truth, to fit and to prove the model of figures: script/train-digits uses it.

Four kinds of hands: figures, pen paths and typefaces of other people (`hands`), and pen strokes drawn here. Fit and proof never share
a hand of other people or a random seed.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from hands import Hands, Level
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

KINDS, SHARES = ("mnist", "path", "typeface", "stroke"), (0.35, 0.2, 0.25, 0.2)
"""Kinds of hands, and how often each writes."""
CLOSELY, OVERLAP = 0.3, (-0.25, 0.04)
"""How many writers let the figures of one number touch, and the gap that these leave, in widths of a figure: less than nothing is an overlap."""
SQUEEZED = 0.15
"""How often a date that heeds no places stands in the first third of its field."""
TIED = 0.25
"""How often such a writer goes on to the next figure without lifting the pen."""

Corner = tuple[int, int]
"""A place on the canvas: across, down, in pixels."""

# Pen strokes of each figure in a box 0..1 (x right, y down), in the ways they are written in Britain.
_STROKES: dict[str, list[list[list[tuple[float, float]]]]] = {
    "0": [
        [[(0.55, 0), (0.1, 0.25), (0.05, 0.7), (0.4, 1), (0.85, 0.75), (0.85, 0.25), (0.5, 0.0)]],
        [[(0.5, 0.03), (0.9, 0.3), (0.85, 0.8), (0.45, 1), (0.1, 0.7), (0.12, 0.25), (0.6, 0.02)]],
    ],
    "1": [[[(0.5, 0), (0.5, 1)]], [[(0.3, 0.2), (0.5, 0), (0.5, 1)]], [[(0.55, 0), (0.45, 1)]],
          [[(0.25, 0.25), (0.5, 0), (0.5, 1)], [(0.2, 1), (0.8, 1)]], [[(0.75, 0), (0.25, 1)]],
          [[(0.1, 0.42), (0.55, 0), (0.5, 1)]]],
    "2": [
        [[(0.1, 0.25), (0.4, 0), (0.85, 0.2), (0.7, 0.55), (0.05, 1), (0.95, 0.97)]],
        [[(0.1, 0.2), (0.5, 0), (0.85, 0.25), (0.5, 0.7), (0.1, 0.95), (0.2, 0.75), (0.5, 0.95), (0.95, 0.9)]],
        [[(0.1, 0.1), (0.9, 0.05), (0.5, 0.5), (0.08, 0.97), (0.95, 0.95)]],
    ],
    "3": [
        [[(0.1, 0.1), (0.55, 0), (0.85, 0.22), (0.4, 0.47), (0.85, 0.7), (0.5, 1), (0.05, 0.88)]],
        [[(0.1, 0.02), (0.85, 0.02), (0.4, 0.42), (0.85, 0.65), (0.6, 1), (0.05, 0.9)]],
    ],
    "4": [
        [[(0.55, 0), (0.05, 0.65), (0.95, 0.62)], [(0.7, 0.3), (0.65, 1)]],
        [[(0.15, 0.02), (0.1, 0.5), (0.85, 0.5)], [(0.75, 0.0), (0.7, 1)]],
        [[(0.65, 1), (0.7, 0), (0.05, 0.65), (0.95, 0.65)]],
        [[(0.55, 0.02), (0.12, 0.5), (0.2, 0.58), (0.95, 0.52)], [(0.68, 0.0), (0.6, 1)]],
        [[(0.3, 0.02), (0.12, 0.45), (0.3, 0.55), (0.8, 0.48)], [(0.72, 0.05), (0.66, 0.5), (0.5, 1)]],
    ],
    "5": [
        [[(0.85, 0.0), (0.25, 0.02), (0.15, 0.42), (0.6, 0.38), (0.85, 0.68), (0.5, 1), (0.05, 0.9)]],
        [[(0.25, 0.05), (0.15, 0.45), (0.65, 0.42), (0.8, 0.75), (0.4, 1), (0.05, 0.92)], [(0.25, 0.05), (0.9, 0.0)]],
    ],
    "6": [
        [[(0.75, 0.0), (0.25, 0.35), (0.1, 0.75), (0.45, 1), (0.85, 0.75), (0.5, 0.5), (0.15, 0.75)]],
        [[(0.45, 0.0), (0.12, 0.6), (0.4, 1), (0.8, 0.85), (0.65, 0.55), (0.2, 0.75)]],
    ],
    "7": [
        [[(0.05, 0.03), (0.9, 0.0), (0.4, 1)]],
        [[(0.05, 0.05), (0.9, 0.03), (0.35, 1)], [(0.3, 0.5), (0.85, 0.48)]],
        [[(0.08, 0.2), (0.1, 0.03), (0.9, 0.02), (0.55, 0.5), (0.45, 1)]],
        [[(0.1, 0.08), (0.5, 0.12), (0.88, 0.0), (0.6, 0.45), (0.5, 1)]],
    ],
    "8": [
        [[(0.8, 0.15), (0.4, 0.0), (0.2, 0.25), (0.75, 0.65), (0.6, 1), (0.15, 0.85), (0.35, 0.55), (0.8, 0.15)]],
        [[(0.5, 0.45), (0.15, 0.22), (0.5, 0), (0.85, 0.22), (0.5, 0.45), (0.1, 0.75), (0.5, 1), (0.9, 0.75), (0.5, 0.45)]],
    ],
    "9": [
        [[(0.8, 0.2), (0.45, 0), (0.12, 0.25), (0.4, 0.5), (0.8, 0.2), (0.75, 0.6), (0.65, 1)]],
        [[(0.8, 0.1), (0.3, 0.05), (0.15, 0.4), (0.6, 0.45), (0.82, 0.05), (0.8, 0.7), (0.5, 1), (0.15, 0.92)]],
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Hand:
    """One writer of one date: kind of hand, which of its kind, thickness of the pen and height of a figure in pixels, how far off the line.

    `close`: the gap between the figures of one number, in widths of a figure; None for a usual one.
    """

    kind: str
    source: int
    thick: float
    tall: float
    lift: float
    close: float | None = None


@dataclass(frozen=True)
class Paper:
    """Where to write: height and width of the picture, the middle of the field, and the line to write on, if there is one; in pixels."""

    size: tuple[int, int]
    middle: float
    foot: float | None = None


class Writer:
    """Draws dates in many hands."""

    def __init__(self, hands: Hands, seed: int) -> None:
        self._hands, self._random = hands, np.random.default_rng(seed)
        self._fonts = [ImageFont.truetype(io.BytesIO(data), size) for data in hands.typefaces for size in (44, 56)]
        self._known: dict[tuple[int, str], Level] = {}

    def text(self) -> str:
        """A date as people write it, `/` for whatever stands between: mostly of the last thirty years."""
        r = self._random
        day, month = int(r.integers(1, 32)), int(r.integers(1, 13))
        year = int(r.integers(1996, 2031)) if r.random() < 0.85 else int(r.integers(1900, 2100))
        if r.random() < 0.06:
            day, month = int(r.integers(0, 100)), int(r.integers(0, 100))
        wide = r.random() < 0.72
        first, second = (f"{day:02}", f"{month:02}") if wide else (f"{day}", f"{month}")
        return f"{first}/{second}/{year:04}" if r.random() < 0.7 else f"{first}/{second}/{year % 100:02}"

    def plausible(self, latest: int) -> tuple[str, str, str]:
        """Day, month and year as they stand on a form that came in that year."""
        r = self._random
        year = int(r.integers(latest - 25, latest + 1))
        day, month = int(r.integers(1, 29)), int(r.integers(1, 13))
        wide = r.random() < 0.75
        return (f"{day:02}" if wide else f"{day}", f"{month:02}" if wide else f"{month}", f"{year}")

    def figure(self, name: str, kind: str, source: int, pen: float) -> Level:
        """One figure, about 40 pixels high."""
        if kind == "mnist":
            return self._mnist(name, pen)
        if kind == "path":
            return self._traced(name, pen)
        if kind == "typeface":
            return self._typed(name, source)
        return self._stroked(name, source, pen)

    def _mnist(self, name: str, pen: float) -> Level:
        pool = self._hands.figures[name]
        small = pool[int(self._random.integers(len(pool)))]
        rows, columns = np.flatnonzero(small.max(axis=1) > 60), np.flatnonzero(small.max(axis=0) > 60)
        cut = small[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        large = cv2.resize(cut, None, fx=40 / cut.shape[0], fy=40 / cut.shape[0], interpolation=cv2.INTER_CUBIC)
        large = cv2.GaussianBlur(np.pad(large, 6), (0, 0), 1.2)
        # MNIST was written with a thick pen: a higher border thins its strokes.
        border = float(np.interp(pen, (2, 6), (200, 105)))
        sharp: Level = np.clip((large.astype(np.float32) - border) * 6 + 128, 0, 255).astype(np.uint8)
        return sharp

    def _typed(self, name: str, source: int) -> Level:
        key = (source, name)
        if key not in self._known:
            image = Image.new("L", (120, 140), 0)
            ImageDraw.Draw(image).text((30, 30), name, fill=255, font=self._fonts[source])
            whole = np.asarray(image)
            columns = np.flatnonzero(whole.max(axis=0) > 60)
            self._known[key] = whole[:, columns[0] : columns[-1] + 1] if len(columns) else whole[:, :4]
        return self._known[key]

    def _stroked(self, name: str, source: int, pen: float) -> Level:
        r = self._random
        ways = _STROKES[name]
        strokes = ways[source % len(ways)] if r.random() < 0.8 else ways[int(r.integers(len(ways)))]
        return self._drawn([np.array(one) + r.normal(0, 0.045, (len(one), 2)) for one in strokes], (0.42, 0.75), pen)

    def _traced(self, name: str, pen: float) -> Level:
        pool = self._hands.paths[name]
        # Every path of the set fills its square; a one is narrow on paper.
        wide = (0.1, 0.45) if name == "1" else (0.42, 0.8)
        return self._drawn([pool[int(self._random.integers(len(pool)))]], wide, pen)

    def _drawn(self, strokes: Sequence[NDArray[np.float64]], wide: tuple[float, float], pen: float) -> Level:
        r = self._random
        height, width = 40 * r.uniform(0.85, 1.15), 40 * r.uniform(*wide)
        canvas = np.zeros((64, 64), np.uint8)
        for stroke in strokes:
            points = stroke * (width, height) + (9, 9)
            curve = (_smooth(points) * 8).astype(np.int32)
            cv2.polylines(canvas, [curve.reshape(-1, 1, 2)], False, 255, max(1, round(pen)), cv2.LINE_AA, shift=3)
        columns = np.flatnonzero(canvas.max(axis=0) > 60)
        return canvas[:, columns[0] : columns[-1] + 1]

    def in_places(
        self, parts: Sequence[str], spans: Sequence[Sequence[tuple[float, float]]], hand: Hand, paper: Paper
    ) -> Level:
        """A date written into places of a form: one figure to a cell, or day, month and year each into a gap."""
        r = self._random
        canvas = np.zeros(paper.size, np.uint8)
        wave = abs(r.normal(0, 1.5))
        for part, cells in zip(parts, spans, strict=True):
            if len(cells) == 1:
                (left, right), figures = cells[0], [self._by(hand, sign) for sign in part]
                usual = r.normal(4, 2.0) * hand.tall / 45
                steps = [one.shape[1] + self._gap(hand, one, usual) for one, _ in figures]
                # Whoever has little room writes small.
                narrow = min(1.0, (right - left) * 1.08 / sum(steps))
                at = left + abs(r.normal(0, 0.08)) * (right - left)
                last: Corner | None = None
                for figure, step in zip(figures, steps, strict=True):
                    last = self._stand(canvas, figure, at, hand, paper, wave, narrow, last)
                    at += step * narrow
                continue
            # A single figure of two cells stands in the second by the form's own hint, mostly.
            first = len(cells) - len(part) if r.random() < 0.8 else 0
            for sign, (left, right) in zip(part, cells[first:], strict=False):
                figure = self._by(hand, sign)
                at = (left + right - figure[0].shape[1]) / 2 + r.normal(0, 0.10) * (right - left)
                self._stand(canvas, figure, at, hand, paper, 2.5)
        return self._leant(canvas)

    def over(self, text: str, hand: Hand, paper: Paper) -> Level:
        """A date written across a field without heeding its places, with slashes, dashes, dots or spaces of the writer's own."""
        r = self._random
        canvas = np.zeros(paper.size, np.uint8)
        between = str(r.choice(["/", "-", ".", " "], p=[0.5, 0.18, 0.17, 0.15]))
        wave, gap = abs(r.normal(0, 2.0)), r.normal(4, 2.5) * hand.tall / 45
        drawn = [None if sign == "/" else self._by(hand, sign) for sign in text]
        apart = {"/": 0.7, "-": 0.75, ".": 0.5, " ": 0.8}[between] * hand.tall
        steps = [apart if one is None else one[0].shape[1] + self._gap(hand, one[0], gap) for one in drawn]
        long = sum(steps)
        # Some write the whole of it into the first third, small.
        room = paper.size[1] * (0.9 if r.random() > SQUEEZED else r.uniform(0.35, 0.55))
        narrow = min(1.0, room / long)
        at = paper.size[1] * 0.05 + r.uniform(0, max(1.0, (room - long * narrow) * 0.6))
        last: Corner | None = None
        for one, step in zip(drawn, steps, strict=True):
            if one is None:
                self._sign(canvas, between, at, apart * narrow, hand, paper)
                last = None
            else:
                last = self._stand(canvas, one, at, hand, paper, wave, narrow, last)
            at += step * narrow
        return self._leant(canvas)

    def _gap(self, hand: Hand, one: Level, usual: float) -> float:
        """Pixels between a figure and the next one of the same number."""
        return usual if hand.close is None else (hand.close + self._random.normal(0, 0.05)) * one.shape[1]

    def _by(self, hand: Hand, sign: str) -> tuple[Level, int]:
        """A figure of this hand, cut to its ink, as tall as the hand writes; and how far up from its lower edge the line lies."""
        one = self.figure(sign, hand.kind, hand.source, hand.thick * 40 / hand.tall)
        while not (one > 60).any():  # a thin figure of which nothing was left
            one = self.figure(sign, hand.kind, hand.source, 4.0)
        like = self._typed("0", hand.source) if hand.kind == "typeface" else one
        rows = np.flatnonzero(like.max(axis=1) > 60)
        nominal, ground = rows[-1] - rows[0] + 1, rows[-1]
        own = np.flatnonzero(one.max(axis=1) > 60)
        grown = hand.tall / nominal * self._random.uniform(0.9, 1.1)
        cut = one[own[0] : own[-1] + 1]
        hangs = float(ground - own[-1]) if hand.kind == "typeface" else 0.0
        wide = grown * self._random.uniform(0.92, 1.08)
        sized = cv2.resize(
            cut, None, fx=wide, fy=grown, interpolation=cv2.INTER_AREA if grown < 1 else cv2.INTER_LINEAR
        )
        fatter = round(hand.thick - (4.5 if hand.kind == "typeface" else 6.0) * grown)
        if hand.kind in ("typeface", "mnist") and fatter > 0:
            shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (fatter + 1, fatter + 1))
            sized = cv2.dilate(np.pad(sized, fatter), shape)
            hangs -= fatter / grown
        return sized.astype(np.uint8), round(hangs * grown)

    def _stand(
        self,
        canvas: Level,
        figure: tuple[Level, int],
        x: float,
        hand: Hand,
        paper: Paper,
        wave: float,
        narrow: float = 1.0,
        last: Corner | None = None,
    ) -> Corner:
        """Writes a figure; where its stroke ends. `last`: where the figure before it ended, to which a close writer may tie it."""
        one, foot = figure
        if narrow < 1:
            one = cv2.resize(one, None, fx=narrow, fy=max(narrow, 0.75), interpolation=cv2.INTER_AREA).astype(np.uint8)
        ground = paper.foot if paper.foot is not None else paper.middle + hand.tall / 2
        y = round(ground + hand.lift - foot - one.shape[0] + self._random.normal(0, wave))
        _lay(canvas, one, round(x), y)
        if last and hand.close is not None:
            self._tied(canvas, last, _corner(one, x, y, first=True), hand.thick)
        return _corner(one, x, y, first=False)

    def _tied(self, canvas: Level, last: Corner, start: Corner, thick: float) -> None:
        if self._random.random() < TIED:
            cv2.line(canvas, last, start, 255, max(1, round(thick * 0.8)), cv2.LINE_AA)

    def _sign(self, canvas: Level, sign: str, at: float, room: float, hand: Hand, paper: Paper) -> None:
        r = self._random
        ground = (paper.foot if paper.foot is not None else paper.middle + hand.tall / 2) + hand.lift
        thick = max(1, round(hand.thick))
        x = at + room / 2
        if sign == "/":
            lean, over = r.uniform(0.05, 0.3) * hand.tall, r.uniform(-0.15, 0.3) * hand.tall
            ends = (round(x + lean), round(ground - hand.tall - over / 2)), (round(x - lean), round(ground + over / 2))
            cv2.line(canvas, ends[0], ends[1], 255, thick, cv2.LINE_AA)
        elif sign == "-":
            half, y = r.uniform(0.1, 0.25) * hand.tall, round(ground - hand.tall * r.uniform(0.35, 0.6))
            cv2.line(
                canvas, (round(x - half), y), (round(x + half), y + round(r.normal(0, 2))), 255, thick, cv2.LINE_AA
            )
        elif sign == ".":
            cv2.circle(
                canvas, (round(x), round(ground - r.uniform(-2, 6))), max(1, round(thick * 0.7)), 255, -1, cv2.LINE_AA
            )

    def _leant(self, canvas: Level) -> Level:
        slant, height = self._random.normal(0, 0.12), canvas.shape[0]
        turned = np.array([[1, -slant, slant * height / 2], [self._random.normal(0, 0.012), 1, 0]], np.float32)
        return cv2.warpAffine(canvas, turned, (canvas.shape[1], height)).astype(np.uint8)

    def a_hand(self, thick: float, tall: float) -> Hand:
        """A hand of any kind, with a pen of this thickness, figures about so many pixels high."""
        r = self._random
        return Hand(
            str(r.choice(KINDS, p=SHARES)), int(r.integers(len(self._fonts))), thick, tall, r.normal(0, 0.09) * tall,
            r.uniform(*OVERLAP) if r.random() < CLOSELY else None,
        )  # fmt: skip

    def line(self, text: str, *, boxes: bool | None = None) -> Level:
        """A written line: darkness, with a free margin. `boxes`: figures apart, as in figure boxes."""
        r = self._random
        kind = str(r.choice(KINDS, p=SHARES))
        source, pen = int(r.integers(len(self._fonts))), float(r.uniform(2, 6))
        spaced = r.random() < 0.15 if boxes is None else boxes
        between = str(r.choice(["/", "-", ".", " ", "print"], p=[0.42, 0.12, 0.08, 0.18, 0.20]))
        slant, wave = r.normal(0, 0.12), r.uniform(0, 2.5)
        gap = r.uniform(12, 40) if spaced else r.normal(3.5, 3.5)
        close = r.uniform(*OVERLAP) if not spaced and r.random() < CLOSELY else None
        canvas = np.zeros((130, 1200), np.uint8)
        at, size = 60.0, float(r.uniform(0.8, 1.2))
        for sign in text:
            drop = 45 + r.normal(0, wave)
            if sign == "/":
                at = self._between(canvas, between, at, gap if spaced else 4.0, pen, size)
                continue
            one = self.figure(sign, kind, source, pen)
            grown = size * (1 + r.normal(0, 0.05))
            wide = grown * r.uniform(0.9, 1.1)
            one = cv2.resize(one, None, fx=wide, fy=grown, interpolation=cv2.INTER_AREA).astype(np.uint8)
            drop -= 30 if kind == "typeface" else 0
            _lay(canvas, one, round(at), round(drop))
            wide = one.shape[1] - (11 if kind == "mnist" else 0)
            if close is not None:
                at += wide * (1 + close + r.normal(0, 0.05))
            else:
                at += wide + (gap + r.normal(0, 1.5) if not spaced else gap * r.uniform(0.6, 1.4))
        used = canvas[:, : min(1200, int(at) + 60)]
        turned = np.array([[1, -slant, slant * 65], [r.normal(0, 0.015), 1, 0]], np.float32)
        return cv2.warpAffine(used, turned, (used.shape[1], used.shape[0])).astype(np.uint8)

    def _between(self, canvas: Level, sign: str, at: float, gap: float, pen: float, size: float) -> float:
        """Draws what stands between day, month and year; where the next figure starts."""
        r = self._random
        thick = max(1, round(pen))
        x, low, high = at + gap, 45 + 40 * size, 45.0
        if sign == " ":
            return at + gap + r.uniform(16, 45)
        if sign in "/" or sign == "print":
            lean = r.uniform(4, 22) if sign == "/" else 14
            over = r.uniform(-6, 12) if sign == "/" else 0
            thick = thick if sign == "/" else int(r.integers(2, 5))
            ends = (round(x + lean), round(high - over)), (round(x), round(low + over))
            cv2.line(canvas, ends[0], ends[1], 255, thick, cv2.LINE_AA)
            return x + lean + (max(2.0, gap) if sign == "/" else 9)
        if sign == "-":
            long, y = r.uniform(8, 24), round((low + high) / 2 + r.normal(0, 3))
            cv2.line(canvas, (round(x), y), (round(x + long), y + round(r.normal(0, 2))), 255, thick, cv2.LINE_AA)
            return x + long + gap
        cv2.circle(canvas, (round(x + 4), round(low - r.uniform(0, 5))), thick, 255, -1, cv2.LINE_AA)
        return x + 12 + gap

    def scanned(self, level: Level) -> Level:
        """The line as a scanner leaves it: grey picture, uint8, 255 is paper."""
        r = self._random
        kind = r.random()
        ink = cv2.GaussianBlur(level, (0, 0), r.uniform(0.4, 1.6)).astype(np.float32) * r.uniform(0.35, 1.0)
        if r.random() < 0.15:
            # A dry pen or pencil: the stroke is broken by the grain of the paper.
            grain = cv2.GaussianBlur(r.normal(0, 1, level.shape).astype(np.float32), (0, 0), 1.3)
            ink *= np.clip(0.75 + grain * 1.8, 0, 1)
        if kind < 0.4:
            small = cv2.resize(ink, None, fx=0.667, fy=0.667, interpolation=cv2.INTER_AREA)
            bits = (small > r.uniform(45, 110) * max(0.35, small.max() / 255)).astype(np.uint8) * 255
            ink = cv2.resize(bits, (level.shape[1], level.shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32)
            ink = cv2.GaussianBlur(ink, (0, 0), 0.8).astype(np.float32)
        ink += r.normal(0, r.uniform(0, 7), level.shape)
        self._dirt(ink)
        grey: Level = (255 - np.clip(ink, 0, 255)).astype(np.uint8)
        return grey

    def _dirt(self, ink: NDArray[np.float32]) -> None:
        """Specks, and what is left of printed lines and of the writing above or below."""
        r = self._random
        height, width = ink.shape
        for _ in range(int(r.poisson(1.2))):
            cv2.circle(ink, (int(r.integers(width)), int(r.integers(height))), int(r.integers(1, 3)), 200, -1)
        if r.random() < 0.12:
            y = int(r.choice([8, height - 10]))
            start = int(r.integers(width // 2))
            cv2.line(ink, (start, y), (start + int(r.integers(30, 300)), y), 150, int(r.integers(1, 3)))
        if r.random() < 0.10:
            # What stays of the edge of a figure box after the print is taken away: a short upright stub.
            x, y = int(r.integers(width)), int(r.choice([12, height - 20]))
            cv2.line(ink, (x, y), (x, y + int(r.integers(3, 9))), 160, 1)


def _corner(one: Level, x: float, y: float, *, first: bool) -> Corner:
    """Where a figure's stroke begins, at its left above the middle, or ends, at its right below it; in pixels of the canvas."""
    half = one.shape[0] // 2
    part, down = (one[:half], 0) if first else (one[half:], half)
    columns = np.flatnonzero((part > 60).any(axis=0))
    if not len(columns):
        return round(x), round(y + half)
    column = int(columns[0] if first else columns[-1])
    row = int(np.flatnonzero(part[:, column] > 60).mean())
    return round(x + column), round(y + down + row)


def _lay(canvas: Level, one: Level, x: int, y: int) -> None:
    x, y = max(0, x), max(0, y)
    part = canvas[y : y + one.shape[0], x : x + one.shape[1]]
    np.maximum(part, one[: part.shape[0], : part.shape[1]], out=part)


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A Catmull-Rom curve through the points."""
    if len(points) < 3:
        return points
    ends: Sequence[NDArray[np.float64]] = (points[:1] * 2 - points[1:2], points, points[-1:] * 2 - points[-2:-1])
    p = np.vstack(ends)
    t = np.linspace(0, 1, 6, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True)
    ]
    return np.vstack([*pieces, points[-1:]])
