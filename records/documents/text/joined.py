"""Does a second letter begin in a run of pages, or is a page missing? Pure: recognised text in, questions out (P6).

Told by what letters say of themselves: page numbers, a salutation, the head of an e-mail, references. It errs towards silence where a page
says nothing, and towards a question where it does: a person sorts these pages anyway, and splits them with one key.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_EDGE_LINES = 3
_TOP = 0.6
_MOST_PAGES = 99
_MARK = re.compile(r"\b(?:page|pg\.?|tudalen)\s*(\d{1,3})(?:\s*(?:of|o|/)\s*(\d{1,3}))?\b", re.I)
_BARE = re.compile(r"^\W*(\d{1,2})\s*(?:of|/)\s*(\d{1,2})\W*$", re.I)
_GREETING = re.compile(r"^\W*(?:dear|annwyl)\s+\w|^\W*to whom it may concern\b|^\W*(?:hello|hi)\b[\s\w]{0,30},$", re.I)
_MAIL_HEAD = (
    re.compile(r"^\W*from\s*:", re.I),
    re.compile(r"^\W*(?:sent|date)\s*:", re.I),
    re.compile(r"^\W*to\s*:", re.I),
)
_REFERENCE = re.compile(r"\b(?:our|your|case)?\s*ref(?:erence)?\b[\s.:#]{1,3}([A-Z]{0,6}[-/ ]?\d[\w/-]{2,20})", re.I)


@dataclass(frozen=True)
class PageMark:
    """What a page says of its place: its number, and of how many if it says so."""

    number: int
    of: int | None

    @property
    def words(self) -> str:
        return f"page {self.number}" + (f" of {self.of}" if self.of else "")


def mark(text: str) -> PageMark | None:
    """The page number at the head or foot of a page. A date (3/4) or a share (2 of 3 children) in the middle is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in [*lines[-_EDGE_LINES:][::-1], *lines[:_EDGE_LINES]]:
        found = _MARK.search(line) if len(line) < 80 else None
        found = found or _BARE.match(line)
        if found:
            number, of = int(found[1]), int(found[2]) if found[2] else None
            if 1 <= number <= (of or _MOST_PAGES) <= _MOST_PAGES:
                return PageMark(number, of)
    return None


def begins(text: str) -> bool:
    """Whether a letter or e-mail begins here: a salutation in the upper part, or the head of an e-mail at the top."""
    lines = [line for line in text.splitlines() if line.strip()]
    top = lines[: max(1, round(len(lines) * _TOP))]
    head = lines[:8]
    return any(_GREETING.match(line) for line in top) or all(
        any(one.match(line) for line in head) for one in _MAIL_HEAD
    )


def references(text: str) -> frozenset[str]:
    """The references that a page gives, without spaces and case. Never shown: they may tell whose letter it is."""
    return frozenset(re.sub(r"\W", "", found).casefold() for found in _REFERENCE.findall(text))


def questions(pages: Sequence[int], texts: Mapping[int, str]) -> tuple[str, ...]:
    """What to look at in a run of pages that would be sorted as one document. `texts`: what was recognised, of those pages where it was."""
    asked = []
    marks = {page: mark(texts[page]) for page in pages if page in texts}
    refs = {page: references(texts[page]) for page in pages if page in texts}
    for before, page in pairwise(pages):
        if page not in texts:
            continue
        here, last = marks[page], marks.get(before)
        if here is not None and here.number == 1:
            asked.append(f"Page {page} says that it is page 1. Another letter may begin there.")
        elif here is not None and last is not None and (here.number != last.number + 1 or not _one_length(here, last)):
            asked.append(
                f"Page {before} says that it is {last.words}, page {page} that it is {here.words}. Is it one letter?"
            )
        elif (here is None or here.number == 1) and begins(texts[page]):
            asked.append(f"Page {page} begins like a letter. Another letter may begin there.")
        elif refs[page] and refs.get(before) and not refs[page] & refs[before]:
            asked.append(f"Page {page} gives another reference than page {before}. Is it one letter?")
    first, last = marks.get(pages[0]), marks.get(pages[-1])
    if first is not None and first.number > 1:
        asked.append(f"Page {pages[0]} says that it is {first.words}. What comes before it is not here.")
    if last is not None and last.of is not None and last.number < last.of:
        asked.append(f"Page {pages[-1]} says that it is {last.words}. What comes after it is not here.")
    return tuple(asked)


def _one_length(one: PageMark, other: PageMark) -> bool:
    return one.of is None or other.of is None or one.of == other.of
