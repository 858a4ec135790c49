"""The ways out of the service: leave to let something out, given only by the gate or by a share for safety (G1, G4, N1).

A function by which something about a family leaves (a letter, an e-mail's text, an export, a print for somebody outside) is
marked `@outward` and takes `leave`. It cannot run without one, and a leave cannot be made but here. Each leave is one line in
the file's list of what went out; that list tells who may need telling when a consent is withdrawn (R30).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.consents.asking import ask
from records.consents.gate import Asker, Body, Decision, OnFile, Outcome, Outsider, Purpose, Reader, Recipient
from records.consents.tables import Disclosure
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import RefusedByRule
from records.people import merging, register
from records.policies.settings import Policy
from records.staff.access import Actor

P = ParamSpec("P")
T = TypeVar("T")

_MADE_HERE = object()


class NoLeave(RefusedByRule):
    """The gate did not allow it, or was not asked. `outcome` tells refusal from a decision that a person must take."""

    def __init__(self, message: str, outcome: Outcome = Outcome.REFUSE) -> None:
        super().__init__(message, "G1")
        self.outcome = outcome


@dataclass(frozen=True)
class Leave:
    """Leave to let `things` of one file out, once asked and granted. Made by `let_out` and by sharing for safety only."""

    file_id: UUID
    disclosure_id: UUID
    things: frozenset[str]
    reason: str
    made_by: object = None


@dataclass(frozen=True)
class Noted:
    """What an officer notes of a contact: what was said, when it was written down, and the press of the button it came by."""

    told: str = ""
    recorded_at: datetime | None = None
    entry: UUID | None = None


NOTHING_NOTED = Noted()


def let_out(
    session: Session,
    actor: Actor,
    file_id: UUID,
    recipient: Recipient,
    things: Collection[str],
    purpose: Purpose,
    moment: datetime,
    *,
    policy: Policy,
    how: str,
    noted: Noted = NOTHING_NOTED,
) -> Leave:
    """Asks the gate and, when it allows, enters what goes out. `how`: letter, email, telephone, print, export, meeting.

    `moment`: when it happens, or happened: the gate answers for then. `noted`: what else is kept of it.
    NoLeave, with the reason in words, when it does not. The caller's transaction holds the entry and what it tells of.
    """
    decision = ask(session, actor, file_id, recipient, things, purpose, moment, policy=policy)
    if not decision.allowed:
        raise NoLeave(decision.reason, decision.outcome)
    row = _row(actor, file_id, recipient, things, purpose, moment, decision=decision, how=how)
    return enter(session, _noted(session, row, noted), decision.reason)


def note_without_leave(
    session: Session, actor: Actor, file_id: UUID, recipient: Recipient, things: Collection[str], purpose: Purpose, moment: datetime,
    *, decision: Decision, how: str, noted: Noted,
) -> UUID:  # fmt: skip
    """Enters what had happened already although the gate said no for that moment: a fact is not hidden (N14). It gives no leave.

    Returns the id of the line. ValueError for a decision that allows.
    """
    if decision.allowed:
        raise ValueError("the gate allowed it")
    row = _row(actor, file_id, recipient, things, purpose, moment, decision=decision, how=how)
    row.without_leave, row.relied_on = True, ""
    _add(session, _noted(session, row, noted), "went_without_leave")
    return row.id


def _row(
    actor: Actor, file_id: UUID, recipient: Recipient, things: Collection[str], purpose: Purpose, moment: datetime, *,
    decision: Decision, how: str,
) -> Disclosure:  # fmt: skip
    row = Disclosure(
        file_id=file_id, purpose=purpose, recipient=_kind(recipient), things=" ".join(sorted(things)), how=how,
        relied_on=" ".join(decision.events), actor=str(actor.id), at=moment, policy_version=decision.policy_version,
    )  # fmt: skip
    match recipient:
        case Body(category=category, id=id):
            row.category, row.body_id = category, UUID(id) if id else None
        case OnFile(person=person):
            row.person_id = UUID(person)
        case Reader(person=person):
            row.person_id = UUID(person) if person else None
        case Outsider() | Asker():
            pass
    return row


def _noted(session: Session, row: Disclosure, noted: Noted) -> Disclosure:
    row.id = noted.entry or row.id
    row.recorded_at = noted.recorded_at or row.at
    if noted.told.strip():
        key = keyring.open_key(session, register.get(session, row.file_id).key_id)
        row.sealed_told = seal_json(key, {"told": noted.told.strip()}, row.id.bytes)
    return row


def told(session: Session, row: Disclosure) -> str:
    """What was said, as noted with it; empty where nothing was."""
    if row.sealed_told is None:
        return ""
    key = keyring.open_key(session, register.get(session, row.file_id).key_id)
    return str(unseal_json(key, row.sealed_told, row.id.bytes)["told"])


def enter(session: Session, row: Disclosure, reason: str) -> Leave:
    """Adds a line to what went out, with its audit entry. For this module and `safety` alone."""
    _add(session, row, "let_out")
    return Leave(row.file_id, row.id, frozenset(row.things.split()), reason, _MADE_HERE)


def _add(session: Session, row: Disclosure, act: str) -> None:
    session.add(row)
    trail.append(
        session, actor=row.actor, act=act, subject_kind="file", subject_id=str(row.file_id), at=row.recorded_at or row.at,
        detail={"disclosure": str(row.id), "purpose": row.purpose, "how": row.how, "safety": row.safety_id is not None},
    )  # fmt: skip


def _kind(recipient: Recipient) -> str:
    return {Body: "body", OnFile: "person", Reader: "reader", Outsider: "outsider", Asker: "asker"}[type(recipient)]


OUTWARD: list[str] = []
"""Every marked function, by module and name; a test walks it."""


def outward(function: Callable[P, T]) -> Callable[P, T]:
    """Marks a function by which something leaves. It must take `leave: Leave` by name; without a true one it does not run."""
    OUTWARD.append(f"{function.__module__}.{function.__qualname__}")

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        leave: Any = kwargs.get("leave")
        if not isinstance(leave, Leave) or leave.made_by is not _MADE_HERE:
            raise NoLeave("Nothing was sent: the gate was not asked.")
        return function(*args, **kwargs)

    return guarded


def went_out(session: Session, file_id: UUID) -> Sequence[Disclosure]:
    """All that went out of one file and of those joined to it, the newest first."""
    ids = merging.ids_of(session, file_id)
    return session.exec(
        select(Disclosure).where(col(Disclosure.file_id).in_(ids)).order_by(col(Disclosure.at).desc())
    ).all()
