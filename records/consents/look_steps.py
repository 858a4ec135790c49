"""What comes of a request to look at another agency's records (N13): the agency is asked, and asked again; it answers or refuses; the
family takes it back; or we give it up. Each with its day, who recorded it and, where one is needed, the reason.

Nothing is asked of an agency but by leave of the gate, each time anew (N12). What has ended is not taken up again: the family asks anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from records import tasks
from records.audit import trail
from records.clock import day_of
from records.consents.gate import Body, Purpose
from records.consents.items import Category
from records.consents.look_rules import ENDS, NEEDS_WORDS, Step
from records.consents.outward import Noted, let_out
from records.consents.standing import Route
from records.consents.tables import Disclosure, LookRequest, LookStep, NamedBody
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people import merging, register
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.staff.access import Actor
from records.tasks.register import let_go_all

LOOK_DUE, LOOK_TAKEN_BACK = "look_due", "look_taken_back"
DAYS = 28
"""After which an agency that was asked is asked again, as somebody who was asked to say what they mean (R8); no source sets it for agencies."""
DAYS_TO_TELL = 7
ACTS = {
    Step.ASKED: "look_asked_recorded", Step.ANSWERED: "look_answered_recorded", Step.REFUSED: "look_refused_recorded",
    Step.WITHDRAWN: "look_withdrawn_recorded", Step.CLOSED: "look_closed_recorded",
}  # fmt: skip


@dataclass(frozen=True)
class StepShown:
    """One step, opened."""

    row: LookStep
    words: str


@dataclass(frozen=True)
class Asking:
    """An officer asks the agency now. `entry`: the press of the button; `told`: what is said."""

    entry: UUID
    how: str
    told: str = ""


@dataclass(frozen=True)
class Ending:
    """How a request ends. `by`, `route`: who of the family took it back, and how they told us."""

    entry: UUID
    kind: Step
    on: date
    words: str = ""
    by: UUID | None = None
    route: Route | None = None


def one(session: Session, file: ChildFile, look_id: UUID) -> LookRequest:
    """A request of a file or of those joined to it. NotFound when there is none."""
    row = session.get(LookRequest, look_id)
    if row is None or row.file_id not in merging.ids_of(session, file.id):
        raise NotFound("There is nothing here.")
    return row


def of_look(session: Session, look: LookRequest) -> Sequence[StepShown]:
    """What came of a request, in the order recorded; its end is last."""
    rows = session.exec(
        select(LookStep)
        .where(LookStep.look_id == look.id)
        .order_by(col(LookStep.recorded_at), col(LookStep.kind).in_(ENDS), col(LookStep.id))
    ).all()
    key = keyring.open_key(session, register.get(session, look.file_id).key_id) if rows else b""
    return [
        StepShown(row, str(unseal_json(key, row.sealed, row.id.bytes)["words"]) if row.sealed is not None else "")
        for row in rows
    ]


def ask_agency(
    session: Session, actor: Actor, file: ChildFile, look_id: UUID, asking: Asking, *, policy: Policy, at: datetime
) -> None:  # fmt: skip
    """The agency is asked, now: the gate first. The same press twice adds nothing.

    NoLeave, in words, when the gate says no; ChangedMeanwhile when the request has ended.
    """
    if session.get(LookStep, asking.entry) is not None:
        return
    look = _open(session, file, look_id)
    body = session.get_one(NamedBody, look.body_id)
    leave = let_out(
        session, actor, file.id, Body(Category(body.category), str(body.id)), (), Purpose.OBTAIN, at, policy=policy, how=asking.how,
        noted=Noted(asking.told, at, asking.entry),
    )  # fmt: skip
    look.agency_asked_on = day_of(at)
    _enter(
        session, look, LookStep(id=asking.entry, look_id=look.id, kind=Step.ASKED, happened_on=day_of(at), disclosure_id=leave.disclosure_id,
        policy_version=policy.version, recorded_by=str(actor.id), recorded_at=at),
    )  # fmt: skip
    let_go_all(session, [_key(LOOK_DUE, look)], by=str(actor.id), at=at)
    remind(session, look, actor=str(actor.id), at=at)


def end(
    session: Session, file: ChildFile, look_id: UUID, ending: Ending, *, policy: Policy, actor: str, at: datetime
) -> None:  # fmt: skip
    """A request ends. The same press twice adds nothing.

    RefusedByRule without a reason where one is needed, or for a day before they asked or to come; ChangedMeanwhile when it has ended.
    """
    if session.get(LookStep, ending.entry) is not None:
        return
    look = _open(session, file, look_id)
    if ending.kind not in ENDS:
        raise ValueError("this ends nothing")
    if ending.kind in NEEDS_WORDS and not ending.words.strip():
        raise RefusedByRule("Write what they said, or why it is closed.", "N13")
    if not look.asked_on <= ending.on <= day_of(at):
        raise RefusedByRule(
            f"It cannot have ended before they asked us, on {in_words(look.asked_on)}, or in the future.", "N13"
        )
    if ending.kind is Step.WITHDRAWN and (ending.by is None or ending.route is None):
        raise RefusedByRule("Say who took it back, and how they told us.", "N13")
    if ending.by is not None and ending.by not in {each.id for each in register.people(session, file)}:
        raise NotFound("There is nobody like that on this file.")
    row = LookStep(
        id=ending.entry, look_id=look.id, kind=ending.kind, happened_on=ending.on, by_id=ending.by, route=ending.route,
        policy_version=policy.version, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    if ending.words.strip():
        key = keyring.open_key(session, register.get(session, look.file_id).key_id)
        row.sealed = seal_json(key, {"words": ending.words.strip()}, row.id.bytes)
    _ended(session, look, row)


def body_ended(
    session: Session, file: ChildFile, body_id: UUID, *, on: date, policy: Policy, actor: str, at: datetime
) -> None:  # fmt: skip
    """The family does not want this body any more (F13): with it, they take back what they asked us to look at there."""
    rows = session.exec(
        select(LookRequest).where(
            LookRequest.body_id == body_id,
            col(LookRequest.file_id).in_(merging.ids_of(session, file.id)),
            col(LookRequest.ended).is_(None),
        )
    ).all()
    for look in rows:
        step = LookStep(
            look_id=look.id, kind=Step.WITHDRAWN, happened_on=max(on, look.asked_on), policy_version=policy.version, recorded_by=actor,
            recorded_at=at,
        )  # fmt: skip
        _ended(session, look, step)


def remind(session: Session, look: LookRequest, *, actor: str, at: datetime) -> None:
    """A task for the day by which an answer is looked for."""
    words = "The family asked us to look at an agency’s records, and no end is recorded. Ask the agency again, or end it, under “Who we talk to”."
    tasks.raise_task(
        session, kind=LOOK_DUE, file_id=look.file_id, due=day_of(at) + timedelta(days=DAYS), words=words, for_officer=None, raised_by=actor,
        at=at, key=_key(LOOK_DUE, look),
    )  # fmt: skip


def _open(session: Session, file: ChildFile, look_id: UUID) -> LookRequest:
    look = one(session, file, look_id)
    if look.ended is not None:
        raise ChangedMeanwhile(
            "This has ended already. Open it again to see how. If the family asks anew, record that."
        )
    return look


def _ended(session: Session, look: LookRequest, step: LookStep) -> None:
    look.ended, look.ended_on, look.ended_at = step.kind, step.happened_on, step.recorded_at
    _enter(session, look, step)
    let_go_all(session, [_key(LOOK_DUE, look)], by=step.recorded_by, at=step.recorded_at)
    if step.kind == Step.WITHDRAWN and _was_asked(session, look):
        words = "The family took back that we look at an agency’s records, and the agency was asked already. Tell it that we want them no more."
        tasks.raise_task(
            session, kind=LOOK_TAKEN_BACK, file_id=look.file_id, due=day_of(step.recorded_at) + timedelta(days=DAYS_TO_TELL), words=words,
            for_officer=None, raised_by=step.recorded_by, at=step.recorded_at, key=_key(LOOK_TAKEN_BACK, look),
        )  # fmt: skip


def _was_asked(session: Session, look: LookRequest) -> bool:
    """Whether anything was asked of this agency since the family asked us, here or as a contact by itself."""
    found = select(Disclosure.at).where(Disclosure.body_id == look.body_id, Disclosure.purpose == Purpose.OBTAIN)
    return any(day_of(each) >= look.asked_on for each in session.exec(found).all())


def _enter(session: Session, look: LookRequest, step: LookStep) -> None:
    session.add(look)
    session.add(step)
    session.flush()
    trail.append(
        session, actor=step.recorded_by, act=ACTS[Step(step.kind)], subject_kind="file", subject_id=str(look.file_id),
        at=step.recorded_at, detail={"look": str(look.id)},
    )  # fmt: skip


def _key(kind: str, look: LookRequest) -> str:
    return f"{kind}:{look.id}"
