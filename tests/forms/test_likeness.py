"""What the writer's other marks on the page say of one box."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.likeness import like_the_rest, pale_throughout
from forms.marks import FAINT, Content, Judged, Mark, Seen, weigh
from forms.thresholds import STANDARD

INK = {"inside": 2.0, "total": 2.4, "faint": 0.2, "foreign": 0.0, "around": 0.0}
NONE = {"inside": 0.0, "total": 0.0, "faint": 0.0, "foreign": 0.0, "around": 0.0}


def chances(what: Content, sure: float, **others: float) -> dict[str, float]:
    left = {one.value: (1 - sure) / 40 for one in Content} | others
    return {one: left[one] for one in Content} | {what: sure}


OTHERS: dict[tuple[str, str], Seen] = {(f"o{n}", "tick"): (chances(Content.TICKED, 0.999), INK) for n in range(3)}
MARKED = Judged(Mark.MARKED, 0.98)
EMPTY = Judged(Mark.EMPTY, 0.9)


def judged(box: Judged, seen: Seen, others: dict[tuple[str, str], Seen]) -> Judged:
    boxes = {key: Judged(Mark.MARKED, 0.999) for key in others} | {("here", "tick"): box}
    return like_the_rest(boxes, others | {("here", "tick"): seen})[("here", "tick")]


MARKS = [
    ("like the others", {}, {}, True),
    ("smaller than half of them", {"inside": 0.9, "total": 0.9}, {}, False),
    ("twice as much ink", {"inside": 5.0, "total": 5.0}, {}, False),
    ("paler", {"faint": 0.5}, {}, False),
    ("it may be doubtful", {}, {"doubtful": 0.04}, False),
    ("it may be scribbled out", {}, {"cancelled": 0.04}, False),
    ("it may be filled", {}, {"filled": 0.04}, False),
]


@pytest.mark.parametrize(("ink", "odd", "likelier"), [row[1:] for row in MARKS], ids=[row[0] for row in MARKS])
def test_a_mark_of_the_same_pen_and_size_is_likelier_one(
    ink: dict[str, float], odd: dict[str, float], likelier: bool
) -> None:
    seen = chances(Content.TICKED, 0.95, **odd), INK | ink
    assert (judged(MARKED, seen, OTHERS).confidence > MARKED.confidence) is likelier


EMPTIES = [
    ("no ink at all", {}, INK, True),
    ("a speck", {"inside": 0.2, "total": 0.2}, INK, True),
    ("a quarter of a mark", {"inside": 0.6, "total": 0.6}, INK, False),
    ("something of the next box", {"foreign": 0.6}, INK, False),
    ("something beside the box", {"around": 2.0}, INK, False),
    ("one of the writer's marks is nearly lost", {}, INK | {"inside": 0.4, "total": 0.4}, False),
]


@pytest.mark.parametrize(("ink", "other", "likelier"), [row[1:] for row in EMPTIES], ids=[row[0] for row in EMPTIES])
def test_a_box_without_ink_is_likelier_empty_where_every_mark_is_plain(
    ink: dict[str, float], other: dict[str, float], likelier: bool
) -> None:
    others = OTHERS | {("o0", "tick"): (chances(Content.TICKED, 0.999), other)}
    seen = chances(Content.EMPTY, 0.9), NONE | ink
    assert (judged(EMPTY, seen, others).confidence > EMPTY.confidence) is likelier


@pytest.mark.parametrize("count", [0, 1, 2])
def test_two_other_marks_are_no_habit(count: int) -> None:
    few = dict(list(OTHERS.items())[:count])
    assert judged(MARKED, (chances(Content.TICKED, 0.95), INK), few) == MARKED
    assert judged(EMPTY, (chances(Content.EMPTY, 0.9), NONE), few) == EMPTY


def test_the_other_box_of_a_pair_is_no_other_mark() -> None:
    """Two marks in one question are a doubt, and do not vouch for each other."""
    two = dict(list(OTHERS.items())[:2])
    boxes = {key: Judged(Mark.MARKED, 0.999) for key in two} | {("q", "yes"): MARKED, ("q", "no"): MARKED}
    seen = two | {("q", name): (chances(Content.TICKED, 0.96), INK) for name in ("yes", "no")}
    assert like_the_rest(boxes, seen)[("q", "yes")] == MARKED


@given(
    st.sampled_from(list(Mark)),
    st.floats(0.01, 0.9999),
    st.sampled_from(list(Content)),
    st.floats(0.3, 1.0),
    st.floats(0, 9),
    st.floats(0, 1),
)
def test_it_never_makes_another_mark_of_one_nor_certainty(
    mark: Mark, confidence: float, what: Content, chance: float, inked: float, faint: float
) -> None:
    """R23: only how sure an answer is changes, never what it is, and what is to be asked about stays so."""
    box = Judged(mark, confidence, "reason")
    found = judged(box, (chances(what, chance), INK | {"inside": inked, "total": inked, "faint": faint}), OTHERS)
    assert replace(found, confidence=confidence) == box
    assert confidence <= found.confidence < 1
    if mark not in (Mark.MARKED, Mark.EMPTY):
        assert found == box


def test_who_wants_none_of_it_sets_the_borders_to_one() -> None:
    limits = replace(STANDARD, alike_marked=1.0, alike_empty=1.0)
    boxes = {key: Judged(Mark.MARKED, 0.97) for key in OTHERS}
    for key, box in like_the_rest(boxes, OTHERS, limits).items():
        assert box.confidence == pytest.approx(boxes[key].confidence)


PENCIL = {"inside": 1.2, "total": 1.6, "faint": 1.0, "foreign": 0.0, "around": 0.0, "reach": 0.2, "extent": 4.0}
PENCIL |= {"density": 0.2, "filled": 0.1, "crossing": 0.0, "hooked": 0.0, "off_centre": 0.0, "tail": 0.0}
UNSEEN = PENCIL | {"inside": 0.0, "total": 0.0, "faint": 0.0, "reach": 0.0, "extent": 0.0}
PEN = PENCIL | {"faint": 0.1}

PALE = [
    ("a pencil throughout", PENCIL, 0.004, [PENCIL] * 3, True),
    ("ink too pale to be counted, as the others", UNSEEN, 0.004, [UNSEEN, PENCIL, UNSEEN], True),
    ("a large tick of it around its box", PENCIL | {"reach": 0.9, "total": 3.0}, 0.004, [PENCIL] * 3, True),
    ("alone pale among dark marks: a stain", PENCIL, 0.004, [PEN] * 3, False),
    ("most others dark", PENCIL, 0.004, [PEN, PEN, PENCIL], False),
    ("two others are no habit", PENCIL, 0.004, [PENCIL] * 2, False),
    ("three times their ink: the ring of a cup", PENCIL | {"reach": 0.94, "total": 4.9}, 0.004, [PENCIL] * 3, False),
    ("hardly sure", PENCIL, 0.1, [PENCIL] * 3, False),
]


@pytest.mark.parametrize(("ink", "doubt", "others", "taken"), [row[1:] for row in PALE], ids=[row[0] for row in PALE])
def test_a_pale_mark_is_believed_where_the_writer_has_a_pencil(
    ink: dict[str, float], doubt: float, others: list[dict[str, float]], taken: bool
) -> None:
    seen: dict[tuple[str, str], Seen] = {
        (f"o{n}", "tick"): (chances(Content.TICKED, 0.999), one) for n, one in enumerate(others)
    }
    seen[("here", "tick")] = chances(Content.TICKED, 0.99 - doubt, doubtful=doubt), ink
    boxes = {key: weigh(*one) for key, one in seen.items()}
    assert boxes[("here", "tick")].reason == FAINT
    found = pale_throughout(boxes, seen)[("here", "tick")]
    assert (found.mark is Mark.MARKED) is taken
    assert (found.reason is None) is taken


@given(st.floats(0.3, 1.0), st.lists(st.floats(0.0, 1.0), min_size=0, max_size=6))
def test_a_pencil_makes_no_mark_surer_than_a_pen_would(sure: float, paleness: list[float]) -> None:
    seen: dict[tuple[str, str], Seen] = {
        (f"o{n}", "tick"): (chances(Content.TICKED, 0.999), PENCIL | {"faint": one}) for n, one in enumerate(paleness)
    }
    seen[("here", "tick")] = chances(Content.TICKED, sure), PENCIL
    found = pale_throughout({key: weigh(*one) for key, one in seen.items()}, seen)[("here", "tick")]
    dark = weigh(chances(Content.TICKED, sure), PEN)
    assert found.mark is Mark.UNSURE or found.confidence <= dark.confidence
