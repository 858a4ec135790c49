"""What an office scans with: copiers, feeders, fax machines and telephones, each with its own faults. Drawn here, used by `imaging`."""

from dataclasses import dataclass

import numpy as np

from tests.third_maker.curves import Rng

TWO = frozenset({"fixed", "otsu", "mean", "midgrey", "sharpened", "diffused", "clustered", "scattered"})
DOTS = frozenset({"diffused", "clustered", "scattered"})
"""Modes of black and white, and those of them whose dots stand for greys."""
LAMPS = {
    "white": (0.30, 0.59, 0.11),
    "green": (0.12, 0.78, 0.10),
    "yellow": (0.45, 0.5, 0.05),
    "blueish": (0.22, 0.5, 0.28),
}


@dataclass(frozen=True)
class Scanner:
    """One machine and the state of its sheets. Lengths in mm, lights and greys as shares of white.

    Paper: `paper` (its colour), `mottle`, `bleed` (how much of the back shows), `toner` (how light the print is), `print_gain` (mm by which
    printed strokes have grown), `copied` (how harshly the filled sheet was copied, 0: not), `growth` (by how much copies fatten, negative: thin),
    `dropout`, `specks` (to the page), `creases`. Feed: `skew` degrees, `shift` mm, `stretch`, `jitter`, `bands` (of light, across the feed). Optics: `blur`, `motion`,
    `defocus` mm, `lamp`, `uneven`, `joints` (steps between sensor pieces), `noise`, `pattern` (fixed), `streaks` (of dirt on the glass).
    After: `black`, `white`, `gamma`, `sharpen`, `denoise`, `low` (caught at this share of the resolution), `quality` (of JPEG, 0: none), `halved`
    (colours kept at half), `level` and `reach` (of the threshold), `cell` (of a halftone).
    """

    seed: int
    dpi: float = 200.0
    mode: str = "grey"
    fax: int = 0
    phone: bool = False
    paper: tuple[float, float, float] = (1.0, 1.0, 1.0)
    mottle: float = 0.0
    bleed: float = 0.0
    toner: float = 0.0
    print_gain: float = 0.0
    copied: float = 0.0
    growth: float = 0.0
    dropout: float = 0.0
    specks: int = 0
    creases: int = 0
    skew: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    stretch: tuple[float, float] = (1.0, 1.0)
    jitter: float = 0.0
    bands: float = 0.0
    blur: float = 0.03
    motion: float = 0.0
    defocus: float = 0.0
    lamp: str = "white"
    uneven: float = 0.0
    joints: float = 0.0
    noise: float = 0.004
    pattern: float = 0.0
    streaks: int = 0
    black: float = 0.04
    white: float = 0.97
    gamma: float = 1.0
    sharpen: float = 0.0
    denoise: str = ""
    low: float = 1.0
    quality: int = 0
    halved: bool = False
    level: float = 0.55
    reach: float = 4.0
    cell: int = 6

    @property
    def down(self) -> float:
        """Dots to the inch down the page."""
        return float(self.fax or self.dpi)

    @property
    def resolution(self) -> tuple[float, float]:
        """Dots to the inch, across and down."""
        return self.dpi, self.down

    @property
    def colour(self) -> bool:
        """Whether it keeps colours."""
        return self.mode == "rgb"

    @property
    def look(self) -> str:
        """What its pages are to the eye (`tests.second_maker.seen`)."""
        return "dots" if self.mode in DOTS else "two" if self.mode in TWO else "grey"


MODES = {
    "clean": {"grey": 0.6, "rgb": 0.08, "fixed": 0.16, "otsu": 0.08, "mean": 0.08},
    "typical": {"grey": 0.46, "rgb": 0.10, "fixed": 0.10, "otsu": 0.07, "mean": 0.08, "midgrey": 0.05, "sharpened": 0.06, "diffused": 0.04,
                "clustered": 0.02, "scattered": 0.02},
    "hard": {"grey": 0.38, "rgb": 0.08, "fixed": 0.11, "otsu": 0.07, "mean": 0.08, "midgrey": 0.07, "sharpened": 0.07, "diffused": 0.07,
             "clustered": 0.04, "scattered": 0.03},
}  # fmt: skip
PAPERS = [
    (1.0, 1.0, 1.0),
    (0.97, 0.97, 0.95),
    (0.99, 0.96, 0.82),
    (0.84, 0.95, 0.86),
    (0.99, 0.86, 0.88),
    (0.82, 0.9, 0.98),
    (0.9, 0.9, 0.88),
]


def a_scanner(difficulty: str, rng: Rng) -> Scanner:
    """One of a difficulty: clean, typical or hard."""
    worst = {"clean": 0.2, "typical": 0.55, "hard": 1.0}[difficulty]
    harm = float(rng.beta(1.6, 1.6)) * worst

    def often(share: float) -> bool:
        return bool(rng.random() < share * worst)

    modes = MODES[difficulty]
    mode = str(rng.choice(list(modes), p=list(modes.values())))
    fax = int(rng.choice([98, 196], p=[0.3, 0.7])) if often(0.07) else 0
    phone = not fax and often(0.09)
    if fax:
        mode = str(rng.choice(["fixed", "mean", "diffused", "sharpened"], p=[0.5, 0.25, 0.15, 0.1]))
    if phone:
        mode = "rgb" if rng.random() < 0.4 else "grey"
    weights = [0.08, 0.68, 0.05, 0.17, 0.02] if mode != "rgb" else [0.4, 0.58, 0.0, 0.02, 0.0]
    dpi = float(rng.choice([150, 200, 240, 300, 400], p=weights))
    if mode in TWO and dpi < 200:
        dpi = 200.0
    grey = mode in ("grey", "rgb")
    return Scanner(
        int(rng.integers(1 << 30)), 204.0 if fax else 200.0 if phone else dpi, mode, fax, phone,
        paper=PAPERS[int(rng.choice(len(PAPERS), p=[0.7, 0.1, 0.05, 0.04, 0.04, 0.04, 0.03]))] if worst > 0.3 else (1.0, 1.0, 1.0),
        mottle=float(rng.uniform(0, 0.02)) * harm, bleed=float(rng.beta(1, 5)) * 0.3 * harm,
        toner=float(rng.beta(1, 4)) * 0.7 * harm, print_gain=float(rng.normal(0, 0.05)) * worst if often(0.5) else 0.0,
        copied=float(rng.uniform(0.3, 1)) * worst if often(0.16) else 0.0, growth=float(rng.normal(0.0, 0.12)) * worst,
        dropout=float(rng.beta(1, 3)) * 0.9 * harm if often(0.25) else 0.0,
        specks=int(rng.poisson(25 * harm)) if often(0.6) else int(rng.poisson(1.0)), creases=int(rng.integers(1, 4)) if often(0.25) else 0,
        skew=float(np.clip(rng.normal(0, 0.25 + 0.8 * harm), -2.3, 2.3)) if not often(0.08) else float(rng.uniform(-2.4, 2.4)),
        shift=(float(rng.normal(0, 1.2)), float(rng.normal(0, 1.5))),
        stretch=(1 + float(rng.normal(0, 0.003)), 1 + float(rng.normal(0, 0.006)) * (0.4 + harm)),
        jitter=float(rng.gamma(1.2, 0.06)) * harm, bands=float(rng.beta(1, 4)) * 0.1 * harm if often(0.4) else 0.0,
        blur=float(rng.uniform(0.015, 0.035 + 0.055 * harm)), motion=float(rng.uniform(0.05, 0.28)) * harm if often(0.3) else 0.0,
        defocus=float(rng.uniform(0.06, 0.2)) * worst if often(0.12) or phone else 0.0,
        lamp=str(rng.choice(list(LAMPS), p=[0.66, 0.16, 0.1, 0.08])),
        uneven=float(rng.beta(1.2, 4)) * 0.3 * harm + (0.25 * float(rng.random()) if phone else 0.0), joints=float(rng.beta(1, 6)) * 0.05 * harm,
        noise=float(rng.uniform(0.002, 0.008 + 0.03 * harm)) + (0.012 if phone else 0.0), pattern=float(rng.beta(1, 5)) * 0.02 * harm,
        streaks=int(rng.integers(1, 4)) if often(0.13) else 0,
        black=float(rng.uniform(0.0, 0.14)), white=float(rng.uniform(0.86, 1.02)), gamma=float(np.clip(np.exp(rng.normal(0, 0.2 * (0.4 + harm))), 0.6, 1.7)),
        sharpen=float(rng.uniform(0.3, 1.8)) if often(0.45) or mode == "sharpened" else 0.0,
        denoise=str(rng.choice(["median", "specks", "smooth"])) if often(0.28) else "",
        low=float(rng.choice([0.5, 0.6, 0.75])) if often(0.12) and not fax and dpi >= 200 else 1.0,
        quality=int(rng.choice([22, 35, 50, 65, 75, 85, 92], p=[0.05, 0.1, 0.15, 0.2, 0.25, 0.15, 0.1])) if grey and rng.random() < 0.75 else 0,
        halved=bool(rng.random() < 0.6), level=float(rng.normal(0.60, 0.04 + 0.05 * harm)), reach=float(rng.uniform(2.5, 9.0)),
        cell=int(rng.choice([4, 6, 8])),
    )  # fmt: skip
