"""What a window of a mark is called that the scan shows only in part: a share of a mark, a share of doubt.

A hard border says of a tick whose scan shows 0.46 of it that it is one, and of a tick of 0.44 that nobody can tell; no eye sees the
difference, and a network that must learn it stays unsure of every thin pen. Between plainly seen and hardly seen the label is both.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CLASSES = ["empty", "ticked", "crossed", "filled", "cancelled", "doubtful", "beside"]
EMPTY, DOUBTFUL = CLASSES.index("empty"), CLASSES.index("doubtful")
SEEN_FROM, SEEN_TO = 0.25, 0.45
"""How much of a mark shows (the root of ink and strokes multiplied): up to the first it is doubtful, from the second on a mark."""
LOST_TO, LOST_FROM = 0.12, 0.22
"""Up to the first there is as if nothing in the box, from the second on it is doubtful. Set by looking at pictures."""


def labels(
    classes: NDArray[np.int64], names: NDArray[np.str_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Of each window a first and a second class, and the share of the second, 0 to 1.

    `names`: as `collect_marks.py` writes them. Where they do not say what was drawn, the class stays as it is.
    """
    first, second = classes.copy(), classes.copy()
    share = np.zeros(len(classes), np.float32)
    for n, name in enumerate(names):
        told = name.split("|")
        if len(told) < 9 or not told[6]:
            continue
        drawn, shows = CLASSES.index(told[6]), float(np.sqrt(float(told[7]) * float(told[8])))
        if drawn in (EMPTY, DOUBTFUL) or classes[n] not in (drawn, EMPTY, DOUBTFUL):
            continue
        if shows >= LOST_FROM:
            first[n], second[n] = drawn, DOUBTFUL
            share[n] = np.clip((SEEN_TO - shows) / (SEEN_TO - SEEN_FROM), 0.0, 1.0)
        else:
            first[n], second[n] = DOUBTFUL, EMPTY
            share[n] = np.clip((LOST_FROM - shows) / (LOST_FROM - LOST_TO), 0.0, 1.0)
    return first, second, share


def load(paths: list[Path]) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Windows of several files with their labels."""
    held = [np.load(path) for path in paths]
    views, classes, names = (np.concatenate([one[key] for one in held]) for key in ("views", "classes", "names"))
    return views, *labels(classes, names)
