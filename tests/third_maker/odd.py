"""What is not a plain answer: corrections, words beside boxes, signs that say nothing, marks that lie elsewhere. Each tells what it means.

Source: README of the samples, "How the truth is settled"; the rules are named by number.
"""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from forms.geometry import Box
from forms.marks import Content
from forms.template import Field, Kind
from tests.generator.answered import WIDE_MM, in_mm, middle
from tests.third_maker.curves import Stroke, calm, traced
from tests.third_maker.people import Person, lies
from tests.third_maker.signs import DASH, LETTERS, scribble, zigzag
from tests.third_maker.tools import Tool
from tests.third_maker.words import lettered, width_of

RATES = {"clean": 0.02, "typical": 0.06, "hard": 0.17}
DOTS = {"clean": 0.004, "typical": 0.012, "hard": 0.03}
INITIALS = ["AB", "JS", "KT", "RM", "LH", "DN"]


def cancel(who: Person, one: Field, name: str) -> None:
    """Strikes out what was marked in a box, by scribbling, lines, hatching or filling well over its edges."""
    rng, box = who.rng, in_mm(one.boxes[name])
    half = who.half(box)
    at = middle(box)
    if name in who.told[one.id].marks:  # over the mark itself, wherever it lies
        rows, columns = np.nonzero(who.sheets[one.page].owner == who.number(one, name))
        if len(rows):
            px = who.sheets[one.page].px
            at = float(np.median(columns)) / px * 0.6 + at[0] * 0.4, float(np.median(rows)) / px * 0.6 + at[1] * 0.4
    wide = float(rng.uniform(1.15, 1.55))
    size = half[0] * wide, half[1] * wide * float(rng.uniform(0.8, 1.0))
    kind = rng.choice(["scribble", "lines", "hatched", "solid"], p=[0.5, 0.16, 0.18, 0.16])
    match kind:
        case "scribble":
            strokes = who.set_down(scribble(rng, int(rng.integers(5, 10))), at, size, loose=False)
        case "lines":
            lines = [
                np.array([(-1.2, y + 0.25), (0.0, y), (1.3, y - 0.25)])
                for y in np.linspace(-0.45, 0.45, int(rng.integers(3, 6)))
            ]
            strokes = who.set_down(lines, at, size, loose=False)
        case "hatched":
            strokes = who.set_down([*zigzag(rng, 8), *(one[:, ::-1] for one in zigzag(rng, 8))], at, size, loose=False)
        case _:
            strokes = who.set_down([*scribble(rng, 12), *zigzag(rng, 13)], at, size, loose=False)
    who.draw(one, name, strokes, who.thin)
    who.told[one.id].boxes[name] = Content.CANCELLED


def room(who: Person, one: Field, name: str, words: str, high: float) -> tuple[float, float] | None:
    """Where (left, middle; mm) words have room next to a box, touching no other box."""
    box, wide = in_mm(one.boxes[name]), width_of(words, high)
    if box[2] - box[0] > WIDE_MM:
        return (box[2] - wide - 0.8, middle(box)[1]) if box[2] - box[0] > wide + 10 else None
    y = middle(box)[1] + float(who.rng.normal(0, 0.5))
    lefts = [box[2] + float(who.rng.uniform(0.9, 1.8)), box[0] - wide - float(who.rng.uniform(0.9, 1.8))]
    for left in lefts if who.rng.random() < 0.7 else lefts[::-1]:
        mine = left, y - high / 2, left + wide, y + high / 2
        if left > 8 and left + wide < 202 and not any(_touch(mine, other) for other in who.others(one, name)):
            return left, y
    return None


def _touch(a: Box, b: Box, more: float = 1.5) -> bool:
    return a[0] < b[2] + more and b[0] < a[2] + more and a[1] < b[3] + more and b[1] < a[3] + more


def write(who: Person, one: Field, name: str, words: str) -> bool:
    """Writes words beside a box. Whether there is room."""
    high = float(who.rng.uniform(2.6, 3.8))
    place = room(who, one, name, words, high)
    if place is None:
        return False
    who.draw(one, name, lettered(words, *place, high, who.hand, who.rng), who.thin)
    return True


def _tag(who: Person, one: Field, flag: str, instead: str | None = None) -> bool:
    who.told[one.id].flags.append(flag)
    if instead is not None:
        who.instead[one.id] = instead
    return True


def corrected(who: Person, one: Field, name: str) -> bool:
    """Rule 4: the other box was marked first and is struck out."""
    if one.kind is Kind.TICK:
        return scribbled_out(who, one, name)
    wrong = "no" if name == "yes" else "yes"
    who.mark(one, wrong, who.habit.liked if who.habit.liked != "ring" else "tick")
    cancel(who, one, wrong)
    if who.rng.random() < 0.2 and write(who, one, wrong, str(who.rng.choice(INITIALS))):
        _tag(who, one, "initials")
    who.mark(one, name, "tick" if who.habit.liked == "filled" else None)
    return _tag(who, one, "corrected")


def painted_over(who: Person, one: Field, name: str) -> bool:
    """The other box was marked first and is painted out with fluid."""
    wrong = "no" if name == "yes" else "yes"
    box = in_mm(one.boxes[wrong]) if one.kind is Kind.YES_NO else in_mm(one.boxes["tick"])
    if one.kind is Kind.TICK or box[2] - box[0] > WIDE_MM:
        return False
    strokes = who.set_down(who.sign_of("tick", wrong), middle(box), who.half(box))
    sheet = who.sheets[one.page]
    sheet.draw(strokes, who.thin, 0)
    sheet.cover((box[0] - 0.8, box[1] - 0.8, box[2] + 0.8, box[3] + 0.8))
    who.mark(one, name)
    return _tag(who, one, "painted_over")


def rubbed_out(who: Person, one: Field, name: str) -> bool:
    """The other box was marked in pencil and rubbed out: a smear and hardly a trace are left."""
    if one.kind is Kind.TICK:
        return False
    wrong, rng = ("no" if name == "yes" else "yes"), who.rng
    box, sheet = in_mm(one.boxes[wrong]), who.sheets[one.page]
    lead = Tool("pencil", 0.6, (0.3, 0.3, 0.31), 1.0, hard=0.2)
    at = who.aim(box)
    sheet.draw(who.set_down(who.sign_of("tick", wrong), at, who.half(box)), lead, 0, float(rng.uniform(0.04, 0.12)))
    sheet.draw(
        who.set_down(zigzag(rng, 6), at, who.half(box)), replace(lead, width_mm=1.8), 0, float(rng.uniform(0.02, 0.06))
    )
    who.mark(one, name)
    return _tag(who, one, "rubbed_out")


def scribbled_out(who: Person, one: Field, name: str) -> bool:
    """Rule 4: struck out and nothing else; for a tick box with NO or initials beside it: blank."""
    who.mark(one, name, "tick" if who.habit.liked in ("ring", "filled", "blob") else None)
    cancel(who, one, name)
    if (
        one.kind is Kind.TICK
        and who.rng.random() < 0.4
        and write(who, one, name, str(who.rng.choice(["NO", *INITIALS])))
    ):
        return _tag(who, one, "scribbled_out", "blank")
    return _tag(who, one, "scribbled_out")


def struck(who: Person, one: Field, name: str) -> bool:
    """One plain line through a tick, well beyond both its ends: taken back, or underlined? Nobody can tell."""
    who.mark(one, name, "tick")
    box, rng = in_mm(one.boxes[name]), who.rng
    half, (x, y) = who.half(box), middle(box)
    lean = rng.normal(0, 0.12)
    line = np.array([(-1.7, lean), (0, 0.05), (1.8, -lean)])
    who.draw(one, name, who.set_down([line], (x, y - 0.1 * half[1]), half, loose=False), who.thin)
    who.told[one.id].boxes[name] = Content.CANCELLED
    return _tag(who, one, "struck_tick", "unclear")


def both(who: Person, one: Field, name: str) -> bool:
    """Rule 3: two marks of one kind, or a tick and a cross."""
    if one.kind is Kind.TICK:
        return False
    other = "no" if name == "yes" else "yes"
    if who.rng.random() < 0.5 and who.habit.liked in ("tick", "both"):
        who.mark(one, name, "tick")
        who.mark(one, other, "cross")
        return _tag(who, one, "tick_and_cross")
    liked = "tick" if who.habit.liked in ("both", "ring") else who.habit.liked
    who.mark(one, name, liked)
    who.mark(one, other, liked)
    return _tag(who, one, "both_ticked", "unclear")


def contradicted(who: Person, one: Field, name: str) -> bool:
    """Rule 5: a mark, and the other answer written beside it."""
    word = "YES" if name == "no" else "NO"
    if room(who, one, name, word, 3.9) is None or not one.kind.is_mark or who.habit.liked == "ring":
        return False
    who.mark(one, name)
    if not write(who, one, name, word):
        return True
    who.told[one.id].boxes[name] = Content.DOUBTFUL
    return _tag(who, one, "contradicted", "unclear")


def written(who: Person, one: Field, name: str) -> bool:
    """Rule 5: only a word beside a box."""
    word = {"yes": "YES", "no": "NO"}.get(name) or ("NO" if who.rng.random() < 0.5 else "YES")
    box = in_mm(one.boxes[name])
    if box[2] - box[0] > WIDE_MM or not write(who, one, name, word):
        return False
    who.told[one.id].boxes[name] = Content.BESIDE
    value = name if one.kind is Kind.YES_NO else "yes" if word == "YES" else "blank"
    return _tag(who, one, "written_answer", value)


def between(who: Person, one: Field, name: str) -> bool:
    """Rule 2: a mark half way from Yes to No."""
    if one.kind is Kind.TICK:
        return False
    yes, no = in_mm(one.boxes["yes"]), in_mm(one.boxes["no"])
    (ax, ay), (bx, by) = middle(yes), middle(no)
    if yes[2] - yes[0] > WIDE_MM or max(abs(ax - bx), abs(ay - by)) > 24 or max(no[0] - yes[2], no[1] - yes[3]) < 2.5:
        return False
    half = min(1.8, (max(no[0] - yes[2], no[1] - yes[3])) / 2.6)
    strokes = who.set_down(who.sign_of("tick", name), ((ax + bx) / 2, (ay + by) / 2), (half, half))
    who.draw(one, "yes", strokes)
    who.told[one.id].marks["no"] = who.told[one.id].marks["yes"]
    who.told[one.id].boxes.update(yes=Content.BESIDE, no=Content.BESIDE)
    return _tag(who, one, "between_boxes", "unclear")


def question(who: Person, one: Field, name: str) -> bool:
    """Rule 7: a question mark."""
    return _sign(who, one, name, LETTERS["?"], "question_mark")


def dash(who: Person, one: Field, name: str) -> bool:
    """A dash, or N in a tick box or Yes: no consent that anybody could rely on."""
    return _sign(who, one, name, LETTERS["N"] if name != "no" and who.rng.random() < 0.4 else DASH, "other_sign")


def _sign(who: Person, one: Field, name: str, sign: list[np.ndarray], flag: str) -> bool:
    box = in_mm(one.boxes[name])
    half = who.half(box)
    grow = float(who.rng.uniform(0.6, 1.0))
    strokes = [
        traced(
            points * np.array(half) * grow + np.array(middle(box)) + who.rng.normal(0, 0.1, 2),
            calm(who.hand),
            who.rng,
            tapers=False,
        )
        for points in sign
    ]
    who.draw(one, name, strokes, who.thin)
    who.told[one.id].boxes[name] = Content.DOUBTFUL
    return _tag(who, one, flag, "unclear")


def lone_cross(who: Person, one: Field, name: str) -> bool:
    """Rule 6: a cross in a Yes or tick box of somebody who ticks."""
    if who.habit.liked != "tick" or name == "no":
        return False
    who.mark(one, name, "cross")
    told = who.told[one.id]
    if Content.CROSSED not in told.boxes.values():
        return True
    told.flags[:] = [flag for flag in told.flags if flag != "cross"]
    return _tag(who, one, "cross_among_ticks", "unclear")


def another(who: Person, one: Field, name: str) -> bool:
    """A sign of another kind than this person's."""
    who.mark(
        one, name, str(who.rng.choice(["blob", "letter", "ring", "slash", "filled"], p=[0.2, 0.15, 0.25, 0.2, 0.2]))
    )
    return True


def huge(who: Person, one: Field, name: str) -> bool:
    """Much larger than the box."""
    who.mark(one, name, "tick", float(who.rng.uniform(1.7, 2.8)))
    return True


def tiny(who: Person, one: Field, name: str) -> bool:
    """Hardly larger than a comma."""
    who.mark(one, name, "tick", 0.45 / who.habit.size)
    return True


def off_it(who: Person, one: Field, name: str) -> bool:
    """Wholly beside its box."""
    return who.beside(one, name, "cross" if who.habit.liked == "cross" else "tick")


def column(who: Person, one: Field, name: str) -> bool:
    """Rule 8: one stroke down through the boxes of a column."""
    if one.kind is not Kind.TICK:
        return False
    x, _ = middle(in_mm(one.boxes["tick"]))
    run = [one]
    for each in who.template.fields:
        if each.kind is not Kind.TICK or each.page != one.page or each is one or who.told[each.id].marks:
            continue
        ex, ey = middle(in_mm(each.boxes["tick"]))
        if abs(ex - x) < 0.8 and 0 < ey - middle(in_mm(run[-1].boxes["tick"]))[1] < 12:
            run.append(each)
    if len(run) < 3:
        return False
    run = run[: int(who.rng.integers(3, len(run) + 1))]
    ends = [middle(in_mm(each.boxes["tick"]))[1] for each in run]
    points = np.array([(x + who.rng.normal(0, 0.4), at) for at in np.linspace(ends[0] - 1.5, ends[-1] + 1.5, len(run))])
    stroke = traced(points, replace(who.hand, slack=0.01, wobble=0.004), who.rng, tapers=False)
    borders = [-1e9, *((a + b) / 2 for a, b in itertools.pairwise(ends)), 1e9]
    for each, low, high in zip(run, borders, borders[1:], strict=False):
        mine = (stroke.points[:, 1] >= low) & (stroke.points[:, 1] < high)
        who.draw(each, "tick", [Stroke(stroke.points[mine], stroke.press[mine])], who.thin)
        who.told[each.id].boxes["tick"] = Content.DOUBTFUL
        _tag(who, each, "column_stroke", "yes")
    return True


def dot(who: Person, one: Field, name: str) -> None:
    """Rule 7: where the pen rested or slipped, in an empty box or by it."""
    rng, box = who.rng, in_mm(one.boxes[name])
    if who.told[one.id].boxes[name] is not Content.EMPTY:
        return
    half = who.half(box)
    at = np.array(middle(box)) + rng.uniform(-1.2, 1.2, 2) * np.array(half)
    points = at + rng.normal(0, 0.07, (3, 2))
    who.sheets[one.page].draw(
        [traced(points, replace(who.hand, tremor_mm=0), rng)], replace(who.thin, width_mm=0.35, feather=0, blobs=0), 0
    )
    _tag(who, one, "stray_dot")


KINDS: dict[Callable[[Person, Field, str], bool], float] = {
    corrected: 0.17, painted_over: 0.02, rubbed_out: 0.04, scribbled_out: 0.05, struck: 0.05, both: 0.05, contradicted: 0.06, written: 0.06,
    between: 0.03, question: 0.05, dash: 0.06, lone_cross: 0.05, another: 0.10, huge: 0.06, tiny: 0.05, off_it: 0.08, column: 0.02,
}  # fmt: skip


def oddly(who: Person, one: Field, name: str) -> bool:
    """Answers in some odd way. Whether it could be done in this place."""
    shares = np.array(list(KINDS.values()))
    what = list(KINDS)[int(who.rng.choice(len(KINDS), p=shares / shares.sum()))]
    return what(who, one, name)


__all__ = ["DOTS", "RATES", "dot", "lies", "oddly"]
