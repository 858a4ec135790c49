"""Carries out what a `Machine` says: a sheet's light → the picture in the file. The same machine adds the same noise to every sheet.

Light is float32 from 0 (black) to 1 (all the lamp's light), height × width or height × width × 3; pictures are uint8.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.second_maker.machine import LAMPS, Machine
from tests.second_maker.motor import Rng

Light = NDArray[np.float32]
Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]
_TILE = 640


@lru_cache(maxsize=6)
def _tile(kind: int) -> Light:
    rng = np.random.default_rng([4242, kind])
    noise = rng.normal(0, 1, (_TILE, _TILE)).astype(np.float32)
    if kind >= 10:  # clouds of about half as many pixels
        noise = cv2.GaussianBlur(np.tile(noise, (3, 3)), (0, 0), kind / 4)[_TILE : 2 * _TILE, _TILE : 2 * _TILE]
        noise = (noise - noise.mean()) / noise.std()
    return noise


def _noise(shape: tuple[int, ...], rng: Rng, kind: int = 0) -> Light:
    """Noise of spread 1, height × width: a tile rolled, turned and repeated by lot."""
    tile = np.roll(_tile(kind), tuple(rng.integers(0, _TILE, 2)), (0, 1))
    tile = tile.T if rng.random() < 0.5 else tile
    tile = tile[:: int(rng.choice([-1, 1])), :: int(rng.choice([-1, 1]))]
    height, width = shape[:2]
    return np.tile(tile, (-(-height // _TILE), -(-width // _TILE)))[:height, :width]


def _over(layer: Light, light: Light) -> Light:
    """A layer of height × width as it meets light of one or three layers."""
    return layer if light.ndim == 2 else layer[:, :, None]


def reflected(blank: Picture, back: Picture, through: Picture, machine: Machine) -> Light:
    """The light that a printed and written sheet throws back, before any machine: paper, toner, ink, dirt, folds, and its back side."""
    rng = np.random.default_rng([machine.seed, 1])
    printed = 1 - blank.astype(np.float32) / 255
    weak = np.float32(machine.toner)
    if machine.patchy:
        weak = weak * np.clip(1 - machine.patchy * np.clip(_noise(blank.shape, rng, 120) - 0.3, 0, 2) * 0.8, 0.15, 1)
        weak = weak - machine.patchy * 0.15 * np.clip(_noise(blank.shape, rng), 0, 2)
    light = 1 - printed * np.clip(weak, 0.1, 1) * 0.96
    light = light * (1 + machine.texture * _noise(blank.shape, rng, 10))
    if machine.back:
        seen = cv2.GaussianBlur(back[:, ::-1], (0, 0), machine.dpi / 25.4 * 0.25).astype(np.float32) / 255
        light = light * (1 - machine.back * (1 - seen))
    _dirty(light, machine, rng)
    light *= through.astype(np.float32) / 255 if through.ndim == 2 else 1
    if through.ndim == 3:
        light = light[:, :, None] * (through.astype(np.float32) / 255) * np.array(machine.paper, np.float32)
    else:
        light *= float(np.dot(machine.paper, lamp_of(machine)))
    return np.asarray(light, np.float32)


def lamp_of(machine: Machine) -> tuple[float, float, float]:
    """The shares of red, green and blue that the machine sees."""
    return LAMPS[machine.lamp]


def _dirty(light: Light, machine: Machine, rng: Rng) -> None:
    """Specks, fibres, punched holes and folds, in place."""
    height, width = light.shape
    mm = machine.dpi / 25.4
    for _ in range(rng.poisson(60 * machine.dirt)):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        size = max(1, round(float(rng.exponential(0.11)) * mm))
        dark = float(rng.uniform(0.15, 0.8))
        if rng.random() < 0.12:  # a fibre
            ends = (np.array([[x, y]]) + np.cumsum(rng.normal(0, 0.5 * mm, (6, 2)), axis=0)).astype(np.int32)
            cv2.polylines(light, [ends], False, dark, 1, cv2.LINE_AA)
        else:
            cv2.ellipse(
                light,
                (x, y),
                (size, max(1, size - int(rng.integers(0, 2)))),
                float(rng.uniform(0, 180)),
                0,
                360,
                dark,
                -1,
            )
    if machine.holes:  # punched for a binder, on the left and at half the height
        for y in (-40, 40):
            place = (int((10 + rng.normal(0, 1)) * mm), int(height / 2 + y * mm))
            cv2.circle(light, place, round(2.9 * mm), float(rng.choice([0.08, 0.5, 0.9])), -1, cv2.LINE_AA)
    for _ in range(machine.folds):
        y, lean = int(height * rng.choice([1 / 3, 1 / 2, 2 / 3]) + rng.normal(0, 3 * mm)), rng.normal(0, 0.8) * mm
        shade = np.full_like(light, 1.0)
        cv2.line(shade, (0, y), (width, int(y + lean)), float(rng.uniform(0.75, 1.12)), max(1, round(0.4 * mm)))
        light *= cv2.GaussianBlur(shade[:, :], (0, 0), 0.15 * mm)


def placing(machine: Machine, shape: tuple[int, int]) -> tuple[Matrix, tuple[int, int]]:
    """From pixels of the sheet (height × width `shape`) to those of the upright picture, and its width and height."""
    height, width = shape
    mm = machine.dpi / 25.4
    angle = np.deg2rad(machine.skew)
    (sx, sy), (dx, dy) = machine.scale, machine.shift
    centre, back = np.eye(3), np.eye(3)
    centre[:2, 2] = (-width / 2, -height / 2)
    back[:2, 2] = (width / 2 + dx * mm, height / 2 + dy * mm)
    turning = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    tilted = np.eye(3)
    tilted[2, :2] = np.array(machine.tilt) * 2 / (width, height)
    whole = back @ tilted @ turning @ np.diag([sx, sy, 1.0]) @ centre
    squeeze = np.diag([1.0, machine.down / machine.dpi, 1.0])
    return squeeze @ whole, (width, round(height * machine.down / machine.dpi))


def placed(
    layer: NDArray[np.generic], machine: Machine, *, sharp: bool = False, around: float = 1.0
) -> NDArray[np.generic]:
    """A layer of the sheet as it lies in the upright picture. `sharp`: numbers that must not be mixed."""
    matrix, size = placing(machine, layer.shape[:2])
    how = cv2.INTER_NEAREST if sharp else cv2.INTER_AREA if machine.fax else cv2.INTER_LINEAR
    edge = 0 if sharp else (around,) * 3
    if not sharp and machine.fax:
        layer = cv2.blur(layer, (1, 2))
    if not machine.bend:
        return cv2.warpPerspective(
            layer,
            matrix,
            size,
            flags=how if sharp else cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=edge,
        )
    # The sheet ran in unevenly: places move along the way by up to `bend` mm, slowly.
    rng = np.random.default_rng([machine.seed, 2])
    ys, xs = np.mgrid[0 : size[1] : 32, 0 : size[0] : 32].astype(np.float64)
    waves, mm = rng.uniform(0.6, 1.8, 2), machine.dpi / 25.4
    ys = ys + machine.bend * mm * np.sin(
        2 * np.pi * (ys / size[1] * waves[0] + rng.random()) + xs / size[0] * rng.normal(0, 1)
    )
    xs = xs + 0.4 * machine.bend * mm * np.sin(2 * np.pi * (ys / size[1] * waves[1] + rng.random()))
    points = np.stack([xs.ravel(), ys.ravel(), np.ones(xs.size)])
    gone = np.linalg.inv(matrix) @ points
    gone = (gone[:2] / gone[2]).reshape(2, *xs.shape).astype(np.float32)
    fine = [
        cv2.warpAffine(
            axis, np.array([[32.0, 0, 0], [0, 32.0, 0]]), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        for axis in gone
    ]
    return cv2.remap(layer, *fine, how if sharp else cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=edge)


def scanned(light: Light, machine: Machine) -> Picture:
    """The upright picture of a sheet."""
    rng = np.random.default_rng([machine.seed, 3])
    mm = machine.dpi / 25.4
    for _ in range(machine.copies):
        light = _copied(light, machine, rng, mm)
    around = float(rng.choice([1.0, 0.97, 0.9])) if not machine.phone else float(rng.uniform(0.1, 0.6))
    light = np.asarray(placed(light, machine, around=around), np.float32)
    squeeze = machine.down / machine.dpi
    light = cv2.GaussianBlur(
        light, (0, 0), sigmaX=max(0.25, machine.blur * mm), sigmaY=max(0.25, machine.blur * mm * squeeze)
    )
    if machine.drag:
        long = max(1, round(machine.drag * mm))
        light = cv2.blur(light, (long, 1) if rng.random() < 0.4 else (1, long))
    height, width = light.shape[:2]
    if any(machine.slope):
        ramp = (
            1
            + machine.slope[0] * np.linspace(-1, 1, width)[None, :]
            + machine.slope[1] * np.linspace(-1, 1, height)[:, None]
        )
        light = light * _over(ramp.astype(np.float32), light)
    light = machine.black + (1 - machine.black) * light * machine.gain
    if abs(machine.gamma - 1) > 0.02:
        light = np.power(np.clip(light, 0, 1.2), machine.gamma)
    light = light + machine.noise * _over(_noise(light.shape, rng), light)
    if machine.bands:
        light += machine.bands * _over(rng.normal(0, 1, (height, 1)).astype(np.float32), light)
    if machine.sharpen:
        light = light + machine.sharpen * (light - cv2.GaussianBlur(light, (0, 0), 0.16 * mm))
    _machine_marks(light, machine, rng, mm)
    grey = np.asarray(np.clip(light * 255, 0, 255), np.uint8)
    return _stored(_in_mode(grey, machine, mm), machine)


def _copied(light: Light, machine: Machine, rng: Rng, mm: float) -> Light:
    """One generation of a copier: softer, with its own noise, and pushed towards black and white."""
    light = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.05, 0.11) * mm)
    light = light + 0.03 * _over(_noise(light.shape, rng), light)
    if machine.copy_fat > 0.4:
        light = 0.5 * light + 0.5 * cv2.erode(light, np.ones((2, 2), np.uint8))
    elif machine.copy_fat < -0.4:
        light = 0.6 * light + 0.4 * cv2.dilate(light, np.ones((2, 2), np.uint8))
    middle, steep = rng.uniform(0.45, 0.7), rng.uniform(3.5, 8)
    pushed = 1 / (1 + np.exp(-steep * (light - middle)))
    low, high = 1 / (1 + np.exp(steep * middle)), 1 / (1 + np.exp(-steep * (1 - middle)))
    return np.asarray(0.06 + 0.92 * (pushed - low) / (high - low), np.float32)


def _machine_marks(light: Light, machine: Machine, rng: Rng, mm: float) -> None:
    """Streaks of a dirty glass and a dark edge, in place."""
    width = light.shape[1]
    for _ in range(machine.streaks):
        x, wide = int(rng.integers(width)), int(rng.integers(1, 3))
        light[:, x : x + wide] *= float(rng.uniform(0.35, 0.9)) if rng.random() < 0.8 else 1.3
    if machine.border:
        wide = max(1, round(machine.border * mm))
        edge = int(rng.integers(4))
        where = [np.s_[:, :wide], np.s_[:, -wide:], np.s_[:wide], np.s_[-wide:]][edge]
        light[where] *= float(rng.uniform(0.05, 0.5))


def _in_mode(grey: Picture, machine: Machine, mm: float) -> Picture:
    if machine.mode in ("grey", "rgb"):
        return grey
    grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY) if grey.ndim == 3 else grey
    if machine.mode == "otsu":
        _, page = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    elif machine.mode == "local":  # Bradley's mean, or Sauvola's with the spread
        side = 2 * round(machine.window * mm / 2) + 1
        small = grey.astype(np.float32)
        mean = cv2.blur(small, (side, side))
        if machine.cell > 2:
            spread = np.sqrt(np.maximum(0, cv2.blur(small * small, (side, side)) - mean * mean))
            border = mean * (1 + machine.depth * (spread / 128 - 1))
        else:
            border = mean * (1 - machine.depth)
        page = np.where(small > border, 255, 0).astype(np.uint8)
    elif machine.mode == "diffused":
        from PIL import Image

        page = np.asarray(Image.fromarray(grey).convert("1").convert("L"), np.uint8)
    elif machine.mode == "ordered":
        cell = _cell(machine.cell)
        height, width = grey.shape
        border = np.tile(cell, (-(-height // len(cell)), -(-width // len(cell))))[:height, :width]
        page = np.where(grey > border, 255, 0).astype(np.uint8)
    else:
        page = np.where(grey > _level(machine), 255, 0).astype(np.uint8)
    if machine.look == "two" and abs(machine.fat) > 0.3:
        kernel = np.ones((2, 1) if machine.seed % 2 else (1, 2), np.uint8)
        page = cv2.dilate(page, kernel) if machine.fat < 0 else cv2.erode(page, kernel)
    return np.asarray(page, np.uint8)


def _level(machine: Machine) -> float:
    """The border of a machine that divides at one level (0 to 255): it was set by white paper and black print, not by this sheet."""
    black, white = (
        min(1.0, machine.black + (1 - machine.black) * light * machine.gain) ** machine.gamma for light in (0.05, 0.93)
    )
    return 255 * (black + (white - black) * machine.cut)


@lru_cache(maxsize=8)
def _cell(size: int) -> Picture:
    """Borders of an ordered dither from about 20 to 235: Bayer's of a power of two, or (below 0) dots that grow."""
    if size < 0:
        ys, xs = np.mgrid[0:6, 0:6]
        order = np.argsort(np.argsort((np.cos(2 * np.pi * xs / 6 + 0.1) + np.cos(2 * np.pi * ys / 6 + 0.17)).ravel()))
        cell = order.reshape(6, 6) / 35
    else:
        cell = np.zeros((1, 1))
        while len(cell) < size:
            cell = np.block([[4 * cell, 4 * cell + 2], [4 * cell + 3, 4 * cell + 1]])
        cell = cell / max(1, cell.max())
    return np.asarray(20 + cell * 210, np.uint8)


def _stored(page: Picture, machine: Machine) -> Picture:
    if not machine.jpeg:
        return page
    seen = page if page.ndim == 2 else page[:, :, ::-1]
    _, packed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, machine.jpeg])
    back = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE if page.ndim == 2 else cv2.IMREAD_COLOR)
    return np.asarray(back if page.ndim == 2 else back[:, :, ::-1], np.uint8)


def turned(page: Picture, machine: Machine) -> Picture:
    """The picture as it lies in the file."""
    return np.ascontiguousarray(np.rot90(page, 2)) if machine.turned == 180 else page
