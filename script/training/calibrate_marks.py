"""Fits how the scores of the network become chances, on windows that it was not fitted on, and writes `marks.json` beside it.

`python script/training/calibrate_marks.py CALIBRATE.npz... --model forms/models/marks.onnx --closer forms/models/marks-closer.onnx --version 2026-11`

One temperature and one share for each class, by the likelihood of what really lies in the boxes. Windows of marks that the scan
hardly shows are left out: by rule they are doubtful, by eye many are marks, and no scorer can tell where thirty per cent begins.
Also prints how much likelier a chance becomes where the ink by itself says the same: for `Thresholds`.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from forms.scorer import CONTENTS, Below, Calibration, Closer, Network, Scorer, calibrated

FLOOR = 3e-5
BELOW = Below(empty=0.995, marked=0.998)
"""Where the quick network is less sure than this, the larger one looks too: what is surer is taken anyway. Of 2,822 answers on *develop* and the samples
none changed for the worse when it was not asked about boxes more surely empty than this (0.998 before), and it looks at a third fewer."""
STEPS = 4000


def main() -> None:
    """Writes the calibration and prints what it does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("windows", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--closer", type=Path, required=True)
    parser.add_argument("--version", required=True)
    told = parser.parse_args()
    held = [np.load(path) for path in told.windows]
    names = np.concatenate([one["names"] for one in held])
    kept = np.array(["barely_visible" not in name.split("|")[4] for name in names])
    views = np.concatenate([one["views"] for one in held])[kept]
    classes = np.concatenate([one["classes"] for one in held])[kept]
    by_ink = np.array([name.split("|")[5] for name in names])[kept]
    quick, closer = (Network(path.read_bytes()) for path in (told.model, told.closer))
    scores = all_scores(quick, views)
    both = (scores + all_scores(closer, views)) / 2
    sharpness, shares = fitted(scores, classes)
    # How rare odd marks are is known of forms, and hangs on no network.
    sharper, _ = fitted(both, classes, shares)
    table = {
        "version": told.version, "contents": [content.value for content in CONTENTS], **as_table(sharpness, shares),
        "closer": {**as_table(sharper, shares), "below": asdict(BELOW)}, "windows": len(views),
    }  # fmt: skip
    told.model.with_suffix(".json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    found = Scorer(quick, calibration(table), Closer(closer, calibration(table["closer"]), BELOW))
    chances = np.concatenate([found.of_windows(views[n : n + 256]) for n in range(0, len(views), 256)])
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == classes
    sys.stdout.write(f"{table}\n")
    for name, factor in support(chances, classes, by_ink).items():
        sys.stdout.write(f"{name}: {factor:.2f} times likelier\n")
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 0.99), (0.99, 0.999), (0.999, 1.1)):
        here = (sure >= low) & (sure < high)
        if here.any():
            sys.stdout.write(
                f"{low}-{high}: {here.sum()} windows, said {sure[here].mean():.5f}, right {right[here].mean():.5f}\n"
            )


def all_scores(network: Network, views: np.ndarray) -> np.ndarray:
    """A network's scores of many windows."""
    return np.concatenate([network.scores(views[n : n + 256]) for n in range(0, len(views), 256)])


# Any: part of the JSON of a calibration.
def as_table(sharpness: float, shares: np.ndarray) -> dict[str, Any]:
    """How a calibration is written."""
    return {
        "temperature": round(1 / sharpness, 3),
        "floor": FLOOR,
        "shares": [round(float(share), 3) for share in shares],
    }


def calibration(table: dict[str, Any]) -> Calibration:
    """A calibration that was written."""
    return Calibration("", table["temperature"], table["floor"], tuple(table["shares"]))


def fitted(scores: np.ndarray, classes: np.ndarray, known: np.ndarray | None = None) -> tuple[float, np.ndarray]:
    """The sharpness (one over the temperature) and shares under which what is right is likeliest. `known`: shares that stay as they are."""
    sharpness, shares = 1.0, np.zeros(scores.shape[1]) if known is None else known.copy()
    rows = np.arange(len(classes))
    for _ in range(STEPS):
        wrong = calibrated(scores, Calibration("", 1 / sharpness, 0.0, tuple(shares)))
        wrong[rows, classes] -= 1
        if known is None:
            shares -= 0.5 * (wrong.mean(axis=0) + 1e-4 * shares)
        sharpness -= 0.02 * float((wrong * scores).sum(axis=1).mean())
    return sharpness, shares


def support(chances: np.ndarray, classes: np.ndarray, by_ink: np.ndarray) -> dict[str, float]:
    """How many times likelier an empty or a marked box becomes where the ink agrees, and where it does not."""
    marked, empty = chances[:, 1] + chances[:, 2], chances[:, 0]
    is_marked = (classes >= 1) & (classes <= 3)
    cases = {
        "marked, ink agrees": (marked, is_marked, by_ink == "marked"),
        "marked, ink does not": (marked, is_marked, by_ink != "marked"),
        "empty, ink agrees": (empty, classes == 0, by_ink == "empty"),
        "empty, ink does not": (empty, classes == 0, by_ink != "empty"),
    }
    found = {}
    for name, (chance, right, here) in cases.items():
        chosen = here & (chance > 0.5)
        odds = chance[chosen] / np.maximum(1e-9, 1 - chance[chosen])
        found[name] = min((unlikely(odds * factor, right[chosen]), factor) for factor in np.geomspace(0.02, 50, 81))[1]
    return {name: float(factor) for name, factor in found.items()}


def unlikely(odds: np.ndarray, right: np.ndarray) -> float:
    """The mean negative log likelihood of what is right at these odds."""
    return float(-np.log(np.where(right, odds, 1.0) / (1 + odds)).mean())


if __name__ == "__main__":
    main()
