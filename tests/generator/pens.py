"""Pens: how a stroke becomes ink on paper. An ink layer is uint8, 0 none to 255 all the pen's colour."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.generator.marks import Strokes

Layer = NDArray[np.uint8]
Kind = Literal["ballpoint", "gel", "roller", "felt", "pencil", "faintpencil", "worn"]


@dataclass(frozen=True)
class Pen:
    """`width` in mm; `strength` 0 to 1, how dark a full stroke is; `colour` 0 to 1 for red, green, blue; `grain`, `skips` 0 to 1."""

    kind: Kind
    width: float
    strength: float
    colour: tuple[float, float, float]
    grain: float
    skips: float


_RANGES: dict[Kind, tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    # width, strength, grain, skips
    "ballpoint": ((0.26, 0.48), (0.62, 0.95), (0.05, 0.25), (0.0, 0.12)),
    "gel": ((0.38, 0.70), (0.85, 1.0), (0.0, 0.06), (0.0, 0.02)),
    "roller": ((0.34, 0.60), (0.80, 1.0), (0.0, 0.12), (0.0, 0.04)),
    "felt": ((0.9, 1.9), (0.75, 1.0), (0.0, 0.05), (0.0, 0.0)),
    "pencil": ((0.35, 0.65), (0.38, 0.66), (0.25, 0.5), (0.0, 0.05)),
    "faintpencil": ((0.30, 0.55), (0.14, 0.36), (0.3, 0.6), (0.0, 0.1)),
    "worn": ((0.24, 0.42), (0.35, 0.75), (0.2, 0.4), (0.2, 0.45)),
}
_COLOURS = [(0.05, 0.05, 0.08), (0.08, 0.14, 0.52), (0.12, 0.2, 0.62), (0.1, 0.1, 0.1), (0.25, 0.1, 0.15)]


def a_pen(rng: np.random.Generator, kind: Kind) -> Pen:
    """A pen of this kind."""
    width, strength, grain, skips = (float(rng.uniform(low, high)) for low, high in _RANGES[kind])
    colour = (0.22, 0.22, 0.23) if "pencil" in kind else _COLOURS[int(rng.integers(len(_COLOURS)))]
    if kind == "ballpoint" and rng.random() < 0.04:
        colour = (0.75, 0.1, 0.12)  # red: weak in a grey scan
    elif kind in ("gel", "felt", "roller") and rng.random() < 0.12:
        colour = [(0.1, 0.45, 0.2), (0.42, 0.12, 0.5), (0.2, 0.5, 0.8), (0.75, 0.1, 0.12)][int(rng.integers(4))]
    return Pen(kind, width, strength, colour, grain, skips)


def tone(pen: Pen) -> float:
    """How light the pen's ink is in grey, 0 to 1."""
    red, green, blue = pen.colour
    return 0.3 * red + 0.59 * green + 0.11 * blue


class Sheet:
    """An ink layer of one page, and a number at each pixel that says which mark it belongs to (0: none)."""

    def __init__(self, size: tuple[int, int], dpi: float, rng: np.random.Generator) -> None:
        height, width = size
        self.ink: Layer = np.zeros((height, width), np.uint8)
        self.owner: NDArray[np.uint16] = np.zeros((height, width), np.uint16)
        self._scale = dpi / 25.4
        self._rng = rng
        self._grain = np.asarray(
            cv2.GaussianBlur(rng.normal(0, 1, (256, 256)).astype(np.float32), (0, 0), 0.8 * dpi / 200), np.float32
        )

    def draw(self, strokes: Strokes, pen: Pen, mark: int = 0, at: tuple[float, float] = (0.0, 0.0)) -> None:
        """Draws strokes around a place in mm from the top left of the page."""
        if not strokes:
            return
        scale, rng = self._scale, self._rng
        placed = [(stroke + np.array(at)) * scale for stroke in strokes]
        thick = pen.width * scale
        everything = np.vstack(placed)
        margin = int(thick * 2) + 4
        x0, y0 = (max(0, int(v) - margin) for v in everything.min(axis=0))
        x1 = min(self.ink.shape[1], int(everything[:, 0].max()) + margin)
        y1 = min(self.ink.shape[0], int(everything[:, 1].max()) + margin)
        if x1 <= x0 or y1 <= y0:
            return
        fine = 2
        layer = np.zeros(((y1 - y0) * fine, (x1 - x0) * fine), np.uint8)
        for stroke in placed:
            points = np.round((stroke - np.array([x0, y0])) * fine * 8).astype(np.int32)
            pressure = 1 + 0.25 * np.sin(np.linspace(0, rng.uniform(2, 7), max(2, len(points))) + rng.uniform(0, 6))
            if len(points) == 1:
                points = np.vstack([points, points + 1])
            for n in range(len(points) - 1):
                if pen.skips and rng.random() < pen.skips * 0.5:
                    continue
                width = max(1, round(thick * fine * pressure[min(n, len(pressure) - 1)]))
                cv2.line(layer, points[n].tolist(), points[n + 1].tolist(), 255, width, cv2.LINE_AA, 3)
        small = cv2.resize(layer, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA).astype(np.float32)
        if pen.grain:
            oy, ox = (int(v) for v in rng.integers(0, 256, 2))
            rows = (np.arange(y1 - y0) + oy) % 256
            columns = (np.arange(x1 - x0) + ox) % 256
            texture = self._grain[np.ix_(rows, columns)] * 2.2 / (0.3 + float(self._grain.std()) * 2.2)
            small *= np.clip(1 - pen.grain * (0.5 + texture * 0.9), 0, 1)
        added = np.clip(small * pen.strength, 0, 255).astype(np.uint8)
        window = self.ink[y0:y1, x0:x1]
        # Ink over ink is darker, but never lighter than either.
        window[:] = np.maximum(
            window, np.minimum(255, added.astype(np.uint16) + window // 4).astype(np.uint8) * (added > 0)
        )
        if mark:
            self.owner[y0:y1, x0:x1][small > 110] = mark


def onto(paper: NDArray[np.uint8], ink: Layer, pen: Pen) -> NDArray[np.uint8]:
    """Paper (height × width × 3) with the ink of one pen on it."""
    if not ink.any():
        return paper
    cover = ink.astype(np.uint16)
    out = np.empty_like(paper)
    for channel, tone in enumerate(pen.colour):
        plane = paper[:, :, channel].astype(np.uint16)
        out[:, :, channel] = (plane * (255 - cover) + (plane * round(tone * 255) // 255) * cover) // 255
    return out
