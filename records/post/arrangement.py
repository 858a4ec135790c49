"""How the pages of an item are grouped, and the edits that a person makes to that. Pure.

An edit says which groups of pages there are afterwards; it never drops a page, and is refused in words where it makes no sense.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from records.errors import RefusedByRule


class Edit(StrEnum):
    """What a person can do to the pages of an item."""

    SPLIT = "split"
    JOIN = "join"
    TURN = "turn"
    BLANK = "blank"
    BY_HAND = "by_hand"
    UNDO = "undo"


@dataclass(frozen=True)
class Group:
    """Pages that belong together now: one part of the item."""

    part: UUID
    pages: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """What an edit does: the parts it takes apart, and the groups of pages that come in their place."""

    parts: tuple[UUID, ...]
    groups: tuple[tuple[int, ...], ...]


def change(groups: Sequence[Group], edit: Edit, page: int) -> Change:
    """The change that an edit at a page makes. Every page of the parts taken apart is in exactly one new group.

    Raises RefusedByRule in words when there is nothing to split, join or mark.
    """
    ordered = sorted(groups, key=lambda group: min(group.pages))
    here = next((place for place, group in enumerate(ordered) if page in group.pages), None)
    if here is None:
        raise RefusedByRule("Choose a page first.", "P6")
    group = ordered[here]
    match edit:
        case Edit.SPLIT:
            before = tuple(number for number in group.pages if number <= page)
            after = tuple(number for number in group.pages if number > page)
            if not after:
                raise RefusedByRule(
                    f"Nothing follows page {page} in this document, so there is nothing to split.", "P6"
                )
            return Change((group.part,), (before, after))
        case Edit.JOIN:
            if here + 1 == len(ordered):
                raise RefusedByRule("No document follows this one, so there is nothing to join it with.", "P6")
            following = ordered[here + 1]
            return Change((group.part, following.part), (tuple(sorted((*group.pages, *following.pages))),))
        case Edit.BLANK:
            rest = tuple(number for number in group.pages if number != page)
            return Change((group.part,), ((page,), rest) if rest else ((page,),))
        case Edit.BY_HAND:
            return Change((group.part,), (group.pages,))
        case Edit.TURN:
            return Change((), ())
        case Edit.UNDO:
            raise ValueError("undoing is not made from pages")
        case _:
            assert_never(edit)
