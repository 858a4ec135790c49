"""Patches of print that lie where they should are measured all at once: the same as each one looked for by itself."""

import cv2
import numpy as np
import pytest

from forms import patches as measured
from forms.page import Grey
from forms.patches import Patch, patch_offsets
from tests.golden import drawn

BLANK = drawn.blank("westminster-consent")
REACH = 4


def moved(across: float, down: float, noise: float = 6.0) -> Grey:
    """The blank's print by so many pixels to the right and down, with a scanner's noise."""
    height, width = BLANK.soft.shape
    by = np.array([[1, 0, across], [0, 1, down]], np.float64)
    shifted = cv2.warpAffine(BLANK.soft, by, (width, height)).astype(np.float64)
    return np.clip(shifted + np.random.default_rng(7).normal(0, noise, shifted.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("by", [(0.0, 0.0), (0.3, -0.2), (-0.45, 0.4), (1.6, -0.7), (-3.0, 2.5)])
def test_all_at_once_says_the_same_as_one_by_one(by: tuple[float, float], monkeypatch: pytest.MonkeyPatch) -> None:
    seen = moved(*by)
    fast = patch_offsets(BLANK.soft, BLANK.patches, seen, REACH)
    monkeypatch.setattr(measured, "PLAIN", 2.0)  # no correlation is as high as that: each is looked for
    slow = patch_offsets(BLANK.soft, BLANK.patches, seen, REACH)
    for one, other, within in zip(fast, slow, (0.0, 0.01, 0.001), strict=True):
        assert np.abs(one - other).max() <= within
    assert np.abs(np.median(fast[1], axis=0) - by).max() < 0.15


def test_so_many_at_once_are_measured_as_all_of_them_are(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = moved(0.3, -0.2)
    some = patch_offsets(BLANK.soft, BLANK.patches, seen, REACH)
    assert len(BLANK.patches) > measured.AT_ONCE
    monkeypatch.setattr(measured, "AT_ONCE", len(BLANK.patches))
    for one, other in zip(some, patch_offsets(BLANK.soft, BLANK.patches, seen, REACH), strict=True):
        assert np.array_equal(one, other)


def test_only_what_lies_elsewhere_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for = []
    real = measured._looked_for

    def noted(print_there: Grey, patch: Patch, seen: Grey, reach: int) -> tuple[tuple[float, float], float]:
        looked_for.append(patch)
        return real(print_there, patch, seen, reach)

    monkeypatch.setattr(measured, "_looked_for", noted)
    patch_offsets(BLANK.soft, BLANK.patches, moved(0.2, 0.1), REACH)
    assert len(looked_for) < len(BLANK.patches) / 20
    looked_for.clear()
    patch_offsets(BLANK.soft, BLANK.patches, moved(2.0, 0.0), REACH)
    assert len(looked_for) == len(BLANK.patches)


def test_where_nothing_is_printed_nothing_is_found() -> None:
    _, offsets, scores = patch_offsets(BLANK.soft, BLANK.patches, np.zeros_like(BLANK.soft), REACH)
    assert not offsets.any()
    assert not scores.any()


def test_patches_beyond_the_edge_are_left_out() -> None:
    height, width = BLANK.soft.shape
    patches = [(0, 10, 72, 50), (width - 72, height - 40, width, height), BLANK.patches[0]]
    centres, offsets, scores = patch_offsets(BLANK.soft, patches, BLANK.soft, REACH)
    assert centres.shape == offsets.shape == (1, 2)
    assert scores == pytest.approx([1.0], abs=1e-5)
