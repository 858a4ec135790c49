"""The log of questions about the policy: who asked in general words, what, by when it is answered, and the answer (W62). Appended.

No name belongs in it; whoever types is warned by the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.policies.reviewing import answer_by
from records.policies.settings import Policy
from records.policies.tables import PolicyAnswer, PolicyQuestion

LONGEST_BY, LONGEST_WORDS = 100, 1000


@dataclass(frozen=True)
class Question:
    """A question, and its answer if there is one."""

    row: PolicyQuestion
    answer: PolicyAnswer | None


def ask(
    session: Session, policy: Policy, *, key: UUID, asked_on: date, asked_by: str, words: str, today: date, by: str, at: datetime
) -> None:  # fmt: skip
    """Logs a question. The same press twice logs it once. RefusedByRule without words or asker, or for a day to come.

    Its limit is the target for requests of the day on which it is logged, counted from the day on which it was asked.
    """
    if session.get(PolicyQuestion, key) is not None:
        return
    if not asked_by.strip() or not words.strip() or asked_on > today:
        raise RefusedByRule("Say who asked, what they asked, and on which day", "W62")
    row = PolicyQuestion(
        id=key, service=policy.service, asked_on=asked_on, asked_by=asked_by.strip(), words=words.strip(),
        answer_by=answer_by(asked_on, policy.periods.request_target_days), recorded_by=by, recorded_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, "policy_question_logged", row.id, by, at)


def answer(
    session: Session, service: str, question: UUID, *, answered_on: date, words: str, today: date, by: str, at: datetime
) -> None:
    """Enters the answer, once. NotFound for no such question, ChangedMeanwhile when it is answered, RefusedByRule without words or for a wrong day."""
    found = one(session, service, question)
    if found.answer is not None:
        raise ChangedMeanwhile("Somebody else has already entered an answer. Nothing of yours was saved.")
    if not words.strip() or not found.row.asked_on <= answered_on <= today:
        raise RefusedByRule("Say what was answered, and on which day since the question came", "W62")
    session.add(
        PolicyAnswer(question_id=question, answered_on=answered_on, words=words.strip(), recorded_by=by, recorded_at=at)
    )
    session.flush()
    _note(session, "policy_question_answered", question, by, at)


def one(session: Session, service: str, question: UUID) -> Question:
    """One question. NotFound when there is none."""
    row = session.get(PolicyQuestion, question)
    if row is None or row.service != service:
        raise NotFound("There is nothing here.")
    return Question(row, session.get(PolicyAnswer, question))


def listed(session: Session, service: str) -> Sequence[Question]:
    """Every question: first those without an answer, the soonest due first; then the others, the newest first."""
    rows = session.exec(
        select(PolicyQuestion, PolicyAnswer)
        .join(PolicyAnswer, col(PolicyAnswer.question_id) == col(PolicyQuestion.id), isouter=True)
        .where(PolicyQuestion.service == service)
        .order_by(col(PolicyQuestion.answer_by), col(PolicyQuestion.recorded_at))
    ).all()
    found = [Question(row, given) for row, given in rows]
    return [each for each in found if each.answer is None] + [each for each in found if each.answer is not None][::-1]


def counts(session: Session, service: str, today: date) -> tuple[int, int]:
    """How many questions wait for an answer within their limit, and how many past it."""
    waiting = (
        select(func.count())
        .select_from(PolicyQuestion)
        .join(PolicyAnswer, col(PolicyAnswer.question_id) == col(PolicyQuestion.id), isouter=True)
        .where(PolicyQuestion.service == service, col(PolicyAnswer.question_id).is_(None))
    )
    late = session.exec(waiting.where(PolicyQuestion.answer_by < today)).one()
    return session.exec(waiting).one() - late, late


def _note(session: Session, act: str, subject: UUID, by: str, at: datetime) -> None:
    trail.append(session, actor=by, act=act, subject_kind="policy", subject_id=str(subject), at=at)
