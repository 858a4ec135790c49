"""Judges a stored reading again with other thresholds, without the image. Pure.

Every reading keeps what was measured of each box. So a border can be moved, and what it would have changed can be told for all that
was read before. Only the answers of mark boxes depend on these borders; names, dates and signatures stay as they were read.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace

from forms import answers as rules
from forms import marks
from forms.answers import Answer
from forms.marks import FAINT_HAND, STANDARD, Judged, Mark, Thresholds
from forms.results import FieldReading, FormReading
from forms.template import Field, Kind, Template

WORDS_FOUND_AT = 0.86
"""As in `forms.edition`, which needs an image library; a test holds the two together."""

Boxes = Mapping[str, Judged]


def judge_again(reading: FormReading, template: Template, thresholds: Thresholds = STANDARD) -> FormReading:
    """What would be answered now. The evidence of the result names the borders given here.

    `template`: the edition that the reading is of; raises ValueError for another. A field without scores (a typed form, a page
    that was missing, one cut off) stays as it is: no border decides it.
    """
    if (reading.form, reading.edition) != (template.id, template.edition):
        raise ValueError("the template is not that of the reading")
    fields = dict(reading.fields)
    for number in range(1, len(template.pages) + 1):
        stored = {
            one.id: reading.fields[one.id]
            for one in template.on_page(number)
            if one.id in reading.fields and _is_judged(one, reading.fields[one.id])
        }
        for field_id, answer in _page(stored, thresholds).items():
            fields[field_id] = _answered(stored[field_id], answer, thresholds)
    return replace(reading, fields=fields)


def _is_judged(field: Field, stored: FieldReading) -> bool:
    cut_off = stored.review and stored.confidence == 0.0  # said of nothing else, and no score tells it
    return field.kind.is_mark and not cut_off and all(f"{name}.inside" in stored.evidence for name in field.boxes)


def _page(stored: Mapping[str, FieldReading], thresholds: Thresholds) -> dict[str, Answer]:
    """The answers of one page's fields, with the rules between them, in the order in which they were first applied."""
    judged = _judged(stored, thresholds)
    answered = {name: _answer(one, judged[name], thresholds) for name, one in stored.items()}
    crosses = {
        name: next(box.cross for box in boxes.values() if box.mark is Mark.MARKED)
        for name, boxes in judged.items()
        if sum(box.mark is Mark.MARKED for box in boxes.values()) == 1
    }
    answered = rules.lone_crosses(answered, crosses)
    plain = sum(box.mark is Mark.MARKED for boxes in judged.values() for box in boxes.values())
    return rules.barely_visible(answered, _faint(judged), plain)


def _judged(stored: Mapping[str, FieldReading], thresholds: Thresholds) -> dict[str, dict[str, Judged]]:
    """Every box by its ink. Where several marks are faint, a few dots may be all that is left of another."""
    judged = _by_ink(stored, thresholds)
    if _faint(judged) < 2:
        return judged
    return _by_ink(stored, replace(thresholds, empty_below=min(thresholds.empty_below, FAINT_HAND.empty_below)))


def _by_ink(stored: Mapping[str, FieldReading], thresholds: Thresholds) -> dict[str, dict[str, Judged]]:
    return {
        field_id: {
            name: marks.judge(_part(one, f"{name}."), thresholds)
            for name in (("tick",) if one.kind is Kind.TICK else ("yes", "no"))
        }
        for field_id, one in stored.items()
    }


def _faint(judged: Mapping[str, Boxes]) -> int:
    """How many boxes hold something too faint or small to take."""
    boxes = [box for field in judged.values() for box in field.values()]
    return sum(box.mark is Mark.UNSURE and "mark in the box" in (box.reason or "") for box in boxes)


def _answer(stored: FieldReading, boxes: Boxes, thresholds: Thresholds) -> Answer:
    scores = _part(stored, "")
    if scores["fit"] < thresholds.fit:
        return Answer("unclear", True, 0.2, "The print around this question could not be found clearly.")
    if min(scores.get("question", 1.0), scores.get("heads", 1.0)) < WORDS_FOUND_AT:
        return Answer("unclear", True, 0.2, "The printed words of this question are not where they should be.")
    answer = rules.tick(boxes["tick"]) if stored.kind is Kind.TICK else rules.yes_no(boxes["yes"], boxes["no"])
    return rules.with_words(answer, _part(stored, "words."), thresholds)


def _part(stored: FieldReading, start: str) -> dict[str, float]:
    """The numbers of the evidence whose names begin so, without that beginning; deeper names are left out."""
    return {
        name.removeprefix(start): float(value)
        for name, value in stored.evidence.items()
        if name.startswith(start) and "." not in name.removeprefix(start) and not isinstance(value, str)
    }


def _answered(stored: FieldReading, answer: Answer, thresholds: Thresholds) -> FieldReading:
    borders: dict[str, float | str] = {f"limit.{name}": float(value) for name, value in asdict(thresholds).items()}
    return replace(
        stored, value=answer.value or None, review=answer.review, confidence=round(answer.confidence, 4),
        reason=answer.reason, evidence={**stored.evidence, **borders},
    )  # fmt: skip
