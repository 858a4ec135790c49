"""What was measured of one page's boxes becomes its answers: the rules that look at a whole page."""

from dataclasses import fields

import pytest

from forms.answers import CROSS_AMONG_TICKS
from forms.ink import BoxInk
from forms.judging import Measured, judge_page
from forms.marks import Content
from forms.template import Kind

NO_INK = {one.name: 0.0 for one in fields(BoxInk)}
A_MARK = NO_INK | {"inside": 2.0, "total": 2.5, "extent": 4.0, "density": 0.2}


def box(name: str, content: Content) -> dict[str, float]:
    """The evidence of one box that surely holds this."""
    rest = 0.0001 / (len(Content) - 1)
    ink = NO_INK if content is Content.EMPTY else A_MARK
    chances = {f"{name}.chance.{one}": 0.9999 if one is content else rest for one in Content}
    return {f"{name}.{score}": value for score, value in ink.items()} | chances


def page(**marks: str) -> dict[str, Measured]:
    """Fields by what is drawn in them: `tick`, `cross` in a single box; `yes tick`, `no cross` in one of a pair; `none` in a single box,
    `hurried`, a mark that is a tick or a cross."""
    drawn = {"tick": Content.TICKED, "cross": Content.CROSSED, "none": Content.EMPTY, "hurried": Content.TICKED}
    found = {}
    for field, what in marks.items():
        side, _, shape = what.rpartition(" ")
        boxes = {"yes", "no"} if side else {"tick"}
        evidence: dict[str, float | str] = {"fit": 1.0}
        for name in boxes:
            evidence |= box(name, drawn[shape] if name in ("tick", side) else Content.EMPTY)
        if shape == "hurried":
            evidence |= {"tick.chance.ticked": 0.8, "tick.chance.crossed": 0.1999}
        found[field] = Measured(Kind.YES_NO if side else Kind.TICK, evidence)
    return found


CROSSES = [
    ("one cross among ticks", ["tick", "tick", "cross"], {2}),
    ("as many crosses as ticks", ["tick", "tick", "cross", "cross"], {2, 3}),
    ("more crosses than ticks", ["tick", "tick", "cross", "cross", "cross", "cross"], {2, 3, 4, 5}),
    ("ticks in Yes, crosses in No", ["yes tick", "yes tick", "no cross", "no cross", "no cross"], set()),
    ("the same, and a cross in a single box", ["yes tick", "yes tick", "no cross", "no cross", "cross"], {4}),
    ("crosses in the Yes column among ticks there", ["yes tick", "yes cross", "yes tick", "yes cross"], {1, 3}),
    ("ticks in No, one cross in Yes", ["no tick", "no tick", "no tick", "yes cross"], {3}),
    ("crosses throughout", ["cross", "cross", "yes cross", "no cross"], set()),
    ("crosses, and one tick", ["cross", "cross", "yes cross", "tick"], set()),
    ("crosses, two of which may be ticks", ["cross", "cross", "yes cross", "cross", "hurried", "hurried"], set()),
]


@pytest.mark.parametrize(("marks", "asked"), [row[1:] for row in CROSSES], ids=[row[0] for row in CROSSES])
def test_a_cross_that_would_say_yes_is_asked_about_where_the_writer_ticks(marks: list[str], asked: set[int]) -> None:
    answers = judge_page(page(**{f"f{n}": what for n, what in enumerate(marks)}))
    assert {n for n in range(len(marks)) if answers[f"f{n}"].review} == asked
    assert {answers[f"f{n}"].reason for n in asked} <= {CROSS_AMONG_TICKS}


def test_the_borders_that_are_kept_beside_the_scores_are_no_scores() -> None:
    marks = page(a="tick", b="cross", c="tick", d="none")
    kept = {
        name: Measured(one.kind, {**one.evidence, "limit.specks_here": 1.0, "cost.false_yes": 2.0})
        for name, one in marks.items()
    }
    assert judge_page(kept) == judge_page(marks)
    assert not kept["a"].part("limit")
    assert kept["a"].part("tick") == marks["a"].part("tick")
