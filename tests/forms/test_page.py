"""How dark a page is against its paper, dealt with band by band, is the same as reckoned for all of it at once."""

import cv2
import numpy as np
import pytest

from forms.page import Grey, darkness_of, ranked


def at_once(grey: Grey, reach: int) -> Grey:
    """The same by the plain arithmetic: the shade of the paper at every pixel, never taken for darker than 40."""
    small = grey
    for _ in range(3 if min(grey.shape) >= 64 else 0):
        height, width = small.shape[0] // 2 * 2, small.shape[1] // 2 * 2
        small = cv2.resize(small[:height, :width], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    side = max(3, 2 * round(reach / 16) + 1)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8), borderType=cv2.BORDER_REPLICATE)
    shades = cv2.blur(closed, (5, 5), borderType=cv2.BORDER_REPLICATE)
    paper = np.maximum(cv2.resize(shades, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), 40)
    return np.asarray(cv2.bitwise_not(cv2.divide(grey, paper, scale=255.0)), np.uint8)


def page(height: int, width: int, blots: int, seed: int) -> Grey:
    """White paper with blots of any shade, some larger than anything that counts as ink, and specks."""
    random = np.random.default_rng(seed)
    grey = np.full((height, width), 255, np.uint8)
    for _ in range(blots):
        y, x = random.integers(0, height), random.integers(0, width)
        down, along = random.integers(1, 180, 2)
        grey[y : y + down, x : x + along] = random.integers(0, 256)
    specks = random.random((height, width)) < 0.01
    grey[specks] = random.integers(0, 256, int(specks.sum()))
    return grey


@pytest.mark.parametrize("shape", [(9, 300), (63, 64), (701, 499), (1203, 827)])
@pytest.mark.parametrize("blots", [0, 1, 2, 6])
@pytest.mark.parametrize("reach", [20, 40, 60])
def test_by_bands_it_is_as_at_once(shape: tuple[int, int], blots: int, reach: int) -> None:
    for seed in range(4):
        grey = page(*shape, blots, seed)
        assert np.array_equal(darkness_of(grey, reach), at_once(grey, reach))


def test_paper_that_is_not_white_is_measured_against_itself() -> None:
    grey = np.full((800, 600), 255, np.uint8)
    grey[400:] = 180
    grey[600:604, 100:300] = 90
    dark = darkness_of(grey, 40)
    assert dark[100, 100] == 0
    assert dark[550, 100] == 0
    assert dark[602, 200] == 255 - round(90 / 180 * 255)


@pytest.mark.parametrize("per_cent", [0, 2.5, 50, 70, 90, 99.7, 100])
def test_ranked_says_what_numpy_says(per_cent: float) -> None:
    random = np.random.default_rng(5)
    for size in (1, 2, 3, 10, 101, 999):
        for most in (2, 256):
            shades = random.integers(0, most, size, np.uint8)
            assert ranked(shades, per_cent) == float(np.percentile(shades, per_cent))
    assert ranked(np.full((4, 5), 255, np.uint8), per_cent) == 255.0
