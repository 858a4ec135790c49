"""The page ledger (P6): every page that came in is in exactly one place. Pure.

Pages in = filed + blank and seen + our own sheets + not ours + copies + returned + stopped + erased at the family's wish + waiting.
Whether that adds up is told by two counts that know nothing of each other: how many pages the reader found in a document,
and how many pages are kept, with what became of each.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    """An item: how many pages the reader found (None: not read yet, or it could not be counted), and how many are kept of each kind.

    `read`: whether it was ever read to its end, so that its pages must be there one by one.
    """

    number: int
    state: ItemState
    counted: int | None
    pages: Mapping[KeptPage, int]
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
class Sums:
    """What the ledger of a batch comes to. `files`: those still kept (of those that were erased whole only the pages are known);
    `pages_in`: every page that was counted, erased ones among them; `uncounted`: files whose pages are not known, being read or stopped
    before; `lost`: numbers of the items that do not add up, none unless something is wrong with Paperchain or its database.
    """

    files: int
    pages_in: int
    places: Mapping[Place, int]
    uncounted: int
    lost: tuple[int, ...]

    @property
    def any_post(self) -> bool:
        """Whether anything came."""
        return bool(self.files or self.erased)

    @property
    def erased(self) -> int:
        """Pages that went because a family did not agree to storing."""
        return self.places[Place.ERASED]

    @property
    def balances(self) -> bool:
        """Pages in = pages in some place."""
        return not self.lost and self.pages_in == sum(self.places.values())

    @property
    def done(self) -> bool:
        """Whether every file of the batch is settled."""
        waits = sum(count for place, count in self.places.items() if place not in SETTLED)
        return self.balances and not waits and not self.uncounted


@dataclass(frozen=True)
class Ledger:
    """The post of one day, or of any other batch, item by item."""

    lines: tuple[Line, ...]
    sums: Sums


def ledger(items: Iterable[KeptItem], *, erased: int) -> Ledger:
    """The ledger of a batch. `erased`: pages of it that went because a family did not agree to storing (R28)."""
    lines = tuple(line_of(item) for item in sorted(items, key=lambda each: each.number))
    lost = tuple(line.number for line in lines if line.lost)
    return Ledger(lines, _sums(((line, 1) for line in lines), lost, erased))


def summed(alike: Iterable[tuple[KeptItem, int]], *, lost: Sequence[int], erased: int) -> Sums:
    """The sums of a batch that is not looked at item by item: items of one state taken together as one, and how many they are."""
    return _sums(((line_of(item), count) for item, count in alike), tuple(lost), erased)


def _sums(lines: Iterable[tuple[Line, int]], lost: tuple[int, ...], erased: int) -> Sums:
    files, pages_in, uncounted, places = 0, erased, 0, Counter({Place.ERASED: erased})
    for line, count in lines:
        files += count
        pages_in += line.counted or 0
        uncounted += count if line.counted is None else 0
        places.update(line.places)
    return Sums(files, pages_in, {place: places[place] for place in Place}, uncounted, lost)


def line_of(item: KeptItem) -> Line:
    """Where the pages of one item are."""
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
            places: Counter[Place] = Counter()
            for page, count in item.pages.items():
                places[place_of(page)] += count
            return Line(item.number, item.state, item.counted, places)
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
