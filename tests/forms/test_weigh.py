"""The scorer's chances and the ink together: the chances decide, the ink can forbid, and doubt always has its reason."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import priced, yes_no
from forms.costs import Costs
from forms.ink import BoxInk
from forms.marks import (
    BESIDE,
    DASH,
    FAINT,
    LETTER,
    SCRIBBLED,
    SOLID,
    THROUGH,
    Content,
    Judged,
    Mark,
    Seen,
    dotted_throughout,
    filled_throughout,
    told_otherwise,
    unlike_the_rest,
    weigh,
)

NOTHING = {one.name: 0.0 for one in fields(BoxInk)}
INK = NOTHING | {"inside": 2.0, "total": 2.5, "extent": 4.0, "density": 0.2}
DOT = INK | {"inside": 0.5, "total": 0.5, "extent": 0.8}
BLOB = INK | {"inside": 4.2, "density": 0.76, "extent": 2.4}
PALE_INK = INK | {"inside": 0.8, "total": 0.8, "faint": 0.97}


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


FILLED = (sure_of(Content.FILLED), BLOB)
SCRIBBLE = (sure_of(Content.CANCELLED), BLOB)
EMPTY, TICKED = (sure_of(Content.EMPTY), NOTHING), (sure_of(Content.TICKED), INK)
DENSE = (sure_of(Content.TICKED), BLOB)


def throughout(*seen: Seen) -> list[Judged]:
    held = {(str(n), "tick"): one for n, one in enumerate(seen)}
    return list(filled_throughout({key: weigh(*one) for key, one in held.items()}, held).values())


def marks(*seen: Seen) -> list[Mark]:
    return [box.mark for box in throughout(*seen)]


def test_a_writer_who_fills_every_box_is_believed() -> None:
    assert marks(FILLED, EMPTY, FILLED, FILLED) == [Mark.MARKED, Mark.EMPTY, Mark.MARKED, Mark.MARKED]


def test_a_mark_as_dense_as_the_filled_boxes_is_one_of_them() -> None:
    """Scrawled over and beyond the box, it looked like a tick, and one tick made all the filled boxes doubtful."""
    assert marks(FILLED, FILLED, DENSE, FILLED) == [Mark.MARKED] * 4
    assert marks(DENSE, DENSE, DENSE, FILLED)[3] is Mark.SOLID  # ticks of a felt pen do not make a correction an answer


@pytest.mark.parametrize(
    "boxes", [(FILLED, FILLED, EMPTY), (FILLED, FILLED, FILLED, TICKED), (FILLED, FILLED, FILLED, SCRIBBLE)]
)
def test_a_filled_box_among_others_is_asked_about(boxes: tuple[Seen, ...]) -> None:
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


LEAST_EMPTY = 0.96
"""How sure an empty box must be by the standard costs."""
BESIDE_EMPTY = [
    ("nothing", {Content.EMPTY: 0.995, Content.DOUBTFUL: 0.005}, True),
    ("what little may be left of a mark", {Content.EMPTY: 0.97, Content.DOUBTFUL: 0.03}, False),
    ("a word near it", {Content.EMPTY: 0.90, Content.BESIDE: 0.10}, True),
    ("what may be a mark beside it", {Content.EMPTY: 0.60, Content.BESIDE: 0.40}, False),
    ("what may be a tick", {Content.EMPTY: 0.85, Content.TICKED: 0.15}, False),
]


@pytest.mark.parametrize(("chances", "taken"), [row[1:] for row in BESIDE_EMPTY], ids=[row[0] for row in BESIDE_EMPTY])
def test_what_little_is_left_of_a_mark_makes_an_empty_box_doubtful(chances: dict[Content, float], taken: bool) -> None:
    judged = weigh({one.value: chances.get(one, 0.0) for one in Content}, NOTHING)
    assert judged.mark is Mark.EMPTY
    assert (judged.confidence >= LEAST_EMPTY) is taken, judged


@pytest.mark.parametrize(
    ("faint", "chance", "mark"),
    [(0.5, 0.98, Mark.MARKED), (0.97, 0.98, Mark.UNSURE), (0.97, 0.985, Mark.UNSURE), (0.97, 0.9994, Mark.MARKED)],
)
def test_a_mark_that_is_pale_all_through_is_asked_about_unless_its_shape_is_plain(
    faint: float, chance: float, mark: Mark
) -> None:
    judged = weigh(sure_of(Content.TICKED, chance), INK | {"faint": faint})
    assert (judged.mark, judged.reason) == (mark, FAINT if mark is Mark.UNSURE else None)


TAKEN = 0.99375
"""How sure a yes must be by the standard costs."""
BESIDE_A_TICK = [
    ("a wide cell seen in part", {Content.TICKED: 0.90, Content.EMPTY: 0.096, Content.DOUBTFUL: 0.004}, INK, True),
    ("a thick dot", {Content.TICKED: 0.98, Content.EMPTY: 0.019, Content.DOUBTFUL: 0.001}, BLOB, False),
    ("hardly any ink", {Content.TICKED: 0.90, Content.EMPTY: 0.096, Content.DOUBTFUL: 0.004}, DOT, False),
    ("more likely empty still", {Content.TICKED: 0.55, Content.EMPTY: 0.446, Content.DOUBTFUL: 0.004}, INK, False),
    ("a mark that may not show", {Content.TICKED: 0.96, Content.DOUBTFUL: 0.04}, INK, False),
    ("a thick tick", {Content.TICKED: 0.97, Content.FILLED: 0.027, Content.DOUBTFUL: 0.003}, INK, True),
    ("a thick tick that fills much of its box", {Content.TICKED: 0.80, Content.FILLED: 0.20}, INK, True),
    ("a tick with a stain near it", {Content.TICKED: 0.95, Content.BESIDE: 0.05}, INK, True),
    ("a box that is rather filled", {Content.TICKED: 0.60, Content.FILLED: 0.40}, INK, False),
    ("what may be scribbled out", {Content.TICKED: 0.97, Content.CANCELLED: 0.03}, INK, False),
    ("pale, its shape plain", {Content.TICKED: 0.99, Content.EMPTY: 0.0095, Content.DOUBTFUL: 0.0005}, PALE_INK, True),
    (
        "pale, its shape not that plain",
        {Content.TICKED: 0.99, Content.EMPTY: 0.006, Content.DOUBTFUL: 0.004},
        PALE_INK,
        False,
    ),
    ("pale, and may not show", {Content.TICKED: 0.99, Content.DOUBTFUL: 0.01}, PALE_INK, False),
]


@pytest.mark.parametrize(
    ("chances", "ink", "taken"), [row[1:] for row in BESIDE_A_TICK], ids=[row[0] for row in BESIDE_A_TICK]
)
def test_with_a_mark_s_worth_of_ink_a_tick_is_not_doubted_as_an_empty_box(
    chances: dict[Content, float], ink: dict[str, float], taken: bool
) -> None:
    judged = weigh({one.value: chances.get(one, 0.0) for one in Content}, ink)
    assert (judged.mark is Mark.MARKED and judged.confidence >= TAKEN) is taken


@pytest.mark.parametrize(
    ("inside", "close", "chance", "taken"),
    [
        (0.3, 0.5, 0.997, False),  # what is left of a mark, or a speck: one in five such was none to rely on
        (0.3, 0.5, 0.9999, True),  # a small tick as plain as that is one
        (0.8, 0.8, 0.997, True),
        (0.3, 0.8, 0.997, True),  # the masked outline lies between its two parts
    ],
)
def test_a_mark_of_hardly_any_ink_must_be_plainer_to_be_taken(
    inside: float, close: float, chance: float, taken: bool
) -> None:
    ink = INK | {"inside": inside, "total": inside, "close": close}
    assert (weigh(sure_of(Content.TICKED, chance), ink).confidence >= TAKEN) is taken


@pytest.mark.parametrize(
    ("doubled", "reach", "extent", "asked"),
    [
        (0.0, 0.9, 12.0, True),  # a hair
        (0.25, 0.9, 12.0, False),  # a large tick: both its arms lie in some of its rows
        (0.0, 0.3, 9.0, False),  # a slash that lies in its box with most of it
        (0.0, 0.6, 6.0, False),  # a short slash
    ],
)
def test_a_single_line_through_a_box_may_be_a_hair(doubled: float, reach: float, extent: float, asked: bool) -> None:
    ink = INK | {"total": 8.0, "doubled": doubled, "reach": reach, "extent": extent}
    judged = weigh(sure_of(Content.TICKED), ink)
    assert (judged.mark, judged.reason) == ((Mark.UNSURE, THROUGH) if asked else (Mark.MARKED, None))


@given(st.floats(0.0, 6.0), st.floats(0.0, 0.45), st.floats(0.0, 0.1))
def test_more_chance_of_an_empty_or_odd_box_never_makes_a_mark_surer(inside: float, empty: float, odd: float) -> None:
    def sure(empty: float, odd: float) -> float:
        chances = {one.value: 0.0 for one in Content} | {"ticked": 1 - empty - odd, "empty": empty, "doubtful": odd}
        return weigh(chances, INK | {"inside": inside}).confidence

    assert sure(empty, odd) <= sure(empty / 2, odd) + 1e-9
    assert sure(empty, odd) <= sure(empty, odd / 2) + 1e-9


MAY_BE_FILLED = ({one.value: 0.0 for one in Content} | {"ticked": 0.6, "filled": 0.4}, INK)


def test_a_tick_that_may_be_a_filled_box_does_not_break_a_habit_of_filling() -> None:
    thick = weigh(*MAY_BE_FILLED)
    assert (thick.mark, thick.filled) == (Mark.MARKED, True)
    assert marks(FILLED, FILLED, FILLED, MAY_BE_FILLED, EMPTY) == [Mark.MARKED] * 4 + [Mark.EMPTY]


def test_ticks_that_may_be_filled_boxes_make_no_habit_of_filling() -> None:
    assert marks(MAY_BE_FILLED, MAY_BE_FILLED, MAY_BE_FILLED, FILLED) == [Mark.MARKED] * 3 + [Mark.SOLID]


PLAIN = Judged(Mark.MARKED, 0.9999)
OTHERS = [
    ("a dot", {Content.EMPTY: 0.96, Content.TICKED: 0.03, Content.DOUBTFUL: 0.01}, True),
    ("writing near it", {Content.EMPTY: 0.97, Content.BESIDE: 0.03}, True),
    ("writing beside it", {Content.EMPTY: 0.9, Content.BESIDE: 0.1}, False),
    ("what may be a second mark", {Content.EMPTY: 0.8, Content.TICKED: 0.15, Content.CROSSED: 0.05}, False),
    ("what may be scribbled out", {Content.EMPTY: 0.98, Content.CANCELLED: 0.02}, False),
    ("what may be filled in", {Content.EMPTY: 0.98, Content.FILLED: 0.02}, False),
]


def other_box(chances: dict[Content, float]) -> Judged:
    judged = weigh({one.value: chances.get(one, 0.0) for one in Content}, DOT)
    assert judged.mark is Mark.EMPTY
    return judged


@pytest.mark.parametrize(("chances", "taken"), [row[1:] for row in OTHERS], ids=[row[0] for row in OTHERS])
def test_beside_a_plain_mark_only_what_may_speak_against_it_is_asked_about(
    chances: dict[Content, float], taken: bool
) -> None:
    for answer in (
        priced(yes_no(PLAIN, other_box(chances))),
        priced(yes_no(other_box(chances), PLAIN), Costs(160, 160)),
    ):
        assert answer.review is not taken


def test_beside_a_mark_that_is_not_plain_a_dot_counts_in_full() -> None:
    dotted = other_box(OTHERS[0][1])
    assert yes_no(Judged(Mark.MARKED, 0.98), dotted).confidence == pytest.approx(0.98 * dotted.confidence)


def test_a_dot_alone_in_a_pair_is_asked_about() -> None:
    assert priced(yes_no(other_box(OTHERS[0][1]), Judged(Mark.EMPTY, 0.9999, rival=0.0))).review


@given(st.floats(0.5, 1.0), st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7).filter(lambda row: sum(row) > 0.1))
def test_the_other_box_never_makes_a_mark_surer(marked: float, row: list[float]) -> None:
    other = weigh({content.value: chance / sum(row) for content, chance in zip(Content, row, strict=True)}, NOTHING)
    answer = yes_no(Judged(Mark.MARKED, marked), other)
    assert answer.review or answer.confidence <= marked


def test_boxes_filled_throughout_are_surer_than_one_by_itself() -> None:
    filled = (sure_of(Content.FILLED, 0.99), BLOB)
    found = throughout(filled, filled, filled)
    assert all(0.999 <= box.confidence < 1.0 for box in found)


def test_a_question_that_was_put_right_does_not_end_the_habit_of_filling() -> None:
    """A writer filled eight boxes and had to put one question right: all eight were asked about."""
    seen: dict[tuple[str, str], Seen] = {(name, "tick"): (sure_of(Content.FILLED), BLOB) for name in "abc"}
    seen |= {("pair", "yes"): (sure_of(Content.CROSSED), INK), ("pair", "no"): (sure_of(Content.TICKED), INK)}
    boxes = {key: weigh(*one) for key, one in seen.items()}
    found = filled_throughout(boxes, seen)
    assert {found[(name, "tick")].mark for name in "abc"} == {Mark.MARKED}
    assert all(found["pair", box] == boxes["pair", box] for box in ("yes", "no"))
    ticked = seen | {("pair", "no"): (sure_of(Content.EMPTY), NOTHING)}
    assert (
        filled_throughout({key: weigh(*one) for key, one in ticked.items()}, ticked)[("a", "tick")].mark is Mark.SOLID
    )


def test_a_pale_ring_that_runs_far_out_of_the_box_is_no_plain_mark() -> None:
    """The ring of a cup through a box was taken for a tick."""
    ring = INK | {"inside": 1.0, "total": 16.0, "extent": 14.1, "density": 0.06, "faint": 1.0, "reach": 0.94}
    assert (weigh(sure_of(Content.TICKED, 0.9985), ring).mark, weigh(sure_of(Content.TICKED), INK).mark) == (
        Mark.UNSURE,
        Mark.MARKED,
    )
    assert weigh(sure_of(Content.TICKED, 0.9985), ring | {"faint": 0.2, "doubled": 0.2}).mark is Mark.MARKED


def test_ink_does_not_speak_against_a_crossing_out() -> None:
    """A tick that was scribbled over in a pale scan had ink, and was taken because of it."""
    chances = sure_of(Content.TICKED, 0.99998) | {Content.TICKED.value: 0.986, Content.CANCELLED.value: 0.0136}
    box = weigh(chances, INK)
    assert box.confidence <= 1 - 0.0136
    assert priced(yes_no(box, Judged(Mark.EMPTY, 0.9999))).review


HALF_SURE = sure_of(Content.TICKED, 0.997) | {Content.TICKED.value: 0.8, Content.EMPTY.value: 0.1975}
A_DOT: Seen = (HALF_SURE, BLOB | {"inside": 1.8, "extent": 1.7})
A_REST: Seen = (HALF_SURE, BLOB | {"inside": 0.6, "extent": 0.9})
A_TICK: Seen = (sure_of(Content.TICKED), INK)
AN_EMPTY: Seen = (sure_of(Content.EMPTY), NOTHING)
SCRIBBLED_DOT: Seen = (sure_of(Content.CANCELLED), BLOB)


def by_habit(*seen: Seen, pair: bool = False) -> list[Judged]:
    """Boxes of questions of their own; `pair`: the first two are one question."""
    names = [("0" if pair and n == 1 else str(n), "no" if pair and n == 1 else "yes") for n in range(len(seen))]
    boxes = {key: weigh(*one) for key, one in zip(names, seen, strict=True)}
    return list(dotted_throughout(boxes, dict(zip(names, seen, strict=True))).values())


def test_a_writer_who_marks_with_dots_is_believed() -> None:
    found = by_habit(A_DOT, A_DOT, AN_EMPTY, A_DOT, A_DOT)
    assert [box.mark for box in found] == [Mark.MARKED, Mark.MARKED, Mark.EMPTY, Mark.MARKED, Mark.MARKED]
    assert all(box.confidence > 0.99 for box in found if box.mark is Mark.MARKED)


@pytest.mark.parametrize(
    ("seen", "pair"),
    [
        ((A_DOT, A_DOT, A_DOT, AN_EMPTY), False),
        ((A_DOT, A_DOT, A_DOT, A_DOT, A_TICK, A_TICK), False),
        ((A_REST, A_REST, A_REST, A_REST), False),
        ((A_DOT, A_DOT, A_DOT, A_DOT), True),
        ((A_DOT, A_DOT, A_DOT, SCRIBBLED_DOT), False),
    ],
    ids=["three", "beside as many ticks", "where a pen rested", "two in one question", "one is scribbled out"],
)
def test_a_dot_by_itself_is_no_habit(seen: tuple[Seen, ...], pair: bool) -> None:
    """R23: a pen rest is no answer, so a dot is one only where the writer plainly answers with dots."""
    assert by_habit(*seen, pair=pair) == [weigh(*one) for one in seen]


def test_a_stain_beside_the_dots_does_not_spoil_the_habit() -> None:
    found = by_habit(*[A_DOT] * 6, A_TICK, A_TICK)
    assert all(box.confidence > 0.99 for box in found)


@given(st.lists(st.sampled_from([A_DOT, A_REST, A_TICK, AN_EMPTY, SCRIBBLED_DOT]), max_size=9))
def test_the_habit_never_makes_a_mark_of_what_is_no_dot(seen: list[Seen]) -> None:
    for one, box in zip(seen, by_habit(*seen), strict=True):
        if one is not A_DOT:
            assert box == weigh(*one)
        else:
            assert box.confidence >= weigh(*one).confidence


def compared(*measures: dict[str, float]) -> list[int]:
    """Which of a page's boxes, all of which look ticked, are asked about by how their ink differs."""
    seen: dict[tuple[str, str], Seen] = {
        (f"{n}", "tick"): (sure_of(Content.TICKED), INK | one) for n, one in enumerate(measures)
    }
    found = unlike_the_rest({key: weigh(*one) for key, one in seen.items()}, seen)
    return [n for n, box in enumerate(found.values()) if box.mark is not Mark.MARKED]


@pytest.mark.parametrize(
    ("totals", "asked"),
    [((3, 4, 5, 24), [3]), ((20, 24, 22, 24), []), ((3, 4, 5, 11), []), ((3, 24), []), ((3, 4, 24, 25, 5), [2, 3])],
    ids=["one of many strokes", "a thick pen", "a large tick", "too few to compare", "two of many strokes"],
)
def test_a_mark_with_far_more_ink_than_the_writers_others_may_be_scribbled_out(
    totals: tuple[float, ...], asked: list[int]
) -> None:
    assert compared(*({"inside": total / 2, "total": total} for total in totals)) == asked


def test_a_mark_is_heavy_only_by_the_ink_in_its_box() -> None:
    assert compared(*({"inside": 6.0, "total": total} for total in (3.0, 4.0, 5.0, 24.0))) == []


@pytest.mark.parametrize(("inside", "asked"), [(11.0, []), (19.0, []), (21.0, [3])])
def test_a_fold_that_touches_a_mark_does_not_make_it_heavy(inside: float, asked: list[int]) -> None:
    """A fold or a streak adds to a stroke outside of its box; what was scribbled out has more ink in it as well."""
    assert compared(*({"inside": 10.0, "total": 12.0} for _ in range(3)), {"inside": inside, "total": 160.0}) == asked


@pytest.mark.parametrize(
    ("faint", "asked"),
    [((0.1, 0.2, 1.0), [2]), ((0.97, 0.96, 1.0), []), ((0.1, 0.2, 0.9), []), ((0.1, 1.0), []), ((0.7, 0.6, 1.0), [])],
    ids=["the ring of a cup", "a pale pen", "a lighter stroke", "too few to compare", "a pen that is half pale"],
)
def test_what_is_pale_all_through_among_dark_marks_is_asked_about(faint: tuple[float, ...], asked: list[int]) -> None:
    assert compared(*({"faint": one} for one in faint)) == asked


HOOKED = INK | {"hooked": 1.0, "crossing": 0.0}


@pytest.mark.parametrize(
    ("ink", "chances", "others", "mark"),
    [
        (HOOKED, sure_of(Content.TICKED), 5, Mark.UNSURE),
        (HOOKED | {"crossing": 0.3}, sure_of(Content.TICKED), 5, Mark.MARKED),
        (HOOKED, sure_of(Content.CROSSED), 5, Mark.MARKED),
        (HOOKED | {"hooked": 0.7}, sure_of(Content.TICKED), 5, Mark.MARKED),
        (HOOKED | {"crossing": 0.06}, sure_of(Content.TICKED), 5, Mark.UNSURE),
        (HOOKED, sure_of(Content.TICKED), 2, Mark.UNSURE),
        (HOOKED, sure_of(Content.TICKED), 1, Mark.MARKED),
    ],
    ids=[
        "among ticks",
        "with ink in every corner",
        "a cross",
        "a head not that wide",
        "a speck in every corner",
        "among two",
        "too few others to tell",
    ],
)
def test_a_mark_with_the_head_of_a_question_mark_is_asked_about(
    ink: dict[str, float], chances: dict[str, float], others: int, mark: Mark
) -> None:
    """A question mark with its head over the box was taken for a tick."""
    seen = {("0", "tick"): (chances, ink)} | {
        (str(n + 1), "tick"): (sure_of(Content.TICKED), INK) for n in range(others)
    }
    found = unlike_the_rest({key: weigh(*one) for key, one in seen.items()}, seen)
    assert found["0", "tick"].mark is mark
    assert all(box.mark is Mark.MARKED for key, box in found.items() if key[0] != "0")


def test_a_writer_whose_marks_all_have_such_a_head_is_believed() -> None:
    seen = {(str(n), "tick"): (sure_of(Content.TICKED), HOOKED) for n in range(6)}
    found = unlike_the_rest({key: weigh(*one) for key, one in seen.items()}, seen)
    assert {box.mark for box in found.values()} == {Mark.MARKED}


def test_a_dense_dot_among_ticks_is_asked_about() -> None:
    """A felt pen that rested in a box was taken for a mark; where dots are the writer's habit they stay marks."""
    dot = (sure_of(Content.TICKED), BLOB | {"inside": 2.5, "extent": 1.8, "density": 0.85})
    ticks = {(str(n + 1), "tick"): (sure_of(Content.TICKED), INK) for n in range(5)}
    for seen, mark in (
        (ticks | {("0", "tick"): dot}, Mark.UNSURE),
        ({(str(n), "tick"): dot for n in range(6)}, Mark.MARKED),
    ):
        assert unlike_the_rest({key: weigh(*one) for key, one in seen.items()}, seen)["0", "tick"].mark is mark


@pytest.mark.parametrize(
    ("ink", "mark"),
    [
        ({}, Mark.UNSURE),
        ({"close": 2.7}, Mark.UNSURE),
        ({"close": 3.0}, Mark.MARKED),
        ({"filled": 0.35}, Mark.UNSURE),
        ({"filled": 0.40}, Mark.MARKED),
    ],
    ids=["a dot", "a speck beside it", "the foot of a tick that goes on outside", "a large dot", "a box filled in"],
)
def test_what_goes_on_beside_the_box_or_fills_it_is_no_dot(ink: dict[str, float], mark: Mark) -> None:
    """The outline of a box is masked, and cuts a steep tick in two: its foot in the box is as small and dense as a dot."""
    one = (
        sure_of(Content.TICKED),
        INK | {"inside": 2.5, "total": 2.5, "close": 2.5, "extent": 1.8, "density": 0.85} | ink,
    )
    seen = {(str(n), "tick"): (sure_of(Content.TICKED), INK) for n in range(1, 6)} | {("0", "tick"): one}
    assert unlike_the_rest({key: weigh(*one) for key, one in seen.items()}, seen)["0", "tick"].mark is mark


def test_a_tick_in_a_small_box_is_no_dot_however_dense() -> None:
    """What is left of a tick between the lines of a box of 3.3 mm is short and dense; rows of it have two strokes, as no dot's have."""
    tick = (sure_of(Content.TICKED), BLOB | {"inside": 2.5, "extent": 2.2, "density": 0.66, "doubled": 0.4})
    seen = {(str(n + 1), "tick"): (sure_of(Content.TICKED), INK) for n in range(5)} | {("0", "tick"): tick}
    assert unlike_the_rest({key: weigh(*one) for key, one in seen.items()}, seen)["0", "tick"].mark is Mark.MARKED


@pytest.mark.parametrize("ink", [{"doubled": 0.5}, {"extent": 10.0}], ids=["a zigzag", "a tick with a tail"])
def test_what_no_question_mark_looks_like_is_none(ink: dict[str, float]) -> None:
    seen = {("0", "tick"): (sure_of(Content.TICKED), HOOKED | ink)} | {
        (str(n + 1), "tick"): (sure_of(Content.TICKED), INK) for n in range(5)
    }
    assert unlike_the_rest({key: weigh(*one) for key, one in seen.items()}, seen)["0", "tick"].mark is Mark.MARKED


@pytest.mark.parametrize(("filled", "mark"), [(0.07, Mark.MARKED), (0.01, Mark.SOLID)])
def test_one_box_filled_less_neatly_does_not_end_the_habit(filled: float, mark: Mark) -> None:
    """A plain tick among filled boxes does: the others may be crossed out."""
    neat = (sure_of(Content.FILLED, 0.99), BLOB)
    loose = (sure_of(Content.TICKED, 0.92) | {Content.FILLED.value: filled}, INK | {"inside": 3.8, "density": 0.4})
    assert marks(neat, neat, neat, loose)[0] is mark


DOUBTED = {Content.DOUBTFUL.value: 1e-3}
SHARE_FILLED = {Content.FILLED.value: 1e-3} | DOUBTED
OTHERWISE = [
    ("a tick", Content.TICKED, {"doubled": 0.3, "flat": 1.1}, {}, "yes", None),
    ("a tick that is flat", Content.TICKED, {"doubled": 0.3, "flat": 1.9}, {}, "yes", None),
    ("a dash", Content.TICKED, {"doubled": 0.0, "flat": 2.4}, {}, "yes", DASH),
    ("a dash in No", Content.TICKED, {"doubled": 0.0, "flat": 2.4}, {}, "no", None),
    ("an N that looks like a tick", Content.TICKED, {"doubled": 0.9, "flat": 1.0}, SHARE_FILLED, "tick", LETTER),
    ("an N that looks like a cross", Content.CROSSED, {"doubled": 0.9, "flat": 1.0}, SHARE_FILLED, "yes", LETTER),
    ("a cross", Content.CROSSED, {"doubled": 0.5, "flat": 1.0}, SHARE_FILLED, "yes", None),
    ("a nought", Content.TICKED, {"hole": 0.4, "flat": 0.7}, DOUBTED, "tick", LETTER),
    (
        "a tick with a loop, of which the scorer has no doubt",
        Content.TICKED,
        {"hole": 0.4, "flat": 0.7},
        {},
        "tick",
        None,
    ),
    ("a cross with a loop", Content.CROSSED, {"hole": 0.4, "flat": 1.0}, {}, "tick", None),
    ("evidence from before these were measured", Content.TICKED, {}, SHARE_FILLED, "yes", None),
]


@pytest.mark.parametrize(
    ("content", "shape", "chances", "box", "reason"), [row[1:] for row in OTHERWISE], ids=[row[0] for row in OTHERWISE]
)
def test_a_mark_that_may_say_no_is_asked_about_where_it_would_say_yes(
    content: Content, shape: dict[str, float], chances: dict[str, float], box: str, reason: str | None
) -> None:
    ink = {name: value for name, value in INK.items() if name not in ("doubled", "hole", "flat")} | shape
    seen = {("a", box): (sure_of(content) | chances, ink)}
    judged = told_otherwise({("a", box): weigh(*seen["a", box])}, seen)
    assert judged["a", box].reason == reason
    assert (judged["a", box].mark is Mark.MARKED) is (reason is None)
