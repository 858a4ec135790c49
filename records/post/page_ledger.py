"""The page ledger (P6): every page that came in is in exactly one place. Pure.

Pages in = filed + blank and seen + our own sheets + not ours + copies + returned + stopped + erased at the family's wish + waiting.
Whether that adds up is told by two counts that know nothing of each other: how many pages the reader found in a document,
and how many pages are kept, with what became of each.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from records.vocabulary import ItemState, PartKind, PartState


class Place(StrEnum):
    """Where a page is."""

    FILED = "filed"
    BLANK = "blank"
    SHEET = "sheet"
    NOT_OURS = "not_ours"
    COPY = "copy"
    RETURNED = "returned"
    STOPPED = "stopped"
    ERASED = "erased"
    UNSEEN = "unseen"
    WAITING = "waiting"


SETTLED = frozenset(Place) - {Place.UNSEEN, Place.WAITING, Place.STOPPED}
"""Places in which a page is done with. A stopped file still waits for somebody."""


@dataclass(frozen=True)
class KeptPage:
    """A page as it is kept: what it belongs to, and whether a person has said so. A page without a part belongs to nothing."""

    kind: PartKind | None
    state: PartState | None
    decided: bool


@dataclass(frozen=True)
class KeptItem:
    """An item: how many pages the reader found (None: not read yet, or it could not be counted), and the pages kept.

    `read`: whether it was ever read to its end, so that its pages must be there one by one.
    """

    number: int
    state: ItemState
    counted: int | None
    pages: tuple[KeptPage, ...]
    read: bool


@dataclass(frozen=True)
class Line:
    """One item in the ledger. `counted` and `places` differ in total only when a page is not accounted for."""

    number: int
    state: ItemState
    counted: int | None
    places: Mapping[Place, int]

    @property
    def lost(self) -> int:
        """Pages that were counted and are nowhere; below nought when there are more than were counted."""
        return 0 if self.counted is None else self.counted - sum(self.places.values())


@dataclass(frozen=True)
class Ledger:
    """The post of one day, or of any other batch."""

    lines: tuple[Line, ...]
    erased: int

    @property
    def files(self) -> int:
        """Files that are still kept. Those that were erased whole are in `erased` with their pages alone."""
        return len(self.lines)

    @property
    def pages_in(self) -> int:
        """Every page that was counted, erased ones among them."""
        return sum(line.counted or 0 for line in self.lines) + self.erased

    @property
    def uncounted(self) -> tuple[int, ...]:
        """Numbers of the files whose pages are not known: not read yet, or stopped before they could be counted."""
        return tuple(line.number for line in self.lines if line.counted is None)

    @property
    def places(self) -> dict[Place, int]:
        """How many pages are in each place, all places named."""
        total: Counter[Place] = Counter({Place.ERASED: self.erased})
        for line in self.lines:
            total.update(line.places)
        return {place: total[place] for place in Place}

    @property
    def lost(self) -> tuple[int, ...]:
        """Numbers of the items that do not add up. Always empty unless something is wrong with Paperchain or its database."""
        return tuple(line.number for line in self.lines if line.lost)

    @property
    def balances(self) -> bool:
        """Pages in = pages in some place."""
        return not self.lost and self.pages_in == sum(self.places.values())

    @property
    def done(self) -> bool:
        """Whether every file of the batch is settled."""
        waits = sum(count for place, count in self.places.items() if place not in SETTLED)
        return self.balances and not waits and not self.uncounted


def ledger(items: Sequence[KeptItem], *, erased: int) -> Ledger:
    """The ledger of a batch. `erased`: pages of it that went because a family did not agree to storing (R28)."""
    return Ledger(tuple(_line(item) for item in sorted(items, key=lambda each: each.number)), erased)


def _line(item: KeptItem) -> Line:
    match item.state:
        case ItemState.ARRIVING | ItemState.READING:
            return Line(item.number, item.state, None, {})
        case ItemState.STOPPED:
            return _whole(item, Place.STOPPED)
        case ItemState.RETURNED:
            return _whole(item, Place.RETURNED)
        case ItemState.NOT_OURS if not item.read:
            return _whole(item, Place.NOT_OURS)
        case ItemState.TO_REVIEW | ItemState.TO_SORT | ItemState.FILED | ItemState.NOT_OURS:
            return Line(item.number, item.state, item.counted, Counter(place_of(page) for page in item.pages))
        case _:
            assert_never(item.state)


def _whole(item: KeptItem, place: Place) -> Line:
    """A file that was not taken apart is in one place with all its pages, as far as they could be counted."""
    return Line(item.number, item.state, item.counted, {place: item.counted} if item.counted else {})


def place_of(page: KeptPage) -> Place:
    """Where one page is. What the computer takes for blank or for our own print counts only once a person has seen it."""
    match page.state:
        case PartState.CONFIRMED | PartState.FILED:
            return Place.FILED
        case PartState.NOT_OURS:
            return Place.NOT_OURS
        case PartState.COPY:
            return Place.COPY
        case PartState.NOTHING_TO_DO if not page.decided:
            return Place.UNSEEN
        case PartState.NOTHING_TO_DO:
            return Place.BLANK if page.kind is PartKind.BLANK else Place.SHEET
        # A page that belongs to nothing, or to an arrangement that was given up, waits until somebody says what it is.
        case PartState.TO_REVIEW | PartState.TO_SORT | PartState.QUARANTINED | PartState.REPLACED | None:
            return Place.WAITING
        case _:
            assert_never(page.state)
