"""Finds the pages that we printed by their four corner marks and names them by the code between these: the quick way in.

The marks are squares of 6 mm whose middles lie 11 mm from the edges of A4; the one at the bottom right is open in its middle,
so that no turn can be mistaken. Without all four marks, or without a code that can be read whole, there is no answer, and the page is
looked for by its print like any other.
"""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from forms import again, again_blank
from forms.blank_pages import BLANK_DPI, FEATURE_DPI, BlankPage
from forms.catalogue import Catalogue
from forms.geometry import MM_PER_INCH
from forms.identify import Candidate
from forms.page import WIDE_REACH, Grey, Matrix, above, darkness_of
from forms.printing.code import PLACE_MM, decode

SIDE_MM, IN_MM, A4_MM = 6.0, 11.0, (210.0, 297.0)
_PX = FEATURE_DPI / MM_PER_INCH
_CODE_PX_PER_MM = 12.0
_CORE_PX = 3
_HALVED = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]])
CERTAIN = 1000
"""Stands for the count of corners that agree where a page says itself what it is."""

Point = tuple[float, float]


def by_corner_marks(
    small: Grey, work: Grey, blanks: Sequence[BlankPage], catalogue: Catalogue, dark: Grey | None = None
) -> Candidate | None:
    """The page that its own code names, with its place. `small` is the page at FEATURE_DPI, `work` the same twice as large.

    `dark`: the darkness of `small` with WIDE_REACH, where that is known already.
    """
    marks = corner_marks(small, dark)
    if marks is None:
        return None
    width, height = A4_MM
    ends = [(IN_MM, IN_MM), (width - IN_MM, IN_MM), (width - IN_MM, height - IN_MM), (IN_MM, height - IN_MM)]
    from_mm = cv2.getPerspectiveTransform(np.array(ends, np.float32), np.array(marks, np.float32))
    known = catalogue.coded(_code(work, np.asarray(from_mm, np.float64)))
    if known is None:
        return None
    sheet = known.id == again.ID
    blank = again_blank.blank_of(known) if sheet else next(one for one in blanks if one.known is known)
    rough = from_mm @ np.diag([1 / _PX, 1 / _PX, 1.0])
    return Candidate(blank, np.asarray(rough, np.float64), CERTAIN)


def corner_marks(small: Grey, darkness: Grey | None = None) -> tuple[Point, Point, Point, Point] | None:
    """The middles of the marks in pixels: top left, top right, bottom right (the open one), bottom left of the printed page."""
    height, width = small.shape
    darkness = darkness_of(small, WIDE_REACH) if darkness is None else darkness
    dark = above(darkness, 90)
    if not _has_squares(dark):
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    wanted = (SIDE_MM * _PX) ** 2
    _, _, wide, high, areas = stats.T.astype(np.int64)
    size, shape = wide * high, wide / np.maximum(1, high)
    solid = (size > 0.55 * wanted) & (size < 2.2 * wanted) & (shape > 0.7) & (shape < 1.4) & (areas > 0.55 * size)
    found: list[tuple[Point, bool]] = []
    for number in (int(one) for one in np.nonzero(solid)[0] if one > 0):
        x, y, w, h = (int(value) for value in stats[number, :4])
        middle = labels[y + h // 2 - 1 : y + h // 2 + 2, x + w // 2 - 1 : x + w // 2 + 2]
        is_open = float((middle == number).mean()) < 0.4
        found.append(((float(x + (w - 1) / 2), float(y + (h - 1) / 2)), is_open))
    if len(found) < 4:
        return None
    ends = [(0, 0), (width, 0), (width, height), (0, height)]
    nearest = [min(found, key=lambda one: _away(one[0], end)) for end in ends]
    if len({point for point, _ in nearest}) != 4 or sum(is_open for _, is_open in nearest) != 1:
        return None
    # Clockwise from the corner that is bottom right in print.
    at = next(place for place, (_, is_open) in enumerate(nearest) if is_open)
    turned = [nearest[(at + step) % 4][0] for step in (2, 3, 0, 1)]
    sides = [_away(a, b) for a, b in pairwise([*turned, turned[0]])]
    ratio = (sides[0] + sides[2]) / max(1.0, sides[1] + sides[3])
    if not 0.85 < ratio / ((A4_MM[0] - 2 * IN_MM) / (A4_MM[1] - 2 * IN_MM)) < 1.18:
        return None
    return turned[0], turned[1], turned[2], turned[3]


def _has_squares(dark: Grey) -> bool:
    """Whether there may be three solid marks: what is so thick in both directions that no letter is left of it. A quick look."""
    thin = 2 * _CORE_PX
    core = cv2.erode(dark, np.ones((thin + 1, thin + 1), np.uint8))
    edges, _ = cv2.findContours(core, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    sides = [cv2.boundingRect(edge)[2:] for edge in edges]
    return sum((wide + thin) * (high + thin) < 2.2 * (SIDE_MM * _PX) ** 2 for wide, high in sides) >= 3


def _away(one: Point, other: Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def says_another_page(candidate: Candidate, work: Grey, full: Matrix) -> bool:
    """Whether a page that was found by its print has a code of ours, read whole, that names another page or edition.

    `full`: from pixels of the blank (BLANK_DPI) to those of `work`, as in `Registration`.
    """
    known = candidate.blank.known
    if candidate.matches >= CERTAIN or known.template is None or known.template.code is None:
        return False
    to_blank = np.diag([BLANK_DPI / MM_PER_INCH, BLANK_DPI / MM_PER_INCH, 1.0])
    text = _code(work, np.asarray(_HALVED @ full @ to_blank, np.float64))
    said = decode(text)
    return said is not None and (said.print, said.page) != (known.template.code, known.page)


def _code(work: Grey, from_mm: Matrix) -> str:
    """The characters of the code between the corner marks; empty if they cannot be read whole."""
    left, top, right, bottom = PLACE_MM
    side = round((right - left) * _CODE_PX_PER_MM), round((bottom - top) * _CODE_PX_PER_MM)
    to_mm: NDArray[np.float64] = np.array([[1 / _CODE_PX_PER_MM, 0, left], [0, 1 / _CODE_PX_PER_MM, top], [0, 0, 1]])
    doubled = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    flat = cv2.warpPerspective(work, doubled @ from_mm @ to_mm, side, flags=flags, borderValue=255)
    for smooth in (1.2, 2.6):
        soft = np.asarray(cv2.GaussianBlur(flat, (0, 0), smooth), np.uint8)
        for code in zxingcpp.read_barcodes(soft, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
            if code.valid:
                return code.text
    return ""
