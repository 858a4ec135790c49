"""From a written sheet to the picture in the file: paper and toner, copying, the feed, the lens, the sensor, and what the machine makes of it.

Everything that chance decides comes from the scanner's seed, so that a sheet scanned without its ink differs by the ink alone.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.third_maker.curves import Rng
from tests.third_maker.scanners import DOTS, LAMPS, TWO, Scanner

Picture = NDArray[np.uint8]
Float = NDArray[np.float32]
TILE = 1024


def _rng(scanner: Scanner, what: int) -> Rng:
    return np.random.default_rng([scanner.seed, what])


@lru_cache(maxsize=4)
def _grain(size_px: float, which: int) -> Float:
    """Noise of mean 0 and deviation 1, its grains about so large; laid side by side."""
    noise = np.random.default_rng([77, which]).standard_normal((TILE, TILE)).astype(np.float32)
    if size_px > 0.3:
        far = int(4 * size_px) + 1
        padded = cv2.copyMakeBorder(noise, far, far, far, far, cv2.BORDER_WRAP)
        noise = cv2.GaussianBlur(padded, (0, 0), sigmaX=size_px)[far:-far, far:-far]
    return np.asarray(noise / noise.std(), np.float32)


def _noise(shape: tuple[int, ...], size_px: float, rng: Rng) -> Float:
    tile = np.roll(
        _grain(round(size_px, 1), int(rng.integers(2))), (int(rng.integers(TILE)), int(rng.integers(TILE))), (0, 1)
    )
    many = -(-shape[0] // TILE), -(-shape[1] // TILE)
    return np.tile(tile, many)[: shape[0], : shape[1]]


def _broad(shape: tuple[int, ...], size_px: float, rng: Rng) -> Float:
    """Slow changes over the page, about -1 to 1."""
    few = rng.normal(0, 1, (max(2, int(shape[0] / size_px) + 2), max(2, int(shape[1] / size_px) + 2))).astype(
        np.float32
    )
    return np.asarray(cv2.resize(few, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


# -- the sheet


def lamp_of(scanner: Scanner) -> tuple[float, float, float]:
    """How much of red, green and blue a scanner sees that keeps no colours."""
    return LAMPS[scanner.lamp]


def toned(print_: Picture, scanner: Scanner) -> Float:
    """The print as the family's copy has it: strokes grown or shrunk, toner pale or missing. 0 to 1."""
    px, rng = scanner.dpi / 25.4, _rng(scanner, 1)
    page = print_.astype(np.float32) / 255
    if abs(scanner.print_gain) * px > 0.1:
        soft = cv2.GaussianBlur(page, (0, 0), sigmaX=max(0.5, 0.07 * px))
        page = np.clip((soft - 0.5 + scanner.print_gain * px * 0.22) / 0.55 + 0.5, 0, 1)
    pale: Float | float = scanner.toner
    if scanner.dropout > 0.02:
        patches = np.clip(_broad(page.shape, 24 * px, rng) * 0.6 + 0.1, 0, 1)
        holes = _noise(page.shape, 0.12 * px, rng) > 2.3 - 1.6 * patches * scanner.dropout
        pale = np.maximum(scanner.toner, scanner.dropout * patches * 0.7) + 0.5 * holes * scanner.dropout
    return np.asarray(1 - (1 - page) * (1 - np.clip(pale, 0, 0.92)), np.float32)


def reflected(print_: Picture, back: Picture, through: Picture, fluid: Picture, scanner: Scanner) -> Float:
    """How light the sheet is, 0 to 1 (height × width, or × 3): print, ink and paper together, the back showing, after a copy if there was one."""
    px, rng = scanner.dpi / 25.4, _rng(scanner, 2)
    page = toned(print_, scanner)
    if fluid.any():
        page = page + (1 - page) * fluid.astype(np.float32) / 255
    if scanner.bleed > 0.01:
        other = cv2.GaussianBlur(back[:, ::-1].astype(np.float32) / 255, (0, 0), sigmaX=0.14 * px)
        page = page * (1 - scanner.bleed * (1 - other))
    if scanner.mottle > 0.003:
        page = page * (1 + scanner.mottle * _noise(page.shape, 0.4 * px, rng).clip(-2.5, 2.5) * 0.6)
    for _ in range(scanner.creases):
        page = page * _crease(page.shape, px, rng)
    light = through.astype(np.float32) / 255
    page = page[..., None] * light * np.array(scanner.paper, np.float32) if through.ndim == 3 else page * light
    if through.ndim == 2:
        page = page * float(np.dot(lamp_of(scanner), scanner.paper))
    if scanner.copied > 0:
        page = _copied(page, scanner)
    return np.asarray(_specked(page, scanner), np.float32)


def _crease(shape: tuple[int, ...], px: float, rng: Rng) -> Float:
    """A fold: a bright and a dark line side by side, across or down, nearly straight."""
    height, width = shape[:2]
    layer = np.zeros((height // 2 + 1, width // 2 + 1), np.float32)
    if rng.random() < 0.65:
        y = int(rng.choice([0.333, 0.5, 0.667]) * height / 2 + rng.normal(0, 6))
        ends = (0, y), (layer.shape[1], y + int(rng.normal(0, 5)))
    else:
        ends = (
            (int(rng.uniform(0, width / 2)), int(rng.uniform(0, height / 2))),
            (int(rng.uniform(0, width / 2)), int(rng.uniform(0, height / 2))),
        )
    cv2.line(layer, *ends, 1.0, 1)
    soft = cv2.GaussianBlur(layer, (0, 0), sigmaX=max(0.6, 0.1 * px))
    edge = soft - 0.8 * np.roll(soft, int(rng.choice([-1, 1]) * max(1, round(0.18 * px))), 0)
    line = cv2.resize(edge, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(1 - float(rng.uniform(0.15, 0.7)) * line, np.float32)


def _copied(page: Float, scanner: Scanner) -> Float:
    """A photocopy of the filled sheet: edges soft then hard, strokes fatter or thinner, white burnt out, toner missing in places."""
    px, rng = scanner.dpi / 25.4, _rng(scanner, 3)
    soft = cv2.GaussianBlur(page, (0, 0), sigmaX=max(0.4, 0.05 * px))
    middle, wide = 0.5 + 0.25 * scanner.growth, 1.0 - 0.62 * scanner.copied
    hard = np.clip((soft - middle) / wide + 0.5, 0, 1)
    if scanner.dropout > 0.02:
        hard = np.maximum(
            hard,
            0.8 * scanner.dropout * (_noise(page.shape[:2], 0.15 * px, rng) > 1.7)[(...,) + (None,) * (page.ndim - 2)],
        )
    grey = hard.mean(axis=2) if hard.ndim == 3 else hard
    toner = 0.06 + 0.94 * grey
    return np.asarray(np.repeat(toner[..., None], 3, axis=2) if page.ndim == 3 else toner, np.float32)


def _specked(page: Float, scanner: Scanner) -> Float:
    """Toner specks and dust."""
    px, rng = scanner.dpi / 25.4, _rng(scanner, 4)
    height, width = page.shape[:2]
    for _ in range(scanner.specks):
        at, r = (int(rng.uniform(0, width) * 8), int(rng.uniform(0, height) * 8)), rng.gamma(1.5, 0.06) * px
        cv2.circle(page, at, max(3, int(min(r, 0.3 * px) * 8)), (float(rng.uniform(0.05, 0.6)),) * 3, -1, cv2.LINE_8, 3)
    return page


# -- the feed


def _places(shape: tuple[int, int], scanner: Scanner) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
    """Where on the sheet each place of the picture is taken from."""
    height, width = shape
    px, rng = scanner.dpi / 25.4, _rng(scanner, 5)
    turn = np.deg2rad(scanner.skew)
    u = np.arange(width, dtype=np.float32)[None] - width / 2
    v = np.arange(height, dtype=np.float32)[:, None] - height / 2
    feed = np.zeros((height, 1), np.float32)
    if scanner.jitter > 0.005:
        steps = rng.normal(0, 1, height // max(2, int(2.5 * px)) + 3)
        slow = np.interp(np.linspace(0, len(steps) - 1, height), np.arange(len(steps)), steps)
        feed = (scanner.jitter * px * (slow + 0.5 * np.sin(np.arange(height) / px / rng.uniform(0.6, 3)))).astype(
            np.float32
        )[:, None]
    u, v = u / scanner.stretch[0] - scanner.shift[0] * px, v / scanner.stretch[1] - scanner.shift[1] * px + feed
    x = np.cos(turn) * u - np.sin(turn) * v + width / 2
    y = np.sin(turn) * u + np.cos(turn) * v + height / 2
    if scanner.phone:
        lean = rng.normal(0, 0.012, 2)
        depth = 1 + lean[0] * 2 * u / width + lean[1] * 2 * v / height
        bend = float(rng.normal(0, 0.9)) * px * np.sin(np.pi * (np.arange(width, dtype=np.float32)[None] / width))
        x, y = (x - width / 2) / depth + width / 2, (y - height / 2) / depth + height / 2 + bend
    return cv2.convertMaps(x.astype(np.float32), y.astype(np.float32), cv2.CV_16SC2)


class Feed:
    """How a sheet of one shape goes through one scanner; reckoned once for the page, its bare twin and its marks."""

    def __init__(self, shape: tuple[int, int], scanner: Scanner) -> None:
        """`shape`: of the sheet in pixels."""
        self.maps, self.scanner = _places(shape, scanner), scanner

    def placed(self, owner: Picture) -> Picture:
        """The numbers of the marks as they lie on the scanned page."""
        moved = cv2.remap(owner, *self.maps, cv2.INTER_NEAREST, borderValue=0)
        return _fax_rows(moved, self.scanner, cv2.INTER_NEAREST)

    def scanned(self, sheet: Float) -> Picture:
        """The picture of a sheet (`reflected`)."""
        scanner = self.scanner
        edge = 0.25 if scanner.phone else 0.98
        page = cv2.remap(sheet, *self.maps, cv2.INTER_LINEAR, borderValue=(edge,) * 3)
        page = _lit(_blurred(page, scanner), scanner)
        return _finished(page, scanner)


def _fax_rows(page: Picture, scanner: Scanner, how: int) -> Picture:
    if not scanner.fax:
        return page
    return np.asarray(
        cv2.resize(page, (page.shape[1], round(page.shape[0] * scanner.fax / scanner.dpi)), interpolation=how), np.uint8
    )


# -- lens, lamp and sensor


def _blurred(page: Float, scanner: Scanner) -> Float:
    px = scanner.dpi / 25.4
    size = max(0.35, scanner.blur * px)
    along = cv2.getGaussianKernel(2 * int(3 * size) + 1 if size > 0.34 else 3, size)
    down = along
    if scanner.motion * px > 0.5:
        long = scanner.motion * px
        box = np.ones((2 * round(long / 2) + 1, 1)) / (2 * round(long / 2) + 1)
        down = np.convolve(along[:, 0], box[:, 0])[:, None]
    page = cv2.sepFilter2D(page, cv2.CV_32F, along, down)
    if scanner.defocus * px > 0.7:
        r = scanner.defocus * px
        side = int(np.ceil(r))
        y, x = np.mgrid[-side : side + 1, -side : side + 1]
        disc = np.clip(r + 0.5 - np.hypot(x, y), 0, 1)
        page = cv2.filter2D(page, cv2.CV_32F, disc / disc.sum())
    return np.asarray(page, np.float32)


def _lit(page: Float, scanner: Scanner) -> Float:
    """Under the scanner's lamp, as its sensor takes it."""
    height, width = page.shape[:2]
    rng, x = _rng(scanner, 6), np.linspace(-1, 1, width)
    across = 1 - scanner.uneven * np.abs(x - rng.uniform(-0.4, 0.4)) ** rng.uniform(1.5, 4)
    if scanner.joints > 0.002:
        pieces = int(rng.integers(4, 12))
        across = across + scanner.joints * np.repeat(rng.normal(0, 1, pieces), -(-width // pieces))[:width]
    if scanner.pattern > 0.001:
        across = across + scanner.pattern * rng.normal(0, 1, width)
    for _ in range(scanner.streaks):
        at, wide = int(rng.uniform(0.02, 0.98) * width), int(rng.integers(1, 4))
        across[at : at + wide] *= float(rng.choice([rng.uniform(0.3, 0.85), 1.15], p=[0.8, 0.2]))
    down = np.ones(height)
    if scanner.bands > 0.003:
        down += scanner.bands * np.sin(np.arange(height) / rng.uniform(3, 60) + rng.uniform(0, 6)) * 0.5
        down += scanner.bands * 0.4 * np.repeat(rng.normal(0, 1, height // 5 + 1), 5)[:height]
    tail = (1,) * (page.ndim - 2)
    page = page * across.astype(np.float32).reshape(1, width, *tail) * down.astype(np.float32).reshape(height, 1, *tail)
    if scanner.phone:
        shade = 1 + 0.5 * scanner.uneven * _broad((height, width), width / 2.2, rng)
        page = page * shade.reshape(height, width, *tail)
    grain = _noise((height, width), 0.6 if scanner.phone else 0.0, rng) * scanner.noise
    if page.ndim == 3:
        other = np.roll(grain, (311, 97), (0, 1))
        grain = np.stack([grain, 0.6 * grain + 0.5 * other, other], axis=2)
    return np.asarray(page + grain * (0.5 + 0.7 * np.sqrt(np.maximum(page, 0))), np.float32)


# -- what the machine makes of it


def _finished(page: Float, scanner: Scanner) -> Picture:
    height, width = page.shape[:2]
    if scanner.low < 1:
        small = cv2.resize(
            page, (round(width * scanner.low), round(height * scanner.low)), interpolation=cv2.INTER_AREA
        )
        page = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    level = np.clip((page - scanner.black) / (scanner.white - scanner.black), 0, 1.1)
    if abs(scanner.gamma - 1) > 0.03:
        level = level**scanner.gamma
    if scanner.sharpen:
        level = level + scanner.sharpen * (level - cv2.GaussianBlur(level, (0, 0), sigmaX=0.11 * scanner.dpi / 25.4))
    grey = np.clip(level * 255, 0, 255).astype(np.uint8)
    if scanner.fax:
        grey = _fax_rows(grey, scanner, cv2.INTER_AREA)
    if scanner.mode in TWO:
        return _fax_faults(_cleaned(_two(grey, scanner), scanner), scanner)
    if scanner.denoise in ("median", "specks"):
        grey = cv2.medianBlur(grey, 3)
    elif scanner.denoise == "smooth":
        grey = cv2.bilateralFilter(grey, 5, 30, 2)
    return _squeezed(np.asarray(grey, np.uint8), scanner)


def _squeezed(page: Picture, scanner: Scanner) -> Picture:
    if not scanner.quality:
        return page
    how = [cv2.IMWRITE_JPEG_QUALITY, scanner.quality]
    if page.ndim == 3:
        halved = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if scanner.halved else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        _, data = cv2.imencode(".jpg", page[..., ::-1], [*how, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, halved])
        return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    _, data = cv2.imencode(".jpg", page, how)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def _two(grey: Picture, scanner: Scanner) -> Picture:
    """Black and white, 0 or 255."""
    px = scanner.dpi / 25.4
    side = 2 * int(scanner.reach * px / 2) + 1
    match scanner.mode:
        case "otsu":
            _, page = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        case "mean":
            page = cv2.adaptiveThreshold(
                grey,
                255,
                cv2.ADAPTIVE_THRESH_MEAN_C,
                cv2.THRESH_BINARY,
                side,
                10 + 40 * (0.7 - min(0.65, scanner.level)),
            )
        case "midgrey":
            small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
            near = np.ones((max(3, side // 4), max(3, side // 4)), np.uint8)
            low, high = cv2.erode(small, near).astype(np.float32), cv2.dilate(small, near).astype(np.float32)
            border = np.where(high - low > 50, low + (high - low) * 0.55, high * 0.6)
            border = cv2.GaussianBlur(border.astype(np.float32), (0, 0), sigmaX=3)
            page = np.where(grey > cv2.resize(border, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), 255, 0)
        case "sharpened":
            edged = cv2.addWeighted(grey, 2.4, cv2.GaussianBlur(grey, (0, 0), sigmaX=0.25 * px), -1.4, 0)
            page = np.where(edged > scanner.level * 255, 255, 0)
        case "diffused":
            page = np.asarray(Image.fromarray(grey).convert("1"), np.uint8) * 255
        case "clustered" | "scattered":
            cell = _cell(scanner.cell) if scanner.mode == "clustered" else _scatter()
            many = -(-grey.shape[0] // cell.shape[0]), -(-grey.shape[1] // cell.shape[1])
            page = np.where(grey > np.tile(cell, many)[: grey.shape[0], : grey.shape[1]], 255, 0)
        case _:
            page = np.where(grey > scanner.level * 255, 255, 0)
    return np.asarray(page, np.uint8)


@lru_cache(maxsize=4)
def _cell(side: int) -> NDArray[np.float32]:
    """Thresholds of a halftone whose dots grow from the middle of each cell, every other row of cells shifted."""
    y, x = np.mgrid[:side, : 2 * side] + 0.5
    spot = np.cos(2 * np.pi * x / side) * 1.0 + np.cos(2 * np.pi * y / side) + 1e-4 * x
    ranks = spot.ravel().argsort().argsort().reshape(spot.shape) / spot.size
    upper = np.hstack([ranks])
    return (8 + 236 * np.vstack([upper, np.roll(upper, side // 2, 1)])).astype(np.float32)


@lru_cache(maxsize=1)
def _scatter() -> NDArray[np.float32]:
    """Thresholds that are spread so that no two neighbours are alike."""
    noise = np.random.default_rng(5).random((128, 128)).astype(np.float32)
    for _ in range(6):
        padded = cv2.copyMakeBorder(noise, 8, 8, 8, 8, cv2.BORDER_WRAP)
        high = noise - cv2.GaussianBlur(padded, (0, 0), sigmaX=1.6)[8:-8, 8:-8]
        noise = (high.ravel().argsort().argsort().reshape(high.shape) / high.size).astype(np.float32)
    return 8 + 236 * noise


def _cleaned(page: Picture, scanner: Scanner) -> Picture:
    """Single dots taken away, or edges smoothed, as a packer for archives does."""
    if not scanner.denoise or scanner.mode in DOTS:
        return page
    if scanner.denoise == "specks":
        alone = cv2.filter2D(
            (page == 0).astype(np.uint8), -1, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT
        )
        return np.where((page == 0) & (alone > 2), 0, 255).astype(np.uint8)
    if scanner.denoise == "smooth" and scanner.dpi < 240:
        return page
    return np.asarray(cv2.medianBlur(page, 3), np.uint8)


def _fax_faults(page: Picture, scanner: Scanner) -> Picture:
    """Rows lost on the line: the one before is sent again, or it is white."""
    if not scanner.fax:
        return page
    rng, page = _rng(scanner, 8), page.copy()
    for row in rng.integers(1, len(page), rng.poisson(3 + 60 * scanner.noise)):
        page[row] = page[row - 1] if rng.random() < 0.8 else 255
    return page
