"""Where a paper original may go from where it is: one table, with what each move needs (P10, W45, R54-R60). Pure.

    received -> scanned -> checked -> held -> to return -> sent -> returned
                              |        |          ^         |
                              |        +-> out    |     came back -> held, to return
                              +--------+-> to dispose -> in a sealed sack -> collected -> destroyed

Any paper that is on the premises, on its way or with the contractor can be declared lost, and found again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Custody(StrEnum):
    """Where the paper is."""

    RECEIVED = "received"
    SCANNED = "scanned"
    CHECKED = "checked"
    HELD = "held"
    OUT = "out"
    TO_RETURN = "to_return"
    SENT = "sent"
    CAME_BACK = "came_back"
    RETURNED = "returned"
    TO_DISPOSE = "to_dispose"
    IN_SEALED_SACK = "in_sealed_sack"
    COLLECTED = "collected"
    DESTROYED = "destroyed"
    LOST = "lost"


class Need(StrEnum):
    """What must be there for a move."""

    CHECKED_BY_PERSON = "checked_by_person"
    CLEARED = "cleared"
    PLACE = "place"
    SECOND_PERSON = "second_person"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Facts:
    """What is known about a move. `reference`: sack number, certificate, tracking number or signed receipt.

    `cleared`: `bagging.missing` found nothing that keeps the paper out of waste.
    """

    checked_by_person: bool = False
    place: str | None = None
    second_person: str | None = None
    reference: str | None = None
    cleared: bool = False

    def has(self, need: Need) -> bool:
        return bool(getattr(self, need.value))


@dataclass(frozen=True)
class Allowed:
    """The move may be made."""


@dataclass(frozen=True)
class Refused:
    """The move may not be made: why, and by which rule."""

    reason: str
    rule: str


C, N = Custody, Need

MOVES: dict[tuple[Custody, Custody], frozenset[Need]] = {
    (C.RECEIVED, C.SCANNED): frozenset(),
    (C.SCANNED, C.CHECKED): frozenset({N.CHECKED_BY_PERSON}),
    (C.SCANNED, C.HELD): frozenset({N.PLACE}),
    (C.CHECKED, C.HELD): frozenset({N.PLACE}),
    (C.HELD, C.HELD): frozenset({N.PLACE}),
    (C.HELD, C.CHECKED): frozenset({N.CHECKED_BY_PERSON}),
    (C.HELD, C.OUT): frozenset(),
    (C.CHECKED, C.OUT): frozenset(),
    (C.OUT, C.HELD): frozenset({N.PLACE}),
    (C.OUT, C.TO_RETURN): frozenset(),
    (C.SCANNED, C.TO_RETURN): frozenset(),
    (C.CHECKED, C.TO_RETURN): frozenset(),
    (C.HELD, C.TO_RETURN): frozenset(),
    (C.TO_RETURN, C.HELD): frozenset({N.PLACE}),
    (C.TO_RETURN, C.CHECKED): frozenset({N.CHECKED_BY_PERSON}),  # the return was called off
    (C.TO_RETURN, C.SCANNED): frozenset(),
    (C.TO_RETURN, C.RETURNED): frozenset({N.SECOND_PERSON, N.REFERENCE}),
    (C.TO_RETURN, C.SENT): frozenset({N.SECOND_PERSON, N.REFERENCE}),
    (C.SENT, C.RETURNED): frozenset({N.REFERENCE}),
    (C.SENT, C.CAME_BACK): frozenset(),
    (C.CAME_BACK, C.HELD): frozenset({N.PLACE}),
    (C.CAME_BACK, C.TO_RETURN): frozenset(),
    (C.CHECKED, C.TO_DISPOSE): frozenset({N.CHECKED_BY_PERSON, N.CLEARED}),
    (C.HELD, C.TO_DISPOSE): frozenset({N.CHECKED_BY_PERSON, N.CLEARED}),
    (C.TO_DISPOSE, C.CHECKED): frozenset({N.CHECKED_BY_PERSON}),
    (C.TO_DISPOSE, C.HELD): frozenset({N.PLACE}),
    (C.TO_DISPOSE, C.TO_RETURN): frozenset(),
    (C.TO_DISPOSE, C.IN_SEALED_SACK): frozenset({N.SECOND_PERSON, N.REFERENCE}),
    (C.IN_SEALED_SACK, C.TO_DISPOSE): frozenset({N.SECOND_PERSON}),  # the seal is broken again
    (C.IN_SEALED_SACK, C.COLLECTED): frozenset({N.REFERENCE}),
    (C.COLLECTED, C.DESTROYED): frozenset({N.REFERENCE}),
    (C.LOST, C.HELD): frozenset({N.PLACE}),
    **{
        (state, C.LOST): frozenset({N.SECOND_PERSON})
        for state in (
            C.RECEIVED, C.SCANNED, C.CHECKED, C.HELD, C.OUT, C.TO_RETURN, C.SENT, C.CAME_BACK, C.TO_DISPOSE,
            C.IN_SEALED_SACK, C.COLLECTED,
        )
    },
}  # fmt: skip

ENDED = frozenset({C.RETURNED, C.DESTROYED})
"""Somebody signed for it, or a certificate says that it was shredded. No paper leaves these."""

OFF_PREMISES = frozenset({C.OUT, C.SENT, C.COLLECTED, C.LOST})
"""Still ours to account for, but not in the building."""

WORDS = {
    C.RECEIVED: "Received",
    C.SCANNED: "Scanned",
    C.CHECKED: "Checked against the scan",
    C.HELD: "In the cabinet",
    C.OUT: "Signed out",
    C.TO_RETURN: "To return",
    C.SENT: "Sent to the family",
    C.CAME_BACK: "Came back in the post",
    C.RETURNED: "Returned",
    C.TO_DISPOSE: "For confidential waste",
    C.IN_SEALED_SACK: "In a sealed sack",
    C.COLLECTED: "Collected by the contractor",
    C.DESTROYED: "Destroyed",
    C.LOST: "Lost",
}

_MISSING = {
    N.CHECKED_BY_PERSON: ("Somebody must first check that the picture shows the whole paper and can be read.", "R54"),
    N.CLEARED: ("Nobody has looked whether this paper may go in confidential waste.", "R55"),
    N.PLACE: ("Say where it is put: cabinet, drawer or folder.", "W48"),
    N.SECOND_PERSON: ("A second person must be named for this.", "R56"),
    N.REFERENCE: ("Give the number of the sack, certificate, tracking or receipt.", "R56"),
}


def may_move(before: Custody, after: Custody, facts: Facts) -> Allowed | Refused:
    """Whether a paper may go from one place to the next."""
    needs = MOVES.get((before, after))
    if needs is None:
        return Refused(f"A paper that is “{WORDS[before].lower()}” cannot become “{WORDS[after].lower()}”.", "P10")
    for need in Need:
        if need in needs and not facts.has(need):
            return Refused(*_MISSING[need])
    return Allowed()


def next_states(before: Custody) -> tuple[Custody, ...]:
    """Where a paper may go from here, in the order of the table."""
    return tuple(after for start, after in MOVES if start is before and after is not before)


def in_stock(states: Iterable[Custody]) -> int:
    """How many papers we answer for: received less returned less destroyed (P10). A lost paper is still owed."""
    return sum(state not in ENDED for state in states)
