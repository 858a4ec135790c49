"""Which states an item in the post may move between. Pure: one table, asked by every service that moves an item."""

from records.errors import RefusedByRule
from records.vocabulary import ItemState as S
from records.vocabulary import PartState as P

MOVES: dict[S, frozenset[S]] = {
    S.ARRIVING: frozenset({S.READING, S.STOPPED}),
    S.READING: frozenset({S.READING, S.ARRIVING, S.TO_REVIEW, S.TO_SORT, S.STOPPED, S.FILED}),
    S.STOPPED: frozenset({S.ARRIVING, S.NOT_OURS, S.RETURNED}),
    S.TO_REVIEW: frozenset({S.ARRIVING, S.TO_REVIEW, S.TO_SORT, S.FILED, S.NOT_OURS}),
    S.TO_SORT: frozenset({S.TO_REVIEW, S.TO_SORT, S.FILED, S.NOT_OURS}),
    S.FILED: frozenset({S.TO_REVIEW, S.TO_SORT}),
    S.NOT_OURS: frozenset({S.TO_SORT, S.STOPPED}),
    S.RETURNED: frozenset({S.STOPPED}),
}

WAITING = frozenset({S.ARRIVING, S.READING})


def check_move(before: S, after: S) -> None:
    """Raises RefusedByRule for a move that is not in the table."""
    if after not in MOVES[before]:
        raise RefusedByRule(f"An item cannot go from {before} to {after}.", "P6")


def state_of(parts: list[P]) -> S:
    """The item's state from its parts: review first, then sorting; a form in quarantine still waits for an officer.

    Parts that were arranged otherwise have no pages and say nothing.
    """
    parts = [part for part in parts if part is not P.REPLACED]
    if any(part in (P.TO_REVIEW, P.QUARANTINED) for part in parts):
        return S.TO_REVIEW
    if any(part is P.TO_SORT for part in parts):
        return S.TO_SORT
    ours = [part for part in parts if part is not P.NOTHING_TO_DO]
    if ours and all(part in (P.NOT_OURS, P.COPY) for part in ours):
        return S.NOT_OURS
    return S.FILED
