"""The writing of a field as it goes to recognition: whole where it crosses printed lines, and nobody else's."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forms.blank_pages import POINT
from forms.reading import read_page
from forms.writing.places import RECOGNITION_DPI
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

W, N = ("westminster-consent", "2023"), ("northamptonshire-consent", "2025")
DPI = (200.0, 200.0)
PX = RECOGNITION_DPI / 72
Stroke = tuple[float, float, float, float]


def inked(form: tuple[str, str], strokes: list[Stroke], field: str, *, skewed: float = 0.0) -> NDArray[np.bool_]:
    """Where the crop of a field has ink. Strokes are in points on the page: left, top, right, bottom."""
    page = drawn.filled(form[0], 1, [])
    for x0, y0, x1, y1 in strokes:
        ends = [(round(x * POINT), round(y * POINT)) for x, y in ((x0, y0), (x1, y1))]
        cv2.line(page, ends[0], ends[1], 40, 4, cv2.LINE_AA)
    scan: Pixels = drawn.skewed(page, skewed, 0.97) if skewed else page
    crops = read_page(scan, DPI, 1, CATALOGUE)[1]
    picture = cv2.imdecode(np.frombuffer(crops[f"ocr:{field}"], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return picture < 150


def pieces(ink: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Width and height of every piece, the tallest first."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    found = [(int(one[cv2.CC_STAT_WIDTH]), int(one[cv2.CC_STAT_HEIGHT])) for one in stats[1:]]
    return sorted(found, key=lambda size: -size[1])


@pytest.mark.parametrize("skewed", [0.0, 1.5])
@pytest.mark.parametrize("lean", [0.0, 3.0, -3.0])
def test_a_letter_that_crosses_the_line_is_whole(lean: float, skewed: float) -> None:
    box = CATALOGUE.get(*W).field("child_name").box
    across = (box[0] + 60 + lean, box[3] - 14, box[0] + 60 - lean, box[3] + 9)
    (_, height), *others = pieces(inked(W, [across], "child_name", skewed=skewed))
    assert height == pytest.approx(23 * PX, rel=0.12)
    assert not [one for one in others if one[1] > 2 * PX]


def test_a_figure_that_runs_over_the_edge_of_its_box_is_whole() -> None:
    field = CATALOGUE.get(*N).field("date_of_birth")
    cell = field.comb[2]
    stroke = (cell[0] - 6, cell[1] + 12, cell[0] + 10, cell[1] + 13)
    (width, _), *_ = sorted(pieces(inked(N, [stroke], "date_of_birth")), reverse=True)
    assert width == pytest.approx(17 * PX, rel=0.15)


def test_what_hangs_in_from_the_line_above_is_left_out() -> None:
    """A tail of the first line of an address is nothing in the second, and not lost in the first."""
    first = CATALOGUE.get(*N).field("address_1").box
    tail = (first[0] + 80, first[1] + 8, first[0] + 78, first[3] + 7)
    second = CATALOGUE.get(*N).field("address_2").box
    own = (second[0] + 20, second[1] + 6, second[0] + 20, second[3] - 6)
    assert len(pieces(inked(N, [tail, own], "address_2"))) == 1
    (_, height), *_ = pieces(inked(N, [tail, own], "address_1"))
    assert height == pytest.approx((first[3] + 7 - first[1] - 8) * PX, rel=0.12)


@pytest.mark.parametrize("skewed", [0.0, 0.7, -1.5])
@pytest.mark.parametrize(
    ("form", "field"), [(W, "child_name"), (W, "date_of_birth"), (N, "date_of_birth"), (N, "address_1")]
)
def test_the_printed_lines_alone_are_no_writing(form: tuple[str, str], field: str, skewed: float) -> None:
    """Rests of a line on both of its sides are not joined to a line."""
    box = CATALOGUE.get(*form).field(field).box
    own = (box[0] + 6, box[1] + 7, box[0] + 6, box[3] - 5)
    found = pieces(inked(form, [own], field, skewed=skewed))
    assert len([one for one in found if max(one) > 3 * PX]) == 1
