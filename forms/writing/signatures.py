"""Is what stands in a signature field a signature? Measures of its ink in millimetres, and the rule over them.

A signature can look like anything, so the rule knows only what one is not: next to nothing, a dash or stray line, a cross, a
tick, a row of figures, a stamp. Whatever is one of those goes to a person with the reason. Nobody's signature is compared
with anything.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.page import above, ranked

DPI = 200
_MM = DPI / 25.4


@dataclass(frozen=True)
class Limits:
    """Where one kind of mark ends and the next begins. Lengths in mm, areas in mm²."""

    empty_mm2: float = 1.0
    """Less ink is dust: no blank field of the samples holds more once specks are gone."""
    signed_mm2: float = 4.0
    speck_mm2: float = 0.12
    dot_mm: float = 1.0
    stroke_mm: float = 3.0
    """Beside a stroke of this length, dots shorter than `dot_mm` are dust and would only widen the measures."""
    line_mm: float = 1.3
    """How far a dash or stray line strays from straight, at most, however many pieces it is broken into: what a worn print leaves of the
    field's own line is such a one. Of 703 signatures of generated forms the straightest strayed 2.1 mm."""
    cross_mm: float = 18.0
    """The longest side of a cross or tick."""
    on_cross: float = 0.90
    """Share of the ink on the two diagonals from which it is a cross, also one over the whole field: of 261 signatures of samples and
    generated forms none had more than 0.80."""
    cross_pieces: int = 4
    """Into how many pieces a cross over the whole field may be broken where it meets the field's edge or printed line."""
    struck: float = 0.20
    """Share of the writing on the lesser side of a line through it from which it is struck out, and the line no flourish below it: so looks
    none of the same 261, and of 5,000 that were drawn by the generator 7. Of 2,000 struck out at random about 800 do."""
    short_mm: float = 18.0
    """The pen's way in the shortest thing that may be a signature: initials run to about 20 mm."""
    solid: float = 0.42
    """Share of its rectangle that a stamp or blot fills; signatures of the samples stay below 0.28."""
    solid_mm2: float = 40.0
    solid_mm: float = 1.6
    """The width of its strokes: a felt pen of 1.2 mm fills as much, but is no stamp."""
    framed: float = 0.72
    """Share of a frame's four sides that is inked."""
    streak_mm: float = 2.5
    """How wide a streak, or the two edges of a note's shadow, may be."""
    streak_high: float = 0.85
    """The share of the field's height that it runs down, and how much it may be broken: gaps shorter than `streak_gap_mm`."""
    streak_gap_mm: float = 1.5
    joined_mm: float = 3.0
    """The longest piece of a signature is longer: what falls into shorter ones is grain, a fold or the back of the sheet."""
    grain: float = 0.12
    """Share of what looks like ink that is still ink once a scan's grain is smoothed: of 703 signatures
    of generated forms the least was 0.21, of grain 0.09."""
    row_pieces: int = 6
    row_alike: float = 0.14
    """How much the heights of figures in a row differ, against their mean; joined or slanted names differ by more."""


LIMITS = Limits()


@dataclass(frozen=True)
class Measures:
    """What the rule looks at."""

    area_mm2: float
    width_mm: float
    height_mm: float
    pieces: int
    way_mm: float
    """About how far the pen went: ink by the middle width of the stroke."""
    stroke_mm: float
    bent_mm: float
    """How far the ink strays from its own longest line."""
    on_cross: float
    struck: float
    """The share of the writing on the lesser side of a straight line through all of it and beyond at both ends; 0 without such a line."""
    density: float
    framed: float
    row_alike: float | None
    """Spread of the heights of the pieces when they stand apart in one row; None when they do not."""
    longest_mm: float
    """The longer side of its largest piece."""
    streaks: int
    """Lines down the whole field that are no pen's: they count for none of the other measures."""
    parted: bool
    """Three pieces of which the middle one is the tallest and slim, as in N/A."""


@dataclass(frozen=True)
class SignatureReading:
    """`value` is `present` or `absent`; `review` with `reason` when a person must look; `confidence` 0 to 1."""

    value: str
    review: bool
    reason: str | None
    confidence: float


_END_MM, _LINE_MM, _SHORTEST_MM, _HELD = 1.5, 1.2, 10.0, 0.98
"""A line that strikes writing out: how far it stands alone at each end, how thick and how bent it is at most, how long it is at least,
and the share of its length that is inked."""
_LINE = "There is only a dash or a line where the signature goes."
_CHECK = "Check whether the form is signed."


def judge_signature(
    darkness: NDArray[np.uint8], limits: Limits = LIMITS, *, smoothed_mm2: float | None = None
) -> SignatureReading:
    """Judges the field. `darkness`: uint8, height × width, 0 is paper, 200 dpi, print taken away. `smoothed_mm2`: how much ink is left
    where the page's grain is smoothed, if that is known."""
    seen = measure(darkness, limits)
    if smoothed_mm2 is not None and smoothed_mm2 < limits.grain * seen.area_mm2:
        return SignatureReading(
            "absent", True, f"What stands where the signature goes may be the grain of the scan. {_CHECK}", 0.5
        )
    if seen.streaks:
        # A tall stroke may stand free: what is no signature with it is asked about, whatever is left without it.
        as_written = judge(measure(darkness, replace(limits, streak_mm=0.0)), limits)
        if as_written.review:
            return as_written
    return judge(seen, limits)


def judge(seen: Measures, limits: Limits = LIMITS) -> SignatureReading:
    """The rule. Pure."""
    if seen.area_mm2 < limits.empty_mm2:
        if seen.streaks:
            return SignatureReading("absent", True, f"{_LINE} {_CHECK}", 0.5)
        return SignatureReading("absent", False, None, 0.97)
    reason = _not_a_signature(seen, limits)
    if reason is not None:
        return SignatureReading("absent", True, f"{reason} {_CHECK}", 0.5)
    if seen.longest_mm < limits.joined_mm or (seen.area_mm2 < limits.signed_mm2 and seen.way_mm < 2 * limits.short_mm):
        return SignatureReading("absent", True, "There is a mark that may not be a signature.", 0.5)
    return SignatureReading("present", False, None, 0.98)


def _not_a_signature(seen: Measures, limits: Limits) -> str | None:
    longest = max(seen.width_mm, seen.height_mm)
    if seen.bent_mm <= limits.line_mm:
        return _LINE
    small = longest <= limits.cross_mm and min(seen.width_mm, seen.height_mm) >= 0.35 * longest
    large = longest > limits.cross_mm and seen.pieces <= limits.cross_pieces
    if ((small and seen.pieces <= 2) or large) and seen.on_cross >= limits.on_cross and seen.way_mm <= 3.4 * longest:
        return "There is only a cross where the signature goes."
    if seen.struck >= limits.struck:
        return "What stands where the signature goes looks struck out."
    solid = seen.density >= limits.solid and seen.area_mm2 >= limits.solid_mm2 and seen.stroke_mm >= limits.solid_mm
    if seen.framed >= limits.framed or solid:
        return "It looks like a stamp or a blot where the signature goes."
    if seen.pieces >= limits.row_pieces and seen.row_alike is not None and seen.row_alike <= limits.row_alike:
        return "It looks like a date or print where the signature goes."
    if seen.parted and longest <= limits.cross_mm:
        return "It looks like N/A where the signature goes."
    if seen.way_mm < limits.short_mm:
        return "There is only a short mark where the signature goes."
    return None


def measure(darkness: NDArray[np.uint8], limits: Limits = LIMITS) -> Measures:
    """The measures of a field; all nought for an empty one."""
    ink, boxes, streaks = _pieces(darkness, limits)
    if not len(boxes):
        return Measures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None, longest_mm=0, streaks=streaks, parted=False)
    rows, columns = np.divmod(np.flatnonzero(ink.view(np.bool_)), ink.shape[1])  # `np.nonzero` of so few takes long
    area = len(rows) / _MM**2
    width, height = (np.ptp(columns) + 1) / _MM, (np.ptp(rows) + 1) / _MM
    inside = cv2.distanceTransform(np.pad(ink, 1), cv2.DIST_L2, 3)
    # The middle of a stroke is a crest of the distance to paper: twice its height there is the stroke's width.
    crest = inside[(inside > 0) & (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8)) - 1e-6)]
    stroke = max(0.2, (2 * float(np.median(crest)) - 1) / _MM)
    cut = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return Measures(
        area_mm2=area, width_mm=float(width), height_mm=float(height), pieces=len(boxes), way_mm=area / stroke,
        stroke_mm=stroke, streaks=streaks, longest_mm=float(boxes[:, 2:].max()) / _MM, parted=_parted(boxes),
        bent_mm=_bent(rows, columns), on_cross=_on_cross(cut), struck=_struck(cut), density=area / float(width * height),
        framed=_framed(cut, boxes), row_alike=_row(boxes),
    )  # fmt: skip


def _pieces(darkness: NDArray[np.uint8], limits: Limits) -> tuple[NDArray[np.uint8], NDArray[np.int32], int]:
    """The ink as 0 and 1 without specks and streaks, for each piece left, top, width, height, and how many streaks there were."""
    none = (np.zeros_like(darkness), np.zeros((0, 4), np.int32), 0)
    if darkness.size == 0 or min(darkness.shape) < 3:
        return none
    # Nine tenths of a written-on field are paper: what darkens all of it is the scan, not a pen.
    paper = int(ranked(darkness, 50))
    strong = ranked(darkness, 99.7) - paper
    if strong < 30:
        return none
    ink = above(darkness, paper + int(max(25.0, 0.4 * strong)), 1)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    left, top, wide, high = cv2.boundingRect(joined)  # to number pieces takes as long for what is empty
    here = (slice(top, top + high), slice(left, left + wide))
    if not wide:
        return none
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(joined[here]), connectivity=8)
    stats[:, :2] += (left, top)
    large = stats[:, cv2.CC_STAT_AREA] >= limits.speck_mm2 * _MM**2
    large[0] = False
    if count < 2 or not large.any():
        return none
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    if (large & (longest >= limits.stroke_mm * _MM)).any():
        large &= longest >= limits.dot_mm * _MM
    streaks = _streaks(np.asarray(stats, np.int32), large, darkness.shape[0], limits)
    for pieces in streaks:
        large[pieces] = False
    kept = np.zeros_like(ink)
    kept[here] = np.where(large[labels], ink[here], np.uint8(0))
    return kept, stats[large][:, :4].astype(np.int32), len(streaks)


def _streaks(stats: NDArray[np.int32], large: NDArray[np.bool_], high: int, limits: Limits) -> list[list[int]]:
    """The pieces of each streak: narrow, and down the field from its top to its bottom, whole or broken.

    Dirt on a scanner's glass and the edge of a note's shadow run on beyond any field; a pen's upright stroke ends in it.
    """
    bands: list[tuple[int, int, list[int]]] = []
    for piece in sorted(np.flatnonzero(large).tolist(), key=lambda n: int(stats[n, 0])):
        left, right = int(stats[piece, 0]), int(stats[piece, 0] + stats[piece, 2])
        if bands and left - bands[-1][1] <= limits.dot_mm * _MM:
            start, end, held = bands[-1]
            bands[-1] = (start, max(end, right), [*held, piece])
        else:
            bands.append((left, right, [piece]))
    return [
        held
        for left, right, held in bands
        if right - left <= limits.streak_mm * _MM
        and _runs_down(stats[held], high, limits.streak_gap_mm * _MM) >= limits.streak_high * high
    ]


def _runs_down(pieces: NDArray[np.int32], high: int, gap: float) -> int:
    """How many rows of a field this high pieces take up together, gaps shorter than this filled."""
    taken = np.zeros(high, bool)
    end = -1
    for top, tall in sorted((int(piece[1]), int(piece[3])) for piece in pieces):
        taken[(end if end >= 0 and top - end <= gap else top) : top + tall] = True
        end = max(end, top + tall)
    return int(taken.sum())


def _bent(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> float:
    """The width of the band around the longest line through the ink that holds nineteen in twenty of its dots."""
    points = np.stack([columns, rows]).astype(np.float64)
    points -= points.mean(axis=1, keepdims=True)
    _, axes = np.linalg.eigh(points @ points.T)
    across = axes[:, 0] @ points
    return float(np.percentile(across, 97.5) - np.percentile(across, 2.5)) / _MM


def _on_cross(cut: NDArray[np.uint8]) -> float:
    """The share of the ink near the two diagonals, or near the two middle lines, of its rectangle."""
    height, width = cut.shape
    rows, columns = np.nonzero(cut)
    x, y = columns / max(1, width - 1), rows / max(1, height - 1)
    near = 0.13
    leaning = (np.abs(x - y) < near) | (np.abs(x + y - 1) < near)
    upright = (np.abs(x - 0.5) < near) | (np.abs(y - 0.5) < near)
    # Both strokes must be there: a single one along a diagonal is a line or the beginning of a letter.
    both = min(float((np.abs(x - y) < near).mean()), float((np.abs(x + y - 1) < near).mean()))
    plus = min(float((np.abs(x - 0.5) < near).mean()), float((np.abs(y - 0.5) < near).mean()))
    return max(float(leaning.mean()) if both > 0.35 else 0.0, float(upright.mean()) if plus > 0.35 else 0.0)


def _struck(cut: NDArray[np.uint8]) -> float:
    """See `Measures.struck`. Where a line runs on beyond the writing it stands alone, and its two ends say where it lies between."""
    end, thick = round(_END_MM * _MM), _LINE_MM * _MM
    width = cut.shape[1]
    if width < _SHORTEST_MM * _MM:
        return 0.0
    ends = [np.flatnonzero(part.any(axis=1)) for part in (cut[:, :end], cut[:, -end:])]
    if any(np.ptp(one) + 1 > thick for one in ends):
        return 0.0
    first, last = (float(one.mean()) for one in ends)
    rows, columns = np.nonzero(cut)
    off = rows - (first + (last - first) * columns / (width - 1))
    beside = off[np.abs(off) > thick / 2]
    held = np.unique(columns[np.abs(off) <= thick / 2])
    if len(held) < _HELD * width or not len(beside):
        return 0.0
    above_it = float((beside < 0).mean())
    return min(above_it, 1 - above_it)


def _framed(cut: NDArray[np.uint8], boxes: NDArray[np.int32]) -> float:
    """How much of its rectangle's four sides is inked, or of the oval within; the lesser of the sides counts."""
    height, width = cut.shape
    largest = int((boxes[:, 2] * boxes[:, 3]).max())
    # A frame is one piece around everything else.
    if height < 5 * _MM or width < 8 * _MM or largest < 0.7 * height * width:
        return 0.0
    edge = max(2, round(1.0 * _MM))
    sides = (cut[:edge].any(axis=0), cut[-edge:].any(axis=0), cut[:, :edge].any(axis=1), cut[:, -edge:].any(axis=1))
    rows, columns = np.nonzero(cut)
    x, y = (columns - width / 2) / (width / 2), (rows - height / 2) / (height / 2)
    ring = np.abs(np.hypot(x, y) - 1) < 0.12
    angles = np.floor(np.degrees(np.arctan2(y[ring], x[ring])) / 10)
    return max(min(float(side.mean()) for side in sides), len(np.unique(angles)) / 36 if ring.any() else 0.0)


def _row(boxes: NDArray[np.int32]) -> float | None:
    """How alike the pieces are in height, if they stand apart in one row like figures."""
    ordered = boxes[np.argsort(boxes[:, 0])]
    tall = ordered[ordered[:, 3] >= 0.5 * ordered[:, 3].max()]
    if len(tall) < 2:
        return None
    lefts, rights = tall[:, 0], tall[:, 0] + tall[:, 2]
    apart = float(np.mean(lefts[1:] >= rights[:-1] - 0.3 * _MM))
    slim = float(np.mean(tall[:, 2] <= 1.1 * tall[:, 3]))
    if apart < 0.8 or slim < 0.8 or len(tall) < 0.6 * len(ordered):
        return None
    heights = tall[:, 3].astype(np.float64)
    return float(heights.std() / heights.mean())


def _parted(boxes: NDArray[np.int32]) -> bool:
    if len(boxes) != 3:
        return False
    (_, _, _, before), (_, _, width, middle), (_, _, _, after) = boxes[np.argsort(boxes[:, 0])]
    return bool(middle >= 1.15 * max(before, after) and width <= 0.7 * middle)
