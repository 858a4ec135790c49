"""A signature, nothing, or something that may not be one: drawn examples of each at 200 dpi."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from forms.writing.signatures import DPI, Limits, judge, judge_signature, measure

MM = DPI / 25.4
Field = NDArray[np.uint8]


def field() -> Field:
    """An empty signature field of 75 by 14 mm."""
    return np.zeros((round(14 * MM), round(75 * MM)), np.uint8)


def at(x_mm: float, y_mm: float) -> tuple[int, int]:
    return round(x_mm * MM), round(y_mm * MM)


def wavy(long_mm: float = 30, high_mm: float = 6, waves: float = 5, pen: int = 4, dark: int = 220) -> Field:
    """A flourish of joined arches, as many sign."""
    made = field()
    t = np.linspace(0, 1, 200)
    x = 8 + t * long_mm + 1.5 * np.sin(t * waves * 12)
    y = 7 + high_mm / 2 * np.sin(t * waves * 6.283) * (1 - 0.6 * t)
    points = (np.stack([x, y], axis=1) * MM).astype(np.int32)
    cv2.polylines(made, [points], False, dark, pen, cv2.LINE_AA)
    return made


def lines(*ends: tuple[float, float, float, float], pen: int = 4) -> Field:
    made = field()
    for x1, y1, x2, y2 in ends:
        cv2.line(made, at(x1, y1), at(x2, y2), 220, pen, cv2.LINE_AA)
    return made


def broken_streaks() -> Field:
    """Both edges of a note's shadow, twice, in a thresholded scan: many short upright strokes."""
    made = field()
    for x in (20, 21.2, 50, 51.2):
        for y in np.arange(0, 14, 1.9):
            cv2.line(made, at(x, float(y)), at(x + 0.1, float(y) + 1.4), 220, 4)
    return made


def grain() -> Field:
    """Grained paper that a scanner has sharpened: short strokes all over the field."""
    made = field()
    rng = np.random.default_rng(4)
    for x in np.arange(3, 72, 2.0):
        for y in (2, 5, 8, 11):
            if rng.random() < 0.4:
                cv2.line(made, at(x, y), at(x + rng.uniform(0.5, 1.2), y + rng.uniform(0, 1)), 220, 2)
    return made


def print_of(text: str, size: float = 1.0) -> Field:
    made = field()
    cv2.putText(made, text, at(5, 10), cv2.FONT_HERSHEY_SIMPLEX, size, 220, 2, cv2.LINE_AA)
    return made


def framed_stamp() -> Field:
    made = print_of("RECEIVED", 0.8)
    cv2.rectangle(made, at(3, 2), at(40, 12), 200, 4)
    return made


def round_stamp() -> Field:
    made = field()
    cv2.ellipse(made, at(30, 7), (round(8 * MM), round(6 * MM)), 0, 0, 360, 200, 4)
    cv2.putText(made, "PAID", at(25, 8), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 200, 2)
    return made


def blot() -> Field:
    made = field()
    cv2.ellipse(made, at(30, 7), (round(7 * MM), round(5 * MM)), 0, 0, 360, 230, -1)
    return made


def ring() -> Field:
    made = field()
    cv2.circle(made, at(20, 7), round(1.5 * MM), 220, 4)
    return made


def not_applicable() -> Field:
    n = [(5, 9, 5, 5), (5, 5, 8, 9), (8, 9, 8, 5)]
    a = [(13, 9, 14.5, 5), (14.5, 5, 16, 9), (13.5, 7.5, 15.5, 7.5)]
    return lines(*n, (10, 10, 12, 4), *a, pen=3)


def parted_by_a_tall_slash() -> Field:
    """Its slash runs down the whole of a low field, as a streak does."""
    made = lines(
        (10, 4, 10, 10),
        (10, 4, 13, 10),
        (13, 4, 13, 10),
        (16, 13.4, 17, 0.6),
        (20, 10, 22, 4),
        (22, 4, 24, 10),
        (21, 8, 23, 8),
    )
    return made


def initials() -> Field:
    """R F, in capitals of 6 mm."""
    made = field()
    for stroke in (
        [(5, 10), (5, 4), (8, 4.2), (8.5, 6), (5, 7), (9, 10)],
        [(13, 10), (13, 4), (17, 4)],
        [(13, 7), (16, 7)],
    ):
        cv2.polylines(made, [np.array([at(*point) for point in stroke])], False, 220, 4, cv2.LINE_AA)
    return made


SIGNED: dict[str, Callable[[], Field]] = {
    "flourish": wavy,
    "short flourish": lambda: wavy(12, 7, 3),
    "long thin flourish": lambda: wavy(55, 9, 7, 2),
    "thick pen": lambda: wavy(pen=9),
    "faint pencil": lambda: wavy(pen=3, dark=60),
    "initials": initials,
    "flourish across a streak": lambda: np.maximum(wavy(), lines((30, 0, 30.3, 14), pen=2)),
    "flourish beside streaks": lambda: np.maximum(wavy(), np.roll(broken_streaks(), 60, axis=1)),
    "name with a tall letter in it": lambda: np.maximum(wavy(22, 6, 4), lines((40, 1.2, 41, 13.4), pen=5)),
}
ASKED: dict[str, tuple[Callable[[], Field], str]] = {
    "dash": (lambda: lines((10, 7, 16, 7.3)), "dash or a line"),
    "long line": (lambda: lines((3, 9, 70, 8)), "dash or a line"),
    "what is left of the field's own line": (
        lambda: lines(*((x, 11.5, x + 4 + x % 3 * 2, 11.5) for x in range(2, 72, 10)), pen=2),
        "dash or a line",
    ),
    "streak of the scanner": (lambda: lines((40, 0, 40, 14), pen=2), "dash or a line"),
    "grain": (grain, "may not be a signature"),
    "two broken streaks": (broken_streaks, "dash or a line"),
    "stroke through the field": (lambda: lines((5, 13, 65, 1)), "dash or a line"),
    "cross": (lambda: lines((10, 3, 17, 10), (17, 3, 10, 10)), "cross"),
    "plus": (lambda: lines((10, 6, 17, 6), (13.5, 3, 13.5, 9)), "cross"),
    "tick": (lambda: lines((10, 6, 12, 9), (12, 9, 17, 2)), "short mark"),
    "small circle": (ring, "short mark"),
    "date": (lambda: print_of("12 10 2025", 1.6), "date or print"),
    "date on slashes": (lambda: print_of("12/10/2025", 1.6), "date or print"),
    "framed stamp": (framed_stamp, "stamp"),
    "round stamp": (round_stamp, "stamp"),
    "blot": (blot, "stamp or a blot"),
    "printed N/A": (lambda: print_of("N/A", 0.7), "where the signature goes"),
    "handwritten N/A": (not_applicable, "N/A"),
    "N / A with a slash as high as the field": (parted_by_a_tall_slash, "N/A"),
}  # fmt: skip


@pytest.mark.parametrize("draw", SIGNED.values(), ids=SIGNED.keys())
def test_a_signature_is_taken(draw: Callable[[], Field]) -> None:
    found = judge_signature(draw())
    assert (found.value, found.review, found.reason) == ("present", False, None)


@pytest.mark.parametrize(("draw", "reason"), ASKED.values(), ids=ASKED.keys())
def test_what_may_not_be_a_signature_goes_to_a_person(draw: Callable[[], Field], reason: str) -> None:
    found = judge_signature(draw())
    assert (found.value, found.review) == ("absent", True)
    assert found.reason is not None
    assert reason in found.reason


def test_nothing_written_is_absent() -> None:
    found = judge_signature(field())
    assert (found.value, found.review) == ("absent", False)


def test_dust_and_a_grey_background_are_no_signature() -> None:
    noise = np.random.default_rng(5).normal(25, 6, field().shape).clip(0, 255).astype(np.uint8)
    noise[20, 30] = noise[70, 400] = 200
    assert judge_signature(noise).value == "absent"


def struck(bent_mm: float = 0.0, y_mm: float = 7.0, ends_mm: tuple[float, float] = (4, 44)) -> Field:
    """A flourish from 8 to 38 mm with a line through it."""
    made = wavy(waves=7)
    x = np.linspace(*ends_mm, 50)
    y = y_mm + bent_mm * np.sin(np.linspace(0, np.pi, 50))
    cv2.polylines(made, [(np.stack([x, y], axis=1) * MM).astype(np.int32)], False, 220, 4, cv2.LINE_AA)
    return made


@pytest.mark.parametrize("made", [struck(), struck(bent_mm=0.4), struck(y_mm=6.5)])
def test_a_signature_with_a_line_through_it_may_be_taken_back(made: Field) -> None:
    told = judge_signature(made)
    assert (told.value, told.review) == ("absent", True) and "struck out" in str(told.reason)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(struck(y_mm=10.2), id="underlined"),
        pytest.param(struck(ends_mm=(10, 36)), id="a stroke within"),
        pytest.param(struck(ends_mm=(20, 44)), id="a stroke at the end of it"),
        pytest.param(struck(bent_mm=2.5), id="a bent flourish"),
    ],
)
def test_a_signature_with_a_flourish_is_one(made: Field) -> None:
    assert judge_signature(made) == judge_signature(wavy())


@pytest.mark.parametrize(
    "made",
    [
        lines((1, 1, 74, 13), (74, 1, 1, 13)),
        lines((5, 2, 60, 12), (62, 3, 6, 13)),
        lines((1, 1, 74, 13), (74, 1, 39, 6.8), (36, 7.2, 1, 13)),
    ],
)
def test_a_cross_over_the_whole_field_is_no_signature(made: Field) -> None:
    told = judge_signature(made)
    assert (told.value, told.review) == ("absent", True) and "cross" in str(told.reason)


def test_dust_beside_a_cross_does_not_make_it_a_signature() -> None:
    made = lines((10, 3, 17, 10), (17, 3, 10, 10))
    cv2.circle(made, at(60, 5), 3, 220, -1)
    cv2.circle(made, at(50, 11), 3, 220, -1)
    assert "cross" in str(judge_signature(made).reason)


def test_what_goes_away_with_the_grain_of_the_scan_is_no_signature() -> None:
    area = measure(wavy()).area_mm2
    told = judge_signature(wavy(), smoothed_mm2=0.09 * area)
    assert (told.value, told.review) == ("absent", True) and "grain of the scan" in str(told.reason)
    assert judge_signature(wavy(), smoothed_mm2=0.2 * area) == judge_signature(wavy())


def test_a_stored_measure_is_judged_again_by_other_limits() -> None:
    seen = measure(wavy())
    assert judge(seen).value == "present"
    assert judge(seen, Limits(short_mm=500)).review


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=60)))
def test_never_fails(darkness: Field) -> None:
    found = judge_signature(darkness)
    assert found.value in ("present", "absent")
    assert found.review == (found.reason is not None)


@given(st.integers(0, 255), st.integers(1, 200), st.integers(1, 200))
def test_an_even_field_is_empty_however_dark(grey: int, height: int, width: int) -> None:
    assert judge_signature(np.full((height, width), grey, np.uint8)).value == "absent"
