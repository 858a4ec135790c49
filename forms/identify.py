"""Which known page does a scanned page look like? Matches corners, in any turn, and names the candidates.

This only proposes: `register.py` refines the best candidates and decides whether the fit may be believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import (
    FEATURES_ON_A_PAGE,
    GLANCED_ON_A_PAGE,
    BlankPage,
    Features,
    Glance,
    features_of,
    glance_of,
)
from forms.page import Grey, Matrix

RATIO = 0.85
FEWEST_MATCHES = 12
GLIMPSED_BLANK, GLIMPSED_PAGE = 300, 700
"""How many of the strongest corners are compared to see which blanks deserve all of them."""
CLOSER_LOOKS = 2
PLAIN_AT_A_GLANCE = 25
"""So many corners at a glance that agree, and FAR_BEHIND times those of any other blank, say plainly what a page is."""
FAR_BEHIND = 2
"""A blank that agrees with so many times fewer of the strongest corners than the best is not looked at more closely."""

INKED, MOSTLY, PALE_PRINT = 40, 70, 150
"""From which darkness on something is ink, which share of it (per cent) is print and no pen, and below which darkness print is pale."""


@dataclass(frozen=True)
class Candidate:
    """A known page and a rough transform from its pixels to those of the reduced page, both at FEATURE_DPI."""

    blank: BlankPage
    rough: Matrix
    matches: int


def corners_of(small: Grey, dark: Grey | None = None) -> Features:
    """The corners of a page at FEATURE_DPI, strongest first. `dark`: as for `features_of`."""
    return features_of(small, FEATURES_ON_A_PAGE, dark)


def brought_out(dark: Grey) -> Grey | None:
    """The darkness of a page with its pale print made as dark as any pen; None where print is dark enough as it is.

    Corners are counted from the strongest: on a pale copy with black writing on it those are the writing's. `dark`: as for `at_a_glance`.
    """
    inked = dark[dark > INKED]
    level = float(np.percentile(inked, MOSTLY)) if inked.size else 0.0
    if not INKED < level < PALE_PRINT:
        return None
    return np.asarray(cv2.convertScaleAbs(dark, alpha=255 / level), np.uint8)


def at_a_glance(dark: Grey, blanks: Sequence[BlankPage]) -> Candidate | None:
    """The one known page that a page plainly is, of those that do not say it themselves; None where it needs a closer look.

    `dark`: its darkness at FEATURE_DPI with WIDE_REACH. The transform has no perspective: a photograph needs the closer look.
    """
    seen = glance_of(dark, GLANCED_ON_A_PAGE)
    pairs = [(blank, *alike) for blank in blanks if blank.glance and (alike := _alike(blank.glance, seen)) is not None]
    found: list[Candidate] = []
    # No more corners can agree than look alike: a blank that cannot come near the best any more need not be tried.
    for blank, there, here in sorted(pairs, key=lambda one: -len(one[1])):
        if found and len(there) * FAR_BEHIND < max(one.matches for one in found):
            break
        if (one := _glanced(blank, there, here)) is not None:
            found.append(one)
    found.sort(key=lambda one: -one.matches)
    if not found or found[0].matches < PLAIN_AT_A_GLANCE:
        return None
    return found[0] if len(found) == 1 or found[1].matches * FAR_BEHIND < found[0].matches else None


def _alike(known: Glance, seen: Glance) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Corners of a blank and the corners of the page that look like them and like no other; None for too few."""
    if min(len(known.points), len(seen.points)) < FEWEST_MATCHES:
        return None
    alike = known.alike(seen)
    each = np.arange(len(alike))
    best = alike.argmax(axis=1)
    most = alike[each, best]
    alike[each, best] = -np.inf
    good = np.flatnonzero(256 - most < RATIO * (256 - alike.max(axis=1)))
    return (known.points[good], seen.points[best[good]]) if len(good) >= FEWEST_MATCHES // 2 else None


def _glanced(blank: BlankPage, there: NDArray[np.float32], here: NDArray[np.float32]) -> Candidate | None:
    rough, agreeing = cv2.estimateAffinePartial2D(there, here, ransacReprojThreshold=8.0, maxIters=300, confidence=0.99)
    if rough is None or agreeing is None:
        return None
    return Candidate(blank, np.vstack([rough, [0.0, 0.0, 1.0]]), int(agreeing.sum()))


def candidates_for(seen: Features, blanks: Sequence[BlankPage]) -> tuple[Candidate, ...]:
    """The known pages that a page with these corners may be, best first, by the number of corners that agree on one transform.

    The strongest corners are enough to see which blanks are worth a closer look; only those get all of them.
    """
    if not blanks:
        return ()
    glimpse = Features(seen.points[:GLIMPSED_PAGE], seen.descriptors[:GLIMPSED_PAGE])
    glimpsed = [(agreeing, blank) for blank in blanks if (agreeing := _glimpse(blank, glimpse)) > 0]
    glimpsed.sort(key=lambda g: -g[0])
    worth = [blank for agreeing, blank in glimpsed[:CLOSER_LOOKS] if agreeing * FAR_BEHIND >= glimpsed[0][0]]
    found = [c for blank in worth if (c := _match(blank, seen)) is not None]
    return tuple(sorted(found, key=lambda c: -c.matches))


def _pairs(
    points: NDArray[np.float32], descriptors: NDArray[np.uint8], seen: Features, fewest: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Corners of a blank and the corners of the page that look like them and like no other; None for fewer than wanted."""
    if len(seen.points) < fewest or len(points) < fewest:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(descriptors, seen.descriptors, k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < RATIO * p[1].distance]
    if len(good) < fewest:
        return None
    return points[[m.queryIdx for m in good]], seen.points[[m.trainIdx for m in good]]


def _glimpse(blank: BlankPage, seen: Features) -> int:
    """How many of the blank's strongest corners agree on one move, turn and size; 0 when that is no sign of anything."""
    features = blank.features
    pairs = _pairs(features.points[:GLIMPSED_BLANK], features.descriptors[:GLIMPSED_BLANK], seen, FEWEST_MATCHES // 2)
    if pairs is None:
        return 0
    # Loose, so that a page in perspective still shows what it is.
    _, agreeing = cv2.estimateAffinePartial2D(*pairs, ransacReprojThreshold=8.0, maxIters=300, confidence=0.99)
    return 0 if agreeing is None else int(agreeing.sum())


def _match(blank: BlankPage, seen: Features) -> Candidate | None:
    pairs = _pairs(blank.features.points, blank.features.descriptors, seen, FEWEST_MATCHES)
    if pairs is None:
        return None
    rough, agreeing = cv2.findHomography(*pairs, cv2.RANSAC, 3.0, maxIters=600, confidence=0.99)
    if rough is None or agreeing is None:
        return None
    return Candidate(blank, np.asarray(rough, dtype=np.float64), int(agreeing.sum()))
