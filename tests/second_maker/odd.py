"""What people do that is no plain mark: corrections, doubts, words and other signs. Rules by number: README of the samples, "How the truth is settled"."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from forms.marks import Content
from forms.template import Field
from tests.second_maker import shapes
from tests.second_maker.lettering import written
from tests.second_maker.motor import Plan
from tests.second_maker.writer import Desk, at, bolder, middle

RATES = {"clean": 0.01, "typical": 0.03, "hard": 0.07}
"""Of how many answers in each difficulty something is odd."""
DOUBTFUL = Content.DOUBTFUL


def _other(name: str) -> str:
    return "no" if name == "yes" else "yes"


def _note(desk: Desk, one: Field, flag: str, instead: str | None = None) -> bool:
    if flag not in desk.told[one.id].flags:
        desk.told[one.id].flags.append(flag)
    if instead is not None:
        desk.instead[one.id] = instead
    return True


def _strike(desk: Desk, one: Field, name: str) -> None:
    """Scribbles out what stands in a box (rule 4)."""
    box = desk.box(one, name)
    high = float(np.clip(box[3] - box[1], 3.2, 7.0) * desk.rng.uniform(0.9, 1.4))
    x, y = middle(box)
    desk.draw(one, name, at(shapes.struck(desk.rng, 1.2), x, y, 1.3 * high), bolder(desk.pen))
    desk.told[one.id].boxes[name] = Content.CANCELLED


def _marked(desk: Desk, one: Field, name: str) -> None:
    """A mark that lies in its box whatever the hand's carelessness."""
    kind = desk.habit.kind if desk.habit.kind in ("tick", "cross", "slash", "wave") else "tick"
    desk.mark(one, name, kind, float(np.clip(desk.box(one, name)[3] - desk.box(one, name)[1], 3.0, 6.0)))


def _corrected(desk: Desk, one: Field, name: str) -> bool:
    _marked(desk, one, _other(name))
    _strike(desk, one, _other(name))
    desk.mark(one, name)
    if desk.rng.random() < 0.25 and not desk.is_wide(one) and (place := desk.beside(one, _other(name), 4.0)):
        initials = "".join(desk.rng.choice(list("ABEJKLMRST"), 2))
        desk.draw(one, None, written(initials, place[0] - 2, place[1] - 1.4, 2.6, desk.rng))
        _note(desk, one, "initials")
    return _note(desk, one, "corrected")


def _scribbled_out(desk: Desk, one: Field, name: str) -> bool:
    _marked(desk, one, name)
    _strike(desk, one, name)
    return _note(desk, one, "scribbled_out")


def _both(desk: Desk, one: Field, name: str) -> bool:
    kind = "cross" if desk.habit.kind == "cross" else "tick"
    for each in ("yes", "no"):
        desk.mark(one, each, kind)
    return _note(desk, one, "both_ticked", "unclear")


def _tick_and_cross(desk: Desk, one: Field, name: str) -> bool:
    desk.mark(one, name, "tick")
    desk.mark(one, _other(name), "cross")
    return _note(desk, one, "tick_and_cross")


def _outside(desk: Desk, one: Field, name: str) -> bool:
    size = float(desk.rng.uniform(2.5, 5))
    place = None if desk.is_wide(one, name) else desk.beside(one, name, size)
    if place is None:
        return False
    kind = "cross" if desk.habit.kind == "cross" else "tick"
    plans = at(shapes.a_mark(kind, desk.taste, desk.rng), *place, size)
    if not desk.is_nearest(one, name, np.concatenate([plan.points for plan in plans])):
        return False
    desk.draw(one, name, plans)
    desk.told[one.id].boxes[name] = Content.BESIDE
    return _note(desk, one, "outside_box")


def _between(desk: Desk, one: Field, name: str) -> bool:
    yes, no = desk.box(one, "yes"), desk.box(one, "no")
    if no[0] <= yes[0] or abs(middle(yes)[1] - middle(no)[1]) > 2:
        return False
    x, y = (yes[2] + no[0]) / 2 + desk.rng.normal(0, 0.3), middle(yes)[1]
    kind = "cross" if desk.habit.kind == "cross" else "tick"
    plans = shapes.a_mark(kind, desk.taste, desk.rng)
    desk.draw(one, "yes", at(plans, x, y, float(desk.rng.uniform(3, 5))))
    told = desk.told[one.id]
    told.marks["no"] = told.marks["yes"]
    told.boxes.update({"yes": Content.BESIDE, "no": Content.BESIDE})
    return _note(desk, one, "between_boxes", "unclear")


def _sign(desk: Desk, one: Field, name: str, sign: str) -> None:
    box = desk.box(one, name)
    high = float(np.clip((box[3] - box[1]) * desk.rng.uniform(0.7, 1.1), 2.4, 6))
    x, y = middle(box)
    wide = 0.6 * high * (1.7 if sign == "-" else 1.0)
    plans = written(sign, 0, 0, high, desk.rng)
    points = np.concatenate([plan.points for plan in plans])
    grown = wide / max(0.5, float(np.ptp(points[:, 0])))
    centre = (points.min(axis=0) + points.max(axis=0)) / 2 * [grown, 1]
    desk.draw(one, name, [plan.moved(np.diag([grown, 1.0]), (x - centre[0], y - centre[1])) for plan in plans])
    desk.told[one.id].boxes[name] = DOUBTFUL


def _question(desk: Desk, one: Field, name: str) -> bool:
    _sign(desk, one, name, "?")
    return _note(desk, one, "question_mark", "unclear")


def _other_sign(desk: Desk, one: Field, name: str) -> bool:
    if desk.habit.kind not in ("tick", "big", "wave", "slash"):
        return False
    _sign(desk, one, "yes" if one.kind.value == "yes_no" else name, str(desk.rng.choice(["N", "0", "-", "NO"])))
    return _note(desk, one, "other_sign", "unclear")


def _word_beside(desk: Desk, one: Field, name: str, word: str) -> bool:
    place = None if desk.is_wide(one, name) else desk.beside(one, name, 1.7 * len(word))
    if place is None:
        return False
    high = float(desk.rng.uniform(2.2, 3.2))
    desk.draw(one, name, written(word, place[0] - 0.35 * high * len(word), place[1] - high / 2, high, desk.rng))
    return True


def _contradicted(desk: Desk, one: Field, name: str) -> bool:
    name = "yes" if one.kind.value == "yes_no" else name
    if not _word_beside(desk, one, name, "NO"):
        return False
    _marked(desk, one, name)
    desk.told[one.id].boxes[name] = DOUBTFUL
    return _note(desk, one, "contradicted", "unclear")


def _word_alone(desk: Desk, one: Field, name: str) -> bool:
    says = name if one.kind.value == "yes_no" else str(desk.rng.choice(["yes", "no"]))
    if not _word_beside(desk, one, name, says.upper()):
        return False
    desk.told[one.id].boxes[name] = Content.BESIDE
    return _note(
        desk, one, "written_answer", says if one.kind.value == "yes_no" else {"yes": "yes", "no": "blank"}[says]
    )


def _lone_cross(desk: Desk, one: Field, name: str) -> bool:
    told = desk.told.values()
    ticks = sum(Content.TICKED in each.boxes.values() for each in told)
    crosses = sum(Content.CROSSED in each.boxes.values() for each in told)
    if desk.habit.kind != "tick" or desk.habit.crosses_no or ticks < 4 or crosses:
        return False
    taste, desk.taste = (
        desk.taste,
        replace(desk.taste, bend=0.0, loose=0.05, round=0.1),
    )  # plainly a cross, or it is a tick
    desk.mark(one, "yes" if one.kind.value == "yes_no" else name, "cross")
    desk.taste = taste
    return _note(desk, one, "cross_among_ticks", "unclear")


def _column(desk: Desk, one: Field, name: str) -> bool:
    """One stroke down a column of tick boxes (rule 8)."""
    left = desk.box(one, name)[0]
    column = [each for each in desk.template.on_page(one.page) if each.kind.value == "tick" and not desk.told[each.id].marks
              and abs(desk.box(each, "tick")[0] - left) < 0.5 and desk.box(each, "tick")[1] >= desk.box(one, name)[1]][:4]  # fmt: skip
    tops = [desk.box(each, "tick")[1] for each in column]
    if len(column) < 2 or max(np.diff(tops)) > 13:
        return False
    x = middle(desk.box(one, name))[0]
    points = np.array([[x + desk.rng.normal(0, 0.3), tops[0] - 0.5], [x + desk.rng.normal(0, 0.5), tops[-1] + 4.2]])
    sheet, number = desk.sheets[one.page - 1], 255
    sheet.draw(desk.pulled([Plan(points, (float(desk.rng.normal(0, 0.15)),))]), desk.pen, number)
    rows, columns = np.nonzero(sheet.owner == number)
    nearest = np.argmin(np.abs(rows[:, None] / sheet.px_mm - (np.array(tops) + 1.7)), axis=1)
    sheet.owner[rows, columns] = np.array([desk.numbers[each.id, "tick"] for each in column])[nearest]
    for each in column:
        desk.told[each.id].boxes["tick"] = DOUBTFUL
        desk.told[each.id].marks["tick"] = [desk.numbers[each.id, "tick"]]
        _note(desk, each, "column_stroke", "yes")
    return True


def _tiny(desk: Desk, one: Field, name: str) -> bool:
    desk.mark(one, name, "cross" if desk.habit.kind == "cross" else "tick", float(desk.rng.uniform(1.3, 1.9)))
    return _note(desk, one, "tiny")


def _struck_tick(desk: Desk, one: Field, name: str) -> bool:
    desk.mark(one, name, "tick")
    x, y = middle(desk.box(one, name))
    line = Plan(np.array([[-0.6, desk.rng.normal(0, 0.15)], [0.6, desk.rng.normal(0, 0.15)]]), flick=0.3)
    desk.draw(one, name, at([line], x, y, float(desk.rng.uniform(4.5, 7))))
    desk.told[one.id].boxes[name] = Content.CANCELLED
    return _note(desk, one, "struck_tick", "unclear")


def _word_marked(desk: Desk, one: Field, name: str, how: str) -> bool:
    struck = how == "struck_word"
    word = one.labels.get(_other(name) if struck else name)
    if word is None or desk.is_wide(one):
        return False
    left, top, right, bottom = (value * 25.4 / 72 for value in word)
    wide, high = right - left + 3.0, bottom - top + 2.0
    line = [Plan(np.array([[-0.55, 0.05], [0.55, -0.05]]))]
    plans = line if struck else shapes.a_mark("ring", desk.taste, desk.rng)
    placed = [plan.moved(np.diag([wide, high]), ((left + right) / 2, (top + bottom) / 2)) for plan in plans]
    desk.draw(one, name, placed)
    desk.told[one.id].boxes.update({"yes": Content.BESIDE, "no": Content.BESIDE})
    return _note(desk, one, how, name)


def _twice(desk: Desk, one: Field, name: str) -> bool:
    desk.mark(one, name)
    desk.mark(one, name)
    return _note(desk, one, "double_mark")


def dot(desk: Desk, one: Field, name: str) -> None:
    """A pen that rested in or by a box (rule 7)."""
    left, top, right, bottom = desk.box(one, name)
    x, y = desk.rng.uniform(left - 0.5, right + 0.5), desk.rng.uniform(top - 0.5, bottom + 0.5)
    points = np.array([[x, y], [x + desk.rng.normal(0, 0.2), y + desk.rng.normal(0, 0.2)]])
    pen = replace(desk.pen, width_mm=min(desk.pen.width_mm, 0.6))  # a thick pen's dot is a blob, and that is an answer
    desk.sheets[one.page - 1].draw(desk.pulled([Plan(points)]), pen)
    _note(desk, one, "stray_dot")


Way = Callable[[Desk, Field, str], bool]
WAYS: dict[str, tuple[float, str, Way]] = {
    "corrected": (5, "yes_no", _corrected), "scribbled_out": (2.5, "", _scribbled_out), "both": (1.2, "yes_no", _both),
    "tick_and_cross": (1, "yes_no", _tick_and_cross), "outside": (4, "", _outside), "between": (1.2, "yes_no", _between),
    "question": (1, "", _question), "sign": (2, "", _other_sign), "contradicted": (1, "", _contradicted),
    "word": (1.5, "", _word_alone), "lone_cross": (0.8, "", _lone_cross), "column": (0.4, "tick", _column), "tiny": (2.5, "", _tiny),
    "struck_tick": (1.2, "", _struck_tick), "twice": (1.5, "", _twice),
    "ring_word": (0.8, "yes_no", lambda desk, one, name: _word_marked(desk, one, name, "circled_word")),
    "strike_word": (0.5, "yes_no", lambda desk, one, name: _word_marked(desk, one, name, "struck_word")),
}  # fmt: skip
"""How often against each other, for which kind of field (all where empty), and what is done: false where it cannot be done here."""


def oddly(desk: Desk, one: Field, name: str) -> bool:
    """Answers a field in some odd way; false where nothing was done."""
    ways = [way for _, (_, kind, way) in WAYS.items() if kind in ("", one.kind.value)]
    shares = np.array([share for share, kind, _ in WAYS.values() if kind in ("", one.kind.value)])
    return ways[int(desk.rng.choice(len(ways), p=shares / shares.sum()))](desk, one, name)
