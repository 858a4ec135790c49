"""Contacts planned for a day ahead: the gate is asked when they are planned, for their day too, and again on the day (W30, N15).

Without leave the contact is planned all the same, and waits for the family: a task says to ask them first. It never becomes leave. When
their yes comes, the task becomes one for the day; when their yes ends, the other way about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from records import tasks
from records.audit import trail
from records.clock import LONDON, Clock, day_of
from records.consents import asking, bodies, gate
from records.consents.bodies import BodyShown
from records.consents.gate import Body, Decision, Purpose
from records.consents.items import WORDS
from records.consents.tables import Disclosure, PlannedContact
from records.db import Database
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people import merging, register
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.staff.access import Actor
from records.tasks.register import let_go_all
from records.vocabulary import Role

PLANNED, ASK_FIRST = "planned_contact", "ask_family_first"
MOST_DAYS_AHEAD = 730
PURPOSES = (Purpose.CONTACT, Purpose.SHARE, Purpose.OBTAIN)


class Ended(StrEnum):
    """How a plan ended."""

    MADE = "made"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Plan:
    """What an officer plans. `entry`: the press of the button; `words`: what is to be said, if anything is noted."""

    entry: UUID
    body: BodyShown
    purpose: Purpose
    on: date
    words: str = ""


@dataclass(frozen=True)
class Planned:
    """A plan that stands, opened. `now`, `then`: the gate's answers today and for its day; `ask`: the questions to put to the family.

    `may_be`: recorded contacts that may be what was planned.
    """

    row: PlannedContact
    body: BodyShown
    words: str
    now: Decision
    then: Decision
    ask: tuple[str, ...]
    may_be: Sequence[Disclosure] = ()

    @property
    def allowed(self) -> bool:
        """Whether there is leave now and will be on the day, as far as is known."""
        return self.now.allowed and self.then.allowed


def plan(session: Session, actor: Actor, file: ChildFile, wanted: Plan, *, policy: Policy, at: datetime) -> Planned:
    """Records a plan and what must be done for it. The same press twice adds nothing. RefusedByRule for a day that is not ahead."""
    today = at.astimezone(LONDON).date()
    before = session.get(PlannedContact, wanted.entry)
    if before is None:
        if not today < wanted.on <= today + timedelta(days=MOST_DAYS_AHEAD):
            raise RefusedByRule("A contact is planned for a day ahead, within two years.", "W30")
        before = PlannedContact(
            id=wanted.entry, file_id=file.id, body_id=wanted.body.id, purpose=wanted.purpose, planned_for=wanted.on,
            planned_by=str(actor.id), planned_at=at, policy_version=policy.version,
        )  # fmt: skip
        if wanted.words.strip():
            key = keyring.open_key(session, file.key_id)
            before.sealed = seal_json(key, {"words": wanted.words.strip()}, before.id.bytes)
        session.add(before)
        session.flush()
        found = _shown(session, actor, file, before, wanted.body, policy, at)
        trail.append(
            session, actor=str(actor.id), act="contact_planned", subject_kind="file", subject_id=str(file.id), at=at,
            detail={"plan": str(before.id), "leave": found.allowed},
        )  # fmt: skip
        _ask_or_remind(session, file, found, today, str(actor.id), at)
        return found
    return _shown(session, actor, file, before, wanted.body, policy, at)


def of_file(session: Session, actor: Actor, file: ChildFile, *, policy: Policy, at: datetime) -> list[Planned]:
    """The plans of a file that stand, the next first, each with the gate's answers now."""
    rows = _standing(session, merging.ids_of(session, file.id))
    named = {body.id: body for body in bodies.of_file(session, file)} if rows else {}
    return [_shown(session, actor, file, row, named[row.body_id], policy, at) for row in rows if row.body_id in named]


def one(session: Session, actor: Actor, file: ChildFile, plan_id: UUID, *, policy: Policy, at: datetime) -> Planned:
    """One plan of a file that stands. NotFound when there is none."""
    for each in of_file(session, actor, file, policy=policy, at=at):
        if each.row.id == plan_id:
            return each
    raise NotFound("There is nothing here.")


def drop(session: Session, file: ChildFile, plan_id: UUID, *, actor: str, at: datetime) -> None:
    """It is not needed any more. ChangedMeanwhile when somebody ended it first."""
    row = _row(session, file, plan_id)
    if row.ended_at is not None:
        raise ChangedMeanwhile("Somebody else has already ended this plan.")
    _end(session, file, row, Ended.DROPPED, actor, at)


def made(session: Session, file: ChildFile, plan_id: UUID, contact: UUID, *, actor: str, at: datetime) -> None:
    """The contact was made, and this is its record: a plan does not end as made without one (W30).

    RefusedByRule when that is no contact with the planned body since the plan was made; ChangedMeanwhile when somebody ended it first.
    """
    row = _row(session, file, plan_id)
    if row.ended_at is not None:
        if row.disclosure_id == contact:
            return
        raise ChangedMeanwhile("Somebody else has already ended this plan.")
    if contact not in {each.id for each in may_be(session, file, row)}:
        raise RefusedByRule("Choose the contact that was planned, or record it first.", "W30")
    row.disclosure_id = contact
    _end(session, file, row, Ended.MADE, actor, at)


def may_be(session: Session, file: ChildFile, row: PlannedContact) -> Sequence[Disclosure]:
    """The recorded contacts that may be what was planned: with the same body, since the day on which it was planned; the newest first."""
    since = datetime.combine(day_of(row.planned_at), time(), LONDON)
    found = select(Disclosure).where(
        col(Disclosure.file_id).in_(merging.ids_of(session, file.id)),
        Disclosure.body_id == row.body_id,
        col(Disclosure.at) >= since,
        col(Disclosure.safety_id).is_(None),
    )
    return session.exec(found.order_by(col(Disclosure.at).desc())).all()


def days_of(session: Session, file_id: UUID) -> dict[UUID, date]:
    """For which day each contact of a file had been planned, where it had."""
    found = select(col(PlannedContact.disclosure_id), col(PlannedContact.planned_for)).where(
        col(PlannedContact.file_id).in_(merging.ids_of(session, file_id)),
        col(PlannedContact.disclosure_id).is_not(None),
    )
    return {contact: day for contact, day in session.exec(found).all() if contact is not None}


def _row(session: Session, file: ChildFile, plan_id: UUID) -> PlannedContact:
    row = session.get(PlannedContact, plan_id)
    if row is None or row.file_id not in merging.ids_of(session, file.id):
        raise NotFound("There is nothing here.")
    return row


def _end(session: Session, file: ChildFile, row: PlannedContact, how: Ended, actor: str, at: datetime) -> None:
    row.ended, row.ended_by, row.ended_at = how, actor, at
    session.add(row)
    session.flush()
    let_go_all(session, [_key(kind, row.id) for kind in (PLANNED, ASK_FIRST)], by=actor, at=at)
    trail.append(
        session, actor=actor, act="planned_contact_ended", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"plan": str(row.id), "how": how},
    )  # fmt: skip


def look_again(db: Database, clock: Clock, policy: Policy) -> int:
    """Asks the gate again about each plan that stands, each day and on its own (W30); returns how many whose day has come have no leave.

    Idempotent: a plan whose task is the right one is left alone.
    """
    today, now, without = clock.today(), clock.now(), 0
    with db.reading() as session:
        plans = session.exec(
            select(PlannedContact.id, PlannedContact.file_id, col(PlannedContact.planned_for))
            .where(col(PlannedContact.ended_at).is_(None))
            .order_by(col(PlannedContact.planned_for), col(PlannedContact.id))
        ).all()
    for plan_id, file_id, day in plans:
        with db.reading() as session:
            found = _found(session, file_id, plan_id, policy, now)
            right = found is None or _is_asked(session, found, today)
        without += found is not None and day <= today and not _has_leave(found, today)
        if not right:
            with db.writing() as session:
                found = _found(session, file_id, plan_id, policy, now)
                if found is not None:
                    file = register.get(session, merging.root_id(session, file_id))
                    _ask_or_remind(session, file, found, today, trail.SYSTEM, now)
    return without


def _found(session: Session, file_id: UUID, plan_id: UUID, policy: Policy, at: datetime) -> Planned | None:
    file = register.get(session, merging.root_id(session, file_id))
    asks = Actor(file.officer_id, Role.OFFICER)
    return next((each for each in of_file(session, asks, file, policy=policy, at=at) if each.row.id == plan_id), None)


def _has_leave(found: Planned, today: date) -> bool:
    """On the day today's answer alone counts; before it, that of the day too."""
    return found.now.allowed if found.row.planned_for <= today else found.allowed


def _kind(found: Planned, today: date) -> str:
    return PLANNED if _has_leave(found, today) else ASK_FIRST


def _is_asked(session: Session, found: Planned, today: date) -> bool:
    """Whether the task of this plan is raised, open or done, and the other one is not."""
    wanted = {kind: _key(kind, found.row.id) for kind in (PLANNED, ASK_FIRST)}
    open_or_done = tasks.keys_used(session, list(wanted.values()))
    return open_or_done == {wanted[_kind(found, today)]}


def _ask_or_remind(session: Session, file: ChildFile, found: Planned, today: date, actor: str, at: datetime) -> None:
    """A task for the day where there is leave; where there is none, one to ask the family before it (N15), never an override.

    The other of the two, raised when the answer was another one, goes.
    """
    row, kind = found.row, _kind(found, today)
    if kind == PLANNED:
        words, due = "A contact is planned for this day. Look at “Who we talk to” of the file", row.planned_for
    else:
        due = max(today, row.planned_for - timedelta(days=1))
        words = "Ask the family first: a contact is planned, and we have no leave for it. The question can be printed on “Who we talk to”"
    let_go_all(session, [_key(ASK_FIRST if kind == PLANNED else PLANNED, row.id)], by=actor, at=at)
    tasks.raise_task(
        session, kind=kind, file_id=file.id, due=due, words=words, for_officer=None, raised_by=actor, at=at, key=_key(kind, row.id)
    )  # fmt: skip


def _shown(
    session: Session, actor: Actor, file: ChildFile, row: PlannedContact, body: BodyShown, policy: Policy, at: datetime
) -> Planned:
    facts, purpose, to = (
        asking.facts_of(session, file.id, policy),
        Purpose(row.purpose),
        Body(body.category, str(body.id)),
    )
    noon = datetime.combine(row.planned_for, time(12), LONDON)
    now = gate.may_we(actor, facts, to, (), purpose, at)
    then = gate.may_we(actor, facts, to, (), purpose, max(noon, at))
    words = ""
    if row.sealed is not None:
        key = keyring.open_key(session, register.get(session, row.file_id).key_id)
        words = str(unseal_json(key, row.sealed, row.id.bytes)["words"])
    ask = () if now.allowed and then.allowed else gate.questions_for(body.category, purpose)
    asked = tuple(item for item in ask if item in WORDS)
    return Planned(row, body, words, now, then, asked, may_be(session, file, row))


def _standing(session: Session, ids: Sequence[UUID]) -> Sequence[PlannedContact]:
    found = select(PlannedContact).where(col(PlannedContact.file_id).in_(ids), col(PlannedContact.ended_at).is_(None))
    return session.exec(found.order_by(col(PlannedContact.planned_for), col(PlannedContact.planned_at))).all()


def _key(kind: str, plan_id: UUID) -> str:
    return f"{kind}:{plan_id}"
