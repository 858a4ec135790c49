"""The ready-made model of letters, on print drawn here: it is there, runs on one thread, and fails in words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from forms.writing.letters import Letters

LETTERS = Letters()


def line(text: str, size: int = 36) -> NDArray[np.uint8]:
    paper = Image.new("L", (760, 80), 255)
    ImageDraw.Draw(paper).text((10, 12), text, font=ImageFont.load_default(size), fill=0)
    return np.asarray(paper)


@pytest.mark.parametrize(
    "text", ["Amina Example", "St Aidan's CE School", "07700 900434", "NN28 1ZP", "ROWAN TESTWOOD"]
)
def test_reads_a_line(text: str) -> None:
    found = LETTERS.read(line(text))
    assert found.text == text
    assert 0.9 < found.confidence <= 1


def test_upside_down_is_not_read_as_right() -> None:
    """The comparison above can fail."""
    assert LETTERS.read(line("Amina Example")[::-1, ::-1].copy()).text != "Amina Example"


def test_blank_paper_says_nothing() -> None:
    assert LETTERS.read(line("")).text == ""


def test_specks_are_nothing_and_do_not_move_the_line() -> None:
    """Five specks in an empty field were read as dots, and made the line beside them look small."""
    specks = np.full((160, 760), 255, np.uint8)
    for x, y in ((40, 12), (200, 150), (420, 8), (610, 140), (700, 60)):
        specks[y : y + 5, x : x + 5] = 0
    assert LETTERS.read(specks).text == ""
    written = specks.copy()
    written[40:120] = np.minimum(written[40:120], line("Rowan Testwood", 28))
    assert LETTERS.read(written).text == "Rowan Testwood"


@settings(max_examples=15, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=70)))
def test_never_fails_on_pixels(grey: NDArray[np.uint8]) -> None:
    assert 0 <= LETTERS.read(grey).confidence <= 1
