"""Names, dates and letters in handwriting typefaces, as ink; people and days to write. Everybody is invented."""

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.generator.paper import Rng

FONTS = Path(__file__).parent / "fonts"
FIT_FONTS = ("architects-daughter", "caveat", "cedarville-cursive", "gochi-hand", "kalam", "patrick-hand")
PROVE_FONTS = ("covered-by-your-grace", "indie-flower", "nanum-pen-script", "reenie-beanie", "shadows-into-light")

_FIRST = [
    "Amara",
    "Ben",
    "Chloe",
    "Dylan",
    "Eszter",
    "Farid",
    "Grace",
    "Harun",
    "Isla",
    "Jakub",
    "Kezia",
    "Liam",
    "Maryam",
    "Noah",
    "Olivia",
    "Priya",
    "Quinn",
    "Rhys",
    "Sana",
    "Tomos",
    "Una",
    "Viktor",
    "Wren",
    "Yusuf",
    "Zofia",
]
_LAST = [
    "Abara",
    "Barlow",
    "Castell",
    "Dunmore",
    "Ellery",
    "Farrow",
    "Gallows",
    "Hartley",
    "Iqbal",
    "Jessop",
    "Kowal",
    "Linden",
    "Marsh",
    "Norwood",
    "Okafor",
    "Penrose",
    "Quill",
    "Rowan",
    "Sefton",
    "Thorne",
    "Underhill",
    "Vance",
    "Winter",
    "Yates",
    "Zeller",
]
_OTHERS = [
    "Grandmother",
    "Speech therapist",
    "Tutor",
    "Youth worker",
    "CAMHS",
    "Childminder",
    "Auntie Jo",
    "Club leader",
]


def a_name(rng: Rng, last: str | None = None) -> str:
    """First and last name."""
    family = last or str(rng.choice(_LAST))
    if rng.random() < 0.08:
        family += f"-{rng.choice(_LAST)}"
    return f"{rng.choice(_FIRST)} {family}"


def another(rng: Rng) -> str:
    """Somebody else to talk to."""
    return str(rng.choice(_OTHERS))


def a_day(rng: Rng, start: date, end: date) -> date:
    """A day from start to end."""
    return start + timedelta(days=int(rng.integers(0, max(1, (end - start).days))))


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.woff"), size)


def written(text: str, font: str, height: float, width: float, dpi: float, rng: Rng) -> NDArray[np.uint8]:
    """Ink of a line of writing that fits into this many millimetres, slightly turned and uneven."""
    scale = dpi / 25.4
    size = max(10, int(height * scale))
    face = _font(font, size)
    box = face.getbbox(text)
    image = Image.new("L", (int(box[2]) + size, int(box[3] + size * 0.8)), 0)
    ImageDraw.Draw(image).text((size // 2, size // 4), text, fill=255, font=face)
    ink = np.asarray(image, np.uint8)
    longest = width * scale
    if ink.shape[1] > longest:
        ink = np.asarray(cv2.resize(ink, (int(longest), ink.shape[0]), interpolation=cv2.INTER_AREA), np.uint8)
    centre = (ink.shape[1] / 2, ink.shape[0] / 2)
    matrix = cv2.getRotationMatrix2D(centre, float(rng.normal(0, 1.2)), 1.0)
    matrix[0, 1] += rng.normal(0, 0.08)
    ink = cv2.warpAffine(ink, matrix, (ink.shape[1], ink.shape[0]))
    if rng.random() < 0.4:
        ink = cv2.dilate(ink, np.ones((2, 2), np.uint8)) if rng.random() < 0.6 else ink
    return np.asarray(ink, np.uint8)
