"""What happens to a sheet between the printer and the scanner: toner, copies, folds, stains, holes, stamps, streaks, show-through.

A sheet is uint8, height × width (× 3 for colour), 255 is white. Every effect takes and gives one, at the scan's own resolution.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Sheet = NDArray[np.uint8]
Rng = np.random.Generator


def clouds(rng: Rng, shape: tuple[int, ...], size: int) -> NDArray[np.float32]:
    """Soft random patches, 0 to 1, of about `size` pixels."""
    height, width = shape[:2]
    small = rng.random((max(2, height // size + 2), max(2, width // size + 2))).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32).clip(0, 1)


_NOISE: dict[int, NDArray[np.float32]] = {}


def noise(rng: Rng, shape: tuple[int, ...], grain: float = 0.0) -> NDArray[np.float32]:
    """Noise of unit spread. Drawn once and cut out at random places: noise is most of what a page would cost."""
    key = round(grain * 10)
    if key not in _NOISE:
        made = np.random.default_rng(key).normal(0, 1, (2048, 2048)).astype(np.float32)
        if grain:
            made = np.asarray(cv2.GaussianBlur(made, (0, 0), grain), np.float32)
            made /= float(made.std())
        _NOISE[key] = made
    tile = _NOISE[key]
    y, x = (int(v) for v in rng.integers(0, 2048, 2))
    rolled = np.roll(tile, (y, x), (0, 1))
    rows, columns = -(-shape[0] // 2048), -(-shape[1] // 2048)
    return np.tile(rolled, (rows, columns))[: shape[0], : shape[1]]


def _shade(sheet: Sheet, by: NDArray[np.float32]) -> Sheet:
    factor = by if sheet.ndim == 2 else cv2.merge([by, by, by])
    return np.asarray(cv2.multiply(sheet, factor, dtype=cv2.CV_8U), np.uint8)


def tinted(sheet: Sheet, rng: Rng) -> Sheet:
    """Cream, yellow, blue, pink, green or grey recycled paper."""
    tones = [(250, 244, 226), (252, 240, 160), (205, 225, 245), (250, 215, 222), (214, 240, 210), (226, 222, 214)]
    tone = tones[int(rng.integers(len(tones)))]
    if sheet.ndim == 2:
        level = round(0.3 * tone[0] + 0.59 * tone[1] + 0.11 * tone[2])
        return np.asarray(sheet.astype(np.uint16) * level // 255, np.uint8)
    return np.asarray(sheet.astype(np.uint16) * np.array(tone, np.uint16) // 255, np.uint8)


def recycled(sheet: Sheet, rng: Rng) -> Sheet:
    """Grey paper with fibres."""
    fibres = 0.90 - 0.05 * np.clip(noise(rng, sheet.shape, 1.2), -1, 3)
    return _shade(sheet, np.asarray(fibres, np.float32))


def weak_toner(sheet: Sheet, rng: Rng) -> Sheet:
    """Print that is lighter in patches."""
    strength = 0.45 + 0.5 * clouds(rng, sheet.shape, int(sheet.shape[1] / rng.uniform(1.5, 6)))
    dark = (255 - sheet).astype(np.float32) * (strength if sheet.ndim == 2 else strength[:, :, None])
    return np.asarray(255 - dark, np.uint8)


def copied(sheet: Sheet, rng: Rng) -> Sheet:
    """One pass through a photocopier: softer, harder, specked."""
    soft = cv2.GaussianBlur(sheet, (0, 0), rng.uniform(0.5, 1.0) * sheet.shape[1] / 1654)
    gain, level = rng.uniform(1.2, 1.9), rng.uniform(120, 175)
    tones = np.clip((np.arange(256) - level) * gain + level + 20, 0, 255).astype(np.uint8)
    grains = noise(rng, sheet.shape, 0.6) * np.float32(6)
    hard = cv2.LUT(np.asarray(soft, np.uint8), tones)
    out = np.asarray(cv2.add(hard, grains if hard.ndim == 2 else cv2.merge([grains] * 3), dtype=cv2.CV_8U), np.uint8)
    for _ in range(int(rng.integers(0, 60))):
        y, x = int(rng.integers(out.shape[0])), int(rng.integers(out.shape[1]))
        cv2.circle(out, (x, y), int(rng.integers(0, 2)), (30,) * 3, -1)
    return out


def show_through(sheet: Sheet, rng: Rng, back: NDArray[np.uint8]) -> Sheet:
    """The print of the back, mirrored and faint."""
    strength = rng.uniform(0.04, 0.16)
    mirrored = cv2.GaussianBlur(np.ascontiguousarray(back[:, ::-1]), (0, 0), 2.0 * sheet.shape[1] / 1654)
    return _shade(sheet, np.asarray(1 - strength * (255 - mirrored.astype(np.float32)) / 255, np.float32))


def folded(sheet: Sheet, rng: Rng) -> Sheet:
    """Folds across or down: a shadow beside a worn line."""
    height, width = sheet.shape[:2]
    out = sheet.copy()
    for place in [1 / 3, 2 / 3] if rng.random() < 0.6 else [0.5]:
        at = int((place + rng.normal(0, 0.02)) * height)
        soft = rng.uniform(3, 12) * width / 1654
        lean = rng.normal(0, 6)
        reach = int(8 * soft + abs(lean)) + 2
        top, bottom = max(0, at - reach), min(height, at + reach)
        away = (np.arange(top, bottom, dtype=np.float32) - at)[:, None] - np.linspace(
            -lean, lean, width, dtype=np.float32
        )
        factor = 1 - np.float32(rng.uniform(0.04, 0.22)) * np.exp(-((away / np.float32(soft)) ** 2))
        light = np.float32(rng.uniform(0.0, 0.08))
        factor += light * np.exp(-(((away - np.float32(2 * soft)) / np.float32(3 * soft)) ** 2))
        out[top:bottom] = _shade(out[top:bottom], factor)
    return out


def stained(sheet: Sheet, rng: Rng) -> Sheet:
    """A blot or the ring of a cup."""
    height, width = sheet.shape[:2]
    y, x = rng.uniform(0.1, 0.9) * height, rng.uniform(0.1, 0.9) * width
    radius = rng.uniform(0.04, 0.14) * width
    yy, xx = np.ogrid[:height, :width]
    away = np.hypot(yy - y, xx - x) / radius + 0.15 * (clouds(rng, sheet.shape, int(radius)) - 0.5)
    inside = rng.uniform(0.03, 0.16) / (1 + np.exp((away - 1) * 18))
    edge = rng.uniform(0.0, 0.22) * np.exp(-(((away - 1) / 0.06) ** 2))
    return _shade(sheet, np.asarray(1 - inside - edge, np.float32))


def holed(sheet: Sheet, rng: Rng) -> Sheet:
    """Punched holes at the left edge, black or white in the scan."""
    out = sheet.copy()
    mm = sheet.shape[1] / 210
    tone = int(rng.choice([20, 60, 245]))
    for down in (297 / 2 - 40, 297 / 2 + 40):
        centre = (int((11 + rng.normal(0, 1)) * mm), int((down + rng.normal(0, 3)) * mm))
        cv2.circle(out, centre, int(3.0 * mm), (tone,) * 3, -1, cv2.LINE_AA)
    return out


def stapled(sheet: Sheet, rng: Rng) -> Sheet:
    """A staple or its holes in the top left corner."""
    out, mm = sheet.copy(), sheet.shape[1] / 210
    x, y = rng.uniform(5, 14) * mm, rng.uniform(5, 14) * mm
    angle = rng.uniform(-0.9, 0.9)
    end = (int(x + 11 * mm * np.cos(angle)), int(y + 11 * mm * np.sin(angle)))
    cv2.line(out, (int(x), int(y)), end, (90,) * 3, max(1, int(0.6 * mm)), cv2.LINE_AA)
    return out


def dog_eared(sheet: Sheet, rng: Rng) -> Sheet:
    """A corner turned over."""
    out = sheet.copy()
    height, width = sheet.shape[:2]
    side = int(rng.uniform(0.04, 0.10) * width)
    corner = int(rng.integers(4))
    x, y = (0 if corner in (0, 3) else width - 1), (0 if corner < 2 else height - 1)
    dx, dy = (side if x == 0 else -side), (side if y == 0 else -side)
    cv2.fillPoly(out, [np.array([[x, y], [x + dx, y], [x, y + dy]], np.int32)], (int(rng.choice([255, 40, 215])),) * 3)
    cv2.line(out, (x + dx, y), (x, y + dy), (150,) * 3, 2)
    return out


def stamped(sheet: Sheet, rng: Rng) -> Sheet:
    """RECEIVED and a date, from a rubber stamp, in a margin."""
    height, width = sheet.shape[:2]
    mm = width / 210
    stamp = np.full((int(16 * mm), int(46 * mm)), 255, np.uint8)
    cv2.rectangle(stamp, (3, 3), (stamp.shape[1] - 4, stamp.shape[0] - 4), 0, max(1, int(0.5 * mm)))
    size = 0.16 * mm
    cv2.putText(stamp, "RECEIVED", (int(5 * mm), int(7 * mm)), cv2.FONT_HERSHEY_DUPLEX, size, 0, max(1, int(0.4 * mm)))
    when = f"{rng.integers(1, 29)} {rng.choice(['JAN', 'MAR', 'JUN', 'SEP', 'NOV'])} 202{rng.integers(4, 7)}"
    cv2.putText(stamp, when, (int(5 * mm), int(13 * mm)), cv2.FONT_HERSHEY_DUPLEX, size, 0, max(1, int(0.4 * mm)))
    matrix = cv2.getRotationMatrix2D((stamp.shape[1] / 2, stamp.shape[0] / 2), rng.normal(0, 8), 1)
    turned = cv2.warpAffine(stamp, matrix, (stamp.shape[1], stamp.shape[0]), borderValue=255)
    top = int(rng.choice([rng.uniform(2, 12), rng.uniform(272, 279)]) * mm)
    left = int(rng.uniform(20, 150) * mm)
    part = sheet[top : top + turned.shape[0], left : left + turned.shape[1]]
    cut = turned[: part.shape[0], : part.shape[1]].astype(np.float32)
    factor = np.ones((height, width), np.float32)
    factor[top : top + part.shape[0], left : left + part.shape[1]] = 1 - rng.uniform(0.4, 0.8) * (255 - cut) / 255
    return _shade(sheet, factor)


def streaked(sheet: Sheet, rng: Rng) -> Sheet:
    """Lines down the page from dirt on the scanner's glass."""
    factor = np.ones(sheet.shape[:2], np.float32)
    for _ in range(int(rng.integers(1, 4))):
        x = int(rng.uniform(0.02, 0.98) * sheet.shape[1])
        wide = int(rng.integers(1, 4))
        factor[:, x : x + wide] *= rng.uniform(0.45, 0.9) if rng.random() < 0.75 else 1.15
    return _shade(sheet, factor)


def noted(sheet: Sheet, rng: Rng) -> Sheet:
    """A sticky note in the bottom margin."""
    out = sheet.copy()
    mm = sheet.shape[1] / 210
    left, top = int(rng.uniform(15, 130) * mm), int(rng.uniform(252, 262) * mm)
    out[top : top + int(34 * mm), left : left + int(50 * mm)] = 215
    return out


def creased(sheet: Sheet, rng: Rng) -> Sheet:
    """Crumpled and smoothed out again."""
    rough = clouds(rng, sheet.shape, int(sheet.shape[1] / rng.uniform(5, 14)))
    slope = np.abs(np.diff(rough, axis=0, prepend=rough[:1])) * sheet.shape[1] / 12
    return _shade(sheet, np.asarray(1 - np.clip(slope * rng.uniform(0.05, 0.25), 0, 0.3), np.float32))


def dirty(sheet: Sheet, rng: Rng) -> Sheet:
    """Toner and dirt: specks of 0.1 to 1 mm across, few of them large, all over the page or in one part of it."""
    out, mm = sheet.copy(), sheet.shape[1] / 210
    height, width = sheet.shape[:2]
    middle, reach = rng.uniform(0, 1, 2), rng.uniform(0.15, 1.0)
    tone = int(rng.integers(0, 120))
    for _ in range(int(rng.lognormal(4.2, 0.9))):
        x, y = (np.clip(middle + rng.normal(0, reach, 2), -0.02, 1.02) * (width, height)).astype(int)
        radius = float(np.clip(rng.lognormal(-1.95, 0.55), 0.05, 0.55)) * mm
        axes = (max(1, round(radius * 8)), max(1, round(radius * rng.uniform(0.5, 1.0) * 8)))
        cv2.ellipse(
            out, (int(x) * 8, int(y) * 8), axes, float(rng.uniform(0, 180)), 0, 360, (tone,) * 3, -1, cv2.LINE_AA, 3
        )
    return np.asarray(cv2.min(out, sheet), np.uint8)


PLAIN: dict[str, Callable[[Sheet, Rng], Sheet]] = {
    "tint": tinted,
    "recycled": recycled,
    "weak_toner": weak_toner,
    "copy": copied,
    "fold": folded,
    "stain": stained,
    "holes": holed,
    "staple": stapled,
    "corner": dog_eared,
    "stamp": stamped,
    "streak": streaked,
    "note": noted,
    "crease": creased,
    "dirt": dirty,
}
