"""What a page is, at a glance: only where it is plain, and never of those that say it themselves."""

import cv2
import numpy as np
import pytest

from forms.blank_pages import FEATURE_DPI, BlankPage, Glance, blank_pages, glance_of, unpacked
from forms.catalogue import load_catalogue
from forms.identify import FAR_BEHIND, PLAIN_AT_A_GLANCE, at_a_glance
from forms.page import WIDE_REACH, Grey, darkness_of, halved
from forms.reading import read_page
from forms.results import PageKind
from tests.golden import drawn

BLANKS = blank_pages(load_catalogue())
PLAIN = [blank for blank in BLANKS if not blank.is_coded]


def scanned(blank: BlankPage, degrees: float) -> Grey:
    """The darkness of a blank at FEATURE_DPI, laid askew."""
    small = halved(unpacked(blank.picture))
    height, width = small.shape
    by = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.98)
    return darkness_of(np.asarray(cv2.warpAffine(small, by, (width, height), borderValue=255), np.uint8), WIDE_REACH)


@pytest.mark.parametrize("blank", PLAIN, ids=lambda blank: blank.known.name)
@pytest.mark.parametrize("degrees", [0.7, -3.0])
def test_it_names_each_page_and_says_where_it_lies(blank: BlankPage, degrees: float) -> None:
    found = at_a_glance(scanned(blank, degrees), BLANKS)
    assert found is not None
    assert found.blank is blank
    assert found.matches >= PLAIN_AT_A_GLANCE
    height, width = blank.soft.shape
    middle = found.rough @ [width / 2, height / 2, 1.0]
    assert np.abs(middle[:2] - [width / 2, height / 2]).max() < 3
    assert np.degrees(np.arctan2(found.rough[1, 0], found.rough[0, 0])) == pytest.approx(-degrees, abs=0.3)


def test_of_two_that_are_alike_it_names_neither() -> None:
    blank = PLAIN[0]
    assert at_a_glance(scanned(blank, 0.5), [blank, *PLAIN[1:]]) is not None
    assert at_a_glance(scanned(blank, 0.5), [blank, blank]) is None  # not FAR_BEHIND
    assert FAR_BEHIND > 1


def test_a_page_that_we_print_is_left_to_its_code() -> None:
    coded = next(blank for blank in BLANKS if blank.is_coded)
    found = at_a_glance(scanned(coded, 0.5), BLANKS)
    assert found is None or not found.blank.is_coded


def test_an_empty_page_is_none() -> None:
    assert at_a_glance(np.zeros((1169, 827), np.uint8), BLANKS) is None
    assert at_a_glance(scanned(PLAIN[0], 0.0), []) is None


def test_what_is_plain_at_a_glance_and_not_where_it_should_be_gets_the_closer_look() -> None:
    """A photograph askew: a glance knows no perspective, and the page must be read all the same."""
    pixels = drawn.picture("westminster-consent")
    height, width = pixels.shape
    before = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    after = np.array([[240, 200], [width - 80, 0], [width, height - 120], [0, height]], np.float32)
    askew = cv2.warpPerspective(pixels, cv2.getPerspectiveTransform(before, after), (width, height), borderValue=255)
    reading, _ = read_page(np.asarray(askew, np.uint8), (2.0 * FEATURE_DPI,) * 2, 1, load_catalogue())
    assert (reading.kind, reading.edition) == (PageKind.FORM, "2023")
    assert reading.matches["found"] > 0.9


def test_bits_alike_are_counted_exactly() -> None:
    seen = glance_of(scanned(PLAIN[0], 0.4), 500)
    for blank in PLAIN:
        known = blank.glance
        assert known is not None
        for some in (known, Glance(known.points[:-1], known.signs[:-1])):  # an odd number of corners too
            assert np.array_equal(some.alike(seen), some.signs @ seen.signs.T)
    same = Glance(seen.points, seen.signs)
    assert (np.diag(same.alike(seen)) == 256).all()
