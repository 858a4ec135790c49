"""The register of reviews of the policy, and of changes of data protection law: appended, never edited (W56-W58, G9).

What is to be done by when is raised and ended by `records/tasks/policy_reviews.py`, in the same transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.audit.tables import AuditEntry
from records.clock import LONDON
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.policies.periods import add_months
from records.policies.reviewing import Capacity, Outcome, can_have_looked_at
from records.policies.settings import Policy
from records.policies.tables import LawChange, LawReviewed, PolicyReview

LONGEST_NAME, LONGEST_REFERENCE = 100, 150


@dataclass(frozen=True)
class Reviewed:
    """What a manager enters of a review. `key`: the press of the button; `laws`: the changes of the law that it looked at."""

    key: UUID
    on: date
    reviewer: str
    capacity: Capacity
    outcome: Outcome
    new_version: str = ""
    minute: str = ""
    laws: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Law:
    """A change of the law, and the review that looked at it, if one did."""

    row: LawChange
    review: PolicyReview | None


def reviews(session: Session, service: str) -> Sequence[PolicyReview]:
    """Every review of a service's policy, the newest first."""
    order = (col(PolicyReview.reviewed_on).desc(), col(PolicyReview.recorded_at).desc())
    return session.exec(select(PolicyReview).where(PolicyReview.service == service).order_by(*order)).all()


def laws(session: Session, service: str) -> list[Law]:
    """Every change of the law that was recorded; first what no review has looked at, the soonest due first."""
    rows = session.exec(
        select(LawChange, PolicyReview)
        .join(LawReviewed, col(LawReviewed.law_id) == col(LawChange.id), isouter=True)
        .join(PolicyReview, col(PolicyReview.id) == col(LawReviewed.review_id), isouter=True)
        .where(LawChange.service == service)
        .order_by(col(LawChange.review_by), col(LawChange.recorded_at))
    ).all()
    return sorted((Law(row, review) for row, review in rows), key=lambda each: each.review is not None)


def began(session: Session, versions: Collection[Policy]) -> date:
    """The day on which the policy took effect here: its first version's, or that of the first entry of this home's record if that is later.

    Neither a setting that was changed nor a newer shipped version moves it: neither is a review.
    """
    first = session.exec(select(AuditEntry.at).order_by(col(AuditEntry.sequence)).limit(1)).first()
    days = [min(each.effective_from for each in versions)]
    return max([*days, first.astimezone(LONDON).date()] if first is not None else days)


def record(
    session: Session, service: str, reviewed: Reviewed, *, policy_version: str, today: date, by: str, at: datetime
) -> bool:
    """Appends a review; False when the same press did already. The caller has asked whether this person may.

    RefusedByRule without a reviewer (W58), for a day to come, a new version that is not named, or a change of the law that such a review
    cannot have looked at. NotFound for no such change, ChangedMeanwhile for one that a review has looked at already.
    """
    if session.get(PolicyReview, reviewed.key) is not None:
        return False
    reviewer, version = " ".join(reviewed.reviewer.split()), " ".join(reviewed.new_version.split())
    if not reviewer:
        raise RefusedByRule("Enter who reviewed the policy", "W58")
    if reviewed.on > today:
        raise RefusedByRule("A review is recorded once it is done: its day must not be in the future", "W56")
    if bool(version) != (reviewed.outcome is Outcome.NEW_VERSION):
        raise RefusedByRule("Name the new version, if there is one, and none if nothing changes", "W56")
    looked_at = [_open(session, service, one, reviewed.on) for one in sorted(reviewed.laws)]
    row = PolicyReview(
        id=reviewed.key, service=service, reviewed_on=reviewed.on, reviewer=reviewer, capacity=reviewed.capacity, minute=reviewed.minute.strip(),
        outcome=reviewed.outcome, new_version=version, policy_version=policy_version, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(LawReviewed(law_id=law.id, review_id=row.id) for law in looked_at)
    session.flush()
    _note(session, "policy_reviewed", row.id, by, at, capacity=row.capacity, outcome=row.outcome, laws=len(looked_at))
    return True


def _open(session: Session, service: str, law_id: UUID, reviewed_on: date) -> LawChange:
    """The change of the law that a review of this day says it looked at."""
    law = session.get(LawChange, law_id)
    if law is None or law.service != service:
        raise NotFound("There is no such change of the law.")
    if session.get(LawReviewed, law_id) is not None:
        raise ChangedMeanwhile(
            "Another review has already looked at this change of the law. Nothing of yours was saved."
        )
    noted_on = law.recorded_at.astimezone(LONDON).date()
    if not can_have_looked_at(reviewed_on, changed_on=law.changed_on, noted_on=noted_on):
        raise RefusedByRule(
            "This review was before the law changed and before anybody here recorded it. Leave that change unticked",
            "W57",
        )
    return law


def law_changed(
    session: Session, policy: Policy, reference: str, *, key: UUID, changed_on: date, review_by: date, today: date, by: str,
    at: datetime,
) -> LawChange | None:  # fmt: skip
    """Appends that data protection law changed; None when the same press did already.

    RefusedByRule where the policy is not reviewed for it (S15), without a reference, or when the day for the review is past or later than the
    yearly review of today would be.
    """
    if session.get(LawChange, key) is not None:
        return None
    reference = " ".join(reference.split())
    if not policy.review_on_law_change:
        raise RefusedByRule("This policy is not reviewed when the law changes. A manager can set that (S15)", "S15")
    if not reference or len(reference) > LONGEST_REFERENCE:
        raise RefusedByRule(f"Say which law changed, in at most {LONGEST_REFERENCE} letters", "W57")
    if not today <= review_by <= latest_review(policy, today):
        raise RefusedByRule(f"The review must be from today on, and within {policy.review_months} months", "W57")
    row = LawChange(
        id=key, service=policy.service, reference=reference, changed_on=changed_on, review_by=review_by, recorded_by=by, recorded_at=at
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, "law_change_recorded", row.id, by, at)
    return row


def latest_review(policy: Policy, today: date) -> date:
    """The last day that may be set for the review of a change of the law that is recorded today. Pure. W57."""
    return add_months(today, policy.review_months)


def _note(session: Session, act: str, subject: UUID, by: str, at: datetime, **detail: str | int | bool | None) -> None:
    trail.append(session, actor=by, act=act, subject_kind="policy", subject_id=str(subject), at=at, detail=detail)
