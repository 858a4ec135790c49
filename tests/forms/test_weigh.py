"""The scorer's chances and the ink together: the chances decide, the ink can forbid, and doubt always has its reason."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import priced, yes_no
from forms.costs import Costs
from forms.ink import BoxInk
from forms.marks import BESIDE, FAINT, SCRIBBLED, SOLID, Content, Judged, Mark, filled_throughout, weigh

NOTHING = {one.name: 0.0 for one in fields(BoxInk)}
INK = NOTHING | {"inside": 2.0, "total": 2.5, "extent": 4.0, "density": 0.2}


def sure_of(content: Content, chance: float = 0.9994) -> dict[str, float]:
    """Chances with most of them on one content."""
    rest = (1 - chance) / (len(Content) - 1)
    return {one.value: chance if one is content else rest for one in Content}


TABLE = [
    ("an empty box", Content.EMPTY, NOTHING, Mark.EMPTY, None),
    ("a tick", Content.TICKED, INK, Mark.MARKED, None),
    ("a cross", Content.CROSSED, INK, Mark.MARKED, None),
    ("a filled box", Content.FILLED, INK, Mark.SOLID, SOLID),
    ("a scribbled-out mark", Content.CANCELLED, INK, Mark.SOLID, SCRIBBLED),
    ("a mark beside the box", Content.BESIDE, NOTHING, Mark.UNSURE, BESIDE),
    ("a tick where there is no ink", Content.TICKED, NOTHING, Mark.UNSURE, FAINT),
    ("a tick round the inside of its box", Content.TICKED, NOTHING | {"around": 4.0, "close": 1.4}, Mark.MARKED, None),
    ("a tick with ink only further off", Content.TICKED, NOTHING | {"around": 4.0, "close": 0.5}, Mark.UNSURE, FAINT),
    ("a mark beside the box, near to it", Content.BESIDE, NOTHING | {"around": 4.0, "close": 1.4}, Mark.UNSURE, BESIDE),
]


@pytest.mark.parametrize(
    ("content", "ink", "mark", "reason"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_weigh(content: Content, ink: dict[str, float], mark: Mark, reason: str | None) -> None:
    judged = weigh(sure_of(content), ink)
    assert (judged.mark, judged.reason) == (mark, reason)
    assert judged.cross is (content is Content.CROSSED)


def test_a_box_full_of_ink_is_never_taken_for_empty() -> None:
    judged = weigh(sure_of(Content.EMPTY), INK | {"inside": 4.0})
    assert judged.mark is Mark.UNSURE
    assert judged.reason


def test_what_is_doubtful_says_why() -> None:
    assert weigh(sure_of(Content.DOUBTFUL), NOTHING).reason
    assert weigh(sure_of(Content.DOUBTFUL), INK).reason


@given(st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7).filter(lambda row: sum(row) > 0.1))
def test_only_a_tick_or_a_cross_is_a_mark(row: list[float]) -> None:
    chances = {content.value: chance / sum(row) for content, chance in zip(Content, row, strict=True)}
    judged = weigh(chances, INK)
    top = max(chances, key=lambda content: chances[content])
    assert (judged.mark is Mark.MARKED) == (top in (Content.TICKED, Content.CROSSED))
    assert 0 <= judged.confidence <= 1


FILLED = Judged(Mark.SOLID, 0.99, SOLID, filled=True)
SCRIBBLE = Judged(Mark.SOLID, 0.99, SCRIBBLED)
EMPTY, TICKED = Judged(Mark.EMPTY, 0.999), Judged(Mark.MARKED, 0.999)


def marks(*boxes: Judged) -> list[Mark]:
    found = filled_throughout({(str(n), "tick"): box for n, box in enumerate(boxes)})
    return [box.mark for box in found.values()]


def test_a_writer_who_fills_every_box_is_believed() -> None:
    assert marks(FILLED, EMPTY, FILLED, FILLED) == [Mark.MARKED, Mark.EMPTY, Mark.MARKED, Mark.MARKED]


@pytest.mark.parametrize(
    "boxes", [(FILLED, FILLED, EMPTY), (FILLED, FILLED, FILLED, TICKED), (FILLED, FILLED, FILLED, SCRIBBLE)]
)
def test_a_filled_box_among_others_is_asked_about(boxes: tuple[Judged, ...]) -> None:
    assert Mark.SOLID in marks(*boxes)
    assert [mark for mark in marks(*boxes) if mark is Mark.MARKED] == [Mark.MARKED] * boxes.count(TICKED)


def test_an_answer_that_is_not_sure_enough_is_asked_about_and_keeps_its_guess() -> None:
    answer = priced(yes_no(Judged(Mark.MARKED, 0.9), Judged(Mark.EMPTY, 0.99)))
    assert (answer.value, answer.review, answer.guess) == ("unclear", True, "yes")
    assert answer.confidence == pytest.approx(0.891)
    assert answer.reason


def test_the_same_answer_is_taken_where_mistakes_are_cheap() -> None:
    answer = priced(yes_no(Judged(Mark.MARKED, 0.9), Judged(Mark.EMPTY, 0.99)), Costs(2.0, 2.0))
    assert (answer.value, answer.review) == ("yes", False)


@pytest.mark.parametrize(
    ("faint", "chance", "mark"),
    [(0.5, 0.98, Mark.MARKED), (0.97, 0.98, Mark.UNSURE), (0.97, 0.993, Mark.UNSURE), (0.97, 0.9994, Mark.MARKED)],
)
def test_a_mark_that_is_pale_all_through_is_asked_about_unless_its_shape_is_plain(
    faint: float, chance: float, mark: Mark
) -> None:
    judged = weigh(sure_of(Content.TICKED, chance), INK | {"faint": faint})
    assert (judged.mark, judged.reason) == (mark, FAINT if mark is Mark.UNSURE else None)


def test_a_tick_that_may_be_a_filled_box_does_not_break_a_habit_of_filling() -> None:
    thick = weigh({one.value: 0.0 for one in Content} | {"ticked": 0.6, "filled": 0.4}, INK)
    assert (thick.mark, thick.filled) == (Mark.MARKED, True)
    assert marks(FILLED, FILLED, FILLED, thick, EMPTY) == [Mark.MARKED] * 4 + [Mark.EMPTY]


def test_ticks_that_may_be_filled_boxes_make_no_habit_of_filling() -> None:
    thick = Judged(Mark.MARKED, 0.99, filled=True)
    assert marks(thick, thick, thick, FILLED) == [Mark.MARKED] * 3 + [Mark.SOLID]
