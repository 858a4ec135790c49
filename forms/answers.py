"""Marks of one question → its answer, and the rules between boxes and questions (R23). Pure. Doubt is never the likelier answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from forms.costs import STANDARD as COSTS
from forms.costs import Costs, worth_taking
from forms.marks import Judged, Mark
from forms.thresholds import STANDARD, Thresholds

WRITING = "There is writing or a line over the words of this question."
STRUCK = "The printed words of this question, or its Yes or No, seem to be struck out."
LINE = "A long line runs over this question. It may be crossed out."
LINKED = "A line or an arrow runs from this question to another. It may move or join answers."
IN_THE_GAP = "There is a mark above or below this box, between two questions. It may be meant for this one."
IN_ITS_ROW = "Something is written in the row of this question, beside its boxes."


@dataclass(frozen=True)
class Answer:
    """`yes`, `no`, `blank` or `unclear`; whether a person must look, why, and how sure.

    `guess` is what would have been taken had it been surer: evidence for whoever moves a border, never shown as an answer.
    """

    value: str
    review: bool
    confidence: float
    reason: str | None
    guess: str | None = None


def yes_no(yes: Judged, no: Judged, limits: Thresholds = STANDARD) -> Answer:
    """The answer of a Yes/No pair."""
    match yes.mark, no.mark:
        case (Mark.MARKED, Mark.EMPTY):
            return Answer("yes", False, _beside_an_empty(yes, no, limits), None)
        case (Mark.EMPTY, Mark.MARKED):
            return Answer("no", False, _beside_an_empty(no, yes, limits), None)
        case (Mark.EMPTY, Mark.EMPTY):
            return Answer("blank", False, yes.confidence * no.confidence, None)
        case (Mark.MARKED, Mark.MARKED):
            return Answer("unclear", True, 0.5, "Both boxes have marks.")
        case (Mark.SOLID, Mark.MARKED | Mark.SOLID) | (Mark.MARKED, Mark.SOLID):
            return Answer("unclear", True, 0.5, "Both boxes have marks. One looks scribbled out.")
        case (Mark.EMPTY | Mark.UNSURE, Mark.SOLID | Mark.UNSURE) | (
            Mark.SOLID | Mark.UNSURE,
            Mark.EMPTY | Mark.UNSURE,
        ):
            return Answer("unclear", True, 0.5, yes.reason or no.reason)
        case (Mark.MARKED, Mark.UNSURE) | (Mark.UNSURE, Mark.MARKED):
            return Answer("unclear", True, 0.5, yes.reason or no.reason or "Both boxes have marks.")
        case _:
            raise AssertionError(f"unhandled marks: {yes.mark}, {no.mark}")


def _beside_an_empty(marked: Judged, empty: Judged, limits: Thresholds) -> float:
    """How sure the answer is of a pair with a mark in one box: the plainer this mark, the less a dot in the other one matters."""
    if marked.confidence < limits.plain_mark or empty.rival is None:
        return marked.confidence * empty.confidence
    return marked.confidence * max(empty.confidence, 1 - empty.rival)


def tick(box: Judged) -> Answer:
    """The answer of a box where only a mark means anything."""
    match box.mark:
        case Mark.MARKED:
            return Answer("yes", False, box.confidence, None)
        case Mark.EMPTY:
            return Answer("blank", False, box.confidence, None)
        case Mark.UNSURE | Mark.SOLID:
            return Answer("unclear", True, 0.5, box.reason)
        case _:
            raise AssertionError(f"unhandled mark: {box.mark}")


UNSURE = {
    "yes": "This looks like a mark, but not clearly enough.",
    "no": "This looks like a No, but not clearly enough.",
    "blank": "This looks empty, but there may be something in it.",
}


def priced(answer: Answer, costs: Costs = COSTS) -> Answer:
    """The answer, put to a person where its mistakes would cost more than the question."""
    if answer.review or worth_taking(answer.value, answer.confidence, costs):
        return answer
    return Answer("unclear", True, answer.confidence, UNSURE[answer.value], answer.value)


def with_words(answer: Answer, words: Mapping[str, float], limits: Thresholds = STANDARD) -> Answer:
    """A word ringed or struck through, writing over the question or a long line over its boxes is for a person: it may turn the answer round.

    `words`: mm² of ink by what it lies over, under `line` the length in centimetres of the longest line over the boxes, under
    `linked` the height in millimetres of a stroke that runs on to another question, under `struck` 1 where printed words are struck
    out, and under `gap` the mm² of a mark between this question's boxes and the next ones, which only says something where no box is marked.
    """
    if words.get("line", 0.0) >= limits.long_line:
        return Answer("unclear" if answer.value == "blank" else answer.value, True, 0.5, LINE)
    if words.get("linked", 0.0) >= limits.linked:
        return Answer("unclear" if answer.value == "blank" else answer.value, True, 0.5, answer.reason or LINKED)
    if words.get("struck", 0.0) >= limits.struck:
        return Answer("unclear" if answer.value == "blank" else answer.value, True, 0.5, answer.reason or STRUCK)
    if words.get("gap", 0.0) >= limits.in_the_gap and answer.value == "blank" and not answer.review:
        return Answer("unclear", True, 0.5, IN_THE_GAP, answer.value)
    over = [
        name for name, ink in words.items() if name not in ("line", "linked", "struck", "gap") and ink >= limits.words
    ]
    if over:
        reason = answer.reason or (IN_ITS_ROW if over == ["row"] else WRITING)
        return Answer("unclear" if answer.value == "blank" else answer.value, True, 0.5, reason)
    return answer


CROSS_AMONG_TICKS = "This mark is a cross; others on the form are ticks. A cross may mean no."
PERHAPS_CROSS = "This mark may be a cross; others on the form are ticks. A cross may mean no."
TICKS_TO_COMPARE, TICKS_SHARE = 2, 0.2
"""From so many plain ticks on, and from such a share of the marks that say yes, a writer is one who ticks: one tick among crosses is a cross in a hurry."""
PLAIN_TICKS = 4
"""From so many plain ticks on, a mark that may be a cross is no tick in a hurry: this writer's ticks are plain. Of 3,853 answers of *develop*, the second
maker and the samples it asks about four, of which three are letters."""


class Sign(StrEnum):
    """What the one mark of a question looks like: a cross that would say yes, one that says no, plainly a tick in any box, or anything else.

    Perhaps a cross is what looks more like a tick, but not plainly, and would say yes.
    """

    CROSS = "cross"
    CROSSED_NO = "crossed no"
    TICK = "tick"
    PERHAPS_CROSS = "perhaps a cross"
    OTHER = "other"


def lone_crosses(answers: Mapping[str, Answer], signs: Mapping[str, Sign]) -> dict[str, Answer]:
    """A cross among ticks or filled boxes may mean no: it is asked about where it says yes and the writer marks otherwise as well.

    Few crosses among any other marks; and however many among plain ticks: who agrees to three things and crosses the other five out sets
    more crosses than ticks. How a person marks is seen from all marks, also from those that are asked about for another reason; but a cross
    in a No box, which says the same either way, is no sign of somebody who crosses for yes. What only may be a cross is asked about among plain
    ticks alone.
    """
    crossed = [field for field, sign in signs.items() if sign is Sign.CROSS]
    crosses = len(crossed) + sum(sign is Sign.CROSSED_NO for sign in signs.values())
    ticks = sum(sign is Sign.TICK for sign in signs.values())
    saying_yes = len(signs) - crosses + len(crossed)
    few = crosses <= len(signs) // 3 and len(signs) - crosses >= TICKS_TO_COMPARE
    writes_ticks = ticks >= max(TICKS_TO_COMPARE, TICKS_SHARE * saying_yes)
    asked = dict.fromkeys(crossed, CROSS_AMONG_TICKS) if few or writes_ticks else {}
    if writes_ticks and ticks >= PLAIN_TICKS:
        asked |= {field: PERHAPS_CROSS for field, sign in signs.items() if sign is Sign.PERHAPS_CROSS}
    changed = dict(answers)
    for field, reason in asked.items():
        if answers[field].value == "yes" and not answers[field].review:
            changed[field] = Answer("yes", True, 0.5, reason)
    return changed


THIRD = ("not_sure", "not_applicable", "no_answer")
"""How the id of a tick ends that is a third answer to the question whose id it begins with."""
ALSO_THIRD = "Another answer to this question is marked too."


def third_answers(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """A Yes or No beside which "Not sure" or "N/A" is marked as well, or may be, is asked about: it may have been taken back."""
    changed = dict(answers)
    for field, answer in answers.items():
        marked = any(answers[f"{field}_{end}"].value != "blank" for end in THIRD if f"{field}_{end}" in answers)
        if marked and answer.value in ("yes", "no") and not answer.review:
            changed[field] = Answer("unclear", True, 0.5, ALSO_THIRD, answer.value)
    return changed


OWN_LINE = "_name"
"""How the id of a field of writing ends that says whom or what the box is for whose id it begins with: "Other (specify)"."""
NOT_NAMED = "This is marked, but nothing is written beside it."
NOT_MARKED = "Something is written beside this, but it is not marked."


def named(answers: Mapping[str, Answer], written: Mapping[str, bool | None]) -> dict[str, Answer]:
    """A mark at "Other" without words says nothing of anybody, and words without a mark may be one that was forgotten or lost (F20).

    `written`: of each question with a line of its own, whether something is written there; None where that cannot be told.
    """
    changed = dict(answers)
    for field, words in written.items():
        answer = answers[field]
        if answer.value == "yes" and not answer.review and words is False:
            changed[field] = Answer("yes", True, 0.5, NOT_NAMED)
        elif answer.value == "blank" and not answer.review and words:
            changed[field] = Answer("unclear", True, 0.5, NOT_MARKED, answer.value)
    return changed


BARELY = "The other marks on this page are barely visible. Look whether this is really empty."


def barely_visible(answers: Mapping[str, Answer], faint: int, plain: int) -> dict[str, Answer]:
    """Where most marks of a page hardly came through the scanner, an empty box may have lost its own.

    `faint`: boxes of the page with something too faint or small to take; `plain`: boxes that are plainly marked.
    """
    if faint < 4 or faint <= plain:
        return dict(answers)
    return {
        field: Answer("unclear", True, 0.4, BARELY) if answer.value == "blank" and not answer.review else answer
        for field, answer in answers.items()
    }
