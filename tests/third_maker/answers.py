"""A form filled in from top to bottom: answers, writing, dates and signatures."""

from datetime import date, timedelta

import numpy as np

from forms.geometry import Box
from forms.marks import Content
from forms.template import Field, Kind
from tests.generator.answered import in_mm
from tests.third_maker import odd
from tests.third_maker.people import Person
from tests.third_maker.words import lettered, running, signature, width_of


def fill(who: Person, difficulty: str) -> None:
    """Fills every field that this person fills in. Text is running hand of no words: it is there to be in the way, not to be read."""
    for one in who.template.fields:
        if one.kind.is_mark:
            if not who.told[one.id].marks:
                _answer(who, one, difficulty)
        elif one.kind is Kind.TEXT:
            _text(who, one)
        elif one.kind is Kind.DATE:
            _date(who, one)
        elif who.rng.random() < 0.85:
            left, top, right, bottom = in_mm(one.boxes["area"])
            long, high = (
                float(min(right - left - 3, who.rng.uniform(22, 65))),
                float((bottom - top) * who.rng.uniform(0.4, 0.95)),
            )
            who.draw(one, "area", signature(left + 2, bottom - 0.3 * high, long, high, who.hand, who.rng), who.thin)
            who.told[one.id].value = "present"


def _answer(who: Person, one: Field, difficulty: str) -> None:
    rng, habit = who.rng, who.habit
    name = "tick" if one.kind is Kind.TICK else "yes" if rng.random() < habit.yes else "no"
    blank = rng.random() >= habit.ticks if one.kind is Kind.TICK else rng.random() < habit.leaves
    if rng.random() < odd.RATES[difficulty] and odd.oddly(who, one, name):
        return
    if not blank:
        who.mark(one, name)
    if rng.random() < odd.DOTS[difficulty]:
        odd.dot(who, one, str(rng.choice(list(one.boxes))))


def _text(who: Person, one: Field) -> None:
    rng = who.rng
    owner = next((each for each in who.template.fields if each.kind is Kind.TICK and one.id == f"{each.id}_name"), None)
    ticked = owner is not None and any(content is not Content.EMPTY for content in who.told[owner.id].boxes.values())
    chance = (0.85 if ticked else 0.03) if owner is not None else 0.9 if "name" in one.id else 0.55
    if rng.random() > chance:
        return
    if owner is not None and not ticked:
        who.told[owner.id].flags.append("text_without_tick")
    left, top, right, bottom = in_mm(one.boxes["area"])
    high = float(min((bottom - top) * 0.8, rng.uniform(3.0, 6.5)))
    long = float(min(right - left - 3, rng.uniform(15, 60)))
    if rng.random() < 0.25:
        words = "".join(rng.choice(list("ABDEHJKLMNORSTY"), max(3, int(long / high / 0.9))))
        strokes = lettered(words, left + 1.5, bottom - high * 0.65, 0.7 * high, who.hand, rng)
    else:
        base = bottom - (bottom - top) * float(rng.uniform(0.15, 0.35))
        strokes = running(left + float(rng.uniform(0.5, 3)), base, long - 3, high, who.hand, rng)
    who.draw(one, "area", strokes, who.thin)
    who.told[one.id].value = "…"
    who.told[one.id].flags.append("lost")  # no words: to be left out of any score


def _date(who: Person, one: Field) -> None:
    rng = who.rng
    if rng.random() < 0.08:
        return
    day = date(2004, 1, 1) + timedelta(int(rng.integers(0, 7800)))
    parts = [f"{day.day:02}", f"{day.month:02}", f"{day.year}"]
    told = who.told[one.id]
    told.value, told.raw = day.isoformat(), "/".join(parts)
    if one.comb and len(one.comb) == 8:
        for sign, box in zip("".join(parts), one.comb, strict=True):
            _figures(who, one, sign, in_mm(box))
    elif all(name in one.boxes for name in ("day", "month", "year")):
        for words, name in zip(parts, ("day", "month", "year"), strict=True):
            _figures(who, one, words, in_mm(one.boxes[name]))
    else:
        _figures(who, one, told.raw, in_mm(one.boxes["area"]))


def _figures(who: Person, one: Field, words: str, box: Box) -> None:
    left, top, right, bottom = box
    high = float(np.clip(min((bottom - top) * 0.65, (right - left) / width_of(words, 1.0)), 2.2, 5.0))
    start = (left + right) / 2 - width_of(words, high) / 2
    who.draw(one, "area", lettered(words, start, (top + bottom) / 2, high, who.hand, who.rng), who.thin)
