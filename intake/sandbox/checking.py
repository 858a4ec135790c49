"""Everything that comes out of a locked-down reader is checked here before it is used.

The reader may have been taken over by the document that it opened. It can still lie about what is ticked, as a forged form
could; it must not be able to hand over anything but page numbers, small texts, and pictures that are only pictures.
"""

import math
import re
import struct
from typing import Any

from forms.results import PageReading
from forms.template import FIELD_ID
from intake.sandbox.wire import BadMessage

MOST_SIDE = 20_000
MOST_CROP_PIXELS = 40_000_000
MOST_TEXT = 2_000
MOST_FIELDS = 500
_SUM = re.compile(r"\A[0-9a-f]{16}\Z")
_NAME = re.compile(rf"\A(?:ocr:)?{FIELD_ID.pattern}\Z")
# The parts of a PNG that are pixels or say how to show them. Text, times, profiles and the unknown are not let through.
_PNG_PARTS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"pHYs", b"sRGB", b"gAMA", b"IEND"})


def whole_number(value: object, least: int, most: int) -> int:
    """A whole number between the two."""
    if type(value) is not int or not least <= value <= most:
        raise BadMessage("number out of range")
    return value


def real_number(value: object, least: float, most: float) -> float:
    """A number between the two."""
    if type(value) not in (int, float):
        raise BadMessage("no number")
    number = float(value)  # type: ignore[arg-type]  # int or float, as checked
    if not math.isfinite(number) or not least <= number <= most:
        raise BadMessage("number out of range")
    return number


def names(value: object, most: int = MOST_FIELDS) -> list[str]:
    """Names of crops, each once."""
    if not isinstance(value, list) or len(value) > most or len(set(map(str, value))) != len(value):
        raise BadMessage("no names")
    if not all(isinstance(one, str) and _NAME.match(one) for one in value):
        raise BadMessage("odd name")
    return value


def reading(value: object, number: int) -> PageReading:
    """A page reading of page `number`, with every part of the type it claims to be."""
    _plain(value, depth=6)
    try:
        found = PageReading.from_json(value)  # type: ignore[arg-type]  # anything else fails inside
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise BadMessage("no reading") from error
    if found.number != number or found.turned not in (0, 90, 180, 270) or len(found.fields) > MOST_FIELDS:
        raise BadMessage("odd reading")
    for text in (found.form, found.edition, found.reason, found.sheet, found.trace):
        _text_or_none(text)
    if found.template_sum is not None and not (isinstance(found.template_sum, str) and _SUM.match(found.template_sum)):
        raise BadMessage("no sum")
    if found.template_page is not None:
        whole_number(found.template_page, 1, 100)
    for score in found.matches.values():
        real_number(score, -1e9, 1e9)
    for field in found.fields:
        if not isinstance(field.id, str) or not _NAME.match(field.id) or type(field.review) is not bool:
            raise BadMessage("odd field")
        _text_or_none(field.value)
        _text_or_none(field.reason)
        real_number(field.confidence, 0, 1)
        whole_number(field.page, number, number)
        whole_number(field.template_page, 1, 100)
        for edge in field.box:
            real_number(edge, -20_000, 20_000)
        for pixel in field.crop or ():
            whole_number(pixel, -MOST_SIDE, 2 * MOST_SIDE)
        if not all(isinstance(one, str) or type(one) in (int, float) for one in field.evidence.values()):
            raise BadMessage("odd evidence")
    return found


def _text_or_none(value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise BadMessage("no text")


def _plain(value: Any, depth: int) -> None:
    """Only short texts, finite numbers, and not too deep."""
    if depth < 0:
        raise BadMessage("too deep")
    if isinstance(value, str) and len(value) > MOST_TEXT:
        raise BadMessage("long text")
    if isinstance(value, float) and not math.isfinite(value):
        raise BadMessage("no number")
    if type(value) is int and abs(value) > 1 << 53:
        raise BadMessage("number out of range")
    if isinstance(value, dict):
        for key, one in value.items():
            _plain(key, 0)
            _plain(one, depth - 1)
    elif isinstance(value, list):
        for one in value:
            _plain(one, depth - 1)


def picture(data: bytes, kind: str, width: int | None = None, height: int | None = None) -> None:
    """A PNG or JPEG of that size with pixels in it and nothing else: no text, no camera data, nothing behind its end."""
    size = _png_size(data) if kind == "image/png" else _jpeg_size(data) if kind == "image/jpeg" else None
    if size is None or not 0 < size[0] <= MOST_SIDE or not 0 < size[1] <= MOST_SIDE:
        raise BadMessage("no picture")
    if size[0] * size[1] > MOST_CROP_PIXELS or (width is not None and size != (width, height)):
        raise BadMessage("picture of another size")


def _png_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    at, size = 8, None
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind not in _PNG_PARTS or at + 12 + length > len(data):
            return None
        if kind == b"IHDR" and length == 13 and at == 8:
            size = struct.unpack_from(">II", data, at + 8)
        at += 12 + length
        if kind == b"IEND":
            return (int(size[0]), int(size[1])) if size and at == len(data) else None
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walks the segments up to the pixels: JFIF header, tables, size, scan."""
    if not data.startswith(b"\xff\xd8") or not data.endswith(b"\xff\xd9"):
        return None
    at, size = 2, None
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, (length,) = data[at + 1], struct.unpack_from(">H", data, at + 2)
        if marker == 0xDA:
            return size
        if marker in (0xC0, 0xC1, 0xC2):
            high, wide = struct.unpack_from(">HH", data, at + 5)
            size = (int(wide), int(high))
        elif marker not in (0xE0, 0xDB, 0xC4, 0xDD):
            return None
        at += 2 + length
    return None
