"""Pages as pixels, and pictures (TIFF, PNG, JPEG) opened as pages. Runs only inside the sandbox.

A page is upright as its file says: the turn by a scanner's orientation tag or a PDF's rotation is applied here, the turn
of paper fed sideways is not (the reader of forms finds that out).
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
)

from intake.admission import FileType, RefusalCode
from intake.sandbox.limits import Limits
from intake.settled import HEAD_BYTES, TAIL_BYTES, looks_finished

Pixels = NDArray[np.uint8]
# Named so that they are loaded, and kept, before the process is locked in: Pillow would import them when first met.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)
_ORIENTATION = 274
_TRANSPOSED = 5
_SIXTEEN_BIT = 257


class Stopped(Exception):
    """The whole document cannot be used."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code.value)
        self.code = code


class PageProblem(Exception):
    """One page cannot be used; the others may be."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True)
class Page:
    """One side: pixels (uint8, grey height × width or RGB height × width × 3, 0 is black), dots per inch across and down.

    `source` says whether these are the scan's own pixels or a rendering of them.
    """

    number: int
    pixels: Pixels
    dpi: tuple[float, float] | None
    source: Literal["image", "rendered"]
    notes: tuple[str, ...] = ()


class Document(Protocol):
    """A document that was opened: so many pages, each fetched by its number (from 1)."""

    pages: int

    def page(self, number: int) -> Page:
        """Raises PageProblem, or Stopped when the whole document turns out to be unusable."""
        ...


def is_whole(data: bytes) -> bool:
    """Whether the document reaches its end."""
    return looks_finished(
        data[:HEAD_BYTES], data[-TAIL_BYTES:], len(data), lambda at, length: data[at : at + length]
    )  # fmt: skip


_FORMATS = {FileType.TIFF: "TIFF", FileType.PNG: "PNG", FileType.JPEG: "JPEG"}


@contextmanager
def _no_bombs(pixels: int) -> Iterator[None]:
    """Pillow's own bound on the size of a picture, for as long as one is opened: it is one for the whole process otherwise."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


class Pictures:
    """A TIFF, PNG or JPEG. Only a TIFF has more than one page: other pictures' further frames are thumbnails or films."""

    def __init__(self, data: bytes, kind: FileType, limits: Limits) -> None:
        if kind is FileType.TIFF and not is_whole(data):
            # Pages behind the break cannot even be counted.
            raise Stopped(RefusalCode.CUT_SHORT)
        self._limits = limits
        self._kind = kind
        self._whole = is_whole(data)
        try:
            with _no_bombs(limits.page_pixels):
                self._image = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
                frames = int(getattr(self._image, "n_frames", 1))
                self.pages = frames if kind is FileType.TIFF else 1
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Stopped(RefusalCode.PAGE_TOO_BIG) from None
        except MemoryError:
            raise Stopped(RefusalCode.TOO_MUCH_MEMORY) from None
        except Exception:
            raise Stopped(RefusalCode.DAMAGED if self._whole else RefusalCode.CUT_SHORT) from None
        if self.pages > limits.pages or frames > limits.frames:
            raise Stopped(RefusalCode.TOO_MANY_PAGES)
        if self.pages < 1:
            raise Stopped(RefusalCode.NO_PAGES)

    def page(self, number: int) -> Page:
        """See Document.page."""
        try:
            with _no_bombs(self._limits.page_pixels):
                return self._page(number)
        except PageProblem:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PageProblem(RefusalCode.PAGE_TOO_BIG) from None
        except MemoryError:
            raise PageProblem(RefusalCode.TOO_MUCH_MEMORY) from None
        except UnidentifiedImageError:
            raise PageProblem(RefusalCode.DAMAGED) from None
        except Exception as error:
            cut = not self._whole or "truncated" in str(error)
            raise PageProblem(RefusalCode.CUT_SHORT if cut else RefusalCode.DAMAGED) from None

    def _page(self, number: int) -> Page:
        self._image.seek(number - 1)
        frame: Image.Image = self._image
        width, height = frame.size
        if width * height > self._limits.page_pixels:
            raise PageProblem(RefusalCode.PAGE_TOO_BIG)
        dpi = _resolution(frame)
        turned = frame.getexif().get(_ORIENTATION, 1)
        frame.load()
        # A TIFF's orientation is applied while it is loaded, others' here; a copy, so that the next frame is unharmed.
        pixels = _as_pixels(ImageOps.exif_transpose(frame))
        if dpi and isinstance(turned, int) and turned >= _TRANSPOSED:
            dpi = (dpi[1], dpi[0])
        return Page(number, pixels, dpi, "image")


def _resolution(image: Image.Image) -> tuple[float, float] | None:
    """What the file says, or None. Cameras and drawing programs write 72 or 96 for everything: no measurement."""
    said = image.info.get("dpi")
    if said is None:
        return None
    try:
        across, down = float(said[0]), float(said[1])
    except (TypeError, ValueError, IndexError, KeyError, ZeroDivisionError):
        return None
    if not (50 <= across <= 2400 and 50 <= down <= 2400) or (across, down) in ((72, 72), (96, 96)):
        return None
    return (across, down)


def _as_pixels(image: Image.Image) -> Pixels:
    """Grey or RGB, whatever the picture's own way of storing colour. Transparent parts show white paper."""
    match image.mode:
        case "1":
            return np.asarray(image.convert("L"))
        case "L":
            return np.asarray(image)
        case "I;16" | "I;16L" | "I;16B" | "I;16N" | "I":
            wide = np.asarray(image).astype(np.int64)
            return np.clip(wide // _SIXTEEN_BIT, 0, 255).astype(np.uint8)
        case "F":
            values = np.nan_to_num(np.asarray(image, dtype=np.float64))
            top = 1.0 if values.max(initial=0.0) <= 1.0 else 255.0
            return np.clip(values / top * 255.0, 0, 255).astype(np.uint8)
        case "RGB" | "CMYK" | "YCbCr" | "LAB" | "HSV":
            return grey_if_grey(np.asarray(image.convert("RGB")))
        case _ if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
            seen = image.convert("RGBA")
            paper = Image.new("RGBA", seen.size, (255, 255, 255, 255))
            return grey_if_grey(np.asarray(Image.alpha_composite(paper, seen).convert("RGB")))
        case _:
            return grey_if_grey(np.asarray(image.convert("RGB")))


def grey_if_grey(pixels: Pixels) -> Pixels:
    """One channel where the three hold the same: a third of the memory, and no colour that is not there."""
    sample = pixels[::16, ::16]
    if (sample[..., 0] != sample[..., 1]).any() or (sample[..., 1] != sample[..., 2]).any():
        return pixels
    if (pixels[..., 0] != pixels[..., 1]).any() or (pixels[..., 1] != pixels[..., 2]).any():
        return pixels
    return np.ascontiguousarray(pixels[..., 0])
