"""PDF, TIFF, JPEG, PNG, saved e-mails → page images. Runs only inside the sandbox, on bytes that nobody trusts.

A scan's page is taken as it is: when one image covers the page, turned or flipped at most, its own pixels are the evidence.
Everything else (strips, stencil masks, layers, stamps, typed pages) is rendered at the image's own resolution. pypdf is the
gate (structure, page count, password); pixels come from PDFium. Where the two disagree, the file is damaged: a page that
PDFium draws white because it could not read it must never pass for a page with nothing ticked.
"""

import io
import logging
import zlib
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pypdf import PageObject, PasswordType, PdfReader, overwrite_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject

from intake.admission import FileType, RefusalCode, file_type
from intake.mail import Mail
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Document, Page, PageProblem, Pictures, Pixels, Stopped, grey_if_grey, is_whole

_POINTS = 72.0
# A typed page has no resolution of its own; 200 is what offices scan at, and what the reader of forms is used to.
TYPED_DPI = 200.0
LEAST_DPI, MOST_DPI = 150.0, 400.0
# Below this a page that is too large to render at its resolution would show nothing that can be read.
WORST_DPI = 60.0
MOST_OBJECTS = 200
# What pypdf may unpack a stream to, by each of its filters.
_STREAMS = (
    "zlib_maximum_output_length", "lzw_maximum_output_length", "run_length_maximum_output_length",
    "array_based_stream_maximum_output_length", "maximum_declared_stream_length",
)  # fmt: skip
# How far an image may be off its page: scanners round boxes to whole points and pixels.
_SLACK = 0.02
_LOOK_SIDE = 240
_LOOK_DIFFERENCE = 14.0
_LOOK_LIKENESS = 0.80
_WHITE = 250


def open_document(data: bytes, limits: Limits, known_pages: int | None = None) -> Document:
    """Opens a document. `known_pages` is its page count when it passed the gate before. Raises Stopped."""
    kind = file_type(data[:4096])
    if not data:
        raise Stopped(RefusalCode.EMPTY)
    if kind is None:
        raise Stopped(RefusalCode.WRONG_TYPE)
    if kind is FileType.PDF:
        return Pdf(data, limits, known_pages)
    if kind is FileType.EMAIL:
        return Mail(data, limits, lambda attachment: open_document(attachment, limits))
    return Pictures(data, kind, limits)


def open_pages(data: bytes, limits: Limits) -> Iterator[Page | PageProblem]:
    """Every page in turn, or why it cannot be read: no page is passed over. Raises Stopped."""
    document = open_document(data, limits)
    for number in range(1, document.pages + 1):
        try:
            yield document.page(number)
        except PageProblem as problem:
            yield problem


class _Complaints(logging.Handler):
    """Counts what pypdf complains of, and lets nothing of it out: its messages quote the document."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Counts."""
        self.count += 1


_complaints = _Complaints()
_pypdf_logger = logging.getLogger("pypdf")
_pypdf_logger.handlers = [_complaints]
_pypdf_logger.propagate = False
logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)


class Pdf:
    """A PDF that passed the gate."""

    def __init__(self, data: bytes, limits: Limits, known_pages: int | None) -> None:
        self._data, self._limits = data, limits
        self._gate: PdfReader | None = None
        if not is_whole(data):
            raise Stopped(RefusalCode.CUT_SHORT)
        counted = known_pages if known_pages is not None else self._count_by_pypdf()
        if counted > limits.pages:
            raise Stopped(RefusalCode.TOO_MANY_PAGES)
        try:
            self._pdf = pdfium.PdfDocument(data)
            self.pages = len(self._pdf)
            if self._pdf.get_formtype() != pdfium_c.FORMTYPE_NONE:
                self._pdf.init_forms()
        except pdfium.PdfiumError as error:
            locked = "password" in str(error).lower()
            raise Stopped(RefusalCode.PASSWORD if locked else RefusalCode.DAMAGED) from None
        if self.pages != counted:
            raise Stopped(RefusalCode.PAGES_DISAGREE)
        if self.pages < 1:
            raise Stopped(RefusalCode.NO_PAGES)

    def _reader(self) -> PdfReader:
        if self._gate is None:
            overwrite_configuration(None, **dict.fromkeys(_STREAMS, self._limits.stream_bytes))
            reader = PdfReader(io.BytesIO(self._data), strict=False)
            # A password that only restricts printing opens with an empty one.
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                raise Stopped(RefusalCode.PASSWORD)
            self._gate = reader
        return self._gate

    def _count_by_pypdf(self) -> int:
        try:
            return len(self._reader().pages)
        except Stopped:
            raise
        except MemoryError:
            raise Stopped(RefusalCode.TOO_MUCH_MEMORY) from None
        except Exception:
            raise Stopped(RefusalCode.DAMAGED) from None

    def page(self, number: int) -> Page:
        """See Document.page."""
        try:
            return self._page(number)
        except (PageProblem, Stopped):
            raise
        except MemoryError:
            raise PageProblem(RefusalCode.TOO_MUCH_MEMORY) from None
        except Exception:
            raise PageProblem(RefusalCode.DAMAGED) from None

    def _page(self, number: int) -> Page:
        page = self._pdf[number - 1]
        try:
            if max(page.get_size()) > self._limits.page_side_pt or min(page.get_size()) <= 0:
                raise PageProblem(RefusalCode.PAGE_TOO_BIG)
            images = _images(page)
            for image in images:
                _check_stream(image)
            found = _own_pixels(page, number, images, self._limits) or _rendered(page, number, images, self._limits)
        finally:
            page.close()
        if found.pixels.min() >= _WHITE and self._damaged(number):
            raise PageProblem(RefusalCode.DAMAGED)
        return found

    def _damaged(self, number: int) -> bool:
        """Whether the other library finds fault with a page that was drawn white."""
        before = _complaints.count
        try:
            reader = self._reader()
            page = reader.pages[number - 1]
            contents = page.get_contents()
            if contents is not None:
                _ = ContentStream(contents, reader).operations
            for part in _content_streams(page):
                # pypdf, too, makes do with what it can unpack.
                if part.get("/Filter") in ("/FlateDecode", ["/FlateDecode"]):
                    _check_deflate(part._data, self._limits.stream_bytes)
            empty = DictionaryObject()
            resources = page.get("/Resources", empty).get_object()
            objects = resources.get("/XObject", empty).get_object()
            for name in objects:
                part = objects[name].get_object()
                if not isinstance(part, StreamObject) or not part._data:
                    return True
        except Stopped:
            raise
        except LimitReachedError:
            raise PageProblem(RefusalCode.TOO_MUCH_MEMORY) from None
        except PageProblem as problem:
            if problem.code is RefusalCode.TOO_MUCH_MEMORY:
                raise
            return True
        except Exception:
            return True
        return _complaints.count > before


def _content_streams(page: PageObject) -> list[StreamObject]:
    """The streams that a page's content is made of, undecoded."""
    contents = page.get("/Contents", ArrayObject()).get_object()
    parts = contents if isinstance(contents, ArrayObject) else [contents]
    return [part for part in (one.get_object() for one in parts) if isinstance(part, StreamObject)]


def _images(page: pdfium.PdfPage) -> list[pdfium.PdfImage]:
    """The images drawn on the page itself, as many as a scanner could have put there."""
    if pdfium_c.FPDFPage_CountObjects(page) > MOST_OBJECTS:
        return []
    return [one for one in page.get_objects(max_depth=1) if isinstance(one, pdfium.PdfImage)]


def _check_stream(image: pdfium.PdfImage) -> None:
    """PDFium shows what it could decode of a broken image and leaves the rest blank: look at the stream's own end."""
    filters = image.get_filters()
    if filters == ["DCTDecode"]:
        if b"\xff\xd9" not in bytes(image.get_data(decode_simple=False))[-4096:]:
            raise PageProblem(RefusalCode.DAMAGED)
    elif filters == ["FlateDecode"]:
        _check_deflate(bytes(image.get_data(decode_simple=False)))


def _check_deflate(packed: bytes, most: int | None = None) -> None:
    """Unpacks in small pieces, keeping none. `most`: how many bytes it may come to."""
    unpacker, rest, came = zlib.decompressobj(), packed, 0
    try:
        while not unpacker.eof:
            out = unpacker.decompress(rest, 1 << 20)
            came += len(out)
            if most is not None and came > most:
                raise PageProblem(RefusalCode.TOO_MUCH_MEMORY)
            rest = unpacker.unconsumed_tail
            if not out and not rest:
                raise PageProblem(RefusalCode.DAMAGED)
    except zlib.error:
        raise PageProblem(RefusalCode.DAMAGED) from None


def _own_pixels(
    page: pdfium.PdfPage, number: int, images: Sequence[pdfium.PdfImage], limits: Limits
) -> Page | None:  # fmt: skip
    """The one image that is the page, turned as it is placed; None when the page is anything else."""
    if len(images) != 1 or pdfium_c.FPDFPage_GetAnnotCount(page) > 0 or not _alone(page):
        return None
    image = images[0]
    a, b, c, d, _, _ = image.get_matrix().get()
    upright = abs(b) + abs(c) < 1e-3 * (abs(a) + abs(d))
    sideways = abs(a) + abs(d) < 1e-3 * (abs(b) + abs(c))
    if not (upright or sideways) or not _covers(page, image):
        return None
    width, height = image.get_px_size()
    if width * height > limits.page_pixels:
        raise PageProblem(RefusalCode.PAGE_TOO_BIG)
    if image.get_metadata().colorspace == pdfium_c.FPDF_COLORSPACE_DEVICECMYK:
        return None
    drawn = _drawn_small(page.pdf, number)
    # A bitmap that is asked for unrendered ignores masks; the look below catches that, and stencils, which are inverted.
    bitmap = image.get_bitmap(render=False)
    pixels = _from_bitmap(bitmap.to_numpy(), bitmap.mode)
    bitmap.close()
    if pixels is None:
        return None
    across, down = (abs(a), abs(d)) if upright else (abs(c), abs(b))
    if upright:
        pixels = pixels[:: 1 if d > 0 else -1, :: 1 if a > 0 else -1]
    else:
        width, height = height, width
        pixels = np.swapaxes(pixels, 0, 1)[:: -1 if b > 0 else 1, :: -1 if c > 0 else 1]
    dpi = (width / across * _POINTS, height / down * _POINTS)
    turns = page.get_rotation() // 90 % 4
    pixels = np.ascontiguousarray(np.rot90(pixels, -turns))
    if turns % 2:
        dpi = (dpi[1], dpi[0])
    if not _looks_like(drawn, pixels):
        return None
    return Page(number, grey_if_grey(pixels) if pixels.ndim == 3 else pixels, dpi, "image")


def _alone(page: pdfium.PdfPage) -> bool:
    """Whether nothing visible is drawn besides the image. Scanners that recognise text lay it over the scan, unseen."""
    for one in page.get_objects(max_depth=1):
        if isinstance(one, pdfium.PdfImage):
            continue
        unseen = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        if not isinstance(one, pdfium.PdfTextObj) or pdfium_c.FPDFTextObj_GetTextRenderMode(one) != unseen:
            return False
    return True


def _covers(page: pdfium.PdfPage, image: pdfium.PdfImage) -> bool:
    """Whether the image ends where the page ends: smaller leaves paper out, larger would show what the page hides."""
    left, bottom, right, top = page.get_bbox()
    slack = _SLACK * max(right - left, top - bottom)
    placed = image.get_bounds()
    return all(abs(one - other) <= slack for one, other in zip(placed, (left, bottom, right, top), strict=True))


def _from_bitmap(raw: Pixels, mode: str) -> Pixels | None:
    """Grey or RGB. A copy, because the bitmap goes away; None for pixels with transparency."""
    match mode:
        case "L":
            return raw.reshape(raw.shape[:2]).copy()
        case "BGR" | "BGRX":
            return np.ascontiguousarray(raw[:, :, 2::-1])
        case _:
            return None


def _drawn_small(pdf: pdfium.PdfDocument, number: int) -> Pixels:
    """The page as it is drawn, some `_LOOK_SIDE` pixels high, grey.

    PDFium keeps what it unpacked for drawing (26 MB of a colour page) until that page is closed, and unpacks it again for the pixels: so this is
    a page of its own, closed before those are asked for.
    """
    page = pdf[number - 1]
    try:
        drawn = page.render(scale=_LOOK_SIDE / max(page.get_size()), grayscale=True).to_numpy()
        return np.array(drawn.reshape(drawn.shape[:2]), np.uint8)
    finally:
        page.close()


def _looks_like(small: Pixels, pixels: Pixels) -> bool:
    """Whether the page, drawn small, shows these pixels: catches stencils, masks, hidden parts and wrong turns."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    own = cv2.resize(grey, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
    one, other = (cv2.GaussianBlur(picture, (0, 0), 2).astype(np.float32) for picture in (own, small))
    if float(np.abs(one - other).mean()) > _LOOK_DIFFERENCE:
        return False
    spread = float(one.std() * other.std())
    if min(float(one.std()), float(other.std())) < 2.0:
        return True
    likeness = float(((one - one.mean()) * (other - other.mean())).mean()) / spread
    return likeness > _LOOK_LIKENESS


def _rendered(page: pdfium.PdfPage, number: int, images: Sequence[pdfium.PdfImage], limits: Limits) -> Page:
    """The page as it would be printed, at the resolution of what is on it."""
    dpi = _resolution(images)
    width, height = (side / _POINTS for side in page.get_size())
    fits = (limits.page_pixels / (width * height)) ** 0.5
    if fits < WORST_DPI:
        raise PageProblem(RefusalCode.PAGE_TOO_BIG)
    dpi = min(dpi, fits * 0.99)
    raw = page.render(scale=dpi / _POINTS, rev_byteorder=False, maybe_alpha=False)
    pixels = _from_bitmap(raw.to_numpy(), raw.mode)
    if pixels is None:
        raise PageProblem(RefusalCode.DAMAGED)
    return Page(
        number, grey_if_grey(pixels) if pixels.ndim == 3 else pixels, (dpi, dpi), "rendered"
    )  # fmt: skip


def _resolution(images: Sequence[pdfium.PdfImage]) -> float:
    """The finest resolution of the images, within reason; that of office scans where there are none."""
    found = []
    for image in images:
        a, b, c, d, _, _ = image.get_matrix().get()
        across, down = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
        width, height = image.get_px_size()
        if across > 1 and down > 1:
            found.append(max(width / across, height / down) * _POINTS)
    return min(max(*found, LEAST_DPI), MOST_DPI) if found else TYPED_DPI
