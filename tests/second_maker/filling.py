"""A form filled in from top to bottom: answers, writing, dates and signatures."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from forms.geometry import Box
from forms.marks import Content
from forms.template import Field, Kind
from tests.generator.answered import in_mm
from tests.second_maker import odd
from tests.second_maker.lettering import running, signature, written
from tests.second_maker.motor import Plan
from tests.second_maker.writer import Desk

DOTS = {"clean": 0.004, "typical": 0.012, "hard": 0.03}


THICK_MM = 1.1
"""Nobody writes a name with a pen as thick as this who has another."""


def _written(desk: Desk, one: Field, plans: Sequence[Plan]) -> None:
    pen = desk.pen
    desk.draw(one, "area", plans, replace(pen, width_mm=0.45, bleed_mm=0.02) if pen.width_mm > THICK_MM else pen)


def fill(desk: Desk, difficulty: str) -> None:
    """Fills every field that this person fills in. Text is running writing of no words: it is there to be in the way, not to be read."""
    for one in desk.template.fields:
        if one.kind.is_mark:
            if not desk.told[one.id].marks:
                _answer(desk, one, difficulty)
        elif one.kind is Kind.TEXT:
            _text(desk, one)
        elif one.kind is Kind.DATE:
            _date(desk, one)
        elif desk.rng.random() < 0.85:
            left, top, right, bottom = in_mm(one.boxes["area"])
            long = float(min(right - left, desk.rng.uniform(25, 70)))
            high = float((bottom - top) * desk.rng.uniform(0.4, 1.0))
            _written(desk, one, signature(left + 2, bottom - 0.25 * high, long, high, desk.rng))
            desk.told[one.id].value = "present"
        else:
            desk.told[one.id].value = "absent"


def _answer(desk: Desk, one: Field, difficulty: str) -> None:
    rng, habit = desk.rng, desk.habit
    name = "tick"
    if one.kind is Kind.YES_NO:
        name = "yes" if rng.random() < habit.yes else "no"
    blank = rng.random() >= habit.ticks if one.kind is Kind.TICK else rng.random() < habit.leaves
    if rng.random() < odd.RATES[difficulty] and odd.oddly(desk, one, name):
        return
    if not blank:
        desk.mark(one, name)
    if rng.random() < DOTS[difficulty]:
        odd.dot(desk, one, str(rng.choice(list(one.boxes))))


def _text(desk: Desk, one: Field) -> None:
    rng = desk.rng
    owner = next(
        (each for each in desk.template.fields if each.kind is Kind.TICK and one.id == f"{each.id}_name"), None
    )
    ticked = owner is not None and any(content is not Content.EMPTY for content in desk.told[owner.id].boxes.values())
    chance = (0.85 if ticked else 0.03) if owner is not None else 0.9 if "name" in one.id else 0.6
    if rng.random() > chance:
        return
    if owner is not None and not ticked:
        desk.told[owner.id].flags.append("text_without_tick")
    left, top, right, bottom = in_mm(one.boxes["area"])
    high = float(min((bottom - top) * 0.75, rng.uniform(3.0, 6.0)))
    base = bottom - (bottom - top) * rng.uniform(0.12, 0.35)
    long = float(min(right - left - 2, rng.uniform(18, 60)))
    if rng.random() < 0.3:
        words = "".join(rng.choice(list("ABEJKLMNORSTY"), max(3, int(long / high / 0.9))))
        _written(desk, one, written(words, left + 1.5, base - 0.7 * high, 0.7 * high, rng))
    else:
        _written(desk, one, running(left + rng.uniform(0, 3), base, long, high, rng))
    desk.told[one.id].value = "…"
    desk.told[one.id].flags.append("lost")  # no words: to be left out of any score


def _date(desk: Desk, one: Field) -> None:
    rng = desk.rng
    if rng.random() < 0.08:
        return
    day = date(2004, 1, 1) + timedelta(int(rng.integers(0, 7800)))
    parts = [f"{day.day:02}", f"{day.month:02}", f"{day.year}"]
    told = desk.told[one.id]
    told.value, told.raw = day.isoformat(), "/".join(parts)
    if one.comb and len(one.comb) == 8:
        for sign, box in zip("".join(parts), one.comb, strict=True):
            _figures(desk, one, sign, in_mm(box))
    elif all(name in one.boxes for name in ("day", "month", "year")):
        for words, name in zip(parts, ("day", "month", "year"), strict=True):
            _figures(desk, one, words, in_mm(one.boxes[name]))
    else:
        _figures(desk, one, told.raw, in_mm(one.boxes["area"]))


def _figures(desk: Desk, one: Field, words: str, box: Box) -> None:
    left, top, right, bottom = box
    high = float(np.clip(min((bottom - top) * 0.62, (right - left) / len(words) / 0.85), 2.2, 5.5))
    start = (left + right) / 2 - 0.4 * high * len(words)
    _written(desk, one, written(words, start, (top + bottom) / 2 - high / 2, high, desk.rng))
