"""Lines made ready for the model of figures: drawn here, so that what belongs and what does not is known."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from forms.writing.cleaning import inked
from forms.writing.lines import HEIGHT, STEP, WIDEST, Line, one_line, readings
from forms.writing.places import Groups

Grey = NDArray[np.uint8]
CELLS: Groups = (((20, 110), (110, 200)), ((260, 350), (350, 440)), ((500, 590), (590, 680), (680, 770), (770, 860)))


def in_boxes(figures: str = "01022025", ink: int = 40) -> Grey:
    """A date with one figure in the middle of each cell; a space leaves its cell empty."""
    made = np.full((190, 920), 255, np.uint8)
    spans = [span for group in CELLS for span in group]
    for figure, (left, right) in zip(figures, spans, strict=True):
        if figure != " ":
            cv2.putText(made, figure, (int((left + right) / 2) - 20, 125), cv2.FONT_HERSHEY_SIMPLEX, 2.2, ink, 5)
    return made


def as_it_stands(grey: Grey) -> Grey:
    level = inked(grey)
    assert level is not None
    return level


def pieces(level: Grey) -> int:
    """Strips of columns with ink."""
    full = (level > 70).any(axis=0).astype(int)
    return int((np.diff(np.concatenate(([0], full))) == 1).sum())


def test_specks_and_rules_go_and_figures_stay() -> None:
    clean, dirty = in_boxes(), in_boxes()
    cv2.circle(dirty, (230, 60), 3, 0, -1)
    cv2.line(dirty, (30, 180), (700, 180), 100, 3)
    one, other = inked(clean), inked(dirty)
    assert one is not None
    assert other is not None
    assert np.array_equal(one > 70, other > 70)


def test_faint_writing_is_made_as_black_as_any() -> None:
    faint, strong = inked(in_boxes(ink=215)), inked(in_boxes(ink=0))
    assert faint is not None
    assert strong is not None
    assert abs(int(faint.max()) - int(strong.max())) <= 5


@pytest.mark.parametrize("paper", [255, 200, 120])
def test_paper_of_any_darkness_without_writing_is_none(paper: int) -> None:
    assert inked(np.full((150, 600), paper, np.uint8)) is None


def together(grey: Grey) -> Line:
    (found,) = readings(grey, CELLS)
    return found


def test_figures_in_boxes_close_up_with_two_slashes() -> None:
    found = together(in_boxes())
    assert pieces(found.level) == 10
    assert found.level.shape[1] < in_boxes().shape[1]
    assert found.cells == (2, 2, 4)


def test_the_steps_of_figure_boxes_are_told_from_those_of_our_slashes() -> None:
    found = together(in_boxes())
    line = one_line(found.level)
    boxed = np.repeat(found.in_boxes(line.shape[1] // STEP), STEP)
    assert pieces(np.where(boxed, line[:, : len(boxed)], 0).astype(np.uint8)) == 8
    assert (np.diff(boxed.astype(int)) == -1).sum() == 2


def test_without_figure_boxes_no_step_is_in_one() -> None:
    assert not Line(as_it_stands(in_boxes())).in_boxes(40).any()


def test_an_empty_cell_of_a_day_leaves_one_figure() -> None:
    found = together(in_boxes(" 9 92024"))
    assert pieces(found.level) == 8
    assert found.cells == (1, 1, 4)


def test_a_speck_in_a_box_is_no_figure() -> None:
    specky = in_boxes(" 9 92024")
    cv2.circle(specky, (65, 100), 9, 0, -1)
    assert together(specky).cells == (1, 1, 4)


def test_a_writer_who_leaves_the_boxes_is_read_as_the_line_stands() -> None:
    free = in_boxes("01022025")
    cv2.line(free, (170, 110), (300, 60), 40, 6)
    found = together(free)
    assert found.cells is None
    assert np.array_equal(found.level, as_it_stands(free))


def test_no_month_is_no_date_in_boxes() -> None:
    assert together(in_boxes("01  2025")).cells is None


def test_between_printed_slashes_a_date_is_taken_both_ways() -> None:
    """Some write over the printed slashes with their own, and then the places of day, month and year say nothing."""
    gaps: Groups = (((20, 200),), ((260, 440),), ((500, 860),))
    placed, free = readings(in_boxes(), gaps)
    assert pieces(placed.level) == 10
    assert np.array_equal(free.level, as_it_stands(in_boxes()))
    assert placed.cells is free.cells is None


def as_far_as_in(one: Grey, other: Grey) -> float:
    """The share of the writing of one that the other shows."""
    return float(((one > 70) & (other > 70)).sum() / (one > 70).sum())


def test_a_streak_of_the_scanner_through_a_figure_goes_and_the_figure_stays() -> None:
    """It is taller than any figure: by its height everything else once counted as specks."""
    streaked = in_boxes()
    streaked[20:170, 153:157] = 30
    clean, found = as_it_stands(in_boxes()), as_it_stands(streaked)
    assert as_far_as_in(clean, found) > 0.95
    assert pieces(found) == pieces(clean)


def test_a_printed_rule_through_figures_goes_and_they_stay() -> None:
    ruled = in_boxes()
    ruled[96:101, 20:870] = 60
    clean, found = as_it_stands(in_boxes()), as_it_stands(ruled)
    assert as_far_as_in(clean, found) > 0.85
    assert not (found[:, 220:255] > 70).any()


def test_a_straight_one_and_a_leaning_slash_are_no_streaks() -> None:
    drawn = np.full((190, 920), 255, np.uint8)
    cv2.line(drawn, (100, 60), (100, 125), 40, 5)
    cv2.line(drawn, (300, 30), (270, 150), 40, 5)
    assert pieces(as_it_stands(drawn)) == 2


def test_the_band_of_a_shadow_is_paper() -> None:
    shaded = in_boxes(ink=60).astype(np.int16)
    shaded[20:90] -= 50
    found = together(np.clip(shaded, 0, 255).astype(np.uint8))
    assert pieces(found.level) == 10
    assert as_far_as_in(as_it_stands(in_boxes()), as_it_stands(np.clip(shaded, 0, 255).astype(np.uint8))) > 0.9


def test_figures_on_dithered_paper_are_told_from_its_dots() -> None:
    rng = np.random.default_rng(5)
    dots = (rng.random((63, 306)) < 0.12).astype(np.uint8)
    paper = 255 - cv2.resize(dots, (920, 190), interpolation=cv2.INTER_NEAREST) * 110
    grainy = np.minimum(in_boxes(), paper)
    assert together(grainy).cells == (2, 2, 4)
    assert as_far_as_in(as_it_stands(in_boxes()), as_it_stands(grainy)) > 0.8


def test_figures_written_higher_and_lower_in_their_boxes_stand_in_one_row() -> None:
    """Else the model sees them smaller: the line is as high as all of them together."""
    uneven = in_boxes()
    for number, (left, right) in enumerate(span for group in CELLS for span in group):
        uneven[:, left:right] = np.roll(uneven[:, left:right], (-1) ** number * 12, axis=0)
    high = (together(uneven).level > 70).any(axis=1).sum()
    assert high <= (together(in_boxes()).level > 70).any(axis=1).sum() + 2


def test_nothing_written_can_be_taken_in_no_way() -> None:
    assert readings(np.full((190, 920), 255, np.uint8), CELLS) == []


@settings(max_examples=60)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=80)))
def test_any_picture_becomes_a_line_or_nothing(grey: Grey) -> None:
    level = inked(grey)
    if level is not None:
        line = one_line(level)
        assert line.shape[0] == HEIGHT
        assert line.shape[1] <= WIDEST
