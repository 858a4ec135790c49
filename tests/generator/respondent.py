"""Somebody fills in a form: what they mean, how they mark it, and what a careful person would read from the paper.

The truth follows the rules that sample scans are labelled by: a mark that picks one box is an answer; doubt is `unclear`.
Every box also gets the name of what lies in it, for whoever measures single boxes.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from forms.geometry import Box
from forms.marks import Content
from forms.template import Field, Kind, Template
from tests.generator import marks, writing
from tests.generator.answered import MM, WIDE_MM, Answered, in_mm
from tests.generator.marks import Hand
from tests.generator.oddities import RATES, SIGNS, WORSE, Case, odd, write_sign
from tests.generator.paper import Rng
from tests.generator.pens import Kind as PenKind
from tests.generator.pens import Pen, Sheet, a_pen

_STYLES = ["tick", "cross", "slash", "scrawl", "fill", "blob", "letter"]
_STYLE_WEIGHTS = [0.68, 0.17, 0.05, 0.03, 0.03, 0.02, 0.02]
_PENS: list[PenKind] = ["ballpoint", "gel", "roller", "felt", "pencil", "faintpencil", "worn"]
_PEN_WEIGHTS = {
    "clean": [0.60, 0.22, 0.18, 0.0, 0.0, 0.0, 0.0],
    "typical": [0.56, 0.18, 0.14, 0.02, 0.06, 0.01, 0.03],
    "hard": [0.42, 0.12, 0.10, 0.04, 0.14, 0.08, 0.10],
    "adversarial": [0.36, 0.10, 0.10, 0.06, 0.14, 0.12, 0.12],
}


class Respondent:
    """One person with one pen and one form. `sheets` has a sheet for each page of the template."""

    def __init__(
        self, template: Template, sheets: list[Sheet], dpi: float, difficulty: str, fonts: tuple[str, ...], rng: Rng
    ) -> None:
        self._template, self._sheets, self._dpi, self.rng = template, sheets, dpi, rng
        level = "adversarial" if difficulty == "study" else difficulty
        self._events = {name: rate * WORSE[difficulty] for name, rate in RATES.items()}
        shaky = rng.random() < {"clean": 0.0, "typical": 0.06}.get(level, 0.18)
        self.hand: Hand = marks.a_hand(rng, shaky=shaky)
        self.pen: Pen = a_pen(rng, _PENS[int(rng.choice(len(_PENS), p=_PEN_WEIGHTS[level]))])
        plain = level == "clean"
        self.style = (
            str(rng.choice(_STYLES, p=_STYLE_WEIGHTS)) if not plain else ("tick" if rng.random() < 0.85 else "cross")
        )
        self.font = str(rng.choice(fonts))
        self._capitals = rng.random() < 0.35
        self._next = 1
        self.boxes = {
            (one.id, name): (one.page, in_mm(box))
            for one in template.fields
            for name, box in one.boxes.items()
            if one.kind.is_mark
        }

    def fill(self) -> dict[str, Answered]:
        """Fills in every page. Returns what is to be read, by field."""
        found = {one.id: self._mark(one) for one in self._template.fields if one.kind.is_mark}
        self._column(found)
        self._signs(found)
        family = writing.a_name(self.rng).split()[-1]
        signed = writing.a_day(self.rng, date(2023, 1, 9), date(2026, 11, 20))
        for one in self._template.fields:
            match one.kind:
                case Kind.TEXT:
                    found[one.id] = self._text(one, family, found)
                case Kind.DATE:
                    found[one.id] = self._date(one, signed)
                case Kind.SIGNATURE:
                    found[one.id] = self._signature(one)
                case _:
                    pass
        return found

    # Marks.

    def _mark(self, one: Field) -> Answered:
        rng = self.rng
        intent = (
            str(rng.choice(["yes", "no", "blank"], p=[0.62, 0.3, 0.08]))
            if one.kind is Kind.YES_NO
            else str(rng.choice(["yes", "blank"], p=[0.55, 0.45]))
        )
        told = Answered(one.kind, intent, boxes=dict.fromkeys(one.boxes, Content.EMPTY))
        event = next((name for name, rate in self._events.items() if rng.random() < rate), None)
        target = ("tick" if one.kind is Kind.TICK else intent) if intent != "blank" else None
        if event is not None and odd(Case(self, one, told, target), event):
            return told
        if target is not None:
            self.usual(one, target, told)
        return told

    def usual(self, one: Field, target: str, told: Answered, style: str | None = None) -> None:
        """The person's usual mark, or one of another style, in a box."""
        style = style or self.style
        told.boxes[target] = self.in_box(one, target, told, style)
        if style in ("cross", "slash", "blob", "letter"):
            told.flags.append(style)
        if style == "fill":
            told.flags.append("filled")

    def in_box(self, one: Field, name: str, told: Answered, style: str, size: float | None = None) -> Content:
        """A mark in a box; what it then holds."""
        page, (left, top, right, bottom) = self.boxes[one.id, name]
        rng, hand = self.rng, self.hand
        width, height = right - left, bottom - top
        wide = width > WIDE_MM
        usual = hand.size * rng.uniform(0.85, 1.2)
        if not wide and rng.random() < 0.5:
            usual = min(usual, max(width, height) * rng.uniform(0.8, 1.5))
        size = size or usual
        spread = hand.spread * min(width, 5.0) * 0.5
        # In the cell of a table a mark stands anywhere: one person's all to one side.
        lean = hand.lean * width * 0.3 if wide else 0.0
        spread *= 1.6 if wide else 1.0
        x = (left + right) / 2 + float(np.clip(lean + rng.normal(0, spread), -width * 0.42, width * 0.42))
        y = (top + bottom) / 2 + float(np.clip(rng.normal(0, spread * 0.7), -height * 0.35, height * 0.35))
        if style == "fill":
            w, h = (min(width, 6.0), min(height, 5.0))
            strokes = marks.fill(rng, hand, w * rng.uniform(0.85, 1.05), h * rng.uniform(0.8, 1.0))
        elif style == "wild":
            strokes = self._scribble(min(width, 6.0), min(height, 5.5))
        else:
            strokes = marks.STYLES[style](rng, hand, size)
        self.ink(page, strokes, (x, y), told, name)
        return {"cross": Content.CROSSED, "fill": Content.FILLED, "wild": Content.CANCELLED}.get(style, Content.TICKED)

    def _scribble(self, width: float, height: float) -> marks.Strokes:
        if self.rng.random() < 0.35:
            return marks.loops(self.rng, self.hand, max(width, height) * self.rng.uniform(1.1, 1.5))
        return marks.fill(self.rng, self.hand, width * self.rng.uniform(1.0, 1.4), height, wild=True)

    def ink(
        self, page: int, strokes: marks.Strokes, at: tuple[float, float], told: Answered | None = None, name: str = "",
        pen: Pen | None = None,
    ) -> None:  # fmt: skip
        """Strokes around a place in mm, of the person's pen or another; numbered, where they are a mark of a field."""
        number = 0
        if told is not None:
            number = self._next
            self._next += 1
            told.marks.setdefault(name, []).append(number)
        self._sheets[page - 1].draw(strokes, pen or self.pen, number, at)

    def nearest(self, one: Field, name: str) -> tuple[float, float, float]:
        """Direction to the nearest other box, and how far its edge is."""
        page, box = self.boxes[one.id, name]
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        best = (1.0, 0.0, 99.0)
        for (field_id, other), (their_page, there) in self.boxes.items():
            if their_page != page or (field_id, other) == (one.id, name):
                continue
            dx, dy = (there[0] + there[2]) / 2 - x, (there[1] + there[3]) / 2 - y
            if np.hypot(dx, dy) < best[2]:
                best = (dx, dy, float(np.hypot(dx, dy)))
        return best

    def _column(self, found: Mapping[str, Answered]) -> None:
        """Now and then somebody draws one stroke down a column of boxes: it answers each of them."""
        if self.rng.random() > self._events["both_ticked"] * 2:
            return
        columns: dict[tuple[int, int, str], list[tuple[Field, str, Box]]] = {}
        for one in self._template.fields:
            for name, box in one.boxes.items():
                if one.kind.is_mark and found[one.id].value == "blank" and not found[one.id].flags:
                    columns.setdefault((one.page, round(box[0] / 8), name), []).append((one, name, in_mm(box)))
        for (page, _, name), held in columns.items():
            if len(held) >= 3 and held[-1][2][1] - held[0][2][1] < 12 * len(held):
                start, end = held[0][2], held[-1][2]
                x = (start[0] + start[2]) / 2
                way = np.array([[x, start[1] + 0.4], [x + 0.8, (start[1] + end[3]) / 2], [x, end[3] - 0.2]])
                stroke = self._next  # one piece of ink, and the mark of every box that it crosses
                for one, box_name, _ in held:
                    told = found[one.id]
                    told.value, told.flags = ("yes" if name == "tick" else name), ["column_stroke"]
                    told.boxes[box_name] = Content.DOUBTFUL
                    told.marks.setdefault(box_name, []).append(stroke)
                self._next += 1
                self._sheets[page - 1].draw([marks.smooth(way, self.rng, self.hand)], self.pen, stroke, (0, 0))
                return

    def _signs(self, found: Mapping[str, Answered]) -> None:
        """Now and then somebody answers every box of a list, with a tick or with the same sign for no."""
        if self.rng.random() > self._events["other_sign"] * 8:
            return
        sign = str(self.rng.choice(SIGNS))
        for one in self._template.fields:
            if one.kind is Kind.TICK and found[one.id].value == "blank" and not found[one.id].flags:
                write_sign(self, one, "tick", found[one.id], sign)

    # Writing.

    def _write(self, one: Field, text: str, box: Box, height: float, told: list[int]) -> None:
        """Writes a text into a box; the numbers of its ink go to `told`."""
        left, top, _, bottom = in_mm(box)
        width = (box[2] - box[0]) * MM
        ink = writing.written(text, self.font, height, width * 1.02, self._dpi, self.rng)
        sheet, scale = self._sheets[one.page - 1], self._dpi / 25.4
        x = int((left + self.rng.uniform(0, 0.25) * max(0.5, width - ink.shape[1] / scale)) * scale)
        y = int(((top + bottom) / 2 + self.rng.normal(0.3, 0.6)) * scale - ink.shape[0] * 0.55)
        window = sheet.ink[max(0, y) : y + ink.shape[0], max(0, x) : x + ink.shape[1]]
        part = ink[: window.shape[0], : window.shape[1]]
        grain = 1 - self.pen.grain * self.rng.random(part.shape)
        np.maximum(window, np.asarray(part * self.pen.strength * grain, np.uint8), out=window)
        told.append(self._next)
        sheet.owner[max(0, y) : y + ink.shape[0], max(0, x) : x + ink.shape[1]][part > 110] = self._next
        self._next += 1

    def _text(self, one: Field, family: str, found: Mapping[str, Answered]) -> Answered:
        rng = self.rng
        box = one.boxes["area"]
        tick = found.get(one.id.removesuffix("_name"))
        if tick is not None and one.id.endswith("_name") and tick.kind in (Kind.TICK, Kind.YES_NO):
            wanted = tick.value == "yes" or rng.random() < self._events["both_ticked"] * 3
            text = writing.another(rng) if wanted and rng.random() < 0.93 else None
            if text and tick.value == "blank":
                tick.flags.append("text_without_tick")
        elif "name" in one.id:
            text = writing.a_name(rng, family)
        else:
            text = writing.another(rng) if rng.random() < 0.7 else None
        if text is None:
            return Answered(one.kind, None)
        text = text.upper() if self._capitals else text
        numbers: list[int] = []
        self._write(one, text, box, min(7.0, (box[3] - box[1]) * MM * rng.uniform(0.6, 0.95)), numbers)
        return Answered(one.kind, text, ["capitals"] if self._capitals else [], marks={"area": numbers})

    def _date(self, one: Field, signed: date) -> Answered:
        rng = self.rng
        birth = "birth" in one.id
        day = signed - timedelta(days=int(rng.integers(3 * 365, 22 * 365))) if birth else signed
        box = one.boxes["area"]
        numbers: list[int] = []
        if one.comb:
            figures = f"{day:%d%m%Y}"
            for figure, place in zip(figures, one.comb, strict=True):
                self._write(one, figure, place, min(7.0, (place[3] - place[1]) * MM * rng.uniform(0.55, 0.85)), numbers)
            return Answered(one.kind, day.isoformat(), raw=f"{day:%d/%m/%Y}", marks={"area": numbers})
        short = rng.random() < 0.15
        year = f"{day:%y}" if short else f"{day:%Y}"
        height = min(6.5, (box[3] - box[1]) * MM * rng.uniform(0.55, 0.85))
        if rng.random() < 0.7:
            for name, text in (("day", f"{day:%d}"), ("month", f"{day:%m}"), ("year", year)):
                self._write(one, text, one.boxes[name], height, numbers)
        else:
            lead = str(rng.choice(["{0.day}", "{0.day:02d}"])).format(day)
            self._write(one, f"{lead}{rng.choice(['/', '.', '-'])}{day:%m}/{year}", box, height, numbers)
        return Answered(one.kind, day.isoformat(), raw=f"{day:%d/%m/}{year}", marks={"area": numbers})

    def _signature(self, one: Field) -> Answered:
        rng = self.rng
        if rng.random() < 0.06:
            return Answered(one.kind, "absent")
        left, top, right, bottom = in_mm(one.boxes["area"])
        width = min(right - left, rng.uniform(25, 60))
        strokes = marks.signature(rng, self.hand, width, (bottom - top) * rng.uniform(0.4, 0.8))
        told = Answered(one.kind, "present")
        self.ink(one.page, strokes, (left + width / 2 + rng.uniform(0, 6), (top + bottom) / 2), told, "area")
        return told


# Any: a line of a truth file.
def as_truth(found: Mapping[str, Answered]) -> dict[str, dict[str, Any]]:
    """The fields as a line of `truth.jsonl` has them."""
    return {
        name: {"kind": one.kind.value, "value": one.value, "flags": list(one.flags)}
        | ({"raw": one.raw} if one.kind is Kind.DATE else {})
        for name, one in found.items()
    }
