"""Looks of letters: the same letter is known again, another one is not, and an almost empty page is like nothing."""

from base64 import b64encode
from dataclasses import replace

import cv2
import numpy as np
import pytest

from forms import looks
from forms.catalogue import load_catalogue
from forms.looks import CELLS, COLUMNS, LEAST_CELLS
from forms.page import Grey
from forms.reading import read_page
from forms.results import PageKind
from intake.sandbox import checking
from tests.generator import scanner
from tests.generator.post import a_letter

CATALOGUE = load_catalogue()


def sheet(letter: int) -> Grey:
    """A typed letter at 200 dots per inch."""
    return np.asarray(
        a_letter(np.full((2338, 1654), 255, np.uint8), 200.0, np.random.default_rng([4, letter])), np.uint8
    )


def look(picture: Grey, scanned: int = 0, turned: int = 0) -> int:
    recipe = replace(
        scanner.a_recipe(np.random.default_rng([8, scanned]), "clean"), dpi=200.0, mode="grey" if scanned else "fixed", turned=turned
    )  # fmt: skip
    shown = scanner.turn(scanner.scanned(scanner.worn(picture, recipe, np.full_like(picture, 255)), recipe), recipe)
    reading, _ = read_page(shown, recipe.resolution, 1, CATALOGUE)
    assert reading.kind is PageKind.OTHER and reading.trace is not None
    assert checking.reading(reading.to_json(), 1) == reading
    return looks.bits(reading.trace)


def test_the_same_letter_is_known_on_another_scanner_however_it_was_fed_and_another_is_not() -> None:
    one, other = look(sheet(1)), look(sheet(2))
    for turned in (0, 180, 270):
        again = look(sheet(1), scanned=1, turned=turned)
        assert looks.same_page(one, again) and looks.same_page(again, one)
        assert not looks.same_page(other, again)


def test_two_letters_of_one_sender_are_two() -> None:
    head = np.full((2338, 1654), 255, np.uint8)
    for line in range(5):
        cv2.putText(
            head, "The council of an invented county", (900, 90 + 40 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2
        )
    assert not looks.same_page(look(np.minimum(head, sheet(3))), look(np.minimum(head, sheet(4))))


def test_a_page_with_a_line_on_it_has_no_look() -> None:
    page = np.full((2338, 1654), 255, np.uint8)
    cv2.putText(page, "Please ring me", (200, 400), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 0, 4)
    assert read_page(page, (200.0, 200.0), 1, CATALOGUE)[0].trace is None
    assert not looks.same_page(0, 0)
    few = (1 << LEAST_CELLS - 1) - 1
    assert not looks.same_page(few, few)


def test_what_agrees_by_chance_is_not_alike() -> None:
    rng = np.random.default_rng(6)
    one, other = (int.from_bytes(np.packbits(rng.random(CELLS) < 0.6).tobytes(), "big") for _ in range(2))
    assert looks.likeness(one, one) > 0.99 and looks.likeness(one, other) < 0.1
    assert looks.likeness(one, one >> COLUMNS) > 0.9 > looks.likeness(one, one >> 4 * COLUMNS)


@pytest.mark.parametrize("wrong", ["", "no base 64!", b64encode(b"short").decode(), b64encode(bytes(CELLS)).decode()])
def test_what_is_no_look_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no look"):
        looks.bits(wrong)
