"""The known blank pages as pictures, with all that registration wants of them worked out once a process.

Pictures are 200 dots to the inch. `BLANK_DPI` is the resolution at which everything is measured after registration.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from forms import bits
from forms.catalogue import Catalogue, KnownPage
from forms.geometry import MM_PER_INCH, POINTS_PER_INCH, Box
from forms.page import WIDE_REACH, Grey, above, darkness_of, halved
from forms.printing.code import PLACE_MM

BLANK_DPI = 200
FEATURE_DPI = 100
POINT = BLANK_DPI / POINTS_PER_INCH  # pixels in a point
BLACK = 200
"""How dark a blank's picture is where it is printed black."""
CELL_PX = 40
"""Specks are counted in cells of about 5 mm."""
VIEW_PX_PER_MM = 5.0
"""The resolution of what a scorer of marks sees."""
FEATURES_ON_A_BLANK = 1000
FEATURES_ON_A_PAGE = 1300
GLANCE = 0.6
"""At which share of FEATURE_DPI a page is looked at first: enough to tell what a plain scan is, in a third of the time."""
GLANCED_ON_A_BLANK, GLANCED_ON_A_PAGE = 300, 500
_ON_TOP = np.float32(1024)
MOST_PATCHES = 170
PATCH = (72, 40)  # px at FEATURE_DPI: about three words
UNPACKED = 6
"""Blanks whose large pictures are kept unpacked: more kinds of pages than a stack of post mixes. One costs 25 ms to unpack again."""


@dataclass(frozen=True)
class Features:
    """Corners of a page with their descriptions, in pixels at FEATURE_DPI."""

    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]


@dataclass(frozen=True)
class Glance:
    """The strongest corners of a page at GLANCE, in pixels at FEATURE_DPI. `signs`: a row of 256 for each, 1 and -1, so that a
    product of two counts the bits that are alike."""

    points: NDArray[np.float32]
    signs: NDArray[np.float32]

    @cached_property
    def _pairs(self) -> NDArray[np.float32]:
        """Each row of the first half of the signs, with one of the second half on top of it."""
        half = -(-len(self.signs) // 2)
        pairs = self.signs[:half].copy()
        pairs[: len(self.signs) - half] += _ON_TOP * self.signs[half:]
        return pairs

    def alike(self, other: "Glance") -> NDArray[np.float32]:
        """For each corner here and each of another page: of their 256 bits those that are alike, less those that differ.

        As exact as `signs @ other.signs.T` in half the time: a number holds a count in its lower bits and another on top of it.
        """
        both = self._pairs @ other.signs.T
        second = np.rint(both * (1 / _ON_TOP))  # the lower count lies within 256 of 0
        both -= second * _ON_TOP
        return np.concatenate([both, second])[: len(self.signs)]


@dataclass(frozen=True)
class Pictures:
    """A blank's pictures as they are measured against; ten megabytes, so only those of the last few pages are kept unpacked."""

    darkness: Grey
    viewed: Grey
    print_near: Grey
    open_words: bits.Words
    black: NDArray[np.int64]
    paper: NDArray[np.float64]


@dataclass(frozen=True)
class BlankPage:
    """One known page: its picture, what is printed where, and patches that can be found again.

    `darkness` is at BLANK_DPI; `viewed` the same at VIEW_PX_PER_MM; `soft` at FEATURE_DPI, slightly blurred as a scanner would;
    `print_near` is 255 where print lies within two pixels; `patches` are left, top, right, bottom at FEATURE_DPI;
    `glance` is None for a page that is not looked for at a glance, because it says itself what it is.
    `picture`: a PNG, 255 is paper, from which the large ones are made when they are wanted; `size`: its width and height.
    """

    known: KnownPage
    picture: bytes = field(repr=False)
    size: tuple[int, int]
    soft: Grey
    features: Features
    patches: tuple[tuple[int, int, int, int], ...]
    glance: Glance | None = field(default=None, repr=False)

    @property
    def is_coded(self) -> bool:
        """Whether we print it, with corner marks and a code that says what it is."""
        return self.known.template is not None and self.known.template.code is not None

    @property
    def darkness(self) -> Grey:
        """How dark the print is."""
        return _pictures(self.picture).darkness

    @property
    def viewed(self) -> Grey:
        """The same as a scorer of marks sees it."""
        return viewed(self.picture)

    @property
    def print_near(self) -> Grey:
        """Where print lies, made a little wider."""
        return _pictures(self.picture).print_near

    @property
    def open_words(self) -> bits.Words:
        """Where no print lies near, as `bits`; what is set in the spare pixels means nothing."""
        return _pictures(self.picture).open_words

    @property
    def black(self) -> NDArray[np.int64]:
        """Where it is printed black: places in the flat `darkness`, of every second row and column."""
        return _pictures(self.picture).black

    @property
    def paper(self) -> NDArray[np.float64]:
        """Which share of each cell (`per_cell`) is open paper, with no print near."""
        return _pictures(self.picture).paper


def blank_pages(catalogue: Catalogue) -> tuple[BlankPage, ...]:
    """Every known page of the catalogue with its picture loaded; pictures are kept, packed, for the life of the process."""
    return tuple(_blank(known) for known in catalogue.known_pages())


_loaded: dict[Path, BlankPage] = {}


def _blank(known: KnownPage) -> BlankPage:
    if known.picture not in _loaded:
        _loaded[known.picture] = _prepare(known)
    kept = _loaded[known.picture]
    # The picture is kept, not the template: another catalogue may lay other boxes over the same picture.
    return kept if kept.known is known else replace(kept, known=known)


def _prepare(known: KnownPage) -> BlankPage:
    return prepared(known, known.picture.read_bytes())


def unpacked(picture: bytes) -> Grey:
    """A blank's PNG as pixels: height × width, 255 is paper. ValueError if it is none."""
    grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise ValueError("A blank page is no picture")
    return np.asarray(grey, dtype=np.uint8)


def packed(picture: Grey) -> bytes:
    """A blank's pixels as PNG."""
    return bytes(cv2.imencode(".png", picture)[1])


@lru_cache(maxsize=UNPACKED)
def _pictures(picture: bytes) -> Pictures:
    darkness = np.asarray(cv2.bitwise_not(unpacked(picture)), dtype=np.uint8)
    near = np.asarray(cv2.dilate(above(darkness, 48), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))), np.uint8)
    black = np.zeros(darkness.shape, bool)
    black[::2, ::2] = darkness[::2, ::2] >= BLACK
    return Pictures(
        darkness, for_view(darkness), near, ~bits.packed(near), np.flatnonzero(black), per_cell(near[:, :-1] == 0)
    )


def viewed(picture: bytes) -> Grey:
    """A blank's print as a scorer of marks sees it. `picture`: as in `BlankPage`."""
    return _pictures(picture).viewed


def per_cell(layer: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Which share of each cell (CELL_PX each way) is set. What does not fill a cell at the right and at the bottom is left out."""
    down, across = (side // CELL_PX for side in layer.shape)
    whole = np.ascontiguousarray(layer[: down * CELL_PX, : across * CELL_PX]).view(np.uint8)
    columns = whole.reshape(down, CELL_PX, -1).sum(axis=1, dtype=np.uint8)  # at most CELL_PX in each, so it fits
    return np.asarray(columns.reshape(down, across, CELL_PX).sum(axis=2) / CELL_PX**2, np.float64)


def prepared(known: KnownPage, picture: bytes, features: Features | None = None) -> BlankPage:
    """A blank from its PNG (255 is paper, BLANK_DPI). `features`: for a page that is never looked for by its print."""
    whole = unpacked(picture)
    small = halved(whole)
    soft = softened(small)
    blank = BlankPage(
        known=known,
        picture=picture,
        size=(whole.shape[1], whole.shape[0]),
        soft=soft,
        features=features_of(_without_code(known, small), FEATURES_ON_A_BLANK) if features is None else features,
        patches=_patches(soft),
    )
    if features is not None or blank.is_coded:
        return blank
    return replace(blank, glance=glance_of(darkness_of(small, WIDE_REACH), GLANCED_ON_A_BLANK))


def _without_code(known: KnownPage, small: Grey) -> Grey:
    """A blank without its code, by whose corners it is not looked for.

    Where the code cannot be read they are covered or those of another page, and where they are there, hundreds in one spot say nothing of
    how the foot of the page lies.
    """
    if known.template is None or known.template.code is None:
        return small
    left, top, right, bottom = (round(mm * FEATURE_DPI / MM_PER_INCH) for mm in PLACE_MM)
    small = small.copy()
    small[top:bottom, left:right] = 255
    return small


def softened(small: Grey) -> Grey:
    """The darkness of a blank's picture (FEATURE_DPI, 255 is paper), slightly blurred as a scanner would."""
    return np.asarray(cv2.GaussianBlur(cv2.bitwise_not(small), (0, 0), 0.7), dtype=np.uint8)


def for_view(darkness: Grey) -> Grey:
    """A page's darkness (BLANK_DPI) at the resolution of views."""
    shrink = VIEW_PX_PER_MM / (BLANK_DPI / MM_PER_INCH)
    return np.asarray(cv2.resize(darkness, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache(maxsize=4)
def _finder(wanted: int, levels: int = 6) -> cv2.ORB:
    return cv2.ORB.create(nfeatures=wanted, scaleFactor=1.2, nlevels=levels, fastThreshold=12)


def features_of(small: Grey, wanted: int, dark: Grey | None = None) -> Features:
    """The corners of a page reduced to FEATURE_DPI, evened out so that weak toner has as many as black print.

    `dark`: its darkness with WIDE_REACH, where that is known already.
    """
    return _corners(darkness_of(small, WIDE_REACH) if dark is None else dark, _finder(wanted))


def glance_of(dark: Grey, wanted: int) -> Glance:
    """So many of the strongest corners of a page at GLANCE. `dark`: its darkness at FEATURE_DPI with WIDE_REACH."""
    reduced = cv2.resize(dark, None, fx=GLANCE, fy=GLANCE, interpolation=cv2.INTER_LINEAR)
    found = _corners(np.asarray(reduced, np.uint8), _finder(GLANCED_ON_A_PAGE, 4))
    points = (found.points[:wanted] + 0.5) / GLANCE - 0.5  # places are those of the middles of pixels
    bits = np.unpackbits(found.descriptors[:wanted], axis=1)
    return Glance(points.astype(np.float32), bits.astype(np.float32) * 2 - 1)


def _corners(dark: Grey, finder: cv2.ORB) -> Features:
    even = cv2.bitwise_not(dark)
    cv2.normalize(even, even, 0, 255, cv2.NORM_MINMAX)
    points, descriptors = finder.detectAndCompute(cv2.GaussianBlur(even, (0, 0), 0.8), None)
    if descriptors is None or len(points) == 0:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
    # Strongest first, so that the first few of a page are those that come through any scanner.
    order = np.argsort([-point.response for point in points], kind="stable")
    places = np.asarray(cv2.KeyPoint.convert(points), np.float32)
    return Features(places[order], np.asarray(descriptors, dtype=np.uint8)[order])


def _patches(soft: Grey) -> tuple[tuple[int, int, int, int], ...]:
    """Overlapping patches of print, wherever there is enough of it to be found again without doubt."""
    width, height = PATCH
    sums, squares = cv2.integral2(soft, sdepth=cv2.CV_64F, sqdepth=cv2.CV_64F)

    def contrast(left: int, top: int) -> float:
        """The standard deviation of a piece, from the sums: most of a page is empty and needs no closer look."""
        mean, square = (
            (each[top + height, left + width] - each[top, left + width] - each[top + height, left] + each[top, left])
            / (width * height)
            for each in (sums, squares)
        )
        return float(np.sqrt(max(0.0, square - mean**2)))

    found = []
    for top in range(4, soft.shape[0] - height - 4, height // 2):
        for left in range(4, soft.shape[1] - width - 4, width // 2):
            if contrast(left, top) > 28:
                piece = soft[top : top + height, left : left + width]
                if piece.mean(axis=1).std() > 8 and piece.mean(axis=0).std() > 8:
                    found.append((left, top, left + width, top + height))
    if len(found) > MOST_PATCHES:
        # Evenly over the page, as they were found line by line.
        found = [found[round(n * (len(found) - 1) / (MOST_PATCHES - 1))] for n in range(MOST_PATCHES)]
    return tuple(found)


def pixels(box: Box, margin: int = 0) -> tuple[int, int, int, int]:
    """A box of the blank in pixels at BLANK_DPI, with a margin."""
    left, top, right, bottom = (round(n * POINT) for n in box)
    return (left - margin, top - margin, right + margin, bottom + margin)
