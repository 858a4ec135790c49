"""What happens to a sheet, drawn by lot: its paper and print, copiers, and the machine that scans it, fax or telephone included.

Only numbers; `scanning` carries them out.
"""

from dataclasses import dataclass, replace

import numpy as np

from tests.second_maker.motor import Rng

MODES = ("grey", "rgb", "level", "otsu", "local", "diffused", "ordered")
TWO = frozenset({"level", "otsu", "local", "diffused", "ordered"})
LAMPS = {"white": (0.3, 0.59, 0.11), "green": (0.08, 0.84, 0.08), "red": (0.85, 0.1, 0.05), "even": (0.33, 0.34, 0.33)}
"""How much of red, green and blue a machine that keeps no colours sees. Under a red lamp red ink is pale."""


@dataclass(frozen=True)
class Machine:
    """Lengths in mm, angles in degrees, shares and light from 0 to 1 unless told otherwise. `seed`: of all noise; `cut`: where
    between its black and its white a machine of one level divides; `cell`: of an ordered dither, below 0 for dots that grow."""

    seed: int
    mode: str = "grey"
    dpi: float = 200.0
    fax: bool = False
    phone: bool = False
    lamp: str = "white"
    turned: int = 0
    skew: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    shift: tuple[float, float] = (0.0, 0.0)
    tilt: tuple[float, float] = (0.0, 0.0)
    bend: float = 0.0
    paper: tuple[float, float, float] = (0.97, 0.97, 0.96)
    texture: float = 0.01
    toner: float = 1.0
    patchy: float = 0.0
    dirt: float = 0.0
    back: float = 0.0
    folds: int = 0
    holes: bool = False
    copies: int = 0
    copy_fat: float = 0.0
    blur: float = 0.07
    drag: float = 0.0
    gain: float = 1.0
    black: float = 0.04
    gamma: float = 1.0
    slope: tuple[float, float] = (0.0, 0.0)
    noise: float = 0.012
    bands: float = 0.0
    sharpen: float = 0.0
    streaks: int = 0
    border: float = 0.0
    cut: float = 0.7
    window: float = 6.0
    depth: float = 0.18
    cell: int = 4
    fat: float = 0.0
    jpeg: int = 0

    @property
    def down(self) -> float:
        """Dots to the inch down the page; across it they are `dpi`."""
        return 98.0 if self.fax else self.dpi

    @property
    def resolution(self) -> tuple[float, float]:
        """As the file says it."""
        return (self.dpi, self.down)

    @property
    def look(self) -> str:
        """How a person takes its pages: `grey`, `two` or `dots`."""
        return "dots" if self.mode in ("diffused", "ordered") else "two" if self.mode in TWO else "grey"


def a_machine(difficulty: str, rng: Rng) -> Machine:
    """A machine and what it is fed, for this difficulty: clean, typical or hard."""
    hard = {"clean": 0.0, "typical": 0.4, "hard": 1.0}[difficulty]
    shares = {
        "clean": [0.34, 0.14, 0.26, 0.16, 0.10, 0.0, 0.0],
        "typical": [0.28, 0.11, 0.20, 0.14, 0.15, 0.07, 0.05],
        "hard": [0.26, 0.08, 0.18, 0.10, 0.16, 0.13, 0.09],
    }[difficulty]
    mode = str(rng.choice(MODES, p=shares))
    dpi = float(rng.choice([200, 300, 150, 400], p=[0.78, 0.12, 0.07, 0.03] if hard else [0.8, 0.16, 0, 0.04]))
    dpi = 200.0 if dpi < 200 and mode in TWO else dpi

    def some(chance: float, low: float, high: float) -> float:
        return float(rng.uniform(low, high)) if rng.random() < chance * (0.3 + hard) else 0.0

    grey_white = rng.uniform(0.92, 0.99)
    paper = (grey_white, grey_white, grey_white - rng.uniform(0, 0.02))
    if rng.random() < 0.05 + 0.1 * hard:
        tint = [(0.98, 0.95, 0.78), (0.80, 0.93, 0.97), (0.97, 0.82, 0.85), (0.82, 0.95, 0.82), (0.93, 0.90, 0.84)]
        paper = tint[int(rng.integers(len(tint)))]
    drift = 0.006 if hard < 0.3 else 0.018 if hard < 0.7 else 0.035
    base = float(np.clip(rng.normal(1, drift), 0.96, 1.03))
    machine = Machine(
        int(rng.integers(2**31)), mode, dpi, lamp=str(rng.choice(list(LAMPS), p=[0.6, 0.2, 0.08, 0.12])),
        turned=180 if rng.random() < 0.08 + 0.1 * hard else 0,
        skew=float(np.clip(rng.normal(0, 0.25 + 0.9 * hard), -3, 3)), scale=(base, base * float(1 + rng.normal(0, 0.003 * (0.3 + hard)))),
        shift=(float(rng.normal(0, 0.7 + 1.2 * hard)), float(rng.normal(0, 0.7 + 1.5 * hard))), bend=some(0.15, 0.1, 0.6),
        paper=paper, texture=float(rng.uniform(0.002, 0.008 + 0.012 * hard)), toner=1 - some(0.35, 0.05, 0.3 + 0.25 * hard),
        patchy=some(0.2, 0.05, 0.4), dirt=some(0.45, 0.05, 1.0), back=some(0.35, 0.02, 0.06 + 0.08 * hard),
        holes=bool(rng.random() < 0.06 + 0.08 * hard), folds=int(rng.integers(1, 3)) if rng.random() < 0.35 * hard else 0,
        copies=int(rng.choice([1, 1, 2, 3])) if rng.random() < 0.06 + 0.3 * hard else 0, copy_fat=float(rng.normal(0, 0.5)),
        blur=float(rng.uniform(0.03, 0.07 + 0.06 * hard)), drag=some(0.15, 0.05, 0.25),
        gain=float(rng.uniform(0.97, 1.04 + 0.1 * hard)), black=float(rng.uniform(0, 0.06 + 0.2 * hard * rng.random())),
        gamma=float(rng.uniform(0.85, 1.15 + 0.25 * hard)), slope=(some(0.3, -0.12, 0.12), some(0.3, -0.12, 0.12)),
        noise=float(rng.uniform(0.003, 0.012 + 0.022 * hard)), bands=some(0.2, 0.004, 0.02), sharpen=some(0.5, 0.3, 1.6),
        streaks=int(rng.integers(1, 4)) if rng.random() < 0.04 + 0.22 * hard else 0, border=some(0.3, 1, 5),
        cut=float(rng.uniform(0.62 - 0.17 * hard, 0.8 + 0.1 * hard)), window=float(rng.uniform(2.5, 10)),
        depth=float(rng.uniform(0.10, 0.24)), cell=int(rng.choice([2, 4, 4, 8, -4])), fat=float(rng.choice([0, 0, 0, -0.5, 0.6])) * hard,
        jpeg=int(rng.integers(25 if hard > 0.7 else 45, 96)) if mode in ("grey", "rgb") else 0,
    )  # fmt: skip
    if rng.random() < 0.11 * hard:
        machine = replace(machine, fax=True, dpi=204.0, mode=str(rng.choice(["level", "otsu", "diffused"], p=[0.6, 0.25, 0.15])),
                          bend=0.0, jpeg=0, turned=machine.turned)  # fmt: skip
    elif rng.random() < 0.13 * hard:
        machine = _telephone(machine, hard, rng)
    if machine.mode in ("grey", "rgb") and not machine.phone and rng.random() < 0.15 * hard:  # low in contrast
        machine = replace(machine, gain=float(rng.uniform(0.7, 0.9)), black=float(rng.uniform(0.2, 0.38)))
    if machine.mode in ("diffused", "ordered"):
        machine = replace(
            machine, sharpen=min(machine.sharpen, 0.6), gain=max(machine.gain, 1.02), copies=min(machine.copies, 1)
        )
    return machine


def _telephone(machine: Machine, hard: float, rng: Rng) -> Machine:
    """A photograph taken with a telephone."""
    return replace(
        machine, phone=True, mode=str(rng.choice(["grey", "rgb", "local"], p=[0.3, 0.55, 0.15])), dpi=200.0, fax=False,
        skew=float(np.clip(rng.normal(0, 1.5), -3, 3)), scale=(float(rng.uniform(0.93, 1.0)),) * 2,
        tilt=(float(rng.normal(0, 0.035)), float(rng.normal(0, 0.045))), bend=float(rng.uniform(0, 0.8)),
        slope=(float(rng.normal(0, 0.16)), float(rng.normal(0, 0.16))), gain=float(rng.uniform(0.8, 1.05)),
        blur=float(rng.uniform(0.06, 0.17)), drag=float(rng.uniform(0, 0.25)) * hard, noise=float(rng.uniform(0.008, 0.03)),
        sharpen=float(rng.uniform(0, 1.2)), border=0.0, streaks=0, jpeg=int(rng.integers(40, 90)), copies=0,
    )  # fmt: skip
