"""Scores readings against labelled scans: forms found, false yes, missed yes, what was put to a person, by difficulty.

`truth.py` says what is right, `scoring.py` compares, `bounds.py` says what a count can show, `goals.py` and `figures.py` turn counts
into rates beside their goals, `worst.py` makes a page of pictures of what went wrong.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from forms.accuracy.scoring import ALL, ScanRead, Score, score_scan
from forms.accuracy.truth import form_of_row
from forms.results import FormReading

__all__ = ["Score", "score", "table"]


def score(truth: Iterable[Mapping[str, Any]], read: Mapping[str, list[FormReading]]) -> dict[str, Score]:
    """Scores by difficulty, and of all. `truth`: rows of a `truth.jsonl`; `read`: the forms found in each file."""
    scores: dict[str, Score] = defaultdict(Score)
    rows = [form_of_row(row) for row in truth]
    for file in sorted({row.file for row in rows} | set(read)):
        found = ScanRead(tuple(read.get(file, [])))
        for difficulty, one in score_scan(file, [row for row in rows if row.file == file], None, found).items():
            scores[difficulty].add(one)
            scores[ALL].add(one)
    return dict(scores)


def table(scores: Mapping[str, Score]) -> str:
    """The counts in lines for a person."""
    lines = []
    for difficulty, one in scores.items():
        told = ", ".join(f"{name} {count}" for name, count in one.counts.items())
        lines.append(f"{difficulty}: {told}")
        lines += [f"    {' '.join(map(str, wrong))}" for wrong in one.wrong]
    return "\n".join(lines)
