"""`python -m tests.third_maker FOLDER --forms 300`: writes scans by the third maker with their truth, as `tests.second_maker.folder` tells."""

import sys

import numpy as np

from tests.second_maker.folder import Maker, write
from tests.third_maker.imaging import Feed, Picture, reflected
from tests.third_maker.making import a_form
from tests.third_maker.scanners import TWO, Scanner


def bare(page: Picture, scanner: Scanner) -> Picture:
    """A page without ink, scanned."""
    nothing = np.full((*page.shape, 3) if scanner.colour else page.shape, 255, np.uint8)
    return Feed(page.shape, scanner).scanned(reflected(page, page, nothing, np.zeros_like(page), scanner))


THIRD = Maker("third_maker", 2025, a_form, bare, TWO)


def main() -> int:
    """Writes the folder."""
    return write(THIRD)


if __name__ == "__main__":
    sys.exit(main())
