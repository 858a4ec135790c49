"""What a model makes of each step of a line → the likeliest dates and how sure; and what two models agree on. Pure but for numpy.

The model gives, for each step along the line, how likely each figure, a `/` (whatever separates) and nothing is. A beam
search finds the likely texts; those that name the same day are counted together.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forms.dates import FIRST_YEAR, LAST_YEAR, Figures

SIGNS = "0123456789/"
NOTHING = len(SIGNS)
ONE, SEPARATOR = SIGNS.index("1"), SIGNS.index("/")
TEMPERATURE = 0.9
"""What the model's scores are divided by before they become shares. As they are it is less sure than it is right: see its card."""
IMPOSSIBLE = 0.1
"""How likely a day that is not in the calendar is before anything is read, against one that is: people do write them."""
UNLIKELY = 0.05
"""The same for a year in which no form of today can have been signed and no child of it born. What is clear stays clear."""
YEARS_BACK = 27
"""Birth dates reach 25 years back from signing, and forms are some time on their way."""
_FITS = 0.1
"""How much less likely a date is for each figure that it has more or fewer than boxes are written in."""
_BEAM = 24
_LEAST = 2e-4
_LEAST_DATE = 1e-3
_UNTHOUGHT, _NO_DATE = 1e-3, 0.03
_DATE = re.compile(r"(\d{1,2})/+(\d{1,2})/+(\d{2}|\d{4})")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4})")
_EIGHT = re.compile(r"(\d{2})/*(\d{2})/*(\d{4})")
"""All eight figures need nothing between them: a writer's own slash over a printed one is taken away with the print. As a
date to look at that is as good; counted for one to be taken, a second of 8,566 from scanned sheets was surely wrong (forms/models/digits.md)."""


@dataclass(frozen=True)
class DateGuess:
    """A date as written, and how sure, 0 to 1."""

    written: Figures
    confidence: float


def weighed(
    shares: NDArray[np.float64],
    latest: int | None = None,
    cells: Sequence[int] | None = None,
    *,
    lenient: bool = False,
) -> dict[Figures | None, float]:
    """How likely each date is, together 1; under None whatever is no date. `shares`: signs × steps, each step together 1.

    `latest` is the year of receipt: years after it, and those too long before it, are less likely.
    `cells`: how many figure boxes of day, month and year are written in, where there are any: people write one figure to a box.
    `lenient`: eight figures of which one separator was lost are a date too.
    """
    every: dict[Figures | None, float] = defaultdict(float)
    for text, share in _texts(shares).items():
        written = _as_date(text, lenient=lenient)
        fits = 1.0 if written is None or cells is None else _FITS ** _apart(text, cells)
        every[written] += share * fits * (1.0 if written is None else _likely(written, latest))
    whole = sum(every.values()) or 1.0
    return {written: share / whole for written, share in every.items()}


def either(ways: Sequence[Mapping[Figures | None, float]]) -> dict[Figures | None, float]:
    """What a line says that can be taken in several ways of which one is right: a way in which it is no date says nothing of the others."""
    every: dict[Figures | None, float] = defaultdict(float)
    for way in ways:
        for written, share in way.items():
            every[written] += share
    every[None] = float(np.prod([way.get(None, 0.0) for way in ways])) if ways else 1.0
    whole = sum(every.values()) or 1.0
    return {written: share / whole for written, share in every.items()}


def agreed(
    first: Mapping[Figures | None, float], second: Mapping[Figures | None, float]
) -> dict[Figures | None, float]:
    """What two models that know nothing of each other make of a line together, each date by what both think of it.

    What only one of them thinks of may be right all the same: each has `_UNTHOUGHT` for it. That one of them sees no date in it says
    little: the model of letters takes figures for letters.
    """
    every = {
        written: (first.get(written, 0.0) + _UNTHOUGHT)
        * (second.get(written, 0.0) + _UNTHOUGHT)
        * (_NO_DATE if written is None else 1.0)
        for written in {*first, *second, None}
    }
    whole = sum(every.values())
    return {written: share / whole for written, share in every.items()}


def best_first(likely: Mapping[Figures | None, float]) -> list[DateGuess]:
    """The dates that are likely enough to be named."""
    found = [DateGuess(written, share) for written, share in likely.items() if written is not None]
    return sorted((one for one in found if one.confidence >= _LEAST_DATE), key=lambda guess: -guess.confidence)


def _likely(written: Figures, latest: int | None) -> float:
    """How likely a date is before anything is read, against any other."""
    likely = 1.0 if possible(written) else IMPOSSIBLE
    if latest is None:
        return likely
    years = range(latest - YEARS_BACK, latest + 1)
    fitting = any(year % 100 == written.year for year in years) if written.short else written.year in years
    return likely if fitting else likely * UNLIKELY


def _apart(text: str, cells: Sequence[int]) -> int:
    """How many more or fewer figures a date has than boxes that are written in."""
    found = _DATE.fullmatch(text)
    figures = [len(part) for part in found.groups()] if found else [2, 2, 4]
    return sum(abs(one - held) for one, held in zip(figures, cells, strict=True))


def possible(written: Figures) -> bool:
    """Whether the calendar has such a day; of a two-figure year, in any century."""
    if not written.short and not FIRST_YEAR <= written.year <= LAST_YEAR:
        return False
    try:
        # Of the years with two figures only 00 differs by century in its 29 February; 2000 has one.
        date(written.year + 2000 if written.short else written.year, written.month, written.day)
    except ValueError:
        return False
    return True


def _as_date(text: str, *, lenient: bool) -> Figures | None:
    found = _DATE.fullmatch(text) or (_EIGHT if lenient else _RUN).fullmatch(text)
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups())
    return Figures(day, month, year, short=len(found[3]) == 2)


def shares_of(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """A model's scores (signs × steps) → how likely each sign is at each step."""
    raised = np.exp(scores.astype(np.float64) - scores.max(axis=0))
    shares: NDArray[np.float64] = raised / raised.sum(axis=0)
    return shares


def without_separators(shares: NDArray[np.float64], here: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The shares, with every separator at the steps `here` taken for a one: a stroke alone in a figure box is a figure."""
    found = shares.copy()
    found[ONE, here] += found[SEPARATOR, here]
    found[SEPARATOR, here] = 0.0
    return found


def _texts(shares: NDArray[np.float64]) -> dict[str, float]:
    """Connectionist beam search: each text with the summed share of all the ways in which the steps spell it."""
    # Of each text, the share of the ways that end in its last sign, and of those that end in nothing.
    beam: dict[str, tuple[float, float]] = {"": (0.0, 1.0)}
    for step in shares.T:
        likely = [int(sign) for sign in np.flatnonzero(step[:NOTHING] > _LEAST)]
        nothing = float(step[NOTHING])
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (signed, bare) in beam.items():
            here = grown[text]
            here[1] += (signed + bare) * nothing
            for sign in likely:
                name, share = SIGNS[sign], float(step[sign])
                if text and text[-1] == name:
                    here[0] += signed * share
                    grown[text + name][0] += bare * share
                else:
                    grown[text + name][0] += (signed + bare) * share
        best = sorted(grown.items(), key=lambda entry: -(entry[1][0] + entry[1][1]))[:_BEAM]
        beam = {text: (signed, bare) for text, (signed, bare) in best}
    return {text: signed + bare for text, (signed, bare) in beam.items()}
