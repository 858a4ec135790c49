"""Lossless copies of single pages: a shared scan loses one family's pages and not a dot of the others'."""

import io

import numpy as np
import pytest
from PIL import Image

from intake.admission import Refusal
from intake.sandbox.client import lossless
from intake.sandbox.limits import Limits
from tests.hostile import saved, sheet


def drawn(mode: str, spot: int) -> Image.Image:
    """A page that is told from others by a dark square at its own height."""
    image = sheet(mode, (400, 600))
    image.paste(0, (40, spot, 90, spot + 50))
    return image


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_copy_has_every_dot_of_its_page(mode: str) -> None:
    pages = [drawn(mode, spot) for spot in (100, 300, 500)]
    scan = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 100))
    copies = lossless(scan, [2, 3], Limits())

    assert not isinstance(copies, Refusal)
    assert sorted(copies) == [2, 3]
    for number, copy in copies.items():
        opened = Image.open(io.BytesIO(copy))
        assert opened.format == "PNG"
        assert tuple(round(dots) for dots in opened.info["dpi"]) == (200, 100)
        assert np.array_equal(np.asarray(opened.convert("RGB")), np.asarray(pages[number - 1].convert("RGB")))
        assert not np.array_equal(np.asarray(opened.convert("RGB")), np.asarray(pages[0].convert("RGB")))


def test_a_scan_that_cannot_be_opened_gives_no_copies() -> None:
    assert isinstance(lossless(b"an invented scan", [1], Limits()), Refusal)
