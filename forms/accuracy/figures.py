"""Counts → figures with bounds, beside their goals, as lines for a person or rows for a program. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.accuracy.bounds import lower, upper
from forms.accuracy.goals import GOALS, LEVELS, SECONDS_A_PAGE, Goal, Verdict, percent
from forms.accuracy.scoring import ALL, Score

GROUPS: Sequence[tuple[str, Sequence[tuple[str, str, str, bool]]]] = (
    ("Forms", (
        ("forms found", "forms", "found, with the right edition and pages", True),
        ("forms found that are none", "chances of a false form", "letter or other edition taken for a form", False),
        ("pages misplaced", "pages placed", "pages read while misregistered", False),
    )),
    ("Ticks", (
        ("false yes taken", "answers not yes", "false yes, taken without asking", False),
        ("missed yes taken", "answers yes", "missed yes, taken without asking", False),
        ("other wrong answer taken", "answers not yes", "other wrong answers taken", False),
        ("right", "answers", "taken and right", True),
        ("asked", "answers", "put to a person", False),
        ("asked needlessly", "answers", "of them needlessly", False),
        ("forms with no question", "forms", "forms with no tick put to a person", True),
        ("unsettled asked or right", "unsettled", "unclear or corrected: asked, or read rightly", True),
    )),
    ("Writing", (
        ("dates in boxes exact", "dates in boxes", "dates in figure boxes exact", True),
        ("dates in boxes suggested wrong", "dates in boxes", "suggested wrong", False),
        ("dates on lines exact", "dates on lines", "dates on slashes or a line exact", True),
        ("dates on lines suggested wrong", "dates on lines", "suggested wrong", False),
        ("dates taken wrongly", "dates fields", "dates taken wrongly", False),
        ("names exact", "names", "names and other writing exact", True),
        ("names suggested wrong", "names", "suggested wrong", False),
        ("names taken wrongly", "names fields", "taken wrongly", False),
        ("signatures right", "signatures", "signatures right", True),
        ("signatures wrong", "signatures", "signatures taken wrongly", False),
        ("signatures asked", "signatures", "signatures put to a person", False),
    )),
)  # fmt: skip
"""Count, what it is a part of, its words, and whether more is better."""


@dataclass(frozen=True)
class Figure:
    """One rate of one difficulty. `bound`: upper where more is worse, lower where more is better (95 %, one-sided)."""

    difficulty: str
    group: str
    name: str
    words: str
    count: int
    of: int
    good: bool
    goal: Goal | None

    @property
    def bound(self) -> float | None:
        """How far off the true rate may be on the bad side; None where nothing was looked at."""
        if not self.of:
            return None
        return lower(self.count, self.of) if self.good else upper(self.count, self.of)

    @property
    def verdict(self) -> Verdict | None:
        """Whether the goal is met; None where there is no goal."""
        return self.goal.verdict(self.count, self.of) if self.goal else None

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Plain values."""
        return {
            "difficulty": self.difficulty, "figure": self.name, "count": self.count, "of": self.of,
            "rate": self.count / self.of if self.of else None,
            "upper": upper(self.count, self.of) if self.of else None,
            "lower": lower(self.count, self.of) if self.of else None,
            "goal": self.goal.share if self.goal else None,
            "met": self.verdict.value if self.verdict else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Pace:
    """Seconds a page, over all pages read, with this many files at once."""

    pages: int
    median: float
    p95: float
    workers: int

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Plain values."""
        return {
            "difficulty": ALL, "figure": "seconds a page", "pages": self.pages, "median": round(self.median, 3),
            "p95": round(self.p95, 3), "workers": self.workers, "goal": SECONDS_A_PAGE,
            "met": Verdict.MET.value if self.median <= SECONDS_A_PAGE else Verdict.MISSED.value,
        }  # fmt: skip


def pace(files: Iterable[tuple[int, float]], workers: int) -> Pace:
    """The pace of files with so many pages that took so many seconds each; a page took its share of its file's time."""
    each = sorted(seconds / pages for pages, seconds in files if pages for _ in range(pages))
    if not each:
        return Pace(0, 0.0, 0.0, workers)
    return Pace(len(each), each[len(each) // 2], each[min(len(each) - 1, round(0.95 * (len(each) - 1)))], workers)


def figures(scores: Mapping[str, Score]) -> list[Figure]:
    """Every figure of every difficulty, easiest first, then of all."""
    whole = Score()
    for name, one in scores.items():
        if name != ALL:
            whole.add(one)
    own = sorted(set(scores) - {*LEVELS, ALL})
    by_level = {level: scores[level] for level in (*LEVELS, *own) if level in scores} | {ALL: whole}
    return [
        Figure(
            level, group, name, words, one.counts[name], one.counts[of], good, GOALS.get(name, {}).get(level),
        )
        for level, one in by_level.items()
        for group, rows in GROUPS
        for name, of, words, good in rows
    ]  # fmt: skip


def as_lines(found: Sequence[Figure], pace: Pace | None) -> list[str]:
    """Tables for a person, one for each difficulty. What was not looked at has no line."""
    lines: list[str] = []
    for level in dict.fromkeys(one.difficulty for one in found):
        rows = [one for one in found if one.difficulty == level and one.of]
        if not rows:
            continue
        forms = next((one.of for one in rows if one.name == "forms found"), 0)
        lines += ["", f"{level.upper()}: {forms} form{'' if forms == 1 else 's'}"]
        group = ""
        for one in rows:
            if one.group != group:
                group = one.group
                lines.append(f"  {group:48}{'seen':>14}  {'rate':>8}  {'95 % bound':18}goal")
            lines.append(_line(one).rstrip())
    if not any(one.of for one in found if one.name == "pages misplaced"):
        lines += ["", "Misregistered pages were not measured: the truth does not say where each page lies."]
    if pace is not None and pace.pages:
        told = f"median {pace.median:.2f}, 95 % within {pace.p95:.2f}, over {pace.pages} pages, {pace.workers} at once"
        met = pace.to_json()["met"]
        lines += ["", f"Seconds a page: {told} (goal: at most {SECONDS_A_PAGE} on one free core; {met})"]
    return lines[1:] if lines and not lines[0] else lines


def _line(one: Figure) -> str:
    bound = f"{'at least' if one.good else 'at most'} {percent(one.bound or 0.0)}"
    goal, verdict = (str(one.goal), str(one.verdict)) if one.goal else ("", "")
    seen = f"{one.count} of {one.of}"
    return f"    {one.words:46}{seen:>14}  {percent(one.count / one.of):>8}  {bound:18}{goal:17}{verdict}"
