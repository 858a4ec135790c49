"""A file was opened on the word that the family’s yes to keeping comes on a signed form: asked for before its day, decided on it (N8, W27).

Until the form is confirmed the file has no answer about keeping at all, so nothing of the consents lapses by itself.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, exists, or_, select

from records import tasks
from records.audit import trail
from records.cases.tables import Referral, ReferralPermission
from records.cases.words import Route
from records.clock import LONDON, Clock
from records.consents.following import ERASURE
from records.consents.items import STORE
from records.consents.tables import ConsentEvent
from records.db import Database
from records.people import merging
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.tasks.register import let_go
from records.tasks.tables import TaskRow

SIGNED_FORM, UNSIGNED, DAYS_BEFORE = "signed_form", f"{ERASURE}:unsigned", 7
"""How long before its day the form is asked for; no source sets it."""
WORDS = (
    "No signed form came with the family’s yes to keeping this file. Get the form now, or record a request to erase it."
)
SPOKEN = (Route.TELEPHONE, Route.IN_PERSON)


def remind(db: Database, clock: Clock, policy: Policy) -> int:
    """Raises a task for each file whose signed form is still to come, before the day and on it; returns how many such files. Idempotent."""
    today, found = clock.today(), 0
    with db.writing() as session:
        _tidy(session, clock.now())
        for row, day in _awaited(session, policy):
            if row.file_id is None or today < day - timedelta(days=DAYS_BEFORE):
                continue
            if _answered(session, merging.ids_of(session, row.file_id)):  # on a file that was joined to it
                continue
            found += 1
            asked, decide = f"{SIGNED_FORM}:{row.id}", f"{UNSIGNED}:{row.id}"
            if today < day:
                words = f"The family’s yes to keeping this file was to come on a signed form. Get it by {in_words(day)}"
                _raise(session, row, SIGNED_FORM, day, words, asked, clock.now())
            else:
                let_go(session, by=trail.SYSTEM, at=clock.now(), key=asked)
                _raise(session, row, ERASURE, day, WORDS, decide, clock.now())
    return found


def _tidy(session: Session, at: datetime) -> None:
    """Tasks of files whose answer has come go."""
    mine = or_(TaskRow.kind == SIGNED_FORM, col(TaskRow.key).startswith(f"{UNSIGNED}:"))
    for task in session.exec(select(TaskRow).where(mine, col(TaskRow.closed_at).is_(None))).all():
        if task.file_id is not None and _answered(session, merging.ids_of(session, task.file_id)):
            let_go(session, by=trail.SYSTEM, at=at, key=task.key)


def warnings(session: Session, file: ChildFile, policy: Policy, today: date) -> Sequence[str]:
    """A sentence above every tab of a file whose signed form did not come by its day."""
    ids = merging.ids_of(session, file.id)
    late = any(day <= today for _, day in _awaited(session, policy, ids))
    return [WORDS] if late and not _answered(session, ids) else []


def _awaited(session: Session, policy: Policy, ids: Sequence[object] | None = None) -> list[tuple[Referral, date]]:
    """Referrals on a file whose permission said that the yes to keeping comes on a form, with the day by which it is to come."""
    routes = [Route.FORM, *(() if policy.periods.spoken_consent_days else SPOKEN)]
    query = (
        select(Referral, ReferralPermission.recorded_at)
        .join(ReferralPermission, col(ReferralPermission.referral_id) == col(Referral.id))
        .where(col(ReferralPermission.storing_agreed).is_(True), col(ReferralPermission.route).in_(routes))
        .where(col(Referral.file_id).is_not(None) if ids is None else col(Referral.file_id).in_(ids))
    )
    if ids is None:
        said = exists().where(col(ConsentEvent.file_id) == col(Referral.file_id), col(ConsentEvent.item_code) == STORE)
        query = query.where(~said)
    wait = timedelta(days=policy.periods.unanswered_storage_days)
    return [(row, at.astimezone(LONDON).date() + wait) for row, at in session.exec(query).all()]


def _answered(session: Session, ids: Sequence[object]) -> bool:
    """Whether anybody has said yes or no to keeping since: then the consents decide."""
    return bool(
        session.exec(
            select(exists().where(col(ConsentEvent.file_id).in_(ids), col(ConsentEvent.item_code) == STORE))
        ).one()
    )


def _raise(session: Session, row: Referral, kind: str, due: date, words: str, key: str, at: datetime) -> None:
    tasks.raise_task(
        session, kind=kind, file_id=row.file_id, due=due, words=words, for_officer=None, raised_by=trail.SYSTEM, at=at, key=key
    )  # fmt: skip
