"""What was measured of one page's boxes becomes its answers: the rules that look at a whole page."""

from dataclasses import fields

import pytest

from forms.answers import CROSS_AMONG_TICKS
from forms.ink import BoxInk
from forms.judging import Measured, judge_page
from forms.marks import Content
from forms.template import Kind
from forms.thresholds import STANDARD

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


def with_scores(one: Measured, **scores: float) -> Measured:
    return Measured(one.kind, {**one.evidence, **{name.replace("__", "."): value for name, value in scores.items()}})


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ({"fit": STANDARD.fit}, None),
        ({"fit": STANDARD.fit - 0.01}, "could not be found clearly"),
        ({"fit": 0.1, "question": STANDARD.label_plain, "heads": STANDARD.label_plain}, None),
        ({"fit": 0.1, "question": STANDARD.label_plain - 0.01, "heads": 1.0}, "could not be found clearly"),
        ({"question": STANDARD.label - 0.01}, "not where they should be"),
        ({"lead": STANDARD.label - 0.01}, "not where they should be"),
        ({"question": 0.8, "rival": 0.81}, "not where they should be"),
        ({"question": STANDARD.label - 0.01, "words__line": STANDARD.long_line}, "A long line runs over"),
        ({"specks": STANDARD.specks_here}, "full of specks here"),
        ({"inside_scan": 0.0}, "cut off the scan"),
    ],
)
def test_a_question_whose_print_cannot_be_relied_on_is_asked_about(
    scores: dict[str, float], reason: str | None
) -> None:
    """Marks in the cells of a table hide its lines: there the words are enough. And one question's trouble is no other's."""
    marks = page(a="yes tick", b="yes tick", c="yes tick")
    answers = judge_page({**marks, "b": with_scores(marks["b"], **scores)})
    assert not answers["a"].review and not answers["c"].review
    assert (reason is None and not answers["b"].review) or (reason or "-") in (answers["b"].reason or "")


@pytest.mark.parametrize(
    ("area", "asked"), [(0.0, True), (0.59, True), (0.6, False), (4.99, False), (5.0, False), (None, False)]
)
def test_a_tick_at_other_is_asked_about_where_surely_nothing_is_written_beside_it(
    area: float | None, asked: bool
) -> None:
    one = page(a="tick")["a"]
    beside: dict[str, float | str] = {} if area is None else {"area": area}
    answer = judge_page({"a": Measured(one.kind, one.evidence, beside or {"fit": 1.0})})["a"]
    assert answer.review is asked


@pytest.mark.parametrize(("area", "asked"), [(0.0, False), (4.99, False), (5.0, True)])
def test_words_beside_an_unmarked_other_are_asked_about_from_so_much_ink_on(area: float, asked: bool) -> None:
    one = page(a="none")["a"]
    assert judge_page({"a": Measured(one.kind, one.evidence, {"area": area})})["a"].review is asked


@pytest.mark.parametrize(("faint", "asked"), [(1, False), (2, True)])
def test_a_few_dots_are_not_called_empty_where_two_marks_of_the_page_are_faint(faint: int, asked: bool) -> None:
    """They may be all the ink that is left of another mark."""
    marks = page(**{f"f{n}": "tick" for n in range(faint)}, dots="none")
    dots = {"inside": 0.1, "total": 0.1, "extent": 2.0}
    few = {f"tick__{name}": value for name, value in (dots | {"inside": 0.3, "total": 0.3}).items()}
    judged = {name: with_scores(one, **few) for name, one in marks.items() if name != "dots"}
    lone = with_scores(marks["dots"], **{f"tick__{name}": value for name, value in dots.items()})
    lone = Measured(lone.kind, {name: value for name, value in lone.evidence.items() if "chance" not in name})
    judged = {
        name: Measured(one.kind, {key: value for key, value in one.evidence.items() if "chance" not in key})
        for name, one in judged.items()
    }
    assert judge_page({**judged, "dots": lone})["dots"].review is asked


def test_the_borders_that_are_kept_beside_the_scores_are_no_scores() -> None:
    marks = page(a="tick", b="cross", c="tick", d="none")
    kept = {
        name: Measured(one.kind, {**one.evidence, "limit.specks_here": 1.0, "cost.false_yes": 2.0})
        for name, one in marks.items()
    }
    assert judge_page(kept) == judge_page(marks)
    assert not kept["a"].part("limit")
    assert kept["a"].part("tick") == marks["a"].part("tick")
