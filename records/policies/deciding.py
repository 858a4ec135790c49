"""What a service does where its policy and the law pull apart: decided by a manager, with a reason, and kept for good (rules §12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.policies.tables import TensionDecision
from records.policies.tensions import tensions_of

LONGEST = 2000


@dataclass(frozen=True)
class Decided:
    """One decision: by whom, when, why, and under which version of the policy."""

    point: str
    words: str
    reason: str
    by: str
    at: datetime
    policy_version: str


def decisions(session: Session, service: str) -> Sequence[Decided]:
    """Every decision of a service, the newest first."""
    rows = session.exec(
        select(TensionDecision).where(TensionDecision.service == service).order_by(col(TensionDecision.sequence).desc())
    )
    return [Decided(r.point, r.decided, r.reason, r.decided_by, r.decided_at, r.policy_version) for r in rows]


def last(session: Session, service: str) -> int:
    """The sequence of the newest decision; 0 when there is none."""
    found = select(func.max(TensionDecision.sequence)).where(TensionDecision.service == service)
    return session.exec(found).one() or 0


def record(
    session: Session, service: str, point: str, words: str, reason: str, *, seen: int, policy_version: str, actor: str,
    at: datetime,
) -> None:  # fmt: skip
    """Appends a decision. The caller has asked whether this person may.

    `seen`: the newest that they saw. NotFound for a point that this policy does not raise, RefusedByRule without words or reason,
    ChangedMeanwhile when somebody was quicker.
    """
    if point not in {each.code for each in tensions_of(service)}:
        raise NotFound("There is nothing here.")
    if not words.strip() or not reason.strip() or max(len(words), len(reason)) > LONGEST:
        raise RefusedByRule("Say what is decided, and why.", "§12")
    newest = last(session, service)
    if newest != seen:
        raise ChangedMeanwhile("Somebody else recorded a decision first. Nothing of yours was saved; look at it again.")
    row = TensionDecision(
        service=service, sequence=newest + 1, point=point, decided=words.strip(), reason=reason.strip(),
        policy_version=policy_version, decided_by=actor, decided_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    trail.append(
        session, actor=actor, act="tension_decided", subject_kind="policy", subject_id=point, at=at,
        detail={"sequence": row.sequence},
    )  # fmt: skip
