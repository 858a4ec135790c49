"""What a careful person read from each scan: the rows of `truth.jsonl`, and what every page is. Pure.

The truth is what can be read from the scan alone; where a careful person could not tell, it is `unclear`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.errors import FormsError
from forms.geometry import Placement
from forms.template import Kind

LEFT_OUT = frozenset({"lost", "barely_visible", "cut_off"})
"""Text, dates and signatures with these flags are not on the scan to be read."""
CORRECTED = frozenset(
    {"corrected", "initials", "scribbled_out", "both_ticked", "between_boxes", "tick_and_cross", "contradicted",
     "struck_word", "question_mark", "cross_among_ticks", "written_answer", "barely_visible", "cut_off", "other_mark_lost",
     "other_sign", "struck_tick"}
)  # fmt: skip
"""Marks that mean something else than a tick in a box: put right by the writer, disputed, or hardly there."""


class TruthError(FormsError):
    """A line of the truth cannot be used; the message says which and why."""


@dataclass(frozen=True)
class FieldTruth:
    """What stands in one field."""

    kind: Kind
    value: str | None
    flags: frozenset[str] = frozenset()

    @property
    def unsettled(self) -> bool:
        """Whether this is an unclear or corrected mark, which must be asked about or read rightly."""
        return self.kind.is_mark and (self.value == "unclear" or bool(self.flags & CORRECTED))

    @property
    def counts(self) -> bool:
        """Whether the field is scored at all: writing that the scan lost is not."""
        return self.kind.is_mark or not self.flags & LEFT_OUT


@dataclass(frozen=True)
class FormTruth:
    """One filled-in form of a scan. `edition` and `placements` (by page of the scan) only where the truth tells them."""

    file: str
    pages: tuple[int, ...]
    form: str
    difficulty: str
    fields: Mapping[str, FieldTruth]
    edition: str | None = None
    placements: Mapping[int, Placement] = field(default_factory=dict)


@dataclass(frozen=True)
class FileTruth:
    """What each page of a scan is (`form`, `policy`, `letter`, `blank`, …) and how hard the scan is."""

    file: str
    pages: tuple[str, ...]
    difficulty: str | None = None


def form_truths(lines: Iterable[str]) -> list[FormTruth]:
    """The rows of a `truth.jsonl`. Raises TruthError naming the line."""
    return [_form(raw, number) for number, raw in _rows(lines, "truth.jsonl")]


def file_truths(lines: Iterable[str], name: str) -> list[FileTruth]:
    """The rows of a `pages.jsonl` or `files.jsonl`; files without pages (which must be stopped) are left out."""
    found = []
    for number, raw in _rows(lines, name):
        try:
            if raw["pages"] is not None:
                pages = tuple(str(kind) for kind in raw["pages"])
                found.append(FileTruth(str(raw["file"]), pages, raw.get("difficulty")))
        except (KeyError, TypeError) as wrong:
            raise TruthError(f"Line {number} of {name} cannot be used: {_why(wrong)}.") from None
    return found


def _rows(
    lines: Iterable[str], name: str
) -> Iterable[tuple[int, Mapping[str, Any]]]:  # Any: JSON, checked by the caller
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise TruthError(f"Line {number} of {name} is not JSON.") from None
        if not isinstance(row, dict):
            raise TruthError(f"Line {number} of {name} is not a JSON object.")
        yield number, row


# Any: what a JSON file holds before it has been checked.
def form_of_row(raw: Mapping[str, Any]) -> FormTruth:
    """One row of a `truth.jsonl`. Raises KeyError, TypeError, ValueError or AttributeError where it is not one."""
    fields = {
        name: FieldTruth(Kind(told["kind"]), told["value"], frozenset(told.get("flags", ())))
        for name, told in raw["fields"].items()
    }
    return FormTruth(
        file=str(raw["file"]),
        pages=tuple(int(page) for page in raw["pages"]),
        form=str(raw["form"]),
        difficulty=str(raw["difficulty"]),
        fields=fields,
        edition=raw.get("edition"),
        placements={int(page): _placement(told) for page, told in (raw.get("placements") or {}).items()},
    )


def _form(raw: Mapping[str, Any], number: int) -> FormTruth:
    try:
        return form_of_row(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise TruthError(f"Line {number} of truth.jsonl cannot be used: {_why(wrong)}.") from None


def _placement(raw: list[float]) -> Placement:
    a, b, c, d, e, f, g, h, i = (float(n) for n in raw)
    return (a, b, c, d, e, f, g, h, i)


def _why(wrong: Exception) -> str:
    return f"it lacks {wrong.args[0]}" if isinstance(wrong, KeyError) else "a value is of the wrong kind"
