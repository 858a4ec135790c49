"""Enquiries without a name: logged, listed by day, counted by topic (N4, N5, S23).

Nothing ties an enquiry to a file: when a caller agrees to be known, a referral of their own is logged instead. The audit
tells that somebody logged an enquiry of a day, and not which one, so that its moment gives no call away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.cases.personal import looks_personal
from records.cases.tables import Enquiry
from records.cases.words import Channel, EnquiryOutcome, Passed, Topic
from records.errors import NotFound, RefusedByRule
from records.holds import register as holds
from records.policies.settings import Policy

MOST_SHOWN = 50


@dataclass(frozen=True)
class Asked:
    """One enquiry. `words`: a few words on what was asked, if any; `passed`: why they may stay although they look personal."""

    day: date
    topic: Topic
    channel: Channel
    outcome: EnquiryOutcome
    words: str = ""
    passed: Passed | None = None


def wrong_reply(topic: Topic, outcome: EnquiryOutcome) -> str | None:
    """What is wrong with the reply for what was asked: whether we know somebody has one answer, and nothing else has it (N11)."""
    if topic is Topic.WHO_WE_KNOW and outcome is not EnquiryOutcome.NEITHER:
        return "Whoever asks whether we know somebody is given the words above, and nothing else"
    if outcome is EnquiryOutcome.NEITHER and topic is not Topic.WHO_WE_KNOW:
        return "Those words are for whoever asks whether we know a child or a family. Choose that topic, or what else became of it"
    return None


def log(session: Session, asked: Asked, policy: Policy, *, actor: str, at: datetime) -> None:
    """Raises RefusedByRule where the service takes no anonymous contact (S23), words look personal and nobody passed them (N5), or
    the reply is not the one for the topic (N11)."""
    wrong = wrong_reply(asked.topic, asked.outcome)
    if wrong:
        raise RefusedByRule(f"{wrong}.", "N11")
    if not policy.anonymous_contact and asked.topic is not Topic.WHO_WE_KNOW:
        raise RefusedByRule("The service's policy does not take anonymous enquiries.", "S23")
    looks = bool(looks_personal(asked.words))
    if looks and asked.passed is None:
        raise RefusedByRule(
            "The words look as if they say who somebody is. Take that out, or say why it may stay.", "N5"
        )
    passed = asked.passed if looks else None
    session.add(
        Enquiry(
            day=asked.day,
            topic=asked.topic,
            channel=asked.channel,
            outcome=asked.outcome,
            words=asked.words,
            passed=passed,
        )
    )
    trail.append(
        session, actor=actor, act="enquiry_logged", subject_kind="enquiry", subject_id=asked.day.isoformat(), at=at,
        detail={"passed": passed},
    )  # fmt: skip


def remove(session: Session, enquiry_id: UUID, *, actor: str, at: datetime) -> None:
    """Takes out an enquiry that was logged by mistake or says too much. NotFound when it is not there; RefusedByRule while everything is kept."""
    row = session.get(Enquiry, enquiry_id)
    if row is None:
        raise NotFound("There is no such enquiry.")
    if holds.moratorium(session):
        raise RefusedByRule("Everything is on hold. Nothing is removed until that hold is lifted.", "R44")
    session.delete(row)
    trail.append(
        session, actor=actor, act="enquiry_removed", subject_kind="enquiry", subject_id=row.day.isoformat(), at=at
    )


def latest(session: Session, most: int = MOST_SHOWN) -> Sequence[Enquiry]:
    """Newest day first; within a day by topic, not in the order of the calls."""
    order = (col(Enquiry.day).desc(), col(Enquiry.topic), col(Enquiry.id))
    return session.exec(select(Enquiry).order_by(*order).limit(most)).all()


def by_topic(session: Session, first: date, last: date) -> Mapping[Topic, int]:
    """How many enquiries of each topic, from `first` to `last`, both included; topics without any are left out."""
    rows = session.exec(
        select(Enquiry.topic, func.count())
        .where(col(Enquiry.day) >= first, col(Enquiry.day) <= last)
        .group_by(col(Enquiry.topic))
    )
    return {Topic(topic): count for topic, count in rows}
