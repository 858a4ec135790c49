"""Print that a scan lost is no other edition: its questions are asked about and the rest is read. Other print in its place is one."""

from collections.abc import Sequence

import numpy as np
import pytest

from forms.blank_pages import POINT
from forms.reading import read_page
from forms.results import PageKind, PageReading
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

N = "northamptonshire-consent"
SOME = ("keep_details_on_database", "tell_others", "contact_on_behalf")
MARKED = "access_information"


def read(pixels: Pixels) -> PageReading:
    return read_page(pixels, (200.0, 200.0), 1, CATALOGUE)[0]


def place(name: str) -> tuple[slice, slice]:
    left, top, right, bottom = (round(value * POINT) for value in CATALOGUE.get(N).field(name).labels["text"])
    return slice(top - 2, bottom + 3), slice(left - 2, right + 3)


def worn(pixels: Pixels, names: Sequence[str]) -> Pixels:
    """The page with two thirds of these questions' words lost, as a worn drum or correction fluid leaves them."""
    changed = pixels.copy()
    for name in names:
        rows, columns = place(name)
        changed[rows, columns.start + (columns.stop - columns.start) // 3 : columns.stop] = 255
    return changed


def reworded(pixels: Pixels, names: Sequence[str]) -> Pixels:
    """The page with other words there: the same print the other way round."""
    changed = pixels.copy()
    for name in names:
        changed[place(name)] = pixels[place(name)][:, ::-1]
    return changed


def filled() -> Pixels:
    return drawn.filled(N, 1, [(MARKED, "yes", "tick"), ("tell_others", "no", "tick")])


@pytest.mark.parametrize("noisy", [False, True])
def test_worn_words_are_asked_about_and_the_others_read(noisy: bool) -> None:
    page = worn(filled(), SOME)
    found = read(drawn.squeezed(drawn.noisy(page)) if noisy else page)
    assert found.kind is PageKind.FORM, found.reason
    answers = {one.id: one for one in found.fields}
    assert all(answers[name].review for name in SOME)
    assert (answers[MARKED].value, answers[MARKED].review) == ("yes", False)


@pytest.mark.parametrize("noisy", [False, True])
def test_other_words_in_their_place_are_another_edition(noisy: bool) -> None:
    page = reworded(filled(), SOME)
    assert read(drawn.squeezed(drawn.noisy(page)) if noisy else page).kind is PageKind.UNREADABLE


def test_questions_taken_out_are_another_edition() -> None:
    page = filled()
    for name in SOME:
        page[place(name)] = 255
    assert read(page).kind is PageKind.UNREADABLE


def test_a_page_that_lost_a_fifth_of_its_print_is_read() -> None:
    page = filled()
    page[: round(page.shape[0] * 0.23)] = 255
    found = read(page)
    assert found.kind is PageKind.FORM, found.reason
    assert 0.70 < found.matches["found"] < 0.88
    answers = {one.id: one for one in found.fields}
    assert (answers[MARKED].value, answers[MARKED].review) == ("yes", False)


def test_a_page_with_other_print_there_is_not() -> None:
    page = filled()
    high = round(page.shape[0] * 0.23)
    page[:high] = np.ascontiguousarray(page[:high, ::-1])
    assert read(page).kind is PageKind.UNREADABLE


def test_a_page_that_lost_nearly_half_is_not_read() -> None:
    page = filled()
    page[: round(page.shape[0] * 0.45)] = 255
    assert read(page).kind is PageKind.UNREADABLE
