"""Which known page does a scanned page look like? Matches corners, in any turn, and names the candidates.

This only proposes: `register.py` refines the best candidates and decides whether the fit may be believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from forms.blank_pages import FEATURE_DPI, FEATURES_ON_A_PAGE, BlankPage, Features, features_of
from forms.page import Matrix, Page, reduced

RATIO = 0.85
FEWEST_MATCHES = 12
THINNED = 3
CLOSER_LOOKS = 2


@dataclass(frozen=True)
class Candidate:
    """A known page and a rough transform from its pixels to those of the reduced page, both at FEATURE_DPI."""

    blank: BlankPage
    rough: Matrix
    matches: int


@dataclass(frozen=True)
class Sighting:
    """All candidates, best first, with the transform from the reduced page to the page as scanned."""

    candidates: tuple[Candidate, ...]
    back: Matrix


def candidates_for(page: Page, blanks: Sequence[BlankPage]) -> Sighting:
    """The known pages that this page may be, by the number of corners that agree on one transform.

    A third of each blank's corners is enough to see which pages are worth a closer look; only those get all of them.
    """
    small, back = reduced(page, FEATURE_DPI)
    seen = features_of(small, FEATURES_ON_A_PAGE)
    glimpsed = [(c.matches, blank) for blank in blanks if (c := _match(blank, seen, THINNED)) is not None]
    glimpsed.sort(key=lambda g: -g[0])
    found = [c for _, blank in glimpsed[:CLOSER_LOOKS] if (c := _match(blank, seen, 1)) is not None]
    return Sighting(tuple(sorted(found, key=lambda c: -c.matches)), back)


def _match(blank: BlankPage, seen: Features, step: int) -> Candidate | None:
    points, descriptors = blank.features.points[::step], blank.features.descriptors[::step]
    fewest = FEWEST_MATCHES if step == 1 else FEWEST_MATCHES // 2
    if len(seen.points) < fewest or len(points) < fewest:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(descriptors, seen.descriptors, k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < RATIO * p[1].distance]
    if len(good) < fewest:
        return None
    here = points[[m.queryIdx for m in good]]
    there = seen.points[[m.trainIdx for m in good]]
    steps = 1000 if step == 1 else 200
    rough, agreeing = cv2.findHomography(here, there, cv2.RANSAC, 3.0, maxIters=steps, confidence=0.99)
    if rough is None or agreeing is None:
        return None
    return Candidate(blank, np.asarray(rough, dtype=np.float64), int(agreeing.sum()))
