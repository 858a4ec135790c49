"""Sharing for safety without consent (G4, N2, W9–W11, W23, R72): one act with its facts, never a standing permission.

It reads no consent and changes none. A manager is alerted; who may read it afterwards is `may_read`.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from records import tasks
from records.audit import trail
from records.clock import LONDON
from records.consents.outward import Leave, enter
from records.consents.safety_facts import FamilyTold, SafetyFacts, wrong
from records.consents.tables import Disclosure, SafetyShare
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people import merging
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.staff.access import Actor
from records.vocabulary import Role


def share(
    session: Session,
    facts: SafetyFacts,
    *,
    file: ChildFile | None,
    things: Collection[str] = (),
    sent_key: UUID,
    shared_at: datetime,
    actor: Actor,
    at: datetime,
    policy: Policy,
    typed_number: str = "",
) -> tuple[SafetyShare, Leave | None]:
    """Records the share; the leave lets `things` out once, to the recipient named. RefusedByRule when a fact is missing.

    A second press with the same `sent_key` adds nothing and gives no second leave. `file` None: somebody with no file here.
    """
    before = session.exec(select(SafetyShare).where(SafetyShare.sent_key == sent_key)).first()
    if before is not None:
        return before, None
    mistakes = wrong(facts, policy.override_grounds)
    if mistakes or not actor.active:
        raise RefusedByRule(next(iter(mistakes.values()), "The account is disabled."), "G4")
    key_id, key = _key(session, file, at)
    row = SafetyShare(
        file_id=file.id if file else None, key_id=key_id, sent_key=sent_key, ground=facts.ground or "",
        lawful_route=facts.lawful_route or "", source=facts.source or "", consent_sought=facts.consent_sought or "",
        family_told=facts.family_told or "", sealed=b"", shared_at=shared_at, recorded_by=str(actor.id), recorded_at=at,
        policy_version=policy.version,
    )  # fmt: skip
    told: dict[str, Any] = {name: value for name, value in asdict(facts).items() if name in _SEALED}
    row.sealed = seal_json(key, told | {"things": sorted(things), "typed_number": typed_number}, row.id.bytes)
    session.add(row)
    session.flush()
    trail.append(
        session, actor=str(actor.id), act="shared_for_safety", subject_kind="file" if file else "safety",
        subject_id=str(file.id if file else row.id), at=at, detail={"safety": str(row.id), "ground": row.ground},
    )  # fmt: skip
    if facts.family_told is FamilyTold.LATER:
        _tell_later(session, row, str(actor.id), at)
    if file is None:
        return row, None
    out = Disclosure(
        file_id=file.id, purpose="safety", recipient="safety", things=" ".join(sorted(things)), how="safety",
        safety_id=row.id, actor=str(actor.id), at=shared_at, recorded_at=at, policy_version=policy.version,
    )  # fmt: skip
    return row, enter(session, out, "Shared for safety.")


TELL_LATER, TELL_DAYS = "tell_of_safety", 7
"""When somebody looks whether the family can be told by now; no source sets it."""


def _tell_later(session: Session, row: SafetyShare, actor: str, at: datetime) -> None:
    """What was to be told later is not forgotten (G4): a task for the file's officer, or for managers where there is no file."""
    tasks.raise_task(
        session, kind=TELL_LATER, file_id=row.file_id, due=at.astimezone(LONDON).date() + timedelta(days=TELL_DAYS), for_officer=None,
        words="Something was shared for safety, and the family was to be told later. Look whether it is safe to tell them now.",
        raised_by=actor, at=at, key=f"{TELL_LATER}:{row.id}",
    )  # fmt: skip


_SEALED = ("at_risk", "facts", "threat", "recipient", "what", "why_not_asked", "decided_by")


def _key(session: Session, file: ChildFile | None, at: datetime) -> tuple[UUID, bytes]:
    return (file.key_id, keyring.open_key(session, file.key_id)) if file else keyring.make(session, at)


def told(session: Session, row: SafetyShare) -> dict[str, str]:
    """The sealed words of a share, for somebody who may read it."""
    found = unseal_json(keyring.open_key(session, row.key_id), row.sealed, row.id.bytes)
    return {name: str(found[name]) for name in (*_SEALED, "typed_number")}


def things(session: Session, row: SafetyShare) -> list[str]:
    """Ids of the documents that were shared; empty where it was words alone."""
    found = unseal_json(keyring.open_key(session, row.key_id), row.sealed, row.id.bytes)
    return [str(each) for each in found["things"]]


def may_read(actor: Actor, recorded_by: str, officer_id: UUID | None) -> bool:
    """The restricted group: managers, whoever recorded it, and the file's own officer (G4)."""
    if not actor.active:
        return False
    return actor.role is Role.MANAGER or recorded_by == str(actor.id) or officer_id == actor.id


def get(session: Session, share_id: UUID) -> SafetyShare:
    row = session.get(SafetyShare, share_id)
    if row is None:
        raise NotFound("There is nothing here.")
    return row


def of_file(session: Session, file_id: UUID) -> Sequence[SafetyShare]:
    """All shares for safety of one file and of those joined to it, the newest first."""
    ids = merging.ids_of(session, file_id)
    return session.exec(
        select(SafetyShare).where(col(SafetyShare.file_id).in_(ids)).order_by(col(SafetyShare.recorded_at).desc())
    ).all()


def unseen(session: Session) -> Sequence[SafetyShare]:
    """Shares that no manager has looked at, the oldest first."""
    return session.exec(
        select(SafetyShare).where(col(SafetyShare.seen_at).is_(None)).order_by(col(SafetyShare.recorded_at))
    ).all()


def count_unseen(session: Session) -> int:
    """How many shares wait for a manager's look."""
    return session.exec(select(func.count()).select_from(SafetyShare).where(col(SafetyShare.seen_at).is_(None))).one()


def seen(session: Session, row: SafetyShare, *, actor: str, at: datetime) -> None:
    """A manager looked. ChangedMeanwhile when another manager did first."""
    if row.seen_at is not None:
        raise ChangedMeanwhile("Another manager has marked this as seen already.")
    row.seen_at, row.seen_by = at, actor
    session.flush()
    trail.append(session, actor=actor, act="safety_seen", subject_kind="safety", subject_id=str(row.id), at=at)
