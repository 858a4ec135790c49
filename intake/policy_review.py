"""Managers are asked to look through the policy when its time for review has come (S15, W56, W57). Idempotent."""

from sqlmodel import col, select

from intake.wiring import Paperchain
from records import tasks
from records.audit import trail
from records.audit.tables import AuditEntry
from records.clock import LONDON
from records.policies.periods import add_months
from records.policies.settings import Policy
from records.policies.tables import PolicyChange
from records.tasks.register import last_raised

REVIEW = "policy_review"


def ask(chain: Paperchain) -> bool:
    """Raises a task so many months after the policy took effect here, was changed, or was last to be looked through. Whether it did."""
    policy, today, now = chain.policy(), chain.clock.today(), chain.clock.now()
    with chain.db.writing() as session:
        days = [policy.effective_from, last_raised(session, REVIEW)]
        changed = select(PolicyChange.changed_at).where(PolicyChange.service == policy.service)
        for moments in (
            select(AuditEntry.at).order_by(col(AuditEntry.sequence)),
            changed.order_by(col(PolicyChange.sequence).desc()),
        ):
            found = session.exec(moments.limit(1)).first()
            days.append(found.astimezone(LONDON).date() if found is not None else None)
        if add_months(max(day for day in days if day is not None), policy.review_months) > today:
            return False
        tasks.raise_task(
            session, kind=REVIEW, file_id=None, due=today, for_officer=None, raised_by=trail.SYSTEM, at=now, words=_words(policy),
            key=f"{REVIEW}:{today}",
        )  # fmt: skip
    return True


def _words(policy: Policy) -> str:
    law = ", and whenever data protection law changes" if policy.review_on_law_change else ""
    return f"Look through the service’s policy on Settings. It is due every {policy.review_months} months{law} (S15)"
