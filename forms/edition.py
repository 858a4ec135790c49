"""Are the printed words of each question where the blank has them? A later edition of a form may move or swap questions.

The fit of a whole page hardly changes when two of its lines change places, and every mark would then be read under the wrong
question. So each question's words are looked for by themselves, one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from forms.blank_pages import BLANK_DPI, FEATURE_DPI, POINT
from forms.geometry import POINTS_PER_INCH, Box
from forms.ink import Added
from forms.missing import UNKNOWN, Remains, remains
from forms.page import Grey
from forms.register import Registration, offset_near
from forms.template import Field
from forms.thresholds import STANDARD

SMALL = FEATURE_DPI / POINTS_PER_INCH  # pixels in a point
REACH = 4  # px at FEATURE_DPI: about a millimetre, a third of a line of print
PIECE = 48  # px at FEATURE_DPI: about one word; questions that begin alike must be told apart by their ends
EMPTY = 2
"""The standard deviation of what is empty paper, at most."""
_ROUNDING = 1e-3
"""More than two ways to work out a correlation can differ by."""

Piece = tuple[int, int, int, int]


FOUND_AT = STANDARD.label
"""Of 426 questions on the sample scans, faxes and photographs among them, the worst had 0.89; the likest pair of different
questions, put in each other's places on the blank itself, has 0.83."""
SURE_AT = 0.93
"""Below it another question's words are tried in the same place: of questions that differ in their last word alone, one in the place of the other fitted 0.87."""
FADED_AT = 0.75
"""What weak toner leaves of the right words; taken for them only where no other question of the page fits as well."""
MOST_LOST, LOST_SHARE = 1, 0.16
"""So many questions may be lost under a blot or a fold: each is asked about, the others stand where they should."""
MOST_WORN = 0.5
"""Of so many the words may be worn away with nothing in their place; each of them is asked about too."""


@dataclass(frozen=True)
class LabelFit:
    """How well a field's printed words fit where they should be (-1 to 1): its question, and the better of Yes and No.

    One of Yes and No may lie under a mark; where an edition has them the other way round, neither fits. `rival`: the best fit of another
    question of the page in its place, looked for only where its own words are not surely found (-1 otherwise); `left`: what the scan shows
    there, if they are not found; `lead`: the worst line of the words that lead in, and of the question's own further ones (1 where no template says where
    they are). Where those are lost, each question under them is asked about: a blot may lie on them, or heads changed places. `worn`: whether of all
    words that were not found some is left, and nothing else lies there, so that they say what the blank says.
    """

    question: float
    heads: float
    rival: float = -1.0
    left: Remains = UNKNOWN
    lead: float = 1.0
    worn: bool = False

    @property
    def found(self) -> bool:
        """Whether the field may be read under this question at all."""
        words = self.heads if self.worn else min(self.question, self.heads, self.lead)
        return words >= FOUND_AT and not self.is_moved

    @property
    def is_moved(self) -> bool:
        """Whether another question of the page stands here."""
        return self.rival > max(FADED_AT, self.question)

    @property
    def may_be_moved(self) -> bool:
        """Whether its own words were not found, and another question's fit better, though not well."""
        return self.question < FOUND_AT and self.rival > self.question

    @property
    def is_faded(self) -> bool:
        """Whether its words were not found for weak print, not for other words: it is to be asked about, and no sign of another edition."""
        faded = self.question >= max(FADED_AT, self.rival + 0.03) or self.is_worn
        return not self.found and self.heads >= FOUND_AT and faded

    @property
    def is_worn(self) -> bool:
        """Whether the scan lost its words in part, and shows nothing else in their place."""
        return self.question < FOUND_AT and self.left.is_worn


def label_fits(registration: Registration, fields: Sequence[Field], added: Added) -> dict[str, LabelFit]:
    """The fits of every mark field's printed words. `added`: the page's ink, from `ink.added_to`."""
    marks = [field for field in fields if field.kind.is_mark]
    found, leads = {}, dict[Box, tuple[float, bool]]()
    for field in marks:
        lines = field.looked_for_only  # many questions have the same
        leads |= {box: _line(registration, field, name, added) for name, box in lines.items() if box not in leads}
        lead = min((leads[box][0] for box in lines.values()), default=1.0)
        question = _label(registration, field, "text")
        heads = max(_label(registration, field, "yes"), _label(registration, field, "no"))
        rival = _rival(registration, field, marks) if question < SURE_AT else -1.0
        left = _left(registration, field.labels["text"], added) if question < FOUND_AT else UNKNOWN
        own = question >= FOUND_AT or left.is_all_there
        worn = min(question, lead) < FOUND_AT and own and all(leads[box][1] for box in lines.values())
        found[field.id] = LabelFit(question, heads, rival, left, lead, worn)
    return found


def is_another_edition(fits: Mapping[str, LabelFit]) -> bool:
    """Whether questions changed places, or more of them are lost than blots, folds and weak toner would explain."""
    gone = len(lost(fits))
    if gone and gone == len(fits):
        return True  # not one question of the page stands where it should, though it may have one only
    if sum(one.is_worn and one.question < FADED_AT for one in fits.values()) > MOST_WORN * len(fits):
        return True  # too much is gone to say that the rest is of this edition
    # Questions change places in pairs: beside one that plainly stands in another's place, one that may is enough.
    plainly = any(one.is_moved for one in fits.values())
    if plainly and sum(one.is_moved or one.may_be_moved for one in fits.values()) > MOST_LOST:
        return True
    return gone > max(MOST_LOST, round(LOST_SHARE * len(fits)))


def lost(fits: Mapping[str, LabelFit]) -> list[str]:
    """The ids of the fields whose words are not where they should be, and not only faded."""
    return [name for name, one in fits.items() if not one.found and not one.is_faded]


def fits_itself(soft: Grey, box: Box) -> list[tuple[float, float, float]]:
    """The pieces of a label on its own blank: left, right in points, and how well each fits itself. A piece without print fits nothing.

    `soft`: the blank's, as in `BlankPage`.
    """
    return [(piece[0] / SMALL, piece[2] / SMALL, _fit(soft, soft, piece, (0, 0))) for piece in _pieces(box)]


def _label(registration: Registration, field: Field, name: str) -> float:
    """The fit of a label's worst word; 1 where the field has no such label."""
    if name not in field.labels:
        return 1.0
    box = field.labels[name]
    dx, dy, _ = offset_near(registration, [box])
    step = FEATURE_DPI / BLANK_DPI
    return _worst(registration.soft, registration.blank.soft, _pieces(box), (round(dx * step), round(dy * step)))


def _line(registration: Registration, field: Field, name: str, added: Added) -> tuple[float, bool]:
    """The fit of a line that is only looked for, and whether it says what it says on the blank, be it worn."""
    fit = _label(registration, field, name)
    return fit, fit >= FOUND_AT or _left(registration, field.labels[name], added).is_all_there


def _worst(soft: Grey, blank: Grey, pieces: Sequence[Piece], off: tuple[int, int]) -> float:
    """The fit of the piece that fits worst. Looks for those that fit badly as they lie, until no other can be worse."""
    if len(pieces) == 1:
        return _fit(soft, blank, pieces[0], off)
    worst = np.inf
    for least, piece in sorted(zip(_as_they_lie(soft, blank, pieces, off), pieces, strict=True)):
        if least > worst + _ROUNDING:
            break
        worst = min(worst, _fit(soft, blank, piece, off))
    return worst


def _as_they_lie(soft: Grey, blank: Grey, pieces: Sequence[Piece], off: tuple[int, int]) -> list[float]:
    """How well each piece of a label fits without looking around: the least that `_fit` finds. -1 where that is not sure.

    All at once: the sums of each column of the label, then those of each piece's columns.
    """
    (left, top, _, _), (_, _, right, bottom) = pieces[0], pieces[-1]
    x0, y0 = left + off[0], top + off[1]
    x1, y1 = right + off[0], bottom + off[1]
    height, width = soft.shape
    if min(left, top, x0 - REACH, y0 - REACH) < 0 or max(right, x1 + REACH) > width or max(bottom, y1 + REACH) > height:
        return [-1.0] * len(pieces)
    there, seen = blank[top:bottom, left:right].astype(np.float32), soft[y0:y1, x0:x1].astype(np.float32)
    products = [np.einsum("ij,ij->j", one, other) for one, other in ((there, there), (seen, seen), (there, seen))]
    sums = np.zeros((5, right - left + 1))
    np.cumsum([there.sum(axis=0), seen.sum(axis=0), *products], axis=1, out=sums[:, 1:])
    starts, ends = (np.array([piece[side] - left for piece in pieces]) for side in (0, 2))
    of_there, of_seen, squares_there, squares_seen, both = sums[:, ends] - sums[:, starts]
    high, wide = bottom - top, ends - starts
    size = high * wide
    spread_there, spread_seen = squares_there - of_there**2 / size, squares_seen - of_seen**2 / size
    # What `_fit` sees around the piece has more spread, so it does not take that for empty.
    sure = (spread_seen > EMPTY**2 * (high + 2 * REACH) * (wide + 2 * REACH) + 1) & (spread_there > 1)
    fits = (both - of_there * of_seen / size) / np.sqrt(np.where(sure, spread_there * spread_seen, 1.0))
    return [float(fit) for fit in np.where(sure, fits, -1.0)]


def _rival(registration: Registration, field: Field, others: Sequence[Field]) -> float:
    """The best fit of another question's words in the place of this one's."""
    here = field.labels["text"]
    dx, dy, _ = offset_near(registration, [here])
    step = FEATURE_DPI / BLANK_DPI
    lasts = []
    for other in others:
        there = other.labels.get("text")
        if there is None or other.label == field.label:
            continue
        off = round(dx * step + (here[0] - there[0]) * SMALL), round(dy * step + (here[1] - there[1]) * SMALL)
        *pieces, last = _pieces(there)
        # From the end: where a question is longer than this one, there is nothing, which is seen at once.
        lasts.append((_fit(registration.soft, registration.blank.soft, last, off), pieces, off))
    best = -1.0
    for fit, pieces, off in sorted(lasts, key=lambda one: -one[0]):
        worst = fit
        for piece in reversed(pieces):
            if worst <= best:  # no word that is still to come makes it better
                break
            worst = min(worst, _fit(registration.soft, registration.blank.soft, piece, off))
        best = max(best, worst)
    return best


def _left(registration: Registration, box: Box, added: Added) -> Remains:
    """What the scan shows in the place of some words; `other` of the worst of them, for questions may differ in one word alone."""
    dx, dy, _ = offset_near(registration, [box])
    step, off = BLANK_DPI // FEATURE_DPI, (round(dx), round(dy))
    words = [
        remains(registration, added, (left * step, top * step, right * step, bottom * step), off)
        for left, top, right, bottom in _pieces(box)
    ]
    left, top, right, bottom = (round(value * POINT) for value in box)
    whole = remains(registration, added, (left, top, right, bottom), off)
    return Remains(whole.kept, max(word.other for word in words), whole.least)


def _pieces(box: Box) -> list[Piece]:
    """The label in lengths of about one word: left, top, right, bottom in pixels at FEATURE_DPI."""
    left, top, right, bottom = (round(value * SMALL) for value in box)
    count = max(1, round((right - left) / PIECE))
    edges = [left + (right - left) * n // count for n in range(count + 1)]
    return [(edges[n] - 1, top - 1, edges[n + 1] + 1, bottom + 1) for n in range(count)]


def _fit(soft: Grey, blank: Grey, piece: Piece, off: tuple[int, int]) -> float:
    left, top, right, bottom = piece
    x0, y0 = max(0, left - REACH + off[0]), max(0, top - REACH + off[1])
    window = soft[y0 : bottom + REACH + off[1], x0 : right + REACH + off[0]]
    print_there = blank[max(0, top) : bottom, max(0, left) : right]
    if (
        window.shape[0] < print_there.shape[0]
        or window.shape[1] < print_there.shape[1]
        or float(cv2.meanStdDev(window)[1][0, 0]) < EMPTY
    ):
        return 0.0
    return float(np.max(cv2.matchTemplate(window, print_there, cv2.TM_CCOEFF_NORMED)))
