"""The model of figures on dates drawn here with a pen of straight and bent strokes, in boxes and on slashes.

Its accuracy on many hands is measured by script/train-digits and stands on its card; here it is shown that the model is
there, reads what is plain, and says when it does not know.
"""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from forms.writing.figures import FigureReader
from forms.writing.models import MODELS
from forms.writing.places import Groups

READER = FigureReader()
Grey = NDArray[np.uint8]
CELLS: Groups = (((20, 110), (110, 200)), ((260, 350), (350, 440)), ((500, 590), (590, 680), (680, 770), (770, 860)))


def drawn(text: str, size: float = 2.0) -> Grey:
    made = np.full((150, 620), 255, np.uint8)
    cv2.putText(made, text, (20, 105), cv2.FONT_HERSHEY_SIMPLEX, size, 30, 5, cv2.LINE_AA)
    return made


def in_boxes(figures: str) -> Grey:
    made = np.full((190, 920), 255, np.uint8)
    for figure, (left, right) in zip(figures, [span for group in CELLS for span in group], strict=True):
        if figure != " ":
            place = (int((left + right) / 2) - 20, 125)
            cv2.putText(made, figure, place, cv2.FONT_HERSHEY_SIMPLEX, 2.2, 40, 5, cv2.LINE_AA)
    return made


@pytest.mark.parametrize("text", ["23/05/2024", "12/10/2025", "03/06/2018"])
def test_reads_a_date_on_slashes(text: str) -> None:
    assert READER.date(drawn(text), (), 2026).text == text


@pytest.mark.parametrize(("figures", "text"), [("23052024", "23/05/2024"), (" 2 62025", "02/06/2025")])
def test_reads_a_date_in_boxes(figures: str, text: str) -> None:
    assert READER.date(in_boxes(figures), CELLS, 2026).text == text


def test_upside_down_is_another_date_or_none() -> None:
    """The comparison above can fail."""
    assert READER.date(drawn("23/05/2024")[::-1, ::-1].copy(), (), 2026).text != "23/05/2024"


@pytest.mark.parametrize("text", ["", "yes please", "12", "Rowan"])
def test_what_is_no_date_is_not_sure(text: str) -> None:
    assert READER.date(drawn(text, 1.5), (), 2026).confidence < 0.5


def test_a_crossed_out_date_is_not_sure() -> None:
    crossed = drawn("23/05/2024")
    cv2.line(crossed, (15, 110), (400, 50), 30, 6)
    cv2.line(crossed, (15, 60), (400, 105), 30, 6)
    assert READER.date(crossed, (), 2026).confidence < 0.9


def test_the_model_is_small_and_has_its_card() -> None:
    assert (MODELS / "digits.onnx").stat().st_size < 3_000_000
    assert Path(MODELS / "digits.md").read_text("utf-8").startswith("# Figures")


@settings(max_examples=20, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=70)))
def test_never_fails_on_pixels(grey: Grey) -> None:
    assert 0 <= READER.date(grey).confidence <= 1
