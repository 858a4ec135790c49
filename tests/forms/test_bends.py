"""A page that was bent, copied pale or written all over is the form that it is; another edition that was bent is still another one."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from forms.bends import STEP, Bend, bend_of
from forms.blank_pages import POINT, blank_pages
from forms.identify import Candidate
from forms.page import page_of
from forms.reading import _fault, read_page
from forms.register import _counted, register, turn
from forms.results import PageKind, PageReading
from forms.template import Kind
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

W, N = "westminster-consent", "northamptonshire-consent"
SIZE = (1169, 827)
"""Height and width of A4 at FEATURE_DPI."""
WIDE = 2.4
"""By how many pixels at FEATURE_DPI a test's page sways: 0.6 mm."""


def sway(places: np.ndarray) -> np.ndarray:
    """How far each place (n × (x, y)) of a page that was fed unevenly is off."""
    y = places[:, 1] / SIZE[0]
    return np.stack([WIDE * np.sin(9 * y), WIDE * np.cos(7 * y)], axis=1)


def all_over(count: int = 300) -> np.ndarray:
    rng = np.random.default_rng(5)
    return rng.uniform((40, 40), (SIZE[1] - 40, SIZE[0] - 40), (count, 2))


def bent(page: Pixels) -> Pixels:
    """The page (200 dpi) swaying as `sway` says."""
    height, width = page.shape
    y = np.arange(height, dtype=np.float32)[:, None] / height
    across = np.arange(width, dtype=np.float32)[None, :] - 2 * WIDE * np.sin(9 * y)
    down = np.arange(height, dtype=np.float32)[:, None] - 2 * WIDE * np.cos(7 * y)
    where = (across.astype(np.float32), np.repeat(down, width, axis=1).astype(np.float32))
    return np.asarray(cv2.remap(page, *where, cv2.INTER_LINEAR, borderValue=255), np.uint8)


@pytest.mark.parametrize("scale", [1, 2])
def test_it_is_straightened_as_by_the_place_of_every_pixel(scale: int) -> None:
    """The quick way gives the same, pixel for pixel, as maps of places made with numpy."""
    rng = np.random.default_rng(8)
    for size in (SIZE, (SIZE[0] + 1, SIZE[1] + 3), (SIZE[0] - 2, SIZE[1] - 6)):
        height, width = size[0] * scale + scale // 2, size[1] * scale
        rows, columns = -(-height // (STEP * scale)), -(-width // (STEP * scale))
        bend = Bend(rng.normal(0, WIDE, (rows, columns, 2)).astype(np.float32))
        picture = rng.integers(0, 256, (height, width), np.uint8)
        large = cv2.resize(bend.shifts * scale, (columns * STEP * scale, rows * STEP * scale))[:height, :width]
        across = large[..., 0] + np.arange(width, dtype=np.float32)
        down = large[..., 1] + np.arange(height, dtype=np.float32)[:, None]
        plain = cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        assert np.array_equal(bend.straightened(picture, scale), plain)


def pale(page: Pixels) -> Pixels:
    """Print as a copier with hardly any toner left makes it."""
    return np.asarray(255 - (255 - page.astype(np.float64)) * 0.4, np.uint8)


def read(page: Pixels) -> PageReading:
    return read_page(page, (200.0, 200.0), 1, CATALOGUE)[0]


def answers(reading: PageReading) -> dict[str, tuple[str | None, bool]]:
    return {one.id: (one.value, one.review) for one in reading.fields if one.kind.is_mark}


def test_what_is_left_of_a_bend_is_less_than_print_is_fattened_by() -> None:
    places = all_over()
    found = bend_of(places, sway(places), np.ones(len(places), bool), SIZE)
    assert found is not None
    rows, columns = found.shifts.shape[:2]
    y, x = np.mgrid[0:rows, 0:columns] * STEP + STEP / 2
    there = sway(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(rows, columns, 2)
    inner = (slice(1, rows - 2), slice(1, columns - 1))
    assert float(np.abs(found.shifts - there)[inner].max()) < 1.0


def test_a_flat_page_is_left_as_it_lies() -> None:
    places = all_over()
    off = np.random.default_rng(6).normal(0, 0.2, places.shape)
    assert bend_of(places, off, np.ones(len(places), bool), SIZE) is None


def test_print_found_in_a_wrong_place_bends_nothing_around_it() -> None:
    places, off = all_over(), np.zeros((300, 2))
    off[:40] = 4.0  # a whole block lies off: the rest of the page stays
    places[:40] = np.random.default_rng(7).uniform((100, 100), (220, 160), (40, 2))
    found = bend_of(places, off, np.ones(300, bool), SIZE)
    assert found is not None
    assert float(np.abs(found.shifts[8:]).max()) == 0.0


def test_too_little_print_tells_of_no_bend() -> None:
    places = all_over(20)
    assert bend_of(places, sway(places), np.ones(20, bool), SIZE) is None


MARKS = {
    W: [("store_on_database", "yes", "tick"), ("contact_by_email", "no", "tick"), ("contact_legal", "tick", "tick")],
    N: [("keep_details_on_database", "yes", "tick"), ("tell_others", "no", "tick")],
}


@pytest.mark.parametrize("form", [W, N])
def test_a_bent_page_is_read_as_a_flat_one(form: str) -> None:
    """Its print lay beside the blank's and was taken for writing over the words."""
    page = drawn.filled(form, 1, MARKS[form])
    found = read(bent(page))
    assert found.kind is PageKind.FORM, found.reason
    asked = [name for name, (_, review) in answers(found).items() if review]
    assert not asked
    assert answers(found) == answers(read(page))


@pytest.mark.parametrize("worse", [bent, pale])
def test_another_edition_stays_another_one(worse: Callable[[Pixels], Pixels]) -> None:
    """Two questions changed places: no straightening, and no paleness, makes them stand where they stood."""
    page = drawn.filled(N, 1, MARKS[N])
    changed = page.copy()
    fields = CATALOGUE.get(N)
    places = [
        tuple(round(value * POINT) for value in fields.field(name).labels["text"])
        for name in ("tell_others", "contact_on_behalf")
    ]
    (left, top, right, bottom), (_, other, _, _) = places
    right = max(right, places[1][2])
    one, two = (
        (slice(top - 2, bottom + 3), slice(left - 2, right + 3)),
        (slice(other - 2, other + bottom - top + 3), slice(left - 2, right + 3)),
    )
    changed[one], changed[two] = page[two], page[one]
    found = read(worse(changed))
    asked = answers(found)
    assert found.kind is not PageKind.FORM or all(asked[name][1] for name in ("tell_others", "contact_on_behalf"))


@pytest.mark.parametrize("number", [1, 2])
def test_a_pale_copy_filled_in_with_a_black_pen_is_found(number: int) -> None:
    """The strongest corners on it were those of the writing, and it was none of ours."""
    page = written_over(pale(drawn.picture(N, number)), number)
    found = read(page)
    assert (found.kind, found.form, found.template_page) == (PageKind.FORM, N, number), found.reason


def written_over(page: Pixels, number: int) -> Pixels:
    """Black writing in every field of a page, over the lines of its boxes."""
    changed = page.copy()
    rng = np.random.default_rng(8)
    for field in CATALOGUE.get(N).on_page(number):
        for name, box in field.boxes.items():
            left, top, right, bottom = (round(value * POINT) for value in box)
            if name == "no" or field.kind.is_mark or field.kind is Kind.DATE:
                continue
            right = min(right, left + (right - left) // 2 + 60)
            count = max(5, (right - left) // 8)
            xs = np.linspace(left + 6, right - 6, count) + rng.normal(0, 3, count)
            ys = (top + bottom) / 2 + rng.normal(0, 0.2, count) * (bottom - top)
            cv2.polylines(changed, [np.stack([xs, ys], axis=1).astype(np.int32)], False, 0, 4, cv2.LINE_AA)
        for place in field.comb:
            left, top, right, bottom = (round(value * POINT) for value in place)
            cv2.putText(changed, str(rng.integers(10)), (left + 4, bottom - 4), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 4)
    return changed


def test_print_that_was_written_over_is_not_missed() -> None:
    """Every box filled beyond its lines and a figure in every figure box: a seventh of the print was not found, and the page was refused."""
    page = drawn.picture(N, 2).copy()
    for field in CATALOGUE.get(N).on_page(2):
        for name, box in field.boxes.items():
            if field.kind.is_mark and name != "no":
                x, y = (round((box[n] + box[n + 2]) / 2 * POINT) for n in (0, 1))
                cv2.rectangle(page, (x - 34, y - 18), (x + 34, y + 18), 0, -1)
        for place in field.comb:
            left, _, _, bottom = (round(value * POINT) for value in place)
            cv2.putText(page, "8", (left + 4, bottom - 4), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 5)
    found = read(page)
    assert found.kind is PageKind.FORM, found.reason
    assert found.matches["found"] >= 0.95


def test_print_under_fields_is_not_counted_only_where_most_of_the_print_is_found() -> None:
    """Another page on the same letterhead: what its fields hide is no reason to believe the rest."""
    page = drawn.picture(N, 2)
    scan = page_of(page, (200.0, 200.0))
    assert scan is not None
    upright = turn(scan, page, 0)
    blank = next(one for one in blank_pages(CATALOGUE) if (one.known.id, one.known.page) == (N, 2))
    found = register(blank, upright, np.eye(3))
    assert found is not None
    candidate = Candidate(blank, np.eye(3), 100)
    assert _fault(candidate, found) is None
    assert _fault(candidate, replace(found, found=1.0, whole=0.45)) is not None


@pytest.mark.parametrize(("hidden", "counted"), [(0.5, 80), (0.9, 100)])
def test_where_hardly_any_outline_stands_in_its_place_all_of_them_count(hidden: float, counted: int) -> None:
    written_on = np.arange(100) < 40
    good = ~(np.arange(100) < 40 * hidden)
    assert int(_counted(good, written_on).sum()) == counted
