"""The ink that a person added to a page, as connected strokes, and what of it lies loose: beside a row's boxes, or over printed words.

Over words a stroke counts only where it can be a word, a ring or a line of the page's own pen: folds, streaks, stains and grain cross
words as well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from forms import bits
from forms.page import Grey
from forms.shapes import MM2, PX_PER_MM, shape_of

BRIDGE_PX = 11
"""How far strokes are joined, so that the masked outline of a box does not cut a mark from its own tail."""
_BRIDGE = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (BRIDGE_PX, BRIDGE_PX)), np.uint8)
LEAST_LOOSE_MM2 = 0.2
AS_DARK = 0.8
"""A word is at least so dark against the marks of its page, whose pen it shares."""
MARGIN_MM, LETTER_MM = 8.0, (1.5, 12.0)
"""How far around a row its strokes are followed, and how high a written letter or word is, and how wide at least."""
PEN_SHARE, SPECK_MM, STREAK_MM = 0.4, 2.0, 1.0
"""A stroke over words is of the page's pen where such a share of it is as dark; smaller ones are specks; and no hand keeps a line upright
within so little over two centimetres."""
TOUCHES_MM, TOUCHING_MM2 = 0.5, 0.05
"""How near to its outline, and with how much ink there, what goes round a box comes."""
WORD_ROWS, WORD_HOLE_MM2 = 0.25, 0.08
MOSTLY = 0.5
"""The share of a stroke's ink that lies where it stands."""
Place = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the blank's frame at BLANK_DPI."""


@dataclass(frozen=True)
class Strokes:
    """All added ink of a page, as connected strokes, and from which darkness on it is strong.

    `labels`: the number of its stroke where there is ink, anything elsewhere; `sizes`: of each stroke, in pixels; `words`: the ink
    once more, as `bits`; `places`: of the ink in the flat page, and `numbers`: of the strokes there.
    """

    ink: NDArray[np.bool_]
    dark: Grey
    strong: int
    labels: NDArray[np.int32]
    sizes: NDArray[np.int64]
    words: bits.Words
    places: NDArray[np.int64]
    numbers: NDArray[np.int32]


def strokes_of(dark: Grey, ink: NDArray[np.bool_], strong: int) -> Strokes:
    """The strokes of a page by its darkness and its added ink; `strong`: from which darkness on ink is strong on this scan."""
    words = bits.packed(ink)
    count, labels = bits.pieces(bits.grown(words, _BRIDGE), ink.shape[1])
    places = bits.places(words, ink.shape[1])
    numbers = labels.ravel()[places]
    sizes = np.bincount(numbers, minlength=count)
    return Strokes(ink, dark, strong, labels, sizes, words, places, numbers)


def any_of(labels: NDArray[np.int32], wanted: Sequence[int]) -> NDArray[np.bool_]:
    """Where one of these labels stands. There are one or two of them, for which `np.isin` takes five times as long."""
    found = np.zeros(labels.shape, bool)
    for label in wanted:
        found |= labels == label
    return found


def reaching(strokes: Strokes, places: Sequence[Place]) -> set[int]:
    """The strokes that reach into places for writing: they belong there, however far they run out."""
    held: set[int] = set()
    for left, top, right, bottom in places:
        here = (slice(top, bottom), slice(left, right))
        held.update(np.flatnonzero(np.bincount(strokes.labels[here][strokes.ink[here]])).tolist())
    return held


def around_boxes(
    strokes: Strokes, owner: Mapping[int, tuple[str, str]], marks: Mapping[tuple[str, str], Place]
) -> set[int]:
    """The strokes that begin at the outline of a box in which no other stroke lies, and are shaped like a mark, not like a word.

    A tick may go along the outline of a small box and leave it on every side: what is masked with the outline then holds it together, and
    what is left is no writing beside the box. `marks`: where the boxes are.
    """
    held, found, by = set(owner.values()), set(), round(TOUCHES_MM * PX_PER_MM)
    for key, (left, top, right, bottom) in marks.items():
        if key in held:
            continue
        window = (slice(max(0, top - by), bottom + by), slice(max(0, left - by), right + by))
        sizes = np.bincount(strokes.labels[window][strokes.ink[window]], minlength=1)
        for label in np.nonzero(sizes)[0].tolist():
            if label not in owner and sizes[label] >= TOUCHING_MM2 * MM2 and not _is_a_word(strokes, label, window):
                found.add(label)
    return found


def _is_a_word(strokes: Strokes, label: int, window: tuple[slice, slice]) -> bool:
    """Whether a stroke goes round paper or has three strokes and more beside one another, as NO has and no tick; `window`: a part of it."""
    by = round(MARGIN_MM * PX_PER_MM)
    rows, columns = window
    around = (slice(max(0, rows.start - by), rows.stop + by), slice(max(0, columns.start - by), columns.stop + by))
    one = strokes.ink[around] & (strokes.labels[around] == label)
    begun = np.count_nonzero(one[:, 1:] & ~one[:, :-1], axis=1) + one[:, 0]
    crowded = float((begun[one.any(axis=1)] >= 3).mean())
    return crowded >= WORD_ROWS or shape_of(one).hole >= WORD_HOLE_MM2


def pen_of(strokes: Strokes, marks: AbstractSet[int]) -> float:
    """How dark the marks of this page are at their middle, 0 to 255: a word beside them was written with the same pen."""
    dark = strokes.dark.ravel()[strokes.places]
    own = [dark[strokes.numbers == label] for label in marks]
    inked = [float(np.median(one)) for one in own if one.size >= LEAST_LOOSE_MM2 * MM2]
    return float(np.median(inked)) if inked else 255.0


@dataclass(frozen=True)
class _Outline:
    """How high and wide a stroke is around a place (mm), what share of it is dark, whether it ends there, and whether it runs through from top to bottom."""

    high: float
    wide: float
    dark: float
    ends: bool
    through: bool


def _outlined(
    strokes: Strokes, place: Place, dark_from: int, counts: NDArray[np.bool_] | None = None
) -> Iterator[tuple[int, float, Callable[[], _Outline]]]:
    """Of each stroke in a rectangle its number, its ink there in mm² and what it looks like, which takes longer to tell.

    `counts`: where in the rectangle ink counts, everywhere by default. What has less than LEAST_LOOSE_MM2 there is left out.
    """
    left, top, right, bottom = place
    if right <= left or bottom <= top:
        return
    by = round(MARGIN_MM * PX_PER_MM)
    y0, x0 = max(0, top - by), max(0, left - by)
    around = (slice(y0, bottom + by), slice(x0, right + by))
    labels, ink = strokes.labels[around], strokes.ink[around]
    inner = (slice(top - y0, bottom - y0), slice(left - x0, right - x0))
    here = ink[inner] if counts is None else ink[inner] & counts
    sizes = np.bincount(labels[inner][here], minlength=1)

    def look(label: int) -> _Outline:
        one = (labels == label) & ink
        rows, columns = np.nonzero(one.any(axis=1))[0], np.nonzero(one.any(axis=0))[0]
        high, wide = ((int(side[-1]) - int(side[0]) + 1) / PX_PER_MM for side in (rows, columns))
        above, below = rows[0] > 0, rows[-1] < one.shape[0] - 1
        ends = bool(above and below and columns[0] > 0 and columns[-1] < one.shape[1] - 1)
        dark = float((strokes.dark[around][one] >= dark_from).mean())
        return _Outline(high, wide, dark, ends, bool(not above and not below))

    for label in np.nonzero(sizes)[0].tolist():
        if sizes[label] >= LEAST_LOOSE_MM2 * MM2:
            yield label, float(sizes[label]) / MM2, partial(look, label)


def written_in(strokes: Strokes, others: AbstractSet[int], place: Place, dark_from: int) -> float:
    """Ink of written words and letters in a rectangle, in mm²: dark, and as high and wide as writing is. `others`: strokes that do not count;
    `dark_from`: from which darkness on ink is as dark as this page's writing.

    Streaks, folds, stains, and the lines of a table that the print does not cover exactly, are longer, thinner or paler.
    """
    area = 0.0
    for label, held, look in _outlined(strokes, place, dark_from):
        if label in others:
            continue
        one = look()
        if one.ends and LETTER_MM[0] <= one.high <= LETTER_MM[1] and one.wide >= LETTER_MM[0] and one.dark >= 0.5:
            area += held
    return area


def standing_in(strokes: Strokes, others: AbstractSet[int], place: Place, dark_from: int) -> float:
    """Ink of marks that stand in a rectangle with most of their ink, in mm²; `others` and `dark_from` as for `written_in`."""
    area = 0.0
    for label, held, look in _outlined(strokes, place, dark_from):
        if label in others or held * MM2 < MOSTLY * strokes.sizes[label]:
            continue
        one = look()
        if one.ends and min(one.high, one.wide) >= LETTER_MM[0] and one.high <= LETTER_MM[1] and one.dark >= PEN_SHARE:
            area += held
    return area


def over_words(
    strokes: Strokes, owner: AbstractSet[int], place: Place, taken: NDArray[np.bool_], dark_from: int
) -> float:
    """Ink over printed words that may strike them out, ring them or say something of them, in mm². `owner`: the strokes that are marks;
    `taken`: where boxes are; `dark_from` as for `written_in`.

    A pale ring of a cup, a fold, the page behind, specks and a scanner's streak lie over words too: of 43 questions that were put to a person
    for such ink none was struck or ringed.
    """
    left, top, right, bottom = place
    area = 0.0
    for label, held, look in _outlined(strokes, place, dark_from, ~taken[top:bottom, left:right]):
        if label in owner:
            continue
        one = look()
        is_streak = one.through and one.wide <= STREAK_MM
        if one.dark >= PEN_SHARE and max(one.high, one.wide) >= SPECK_MM and not is_streak:
            area += held
    return area


def loose(strokes: Strokes, owner: Mapping[int, tuple[str, str]], place: Place, taken: NDArray[np.bool_]) -> float:
    """Ink in a rectangle that belongs to no box, in mm²."""
    left, top, right, bottom = place
    window = (slice(top, bottom), slice(left, right))
    loose = strokes.ink[window] & ~taken[window]
    sizes = np.bincount(strokes.labels[window][loose], minlength=1)
    return (
        float(
            sum(
                int(sizes[label])
                for label in np.nonzero(sizes)[0]
                if int(label) not in owner and sizes[label] >= LEAST_LOOSE_MM2 * MM2
            )
        )
        / MM2
    )
