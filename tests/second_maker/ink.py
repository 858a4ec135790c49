"""Pens, and the sheet that they leave ink on.

A sheet keeps how much light each place still throws back (`through`, one layer or three) and whose mark lies there (`owner`).
Strokes are drawn four times as fine as the sheet and brought down to it, so that thin lines keep their thickness.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.second_maker.motor import Rng, Stroke

FINER = 4
Layer = NDArray[np.uint8]


@dataclass(frozen=True)
class Pen:
    """A pen. Shares and factors; `colour` is what the ink throws back (R, G, B, 0 to 1).

    `starve`: how much of its flow a ball-point loses along fast parts; `skips`: how often nothing comes; `grain`: how much a pencil
    takes only the paper's hills; `bleed_mm`: how far the ink runs; `hollow`: a ball that carries ink at its sides.
    """

    kind: str
    width_mm: float
    colour: tuple[float, float, float]
    covers: float = 1.0
    by_press: float = 0.2
    by_speed: float = 0.1
    starve: float = 0.0
    skips: float = 0.0
    grain: float = 0.0
    bleed_mm: float = 0.0
    hollow: float = 0.0


BLACK, BLUE = (0.10, 0.10, 0.12), (0.14, 0.20, 0.55)
COLOURS = {"black": BLACK, "blue": BLUE, "royal": (0.2, 0.3, 0.75), "red": (0.75, 0.12, 0.15), "green": (0.1, 0.5, 0.25),
           "purple": (0.42, 0.15, 0.55), "turquoise": (0.15, 0.6, 0.65), "pink": (0.85, 0.3, 0.55)}  # fmt: skip
_KINDS = {
    "ball": Pen("ball", 0.42, BLACK, 0.92, 0.25, 0.12, starve=0.35, skips=0.05, hollow=0.1),
    "thin": Pen("thin", 0.27, BLACK, 0.95, 0.1, 0.05, starve=0.1),
    "gel": Pen("gel", 0.5, BLACK, 1.0, 0.1, 0.12, bleed_mm=0.03),
    "fountain": Pen("fountain", 0.5, BLUE, 0.9, 0.5, 0.25, bleed_mm=0.05),
    "felt": Pen("felt", 0.85, BLACK, 0.95, 0.15, 0.1, bleed_mm=0.06),
    "marker": Pen("marker", 1.8, BLACK, 0.9, 0.1, 0.05, bleed_mm=0.1),
    "soft": Pen("soft", 0.6, (0.25, 0.25, 0.27), 0.85, 0.35, 0.1, grain=0.55),
    "hard": Pen("hard", 0.35, (0.45, 0.45, 0.47), 0.75, 0.3, 0.05, grain=0.5),
}
_SHARES = {
    "clean": {"ball": 0.46, "thin": 0.1, "gel": 0.2, "fountain": 0.06, "felt": 0.12, "marker": 0.02, "soft": 0.04},
    "typical": {"ball": 0.46, "thin": 0.11, "gel": 0.13, "fountain": 0.07, "felt": 0.08, "marker": 0.03, "soft": 0.08, "hard": 0.04},
    "hard": {"ball": 0.42, "thin": 0.13, "gel": 0.07, "fountain": 0.07, "felt": 0.06, "marker": 0.05, "soft": 0.1, "hard": 0.1},
}  # fmt: skip


def a_pen(difficulty: str, rng: Rng) -> Pen:
    """A pen as somebody has one at hand: of some kind and colour, new or worn."""
    shares = _SHARES[difficulty]
    kind = str(rng.choice(list(shares), p=list(shares.values())))
    pen = _KINDS[kind]
    colour = pen.colour
    if kind not in ("soft", "hard"):
        name = str(rng.choice(list(COLOURS), p=[0.46, 0.3, 0.08, 0.05, 0.03, 0.03, 0.03, 0.02]))
        colour = COLOURS[name]
    worn = {"clean": 0.05, "typical": 0.2, "hard": 0.4}[difficulty]
    bad = rng.random() if rng.random() < worn else 0.0
    return replace(
        pen, colour=tuple(float(np.clip(c + rng.normal(0, 0.03), 0.02, 0.95)) for c in colour),
        width_mm=pen.width_mm * float(rng.uniform(0.75, 1.35)), covers=pen.covers * (1 - 0.45 * bad),
        starve=min(0.9, pen.starve + 0.6 * bad), skips=min(0.45, pen.skips * rng.uniform(0, 1.5) + 0.35 * bad),
        grain=min(0.8, pen.grain * rng.uniform(0.7, 1.3)), hollow=pen.hollow * rng.uniform(0, 2),
    )  # fmt: skip


class Sheet:
    """One side of paper, height × width at `dpi`. `colours`: three layers of light; else one, as a lamp with `lamp` shares of R, G, B sees it."""

    def __init__(
        self, shape: tuple[int, int], dpi: float, colours: bool, lamp: tuple[float, float, float], rng: Rng
    ) -> None:
        self.dpi, self.px_mm = dpi, dpi / 25.4
        self.through = np.full((*shape, 3) if colours else shape, 255, np.uint8)
        self.owner = np.zeros(shape, np.uint8)
        self.lamp = lamp
        self._rng = rng
        hills = cv2.GaussianBlur(rng.random((512, 512)).astype(np.float32), (0, 0), 0.045 * self.px_mm * FINER)
        self._hills = (hills - hills.min()) / float(np.ptp(hills))

    def draw(self, strokes: Sequence[Stroke], pen: Pen, owner: int = 0) -> None:
        """Leaves the ink of some strokes; `owner` (1 to 255) says whose mark it is, 0 is nobody's."""
        for stroke in strokes:
            self._one(stroke, pen, owner)

    def _one(self, stroke: Stroke, pen: Pen, owner: int) -> None:
        wide = (
            pen.width_mm
            * (1 + pen.by_press * (stroke.press - 0.8))
            / (1 + pen.by_speed * np.maximum(0, stroke.speed - 1))
        )
        edge = float(wide.max()) / 2 + 3 * pen.bleed_mm + 0.2
        height, width = self.owner.shape
        left, top = (np.maximum(0, np.floor((stroke.xy.min(axis=0) - edge) * self.px_mm))).astype(int)
        right, bottom = np.minimum((width, height), np.ceil((stroke.xy.max(axis=0) + edge) * self.px_mm).astype(int))
        if right - left < 2 or bottom - top < 2:
            return
        dark = self._flow(stroke, pen)
        body, alpha = (np.zeros(((bottom - top) * FINER, (right - left) * FINER), np.uint8) for _ in range(2))
        at = np.round(((stroke.xy * self.px_mm - (left, top)) * FINER) * 8).astype(int)
        thick = np.maximum(1, np.round(wide * self.px_mm * FINER)).astype(int)
        tone = np.clip(dark * 255, 0, 255)
        for n in range(len(at) - 1):
            one, two = (int(at[n][0]), int(at[n][1])), (int(at[n + 1][0]), int(at[n + 1][1]))
            cv2.line(alpha, one, two, float(tone[n]), int(thick[n]), cv2.LINE_8, 3)
            cv2.line(body, one, two, 255, int(thick[n]), cv2.LINE_8, 3)
        cover = alpha.astype(np.float32) / 255
        if pen.hollow and thick.mean() > 5:
            inner = cv2.erode(body, np.ones((max(1, int(thick.mean() * 0.55)),) * 2, np.uint8))
            cover[inner > 0] *= 1 - min(0.9, pen.hollow)
        if pen.grain:
            rows, columns = ((np.arange(n) + int(self._rng.integers(512))) % 512 for n in cover.shape)
            cover *= np.clip((cover * 1.25 - pen.grain * self._hills[np.ix_(rows, columns)] * 1.5) / 0.25, 0, 1)
        if pen.bleed_mm:
            cover = cv2.GaussianBlur(cover, (0, 0), pen.bleed_mm * self.px_mm * FINER)
        small = (right - left, bottom - top)
        cover, shape = (cv2.resize(one, small, interpolation=cv2.INTER_AREA) for one in (cover, body))
        here = np.s_[top:bottom, left:right]
        if owner:
            self.owner[here][(shape > 100) & (cover > 0.08)] = owner
        self._soak(here, np.clip(cover * pen.covers, 0, 1), pen)

    def _soak(self, here: tuple[slice, slice], cover: NDArray[np.float32], pen: Pen) -> None:
        under = self.through[here].astype(np.float32)
        if under.ndim == 3:
            self.through[here] = np.rint(under * (1 - cover[:, :, None] * (1 - np.array(pen.colour, np.float32))))
        else:
            self.through[here] = np.rint(under * (1 - cover * (1 - float(np.dot(pen.colour, self.lamp)))))

    def _flow(self, stroke: Stroke, pen: Pen) -> NDArray[np.float64]:
        """How dark each point is: a ball's ink comes more slowly than a fast hand takes it, and a worn one skips."""
        count = len(stroke.xy)
        dark = np.clip(0.62 + 0.5 * stroke.press, 0.1, 1.0)
        if pen.starve:
            flow, store = np.ones(count), 1.0
            for n in range(count):
                store = min(1.0, store + 0.12 * (1 - store) - 0.03 * pen.starve * float(stroke.speed[n]))
                flow[n] = max(0.12, store)
            dark = dark * flow
        if pen.skips:
            knots = max(3, count // 5)
            luck = np.interp(np.linspace(0, knots, count), np.arange(knots), self._rng.random(knots))
            often = pen.skips * (0.5 + 0.5 * np.clip(stroke.speed, 0, 2)) / np.maximum(0.5, stroke.press)
            dark = np.where(luck < often * 0.8, dark * 0.08, dark)
        return np.asarray(dark, np.float64)
