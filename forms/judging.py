"""What was measured of one page's boxes → its answers. Pure, and the only way from scores to answers.

The reader asks it with what it has just measured, and `rejudge` with what was stored long ago: so both always say the same.
A measured field is its kind and its evidence, in which the scores of a box stand under its name: `yes.inside`, `yes.chance.ticked`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from statistics import median

from forms import answers as rules
from forms import marks
from forms.answers import Answer, Sign
from forms.costs import STANDARD as COSTS
from forms.costs import Costs
from forms.likeness import like_the_rest, pale_throughout
from forms.marks import Judged, Mark
from forms.template import Kind
from forms.thresholds import FAINT_HAND, STANDARD, Thresholds

CHANCE = "chance"
BORDERS = ("limit.", "cost.")
"""How the names begin, in what is kept of a field, of the borders and costs that it was judged by: they were not measured."""
WRITTEN_MM2, UNWRITTEN_MM2 = 2.0, 0.6
"""From how much ink on something is written in a field, and below how much nothing is; between, it may be."""
WORDS_MM2 = 5.0
"""From how much on there are words on the line of a question. A scanner's streak or the page behind left less in 11 of 18 empty lines
that had seemed written on; of 150 with words on them in *develop* and the samples 143 had more."""
Boxes = Mapping[str, Judged]


@dataclass(frozen=True)
class Measured:
    """One field of marks with the scores of its boxes and of the print around it; `beside`: those of its own line for writing, where it has one."""

    kind: Kind
    evidence: Mapping[str, float | str]
    beside: Mapping[str, float | str] | None = None

    @property
    def boxes(self) -> tuple[str, ...]:
        """The names of its boxes."""
        return ("tick",) if self.kind is Kind.TICK else ("yes", "no")

    @property
    def has_chances(self) -> bool:
        """Whether the scorer saw it; readings older than the scorer have ink alone."""
        return any(f".{CHANCE}." in name for name in self.evidence)

    @cached_property
    def _parts(self) -> dict[str, dict[str, float]]:
        parts: dict[str, dict[str, float]] = {}
        for name, value in self.evidence.items():
            if not isinstance(value, str) and not name.startswith(BORDERS):
                start, _, last = name.rpartition(".")
                parts.setdefault(start, {})[last] = float(value)
        return parts

    def part(self, start: str) -> Mapping[str, float]:
        """The numbers whose names are these words, a dot and one more word (`yes`, `yes.chance`), by that word; "" for single words."""
        return self._parts.get(start, {})


def measured_of(evidence: Mapping[str, Mapping[str, float | str]], kinds: Mapping[str, Kind]) -> dict[str, Measured]:
    """The fields of marks among these, by field id, each with what was measured of its own line for writing."""
    return {
        name: Measured(kind, evidence[name], evidence.get(f"{name}{rules.OWN_LINE}"))
        for name, kind in kinds.items()
        if kind.is_mark
    }


def judge_page(
    fields: Mapping[str, Measured], thresholds: Thresholds = STANDARD, costs: Costs = COSTS
) -> dict[str, Answer]:
    """The answers of one page's fields of marks (by field id), with the rules between boxes and between questions."""
    by_ink = _by_ink(fields, thresholds)
    judged = _judged(fields, by_ink, thresholds)
    specky, hidden = _is_specky(fields, thresholds), _hidden(fields, thresholds)
    answered = {
        name: Answer("unclear", True, 0.3, SPECKS)
        if specky or one.part("").get("specks", 0.0) >= thresholds.specks_here
        else _answer(one, judged[name], thresholds, costs, is_hidden=name in hidden)
        for name, one in fields.items()
    }
    answered = rules.third_answers(
        rules.lone_crosses(answered, _signs(judged) if thresholds == STANDARD else signs_of(fields))
    )
    answered = rules.named(answered, {name: _has_words(one.beside) for name, one in fields.items() if one.beside})
    plain = sum(box.mark is Mark.MARKED for boxes in judged.values() for box in boxes.values())
    return rules.barely_visible(answered, _faint(by_ink), plain)


def signs_of(fields: Mapping[str, Measured]) -> dict[str, Sign]:
    """Of each question of a page with one mark, what that mark looks like.

    How a person marks does not hang on how strictly the marks are judged, so this goes by the usual borders.
    """
    return _signs(_judged(fields, _by_ink(fields, STANDARD), STANDARD))


def _signs(judged: Mapping[str, Boxes]) -> dict[str, Sign]:
    found = {}
    for name, boxes in judged.items():
        meant = [(box, one) for box, one in boxes.items() if one.mark is Mark.MARKED or one.filled]
        if len(meant) == 1:
            found[name] = _sign(*meant[0])
    return found


def _sign(box: str, one: Judged) -> Sign:
    if one.cross:
        return Sign.CROSSED_NO if box == "no" else Sign.CROSS
    if one.tick:
        return Sign.TICK
    return Sign.PERHAPS_CROSS if one.perhaps_cross and box != "no" else Sign.OTHER


def _has_words(evidence: Mapping[str, float | str]) -> bool | None:
    """Whether there are words in a field; None where there may be, or a part of the field is cut off."""
    area = evidence.get("area")
    if not isinstance(area, int | float) or not evidence.get("inside_scan", 1.0) or UNWRITTEN_MM2 <= area < WORDS_MM2:
        return None
    return area >= WORDS_MM2


def _judged(
    fields: Mapping[str, Measured], by_ink: Mapping[str, Boxes], thresholds: Thresholds
) -> dict[str, dict[str, Judged]]:
    """Every box by its chances and its ink; by its ink alone where the reading is older than the scorer."""
    by = _by_chances if all(one.has_chances for one in fields.values()) else _by_ink
    if _faint(by_ink) < 2:
        return by(fields, thresholds)
    # Where several marks are faint, a few dots may be all the ink that is left of another.
    return by(fields, replace(thresholds, empty_below=min(thresholds.empty_below, FAINT_HAND.empty_below)))


def _by_chances(fields: Mapping[str, Measured], thresholds: Thresholds) -> dict[str, dict[str, Judged]]:
    seen = {
        (field_id, name): (one.part(f"{name}.{CHANCE}"), one.part(name))
        for field_id, one in fields.items()
        for name in one.boxes
    }
    boxes = {key: marks.weigh(chances, ink, thresholds) for key, (chances, ink) in seen.items()}
    boxes = pale_throughout(boxes, seen, thresholds)
    boxes = marks.dotted_throughout(boxes, seen, limits=thresholds)
    boxes = marks.filled_throughout(boxes, seen, limits=thresholds)
    boxes = marks.unlike_the_rest(boxes, seen, thresholds)
    boxes = marks.told_otherwise(boxes, seen, thresholds)
    boxes = like_the_rest(boxes, seen, thresholds)
    found: dict[str, dict[str, Judged]] = {}
    for (field_id, name), box in boxes.items():
        found.setdefault(field_id, {})[name] = box
    return found


def _by_ink(fields: Mapping[str, Measured], thresholds: Thresholds) -> dict[str, dict[str, Judged]]:
    return {
        field_id: {name: marks.judge(one.part(name), thresholds) for name in one.boxes}
        for field_id, one in fields.items()
    }


def _faint(judged: Mapping[str, Boxes]) -> int:
    """How many boxes hold something too faint or small to take."""
    boxes = [box for field in judged.values() for box in field.values()]
    return sum(box.mark is Mark.UNSURE and "mark in the box" in (box.reason or "") for box in boxes)


SPECKS = "The scan is full of specks here, and marks cannot be told from them. Scan the page again, lighter."


def _is_specky(fields: Mapping[str, Measured], thresholds: Thresholds) -> bool:
    """Whether there are specks around most questions: what is left of grained paper, or of a copy of a copy."""
    found = [one.part("").get("specks", 0.0) for one in fields.values()]
    return bool(found) and median(found) >= thresholds.specks


HIDDEN = "The box itself cannot be seen here. Something may cover it."
WORDS_ELSEWHERE = "The printed words of this question are not where they should be."
FEW_BOXES = 4
"""Fewer boxes on a page do not tell whether its outlines were lost on the way."""
SOME_THERE, MOST_THERE = 0.25, 0.75
"""Where so many of a page's boxes have their outlines, one without any is hidden; and where so many have, one that has lost a part."""


def _hidden(fields: Mapping[str, Measured], thresholds: Thresholds) -> set[str]:
    """The fields of which a box is hidden: its own outline is gone, while others of the page are there.

    Weak toner and a scanner's level lose thin outlines too, but then those of the whole page, and in part. Of 371 boxes that somebody covered on
    generated pages 114 had been taken as they seemed.
    """
    gone = {(name, box): one.part(box).get("gone", 0.0) for name, one in fields.items() for box in one.boxes}
    there = sum(share <= thresholds.outline_there for share in gone.values()) / max(1, len(gone))
    if len(gone) < FEW_BOXES:
        there = 1.0
    least = thresholds.outline_part if there >= MOST_THERE else thresholds.outline_gone if there >= SOME_THERE else inf
    return {name for (name, _), share in gone.items() if share >= least}


def _answer(one: Measured, boxes: Boxes, thresholds: Thresholds, costs: Costs, *, is_hidden: bool) -> Answer:
    scores = one.part("")
    if not scores.get("inside_scan", 1.0):
        return Answer("unclear", True, 0.0, "Part of this question is cut off the scan.")
    if is_hidden:
        return Answer("unclear", True, 0.2, HIDDEN)
    words = min(scores.get("question", 0.0), scores.get("heads", 0.0))
    if (
        scores["fit"] < thresholds.fit and words < thresholds.label_plain
    ):  # marks in the cells of a table hide its lines
        return Answer("unclear", True, 0.2, "The print around this question could not be found clearly.")
    question = scores.get("question", 1.0)
    if not scores.get("worn") and (  # worn words of the blank, with nothing else in their place, say what it says
        min(question, scores.get("heads", 1.0), scores.get("lead", 1.0)) < thresholds.label
        or scores.get("rival", -1.0) > question
    ):
        is_crossed = (
            one.part("words").get("line", 0.0) >= thresholds.long_line
        )  # which spoils the words that it runs over
        return Answer("unclear", True, 0.2, rules.LINE if is_crossed else WORDS_ELSEWHERE)
    answer = rules.tick(boxes["tick"]) if one.kind is Kind.TICK else rules.yes_no(boxes["yes"], boxes["no"], thresholds)
    if one.has_chances:  # only chances mean what they say, and can be weighed against a cost
        answer = rules.priced(answer, costs)
    return rules.with_words(answer, one.part("words"), thresholds)
