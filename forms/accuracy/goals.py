"""What the reader is held to, by difficulty: the goals that a release must show. Pure.

A goal for something good says the least share, one for something bad the most. A goal of none can never be shown by counting;
it counts as met when none was seen and the bound lies below the rate of a person, or of one page in a thousand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from forms.accuracy.bounds import lower, upper

LEVELS = ("clean", "typical", "hard", "adversarial")
TWO_PEOPLE = 0.00042
"""Wrong answers a field of two people typing with comparison: 0.42 in 1,000."""
ONE_PAGE_IN_A_THOUSAND = 0.001


class Verdict(StrEnum):
    """Whether a goal is met."""

    MET = "met"
    NOT_SHOWN = "not shown"
    MISSED = "missed"


@dataclass(frozen=True)
class Goal:
    """A share that may not be passed. `shown_below` is the bound that shows a goal of none."""

    share: float
    least: bool = False
    shown_below: float | None = None

    def __str__(self) -> str:
        if not self.share and not self.least:
            return "none"
        return f"{'at least' if self.least else 'at most'} {percent(self.share)}"

    def verdict(self, count: int, of: int) -> Verdict:
        """Met only where the 95 % bound says so; not shown where the figure is good but the sample too small to say."""
        if not of:
            return Verdict.NOT_SHOWN
        rate = count / of
        if (rate < self.share) if self.least else (rate > self.share):
            return Verdict.MISSED
        shown = (
            lower(count, of) >= self.share
            if self.least
            else upper(count, of) <= (self.share if self.shown_below is None else self.shown_below)
        )
        return Verdict.MET if shown else Verdict.NOT_SHOWN


def percent(share: float) -> str:
    """A share in words: as many figures as mean something."""
    value = share * 100
    if value in (0.0, 100.0) or value >= 99.95:
        return f"{value:.4g} %"
    return f"{value:.1f} %" if value >= 1 else f"{value:.2g} %"


def _by_level(*shares: float | None, least: bool = False) -> dict[str, Goal]:
    return {level: Goal(share, least) for level, share in zip(LEVELS, shares, strict=True) if share is not None}


def _none(shown_below: float) -> dict[str, Goal]:
    return dict.fromkeys((*LEVELS, "all"), Goal(0.0, shown_below=shown_below))


GOALS: Mapping[str, Mapping[str, Goal]] = {
    "forms found": _by_level(0.999, 0.995, 0.97, 0.90, least=True),
    "forms found that are none": _none(ONE_PAGE_IN_A_THOUSAND),
    "pages misplaced": _none(ONE_PAGE_IN_A_THOUSAND),
    "false yes taken": _none(TWO_PEOPLE),
    "missed yes taken": {"clean": Goal(0.0, shown_below=TWO_PEOPLE)} | _by_level(None, 1 / 1000, 1 / 200, 1 / 100),
    "asked": _by_level(0.01, 0.03, 0.12, None),
    "forms with no question": _by_level(0.90, 0.75, 0.35, None, least=True),
    "unsettled asked or right": _by_level(0.99, 0.99, 0.97, 0.95, least=True),
    "dates in boxes exact": {"all": Goal(0.95, least=True)},
    "dates on lines exact": {"all": Goal(0.80, least=True)},
    "dates taken wrongly": {"all": Goal(0.005)},
}
"""By the name of the count, and by difficulty (`all` for the whole)."""
SECONDS_A_PAGE = 0.7
"""The whole reading of a one-page form with names and dates, on one core."""
