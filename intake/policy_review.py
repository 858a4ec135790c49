"""Managers are asked to review the policy before its day has come (S15, W56). Idempotent: what is right already is left alone."""

from intake.wiring import Paperchain
from records.audit import trail
from records.tasks import policy_reviews


def ask(chain: Paperchain) -> bool:
    """Raises the task of the next review some weeks before its day; whether it did. A recorded review alone puts the day off."""
    versions, policy, today = chain.book.versions, chain.policy(), chain.clock.today()
    with chain.db.reading() as session:
        if policy_reviews.is_settled(session, versions, policy, today):
            return False
    with chain.db.writing() as session:
        return policy_reviews.settle(session, versions, policy, today=today, by=trail.SYSTEM, at=chain.clock.now())
