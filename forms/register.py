"""Fits a scanned page to a known blank, and decides whether the fit may be believed.

Corners propose a transform (`identify.py`); patches of print then correct it, and what is left over of their offsets is
carried to the boxes near them, because paper creases and feeds askew. A page whose print is not found where the blank has it
is not read at all: misregistration is the catastrophic fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.bends import Bend, bend_of
from forms.blank_pages import BLANK_DPI, FEATURE_DPI, POINT, BlankPage
from forms.geometry import POINTS_PER_INCH, Box, Placement
from forms.identify import Candidate
from forms.page import WIDE_REACH, Grey, Matrix, Page, darkness_of, halved, reduced
from forms.patches import Fits, patch_offsets

Place = tuple[float, float]

WORK_DPI = 200.0
REACH = 40  # px at WORK_DPI: wider than any stroke, narrower than a shadow
FOUND_AT = 0.55
"""The correlation from which a patch of print counts as found. Patches of other text reach 0.4."""
AGREE, MOSTLY = 1.5, 0.95
"""Within how many pixels patches agree on one transform. Where so many of a few patches do, the page lies flat there; a photograph of bent
paper, or one taken askew, is looked for with more of them."""

EDGE = 12
"""How far beyond a field's box (pixels at FEATURE_DPI, 3 mm) print is still its own outline, over which writing runs."""
OUTLINES_FOUND = 0.33
STRAIGHTENED = 2
"""How often a bent page is straightened at most: what lay too far off to be found may be found after the first time."""


@dataclass(frozen=True)
class Upright:
    """The page turned upright: pixels as scanned, at a working resolution, and how to get from the one to the other."""

    source: NDArray[np.uint8]
    work: Grey
    to_source: Matrix
    turned: int

    @cached_property
    def small(self) -> Grey:
        """The page at FEATURE_DPI."""
        return halved(self.work)

    @cached_property
    def strokes(self) -> Grey:
        """Its darkness at FEATURE_DPI, by which print and writing are told from the paper."""
        return darkness_of(self.small, REACH // 2)

    @cached_property
    def shapes(self) -> Grey:
        """Its darkness at FEATURE_DPI with larger things in it: corner marks, headings."""
        return darkness_of(self.small, WIDE_REACH)


@dataclass(frozen=True)
class Registration:
    """A page in the frame of a blank, at BLANK_DPI.

    `work`: the upright page at WORK_DPI; `full`: from pixels of the blank to its pixels; `bend`: what is left of its print's offsets then;
    `placement`: points on the blank to pixels of the upright page; `found`: share of the blank's patches that were found, of those that count
    (`counted`), `whole` of all; `offsets`: patch centres and what they are off by, for boxes near them;
    `inside`: 255 where the blank's frame lies on the scan; `soft`: its darkness at FEATURE_DPI, softened as the blank's is.
    """

    blank: BlankPage
    work: Grey = field(repr=False)
    full: Matrix
    bend: Bend | None
    placement: Placement
    found: float
    whole: float
    score: float
    centres: NDArray[np.float64]
    offsets: NDArray[np.float64]
    scores: NDArray[np.float64]
    counted: NDArray[np.bool_]
    inside: Grey
    scale: tuple[float, float]
    soft: Grey
    near: dict[Place, tuple[float, float, float]] = field(default_factory=dict, repr=False, compare=False)
    """What `offset_near` found at a place, which it is asked for several times."""

    @cached_property
    def darkness(self) -> Grey:
        """The page's darkness in the blank's frame. Made when it is asked for: of a page on which nothing is filled in it never is."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        laid = cv2.warpPerspective(self.work, self.full, self.blank.size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        flat = np.asarray(laid, np.uint8)
        if self.bend is not None:
            flat = self.bend.straightened(flat, round(BLANK_DPI / FEATURE_DPI))
        return darkness_of(flat, REACH)


def turn(page: Page, pixels: NDArray[np.uint8], degrees: int) -> Upright:
    """The page turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees % 360 == 0:
        work, back = reduced(page, WORK_DPI)
        return Upright(pixels, work, back, degrees)
    times = -(degrees // 90 % 4)
    source = np.ascontiguousarray(np.rot90(pixels, times))
    dpi = page.dpi if degrees % 180 == 0 else (page.dpi[1], page.dpi[0])
    turned = Page(np.ascontiguousarray(np.rot90(page.grey, times)), dpi)
    work, back = reduced(turned, WORK_DPI)
    return Upright(source, work, back, degrees)


def quarter_turn(candidate: Candidate) -> int:
    """How many degrees clockwise make the page upright, from the direction in which the blank's lines run on it."""
    matrix = candidate.rough
    centre = np.array([candidate.blank.soft.shape[1] / 2, candidate.blank.soft.shape[0] / 2, 1.0])
    here = matrix @ centre
    right = matrix @ (centre + np.array([100.0, 0, 0]))
    step = right[:2] / right[2] - here[:2] / here[2]
    angle = float(np.degrees(np.arctan2(step[1], step[0])))
    return round(-angle / 90.0) * 90 % 360


def rough_on(candidate: Candidate, page_size: tuple[int, int], degrees: int) -> Matrix:
    """The candidate's transform from the blank (FEATURE_DPI) to the upright page (FEATURE_DPI). `page_size`: width, height."""
    width, height = page_size
    turns: dict[int, Matrix] = {
        0: np.eye(3),
        90: np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], np.float64),
        180: np.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]], np.float64),
        270: np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]], np.float64),
    }
    return np.asarray(turns[degrees] @ candidate.rough, np.float64)


def register(blank: BlankPage, upright: Upright, rough: Matrix) -> Registration | None:
    """Corrects a rough transform by the blank's patches. None when hardly any print is found."""
    up = _scaling(WORK_DPI / FEATURE_DPI)
    ink = np.asarray(cv2.GaussianBlur(upright.strokes, (0, 0), 0.7), np.uint8)
    matrix = _nearer(blank, ink, rough)
    if matrix is None:
        return None
    seen, fits = _searched(blank, ink, matrix, 4)
    if _is_lost(fits[2]):
        return None
    bend, seen, (centres, offsets, scores) = _straightened(blank, seen, fits)
    full = up @ matrix @ _scaling(FEATURE_DPI / BLANK_DPI)
    inside = _inside(full, upright.work.shape, blank.size)
    placement = upright.to_source @ full @ _scaling(POINT)
    placement = placement / placement[2, 2]
    values = [float(value) for value in placement.flatten()]
    good = scores >= FOUND_AT
    counted = _counted(good, _written_on(blank, centres))
    return Registration(
        blank=blank,
        work=upright.work,
        full=full,
        bend=bend,
        placement=tuple(values),  # type: ignore[arg-type]  # nine of them
        found=float(good[counted].mean()),
        whole=float(good.mean()),
        score=float(scores.mean()),
        centres=centres * (BLANK_DPI / FEATURE_DPI),
        offsets=offsets * (BLANK_DPI / FEATURE_DPI),
        scores=scores,
        counted=counted,
        inside=inside,
        scale=_scale(full),
        soft=seen,
    )


def _written_on(blank: BlankPage, centres: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which patches lie where people write and mark: print that is not found there has mostly been written over."""
    template = blank.known.template
    if template is None:
        return np.zeros(len(centres), bool)
    boxes = [box for field_ in template.on_page(blank.known.page) for box in field_.boxes.values()]
    left, top, right, bottom = (np.array(boxes, np.float64).reshape(-1, 4) * FEATURE_DPI / POINTS_PER_INCH).T[..., None]
    x, y = centres.T
    held = (x > left - EDGE) & (x < right + EDGE) & (y > top - EDGE) & (y < bottom + EDGE)
    return np.asarray(held.any(axis=0), np.bool_)


def _counted(good: NDArray[np.bool_], written_on: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which patches count: not those of the fields that were not found, where enough of the fields' outlines stand where they should.

    Writing hides some of them; where hardly any is found, the boxes lie elsewhere.
    """
    if not written_on.any() or float(good[written_on].mean()) < OUTLINES_FOUND:
        return np.ones(len(good), bool)
    return good | ~written_on


def _nearer(blank: BlankPage, ink: Grey, rough: Matrix) -> Matrix | None:
    """A transform so near that every patch lies within a few pixels; None when hardly any print is found."""
    # Mostly it is near already, and flat: then a few patches and a narrow search are enough.
    _, fits = _searched(blank, ink, rough, 5, few=4)
    if not _is_lost(fits[2]):
        moved, agreeing = _moved(rough, fits)
        if moved is not None and agreeing >= MOSTLY * len(fits[2]):
            return moved
    matrix = rough
    for reach, few in ((12, 4), (5, 2)):  # to find the place at all, some of the patches are enough
        _, fits = _searched(blank, ink, matrix, reach, few=few)
        moved = None if _is_lost(fits[2]) else _moved(matrix, fits)[0]
        if moved is None:
            return None
        matrix = moved
    return matrix


def _searched(blank: BlankPage, ink: Grey, matrix: Matrix, reach: int, few: int = 1) -> tuple[Grey, Fits]:
    """The page laid over the blank, and what every so-manyth patch is off by there."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (blank.soft.shape[1], blank.soft.shape[0])
    seen = np.asarray(cv2.warpPerspective(ink, matrix, size, flags=flags, borderValue=0), np.uint8)
    return seen, patch_offsets(blank.soft, blank.patches[::few], seen, reach)


def _straightened(blank: BlankPage, seen: Grey, fits: Fits) -> tuple[Bend | None, Grey, Fits]:
    """The bend of the page that lies over its blank, the page without it, and what its patches are off by then."""
    whole: Bend | None = None
    flat = seen
    for _ in range(STRAIGHTENED):
        centres, offsets, scores = fits
        bend = bend_of(centres, offsets, scores >= FOUND_AT, seen.shape[:2])
        if bend is None:
            break
        tried = bend if whole is None else whole.and_then(bend)
        there = tried.straightened(seen)
        better = patch_offsets(blank.soft, blank.patches, there, 4)
        if better[2].sum() <= scores.sum():
            break
        whole, flat, fits = tried, there, better
    return whole, flat, fits


def _moved(matrix: Matrix, fits: Fits) -> tuple[Matrix | None, int]:
    """The transform corrected by what was found, and how many patches agree with that."""
    centres, offsets, scores = fits
    good = scores >= FOUND_AT
    moved, agreeing = cv2.findHomography(centres[good], centres[good] + offsets[good], cv2.RANSAC, AGREE)
    if moved is None or agreeing is None:
        return None, 0
    return matrix @ np.asarray(moved, np.float64), int(agreeing.sum())


def _is_lost(scores: NDArray[np.float64]) -> bool:
    return int((scores >= FOUND_AT).sum()) < 8


def _inside(full: Matrix, page: tuple[int, ...], frame: tuple[int, int]) -> Grey:
    """255 where the blank's frame (width, height) lies on the page, worked out from the page's four corners."""
    height, width = page[:2]
    ends = np.array([[[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]], np.float64)
    on_blank = cv2.perspectiveTransform(ends, np.linalg.inv(full))
    inside = np.zeros((frame[1], frame[0]), np.uint8)
    cv2.fillConvexPoly(inside, np.round(on_blank[0] * 16).astype(np.int32), 255, shift=4)
    return inside


def _scaling(by: float) -> Matrix:
    # Centres of pixels: the middle of pixel 0 is half a pixel from the edge.
    shift = (by - 1) / 2
    return np.array([[by, 0, shift], [0, by, shift], [0, 0, 1]], np.float64)


def _scale(full: Matrix) -> tuple[float, float]:
    """How large the page is against the blank, across and down, where the resolution is to be believed."""
    return float(np.hypot(full[0, 0], full[1, 0])), float(np.hypot(full[0, 1], full[1, 1]))


def offset_near(registration: Registration, boxes: Sequence[Box]) -> tuple[float, float, float]:
    """By how many pixels (BLANK_DPI) print near these boxes is off, and how well that print fits: the median of the nearest."""
    x = sum((box[0] + box[2]) / 2 for box in boxes) / len(boxes) * POINT
    y = sum((box[1] + box[3]) / 2 for box in boxes) / len(boxes) * POINT
    known = registration.near.get((x, y))
    if known is None:
        known = registration.near[x, y] = _offset_at(registration, x, y)
    return known


def _offset_at(registration: Registration, x: float, y: float) -> tuple[float, float, float]:
    away = np.hypot(registration.centres[:, 0] - x, (registration.centres[:, 1] - y) * 2.0)
    nearest = np.argsort(away)[:7]
    scores = registration.scores[nearest]
    fit = float(median(scores.tolist()))
    good = registration.offsets[nearest[scores >= FOUND_AT]]
    if len(good) < 2:
        return 0.0, 0.0, fit
    return float(median(good[:, 0].tolist())), float(median(good[:, 1].tolist())), fit
