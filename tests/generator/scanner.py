"""Scanners, faxes and telephones: a sheet becomes the picture that arrives. Told by a recipe, so that it can be done twice alike."""

from dataclasses import dataclass, field, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.generator.paper import PLAIN, Rng, Sheet, clouds, noise, show_through

Mode = Literal["grey", "rgb", "fixed", "adaptive", "dither"]
OFFICE: tuple[Mode, ...] = ("grey", "rgb", "fixed")
POOR: tuple[Mode, ...] = ("adaptive", "dither")
BAD = {"clean": 0.0, "typical": 0.35, "hard": 0.75, "adversarial": 1.0}
"""How bad the scans of each difficulty may be, 0 to 1."""


@dataclass(frozen=True)
class Recipe:
    """How one page is scanned. `angle` in degrees; `scale` 1 is true to size; `crop` mm lost at left, top, right, bottom."""

    seed: int
    dpi: float
    mode: Mode
    angle: float = 0.0
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    border: int = 255
    blur: float = 0.4
    noise: float = 2.0
    level: float = 128.0
    gain: float = 1.0
    lift: float = 0.0
    jpeg: int | None = None
    fax: bool = False
    phone: bool = False
    bend: float = 0.0
    turned: int = 0
    sharpen: float = 0.0
    effects: tuple[str, ...] = field(default_factory=tuple)

    @property
    def resolution(self) -> tuple[float, float] | None:
        """Dots to the inch across and down, as the file says."""
        if self.phone:
            return None
        across, down = (204.0, 98.0) if self.fax else (self.dpi, self.dpi)
        return (down, across) if self.turned % 180 else (across, down)


def a_recipe(rng: Rng, difficulty: str) -> Recipe:
    """How an office of this difficulty (a key of BAD) scans. Ranges are wider than any one scanner's."""
    bad = BAD[difficulty]
    mode = OFFICE[int(rng.choice(len(OFFICE), p=[0.32, 0.14, 0.54]))]
    if bad > 0.3 and rng.random() < 0.2:
        mode = POOR[int(rng.choice(len(POOR)))]
    phone = bad > 0.5 and rng.random() < 0.14
    fax = not phone and bad > 0.5 and rng.random() < 0.10
    dpi = float(rng.choice([200, 200, 200, 300, 300, 240]) if bad else rng.choice([200, 300]))
    if phone:
        mode, dpi = "rgb", float(rng.integers(17, 27) * 10)
    if fax:
        mode, dpi = "fixed", 204.0
    if mode == "rgb" and dpi > 240:
        dpi = 240.0 if rng.random() < 0.6 else dpi
    wide = 5.0 if difficulty == "adversarial" else 2.5 * bad + 0.4
    cut = rng.uniform(0, 7 * bad, 4) if rng.random() < 0.35 * bad else np.zeros(4)
    names = [
        "tint",
        "recycled",
        "weak_toner",
        "copy",
        "fold",
        "stain",
        "holes",
        "staple",
        "corner",
        "stamp",
        "streak",
        "note",
        "crease",
    ]
    rates = [0.10, 0.06, 0.14, 0.22, 0.35, 0.12, 0.10, 0.12, 0.06, 0.18, 0.14, 0.08, 0.10]
    effects = [
        name for name, rate in zip(names, rates, strict=True) if rng.random() < rate * (0.15 if not bad else 0.6 + bad)
    ]
    if "copy" in effects and rng.random() < 0.4 * bad:
        effects.insert(effects.index("copy"), "copy")
    if rng.random() < 0.35 * (bad + 0.1):
        effects.append("show")
    seed = int(rng.integers(2**31))
    own = np.random.default_rng([seed, 91])
    if own.random() < 0.3 * bad:
        effects.append("dirt")
    return Recipe(
        seed=seed,
        dpi=dpi,
        mode=mode,
        angle=float(np.clip(rng.normal(0, wide / 2.2), -wide, wide)),
        scale=float(1 + np.clip(rng.normal(0, 0.012 * (bad + 0.2)), -0.055, 0.028)),
        shift=(float(rng.normal(0, 1.5)), float(rng.normal(0, 2.0))),
        crop=(float(cut[0]), float(cut[1]), float(cut[2]), float(cut[3])),
        border=int(rng.choice([255, 255, 250, 30, 0] if bad else [255])),
        blur=float(rng.uniform(0.3, 0.6 + 0.7 * bad)) * dpi / 200,
        noise=float(rng.uniform(0.5, 2 + 7 * bad)),
        # Nobody keeps a scanner at a level at which print vanishes: weak print makes them raise it.
        level=float(rng.uniform(128 - 24 * bad, 140 + 45 * bad)) + (22 if {"weak_toner", "copy"} & set(effects) else 0),
        gain=float(rng.uniform(1.0, 1.0 + 0.5 * bad)),
        lift=float(rng.uniform(-14 * bad, 18 * bad)),
        jpeg=int(rng.uniform(88 - 58 * bad, 95)) if mode in ("grey", "rgb") and rng.random() < 0.85 else None,
        fax=fax,
        phone=phone,
        bend=float(rng.uniform(0, 1.4 * bad)) if rng.random() < 0.5 else 0.0,
        turned=int(rng.choice([90, 180, 270])) if rng.random() < 0.22 * bad + 0.02 else 0,
        sharpen=float(own.uniform(0.4, 2.0)) if own.random() < 0.3 else 0.0,
        effects=tuple(effects),
    )


def cheaper(recipe: Recipe) -> Recipe:
    """The same scan at 200 dpi and without colours, where it is neither a fax nor a photograph."""
    if recipe.fax or recipe.phone:
        return recipe
    mode = "grey" if recipe.mode == "rgb" else recipe.mode
    return replace(recipe, dpi=200.0, mode=mode, blur=recipe.blur * 200 / recipe.dpi)


def worn(sheet: Sheet, recipe: Recipe, back: NDArray[np.uint8]) -> Sheet:
    """The sheet after what happened to it. The same recipe does the same to any sheet of this size."""
    for place, name in enumerate(recipe.effects):
        rng = np.random.default_rng([recipe.seed, place])
        sheet = show_through(sheet, rng, back) if name == "show" else PLAIN[name](sheet, rng)
    return sheet


def _maps(recipe: Recipe, shape: tuple[int, ...]) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """The transform from sheet to picture, and the picture's size (width, height)."""
    height, width = shape[:2]
    mm = recipe.dpi / 25.4
    rng = np.random.default_rng([recipe.seed, 77])
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), recipe.angle, recipe.scale)
    matrix = np.vstack([turn, [0, 0, 1]])
    left, top, right, bottom = (value * mm for value in recipe.crop)
    matrix = np.array([[1, 0, recipe.shift[0] * mm - left], [0, 1, recipe.shift[1] * mm - top], [0, 0, 1]]) @ matrix
    size = (int(width - left - right), int(height - top - bottom))
    if recipe.phone:
        margin = width * rng.uniform(0.03, 0.08)
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        lean = rng.normal(0, width * 0.028, (4, 2)).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(corners, corners + lean + np.float32(margin)) @ matrix
        size = (int(width + 2 * margin), int(height + 2 * margin))
    return np.asarray(matrix, np.float32), size


def placement(recipe: Recipe) -> list[float]:
    """Where points of an A4 blank lie on the upright picture: nine numbers, row by row."""
    mm = recipe.dpi / 25.4
    sheet = (round(297 * mm), round(210 * mm))
    matrix, _ = _maps(recipe, sheet)
    down = 98 / 204 if recipe.fax else 1.0
    whole = np.diag([1.0, down, 1.0]) @ matrix @ np.diag([recipe.dpi / 72, recipe.dpi / 72, 1.0])
    return [round(float(value), 6) for value in (whole / whole[2, 2]).flatten()]


def placed(layer: NDArray[np.uint16], recipe: Recipe) -> NDArray[np.uint16]:
    """A layer of numbers carried to where the picture shows it, before the turn."""
    matrix, size = _maps(recipe, layer.shape)
    moved = cv2.warpPerspective(layer, matrix, size, flags=cv2.INTER_NEAREST, borderValue=0)
    moved = _bent(moved, recipe, cv2.INTER_NEAREST, 0)
    if recipe.fax:
        moved = cv2.resize(moved, (moved.shape[1], round(moved.shape[0] * 98 / 204)), interpolation=cv2.INTER_NEAREST)
    return np.asarray(moved, np.uint16)


def _bent(picture: NDArray[np.uint8], recipe: Recipe, how: int, border: int) -> NDArray[np.uint8]:
    """Fed a little unevenly: rows shifted and stretched by up to a few tenths of a millimetre."""
    if not recipe.bend:
        return picture
    rng = np.random.default_rng([recipe.seed, 78])
    height, width = picture.shape[:2]
    size = recipe.bend * recipe.dpi / 25.4 * 0.35
    y = np.arange(height, dtype=np.float32)
    sway = size * np.sin(y / height * rng.uniform(2, 7) + rng.uniform(0, 6))
    stretch = size * np.sin(y / height * rng.uniform(2, 7) + rng.uniform(0, 6))
    map_x = np.arange(width, dtype=np.float32)[None, :] + sway[:, None].astype(np.float32)
    map_y = np.repeat((y + stretch).astype(np.float32)[:, None], width, axis=1)
    return cv2.remap(picture, map_x, map_y, how, borderMode=cv2.BORDER_CONSTANT, borderValue=(border,) * 3)


def scanned(sheet: Sheet, recipe: Recipe) -> Sheet:
    """The picture of a sheet, before the turn. Grey or colour, height × width (× 3)."""
    rng = np.random.default_rng([recipe.seed, 79])
    matrix, size = _maps(recipe, sheet.shape)
    border = 70 if recipe.phone else recipe.border
    picture = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(border,) * 3)
    picture = _bent(picture, recipe, cv2.INTER_LINEAR, border)
    if recipe.blur > 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), recipe.blur)
    if recipe.phone:
        light = 0.62 + 0.45 * clouds(rng, picture.shape, int(max(picture.shape) / 1.6))
        picture = cv2.multiply(picture, cv2.merge([light] * 3), dtype=cv2.CV_8U)
    tones = np.clip((np.arange(256) - 255) * recipe.gain + 255 + recipe.lift, 0, 255).astype(np.uint8)
    grains = noise(rng, picture.shape, 0.7) * np.float32(recipe.noise)
    grains = grains if picture.ndim == 2 else cv2.merge([grains] * 3)
    picture = np.asarray(cv2.add(cv2.LUT(picture, tones), grains, dtype=cv2.CV_8U), np.uint8)
    if recipe.sharpen:
        soft = cv2.GaussianBlur(picture, (0, 0), 0.9 * recipe.dpi / 200)
        picture = np.asarray(cv2.addWeighted(picture, 1 + recipe.sharpen, soft, -recipe.sharpen, 0), np.uint8)
    if recipe.fax:
        picture = np.asarray(
            cv2.resize(picture, (picture.shape[1], round(picture.shape[0] * 98 / 204)), interpolation=cv2.INTER_AREA)
        )
    if recipe.mode in ("fixed", "adaptive", "dither"):
        return _bilevel(picture, recipe)
    if recipe.jpeg:
        _, data = cv2.imencode(
            ".jpg", picture[..., ::-1] if picture.ndim == 3 else picture, [cv2.IMWRITE_JPEG_QUALITY, recipe.jpeg]
        )
        back = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
        picture = np.ascontiguousarray(back[..., ::-1] if back.ndim == 3 else back)
    return np.asarray(picture, np.uint8)


def _bilevel(picture: Sheet, recipe: Recipe) -> Sheet:
    grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    if recipe.mode == "dither":
        return np.asarray(Image.fromarray(grey).convert("1").convert("L"), np.uint8)
    if recipe.mode == "adaptive":
        side = int(recipe.dpi / 25.4 * 4) | 1
        level = 6 + (recipe.level - 90) / 10
        return np.asarray(
            cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, side, level), np.uint8
        )
    return np.asarray(np.where(grey > recipe.level, 255, 0), np.uint8)


def turn(picture: Sheet, recipe: Recipe) -> Sheet:
    """The picture turned anticlockwise as it lay in the scanner."""
    return np.ascontiguousarray(np.rot90(picture, recipe.turned // 90))
