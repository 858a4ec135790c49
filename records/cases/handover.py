"""The sheet for a hand-over: who, what happened, what is next, what may be done, what is missing, on one side of A4 (W38).

For staff of the service: it is no way out to anybody else, and says so. Long texts are cut with a word that more is on the file;
how much is cut is found by the print itself, so that the sheet is as full as it can be and never two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.press import press

TEMPLATE = Path(__file__).with_name("handover.typ")
MORE = "… (more on the file)"
BUDGETS = (1200, 900, 700, 520, 400, 300, 220, 150, 100, 60)
"""Characters of each text, tried from the first."""
MOST_LINES = 8
LEAST_HEEDED = 240
"""Characters of each warning that are printed at least: its commands come first, what else is known after them."""


@dataclass(frozen=True)
class Part:
    """One heading with its text, or with a list. `weight`: how much of the budget it may take."""

    title: str
    lines: Sequence[str]
    weight: float = 1.0


@dataclass(frozen=True)
class Sheet:
    """What is printed: what must be heeded, short facts with their words, gaps, then parts in order."""

    title: str
    heed: Sequence[str]
    facts: Sequence[tuple[str, str]]
    gaps: Sequence[str]
    parts: Sequence[Part]
    footer: str


def cut(text: str, most: int) -> str:
    """The beginning of a text with at most `most` characters and few line ends, at a word where there is one, and a mark that more follows."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    allowed = max(1, most // 60)
    whole = "\n".join(lines)
    short = "\n".join(lines[:allowed])
    if len(short) > most:
        end = short.rfind(" ", most // 2, most)
        short = short[: end if end > 0 else most]
    return whole if short == whole else f"{short.rstrip()}{MORE}"


def print_sheet(sheet: Sheet) -> bytes:
    """A tagged PDF of one page."""
    return press(
        TEMPLATE,
        {"title": sheet.title, "footer": sheet.footer, "levels": [_level(sheet, budget) for budget in BUDGETS]},
    )


def _level(sheet: Sheet, budget: int) -> dict[str, Any]:
    return {
        "heed": [cut(line.replace("\n", " "), max(budget, LEAST_HEEDED)) for line in sheet.heed],
        "facts": [[name, cut(value, min(budget, 160))] for name, value in sheet.facts],
        "gaps": list(sheet.gaps),
        "parts": [{"title": part.title, "lines": _lines(part, int(budget * part.weight))} for part in sheet.parts],
    }


def _lines(part: Part, budget: int) -> list[str]:
    if len(part.lines) == 1:
        return [cut(part.lines[0], budget)]
    most = max(1, min(MOST_LINES, budget // 90))
    kept = [cut(line.replace("\n", " "), max(50, budget // 3)) for line in part.lines[:most]]
    left = len(part.lines) - len(kept)
    return [*kept, f"{left} more on the file"] if left else kept
