"""The tasks of reviewing the policy: raised before a review is due and when the law changed, ended by a recorded review alone (W56-W58, G9).

The register itself is `records/policies/reviews.py`. Nothing here looks at when a setting was changed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.policies import reviews
from records.policies.reviewing import is_asked_for, is_overdue, next_due
from records.policies.reviews import Reviewed
from records.policies.settings import Policy
from records.tasks.register import LAW_REVIEW, REVIEW, keys_used, let_go, raise_task
from records.tasks.tables import TaskRow


@dataclass(frozen=True)
class Late:
    """What is overdue: the yearly review, and how many changes of the law."""

    yearly: bool
    laws: int


def due(session: Session, versions: Collection[Policy], policy: Policy) -> date:
    """The last day for the next review of the policy, as it stands now (W56)."""
    done = [row.reviewed_on for row in reviews.reviews(session, policy.service)]
    return next_due(reviews.began(session, versions), done, policy.review_months)


def late(session: Session, versions: Collection[Policy], policy: Policy, today: date) -> Late:
    """What a manager sees on Today as overdue (G9)."""
    waiting = [each for each in reviews.laws(session, policy.service) if each.review is None]
    overdue = [each for each in waiting if is_overdue(each.row.review_by, today)]
    return Late(is_overdue(due(session, versions, policy), today), len(overdue))


def is_settled(session: Session, versions: Collection[Policy], policy: Policy, today: date) -> bool:
    """Whether the yearly task is as it should be, so that nothing is to be written."""
    day = due(session, versions, policy)
    wanted = {_key(day)} if is_asked_for(day, today) else set()
    return {row.key for row in _open(session)} - {_key(day)} == set() and wanted <= keys_used(session, list(wanted))


def settle(
    session: Session, versions: Collection[Policy], policy: Policy, *, today: date, by: str, at: datetime
) -> bool:
    """Lets the yearly task go that is for another day than the one due now, and raises that one when it is time. Whether it raised one."""
    day = due(session, versions, policy)
    for row in _open(session):
        if row.key is not None and row.key != _key(day):
            let_go(session, by=by, at=at, key=row.key)
    if not is_asked_for(day, today) or keys_used(session, [_key(day)]):
        return False
    raise_task(
        session, kind=REVIEW, file_id=None, due=day, words=_words(policy), for_officer=None, raised_by=trail.SYSTEM, at=at,
        key=_key(day),
    )  # fmt: skip
    return True


def record(
    session: Session, versions: Collection[Policy], policy: Policy, reviewed: Reviewed, *, policy_version: str, today: date, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """Appends a review and ends the tasks that it did. Raises as `reviews.record`."""
    if not reviews.record(session, policy.service, reviewed, policy_version=policy_version, today=today, by=by, at=at):
        return
    for law in sorted(reviewed.laws):
        let_go(session, by=by, at=at, key=_law_key(law))
    settle(session, versions, policy, today=today, by=by, at=at)


def law_changed(
    session: Session, policy: Policy, reference: str, *, key: UUID, changed_on: date, review_by: date, today: date, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """Appends that the law changed, and raises the task of a review with its day and its reference. Raises as `reviews.law_changed`."""
    row = reviews.law_changed(
        session, policy, reference, key=key, changed_on=changed_on, review_by=review_by, today=today, by=by, at=at
    )
    if row is not None:
        raise_task(
            session, kind=LAW_REVIEW, file_id=None, due=review_by, for_officer=None, raised_by=by, at=at, key=_law_key(row.id),
            words=f"Data protection law changed: {row.reference}. Review the service’s policy for it, and record the review (W57)",
        )  # fmt: skip


def _open(session: Session) -> list[TaskRow]:
    return list(session.exec(select(TaskRow).where(TaskRow.kind == REVIEW, col(TaskRow.closed_at).is_(None))))


def _key(day: date) -> str:
    # Not the key of releases before: a task that somebody only ticked then must not stand for a review.
    return f"{REVIEW}:due:{day.isoformat()}"


def _law_key(law: UUID) -> str:
    return f"{LAW_REVIEW}:{law}"


def _words(policy: Policy) -> str:
    law = ", and whenever data protection law changes" if policy.review_on_law_change else ""
    return (
        f"Review the service’s policy, and record the review. It is due every {policy.review_months} months{law} (S15)"
    )
