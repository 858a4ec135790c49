"""How much ink a person added in and around each box: scores in millimetres, no judgement.

Only ink that the blank does not have counts, with the print fattened by two pixels. Strokes that touch are one stroke; it
belongs to the box that holds most of it, so a long tail is not a mark in the next box. Measured in the blank's frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from forms import bits
from forms.blank_pages import CELL_PX, POINT
from forms.geometry import Box, grown
from forms.page import Grey, above, ranked
from forms.register import Registration, offset_near
from forms.shapes import MM2, PX_PER_MM, Shape, shape_of
from forms.strays import linked
from forms.strokes import (
    AS_DARK,
    Strokes,
    any_of,
    around_boxes,
    loose,
    over_words,
    pen_of,
    reaching,
    standing_in,
    strokes_of,
    written_in,
)
from forms.template import Field, Kind

STRONG, FAINT = 96, 44
"""Darkness against the paper: 96 is ballpoint, copies and 1-bit scans; pencil and worn pens lie from 44 up."""
LEAST_STRONG, OF_PRINT = 60, 0.48
"""A scan that shows black print pale shows every pen pale: there ink is strong from this share of the print's darkness on."""
CLOSE_PT = 3.4
"""1.2 mm: a large tick that goes round the inside of a small box stays as near to its outline as that."""
SPECK_SIDE, SPECK_PX = 5, 5
"""A pixel is of a speck where fewer than so many are ink in the square of this side around it."""
DITHERED = 6000
"""Single dots on a page from which its greys count as dithered; speckled photocopies have up to two thousand."""
WIDE_BOX_PT = 30.0
RING_PT = (26.0, 5.0)
ROW_PT = 57.0
"""How far right of a row's last box or word something written still belongs to it: 20 mm."""
BETWEEN_PT = 8.5
"""Three millimetres between two printed things are room for a mark."""
COLUMN_PT, GAP_PT = 6.0, (5.0, 45.0)
"""How far beside a column of boxes a mark still stands in it, and how far apart its boxes are where one may stand between them."""
AROUND_PT = (9.0, 6.0)
"""How far around the word at the head of a column its ring is drawn, across and down."""
NEAR_CELLS = 3
"""Specks are counted in the cells up to so many from a field's boxes."""


@dataclass(frozen=True)
class BoxInk:
    """What lies in and around one box. Areas in mm², lengths in mm, shares from 0 to 1."""

    inside: float = 0.0  # of strokes that belong to this box
    foreign: float = 0.0  # of strokes that belong to another,
    tail: float = 0.0  # and the largest share of such a stroke that lies here
    around: float = 0.0  # loose ink beside the box
    extent: float = 0.0  # the longer side of the mark, as far as it stays near the box
    density: float = 0.0  # its ink as a share of its own bounding box
    crossing: float = 0.0  # how much of the ink lies in the emptiest of its four corners, times four
    faint: float = (
        0.0  # share of the inside ink that is only faintly dark, for a scan that shows print as dark as this one
    )
    reach: float = 0.0  # share of the box's own strokes that lies outside of it
    filled: float = 0.0  # share of the box that is inked
    total: float = 0.0  # of all strokes that belong to this box, also outside of it
    hooked: float = 0.0  # the share of its width that the mark's head spans, where that is more than its foot
    off_centre: float = 0.0  # how near to the upper or lower edge of a wide box its ink lies: 0 in the middle
    close: float = 0.0  # in a small box and right beside its outline, of no other box's strokes
    doubled: float = 0.0  # share of the mark's rows that two strokes or more cross
    hole: float = 0.0  # the largest piece of paper that it goes all round
    flat: float = 0.0  # how many times wider than high it is
    gone: float = 0.0  # the share of the box's own printed outline that the scan does not show (`forms.outlines`)


@dataclass(frozen=True)
class Added:
    """A page's darkness to judge by, and where it has ink that the blank does not have: height × width in the blank's frame at BLANK_DPI."""

    dark: Grey
    ink: NDArray[np.bool_]


@dataclass(frozen=True)
class FieldInk:
    """The ink of one field: each box, its printed words, how well the print around it was found, and the specks near it (per mm²)."""

    boxes: Mapping[str, BoxInk]
    words: Mapping[str, float]
    area: float
    fit: float
    inside_scan: bool
    specks: float = 0.0


def measure(registration: Registration, fields: Sequence[Field], added: Added | None = None) -> dict[str, FieldInk]:
    """The ink of every field of a page. `added`: what `added_to` found there, where it was asked already."""
    added = added or added_to(registration)
    strokes = strokes_of(added.dark, added.ink, strong_on(registration, added.dark))
    places: dict[tuple[str, str], tuple[int, int, int, int]] = {}
    fits: dict[str, float] = {}
    moved: dict[str, tuple[float, float]] = {}
    for field in fields:
        dx, dy, fit = offset_near(registration, list(field.boxes.values()))
        fits[field.id], moved[field.id] = fit, (dx, dy)
        for name, box in field.boxes.items():
            places[field.id, name] = _pixels(box, dx, dy, registration.darkness.shape)
    marks = {key: place for key, place in places.items() if key[1] in ("yes", "no", "tick")}
    owner = _owners(strokes, marks)
    taken = np.zeros(strokes.ink.shape, bool)
    for left, top, right, bottom in marks.values():
        taken[top:bottom, left:right] = True
    specks = _specks(registration, strokes)
    written = reaching(strokes, [places[field.id, "area"] for field in fields if "area" in field.boxes])
    dark = min(strokes.strong, round(AS_DARK * pen_of(strokes, owner.keys() - written)))
    owned = owner.keys() | written
    links = linked(strokes, marks, owned)
    elsewhere = owned | around_boxes(strokes, owner, marks)
    found = {}
    for field in fields:
        boxes = {
            name: _box_ink(strokes, owner, (field.id, name), places[field.id, name], box, taken)
            for name, box in field.boxes.items()
            if field.kind in (Kind.YES_NO, Kind.TICK)
        }
        dx, dy = moved[field.id]
        words = {
            name: over_words(strokes, owner.keys(), _pixels(box, dx, dy, strokes.ink.shape), taken, dark)
            for name, box in field.own_labels.items()
        }
        if boxes:
            words["linked"] = links.get(field.id, 0.0)
            rings = [_pixels(box, dx, dy, strokes.ink.shape) for box in _heads(field)]
            words["head"] = max((over_words(strokes, owner.keys(), place, taken, dark) for place in rings), default=0.0)
            beside = [_pixels(box, dx, dy, strokes.ink.shape) for box in _row(field, fields)]
            above_and_below = [_pixels(box, dx, dy, strokes.ink.shape) for box in _gaps(field, fields)]
            words["gap"] = max((standing_in(strokes, owned, place, dark) for place in above_and_below), default=0.0)
            words["row"] = max((written_in(strokes, elsewhere, place, dark) for place in beside), default=0.0)
        area = 0.0
        if "area" in field.boxes:
            left, top, right, bottom = places[field.id, "area"]
            area = float(strokes.ink[top:bottom, left:right].sum()) / MM2
        near = _near([place for key, place in places.items() if key[0] == field.id], specks)
        found[field.id] = FieldInk(boxes, words, area, fits[field.id], _is_inside(registration, field), near)
    return found


def darkness_of(added: Added, field: Field) -> float | None:
    """How dark what was added in a field's boxes is where it is darkest (the 90th percentile), 0 to 255. None for less than a mm²."""
    found = []
    for box in field.boxes.values() if field.kind.is_mark else [field.box]:
        left, top, right, bottom = _pixels(box, 0.0, 0.0, added.ink.shape)
        found.append(added.dark[top:bottom, left:right][added.ink[top:bottom, left:right]])
    inked = np.concatenate(found)
    return ranked(inked, 90) if inked.size >= MM2 else None


def _row(field: Field, fields: Sequence[Field]) -> list[Box]:
    """The open paper of a question's row, where NO or initials may stand: between its words and its boxes, behind both, and between its boxes.

    What stands just before the box of another question in the same row is that one's.
    """
    boxes = list(field.boxes.values())
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    first, last = min(box[0] for box in boxes), max(box[2] for box in boxes)
    text = field.labels.get("text")
    here = [label for label in field.own_labels.values() if label[1] < bottom and label[3] > top]
    last = max([last, *(label[2] for label in here)])
    next_ones = [
        box[0] - RING_PT[0]
        for one in fields
        if one.kind.is_mark and one.id != field.id
        for box in one.boxes.values()
        if box[0] > last and box[1] < bottom and box[3] > top
    ]
    behind = (last, top, min([last + ROW_PT, *next_ones]), bottom)
    before = [(text[2], top, first, bottom)] if text is not None and text[2] < first else []
    under = [_turned(one) for one in _between(*(sorted(map(_turned, each)) for each in (boxes, [*boxes, *here])))]
    return [*before, behind, *_between(sorted(boxes), sorted([*boxes, *here])), *under]


def _heads(field: Field) -> list[Box]:
    """The printed Yes and No at the head of the columns of a table, with room for a ring around each."""
    return [
        grown(label, *AROUND_PT)
        for name, label in field.own_labels.items()
        if name in field.boxes and label[3] <= field.boxes[name][1]
    ]


def _between(boxes: Sequence[Box], printed: Sequence[Box]) -> list[Box]:
    """The open paper between the boxes of a row, from one printed thing to the next: a mark half way belongs to neither box.

    `printed`: the boxes and their words, from left to right. What is too narrow for a mark is left out.
    """
    return [
        (one[2] + CLOSE_PT, min(one[1], other[1]), other[0] - CLOSE_PT, max(one[3], other[3]))
        for one, other in pairwise(printed)
        if boxes[0][0] <= one[0] and other[0] <= boxes[-1][0] and other[0] - one[2] >= 2 * CLOSE_PT + BETWEEN_PT
    ]


def _gaps(field: Field, fields: Sequence[Field]) -> list[Box]:
    """The open paper between a box of a question and the next box above or below it: a mark that stands there may be that of either."""
    found = []
    for box in field.boxes.values():
        column = [
            other
            for one in fields
            if one.kind.is_mark and one.id != field.id
            for other in one.boxes.values()
            if abs(other[0] + other[2] - box[0] - box[2]) <= 2 * COLUMN_PT
        ]
        above = max((other[3] for other in column if other[3] <= box[1]), default=None)
        below = min((other[1] for other in column if other[1] >= box[3]), default=None)
        for top, bottom in ((above, box[1]), (box[3], below)):
            if top is not None and bottom is not None and GAP_PT[0] <= bottom - top <= GAP_PT[1]:
                found.append((box[0] - COLUMN_PT, top, box[2] + COLUMN_PT, bottom))
    return found


def _turned(box: Box) -> Box:
    """A box with across and down changed over: what holds for a row holds for boxes one under the other."""
    return (box[1], box[0], box[3], box[2])


def _specks(registration: Registration, strokes: Strokes) -> NDArray[np.float32]:
    """How often ink begins along the rows of each cell, per mm² of its open paper; a cell that is mostly print has -1.

    A stroke begins once in each row that it crosses, and lies in few cells; specks begin everywhere.
    """
    paper = registration.blank.paper
    # A run is counted at the pixel before it, so the last column has none.
    count = bits.per_square(bits.starts(strokes.words), strokes.ink.shape[1] - 1, CELL_PX) / CELL_PX**2
    return np.where(paper > 0.5, count / np.maximum(paper, 0.5) * MM2, -1).astype(np.float32)


def _near(places: Sequence[tuple[int, int, int, int]], specks: NDArray[np.float32]) -> float:
    """The usual (median) number of specks around a field; 0 where there is no open paper."""
    left, top = (min(place[side] for place in places) // CELL_PX - NEAR_CELLS for side in (0, 1))
    right, bottom = (max(place[side] for place in places) // CELL_PX + NEAR_CELLS + 1 for side in (2, 3))
    cells = specks[max(0, top) : bottom, max(0, left) : right]
    cells = np.sort(cells[cells >= 0])
    middle = cells.size // 2  # `np.median` takes several times as long for so few
    return float(cells[middle] if cells.size % 2 else (cells[middle - 1] + cells[middle]) / 2) if cells.size else 0.0


def added_to(registration: Registration) -> Added:
    """The darkness to judge by, and the ink that the blank does not have."""
    dark = _calm(registration.darkness)
    words = bits.packed(dark, FAINT - 1)
    words &= registration.blank.open_words
    # Mostly a page has next to no ink beside its print: only the rows with some, and those around, are gone over.
    rows = bits.rows_near(words, SPECK_SIDE // 2)
    ink = np.zeros(dark.shape, np.uint8)
    if rows.any():
        some = bits.unpacked(words[rows], dark.shape[1]).view(np.uint8)
        cv2.bitwise_and(some, registration.inside[rows], dst=some)
        # Faint grey that is no stroke (dither, show-through, paper grain) is dropped where hardly any lies together.
        cv2.bitwise_and(some, above(_counted(some, SPECK_SIDE), SPECK_PX - 1, 1), dst=some)
        ink[rows] = some
    return Added(dark, ink.view(np.bool_))


def strong_on(registration: Registration, dark: Grey) -> int:
    """From which darkness on ink is strong on this scan: less where even black print came out pale, as of weak toner or in a dither."""
    return round(min(STRONG, max(LEAST_STRONG, OF_PRINT * print_darkness(registration, dark))))


def print_darkness(registration: Registration, dark: Grey | None = None) -> float:
    """How dark the blank's black print came out on this scan, 0 to 255. `dark`: where another darkness than the page's own is meant."""
    black = registration.blank.black
    there = black[registration.inside.ravel()[black] > 0]
    found = (registration.darkness if dark is None else dark).ravel()[there]
    return ranked(found, 70) if found.size else 255.0


def _counted(layer: Grey, side: int) -> Grey:
    """How many pixels of a layer of 0 and 1 are set in the square around each."""
    return np.asarray(cv2.boxFilter(layer, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT), np.uint8)


def _calm(dark: Grey) -> Grey:
    """The darkness, smoothed where a scanner has dithered greys into specks, which would pass for ink."""
    strong = bits.packed(dark, STRONG - 1)
    strong = strong[bits.rows_near(strong, 1)]
    if int(np.bitwise_count(strong & ~bits.three_in_nine(strong)).sum()) < DITHERED:
        return dark
    return np.asarray(cv2.GaussianBlur(dark, (0, 0), 1.3), np.uint8)


def _pixels(box: Box, dx: float, dy: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(value * POINT) for value in box)
    x, y = round(dx), round(dy)
    return max(0, left + x), max(0, top + y), min(shape[1], right + x), min(shape[0], bottom + y)


def _owners(strokes: Strokes, marks: Mapping[tuple[str, str], tuple[int, int, int, int]]) -> dict[int, tuple[str, str]]:
    """To which box each stroke belongs: the one that holds most of it, if that is more than a touch."""
    most: dict[int, tuple[int, tuple[str, str]]] = {}
    for key, (left, top, right, bottom) in marks.items():
        here = strokes.labels[top:bottom, left:right][strokes.ink[top:bottom, left:right]]
        counts = np.bincount(here)
        for label in np.flatnonzero(counts).tolist():
            if counts[label] > most.get(label, (0, key))[0]:
                most[label] = (int(counts[label]), key)
    return {label: key for label, (count, key) in most.items() if count >= 0.10 * MM2}


def _box_ink(
    strokes: Strokes,
    owner: Mapping[int, tuple[str, str]],
    key: tuple[str, str],
    place: tuple[int, int, int, int],
    box: Box,
    taken: NDArray[np.bool_],
) -> BoxInk:
    left, top, right, bottom = place
    window = (slice(top, bottom), slice(left, right))
    is_wide = box[2] - box[0] > WIDE_BOX_PT
    around = 0.0 if is_wide else _ring(strokes, owner, place, taken)
    close = 0.0 if is_wide else _close(strokes, owner, key, place)
    here, labels = strokes.ink[window], strokes.labels[window]
    if not here.any():
        return BoxInk(around=around, close=close)
    counts = np.bincount(labels[here], minlength=1)
    held = np.nonzero(counts)[0].tolist()
    own = [label for label in held if owner.get(label) == key]
    others = [label for label in held if owner.get(label, key) != key]
    mine = here & any_of(labels, own)
    tail = max((float(counts[label]) / max(1, int(strokes.sizes[label])) for label in others), default=0.0)
    inside = float(counts[own].sum())
    total = float(sum(int(strokes.sizes[label]) for label in own))
    shape = _shape(strokes, own, place)
    faint = 1.0 - float((mine & (strokes.dark[window] >= strokes.strong)).sum()) / inside if inside else 0.0
    return BoxInk(
        inside=inside / MM2,
        foreign=float(counts[others].sum()) / MM2,
        tail=tail,
        around=around,
        extent=shape.extent,
        density=shape.density,
        crossing=shape.crossing,
        faint=faint,
        reach=1.0 - inside / total if total else 0.0,
        filled=inside / max(1, here.size),
        total=total / MM2,
        hooked=shape.hooked,
        off_centre=_off_centre(mine) if is_wide else 0.0,
        close=close,
        doubled=shape.doubled,
        hole=shape.hole,
        flat=shape.flat,
    )


def _shape(strokes: Strokes, own: Sequence[int], place: tuple[int, int, int, int]) -> Shape:
    """The shape of a box's own strokes, as far as they stay near it."""
    if not own:
        return Shape()
    left, top, right, bottom = place
    margin = round(6 * PX_PER_MM)
    y0, x0 = max(0, top - margin), max(0, left - margin)
    window = (slice(y0, bottom + margin), slice(x0, right + margin))
    return shape_of(strokes.ink[window] & any_of(strokes.labels[window], own))


def _off_centre(mine: NDArray[np.bool_]) -> float:
    """How far from the middle of the box's height its ink lies on average: 0 in the middle, 1 at an edge."""
    if not mine.any():
        return 0.0
    middle = (mine.shape[0] - 1) / 2
    return float(abs(np.nonzero(mine)[0].mean() - middle) / max(1.0, middle))


def _close(
    strokes: Strokes, owner: Mapping[int, tuple[str, str]], key: tuple[str, str], place: tuple[int, int, int, int]
) -> float:
    """Ink in a box and right beside it that belongs to it or to no box, in mm²."""
    left, top, right, bottom = place
    by = round(CLOSE_PT * POINT)
    window = (slice(max(0, top - by), bottom + by), slice(max(0, left - by), right + by))
    sizes = np.bincount(strokes.labels[window][strokes.ink[window]], minlength=1)
    return float(sum(int(sizes[n]) for n in np.nonzero(sizes)[0] if owner.get(int(n), key) == key)) / MM2


def _ring(
    strokes: Strokes, owner: Mapping[int, tuple[str, str]], place: tuple[int, int, int, int], taken: NDArray[np.bool_]
) -> float:
    left, top, right, bottom = place
    across, down = round(RING_PT[0] * POINT), round(RING_PT[1] * POINT)
    wide = (max(0, left - across), max(0, top - down), right + across, bottom + down)
    return loose(strokes, owner, wide, taken)


def _is_inside(registration: Registration, field: Field) -> bool:
    """Whether all of the field lies on the scan: what was cut off is never taken for empty."""
    inside: Grey = registration.inside
    for box in field.boxes.values():
        left, top, right, bottom = (round(value * POINT) for value in box)
        part = inside[max(0, top) : bottom, max(0, left) : right]
        if part.size == 0 or part.min() == 0:
            return False
    return True
