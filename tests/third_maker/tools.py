"""Pens and pencils: how each lays its ink or lead on a sheet along a stroke, and the layers of a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.third_maker.curves import Rng, Stroke

FINER = 2
"""Ink is laid on so many times as fine a grid as the page's own."""
Float = NDArray[np.float32]


@dataclass(frozen=True)
class Tool:
    """One pen. `kind`: biro, gel, pencil, felt, fountain, erasable, crayon or marker; `colour`: of the ink, red, green and blue, 0 to 1, at its
    darkest; `width_mm`; `load`: how much it lays down, 1 is plain; `hard`: of a pencil, 0 soft to 1 hard; `skips`: how much of a stroke
    the ball leaves out; `blobs`: how often it drops ink; `feather`: how far ink runs along fibres, in mm; `nib`: angle of a broad nib.
    """

    kind: str
    width_mm: float
    colour: tuple[float, float, float]
    load: float = 1.0
    hard: float = 0.4
    skips: float = 0.0
    blobs: float = 0.0
    feather: float = 0.0
    nib: float | None = None


COLOURS = {
    "black": (0.07, 0.07, 0.08), "blue": (0.10, 0.16, 0.52), "light_blue": (0.28, 0.50, 0.80), "red": (0.78, 0.12, 0.14),
    "green": (0.10, 0.45, 0.24), "purple": (0.38, 0.16, 0.52), "lead": (0.26, 0.26, 0.28), "pink": (0.9, 0.35, 0.55),
    "yellow": (0.98, 0.93, 0.25), "lime": (0.68, 0.95, 0.35), "orange": (0.95, 0.5, 0.15),
}  # fmt: skip
KINDS = {
    "clean": {"biro": 0.62, "gel": 0.25, "felt": 0.05, "fountain": 0.05, "pencil": 0.02, "erasable": 0.01},
    "typical": {
        "biro": 0.46,
        "gel": 0.17,
        "felt": 0.09,
        "fountain": 0.08,
        "pencil": 0.12,
        "erasable": 0.05,
        "crayon": 0.01,
        "marker": 0.02,
    },
    "hard": {
        "biro": 0.36,
        "gel": 0.09,
        "felt": 0.09,
        "fountain": 0.09,
        "pencil": 0.24,
        "erasable": 0.08,
        "crayon": 0.03,
        "marker": 0.02,
    },
}


def a_tool(difficulty: str, rng: Rng) -> Tool:
    """Whatever lay on the table."""
    kinds = KINDS[difficulty]
    return of_kind(str(rng.choice(list(kinds), p=list(kinds.values()))), difficulty, rng)


def of_kind(kind: str, difficulty: str, rng: Rng) -> Tool:
    """A pen of one kind."""
    harm = {"clean": 0.1, "typical": 0.5, "hard": 1.0}[difficulty]
    ink = str(
        rng.choice(["black", "blue", "light_blue", "red", "green", "purple"], p=[0.46, 0.38, 0.04, 0.05, 0.03, 0.04])
    )
    colour = COLOURS[ink if difficulty != "clean" or ink in ("black", "blue") else "black"]
    load = float(rng.uniform(1.0 - 0.35 * harm, 1.25))
    match kind:
        case "biro":
            return Tool(kind, float(rng.uniform(0.30, 0.5)), colour, load, skips=float(rng.beta(1, 5) * harm * 0.6),
                        blobs=float(rng.beta(1, 4) * 0.5))  # fmt: skip
        case "gel":
            return Tool(kind, float(rng.uniform(0.35, 0.75)), colour, load * 1.2, blobs=0.1)
        case "pencil":
            return Tool(kind, float(rng.uniform(0.3, 0.75)), COLOURS["lead"], float(rng.uniform(0.85 - 0.35 * harm, 1.15)),
                        hard=float(rng.uniform(0, 1)))  # fmt: skip
        case "felt":
            return Tool(
                kind, float(rng.uniform(0.6, 1.3)), colour, load, blobs=0.5, feather=float(rng.uniform(0, 0.06))
            )
        case "fountain":
            return Tool(kind, float(rng.uniform(0.4, 0.8)), colour, load, blobs=0.15, feather=float(rng.uniform(0, 0.12) * harm),
                        nib=float(rng.uniform(0.3, 1.2)))  # fmt: skip
        case "erasable":
            return Tool(kind, float(rng.uniform(0.35, 0.6)), colour, load * 0.7, skips=0.05)
        case "crayon":
            return Tool(
                kind,
                float(rng.uniform(1.2, 2.2)),
                COLOURS[str(rng.choice(["red", "blue", "green", "purple", "orange"]))],
                load,
            )
        case "marker":
            return Tool(
                kind, float(rng.uniform(2.0, 3.0)), COLOURS[str(rng.choice(["yellow", "lime", "pink", "orange"]))], load
            )
        case _:
            raise ValueError(kind)


@lru_cache(maxsize=8)
def tooth(dpi: float, coarse: float) -> Float:
    """How high the paper stands, 0 to 1, evenly spread, on the finer grid; `coarse`: the grain in mm. It is laid side by side."""
    rng = np.random.default_rng(round(dpi * 100 + coarse * 1000))
    px = FINER * dpi / 25.4
    noise = rng.standard_normal((768, 768)).astype(np.float32)
    grain = sum(
        weight * _unit(cv2.GaussianBlur(noise, (0, 0), sigmaX=max(0.5, size * px), borderType=cv2.BORDER_REFLECT))
        for size, weight in ((coarse * 0.5, 0.75), (coarse * 1.3, 0.6), (coarse * 6, 0.3))
    )
    ranks = np.empty(grain.size, np.float32)
    ranks[np.argsort(grain, axis=None)] = np.linspace(0, 1, grain.size, dtype=np.float32)
    return ranks.reshape(grain.shape)


def _unit(one: Float) -> Float:
    return np.asarray(one / max(1e-6, float(one.std())), np.float32)


@dataclass
class Sheet:
    """What lies on one side of a sheet: `through`, how much light each place lets through (uint8, height × width, or × 3 for colour);
    `owner`, the number of the mark whose tip went over a place; `fluid`, how thickly correction fluid covers it.
    """

    shape: tuple[int, int]
    dpi: float
    colour: bool
    lamp: tuple[float, float, float]
    rng: Rng
    through: NDArray[np.uint8] = field(init=False)
    owner: NDArray[np.uint8] = field(init=False)
    fluid: NDArray[np.uint8] = field(init=False)
    grain_mm: float = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is written yet."""
        self.through = np.full((*self.shape, 3) if self.colour else self.shape, 255, np.uint8)
        self.owner = np.zeros(self.shape, np.uint8)
        self.fluid = np.zeros(self.shape, np.uint8)
        self.grain_mm = float(self.rng.choice([0.08, 0.11, 0.15]))

    @property
    def px(self) -> float:
        """Pixels to the millimetre."""
        return self.dpi / 25.4

    def draw(self, strokes: Sequence[Stroke], tool: Tool, number: int, much: float = 1.0) -> None:
        """Lays strokes on the sheet; `number` (1 to 255; 0 for what is no mark) takes every place the tip goes over. `much`: of the ink."""
        for stroke in strokes:
            self._lay(stroke, tool, number, much)

    def _lay(self, stroke: Stroke, tool: Tool, number: int, much: float) -> None:
        margin = int((tool.width_mm + tool.feather * 2 + 0.6) * self.px) + 2
        low = np.floor(stroke.points.min(axis=0) * self.px).astype(int) - margin
        high = np.ceil(stroke.points.max(axis=0) * self.px).astype(int) + margin
        (left, top), (right, bottom) = np.maximum(low, 0), np.minimum(high, (self.shape[1], self.shape[0]))
        if right <= left or bottom <= top:
            return
        tile, plain = self._run(stroke, tool, (bottom - top, right - left), (left, top))
        there = slice(top, bottom), slice(left, right)
        laid = (
            cv2.resize(self._wet(tile, tool, (left, top)), (right - left, bottom - top), interpolation=cv2.INTER_AREA)
            * much
        )
        if number:
            held = cv2.resize(plain, (right - left, bottom - top), interpolation=cv2.INTER_AREA) > 110
            self.owner[there][held] = number
        dark = 1 - np.array(tool.colour if self.colour else [np.dot(self.lamp, tool.colour)], np.float32)
        light = 1 - (laid[..., None] * dark if self.colour else laid * dark[0])
        self.through[there] = np.round(self.through[there] * light)

    def _run(
        self, stroke: Stroke, tool: Tool, shape: tuple[int, int], at: tuple[int, int]
    ) -> tuple[Float, NDArray[np.uint8]]:
        """How hard the tip presses on each place of the finer grid (0 to 1.5 or so), and where it goes at all (0 or 255)."""
        rng, scale = self.rng, self.px * FINER
        tile = np.zeros((shape[0] * FINER, shape[1] * FINER), np.uint8)
        plain = np.zeros_like(tile)
        places = (stroke.points * scale - np.array(at) * FINER) * 16
        gone = _gaps(len(places), tool, rng)
        drops = {int(one) for one in rng.integers(0, len(places), rng.poisson(tool.blobs * 0.6))} | set(stroke.rests)
        along = np.gradient(stroke.points, axis=0)
        angles = np.arctan2(along[:, 1], along[:, 0])
        pressed = tool.kind in ("pencil", "crayon", "fountain")
        for n, ((x, y), press) in enumerate(zip(places, stroke.press, strict=True)):
            width = tool.width_mm * (0.72 + 0.28 * press if pressed else 0.9 + 0.1 * press)
            if tool.nib is not None:
                width *= 0.55 + 0.45 * abs(np.sin(angles[n] - tool.nib))
            radius, where = max(0.5, width * scale / 2), (round(x), round(y))
            cv2.circle(plain, where, round(radius * 16), 255, -1, shift=4)
            if not gone[n]:
                cv2.circle(tile, where, round(radius * 16), int(np.clip(press * 150, 1, 255)), -1, shift=4)
            if n in drops and tool.kind not in ("pencil", "crayon", "marker"):
                cv2.circle(tile, where, round(radius * rng.uniform(1.2, 1.7) * 16), 255, -1, shift=4)
        return tile.astype(np.float32) / 150, plain

    def _wet(self, press: Float, tool: Tool, at: tuple[int, int]) -> Float:
        """How much ink or lead each place of the finer grid takes, 0 to 1."""
        px = self.px * FINER
        height = _cut(tooth(self.dpi, self.grain_mm), press.shape, at)
        match tool.kind:
            case "pencil" | "crayon":
                soft = 1 - tool.hard if tool.kind == "pencil" else 0.7
                edge = cv2.GaussianBlur(press, (0, 0), sigmaX=0.055 * px)
                reach = edge * tool.load * (0.55 + 0.5 * soft)
                caught = np.clip((reach - height) / 0.25 + 0.5, 0, 1) * (edge > 0.08)
                return np.asarray(caught * min(1.0, (0.62 + 0.38 * soft) * min(1.1, tool.load)), np.float32)
            case "biro":
                core = cv2.GaussianBlur(press, (0, 0), sigmaX=0.03 * px)
                paler = cv2.GaussianBlur(press, (0, 0), sigmaX=tool.width_mm * 0.22 * px)
                laid = core * 1.25 - 0.35 * np.maximum(0, paler - 0.65)
                return np.asarray(np.clip(laid * tool.load * (0.96 - 0.25 * (height > 0.82)), 0, 1), np.float32)
            case "felt" | "marker":
                core = cv2.GaussianBlur(self._run_along(press, tool, height, px), (0, 0), sigmaX=0.05 * px)
                strong = 0.93 if tool.kind == "felt" else 0.75
                return np.asarray(np.clip(core * tool.load * 1.15, 0, 1) * strong * (1 - 0.1 * height), np.float32)
            case "fountain":
                core = cv2.GaussianBlur(self._run_along(press, tool, height, px), (0, 0), sigmaX=0.035 * px)
                return np.asarray(np.clip(core * tool.load * (0.85 + 0.25 * press.clip(0, 1)), 0, 1), np.float32)
            case "erasable":
                core = cv2.GaussianBlur(press, (0, 0), sigmaX=0.04 * px)
                return np.asarray(np.clip(core * tool.load * (1.05 - 0.55 * height), 0, 1), np.float32)
            case _:
                core = cv2.GaussianBlur(press, (0, 0), sigmaX=0.03 * px)
                return np.asarray(np.clip(core * 1.4 * tool.load, 0, 1), np.float32)

    def _run_along(self, press: Float, tool: Tool, height: Float, px: float) -> Float:
        """Ink that has run along the fibres."""
        if tool.feather * px < 0.5:
            return press
        far = max(1, round(tool.feather * px))
        wide = cv2.dilate(press, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * far + 1, 2 * far + 1)))
        return np.asarray(np.where(height > 0.62, wide * 0.8, press).clip(press), np.float32)

    def cover(self, box: tuple[float, float, float, float]) -> None:
        """Correction fluid brushed over a box, in millimetres: what lay there is gone, the print as well."""
        rng = self.rng
        left, top, right, bottom = (round(one * self.px) for one in box)
        layer = np.zeros(self.shape, np.uint8)
        for y in np.linspace(top, bottom, 4):
            ends = (left + int(rng.normal(0, 3)), int(y)), (right + int(rng.normal(0, 3)), int(y + rng.normal(0, 3)))
            cv2.line(layer, *ends, 255, max(2, (bottom - top) // 3 + 2))
        layer = cv2.GaussianBlur(layer, (0, 0), sigmaX=1.2)
        self.fluid = np.maximum(self.fluid, (layer * float(rng.uniform(0.94, 1.0))).astype(np.uint8))
        gone = layer.astype(np.float32)[..., None] / 255 if self.colour else layer.astype(np.float32) / 255
        self.through[...] = np.round(self.through + (255 - self.through) * gone * 0.97)
        self.owner[layer > 90] = 0


def _gaps(n: int, tool: Tool, rng: Rng) -> NDArray[np.bool_]:
    """At which places of a stroke a ball does not turn: often at its start, else in short pieces."""
    gone = np.zeros(n, bool)
    if tool.skips <= 0:
        return gone
    if rng.random() < tool.skips * 2:
        gone[: int(rng.integers(1, max(2, min(n // 4, 25))))] = True
    for at in rng.integers(0, n, rng.poisson(tool.skips * n / 22)):
        gone[at : at + int(rng.integers(3, 14))] = True
    return gone


def _cut(grain: Float, shape: tuple[int, ...], at: tuple[int, int]) -> Float:
    rows = (np.arange(shape[0]) + at[1] * FINER) % grain.shape[0]
    columns = (np.arange(shape[1]) + at[0] * FINER) % grain.shape[1]
    return np.asarray(grain[np.ix_(rows, columns)])
