"""When the policy is to be reviewed again, what counts as a review, and by when a question about it is answered (W56-W58, W62, S15). Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from records.policies.periods import add_months

REMINDED_DAYS = 28
"""How long before its day a review is asked for; no source sets it."""


class Capacity(StrEnum):
    """W58: as what they reviewed it. Values are stored."""

    MANAGER = "manager"
    BOARD = "advisory_board"
    BOTH = "manager_and_advisory_board"


class Outcome(StrEnum):
    """W56: what came of it. Values are stored."""

    NO_CHANGE = "no_change"
    NEW_VERSION = "new_version"


def next_due(began: date, reviewed: Collection[date], months: int) -> date:
    """The last day for the next review. Pure.

    So many months after the last recorded review, or after the policy took effect here where none is recorded. Reviewed on 29 February
    it is due on 28 February of a common year. What was changed meanwhile is no argument: a changed number is no review.

    Source: W56, S15.
    """
    return add_months(max(reviewed, default=began), months)


def is_overdue(due: date, today: date) -> bool:
    """Whether the last day has passed. Pure. G9, W56, W62."""
    return due < today


def is_asked_for(due: date, today: date) -> bool:
    """Whether managers are to be reminded by now. Pure. G9, W56."""
    return due - timedelta(days=REMINDED_DAYS) <= today


def can_have_looked_at(reviewed_on: date, *, changed_on: date, noted_on: date) -> bool:
    """Whether a review of a day can have looked at a change of the law. Pure.

    Not one from before both the change itself and the day on which it was recorded here: nobody knew of it.

    Source: W57.
    """
    return reviewed_on >= min(changed_on, noted_on)


def answer_by(asked_on: date, target_days: int) -> date:
    """The last day for the answer to a question about the policy: the service's own target for requests. Pure. W62."""
    return asked_on + timedelta(days=target_days)
