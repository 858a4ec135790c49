"""Scores of one box to a mark, row by row, and that no score between two borders passes for a plain answer."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.ink import BoxInk
from forms.marks import Mark, judge
from forms.thresholds import FAINT_HAND, STANDARD

NOTHING = {one.name: 0.0 for one in fields(BoxInk)}
TICK = NOTHING | {
    "inside": 2.0, "extent": 4.0, "density": 0.2, "crossing": 0.05, "faint": 0.1, "reach": 0.2, "filled": 0.15, "total": 2.5,
}  # fmt: skip

TABLE = [
    ("nothing", NOTHING, Mark.EMPTY),
    ("dust", NOTHING | {"inside": 0.1, "extent": 0.4, "total": 0.1}, Mark.EMPTY),
    ("a plain tick", TICK, Mark.MARKED),
    ("a plain cross", TICK | {"crossing": 0.8}, Mark.MARKED),
    ("a tick mostly outside of its box", TICK | {"inside": 0.5, "reach": 0.6, "total": 1.4}, Mark.MARKED),
    ("the end of a long stroke", TICK | {"inside": 0.3, "reach": 0.9, "total": 3.0}, Mark.UNSURE),
    ("a dot", NOTHING | {"inside": 0.4, "extent": 0.8, "total": 0.4}, Mark.UNSURE),
    ("a short blot", TICK | {"extent": 1.2}, Mark.UNSURE),
    ("a faint small mark", TICK | {"inside": 0.9, "total": 0.9, "faint": 0.95}, Mark.UNSURE),
    ("filled solid", TICK | {"inside": 8.0, "density": 0.8, "filled": 0.8, "total": 8.0}, Mark.SOLID),
    ("scribbled over the whole box", TICK | {"inside": 5.0, "filled": 0.5, "total": 9.0}, Mark.SOLID),
    ("a question mark", TICK | {"hooked": 0.9, "reach": 0.0}, Mark.UNSURE),
    ("a mark along the edge", TICK | {"off_centre": 0.9}, Mark.UNSURE),
    ("a tick with writing beside it", TICK | {"around": 1.0}, Mark.UNSURE),
    ("writing beside an empty box", NOTHING | {"around": 1.0}, Mark.UNSURE),
    ("the tail of the next box's mark", NOTHING | {"foreign": 0.6, "tail": 0.5}, Mark.UNSURE),
    ("a touch of the next box's mark", NOTHING | {"foreign": 0.1, "tail": 0.05}, Mark.EMPTY),
    ("its own tick and another's tail", TICK | {"foreign": 0.6, "tail": 0.5}, Mark.UNSURE),
]


@pytest.mark.parametrize(("ink", "mark"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_mark(ink: dict[str, float], mark: Mark) -> None:
    found = judge(ink)
    assert found.mark is mark
    assert bool(found.reason) is (mark in (Mark.UNSURE, Mark.SOLID))


def test_a_cross_is_known_as_one() -> None:
    assert judge(TICK | {"crossing": 0.8}).cross
    assert not judge(TICK).cross


def test_a_faint_hand_leaves_less_for_empty() -> None:
    dots = NOTHING | {"inside": 0.1, "extent": 1.0, "total": 0.1, "faint": 1.0}
    assert judge(dots, STANDARD).mark is Mark.EMPTY
    assert judge(dots, FAINT_HAND).mark is Mark.UNSURE


scores = st.fixed_dictionaries({one.name: st.floats(0, 12) for one in fields(BoxInk)})


@given(scores)
def test_little_ink_is_never_a_mark(ink: dict[str, float]) -> None:
    if ink["inside"] < STANDARD.least_inside or ink["extent"] < STANDARD.shortest:
        assert judge(ink).mark is not Mark.MARKED


@given(scores, st.floats(0, 12))
def test_ink_beside_a_box_never_makes_a_mark(ink: dict[str, float], around: float) -> None:
    without = judge(ink | {"around": 0.0}).mark
    assert judge(ink | {"around": around}).mark in (without, Mark.UNSURE)


@given(scores)
def test_erasing_never_turns_empty_into_a_mark(ink: dict[str, float]) -> None:
    if judge(ink).mark is Mark.EMPTY:
        assert judge(ink | {"inside": ink["inside"] / 2, "around": 0.0, "foreign": 0.0}).mark is Mark.EMPTY
