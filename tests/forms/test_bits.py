"""What is done to a page of bits is the same, pixel for pixel, as what OpenCV and numpy do to a page of bytes."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forms import bits
from forms.strokes import _BRIDGE

Layer = NDArray[np.uint8]

SHAPES = [(3, 50), (40, 47), (41, 48), (63, 64), (97, 200), (600, 1654)]
"""Also a page of three rows, sides that end with a word, and that leave no more than the spare pixels in the last one."""


def dotted(shape: tuple[int, int], share: float, seed: int = 3) -> Layer:
    """So large a share of the pixels set, those of the edges and corners among them."""
    layer = (np.random.default_rng(seed).random(shape) < share).astype(np.uint8)
    layer[0, 0] = layer[-1, -1] = layer[0, -1] = layer[-1, 0] = 1
    layer[shape[0] // 2, 0] = layer[shape[0] // 3, -1] = 1
    return layer


def counted(layer: Layer, side: int) -> NDArray[np.uint8]:
    found = cv2.boxFilter(layer, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(found, np.uint8)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", [0.003, 0.3])
class TestOnPages:
    def test_what_is_packed_comes_out_again(self, shape: tuple[int, int], share: float) -> None:
        layer = dotted(shape, share)
        assert np.array_equal(bits.unpacked(bits.packed(layer), shape[1]), layer)
        grey = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
        assert np.array_equal(bits.unpacked(bits.packed(grey, 95), shape[1]), grey >= 96)

    def test_places_of_what_is_set(self, shape: tuple[int, int], share: float) -> None:
        layer = dotted(shape, share)
        assert np.array_equal(bits.places(bits.packed(layer), shape[1]), np.flatnonzero(layer))
        assert np.array_equal(bits.packed(layer.astype(bool)), bits.packed(layer))

    def test_rows_near_alone_are_as_good_as_all(self, shape: tuple[int, int], share: float) -> None:
        layer = dotted(shape, share)
        layer[shape[0] // 4 : shape[0] // 2] = 0
        rows = bits.rows_near(bits.packed(layer), 2)
        assert np.array_equal(rows, cv2.dilate(layer, np.ones((5, 1), np.uint8)).any(axis=1))
        assert np.array_equal(counted(layer[rows], 5), counted(layer, 5)[rows])
        assert not counted(layer, 5)[~rows].any()

    def test_moved_across(self, shape: tuple[int, int], share: float) -> None:
        layer = dotted(shape, share)
        for by in (1, 5, bits.SPARE):
            right, left = np.zeros_like(layer), np.zeros_like(layer)
            right[:, by:], left[:, :-by] = layer[:, :-by], layer[:, by:]
            assert np.array_equal(bits.unpacked(bits.across(bits.packed(layer), by), shape[1]), right)
            assert np.array_equal(bits.unpacked(bits.across(bits.packed(layer), -by), shape[1]), left)

    def test_grown(self, shape: tuple[int, int], share: float) -> None:
        layer = dotted(shape, share)
        found = bits.unpacked(bits.grown(bits.packed(layer), _BRIDGE), shape[1])
        assert np.array_equal(found, cv2.dilate(layer, _BRIDGE))

    def test_three_in_nine(self, shape: tuple[int, int], share: float) -> None:
        layer = dotted(shape, share)
        found = bits.unpacked(bits.three_in_nine(bits.packed(layer)), shape[1])
        assert np.array_equal(found, counted(layer, 3) > 2)

    def test_starts_per_square(self, shape: tuple[int, int], share: float) -> None:
        layer = dotted(shape, share)
        runs = layer[:, 1:] > layer[:, :-1]
        down, along = runs.shape[0] // 8, runs.shape[1] // 8
        plain = runs[: down * 8, : along * 8].reshape(down, 8, along, 8).sum(axis=(1, 3))
        assert np.array_equal(bits.per_square(bits.starts(bits.packed(layer)), shape[1] - 1, 8), plain)


def test_an_empty_page_stays_empty() -> None:
    words = bits.packed(np.zeros((60, 300), np.uint8))
    assert not bits.rows_near(words, 5).any()
    assert not bits.grown(words, _BRIDGE).any()
    assert not len(bits.places(words, 300))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dots", [0, 1, 12, 60, 3000])
def test_pieces_are_those_of_the_whole_page(dots: int, seed: int) -> None:
    height, width = 1201, 827
    random = np.random.default_rng(seed)
    layer = np.zeros((height, width), np.uint8)
    layer[random.integers(0, height, dots), random.integers(0, width, dots)] = 1
    if dots > 1:
        layer[-1, -1] = layer[0, 5] = 1
    joined = cv2.dilate(layer, _BRIDGE)
    count, labels = bits.pieces(bits.grown(bits.packed(layer), _BRIDGE), width)
    plain_count, plain = cv2.connectedComponents(joined, connectivity=8)
    assert count == plain_count
    pairs = set(zip(labels[joined > 0].tolist(), plain[joined > 0].tolist(), strict=True))
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs}) == count - 1
    assert {one for one, _ in pairs} == set(range(1, count))


def test_blocks_of_a_full_page_are_not_numbered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = np.zeros((400, 300), np.uint8)
    layer[2:-2:, 2:-2] = 1
    layer[50] = layer[200] = 0
    asked = []
    real = cv2.connectedComponents

    def noted(image: Layer, **told: object) -> object:
        asked.append(image.shape)
        return real(image, **told)

    monkeypatch.setattr(cv2, "connectedComponents", noted)
    assert bits.pieces(bits.packed(layer), 300)[0] == 4
    assert asked == [(400, 300)]
