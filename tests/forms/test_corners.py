"""Pages that we print are found by their corner marks and named by their code, whichever way they lie; nothing else is."""

from pathlib import Path

import numpy as np
import pytest

from forms.blank_pages import blank_pages
from forms.catalogue import Catalogue, load_catalogue
from forms.corners import by_corner_marks, corner_marks
from forms.identify import Candidate
from forms.page import halved, page_of
from forms.printing.kept import write_print
from forms.printing.press import print_form
from forms.reading import read_page
from forms.register import turn
from forms.results import PageKind
from tests.generator.samples import Picture, Set, a_form


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder: Path = tmp_path_factory.mktemp("prints")
    write_print(print_form("westminster-consent"), folder)
    return load_catalogue(folder)


def found(picture: Picture, catalogue: Catalogue) -> Candidate | None:
    page = page_of(picture, (200.0, 200.0))
    assert page is not None
    work = turn(page, picture, 0).work
    return by_corner_marks(halved(work), work, blank_pages(catalogue), catalogue)


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
@pytest.mark.parametrize("number", [1, 2])
def test_a_printed_page_says_what_it_is(catalogue: Catalogue, turned: int, number: int) -> None:
    made = a_form(Set.PROVE, catalogue, catalogue.templates()[0], "clean", 3)
    picture = np.ascontiguousarray(np.rot90(made.pages[number - 1], turned))
    candidate = found(picture, catalogue)
    assert candidate is not None
    assert (candidate.blank.known.template, candidate.blank.known.page) == (made.template, number)
    reading, _ = read_page(picture, made.recipes[0].resolution, 1, catalogue)
    assert (reading.kind, reading.edition, reading.template_page) == (PageKind.FORM, made.template.edition, number)
    assert reading.template_sum == made.template.content_sum


def test_a_page_with_a_mark_torn_off_is_found_by_its_print(catalogue: Catalogue) -> None:
    made = a_form(Set.PROVE, catalogue, catalogue.templates()[0], "clean", 4)
    picture = made.pages[0].copy()
    picture[: picture.shape[0] // 14, : picture.shape[1] // 9] = 255
    assert found(picture, catalogue) is None
    assert read_page(picture, made.recipes[0].resolution, 1, catalogue)[0].kind is PageKind.FORM


def test_other_forms_have_no_corner_marks() -> None:
    own = load_catalogue()
    made = a_form(Set.PROVE, own, own.get("westminster-consent", "2023"), "typical", 5)
    page = page_of(made.pages[0], made.recipes[0].resolution)
    assert page is not None
    assert corner_marks(halved(turn(page, made.pages[0], 0).work)) is None
