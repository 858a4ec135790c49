"""A written date by two models: what one is not sure of the other looks at too, and then no date is taken without a person."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from forms.suggest import DATE_TAKEN
from forms.writing.figures import FigureReader
from forms.writing.letters import Letters
from forms.writing.written_date import MOST, SURE, DateReader

FIGURES = FigureReader()
READER = DateReader(FIGURES, Letters())
Grey = NDArray[np.uint8]


def line(text: str, size: int = 44) -> Grey:
    paper = Image.new("L", (760, 100), 255)
    ImageDraw.Draw(paper).text((14, 20), text, font=ImageFont.load_default(size), fill=30)
    return np.asarray(paper)


@pytest.mark.parametrize("text", ["24/04/2011", "07/01/2026", "11/12/2024"])
def test_reads_a_date(text: str) -> None:
    assert READER.read(line(text), (), 2026).text == text


def test_a_month_in_letters_is_read_as_words() -> None:
    assert READER.read(line("1 November 2024"), (), 2026).text.replace(" ", "") == "1November2024"


def test_blank_paper_says_nothing() -> None:
    assert READER.read(line(""), (), 2026) == FIGURES.date(line(""), (), 2026)


def test_a_date_that_needed_both_is_never_taken() -> None:
    """`suggest` takes a date of signing from here on: only one that the model of figures is sure of by itself."""
    assert MOST < DATE_TAKEN


@pytest.mark.parametrize("text", ["3 May 2025", "12 March 2026", "21 June 2024"])
def test_a_date_in_words_is_never_taken(text: str) -> None:
    """The model of letters alone read it, and is surer of print than any date that is taken."""
    assert Letters().read(line(text)).confidence > MOST
    assert READER.read(line(text), (), 2026).confidence <= MOST


@settings(max_examples=20, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=70)))
def test_never_fails_on_pixels_and_is_sure_only_with_the_figures(grey: Grey) -> None:
    found = READER.read(grey)
    assert 0 <= found.confidence <= 1
    if found.confidence > MOST and found.text[:1].isdigit():
        assert FIGURES.date(grey).confidence >= SURE
