"""Damage is never an answer: whatever happens to a page, the reader never fails and never takes a yes that is not there.

Pages come from the generator's proving set, so nothing here was fitted on.
"""

from functools import lru_cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from forms.catalogue import load_catalogue
from forms.judging import SPECKS
from forms.reading import read_page
from forms.results import PageKind, PageReading
from tests.generator.samples import Made, Set, a_form

Picture = NDArray[np.uint8]
CATALOGUE = load_catalogue()
WESTMINSTER = CATALOGUE.get("westminster-consent", "2023")
COUNT = 6


@lru_cache(maxsize=32)
def form(number: int, difficulty: str = "typical") -> Made:
    """A generated form of one page."""
    return a_form(Set.PROVE, CATALOGUE, WESTMINSTER, difficulty, 900 + number)


def read(picture: Picture, dpi: tuple[float, float] | None = (200.0, 200.0)) -> PageReading:
    """What is read of a picture."""
    return read_page(picture, dpi, 1, CATALOGUE)[0]


def taken(reading: PageReading) -> dict[str, str]:
    """The answers of marks that nobody is asked about."""
    return {one.id: str(one.value) for one in reading.fields if one.kind.is_mark and not one.review}


def false_yes(reading: PageReading, made: Made) -> list[str]:
    """Fields where a yes was taken that a careful person does not read."""
    return [name for name, value in taken(reading).items() if value == "yes" and made.fields[name].value != "yes"]


@settings(max_examples=30, deadline=None)
@given(
    width=st.integers(1, 900),
    height=st.integers(1, 900),
    shade=st.integers(0, 255),
    noise=st.integers(0, 120),
    seed=st.integers(0, 99),
    colour=st.booleans(),
    dpi=st.one_of(st.none(), st.tuples(st.floats(1, 1200), st.floats(1, 1200))),
)
def test_a_page_of_anything_never_fails_and_never_says_yes(
    width: int, height: int, shade: int, noise: int, seed: int, colour: bool, dpi: tuple[float, float] | None
) -> None:
    shape = (height, width, 3) if colour else (height, width)
    grains = np.random.default_rng(seed).normal(shade, noise, shape)
    reading = read(np.asarray(np.clip(grains, 0, 255), np.uint8), dpi)
    assert "yes" not in taken(reading).values()


@settings(max_examples=25, deadline=None)
@given(
    number=st.integers(0, COUNT - 1),
    angle=st.floats(-6, 6),
    scale=st.floats(0.3, 1.4),
    shift=st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)),
    noise=st.integers(0, 40),
)
def test_moved_turned_and_noisy_pages_never_give_a_false_yes(
    number: int, angle: float, scale: float, shift: tuple[float, float], noise: int
) -> None:
    made = form(number)
    page = (
        made.pages[0]
        if made.pages[0].ndim == 2
        else np.asarray(cv2.cvtColor(made.pages[0], cv2.COLOR_RGB2GRAY), np.uint8)
    )
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    matrix[:, 2] += (shift[0] * width, shift[1] * height)
    moved = cv2.warpAffine(page, matrix, (width, height), borderValue=255)
    grains = np.random.default_rng(number).normal(0, noise, moved.shape)
    reading = read(np.asarray(np.clip(moved + grains, 0, 255), np.uint8), made.recipes[0].resolution)
    assert false_yes(reading, made) == []


@settings(max_examples=20, deadline=None)
@given(
    number=st.integers(0, COUNT - 1),
    places=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.2)), min_size=1, max_size=6),
)
def test_taking_ink_away_never_turns_another_answer_into_yes(
    number: int, places: list[tuple[float, float, float]]
) -> None:
    made = form(number)
    page = made.pages[0].copy()
    height, width = page.shape[:2]
    for x, y, size in places:
        left, top = int(x * width), int(y * height)
        page[top : top + int(size * height), left : left + int(size * width)] = 255
    before, after = (
        taken(read(made.pages[0], made.recipes[0].resolution)),
        taken(read(page, made.recipes[0].resolution)),
    )
    for name, value in after.items():
        assert value != "yes" or before.get(name, "asked") in ("yes", "asked")
        assert value != "yes" or made.fields[name].value != "no"


@pytest.mark.parametrize("number", range(COUNT))
def test_a_page_upside_down_gives_the_same_answers_or_questions(number: int) -> None:
    made = form(number)
    upright = read(made.pages[0], made.recipes[0].resolution)
    turned = read(np.ascontiguousarray(made.pages[0][::-1, ::-1]), made.recipes[0].resolution)
    assert turned.kind is upright.kind
    one, other = taken(upright), taken(turned)
    assert all(other[name] == value for name, value in one.items() if name in other)


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_a_cropped_page_is_asked_about_where_it_ends(side: str, share: float) -> None:
    made = form(1)
    height, width = made.pages[0].shape[:2]
    cut_x, cut_y = int(width * share), int(height * share)
    page = {
        "left": made.pages[0][:, cut_x:],
        "right": made.pages[0][:, : width - cut_x],
        "top": made.pages[0][cut_y:],
        "bottom": made.pages[0][: height - cut_y],
    }[side]
    reading = read(np.ascontiguousarray(page), made.recipes[0].resolution)
    assert false_yes(reading, made) == []
    if reading.kind is not PageKind.FORM:
        assert reading.reason


def test_a_smudge_over_the_boxes_is_no_answer() -> None:
    made = form(2)
    page = made.pages[0].copy()
    height, width = page.shape[:2]
    band = page[int(height * 0.46) : int(height * 0.60)]
    band[:] = cv2.GaussianBlur(band, (0, 0), width / 60)
    reading = read(page, made.recipes[0].resolution)
    assert false_yes(reading, made) == []


def test_a_fold_over_the_boxes_hides_and_does_not_answer() -> None:
    made = form(3)
    page = made.pages[0]
    height = page.shape[0]
    folded = np.concatenate([page[: int(height * 0.29)], page[int(height * 0.34) :], page[-int(height * 0.05) :]])
    reading = read(np.ascontiguousarray(folded), made.recipes[0].resolution)
    assert false_yes(reading, made) == []


def test_a_page_full_of_specks_is_asked_about_with_the_reason() -> None:
    """Grained paper under an adaptive threshold: specks of a mark's size lie everywhere, and a mark among them is nothing."""
    made = form(4)
    page = made.pages[0].copy()
    grey = page if page.ndim == 2 else page.min(axis=2)
    rng = np.random.default_rng(7)
    specks = np.zeros(grey.shape, np.uint8)
    dots = int(0.5 * (grey.shape[0] / 11.7 / 25.4) ** -2 * grey.size)
    specks.ravel()[rng.integers(0, grey.size, dots)] = 1
    specky = np.where(cv2.dilate(specks, np.ones((3, 4), np.uint8)) > 0, 0, grey).astype(np.uint8)
    assert taken(read(grey, made.recipes[0].resolution)) != {}
    reading = read(specky, made.recipes[0].resolution)
    assert taken(reading) == {}
    assert reading.kind is not PageKind.FORM or {f.reason for f in reading.fields if f.kind.is_mark} == {SPECKS}


def test_a_blank_page_is_blank() -> None:
    reading = read(np.full((2339, 1654), 250, np.uint8))
    assert (reading.kind, reading.fields) == (PageKind.BLANK, ())
