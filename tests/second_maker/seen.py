"""How much of each mark a scan shows: the scan beside that of the same sheet without ink, made by the same machine with the same noise."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
BRIDGED_MM = 0.6
"""The eye follows a broken stroke over gaps as wide as this."""
EYE_MM = {"grey": 0.09, "two": 0.05, "dots": 0.19}
"""How far the eye takes neighbouring places together: on pages of greys, of black and white, and of dots that stand for greys."""
LEAST, UNEVEN = {"grey": 11.0, "two": 11.0, "dots": 20.0}, 3.0
"""How much darker a mark must be than the bare page: in greys (a single dot of many is none), and in times the page's own unevenness."""
LONG_MM = 0.9
"""A piece of a stroke as long as this is followed, dots in a row together; a lone speck that is left of one leads nowhere."""
_SIDES = (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)
FEW = 12
"""A mark with fewer pixels beside the print than this is measured on the print as well."""


@dataclass(frozen=True)
class Shown:
    """Shares from 0 to 1."""

    ink: float
    strokes: float


def shown(
    page: Grey, bare: Grey, owner: NDArray[np.uint8], px_mm: tuple[float, float], look: str, keen: float = 1.0
) -> dict[int, Shown]:
    """By the number of each mark in `owner` (as large as the pages): what shows of it. `px_mm`: pixels to the millimetre, across and down;
    `keen`: how many times as dark as for the plain eye a mark must be.
    """
    eye = EYE_MM[look]
    with_ink, without = (
        cv2.GaussianBlur(_light(one), (0, 0), sigmaX=max(0.3, eye * px_mm[0]), sigmaY=max(0.3, eye * px_mm[1]))
        for one in (page, bare)
    )
    level = float(np.percentile(without[::4, ::4], 70))
    near = cv2.erode(cv2.blur(_light(bare), (3, 3)) if look != "dots" else without, np.ones((3, 3), np.uint8))
    open_paper = near > 0.62 * level
    held = owner > 0
    quiet = (without > 0.8 * level) & ~held
    uneven = (without - cv2.blur(without, (9, 9)))[::2, ::2][quiet[::2, ::2]]
    least = keen * max(LEAST[look], UNEVEN * float(uneven.std()) if uneven.size else 0.0)
    visible = without - with_ink > least
    rx, ry = (max(1, round(BRIDGED_MM / 2 * px)) for px in px_mm)
    bridge = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rx + 1, 2 * ry + 1))
    followed = _followed(visible & held, bridge, px_mm)
    stray = _by_chance(visible, held, bridge)
    total = np.bincount(owner[held], minlength=256)
    free = np.bincount(owner[held & open_paper], minlength=256)
    found = {}
    for number in np.nonzero(total)[0]:
        mine = owner == number if free[number] < FEW else None
        of = total[number] if mine is not None else free[number]
        where = mine if mine is not None else (owner == number) & open_paper
        ink = max(0.0, float(visible[where].sum()) / of - stray) / max(0.1, 1 - stray)
        found[int(number)] = Shown(float(min(1.0, ink)), float(followed[where].sum()) / of if ink > 0 else 0.0)
    return found


def _followed(seen: NDArray[np.bool_], bridge: NDArray[np.uint8], px_mm: tuple[float, float]) -> NDArray[np.bool_]:
    """Where the eye follows what it sees of strokes."""
    near = cv2.dilate(seen.astype(np.uint8), bridge)
    _, pieces, about, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    across, down = ((about[:, side] - bridge.shape[1 - axis] + 1) / px_mm[axis] for axis, side in enumerate(_SIDES))
    long = np.maximum(across, down) >= LONG_MM
    long[0] = False
    return np.asarray(long[pieces])


def _light(page: Grey) -> NDArray[np.float32]:
    """As light as the eye takes it; a colour that one layer alone shows counts for half."""
    if page.ndim == 2:
        return page.astype(np.float32)
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(np.minimum(grey, (page.min(axis=2) + grey) / 2 + 8), np.float32)


def _by_chance(visible: NDArray[np.bool_], held: NDArray[np.bool_], bridge: NDArray[np.uint8]) -> float:
    """The share of places well away from any mark that look darker all the same."""
    close = cv2.dilate(held.astype(np.uint8), bridge)
    around = (cv2.dilate(close, bridge, iterations=2) > 0) & (close == 0)
    return float(visible[around].mean()) if around.any() else 0.0
