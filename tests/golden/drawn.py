"""Pages as families and scanners make them: pen marks on the blank pictures, then turned, skewed, scaled, noisy, squeezed.

Drawn from a seed, so that a page is the same on every machine. Only shapes: nobody's writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI, POINT, BlankPage, blank_pages
from forms.catalogue import load_catalogue
from forms.template import Field

Pixels = NDArray[np.uint8]
PX_PER_MM = BLANK_DPI / 25.4
CATALOGUE = load_catalogue()


@dataclass(frozen=True)
class Pen:
    """`shade`: 0 is black; `width` in mm."""

    shade: int = 40
    width: float = 0.4


BALLPOINT = Pen()
WORN_PEN = Pen(shade=205, width=0.3)


@cache
def blank(form: str, page: int = 1) -> BlankPage:
    """The known page of this name."""
    return next(one for one in blank_pages(CATALOGUE) if (one.known.id, one.known.page) == (form, page))


def picture(form: str, page: int = 1) -> Pixels:
    """A blank page as printed: grey, 200 dots to the inch."""
    return np.asarray(255 - blank(form, page).darkness, np.uint8)


def mark(pixels: Pixels, field: Field, box: str, shape: str, pen: Pen = BALLPOINT, seed: int = 0) -> None:
    """Draws one mark into the picture. `shape`: tick, cross, solid, scribble, dot, beside, question, ring, strike."""
    random = np.random.default_rng(seed)
    left, top, right, bottom = (value * POINT for value in field.boxes[box])
    x, y = (left + right) / 2, (top + bottom) / 2
    unit = min(right - left, bottom - top, 40.0)
    wobble = random.uniform(-0.05, 0.05, 2) * unit

    def line(*points: tuple[float, float], width: float = pen.width) -> None:
        at = [(round((x + wobble[0] + px * unit) * 8), round((y + wobble[1] + py * unit) * 8)) for px, py in points]
        polyline = np.array(at, np.int32)
        cv2.polylines(pixels, [polyline], False, pen.shade, max(1, round(width * PX_PER_MM)), cv2.LINE_AA, shift=3)

    match shape:
        case "tick":
            line((-0.35, 0.0), (-0.1, 0.35), (0.45, -0.55))
        case "cross":
            line((-0.75, -0.7), (0.75, 0.7))
            line((-0.7, 0.75), (0.75, -0.7))
        case "solid":
            cv2.rectangle(pixels, (round(left), round(top)), (round(right), round(bottom)), pen.shade, -1)
        case "scribble":
            line(*[((-1) ** n * 0.45, -0.45 + n * 0.06) for n in range(16)], width=0.6)
        case "dot":
            cv2.circle(pixels, (round(x), round(y)), round(0.4 * PX_PER_MM), pen.shade, -1, cv2.LINE_AA)
        case "beside":
            cv2.line(
                pixels, (round(right + 12), round(y)), (round(right + 18), round(y + 10)), pen.shade, 4, cv2.LINE_AA
            )
            cv2.line(
                pixels,
                (round(right + 18), round(y + 10)),
                (round(right + 34), round(y - 14)),
                pen.shade,
                4,
                cv2.LINE_AA,
            )
        case "question":
            curve = [(0.3 * np.cos(a), -0.2 + 0.25 * np.sin(a)) for a in np.linspace(-np.pi, np.pi / 2, 12)]
            line(*[(float(a), float(b)) for a, b in curve], (0.0, 0.25))
            line((0.0, 0.4), (0.0, 0.44))
        case "strike":
            start, above, end, below = (value * POINT for value in field.labels["text"])
            middle = round((above + below) / 2)
            cv2.line(pixels, (round(start), middle), (round(end), middle + 3), pen.shade, 6, cv2.LINE_AA)
        case _:
            raise ValueError(shape)


def filled(form: str, page: int, marks: Sequence[tuple[str, str, str]], pen: Pen = BALLPOINT, seed: int = 0) -> Pixels:
    """A page with these marks: field, box, shape."""
    pixels = picture(form, page)
    template = blank(form, page).known.template
    assert template is not None
    for number, (field, box, shape) in enumerate(marks):
        mark(pixels, template.field(field), box, shape, pen, seed + number)
    return pixels


def skewed(pixels: Pixels, degrees: float, scale: float = 1.0, shift: tuple[float, float] = (0.0, 0.0)) -> Pixels:
    """Turned a little about the middle, made larger or smaller, and moved, on white paper."""
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    matrix[:, 2] += np.array(shift)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=255), np.uint8)


def noisy(pixels: Pixels, sigma: float = 12.0, seed: int = 0) -> Pixels:
    """Grain as of a cheap scanner, and paper that is not quite white."""
    grain = np.random.default_rng(seed).normal(0, sigma, pixels.shape)
    return np.clip(pixels * 0.94 + grain, 0, 255).astype(np.uint8)


def squeezed(pixels: Pixels, quality: int = 30) -> Pixels:
    """Through JPEG and back."""
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def letter(seed: int = 0, lines: int = 38) -> Pixels:
    """A page of print that is none of our forms."""
    random = np.random.default_rng(seed)
    pixels = np.full((2338, 1654), 255, np.uint8)
    alphabet = list("abcdefghijklmnoprstuvwy")
    for number in range(lines):
        text = " ".join("".join(random.choice(alphabet, random.integers(2, 9))) for _ in range(11))
        cv2.putText(pixels, text[:62], (180, 260 + number * 48), cv2.FONT_HERSHEY_SIMPLEX, 0.95, 30, 2, cv2.LINE_AA)
    return pixels
