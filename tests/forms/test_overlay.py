"""The picture of what was read covers no ink."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from forms.geometry import grown, place_box
from forms.overlay import draw, scaled
from forms.reading import read_page
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

MARKS = [("contact_by_email", "yes", "tick"), ("contact_by_text", "no", "tick"), ("contact_health", "tick", "dot")]


def colours(png: bytes) -> Pixels:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_no_ink_is_covered_and_values_stand_in_colour(turns: int) -> None:
    page = drawn.filled("westminster-consent", 1, MARKS)
    turned = np.ascontiguousarray(np.rot90(page, turns))
    picture = colours(draw(turned, read_page(turned, None, 1, CATALOGUE)[0]))
    assert picture.shape[:2] == page.shape
    ink = page < 200
    assert (picture[ink] == page[ink][:, None]).all()
    coloured = (picture.max(axis=2).astype(int) - picture.min(axis=2)) > 60
    assert coloured.sum() > 500


def test_a_page_that_is_no_form_is_left_as_it_is() -> None:
    page = drawn.letter()
    picture = colours(draw(page, read_page(page, None, 1, CATALOGUE)[0]))
    assert (picture == page[:, :, None]).all()


def test_a_colour_page_is_taken() -> None:
    page = np.repeat(drawn.filled("westminster-consent", 1, MARKS)[:, :, None], 3, axis=2)
    assert colours(draw(page, read_page(page, None, 1, CATALOGUE)[0])).shape == page.shape


def test_on_dark_coloured_paper_values_are_drawn_as_well_and_ink_stays() -> None:
    white = drawn.filled("westminster-consent", 1, MARKS)
    yellow = np.rint(white[:, :, None] / 255.0 * np.array([190.0, 170.0, 60.0])).astype(np.uint8)
    picture = colours(draw(yellow, read_page(white, None, 1, CATALOGUE)[0]))[:, :, ::-1]
    changed = (picture != yellow).any(axis=2)
    assert changed.sum() > 500
    assert not changed[white < 120].any()


def test_values_stand_near_their_boxes_on_a_speckled_page() -> None:
    page = drawn.filled("westminster-consent", 1, MARKS)
    specks = np.random.default_rng(3).integers(0, 2000, page.shape) == 0
    reading = read_page(page, None, 1, CATALOGUE)[0]
    assert reading.placement is not None
    picture = colours(draw(np.where(specks, 0, page).astype(np.uint8), reading))
    (field,) = [one for one in reading.fields if one.id == "contact_by_email"]
    left, top, right, bottom = (round(edge) for edge in place_box(reading.placement, grown(field.box, 45, 12)))
    around = picture[top:bottom, left:right].astype(int)
    letters = (around[:, :, 1] - around[:, :, 2]) > 60  # green: read, and not asked
    assert letters.sum() > 300


def test_a_stretched_page_has_its_boxes_where_they_are() -> None:
    page = drawn.filled("westminster-consent", 1, MARKS)[:2338]
    reading = read_page(page, None, 1, CATALOGUE)[0]
    squashed = np.ascontiguousarray(page[::2])
    assert reading.placement is not None
    there = replace(reading, placement=scaled(reading.placement, 1.0, 0.5))
    plain, stretched = colours(draw(page, reading)), colours(draw(squashed, there, (1.0, 2.0)))
    assert stretched.shape == plain.shape

    def rows(picture: Pixels) -> set[int]:
        coloured = (picture.max(axis=2).astype(int) - picture.min(axis=2)) > 60
        return set(np.nonzero(coloured.sum(axis=1) > 200)[0].tolist())  # lines that frame the wide fields

    assert rows(plain)
    assert all(any(row + off in rows(stretched) for off in (-2, -1, 0, 1, 2)) for row in rows(plain))
