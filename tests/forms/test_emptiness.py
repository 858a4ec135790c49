"""A blank sheet is told from one with something faint on it, and from one line at its foot: a page called blank is looked at by nobody (R28)."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from forms.emptiness import Emptiness, emptiness_of
from forms.page import page_of
from forms.reading import FAINT_PAGE, read_page
from forms.register import turn
from forms.results import PageKind
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

DPI = (200.0, 200.0)
WORDS = "I withdraw my consent. Destroy it all. Ada Invented"


def sheet(shade: int = 250) -> Pixels:
    return np.full((2338, 1654), shade, np.uint8)


def lines(page: Pixels, ink: int, y: float, count: int = 1, size: float = 1.6) -> Pixels:
    """Handwriting of this shade, its first line so far down the page (share of its height)."""
    for line in range(count):
        place = (260, round(page.shape[0] * y) + 90 * line)
        cv2.putText(
            page, WORDS[: 28 if count > 1 else 22], place, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, size, ink, 3, cv2.LINE_AA
        )
    return page


def grained() -> Pixels:
    rng = np.random.default_rng(3)
    return np.clip(sheet(235) + rng.normal(0, 9, (2338, 1654)), 0, 255).astype(np.uint8)


def shown_through() -> Pixels:
    """The print of the other side, mirrored, soft and at a tenth of its darkness."""
    other = 255 - drawn.picture("westminster-policy", 1)[:, ::-1].astype(np.float32)
    return np.asarray(np.clip(250 - 0.10 * cv2.GaussianBlur(other, (0, 0), 3.0), 0, 255), np.uint8)


def shown_through_plainly() -> Pixels:
    """Thin paper: as dark as faint pencil, and soft."""
    other = 255 - drawn.picture("westminster-policy", 1)[:, ::-1].astype(np.float32)
    return np.asarray(np.clip(250 - 0.40 * cv2.GaussianBlur(other, (0, 0), 6.0), 0, 255), np.uint8)


def fed() -> Pixels:
    """The marks of a feeder: short strokes that come from the paper's edge, at its head and its foot."""
    page = sheet()
    for x in range(300, 1400, 150):
        page[:60, x : x + 8] = page[-60:, x : x + 8] = 40
    return page


def bordered() -> Pixels:
    page = sheet()
    page[:40] = page[-60:] = 20
    page[:, :50] = 20
    cv2.circle(page, (70, 800), 24, 30, -1)
    return page


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (sheet, Emptiness.EMPTY),
        (grained, Emptiness.EMPTY),
        (shown_through, Emptiness.EMPTY),
        (bordered, Emptiness.EMPTY),
        (shown_through_plainly, Emptiness.EMPTY),
        (fed, Emptiness.EMPTY),
        (lambda: lines(sheet(), 190, 0.3, 5), Emptiness.FAINT),
        (lambda: lines(sheet(), 40, 0.3), Emptiness.WRITTEN),
        (lambda: lines(sheet(), 40, 0.965, size=1.0), Emptiness.WRITTEN),
        (lambda: lines(sheet(), 40, 0.035, size=1.0), Emptiness.WRITTEN),
    ],
)
def test_what_is_on_a_sheet(page: Callable[[], Pixels], expected: Emptiness) -> None:
    whole = page_of(page(), DPI)
    assert whole is not None
    assert emptiness_of(turn(whole, whole.grey, 0).strokes) is expected


@pytest.mark.parametrize("high", [260, 535, 543, 551])
def test_the_back_of_a_slip_that_was_torn_off_is_blank_and_words_on_it_are_not(high: int) -> None:
    """A4 wide and a few centimetres high: its head and foot have no room for words of their own."""

    def what(slip: Pixels) -> Emptiness:
        whole = page_of(slip, DPI)
        assert whole is not None and whole.dpi == DPI
        return emptiness_of(turn(whole, whole.grey, 0).strokes)

    assert what(sheet()[:high].copy()) is Emptiness.EMPTY
    assert what(lines(sheet()[:high].copy(), 40, 0.5)) is Emptiness.WRITTEN


def test_faint_writing_is_no_blank_page_and_says_what_to_do() -> None:
    reading, _ = read_page(lines(sheet(), 190, 0.3, 5), DPI, 1, CATALOGUE)
    assert (reading.kind, reading.reason) == (PageKind.OTHER, FAINT_PAGE)


@pytest.mark.parametrize("left", [0.28, 0.22])
def test_a_form_scanned_much_too_light_is_read_or_refused_but_never_blank(left: float) -> None:
    marks = [("store_on_database", "no", "tick"), ("contact_by_email", "yes", "tick")]
    page = drawn.filled("westminster-consent", 1, marks)
    pale = np.asarray(250 - (255 - page.astype(np.float32)) * left, np.uint8)
    reading, _ = read_page(pale, DPI, 1, CATALOGUE)
    assert reading.kind is not PageKind.BLANK
    taken = {one.id: one.value for one in reading.fields if one.kind.is_mark and not one.review}
    assert taken.get("store_on_database", "no") == "no" and taken.get("contact_by_email", "yes") == "yes"
    assert "yes" not in {value for name, value in taken.items() if name != "contact_by_email"}
