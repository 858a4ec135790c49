"""Pages that we print are found by their corner marks and named by their code, whichever way they lie; nothing else is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forms.blank_pages import blank_pages
from forms.catalogue import Catalogue, load_catalogue
from forms.corners import by_corner_marks, corner_marks
from forms.drafting.parts import pictures_of
from forms.identify import Candidate
from forms.page import halved, page_of
from forms.printing.kept import write_print
from forms.printing.press import print_form, print_source
from forms.printing.source import source_of
from forms.reading import CODE_OF_ANOTHER, read_page
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


def covered(picture: Picture, *boxes: tuple[int, int, int, int]) -> Picture:
    """With white paper over these places: left, top, right, bottom in mm of A4."""
    picture, a_mm = picture.copy(), picture.shape[1] / 210
    for left, top, right, bottom in boxes:
        picture[round(top * a_mm) : round(bottom * a_mm), round(left * a_mm) : round(right * a_mm)] = 255
    return picture


CODE, A_MARK = (166, 4, 194, 32), (190, 278, 210, 297)


@pytest.mark.parametrize("number", [1, 2])
def test_a_page_whose_code_is_covered_is_found_by_its_print(catalogue: Catalogue, number: int) -> None:
    """Among writing, too: a stamp or a label often lies in that corner."""
    made = a_form(Set.PROVE, catalogue, catalogue.templates()[0], "clean", 3)
    picture = covered(made.pages[number - 1], CODE)
    reading, _ = read_page(picture, made.recipes[0].resolution, 1, catalogue)
    assert (reading.kind, reading.edition, reading.template_page) == (PageKind.FORM, made.template.edition, number)


def test_a_page_is_not_looked_for_by_its_code(catalogue: Catalogue) -> None:
    """Hundreds of corners in one spot laid the foot of a page a millimetre off, and an empty field was taken for signed."""
    for blank in blank_pages(catalogue):
        x, y = (blank.features.points * 25.4 / 100).T
        assert not ((x > CODE[0] + 5) & (x < CODE[2] - 3) & (y > CODE[1] + 4) & (y < CODE[3] - 4)).any()


@pytest.mark.parametrize("lost", [(), (A_MARK,)], ids=["all marks", "a mark lost"])
def test_the_next_edition_is_not_read_by_this_one_though_it_says_the_same(
    lost: tuple[tuple[int, int, int, int], ...],
) -> None:
    """Its code says so: what changed may be words that no question's label names."""
    for form in ("westminster-consent", "northamptonshire-consent"):
        source = source_of(form)
        newer = print_source(replace(source, edition="2027", edition_number=source.edition_number + 1), large=False)
        for number, same in enumerate(pictures_of(newer.pdf), start=1):
            reading, _ = read_page(covered(same, *lost), (200.0, 200.0), number, load_catalogue())
            assert (reading.kind, reading.reason) == (PageKind.UNREADABLE, CODE_OF_ANOTHER)
