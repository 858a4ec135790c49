"""Holds as rows of a list: each by what it is over, and those together that were placed alike. Nothing that was written about one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlmodel import Session, col, select

from records.custody.tables import Original
from records.holds.kinds import KIND_WORDS, Hold, HoldKind, Scope
from records.people.tables import ChildFile
from records.post.tables import Item

THINGS = {
    Scope.FILE: ("file", "files"), Scope.PERSON: ("person", "people"), Scope.ITEM: ("item", "items"),
    Scope.ORIGINAL: ("paper", "papers"), Scope.DOCUMENT: ("document", "documents"),
}  # fmt: skip
LEAST_ALIKE = 3
"""Two are read as quickly one under the other."""


@dataclass(frozen=True)
class Row:
    """One hold in a list; nothing that was written about it."""

    hold: Hold
    kind: str
    over: str
    placed_by: str
    overdue: bool


@dataclass(frozen=True)
class Lot:
    """Holds that stand one after the other in a list and were placed alike: one row of it, which opens to each of them."""

    rows: tuple[Row, ...]

    @property
    def one(self) -> Row:
        """What is the same of all of them."""
        return self.rows[0]

    @property
    def first_placed(self) -> date:
        """The day of the oldest."""
        return min(row.hold.placed_on for row in self.rows)

    @property
    def words(self) -> str:
        """How many things they are over: `21 files`; `3 holds over 2 files` where one thing has several."""
        things = len({row.hold.subject_id for row in self.rows})
        single, several = THINGS[self.one.hold.scope]
        over = f"{things} {single if things == 1 else several}"
        return over if things == len(self.rows) else f"{len(self.rows)} holds over {over}"


def lots(rows: Sequence[Row]) -> list[Row | Lot]:
    """The rows of a list, those together that differ in nothing but what they are over. Pure."""
    found: list[Row | Lot] = []
    for key, alike in groupby(rows, _placed_alike):
        some = tuple(alike)
        found += [Lot(some)] if len(some) >= LEAST_ALIKE and key[1] in THINGS else some
    return found


def of_kinds(rows: Sequence[Row]) -> list[Lot]:
    """All holds over one thing by why they stand, in the order in which the first of each kind comes. Pure."""
    found: dict[HoldKind, list[Row]] = {}
    for row in rows:
        found.setdefault(row.hold.kind, []).append(row)
    return [Lot(tuple(some)) for some in found.values()]


def _placed_alike(row: Row) -> tuple[object, ...]:
    hold = row.hold
    until = hold.review_on if hold.standing else hold.lifted_on
    return (hold.kind, hold.scope, hold.placed_on, hold.placed_by, until, hold.ends_on)


def rows(session: Session, shown: Sequence[Hold], names: dict[str, str], today: date) -> list[Row]:
    """These holds as rows of a list, with the numbers of what they are over, in no more questions for many than for one."""
    numbers = _numbers(session, shown)
    return [
        Row(
            hold, KIND_WORDS[hold.kind], _over(hold, numbers), names.get(hold.placed_by, "Paperchain"),
            hold.standing and hold.review_on <= today,
        )
        for hold in shown
    ]  # fmt: skip


def _numbers(session: Session, shown: Sequence[Hold]) -> dict[UUID | None, int]:
    """The numbers of the files, items and papers that holds are over, in one question for each kind."""
    of: dict[type[ChildFile | Item | Original], set[UUID | None]] = {
        ChildFile: {hold.file_id for hold in shown} - {None},
        Item: {hold.subject_id for hold in shown if hold.scope is Scope.ITEM},
        Original: {hold.subject_id for hold in shown if hold.scope is Scope.ORIGINAL},
    }
    found: dict[UUID | None, int] = {}
    for table, ids in of.items():
        if ids:
            found |= dict(session.exec(select(table.id, table.number).where(col(table.id).in_(ids))).all())
    return found


def _over(hold: Hold, numbers: Mapping[UUID | None, int]) -> str:
    file, subject = numbers.get(hold.file_id), numbers.get(hold.subject_id)
    of_file = f"PC-{file:04d}" if file is not None else "a file that is not there any more"
    match hold.scope:
        case Scope.FILE:
            return f"File {of_file}"
        case Scope.PERSON:
            return f"One person on file {of_file}"
        case Scope.ITEM:
            return f"Item {subject}" if subject is not None else "An item that is not there any more"
        case Scope.ORIGINAL:
            return f"Paper O-{subject}" if subject is not None else "A paper that is not there any more"
        case Scope.DOCUMENT:
            return f"One document of file {of_file}" if hold.file_id else "One document"
        case Scope.CATEGORY | Scope.EVERYTHING:
            return hold.over[:1].upper() + hold.over[1:]
