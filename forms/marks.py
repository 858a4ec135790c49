"""Scores → is the box marked? By the borders of `thresholds`, so that a stored score can be judged again by others. Pure.

Two measures that know nothing of each other look at every box: the ink by plain rules (`judge`), and the fitted scorer's
chances. `weigh` puts them together: the chances decide, the ink can forbid and says why. How sure is sure enough stands in `costs`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from forms.thresholds import STANDARD, Thresholds


class Mark(StrEnum):
    """What one box shows."""

    EMPTY = "empty"
    MARKED = "marked"
    UNSURE = "unsure"
    SOLID = "solid"


class Content(StrEnum):
    """What lies in and around one box, as the scorer tells it."""

    EMPTY = "empty"
    TICKED = "ticked"
    CROSSED = "crossed"
    FILLED = "filled"
    CANCELLED = "cancelled"
    DOUBTFUL = "doubtful"
    BESIDE = "beside"


@dataclass(frozen=True)
class Judged:
    """A box's mark, how sure (0 to 1), why a person should look, and whether it looks like a cross, plainly like a tick, or like a neatly filled box.

    `perhaps_cross`: it looks more like a tick, but not plainly.
    `rival`: of an empty box, the chance that it says something all the same where the other box of its pair is plainly marked.
    """

    mark: Mark
    confidence: float
    reason: str | None = None
    cross: bool = False
    tick: bool = False
    filled: bool = False
    rival: float | None = None
    perhaps_cross: bool = False


FAINT = "There is a faint mark in the box."
SMALL = "There is a small mark in the box."
THROUGH = "One line runs through this box and beyond it. It may be a scratch or a hair, and no mark."
QUESTION = "The mark may be a question mark."


def judge(ink: Mapping[str, float], limits: Thresholds = STANDARD) -> Judged:
    """One box by its scores (`inside`, `foreign`, `tail`, `around`, `extent`, `density`, `crossing`, `faint`, `filled`, `total`, `reach`, `hooked`, `off_centre`)."""
    inside, extent = ink["inside"], ink["extent"]
    cross = ink["crossing"] >= limits.crossing
    if ink["foreign"] >= limits.foreign and ink["tail"] >= limits.tail:
        return Judged(Mark.UNSURE, 0.5, "A mark from the next box runs into this one.")
    if inside < limits.empty_below:
        if ink["around"] >= limits.beside:
            return Judged(Mark.UNSURE, 0.5, "There is a mark beside the box.")
        return Judged(Mark.EMPTY, 1.0 - 0.5 * inside / limits.empty_below * 0.1)
    runs_over = (
        inside >= limits.least_inside and ink["total"] >= limits.total_from and ink["reach"] <= limits.longest_reach
    )
    if (inside < limits.marked_from and not runs_over) or extent < limits.shortest:
        where = FAINT if ink["faint"] > 0.5 else SMALL
        return Judged(Mark.UNSURE, 0.5, where)
    solid = ink["density"] >= limits.solid_density or ink["filled"] >= limits.solid_filled
    if solid and inside >= limits.solid_area:
        return Judged(Mark.SOLID, 0.5, "The box is filled in. It may be a tick or a crossing-out.")
    if ink["faint"] > limits.faint_share and inside < 2 * limits.marked_from:
        return Judged(Mark.UNSURE, 0.5, FAINT)
    if ink["hooked"] >= limits.hooked and ink["reach"] < 0.05 and not cross:
        return Judged(Mark.UNSURE, 0.5, QUESTION)
    if ink["off_centre"] >= limits.off_centre:
        return Judged(Mark.UNSURE, 0.5, "The mark lies at the edge of the box. It may be the tail of another.")
    if ink["around"] >= limits.beside_a_mark:
        return Judged(Mark.UNSURE, 0.5, "There is writing beside the box.")
    return Judged(Mark.MARKED, min(0.999, 0.97 + 0.02 * min(1.0, inside / 3.0)), cross=cross, tick=not cross)


SOLID = "The box is filled in. It may be a tick or a crossing-out."
SCRIBBLED = "The mark in this box looks scribbled out."
BESIDE = "There is a mark beside the box."
ODD = "There is something in the box that may not be a mark."


def weigh(chances: Mapping[str, float], ink: Mapping[str, float], limits: Thresholds = STANDARD) -> Judged:
    """One box by its chances (by `Content`), which the ink (as for `judge`) may contradict: then a person looks."""
    top = Content(max(chances, key=lambda content: chances[content]))
    marked = chances[Content.TICKED] + chances[Content.CROSSED]
    by_ink = judge(ink, limits)
    if top is Content.EMPTY:
        if ink["inside"] >= limits.never_empty:
            return Judged(Mark.UNSURE, 0.5, by_ink.reason or ODD)
        if ink["total"] >= limits.outside and ink["reach"] >= limits.outside_reach:
            return Judged(Mark.UNSURE, 0.5, BESIDE)
        times = limits.agree_empty if by_ink.mark is Mark.EMPTY else limits.apart_empty
        return Judged(Mark.EMPTY, supported(_empty(chances, limits), times), rival=_rival(chances, limits))
    if top in (Content.TICKED, Content.CROSSED):
        # A large tick may go round the inside of a small box, along its outline: that is ink as well.
        if max(ink["total"], ink["foreign"]) < limits.never_marked and ink.get("close", 0.0) < limits.close_mark:
            return Judged(Mark.UNSURE, 0.5, FAINT)
        if _runs_through(ink, limits):
            return Judged(Mark.UNSURE, 0.5, THROUGH)
        share = _marked(chances, ink, limits)
        if ink["faint"] >= limits.all_faint and (share < limits.faint_sure or ink["reach"] >= limits.stain_reach):
            # Ink as pale as this all through: unless its shape is plain, whether it is a mark is for a person.
            # Of 28 false yes of a proof ten were such. What runs on far outside the box may be the ring of a cup.
            return Judged(Mark.UNSURE, 0.5, FAINT)
        sure = supported(share, limits.agree_marked if by_ink.mark is Mark.MARKED else limits.apart_marked)
        if max(ink["total"], ink.get("close", 0.0)) < limits.scant_ink:
            # Of 43 such that would have been taken for a yes, by forms of five sets, nine were none that anybody should rely on.
            sure = supported(sure, limits.scant_times)
        # That there is ink says nothing of whether the mark was crossed out again.
        sure = min(sure, 1 - chances[Content.CANCELLED])
        filled = chances[Content.FILLED] >= limits.may_be_filled
        cross = chances[Content.CROSSED] > chances[Content.TICKED]
        tick = chances[Content.TICKED] >= limits.plain_tick and ink["extent"] >= limits.dot_across
        perhaps = not cross and not tick and chances[Content.CROSSED] >= limits.may_be_cross
        return Judged(Mark.MARKED, sure, cross=cross, tick=tick, filled=filled, perhaps_cross=perhaps)
    if top is Content.FILLED:
        return Judged(Mark.SOLID, chances[Content.FILLED] + marked, SOLID, filled=True)
    if top is Content.CANCELLED:
        return Judged(Mark.SOLID, chances[Content.CANCELLED], SCRIBBLED)
    if top is Content.BESIDE:
        return Judged(Mark.UNSURE, chances[Content.BESIDE], BESIDE)
    return Judged(Mark.UNSURE, chances[Content.DOUBTFUL], by_ink.reason or ODD)


def _runs_through(ink: Mapping[str, float], limits: Thresholds) -> bool:
    """Whether a mark is a single long stroke that lies in the box with less than half of it: a tick has rows in which both its arms are.

    Of 23 such that would have been taken on 3,007 forms three were hairs, the others long slashes. Readings of before it was measured have none.
    """
    single = ink.get("doubled", 1.0) <= limits.through_doubled
    return single and ink["reach"] >= limits.through_reach and ink["extent"] >= limits.through_long


def _may_be_a_question(chances: Mapping[str, float], ink: Mapping[str, float], limits: Thresholds) -> bool:
    """Whether a mark has the head of a question mark over its box: as wide as the whole mark, and wider than its foot.

    Of 14 such marks among others that were taken one was a question, and a false yes costs more than so many questions.
    """
    plain_cross = ink["crossing"] >= limits.question_crossing or chances[Content.CROSSED] >= limits.question_cross
    as_high = ink["extent"] <= limits.question_high and ink.get("doubled", 0.0) <= limits.question_doubled
    return ink["hooked"] >= limits.question_head and as_high and not plain_cross


def _marked(chances: Mapping[str, float], ink: Mapping[str, float], limits: Thresholds) -> float:
    """The chance that a box which looks ticked or crossed was marked, of what it can still be.

    Where the ink has plainly found a mark's worth, the box is hardly empty, whatever a scorer that sees one window thinks of a wide
    cell; and a mark that may as well be a filled box is a mark all the same. Of 214 such boxes of generated forms all were meant.
    """
    enough = limits.pale_ink if ink["faint"] >= limits.all_faint else limits.plain_ink
    # A thick dot is ink as well, and may be no more than where a pen rested.
    drawn = ink["inside"] >= enough and not _is_dot(ink, limits)
    return _of_what_it_can_be(chances, limits.empty_with_ink if drawn else 1.0, limits)


def _is_dot(ink: Mapping[str, float], limits: Thresholds) -> bool:
    """Whether a mark is small and dense, and of one piece: no row of a dot has two strokes, as some of a tick or a cross in a small box have.

    What fills its box is none, nor is the foot of a tick whose limb runs on beside the box: the outline between them is masked.
    """
    small = ink["density"] >= limits.dot_density and ink["extent"] < limits.dot_across
    alone = ink.get("close", 0.0) - ink["inside"] < limits.dot_beside and ink["filled"] < limits.dot_fills
    return small and alone and ink.get("doubled", 0.0) < limits.dot_doubled


def _of_what_it_can_be(chances: Mapping[str, float], times_empty: float, limits: Thresholds) -> float:
    marked = chances[Content.TICKED] + chances[Content.CROSSED]
    empty = chances[Content.EMPTY] * times_empty
    odd = chances[Content.CANCELLED] + chances[Content.DOUBTFUL] + limits.beside_mark * chances[Content.BESIDE]
    return marked / max(1e-9, marked + empty + odd + limits.thick_mark * chances[Content.FILLED])


def _empty(chances: Mapping[str, float], limits: Thresholds) -> float:
    """The chance that a box which looks empty is so.

    Of 31 that were taken as empty though the scorer thought of a mark of which little is left (0.005 or more), 11 held one; of 2,967 others 12.
    """
    empty = chances[Content.EMPTY]
    more = (limits.lost_mark - 1) * chances[Content.DOUBTFUL] - (1 - limits.beside_empty) * chances[Content.BESIDE]
    return empty / max(1e-9, 1 + more)


def _rival(chances: Mapping[str, float], limits: Thresholds) -> float:
    """The chance that an empty-looking box speaks against the plain mark in the other box of its pair.

    A scorer sees one box, and near every second box is marked; two marks in a pair are rare. Of 98 plain answers that were asked about
    because of a dot, a stain or a tail in or beside the other box, all were right. A crossing-out is as likely there as anywhere.
    """
    marked = chances[Content.TICKED] + chances[Content.CROSSED] + chances[Content.DOUBTFUL]
    put_right = chances[Content.FILLED] + chances[Content.CANCELLED]
    return limits.second_mark * marked + limits.second_beside * chances[Content.BESIDE] + put_right


def supported(chance: float, times: float) -> float:
    """The chance, so many times likelier."""
    odds = chance / max(1e-9, 1 - chance) * times
    return odds / (1 + odds)


_ODD_AMONG_DOTS = 0.1
_TO_COMPARE_PALE, _TO_COMPARE_HEAVY = 2, 3
"""With how many other marks of the page one is compared at least."""
Seen = tuple[Mapping[str, float], Mapping[str, float]]
"""The chances of a box, by `Content`, and its ink, as for `weigh`."""


def dotted_throughout(
    boxes: Mapping[tuple[str, str], Judged],
    seen: Mapping[tuple[str, str], Seen],
    least: int = 4,
    limits: Thresholds = STANDARD,
) -> dict[tuple[str, str], Judged]:
    """Where a writer sets a thick dot in nearly every box that is meant, a dot is a plain mark.

    A single dot may be where a pen rested. Four or more, never two in one question, with at most a third as many marks of another kind (a dot
    that a stain has joined looks like one), are a habit: of 77 such dots of generated forms all were meant.
    """
    dots = {
        key
        for key, (chances, ink) in seen.items()
        if _is_dot(ink, limits)
        and ink["inside"] >= limits.dot_ink
        and chances[Content.CANCELLED] + chances[Content.BESIDE] + chances[Content.DOUBTFUL] < _ODD_AMONG_DOTS
    }
    others = sum(box.mark in (Mark.MARKED, Mark.SOLID) for key, box in boxes.items() if key not in dots)
    if len(dots) < least or len(dots) < 3 * others or len({field for field, _ in dots}) < len(dots):
        return dict(boxes)
    judged = dict(boxes)
    for key in dots:
        chances, _ = seen[key]
        share = _of_what_it_can_be(chances, limits.dot_habit, limits)
        judged[key] = Judged(Mark.MARKED, max(share, boxes[key].confidence if boxes[key].mark is Mark.MARKED else 0.0))
    return judged


def unlike_the_rest(
    boxes: Mapping[tuple[str, str], Judged], seen: Mapping[tuple[str, str], Seen], limits: Thresholds = STANDARD
) -> dict[tuple[str, str], Judged]:
    """One pen fills in a page: a mark that is quite another thing than the writer's other marks is asked about.

    One with far more ink may be one that was scribbled out: many strokes look like a mark of many. Of 16 among 10,248 that were taken on
    generated forms two were. One that is pale all through among dark ones may be a stain, the ring of a cup, or the page behind: of 14 among
    16,000 one was. One with the head of a question mark, or a dense dot where a thick pen
    may have rested, is asked about unless the writer's marks are like that.
    """
    judged = dict(boxes)
    ink = {key: seen[key][1] for key, box in boxes.items() if box.mark is Mark.MARKED}
    questions = [key for key in ink if _may_be_a_question(*seen[key], limits)]
    dots = [key for key, own in ink.items() if _is_dot(own, limits)]
    for some, reason, few in ((dots, SMALL, limits.few_odd), (questions, QUESTION, limits.few_questions)):
        if len(some) <= len(ink) * few:  # who sets a dot, or writes a Y, into every box has a habit
            judged |= {key: Judged(Mark.UNSURE, 0.5, reason) for key in some}
    for key, own in ink.items():
        others = [one for other, one in ink.items() if other != key]
        pale = len(others) >= _TO_COMPARE_PALE and own["faint"] >= limits.all_faint
        heavy = len(others) >= _TO_COMPARE_HEAVY and own["inside"] >= limits.heavy_ink
        if pale and median(map(paleness, others)) <= limits.dark_pen:
            judged[key] = Judged(Mark.UNSURE, 0.5, FAINT)
        elif (
            heavy
            and own["total"] >= limits.heavy_times * median(one["total"] for one in others)
            and own["inside"] >= limits.heavy_inside * median(one["inside"] for one in others)
        ):  # a fold or a streak that a mark touches adds to its ink outside of the box alone
            judged[key] = Judged(Mark.SOLID, 0.5, SCRIBBLED)
    return judged


def paleness(ink: Mapping[str, float]) -> float:
    """How much of a mark's ink is faint, 0 to 1; all of a mark that is too pale to be counted as ink."""
    return ink["faint"] if ink["inside"] or ink["total"] else 1.0


LETTER = "This may be a letter, a figure or a word in the box, such as N or 0, and not a tick."
DASH = "This mark is a level stroke. It may mean none, or no."


def told_otherwise(
    boxes: Mapping[tuple[str, str], Judged], seen: Mapping[tuple[str, str], Seen], limits: Thresholds = STANDARD
) -> dict[tuple[str, str], Judged]:
    """A box that says yes by its mark, where that mark may be an N, a NO, a 0 or a dash: then it says the opposite.

    The scorer knows some of them, and takes others for ticks or crosses. Whoever writes them writes them into many boxes, so no habit excuses them.
    A word in a No box says no as well.
    """
    judged = dict(boxes)
    for key, box in boxes.items():
        chances, ink = seen[key]
        if box.mark is Mark.MARKED and key[1] != "no" and not box.filled:
            if _may_be_written(chances, ink, limits):
                judged[key] = Judged(Mark.UNSURE, 0.5, LETTER)
            elif ink.get("flat", 0.0) >= limits.dash_flat and ink["doubled"] <= limits.dash_doubled:
                judged[key] = Judged(Mark.UNSURE, 0.5, DASH)
    return judged


def _may_be_written(chances: Mapping[str, float], ink: Mapping[str, float], limits: Thresholds) -> bool:
    if chances[Content.DOUBTFUL] < limits.letter_doubtful:
        return False
    twofold = ink.get("doubled", 0.0) >= limits.letter_doubled and chances[Content.FILLED] >= limits.letter_filled
    # Whoever does not lift the pen draws a cross with a loop.
    looped = chances[Content.CROSSED] > chances[Content.TICKED]
    return twofold or (ink.get("hole", 0.0) >= limits.letter_hole and not looped)


def filled_throughout(
    boxes: Mapping[tuple[str, str], Judged],
    seen: Mapping[tuple[str, str], Seen],
    least: int = 3,
    limits: Thresholds = STANDARD,
) -> dict[tuple[str, str], Judged]:
    """Where a writer fills in every box that is meant and marks none otherwise, a filled box is a plain mark.

    A single filled box is more often a correction; three or more, with no plain tick or cross and nothing scribbled out beside
    them, are a habit. A tick that may as well be a filled box (`filled` too, or as dense) is not against it, nor is a question of
    which both boxes are marked: it was put right, and is asked about.
    """
    held = [key for key, box in boxes.items() if box.mark in (Mark.MARKED, Mark.SOLID)]
    questions = Counter(field for field, _ in held)
    held = [key for key in held if questions[key[0]] == 1]
    filled = [key for key in held if boxes[key].filled and boxes[key].mark is Mark.SOLID]
    alike = {
        key for key in held if boxes[key].filled or (boxes[key].mark is Mark.MARKED and _is_thick(*seen[key], limits))
    }
    if len(filled) < least or len(held) > len(alike):
        return dict(boxes)
    judged = dict(boxes)
    for key in alike:
        chances, _ = seen[key]
        meant = chances[Content.TICKED] + chances[Content.CROSSED] + chances[Content.FILLED]
        sure = 1 - limits.habit * (1 - meant)
        judged[key] = Judged(Mark.MARKED, max(sure, boxes[key].confidence if boxes[key].mark is Mark.MARKED else 0.0))
    return judged


def _is_thick(chances: Mapping[str, float], ink: Mapping[str, float], limits: Thresholds) -> bool:
    """Whether a mark may be a box that was filled less neatly, or its ink lies as close together."""
    return chances[Content.FILLED] >= limits.thick_habit or (
        ink["inside"] >= limits.solid_area
        and max(ink["density"] / limits.solid_density, ink["filled"] / limits.solid_filled) >= 1
    )
