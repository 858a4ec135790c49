"""Answers that people write where others mark a box: Yes or No on a line, initials in a box. Neither is read as an answer.

A field for them would be wrong: one called `email` would hold a Yes, and a box to initial that holds "No" would count as ticked. So none
is proposed, and the person who drafts is told which they are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from forms.drafting import grids
from forms.drafting.found import LEADERS, Found, text_of
from forms.drafting.parts import PageParts, Word
from forms.drafting.wordings import PLAIN_NO, PLAIN_YES
from forms.geometry import Box, around
from forms.template import Kind

_YES, _NO = ("|".join(map(re.escape, sorted(words, key=len, reverse=True))) for words in (PLAIN_YES, PLAIN_NO))
_PAIR = rf"(?:(?:{_YES}) ?(?:/|\bor\b) ?(?:{_NO})|y ?(?:/|\bor\b) ?n)"
_EITHER = re.compile(rf"\b{_PAIR}(?!\w)", re.IGNORECASE)
_AT_END = re.compile(rf"[\s(\[–-]*\b{_PAIR}(?!\w)[\s)\]*:.?…_]*$", re.IGNORECASE)
_TO_WRITE = re.compile(
    rf"[\s(\[]*\b(?:please )?(?:write|writing|enter|entering|state|say|put|insert|answer|answering)\b[^.?]{{0,30}}?\b{_PAIR}(?!\w)",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(reasons?|details?|why|explain|comments?|names?|dates?|when|who)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\W*(\d+[.)]?\s*)?(may|can|could|do|does|did|are|is|will|would|shall|have|has)\b.*\?\W*", re.IGNORECASE
)
_INITIAL = re.compile(
    r"[\s(\[]*\b(?:please initial|initial (?:here|box|boxes|the|this|each|every|all|in|to)|initialled)\b", re.IGNORECASE
)
_INITIALS_LAST = re.compile(r"[\s(\[]*\b(?:your |parent'?s? )?initials?\W*$", re.IGNORECASE)
_INITIAL_BOXES = re.compile(r"\binitial(?:s|led|ling)?\b", re.IGNORECASE)
_MARK_BOXES = re.compile(r"\b(tick|cross|mark|select|choose)(s|ed|ing)?\b", re.IGNORECASE)
_WHERE = re.compile(r"\b(box|boxes|each|every|all|statements?|points?|please|below|here)\b", re.IGNORECASE)
_STATEMENT = 3
"""Words: "Initials" alone, or "Middle initials", is part of a name."""


@dataclass(frozen=True)
class InWriting:
    """What is to be answered in writing on a page: by Yes or No, and by initials."""

    words: tuple[Found, ...] = ()
    initials: tuple[Found, ...] = ()

    @property
    def all(self) -> tuple[Found, ...]:
        """Both."""
        return (*self.words, *self.initials)


def in_writing(page: PageParts, found: Sequence[Found]) -> InWriting:
    """Those of the finds on a page that are answered in writing."""
    asked = _Instructions(page, found)
    words = tuple(one for one in found if one.kind is Kind.TEXT and _wants_words(page, one, asked))
    initials = tuple(
        one
        for one in found
        if one not in words and one.kind in (Kind.TEXT, Kind.TICK) and _wants_initials(page, one, asked)
    )
    return InWriting(words, initials)


def told_by(label: str, kind: Kind) -> str | None:
    """What the words of a field alone ask people to write where nothing of it is read as an answer; None where they ask for no such thing."""
    said = _TO_WRITE.search(label)
    if kind is Kind.TEXT and (_AT_END.search(label) or (said and not _MORE.search(label[said.end() :]))):
        return "Yes or No"
    return "initials" if kind in (Kind.TEXT, Kind.TICK) and _INITIAL.search(label) else None


def asks_for_initials(page: PageParts) -> bool:
    """Whether a line of the page tells people to write their initials, and not to tick as well."""
    return any(_INITIAL.search(text) and not _MARK_BOXES.search(text) for text, _ in _lines(page))


def asked_for(one: Found) -> str:
    """What is asked, without how to answer it."""
    for how in (_TO_WRITE, _AT_END, _INITIAL, _INITIALS_LAST):
        begin = how.search(one.label)
        if begin and len(one.label[: begin.start()].split()) >= 2:
            return one.label[: begin.start()].strip(LEADERS)
    return one.label


class _Instructions:
    """The lines of a page that say how to answer, from the top, and where each ends."""

    def __init__(self, page: PageParts, found: Sequence[Found]) -> None:
        labels = [box for one in found for box in one.labels.values()]
        lines = [(text, box) for text, box in _lines(page) if not any(_within(box, label) for label in labels)]
        self._words = [box[3] for text, box in lines if _TO_WRITE.search(text)]
        self._boxes = [
            (box[3], _INITIAL_BOXES.search(text) is not None and _MARK_BOXES.search(text) is None)
            for text, box in lines
            if (_INITIAL_BOXES.search(text) or _MARK_BOXES.search(text)) and _WHERE.search(text)
        ]

    def words_above(self, place: Box) -> bool:
        """Whether Yes or No is to be written in what stands below."""
        return any(end <= place[3] for end in self._words)

    def initials_above(self, place: Box) -> bool:
        """Whether the nearest line above that says what to do with boxes asks for initials."""
        above = [(end, initials) for end, initials in self._boxes if end <= place[3]]
        return bool(above) and max(above)[1]


def _wants_words(page: PageParts, one: Found, asked: _Instructions) -> bool:
    area = one.boxes["area"]
    head = text_of(grids.head_of(page, area))
    if told_by(one.label, one.kind) == "Yes or No" or (_EITHER.search(head) and not _MORE.search(head)):
        return True
    if _TO_WRITE.search(one.label):
        return False
    return _ASKS.fullmatch(one.label) is not None and asked.words_above(area)


def _wants_initials(page: PageParts, one: Found, asked: _Instructions) -> bool:
    box, long = around(one.boxes.values()), len(one.label.split()) > _STATEMENT
    if told_by(one.label, one.kind) == "initials":
        return True
    if one.kind is Kind.TICK:
        return asked.initials_above(box)
    head = text_of(grids.head_of(page, box))
    return long and (_INITIALS_LAST.search(one.label) is not None or _INITIAL_BOXES.search(head) is not None)


def _lines(page: PageParts) -> list[tuple[str, Box]]:
    ordered: list[Word] = sorted(page.words, key=lambda w: (round(w.box[3] / 4), w.box[0]))
    held = [list(line) for _, line in groupby(ordered, key=lambda w: round(w.box[3] / 4))]
    return [(text_of(line), around(w.box for w in line)) for line in held]


def _within(one: Box, other: Box) -> bool:
    """Whether a line is (part of) a label."""
    middle = (one[1] + one[3]) / 2
    return other[1] <= middle <= other[3] and min(one[2], other[2]) - max(one[0], other[0]) > 0.5 * (one[2] - one[0])
