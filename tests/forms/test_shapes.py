"""The shape of a mark by itself: letters, noughts and dashes have what ticks and crosses do not."""

import cv2
import numpy as np
import pytest

from forms.shapes import Shape, shape_of

LINES = {
    "tick": [[(10, 25), (20, 38), (45, 5)]],
    "cross": [[(8, 8), (40, 40)], [(40, 8), (8, 40)]],
    "dash": [[(5, 26), (45, 22)]],
    "N": [[(10, 40), (10, 8), (36, 40), (36, 8)]],
}


def drawn(name: str) -> Shape:
    picture = np.zeros((50, 50), np.uint8)
    for line in LINES.get(name, []):
        cv2.polylines(picture, [np.array(line, np.int32)], False, 1, 3)
    if name == "0":
        cv2.ellipse(picture, (25, 25), (11, 16), 0, 0, 360, 1, 3)
    return shape_of(picture.view(np.bool_))


@pytest.mark.parametrize(
    ("name", "doubled", "hole", "flat"),
    [
        ("tick", (0.0, 0.55), False, (0.8, 1.4)),
        ("cross", (0.5, 0.9), False, (0.8, 1.2)),
        ("dash", (0.0, 0.0), False, (3.0, 9.0)),
        ("N", (0.85, 1.0), False, (0.6, 1.0)),
        ("0", (0.6, 1.0), True, (0.5, 0.9)),
    ],
)
def test_what_tells_letters_and_dashes_from_ticks(
    name: str, doubled: tuple[float, float], hole: bool, flat: tuple[float, float]
) -> None:
    shape = drawn(name)
    assert doubled[0] <= shape.doubled <= doubled[1]
    assert (shape.hole >= 0.08) is hole
    assert flat[0] <= shape.flat <= flat[1]


def test_nothing_has_no_shape() -> None:
    assert shape_of(np.zeros((5, 5), np.bool_)) == Shape()
