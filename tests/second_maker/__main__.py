"""`python -m tests.second_maker FOLDER --forms 300`: writes scans by the second maker with their truth, as `folder` tells."""

import sys

import numpy as np

from tests.second_maker.folder import Maker, write
from tests.second_maker.machine import TWO, Machine
from tests.second_maker.making import a_form
from tests.second_maker.scanning import Picture, reflected, scanned, turned


def bare(page: Picture, machine: Machine) -> Picture:
    """A page without ink, scanned."""
    nothing = np.full((*page.shape, 3) if machine.mode == "rgb" else page.shape, 255, np.uint8)
    return turned(scanned(reflected(page, page, nothing, machine), machine), machine)


SECOND = Maker("second_maker", 2024, a_form, bare, TWO)


def main() -> int:
    """Writes the folder."""
    return write(SECOND)


if __name__ == "__main__":
    sys.exit(main())
