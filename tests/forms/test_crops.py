"""The writing of a field as it goes to recognition: whole where it crosses printed lines, and nobody else's."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forms.blank_pages import POINT
from forms.reading import read_page
from forms.refusals import WORDS, no_signature
from forms.writing.letters import Letters
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


def shown(scan: Pixels, dpi: tuple[float, float], field: str) -> tuple[tuple[float, float], Pixels]:
    """How wide and high a field is on the scan, in inches, and its cut-out."""
    reading, crops = read_page(scan, dpi, 1, CATALOGUE)
    left, top, right, bottom = next(one.crop for one in reading.fields if one.id == field) or (0, 0, 0, 0)
    picture = cv2.imdecode(np.frombuffer(crops[field], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return ((right - left) / dpi[0], (bottom - top) / dpi[1]), np.asarray(picture, np.uint8)


def test_the_cut_out_of_a_fax_is_not_squashed() -> None:
    page = drawn.picture(W[0])
    fax = np.asarray(cv2.resize(page, (1728, round(page.shape[0] * 98 / 200)), interpolation=cv2.INTER_AREA), np.uint8)
    (wide, high), picture = shown(fax, (1728 / page.shape[1] * 200, 98.0), "contact_health")
    assert picture.shape[1] / picture.shape[0] == pytest.approx(wide / high, rel=0.03)


@pytest.mark.parametrize(("black_and_white", "dots"), [(False, 200), (True, 300)])
def test_greys_are_shown_at_the_working_resolution_and_black_and_white_as_scanned(
    black_and_white: bool, dots: int
) -> None:
    page = cv2.resize(drawn.picture(W[0]), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_LINEAR)
    scan = np.where(page < 128, 0, 255) if black_and_white else page
    (wide, high), picture = shown(np.asarray(scan, np.uint8), (300.0, 300.0), "contact_health")
    assert picture.shape == pytest.approx((high * dots, wide * dots), abs=1)
    assert set(np.unique(picture)) <= {0, 255} or not black_and_white


@pytest.mark.parametrize(
    ("field", "beyond", "shown"),
    [
        pytest.param("signed_on", [], 1, id="written inside"),
        pytest.param("signed_on", [3, 8, 13], 4, id="runs out"),
        pytest.param("signed_on", [9, 14], 1, id="something else stands further on"),
        pytest.param("signed_on", list(range(3, 80, 4)), 2, id="goes on for ever"),
        pytest.param("parent_name", [6, 11], 1, id="no date"),
    ],
)  # fmt: skip
def test_a_date_that_runs_out_of_its_field_is_whole(field: str, beyond: list[float], shown: int) -> None:
    """Cut off after "202", a year was read as 2020."""
    _, top, right, bottom = CATALOGUE.get(*W).field(field).box
    strokes = [(right + x, top + 6.0, right + x, bottom - 5.0) for x in [-1.0, *beyond]]
    assert len(pieces(inked(W, strokes, field))) == shown


@pytest.mark.parametrize("beyond", [[], [3.0, 8.0, 13.0]], ids=["written inside", "runs out"])
def test_whoever_types_a_date_sees_all_of_it(beyond: list[float]) -> None:
    """The cut-out ended after "202" where what was read went on to "2024"."""
    _, top, right, bottom = CATALOGUE.get(*W).field("signed_on").box
    page = drawn.filled(W[0], 1, [])
    for x in (-1.0, *beyond):
        ends = [(round((right + x) * POINT), round(y * POINT)) for y in (top + 6.0, bottom - 5.0)]
        cv2.line(page, ends[0], ends[1], 40, 4, cv2.LINE_AA)
    place = next(one.crop for one in read_page(page, DPI, 1, CATALOGUE)[0].fields if one.id == "signed_on")
    assert place is not None
    past = place[2] / POINT - max((right, *(right + x for x in beyond)))
    assert 4.0 < past < 9.0, "a margin beside the last stroke, and not more"


@pytest.mark.parametrize(("words", "asked"), [("I do not sign", WORDS), ("Rosa Flint", None)])
def test_what_stands_in_the_place_of_a_signature_is_read_as_a_name_is(words: str, asked: str | None) -> None:
    """R23: its shape alone does not tell words from a signature."""
    page = drawn.filled(W[0], 1, [])
    left, _, _, bottom = CATALOGUE.get(*W).field("signature").box
    place = (round((left + 6) * POINT), round((bottom - 5) * POINT))
    cv2.putText(page, words, place, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.4, 40, 3, cv2.LINE_AA)
    reading, crops = read_page(page, DPI, 1, CATALOGUE)
    assert next(one for one in reading.fields if one.id == "signature").value == "present"
    cut_out = np.asarray(cv2.imdecode(np.frombuffer(crops["ocr:signature"], np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
    assert no_signature(Letters().read(cut_out)) == asked


def test_where_nobody_signed_nothing_is_read() -> None:
    assert "ocr:signature" not in read_page(drawn.filled(W[0], 1, []), DPI, 1, CATALOGUE)[1]
