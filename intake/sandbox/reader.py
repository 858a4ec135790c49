"""One page: what it is, what is ticked, and its picture rebuilt from pixels alone. Runs only inside the sandbox."""

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

import cv2
import numpy as np
from PIL import Image

from forms.results import PageKind, PageReading
from intake.sandbox.opening import Page, Pixels

# Enough to read small print on a screen; the scan itself stays at its own resolution.
PREVIEW_DPI = 150.0
BILEVEL_DPI = 200.0
LONGEST_PREVIEW = 4000
_JPEG_QUALITY = 80
_GREY_LEVELS = 16
_A4_LONG_INCHES = 297 / 25.4

Crops = dict[str, bytes]


class PageReader(Protocol):
    """Reads pages. One for each document. `own_forms`: the folder of the service's own templates."""

    def __init__(self, own_forms: Path | None = None) -> None: ...

    def digital(self, data: bytes) -> list[PageReading] | None:
        """The readings of a typed or fillable form, from its own text; None for a scan."""
        ...

    def read(self, page: Page) -> tuple[PageReading, Crops]:
        """What one page image is and says, and the PNG crops that prove it."""
        ...


class FormsReader:
    """The reader of consent forms."""

    def __init__(self, own_forms: Path | None = None) -> None:
        # Here, because "none" must work without templates, and because loading takes time that a warm parent spends once.
        from forms.blank_pages import blank_pages
        from forms.drafting.looking import readable
        from forms.fillable import read_digital
        from forms.reading import read_page

        self._catalogue = readable(own_forms)
        self._read_page, self._read_digital = read_page, read_digital
        # Now, because a locked-in reader can open no file: every blank is loaded, and two are read with a stroke on them, so that
        # what the libraries load late is loaded too. Reading the others gains nothing and takes two seconds.
        for blank in blank_pages(self._catalogue)[:2]:
            pixels = np.asarray(cv2.bitwise_not(blank.darkness), np.uint8)
            cv2.line(pixels, (240, 540), (600, 1000), 0, 5)
            read_page(pixels, (200.0, 200.0), 1, self._catalogue)

    def digital(self, data: bytes) -> list[PageReading] | None:
        """See PageReader.digital."""
        return self._read_digital(data, self._catalogue)

    def read(self, page: Page) -> tuple[PageReading, Crops]:
        """See PageReader.read."""
        return self._read_page(page.pixels, page.dpi, page.number, self._catalogue)


class NoReader:
    """Opens and rebuilds pages, and reads nothing."""

    def __init__(self, own_forms: Path | None = None) -> None:
        pass

    def digital(self, data: bytes) -> list[PageReading] | None:
        """See PageReader.digital."""
        return None

    def read(self, page: Page) -> tuple[PageReading, Crops]:
        """See PageReader.read."""
        return PageReading(page.number, PageKind.OTHER, reason="This page was not read."), {}


class CopyReader:
    """Hands over each page whole and lossless, as the crop `page`: a scan is split without losing a pixel."""

    def __init__(self, own_forms: Path | None = None) -> None:
        pass

    def digital(self, data: bytes) -> list[PageReading] | None:
        """See PageReader.digital."""
        return None

    def read(self, page: Page) -> tuple[PageReading, Crops]:
        """See PageReader.read."""
        image, out = Image.fromarray(page.pixels), io.BytesIO()
        if page.pixels.ndim == 2 and _is_bilevel(page.pixels):
            image = image.convert("1", dither=Image.Dither.NONE)
        image.save(out, "PNG", **({"dpi": page.dpi} if page.dpi else {}))
        return PageReading(page.number, PageKind.OTHER, reason="This page was copied."), {"page": out.getvalue()}


def in_preview(reading: PageReading, page: Page, preview: "Preview") -> PageReading:
    """The reading with its crops in pixels of the preview, which is the picture that people see."""
    height, width = page.pixels.shape[:2]
    if reading.turned % 180:
        height, width = width, height
    across, down = preview.width / width, preview.height / height
    fields = tuple(
        replace(one, crop=(
            round(one.crop[0] * across), round(one.crop[1] * down), round(one.crop[2] * across), round(one.crop[3] * down)
        ))
        if one.crop
        else one
        for one in reading.fields
    )  # fmt: skip
    return replace(reading, fields=fields)


READERS: dict[str, type[PageReader]] = {"forms": FormsReader, "none": NoReader, "copy": CopyReader}


@dataclass(frozen=True)
class Preview:
    """An upright picture of a page with square dots, without anything of the file it came from."""

    data: bytes
    type: Literal["image/png", "image/jpeg"]
    width: int
    height: int
    dpi: float


def rebuild(page: Page, turned: int) -> Preview:
    """The page's picture: turned upright by `turned` degrees clockwise, no finer than a screen can use."""
    pixels = np.ascontiguousarray(np.rot90(page.pixels, -(turned // 90 % 4)))
    height, width = pixels.shape[:2]
    across, down = page.dpi or (max(width, height) / _A4_LONG_INCHES,) * 2
    if page.dpi and turned % 180:
        across, down = down, across
    bilevel = pixels.ndim == 2 and _is_bilevel(pixels)
    dpi = min(max(across, down), BILEVEL_DPI if bilevel else PREVIEW_DPI)
    wide, high = max(round(width / across * dpi), 1), max(round(height / down * dpi), 1)
    if max(wide, high) > LONGEST_PREVIEW:
        shrink = LONGEST_PREVIEW / max(wide, high)
        dpi, wide, high = dpi * shrink, max(round(wide * shrink), 1), max(round(high * shrink), 1)
    if (wide, high) != (width, height):
        larger = wide > width or high > height
        how = cv2.INTER_LINEAR if larger else cv2.INTER_AREA
        pixels = cv2.resize(pixels, (wide, high), interpolation=how).astype(np.uint8, copy=False)
    data, kind = _encoded(pixels, bilevel=bilevel)
    return Preview(data, kind, wide, high, dpi)


def _is_bilevel(pixels: Pixels) -> bool:
    return not bool(((pixels > 0) & (pixels < 255)).any())


def _encoded(pixels: Pixels, *, bilevel: bool) -> tuple[bytes, Literal["image/png", "image/jpeg"]]:
    """PNG or JPEG, whichever is smaller. Photographs and grey scans are only tried as JPEG: PNG never wins there."""
    if not bilevel:
        return _jpeg(pixels), "image/jpeg"
    if _is_bilevel(pixels):
        return _png(Image.fromarray(pixels).convert("1", dither=Image.Dither.NONE)), "image/png"
    # A shrunk black-and-white scan has greys at its edges; sixteen of them look the same and pack to half a byte.
    step = 255 // (_GREY_LEVELS - 1)
    levels = Image.fromarray(((pixels.astype(np.uint16) + step // 2) // step).astype(np.uint8), "P")
    levels.putpalette([value for level in range(_GREY_LEVELS) for value in (level * step,) * 3])
    png, jpeg = _png(levels), _jpeg(pixels)
    return (png, "image/png") if len(png) <= len(jpeg) else (jpeg, "image/jpeg")


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", bits=4 if image.mode == "P" else 1)
    return out.getvalue()


def _jpeg(pixels: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()
