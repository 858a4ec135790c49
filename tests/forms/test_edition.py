"""A form whose questions stand elsewhere than on our blank is never read with the boxes of the blank."""

from typing import Any

import cv2
import numpy as np
import pytest

from forms import edition
from forms.blank_pages import BLANK_DPI, FEATURE_DPI, POINT
from forms.edition import LabelFit, is_another_edition
from forms.geometry import Box, around, grown
from forms.missing import Remains
from forms.page import page_of
from forms.reading import read_page
from forms.register import offset_near, register, turn
from forms.results import PageKind, PageReading
from forms.template import Field
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

W, N = "westminster-consent", "northamptonshire-consent"


def read(pixels: Pixels) -> PageReading:
    return read_page(pixels, (200.0, 200.0), 1, CATALOGUE)[0]


def field(form: str, name: str) -> Field:
    return CATALOGUE.get(form).field(name)


def area(box: Box) -> tuple[slice, slice]:
    left, top, right, bottom = (round(value * POINT) for value in grown(box, 1.5, 1.5))
    return slice(top, bottom), slice(left, right)


def swapped(pixels: Pixels, one: Box, other: Box) -> Pixels:
    """The page with the print of two places of the same height exchanged, as a later edition might have it."""
    rows, columns = (round((max(one[n] - one[n - 2], other[n] - other[n - 2]) + 2) * POINT) for n in (3, 2))
    here, there = (
        (
            slice(round(y * POINT) - 2, round(y * POINT) - 2 + rows),
            slice(round(x * POINT) - 2, round(x * POINT) - 2 + columns),
        )
        for x, y in (one[:2], other[:2])
    )
    changed = pixels.copy()
    changed[here], changed[there] = pixels[there], pixels[here]
    return changed


def moved(pixels: Pixels, box: Box, down: float) -> Pixels:
    """The page with one row of print moved down and white paper where it was."""
    rows, columns = area(box)
    step = round(down * POINT)
    changed = pixels.copy()
    changed[rows, columns] = 255
    target = changed[rows.start + step : rows.stop + step, columns]
    np.minimum(target, pixels[rows, columns], out=target)
    return changed


SWAPS = [
    (W, "contact_by_email", "contact_by_post"),
    (W, "contact_by_email", "contact_by_text"),
    (W, "contact_by_telephone", "contact_by_text"),
    (W, "contact_health", "contact_social_care"),
    (W, "contact_la_sen", "contact_health"),
    (N, "tell_others", "contact_on_behalf"),
    (N, "keep_details_on_database", "access_information"),
    (N, "role_parent", "role_carer"),
]


@pytest.mark.parametrize(("form", "one", "other"), SWAPS)
@pytest.mark.parametrize("noisy", [False, True])
def test_two_questions_in_each_others_places_are_not_read(form: str, one: str, other: str, noisy: bool) -> None:
    marks = [(name, next(iter(field(form, name).boxes)), "tick") for name in (one, other)]
    page = drawn.filled(form, 1, marks)
    assert noisy or read(page).kind is PageKind.FORM
    page = swapped(page, field(form, one).labels["text"], field(form, other).labels["text"])
    found = read(drawn.squeezed(drawn.noisy(page)) if noisy else page)
    assert found.kind is PageKind.UNREADABLE
    assert "not this edition" in str(found.reason)
    assert found.fields == ()


def test_yes_and_no_in_each_others_places_are_not_read() -> None:
    question = field(W, "contact_by_email")
    page = drawn.filled(W, 1, [("contact_by_email", "yes", "tick")])
    found = read(swapped(page, question.labels["yes"], question.labels["no"]))
    email = next(one for one in found.fields if one.id == "contact_by_email")
    assert (email.value, email.review) == ("unclear", True)
    assert "not where they should be" in str(email.reason)


def test_heads_of_columns_in_each_others_places_are_not_read() -> None:
    question = field(N, "tell_others")
    page = drawn.filled(N, 1, [("tell_others", "yes", "tick")])
    assert read(swapped(page, question.labels["yes"], question.labels["no"])).kind is PageKind.UNREADABLE


@pytest.mark.parametrize(
    ("form", "name"),
    [(W, "store_on_database"), (W, "contact_by_post"), (W, "contact_health"), (N, "access_information")],
)
@pytest.mark.parametrize("down", [4.0, 12.0, 24.0])
def test_a_row_that_was_moved_is_not_read(form: str, name: str, down: float) -> None:
    question = field(form, name)
    box = next(iter(question.boxes))
    page = drawn.filled(form, 1, [(name, box, "tick")])
    found = read(moved(page, around([*question.boxes.values(), question.labels["text"]]), down))
    assert found.kind is PageKind.UNREADABLE or all(one.review for one in found.fields if one.id == name)


FINE = LabelFit(0.97, 0.97)
WORN, WORN_AND_BETTER = (LabelFit(0.50, 0.97, rival, Remains(0.3, 0.0)) for rival in (0.45, 0.62))
TAKEN_OUT, REWORDED = (LabelFit(0.0, 0.97, 0.4, left) for left in (Remains(0.0, 0.0), Remains(0.4, 0.1)))
FADED, MOVED, GONE = LabelFit(0.82, 0.97, 0.60), LabelFit(0.82, 0.97, 0.95), LabelFit(0.40, 0.97, 0.50)


@pytest.mark.parametrize(
    ("fits", "other"),
    [
        ([FINE] * 12, False),
        ([FINE] * 9 + [FADED] * 3, False),
        ([FADED] * 6, False),
        ([FINE] * 11 + [GONE] * 2, False),
        ([FINE] * 10 + [GONE] * 3, True),
        ([FINE] * 4 + [GONE] * 2, True),
        ([GONE], True),
        ([FINE, GONE], False),
        ([], False),
        ([FINE] * 11 + [MOVED] * 2, True),
        ([FINE] * 4 + [LabelFit(0.82, 0.97, 0.81)] * 2, True),
        ([FINE] * 4 + [LabelFit(0.82, 0.70, 0.30)] * 2, True),
        ([FINE] * 11 + [LabelFit(0.87, 0.97, 0.98)] * 2, True),
        ([FINE] * 12 + [LabelFit(0.87, 0.97, 0.98)], False),
        ([FINE] * 4 + [WORN] * 3, False),
        ([FINE] * 3 + [WORN] * 4, True),
        ([FINE] * 9 + [WORN_AND_BETTER] * 2, False),
        ([FINE] * 9 + [MOVED], False),
        ([FINE] * 9 + [WORN_AND_BETTER, MOVED], True),
        ([FINE] * 4 + [TAKEN_OUT] * 3, True),
        ([FINE] * 4 + [REWORDED] * 3, True),
    ],
    ids=["all found", "some faded", "all faded", "two of many under a fold", "three gone", "two of few gone", "the only one gone", "one of two gone", "no questions",
         "two changed over",
         "no telling two apart", "heads gone", "two alike changed over", "one alike",
         "some worn away", "most worn away", "others fit a little better", "one moved", "one moved and one that may be",
         "some taken out", "some reworded"],
)  # fmt: skip
def test_faded_words_are_no_other_edition(fits: list[LabelFit], other: bool) -> None:
    assert is_another_edition({str(n): one for n, one in enumerate(fits)}) is other


def test_a_line_through_one_question_does_not_make_another_edition() -> None:
    found = read(drawn.filled(W, 1, [("contact_by_email", "yes", "tick"), ("contact_by_post", "no", "strike")]))
    assert found.kind is PageKind.FORM
    values = {one.id: (one.value, one.review) for one in found.fields}
    assert values["contact_by_email"] == ("yes", False)
    assert values["contact_by_post"][1]


def test_the_worst_word_is_found_without_looking_for_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick way says the same, to the last bit, as looking for every word; and looks for far fewer."""
    blank = drawn.blank(W)
    height, width = blank.soft.shape
    random = np.random.default_rng(5)
    shifted = cv2.warpAffine(blank.soft, np.array([[1, 0, 0.4], [0, 1, -0.3]]), (width, height)).astype(np.float64)
    noisy = np.clip(shifted + random.normal(0, 9, shifted.shape), 0, 255).astype(np.uint8)
    half_lost = noisy.copy()
    half_lost[:, : width // 2] = 0  # as empty as paper can be
    asked = 0
    real = edition._fit

    def noted(*told: Any) -> float:
        nonlocal asked
        asked += 1
        return real(*told)

    fields = [field for field in CATALOGUE.get(W).on_page(1) if "text" in field.labels]
    words = [edition._pieces(field.labels["text"]) for field in fields]
    words.append(
        [(width - 60, 40, width - 30, 56), (width - 31, 40, width + 1, 56)]
    )  # to the edge of the page, and beyond it
    words.append([(40, height - 16, 72, height + 1), (71, height - 16, 102, height + 1)])
    for soft in (noisy, half_lost, np.zeros_like(noisy)):
        for off in ((0, 0), (1, -1), (6, 3), (-6, -7)):
            for pieces in words:
                plain = min(real(soft, blank.soft, piece, off) for piece in pieces)
                assert edition._worst(soft, blank.soft, pieces, off) == plain
    monkeypatch.setattr(edition, "_fit", noted)
    for pieces in words[:-2]:
        edition._worst(noisy, blank.soft, pieces, (0, 0))
    assert asked < sum(map(len, words[:-2])) / 2


def test_how_a_word_fits_as_it_lies_is_never_more_than_what_is_found() -> None:
    blank = drawn.blank(W)
    random = np.random.default_rng(6)
    noisy = np.clip(blank.soft + random.normal(0, 20, blank.soft.shape), 0, 255).astype(np.uint8)
    for field in CATALOGUE.get(W).on_page(1):
        if "text" in field.labels:
            pieces = edition._pieces(field.labels["text"])
            for off in ((0, 0), (2, 1)):
                least = edition._as_they_lie(noisy, blank.soft, pieces, off)
                found = [edition._fit(noisy, blank.soft, piece, off) for piece in pieces]
                assert all(one <= other + 1e-5 for one, other in zip(least, found, strict=True))
                if off == (0, 0):
                    assert least == pytest.approx(found, abs=1e-5)


def test_the_likest_other_question_is_found_without_looking_for_all_of_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The quick way says the same as looking for every word of every question; and looks for far fewer."""
    pixels = drawn.noisy(drawn.filled(W, 1, [("contact_by_email", "yes", "tick")]), sigma=30.0)
    page = page_of(pixels, (200.0, 200.0))
    assert page is not None
    found = register(drawn.blank(W), turn(page, pixels, 0), np.eye(3))
    assert found is not None
    marks = [one for one in CATALOGUE.get(W).on_page(1) if one.kind.is_mark]
    asked, real, all_words = 0, edition._fit, 0

    def noted(*told: Any) -> float:
        nonlocal asked
        asked += 1
        return real(*told)

    monkeypatch.setattr(edition, "_fit", noted)
    for own in marks:
        dx, dy, _ = offset_near(found, [own.labels["text"]])
        plain = [-1.0]
        for other in marks:
            if other.label != own.label:
                here, there = own.labels["text"], other.labels["text"]
                off = (
                    round(dx * FEATURE_DPI / BLANK_DPI + (here[0] - there[0]) * edition.SMALL),
                    round(dy * FEATURE_DPI / BLANK_DPI + (here[1] - there[1]) * edition.SMALL),
                )
                words = edition._pieces(there)
                all_words += len(words)
                plain.append(min(real(found.soft, found.blank.soft, word, off) for word in words))
        assert edition._rival(found, own, marks) == max(plain)
    assert asked < all_words / 2
