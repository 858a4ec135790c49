"""Scores readings against labelled pages: forms found, false yes, missed yes, what was put to a person, by difficulty."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.results import FieldReading, FormReading

MARKS = frozenset({"yes_no", "tick"})


@dataclass
class Score:
    """Counts for one difficulty. `wrong` names what was taken wrongly without asking: file, page, field, truth, read."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, int, str, str, str]] = field(default_factory=list)


def score(truth: Iterable[Mapping[str, Any]], read: Mapping[str, list[FormReading]]) -> dict[str, Score]:
    """Scores by difficulty. `truth`: rows of a `truth.jsonl`; `read`: the forms found in each file."""
    scores: dict[str, Score] = defaultdict(Score)
    claimed: Counter[str] = Counter()
    for row in truth:
        one = scores[row["difficulty"]]
        one.counts["forms"] += 1
        found = [
            form
            for form in read.get(row["file"], [])
            if form.form == row["form"] and set(form.pages) == set(row["pages"])
        ]
        if not found:
            one.counts["forms missed"] += 1
            continue
        claimed[row["file"]] += 1
        asked = 0
        for name, told in row["fields"].items():
            if told["kind"] in MARKS:
                asked += _mark(one, row, name, told, found[0].fields[name])
            elif told["kind"] == "signature":
                _signature(one, row, name, told, found[0].fields[name])
        one.counts["forms with no question"] += asked == 0
    spare = sum(len(forms) for forms in read.values()) - sum(claimed.values())
    scores["all"].counts["forms found that are none"] = spare
    return dict(scores)


def _mark(one: Score, row: Mapping[str, Any], name: str, told: Mapping[str, Any], read: FieldReading) -> int:
    one.counts["answers"] += 1
    if read.review:
        one.counts["asked"] += 1
        return 1
    if read.value == told["value"]:
        one.counts["right"] += 1
        return 0
    kind = "false yes" if read.value == "yes" else ("missed yes" if told["value"] == "yes" else "other wrong")
    one.counts[kind] += 1
    one.wrong.append((row["file"], read.page, name, f"{told['value']} {told['flags']}", str(read.value)))
    return 0


def _signature(one: Score, row: Mapping[str, Any], name: str, told: Mapping[str, Any], read: FieldReading) -> None:
    one.counts["signatures"] += 1
    if not read.review and read.value != told["value"]:
        one.counts["signatures wrong"] += 1
        one.wrong.append((row["file"], read.page, name, f"{told['value']} {told['flags']}", str(read.value)))


def table(scores: Mapping[str, Score]) -> str:
    """The counts in lines for a person."""
    lines = []
    for difficulty, one in scores.items():
        told = ", ".join(f"{name} {count}" for name, count in one.counts.items())
        lines.append(f"{difficulty}: {told}")
        lines += [f"    {' '.join(map(str, wrong))}" for wrong in one.wrong]
    return "\n".join(lines)
